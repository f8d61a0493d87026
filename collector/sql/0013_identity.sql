-- SPDX-License-Identifier: BSD-2-Clause
-- Which hosts are one: what devices say of themselves, what people said of them, what was decided and why, and what it
-- takes to undo it. docs/identity.md has the rules in words.

-- What a MAC (or an address that has none) says of itself that tells it from others: kind and value (world_identity.h).
CREATE TABLE identity_signal (
	network_id uuid NOT NULL,
	id uuid NOT NULL,
	kind text NOT NULL,
	value text NOT NULL,
	mac macaddr,
	ip inet,
	vlan integer[] NOT NULL,
	evidence uuid,
	first_seen timestamptz NOT NULL,
	last_seen timestamptz NOT NULL,
	PRIMARY KEY (network_id, id)
);
CREATE INDEX identity_signal_value ON identity_signal (network_id, kind, value, last_seen);
CREATE INDEX identity_signal_mac ON identity_signal (network_id, mac, last_seen) WHERE mac IS NOT NULL;
CREATE INDEX identity_signal_ip ON identity_signal (network_id, ip) WHERE mac IS NULL;
CREATE INDEX identity_signal_last_seen ON identity_signal (last_seen);
CREATE FUNCTION micros(at timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT (extract(epoch FROM at) * 1000000)::bigint
$$;
-- Which MACs are hops for others.
CREATE INDEX interface_via ON interface (network_id, via) WHERE via IS NOT NULL;

-- A person's word. same: this MAC, or this address without one, is that host's. apart: the two are not one (a row each way).
CREATE TABLE identity_rule (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL DEFAULT gen_random_uuid(),
	kind text NOT NULL CHECK (kind IN ('same', 'apart')),
	host_id uuid NOT NULL,
	other_host_id uuid,
	mac macaddr,
	ip inet,
	vlan integer[],
	consolidation_id uuid,
	made_by uuid,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id),
	CHECK (CASE kind WHEN 'apart' THEN other_host_id IS NOT NULL ELSE mac IS NOT NULL OR ip IS NOT NULL END)
);
CREATE UNIQUE INDEX identity_rule_mac ON identity_rule (network_id, mac) WHERE mac IS NOT NULL;
CREATE UNIQUE INDEX identity_rule_ip ON identity_rule (network_id, ip, vlan) WHERE kind = 'same' AND mac IS NULL;
CREATE UNIQUE INDEX identity_rule_apart ON identity_rule (network_id, host_id, other_host_id) WHERE kind = 'apart';
CREATE INDEX identity_rule_host ON identity_rule (network_id, host_id);
CREATE INDEX identity_rule_other ON identity_rule (network_id, other_host_id) WHERE other_host_id IS NOT NULL;

-- Two hosts that became one, or might. kept: what undoing needs: the other host as it was with all that it had, the first
-- one as it was (into) and as it then became (merged), and which rows became which (mapped).
CREATE TABLE consolidation (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL,
	host_id uuid NOT NULL,
	other_host_id uuid NOT NULL,
	host_name text,
	other_name text,
	state text NOT NULL CHECK (state IN ('proposed', 'done', 'undone', 'rejected')),
	origin text NOT NULL CHECK (origin IN ('manual', 'automatic')),
	rule text NOT NULL,
	reason text NOT NULL,
	score integer,
	evidence uuid[] NOT NULL DEFAULT '{}',
	kept jsonb,
	created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	decided_at timestamptz,
	undone_at timestamptz,
	made_by uuid,
	undone_by uuid,
	PRIMARY KEY (network_id, id)
);
CREATE INDEX consolidation_host ON consolidation (network_id, host_id);
CREATE INDEX consolidation_other ON consolidation (network_id, other_host_id);
CREATE INDEX consolidation_state ON consolidation (network_id, state, created_at);

