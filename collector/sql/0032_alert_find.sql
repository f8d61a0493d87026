-- SPDX-License-Identifier: BSD-2-Clause
-- What makes an alert. Some are events: the log says them once (a new device, a service that opened or closed). The others are states: looked
-- at now and then, and over when they are no more.

CREATE TYPE alert_found AS (subject text, host_id uuid, service_id uuid, sensor_id uuid, severity text, detail jsonb);

-- How a host is named to people, and by what they know it.
CREATE FUNCTION alert_host(of_network uuid, of_host uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT jsonb_strip_nulls(jsonb_build_object('host', coalesce(left(host_label(of_network, h.id), 253), ''), 'vendor', coalesce(h.vendor, f.vendor),
		'ip', host(f.ip), 'mac', f.mac, 'device', to_jsonb(h)->'device'->'kind'->>'value'))
	FROM host h LEFT JOIN LATERAL (SELECT i.ip, i.mac, i.vendor FROM interface i WHERE i.network_id = h.network_id AND i.host_id = h.id
		ORDER BY i.ip IS NULL, i.mac IS NULL, family(i.ip), i.first_seen, i.id LIMIT 1) f ON true
	WHERE h.network_id = of_network AND h.id = of_host), '{}')
$$;

-- A device of this network: far hosts come and go, and a made-up MAC is a phone that was here before under another one.
CREATE FUNCTION alert_local(h host) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT NOT h.hidden AND h.origin <> 'manual' AND EXISTS (SELECT FROM interface i
		WHERE i.network_id = h.network_id AND i.host_id = h.id AND i.mac IS NOT NULL AND NOT i.random_mac)
$$;

