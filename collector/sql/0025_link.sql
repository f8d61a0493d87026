-- SPDX-License-Identifier: BSD-2-Clause
-- Who is plugged in where, as devices tell by SNMP.

-- One row for each that was told to be at a port of a device: by source, VLAN, mac, chassis and port of the device, and MAC, chassis and port of
-- who is there, which its id follows from (conclude_link.c). Without any of these three it says how many are there. host_id and
-- peer_host_id are those of the interfaces of the MACs, and follow them (hosts_follow). What one walk of a device told has one last_seen.
CREATE TABLE link (
	network_id uuid NOT NULL,
	id uuid NOT NULL,
	host_id uuid,
	sensor_id uuid,
	source text NOT NULL,
	mac macaddr,
	chassis text,
	port text,
	port_description text,
	system_name text,
	peer_host_id uuid,
	peer_mac macaddr,
	peer_chassis text,
	peer_port text,
	peer_port_description text,
	peer_name text,
	platform text,
	capabilities jsonb NOT NULL,
	management jsonb NOT NULL,
	native_vlan bigint,
	vlan integer[] NOT NULL,
	stations bigint,
	speed_bps bigint,
	first_seen timestamptz NOT NULL,
	last_seen timestamptz NOT NULL,
	PRIMARY KEY (network_id, id)
) WITH (fillfactor = 60);
CREATE INDEX link_mac ON link (network_id, mac) WHERE mac IS NOT NULL;
CREATE INDEX link_peer_mac ON link (network_id, peer_mac) WHERE peer_mac IS NOT NULL;
CREATE INDEX link_host ON link (network_id, host_id) WHERE host_id IS NOT NULL;
CREATE INDEX link_peer_host ON link (network_id, peer_host_id) WHERE peer_host_id IS NOT NULL;
SELECT protect('link', 'observed');

CREATE VIEW live_link WITH (security_invoker = true) AS
	SELECT id, host_id, sensor_id, source, mac::text, chassis, port, port_description, system_name, peer_host_id, peer_mac::text, peer_chassis,
		peer_port, peer_port_description, peer_name, platform, capabilities, management, native_vlan, vlan, stations, speed_bps,
		seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen
	FROM link;
GRANT SELECT ON live_link TO netvisor_app;

