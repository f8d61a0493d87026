-- SPDX-License-Identifier: BSD-2-Clause
-- What is done in the background, for the system. $1 is the number of days that a network keeps what it does not say itself. Of several
-- collectors on one database one does it at a time (upkeep_turn).

-- Ingest locks a network before its rows; so does the upkeep.
-- name: network_lock_all
SELECT id FROM network ORDER BY id FOR NO KEY UPDATE;

-- name: history_trim
SELECT history_trim(n.id, now() - coalesce(n.retention_days, $1::integer) * interval '1 day') FROM network n WHERE (SELECT upkeep_turn());

-- What nobody has said for so long. A round looks at a part of each large table (clean_share).
-- name: evidence_clean
WITH found AS MATERIALIZED (
	SELECT e.network_id, e.id FROM sighting e TABLESAMPLE SYSTEM (clean_share('sighting')) JOIN network n ON n.id = e.network_id
	WHERE (SELECT upkeep_turn()) AND e.last_seen < now() - coalesce(n.retention_days, $1::integer) * interval '1 day' LIMIT 20000
), old AS (
	DELETE FROM sighting s USING found f WHERE s.network_id = f.network_id AND s.id = f.id RETURNING s.network_id, s.id
)
DELETE FROM evidence e USING old WHERE e.network_id = old.network_id AND e.id = old.id;

-- name: presence_clean
WITH found AS MATERIALIZED (
	SELECT p.network_id, p.host_id, p.since FROM presence p TABLESAMPLE SYSTEM (clean_share('presence')) JOIN network n ON n.id = p.network_id
	WHERE (SELECT upkeep_turn()) AND p.until < now() - coalesce(n.retention_days, $1::integer) * interval '1 day' LIMIT 20000
)
DELETE FROM presence p USING found f WHERE p.network_id = f.network_id AND p.host_id = f.host_id AND p.since = f.since;

-- Flows that nobody has seen for so long, with their entries: all of what they were, so that they can be shown as of then.
-- name: flow_clean
WITH old AS MATERIALIZED (
	SELECT f.network_id, f.id FROM flow f TABLESAMPLE SYSTEM (clean_share('flow')) JOIN network n ON n.id = f.network_id
	WHERE (SELECT upkeep_turn()) AND f.last_seen < now() - coalesce(n.retention_days, $1::integer) * interval '1 day' LIMIT 5000
), was AS MATERIALIZED (
	SELECT r.id, r.content FROM live_rows('flow', (SELECT coalesce(array_agg(id), '{}') FROM old)) r
), gone AS (
	DELETE FROM flow f USING old o WHERE f.network_id = o.network_id AND f.id = o.id RETURNING f.network_id, f.id
)
SELECT change_write(g.network_id, array_agg(text 'flow'), array_agg(g.id), array_agg(w.content), array_agg(NULL::jsonb))
FROM gone g JOIN was w ON w.id = g.id GROUP BY g.network_id;

-- Ports that nobody has heard for so long.
-- name: neighbor_clean
SELECT neighbors_remove(o.network_id, array_agg(o.id)) FROM (SELECT b.network_id, b.id FROM neighbor b JOIN network n ON n.id = b.network_id
	WHERE (SELECT upkeep_turn()) AND b.last_seen < now() - coalesce(n.retention_days, $1::integer) * interval '1 day' LIMIT 5000) o
GROUP BY o.network_id;

-- Links that nobody has told of for so long.
-- name: link_clean
SELECT links_remove(o.network_id, array_agg(o.id)) FROM (SELECT b.network_id, b.id FROM link b JOIN network n ON n.id = b.network_id
	WHERE (SELECT upkeep_turn()) AND b.last_seen < now() - coalesce(n.retention_days, $1::integer) * interval '1 day' LIMIT 5000) o
GROUP BY o.network_id;

