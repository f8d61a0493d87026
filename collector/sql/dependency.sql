-- SPDX-License-Identifier: BSD-2-Clause
-- Who depends on whom, and the groups that flows propose.

-- name: list_dependency
-- orders: last_seen d.last_seen | first_seen d.first_seen | bytes d.bytes + d.bytes_back | connections d.connections | port d.port
-- filter: ($1::jsonb->>'network_id' IS NULL OR d.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR d.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'host_id' IS NULL OR d.client_host_id = ($1::jsonb->>'host_id')::uuid OR d.server_host_id = ($1::jsonb->>'host_id')::uuid)
-- filter: ($1::jsonb->>'client_host_id' IS NULL OR d.client_host_id = ($1::jsonb->>'client_host_id')::uuid)
-- filter: ($1::jsonb->>'server_host_id' IS NULL OR d.server_host_id = ($1::jsonb->>'server_host_id')::uuid)
-- filter: ($1::jsonb->>'service_id' IS NULL OR d.service_id = ($1::jsonb->>'service_id')::uuid)
-- filter: ($1::jsonb->>'port' IS NULL OR d.port = ($1::jsonb->>'port')::integer)
-- filter: ($1::jsonb->>'proto' IS NULL OR d.proto = $1::jsonb->>'proto')
-- filter: ($1::jsonb->>'truth' IS NULL OR d.truth = $1::jsonb->>'truth')
-- filter: ($1::jsonb->>'search' IS NULL OR host(d.client) LIKE ($1::jsonb->>'search') || '%' OR host(d.server) LIKE ($1::jsonb->>'search') || '%' OR d.port::text = $1::jsonb->>'search')
WITH found AS MATERIALIZED (SELECT d.*, :key AS key FROM dependency d WHERE :filter)
SELECT coalesce((SELECT jsonb_agg(dependency_json(ROW(p.network_id, p.id, p.client_host_id, p.client, p.server_host_id, p.server, p.port, p.proto, p.service_id, p.truth,
		p.connections, p.packets, p.bytes, p.packets_back, p.bytes_back, p.first_seen, p.last_seen)::dependency) ORDER BY place) FROM (
	SELECT *, row_number() OVER () AS place FROM (SELECT * FROM found ORDER BY key :way, id :way LIMIT $2::bigint OFFSET $3::bigint) k) p), '[]'),
	(SELECT count(*) FROM found);

-- $2: how many at most of each.
-- name: host_dependencies
SELECT jsonb_build_object('uses', host_dependencies(h.network_id, h.id, false, $2::integer), 'used_by', host_dependencies(h.network_id, h.id, true, $2::integer),
	'relations', host_relations(h.network_id, h.id))
FROM host h WHERE h.id = $1::uuid;

-- name: list_group_proposal
-- orders: last_seen g.last_seen | connections g.connections | name lower(g.name)
-- filter: ($1::jsonb->>'network_id' IS NULL OR g.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR g.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'state' IS NULL OR g.state = $1::jsonb->>'state')
-- filter: ($1::jsonb->>'search' IS NULL OR g.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(group_proposal_json(p) ORDER BY place) FROM (SELECT q.group_proposal AS p, row_number() OVER () AS place FROM (
		SELECT g AS group_proposal FROM group_proposal g WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) q) r), '[]'),
	(SELECT count(*) FROM group_proposal g WHERE :filter);

-- name: get_group_proposal
SELECT group_proposal_json(g), 0 FROM group_proposal g WHERE g.id = $1::uuid;

-- name: group_proposal_decide
SELECT group_proposal_decide($1::uuid, $2::boolean);

-- A network's that may be written.
-- name: group_proposals_find
SELECT jsonb_build_object('proposed', group_proposals_find(n.id)) FROM network n WHERE n.id = $1::uuid;

-- In the background: networks whose flows are not old.
-- name: group_proposals_find_all
SELECT group_proposals_find(n.id) FROM network n
WHERE (SELECT upkeep_turn()) AND EXISTS (SELECT FROM sensor s WHERE s.network_id = n.id AND s.last_seen > now() - interval '1 hour');
