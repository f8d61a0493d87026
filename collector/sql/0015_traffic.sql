-- SPDX-License-Identifier: BSD-2-Clause
-- Traffic by age. Minutes are written by ingest (traffic_minute), which notes their hour in traffic_touched; hours and days are
-- sums of them, made anew by the upkeep as long as something came to them. A time is read from the sum unless it is noted
-- as touched, and else from what it is a sum of (or from both, when that has left before): no traffic is counted twice, and none is missing meanwhile.
CREATE TABLE traffic_hour (LIKE traffic_minute, PRIMARY KEY (network_id, at, flow_id)) PARTITION BY RANGE (at);
CREATE TABLE traffic_day (LIKE traffic_minute, PRIMARY KEY (network_id, at, flow_id)) PARTITION BY RANGE (at);
CREATE TABLE traffic_touched_day (
	network_id uuid NOT NULL,
	day timestamptz NOT NULL,
	PRIMARY KEY (network_id, day)
);
SELECT protect(name, 'observed') FROM unnest(ARRAY['traffic_hour', 'traffic_day', 'traffic_touched_day']) name;
CREATE FUNCTION network_forget_traffic() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	DELETE FROM traffic_hour WHERE network_id = OLD.id;
	DELETE FROM traffic_day WHERE network_id = OLD.id;
	DELETE FROM traffic_touched_day WHERE network_id = OLD.id;
	RETURN NULL;
END $$;
CREATE TRIGGER network_forget_traffic AFTER DELETE ON network FOR EACH ROW EXECUTE FUNCTION network_forget_traffic();

-- Up to when the parts of a sum may have left (parent: their table).
CREATE TABLE traffic_left (
	parent text PRIMARY KEY,
	before timestamptz NOT NULL
);
SELECT protect('traffic_left', 'system');

-- Make the partition that holds a time, of a length: month or year. Its name tells its beginning.
CREATE FUNCTION traffic_partition(parent text, length text, moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	beginning timestamptz := date_trunc(length, moment, 'UTC');
	name text := format('%s_%s', parent, to_char(beginning AT TIME ZONE 'UTC', 'YYYYMMDD'));
BEGIN
	IF current_setting('netvisor.role', true) IS DISTINCT FROM 'system' OR parent NOT IN ('traffic_hour', 'traffic_day')
		OR length NOT IN ('month', 'year') OR to_regclass(name) IS NOT NULL THEN
		RETURN;
	END IF;
	EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS)', name, parent);
	EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
	EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, name, beginning,
		(beginning AT TIME ZONE 'UTC' + ('1 ' || length)::interval) AT TIME ZONE 'UTC');
END $$;

