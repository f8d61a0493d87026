-- SPDX-License-Identifier: BSD-2-Clause
-- Concluding what hosts are: what is due, what is known of it, what is written. $1 is the network, unless it is said otherwise.

-- Each network: whose it is, the version of its organization's own definitions, by which rules it was last concluded, whether something is due.
-- name: recognize_networks
SELECT n.id, n.organization_id, coalesce(v.version, 0), coalesce(s.rules, ''), EXISTS (SELECT FROM recognize_due d WHERE d.network_id = n.id AND d.not_before <= now())
FROM network n LEFT JOIN service_definition_state v ON v.organization_id = n.organization_id
	LEFT JOIN recognize_state s ON s.network_id = n.id
ORDER BY n.id;

-- $1: the organization.
-- name: definitions_own
SELECT id, definition::text FROM service_definition WHERE organization_id = $1::uuid ORDER BY id;

-- name: recognize_begin
SELECT recognize_begin($1::uuid, $2);

-- Hosts that are due, at most $2 rows, after $3 among the slow ones; none that another collector has in hand: the lock is held until the transaction
-- ends. What is new of them after this has rows of its own.
-- name: recognize_take
WITH next AS MATERIALIZED (
	(SELECT d.slow, d.id, d.host_id FROM recognize_due d WHERE d.network_id = $1::uuid AND NOT d.slow AND d.not_before <= now() ORDER BY d.id LIMIT $2::integer)
	UNION ALL
	(SELECT d.slow, d.id, d.host_id FROM recognize_due d WHERE d.network_id = $1::uuid AND d.slow AND d.id > $3::bigint AND d.not_before <= now() ORDER BY d.id LIMIT $2::integer)
	LIMIT $2::integer
), of_host AS MATERIALIZED (
	SELECT host_id, array_agg(id) AS ids, max(id) FILTER (WHERE slow) AS last FROM next GROUP BY host_id
)
SELECT host_id, ids::text, coalesce(last, 0), pg_try_advisory_xact_lock(1319, hashtext(host_id::text)) FROM of_host;

-- name: recognize_hosts
SELECT h.id, h.device::text, c.hash FROM host h LEFT JOIN conclusion c ON c.network_id = h.network_id AND c.host_id = h.id
WHERE h.network_id = $1::uuid AND h.id = ANY ($2::uuid[]);

-- gateway: others are behind its MAC. held: nobody else holds the address now.
-- name: recognize_faces
SELECT i.host_id, i.mac::text, host(i.ip), i.vlan::text, i.vendor, b.subnet_type,
	i.mac IS NOT NULL AND EXISTS (SELECT FROM interface v WHERE v.network_id = i.network_id AND v.via = i.mac AND v.host_id <> i.host_id)
FROM interface i LEFT JOIN subnet b ON b.network_id = i.network_id AND b.id = i.subnet_id
WHERE i.network_id = $1::uuid AND i.host_id = ANY ($2::uuid[]) AND i.container_of IS NULL
ORDER BY i.host_id, i.id;

-- image, labels: of the container that it is, or that publishes its port.
-- name: recognize_services
SELECT s.host_id, s.id, host(s.ip), s.port, s.proto, s.vlan::text, s.state, s.source, s.definition, s.certainty,
	s.virtualization->>'image', s.virtualization->'labels'
FROM service s WHERE s.network_id = $1::uuid AND s.host_id = ANY ($2::uuid[]) ORDER BY s.host_id, s.id;

-- What was said of their MACs, unless it is of an address that another host holds; and of the addresses that they hold, since they hold them.
-- At most $3 rows of each. What a port once said and says no more does not count: the values of a key are said together by a probe; in traffic each in
-- its time.
-- name: recognize_evidence
WITH face AS MATERIALIZED (
	SELECT DISTINCT i.host_id, i.mac, i.ip, i.vlan, min(i.first_seen) OVER (PARTITION BY i.host_id, i.ip, i.vlan) AS first_seen FROM interface i
	WHERE i.network_id = $1::uuid AND i.host_id = ANY ($2::uuid[]) AND i.container_of IS NULL
)
SELECT f.host_id, host(e.ip), e.vlan::text, e.id, e.fact::text
FROM (SELECT DISTINCT host_id, mac FROM face WHERE mac IS NOT NULL) f CROSS JOIN LATERAL (
	SELECT e.ip, e.vlan, e.id, e.fact FROM evidence e WHERE e.network_id = $1::uuid AND e.mac = f.mac
		AND e.kind IN ('trait', 'name', 'service', 'neighbor', 'route')
		AND (e.ip IS NULL OR NOT EXISTS (SELECT FROM interface o WHERE o.network_id = $1::uuid AND o.ip = e.ip AND o.mac IS DISTINCT FROM f.mac
			AND o.host_id <> f.host_id AND o.container_of IS NULL))
	LIMIT $3::integer) e
