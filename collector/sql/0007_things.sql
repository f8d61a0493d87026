-- SPDX-License-Identifier: BSD-2-Clause
-- What people make, and what they add to what was discovered: subnets, ports, bindings, groups, tags, topologies, shares;
-- names, descriptions and tags. Rows that a person may change have a revision.

-- retention_days: of the log, presence and traffic; NULL for what --change-days says.
ALTER TABLE network ADD COLUMN description text, ADD COLUMN retention_days integer CHECK (retention_days BETWEEN 1 AND 36500), ADD COLUMN tags uuid[] NOT NULL DEFAULT '{}',
	ADD COLUMN revision integer NOT NULL DEFAULT 1, ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE organization ADD COLUMN revision integer NOT NULL DEFAULT 1,
	ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE sensor ADD COLUMN description text, ADD COLUMN tags uuid[] NOT NULL DEFAULT '{}',
	ADD COLUMN revision integer NOT NULL DEFAULT 1, ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

-- origin: discovery, manual (a person made it) or system. virtualization: what runs it, as the API has it.
ALTER TABLE host ADD COLUMN description text, ADD COLUMN hidden boolean NOT NULL DEFAULT false,
	ADD COLUMN tags uuid[] NOT NULL DEFAULT '{}', ADD COLUMN virtualization jsonb,
	ADD COLUMN origin text NOT NULL DEFAULT 'discovery', ADD COLUMN revision integer NOT NULL DEFAULT 1,
	ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
ALTER TABLE interface ADD COLUMN subnet_id uuid, ADD COLUMN name text, ADD COLUMN position integer NOT NULL DEFAULT 0,
	ADD COLUMN origin text NOT NULL DEFAULT 'discovery', ADD COLUMN revision integer NOT NULL DEFAULT 1,
	ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX interface_subnet ON interface (network_id, subnet_id) WHERE subnet_id IS NOT NULL;
-- A service that a person noted may have no place on the wire.
ALTER TABLE service ALTER COLUMN ip DROP NOT NULL, ALTER COLUMN port DROP NOT NULL, ALTER COLUMN proto DROP NOT NULL,
	ADD COLUMN service_definition text, ADD COLUMN name_source text, ADD COLUMN tags uuid[] NOT NULL DEFAULT '{}',
	ADD COLUMN virtualization jsonb, ADD COLUMN position integer NOT NULL DEFAULT 0,
	ADD COLUMN origin text NOT NULL DEFAULT 'discovery', ADD COLUMN revision integer NOT NULL DEFAULT 1,
	ADD COLUMN created_at timestamptz NOT NULL DEFAULT now(), ADD COLUMN updated_at timestamptz NOT NULL DEFAULT now();

-- cidr: 0.0.0.0/0 for the organizational ones, which hold what is elsewhere; every other one is there once.
CREATE TABLE subnet (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL,
	cidr cidr NOT NULL,
	name text NOT NULL,
	description text,
	subnet_type text NOT NULL DEFAULT 'Unknown' CHECK (subnet_type IN ('Internet', 'Remote', 'Gateway', 'VpnTunnel', 'Dmz',
		'Lan', 'WiFi', 'IoT', 'Guest', 'DockerBridge', 'MacVlan', 'IpVlan', 'Management', 'Storage', 'Unknown', 'None')),
	origin text NOT NULL DEFAULT 'manual',
	tags uuid[] NOT NULL DEFAULT '{}',
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id)
);
CREATE UNIQUE INDEX subnet_cidr ON subnet (network_id, cidr) WHERE masklen(cidr) > 0;

CREATE TABLE port (
	network_id uuid NOT NULL,
	id uuid NOT NULL,
	host_id uuid NOT NULL,
	number integer NOT NULL CHECK (number BETWEEN 0 AND 65535),
	protocol text NOT NULL CHECK (protocol IN ('tcp', 'udp')),
	origin text NOT NULL DEFAULT 'manual',
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id),
	UNIQUE (network_id, host_id, number, protocol)
);

