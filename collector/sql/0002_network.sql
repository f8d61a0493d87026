-- SPDX-License-Identifier: BSD-2-Clause
-- What is known of a network: hosts, their interfaces and services, flows, and the evidence for all of it.

CREATE TABLE host (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL,
	name text,
	name_source text,
	name_kind text,
	name_last timestamptz,
	vendor text,
	first_seen timestamptz NOT NULL,
	last_seen timestamptz NOT NULL,
	PRIMARY KEY (network_id, id)
);

-- What facts bind together: a MAC, an address, or both, in a VLAN. via: the hop in front of an address that is routed.
CREATE TABLE interface (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL,
	host_id uuid NOT NULL,
	mac macaddr,
	ip inet,
	vlan integer[] NOT NULL,
	via macaddr,
	vendor text,
	random_mac boolean NOT NULL DEFAULT false,
	packets bigint NOT NULL DEFAULT 0,
	bytes bigint NOT NULL DEFAULT 0,
	packets_in bigint NOT NULL DEFAULT 0,
	bytes_in bigint NOT NULL DEFAULT 0,
	first_seen timestamptz NOT NULL,
	last_seen timestamptz NOT NULL,
	PRIMARY KEY (network_id, id),
	CHECK (mac IS NOT NULL OR ip IS NOT NULL)
);
CREATE INDEX interface_mac ON interface (network_id, mac, first_seen) WHERE mac IS NOT NULL;
CREATE INDEX interface_ip ON interface (network_id, ip, last_seen) WHERE ip IS NOT NULL;
CREATE INDEX interface_host ON interface (network_id, host_id);

CREATE TABLE service (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL,
	host_id uuid NOT NULL,
	ip inet NOT NULL,
	port integer NOT NULL,
	proto text NOT NULL,
	vlan integer[] NOT NULL,
	state text NOT NULL,
	name text,
	source text NOT NULL,
	confidence text NOT NULL,
	clients bigint NOT NULL DEFAULT 0,
	first_seen timestamptz NOT NULL,
	last_seen timestamptz NOT NULL,
	PRIMARY KEY (network_id, id)
);
CREATE INDEX service_host ON service (network_id, host_id);

CREATE TABLE flow (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL,
	client_host_id uuid,
	client inet NOT NULL,
	server_host_id uuid,
	server inet NOT NULL,
	port integer NOT NULL,
	proto text NOT NULL,
	vlan integer[] NOT NULL,
	connections bigint NOT NULL DEFAULT 0,
	packets bigint NOT NULL DEFAULT 0,
	bytes bigint NOT NULL DEFAULT 0,
	packets_back bigint NOT NULL DEFAULT 0,
	bytes_back bigint NOT NULL DEFAULT 0,
	rtt_us bigint,
	first_seen timestamptz NOT NULL,
	last_seen timestamptz NOT NULL,
	PRIMARY KEY (network_id, id)
);
CREATE INDEX flow_client ON flow (network_id, client);
CREATE INDEX flow_server ON flow (network_id, server);
CREATE INDEX flow_last_seen ON flow (last_seen);

-- One row for each thing that a sensor said: the same kind, source, VLAN and identity keys are the same row. epoch is the
-- `first` of its latest word, measures its counters then; total and count add up all epochs. rank: of a name.
CREATE TABLE evidence (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL,
	sensor_id uuid NOT NULL,
	kind text NOT NULL,
	source text NOT NULL,
	confidence text NOT NULL,
	vlan integer[] NOT NULL,
	mac macaddr,
	ip inet,
	rank integer,
	epoch timestamptz NOT NULL,
	first_seen timestamptz NOT NULL,
	last_seen timestamptz NOT NULL,
	count bigint NOT NULL,
	total bigint NOT NULL,
	measures bigint[] NOT NULL,
	fact jsonb NOT NULL,
	PRIMARY KEY (network_id, id)
);
CREATE INDEX evidence_mac ON evidence (network_id, mac) WHERE mac IS NOT NULL;
CREATE INDEX evidence_ip ON evidence (network_id, ip) WHERE ip IS NOT NULL;
CREATE INDEX evidence_name_mac ON evidence (network_id, mac, rank) WHERE kind = 'name' AND rank >= 0;
CREATE INDEX evidence_name_ip ON evidence (network_id, ip, rank) WHERE kind = 'name' AND rank >= 0;
CREATE INDEX evidence_loss ON evidence (network_id, sensor_id) WHERE kind = 'loss';
CREATE INDEX evidence_last_seen ON evidence (last_seen);

DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['host', 'interface', 'service', 'flow', 'evidence'] LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY of_visible_networks ON %I
			USING (network_id = ANY ((SELECT visible_networks())::uuid[]))', name);
		EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO netvisor_app', name);
	END LOOP;
END $$;

CREATE FUNCTION seconds(at timestamptz) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT extract(epoch FROM at)::float8
$$;

CREATE VIEW live_host WITH (security_invoker = true) AS
	SELECT id, name, name_source, vendor, seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen FROM host;

CREATE VIEW live_interface WITH (security_invoker = true) AS
	SELECT id, host_id, mac::text, host(ip) AS ip, vlan, via::text, vendor, random_mac, packets, bytes, packets_in, bytes_in,
		seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen
	FROM interface;

CREATE VIEW live_service WITH (security_invoker = true) AS
	SELECT id, host_id, host(ip) AS ip, port, proto, vlan, state, name, source, confidence, clients,
		seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen
	FROM service;

CREATE VIEW live_flow WITH (security_invoker = true) AS
	SELECT id, client_host_id, host(client) AS client, server_host_id, host(server) AS server, port, proto, vlan, connections,
		packets, bytes, packets_back, bytes_back, rtt_us, seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen
	FROM flow;

GRANT SELECT ON live_host, live_interface, live_service, live_flow TO netvisor_app;

-- Change columns of a sensor, and say in the change log which of them are another now.
CREATE FUNCTION sensor_update(of_network uuid, of_id uuid, patch jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	was jsonb;
	is_now jsonb;
BEGIN
	PERFORM 1 FROM network WHERE id = of_network FOR NO KEY UPDATE;
	SELECT to_jsonb(v) INTO was FROM live_sensor v WHERE v.id = of_id;
	UPDATE sensor SET
		name = CASE WHEN name = 'sensor' THEN coalesce(patch->>'name', name) ELSE name END,
		hostname = coalesce(patch->>'hostname', hostname),
		software = coalesce(patch->>'software', software),
		connected = coalesce((patch->>'connected')::boolean, connected),
		last_seen = CASE WHEN patch ? 'seen' THEN now() ELSE last_seen END,
		capabilities = coalesce(patch->'capabilities', capabilities),
		interfaces = coalesce(patch->'interfaces', interfaces),
		counters = coalesce(patch->'counters', counters)
	WHERE network_id = of_network AND id = of_id;
	SELECT to_jsonb(v) INTO is_now FROM live_sensor v WHERE v.id = of_id;
	IF was IS NOT NULL AND was <> is_now THEN
		PERFORM change_append(of_network, 'sensor', of_id,
			(SELECT jsonb_object_agg(key, value) FROM jsonb_each(was) WHERE value IS DISTINCT FROM is_now->key),
			(SELECT jsonb_object_agg(key, value) FROM jsonb_each(is_now) WHERE value IS DISTINCT FROM was->key));
	END IF;
END $$;

DO $$
BEGIN
	EXECUTE format('ALTER FUNCTION sensor_update(uuid, uuid, jsonb) SET search_path = %I, pg_catalog, pg_temp',
		current_schema());
END $$;
