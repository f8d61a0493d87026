-- SPDX-License-Identifier: BSD-2-Clause
-- Alerts, their rules and channels for the API (collector/resource.h), looking, and telling (0033_alert_look.sql).

-- name: live_page_alert
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_alert WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- What of $1 networks may be looked at: all, the ones that have changed first.
-- name: alert_networks
SELECT n.id FROM network n JOIN alert_cursor c ON c.network_id = n.id WHERE $1::boolean OR n.change_seq > c.seq ORDER BY n.id;

-- name: alerts_look
SELECT changed, more FROM alerts_look($1::uuid, $2::boolean);

-- Old alerts, what was told, and what waited for a week.
-- name: alert_clean
DELETE FROM alert a USING network n WHERE (SELECT upkeep_turn()) AND n.id = a.network_id AND a.state = 'resolved'
	AND a.resolved_at < now() - greatest(7, coalesce(n.retention_days, $1::integer)) * interval '1 day';

-- name: alert_outbox_clean
WITH old AS (
	DELETE FROM alert_outbox o WHERE (SELECT upkeep_turn()) AND o.created_at < now() - interval '7 days'
		AND (o.told_at IS NOT NULL OR o.due_at < now() - interval '7 days') RETURNING o.network_id, o.channel_id, o.told_at
)
UPDATE alert_channel c SET dropped = dropped + o.count FROM (SELECT network_id, channel_id, count(*) FROM old WHERE told_at IS NULL GROUP BY 1, 2) o
WHERE c.network_id = o.network_id AND c.id = o.channel_id;

