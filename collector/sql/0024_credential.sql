-- SPDX-License-Identifier: BSD-2-Clause
-- What a scan is asked with and what it says: SNMP credentials, how far a session is in numbers, what it came to.

-- Credentials of a network for SNMP. Secrets are sealed by the collector before they come here, each for its row and field, with a
-- key that is in a file of its own: who has the database, or a backup of it, has none of them. targets: who is asked with it;
-- none: all that a scan asks.
CREATE TABLE snmp_credential (
	network_id uuid NOT NULL REFERENCES network ON DELETE CASCADE,
	id uuid NOT NULL DEFAULT gen_random_uuid(),
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
	version text NOT NULL CHECK (version IN ('V1', 'V2c', 'V3')),
	port integer NOT NULL DEFAULT 161 CHECK (port BETWEEN 1 AND 65535),
	targets cidr[] NOT NULL DEFAULT '{}',
	username text,
	context text,
	auth_protocol text,
	privacy_protocol text,
	community bytea,
	auth_password bytea,
	privacy_password bytea,
	revision integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id)
);
SELECT protect('snmp_credential', 'managed');
-- Members start scans with them, and see which there are; viewers do not.
CREATE POLICY askers ON snmp_credential AS RESTRICTIVE FOR SELECT
	USING (current_setting('netvisor.role', true) IN ('member', 'admin', 'owner', 'system'));

-- What a version does not use goes.
CREATE FUNCTION snmp_credential_tidy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.version = 'V3' THEN
		NEW.community := NULL;
	ELSE
		NEW.username := NULL;
		NEW.context := NULL;
		NEW.auth_protocol := NULL;
		NEW.privacy_protocol := NULL;
	END IF;
	NEW.username := nullif(NEW.username, '');
	NEW.context := nullif(NEW.context, '');
	IF NEW.auth_protocol IS NULL THEN
		NEW.auth_password := NULL;
	END IF;
	IF NEW.privacy_protocol IS NULL THEN
		NEW.privacy_password := NULL;
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER snmp_credential_tidy BEFORE INSERT OR UPDATE ON snmp_credential FOR EACH ROW EXECUTE FUNCTION snmp_credential_tidy();

-- What it needs must be there; after the policies have said whether one may at all.
CREATE FUNCTION snmp_credential_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	credentials_max constant integer := 16;
BEGIN
	IF NEW.version <> 'V3' AND NEW.community IS NULL THEN
		PERFORM refuse(400, '"community" is missing: versions 1 and 2c ask with one');
	ELSIF NEW.version = 'V3' AND NEW.username IS NULL THEN
		PERFORM refuse(400, '"username" is missing: version 3 asks as somebody');
	ELSIF NEW.auth_protocol IS NULL AND NEW.privacy_protocol IS NOT NULL THEN
		PERFORM refuse(400, '"privacy_protocol" needs "auth_protocol": version 3 encrypts only what it signs');
	ELSIF NEW.auth_protocol IS NOT NULL AND NEW.auth_password IS NULL THEN
		PERFORM refuse(400, '"auth_password" is missing for "auth_protocol"');
	ELSIF NEW.privacy_protocol IS NOT NULL AND NEW.privacy_password IS NULL THEN
		PERFORM refuse(400, '"privacy_password" is missing for "privacy_protocol"');
	END IF;
	IF TG_OP = 'INSERT' AND (SELECT count(*) FROM snmp_credential WHERE network_id = NEW.network_id) > credentials_max THEN
		PERFORM refuse(409, format('a network has at most %s SNMP credentials: each is tried with each device', credentials_max));
	END IF;
	RETURN NULL;
END $$;
CREATE TRIGGER snmp_credential_check AFTER INSERT OR UPDATE ON snmp_credential FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION snmp_credential_check();

-- Who changes them is in the organization's audit log; of a secret only that it is another.
CREATE FUNCTION snmp_credential_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	secrets constant text[] := ARRAY['community', 'auth_password', 'privacy_password'];
	hidden constant text[] := secrets || ARRAY['revision', 'updated_at'];
	was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - hidden END;
	is_now jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - hidden END;
	row_of jsonb := coalesce(is_now, was);
	changed jsonb := '{}';
BEGIN
	IF TG_OP = 'UPDATE' THEN
		SELECT coalesce(jsonb_object_agg(s, 'another'), '{}') INTO changed FROM unnest(secrets) s
		WHERE to_jsonb(OLD)->s IS DISTINCT FROM to_jsonb(NEW)->s;
	END IF;
	PERFORM audit_append(n.organization_id, lower(TG_OP), 'snmp_credential', (row_of->>'id')::uuid,
		CASE WHEN TG_OP = 'UPDATE' THEN json_only_changed(was, is_now) ELSE was END,
		CASE WHEN TG_OP = 'UPDATE' THEN json_only_changed(is_now, was) || changed ELSE is_now END)
	FROM network n WHERE n.id = (row_of->>'network_id')::uuid AND (was IS DISTINCT FROM is_now OR changed <> '{}');
	RETURN NULL;