-- Rows that were told again: links too.
ALTER TABLE change ADD COLUMN links uuid[];
ALTER TABLE change ALTER links SET STORAGE EXTERNAL;
CREATE FUNCTION change_seen(of_network uuid, of_hosts uuid[], of_interfaces uuid[], of_services uuid[], of_flows uuid[],
	of_neighbors uuid[], of_links uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	most integer := 500;
	entries integer := (greatest(cardinality(of_hosts), cardinality(of_interfaces), cardinality(of_services),
		cardinality(of_flows), cardinality(of_neighbors), cardinality(of_links)) + most - 1) / most;
	last bigint;
BEGIN
	IF coalesce(entries, 0) = 0 THEN
		RETURN;
	END IF;
	last := change_take(of_network, entries);
	INSERT INTO change (network_id, seq, at, entity, id, before, after, hosts, interfaces, services, flows, neighbors, links)
	SELECT of_network, last + k, clock_timestamp(), 'seen', of_network, '{}', '{}',
		of_hosts[(k - 1) * most + 1 : k * most], of_interfaces[(k - 1) * most + 1 : k * most],
		of_services[(k - 1) * most + 1 : k * most], of_flows[(k - 1) * most + 1 : k * most],
		of_neighbors[(k - 1) * most + 1 : k * most], of_links[(k - 1) * most + 1 : k * most]
	FROM generate_series(1, entries) k;
END $$;

-- Interfaces of these MACs, or of these hosts, have another host now: so have the links of which they are an end.
CREATE FUNCTION links_follow(of_network uuid, macs macaddr[], hosts uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	ids uuid[];
	befores jsonb[];
	afters jsonb[];
BEGIN
	WITH one AS (
		SELECT id FROM link WHERE network_id = of_network AND mac = ANY (macs)
		UNION SELECT id FROM link WHERE network_id = of_network AND peer_mac = ANY (macs)
		UNION SELECT id FROM link WHERE network_id = of_network AND host_id = ANY (hosts)
		UNION SELECT id FROM link WHERE network_id = of_network AND peer_host_id = ANY (hosts)
	), found AS (
		SELECT l.id, l.host_id AS was, l.peer_host_id AS peer_was,
			(SELECT i.host_id FROM interface i WHERE i.network_id = of_network AND i.mac = l.mac ORDER BY i.first_seen, i.id LIMIT 1) AS is_now,
			(SELECT i.host_id FROM interface i WHERE i.network_id = of_network AND i.mac = l.peer_mac ORDER BY i.first_seen, i.id LIMIT 1) AS peer_now
		FROM one JOIN link l ON l.network_id = of_network AND l.id = one.id
	), moved AS (
		UPDATE link l SET host_id = f.is_now, peer_host_id = f.peer_now FROM found f
		WHERE l.network_id = of_network AND l.id = f.id AND (f.is_now IS DISTINCT FROM f.was OR f.peer_now IS DISTINCT FROM f.peer_was)
		RETURNING l.id, f.was, f.peer_was, f.is_now, f.peer_now
	)
	SELECT array_agg(id), array_agg(CASE WHEN was IS DISTINCT FROM is_now THEN jsonb_build_object('host_id', was) ELSE '{}' END
			|| CASE WHEN peer_was IS DISTINCT FROM peer_now THEN jsonb_build_object('peer_host_id', peer_was) ELSE '{}' END),
		array_agg(CASE WHEN was IS DISTINCT FROM is_now THEN jsonb_build_object('host_id', is_now) ELSE '{}' END
			|| CASE WHEN peer_was IS DISTINCT FROM peer_now THEN jsonb_build_object('peer_host_id', peer_now) ELSE '{}' END)
	INTO ids, befores, afters FROM moved;
	IF ids IS NOT NULL THEN
		PERFORM changes_append(of_network, 'link', ids, befores, afters);
	END IF;
END $$;

ALTER FUNCTION hosts_follow(uuid, macaddr[], uuid[]) RENAME TO neighbors_follow;
CREATE FUNCTION hosts_follow(of_network uuid, macs macaddr[], hosts uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM neighbors_follow(of_network, macs, hosts);
	PERFORM links_follow(of_network, macs, hosts);
END $$;

-- Links that go, with all of what they were.
CREATE FUNCTION links_remove(of_network uuid, ids uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	befores jsonb[];
	sorted uuid[];
BEGIN
	SELECT array_agg(r.id ORDER BY r.id), array_agg(r.content ORDER BY r.id) INTO sorted, befores FROM live_rows('link', ids) r;
	IF sorted IS NULL THEN
		RETURN 0;
	END IF;
	DELETE FROM link WHERE network_id = of_network AND id = ANY (sorted);
	PERFORM changes_append(of_network, 'link', sorted, befores, array_fill(NULL::jsonb, ARRAY[cardinality(sorted)]));
	RETURN cardinality(sorted);
END $$;

-- A network holds so many: those that were told longest ago leave first, and of these those that were told once. How many had to go.
CREATE FUNCTION links_limit(of_network uuid, most bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	over bigint := (SELECT count(*) FROM link WHERE network_id = of_network) - most;
BEGIN
	IF over <= 0 THEN
		RETURN 0;
	END IF;
	RETURN links_remove(of_network, ARRAY(SELECT id FROM link WHERE network_id = of_network ORDER BY last_seen, last_seen - first_seen, id LIMIT over));
END $$;

-- A host that a person removes takes along what it told; who else told of it says so on, of a MAC that is nobody's.
CREATE FUNCTION host_links_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM links_remove(OLD.network_id, ARRAY(SELECT id FROM link WHERE network_id = OLD.network_id AND host_id = OLD.id))
	FROM network WHERE id = OLD.network_id;
	RETURN NULL;
END $$;
CREATE TRIGGER a_host_links_gone AFTER DELETE ON host FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION host_links_gone();

CREATE FUNCTION network_forget_links() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	DELETE FROM link WHERE network_id = OLD.id;
	RETURN NULL;
END $$;
CREATE TRIGGER network_forget_links AFTER DELETE ON network FOR EACH ROW EXECUTE FUNCTION network_forget_links();

-- What a person would call a link; the others as before.
ALTER FUNCTION history_label(text, jsonb) RENAME TO history_label_before_links;
CREATE FUNCTION history_label(entity text, content jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE entity WHEN 'link' THEN concat_ws(' → ', coalesce(content->>'peer_name', content->>'peer_chassis', content->>'peer_mac'),
			nullif(concat_ws(' ', coalesce(content->>'system_name', content->>'chassis', content->>'mac'), content->>'port'), ''))
		ELSE history_label_before_links(entity, content) END
$$;
ALTER FUNCTION history_kind(text, jsonb, jsonb, boolean) RENAME TO history_kind_before_links;
CREATE FUNCTION history_kind(entity text, before jsonb, after jsonb, edited boolean) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN entity = 'link' AND before IS NULL THEN 'appeared' WHEN entity = 'link' AND after IS NULL THEN 'gone'
		ELSE history_kind_before_links(entity, before, after, edited) END
$$;

-- Shared pictures have links too, of hosts that they show, and no more of them than of ports.
ALTER FUNCTION share_rows(uuid, text, text, uuid, integer) RENAME TO share_rows_before_links;
CREATE FUNCTION share_rows(of_id uuid, password_is text, kind text, after_id uuid, most integer)
RETURNS TABLE (list json, count bigint, last text) LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
DECLARE
	s share;
	plain boolean;
	gone share_left;
BEGIN
	IF kind <> 'link' THEN
		RETURN QUERY SELECT * FROM share_rows_before_links(of_id, password_is, kind, after_id, most);
		RETURN;
	END IF;
	s := share_open(of_id, password_is);
	plain := s.options->'show_inspect_panel' IS DISTINCT FROM 'false';
	gone := share_leaves(s);
	RETURN QUERY SELECT coalesce(json_agg(v.shown ORDER BY v.at_id), '[]'), count(*), max(v.at_id::text)
	FROM (SELECT l.id AS at_id, json_build_object('id', CASE WHEN plain THEN l.id ELSE md5(s.secret::text || l.id)::uuid END, 'host_id', l.host_id,
			'sensor_id', NULL, 'source', l.source, 'mac', CASE WHEN plain THEN l.mac::text ELSE share_mac(l.mac::text, s.secret) END,
			'chassis', share_said(l.chassis, plain, s.secret), 'port', share_named(l.port, plain, s.secret),
			'port_description', share_named(l.port_description, plain, s.secret), 'system_name', share_named(l.system_name, plain, s.secret),
			'peer_host_id', l.peer_host_id, 'peer_mac', CASE WHEN plain THEN l.peer_mac::text ELSE share_mac(l.peer_mac::text, s.secret) END,
			'peer_chassis', share_said(l.peer_chassis, plain, s.secret), 'peer_port', share_said(l.peer_port, plain, s.secret),
			'peer_port_description', share_named(l.peer_port_description, plain, s.secret), 'peer_name', share_named(l.peer_name, plain, s.secret),
			'platform', NULL, 'capabilities', l.capabilities, 'management', '[]'::json, 'native_vlan', l.native_vlan, 'vlan', l.vlan,
			'stations', l.stations, 'speed_bps', l.speed_bps, 'first_seen', seconds(l.first_seen), 'last_seen', seconds(l.last_seen)) AS shown
		FROM link l WHERE l.network_id = s.network_id AND l.id > after_id AND (l.host_id IS NULL OR l.host_id <> ALL (gone.hosts))
			AND (l.peer_host_id IS NULL OR l.peer_host_id <> ALL (gone.hosts)) ORDER BY l.id LIMIT most) v;
END $$;

SELECT pin_functions();
