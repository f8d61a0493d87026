-- SPDX-License-Identifier: BSD-2-Clause
-- How sessions go (0009_discovery.sql has their tables and their phases): their scope, start, claim, end and upkeep; what a new
-- sensor begins with, and its connections.

-- Where a network scan may ask: the prefixes of its subnets (those that the sensor is in, when none are named) and its
-- targets. why: NULL, or why not. Nothing is ever asked of groups, broadcasts, loopbacks, or of more addresses than a limit.
CREATE FUNCTION discovery_scope(of_network uuid, of_sensor uuid, what jsonb, OUT prefixes text[], OUT why text)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	addresses_max constant numeric := 65536;
	never constant cidr[] := ARRAY['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4', '::/127', 'ff00::/8']::cidr[];
	elsewhere constant text[] := ARRAY['Internet', 'Remote', 'DockerBridge'];
	named boolean := jsonb_typeof(what->'subnet_ids') = 'array';
	ids uuid[];
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
	IF named AND EXISTS (SELECT FROM unnest(ids) i WHERE NOT EXISTS (SELECT FROM subnet WHERE network_id = of_network AND id = i)) THEN
		why := 'discovery_type.subnet_ids: one of them is no subnet of this network';
		RETURN;
	END IF;
	FOR one IN SELECT * FROM subnet WHERE network_id = of_network AND id = ANY (ids) AND subnet_type = ANY (elsewhere) AND named LOOP
		why := format('discovery_type.subnet_ids: %s is of type %s, which is not scanned', one.name, one.subnet_type);
		RETURN;
	END LOOP;
	SELECT coalesce(array_agg(p ORDER BY p), '{}') INTO prefixes FROM (
		SELECT cidr::text AS p FROM subnet WHERE network_id = of_network AND id = ANY (ids)
			AND (named OR (family(cidr) = 4 AND subnet_type <> ALL (elsewhere)))
		UNION SELECT network(t::inet)::text FROM jsonb_array_elements_text(coalesce(what->'targets', '[]')) t) all_of_them;
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

CREATE FUNCTION discovery_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	wrong text;
BEGIN
	wrong := (discovery_scope(NEW.network_id, NEW.sensor_id, NEW.discovery_type)).why;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION USING ERRCODE = 'NV400', MESSAGE = wrong;
	END IF;
	RETURN NEW;
END $$;
CREATE TRIGGER discovery_check BEFORE INSERT OR UPDATE OF discovery_type ON discovery FOR EACH ROW
	WHEN (current_setting('netvisor.edits', true) = 'on') EXECUTE FUNCTION discovery_check();

-- Queue a run of a discovery. NULL when there is none that the caller sees, or one of its sessions is not over.
CREATE FUNCTION session_start(of_network uuid, of_discovery uuid, because text) RETURNS uuid
LANGUAGE plpgsql AS $$
DECLARE
	made session;
	scope record;
BEGIN
	PERFORM 1 FROM network WHERE id = of_network FOR NO KEY UPDATE;
	INSERT INTO session (network_id, discovery_id, sensor_id, name, discovery_type, cause, started_by)
	SELECT network_id, id, sensor_id, name, discovery_type, because, nullif(current_setting('netvisor.user', true), '')::uuid
	FROM discovery d WHERE network_id = of_network AND id = of_discovery
	AND NOT EXISTS (SELECT FROM session s WHERE s.network_id = d.network_id AND s.discovery_id = d.id AND s.finished_at IS NULL)
	RETURNING * INTO made;
	IF made.id IS NULL THEN
		RETURN NULL;
	END IF;
	UPDATE discovery SET run_type = run_type || jsonb_build_object('last_run', floor(extract(epoch FROM now())))
	WHERE network_id = of_network AND id = of_discovery;
	-- The scope as it is now: subnets may be others than when the discovery was made.
	IF made.discovery_type->>'type' = 'Network' THEN
		scope := discovery_scope(of_network, made.sensor_id, made.discovery_type);
		IF scope.why IS NULL AND cardinality(scope.prefixes) = 0 THEN
			scope.why := 'discovery_type: there is nothing to scan: the sensor has told of no subnet that it is in. Run its '
				'self-report first, or name subnets or targets';
		END IF;
		UPDATE session SET discovery_type = discovery_type || jsonb_build_object('prefixes', scope.prefixes)
		WHERE network_id = of_network AND id = made.id;
		UPDATE session SET phase = 'Failed', error = scope.why || '.'
		WHERE network_id = of_network AND id = made.id AND scope.why IS NOT NULL;
	END IF;
	PERFORM pg_notify('netvisor_session', made.sensor_id::text);
	RETURN made.id;