CREATE FUNCTION alert_scoped(rule alert_rule) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT cardinality(rule.tags) + cardinality(rule.subnet_ids) + cardinality(rule.host_kinds) > 0
$$;
CREATE FUNCTION alert_in_scope(rule alert_rule, of_host uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT NOT alert_scoped(rule) OR EXISTS (SELECT FROM host h WHERE h.network_id = rule.network_id AND h.id = of_host
		AND (rule.tags = '{}' OR h.tags && rule.tags)
		AND (rule.host_kinds = '{}' OR to_jsonb(h)->'device'->'kind'->>'value' = ANY (rule.host_kinds))
		AND (rule.subnet_ids = '{}' OR EXISTS (SELECT FROM interface i WHERE i.network_id = h.network_id AND i.host_id = h.id
			AND i.subnet_id = ANY (rule.subnet_ids))))
$$;

-- Events. known: who was first seen before this moment belongs to what was there from the beginning.

CREATE FUNCTION alert_find_new_device(rule alert_rule, after_seq bigint, upto bigint, known timestamptz) RETURNS SETOF alert_found
LANGUAGE sql STABLE AS $$
	SELECT 'host ' || h.id, h.id, NULL::uuid, NULL::uuid, NULL::text, alert_host(rule.network_id, h.id)
	FROM (SELECT DISTINCT CASE c.entity WHEN 'host' THEN c.id ELSE (c.after->>'host_id')::uuid END AS id FROM change c
		WHERE c.network_id = rule.network_id AND c.seq > after_seq AND c.seq <= upto AND c.entity IN ('host', 'interface') AND c.before IS NULL) n
	JOIN host h ON h.network_id = rule.network_id AND h.id = n.id
	WHERE h.first_seen > known AND h.first_seen > now() - interval '1 day' AND alert_local(h)
		AND NOT EXISTS (SELECT FROM alert a WHERE a.network_id = rule.network_id AND a.kind = 'new_device' AND a.subject = 'host ' || h.id)
$$;

CREATE FUNCTION alert_service(s service) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT alert_host(s.network_id, s.host_id) || jsonb_strip_nulls(jsonb_build_object('service', coalesce(s.name, to_jsonb(s)->>'definition'),
		'ip', host(s.ip), 'port', s.port, 'proto', s.proto))
$$;

-- Of a host that was known for a day: what it does is news. What the first scan of a network finds is not: nobody had looked before.
CREATE FUNCTION alert_find_service_opened(rule alert_rule, after_seq bigint, upto bigint, known timestamptz) RETURNS SETOF alert_found
LANGUAGE sql STABLE AS $$
	SELECT 'service ' || s.id, s.host_id, s.id, NULL::uuid, NULL::text, alert_service(s)
	FROM (SELECT c.id, bool_or(c.before IS NOT NULL) AS again, max(c.at) AS at FROM change c WHERE c.network_id = rule.network_id
			AND c.seq > after_seq AND c.seq <= upto AND c.entity = 'service' AND c.after->>'state' = 'open'
			AND (c.before IS NULL OR c.before->>'state' = 'closed') GROUP BY c.id) n
	JOIN service s ON s.network_id = rule.network_id AND s.id = n.id
	JOIN host h ON h.network_id = s.network_id AND h.id = s.host_id
	WHERE s.state = 'open' AND s.port <= rule.threshold AND s.confidence = 'measured' AND (s.proto = 'tcp' OR s.name IS NOT NULL)
		AND (n.again OR (s.first_seen > known AND s.first_seen > now() - interval '1 day'))
		AND h.first_seen < n.at - interval '1 day' AND alert_local(h)
		AND (s.source <> 'probe' OR EXISTS (SELECT FROM session r WHERE r.network_id = s.network_id AND r.phase = 'Complete'
			AND r.discovery_type->>'type' = 'Network' AND r.finished_at < s.first_seen))
$$;

CREATE FUNCTION alert_find_service_gone(rule alert_rule, after_seq bigint, upto bigint, known timestamptz) RETURNS SETOF alert_found
LANGUAGE sql STABLE AS $$
	SELECT 'service ' || s.id, s.host_id, s.id, NULL::uuid, NULL::text, alert_service(s) || jsonb_build_object('clients', s.clients)
	FROM (SELECT DISTINCT c.id FROM change c WHERE c.network_id = rule.network_id AND c.seq > after_seq AND c.seq <= upto
			AND c.entity = 'service' AND c.after->>'state' = 'closed' AND c.before->>'state' = 'open') n
	JOIN service s ON s.network_id = rule.network_id AND s.id = n.id
	JOIN host h ON h.network_id = s.network_id AND h.id = s.host_id
	WHERE s.state = 'closed' AND s.clients >= rule.threshold AND alert_local(h)
$$;

-- States.

-- Without tags and the like: who was there half a day without a break is always there. While a sensor is away that may be the only one to
-- hear it, nobody knows whether it is gone.
CREATE FUNCTION alert_find_device_gone(rule alert_rule) RETURNS SETOF alert_found LANGUAGE sql STABLE AS $$
	WITH latest AS MATERIALIZED (
		SELECT max(last_seen) AS at FROM host WHERE network_id = rule.network_id
	), gone AS MATERIALIZED (
		SELECT h.* FROM latest, host h WHERE h.network_id = rule.network_id AND h.last_seen < latest.at - rule.threshold * interval '1 minute'
			AND h.last_seen > latest.at - interval '7 days' AND (alert_scoped(rule) OR h.last_seen - h.present_since >= interval '12 hours')
			AND NOT EXISTS (SELECT FROM sensor s WHERE s.network_id = h.network_id AND NOT s.connected
				AND s.last_seen BETWEEN h.last_seen - interval '5 minutes' AND h.last_seen + rule.threshold * interval '1 minute')
	)
	SELECT 'host ' || h.id, h.id, NULL::uuid, NULL::uuid, CASE WHEN r.router THEN 'bad' END, alert_host(h.network_id, h.id) || jsonb_build_object(
		'last_seen', seconds(h.last_seen), 'there_s', extract(epoch FROM h.last_seen - h.present_since)::bigint, 'router', r.router)
	FROM gone h CROSS JOIN LATERAL (SELECT count(DISTINCT v.host_id) > 1 AS router FROM interface i JOIN interface v
		ON v.network_id = i.network_id AND v.via = i.mac WHERE i.network_id = h.network_id AND i.host_id = h.id) r
	WHERE alert_local(h::host)
$$;

-- Who held the address for long, or the router's own, is who it belongs to; who comes to it now is another.
CREATE FUNCTION alert_conflicts(of_network uuid, hours integer) RETURNS TABLE (subject text, host_id uuid, impostor boolean, detail jsonb)
LANGUAGE sql STABLE AS $$
	WITH conflict AS MATERIALIZED (
		SELECT e.id, e.ip, e.mac, ARRAY(SELECT jsonb_array_elements_text(CASE jsonb_typeof(e.fact->'claims') WHEN 'array' THEN e.fact->'claims' ELSE '[]' END)
			LIMIT 20) AS claims, s.first_seen FROM evidence e JOIN sighting s ON s.network_id = e.network_id AND s.id = e.id
		WHERE e.network_id = of_network AND e.kind = 'conflict' AND s.last_seen > now() - hours * interval '1 hour'
		ORDER BY s.last_seen DESC LIMIT 500
	), held AS MATERIALIZED (
		SELECT c.id, i.host_id, i.mac, i.first_seen, i.first_seen < c.first_seen - interval '1 day' AS long FROM conflict c
		JOIN interface i ON i.network_id = of_network AND i.ip = c.ip AND i.mac::text = ANY (c.claims)
	)
	SELECT coalesce('ip ' || host(c.ip), 'mac ' || c.mac), (SELECT h.host_id FROM held h WHERE h.id = c.id ORDER BY h.first_seen LIMIT 1),
		(SELECT bool_or(h.long) FROM held h WHERE h.id = c.id) IS TRUE
			AND EXISTS (SELECT FROM unnest(c.claims) m WHERE NOT EXISTS (SELECT FROM held h WHERE h.id = c.id AND h.long AND h.mac::text = m)),
		jsonb_strip_nulls(jsonb_build_object('address', coalesce(host(c.ip), c.mac::text), 'claims', to_jsonb(c.claims),
			'owner', (SELECT h.mac FROM held h WHERE h.id = c.id AND h.long ORDER BY h.first_seen LIMIT 1),
			'host', (SELECT host_label(of_network, h.host_id) FROM held h WHERE h.id = c.id ORDER BY h.first_seen LIMIT 1),
			'gateway', nullif(EXISTS (SELECT FROM evidence r WHERE r.network_id = of_network AND r.kind = 'route' AND r.ip = c.ip), false)))
	FROM conflict c
$$;

-- Whoever answers for DHCP, or announces itself as a router, beside those who did before. Virtual routers are several by design.
CREATE FUNCTION alert_strangers(of_network uuid, hours integer, known timestamptz) RETURNS SETOF alert_found LANGUAGE sql STABLE AS $$
	SELECT 'dhcp ' || s.host_id, s.host_id, s.id, NULL::uuid, NULL::text, alert_host(of_network, s.host_id) || jsonb_build_object('case', 'dhcp', 'ip', host(s.ip))
	FROM service s WHERE s.network_id = of_network AND s.port = 67 AND s.proto = 'udp' AND s.state = 'open' AND s.first_seen > known
		AND s.last_seen > now() - hours * interval '1 hour' AND EXISTS (SELECT FROM service o WHERE o.network_id = of_network AND o.port = 67
			AND o.proto = 'udp' AND o.vlan = s.vlan AND o.host_id <> s.host_id AND o.first_seen < s.first_seen - interval '1 hour')
	UNION ALL
	SELECT DISTINCT ON (e.mac) 'router ' || e.mac, f.host_id, NULL, NULL, NULL, alert_host(of_network, f.host_id) || jsonb_build_object('case', 'router',
		'ip', host(e.ip), 'mac', e.mac)
	FROM evidence e JOIN sighting s ON s.network_id = e.network_id AND s.id = e.id
	LEFT JOIN LATERAL (SELECT i.host_id FROM interface i WHERE i.network_id = of_network AND i.mac = e.mac ORDER BY i.first_seen LIMIT 1) f ON true
	WHERE e.network_id = of_network AND e.kind = 'route' AND e.source = 'nd' AND e.mac IS NOT NULL AND e.fact->'virtual' IS DISTINCT FROM 'true'
		AND s.first_seen > known AND s.last_seen > now() - hours * interval '1 hour'
		AND NOT EXISTS (SELECT FROM evidence o JOIN sighting t ON t.network_id = o.network_id AND t.id = o.id
			WHERE o.network_id = of_network AND o.kind = 'route' AND o.mac = e.mac AND t.first_seen <= known)
		AND EXISTS (SELECT FROM evidence o JOIN sighting t ON t.network_id = o.network_id AND t.id = o.id
			WHERE o.network_id = of_network AND o.kind = 'route' AND o.source = 'nd' AND o.vlan = e.vlan AND o.mac <> e.mac AND t.first_seen < s.first_seen)
$$;

CREATE FUNCTION alert_time(said text) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE WHEN said ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$' THEN said::timestamptz END;
EXCEPTION WHEN data_exception THEN
	RETURN NULL;
END $$;

-- What a server showed last is what counts. What ran out long ago nobody means to renew.
CREATE FUNCTION alert_find_certificate_expiring(rule alert_rule) RETURNS SETOF alert_found LANGUAGE sql STABLE AS $$
	WITH shown AS MATERIALIZED (
		SELECT DISTINCT ON (e.ip, e.vlan, port) e.ip, e.vlan, (e.fact->>'port')::integer AS port, e.fact->>'value' AS ends
		FROM evidence e JOIN sighting s ON s.network_id = e.network_id AND s.id = e.id
		WHERE e.network_id = rule.network_id AND e.kind = 'trait' AND e.fact->>'key' = 'tls.not_after' AND e.ip IS NOT NULL
			AND e.fact->>'port' ~ '^[0-9]{1,5}$'
		ORDER BY e.ip, e.vlan, port, s.last_seen DESC, e.id
	), soon AS MATERIALIZED (
		SELECT s.*, left(s.ends, 10) AS day, alert_time(s.ends) AS at FROM shown s
	)
	SELECT 'certificate ' || host(s.ip) || ' ' || s.port || ' ' || array_to_string(s.vlan, ','), f.host_id, v.id, NULL::uuid,
		CASE WHEN s.at < now() - interval '90 days' THEN 'note' WHEN s.at < now() THEN 'bad' END,
		alert_host(rule.network_id, f.host_id) || jsonb_strip_nulls(jsonb_build_object('ip', host(s.ip), 'port', s.port, 'ends', seconds(s.at), 'day', s.day,
			'over', nullif(s.at < now(), false), 'certificate', (SELECT left(t.fact->>'value', 200) FROM evidence t JOIN sighting u ON u.network_id = t.network_id AND u.id = t.id
				WHERE t.network_id = rule.network_id AND t.ip = s.ip AND t.kind = 'trait' AND t.fact->>'key' = 'tls.subject' AND t.fact->>'port' = s.port::text
				ORDER BY u.last_seen DESC, t.id LIMIT 1)))
	FROM soon s
	LEFT JOIN LATERAL (SELECT i.host_id FROM interface i WHERE i.network_id = rule.network_id AND i.ip = s.ip AND i.vlan = s.vlan ORDER BY i.last_seen DESC LIMIT 1) f ON true
	LEFT JOIN LATERAL (SELECT o.id FROM service o WHERE o.network_id = rule.network_id AND o.ip = s.ip AND o.port = s.port AND o.proto = 'tcp' LIMIT 1) v ON true
	WHERE s.at < now() + rule.threshold * interval '1 day' LIMIT 1000
$$;

CREATE FUNCTION alert_find_sensor_silent(rule alert_rule, deaf_since timestamptz) RETURNS SETOF alert_found LANGUAGE sql STABLE AS $$
	SELECT 'sensor ' || s.id, NULL::uuid, NULL::uuid, s.id, NULL::text, jsonb_build_object('case', 'away', 'sensor', s.name, 'last_seen', seconds(s.last_seen))
	FROM sensor s WHERE s.network_id = rule.network_id AND NOT s.connected AND s.last_seen < now() - rule.threshold * interval '1 minute'
		AND EXISTS (SELECT FROM sensor_key k WHERE k.network_id = s.network_id AND k.sensor_id = s.id AND k.is_enabled AND (k.expires_at IS NULL OR k.expires_at > now()))
	UNION ALL
	SELECT 'network', NULL, NULL, CASE WHEN count(*) = 1 THEN (array_agg(s.id))[1] END, NULL, jsonb_strip_nulls(jsonb_build_object('case', 'deaf', 'sensor',
		CASE WHEN count(*) = 1 THEN max(s.name) END, 'last_seen', seconds(h.at)))
	FROM sensor s, (SELECT max(last_seen) AS at FROM host WHERE network_id = rule.network_id) h
	WHERE s.network_id = rule.network_id AND s.connected AND h.at < now() - rule.threshold * interval '1 minute' AND deaf_since < now() - interval '1 minute'
	GROUP BY h.at HAVING count(*) > 0
$$;

-- Losses that mend only by what a person does; the others are repeated by who sent them.
CREATE FUNCTION alert_losses(s sensor) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_object_agg(key, value::numeric), '{}') FROM jsonb_each_text((CASE jsonb_typeof(s.counters) WHEN 'object' THEN s.counters ELSE '{}' END)
		|| (CASE jsonb_typeof(s.losses) WHEN 'object' THEN s.losses ELSE '{}' END))
	WHERE value ~ '^[0-9]{1,18}$' AND value <> '0' AND key ~ ('^(outbox_|collector_refused|port_missed|capture_dropped|flows_refused|ring_full_'
		|| '|records_malformed|facts_refused|frame_copies_unreadable)')
