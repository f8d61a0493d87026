-- SPDX-License-Identifier: BSD-2-Clause
-- What the API does with networks, subnets, groups, tags and sensors (collector/resource.h says what each statement takes and
-- gives). $1 of a list are its filters as JSON: a plan is made for each call, so those that are missing cost nothing.

-- Lines of a CSV file: the rows of a list as JSON, the columns in their order.
-- name: csv_lines
SELECT (SELECT string_agg(csv_cell(to_jsonb(c)), ',' ORDER BY o) FROM unnest($2::text[]) WITH ORDINALITY AS h (c, o))
	|| E'\r\n' || coalesce(string_agg((SELECT string_agg(csv_cell(r.value->c), ',' ORDER BY o)
		FROM unnest($2::text[]) WITH ORDINALITY AS h (c, o)), E'\r\n' ORDER BY r.place), '')
FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS r (value, place);

-- What they are called, ids or null, a body's fields or null.
-- name: things_lock
SELECT things_lock($1, $2::uuid[], $3::jsonb);

-- name: list_network
-- orders: name lower(n.name) | created_at n.created_at
-- filter: ($1::jsonb->>'network_id' IS NULL OR n.id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR n.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'search' IS NULL OR n.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p) FROM (
	SELECT n.id, n.organization_id, n.name, n.description, n.tags, n.retention_days, n.revision, seconds(n.created_at) AS created_at,
		seconds(n.updated_at) AS updated_at
	FROM network n WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM network n WHERE :filter);

-- name: get_network
SELECT to_jsonb(v) || jsonb_build_object('organization_id', n.organization_id, 'created_at', seconds(n.created_at),
	'updated_at', seconds(n.updated_at)), n.revision
FROM network n JOIN live_network v ON v.id = n.id WHERE n.id = $1::uuid;

-- name: create_network
INSERT INTO network (id, organization_id, name, description, tags, retention_days)
SELECT $1::uuid, current_setting('netvisor.organization')::uuid, r.name, r.description, coalesce(r.tags, '{}'), r.retention_days
FROM jsonb_populate_record(NULL::network, $2::jsonb) r
RETURNING jsonb_build_object('id', id, 'organization_id', organization_id, 'name', name, 'description', description,
	'tags', tags, 'retention_days', retention_days, 'revision', revision, 'created_at', seconds(created_at)), revision;

-- name: update_network
UPDATE network n SET (name, description, tags, retention_days) = (SELECT r.name, r.description, r.tags, r.retention_days
	FROM jsonb_populate_record(n, $2::jsonb) r)
WHERE n.id = $1::uuid AND ($3::integer IS NULL OR n.revision = $3::integer)
RETURNING jsonb_build_object('id', id, 'organization_id', organization_id, 'name', name, 'description', description,
	'tags', tags, 'retention_days', retention_days, 'revision', revision, 'created_at', seconds(created_at), 'updated_at', seconds(updated_at)), revision;

-- The last one stays: sensors and people need a place.
-- name: delete_network
DELETE FROM network n WHERE n.id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR n.revision = $2::integer)
AND EXISTS (SELECT FROM network o WHERE o.organization_id = n.organization_id AND o.id <> ALL ($1::uuid[]))
RETURNING n.id;

-- name: list_subnet
-- orders: cidr s.cidr | name lower(s.name) | subnet_type s.subnet_type | created_at s.created_at
-- filter: ($1::jsonb->>'network_id' IS NULL OR s.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR s.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->'tag_ids' IS NULL OR s.tags && json_ids($1::jsonb->'tag_ids'))
-- filter: ($1::jsonb->>'subnet_type' IS NULL OR s.subnet_type = $1::jsonb->>'subnet_type')
-- filter: ($1::jsonb->>'search' IS NULL OR s.name ILIKE '%' || ($1::jsonb->>'search') || '%' OR s.cidr::text ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p) FROM (
	SELECT s.network_id, s.id, s.cidr::text, s.name, s.description, s.subnet_type, s.origin, s.tags, s.revision,
		seconds(s.created_at) AS created_at, seconds(s.updated_at) AS updated_at
	FROM subnet s WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM subnet s WHERE :filter);

