-- SPDX-License-Identifier: BSD-2-Clause
-- What the API does with hosts, and with what hosts have: interfaces, ports, services, bindings.

-- Large lists: what is meant is found once, with the key of its order only; that is counted, and a page of it is shown whole.

-- A search that looks like an address also looks at the addresses. With `children`, all that a host has comes along.
-- name: list_host
-- orders: name lower(coalesce(h.name, '')) COLLATE ucs_basic | last_seen h.last_seen | first_seen h.first_seen | vendor lower(coalesce(h.vendor, '')) COLLATE ucs_basic | created_at h.created_at
-- filter: ($1::jsonb->>'network_id' IS NULL OR h.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR h.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->'tag_ids' IS NULL OR h.tags && json_ids($1::jsonb->'tag_ids'))
-- filter: ($1::jsonb->>'hidden' IS NULL OR h.hidden = ($1::jsonb->>'hidden')::boolean)
-- filter: ($1::jsonb->>'origin' IS NULL OR h.origin = $1::jsonb->>'origin')
-- filter: ($1::jsonb->>'subnet_id' IS NULL OR h.id IN (SELECT i.host_id FROM interface i WHERE i.subnet_id = ($1::jsonb->>'subnet_id')::uuid))
-- filter: ($1::jsonb->>'ip' IS NULL OR h.id IN (SELECT i.host_id FROM interface i WHERE i.ip = ($1::jsonb->>'ip')::inet))
-- filter: ($1::jsonb->>'mac' IS NULL OR h.id IN (SELECT i.host_id FROM interface i WHERE i.mac = ($1::jsonb->>'mac')::macaddr))
-- filter: ($1::jsonb->>'seen_since' IS NULL OR h.last_seen >= ($1::jsonb->>'seen_since')::timestamptz)
-- filter: ($1::jsonb->>'search' IS NULL OR h.name ILIKE '%' || ($1::jsonb->>'search') || '%' OR h.vendor ILIKE '%' || ($1::jsonb->>'search') || '%' OR h.description ILIKE '%' || ($1::jsonb->>'search') || '%' OR h.id IN (SELECT i.host_id FROM interface i WHERE i.ip BETWEEN address_low($1::jsonb->>'search') AND address_high($1::jsonb->>'search') AND host(i.ip) LIKE ($1::jsonb->>'search') || '%') OR h.id IN (SELECT i.host_id FROM interface i WHERE i.mac BETWEEN mac_low($1::jsonb->>'search') AND mac_high($1::jsonb->>'search')) OR (mac_low($1::jsonb->>'search') IS NULL AND ($1::jsonb->>'search') ~ '^[0-9a-fA-F]*:[0-9a-fA-F:.]*$' AND h.id IN (SELECT i.host_id FROM interface i WHERE family(i.ip) = 6 AND host(i.ip) LIKE lower($1::jsonb->>'search') || '%')))
WITH found AS MATERIALIZED (SELECT h.network_id, h.id, :key AS key FROM host h WHERE :filter)
SELECT coalesce((SELECT jsonb_agg(to_jsonb(p) - 'place' || a.addresses || CASE WHEN ($1::jsonb->>'children')::boolean THEN host_children(p.network_id, p.id) ELSE '{}' END ORDER BY place) FROM (
	SELECT h.network_id, h.id, h.name, h.name_source, h.description, h.vendor, h.hidden, h.tags, h.virtualization, h.origin,
		seconds(h.first_seen) AS first_seen, seconds(h.last_seen) AS last_seen, h.revision, seconds(h.created_at) AS created_at,
		seconds(h.updated_at) AS updated_at, o.place
	FROM (SELECT *, row_number() OVER () AS place FROM (
		SELECT * FROM found ORDER BY key :way, id :way LIMIT $2::bigint OFFSET $3::bigint) f) o
	JOIN host h ON h.network_id = o.network_id AND h.id = o.id) p,
	LATERAL (SELECT jsonb_build_object('addresses', coalesce(jsonb_agg(DISTINCT host(i.ip)) FILTER (WHERE i.ip IS NOT NULL), '[]'),
		'macs', coalesce(jsonb_agg(DISTINCT i.mac) FILTER (WHERE i.mac IS NOT NULL), '[]')) AS addresses
		FROM interface i WHERE i.network_id = p.network_id AND i.host_id = p.id) a), '[]'),
	(SELECT count(*) FROM found);

-- name: get_host
SELECT host_json(h), h.revision FROM host h WHERE h.id = $1::uuid;

-- A host that a person notes: with its interfaces ({ip_address, mac_address, subnet_id, name}), ports and services at once.
-- name: create_host
SELECT host_json(h), h.revision FROM host_create($1::uuid, $2::jsonb) h;

-- What a host has may come along.
-- name: update_host
SELECT host_json(h), h.revision FROM host_edit($1::uuid, $2::jsonb, $3::integer) h WHERE h.id IS NOT NULL;

