-- SPDX-License-Identifier: BSD-2-Clause
-- What devices say of themselves on layer 2, as rows of the feed; and which host a sensor runs on.

-- One row for each port that was heard: by source, VLAN, mac, chassis and port, which its id follows from (conclude_neighbor.c).
-- host_id is that of the interfaces of its mac, and follows them (hosts_follow). capabilities and management are arrays.
CREATE TABLE neighbor (
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
	system_description text,
	platform text,
	capabilities jsonb NOT NULL,
	management jsonb NOT NULL,
	native_vlan bigint,
	vlan integer[] NOT NULL,
	root text,
	bridge text,
	cost bigint,
	first_seen timestamptz NOT NULL,
	last_seen timestamptz NOT NULL,
	PRIMARY KEY (network_id, id)
) WITH (fillfactor = 60);
CREATE INDEX neighbor_mac ON neighbor (network_id, mac) WHERE mac IS NOT NULL;
CREATE INDEX neighbor_host ON neighbor (network_id, host_id) WHERE host_id IS NOT NULL;
SELECT protect('neighbor', 'observed');

CREATE VIEW live_neighbor WITH (security_invoker = true) AS
	SELECT id, host_id, sensor_id, source, mac::text, chassis, port, port_description, system_name, system_description, platform,
		capabilities, management, native_vlan, vlan, root, bridge, cost, seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen
	FROM neighbor;
GRANT SELECT ON live_neighbor TO netvisor_app;

-- own_macs: of the machine that the sensor runs on, as it reported them.
ALTER TABLE sensor ADD COLUMN host_id uuid, ADD COLUMN own_macs macaddr[] NOT NULL DEFAULT '{}';
CREATE OR REPLACE VIEW live_sensor WITH (security_invoker = true) AS
	SELECT id, name, description, hostname, software, connected, seconds(last_seen) AS last_seen, capabilities, interfaces, counters,
		losses, tags, revision, host_id
	FROM sensor;

-- Rows that were seen again: ports too.
ALTER TABLE change ADD COLUMN neighbors uuid[];
ALTER TABLE change ALTER neighbors SET STORAGE EXTERNAL;
DROP FUNCTION change_seen(uuid, uuid[], uuid[], uuid[], uuid[]);
CREATE FUNCTION change_seen(of_network uuid, of_hosts uuid[], of_interfaces uuid[], of_services uuid[], of_flows uuid[],
	of_neighbors uuid[] DEFAULT NULL) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	most integer := 500;
	entries integer := (greatest(cardinality(of_hosts), cardinality(of_interfaces), cardinality(of_services),
		cardinality(of_flows), cardinality(of_neighbors)) + most - 1) / most;
	last bigint;
BEGIN
	IF coalesce(entries, 0) = 0 THEN
		RETURN;
	END IF;
	last := change_take(of_network, entries);
	INSERT INTO change (network_id, seq, at, entity, id, before, after, hosts, interfaces, services, flows, neighbors)
	SELECT of_network, last + k, clock_timestamp(), 'seen', of_network, '{}', '{}',
		of_hosts[(k - 1) * most + 1 : k * most], of_interfaces[(k - 1) * most + 1 : k * most],
		of_services[(k - 1) * most + 1 : k * most], of_flows[(k - 1) * most + 1 : k * most],
		of_neighbors[(k - 1) * most + 1 : k * most]
	FROM generate_series(1, entries) k;
END $$;

