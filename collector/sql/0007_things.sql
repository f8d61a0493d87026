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

-- Many entries of one entity at once; befores or afters NULL for none.
CREATE FUNCTION changes_append(of_network uuid, of_entity text, ids uuid[], befores jsonb[], afters jsonb[]) RETURNS void
LANGUAGE sql AS $$
	SELECT change_write(of_network, array_fill(of_entity, ARRAY[cardinality(ids)]), ids, befores, afters)
$$;

-- A list of ids in JSON; NULL for none.
CREATE FUNCTION json_ids(list jsonb) RETURNS uuid[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT array_agg(item::uuid) FROM jsonb_array_elements_text(list) item
$$;

-- What a port is called, by the names of the API (type).
CREATE FUNCTION port_type(number integer, protocol text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE protocol || number
		WHEN 'tcp22' THEN 'Ssh' WHEN 'tcp23' THEN 'Telnet' WHEN 'udp53' THEN 'DnsUdp' WHEN 'tcp53' THEN 'DnsTcp'
		WHEN 'tcp445' THEN 'Samba' WHEN 'tcp2049' THEN 'Nfs' WHEN 'tcp21' THEN 'Ftp' WHEN 'tcp631' THEN 'Ipp'
		WHEN 'tcp515' THEN 'LdpTcp' WHEN 'udp515' THEN 'LdpUdp' WHEN 'tcp389' THEN 'Ldap' WHEN 'tcp636' THEN 'Ldaps'
		WHEN 'tcp88' THEN 'Kerberos' WHEN 'udp161' THEN 'Snmp' WHEN 'tcp3389' THEN 'Rdp' WHEN 'udp123' THEN 'Ntp'
		WHEN 'tcp5060' THEN 'Sip' WHEN 'tcp5061' THEN 'SipTls' WHEN 'tcp554' THEN 'Rtsp' WHEN 'udp67' THEN 'Dhcp'
		WHEN 'tcp80' THEN 'Http' WHEN 'tcp3306' THEN 'MySql' WHEN 'tcp5432' THEN 'PostgreSQL' WHEN 'tcp27017' THEN 'MongoDB'
		WHEN 'tcp6379' THEN 'Redis' WHEN 'tcp1433' THEN 'MsSql' WHEN 'tcp2375' THEN 'Docker' WHEN 'tcp2376' THEN 'DockerTls'
		WHEN 'tcp6443' THEN 'Kubernetes' WHEN 'tcp15672' THEN 'RabbitMqMgmt' WHEN 'tcp9042' THEN 'Cassandra'
		WHEN 'tcp9200' THEN 'Elasticsearch' WHEN 'tcp8086' THEN 'InfluxDb' WHEN 'tcp5984' THEN 'CouchDb'
		WHEN 'tcp9092' THEN 'Kafka' WHEN 'tcp3000' THEN 'Http3000' WHEN 'tcp5000' THEN 'Http5000' WHEN 'tcp8080' THEN 'Http8080'
		WHEN 'tcp8081' THEN 'Http8081' WHEN 'tcp8082' THEN 'Http8082' WHEN 'tcp8888' THEN 'Http8888'
		WHEN 'tcp9000' THEN 'Http9000' WHEN 'tcp443' THEN 'Https' WHEN 'tcp8443' THEN 'Https8443' WHEN 'tcp9443' THEN 'Https9443'
		WHEN 'tcp10443' THEN 'Https10443' WHEN 'tcp1883' THEN 'Mqtt' WHEN 'tcp8883' THEN 'MqttTls' WHEN 'tcp5672' THEN 'AMQP'
		WHEN 'tcp5671' THEN 'AMQPTls' WHEN 'udp51820' THEN 'Wireguard' WHEN 'udp1194' THEN 'OpenVPN' WHEN 'udp47808' THEN 'BACnet'
		WHEN 'tcp9100' THEN 'JetDirect' ELSE 'Custom' END
$$;

-- A discovered service has its port on its host, and the binding that joins the two with the interface of its address.
-- Whoever may add the service may add these: no policy is asked for each.
CREATE FUNCTION service_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	told bigint;
BEGIN
	INSERT INTO port (network_id, id, host_id, number, protocol, origin)
	SELECT DISTINCT ON (network_id, host_id, port, proto) network_id, gen_random_uuid(), host_id, port, proto, 'discovery'
	FROM made WHERE origin = 'discovery' AND proto IN ('tcp', 'udp') AND port IS NOT NULL
	ON CONFLICT (network_id, host_id, number, protocol) DO NOTHING;
	WITH bound AS (
		INSERT INTO binding (network_id, id, service_id, port_id, interface_id, origin)
		SELECT m.network_id, gen_random_uuid(), m.id, p.id, (SELECT i.id FROM interface i
			WHERE i.network_id = m.network_id AND i.host_id = m.host_id AND i.ip = m.ip AND i.vlan = m.vlan
			ORDER BY i.mac IS NULL, i.id LIMIT 1), 'discovery'
		FROM made m JOIN port p ON p.network_id = m.network_id AND p.host_id = m.host_id AND p.number = m.port
			AND p.protocol = m.proto
		WHERE m.origin = 'discovery'
		RETURNING *
	)
	SELECT count(changes_append(g.network_id, 'binding', g.ids, NULL, g.afters)) INTO told FROM (
		SELECT network_id, array_agg(id) AS ids, array_agg(jsonb_build_object('id', id, 'service_id', service_id,
			'port_id', port_id, 'interface_id', interface_id, 'origin', origin, 'revision', revision)) AS afters
		FROM bound GROUP BY network_id) g;
	RETURN NULL;
END $$;
CREATE TRIGGER service_made AFTER INSERT ON service REFERENCING NEW TABLE AS made
	FOR EACH STATEMENT EXECUTE FUNCTION service_made();

-- A port that was discovered and that nothing is bound to any more.
CREATE FUNCTION port_forget(of_network uuid, of_port uuid) RETURNS void LANGUAGE sql AS $$
	DELETE FROM port p WHERE p.network_id = of_network AND p.id = of_port AND p.origin = 'discovery'
	AND NOT EXISTS (SELECT FROM binding b WHERE b.network_id = of_network AND b.port_id = of_port)
$$;

-- A service that goes to another host takes its port and its bindings along; they keep their ids, and so their groups.
CREATE FUNCTION service_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	old_port uuid;
	new_port uuid;
	was binding;
	is_now binding;
BEGIN
	SELECT id INTO old_port FROM port WHERE network_id = OLD.network_id AND host_id = OLD.host_id AND number = OLD.port
		AND protocol = OLD.proto;
	IF old_port IS NULL THEN
		RETURN NULL;
	END IF;
	INSERT INTO port (network_id, id, host_id, number, protocol, origin)
	SELECT network_id, gen_random_uuid(), NEW.host_id, number, protocol, origin FROM port
	WHERE network_id = OLD.network_id AND id = old_port
	ON CONFLICT (network_id, host_id, number, protocol) DO NOTHING;
	SELECT id INTO new_port FROM port WHERE network_id = NEW.network_id AND host_id = NEW.host_id AND number = NEW.port
		AND protocol = NEW.proto;
	FOR was IN SELECT * FROM binding WHERE network_id = NEW.network_id AND service_id = NEW.id AND port_id = old_port LOOP
		UPDATE binding SET port_id = new_port, interface_id = (SELECT i.id FROM interface i
			WHERE i.network_id = NEW.network_id AND i.host_id = NEW.host_id
			AND (i.id = was.interface_id OR (i.ip = NEW.ip AND i.vlan = NEW.vlan))
			ORDER BY i.id <> was.interface_id, i.mac IS NULL, i.id LIMIT 1)
		WHERE network_id = was.network_id AND id = was.id RETURNING * INTO is_now;
		PERFORM row_log('binding', 'binding', to_jsonb(was), to_jsonb(is_now));
	END LOOP;
	PERFORM port_forget(OLD.network_id, old_port);
	RETURN NULL;
END $$;
CREATE TRIGGER service_moved AFTER UPDATE ON service FOR EACH ROW WHEN (OLD.host_id <> NEW.host_id)
	EXECUTE FUNCTION service_moved();

CREATE FUNCTION service_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM binding WHERE network_id = OLD.network_id AND service_id = OLD.id;
	PERFORM port_forget(p.network_id, p.id) FROM port p
	WHERE p.network_id = OLD.network_id AND p.host_id = OLD.host_id AND p.number = OLD.port AND p.protocol = OLD.proto;
	RETURN NULL;
END $$;
CREATE TRIGGER service_gone AFTER DELETE ON service FOR EACH ROW EXECUTE FUNCTION service_gone();

-- A binding that goes leaves the groups that it was in.
CREATE FUNCTION binding_gone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	was service_group;
	is_now service_group;
BEGIN
	FOR was IN SELECT * FROM service_group WHERE network_id = OLD.network_id AND OLD.id = ANY (binding_ids) LOOP
		UPDATE service_group SET binding_ids = array_remove(binding_ids, OLD.id)
		WHERE network_id = was.network_id AND id = was.id RETURNING * INTO is_now;
		PERFORM row_log('group', 'service_group', to_jsonb(was), to_jsonb(is_now)) WHERE is_now.id IS NOT NULL;
	END LOOP;
	PERFORM row_log('binding', 'binding', to_jsonb(OLD), NULL) FROM network WHERE id = OLD.network_id;
	RETURN NULL;
END $$;
CREATE TRIGGER binding_gone AFTER DELETE ON binding FOR EACH ROW EXECUTE FUNCTION binding_gone();

-- A port or an interface that a person removes: so are the bindings that had nothing else.
CREATE FUNCTION bound_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM binding WHERE network_id = OLD.network_id
		AND ((TG_TABLE_NAME = 'port' AND port_id = OLD.id)
			OR (TG_TABLE_NAME = 'interface' AND interface_id = OLD.id AND port_id IS NULL));
	UPDATE binding SET interface_id = NULL WHERE network_id = OLD.network_id AND TG_TABLE_NAME = 'interface'
		AND interface_id = OLD.id;
	RETURN NULL;
END $$;
CREATE TRIGGER port_gone AFTER DELETE ON port FOR EACH ROW EXECUTE FUNCTION bound_gone();
CREATE TRIGGER interface_gone AFTER DELETE ON interface FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION bound_gone();

-- A host that a person removes goes with all that it has; what still talks comes back as a new one.
CREATE FUNCTION host_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM service WHERE network_id = OLD.network_id AND host_id = OLD.id;
	DELETE FROM interface WHERE network_id = OLD.network_id AND host_id = OLD.id;
	DELETE FROM port WHERE network_id = OLD.network_id AND host_id = OLD.id;
	UPDATE flow SET client_host_id = NULL WHERE network_id = OLD.network_id AND client_host_id = OLD.id;
	UPDATE flow SET server_host_id = NULL WHERE network_id = OLD.network_id AND server_host_id = OLD.id;
	RETURN NULL;
END $$;
CREATE TRIGGER host_gone AFTER DELETE ON host FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION host_gone();

-- A tag that goes is taken from everything.
CREATE FUNCTION tag_gone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	name text;
BEGIN
	PERFORM FROM network WHERE organization_id = OLD.organization_id ORDER BY id FOR NO KEY UPDATE;
	FOREACH name IN ARRAY ARRAY['host', 'service', 'subnet', 'service_group', 'topology', 'sensor', 'network'] LOOP
		EXECUTE format('UPDATE %I SET tags = array_remove(tags, $1) WHERE $1 = ANY (tags)', name) USING OLD.id;
	END LOOP;
	RETURN NULL;
END $$;
CREATE TRIGGER tag_gone AFTER DELETE ON tag FOR EACH ROW EXECUTE FUNCTION tag_gone();

-- Tags are the organization's own, each at most once.
CREATE FUNCTION tags_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.tags := ARRAY(SELECT DISTINCT one FROM unnest(NEW.tags) one ORDER BY one);
	IF EXISTS (SELECT FROM unnest(NEW.tags) one WHERE NOT EXISTS (SELECT FROM tag WHERE tag.id = one)) THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = 'one of the tags does not exist';
	END IF;
	RETURN NEW;
END $$;
DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['host', 'service', 'subnet', 'service_group', 'topology', 'sensor', 'network'] LOOP
		EXECUTE format('CREATE TRIGGER check_tags BEFORE INSERT OR UPDATE OF tags ON %I FOR EACH ROW
			WHEN (NEW.tags <> ''{}'' AND current_setting(''netvisor.edits'', true) = ''on'') EXECUTE FUNCTION tags_check()', name);
	END LOOP;
END $$;

-- Members of a group are bindings of its network.
CREATE FUNCTION group_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM unnest(NEW.binding_ids) one
		WHERE NOT EXISTS (SELECT FROM binding b WHERE b.network_id = NEW.network_id AND b.id = one)) THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = '"binding_ids" names a binding that is not in this network';
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER group_check BEFORE INSERT OR UPDATE OF binding_ids ON service_group FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION group_check();

-- What a new row of a network names must be in it: a host, a service, …
CREATE FUNCTION belongs(of_network uuid, of_table regclass, of_id uuid, what text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	there boolean;
BEGIN
	EXECUTE format('SELECT EXISTS (SELECT FROM %s WHERE network_id = $1 AND id = $2)', of_table) INTO there
		USING of_network, of_id;
	IF NOT there AND of_id IS NOT NULL THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = format('"%s" names nothing in this network', what);
	END IF;
END $$;
CREATE FUNCTION belongs_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	row_of jsonb := to_jsonb(NEW);
BEGIN
	PERFORM belongs(NEW.network_id, one.of_table, (row_of->>one.column_name)::uuid, one.column_name)
	FROM (VALUES ('host_id', 'host'), ('service_id', 'service'), ('port_id', 'port'), ('interface_id', 'interface'),
		('subnet_id', 'subnet'), ('topology_id', 'topology')) one (column_name, of_table)
	WHERE row_of->>one.column_name IS NOT NULL;
	RETURN NEW;
END $$;
DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['interface', 'port', 'service', 'binding', 'share'] LOOP
		EXECUTE format('CREATE TRIGGER belongs_check BEFORE INSERT OR UPDATE ON %I FOR EACH ROW
			WHEN (current_setting(''netvisor.edits'', true) = ''on'') EXECUTE FUNCTION belongs_check()', name);
	END LOOP;
END $$;

-- Ingest locks a network before its rows. So does a person who changes some, since each change is logged, which locks the
-- network: in the other order the two would wait for each other. kind: what the API calls one of them; fields: of a body.
CREATE FUNCTION things_lock(kind text, ids uuid[], fields jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	places uuid[] := ARRAY[(fields->>'network_id')::uuid];
	target regclass := to_regclass(quote_ident(CASE kind WHEN 'group' THEN 'service_group' ELSE kind END));
BEGIN
	IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = target AND attname = 'network_id') THEN
		EXECUTE format('SELECT $1 || array_agg(DISTINCT network_id) FROM %s WHERE id = ANY ($2)', target) INTO places USING places, ids;
	ELSIF kind = 'network' THEN
		places := ids;
	END IF;
	PERFORM FROM network WHERE id = ANY (places) ORDER BY id FOR NO KEY UPDATE;
END $$;

-- Each network has a place for what is on the internet, and for what is elsewhere.
CREATE FUNCTION network_seed(of_network uuid) RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
	INSERT INTO subnet (network_id, id, cidr, name, description, subnet_type, origin)
	SELECT of_network, gen_random_uuid(), '0.0.0.0/0', s.name, s.description, s.subnet_type, 'system'
	FROM (VALUES ('Internet', 'Public services, wherever they are', 'Internet'),
		('Remote Network', 'Hosts on other networks: mobile devices, VPN clients, other sites', 'Remote'))
		s (name, description, subnet_type)
	WHERE NOT EXISTS (SELECT FROM subnet o WHERE o.network_id = of_network AND o.subnet_type = s.subnet_type)
$$;
CREATE FUNCTION network_made() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	PERFORM network_seed(NEW.id);
	RETURN NULL;
END $$;
CREATE TRIGGER network_made AFTER INSERT ON network FOR EACH ROW EXECUTE FUNCTION network_made();
SELECT network_seed(id) FROM network;

-- A prefix that a sensor or a router told of: a subnet, unless there is one; a person's stays as it is. Returns its id.
CREATE FUNCTION subnet_discovered(of_network uuid, of_cidr cidr, called text, of_type text) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	made subnet;
BEGIN
	IF masklen(of_cidr) = 0 OR NOT EXISTS (SELECT FROM network WHERE id = of_network) THEN
		RETURN NULL;
	END IF;
	INSERT INTO subnet (network_id, id, cidr, name, subnet_type, origin)
	VALUES (of_network, gen_random_uuid(), of_cidr, coalesce(nullif(called, ''), of_cidr::text),
		coalesce(nullif(of_type, ''), 'Unknown'), 'discovery')
	ON CONFLICT (network_id, cidr) WHERE masklen(cidr) > 0 DO NOTHING RETURNING * INTO made;
	IF made.id IS NOT NULL THEN
		PERFORM row_log('subnet', 'subnet', NULL, to_jsonb(made));
		RETURN made.id;
	END IF;
	RETURN (SELECT id FROM subnet WHERE network_id = of_network AND cidr = of_cidr);
END $$;

-- One cell of a CSV file (RFC 4180). What a spreadsheet would take for a formula is kept a text.
CREATE FUNCTION csv_cell(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT '"' || replace(CASE WHEN t ~ '^[=+@\t\r-]' AND jsonb_typeof(value) = 'string' THEN '''' || t ELSE t END, '"', '""') || '"'
	FROM (SELECT coalesce(value #>> '{}', '') AS t) x
$$;

-- The shares that anyone may ask for by their id: only what is needed to show or refuse them.
CREATE FUNCTION share_public(of_id uuid) RETURNS TABLE (name text, options jsonb, allowed_domains text[], password_hash text,
	topology_id uuid, network_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT s.name, s.options, s.allowed_domains, s.password_hash, s.topology_id, s.network_id FROM share s
	WHERE s.id = of_id AND s.is_enabled AND (s.expires_at IS NULL OR s.expires_at > now())
$$;

SELECT pin_functions();

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

SELECT pin_functions();

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