END $$;
CREATE TRIGGER edit_touch BEFORE UPDATE ON snmp_credential FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on' AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION edit_touch();
CREATE TRIGGER edit_log AFTER INSERT OR UPDATE OR DELETE ON snmp_credential FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION snmp_credential_audit();

CREATE FUNCTION snmp_credential_json(c snmp_credential) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('id', c.id, 'network_id', c.network_id, 'name', c.name, 'version', c.version, 'port', c.port,
		'targets', to_jsonb(c.targets::text[]), 'username', c.username, 'context', c.context, 'auth_protocol', c.auth_protocol,
		'privacy_protocol', c.privacy_protocol, 'has_community', c.community IS NOT NULL,
		'has_auth_password', c.auth_password IS NOT NULL, 'has_privacy_password', c.privacy_password IS NOT NULL,
		'created_at', seconds(c.created_at), 'updated_at', seconds(c.updated_at), 'revision', c.revision)
$$;

CREATE FUNCTION prefixes_of(list jsonb) RETURNS cidr[]
LANGUAGE sql STABLE AS $$
	SELECT coalesce(array_agg(network(t::inet)), '{}') FROM jsonb_array_elements_text(list) t
$$;

-- detail: how far it is, in what the sensor counts. place: where it would go on, for a sensor that starts anew.
ALTER TABLE session ADD COLUMN detail jsonb, ADD COLUMN place text;

CREATE OR REPLACE VIEW live_session WITH (security_invoker = true) AS
	SELECT id, discovery_id, sensor_id, name, discovery_type, cause, started_by, phase, progress, error, results,
		seconds(created_at) AS created_at, seconds(started_at) AS started_at, seconds(finished_at) AS finished_at,
		seconds(updated_at) AS updated_at, detail
	FROM session WHERE finished_at IS NULL OR finished_at > now() - interval '7 days';

-- One that is complete, or waits again, is not on its way any more; of one that ended early this is how far it was.
CREATE FUNCTION session_detail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.detail := NULL;
	RETURN NEW;
END $$;
CREATE TRIGGER session_detail BEFORE UPDATE OF phase ON session FOR EACH ROW
	WHEN (NEW.phase IN ('Pending', 'Complete')) EXECUTE FUNCTION session_detail();

-- What a scan is without a word of it: for discoveries that are older than a field.
CREATE FUNCTION scan_defaults() RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT '{"subnet_ids": null, "targets": [], "excludes": [], "ports": null, "depth": "light", "rate": 1000, "host_rate": 100,
		"engine": "uring", "skip_alive": false, "identify": true, "probe_raw_socket_ports": false,
		"probe_industrial_ports": false, "snmp_credential_ids": null, "host_naming_fallback": "BestService"}'::jsonb
$$;

