-- SPDX-License-Identifier: BSD-2-Clause
-- What is done in the background, for the system. $1 is a number of days.

-- Ingest locks a network before its rows; so does the upkeep.
-- name: network_lock_all
SELECT id FROM network ORDER BY id FOR NO KEY UPDATE;

-- The log loses its oldest chunks only: what is left has no gap, whatever the clock did.
-- name: change_clean
SELECT change_drop(id, now() - $1::integer * interval '1 day') FROM network;

-- What nobody has said for so long. A round looks at a part of each large table (clean_share).
-- name: evidence_clean
WITH old AS (
	DELETE FROM sighting WHERE (network_id, id) IN (
		SELECT network_id, id FROM sighting TABLESAMPLE SYSTEM (clean_share('sighting'))
		WHERE last_seen < now() - $1::integer * interval '1 day' LIMIT 20000)
	RETURNING network_id, id
)
DELETE FROM evidence e USING old WHERE e.network_id = old.network_id AND e.id = old.id;

-- name: flow_clean
WITH gone AS (
	DELETE FROM flow WHERE (network_id, id) IN (
		SELECT network_id, id FROM flow TABLESAMPLE SYSTEM (clean_share('flow')) WHERE last_seen < now() - $1::integer * interval '1 day' LIMIT 5000)
	RETURNING network_id, id, client, server, port, proto
)
SELECT change_write(g.network_id, array_agg(text 'flow'), array_agg(g.id), array_agg(jsonb_build_object('client', host(g.client),
	'server', host(g.server), 'port', g.port, 'proto', g.proto)), array_agg(NULL::jsonb))
FROM gone g GROUP BY g.network_id;

-- Addresses without a MAC that nobody has seen for so long (the far ends of routed traffic, and whatever strangers made
-- up): their interfaces, services and hosts.
-- name: address_clean
WITH old AS (
	SELECT i.network_id, i.id, i.host_id FROM interface i TABLESAMPLE SYSTEM (clean_share('interface'))
	WHERE i.mac IS NULL AND i.last_seen < now() - $1::integer * interval '1 day'
	AND NOT EXISTS (SELECT FROM interface o WHERE o.network_id = i.network_id AND o.host_id = i.host_id
		AND (o.mac IS NOT NULL OR o.last_seen >= now() - $1::integer * interval '1 day'))
	LIMIT 5000
), services AS (
	DELETE FROM service s USING (SELECT DISTINCT network_id, host_id FROM old) o
	WHERE s.network_id = o.network_id AND s.host_id = o.host_id RETURNING s.network_id, s.id
), interfaces AS (
	DELETE FROM interface i USING (SELECT DISTINCT network_id, host_id FROM old) o
	WHERE i.network_id = o.network_id AND i.host_id = o.host_id RETURNING i.network_id, i.id
), hosts AS (
	DELETE FROM host h USING (SELECT DISTINCT network_id, host_id FROM old) o
	WHERE h.network_id = o.network_id AND h.id = o.host_id RETURNING h.network_id, h.id, h.name
), gone AS (
	SELECT network_id, 1 AS place, 'service' AS entity, id, '{}'::jsonb AS before FROM services
	UNION ALL SELECT network_id, 2, 'interface', id, '{}' FROM interfaces
	UNION ALL SELECT network_id, 3, 'host', id, jsonb_build_object('name', name) FROM hosts
)
SELECT change_write(g.network_id, array_agg(g.entity ORDER BY g.place, g.id), array_agg(g.id ORDER BY g.place, g.id),
	array_agg(g.before ORDER BY g.place, g.id), array_agg(NULL::jsonb))
FROM gone g GROUP BY g.network_id;

-- name: change_notify_all
SELECT pg_notify('netvisor_change', id::text) FROM network;
