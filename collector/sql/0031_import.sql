-- SPDX-License-Identifier: BSD-2-Clause
-- Files of other programs. What they say is evidence of source `import` whose sensor_id is the import's id; no sensor has it.

-- said_at: as of when. The counts are of what the file said. error: in words for people.
CREATE TABLE import (
	network_id uuid NOT NULL,
	id uuid NOT NULL,
	name text NOT NULL,
	format text NOT NULL,
	said_at timestamptz NOT NULL,
	state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed', 'undone')),
	error text,
	hosts bigint NOT NULL DEFAULT 0,
	names bigint NOT NULL DEFAULT 0,
	services bigint NOT NULL DEFAULT 0,
	traits bigint NOT NULL DEFAULT 0,
	skipped bigint NOT NULL DEFAULT 0,
	facts bigint NOT NULL DEFAULT 0,
	facts_done bigint NOT NULL DEFAULT 0,
	made_by uuid,
	undone_by uuid,
	created_at timestamptz NOT NULL DEFAULT now(),
	moved_at timestamptz NOT NULL DEFAULT now(),
	undone_at timestamptz,
	PRIMARY KEY (network_id, id)
);
SELECT protect('import', 'made');
CREATE INDEX evidence_import ON evidence (network_id, sensor_id) WHERE source = 'import';
CREATE FUNCTION network_forget_imports() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	DELETE FROM import WHERE network_id = OLD.id;
	RETURN NULL;
END $$;
CREATE TRIGGER network_forget_imports AFTER DELETE ON network FOR EACH ROW EXECUTE FUNCTION network_forget_imports();

