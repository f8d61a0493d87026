-- SPDX-License-Identifier: BSD-2-Clause
-- What a link shows to who has it: the picture's rows, for strangers, and nothing else. These functions run as the tables' owner, and each
-- asks first whether there is such a link now, and whether its password was given.

-- secret: what a share's tokens and made-up MACs are made with; never shown. Another one when the password changes.
ALTER TABLE share ADD COLUMN secret uuid NOT NULL DEFAULT gen_random_uuid();

-- Sites that may embed it stand in a header: names of hosts, with a port or `*.` before them, and nothing else.
CREATE FUNCTION share_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	wrong text := (SELECT d FROM unnest(NEW.allowed_domains) d
		WHERE d !~* '^([*][.])?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?[.])*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(:[0-9]{1,5})?$' LIMIT 1);
BEGIN
	IF TG_OP = 'UPDATE' THEN
		IF NEW.password_hash IS DISTINCT FROM OLD.password_hash THEN
			NEW.secret := gen_random_uuid();
		END IF;
		IF NEW.allowed_domains IS NOT DISTINCT FROM OLD.allowed_domains THEN
			RETURN NEW;
		END IF;
	END IF;
	IF wrong IS NOT NULL THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = format('"allowed_domains" must be names of sites, as example.org or *.example.org: "%s" is none', left(wrong, 60));
	ELSIF octet_length(array_to_string(NEW.allowed_domains, ' ')) > 1500 THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = '"allowed_domains" is too long: 1500 bytes in all';
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER a_share_check BEFORE INSERT OR UPDATE ON share FOR EACH ROW EXECUTE FUNCTION share_check();

-- A share as it is now, for who knows its password (its hash, which the collector has compared); refused in words.
CREATE FUNCTION share_open(of_id uuid, password_is text) RETURNS share LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
	s share;
BEGIN
	SELECT * INTO s FROM share WHERE id = of_id AND is_enabled AND (expires_at IS NULL OR expires_at > now());
	IF s.id IS NULL THEN
		RAISE SQLSTATE 'NV404' USING MESSAGE = 'there is no such share, or it has ended';
	ELSIF s.password_hash IS NOT NULL AND s.password_hash IS DISTINCT FROM password_is THEN
		RAISE SQLSTATE 'NV401' USING MESSAGE = 'this share asks for a password';
	END IF;
	RETURN s;
END $$;

-- What the collector checks a stranger's token and ETag by.
CREATE FUNCTION share_key(of_id uuid) RETURNS TABLE (password_hash text, secret uuid, tag text)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT s.password_hash, s.secret, left(encode(sha256(convert_to(concat_ws('|', s.id, s.revision, t.revision, n.change_seq,
		(SELECT max(g.updated_at) FROM tag g WHERE g.organization_id = n.organization_id)), 'UTF8')), 'hex'), 32)
	FROM share s JOIN topology t ON t.network_id = s.network_id AND t.id = s.topology_id JOIN network n ON n.id = s.network_id
	WHERE s.id = of_id AND s.is_enabled AND (s.expires_at IS NULL OR s.expires_at > now())
$$;

-- Tags by which the picture leaves things out.
CREATE FUNCTION share_hidden_tags(options jsonb, kind text) RETURNS uuid[] LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(array_agg(t::uuid), '{}') FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof(options->'tag_filter'->kind) = 'array'
		THEN options->'tag_filter'->kind ELSE '[]' END) t
	WHERE t ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
$$;

