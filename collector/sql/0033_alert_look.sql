-- SPDX-License-Identifier: BSD-2-Clause
-- Looking: what was found becomes alerts, what is no more so is over, and whoever is to be told is told. In words for people.

-- The words of an alert, in English: what happened, why it matters, what to do. The dashboard has its own (web/src/texts/alerts.ts).
CREATE FUNCTION alert_words(kind text, d jsonb, OUT title text, OUT why text, OUT act text) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
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

-- Until when nobody is told: the moment itself when there is no quiet then. A time over midnight belongs to the day on which it begins.
CREATE FUNCTION alert_quiet_until(rule alert_rule, moment timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE AS $$
DECLARE
	until timestamptz := moment;
	wall timestamp;
	day date;
	ends timestamp;
	over interval := CASE WHEN rule.quiet_to <= rule.quiet_from THEN interval '1 day' ELSE interval '0' END;
BEGIN
	IF rule.quiet_from IS NULL THEN
		RETURN moment;
	END IF;
	-- Quiet may follow on quiet, at most for a week.
	FOR turn IN 1..8 LOOP
		wall := until AT TIME ZONE rule.timezone;
		ends := NULL;
		FOREACH day IN ARRAY ARRAY[wall::date - 1, wall::date] LOOP
			IF (rule.quiet_days = '{}' OR extract(isodow FROM day)::integer = ANY (rule.quiet_days)) AND wall >= day + rule.quiet_from::time
				AND wall < day + rule.quiet_to::time + over THEN
				ends := greatest(ends, day + rule.quiet_to::time + over);
			END IF;
		END LOOP;
		EXIT WHEN ends IS NULL;
		-- Where the clocks are turned back an hour comes twice: never stay in place.
		until := greatest(ends AT TIME ZONE rule.timezone, until + interval '1 minute');
	END LOOP;
	RETURN until;
END $$;

-- What is told of an alert.
CREATE FUNCTION alert_body(a alert, event text) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('event', event, 'id', a.id, 'network', jsonb_build_object('id', n.id, 'name', n.name), 'kind', a.kind,
		'severity', a.severity, 'state', a.state, 'title', a.title, 'why', w.why, 'act', w.act, 'opened_at', seconds(a.opened_at),
		'resolved_at', seconds(a.resolved_at), 'times', a.times, 'host_id', a.host_id, 'service_id', a.service_id, 'sensor_id', a.sensor_id, 'detail', a.detail))
	FROM network n, alert_words(a.kind, a.detail) w WHERE n.id = a.network_id
$$;