-- host_id stands after it.
CREATE TABLE decision (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL,
	at timestamptz NOT NULL DEFAULT clock_timestamp(),
	kind text NOT NULL CHECK (kind IN ('fold', 'merge', 'split', 'proposal', 'consolidate', 'undo', 'accept', 'reject')),
	host_id uuid NOT NULL,
	other_host_id uuid,
	rule text NOT NULL,
	reason text NOT NULL,
	score integer,
	evidence uuid[] NOT NULL DEFAULT '{}',
	consolidation_id uuid,
	actor uuid,
	PRIMARY KEY (network_id, id)
);
CREATE INDEX decision_host ON decision (network_id, host_id, at);
CREATE INDEX decision_other ON decision (network_id, other_host_id, at);
CREATE INDEX decision_at ON decision (at);

SELECT protect(name, 'observed') FROM unnest(ARRAY['identity_signal', 'identity_rule', 'consolidation', 'decision']) name;

CREATE VIEW consolidation_shown WITH (security_invoker = true) AS
	SELECT c.id, c.network_id, c.host_id, c.other_host_id, coalesce(h.name, c.host_name) AS host_name,
		coalesce(o.name, c.other_name) AS other_name, c.state, c.origin, c.rule, c.reason, c.score, c.evidence,
		seconds(c.created_at) AS created_at, seconds(c.decided_at) AS decided_at, seconds(c.undone_at) AS undone_at,
		c.made_by, c.undone_by
	FROM consolidation c LEFT JOIN host h ON h.network_id = c.network_id AND h.id = c.host_id
		LEFT JOIN host o ON o.network_id = c.network_id AND o.id = c.other_host_id;
GRANT SELECT ON consolidation_shown TO netvisor_app;

-- A virtual router's (VRRP, CARP, HSRP, GLBP): shared by design.
CREATE FUNCTION mac_is_shared(mac macaddr) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT mac::text ~ '^(00:00:5e:00:0[12]|00:00:0c:07:ac|00:00:0c:9f:f|00:05:73:a0:0|00:07:b4)'
$$;