END $$;

-- False when it was over already.
CREATE FUNCTION session_cancel(of_network uuid, of_session uuid) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM 1 FROM network WHERE id = of_network FOR NO KEY UPDATE;
	UPDATE session SET phase = 'Cancelled' WHERE network_id = of_network AND id = of_session AND finished_at IS NULL;
	RETURN FOUND;
END $$;

-- A discovery that goes takes its unfinished session with it into history.
CREATE FUNCTION discovery_gone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	UPDATE session SET phase = 'Cancelled', error = 'Its discovery was deleted.'
	WHERE network_id = OLD.network_id AND discovery_id = OLD.id AND finished_at IS NULL;
	RETURN OLD;
END $$;
CREATE TRIGGER discovery_gone BEFORE DELETE ON discovery FOR EACH ROW EXECUTE FUNCTION discovery_gone();

-- For the collector that holds the sensor's connection: the session that it has claimed, which may be over by now, or else the
-- next one of the queue. Nothing when the sensor has a newer connection than this number.
CREATE FUNCTION session_claim(of_network uuid, of_sensor uuid, instance uuid, number bigint)
RETURNS TABLE (id uuid, phase text, discovery_type jsonb) LANGUAGE plpgsql AS $$
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
	RETURN QUERY SELECT s.id, s.phase, s.discovery_type FROM session s
		WHERE s.network_id = of_network AND s.sensor_id = of_sensor AND s.claimed_by = instance;
END $$;

-- What the sensor says of its session. False when it is not this collector's to go on with.
CREATE FUNCTION session_heard(of_network uuid, of_session uuid, instance uuid, to_phase text, to_progress integer) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM 1 FROM network WHERE id = of_network FOR NO KEY UPDATE;
	UPDATE session SET phase = CASE WHEN session_may(phase, to_phase) THEN to_phase ELSE phase END, progress = to_progress
	WHERE network_id = of_network AND id = of_session AND claimed_by = instance AND finished_at IS NULL;
	RETURN FOUND;
END $$;

