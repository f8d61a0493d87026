-- SPDX-License-Identifier: BSD-2-Clause
-- Files of other programs.

-- name: import_preview
SELECT import_preview(n.id, $2::macaddr[], $3::inet[], $4::inet[], $5::integer[], $6::text[]) FROM network n WHERE n.id = $1::uuid;

-- $3 name, $4 format, $5 as of when (microseconds), $6 its counts (JSON).
-- name: import_start
INSERT INTO import AS i (network_id, id, name, format, said_at, hosts, names, services, traits, skipped, facts, made_by)
SELECT n.id, $2::uuid, $3, $4, moment($5::bigint), r.hosts, r.names, r.services, r.traits, r.skipped, r.facts, nullif(current_setting('netvisor.user', true), '')::uuid
FROM network n, jsonb_populate_record(NULL::import, $6::jsonb) r WHERE n.id = $1::uuid
RETURNING import_json(i);

-- name: import_move
UPDATE import SET facts_done = $3::bigint, state = $4, error = $5, moved_at = now() WHERE network_id = $1::uuid AND id = $2::uuid AND state = 'running';

-- name: import_undo
SELECT import_undo($1::uuid);

-- name: list_import
-- orders: created_at i.created_at | name lower(i.name)
-- filter: ($1::jsonb->>'network_id' IS NULL OR i.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR i.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'state' IS NULL OR i.state = $1::jsonb->>'state')
-- filter: ($1::jsonb->>'search' IS NULL OR i.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(import_json(i) ORDER BY place) FROM (SELECT q.import AS i, row_number() OVER () AS place FROM (
		SELECT i AS import FROM import i WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) q) r), '[]'),
	(SELECT count(*) FROM import i WHERE :filter);

-- name: get_import
SELECT import_json(i), 0 FROM import i WHERE i.id = $1::uuid;