UNION ALL
SELECT host_id, ip, vlan, id, fact FROM (
	SELECT f.host_id, host(e.ip) AS ip, e.vlan::text AS vlan, e.id, e.fact::text AS fact, e.last, e.source,
		max(e.last) OVER (PARTITION BY f.host_id, e.ip, e.vlan, e.source, e.fact->>'port', e.fact->>'key', CASE WHEN e.fact->>'key' IN ('http.status',
			'http.header', 'http.body') THEN split_part(e.fact->>'value', ' ', 1) END) AS newest
	FROM (SELECT host_id, ip, vlan, min(first_seen) AS first_seen FROM face WHERE ip IS NOT NULL GROUP BY 1, 2, 3) f CROSS JOIN LATERAL (
		SELECT e.ip, e.vlan, e.id, e.fact, e.source, CASE WHEN e.kind = 'trait' AND e.fact ? 'port'
			THEN (SELECT g.last_seen FROM sighting g WHERE g.network_id = $1::uuid AND g.id = e.id) END AS last
		FROM evidence e WHERE e.network_id = $1::uuid AND e.ip = f.ip AND e.vlan = f.vlan AND e.mac IS NULL
			AND e.kind IN ('trait', 'name', 'service', 'neighbor', 'route')
			AND NOT EXISTS (SELECT FROM interface o, sighting g WHERE o.network_id = $1::uuid AND o.ip = f.ip AND o.vlan = f.vlan
				AND o.host_id <> f.host_id AND o.container_of IS NULL AND g.network_id = $1::uuid AND g.id = e.id
				-- Another had the address, or has it: it is of whoever held it when it was heard last.
				AND (g.last_seen < f.first_seen OR (o.first_seen > f.first_seen AND g.last_seen >= o.first_seen)))
		LIMIT $3::integer) e) x
WHERE last IS NULL OR last >= newest - CASE source WHEN 'probe' THEN interval '1 minute' ELSE interval '1 day' END;

-- What they use as clients: services that are known by name.
-- name: recognize_applications
SELECT DISTINCT i.host_id, a.what FROM (SELECT DISTINCT host_id, ip, vlan FROM interface WHERE network_id = $1::uuid AND host_id = ANY ($2::uuid[]) AND ip IS NOT NULL) i
	JOIN flow f ON f.network_id = $1::uuid AND f.client = i.ip AND f.client_host_id = i.host_id
	JOIN service s ON s.network_id = $1::uuid AND s.host_id = f.server_host_id AND s.ip = f.server AND s.port = f.port AND s.proto = f.proto
	CROSS JOIN LATERAL unnest(ARRAY[s.name, CASE WHEN s.certainty <> 'low' THEN s.definition END]) a (what)
WHERE a.what IS NOT NULL;

-- name: devices_write
SELECT devices_write($1::uuid, $2::uuid[], $3::jsonb[]);

-- name: services_write
SELECT services_write($1::uuid, $2::uuid[], $3::text[], $4::text[]);

-- Who uses services that have become another.
-- name: recognize_clients
SELECT recognize_mark_clients($1::uuid, $2::uuid[]);

-- name: concluded_add
SELECT concluded_add($1::uuid, $2::uuid[], $3::uuid[], $4::text[], $5::text[]);

-- name: concluded_open
SELECT concluded_open($1::uuid, $2::uuid[], true);

-- name: concluded_remove
SELECT concluded_remove($1::uuid, $2::uuid[]);

-- name: conclusions_write
INSERT INTO conclusion (network_id, host_id, hash, reasons)
SELECT $1::uuid, u.host_id, u.hash, u.reasons FROM unnest($2::uuid[], $3::bigint[], $4::json[]) AS u (host_id, hash, reasons)
	JOIN host h ON h.network_id = $1::uuid AND h.id = u.host_id
ON CONFLICT (network_id, host_id) DO UPDATE SET hash = excluded.hash, reasons = excluded.reasons, concluded_at = now(),
	swings = CASE WHEN conclusion.concluded_at > now() - interval '10 minutes' THEN conclusion.swings + 1 ELSE 0 END;

-- name: recognize_done
DELETE FROM recognize_due WHERE network_id = $1::uuid AND slow IN (true, false) AND id = ANY ($2::bigint[]);

-- name: recognize_mark
SELECT recognize_mark($1::uuid, $2::uuid[]);

-- Hosts of which facts said something new, each once.
-- name: recognize_due
INSERT INTO recognize_due (network_id, host_id) SELECT $1::uuid, unnest($2::uuid[]);

-- The same, by MACs ($2), and by addresses ($4) in VLANs ($3).
-- name: recognize_due_at
INSERT INTO recognize_due (network_id, host_id)
SELECT $1::uuid, i.host_id FROM (SELECT DISTINCT m FROM unnest($2::macaddr[]) m) k JOIN interface i ON i.network_id = $1::uuid AND i.mac = k.m AND i.container_of IS NULL
UNION
SELECT $1::uuid, i.host_id FROM (SELECT DISTINCT v::integer[] AS vlan, ip FROM unnest($3::text[], $4::inet[]) u (v, ip)) k
	JOIN interface i ON i.network_id = $1::uuid AND i.ip = k.ip AND i.vlan = k.vlan AND i.container_of IS NULL;
