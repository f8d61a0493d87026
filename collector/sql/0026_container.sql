-- SPDX-License-Identifier: BSD-2-Clause
-- What a sensor's machine runs in containers, as its engines (Docker, Podman) tell: each container is a service of that machine, its
-- networks are subnets, its addresses interfaces, its published ports bindings. And what a self-report says of the machine itself.

-- As in 0007_things.sql; what goes has no after, by which the feed takes the row away.
CREATE OR REPLACE FUNCTION row_log(entity text, of_table regclass, was jsonb, is_now jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	row_of jsonb := coalesce(is_now, was);
BEGIN
	IF coalesce(current_setting('netvisor.edits', true), '') = 'on' THEN
		RETURN;
	END IF;
	was := live_json(entity, of_table, was);
	is_now := live_json(entity, of_table, is_now);
	PERFORM change_append((row_of->>'network_id')::uuid, entity, (row_of->>'id')::uuid,
		CASE WHEN is_now IS NULL THEN was ELSE json_only_changed(was, is_now) END,
		CASE WHEN was IS NULL OR is_now IS NULL THEN is_now ELSE json_only_changed(is_now, was) END)
	WHERE was IS DISTINCT FROM is_now;
END $$;

-- container_of: the service of the container whose address it is. Other machines' containers have the same addresses and MACs, so what
-- is heard on the wire is never concluded to be one of these.
ALTER TABLE interface ADD COLUMN container_of uuid;
CREATE INDEX interface_container ON interface (network_id, container_of) WHERE container_of IS NOT NULL;
CREATE OR REPLACE VIEW live_interface WITH (security_invoker = true) AS
	SELECT id, host_id, mac::text, host(ip) AS ip, vlan, via::text, vendor, random_mac, packets, bytes, packets_in, bytes_in,
		seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen, subnet_id, name, origin, revision, container_of
	FROM interface;
CREATE OR REPLACE VIEW candidate_face WITH (security_invoker = true) AS
	SELECT h.id AS host_id, h.name, h.name_source, h.vendor, micros(h.first_seen) AS host_first, micros(h.last_seen) AS host_last,
		h.name_kind, micros(h.name_last) AS name_last, i.id, i.mac, host(i.ip) AS ip, i.vlan, i.via, i.vendor AS face_vendor, i.packets,
		i.bytes, i.packets_in, i.bytes_in, micros(i.first_seen) AS first_seen, micros(i.last_seen) AS last_seen, h.chassis,
		micros(h.present_since) AS present_since, i.subnet_id,
		(SELECT count(*) FROM (SELECT FROM interface o WHERE o.host_id = h.id AND o.container_of IS NULL LIMIT 100) n) AS stored,
		(SELECT string_agg(r.other_host_id::text, ' ') FROM identity_rule r WHERE r.host_id = h.id AND r.kind = 'apart') AS apart
	FROM host h JOIN interface i ON i.host_id = h.id
	WHERE i.container_of IS NULL;

-- Containers' services, and engines': source docker. Those that are noted at a port of the wire have another source.
CREATE INDEX service_docker ON service (network_id, host_id) WHERE source = 'docker';

-- One that goes takes its addresses and ports along.
CREATE FUNCTION container_face_drop(of_network uuid, face uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	was interface;
BEGIN
	DELETE FROM binding WHERE network_id = of_network AND interface_id = face;
	DELETE FROM interface WHERE network_id = of_network AND id = face RETURNING * INTO was;
	PERFORM row_log('interface', 'interface', to_jsonb(was), NULL) FROM network WHERE id = of_network AND was.id IS NOT NULL;
END $$;
CREATE FUNCTION container_gone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	left_over uuid[];
BEGIN
	WITH unbound AS (
		DELETE FROM binding WHERE network_id = OLD.network_id AND service_id = OLD.id RETURNING port_id
	)
	SELECT array_agg(DISTINCT port_id) INTO left_over FROM unbound;
	PERFORM port_forget(OLD.network_id, p) FROM unnest(left_over) p;
	PERFORM container_face_drop(OLD.network_id, id) FROM interface WHERE network_id = OLD.network_id AND container_of = OLD.id;
	RETURN NULL;
END $$;
CREATE TRIGGER container_gone AFTER DELETE ON service FOR EACH ROW WHEN (OLD.source = 'docker') EXECUTE FUNCTION container_gone();

-- The host that the sensor runs on; made when nothing was heard of it yet: facts of its MACs come to it.
CREATE FUNCTION container_host(of_network uuid, of_sensor uuid, machine jsonb) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	found uuid;
	made host;
	face interface;
BEGIN
	SELECT coalesce(s.host_id, (SELECT i.host_id FROM interface i JOIN jsonb_array_elements_text(coalesce(machine->'macs', '[]')) m
		ON i.mac = m::macaddr WHERE i.network_id = of_network AND i.container_of IS NULL ORDER BY i.first_seen LIMIT 1))
	INTO found FROM sensor s WHERE s.network_id = of_network AND s.id = of_sensor;
	IF found IS NOT NULL OR jsonb_array_length(coalesce(machine->'macs', '[]')) = 0 THEN
		RETURN found;
	END IF;
	INSERT INTO host (network_id, id, name, name_source, first_seen, last_seen, present_since)
	VALUES (of_network, gen_random_uuid(), machine->>'hostname', 'sensor', now(), now(), now()) RETURNING * INTO made;
	PERFORM row_log('host', 'host', NULL, to_jsonb(made));
	FOR face IN INSERT INTO interface (network_id, id, host_id, mac, vlan, first_seen, last_seen)
		SELECT of_network, gen_random_uuid(), made.id, m::macaddr, '{}', now(), now() FROM jsonb_array_elements_text(machine->'macs') m LIMIT 16
		RETURNING *
	LOOP
		PERFORM row_log('interface', 'interface', NULL, to_jsonb(face));
	END LOOP;
	RETURN made.id;
END $$;

-- A service that is as it should be by now, or is made so. fresh: a whole row.
CREATE FUNCTION container_service_put(was service, fresh service) RETURNS service LANGUAGE plpgsql AS $$
DECLARE
	is_now service;
BEGIN
	IF was.id IS NULL THEN
		INSERT INTO service SELECT fresh.* RETURNING * INTO is_now;
		PERFORM row_log('service', 'service', NULL, to_jsonb(is_now));
		RETURN is_now;
	END IF;
	UPDATE service s SET host_id = fresh.host_id, ip = fresh.ip, port = fresh.port, proto = fresh.proto, state = fresh.state,
		name = CASE WHEN s.name_source = 'manual' THEN s.name ELSE fresh.name END, virtualization = fresh.virtualization,
		service_definition = coalesce(s.service_definition, fresh.service_definition), last_seen = fresh.last_seen
	WHERE s.network_id = was.network_id AND s.id = was.id RETURNING * INTO is_now;
	PERFORM row_log('service', 'service', to_jsonb(was), to_jsonb(is_now));
	RETURN is_now;
END $$;

-- What runs the containers: a service of the machine, without a place on the wire.
CREATE FUNCTION container_engine(of_network uuid, of_host uuid, engine jsonb) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	kind constant text := lower(engine->>'type');
	called constant text := left(engine->>'name', 100);
	-- The same engine keeps its id when a person calls it otherwise.
	steady constant uuid := md5(of_host || ' ' || called)::uuid;
	was service;
	fresh service;
BEGIN
	SELECT * INTO was FROM service WHERE network_id = of_network AND host_id = of_host AND source = 'docker' AND service_definition = kind
		AND (id = steady OR name = called) ORDER BY id = steady DESC LIMIT 1;
	fresh := was;
	IF was.id IS NULL THEN
		fresh := jsonb_populate_record(NULL::service, jsonb_build_object('network_id', of_network, 'id', CASE WHEN EXISTS (
			SELECT FROM service WHERE network_id = of_network AND id = steady) THEN gen_random_uuid() ELSE steady END, 'host_id', of_host, 'vlan',
			'{}'::integer[], 'source', 'docker', 'confidence', 'announced', 'clients', 0, 'first_seen', now(), 'tags', '{}'::uuid[], 'position', 0,
			'origin', 'discovery', 'revision', 1, 'created_at', now(), 'updated_at', now(), 'service_definition', kind));
	END IF;
	fresh.name := called;
	fresh.state := 'open';
	fresh.last_seen := now();
	RETURN (container_service_put(was, fresh)).id;
END $$;

-- A network of an engine that a container is in: its subnet. One that was known by its prefix alone has its name now; a
-- prefix of the machine's own keeps its type.
CREATE FUNCTION container_subnet(of_network uuid, of_host uuid, of_prefix cidr, net jsonb) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	one uuid := subnet_discovered(of_network, of_prefix, left(net->>'name', 100), net->>'subnet_type');
	was subnet;
	is_now subnet;
BEGIN
	SELECT * INTO was FROM subnet WHERE network_id = of_network AND id = one AND origin = 'discovery' AND name = cidr::text;
	IF was.id IS NOT NULL AND was.subnet_type IN ('Lan', 'Unknown', 'DockerBridge') AND net->>'subnet_type' = 'DockerBridge' AND NOT EXISTS (
		SELECT FROM interface WHERE network_id = of_network AND subnet_id = one AND container_of IS NULL AND host_id <> of_host) THEN
		UPDATE subnet SET name = left(net->>'name', 100), subnet_type = 'DockerBridge'
		WHERE network_id = of_network AND id = one RETURNING * INTO is_now;
		PERFORM row_log('subnet', 'subnet', to_jsonb(was), to_jsonb(is_now));
	END IF;
	RETURN one;
END $$;

-- Where a container is on one of its networks: an interface that was heard on the wire, when it is this one's, or one of its own.
-- Only what this very sensor heard counts behind a bridge, whose addresses every machine has.
CREATE FUNCTION container_face(of_network uuid, of_sensor uuid, of_host uuid, of_service uuid, address inet, card macaddr, called text, net jsonb,
	of_subnet uuid) RETURNS interface LANGUAGE plpgsql AS $$
DECLARE
	heard interface;
	was interface;
	is_now interface;
BEGIN
	SELECT * INTO heard FROM interface i WHERE i.network_id = of_network AND i.ip = address AND i.mac = card AND i.container_of IS NULL
		AND (net->>'subnet_type' IN ('MacVlan', 'IpVlan') OR i.host_id = of_host OR EXISTS (SELECT FROM evidence e WHERE e.network_id = of_network
			AND e.ip = address AND e.mac = card AND e.kind = 'address' AND e.sensor_id = of_sensor))
	ORDER BY i.last_seen DESC LIMIT 1;
	SELECT * INTO was FROM interface WHERE network_id = of_network AND container_of = of_service AND ip = address;
	IF heard.id IS NOT NULL THEN
		PERFORM container_face_drop(of_network, was.id) WHERE was.id IS NOT NULL;
		RETURN heard;
	END IF;
	IF was.id IS NULL THEN
		INSERT INTO interface (network_id, id, host_id, mac, ip, vlan, random_mac, first_seen, last_seen, subnet_id, name, container_of)
		VALUES (of_network, gen_random_uuid(), of_host, card, address, '{}', false, now(), now(), of_subnet, left(called, 100), of_service)
		RETURNING * INTO is_now;
		PERFORM row_log('interface', 'interface', NULL, to_jsonb(is_now));
	ELSE
		UPDATE interface SET host_id = of_host, mac = card, last_seen = now(), subnet_id = of_subnet, name = left(called, 100)
		WHERE network_id = of_network AND id = was.id RETURNING * INTO is_now;
		PERFORM row_log('interface', 'interface', to_jsonb(was), to_jsonb(is_now));
	END IF;
	RETURN is_now;
END $$;

-- Where a container is reached: wanted {port, proto, face}, face null for every interface of the host. What a person bound stays.
CREATE FUNCTION container_bindings(s service, wanted jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	made binding;
	left_over uuid[];
BEGIN
	INSERT INTO port (network_id, id, host_id, number, protocol, origin)
	SELECT DISTINCT ON (w.port, w.proto) s.network_id, gen_random_uuid(), s.host_id, w.port, w.proto, 'discovery'
	FROM jsonb_to_recordset(wanted) AS w (port integer, proto text)
	ON CONFLICT (network_id, host_id, number, protocol) DO NOTHING;
	WITH unwanted AS (
		DELETE FROM binding b WHERE b.network_id = s.network_id AND b.service_id = s.id AND b.origin = 'discovery' AND NOT EXISTS (
			SELECT FROM jsonb_to_recordset(wanted) AS w (port integer, proto text, face uuid) JOIN port p ON p.network_id = s.network_id
				AND p.host_id = s.host_id AND p.number = w.port AND p.protocol = w.proto
			WHERE p.id = b.port_id AND w.face IS NOT DISTINCT FROM b.interface_id)
		RETURNING b.port_id
	)
	SELECT array_agg(DISTINCT port_id) INTO left_over FROM unwanted;
	PERFORM port_forget(s.network_id, p) FROM unnest(left_over) p;
	FOR made IN INSERT INTO binding (network_id, id, service_id, port_id, interface_id, origin)
		SELECT DISTINCT ON (p.id, w.face) s.network_id, gen_random_uuid(), s.id, p.id, w.face, 'discovery'
		FROM jsonb_to_recordset(wanted) AS w (port integer, proto text, face uuid) JOIN port p ON p.network_id = s.network_id
			AND p.host_id = s.host_id AND p.number = w.port AND p.protocol = w.proto
		WHERE NOT EXISTS (SELECT FROM binding b WHERE b.network_id = s.network_id AND b.service_id = s.id AND b.port_id = p.id
			AND b.interface_id IS NOT DISTINCT FROM w.face)
		RETURNING *
	LOOP
		PERFORM row_log('binding', 'binding', NULL, to_jsonb(made));
	END LOOP;
END $$;

-- One container. Its id among the services: the same name on the same engine is the same service, however often it was made anew.
CREATE FUNCTION container_take(of_network uuid, of_sensor uuid, of_host uuid, engine uuid, type text, c jsonb, networks jsonb) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
	runs constant boolean := c->>'state' IN ('running', 'paused', 'restarting');
	was service;
	fresh service;
	member jsonb;
	net jsonb;
	subnets jsonb;
	face interface;
	faces uuid[] := '{}';
	wanted jsonb;
	address inet;
BEGIN
	SELECT * INTO was FROM service WHERE network_id = of_network AND source = 'docker' AND virtualization->>'service_id' = engine::text
		AND virtualization->>'container_name' = c->>'name' ORDER BY first_seen LIMIT 1;
	fresh := was;
	IF was.id IS NULL THEN
		fresh := jsonb_populate_record(NULL::service, jsonb_build_object('network_id', of_network, 'id', gen_random_uuid(), 'vlan', '{}'::integer[],
			'source', 'docker', 'confidence', 'announced', 'clients', 0, 'first_seen', now(), 'last_seen', now(), 'tags', '{}'::uuid[],
			'position', 0, 'origin', 'discovery', 'revision', 1, 'created_at', now(), 'updated_at', now()));
	END IF;
	fresh.host_id := of_host;
	-- Its interfaces first: the service is where they are.
	FOR member IN SELECT * FROM jsonb_array_elements(coalesce(c->'networks', '[]')) LOOP
		SELECT n INTO net FROM jsonb_array_elements(networks) n WHERE n->>'name' = member->>'name' AND n->'engine' = c->'engine' LIMIT 1;
		CONTINUE WHEN net IS NULL;
		FOR address IN SELECT a::inet FROM unnest(ARRAY[member->>'ip', member->>'ip6']) a WHERE a IS NOT NULL LOOP
			SELECT jsonb_object_agg(p->>'prefix', container_subnet(of_network, of_host, network((p->>'prefix')::inet), net)) INTO subnets
			FROM jsonb_array_elements(net->'prefixes') p WHERE address << (p->>'prefix')::inet;
			face := container_face(of_network, of_sensor, of_host, fresh.id, address, (member->>'mac')::macaddr, member->>'name', net,
				(SELECT value::uuid FROM jsonb_each_text(coalesce(subnets, '{}')) LIMIT 1));
			faces := faces || face.id;
			IF cardinality(faces) = 1 THEN
				fresh.ip := face.ip;
				fresh.host_id := face.host_id;
			END IF;
		END LOOP;
	END LOOP;
	PERFORM container_face_drop(of_network, id) FROM interface
	WHERE network_id = of_network AND container_of = fresh.id AND id <> ALL (faces);
	IF cardinality(faces) = 0 THEN
		fresh.ip := NULL;
	END IF;
	SELECT (p->>'port')::integer, p->>'proto' INTO fresh.port, fresh.proto FROM jsonb_array_elements(coalesce(c->'ports', '[]')) p
	WHERE p->>'proto' IN ('tcp', 'udp') ORDER BY p ? 'host_port' DESC, p->>'proto', (p->>'port')::integer LIMIT 1;
	fresh.name := left(c->>'name', 100);
	fresh.state := CASE WHEN runs THEN 'open' ELSE 'closed' END;
	fresh.last_seen := CASE WHEN runs THEN now() ELSE fresh.last_seen END;
	fresh.virtualization := jsonb_build_object('type', type, 'service_id', engine, 'container_id', c->>'id', 'container_name', c->>'name')
		|| (c - ARRAY['id', 'name', 'engine', 'networks', 'image_size', 'image_created'])
		|| jsonb_build_object('networks', (SELECT coalesce(jsonb_agg(m->>'name'), '[]') FROM jsonb_array_elements(coalesce(c->'networks', '[]')) m));
	fresh := container_service_put(was, fresh);
	-- On its own addresses, or on the host's; and what is published, on the host.
	SELECT coalesce(jsonb_agg(jsonb_build_object('port', w.port, 'proto', w.proto, 'face', w.face)), '[]') INTO wanted FROM (
		SELECT (p->>'port')::integer AS port, p->>'proto' AS proto, f AS face FROM jsonb_array_elements(coalesce(c->'ports', '[]')) p
			LEFT JOIN unnest(faces) f ON true WHERE cardinality(faces) > 0 OR c->>'network_mode' = 'host'
		UNION SELECT (p->>'host_port')::integer, p->>'proto', (SELECT i.id FROM interface i WHERE i.network_id = of_network AND i.host_id = of_host
			AND i.ip = (p->>'host_ip')::inet ORDER BY i.container_of IS NOT NULL, i.mac IS NULL, i.id LIMIT 1)
		FROM jsonb_array_elements(coalesce(c->'ports', '[]')) p WHERE p ? 'host_port' AND fresh.host_id = of_host) w
	WHERE w.proto IN ('tcp', 'udp');
	PERFORM container_bindings(fresh, wanted);
	RETURN fresh.id;
END $$;

-- Services that were heard at a published port are the container's; those that no container publishes any more are nobody's.
CREATE FUNCTION container_ports(of_network uuid, of_host uuid, engine uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	one record;
	is_now service;
BEGIN
	FOR one IN WITH published AS (
			SELECT c.virtualization - ARRAY['ports', 'labels', 'networks'] AS of_container, (p->>'host_port')::integer AS port, p->>'proto' AS proto,
				(p->>'host_ip')::inet AS ip
			FROM service c, jsonb_array_elements(coalesce(c.virtualization->'ports', '[]')) p
			WHERE c.network_id = of_network AND c.source = 'docker' AND c.host_id = of_host AND c.virtualization->>'service_id' = engine::text
				AND c.state = 'open' AND p ? 'host_port')
		SELECT s AS was, (SELECT p.of_container FROM published p WHERE p.port = s.port AND p.proto = s.proto AND (p.ip IS NULL OR p.ip = s.ip
			OR p.ip IN ('0.0.0.0', '::')) ORDER BY p.ip = s.ip DESC NULLS LAST LIMIT 1) AS should
		FROM service s WHERE s.network_id = of_network AND s.host_id = of_host AND s.source <> 'docker' AND s.origin = 'discovery'
			AND (s.virtualization IS NULL OR (s.virtualization ? 'container_id' AND s.virtualization->>'service_id' = engine::text))
	LOOP
		CONTINUE WHEN (one.was).virtualization IS NOT DISTINCT FROM one.should;
		UPDATE service SET virtualization = one.should WHERE network_id = of_network AND id = (one.was).id RETURNING * INTO is_now;
		PERFORM row_log('service', 'service', to_jsonb(one.was), to_jsonb(is_now));
	END LOOP;
END $$;

-- Containers that the engine does not have any more: closed, and marked so, with the time; after a month, or when they are many,
-- those that nobody added anything to leave.
CREATE FUNCTION containers_lost(of_network uuid, engine uuid, there uuid[]) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	gone_max constant integer := 200;
	lost integer := 0;
	was service;
	is_now service;
BEGIN
	FOR was IN SELECT * FROM service WHERE network_id = of_network AND source = 'docker' AND virtualization->>'service_id' = engine::text
		AND id <> ALL (there) AND virtualization->>'state' <> 'gone'
	LOOP
		PERFORM container_face_drop(of_network, id) FROM interface WHERE network_id = of_network AND container_of = was.id;
		UPDATE service SET state = 'closed', virtualization = virtualization || jsonb_build_object('state', 'gone', 'gone_at', floor(extract(epoch FROM now())))
		WHERE network_id = of_network AND id = was.id RETURNING * INTO is_now;
		PERFORM row_log('service', 'service', to_jsonb(was), to_jsonb(is_now));
		lost := lost + 1;
	END LOOP;
	FOR was IN SELECT * FROM service WHERE network_id = of_network AND id IN (SELECT id FROM (
		SELECT id, (virtualization->>'gone_at')::numeric AS at, row_number() OVER (ORDER BY (virtualization->>'gone_at')::numeric DESC, id) AS place FROM service
		WHERE network_id = of_network AND source = 'docker' AND virtualization->>'service_id' = engine::text AND virtualization->>'state' = 'gone'
			AND name_source IS DISTINCT FROM 'manual' AND tags = '{}' AND service_definition IS NULL) g
		WHERE place > gone_max OR at < extract(epoch FROM now()) - 30 * 86400)
	LOOP
		DELETE FROM service WHERE network_id = of_network AND id = was.id;
		PERFORM row_log('service', 'service', to_jsonb(was), NULL);
	END LOOP;
	RETURN lost;
END $$;

-- A report of containers (docs/stream.md). Returns what the session shows as its results.
CREATE OR REPLACE FUNCTION docker_report_take(of_network uuid, of_sensor uuid, report jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
	owner uuid := container_host(of_network, of_sensor, report->'machine');
	engine jsonb;
	engines text[] := '{}';
	number bigint;
	one uuid;
	there uuid[];
	before timestamptz := now();
	whole constant boolean := coalesce((report->>'left_out')::integer, 0) = 0;
	gone integer := 0;
BEGIN
	IF owner IS NULL THEN
		RETURN report_numbers(report) || jsonb_build_object('notes', jsonb_build_array('Nothing was kept: it is not known yet which host the sensor''s '
			'machine is. Run its self-report first, then this again.'));
	END IF;
	FOR engine, number IN SELECT e, n - 1 FROM jsonb_array_elements(report->'engines') WITH ORDINALITY AS t (e, n) LIMIT 8 LOOP
		one := container_engine(of_network, owner, engine);
		engines := engines || format('%s %s', engine->>'name', engine->>'version');
		SELECT coalesce(array_agg(container_take(of_network, of_sensor, owner, one, engine->>'type', c, coalesce(report->'networks', '[]'))), '{}')
		INTO there FROM (SELECT c FROM jsonb_array_elements(report->'containers') c WHERE (c->>'engine')::bigint = number LIMIT 1000) x;
		IF whole THEN
			gone := gone + containers_lost(of_network, one, there);
		END IF;
		PERFORM container_ports(of_network, owner, one);
	END LOOP;
	RETURN jsonb_build_object('engines', array_to_string(engines, ', '), 'containers', jsonb_array_length(report->'containers'),
		'running', (SELECT count(*) FROM jsonb_array_elements(report->'containers') c WHERE c->>'state' = 'running'),
		'networks', jsonb_array_length(report->'networks'), 'images', report->'images', 'gone', gone, 'left_out', report->'left_out')
		|| CASE jsonb_array_length(coalesce(report->'problems', '[]')) WHEN 0 THEN '{}' ELSE jsonb_build_object('notes',
			(SELECT jsonb_agg(left(p->>'why', 300)) FROM jsonb_array_elements(report->'problems') p)) END;
END $$;

-- What a sensor found out of its own machine outlives the connection that told it.
CREATE FUNCTION sensor_found_out() RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT ARRAY['has_docker_socket', 'interfaced_subnet_ids', 'has_raw_sockets', 'has_xdp', 'has_io_uring', 'gateways', 'dns_servers']
$$;

-- As in 0012_session.sql, with its gateways, its resolvers and what it may do there.
ALTER FUNCTION self_report_take(uuid, uuid, jsonb) RENAME TO self_report_subnets;
CREATE FUNCTION self_report_take(of_network uuid, of_sensor uuid, report jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	results jsonb := self_report_subnets(of_network, of_sensor, report);
	gateways text := (SELECT string_agg(host((g->>'ip')::inet), ', ') FROM jsonb_array_elements(coalesce(report->'gateways', '[]')) g);
	resolvers text := (SELECT string_agg(host(d::inet), ', ') FROM jsonb_array_elements_text(coalesce(report->'dns_servers', '[]')) d);
	more jsonb := jsonb_strip_nulls(jsonb_build_object('has_raw_sockets', (report->>'has_raw_sockets')::boolean, 'has_xdp', (report->>'has_xdp')::boolean,
		'has_io_uring', (report->>'has_io_uring')::boolean, 'gateways', gateways, 'dns_servers', resolvers));
BEGIN
	PERFORM sensor_update(of_network, of_sensor, jsonb_build_object('capabilities', (s.capabilities - ARRAY['gateways', 'dns_servers']) || more))
	FROM sensor s WHERE s.network_id = of_network AND s.id = of_sensor;
	RETURN results || jsonb_strip_nulls(jsonb_build_object('gateways', gateways, 'dns_servers', resolvers));
END $$;

-- As in 0012_session.sql.
CREATE OR REPLACE FUNCTION sensor_greet(of_network uuid, of_sensor uuid, patch jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	number bigint;
BEGIN
	PERFORM 1 FROM network WHERE id = of_network FOR NO KEY UPDATE;
	PERFORM sensor_update(of_network, of_sensor, patch || jsonb_build_object('capabilities', (patch->'capabilities') ||
		coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(s.capabilities) WHERE key = ANY (sensor_found_out())), '{}')))
	FROM sensor s WHERE s.network_id = of_network AND s.id = of_sensor;
	UPDATE sensor SET connection = connection + 1 WHERE network_id = of_network AND id = of_sensor
	RETURNING connection INTO number;
	IF EXISTS (SELECT FROM session WHERE network_id = of_network AND sensor_id = of_sensor AND claimed_by IS NOT NULL) THEN
		PERFORM session_release(of_network, of_sensor);
	END IF;
	IF patch->'capabilities' ? 'discoveries' THEN
		PERFORM discovery_defaults(of_network, of_sensor);
	END IF;
	PERFORM pg_notify('netvisor_sensor', of_sensor || ' ' || number);
	RETURN number;
END $$;

-- What a shared picture shows of what runs something: what it needs to draw it, and never labels, ports or ids of images. Without the panel that
-- tells of things, MACs in names are made up as those of hosts are, and of an image there is what it is of.
CREATE FUNCTION share_virtualization(of jsonb, plain boolean, secret uuid) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN jsonb_typeof(of) <> 'object' OR of IS NULL THEN NULL ELSE jsonb_strip_nulls(jsonb_build_object('type', of->'type', 'service_id', of->'service_id',
		'state', of->'state', 'container_name', share_named(of->>'container_name', plain, secret), 'vm_name', share_named(of->>'vm_name', plain, secret),
		'container_id', CASE WHEN plain THEN of->>'container_id' ELSE md5(secret || (of->>'container_id')) END,
		'vm_id', CASE WHEN plain THEN of->>'vm_id' END, 'compose_project', CASE WHEN plain THEN of->>'compose_project' END,
		'image', CASE WHEN plain THEN of->>'image' ELSE regexp_replace(regexp_replace(of->>'image', '^.*/', ''), '[:@].*$', '') END)) END
$$;
DO $$
DECLARE
	was text := pg_get_functiondef('share_rows_before_links(uuid, text, text, uuid, integer)'::regprocedure);
	is_now text := replace(replace(replace(was, 'AS name, i.origin, i.revision', 'AS name, i.origin, i.revision, i.container_of'), 'o.tags, o.virtualization,', 'o.tags, share_virtualization(o.virtualization, plain, s.secret) AS virtualization,'),
		'h.tags, h.virtualization,', 'h.tags, share_virtualization(h.virtualization, plain, s.secret) AS virtualization,');
BEGIN
	IF is_now NOT LIKE '%i.container_of%' OR is_now NOT LIKE '%share_virtualization(o.%' OR is_now NOT LIKE '%share_virtualization(h.%' THEN
		RAISE EXCEPTION 'share_rows_before_links() is not as it was';
	END IF;
	EXECUTE is_now;
END $$;

SELECT pin_functions();