-- The rank of a name, 0 the best (identify_name_rank()); NULL: it names no host.
CREATE FUNCTION name_rank(source text, kind text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT (array_position(ARRAY['dhcp', 'mdns', 'lldp', 'cdp', 'llmnr', 'nbns', 'dns', 'dhcpv6', 'sensor'], source) - 1) * 3
		+ array_position(ARRAY['hostname', 'fqdn', 'netbios'], coalesce(kind, 'hostname')) - 1
$$;

-- A person takes their name for a host away: the best that was discovered is back at once.
CREATE FUNCTION host_name_cleared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.name := NULL;
	NEW.name_source := NULL;
	NEW.name_kind := NULL;
	NEW.name_last := NULL;
	SELECT e.fact->>'name', e.source, e.fact->>'kind', s.last_seen INTO NEW.name, NEW.name_source, NEW.name_kind, NEW.name_last
	FROM interface i JOIN evidence e ON e.network_id = i.network_id AND e.kind = 'name' AND e.rank >= 0
			AND (e.mac = i.mac OR (e.ip = i.ip AND e.vlan = i.vlan))
		JOIN sighting s ON s.network_id = e.network_id AND s.id = e.id
	WHERE i.network_id = NEW.network_id AND i.host_id = NEW.id
	ORDER BY e.rank, s.last_seen DESC LIMIT 1;
	RETURN NEW;
END $$;
-- Its name comes before edit_touch's: triggers fire in the order of their names.
CREATE TRIGGER a_name_cleared BEFORE UPDATE OF name, name_source ON host FOR EACH ROW
	WHEN (OLD.name_source = 'manual' AND (NEW.name IS NULL OR NEW.name_source IS NULL)) EXECUTE FUNCTION host_name_cleared();

-- The same for a service's name: what was announced last is back.
CREATE FUNCTION service_name_cleared() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.name_source := NULL;
	NEW.name := (SELECT e.fact->>'name' FROM evidence e JOIN sighting s ON s.network_id = e.network_id AND s.id = e.id
		WHERE e.network_id = NEW.network_id AND e.kind = 'service' AND e.ip = NEW.ip AND e.vlan = NEW.vlan
			AND e.fact->>'port' = NEW.port::text AND e.fact->>'proto' = NEW.proto AND e.fact->>'name' IS NOT NULL
		ORDER BY s.last_seen DESC LIMIT 1);
	RETURN NEW;
END $$;
CREATE TRIGGER a_name_cleared BEFORE UPDATE OF name, name_source ON service FOR EACH ROW
	WHEN (OLD.name_source = 'manual' AND (NEW.name IS NULL OR NEW.name_source IS NULL)) EXECUTE FUNCTION service_name_cleared();

-- With a host goes what people said of it, and what was proposed.
CREATE FUNCTION host_identity_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM identity_rule r USING gone g WHERE r.network_id = g.network_id AND r.host_id = g.id;
	DELETE FROM identity_rule r USING gone g WHERE r.network_id = g.network_id AND r.other_host_id = g.id;
	DELETE FROM consolidation c USING gone g WHERE c.network_id = g.network_id AND c.host_id = g.id AND c.state = 'proposed';
	DELETE FROM consolidation c USING gone g WHERE c.network_id = g.network_id AND c.other_host_id = g.id AND c.state = 'proposed';
	RETURN NULL;
END $$;
CREATE TRIGGER host_identity_gone AFTER DELETE ON host REFERENCING OLD TABLE AS gone
	FOR EACH STATEMENT EXECUTE FUNCTION host_identity_gone();

-- Statements below find rows by their ids alone: these are unique, the policies name the networks, and the planner, told of a
-- network twice, would rather read all of it.

-- What a host is called in a list: its name, else its first address or MAC.
CREATE FUNCTION host_label(of_network uuid, of_host uuid) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce(h.name, (SELECT coalesce(host(i.ip), i.mac::text) FROM interface i
		WHERE i.host_id = h.id ORDER BY i.ip IS NULL, family(i.ip), i.first_seen, i.id LIMIT 1))
	FROM host h WHERE h.id = of_host
$$;

-- A host with all that it has.
CREATE FUNCTION host_snapshot(of_network uuid, of_host uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
	WITH bound AS (
		SELECT b.* FROM binding b JOIN service s ON s.id = b.service_id
		WHERE s.host_id = of_host
	)
	SELECT jsonb_build_object('host', to_jsonb(h),
		'interfaces', (SELECT coalesce(jsonb_agg(to_jsonb(i) ORDER BY i.first_seen, i.id), '[]') FROM interface i
			WHERE i.host_id = of_host),
		'ports', (SELECT coalesce(jsonb_agg(to_jsonb(p)), '[]') FROM port p
			WHERE p.host_id = of_host),
		'services', (SELECT coalesce(jsonb_agg(to_jsonb(s)), '[]') FROM service s
			WHERE s.host_id = of_host),
		'bindings', (SELECT coalesce(jsonb_agg(to_jsonb(b)), '[]') FROM bound b),
		'groups', (SELECT coalesce(jsonb_object_agg(g.id, g.binding_ids), '{}') FROM service_group g
			WHERE g.binding_ids && ARRAY(SELECT id FROM bound)),
		'presence', (SELECT coalesce(jsonb_agg(to_jsonb(p)), '[]') FROM presence p
			WHERE p.host_id = of_host),
		'apart', (SELECT coalesce(jsonb_agg(r.other_host_id), '[]') FROM identity_rule r
			WHERE r.kind = 'apart' AND r.host_id = of_host))
	FROM host h WHERE h.id = of_host
$$;

-- Whose what a host had is now: its own id, or that of the host that it became part of.
CREATE FUNCTION host_now(of_network uuid, of_host uuid) RETURNS uuid LANGUAGE sql STABLE AS $$
	WITH RECURSIVE chain AS (
		SELECT of_host AS id, 0 AS depth
		UNION ALL
		SELECT (SELECT c.host_id FROM consolidation c WHERE c.other_host_id = chain.id AND c.state = 'done'
			ORDER BY c.decided_at DESC LIMIT 1), depth + 1
		FROM chain WHERE depth < 100 AND chain.id IS NOT NULL
			AND NOT EXISTS (SELECT FROM host h WHERE h.id = chain.id)
	)
	SELECT h.id FROM chain JOIN host h ON h.id = chain.id LIMIT 1
$$;

CREATE FUNCTION decision_note(of_network uuid, of_kind text, c consolidation) RETURNS void LANGUAGE sql AS $$
	INSERT INTO decision (network_id, id, kind, host_id, other_host_id, rule, reason, score, evidence, consolidation_id, actor)
	VALUES (of_network, gen_random_uuid(), of_kind, c.host_id, c.other_host_id, c.rule, c.reason, c.score, c.evidence, c.id, acting_user())
$$;

CREATE FUNCTION hosts_apart(of_network uuid, one uuid, other uuid, of_consolidation uuid) RETURNS void LANGUAGE sql AS $$
	INSERT INTO identity_rule (network_id, kind, host_id, other_host_id, consolidation_id, made_by)
	VALUES (of_network, 'apart', one, other, of_consolidation, acting_user()), (of_network, 'apart', other, one, of_consolidation, acting_user())
	ON CONFLICT DO NOTHING
$$;

CREATE FUNCTION consolidation_with(of_network uuid, of_host uuid) RETURNS TABLE (id uuid, other uuid) LANGUAGE sql STABLE AS $$
	SELECT c.id, c.other_host_id FROM consolidation c WHERE c.host_id = of_host
	UNION ALL SELECT c.id, c.host_id FROM consolidation c WHERE c.other_host_id = of_host
$$;

-- What people said of a host, and what is proposed of it, is of the other now.
CREATE FUNCTION rules_follow(of_network uuid, into_id uuid, from_id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	UPDATE identity_rule SET host_id = into_id WHERE kind = 'same' AND host_id = from_id;
	PERFORM hosts_apart(of_network, into_id, r.other_host_id, r.consolidation_id) FROM identity_rule r
	WHERE r.kind = 'apart' AND r.host_id = from_id AND r.other_host_id <> into_id;
	DELETE FROM identity_rule WHERE kind = 'apart' AND host_id = from_id;
	DELETE FROM identity_rule WHERE kind = 'apart' AND other_host_id = from_id;
	IF NOT EXISTS (SELECT FROM consolidation WHERE host_id = from_id AND state = 'proposed')
			AND NOT EXISTS (SELECT FROM consolidation WHERE other_host_id = from_id AND state = 'proposed') THEN
		RETURN;
	END IF;
	-- Once each, and not what was decided of the other already.
	DELETE FROM consolidation c USING consolidation_with(of_network, from_id) w
	WHERE c.id = w.id AND c.state = 'proposed'
		AND (w.other = into_id OR EXISTS (SELECT FROM consolidation_with(of_network, into_id) o JOIN consolidation d
			ON d.id = o.id WHERE o.other = w.other AND d.state <> 'done'));
	UPDATE consolidation SET host_id = into_id WHERE host_id = from_id AND state = 'proposed';
	UPDATE consolidation SET other_host_id = into_id WHERE other_host_id = from_id AND state = 'proposed';
END $$;

-- Interfaces of one host that the other has too: the same address or, without one, the same MAC in the same VLAN.
CREATE FUNCTION equal_interfaces(of_network uuid, of_host uuid, other uuid) RETURNS TABLE (id uuid, into_id uuid)
LANGUAGE sql STABLE AS $$
	SELECT DISTINCT ON (f.id) f.id, t.id FROM interface f JOIN interface t ON t.host_id = of_host AND t.vlan = f.vlan AND t.ip IS NOT DISTINCT FROM f.ip
		AND (f.mac = t.mac OR (f.ip IS NOT NULL AND (f.mac IS NULL OR t.mac IS NULL)))
	WHERE f.host_id = other ORDER BY f.id, t.mac IS NULL, t.id
$$;

-- Services of one host that the other has too: the same place on the wire or, without one, the same name and definition.
CREATE FUNCTION equal_services(of_network uuid, of_host uuid, other uuid) RETURNS TABLE (id uuid, into_id uuid)
LANGUAGE sql STABLE AS $$
	SELECT DISTINCT ON (f.id) f.id, t.id FROM service f JOIN service t ON t.host_id = of_host
		AND t.vlan = f.vlan AND t.ip IS NOT DISTINCT FROM f.ip AND t.port IS NOT DISTINCT FROM f.port
		AND t.proto IS NOT DISTINCT FROM f.proto
		AND (f.port IS NOT NULL OR (lower(t.name) = lower(f.name) AND t.service_definition IS NOT DISTINCT FROM f.service_definition))
	WHERE f.host_id = other ORDER BY f.id, t.id
$$;

CREATE FUNCTION json_put(of jsonb, key text, value uuid) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT of || jsonb_build_object(key, value)
$$;

-- A member of groups gives way to another. Also a sensor's facts may show that two services are one; groups are people's.
CREATE FUNCTION group_member_becomes(of_network uuid, old uuid, new uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER AS $$
	UPDATE service_group SET binding_ids = CASE WHEN new = ANY (binding_ids) THEN array_remove(binding_ids, old)
		ELSE array_replace(binding_ids, old, new) END
	WHERE network_id = of_network AND old = ANY (binding_ids)
		AND of_network = ANY (nullif(current_setting('netvisor.networks', true), '')::uuid[])
		AND current_setting('netvisor.role', true) IN ('sensor', 'member', 'admin', 'owner', 'system')
$$;

-- What consolidating would do, before it is done.
CREATE FUNCTION consolidation_preview(into_id uuid, other_id uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	h host;
	o host;
	refused text;
BEGIN
	SELECT * INTO h FROM host WHERE id = into_id;
	SELECT * INTO o FROM host WHERE id = other_id;
	IF h.id IS NULL OR o.id IS NULL THEN
		RAISE SQLSTATE 'NV404' USING MESSAGE = 'there is no such host';
	END IF;
	refused := CASE WHEN into_id = other_id THEN 'a host can''t be consolidated with itself: choose another one'
		WHEN h.network_id <> o.network_id THEN 'these hosts are of different networks, where the same address may be another device' END;
	RETURN jsonb_build_object('refused', refused,
		'host', jsonb_build_object('id', h.id, 'name', host_label(h.network_id, h.id)),
		'other', jsonb_build_object('id', o.id, 'name', host_label(o.network_id, o.id)))
		|| CASE WHEN refused IS NULL THEN consolidation_moves(h, o) ELSE '{}' END;
END $$;

CREATE FUNCTION consolidation_moves(h host, o host) RETURNS jsonb LANGUAGE sql STABLE AS $$
	WITH face AS (
		SELECT i.*, e.into_id FROM interface i LEFT JOIN equal_interfaces(h.network_id, h.id, o.id) e USING (id)
		WHERE i.host_id = o.id
	), serving AS (
		SELECT s.*, e.into_id FROM service s LEFT JOIN equal_services(h.network_id, h.id, o.id) e USING (id)
		WHERE s.host_id = o.id
	), opening AS (
		SELECT p.*, t.id AS into_id FROM port p LEFT JOIN port t ON t.host_id = h.id
			AND t.number = p.number AND t.protocol = p.protocol WHERE p.host_id = o.id
	), field AS (
		SELECT f.key, f.value AS ours, to_jsonb(o)->f.key AS theirs
		FROM jsonb_each(to_jsonb(h)) f WHERE f.key IN ('name', 'description', 'vendor', 'virtualization', 'tags', 'hidden')
			AND f.value IS DISTINCT FROM to_jsonb(o)->f.key
	), merged AS (
		SELECT key, ours, theirs, CASE
			WHEN key = 'tags' THEN (SELECT jsonb_agg(DISTINCT t) FROM jsonb_array_elements(ours || theirs) t)
			WHEN key = 'hidden' THEN 'false'
			WHEN key = 'name' AND (h.name IS NULL OR (h.name_source IS DISTINCT FROM 'manual' AND o.name IS NOT NULL
				AND (o.name_source = 'manual' OR name_rank(o.name_source, o.name_kind) < name_rank(h.name_source, h.name_kind)))) THEN theirs
			WHEN ours = 'null' THEN theirs ELSE ours END AS result
		FROM field
	)
	SELECT jsonb_build_object(
		'moves', jsonb_build_object(
			'interfaces', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'mac', mac, 'ip', host(ip), 'vlan', vlan)), '[]')
				FROM face WHERE into_id IS NULL),
			'ports', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'number', number, 'protocol', protocol)), '[]')
				FROM opening WHERE into_id IS NULL),
			'services', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'name', name, 'ip', host(ip), 'port', port,
				'proto', proto)), '[]') FROM serving WHERE into_id IS NULL),
			'bindings', (SELECT count(*) FROM binding b JOIN serving s ON s.id = b.service_id WHERE b.network_id = h.network_id),
			'flows', (SELECT count(DISTINCT w.id) FROM face i JOIN flow w ON w.vlan = i.vlan
				AND ((w.client = i.ip AND w.client_host_id = o.id) OR (w.server = i.ip AND w.server_host_id = o.id))),
			'tags', (SELECT coalesce(jsonb_agg(t), '[]') FROM unnest(o.tags) t WHERE NOT t = ANY (h.tags))),
		'equal', jsonb_build_object(
			'interfaces', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'into', into_id, 'mac', mac, 'ip', host(ip),
				'vlan', vlan)), '[]') FROM face WHERE into_id IS NOT NULL),
			'ports', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'into', into_id, 'number', number,
				'protocol', protocol)), '[]') FROM opening WHERE into_id IS NOT NULL),
			'services', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', id, 'into', into_id, 'name', name)), '[]')
				FROM serving WHERE into_id IS NOT NULL)),
		'merged', (SELECT coalesce(jsonb_agg(jsonb_build_object('field', key, 'host', ours, 'other', theirs, 'result', result)), '[]')
			FROM merged),
		'dropped', (SELECT coalesce(jsonb_agg(jsonb_build_object('field', key, 'value', theirs)), '[]') FROM merged
			WHERE result <> theirs AND theirs <> 'null' AND key NOT IN ('tags', 'hidden')))