-- Where a service can be reached: a port, on one interface or (null) on all; or an interface alone.
CREATE TABLE binding (
	network_id uuid NOT NULL,
	id uuid NOT NULL,
	service_id uuid NOT NULL,
	port_id uuid,
	interface_id uuid,
	origin text NOT NULL DEFAULT 'manual',
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id),
	CHECK (port_id IS NOT NULL OR interface_id IS NOT NULL)
);
CREATE INDEX binding_service ON binding (network_id, service_id);
CREATE INDEX binding_port ON binding (network_id, port_id);

-- Members are bindings: in order for a path, the hub first for hub-and-spoke.
CREATE TABLE service_group (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL,
	name text NOT NULL,
	description text,
	group_type text NOT NULL CHECK (group_type IN ('RequestPath', 'HubAndSpoke')),
	binding_ids uuid[] NOT NULL DEFAULT '{}',
	color text NOT NULL DEFAULT 'Blue',
	edge_style text NOT NULL DEFAULT 'SmoothStep',
	origin text NOT NULL DEFAULT 'manual',
	tags uuid[] NOT NULL DEFAULT '{}',
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id)
);

CREATE TABLE tag (
	id uuid PRIMARY KEY,
	organization_id uuid NOT NULL REFERENCES organization ON DELETE CASCADE,
	name text NOT NULL,
	description text,
	color text NOT NULL DEFAULT 'Gray',
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX tag_name ON tag (organization_id, lower(name));

-- nodes, edges: by id, what a person placed by hand. Everything else is drawn from what the network is.
CREATE TABLE topology (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL,
	name text NOT NULL,
	options jsonb NOT NULL DEFAULT '{}',
	nodes jsonb NOT NULL DEFAULT '{}',
	edges jsonb NOT NULL DEFAULT '{}',
	parent_id uuid,
	is_locked boolean NOT NULL DEFAULT false,
	locked_at timestamptz,
	locked_by uuid,
	last_refreshed timestamptz,
	tags uuid[] NOT NULL DEFAULT '{}',
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id)
);

CREATE TABLE share (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL,
	topology_id uuid NOT NULL,
	name text NOT NULL,
	is_enabled boolean NOT NULL DEFAULT true,
	expires_at timestamptz,
	password_hash text,
	allowed_domains text[],
	options jsonb NOT NULL DEFAULT '{}',
	created_by uuid,
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id),
	FOREIGN KEY (network_id, topology_id) REFERENCES topology ON DELETE CASCADE
);

-- A list in the order of a name walks its index.
CREATE INDEX host_by_name ON host (network_id, lower(coalesce(name, '')), id);
CREATE INDEX host_tags ON host USING gin (tags) WHERE tags <> '{}';

-- live: one row of one table each; edit_log() writes the same columns.
DROP VIEW live_network, live_sensor, live_host, live_interface, live_service;
CREATE VIEW live_network WITH (security_invoker = true) AS
	SELECT id, name, description, tags, retention_days, revision FROM network;
CREATE VIEW live_sensor WITH (security_invoker = true) AS
	SELECT id, name, description, hostname, software, connected, seconds(last_seen) AS last_seen, capabilities, interfaces, counters,
		losses, tags, revision
	FROM sensor;
CREATE VIEW live_host WITH (security_invoker = true) AS
	SELECT id, name, name_source, vendor, seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen,
		seconds(present_since) AS present_since, description, hidden, tags, virtualization, origin, revision
	FROM host;
CREATE VIEW live_interface WITH (security_invoker = true) AS
	SELECT id, host_id, mac::text, host(ip) AS ip, vlan, via::text, vendor, random_mac, packets, bytes, packets_in, bytes_in,
		seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen, subnet_id, name, origin, revision
	FROM interface;
CREATE VIEW live_service WITH (security_invoker = true) AS
	SELECT id, host_id, host(ip) AS ip, port, proto, vlan, state, name, source, confidence, clients,
		seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen, service_definition, name_source, tags,
		virtualization, origin, revision
	FROM service;
CREATE VIEW live_subnet WITH (security_invoker = true) AS
	SELECT id, cidr::text, name, description, subnet_type, origin, tags, revision, seconds(created_at) AS created_at FROM subnet;