-- name: delete_host
DELETE FROM host WHERE id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR revision = $2::integer) RETURNING id;

-- name: list_interface
-- orders: ip i.ip | mac i.mac | last_seen i.last_seen | name lower(coalesce(i.name, '')) COLLATE ucs_basic
-- filter: ($1::jsonb->>'network_id' IS NULL OR i.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR i.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'host_id' IS NULL OR i.host_id = ($1::jsonb->>'host_id')::uuid)
-- filter: ($1::jsonb->>'subnet_id' IS NULL OR i.subnet_id = ($1::jsonb->>'subnet_id')::uuid)
-- filter: ($1::jsonb->>'search' IS NULL OR i.name ILIKE '%' || ($1::jsonb->>'search') || '%' OR (i.ip BETWEEN address_low($1::jsonb->>'search') AND address_high($1::jsonb->>'search') AND host(i.ip) LIKE ($1::jsonb->>'search') || '%') OR i.mac BETWEEN mac_low($1::jsonb->>'search') AND mac_high($1::jsonb->>'search') OR (mac_low($1::jsonb->>'search') IS NULL AND ($1::jsonb->>'search') ~ '^[0-9a-fA-F]*:[0-9a-fA-F:.]*$' AND family(i.ip) = 6 AND host(i.ip) LIKE lower($1::jsonb->>'search') || '%'))
WITH found AS MATERIALIZED (SELECT i.network_id, i.id, :key AS key FROM interface i WHERE :filter)
SELECT coalesce((SELECT jsonb_agg(interface_json(i) ORDER BY place) FROM (SELECT *, row_number() OVER () AS place FROM (
		SELECT * FROM found ORDER BY key :way, id :way LIMIT $2::bigint OFFSET $3::bigint) f) o
	JOIN interface i ON i.network_id = o.network_id AND i.id = o.id), '[]'),
	(SELECT count(*) FROM found);

-- name: get_interface
SELECT interface_json(i), i.revision FROM interface i WHERE i.id = $1::uuid;

-- name: create_interface
INSERT INTO interface AS i (network_id, id, host_id, mac, ip, vlan, subnet_id, name, position, origin, first_seen, last_seen)
SELECT (b->>'network_id')::uuid, $1::uuid, (b->>'host_id')::uuid, (b->>'mac_address')::macaddr, (b->>'ip_address')::inet,
	coalesce(ARRAY(SELECT jsonb_array_elements_text(nullif(b->'vlan', 'null'))::integer), '{}'), (b->>'subnet_id')::uuid, b->>'name',
	coalesce((b->>'position')::integer, 0), 'manual', now(), now()
FROM (SELECT $2::jsonb AS b) x RETURNING interface_json(i), i.revision;

-- name: update_interface
UPDATE interface i SET
	mac = CASE WHEN $2::jsonb ? 'mac_address' AND i.origin = 'manual' THEN ($2::jsonb->>'mac_address')::macaddr ELSE i.mac END,
	ip = CASE WHEN $2::jsonb ? 'ip_address' AND i.origin = 'manual' THEN ($2::jsonb->>'ip_address')::inet ELSE i.ip END,
	subnet_id = CASE WHEN $2::jsonb ? 'subnet_id' THEN ($2::jsonb->>'subnet_id')::uuid ELSE i.subnet_id END,
	name = CASE WHEN $2::jsonb ? 'name' THEN $2::jsonb->>'name' ELSE i.name END,
	position = coalesce(($2::jsonb->>'position')::integer, i.position)
WHERE i.id = $1::uuid AND ($3::integer IS NULL OR i.revision = $3::integer) RETURNING interface_json(i), i.revision;

-- name: delete_interface
DELETE FROM interface WHERE id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR revision = $2::integer) RETURNING id;

-- name: list_port
-- orders: number p.number | created_at p.created_at
-- filter: ($1::jsonb->>'network_id' IS NULL OR p.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR p.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'host_id' IS NULL OR p.host_id = ($1::jsonb->>'host_id')::uuid)
-- filter: ($1::jsonb->>'search' IS NULL OR p.number::text = $1::jsonb->>'search')
SELECT coalesce((SELECT jsonb_agg(port_json(p) ORDER BY place) FROM (
	SELECT q.port AS p, row_number() OVER () AS place FROM (
		SELECT p AS port FROM port p WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) q) r), '[]'),
	(SELECT count(*) FROM port p WHERE :filter);

-- name: get_port
SELECT port_json(p), p.revision FROM port p WHERE p.id = $1::uuid;

-- name: create_port
INSERT INTO port AS p (network_id, id, host_id, number, protocol)
SELECT r.network_id, $1::uuid, r.host_id, r.number, r.protocol FROM jsonb_populate_record(NULL::port, $2::jsonb) r
RETURNING port_json(p), p.revision;