-- As in 0012_session.sql; and of an IPv6 subnet, which nobody could ask address by address, the addresses that are known.
CREATE OR REPLACE FUNCTION discovery_scope(of_network uuid, of_sensor uuid, what jsonb, OUT prefixes text[], OUT why text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	addresses_max constant numeric := 65536;
	known_max constant integer := 1024;
	never constant cidr[] := ARRAY['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4', '::/127', 'ff00::/8']::cidr[];
	elsewhere constant text[] := ARRAY['Internet', 'Remote', 'DockerBridge'];
	named boolean := jsonb_typeof(what->'subnet_ids') = 'array';
	ids uuid[];
	wide cidr[];
	one record;
	wrong text;
	total numeric;
BEGIN
	IF what->>'type' <> 'Network' THEN
		RETURN;
	END IF;
	SELECT coalesce(array_agg(t::uuid), '{}') INTO ids FROM jsonb_array_elements_text(CASE WHEN named THEN what->'subnet_ids'
		ELSE coalesce((SELECT capabilities->'interfaced_subnet_ids' FROM sensor WHERE network_id = of_network AND id = of_sensor),
			'[]') END) t;
	-- Of a machine's subnets only those of the port that is watched: through that the sensor asks.
	IF NOT named THEN
		SELECT coalesce(array_agg(n.id), '{}') INTO ids FROM subnet n WHERE n.network_id = of_network AND n.id = ANY (ids) AND NOT EXISTS (
			SELECT FROM sensor s, jsonb_path_query_array(s.interfaces, '$[*].addresses[*]') own
			WHERE s.network_id = of_network AND s.id = of_sensor AND own <> '[]'
				AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(own) a WHERE a::inet << n.cidr));
	END IF;
	IF named AND EXISTS (SELECT FROM unnest(ids) i WHERE NOT EXISTS (SELECT FROM subnet WHERE network_id = of_network AND id = i)) THEN
		why := 'discovery_type.subnet_ids: one of them is no subnet of this network';
		RETURN;
	END IF;
	FOR one IN SELECT * FROM subnet WHERE network_id = of_network AND id = ANY (ids) AND subnet_type = ANY (elsewhere) AND named LOOP
		why := format('discovery_type.subnet_ids: %s is of type %s, which is not scanned', one.name, one.subnet_type);
		RETURN;
	END LOOP;
	SELECT coalesce(array_agg(cidr), '{}') INTO wide FROM subnet WHERE network_id = of_network AND id = ANY (ids)
		AND family(cidr) = 6 AND masklen(cidr) BETWEEN 1 AND 111 AND NOT cidr && ANY (never);
	SELECT coalesce(array_agg(p ORDER BY p), '{}') INTO prefixes FROM (
		SELECT cidr::text AS p FROM subnet WHERE network_id = of_network AND id = ANY (ids) AND cidr <> ALL (wide)
			AND (named OR subnet_type <> ALL (elsewhere))
		UNION SELECT network(t::inet)::text FROM jsonb_array_elements_text(coalesce(what->'targets', '[]')) t
		UNION (SELECT network(i.ip)::text FROM interface i
			WHERE i.network_id = of_network AND cardinality(wide) > 0 AND i.ip << ANY (wide)
			GROUP BY i.ip ORDER BY max(i.last_seen) DESC LIMIT known_max)) all_of_them;
	SELECT p INTO wrong FROM unnest(prefixes) p WHERE p::cidr && ANY (never) OR masklen(p::cidr) = 0 LIMIT 1;
	IF wrong IS NOT NULL THEN
		why := format('discovery_type: %s holds multicast, broadcast, loopback or reserved addresses, which are never asked', wrong);
		RETURN;
	END IF;
	SELECT coalesce(sum(2::numeric ^ (CASE family(p::cidr) WHEN 4 THEN 32 ELSE 128 END - masklen(p::cidr))), 0) INTO total
	FROM unnest(prefixes) p;
	IF total > addresses_max THEN
		why := format('discovery_type: %s addresses are more than the %s that one discovery may ask; name smaller prefixes',
			CASE WHEN total < 1e15 THEN round(total)::text ELSE 'so many' END, addresses_max);
	END IF;
END $$;

CREATE OR REPLACE FUNCTION discovery_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	wrong text := (discovery_scope(NEW.network_id, NEW.sensor_id, NEW.discovery_type)).why;
BEGIN
	IF wrong IS NULL AND jsonb_typeof(NEW.discovery_type->'snmp_credential_ids') = 'array' AND EXISTS (
		SELECT FROM jsonb_array_elements_text(NEW.discovery_type->'snmp_credential_ids') t
		WHERE NOT EXISTS (SELECT FROM snmp_credential WHERE network_id = NEW.network_id AND id = t::uuid)) THEN
		wrong := 'discovery_type.snmp_credential_ids: one of them is no credential of this network';
	END IF;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'NV400', MESSAGE = wrong;
	END IF;
	RETURN NEW;
END $$;

-- The credentials that a scan is asked with: those that it names, or for depth full all of the network.
CREATE FUNCTION scan_credentials(of_network uuid, what jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'version', lower(substr(c.version, 2)), 'port', c.port,
		'targets', to_jsonb(c.targets::text[]), 'user', c.username, 'context', c.context, 'auth_protocol', c.auth_protocol,
		'privacy_protocol', c.privacy_protocol, 'community', c.community, 'auth_password', c.auth_password,
		'privacy_password', c.privacy_password) ORDER BY c.created_at, c.id), '[]')
	FROM snmp_credential c WHERE c.network_id = of_network AND what->>'type' = 'Network' AND CASE
		WHEN jsonb_typeof(what->'snmp_credential_ids') = 'array' THEN what->'snmp_credential_ids' ? c.id::text
		ELSE what->>'depth' = 'full' END
$$;