-- name: get_subnet
SELECT to_jsonb(v) || jsonb_build_object('network_id', s.network_id, 'updated_at', seconds(s.updated_at),
	'interface_count', (SELECT count(*) FROM interface i WHERE i.network_id = s.network_id AND i.subnet_id = s.id)), s.revision
FROM subnet s JOIN live_subnet v ON v.id = s.id WHERE s.id = $1::uuid;

-- One that is there already is given back as it is.
-- name: create_subnet
WITH made AS (
	INSERT INTO subnet (network_id, id, cidr, name, description, subnet_type, origin, tags)
	SELECT r.network_id, $1::uuid, r.cidr, coalesce(r.name, r.cidr::text), r.description, coalesce(r.subnet_type, 'Unknown'),
		'manual', coalesce(r.tags, '{}')
	FROM jsonb_populate_record(NULL::subnet, $2::jsonb) r
	ON CONFLICT (network_id, cidr) WHERE masklen(cidr) > 0 DO NOTHING
	RETURNING *
), it AS (
	SELECT * FROM made UNION ALL
	SELECT s.* FROM subnet s WHERE s.network_id = ($2::jsonb->>'network_id')::uuid AND s.cidr = ($2::jsonb->>'cidr')::cidr
	AND masklen(s.cidr) > 0
)
SELECT live_json('subnet', 'subnet', to_jsonb(it)) || jsonb_build_object('network_id', it.network_id), it.revision FROM it;

-- name: update_subnet
UPDATE subnet s SET (cidr, name, description, subnet_type, tags) = (SELECT r.cidr, r.name, r.description, r.subnet_type, r.tags
	FROM jsonb_populate_record(s, $2::jsonb) r)
WHERE s.id = $1::uuid AND ($3::integer IS NULL OR s.revision = $3::integer)
RETURNING live_json('subnet', 'subnet', to_jsonb(s)) || jsonb_build_object('network_id', s.network_id), s.revision;

-- name: delete_subnet
DELETE FROM subnet WHERE id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR revision = $2::integer) RETURNING id;

-- name: list_group
-- orders: name lower(g.name) | group_type g.group_type | created_at g.created_at
-- filter: ($1::jsonb->>'network_id' IS NULL OR g.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR g.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->'tag_ids' IS NULL OR g.tags && json_ids($1::jsonb->'tag_ids'))
-- filter: ($1::jsonb->>'group_type' IS NULL OR g.group_type = $1::jsonb->>'group_type')
-- filter: ($1::jsonb->>'search' IS NULL OR g.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p) FROM (
	SELECT g.network_id, g.id, g.name, g.description, g.group_type, g.binding_ids, g.color, g.edge_style, g.origin, g.tags,
		g.revision, seconds(g.created_at) AS created_at, seconds(g.updated_at) AS updated_at
	FROM service_group g WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM service_group g WHERE :filter);

-- name: get_group
SELECT to_jsonb(v) || jsonb_build_object('network_id', g.network_id, 'updated_at', seconds(g.updated_at)), g.revision
FROM service_group g JOIN live_group v ON v.id = g.id WHERE g.id = $1::uuid;

-- name: create_group
INSERT INTO service_group AS g (network_id, id, name, description, group_type, binding_ids, color, edge_style, tags)
SELECT r.network_id, $1::uuid, r.name, r.description, r.group_type, coalesce(r.binding_ids, '{}'), coalesce(r.color, 'Blue'),
	coalesce(r.edge_style, 'SmoothStep'), coalesce(r.tags, '{}')
FROM jsonb_populate_record(NULL::service_group, $2::jsonb) r
RETURNING live_json('group', 'service_group', to_jsonb(g)) || jsonb_build_object('network_id', g.network_id), g.revision;