-- Sessions that a collector or a connection has let go of: what is not over waits again, but not for ever.
CREATE FUNCTION session_release(of_network uuid, of_sensor uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	attempts_max constant integer := 3;
BEGIN
	UPDATE session SET claimed_by = NULL
	WHERE network_id = of_network AND sensor_id = of_sensor AND claimed_by IS NOT NULL AND finished_at IS NOT NULL;
	UPDATE session SET claimed_by = NULL, phase = CASE WHEN attempts < attempts_max THEN 'Pending' ELSE 'Failed' END,
		error = CASE WHEN attempts >= attempts_max THEN format('The connection to the sensor was lost %s times while it '
			'ran. See the sensor''s log for why it or its network fails, then start the discovery again.', attempts) END
	WHERE network_id = of_network AND sensor_id = of_sensor AND claimed_by IS NOT NULL;
	PERFORM pg_notify('netvisor_session', of_sensor::text);
END $$;

-- A report of a sensor of itself: its subnets, and what it can do. Returns what the session shows as its results.
CREATE FUNCTION self_report_take(of_network uuid, of_sensor uuid, report jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	face record;
	subnets uuid[] := '{}';
	addresses integer := 0;
	has_docker boolean := coalesce((report->>'has_docker_socket')::boolean, false);
BEGIN
	FOR face IN SELECT (a->>'ip')::inet AS ip, (a->>'prefix')::integer AS prefix, i->>'subnet_type' AS type
		FROM jsonb_array_elements(report->'interfaces') i, jsonb_array_elements(i->'addresses') a LIMIT 1000
	LOOP
		addresses := addresses + 1;
		-- A tunnel's end stands for the network behind it.
		IF face.type = 'VpnTunnel' AND family(face.ip) = 4 AND face.prefix = 32 THEN
			face.prefix := 24;
		END IF;
		IF face.type = 'Loopback' OR face.prefix >= (CASE family(face.ip) WHEN 4 THEN 32 ELSE 128 END) OR face.prefix = 0
			OR face.ip << inet 'fe80::/10' OR face.ip << inet '169.254.0.0/16' OR face.ip << inet '127.0.0.0/8' THEN
			CONTINUE;
		END IF;
		subnets := subnets || subnet_discovered(of_network, network(set_masklen(face.ip, face.prefix)),
			network(set_masklen(face.ip, face.prefix))::text, face.type);
	END LOOP;
	SELECT coalesce(array_agg(DISTINCT s), '{}') INTO subnets FROM unnest(subnets) s;
	PERFORM sensor_update(of_network, of_sensor, jsonb_build_object('capabilities', s.capabilities ||
		jsonb_build_object('has_docker_socket', has_docker, 'interfaced_subnet_ids', to_jsonb(subnets))))
	FROM sensor s WHERE s.network_id = of_network AND s.id = of_sensor;
	RETURN jsonb_build_object('interfaces', jsonb_array_length(report->'interfaces'), 'addresses', addresses,
		'subnets', cardinality(subnets), 'has_docker_socket', has_docker, 'hostname', report->'hostname',
		'kernel', report->'kernel');
END $$;

-- The sensor has ended its session, or will not do it. why: NULL when all went well.
CREATE FUNCTION session_done(of_network uuid, of_session uuid, instance uuid, why text, report jsonb) RETURNS void
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
	IF one.finished_at IS NOT NULL THEN
		UPDATE session SET claimed_by = NULL WHERE network_id = of_network AND id = of_session;
		PERFORM pg_notify('netvisor_session', one.sensor_id::text);
		RETURN;
	END IF;
	IF wrong IS NULL AND one.discovery_type->>'type' = 'SelfReport' THEN
		BEGIN
			found_out := self_report_take(of_network, one.sensor_id, report);
		EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
			wrong := format('The sensor''s report is not understood (%s). Are sensor and collector of one version?', SQLERRM);
		END;
	END IF;
	UPDATE session SET phase = CASE WHEN wrong IS NULL THEN 'Complete' ELSE 'Failed' END, error = wrong, results = found_out,
		claimed_by = NULL
	WHERE network_id = of_network AND id = of_session;
END $$;

-- A schedule is due: queue a run and set the next (NULL: never again). Whoever comes first does it: was_due is what it was.
CREATE FUNCTION discovery_fire(of_network uuid, of_discovery uuid, was_due bigint, next_due bigint) RETURNS uuid
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM 1 FROM network WHERE id = of_network FOR NO KEY UPDATE;
	UPDATE discovery SET run_type = run_type || jsonb_build_object('next_run', next_due)
	WHERE network_id = of_network AND id = of_discovery AND (run_type->>'next_run')::bigint = was_due;
	IF NOT FOUND THEN
		RETURN NULL;
	END IF;
	RETURN session_start(of_network, of_discovery, 'schedule');
END $$;

-- What a new sensor begins with. Only the report of itself runs on its own: it asks nothing of the network.
CREATE FUNCTION discovery_defaults(of_network uuid, of_sensor uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	sensor_name text;
	first uuid;
BEGIN
	UPDATE sensor SET has_discoveries = true WHERE network_id = of_network AND id = of_sensor AND NOT has_discoveries
	RETURNING left(name, 80) INTO sensor_name;
	IF sensor_name IS NULL THEN
		RETURN;
	END IF;
	INSERT INTO discovery (network_id, sensor_id, name, discovery_type, run_type)
	VALUES (of_network, of_sensor, 'Self-report of ' || sensor_name, '{"type": "SelfReport"}',
		jsonb_build_object('type', 'Scheduled', 'cron', '0 0 * * *', 'timezone', 'UTC', 'enabled', true, 'last_run', NULL,
			'next_run', extract(epoch FROM date_trunc('day', now() AT TIME ZONE 'UTC') + interval '1 day')::bigint))
	RETURNING id INTO first;
	INSERT INTO discovery (network_id, sensor_id, name, discovery_type, run_type) VALUES
		(of_network, of_sensor, 'Containers of ' || sensor_name, '{"type": "Docker", "host_naming_fallback": "BestService"}',
			'{"type": "AdHoc", "last_run": null}'),
		(of_network, of_sensor, 'Network scan from ' || sensor_name, '{"type": "Network", "subnet_ids": null, "targets": [],
			"ports": null, "depth": "light", "rate": 1000, "host_naming_fallback": "BestService",
			"probe_raw_socket_ports": false}', '{"type": "AdHoc", "last_run": null}');
	PERFORM session_start(of_network, first, 'first');
END $$;

-- A sensor has said hello. Returns the number of its connection.
CREATE FUNCTION sensor_greet(of_network uuid, of_sensor uuid, patch jsonb) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE
	found_out constant text[] := ARRAY['has_docker_socket', 'interfaced_subnet_ids'];
	number bigint;
BEGIN
	PERFORM 1 FROM network WHERE id = of_network FOR NO KEY UPDATE;
	PERFORM sensor_update(of_network, of_sensor, patch || jsonb_build_object('capabilities', (patch->'capabilities') ||
		coalesce((SELECT jsonb_object_agg(key, value) FROM jsonb_each(s.capabilities) WHERE key = ANY (found_out)), '{}')))
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

-- A connection is gone. It says nothing when there is a newer one.
CREATE FUNCTION sensor_leave(of_network uuid, of_sensor uuid, number bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM 1 FROM network WHERE id = of_network FOR NO KEY UPDATE;
	IF EXISTS (SELECT FROM sensor WHERE network_id = of_network AND id = of_sensor AND connection = number) THEN
		PERFORM sensor_update(of_network, of_sensor, '{"connected": false}');
		PERFORM session_release(of_network, of_sensor);
	END IF;
END $$;

-- Sessions that nobody goes on with: those of a collector that is gone wait again; those that have been silent for too long
-- have failed.
CREATE FUNCTION session_upkeep(stall interval) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	alone constant interval := interval '15 seconds';
	one record;
BEGIN
	FOR one IN SELECT s.network_id, s.sensor_id FROM session s WHERE s.claimed_by IS NOT NULL AND (
		NOT EXISTS (SELECT FROM collector_instance c WHERE c.id = s.claimed_by AND c.seen_at > now() - alone)
		OR s.finished_at < now() - 2 * alone) ORDER BY 1
	LOOP
		PERFORM 1 FROM network WHERE id = one.network_id FOR NO KEY UPDATE;
		PERFORM session_release(one.network_id, one.sensor_id)
		FROM session s WHERE s.network_id = one.network_id AND s.sensor_id = one.sensor_id AND s.claimed_by IS NOT NULL AND (
			NOT EXISTS (SELECT FROM collector_instance c WHERE c.id = s.claimed_by AND c.seen_at > now() - alone)
			OR s.finished_at < now() - 2 * alone);
	END LOOP;
	FOR one IN SELECT s.network_id, s.id, s.phase <> 'Pending' AS ran, n.connected FROM session s
		JOIN sensor n ON n.network_id = s.network_id AND n.id = s.sensor_id
		WHERE s.finished_at IS NULL AND s.updated_at < now() - stall AND (s.phase <> 'Pending' OR NOT n.connected) ORDER BY 1
	LOOP
		PERFORM 1 FROM network WHERE id = one.network_id FOR NO KEY UPDATE;
		UPDATE session SET phase = 'Failed', error = CASE WHEN one.ran THEN format('Session stalled: the sensor has not said '
			'anything of it for %s. It may have lost its way or its connection; see its log, then start the discovery again.',
			spoken(stall)) ELSE format('The sensor was not connected for %s. See that it runs and reaches the collector, then '
			'start the discovery again.', spoken(stall)) END
		WHERE network_id = one.network_id AND id = one.id AND finished_at IS NULL AND updated_at < now() - stall;
	END LOOP;
END $$;

CREATE FUNCTION spoken(span interval) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN extract(epoch FROM span) >= 120 THEN round(extract(epoch FROM span) / 60) || ' minutes'
		ELSE round(extract(epoch FROM span)) || ' seconds' END
$$;

-- Old sessions leave.
CREATE FUNCTION session_clean(days integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM 1 FROM network WHERE id IN (SELECT network_id FROM session WHERE finished_at < now() - days * interval '1 day')
	ORDER BY id FOR NO KEY UPDATE;
	DELETE FROM session WHERE (network_id, id) IN (SELECT network_id, id FROM session
		WHERE finished_at < now() - days * interval '1 day' ORDER BY finished_at LIMIT 1000);
END $$;

SELECT pin_functions();
