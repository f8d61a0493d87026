-- SPDX-License-Identifier: BSD-2-Clause
-- Telling, and what people see and do: alerts, rules and channels as the API has them, steps of a person, what a channel is to tell and what came
-- of it, and who is there for Home Assistant.

CREATE FUNCTION alert_json(a alert) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('id', a.id, 'network_id', a.network_id, 'rule_id', a.rule_id, 'kind', a.kind, 'severity', a.severity, 'state', a.state, 'host_id', a.host_id,
		'service_id', a.service_id, 'sensor_id', a.sensor_id, 'title', a.title, 'why', w.why, 'act', w.act, 'detail', a.detail, 'times', a.times,
		'opened_at', seconds(a.opened_at), 'resolved_at', seconds(a.resolved_at), 'acknowledged_at', seconds(a.acknowledged_at),
		'acknowledged_by', a.acknowledged_by, 'note', a.note, 'snoozed_until', seconds(a.snoozed_until))
	FROM alert_words(a.kind, a.detail) w
$$;

CREATE FUNCTION alert_rule_json(r alert_rule) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT to_jsonb(r) || jsonb_build_object('created_at', seconds(r.created_at), 'updated_at', seconds(r.updated_at))
$$;

-- No statement but alert_channel_open() gives secrets.
CREATE FUNCTION alert_channel_json(c alert_channel) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT to_jsonb(c) - '{url,secret,password,busy_until,busy_by,home_at,url_shown}'::text[] || jsonb_build_object('url_shown', c.url_shown,
		'has_secret', c.secret IS NOT NULL, 'has_password', c.password IS NOT NULL,
		'not_before', CASE WHEN c.failures > 0 THEN seconds(c.not_before) END, 'last_told_at', seconds(c.last_told_at), 'last_error_at', seconds(c.last_error_at),
		'waiting', (SELECT count(*) FROM alert_outbox o WHERE o.network_id = c.network_id AND o.channel_id = c.id AND o.told_at IS NULL),
		'created_at', seconds(c.created_at), 'updated_at', seconds(c.updated_at))
$$;

-- A step of a person. What is still so can't be said to be over.
CREATE FUNCTION alerts_step(ids uuid[], step text, note_is text, until timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	me uuid := nullif(current_setting('netvisor.user', true), '')::uuid;
	one record;
	done bigint := 0;
	rows bigint;
BEGIN
	PERFORM FROM network WHERE id IN (SELECT network_id FROM alert WHERE id = ANY (ids)) ORDER BY id FOR NO KEY UPDATE;
	IF NOT EXISTS (SELECT FROM alert WHERE id = ANY (ids)) THEN
		PERFORM refuse(404, 'there is no such alert');
	ELSIF step = 'snooze' AND (until IS NULL OR until <= now() OR until > now() + interval '90 days') THEN
		PERFORM refuse(400, '"until" must be a moment in the next 90 days');
	ELSIF step = 'resolve' AND EXISTS (SELECT FROM alert WHERE id = ANY (ids) AND state <> 'resolved' AND kind NOT IN ('new_device', 'service_opened', 'service_gone')) THEN
		PERFORM refuse(409, 'it is still so, and would be found again at once: acknowledge it, or let it rest for a while');
	END IF;
	FOR one IN SELECT network_id, array_agg(id) AS ids FROM alert WHERE id = ANY (ids) AND state <> 'resolved' GROUP BY 1 ORDER BY 1 LOOP
		IF step = 'acknowledge' THEN
			UPDATE alert SET state = 'acknowledged', snoozed_until = NULL, acknowledged_at = now(), acknowledged_by = me, note = coalesce(note_is, note)
			WHERE network_id = one.network_id AND id = ANY (one.ids);
		ELSIF step = 'snooze' THEN
			UPDATE alert SET state = 'snoozed', snoozed_until = until, note = coalesce(note_is, note) WHERE network_id = one.network_id AND id = ANY (one.ids);
		ELSIF step = 'reopen' THEN
			UPDATE alert SET state = 'open', snoozed_until = NULL, acknowledged_at = NULL, acknowledged_by = NULL
			WHERE network_id = one.network_id AND id = ANY (one.ids);
		ELSE
			UPDATE alert SET state = 'resolved', resolved_at = now(), snoozed_until = NULL, note = coalesce(note_is, note)
			WHERE network_id = one.network_id AND id = ANY (one.ids);
		END IF;
		GET DIAGNOSTICS rows = ROW_COUNT;
		done := done + rows;
		IF step = 'resolve' AND rows > 0 THEN
			PERFORM alerts_tell(one.network_id, one.ids, 'resolved');
		END IF;
	END LOOP;
	RETURN done;
END $$;

CREATE FUNCTION alert_channel_test(c alert_channel) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	made uuid := gen_random_uuid();
	tests_max constant integer := 10;
BEGIN
	IF (SELECT count(*) FROM alert_outbox o WHERE o.network_id = c.network_id AND o.channel_id = c.id AND o.event = 'test' AND o.told_at IS NULL) >= tests_max THEN
		PERFORM refuse(409, 'some tests wait already: see why they are not told');
	END IF;
	INSERT INTO alert_outbox (network_id, id, channel_id, event, body)
	SELECT c.network_id, made, c.id, 'test', jsonb_build_object('event', 'test', 'id', made, 'network', jsonb_build_object('id', n.id, 'name', n.name), 'kind', 'test',
		'severity', 'note', 'title', w.title, 'why', w.why, 'act', w.act, 'opened_at', seconds(now()))
	FROM network n, alert_words('test', '{}') w WHERE n.id = c.network_id;
	UPDATE alert_channel SET not_before = '-infinity' WHERE network_id = c.network_id AND id = c.id;
	PERFORM pg_notify('netvisor_outbox', c.network_id::text);
	RETURN jsonb_build_object('id', made);
END $$;

-- For the collector that tells: how, with secrets as they are sealed; and what waits, in its order.
CREATE FUNCTION alert_channel_open(c alert_channel) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('id', c.id, 'network_id', c.network_id, 'kind', c.kind, 'url', c.url, 'url_shown', c.url_shown, 'secret', c.secret, 'host', c.host, 'port', c.port, 'tls', c.tls,
		'ca_certificate', c.ca_certificate, 'username', c.username, 'password', c.password, 'from_address', c.from_address, 'to_addresses', to_jsonb(c.to_addresses),
		'topic', c.topic, 'discovery_prefix', c.discovery_prefix, 'revision', c.revision)
$$;
CREATE FUNCTION alert_channel_waiting(c alert_channel) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('id', o.id, 'body', o.body, 'created_at', extract(epoch FROM o.created_at)::bigint) ORDER BY o.number), '[]')
	FROM (SELECT * FROM alert_outbox o WHERE o.network_id = c.network_id AND o.channel_id = c.id AND o.told_at IS NULL AND o.due_at <= now()
		ORDER BY o.number LIMIT 20) o
