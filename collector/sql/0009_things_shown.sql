-- SPDX-License-Identifier: BSD-2-Clause
-- Things as the API shows and takes them: with their children, and made or changed together with them.

-- Things as the API shows them. Those with children are volatile: they are asked right after their children were made.
CREATE FUNCTION interface_json(i interface) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('network_id', i.network_id, 'id', i.id, 'host_id', i.host_id, 'subnet_id', i.subnet_id,
		'ip_address', host(i.ip), 'mac_address', i.mac, 'name', i.name, 'position', i.position, 'vlan', i.vlan, 'via', i.via,
		'vendor', i.vendor, 'random_mac', i.random_mac, 'packets', i.packets, 'bytes', i.bytes, 'packets_in', i.packets_in,
		'bytes_in', i.bytes_in, 'first_seen', seconds(i.first_seen), 'last_seen', seconds(i.last_seen), 'origin', i.origin,
		'revision', i.revision, 'created_at', seconds(i.created_at), 'updated_at', seconds(i.updated_at))
$$;

CREATE FUNCTION port_json(p port) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('network_id', p.network_id, 'id', p.id, 'host_id', p.host_id, 'number', p.number,
		'protocol', p.protocol, 'type', port_type(p.number, p.protocol), 'origin', p.origin, 'revision', p.revision,
		'created_at', seconds(p.created_at), 'updated_at', seconds(p.updated_at))
$$;

CREATE FUNCTION binding_json(b binding) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('network_id', b.network_id, 'id', b.id, 'service_id', b.service_id,
		'type', CASE WHEN b.port_id IS NULL THEN 'Interface' ELSE 'Port' END, 'port_id', b.port_id,
		'interface_id', b.interface_id, 'origin', b.origin, 'revision', b.revision, 'created_at', seconds(b.created_at),
		'updated_at', seconds(b.updated_at))
$$;

CREATE FUNCTION service_json(s service) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
	SELECT jsonb_build_object('network_id', s.network_id, 'id', s.id, 'host_id', s.host_id,
		'service_definition', s.service_definition, 'name', s.name, 'name_source', s.name_source, 'ip', host(s.ip),
		'port', s.port, 'proto', s.proto, 'vlan', s.vlan, 'state', s.state, 'source', s.source, 'confidence', s.confidence,
		'clients', s.clients, 'first_seen', seconds(s.first_seen), 'last_seen', seconds(s.last_seen), 'tags', s.tags,
		'virtualization', s.virtualization, 'position', s.position, 'origin', s.origin, 'revision', s.revision,
		'created_at', seconds(s.created_at), 'updated_at', seconds(s.updated_at),
		'bindings', coalesce((SELECT jsonb_agg(binding_json(b) ORDER BY b.created_at, b.id) FROM binding b
			WHERE b.network_id = s.network_id AND b.service_id = s.id), '[]'))
$$;

CREATE FUNCTION host_children(of_network uuid, of_host uuid) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
	SELECT jsonb_build_object(
		'interfaces', coalesce((SELECT jsonb_agg(interface_json(i) ORDER BY i.position, i.ip, i.id) FROM interface i
			WHERE i.network_id = of_network AND i.host_id = of_host), '[]'),
		'ports', coalesce((SELECT jsonb_agg(port_json(p) ORDER BY p.number, p.protocol) FROM port p
			WHERE p.network_id = of_network AND p.host_id = of_host), '[]'),
		'services', coalesce((SELECT jsonb_agg(service_json(s) ORDER BY s.position, s.port, s.id) FROM service s
			WHERE s.network_id = of_network AND s.host_id = of_host), '[]'))
$$;

CREATE FUNCTION host_json(h host) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
	SELECT live_json('host', 'host', to_jsonb(h)) || jsonb_build_object('network_id', h.network_id,
		'created_at', seconds(h.created_at), 'updated_at', seconds(h.updated_at)) || host_children(h.network_id, h.id)
$$;

CREATE FUNCTION topology_json(t topology) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT live_json('topology', 'topology', to_jsonb(t)) || jsonb_build_object('network_id', t.network_id, 'nodes', t.nodes,
		'edges', t.edges, 'created_at', seconds(t.created_at), 'updated_at', seconds(t.updated_at))
$$;

CREATE FUNCTION share_json(s share) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT live_json('share', 'share', to_jsonb(s)) || jsonb_build_object('network_id', s.network_id,
		'has_password', s.password_hash IS NOT NULL, 'created_at', seconds(s.created_at), 'updated_at', seconds(s.updated_at))
$$;