$$;

-- Not of RFC 6890's blocks: a place of the Internet.
CREATE FUNCTION ip_is_global(ip inet) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE family(ip) WHEN 6 THEN ip <<= '2000::/3' AND NOT ip <<= '2001:db8::/32' ELSE NOT (ip <<= '0.0.0.0/8' OR ip <<= '10.0.0.0/8'
		OR ip <<= '100.64.0.0/10' OR ip <<= '127.0.0.0/8' OR ip <<= '169.254.0.0/16' OR ip <<= '172.16.0.0/12' OR ip <<= '192.0.0.0/24'
		OR ip <<= '192.0.2.0/24' OR ip <<= '192.168.0.0/16' OR ip <<= '198.18.0.0/15' OR ip <<= '198.51.100.0/24'
		OR ip <<= '203.0.113.0/24' OR ip <<= '224.0.0.0/3') END
$$;

-- Interfaces follow the network's subnets: the longest prefix that holds their address; what is of the Internet, and reached
-- through a router, the one that stands for it (identify_subnets() does the same for what facts bring).
CREATE FUNCTION subnet_relink(of_network uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	edits text := current_setting('netvisor.edits', true);
	ids uuid[];
	befores jsonb[];
	afters jsonb[];
	internet uuid := (SELECT id FROM subnet WHERE network_id = of_network AND masklen(cidr) = 0 AND subnet_type = 'Internet' ORDER BY id LIMIT 1);
BEGIN
	-- Nobody edited the interfaces: their entries are written here, together.
	PERFORM set_config('netvisor.edits', '', true);
	WITH prefix AS (
		SELECT DISTINCT family(cidr) AS version, masklen(cidr) AS bits FROM subnet WHERE network_id = of_network AND masklen(cidr) > 0
	), best AS (
		SELECT DISTINCT ON (i.id) i.id, s.id AS subnet_id FROM interface i JOIN prefix p ON p.version = family(i.ip)
			JOIN subnet s ON s.network_id = of_network AND s.cidr = network(set_masklen(i.ip, p.bits))
		WHERE i.network_id = of_network ORDER BY i.id, p.bits DESC
	), wanted AS (
		SELECT i.id, i.subnet_id AS was, coalesce(b.subnet_id,
			CASE WHEN (i.mac IS NULL OR i.via IS NOT NULL) AND ip_is_global(i.ip) THEN internet END) AS is_now
		FROM interface i LEFT JOIN best b ON b.id = i.id WHERE i.network_id = of_network AND i.ip IS NOT NULL
	), moved AS (
		UPDATE interface i SET subnet_id = w.is_now FROM wanted w
		WHERE i.network_id = of_network AND i.id = w.id AND w.is_now IS DISTINCT FROM w.was RETURNING i.id, w.was, w.is_now
	)
	SELECT array_agg(id ORDER BY id), array_agg(jsonb_build_object('subnet_id', was) ORDER BY id),
		array_agg(jsonb_build_object('subnet_id', is_now) ORDER BY id) INTO ids, befores, afters FROM moved;
	IF ids IS NOT NULL THEN
		PERFORM changes_append(of_network, 'interface', ids, befores, afters);
	END IF;
	PERFORM set_config('netvisor.edits', coalesce(edits, ''), true), pg_notify('netvisor_change', of_network::text);
END $$;

-- Whoever makes, changes or removes subnets: interfaces follow.
CREATE FUNCTION subnets_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		PERFORM subnet_relink(n.id) FROM network n WHERE n.id IN (SELECT network_id FROM gone);
	ELSE
		PERFORM subnet_relink(n.id) FROM network n WHERE n.id IN (SELECT network_id FROM made);
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER subnets_made AFTER INSERT ON subnet REFERENCING NEW TABLE AS made
	FOR EACH STATEMENT EXECUTE FUNCTION subnets_changed();
CREATE TRIGGER subnets_changed AFTER UPDATE ON subnet REFERENCING NEW TABLE AS made
	FOR EACH STATEMENT EXECUTE FUNCTION subnets_changed();
CREATE TRIGGER subnets_gone AFTER DELETE ON subnet REFERENCING OLD TABLE AS gone
	FOR EACH STATEMENT EXECUTE FUNCTION subnets_changed();

-- What a batch reads of an interface with its host (ingest_load_face()). stored: how many interfaces the host has, as far as
-- it matters; apart: hosts that it must not become one with. The transaction sees one network, so that none is named here: the
-- planner would be told twice, and believe in too few rows.
CREATE VIEW candidate_face WITH (security_invoker = true) AS
	SELECT h.id AS host_id, h.name, h.name_source, h.vendor, micros(h.first_seen) AS host_first, micros(h.last_seen) AS host_last,
		h.name_kind, micros(h.name_last) AS name_last, i.id, i.mac, host(i.ip) AS ip, i.vlan, i.via, i.vendor AS face_vendor, i.packets,
		i.bytes, i.packets_in, i.bytes_in, micros(i.first_seen) AS first_seen, micros(i.last_seen) AS last_seen, h.chassis,
		micros(h.present_since) AS present_since, i.subnet_id,
		(SELECT count(*) FROM (SELECT FROM interface o WHERE o.host_id = h.id LIMIT 100) n) AS stored,
		(SELECT string_agg(r.other_host_id::text, ' ') FROM identity_rule r WHERE r.host_id = h.id AND r.kind = 'apart') AS apart
	FROM host h JOIN interface i ON i.host_id = h.id;
GRANT SELECT ON candidate_face TO netvisor_app;

-- The signals of these MACs, of whoever says the same or what is asked for, and what those say beside it.
CREATE FUNCTION signals_near(macs text[], kinds text[], said text[]) RETURNS SETOF identity_signal LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY WITH own AS (
		SELECT s.* FROM (SELECT DISTINCT m::macaddr AS mac FROM unnest(macs) m WHERE m IS NOT NULL) k CROSS JOIN LATERAL (
			SELECT * FROM identity_signal i WHERE i.mac = k.mac ORDER BY i.last_seen DESC LIMIT 16) s
	), asked AS (
		SELECT o.kind, o.value FROM own o UNION SELECT k, v FROM unnest(kinds, said) AS u (k, v)
	), same AS (
		SELECT s.* FROM asked k CROSS JOIN LATERAL (SELECT * FROM identity_signal i
			WHERE i.kind = k.kind AND i.value = k.value ORDER BY i.last_seen DESC LIMIT 12) s WHERE k.kind <> 'fingerprint'
	)
	SELECT o.* FROM own o UNION SELECT s.* FROM same s
	UNION SELECT s.* FROM (SELECT DISTINCT mac FROM same WHERE mac IS NOT NULL) k CROSS JOIN LATERAL (
		SELECT * FROM identity_signal i WHERE i.mac = k.mac ORDER BY i.last_seen DESC LIMIT 16) s;
END $$;

SELECT pin_functions();
SELECT subnet_relink(id) FROM network;