-- As identify_name_rank() has it: what a file says is the last of all.
CREATE OR REPLACE FUNCTION name_rank(source text, kind text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT (array_position(ARRAY['dhcp', 'mdns', 'lldp', 'cdp', 'llmnr', 'nbns', 'snmp', 'dns', 'dhcpv6', 'sensor', 'import'], source) - 1) * 3
		+ array_position(ARRAY['hostname', 'fqdn', 'netbios'], coalesce(kind, 'hostname')) - 1
$$;

-- One that has not moved for minutes was left by a collector that ended.
CREATE FUNCTION import_json(i import) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('network_id', i.network_id, 'id', i.id, 'name', i.name, 'format', i.format, 'said_at', seconds(i.said_at),
		'state', CASE WHEN left_behind THEN 'failed' ELSE i.state END,
		'error', CASE WHEN left_behind THEN 'the collector ended before all of it was read: undo it, and import the file again' ELSE i.error END,
		'hosts', i.hosts, 'names', i.names, 'services', i.services, 'traits', i.traits, 'skipped', i.skipped, 'facts', i.facts, 'facts_done', i.facts_done,
		'made_by', i.made_by, 'undone_by', i.undone_by, 'created_at', seconds(i.created_at), 'undone_at', seconds(i.undone_at))
	FROM (SELECT i.state = 'running' AND i.moved_at < now() - interval '3 minutes' AS left_behind) o
$$;

-- What a file would do: macs and ips in step, of its devices; services likewise. Of the first devices, which host each is.
CREATE FUNCTION import_preview(of_network uuid, macs macaddr[], ips inet[], service_ips inet[], service_ports integer[], service_protos text[]) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	WITH who AS MATERIALIZED (
		SELECT u.mac, u.ip, min(u.place) AS place FROM unnest(macs, ips) WITH ORDINALITY u (mac, ip, place) GROUP BY 1, 2
	), known AS MATERIALIZED (
		SELECT w.*, coalesce((SELECT i.host_id FROM interface i WHERE i.network_id = of_network AND i.mac = w.mac ORDER BY i.last_seen DESC LIMIT 1),
			(SELECT i.host_id FROM interface i WHERE i.network_id = of_network AND i.ip = w.ip AND (w.mac IS NULL OR i.mac IS NULL) ORDER BY i.last_seen DESC LIMIT 1)) AS host_id
		FROM who w
	), port AS MATERIALIZED (
		SELECT DISTINCT u.ip, u.port, u.proto FROM unnest(service_ips, service_ports, service_protos) u (ip, port, proto)
	)
	SELECT jsonb_build_object('hosts', (SELECT count(DISTINCT coalesce(mac::text, host(ip))) FROM known),
		'new_hosts', (SELECT count(DISTINCT coalesce(mac::text, host(ip))) FROM known WHERE host_id IS NULL),
		'services', (SELECT count(*) FROM port), 'new_services', (SELECT count(*) FROM port p WHERE NOT EXISTS (SELECT FROM service s
			JOIN interface i ON i.network_id = of_network AND i.host_id = s.host_id AND i.ip = p.ip
			WHERE s.network_id = of_network AND s.ip = p.ip AND s.port = p.port AND s.proto = p.proto)),
		'known', (SELECT coalesce(jsonb_agg(jsonb_build_object('mac', k.mac, 'ip', host(k.ip), 'host_id', k.host_id, 'host_name', host_label(of_network, k.host_id))
			ORDER BY k.place), '[]') FROM (SELECT * FROM known WHERE host_id IS NOT NULL ORDER BY place LIMIT 200) k))
$$;

-- A thing that an import brought goes, with its entry in the log.
CREATE FUNCTION import_drop(of_network uuid, kind text, ids uuid[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	gone bigint;
BEGIN
	EXECUTE format('DELETE FROM %I WHERE network_id = $1 AND id = ANY ($2)', kind) USING of_network, ids;
	GET DIAGNOSTICS gone = ROW_COUNT;
	RETURN gone;
END $$;

-- Take back what an import brought and what nothing else says: its evidence; services, addresses and hosts that rest on it alone, unless a person has
-- changed them; names that came from it. NULL: there is no such import.
CREATE FUNCTION import_undo(of_id uuid) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	one import;
	said uuid[];
	faces uuid[];
	hosts uuid[];
	served uuid[];
	lonely uuid[];
BEGIN
	SELECT * INTO one FROM import WHERE id = of_id;
	IF one.id IS NULL THEN
		RETURN NULL;
	END IF;
	PERFORM FROM network WHERE id = one.network_id FOR NO KEY UPDATE;
	SELECT * INTO one FROM import WHERE id = of_id FOR UPDATE;
	IF one.state = 'undone' OR (one.state = 'running' AND one.moved_at > now() - interval '3 minutes') THEN
		RAISE SQLSTATE 'NV409' USING MESSAGE = CASE one.state WHEN 'undone' THEN 'this import was undone already' ELSE 'this import is under way: wait until it is done' END;
	END IF;
	said := ARRAY(SELECT e.id FROM evidence e WHERE e.network_id = one.network_id AND e.sensor_id = of_id AND e.source = 'import');
	served := ARRAY(SELECT DISTINCT s.id FROM evidence e JOIN interface i ON i.network_id = one.network_id AND i.ip = e.ip
			JOIN service s ON s.network_id = one.network_id AND s.host_id = i.host_id AND s.ip = e.ip AND s.port = (e.fact->>'port')::integer AND s.proto = e.fact->>'proto' AND s.vlan = e.vlan
		WHERE e.network_id = one.network_id AND e.sensor_id = of_id AND e.source = 'import' AND e.kind = 'service' AND s.origin = 'discovery' AND s.revision = 1
			AND NOT EXISTS (SELECT FROM evidence o WHERE o.network_id = e.network_id AND o.ip = e.ip AND o.kind = 'service' AND o.fact->>'port' = e.fact->>'port'
				AND o.fact->>'proto' = e.fact->>'proto' AND o.vlan = e.vlan AND o.sensor_id <> of_id));
	-- An address or a MAC that something else tells of stays; flows tell of addresses too.
	WITH spoken AS MATERIALIZED (
		SELECT DISTINCT e.mac, e.ip, e.vlan FROM evidence e WHERE e.network_id = one.network_id AND e.sensor_id = of_id AND e.source = 'import'
	), near AS MATERIALIZED (
		SELECT i.id, i.host_id, i.vlan = s.vlan AND (i.mac IS NULL OR i.mac = s.mac) AS by_it FROM spoken s JOIN interface i ON i.network_id = one.network_id AND i.ip = s.ip
		UNION SELECT i.id, i.host_id, i.vlan = s.vlan AND i.ip IS NULL AND s.ip IS NULL FROM spoken s JOIN interface i ON i.network_id = one.network_id AND i.mac = s.mac
	), alone AS (
		SELECT DISTINCT i.id FROM near n JOIN interface i ON i.network_id = one.network_id AND i.id = n.id
		WHERE n.by_it AND i.origin = 'discovery' AND i.revision = 1 AND i.container_of IS NULL
			AND NOT EXISTS (SELECT FROM evidence o WHERE o.network_id = one.network_id AND o.mac = i.mac AND o.ip IS NOT DISTINCT FROM i.ip AND o.sensor_id <> of_id)
			AND NOT EXISTS (SELECT FROM evidence o WHERE o.network_id = one.network_id AND o.ip = i.ip AND o.vlan = i.vlan AND o.mac IS NULL AND o.sensor_id <> of_id)
			AND NOT EXISTS (SELECT FROM flow f WHERE f.network_id = one.network_id AND f.client = i.ip AND f.vlan = i.vlan)
			AND NOT EXISTS (SELECT FROM flow f WHERE f.network_id = one.network_id AND f.server = i.ip AND f.vlan = i.vlan)
	)
	SELECT ARRAY(SELECT id FROM alone), ARRAY(SELECT DISTINCT host_id FROM near) INTO faces, hosts;
	-- A host that a person has changed keeps its last address.
	faces := ARRAY(SELECT i.id FROM interface i JOIN host h ON h.network_id = i.network_id AND h.id = i.host_id WHERE i.network_id = one.network_id AND i.id = ANY (faces)
		AND (h.origin = 'discovery' AND h.revision = 1 OR EXISTS (SELECT FROM interface o WHERE o.network_id = i.network_id AND o.host_id = i.host_id AND o.id <> ALL (faces))));
	-- Hosts that have nothing else. Looked at before: what is taken from a host raises its revision.
	lonely := ARRAY(SELECT h.id FROM host h WHERE h.network_id = one.network_id AND h.id = ANY (hosts) AND h.origin = 'discovery' AND h.revision = 1
		AND NOT EXISTS (SELECT FROM interface i WHERE i.network_id = one.network_id AND i.host_id = h.id AND i.id <> ALL (faces))
		AND NOT EXISTS (SELECT FROM service s WHERE s.network_id = one.network_id AND s.host_id = h.id AND s.id <> ALL (served) AND s.source <> 'concluded'));
	DELETE FROM identity_signal WHERE network_id = one.network_id AND evidence = ANY (said);
	DELETE FROM sighting WHERE network_id = one.network_id AND id = ANY (said);
	DELETE FROM evidence WHERE network_id = one.network_id AND id = ANY (said);
	-- What was settled may have been so by what is gone.
	PERFORM evidence_unsettle_hosts(one.network_id, hosts);
	PERFORM import_drop(one.network_id, 'service', served), import_drop(one.network_id, 'interface', faces);
	PERFORM import_drop(one.network_id, 'host', lonely);
	-- The best name that is left.
	UPDATE host h SET (name, name_source, name_kind, name_last) = (SELECT b.name, b.source, b.kind, b.last_seen FROM (SELECT 1) x LEFT JOIN LATERAL (
			SELECT e.fact->>'name' AS name, e.source, e.fact->>'kind' AS kind, s.last_seen FROM interface i JOIN evidence e ON e.network_id = i.network_id AND e.kind = 'name'
				AND e.rank >= 0 AND (e.mac = i.mac OR (e.ip = i.ip AND e.vlan = i.vlan))
			JOIN sighting s ON s.network_id = e.network_id AND s.id = e.id WHERE i.network_id = h.network_id AND i.host_id = h.id
			ORDER BY e.rank, s.last_seen DESC LIMIT 1) b ON true)
	WHERE h.network_id = one.network_id AND h.id = ANY (hosts) AND h.name_source = 'import';
	PERFORM recognize_mark(one.network_id, hosts);
	UPDATE import SET state = 'undone', undone_at = now(), undone_by = nullif(current_setting('netvisor.user', true), '')::uuid
	WHERE network_id = one.network_id AND id = of_id;
	RETURN of_id;
END $$;

SELECT pin_functions();