$$;
-- What each sensor has lost by now, beside what it had when it was looked at last: {total, at, lost, counters}; at: when it last lost something.
CREATE FUNCTION alert_losses_now(of_network uuid, was jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_object_agg(s.id, CASE
		WHEN o.old IS NULL THEN jsonb_build_object('total', n.total, 'counters', n.counters)
		WHEN n.total = (o.old->>'total')::numeric THEN o.old
		ELSE jsonb_build_object('total', n.total, 'counters', n.counters, 'at', seconds(now()), 'lost', CASE WHEN n.total < (o.old->>'total')::numeric THEN n.total
			ELSE n.total - (o.old->>'total')::numeric + CASE WHEN (o.old->>'at')::float8 > seconds(now()) - 3600 THEN coalesce((o.old->>'lost')::numeric, 0)
				ELSE 0 END END) END), '{}')
	FROM sensor s CROSS JOIN LATERAL (SELECT alert_losses(s) AS counters) l
	CROSS JOIN LATERAL (SELECT l.counters, coalesce(sum(value::numeric), 0) AS total FROM jsonb_each_text(l.counters)) n
	CROSS JOIN LATERAL (SELECT was->s.id::text AS old) o
	WHERE s.network_id = of_network
$$;
CREATE FUNCTION alert_find_sensor_loss(rule alert_rule, losses jsonb) RETURNS SETOF alert_found LANGUAGE sql STABLE AS $$
	SELECT 'loss ' || s.id, NULL::uuid, NULL::uuid, s.id, NULL::text, jsonb_build_object('sensor', s.name, 'lost', l.value->'lost', 'counters', l.value->'counters')
	FROM jsonb_each(losses) l JOIN sensor s ON s.network_id = rule.network_id AND s.id = l.key::uuid
	WHERE (l.value->>'at')::float8 > seconds(now()) - 3600 AND (l.value->>'lost')::numeric >= rule.threshold
$$;

CREATE FUNCTION alert_find_discovery_failed(rule alert_rule) RETURNS SETOF alert_found LANGUAGE sql STABLE AS $$
	SELECT 'discovery ' || d.id, NULL::uuid, NULL::uuid, d.sensor_id, CASE WHEN d.disabled_reason IS NOT NULL THEN 'bad' END, jsonb_strip_nulls(jsonb_build_object(
		'discovery', d.name, 'discovery_id', d.id, 'failures', d.failures, 'off', d.disabled_reason, 'error', (SELECT left(r.error, 300) FROM session r
			WHERE r.network_id = d.network_id AND r.discovery_id = d.id AND r.phase = 'Failed' ORDER BY r.created_at DESC LIMIT 1)))
	FROM discovery d WHERE d.network_id = rule.network_id AND (d.failures >= rule.threshold OR d.disabled_reason IS NOT NULL)
$$;
SELECT pin_functions();