-- A MAC, also behind a bridge's priority, as another one that is the same for the same.
CREATE FUNCTION share_mac(what text, secret uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN what ~ '[0-9a-f]{2}(:[0-9a-f]{2}){5}$' THEN left(what, -17) END
		|| rtrim(regexp_replace(left(encode(sha256(convert_to(secret::text || right(what, 17), 'UTF8')), 'hex'), 12), '(..)', '\1:', 'g'), ':')
$$;

-- Each MAC in a text as that other one, however it is written.
CREATE FUNCTION share_named(what text, plain boolean, secret uuid) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	mac text;
BEGIN
	IF plain THEN
		RETURN what;
	END IF;
	FOR mac IN SELECT DISTINCT m[1] FROM regexp_matches(what, '((?<![0-9a-f])[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![0-9a-f])'
		'|(?<![0-9a-f])[0-9a-f]{4}(?:[.][0-9a-f]{4}){2}(?![0-9a-f])|(?<![0-9a-f-])[0-9a-f]{12}(?![0-9a-f]))', 'gi') m
	LOOP
		what := replace(what, mac, share_mac(mac::macaddr::text, secret));
	END LOOP;
	RETURN what;
END $$;

-- What was placed by hand. Ids of devices on layer 2 are what they call themselves: their MAC, or it is not told.
CREATE FUNCTION share_places(places jsonb, plain boolean, secret uuid) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN plain THEN places ELSE (SELECT coalesce(jsonb_object_agg(share_named(key, plain, secret), value), '{}') FROM jsonb_each(places)
		WHERE key !~ '(switch|neighbor|bridge|root|port):(?!([0-9]+[.])?([0-9a-f]{2}(:[0-9a-f]{2}){5}|[0-9a-f]{8}-))') END
$$;

-- What a device calls itself, or another bridge: often a MAC.
CREATE FUNCTION share_said(what text, plain boolean, secret uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN plain THEN what WHEN what ~ '[0-9a-f]{2}(:[0-9a-f]{2}){5}$' THEN share_mac(what, secret)
		ELSE left(encode(sha256(convert_to(secret::text || what, 'UTF8')), 'hex'), 12) END
$$;

-- What a picture leaves out: hosts, also those that are in left out subnets alone; subnets, with the addresses in them; and whether services
-- are told at all.
CREATE TYPE share_left AS (hosts uuid[], subnets uuid[], addresses inet[], service_tags uuid[], services boolean);
CREATE FUNCTION share_leaves(s share) RETURNS share_left LANGUAGE sql STABLE AS $$
	WITH asked AS MATERIALIZED (
		SELECT t.options, share_hidden_tags(t.options, 'hidden_host_tag_ids') AS host_tags,
			ARRAY(SELECT n.id FROM subnet n WHERE n.network_id = s.network_id AND n.tags && share_hidden_tags(t.options, 'hidden_subnet_tag_ids')) AS subnets
		FROM topology t WHERE t.network_id = s.network_id AND t.id = s.topology_id
	), away AS MATERIALIZED (
		SELECT i.host_id, i.ip FROM asked a JOIN interface i ON i.network_id = s.network_id AND i.subnet_id = ANY (a.subnets) WHERE a.subnets <> '{}'
	)
	SELECT ARRAY(SELECT h.id FROM host h WHERE h.network_id = s.network_id AND (h.hidden OR h.tags && a.host_tags)
			UNION SELECT w.host_id FROM away w WHERE NOT EXISTS (SELECT FROM interface i WHERE i.network_id = s.network_id AND i.host_id = w.host_id
				AND i.ip IS NOT NULL AND (i.subnet_id IS NULL OR i.subnet_id <> ALL (a.subnets)))),
		a.subnets, ARRAY(SELECT DISTINCT w.ip FROM away w WHERE w.ip IS NOT NULL), share_hidden_tags(a.options, 'hidden_service_tag_ids'),
		a.options->'hide_services' IS DISTINCT FROM 'true'
	FROM asked a
$$;

-- A group's bindings that are told; a group without any is not.
CREATE FUNCTION share_group_bindings(g service_group, gone share_left) RETURNS uuid[] LANGUAGE sql STABLE AS $$
	SELECT ARRAY(SELECT m.id FROM unnest(g.binding_ids) WITH ORDINALITY AS m (id, place) JOIN binding b ON b.network_id = g.network_id AND b.id = m.id
		JOIN service o ON o.network_id = g.network_id AND o.id = b.service_id AND o.host_id <> ALL (gone.hosts) AND NOT o.tags && gone.service_tags
			AND (o.ip IS NULL OR o.ip <> ALL (gone.addresses))
		WHERE gone.services ORDER BY m.place)
$$;

-- All but the rows.
CREATE FUNCTION share_head(of_id uuid, password_is text) RETURNS json LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
	s share := share_open(of_id, password_is);
	plain boolean := s.options->'show_inspect_panel' IS DISTINCT FROM 'false';
	gone share_left := share_leaves(s);
BEGIN
	RETURN (SELECT json_build_object(
		'share', json_build_object('id', s.id, 'name', s.name, 'options', s.options),
		'at', seconds(now()),
		'network', json_build_object('id', n.id, 'name', n.name),
		'topology', json_build_object('id', t.id, 'name', t.name, 'options', t.options - 'tag_filter' || '{"network_ids": []}',
			'nodes', share_places(t.nodes, plain, s.secret),
			'edges', share_places(t.edges, plain, s.secret), 'last_refreshed', seconds(t.last_refreshed), 'revision', t.revision),
		'tags', (SELECT coalesce(json_agg(json_build_object('id', g.id, 'name', g.name, 'color', g.color) ORDER BY g.name), '[]') FROM tag g
			WHERE g.organization_id = n.organization_id AND g.id IN (
				SELECT unnest(h.tags) FROM host h WHERE h.network_id = s.network_id AND h.tags <> '{}' AND h.id <> ALL (gone.hosts)
				UNION SELECT unnest(v.tags) FROM service v WHERE gone.services AND v.network_id = s.network_id AND v.tags <> '{}' AND v.host_id <> ALL (gone.hosts)
					AND NOT v.tags && gone.service_tags AND (v.ip IS NULL OR v.ip <> ALL (gone.addresses))
				UNION SELECT unnest(b.tags) FROM subnet b WHERE b.network_id = s.network_id AND b.id <> ALL (gone.subnets)
				UNION SELECT unnest(r.tags) FROM service_group r WHERE r.network_id = s.network_id AND share_group_bindings(r, gone) <> '{}')))
		FROM network n JOIN topology t ON t.network_id = n.id AND t.id = s.topology_id WHERE n.id = s.network_id);
END $$;

-- A page of the picture's rows of a kind after an id, in the form of the feed: how many, and the last one's id. Flows are summed up for each
-- pair of hosts and port, the busiest, and come as one page.
CREATE FUNCTION share_rows(of_id uuid, password_is text, kind text, after_id uuid, most integer)
RETURNS TABLE (list json, count bigint, last text) LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
	s share := share_open(of_id, password_is);
	plain boolean := s.options->'show_inspect_panel' IS DISTINCT FROM 'false';
	gone share_left := share_leaves(s);
BEGIN
	IF kind = 'subnet' THEN
		RETURN QUERY SELECT coalesce(json_agg(v ORDER BY v.id), '[]'), count(*), max(v.id::text)
		FROM (SELECT n.id, n.cidr::text, n.name, NULL AS description, n.subnet_type, n.origin, n.tags, n.revision, seconds(n.created_at) AS created_at
			FROM subnet n WHERE n.network_id = s.network_id AND n.id > after_id AND n.id <> ALL (gone.subnets) ORDER BY n.id LIMIT most) v;
	ELSIF kind = 'host' THEN
		RETURN QUERY SELECT coalesce(json_agg(v ORDER BY v.id), '[]'), count(*), max(v.id::text)
		FROM (SELECT h.id, share_named(h.name, plain, s.secret) AS name, h.name_source, h.vendor, seconds(h.first_seen) AS first_seen,
				seconds(h.last_seen) AS last_seen, seconds(h.present_since) AS present_since, NULL AS description, h.hidden, h.tags, h.virtualization, h.origin, h.revision
			FROM host h WHERE h.network_id = s.network_id AND h.id > after_id AND h.id <> ALL (gone.hosts) ORDER BY h.id LIMIT most) v;
	ELSIF kind = 'interface' THEN
		RETURN QUERY SELECT coalesce(json_agg(v ORDER BY v.id), '[]'), count(*), max(v.id::text)
		FROM (SELECT i.id, i.host_id, CASE WHEN plain THEN i.mac::text ELSE share_mac(i.mac::text, s.secret) END AS mac, host(i.ip) AS ip, i.vlan,
				CASE WHEN plain THEN i.via::text ELSE share_mac(i.via::text, s.secret) END AS via, i.vendor, i.random_mac, i.packets, i.bytes, i.packets_in,
				i.bytes_in, seconds(i.first_seen) AS first_seen, seconds(i.last_seen) AS last_seen, i.subnet_id,
				share_named(i.name, plain, s.secret) AS name, i.origin, i.revision
			FROM interface i WHERE i.network_id = s.network_id AND i.id > after_id AND i.host_id <> ALL (gone.hosts)
				AND (i.subnet_id IS NULL OR i.subnet_id <> ALL (gone.subnets)) ORDER BY i.id LIMIT most) v;
	ELSIF kind = 'service' THEN
		RETURN QUERY SELECT coalesce(json_agg(v ORDER BY v.id), '[]'), count(*), max(v.id::text)
		FROM (SELECT o.id, o.host_id, host(o.ip) AS ip, o.port, o.proto, o.vlan, o.state,
				share_named(o.name, plain, s.secret) AS name, o.source, o.confidence, o.clients,
				seconds(o.first_seen) AS first_seen, seconds(o.last_seen) AS last_seen, o.service_definition, o.name_source, o.tags, o.virtualization,
				o.origin, o.revision
			FROM service o WHERE gone.services AND o.network_id = s.network_id AND o.id > after_id AND o.host_id <> ALL (gone.hosts)
				AND NOT o.tags && gone.service_tags AND (o.ip IS NULL OR o.ip <> ALL (gone.addresses)) ORDER BY o.id LIMIT most) v;
	ELSIF kind = 'binding' THEN
		RETURN QUERY SELECT coalesce(json_agg(v ORDER BY v.id), '[]'), count(*), max(v.id::text)
		FROM (SELECT b.id, b.service_id, b.port_id, b.interface_id, b.origin, b.revision FROM binding b JOIN service o ON o.network_id = s.network_id
				AND o.id = b.service_id AND o.host_id <> ALL (gone.hosts) AND NOT o.tags && gone.service_tags
				AND (o.ip IS NULL OR o.ip <> ALL (gone.addresses))
			WHERE gone.services AND b.network_id = s.network_id AND b.id > after_id ORDER BY b.id LIMIT most) v;
	ELSIF kind = 'group' THEN
		RETURN QUERY SELECT coalesce(json_agg(v ORDER BY v.id), '[]'), count(*), max(v.id::text)
		FROM (SELECT g.id, g.name, NULL AS description, g.group_type, m.binding_ids, g.color, g.edge_style, g.origin, g.tags, g.revision,
				seconds(g.created_at) AS created_at
			FROM service_group g CROSS JOIN LATERAL share_group_bindings(g, gone) AS m (binding_ids)
			WHERE g.network_id = s.network_id AND g.id > after_id AND m.binding_ids <> '{}' ORDER BY g.id LIMIT most) v;
	ELSIF kind = 'neighbor' THEN
		RETURN QUERY SELECT coalesce(json_agg(v.shown ORDER BY v.at_id), '[]'), count(*), max(v.at_id::text)
		FROM (SELECT n.id AS at_id, json_build_object('id', CASE WHEN plain THEN n.id ELSE md5(s.secret::text || n.id)::uuid END, 'host_id', n.host_id,
				'sensor_id', NULL, 'source', n.source, 'mac', CASE WHEN plain THEN n.mac::text ELSE share_mac(n.mac::text, s.secret) END,
				'chassis', share_said(n.chassis, plain, s.secret), 'port', share_named(n.port, plain, s.secret),
				'port_description', share_named(n.port_description, plain, s.secret), 'system_name', share_named(n.system_name, plain, s.secret),
				'system_description', NULL, 'platform', n.platform, 'capabilities', n.capabilities,
				'management', CASE WHEN plain THEN (SELECT coalesce(jsonb_agg(m), '[]') FROM jsonb_array_elements_text(n.management) m
					WHERE m::inet <> ALL (gone.addresses)) ELSE '[]' END,
				'native_vlan', n.native_vlan, 'vlan', n.vlan, 'root', share_said(n.root, plain, s.secret), 'bridge', share_said(n.bridge, plain, s.secret),
				'cost', n.cost, 'first_seen', seconds(n.first_seen), 'last_seen', seconds(n.last_seen)) AS shown
			FROM neighbor n WHERE n.network_id = s.network_id AND n.id > after_id AND (n.host_id IS NULL OR n.host_id <> ALL (gone.hosts))
			ORDER BY n.id LIMIT most) v;
	ELSIF kind = 'flow' THEN
		RETURN QUERY SELECT coalesce(json_agg(json_build_object('id', md5(concat_ws('|', f.a, f.b, f.port, f.proto))::uuid, 'client_host_id', f.a,
				'client', f.client, 'server_host_id', f.b, 'server', f.server, 'port', f.port, 'proto', f.proto, 'vlan', '[]'::json, 'connections', f.connections,
				'packets', f.packets, 'bytes', f.bytes, 'packets_back', f.packets_back, 'bytes_back', f.bytes_back, 'rtt_us', NULL,
				'first_seen', seconds(f.first_seen), 'last_seen', seconds(f.last_seen)) ORDER BY f.bytes + f.bytes_back DESC, f.a, f.b, f.port), '[]'),
			0::bigint, NULL::text
		FROM (SELECT w.client_host_id AS a, w.server_host_id AS b, w.port, w.proto, host(min(w.client)) AS client, host(min(w.server)) AS server,
				sum(w.connections)::bigint AS connections, sum(w.packets)::bigint AS packets, sum(w.bytes)::bigint AS bytes,
				sum(w.packets_back)::bigint AS packets_back, sum(w.bytes_back)::bigint AS bytes_back, min(w.first_seen) AS first_seen,
				max(w.last_seen) AS last_seen
			FROM flow w WHERE w.network_id = s.network_id AND w.client_host_id <> ALL (gone.hosts) AND w.server_host_id <> ALL (gone.hosts)
				AND w.client <> ALL (gone.addresses) AND w.server <> ALL (gone.addresses)
				AND after_id = '00000000-0000-0000-0000-000000000000' GROUP BY 1, 2, 3, 4
			ORDER BY sum(w.bytes + w.bytes_back) DESC, 1, 2, 3, 4 LIMIT 10000) f;
	END IF;
END $$;

-- Many nodes or edges in one step: each entry replaces what was kept of it, null forgets it. kind: node or edge.
CREATE FUNCTION topology_places(kind text, old jsonb, given jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
	wrong text;
BEGIN
	IF (SELECT count(*) FROM jsonb_object_keys(given)) > 2000 THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = format('"%ss" holds more than 2000: send them in several steps', kind);
	END IF;
	SELECT e.key INTO wrong FROM jsonb_each(given) e
	WHERE octet_length(e.key) NOT BETWEEN 1 AND CASE kind WHEN 'node' THEN 200 ELSE 420 END
		OR CASE jsonb_typeof(e.value) WHEN 'null' THEN false WHEN 'object' THEN EXISTS (SELECT FROM jsonb_each(e.value) v WHERE CASE
			WHEN kind = 'node' AND v.key IN ('x', 'y') THEN CASE jsonb_typeof(v.value) WHEN 'number' THEN abs((v.value#>>'{}')::numeric) > 10000000 ELSE true END
			WHEN kind = 'node' AND v.key IN ('width', 'height') THEN CASE jsonb_typeof(v.value) WHEN 'number'
				THEN (v.value#>>'{}')::numeric NOT BETWEEN 1 AND 10000000 ELSE true END
			WHEN kind = 'edge' AND v.key IN ('source_handle', 'target_handle') THEN v.value NOT IN ('"Top"', '"Bottom"', '"Left"', '"Right"')
			ELSE true END) ELSE true END
	LIMIT 1;
	IF wrong IS NOT NULL THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = format('"%ss" has something wrong at "%s": %s, or null', kind, left(wrong, 60), CASE kind
			WHEN 'node' THEN 'x and y within ten millions, width and height from 1 on'
			ELSE 'source_handle and target_handle are Top, Bottom, Left or Right' END);
	END IF;
	RETURN jsonb_strip_nulls(old || given);
END $$;

-- step: lock, unlock, node-position, node-resize, edge-handles, nodes, edges, metadata, rebuild, refresh.
CREATE OR REPLACE FUNCTION topology_edit(of_id uuid, step text, body jsonb) RETURNS topology LANGUAGE plpgsql AS $$
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
			WHEN step = 'nodes' THEN topology_places('node', o.nodes, body->'nodes')
			WHEN step = 'rebuild' THEN '{}' ELSE o.nodes END,
		edges = CASE WHEN step = 'edge-handles'
			THEN o.edges || jsonb_build_object(edge, coalesce(o.edges->edge, '{}') || (body - 'edge_id'))
			WHEN step = 'edges' THEN topology_places('edge', o.edges, body->'edges')
			WHEN step = 'rebuild' THEN '{}' ELSE o.edges END,
		last_refreshed = CASE WHEN step IN ('rebuild', 'refresh') THEN now() ELSE o.last_refreshed END
	WHERE o.network_id = t.network_id AND o.id = t.id RETURNING * INTO t;
	IF octet_length(t.nodes::text) + octet_length(t.edges::text) > 8000000 THEN
		RAISE SQLSTATE 'NV413' USING MESSAGE = 'the topology has too many nodes that were placed by hand; rebuild it';
	END IF;
	RETURN t;
END $$;

SELECT pin_functions();