-- Sensors are at the host that has most of their own MACs.
CREATE FUNCTION sensors_follow(of_network uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	edits text := current_setting('netvisor.edits', true);
	ids uuid[];
	befores jsonb[];
	afters jsonb[];
BEGIN
	-- Nobody edited the sensor: its entry is written here.
	PERFORM set_config('netvisor.edits', '', true);
	WITH found AS (
		SELECT s.id, s.host_id AS was, (SELECT i.host_id FROM interface i WHERE i.network_id = of_network AND i.mac = ANY (s.own_macs)
			GROUP BY i.host_id ORDER BY count(*) DESC, min(i.first_seen), i.host_id LIMIT 1) AS is_now
		FROM sensor s WHERE s.network_id = of_network AND s.own_macs <> '{}'
	), moved AS (
		UPDATE sensor s SET host_id = f.is_now FROM found f
		WHERE s.network_id = of_network AND s.id = f.id AND f.is_now IS DISTINCT FROM f.was RETURNING s.id, f.was, f.is_now
	)
	SELECT array_agg(id), array_agg(jsonb_build_object('host_id', was)), array_agg(jsonb_build_object('host_id', is_now))
	INTO ids, befores, afters FROM moved;
	IF ids IS NOT NULL THEN
		PERFORM changes_append(of_network, 'sensor', ids, befores, afters);
	END IF;
	PERFORM set_config('netvisor.edits', coalesce(edits, ''), true);
END $$;

-- A sensor reports its machine's MACs.
CREATE FUNCTION sensor_own(of_network uuid, of_sensor uuid, macs macaddr[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	UPDATE sensor s SET own_macs = CASE WHEN cardinality(u.own) <= 64 THEN u.own ELSE macs[1:64] END
	FROM (SELECT o.id, ARRAY(SELECT DISTINCT m FROM unnest(o.own_macs || macs) m ORDER BY m) AS own FROM sensor o
		WHERE o.network_id = of_network AND o.id = of_sensor) u
	WHERE s.network_id = of_network AND s.id = u.id AND NOT s.own_macs @> macs;
	PERFORM sensors_follow(of_network);
END $$;

-- Interfaces of these MACs, or of these hosts, have another host now: so have their ports, and the sensors that run there.
CREATE FUNCTION hosts_follow(of_network uuid, macs macaddr[], hosts uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	ids uuid[];
	befores jsonb[];
	afters jsonb[];
BEGIN
	WITH one AS (
		SELECT id FROM neighbor WHERE network_id = of_network AND mac = ANY (macs)
		UNION SELECT id FROM neighbor WHERE network_id = of_network AND host_id = ANY (hosts)
	), found AS (
		SELECT n.id, n.host_id AS was, (SELECT i.host_id FROM interface i WHERE i.network_id = of_network AND i.mac = n.mac
			ORDER BY i.first_seen, i.id LIMIT 1) AS is_now
		FROM one JOIN neighbor n ON n.network_id = of_network AND n.id = one.id
	), moved AS (
		UPDATE neighbor n SET host_id = f.is_now FROM found f
		WHERE n.network_id = of_network AND n.id = f.id AND f.is_now IS DISTINCT FROM f.was RETURNING n.id, f.was, f.is_now
	)
	SELECT array_agg(id), array_agg(jsonb_build_object('host_id', was)), array_agg(jsonb_build_object('host_id', is_now))
	INTO ids, befores, afters FROM moved;
	IF ids IS NOT NULL THEN
		PERFORM changes_append(of_network, 'neighbor', ids, befores, afters);
	END IF;
	PERFORM sensors_follow(of_network);
END $$;

-- By a person's hand, and when one host becomes part of another; ingest does it for what facts move.
CREATE FUNCTION interface_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		PERFORM hosts_follow(OLD.network_id, ARRAY[OLD.mac], NULL) FROM network WHERE id = OLD.network_id;
	ELSIF TG_OP = 'INSERT' THEN
		PERFORM hosts_follow(NEW.network_id, ARRAY[NEW.mac], NULL);
	ELSE
		PERFORM hosts_follow(NEW.network_id, ARRAY[OLD.mac, NEW.mac], NULL);
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER interface_follow_new AFTER INSERT ON interface FOR EACH ROW
	WHEN (NEW.mac IS NOT NULL AND current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION interface_follow();
CREATE TRIGGER interface_follow AFTER UPDATE OF host_id, mac ON interface FOR EACH ROW
	WHEN ((OLD.host_id <> NEW.host_id OR OLD.mac IS DISTINCT FROM NEW.mac) AND current_setting('netvisor.edits', true) = 'on')
	EXECUTE FUNCTION interface_follow();
CREATE TRIGGER interface_follow_gone AFTER DELETE ON interface FOR EACH ROW
	WHEN (OLD.mac IS NOT NULL AND current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION interface_follow();

-- Ports that go, with all of what they were.
CREATE FUNCTION neighbors_remove(of_network uuid, ids uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	befores jsonb[];
	sorted uuid[];
BEGIN
	SELECT array_agg(r.id ORDER BY r.id), array_agg(r.content ORDER BY r.id) INTO sorted, befores FROM live_rows('neighbor', ids) r;
	IF sorted IS NULL THEN
		RETURN 0;
	END IF;
	DELETE FROM neighbor WHERE network_id = of_network AND id = ANY (sorted);
	PERFORM changes_append(of_network, 'neighbor', sorted, befores, array_fill(NULL::jsonb, ARRAY[cardinality(sorted)]));
	RETURN cardinality(sorted);
END $$;

-- A network holds so many. Whoever makes ports up says each once: what was heard for less than two minutes leaves before what lasts, and
-- what was not heard for longest first. How many had to go.
CREATE FUNCTION neighbors_limit(of_network uuid, most bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	over bigint := (SELECT count(*) FROM neighbor WHERE network_id = of_network) - most;
BEGIN
	IF over <= 0 THEN
		RETURN 0;
	END IF;
	RETURN neighbors_remove(of_network, ARRAY(SELECT id FROM neighbor WHERE network_id = of_network
		ORDER BY last_seen - first_seen >= interval '2 minutes', last_seen, id LIMIT over));
END $$;

-- A host that a person removes takes its ports along, before its interfaces go (triggers fire in the order of their names).
CREATE FUNCTION host_neighbors_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM neighbors_remove(OLD.network_id, ARRAY(SELECT id FROM neighbor WHERE network_id = OLD.network_id AND host_id = OLD.id))
	FROM network WHERE id = OLD.network_id;
	RETURN NULL;
END $$;
CREATE TRIGGER a_host_neighbors_gone AFTER DELETE ON host FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION host_neighbors_gone();

CREATE FUNCTION network_forget_neighbors() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	DELETE FROM neighbor WHERE network_id = OLD.id;
	RETURN NULL;
END $$;
CREATE TRIGGER network_forget_neighbors AFTER DELETE ON network FOR EACH ROW EXECUTE FUNCTION network_forget_neighbors();

-- What a person would call a row.
CREATE OR REPLACE FUNCTION history_label(entity text, content jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE entity
		WHEN 'host' THEN content->>'name'
		WHEN 'interface' THEN nullif(concat_ws(' ', content->>'ip', content->>'mac'), '')
		WHEN 'service' THEN CASE WHEN content ? 'port' THEN concat_ws(' ', content->>'name',
			history_port(content->>'ip', content->>'port', content->>'proto')) ELSE content->>'name' END
		WHEN 'flow' THEN CASE WHEN content ? 'port' THEN (content->>'client') || ' → '
			|| history_port(content->>'server', content->>'port', content->>'proto') END
		WHEN 'port' THEN (content->>'number') || '/' || (content->>'protocol')
		WHEN 'neighbor' THEN nullif(concat_ws(' ', coalesce(content->>'system_name', content->>'chassis', content->>'mac'), content->>'port'), '')
		ELSE coalesce(content->>'name', content->>'cidr') END
$$;

CREATE OR REPLACE FUNCTION history_kind(entity text, before jsonb, after jsonb, edited boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE
		WHEN entity = 'service' AND after ? 'state' AND (before IS NULL OR before ? 'state') AND NOT after ? 'host_id'
			OR entity = 'service' AND before IS NULL
			THEN CASE WHEN after->>'state' = 'closed' THEN 'service_closed' ELSE 'service_opened' END
		WHEN before IS NULL THEN CASE WHEN entity IN ('host', 'flow', 'neighbor') THEN 'appeared'
			WHEN entity = 'interface' THEN 'address_added' ELSE 'created' END
		WHEN after IS NULL THEN CASE WHEN entity IN ('host', 'flow', 'neighbor') THEN 'gone'
			WHEN entity = 'interface' THEN 'address_removed' WHEN entity = 'service' THEN 'service_removed'
			ELSE 'deleted' END
		WHEN after ? 'host_id' THEN 'moved'
		WHEN entity = 'host' AND (after->>'present_since')::float8 > (before->>'present_since')::float8 THEN 'back_after_absence'
		WHEN entity = 'sensor' AND after ? 'connected' THEN CASE WHEN (after->>'connected')::boolean THEN 'connected'
			ELSE 'disconnected' END
		WHEN after ? 'name' THEN 'renamed'
		WHEN entity = 'interface' AND after ?| '{ip,mac,vlan}' THEN 'address_changed'
		WHEN edited THEN 'edited'
		ELSE 'changed' END
$$;

SELECT pin_functions();

-- What sensors have reported of their machines before; ports come with the next refresh.
UPDATE sensor s SET own_macs = e.macs FROM (SELECT network_id, sensor_id, array_agg(DISTINCT mac) AS macs FROM evidence
	WHERE kind = 'neighbor' AND source = 'sensor' AND mac IS NOT NULL GROUP BY 1, 2) e
WHERE s.network_id = e.network_id AND s.id = e.sensor_id AND cardinality(e.macs) <= 64;
SELECT sensors_follow(id) FROM network;
