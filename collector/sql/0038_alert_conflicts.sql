-- SPDX-License-Identifier: BSD-2-Clause
-- Alerts of the conflicts that sensors tell apart: two of one address, an answer that nobody asked for, a DHCP server, a router or a root of the
-- spanning tree that is another than those that were there.

-- What two claim. An address that was taken by an answer is told as that alone.
CREATE OR REPLACE FUNCTION alert_conflicts(of_network uuid, hours integer) RETURNS TABLE (subject text, host_id uuid, impostor boolean, detail jsonb)
LANGUAGE sql STABLE AS $$
	WITH conflict AS MATERIALIZED (
		SELECT e.id, e.ip, e.mac, ARRAY(SELECT jsonb_array_elements_text(CASE jsonb_typeof(e.fact->'claims') WHEN 'array' THEN e.fact->'claims' ELSE '[]' END)
			LIMIT 20) AS claims, s.first_seen FROM evidence e JOIN sighting s ON s.network_id = e.network_id AND s.id = e.id
		WHERE e.network_id = of_network AND e.kind = 'conflict' AND coalesce(e.fact->>'what', 'address') = 'address'
			AND s.last_seen > now() - hours * interval '1 hour' AND NOT EXISTS (SELECT FROM evidence a JOIN sighting t ON t.network_id = a.network_id AND t.id = a.id
				WHERE a.network_id = of_network AND a.kind = 'conflict' AND a.fact->>'what' = 'answer' AND a.ip = e.ip AND t.last_seen > now() - hours * interval '1 hour')
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

-- Who takes an address by answering unasked; about whom it is, is whose the address was.
CREATE FUNCTION alert_answers(of_network uuid, hours integer) RETURNS SETOF alert_found LANGUAGE sql STABLE AS $$
	SELECT DISTINCT ON (e.ip) 'ip ' || host(e.ip), o.host_id, NULL::uuid, NULL::uuid, NULL::text, jsonb_strip_nulls(jsonb_build_object('case', 'answer',
		'address', host(e.ip), 'mac', e.mac, 'claims', e.fact->'claims', 'owner', e.fact->'claims'->>0, 'host', host_label(of_network, o.host_id), 'by', host_label(of_network, b.host_id),
		'gateway', nullif(EXISTS (SELECT FROM evidence r WHERE r.network_id = of_network AND r.kind = 'route' AND r.ip = e.ip), false)))
	FROM (SELECT *, CASE WHEN fact->'claims'->>0 ~ '^([0-9a-f]{2}:){5}[0-9a-f]{2}$' THEN (fact->'claims'->>0)::macaddr END AS owner
		FROM evidence WHERE network_id = of_network AND kind = 'conflict' AND fact->>'what' = 'answer' AND ip IS NOT NULL) e
	JOIN sighting s ON s.network_id = e.network_id AND s.id = e.id
	LEFT JOIN LATERAL (SELECT i.host_id FROM interface i WHERE i.network_id = of_network AND i.mac = e.owner
		ORDER BY i.ip IS NOT DISTINCT FROM e.ip DESC, i.first_seen LIMIT 1) o ON true
	LEFT JOIN LATERAL (SELECT i.host_id FROM interface i WHERE i.network_id = of_network AND i.mac = e.mac ORDER BY i.ip IS NOT DISTINCT FROM e.ip, i.first_seen LIMIT 1) b ON true
	WHERE s.last_seen > now() - hours * interval '1 hour'
	ORDER BY e.ip, s.last_seen DESC
$$;

-- What a sensor takes for another than those that were there (the last of the claims). It may have been there for longer than the sensor has listened: what was known in the network's
-- first hour, or a day before, is none.
CREATE FUNCTION alert_others(of_network uuid, hours integer, known timestamptz) RETURNS SETOF alert_found LANGUAGE sql STABLE AS $$
	SELECT DISTINCT ON (x.subject) x.subject, f.host_id, NULL::uuid, NULL::uuid, NULL::text, alert_host(of_network, f.host_id) || jsonb_strip_nulls(jsonb_build_object(
		'case', e.fact->>'what', 'ip', host(e.ip), 'mac', e.mac, 'claims', e.fact->'claims', 'was', CASE jsonb_typeof(e.fact->'claims') WHEN 'array' THEN (e.fact->'claims') - -1 END))
	FROM evidence e JOIN sighting s ON s.network_id = e.network_id AND s.id = e.id
	LEFT JOIN LATERAL (SELECT i.host_id FROM interface i WHERE i.network_id = of_network AND (i.mac = e.mac OR (e.fact->>'what' = 'dhcp' AND i.ip = e.ip))
		ORDER BY i.mac IS NOT DISTINCT FROM e.mac DESC, i.first_seen LIMIT 1) f ON true
	CROSS JOIN LATERAL (SELECT CASE e.fact->>'what' WHEN 'dhcp' THEN 'dhcp ' || coalesce(f.host_id::text, host(e.ip)) ELSE (e.fact->>'what') || ' ' || e.mac END AS subject) x
	WHERE e.network_id = of_network AND e.kind = 'conflict' AND e.fact->>'what' IN ('dhcp', 'router', 'root') AND x.subject IS NOT NULL
		AND s.last_seen > now() - hours * interval '1 hour' AND s.first_seen > known
		AND NOT EXISTS (SELECT FROM evidence o JOIN sighting t ON t.network_id = o.network_id AND t.id = o.id WHERE o.network_id = of_network AND o.kind = 'route'
			AND e.fact->>'what' = 'router' AND o.mac = e.mac AND t.first_seen < greatest(known, s.first_seen - interval '1 day'))
		AND NOT EXISTS (SELECT FROM service v WHERE v.network_id = of_network AND e.fact->>'what' = 'dhcp' AND v.ip = e.ip AND v.port = 67 AND v.proto = 'udp'
			AND v.first_seen < greatest(known, s.first_seen - interval '1 day'))
	ORDER BY x.subject, s.last_seen DESC
$$;

-- Besides: whoever answers for DHCP beside another server that was there an hour before, and whoever says for the first time that it is a default router. Virtual routers
-- are several by design, and who has a route of its own alone (a border router of lamps and locks) takes nobody's traffic.
CREATE OR REPLACE FUNCTION alert_strangers(of_network uuid, hours integer, known timestamptz) RETURNS SETOF alert_found LANGUAGE sql STABLE AS $$
	SELECT f.* FROM alert_answers(of_network, hours) f
	UNION ALL
	SELECT f.* FROM alert_others(of_network, hours, known) f
	UNION ALL
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
		AND e.fact->>'prefix' = '::/0' AND e.fact->>'lifetime_s' IS DISTINCT FROM '0' AND e.mac::text !~ '^(00:00:5e:00:0[12]|00:05:73:a0:0|00:07:b4:)'
		AND s.first_seen > known AND s.last_seen > now() - hours * interval '1 hour'
		AND NOT EXISTS (SELECT FROM evidence o JOIN sighting t ON t.network_id = o.network_id AND t.id = o.id
			WHERE o.network_id = of_network AND o.kind = 'route' AND o.mac = e.mac AND t.first_seen <= known)
		AND EXISTS (SELECT FROM evidence o JOIN sighting t ON t.network_id = o.network_id AND t.id = o.id
			WHERE o.network_id = of_network AND o.kind = 'route' AND o.source = 'nd' AND o.vlan = e.vlan AND o.mac <> e.mac AND o.fact->>'prefix' = '::/0'
				AND o.fact->>'lifetime_s' IS DISTINCT FROM '0' AND t.first_seen < s.first_seen)
$$;

-- The words of an alert, in English: what happened, why it matters, what to do. The dashboard has its own (web/src/texts/alerts.ts).
CREATE OR REPLACE FUNCTION alert_words(kind text, d jsonb, OUT title text, OUT why text, OUT act text) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT w[1], w[2], w[3] FROM (SELECT CASE kind
		WHEN 'new_device' THEN ARRAY['A new device: ' || n.host || coalesce(', ' || (d->>'vendor'), ''), 'It was never seen here before. Do you know it?',
			'If you know it, acknowledge the alert. If not, find out where it is plugged in or which access point it uses.']
		WHEN 'device_gone' THEN ARRAY[n.host || ' is gone', CASE WHEN (d->>'router')::boolean THEN 'Others reach the rest of the network through it. ' ELSE '' END
			|| 'It was there without a break for long, and is not heard any more.', 'See whether it is switched on and connected.']
		WHEN 'address_conflict' THEN ARRAY[(d->>'address') || ' is claimed by ' || n.claims, 'Two devices with one address take each other''s traffic: connections break, now here, now there.',
			'Give one of them another address, or let DHCP do it.']
		WHEN 'impostor' THEN CASE d->>'case'
			WHEN 'dhcp' THEN ARRAY[n.host || ' answers for DHCP beside another server', 'Whoever gives out addresses also names the router and the name server: it can have all traffic go through itself.',
				'If it is none of yours, unplug it. Often it is a home router that was connected the wrong way round.']
			WHEN 'answer' THEN ARRAY[coalesce(d->>'by', d->>'mac') || ' takes ' || (d->>'address') || CASE WHEN (d->>'gateway')::boolean THEN ', the router''s address,' ELSE '' END || ' over by answers that nobody asked for',
				'It belongs to ' || coalesce(nullif(d->>'host', ''), d->>'owner', 'another device') || '. Whoever does so reads, and may change, what others send there.',
				'If it is no test of yours, find the device with that MAC and unplug it.']
			WHEN 'root' THEN ARRAY[n.host || ' became the root of the spanning tree', 'The root decides which way frames take in the whole network. It was ' || coalesce(d->'was'->>0, 'another bridge') || ' before.',
				'If a switch was added, replaced or set up anew, acknowledge the alert. If not, find that bridge and unplug it; root guard at the ports of end devices keeps others out.']
			WHEN 'router' THEN ARRAY[n.host || ' announces itself as a router', 'Devices that believe it send their IPv6 traffic through it.', 'If it is none of yours, unplug it.']
			ELSE ARRAY['Somebody pretends to be ' || (d->>'address') || CASE WHEN (d->>'gateway')::boolean THEN ', the router' ELSE '' END || ': ' || n.claims,
				'The address belonged to ' || coalesce(d->>'owner', 'one device') || ' for long. Whoever takes it over gets the traffic that is meant for it.',
				'If the device was replaced or got a second network card, acknowledge the alert. If not, find the other one and unplug it.'] END
		WHEN 'service_opened' THEN ARRAY['A new open service: ' || n.service || ' on ' || n.host, 'It was not open before. What is open can be reached, and attacked.', 'If you did not start it, see what runs there.']
		WHEN 'service_gone' THEN ARRAY[n.service || ' on ' || n.host || ' does not answer', 'It served ' || coalesce(d->>'clients', 'some') || ' clients; now its port is closed.', 'See whether its program runs.']
		WHEN 'certificate_expiring' THEN ARRAY['The certificate of ' || coalesce(nullif(d->>'host', ''), d->>'ip') || ':' || (d->>'port') || CASE WHEN (d->>'over')::boolean THEN ' ran out on ' ELSE ' runs out on ' END || (d->>'day'),
			'After that day browsers and programs refuse to connect.', 'Renew it, and see why that did not happen by itself.']
		WHEN 'sensor_loss' THEN ARRAY[(d->>'sensor') || ' has lost something: ' || (d->>'lost'), 'What was lost is not in the picture.', 'The sensor''s page says what was lost and what mends it.']
		WHEN 'sensor_silent' THEN CASE d->>'case'
			WHEN 'away' THEN ARRAY[(d->>'sensor') || ' is not connected', 'What passes there is not seen until it is back. It keeps what it still sees, and tells it then.', 'See whether its machine runs and reaches the collector.']
			ELSE ARRAY[coalesce(d->>'sensor', 'No sensor') || CASE WHEN d ? 'sensor' THEN ' hears nothing' ELSE ' hears anything' END,
				'It is connected, and no device was seen for a while.', 'See whether the mirror port is on and its cable plugged in.'] END
		WHEN 'discovery_failed' THEN ARRAY['The discovery "' || (d->>'discovery') || '"' || CASE WHEN d ? 'off' THEN ' was switched off' ELSE ' failed' END,
			coalesce(d->>'off', 'It ended with: ' || (d->>'error'), 'Its last run ended without a word.'), 'Mend the cause, run it by hand, then switch it on again.']
		ELSE ARRAY['A test from NetVisor', 'Somebody pressed the test button of this channel. It works.', 'Nothing needs to be done.'] END AS w
	FROM (SELECT coalesce(nullif(d->>'host', ''), d->>'ip', d->>'mac', 'a device without a name') AS host,
		coalesce((d->>'service') || ' (' || (d->>'port') || '/' || (d->>'proto') || ')', (d->>'port') || '/' || (d->>'proto'), 'a service') AS service,
		coalesce((SELECT string_agg(c, ' and ') FROM jsonb_array_elements_text(CASE jsonb_typeof(d->'claims') WHEN 'array' THEN d->'claims' ELSE '[]' END) c),
			'several devices') AS claims) n) x
$$;
SELECT pin_functions();