-- Drop the partitions of this table that end at or before a time: how many. A reader that holds one of them is not waited
-- for long; the next upkeep tries again.
CREATE FUNCTION traffic_drop(of_parent text, moment timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	one record;
	dropped integer := 0;
BEGIN
	IF current_setting('netvisor.role', true) IS DISTINCT FROM 'system'
		OR of_parent NOT IN ('traffic_minute', 'traffic_hour', 'traffic_day') THEN
		RETURN 0;
	END IF;
	PERFORM set_config('lock_timeout', '2s', true);
	FOR one IN SELECT p.name, p.ending FROM (
			SELECT c.oid::regclass AS name, (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO [(]''([^'']+)''[)]'))[1]::timestamptz AS ending
			FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = of_parent::regclass) p
		WHERE p.ending <= moment ORDER BY p.ending
	LOOP
		EXECUTE format('DROP TABLE %s', one.name);
		INSERT INTO traffic_left AS l VALUES (of_parent, one.ending) ON CONFLICT (parent) DO UPDATE SET before = greatest(l.before, excluded.before);
		dropped := dropped + 1;
	END LOOP;
	-- Minutes of days that never had a partition.
	IF of_parent = 'traffic_minute' THEN
		DELETE FROM traffic_minute_other WHERE at < date_trunc('day', moment, 'UTC');
		INSERT INTO traffic_left AS l VALUES (of_parent, date_trunc('day', moment, 'UTC'))
		ON CONFLICT (parent) DO UPDATE SET before = greatest(l.before, excluded.before);
	END IF;
	RETURN dropped;
END $$;

-- Sum one hour (day) of a network anew. Counters of a time only grow, so a sum never shrinks. What comes when its parts may have left
-- already is added to it, and leaves at once.
CREATE FUNCTION traffic_roll(of_network uuid, beginning timestamptz, part text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	whole text := CASE part WHEN 'traffic_minute' THEN 'traffic_hour' ELSE 'traffic_day' END;
	length interval := CASE part WHEN 'traffic_minute' THEN '1 hour' ELSE '1 day' END;
	late boolean := EXISTS (SELECT FROM traffic_left l WHERE l.parent = part AND l.before > beginning);
BEGIN
	PERFORM traffic_partition(whole, CASE part WHEN 'traffic_minute' THEN 'month' ELSE 'year' END, beginning);
	EXECUTE format('INSERT INTO %I AS t (network_id, at, flow_id, client_host_id, server_host_id, client, server, port, proto, connections,
			packets, bytes, packets_back, bytes_back)
		SELECT $1, $2, p.flow_id, min(p.client_host_id::text)::uuid, min(p.server_host_id::text)::uuid, min(p.client), min(p.server),
			min(p.port), min(p.proto), sum(p.connections), sum(p.packets), sum(p.bytes), sum(p.packets_back), sum(p.bytes_back)
		FROM %I p WHERE p.network_id = $1 AND p.at >= $2 AND p.at < $2 + $3
		GROUP BY p.flow_id
		ON CONFLICT (network_id, at, flow_id) DO UPDATE SET client_host_id = excluded.client_host_id,
			server_host_id = excluded.server_host_id,
			connections = CASE WHEN $4 THEN t.connections + excluded.connections ELSE greatest(t.connections, excluded.connections) END,
			packets = CASE WHEN $4 THEN t.packets + excluded.packets ELSE greatest(t.packets, excluded.packets) END,
			bytes = CASE WHEN $4 THEN t.bytes + excluded.bytes ELSE greatest(t.bytes, excluded.bytes) END,
			packets_back = CASE WHEN $4 THEN t.packets_back + excluded.packets_back ELSE greatest(t.packets_back, excluded.packets_back) END,
			bytes_back = CASE WHEN $4 THEN t.bytes_back + excluded.bytes_back ELSE greatest(t.bytes_back, excluded.bytes_back) END',
		whole, part) USING of_network, beginning, length, late;
	IF late THEN
		EXECUTE format('DELETE FROM %I WHERE network_id = $1 AND at >= $2 AND at < $2 + $3', part) USING of_network, beginning, length;
	END IF;
	IF part = 'traffic_minute' THEN
		INSERT INTO traffic_touched_day VALUES (of_network, date_trunc('day', beginning, 'UTC')) ON CONFLICT DO NOTHING;
		DELETE FROM traffic_touched WHERE network_id = of_network AND hour = beginning AND rolling;
	ELSE
		DELETE FROM traffic_touched_day WHERE network_id = of_network AND day = beginning;
	END IF;
END $$;

-- Before this time what comes is added to the sum that is there.
CREATE FUNCTION traffic_late(of_parent text) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER AS $$
	SELECT coalesce((SELECT before FROM traffic_left WHERE parent = of_parent), '-infinity')
$$;

-- Traffic of a network from a time to another, in rows of at most this length: minute, hour or day. One range a query, so that each is an
-- index's.
CREATE FUNCTION traffic_rows(of_network uuid, length text, since timestamptz, until timestamptz) RETURNS SETOF traffic_minute
LANGUAGE plpgsql STABLE AS $$
DECLARE
	open_hours timestamptz[] := ARRAY(SELECT DISTINCT hour FROM traffic_touched WHERE network_id = of_network);
	open_days timestamptz[] := ARRAY(SELECT day FROM traffic_touched_day WHERE network_id = of_network
		UNION SELECT date_trunc('day', hour, 'UTC') FROM traffic_touched WHERE network_id = of_network);
	late_hour timestamptz := traffic_late('traffic_minute');
	late_day timestamptz := traffic_late('traffic_hour');
	low timestamptz;
BEGIN
	IF length = 'minute' THEN
		RETURN QUERY SELECT m.* FROM traffic_minute m WHERE m.network_id = of_network AND m.at >= since AND m.at < until;
		RETURN;
	END IF;
	FOREACH low IN ARRAY open_hours LOOP
		CONTINUE WHEN low >= until OR low + interval '1 hour' <= since;
		RETURN QUERY SELECT m.* FROM traffic_minute m
			WHERE m.network_id = of_network AND m.at >= greatest(low, since) AND m.at < least(low + interval '1 hour', until);
	END LOOP;
	IF length = 'hour' THEN
		RETURN QUERY SELECT h.* FROM traffic_hour h WHERE h.network_id = of_network AND h.at >= since AND h.at < until
			AND (h.at < late_hour OR h.at <> ALL (open_hours));
		RETURN;
	END IF;
	FOREACH low IN ARRAY open_days LOOP
		CONTINUE WHEN low >= until OR low + interval '1 day' <= since;
		RETURN QUERY SELECT h.* FROM traffic_hour h
			WHERE h.network_id = of_network AND h.at >= greatest(low, since) AND h.at < least(low + interval '1 day', until)
			AND (h.at < late_hour OR h.at <> ALL (open_hours));
	END LOOP;
	RETURN QUERY SELECT d.* FROM traffic_day d WHERE d.network_id = of_network AND d.at >= since AND d.at < until
		AND (d.at < late_day OR d.at <> ALL (open_days));
END $$;

-- What a query asks for, with the length of its steps: by age and span unless it says so. minute_days, hour_days: how long those are kept.
CREATE FUNCTION traffic_asked(query jsonb, minute_days integer, hour_days integer, OUT network_id uuid, OUT since timestamptz, OUT until timestamptz,
	OUT step text, OUT step_s integer, OUT keyed text, OUT host_id uuid, OUT most integer)
LANGUAGE plpgsql STABLE AS $$
BEGIN
	network_id := history_network();
	host_id := (query->>'host_id')::uuid;
	IF host_id IS NOT NULL THEN
		network_id := history_network_of('host', host_id);
	END IF;
	IF network_id IS NULL THEN
		RAISE SQLSTATE 'NV404' USING MESSAGE = 'there is no such network or host, or it is not yours to see';
	END IF;
	until := coalesce((query->>'to')::timestamptz, now());
	since := coalesce((query->>'from')::timestamptz, until - interval '1 hour');
	keyed := coalesce(query->>'by', 'total');
	most := coalesce((query->>'limit')::integer, 20);
	step := coalesce(nullif(query->>'step', 'auto'), CASE
		WHEN until - since <= interval '6 hours' AND since >= now() - minute_days * interval '1 day' THEN 'minute'
		WHEN until - since <= interval '21 days' AND since >= now() - hour_days * interval '1 day' THEN 'hour' ELSE 'day' END);
	step_s := CASE step WHEN 'minute' THEN 60 WHEN 'hour' THEN 3600 ELSE 86400 END;
	since := date_trunc(step, since, 'UTC');
	IF since >= until THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = '"from" must be before "to"';
	ELSIF extract(epoch FROM until - since) / step_s > 1501 THEN
		RAISE SQLSTATE 'NV400' USING MESSAGE = 'that would be more than 1500 steps: ask for a shorter time or longer steps';
	END IF;
END $$;

-- What a key of a list of traffic stands for: of an edge (a flow), a host or an address without one, a service, a subnet.
CREATE FUNCTION traffic_about(of_network uuid, keyed text, key text, flow_id uuid, client inet, server inet, port integer, proto text,
	client_host uuid, server_host uuid) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	SELECT CASE keyed
		WHEN 'edge' THEN jsonb_build_object('label', host(client) || ' → ' || history_port(host(server), port::text, proto), 'flow_id', flow_id,
			'client', host(client), 'server', host(server), 'port', port, 'proto', proto,
			'client_host_id', client_host, 'server_host_id', server_host)
		WHEN 'host' THEN (SELECT jsonb_build_object('label', coalesce(h.name, history_address('host', h.id), key), 'host_id', h.id,
				'address', CASE WHEN h.id IS NULL THEN key END)
			FROM (SELECT 1) one LEFT JOIN host h ON h.network_id = of_network AND h.id = CASE WHEN length(key) = 36 THEN key::uuid END)
		WHEN 'service' THEN (SELECT jsonb_build_object('label', concat_ws(' ', s.name, key), 'server', host(server), 'port', port,
				'proto', proto, 'host_id', server_host, 'service_id', s.id)
			FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT o.id, o.name FROM service o WHERE o.network_id = of_network
				AND o.host_id = server_host AND o.ip = server AND o.port = traffic_about.port AND o.proto = traffic_about.proto
				ORDER BY o.last_seen DESC LIMIT 1) s ON true)
		WHEN 'subnet' THEN (SELECT jsonb_build_object('label', coalesce(s.name, 'elsewhere'), 'subnet_id', s.id, 'cidr', s.cidr::text)
			FROM (SELECT 1) one LEFT JOIN subnet s ON s.network_id = of_network AND s.id = CASE WHEN length(key) = 36 THEN key::uuid END)
		END
$$;

SELECT pin_functions();