-- name: update_port
UPDATE port p SET (number, protocol) = (SELECT r.number, r.protocol FROM jsonb_populate_record(p, $2::jsonb) r)
WHERE p.id = $1::uuid AND ($3::integer IS NULL OR p.revision = $3::integer) RETURNING port_json(p), p.revision;

-- name: delete_port
DELETE FROM port WHERE id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR revision = $2::integer) RETURNING id;

-- name: list_service
-- orders: name lower(coalesce(s.name, '')) COLLATE ucs_basic | port s.port | ip s.ip | last_seen s.last_seen | clients s.clients | service_definition lower(coalesce(s.service_definition, '')) COLLATE ucs_basic | created_at s.created_at
-- filter: ($1::jsonb->>'network_id' IS NULL OR s.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR s.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->'tag_ids' IS NULL OR s.tags && json_ids($1::jsonb->'tag_ids'))
-- filter: ($1::jsonb->>'host_id' IS NULL OR s.host_id = ($1::jsonb->>'host_id')::uuid)
-- filter: ($1::jsonb->>'port' IS NULL OR s.port = ($1::jsonb->>'port')::integer)
-- filter: ($1::jsonb->>'proto' IS NULL OR s.proto = $1::jsonb->>'proto')
-- filter: ($1::jsonb->>'state' IS NULL OR s.state = $1::jsonb->>'state')
-- filter: ($1::jsonb->>'origin' IS NULL OR s.origin = $1::jsonb->>'origin')
-- filter: ($1::jsonb->>'search' IS NULL OR s.name ILIKE '%' || ($1::jsonb->>'search') || '%' OR s.service_definition ILIKE '%' || ($1::jsonb->>'search') || '%' OR s.port::text = $1::jsonb->>'search' OR (s.ip BETWEEN address_low($1::jsonb->>'search') AND address_high($1::jsonb->>'search') AND host(s.ip) LIKE ($1::jsonb->>'search') || '%'))
WITH found AS MATERIALIZED (SELECT s.network_id, s.id, :key AS key FROM service s WHERE :filter)
SELECT coalesce((SELECT jsonb_agg(service_json(s) ORDER BY place) FROM (SELECT *, row_number() OVER () AS place FROM (
		SELECT * FROM found ORDER BY key :way, id :way LIMIT $2::bigint OFFSET $3::bigint) f) o
	JOIN service s ON s.network_id = o.network_id AND s.id = o.id), '[]'),
	(SELECT count(*) FROM found);

-- name: get_service
SELECT service_json(s), s.revision FROM service s WHERE s.id = $1::uuid;

-- A service that a person notes, with its bindings ({port_id, interface_id}) at once.
-- name: create_service
SELECT service_json(s), s.revision FROM service_create($1::uuid, $2::jsonb) s;

-- name: update_service
SELECT service_json(s), s.revision FROM service_update($1::uuid, $2::jsonb, $3::integer) s WHERE s.id IS NOT NULL;

-- name: delete_service
DELETE FROM service WHERE id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR revision = $2::integer) RETURNING id;

-- name: list_binding
-- orders: created_at b.created_at | service_id b.service_id
-- filter: ($1::jsonb->>'network_id' IS NULL OR b.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR b.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'service_id' IS NULL OR b.service_id = ($1::jsonb->>'service_id')::uuid)
-- filter: ($1::jsonb->>'port_id' IS NULL OR b.port_id = ($1::jsonb->>'port_id')::uuid)
-- filter: ($1::jsonb->>'interface_id' IS NULL OR b.interface_id = ($1::jsonb->>'interface_id')::uuid)
SELECT coalesce((SELECT jsonb_agg(binding_json(b) ORDER BY place) FROM (
	SELECT q.binding AS b, row_number() OVER () AS place FROM (
		SELECT b AS binding FROM binding b WHERE :filter ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) q) r), '[]'),
	(SELECT count(*) FROM binding b WHERE :filter);

-- name: get_binding
SELECT binding_json(b), b.revision FROM binding b WHERE b.id = $1::uuid;

-- name: create_binding
INSERT INTO binding AS b (network_id, id, service_id, port_id, interface_id)
SELECT r.network_id, $1::uuid, r.service_id, r.port_id, r.interface_id FROM jsonb_populate_record(NULL::binding, $2::jsonb) r
RETURNING binding_json(b), b.revision;

-- name: update_binding
UPDATE binding b SET (port_id, interface_id) = (SELECT r.port_id, r.interface_id FROM jsonb_populate_record(b, $2::jsonb) r)
WHERE b.id = $1::uuid AND ($3::integer IS NULL OR b.revision = $3::integer) RETURNING binding_json(b), b.revision;

-- name: delete_binding
DELETE FROM binding WHERE id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR revision = $2::integer) RETURNING id;