-- A channel for which something waits, or one of MQTT that tells who is there; $1 is the collector. One that tells who is there stays with the
-- collector that has its connection, as long as that lives.
-- name: alert_channel_claim
WITH due AS (
	SELECT c.network_id, c.id FROM alert_channel c WHERE c.enabled AND c.not_before <= now() AND c.busy_until <= now()
		AND (EXISTS (SELECT FROM alert_outbox o WHERE o.network_id = c.network_id AND o.channel_id = c.id AND o.told_at IS NULL AND o.due_at <= now())
			OR c.home_assistant AND c.home_at <= now() - interval '10 seconds')
		AND (NOT c.home_assistant OR c.busy_by IS NULL OR c.busy_by = $1::uuid OR c.home_at <= now() - interval '30 seconds')
	ORDER BY c.not_before, c.home_at, c.id LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE alert_channel c SET busy_until = now() + interval '2 minutes', busy_by = $1::uuid, home_at = now() FROM due d
WHERE c.network_id = d.network_id AND c.id = d.id
RETURNING c.network_id, c.id, alert_channel_open(c), alert_channel_waiting(c), CASE WHEN c.home_assistant THEN alert_home(c) END;

-- What came of it: ids that were told, $4 the one that was not and whatever comes after it, why, and whether all of the channel is down.
-- name: alert_channel_done
SELECT alert_channel_done($1::uuid, $2::uuid, $3::uuid[], $4::uuid, $5, $6::boolean);

-- Milliseconds until something may be told.
-- name: alert_channel_wait
SELECT ceil(extract(epoch FROM min(greatest(o.due_at, c.not_before, c.busy_until)) - now()) * 1000)::bigint
FROM alert_outbox o JOIN alert_channel c ON c.network_id = o.network_id AND c.id = o.channel_id
WHERE o.told_at IS NULL AND c.enabled AND greatest(o.due_at, c.not_before, c.busy_until) < now() + interval '1 hour';

-- name: list_alert
-- orders: opened_at a.opened_at | severity severity_rank(a.severity) | kind a.kind | state a.state | resolved_at a.resolved_at
-- filter: ($1::jsonb->>'network_id' IS NULL OR a.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR a.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'kind' IS NULL OR a.kind = $1::jsonb->>'kind')
-- filter: ($1::jsonb->>'state' IS NULL OR a.state = $1::jsonb->>'state')
-- filter: ($1::jsonb->>'severity' IS NULL OR a.severity = $1::jsonb->>'severity')
-- filter: ($1::jsonb->>'host_id' IS NULL OR a.host_id = ($1::jsonb->>'host_id')::uuid)
-- filter: ($1::jsonb->>'search' IS NULL OR a.title ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p.shown) FROM (SELECT alert_json(a) AS shown FROM alert a WHERE :filter
	ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'), (SELECT count(*) FROM alert a WHERE :filter);

-- name: get_alert
SELECT alert_json(a), NULL FROM alert a WHERE a.id = $1::uuid;

-- One step of a person with some alerts: which, what, a note or until when (null).
-- name: alerts_step
SELECT alerts_step(ARRAY(SELECT jsonb_array_elements_text($1::jsonb->'ids')::uuid), $2, $1::jsonb->>'note', ($1::jsonb->>'until')::timestamptz);

-- name: list_alert_rule
-- orders: name lower(r.name) | kind r.kind | severity severity_rank(r.severity) | created_at r.created_at
-- filter: ($1::jsonb->>'network_id' IS NULL OR r.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR r.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'kind' IS NULL OR r.kind = $1::jsonb->>'kind')
-- filter: ($1::jsonb->>'search' IS NULL OR r.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p.shown) FROM (SELECT alert_rule_json(r) AS shown FROM alert_rule r WHERE :filter
	ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'), (SELECT count(*) FROM alert_rule r WHERE :filter);

-- name: get_alert_rule
SELECT alert_rule_json(r), r.revision FROM alert_rule r WHERE r.id = $1::uuid;

-- name: create_alert_rule
INSERT INTO alert_rule AS t (network_id, id, kind, name, enabled, severity, threshold, tags, subnet_ids, host_kinds, quiet_from, quiet_to, quiet_days,
	timezone, channel_ids)
SELECT r.network_id, $1::uuid, r.kind, r.name, coalesce(r.enabled, true), coalesce(r.severity, k.severity), coalesce(r.threshold, k.threshold),
	coalesce(r.tags, '{}'), coalesce(r.subnet_ids, '{}'), coalesce(r.host_kinds, '{}'), r.quiet_from, r.quiet_to, coalesce(r.quiet_days, '{}'),
	coalesce(r.timezone, 'UTC'), r.channel_ids
FROM jsonb_populate_record(NULL::alert_rule, $2::jsonb) r JOIN alert_kinds() k ON k.kind = r.kind
WHERE EXISTS (SELECT FROM network n WHERE n.id = r.network_id)
RETURNING alert_rule_json(t), t.revision;

-- name: update_alert_rule
UPDATE alert_rule t SET (name, enabled, severity, threshold, tags, subnet_ids, host_kinds, quiet_from, quiet_to, quiet_days, timezone, channel_ids) =
	(SELECT r.name, r.enabled, r.severity, coalesce(r.threshold, k.threshold), r.tags, r.subnet_ids, r.host_kinds, r.quiet_from, r.quiet_to, r.quiet_days, r.timezone,
		r.channel_ids FROM jsonb_populate_record(t, $2::jsonb) r JOIN alert_kinds() k ON k.kind = t.kind)
WHERE t.id = $1::uuid AND ($3::integer IS NULL OR t.revision = $3::integer)
RETURNING alert_rule_json(t), t.revision;

-- name: delete_alert_rule
DELETE FROM alert_rule r WHERE r.id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR r.revision = $2::integer) RETURNING r.id;

-- name: list_alert_channel
-- orders: name lower(c.name) | kind c.kind | created_at c.created_at
-- filter: ($1::jsonb->>'network_id' IS NULL OR c.network_id = ($1::jsonb->>'network_id')::uuid)
-- filter: ($1::jsonb->'ids' IS NULL OR c.id = ANY (json_ids($1::jsonb->'ids')))
-- filter: ($1::jsonb->>'kind' IS NULL OR c.kind = $1::jsonb->>'kind')
-- filter: ($1::jsonb->>'search' IS NULL OR c.name ILIKE '%' || ($1::jsonb->>'search') || '%')
SELECT coalesce((SELECT jsonb_agg(p.shown) FROM (SELECT alert_channel_json(c) AS shown FROM alert_channel c WHERE :filter
	ORDER BY :order LIMIT $2::bigint OFFSET $3::bigint) p), '[]'), (SELECT count(*) FROM alert_channel c WHERE :filter);

-- name: get_alert_channel
SELECT alert_channel_json(c), c.revision FROM alert_channel c WHERE c.id = $1::uuid;

-- name: create_alert_channel
INSERT INTO alert_channel AS c (network_id, id, name, kind, enabled, min_severity, tells_resolved, url, url_shown, secret, host, port, tls, ca_certificate, username,
	password, from_address, to_addresses, topic, home_assistant, discovery_prefix, presence_tags, away_minutes)
SELECT r.network_id, $1::uuid, r.name, r.kind, coalesce(r.enabled, true), coalesce(r.min_severity, 'note'), coalesce(r.tells_resolved, true), r.url, r.url_shown,
	r.secret, r.host, r.port, coalesce(r.tls, 'none'), r.ca_certificate, r.username, r.password, r.from_address, coalesce(r.to_addresses, '{}'), r.topic,
	coalesce(r.home_assistant, false), r.discovery_prefix, coalesce(r.presence_tags, '{}'), coalesce(r.away_minutes, 10)
FROM jsonb_populate_record(NULL::alert_channel, $2::jsonb) r WHERE EXISTS (SELECT FROM network n WHERE n.id = r.network_id)
RETURNING alert_channel_json(c), c.revision;

-- name: update_alert_channel
UPDATE alert_channel c SET (name, enabled, min_severity, tells_resolved, url, url_shown, secret, host, port, tls, ca_certificate, username, password, from_address,
	to_addresses, topic, home_assistant, discovery_prefix, presence_tags, away_minutes) = (SELECT r.name, r.enabled, r.min_severity, r.tells_resolved, r.url,
		r.url_shown, r.secret, r.host, r.port, r.tls, r.ca_certificate, r.username, CASE WHEN r.username IS NOT NULL THEN r.password END, r.from_address,
		r.to_addresses, r.topic, r.home_assistant, r.discovery_prefix, r.presence_tags, r.away_minutes
		FROM jsonb_populate_record(c, $2::jsonb) r)
WHERE c.id = $1::uuid AND ($3::integer IS NULL OR c.revision = $3::integer)
RETURNING alert_channel_json(c), c.revision;

-- name: delete_alert_channel
DELETE FROM alert_channel c WHERE c.id = ANY ($1::uuid[]) AND ($2::integer IS NULL OR c.revision = $2::integer) RETURNING c.id;

-- A test, told as any other. No row: there is no such channel.
-- name: alert_channel_test
SELECT alert_channel_test(c) FROM alert_channel c WHERE c.id = $1::uuid;

-- The latest of what was told or waits.
-- name: alert_channel_told
SELECT coalesce((SELECT jsonb_agg(jsonb_build_object('id', o.id, 'event', o.event, 'title', o.body->>'title', 'severity', o.body->>'severity', 'alert_id', o.alert_id,
	'created_at', seconds(o.created_at), 'due_at', seconds(o.due_at), 'attempts', o.attempts, 'error', o.error, 'told_at', seconds(o.told_at)) ORDER BY o.number DESC)
	FROM (SELECT * FROM alert_outbox o WHERE o.channel_id = c.id ORDER BY o.number DESC LIMIT 100) o), '[]')
FROM alert_channel c WHERE c.id = $1::uuid;