-- name: update_group
UPDATE service_group g SET (name, description, group_type, binding_ids, color, edge_style, tags) = (
	SELECT r.name, r.description, r.group_type, r.binding_ids, r.color, r.edge_style, r.tags
	FROM jsonb_populate_record(g, $2::jsonb) r)
WHERE g.id = $1::uuid AND ($3::integer IS NULL OR g.revision = $3::integer)
RETURNING live_json('group', 'service_group', to_jsonb(g)) || jsonb_build_object('network_id', g.network_id), g.revision;

-- name: delete_group
DELETE FROM service_group WHERE id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR revision = $2::integer) RETURNING id;

-- name: list_tag
-- orders: name lower(t.name) | color t.color | created_at t.created_at
-- filter: ($1::jsonb->'ids' IS NULL OR t.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'search' IS NULL OR t.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p) FROM (
	SELECT t.id, t.organization_id, t.name, t.description, t.color, t.revision, seconds(t.created_at) AS created_at,
		seconds(t.updated_at) AS updated_at
	FROM tag t WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM tag t WHERE :filter);

-- name: get_tag
SELECT jsonb_build_object('id', t.id, 'organization_id', t.organization_id, 'name', t.name, 'description', t.description,
	'color', t.color, 'revision', t.revision, 'created_at', seconds(t.created_at), 'updated_at', seconds(t.updated_at)), t.revision
FROM tag t WHERE t.id = $1::uuid;

-- name: create_tag
INSERT INTO tag AS t (id, organization_id, name, description, color)
SELECT $1::uuid, current_setting('netvisor.organization')::uuid, r.name, r.description, coalesce(r.color, 'Gray')
FROM jsonb_populate_record(NULL::tag, $2::jsonb) r
RETURNING jsonb_build_object('id', t.id, 'organization_id', t.organization_id, 'name', t.name, 'description', t.description,
	'color', t.color, 'revision', t.revision, 'created_at', seconds(t.created_at), 'updated_at', seconds(t.updated_at)), t.revision;

-- name: update_tag
UPDATE tag t SET (name, description, color) = (SELECT r.name, r.description, r.color FROM jsonb_populate_record(t, $2::jsonb) r)
WHERE t.id = $1::uuid AND ($3::integer IS NULL OR t.revision = $3::integer)
RETURNING jsonb_build_object('id', t.id, 'organization_id', t.organization_id, 'name', t.name, 'description', t.description,
	'color', t.color, 'revision', t.revision, 'created_at', seconds(t.created_at), 'updated_at', seconds(t.updated_at)), t.revision;

-- name: delete_tag
DELETE FROM tag WHERE id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR revision = $2::integer) RETURNING id;

-- name: list_sensor
-- orders: name lower(s.name) | last_seen s.last_seen | created_at s.created_at
-- filter: ($1::jsonb->>'network_id' IS NULL OR s.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR s.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->'tag_ids' IS NULL OR s.tags && json_ids($1::jsonb->'tag_ids'))
-- filter: ($1::jsonb->>'search' IS NULL OR s.name ILIKE '%' || ($1::jsonb->>'search') || '%' OR s.hostname ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p) FROM (
	SELECT s.network_id, s.id, s.name, s.description, s.hostname, s.software, s.connected, seconds(s.last_seen) AS last_seen,
		s.capabilities, s.interfaces, s.counters, s.losses, s.tags, s.revision, seconds(s.created_at) AS created_at
	FROM sensor s WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'),
	(SELECT count(*) FROM sensor s WHERE :filter);

-- name: get_sensor
SELECT to_jsonb(v) || jsonb_build_object('network_id', s.network_id, 'created_at', seconds(s.created_at)), s.revision
FROM sensor s JOIN live_sensor v ON v.id = s.id WHERE s.id = $1::uuid;

-- name: update_sensor
UPDATE sensor s SET (name, description, tags) = (SELECT r.name, r.description, r.tags FROM jsonb_populate_record(s, $2::jsonb) r)
WHERE s.id = $1::uuid AND ($3::integer IS NULL OR s.revision = $3::integer)
RETURNING live_json('sensor', 'sensor', to_jsonb(s)) || jsonb_build_object('network_id', s.network_id), s.revision;

-- Its keys go with it, so its connection is closed.
-- name: delete_sensor
WITH gone AS (
	DELETE FROM sensor WHERE id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR revision = $2::integer) RETURNING id
)
SELECT id, pg_notify('netvisor_credential', 'sensor') FROM gone;

