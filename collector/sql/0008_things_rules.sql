-- SPDX-License-Identifier: BSD-2-Clause
-- What follows by itself when a thing is made, moves or goes, whoever does it: ports and bindings of services, members of
-- groups, tags; and what a thing may name.

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