-- As in 0012_session.sql; with what the sensor needs beside the discovery's type.
DROP FUNCTION session_claim(uuid, uuid, uuid, bigint);
CREATE FUNCTION session_claim(of_network uuid, of_sensor uuid, instance uuid, number bigint)
RETURNS TABLE (id uuid, phase text, discovery_type jsonb, place text, credentials jsonb) LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM session s WHERE s.network_id = of_network AND s.sensor_id = of_sensor
		AND (s.claimed_by = instance OR s.phase = 'Pending')) THEN
		RETURN;
	END IF;
	PERFORM 1 FROM network n WHERE n.id = of_network FOR NO KEY UPDATE;
	IF NOT EXISTS (SELECT FROM sensor s WHERE s.network_id = of_network AND s.id = of_sensor AND s.connection = number) THEN
		RETURN;
	END IF;
	IF NOT EXISTS (SELECT FROM session s WHERE s.network_id = of_network AND s.sensor_id = of_sensor
		AND s.claimed_by IS NOT NULL) THEN
		INSERT INTO collector_instance AS c (id) VALUES (instance)
		ON CONFLICT ON CONSTRAINT collector_instance_pkey DO UPDATE SET seen_at = now();
		UPDATE session s SET phase = 'Starting', claimed_by = instance, attempts = attempts + 1
		WHERE s.network_id = of_network AND s.id = (SELECT p.id FROM session p
			WHERE p.network_id = of_network AND p.sensor_id = of_sensor AND p.phase = 'Pending'
			ORDER BY p.created_at, p.id LIMIT 1);
	END IF;
	RETURN QUERY SELECT s.id, s.phase, CASE s.discovery_type->>'type' WHEN 'Network' THEN scan_defaults() || s.discovery_type
			ELSE s.discovery_type END, s.place,
			CASE s.discovery_type->>'type' WHEN 'Network' THEN scan_credentials(of_network, s.discovery_type) END FROM session s
		WHERE s.network_id = of_network AND s.sensor_id = of_sensor AND s.claimed_by = instance;
END $$;

DROP FUNCTION session_heard(uuid, uuid, uuid, text, integer);
CREATE FUNCTION session_heard(of_network uuid, of_session uuid, instance uuid, to_phase text, to_progress integer, to_detail jsonb,
	to_place text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM 1 FROM network WHERE id = of_network FOR NO KEY UPDATE;
	UPDATE session SET phase = CASE WHEN session_may(phase, to_phase) THEN to_phase ELSE phase END, progress = to_progress,
		detail = coalesce(to_detail, detail), place = coalesce(nullif(to_place, ''), place)
	WHERE network_id = of_network AND id = of_session AND claimed_by = instance AND finished_at IS NULL;
	RETURN FOUND;
END $$;

-- What the history keeps of a report: its numbers, its short texts, and its notes.
CREATE FUNCTION report_numbers(report jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM (
		SELECT key, value FROM jsonb_each(coalesce(report, '{}')) WHERE char_length(key) <= 40 AND (jsonb_typeof(value) IN ('number', 'boolean')
			OR (jsonb_typeof(value) = 'string' AND char_length(value #>> '{}') <= 300)) ORDER BY key LIMIT 40) plain
$$;
CREATE FUNCTION scan_report_take(report jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
	SELECT report_numbers(report) || coalesce((SELECT jsonb_build_object('notes', jsonb_agg(n)) FROM (
		SELECT left(n #>> '{}', 300) AS n FROM jsonb_array_elements(CASE jsonb_typeof(report->'notes') WHEN 'array' THEN report->'notes'
			ELSE '[]' END) n WHERE jsonb_typeof(n) = 'string' LIMIT 8) said HAVING count(*) > 0), '{}')
$$;
CREATE FUNCTION docker_report_take(of_network uuid, of_sensor uuid, report jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT report_numbers(report)
$$;

-- As in 0012_session.sql; a session that was cancelled, or has failed, keeps what it had come to.
CREATE OR REPLACE FUNCTION session_done(of_network uuid, of_session uuid, instance uuid, why text, report jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	one session;
	found_out jsonb;
	wrong text := why;
BEGIN
	PERFORM 1 FROM network WHERE id = of_network FOR NO KEY UPDATE;
	SELECT * INTO one FROM session WHERE network_id = of_network AND id = of_session AND claimed_by = instance;
	IF one.id IS NULL THEN
		RETURN;
	END IF;
	IF one.finished_at IS NOT NULL OR wrong IS NOT NULL THEN
		found_out := nullif(scan_report_take(report), '{}');
	END IF;
	IF one.finished_at IS NOT NULL THEN
		UPDATE session SET claimed_by = NULL, results = coalesce(results, found_out) WHERE network_id = of_network AND id = of_session;
		PERFORM pg_notify('netvisor_session', one.sensor_id::text);
		RETURN;
	END IF;
	IF wrong IS NULL THEN
		BEGIN
			found_out := CASE one.discovery_type->>'type'
				WHEN 'SelfReport' THEN self_report_take(of_network, one.sensor_id, report)
				WHEN 'Docker' THEN docker_report_take(of_network, one.sensor_id, report)
				ELSE scan_report_take(report) END;
		EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
			wrong := format('The sensor''s report is not understood (%s). Are sensor and collector of one version?', SQLERRM);
		END;
	END IF;
	UPDATE session SET phase = CASE WHEN wrong IS NULL THEN 'Complete' ELSE 'Failed' END, error = wrong, results = found_out,
		claimed_by = NULL
	WHERE network_id = of_network AND id = of_session;
END $$;

SELECT pin_functions();