-- name: list_flow
-- orders: last_seen f.last_seen | bytes (f.bytes + f.bytes_back) | connections f.connections | first_seen f.first_seen
-- filter: ($1::jsonb->>'network_id' IS NULL OR f.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR f.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'host_id' IS NULL OR f.client_host_id = ($1::jsonb->>'host_id')::uuid OR f.server_host_id = ($1::jsonb->>'host_id')::uuid)
-- filter: ($1::jsonb->>'port' IS NULL OR f.port = ($1::jsonb->>'port')::integer)
-- filter: ($1::jsonb->>'proto' IS NULL OR f.proto = $1::jsonb->>'proto')
-- filter: ($1::jsonb->>'search' IS NULL OR (f.client BETWEEN address_low($1::jsonb->>'search') AND address_high($1::jsonb->>'search') AND host(f.client) LIKE ($1::jsonb->>'search') || '%') OR (f.server BETWEEN address_low($1::jsonb->>'search') AND address_high($1::jsonb->>'search') AND host(f.server) LIKE ($1::jsonb->>'search') || '%') OR (($1::jsonb->>'search') ~ '^[0-9a-fA-F]*:[0-9a-fA-F:.]*$' AND family(f.client) = 6 AND (host(f.client) LIKE lower($1::jsonb->>'search') || '%' OR host(f.server) LIKE lower($1::jsonb->>'search') || '%')))
WITH found AS MATERIALIZED (SELECT f.network_id, f.id, :key AS key FROM flow f WHERE :filter)
SELECT coalesce((SELECT jsonb_agg(to_jsonb(p) - 'place' ORDER BY place) FROM (
	SELECT f.network_id, f.id, f.client_host_id, host(f.client) AS client, f.server_host_id, host(f.server) AS server, f.port,
		f.proto, f.vlan, f.connections, f.packets, f.bytes, f.packets_back, f.bytes_back, f.rtt_us,
		seconds(f.first_seen) AS first_seen, seconds(f.last_seen) AS last_seen, f.app, o.place
	FROM (SELECT *, row_number() OVER () AS place FROM (
		SELECT * FROM found ORDER BY key :way, id :way LIMIT $2::bigint OFFSET $3::bigint) k) o
	JOIN flow f ON f.network_id = o.network_id AND f.id = o.id) p), '[]'),
	(SELECT count(*) FROM found);

-- name: get_flow
SELECT to_jsonb(v) || jsonb_build_object('network_id', f.network_id), 0 FROM flow f JOIN live_flow v ON v.id = f.id
WHERE f.id = $1::uuid;

-- $1 what they are, $2 which, $3 tags, $4 set, add or remove.
-- name: tags_set
SELECT tags_set($1, $2::uuid[], $3::uuid[], $4);

-- name: dashboard_summary
SELECT jsonb_build_object('networks', (SELECT count(*) FROM network), 'sensors', (SELECT count(*) FROM sensor),
	'sensors_connected', (SELECT count(*) FROM sensor WHERE connected), 'hosts', (SELECT count(*) FROM host),
	'interfaces', (SELECT count(*) FROM interface), 'services', (SELECT count(*) FROM service),
	'subnets', (SELECT count(*) FROM subnet), 'groups', (SELECT count(*) FROM service_group), 'tags', (SELECT count(*) FROM tag),
	'flows', (SELECT count(*) FROM flow), 'last_seen', (SELECT seconds(max(last_seen)) FROM sensor));

-- $1 organization, $2 its name, $3 the network that it begins anew with.
-- name: organization_reset
SELECT organization_reset($1::uuid, $2, $3::uuid);