CREATE VIEW live_binding WITH (security_invoker = true) AS
	SELECT id, service_id, port_id, interface_id, origin, revision FROM binding;
CREATE VIEW live_group WITH (security_invoker = true) AS
	SELECT id, name, description, group_type, binding_ids, color, edge_style, origin, tags, revision,
		seconds(created_at) AS created_at
	FROM service_group;
-- Not in the feed: shown by the API, and named in the change log.
CREATE VIEW live_port WITH (security_invoker = true) AS
	SELECT id, host_id, number, protocol, origin, revision FROM port;
CREATE VIEW live_topology WITH (security_invoker = true) AS
	SELECT id, name, options, parent_id, is_locked, seconds(locked_at) AS locked_at, locked_by,
		seconds(last_refreshed) AS last_refreshed, tags, revision
	FROM topology;
CREATE VIEW live_share WITH (security_invoker = true) AS
	SELECT id, topology_id, name, is_enabled, seconds(expires_at) AS expires_at, allowed_domains, options, created_by, revision
	FROM share;
GRANT SELECT ON live_network, live_sensor, live_host, live_interface, live_service, live_subnet, live_binding, live_group,
	live_port, live_topology, live_share TO netvisor_app;

SELECT protect(name, 'observed') FROM unnest(ARRAY['subnet', 'port', 'binding']) name;
SELECT protect(name, 'made') FROM unnest(ARRAY['service_group', 'topology', 'share']) name;
SELECT protect('tag', 'organization');

SELECT log_edits(name, name) FROM unnest(ARRAY['host', 'interface', 'service', 'subnet', 'port', 'binding', 'topology', 'share', 'sensor'])
	name;
SELECT log_edits('service_group', 'group');
SELECT log_edits('tag', 'tag');
SELECT log_edits('user_api_key', 'user_api_key');

-- The network's own row, which has no network_id: its log, and the organization's audit when it comes and goes.
CREATE FUNCTION network_log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	IF TG_OP = 'UPDATE' THEN
		PERFORM change_append(NEW.id, 'network', NEW.id,
			json_only_changed(live_json('network', TG_RELID, to_jsonb(OLD)), live_json('network', TG_RELID, to_jsonb(NEW))),
			json_only_changed(live_json('network', TG_RELID, to_jsonb(NEW)), live_json('network', TG_RELID, to_jsonb(OLD))));
	ELSIF TG_OP = 'INSERT' THEN
		PERFORM audit_append(NEW.organization_id, 'insert', 'network', NEW.id, NULL, jsonb_build_object('name', NEW.name));
	ELSE
		PERFORM audit_append(OLD.organization_id, 'delete', 'network', OLD.id, jsonb_build_object('name', OLD.name), NULL)
		FROM organization WHERE id = OLD.organization_id;
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER edit_touch BEFORE UPDATE OF name, description, tags, retention_days ON network FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION edit_touch();
CREATE TRIGGER edit_log AFTER UPDATE OF name, description, tags, retention_days ON network FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION network_log();
CREATE TRIGGER edit_log_whole AFTER INSERT OR DELETE ON network FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION network_log();
DROP TRIGGER network_guard ON network;
CREATE TRIGGER network_guard BEFORE UPDATE OF organization_id, name, description, tags, retention_days ON network FOR EACH ROW
	WHEN (current_setting('netvisor.role', true) IN ('sensor', 'member', 'viewer')
		AND (OLD.name, OLD.organization_id, OLD.description, OLD.tags, OLD.retention_days)
			IS DISTINCT FROM (NEW.name, NEW.organization_id, NEW.description, NEW.tags, NEW.retention_days))
	EXECUTE FUNCTION network_guard();

-- A change that no person made, for the feed: the same entry that edit_log() writes for a person. Called by triggers.
CREATE FUNCTION row_log(entity text, of_table regclass, was jsonb, is_now jsonb) RETURNS void
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
		CASE WHEN was IS NULL THEN is_now ELSE json_only_changed(is_now, was) END)
	WHERE was IS DISTINCT FROM is_now;
END $$;

SELECT pin_functions();