-- Bindings of a service as a body has them: those that are named by the same port and interface stay, with their ids.
CREATE FUNCTION bindings_set(s service, wanted jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM binding b WHERE b.network_id = s.network_id AND b.service_id = s.id AND NOT EXISTS (
		SELECT FROM jsonb_to_recordset(wanted) AS w (port_id uuid, interface_id uuid)
		WHERE w.port_id IS NOT DISTINCT FROM b.port_id AND w.interface_id IS NOT DISTINCT FROM b.interface_id);
	INSERT INTO binding (network_id, id, service_id, port_id, interface_id)
	SELECT DISTINCT ON (w.port_id, w.interface_id) s.network_id, gen_random_uuid(), s.id, w.port_id, w.interface_id
	FROM jsonb_to_recordset(wanted) AS w (port_id uuid, interface_id uuid)
	WHERE NOT EXISTS (SELECT FROM binding b WHERE b.network_id = s.network_id AND b.service_id = s.id
		AND w.port_id IS NOT DISTINCT FROM b.port_id AND w.interface_id IS NOT DISTINCT FROM b.interface_id);
END $$;

-- Of the first binding, for a service that a person noted.
CREATE FUNCTION service_place(s service) RETURNS service LANGUAGE plpgsql AS $$
DECLARE
	placed service;
BEGIN
	UPDATE service o SET ip = p.ip, port = p.number, proto = p.protocol FROM (
		SELECT i.ip, port.number, port.protocol FROM binding b
		LEFT JOIN port ON port.network_id = b.network_id AND port.id = b.port_id
		LEFT JOIN interface i ON i.network_id = b.network_id AND i.id = b.interface_id
		WHERE b.network_id = s.network_id AND b.service_id = s.id ORDER BY b.created_at, b.id LIMIT 1) p
	WHERE o.network_id = s.network_id AND o.id = s.id AND o.origin = 'manual' RETURNING o.* INTO placed;
	RETURN coalesce(placed, s);
END $$;

CREATE FUNCTION service_create(of_id uuid, body jsonb) RETURNS service LANGUAGE plpgsql AS $$
DECLARE
	made service;
BEGIN
	INSERT INTO service (network_id, id, host_id, vlan, state, name, name_source, source, confidence, first_seen, last_seen,
		service_definition, tags, virtualization, position, origin)
	SELECT r.network_id, of_id, r.host_id, '{}', 'open', coalesce(r.name, r.service_definition), 'manual', 'manual', 'announced', now(), now(),
		r.service_definition, coalesce(r.tags, '{}'), r.virtualization, coalesce(r.position, 0), 'manual'
	FROM jsonb_populate_record(NULL::service, body) r RETURNING * INTO made;
	PERFORM bindings_set(made, coalesce(nullif(body->'bindings', 'null'), '[]'));
	RETURN service_place(made);
END $$;

CREATE FUNCTION service_update(of_id uuid, body jsonb, revision_is integer) RETURNS service LANGUAGE plpgsql AS $$
DECLARE
	made service;
BEGIN
	UPDATE service s SET (name, name_source, service_definition, tags, virtualization, position) = (
		SELECT nullif(r.name, ''), CASE WHEN NOT body ? 'name' THEN s.name_source WHEN nullif(r.name, '') IS NULL THEN NULL
			WHEN r.name IS NOT DISTINCT FROM s.name THEN s.name_source ELSE 'manual' END,
			r.service_definition, r.tags, r.virtualization, r.position FROM jsonb_populate_record(s, body) r)
	WHERE s.id = of_id AND (revision_is IS NULL OR s.revision = revision_is) RETURNING * INTO made;
	IF made.id IS NULL OR NOT body ? 'bindings' THEN
		RETURN made;
	END IF;
	PERFORM bindings_set(made, coalesce(nullif(body->'bindings', 'null'), '[]'));
	RETURN service_place(made);
END $$;

-- Interfaces, ports and services of the body are new ones of this host.
CREATE FUNCTION host_create(of_id uuid, body jsonb) RETURNS host LANGUAGE plpgsql AS $$
DECLARE
	made host;
	one jsonb;
BEGIN
	INSERT INTO host (network_id, id, name, name_source, first_seen, last_seen, description, hidden, tags, virtualization, origin)
	SELECT r.network_id, of_id, r.name, 'manual', now(), now(), r.description, coalesce(r.hidden, false), coalesce(r.tags, '{}'),
		r.virtualization, 'manual'
	FROM jsonb_populate_record(NULL::host, body) r RETURNING * INTO made;
	INSERT INTO interface (network_id, id, host_id, mac, ip, vlan, subnet_id, name, position, origin, first_seen, last_seen)
	SELECT made.network_id, gen_random_uuid(), of_id, i.mac_address, i.ip_address, '{}', i.subnet_id, i.name,
		(row_number() OVER ())::integer - 1, 'manual', now(), now()
	FROM jsonb_to_recordset(coalesce(nullif(body->'interfaces', 'null'), '[]'))
		AS i (mac_address macaddr, ip_address inet, subnet_id uuid, name text);
	INSERT INTO port (network_id, id, host_id, number, protocol)
	SELECT made.network_id, gen_random_uuid(), of_id, p.number, coalesce(p.protocol, 'tcp')
	FROM jsonb_to_recordset(coalesce(nullif(body->'ports', 'null'), '[]')) AS p (number integer, protocol text)
	ON CONFLICT DO NOTHING;
	FOR one IN SELECT * FROM jsonb_array_elements(coalesce(nullif(body->'services', 'null'), '[]')) LOOP
		PERFORM service_create(gen_random_uuid(), one || jsonb_build_object('network_id', made.network_id, 'host_id', of_id));
	END LOOP;
	RETURN made;
END $$;

-- One that is locked is refused in words.
CREATE FUNCTION topology_unlocked(t topology) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	IF t.is_locked THEN
		RAISE SQLSTATE 'NV409' USING MESSAGE = 'the topology is locked: unlock it first';
	END IF;
	RETURN true;
END $$;

-- step: lock, unlock, node-position, node-resize, edge-handles, metadata, rebuild, refresh.
CREATE FUNCTION topology_edit(of_id uuid, step text, body jsonb) RETURNS topology LANGUAGE plpgsql AS $$
DECLARE
	t topology;
	node text := body->>'node_id';
	edge text := body->>'edge_id';
BEGIN
	PERFORM things_lock('topology', ARRAY[of_id], NULL);
	SELECT * INTO t FROM topology WHERE id = of_id FOR UPDATE;
	IF t.id IS NULL THEN
		RETURN t;
	END IF;
	IF step NOT IN ('lock', 'unlock') THEN
		PERFORM topology_unlocked(t);
	END IF;
	UPDATE topology o SET
		is_locked = CASE step WHEN 'lock' THEN true WHEN 'unlock' THEN false ELSE o.is_locked END,
		locked_at = CASE step WHEN 'lock' THEN now() WHEN 'unlock' THEN NULL ELSE o.locked_at END,
		locked_by = CASE step WHEN 'lock' THEN nullif(current_setting('netvisor.user'), '')::uuid WHEN 'unlock' THEN NULL
			ELSE o.locked_by END,
		name = CASE WHEN step = 'metadata' AND body ? 'name' THEN body->>'name' ELSE o.name END,
		options = CASE WHEN step = 'metadata' AND body ? 'options' THEN body->'options' ELSE o.options END,
		nodes = CASE WHEN step IN ('node-position', 'node-resize')
			THEN o.nodes || jsonb_build_object(node, coalesce(o.nodes->node, '{}') || (body - 'node_id'))
			WHEN step = 'rebuild' THEN '{}' ELSE o.nodes END,
		edges = CASE WHEN step = 'edge-handles'
			THEN o.edges || jsonb_build_object(edge, coalesce(o.edges->edge, '{}') || (body - 'edge_id'))
			WHEN step = 'rebuild' THEN '{}' ELSE o.edges END,
		last_refreshed = CASE WHEN step IN ('rebuild', 'refresh') THEN now() ELSE o.last_refreshed END
	WHERE o.network_id = t.network_id AND o.id = t.id RETURNING * INTO t;
	IF octet_length(t.nodes::text) + octet_length(t.edges::text) > 8000000 THEN
		RAISE SQLSTATE 'NV413' USING MESSAGE = 'the topology has too many nodes that were placed by hand; rebuild it';
	END IF;
	RETURN t;
END $$;

-- Tags of many things of one kind: all of them set, one added, one taken. How many rows that was.
CREATE FUNCTION tags_set(kind text, things uuid[], given uuid[], how text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	target text := CASE kind WHEN 'Group' THEN 'service_group' ELSE lower(kind) END;
	changed bigint;
BEGIN
	PERFORM things_lock(lower(kind), things, NULL);
	EXECUTE format('UPDATE %I SET tags = CASE $3 WHEN ''add'' THEN array_remove(tags, $2[1]) || $2 WHEN ''remove''
		THEN array_remove(tags, $2[1]) ELSE $2 END WHERE id = ANY ($1)', target) USING things, given, how;
	GET DIAGNOSTICS changed = ROW_COUNT;
	RETURN changed;
END $$;

SELECT pin_functions();