$$;

-- Seconds until the next try, somewhere about, so that many do not come at once.
CREATE FUNCTION alert_pause(failures integer) RETURNS interval LANGUAGE sql VOLATILE AS $$
	SELECT least(900, 2 ^ least(failures, 12)) * (0.75 + 0.5 * random()) * interval '1 second'
$$;
CREATE FUNCTION alert_channel_done(of_network uuid, of_channel uuid, told uuid[], failed uuid, reason text, down boolean) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	UPDATE alert_outbox SET told_at = now(), error = NULL, attempts = attempts + 1 WHERE network_id = of_network AND id = ANY (told) AND told_at IS NULL;
	UPDATE alert_outbox SET attempts = attempts + 1, error = left(reason, 300), due_at = CASE WHEN down THEN due_at ELSE now() + alert_pause(attempts + 1) END
	WHERE network_id = of_network AND id = failed AND told_at IS NULL;
	UPDATE alert_channel SET busy_until = '-infinity', failures = CASE WHEN down THEN failures + 1 ELSE 0 END,
		not_before = CASE WHEN down THEN now() + alert_pause(failures + 1) ELSE '-infinity' END,
		last_told_at = CASE WHEN cardinality(told) > 0 THEN now() ELSE last_told_at END,
		last_error = CASE WHEN reason IS NOT NULL THEN left(reason, 300) WHEN cardinality(told) > 0 THEN NULL ELSE last_error END,
		last_error_at = CASE WHEN reason IS NOT NULL THEN now() WHEN cardinality(told) > 0 THEN NULL ELSE last_error_at END
	WHERE network_id = of_network AND id = of_channel;
	IF reason IS NULL AND EXISTS (SELECT FROM alert_outbox o WHERE o.network_id = of_network AND o.channel_id = of_channel AND o.told_at IS NULL AND o.due_at <= now()) THEN
		PERFORM pg_notify('netvisor_outbox', of_network::text);
	END IF;
END $$;

-- Who is there, for Home Assistant: devices of this network, or those with one of the channel's tags; and whether anybody looks at all.
CREATE FUNCTION alert_home(c alert_channel) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('network', jsonb_build_object('id', n.id, 'name', n.name),
		'watching', EXISTS (SELECT FROM sensor s WHERE s.network_id = c.network_id AND s.connected)
			AND coalesce((SELECT max(last_seen) FROM host WHERE network_id = c.network_id) > now() - c.away_minutes * interval '1 minute', false),
		'alerts', (SELECT jsonb_build_object('open', count(*) FILTER (WHERE a.state = 'open' AND a.severity <> 'note'), 'titles', coalesce(jsonb_agg(a.title ORDER BY severity_rank(a.severity) DESC,
			a.opened_at DESC, a.id) FILTER (WHERE a.state = 'open' AND a.severity <> 'note'), '[]')) FROM (SELECT * FROM alert WHERE network_id = c.network_id AND state = 'open'
			ORDER BY severity_rank(severity) DESC, opened_at DESC LIMIT 20) a),
		'devices', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'name', d.name, 'mac', d.mac, 'ip', d.ip, 'vendor', d.vendor,
			'present', h.last_seen > now() - c.away_minutes * interval '1 minute') ORDER BY h.first_seen, h.id), '[]')
			FROM (SELECT * FROM host h WHERE h.network_id = c.network_id AND NOT h.hidden AND CASE WHEN c.presence_tags = '{}' THEN alert_local(h) ELSE h.tags && c.presence_tags END
				ORDER BY h.first_seen, h.id LIMIT 500) h
			CROSS JOIN LATERAL (SELECT a->>'host' AS name, a->>'mac' AS mac, a->>'ip' AS ip, a->>'vendor' AS vendor FROM alert_host(h.network_id, h.id) a) d))
	FROM network n WHERE n.id = c.network_id
$$;
SELECT pin_functions();