-- Addresses without a MAC that nobody has seen for so long (the far ends of routed traffic, and whatever strangers made
-- up): their interfaces, services and hosts. What a person made or changed stays.
-- name: address_clean
WITH old AS MATERIALIZED (
	SELECT DISTINCT h.network_id, h.id FROM interface i TABLESAMPLE SYSTEM (clean_share('interface')) JOIN network n ON n.id = i.network_id
		JOIN host h ON h.network_id = i.network_id AND h.id = i.host_id
	WHERE (SELECT upkeep_turn()) AND h.origin = 'discovery' AND h.revision = 1 AND i.mac IS NULL AND i.last_seen < now() - coalesce(n.retention_days, $1::integer) * interval '1 day'
	AND NOT EXISTS (SELECT FROM interface o WHERE o.network_id = i.network_id AND o.host_id = i.host_id
		AND (o.mac IS NOT NULL OR o.last_seen >= now() - coalesce(n.retention_days, $1::integer) * interval '1 day'))
	LIMIT 5000
), was AS MATERIALIZED (
	SELECT r.* FROM (SELECT array_agg(s.id) AS ids FROM service s JOIN old o ON s.network_id = o.network_id AND s.host_id = o.id) x
		CROSS JOIN LATERAL live_rows('service', coalesce(x.ids, '{}')) r
	UNION ALL
	SELECT r.* FROM (SELECT array_agg(i.id) AS ids FROM interface i JOIN old o ON i.network_id = o.network_id AND i.host_id = o.id) x
		CROSS JOIN LATERAL live_rows('interface', coalesce(x.ids, '{}')) r
	UNION ALL
	SELECT r.* FROM (SELECT array_agg(id) AS ids FROM old) x CROSS JOIN LATERAL live_rows('host', coalesce(x.ids, '{}')) r
), services AS (
	DELETE FROM service s USING old o WHERE s.network_id = o.network_id AND s.host_id = o.id RETURNING s.network_id, s.id
), interfaces AS (
	DELETE FROM interface i USING old o WHERE i.network_id = o.network_id AND i.host_id = o.id RETURNING i.network_id, i.id
), hosts AS (
	DELETE FROM host h USING old o WHERE h.network_id = o.network_id AND h.id = o.id RETURNING h.network_id, h.id
), gone AS MATERIALIZED (
	SELECT network_id, 1 AS place, 'service' AS entity, id FROM services
	UNION ALL SELECT network_id, 2, 'interface', id FROM interfaces
	UNION ALL SELECT network_id, 3, 'host', id FROM hosts
)
SELECT change_write(g.network_id, array_agg(g.entity ORDER BY g.place, g.id), array_agg(g.id ORDER BY g.place, g.id),
	array_agg(w.content ORDER BY g.place, g.id), array_agg(NULL::jsonb))
FROM gone g JOIN was w ON w.id = g.id GROUP BY g.network_id;

-- name: change_notify_all
SELECT pg_notify('netvisor_change', id::text) FROM network;

-- Traffic that waits to be summed: hours that are over. Whoever wrote to them has committed once their network is locked, and whoever writes after
-- that notes the hour anew.
-- name: traffic_close
WITH over AS MATERIALIZED (
	SELECT t.network_id, t.hour FROM traffic_touched t
	WHERE (SELECT upkeep_turn()) AND NOT t.rolling AND t.hour < now() - interval '62 minutes' ORDER BY t.hour LIMIT 1000
), locked AS MATERIALIZED (
	SELECT n.id FROM network n WHERE n.id IN (SELECT network_id FROM over) ORDER BY n.id FOR NO KEY UPDATE
), taken AS (
	DELETE FROM traffic_touched t USING over o, locked l
	WHERE l.id = o.network_id AND t.network_id = o.network_id AND t.hour = o.hour AND NOT t.rolling RETURNING t.network_id, t.hour
)
INSERT INTO traffic_touched (network_id, hour, rolling) SELECT network_id, hour, true FROM taken ON CONFLICT DO NOTHING;

-- Some hours, and days that are over, at a time.
-- name: traffic_roll
SELECT traffic_roll(t.network_id, t.hour, 'traffic_minute')
FROM (SELECT network_id, hour FROM traffic_touched WHERE rolling AND (SELECT upkeep_turn()) ORDER BY hour LIMIT 8) t;

-- name: traffic_roll_days
SELECT traffic_roll(t.network_id, t.day, 'traffic_hour')
FROM (SELECT d.network_id, d.day FROM traffic_touched_day d WHERE (SELECT upkeep_turn()) AND d.day < now() - interval '25 hours'
	AND NOT EXISTS (SELECT FROM traffic_touched h WHERE h.network_id = d.network_id AND h.hour >= d.day AND h.hour < d.day + interval '1 day')
	ORDER BY d.day LIMIT 4) t;

-- Whole partitions: minutes ($2 days) and hours ($3 days) once they are summed, days by the network that keeps most.
-- name: traffic_forget
SELECT traffic_drop('traffic_minute', least(now() - $2::integer * interval '1 day', (SELECT min(hour) FROM traffic_touched))),
	traffic_drop('traffic_hour', least(now() - least($3::integer, k.days) * interval '1 day', (SELECT min(day) FROM traffic_touched_day))),
	traffic_drop('traffic_day', now() - k.days * interval '1 day')
FROM (SELECT max(coalesce(retention_days, $1::integer)) AS days FROM network) k WHERE (SELECT upkeep_turn());

-- A network that keeps less than another loses rows of the partitions that they share.
-- name: traffic_trim
WITH short AS MATERIALIZED (
	SELECT n.id, now() - coalesce(n.retention_days, $1::integer) * interval '1 day' AS before FROM network n
	WHERE (SELECT upkeep_turn()) AND coalesce(n.retention_days, $1::integer) < (SELECT max(coalesce(retention_days, $1::integer)) FROM network)
), hours AS (
	DELETE FROM traffic_hour WHERE (network_id, at, flow_id) IN (SELECT t.network_id, t.at, t.flow_id
		FROM short s JOIN traffic_hour t ON t.network_id = s.id AND t.at < s.before LIMIT 20000)
)
DELETE FROM traffic_day WHERE (network_id, at, flow_id) IN (SELECT t.network_id, t.at, t.flow_id
	FROM short s JOIN traffic_day t ON t.network_id = s.id AND t.at < s.before LIMIT 20000);

-- Services of hosts as a whole are there as long as these.
-- name: concluded_seen
SELECT concluded_seen() WHERE (SELECT upkeep_turn());
