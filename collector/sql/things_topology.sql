-- SPDX-License-Identifier: BSD-2-Clause
-- Saved topologies, and the links by which they are shared.

-- name: list_topology
-- orders: name lower(t.name) | created_at t.created_at | updated_at t.updated_at
-- filter: ($1::jsonb->>'network_id' IS NULL OR t.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR t.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->'tag_ids' IS NULL OR t.tags && json_ids($1::jsonb->'tag_ids'))
-- filter: ($1::jsonb->>'search' IS NULL OR t.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(topology_json(t) - 'nodes' - 'edges' ORDER BY place) FROM (
	SELECT q.topology AS t, row_number() OVER () AS place FROM (
		SELECT t AS topology FROM topology t WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) q) r), '[]'),
	(SELECT count(*) FROM topology t WHERE :filter);

-- name: get_topology
SELECT topology_json(t), t.revision FROM topology t WHERE t.id = $1::uuid;

-- name: create_topology
INSERT INTO topology AS t (network_id, id, name, options, nodes, edges, parent_id, tags, last_refreshed)
SELECT r.network_id, $1::uuid, r.name, coalesce(r.options, '{}'), coalesce(r.nodes, p.nodes, '{}'), coalesce(r.edges, p.edges, '{}'),
	p.id, coalesce(r.tags, '{}'), now()
FROM jsonb_populate_record(NULL::topology, $2::jsonb) r
LEFT JOIN topology p ON p.network_id = r.network_id AND p.id = r.parent_id
RETURNING topology_json(t), t.revision;

-- name: update_topology
UPDATE topology t SET (name, options, nodes, edges, tags) = (SELECT r.name, r.options, r.nodes, r.edges, r.tags
	FROM jsonb_populate_record(t, $2::jsonb) r)
WHERE t.id = $1::uuid AND ($3::integer IS NULL OR t.revision = $3::integer) AND topology_unlocked(t)
RETURNING topology_json(t), t.revision;

-- name: delete_topology
DELETE FROM topology t WHERE t.id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR t.revision = $2::integer) RETURNING t.id;

-- One step of editing: $2 says which, $3 its fields.
-- name: topology_edit
SELECT topology_json(t) - 'nodes' - 'edges', t.revision FROM topology_edit($1::uuid, $2, $3::jsonb) t WHERE t.id IS NOT NULL;

-- name: list_share
-- orders: name lower(s.name) | created_at s.created_at
-- filter: ($1::jsonb->>'network_id' IS NULL OR s.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR s.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'topology_id' IS NULL OR s.topology_id = ($1::jsonb->>'topology_id')::uuid)
-- filter: ($1::jsonb->>'search' IS NULL OR s.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(share_json(s) ORDER BY place) FROM (
	SELECT q.share AS s, row_number() OVER () AS place FROM (
		SELECT s AS share FROM share s WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) q) r), '[]'),
	(SELECT count(*) FROM share s WHERE :filter);

-- name: get_share
SELECT share_json(s), s.revision FROM share s WHERE s.id = $1::uuid;

-- $3: the password's hash; '' for none.
-- name: create_share
INSERT INTO share AS s (network_id, id, topology_id, name, is_enabled, expires_at, password_hash, allowed_domains, options, created_by)
SELECT t.network_id, $1::uuid, t.id, r.name, coalesce(r.is_enabled, true), r.expires_at, nullif($3, ''), r.allowed_domains,
	coalesce(r.options, '{}'), nullif(current_setting('netvisor.user'), '')::uuid
FROM jsonb_populate_record(NULL::share, $2::jsonb) r JOIN (
	SELECT o.network_id, o.id FROM network n JOIN topology o ON o.network_id = n.id
	WHERE o.id = ($2::jsonb->>'topology_id')::uuid FOR NO KEY UPDATE OF n) t ON t.id = r.topology_id
RETURNING share_json(s), s.revision;

-- $4: the new password's hash, '' to take it away, null to leave it.
-- name: update_share
UPDATE share s SET (name, is_enabled, expires_at, allowed_domains, options, password_hash) = (
	SELECT r.name, r.is_enabled, r.expires_at, r.allowed_domains, r.options,
		CASE WHEN $4::text IS NULL THEN s.password_hash ELSE nullif($4, '') END
	FROM jsonb_populate_record(s, $2::jsonb) r)
FROM (SELECT n.id FROM network n JOIN share o ON o.network_id = n.id WHERE o.id = $1::uuid FOR NO KEY UPDATE OF n) place
WHERE s.network_id = place.id AND s.id = $1::uuid AND ($3::integer IS NULL OR s.revision = $3::integer)
RETURNING share_json(s), s.revision;

-- name: delete_share
DELETE FROM share WHERE id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR revision = $2::integer) RETURNING id;

-- For a stranger with the link: what its token is checked by; the picture, without rows, and a page of rows ($2 the password's hash).
-- name: share_key
SELECT password_hash, secret, tag FROM share_key($1::uuid);

-- name: share_head
SELECT share_head($1::uuid, $2);

-- name: share_rows
SELECT list, count, last FROM share_rows($1::uuid, $2, $3, $4::uuid, $5::integer);

-- For a stranger with the link.
-- name: share_public
SELECT name, options, password_hash, coalesce(array_to_string(allowed_domains, ' '), '') FROM share_public($1::uuid);