-- Tell the network's channels of these alerts. Many of one kind at once are told as one. What nobody was told of, since it was quiet, needs no
-- end. A channel that has been down for so long that too much waits loses what waits longest, and counts it.
CREATE FUNCTION alerts_tell(of_network uuid, ids uuid[], event text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
	many_min constant integer := 10;
	waiting_max constant integer := 10000;
	one record;
	written bigint := 0;
	rows bigint;
	told uuid[];
	together boolean;
BEGIN
	FOR one IN SELECT c.id AS channel_id, c.kind AS channel_kind, a.kind, r.id AS rule_id, array_agg(a.id ORDER BY a.opened_at, a.id) AS ids
		FROM alert a JOIN alert_channel c ON c.network_id = a.network_id
		LEFT JOIN alert_rule r ON r.network_id = a.network_id AND r.id = a.rule_id
		WHERE a.network_id = of_network AND a.id = ANY (ids) AND c.enabled AND severity_rank(a.severity) >= severity_rank(c.min_severity)
			AND (r.channel_ids IS NULL OR c.id = ANY (r.channel_ids)) AND (event <> 'resolved' OR c.tells_resolved OR EXISTS (SELECT FROM alert_outbox o
				WHERE o.network_id = of_network AND o.channel_id = c.id AND o.alert_id = a.id AND o.told_at IS NULL AND o.held))
		GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 4
	LOOP
		told := one.ids;
		IF event = 'resolved' THEN
			WITH gone AS (
				DELETE FROM alert_outbox o WHERE o.network_id = of_network AND o.channel_id = one.channel_id AND o.held AND o.told_at IS NULL
					AND o.due_at > now() AND o.alert_id = ANY (one.ids) RETURNING o.alert_id
			)
			SELECT ARRAY(SELECT i FROM unnest(one.ids) i WHERE i <> ALL (coalesce(array_agg(g.alert_id), '{}'))) INTO told FROM gone g;
		END IF;
		together := cardinality(told) > many_min;
		INSERT INTO alert_outbox (network_id, channel_id, alert_id, event, body, held, due_at)
		SELECT of_network, one.channel_id, CASE WHEN NOT together THEN x.id END, event, CASE WHEN together THEN jsonb_build_object('event', event, 'id', x.id,
				'network', alert_body(x, event)->'network', 'kind', x.kind, 'severity', x.severity, 'title', format('%s alerts at once: %s', cardinality(told), x.title),
				'why', 'So many of one kind are told together.', 'act', 'See the alerts page of the dashboard.', 'opened_at', seconds(x.opened_at),
				'count', cardinality(told), 'alerts', (SELECT jsonb_agg(jsonb_build_object('id', e.id, 'title', e.title, 'host_id', e.host_id) ORDER BY e.title, e.id)
					FROM alert e WHERE e.network_id = of_network AND e.id = ANY (told[:50])))
			ELSE alert_body(x, event) END, q.until > now(), q.until
		FROM unnest(CASE WHEN together THEN told[:1] ELSE told END) WITH ORDINALITY t (id, i)
		JOIN alert x ON x.network_id = of_network AND x.id = t.id LEFT JOIN alert_rule r ON r.network_id = of_network AND r.id = one.rule_id
		CROSS JOIN LATERAL (SELECT coalesce(alert_quiet_until(r, now()), now()) AS until) q
		ORDER BY t.i;
		GET DIAGNOSTICS rows = ROW_COUNT;
		written := written + rows;
		WITH old AS (
			DELETE FROM alert_outbox o WHERE o.network_id = of_network AND o.id IN (SELECT w.id FROM alert_outbox w WHERE w.network_id = of_network
				AND w.channel_id = one.channel_id AND w.told_at IS NULL ORDER BY w.number DESC OFFSET waiting_max) RETURNING 1
		)
		UPDATE alert_channel c SET dropped = dropped + o.count FROM (SELECT count(*) FROM old) o
		WHERE c.network_id = of_network AND c.id = one.channel_id AND o.count > 0;
	END LOOP;
	IF written > 0 THEN
		PERFORM pg_notify('netvisor_outbox', of_network::text);
	END IF;
	RETURN written;
END $$;

-- Whether an alert that is not over is, by now. seen: {"kind subject": …} of what is so; a kind that was not looked through to its end has a key of its own. What is an event lasts until somebody takes note of it, at most a week.
CREATE FUNCTION alert_is_over(a alert, thorough boolean, seen jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN NOT EXISTS (SELECT FROM alert_rule r WHERE r.network_id = a.network_id AND r.id = a.rule_id AND r.enabled) THEN thorough
		WHEN a.kind = 'new_device' THEN a.opened_at < now() - interval '7 days'
			OR NOT EXISTS (SELECT FROM host h WHERE h.network_id = a.network_id AND h.id = a.host_id)
		WHEN a.kind IN ('service_opened', 'service_gone') THEN a.opened_at < now() - interval '7 days' OR NOT EXISTS (SELECT FROM service s
			WHERE s.network_id = a.network_id AND s.id = a.service_id AND s.state = CASE a.kind WHEN 'service_opened' THEN 'open' ELSE 'closed' END)
		ELSE thorough AND NOT seen ? (a.kind || ' ' || a.subject) AND NOT seen ? a.kind END
$$;

-- Make alerts of what was found, or bring those up to date that there are. The ids of those of which somebody is to be told. What comes back within
-- minutes is the same alert, and is told again only after a while.
CREATE FUNCTION alerts_open(of_network uuid, rule_ids uuid[], kinds text[], hits alert_found[]) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
	again constant interval := '10 minutes';
	one record;
	old alert;
	tell uuid[];
	made uuid;
BEGIN
	WITH awake AS (
		UPDATE alert SET state = 'open', snoozed_until = NULL WHERE network_id = of_network AND snoozed_until <= now() RETURNING id
	)
	SELECT coalesce(array_agg(id), '{}') INTO tell FROM awake;
	FOR one IN SELECT DISTINCT ON (h.kind, h.subject) h.kind, r.id AS rule_id, coalesce(h.severity, r.severity) AS severity, h.subject, h.host_id, h.service_id,
			h.sensor_id, h.detail, left(w.title, 300) AS title
		FROM ROWS FROM (unnest(kinds), unnest(rule_ids), unnest(hits)) WITH ORDINALITY
			h (kind, rule_id, subject, host_id, service_id, sensor_id, severity, detail, i)
		JOIN alert_rule r ON r.network_id = of_network AND r.id = h.rule_id CROSS JOIN LATERAL alert_words(h.kind, h.detail) w
		ORDER BY h.kind, h.subject, h.i
	LOOP
		SELECT * INTO old FROM alert WHERE network_id = of_network AND kind = one.kind AND subject = one.subject
			AND (state <> 'resolved' OR resolved_at > now() - again) ORDER BY resolved_at DESC NULLS FIRST LIMIT 1;
		IF old.id IS NULL THEN
			INSERT INTO alert (network_id, rule_id, kind, subject, severity, host_id, service_id, sensor_id, title, detail, told_at)
			VALUES (of_network, one.rule_id, one.kind, one.subject, one.severity, one.host_id, one.service_id, one.sensor_id, one.title, one.detail, now())
			RETURNING id INTO made;
			tell := tell || made;
		ELSIF old.state = 'resolved' THEN
			UPDATE alert SET state = 'open', resolved_at = NULL, acknowledged_at = NULL, acknowledged_by = NULL, rule_id = one.rule_id, severity = one.severity,
				title = one.title, detail = one.detail, times = times + 1, told_at = CASE WHEN told_at > now() - again THEN told_at ELSE now() END
			WHERE network_id = of_network AND id = old.id;
			IF old.told_at IS NULL OR old.told_at <= now() - again THEN
				tell := tell || old.id;
			END IF;
		ELSIF (old.rule_id, old.severity, old.title, old.detail, old.host_id, old.service_id) IS DISTINCT FROM
			(one.rule_id, one.severity, one.title, one.detail, one.host_id, one.service_id) THEN
			UPDATE alert SET rule_id = one.rule_id, severity = one.severity, title = one.title, detail = one.detail, host_id = one.host_id, service_id = one.service_id
			WHERE network_id = of_network AND id = old.id;
			IF old.state = 'open' AND severity_rank(one.severity) > severity_rank(old.severity) THEN
				tell := tell || old.id;
			END IF;
		END IF;
	END LOOP;
	RETURN tell;
END $$;

-- Look at a network: at its log since the last time, and, when thorough, at all that may have become so. No row: another collector is at it.
-- Nothing is locked but the cursor until something is to be written, and then the network's row first, as everywhere.
CREATE FUNCTION alerts_look(of_network uuid, thorough boolean) RETURNS TABLE (changed integer, more boolean) LANGUAGE plpgsql AS $$
DECLARE
	entries_max constant bigint := 5000;
	at_once_max constant integer := 2000;
	events constant text[] := '{new_device,service_opened,service_gone}';
	place alert_cursor;
	last bigint;
	upto bigint;
	known timestamptz;
	rule alert_rule;
	rule_ids uuid[] := '{}';
	kinds text[] := '{}';
	hits alert_found[] := '{}';
	few alert_found[];
	opened uuid[] := '{}';
	closed uuid[] := '{}';
	seen jsonb := '{}';
BEGIN
	SELECT * INTO place FROM alert_cursor c WHERE c.network_id = of_network FOR UPDATE SKIP LOCKED;
	IF place.network_id IS NULL THEN
		RETURN;
	END IF;
	SELECT change_seq INTO last FROM network WHERE id = of_network;
	upto := least(last, place.seq + entries_max);
	IF upto = place.seq AND NOT thorough THEN
		RETURN QUERY SELECT 0, false;
		RETURN;
	END IF;
	IF place.born IS NULL THEN
		SELECT min(c.at) INTO place.born FROM change c WHERE c.network_id = of_network AND c.seq > place.seq AND c.seq <= upto AND c.entity = 'host';
	END IF;
	known := greatest(place.born, (SELECT max(created_at) FROM sensor WHERE network_id = of_network)) + interval '1 hour';
	IF thorough THEN
		place.losses := alert_losses_now(of_network, place.losses);
		place.deaf_since := CASE WHEN EXISTS (SELECT FROM sensor WHERE network_id = of_network AND connected) THEN CASE WHEN (SELECT max(last_seen) FROM host
			WHERE network_id = of_network) < now() - interval '1 minute' THEN coalesce(place.deaf_since, now()) END END;
	END IF;
	-- The narrower rule first: of what it finds the wider one says nothing more.
	FOR rule IN SELECT * FROM alert_rule r WHERE r.network_id = of_network AND r.enabled AND (thorough OR r.kind = ANY (events))
		ORDER BY alert_scoped(r) DESC, severity_rank(r.severity) DESC, r.created_at, r.id
	LOOP
		few := CASE rule.kind
			WHEN 'new_device' THEN ARRAY(SELECT f::alert_found FROM alert_find_new_device(rule, place.seq, upto, known) f LIMIT at_once_max)
			WHEN 'service_opened' THEN ARRAY(SELECT f::alert_found FROM alert_find_service_opened(rule, place.seq, upto, known) f LIMIT at_once_max)
			WHEN 'service_gone' THEN ARRAY(SELECT f::alert_found FROM alert_find_service_gone(rule, place.seq, upto, known) f LIMIT at_once_max)
			WHEN 'device_gone' THEN ARRAY(SELECT f::alert_found FROM alert_find_device_gone(rule) f LIMIT at_once_max)
			WHEN 'impostor' THEN ARRAY(SELECT ROW(c.subject, c.host_id, NULL, NULL, NULL, c.detail || '{"case": "address"}')::alert_found
				FROM alert_conflicts(of_network, rule.threshold) c WHERE c.impostor
				UNION ALL SELECT f::alert_found FROM alert_strangers(of_network, rule.threshold, known) f LIMIT at_once_max)
			-- What an enabled rule of the other kind says is not said twice.
			WHEN 'address_conflict' THEN ARRAY(SELECT ROW(c.subject, c.host_id, NULL, NULL, NULL, c.detail)::alert_found FROM alert_conflicts(of_network, rule.threshold) c
				WHERE NOT c.impostor OR NOT EXISTS (SELECT FROM alert_rule o WHERE o.network_id = of_network AND o.kind = 'impostor' AND o.enabled
					AND alert_in_scope(o, c.host_id)) LIMIT at_once_max)
			WHEN 'certificate_expiring' THEN ARRAY(SELECT f::alert_found FROM alert_find_certificate_expiring(rule) f LIMIT at_once_max)
			WHEN 'sensor_silent' THEN ARRAY(SELECT f::alert_found FROM alert_find_sensor_silent(rule, place.deaf_since) f)
			WHEN 'sensor_loss' THEN ARRAY(SELECT f::alert_found FROM alert_find_sensor_loss(rule, place.losses) f)
			WHEN 'discovery_failed' THEN ARRAY(SELECT f::alert_found FROM alert_find_discovery_failed(rule) f) END;
		-- There may be more than are looked at: of those that are not nothing is known.
		IF cardinality(few) >= (CASE rule.kind WHEN 'certificate_expiring' THEN 1000 WHEN 'address_conflict' THEN 500 WHEN 'impostor' THEN 500 ELSE at_once_max END) THEN
			seen := seen || jsonb_build_object(rule.kind, true);
		END IF;
		few := ARRAY(SELECT f::alert_found FROM unnest(few) f WHERE rule.kind IN ('sensor_silent', 'sensor_loss', 'discovery_failed')
			OR alert_in_scope(rule, f.host_id));
		hits := hits || few;
		rule_ids := rule_ids || array_fill(rule.id, ARRAY[cardinality(few)]);
		kinds := kinds || array_fill(rule.kind, ARRAY[cardinality(few)]);
	END LOOP;
	SELECT seen || coalesce(jsonb_object_agg(h.kind || ' ' || h.subject, true), '{}') INTO seen
	FROM ROWS FROM (unnest(kinds), unnest(hits)) h (kind, subject, host_id, service_id, sensor_id, severity, detail);
	SELECT coalesce(array_agg(DISTINCT a.id), '{}') INTO closed FROM alert a WHERE a.network_id = of_network AND a.state <> 'resolved' AND alert_is_over(a, thorough, seen);
	IF cardinality(hits) > 0 OR cardinality(closed) > 0 OR EXISTS (SELECT FROM alert a WHERE a.network_id = of_network AND a.snoozed_until <= now()) THEN
		PERFORM 1 FROM network WHERE id = of_network FOR NO KEY UPDATE;
		opened := alerts_open(of_network, rule_ids, kinds, hits);
		UPDATE alert a SET state = 'resolved', resolved_at = now(), snoozed_until = NULL WHERE a.network_id = of_network AND a.id = ANY (closed) AND a.state <> 'resolved';
		PERFORM alerts_tell(of_network, opened, 'opened');
		PERFORM alerts_tell(of_network, ARRAY(SELECT a.id FROM alert a WHERE a.network_id = of_network AND a.id = ANY (closed) AND a.told_at IS NOT NULL), 'resolved');
	END IF;
	UPDATE alert_cursor c SET seq = upto, born = place.born, deaf_since = place.deaf_since, losses = place.losses WHERE c.network_id = of_network;
	RETURN QUERY SELECT cardinality(opened) + cardinality(closed), upto < last;
END $$;
SELECT pin_functions();
