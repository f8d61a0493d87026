-- SPDX-License-Identifier: BSD-2-Clause
-- One batch: what it may touch is read, decided upon in C (conclude.c), and written. $1 is the network everywhere.
-- Times are microseconds since the epoch, VLANs arrays as text.

-- name: network_lock
SELECT change_seq FROM network WHERE id = $1::uuid FOR NO KEY UPDATE;

-- name: outbox_batch
SELECT batch FROM sensor_outbox WHERE network_id = $1::uuid AND sensor_id = $2::uuid AND outbox = $3;

-- Candidates: only this network is visible to the transaction, so they need not name it (and the planner is not told
-- twice, which would make it believe in too few rows). $1 is their first key.

-- name: candidate_hosts_and_interfaces
WITH keys AS (
	SELECT DISTINCT v::integer[] AS vlan, m::macaddr AS mac, a::inet AS ip
	FROM unnest($1::text[], $2::text[], $3::text[]) AS k (v, m, a)
), found AS (
	SELECT f.* FROM (SELECT DISTINCT mac FROM keys WHERE mac IS NOT NULL) k CROSS JOIN LATERAL (
		SELECT i.id FROM interface i WHERE i.mac = k.mac ORDER BY i.first_seen LIMIT 32) f
	UNION SELECT i.id FROM (SELECT DISTINCT mac FROM keys WHERE mac IS NOT NULL) k
		JOIN interface i ON i.mac = k.mac AND i.ip IS NULL
	UNION SELECT f.* FROM (SELECT DISTINCT ip FROM keys WHERE ip IS NOT NULL) k CROSS JOIN LATERAL (
		SELECT i.id FROM interface i WHERE i.ip = k.ip ORDER BY i.last_seen DESC LIMIT 64) f
	UNION SELECT i.id FROM keys k
		JOIN interface i ON i.mac = k.mac AND i.ip = k.ip AND i.vlan = k.vlan
	UNION SELECT o.id FROM interface i JOIN interface o ON o.host_id = i.host_id WHERE i.mac = ANY ($4::macaddr[])
	UNION SELECT i.id FROM host h JOIN interface i ON i.host_id = h.id WHERE h.chassis = ANY ($5::text[])
)
SELECT h.id, h.name, h.name_source, h.vendor, (extract(epoch FROM h.first_seen) * 1000000)::bigint,
	(extract(epoch FROM h.last_seen) * 1000000)::bigint, h.name_kind, (extract(epoch FROM h.name_last) * 1000000)::bigint,
	i.id, i.mac, host(i.ip), i.vlan, i.via, i.vendor, i.packets, i.bytes, i.packets_in, i.bytes_in,
	(extract(epoch FROM i.first_seen) * 1000000)::bigint, (extract(epoch FROM i.last_seen) * 1000000)::bigint, h.chassis
FROM found
JOIN interface i ON i.id = found.id
JOIN host h ON h.id = i.host_id
ORDER BY i.first_seen, i.id;

-- name: candidate_names
WITH keys AS (
	SELECT DISTINCT v::integer[] AS vlan, m::macaddr AS mac, a::inet AS ip
	FROM unnest($1::text[], $2::text[], $3::text[]) AS k (v, m, a)
)
SELECT k.vlan, NULL, host(k.ip), n.*
FROM (SELECT DISTINCT vlan, ip FROM keys WHERE ip IS NOT NULL) k CROSS JOIN LATERAL (
	SELECT e.fact->>'name', e.source, e.fact->>'kind', (extract(epoch FROM e.last_seen) * 1000000)::bigint
	FROM evidence e
	WHERE e.kind = 'name' AND e.rank >= 0 AND e.ip = k.ip AND e.vlan = k.vlan
	ORDER BY e.rank, e.last_seen DESC LIMIT 1) n
UNION ALL
SELECT '{}'::integer[], k.mac::text, NULL, n.*
FROM (SELECT DISTINCT mac FROM keys WHERE mac IS NOT NULL) k CROSS JOIN LATERAL (
	SELECT e.fact->>'name', e.source, e.fact->>'kind', (extract(epoch FROM e.last_seen) * 1000000)::bigint
	FROM evidence e
	WHERE e.kind = 'name' AND e.rank >= 0 AND e.mac = k.mac
	ORDER BY e.rank, e.last_seen DESC LIMIT 1) n;

-- name: candidate_services
SELECT id, host_id, host(ip), port, proto, vlan, state, name, source, confidence, clients,
	(extract(epoch FROM first_seen) * 1000000)::bigint, (extract(epoch FROM last_seen) * 1000000)::bigint
FROM service WHERE id = ANY ($1::uuid[]);

-- name: candidate_flows
SELECT id, client_host_id, host(client), server_host_id, host(server), port, proto, vlan, connections, packets, bytes,
	packets_back, bytes_back, rtt_us,
	(extract(epoch FROM first_seen) * 1000000)::bigint, (extract(epoch FROM last_seen) * 1000000)::bigint
FROM flow WHERE id = ANY ($1::uuid[]);

-- name: candidate_evidence
SELECT id, (extract(epoch FROM epoch) * 1000000)::bigint, (extract(epoch FROM first_seen) * 1000000)::bigint,
	(extract(epoch FROM last_seen) * 1000000)::bigint, count, total, measures
FROM evidence WHERE id = ANY ($1::uuid[]);

-- name: host_write
INSERT INTO host AS h (network_id, id, name, name_source, vendor, first_seen, last_seen, name_kind, name_last,
	chassis)
SELECT $1::uuid, u.id, u.name, u.name_source, u.vendor, 'epoch'::timestamptz + u.first_seen * interval '1 microsecond',
	'epoch'::timestamptz + u.last_seen * interval '1 microsecond', u.name_kind,
	'epoch'::timestamptz + u.name_last * interval '1 microsecond', u.chassis
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::text[], $9::bigint[], $10::text[])
	AS u (id, name, name_source, vendor, first_seen, last_seen, name_kind, name_last, chassis)
ON CONFLICT (network_id, id) DO UPDATE SET name = excluded.name, name_source = excluded.name_source,
	vendor = excluded.vendor, first_seen = excluded.first_seen, last_seen = excluded.last_seen,
	name_kind = excluded.name_kind, name_last = excluded.name_last, chassis = excluded.chassis;

-- name: interface_write
INSERT INTO interface AS i (network_id, id, host_id, mac, ip, vlan, via, vendor, random_mac, packets, bytes, packets_in,
	bytes_in, first_seen, last_seen)
SELECT $1::uuid, u.id, u.host_id, u.mac, u.ip, u.vlan::integer[], u.via, u.vendor, u.random_mac <> 0, u.packets, u.bytes,
	u.packets_in, u.bytes_in, 'epoch'::timestamptz + u.first_seen * interval '1 microsecond',
	'epoch'::timestamptz + u.last_seen * interval '1 microsecond'
FROM unnest($2::uuid[], $3::uuid[], $4::macaddr[], $5::inet[], $6::text[], $7::macaddr[], $8::text[], $9::integer[],
	$10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[])
	AS u (id, host_id, mac, ip, vlan, via, vendor, random_mac, packets, bytes, packets_in, bytes_in, first_seen, last_seen)
ON CONFLICT (network_id, id) DO UPDATE SET host_id = excluded.host_id, mac = excluded.mac, via = excluded.via,
	vendor = excluded.vendor, random_mac = excluded.random_mac, packets = excluded.packets, bytes = excluded.bytes,
	packets_in = excluded.packets_in, bytes_in = excluded.bytes_in, first_seen = excluded.first_seen,
	last_seen = excluded.last_seen;

-- name: service_write
INSERT INTO service AS s (network_id, id, host_id, ip, port, proto, vlan, state, name, source, confidence, clients,
	first_seen, last_seen)
SELECT $1::uuid, u.id, u.host_id, u.ip, u.port, u.proto, u.vlan::integer[], u.state, u.name, u.source, u.confidence,
	u.clients, 'epoch'::timestamptz + u.first_seen * interval '1 microsecond',
	'epoch'::timestamptz + u.last_seen * interval '1 microsecond'
FROM unnest($2::uuid[], $3::uuid[], $4::inet[], $5::integer[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
	$11::text[], $12::bigint[], $13::bigint[], $14::bigint[])
	AS u (id, host_id, ip, port, proto, vlan, state, name, source, confidence, clients, first_seen, last_seen)
ON CONFLICT (network_id, id) DO UPDATE SET host_id = excluded.host_id, state = excluded.state, name = excluded.name,
	source = excluded.source, confidence = excluded.confidence, clients = excluded.clients,
	first_seen = excluded.first_seen, last_seen = excluded.last_seen;

-- name: flow_write
INSERT INTO flow AS f (network_id, id, client_host_id, client, server_host_id, server, port, proto, vlan, connections,
	packets, bytes, packets_back, bytes_back, rtt_us, first_seen, last_seen)
SELECT $1::uuid, u.id, u.client_host_id, u.client, u.server_host_id, u.server, u.port, u.proto, u.vlan::integer[],
	u.connections, u.packets, u.bytes, u.packets_back, u.bytes_back, u.rtt_us,
	'epoch'::timestamptz + u.first_seen * interval '1 microsecond',
	'epoch'::timestamptz + u.last_seen * interval '1 microsecond'
FROM unnest($2::uuid[], $3::uuid[], $4::inet[], $5::uuid[], $6::inet[], $7::integer[], $8::text[], $9::text[],
	$10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[])
	AS u (id, client_host_id, client, server_host_id, server, port, proto, vlan, connections, packets, bytes, packets_back,
		bytes_back, rtt_us, first_seen, last_seen)
ON CONFLICT (network_id, id) DO UPDATE SET client_host_id = excluded.client_host_id,
	server_host_id = excluded.server_host_id, connections = excluded.connections, packets = excluded.packets,
	bytes = excluded.bytes, packets_back = excluded.packets_back, bytes_back = excluded.bytes_back,
	rtt_us = excluded.rtt_us, first_seen = excluded.first_seen, last_seen = excluded.last_seen;

-- name: evidence_write
INSERT INTO evidence AS e (network_id, sensor_id, id, kind, source, confidence, vlan, mac, ip, rank, epoch, first_seen,
	last_seen, count, total, measures, fact)
SELECT $1::uuid, $2::uuid, u.id, u.kind, u.source, u.confidence, u.vlan::integer[], u.mac, u.ip, u.rank,
	'epoch'::timestamptz + u.epoch * interval '1 microsecond',
	'epoch'::timestamptz + u.first_seen * interval '1 microsecond',
	'epoch'::timestamptz + u.last_seen * interval '1 microsecond', u.count, u.total, u.measures::bigint[], u.fact
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::macaddr[], $9::inet[], $10::integer[],
	$11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::text[], $17::jsonb[])
	AS u (id, kind, source, confidence, vlan, mac, ip, rank, epoch, first_seen, last_seen, count, total, measures, fact)
ON CONFLICT (network_id, id) DO UPDATE SET confidence = excluded.confidence, epoch = excluded.epoch,
	first_seen = excluded.first_seen, last_seen = excluded.last_seen, count = excluded.count, total = excluded.total,
	measures = excluded.measures, fact = excluded.fact;

-- name: interface_delete
DELETE FROM interface WHERE network_id = $1::uuid AND id = ANY ($2::uuid[]);

-- name: host_delete
DELETE FROM host WHERE network_id = $1::uuid AND id = ANY ($2::uuid[]);

-- Entries in their order, numbered on from the network's last.
-- name: change_write
WITH counted AS (
	UPDATE network SET change_seq = change_seq + array_length($2::text[], 1) WHERE id = $1::uuid RETURNING change_seq
)
INSERT INTO change (network_id, seq, entity, id, before, after, evidence)
SELECT $1::uuid, counted.change_seq - array_length($2::text[], 1) + e.position, e.entity, e.id, e.before, e.after,
	CASE WHEN e.evidence IS NOT NULL THEN ARRAY[e.evidence] END
FROM counted, unnest($2::text[], $3::uuid[], $4::jsonb[], $5::jsonb[], $6::uuid[])
	WITH ORDINALITY AS e (entity, id, before, after, evidence, position);

-- Services of hosts that are folded into others, with their entries in the change log.
-- name: fold_services
WITH moved AS (
	UPDATE service s SET host_id = f.new FROM unnest($2::uuid[], $3::uuid[]) AS f (old, new)
	WHERE s.network_id = $1::uuid AND s.host_id = f.old
	RETURNING s.id, f.old, f.new
), counted AS (
	UPDATE network SET change_seq = change_seq + (SELECT count(*) FROM moved) WHERE id = $1::uuid RETURNING change_seq
)
INSERT INTO change (network_id, seq, entity, id, before, after)
SELECT $1::uuid, counted.change_seq - (SELECT count(*) FROM moved) + row_number() OVER (ORDER BY m.id), 'service', m.id,
	jsonb_build_object('host_id', m.old), jsonb_build_object('host_id', m.new)
FROM counted, moved m;

-- Flows of addresses that came to a host: those that had none, or whose host was folded ($5).
-- name: link_clients
WITH moved AS (
	UPDATE flow f SET client_host_id = a.host_id
	FROM unnest($2::text[], $3::inet[], $4::uuid[]) AS a (vlan, ip, host_id),
		LATERAL (SELECT o.id, o.client_host_id AS was FROM flow o
			WHERE o.network_id = $1::uuid AND o.client = a.ip AND o.vlan = a.vlan::integer[]
			AND o.client_host_id IS DISTINCT FROM a.host_id
			AND (o.client_host_id IS NULL OR o.client_host_id = ANY ($5::uuid[]))) o
	WHERE f.network_id = $1::uuid AND f.id = o.id
	RETURNING f.id, o.was, a.host_id
), counted AS (
	UPDATE network SET change_seq = change_seq + (SELECT count(*) FROM moved) WHERE id = $1::uuid RETURNING change_seq
)
INSERT INTO change (network_id, seq, entity, id, before, after)
SELECT $1::uuid, counted.change_seq - (SELECT count(*) FROM moved) + row_number() OVER (ORDER BY m.id), 'flow', m.id,
	jsonb_build_object('client_host_id', m.was), jsonb_build_object('client_host_id', m.host_id)
FROM counted, moved m;

-- name: link_servers
WITH moved AS (
	UPDATE flow f SET server_host_id = a.host_id
	FROM unnest($2::text[], $3::inet[], $4::uuid[]) AS a (vlan, ip, host_id),
		LATERAL (SELECT o.id, o.server_host_id AS was FROM flow o
			WHERE o.network_id = $1::uuid AND o.server = a.ip AND o.vlan = a.vlan::integer[]
			AND o.server_host_id IS DISTINCT FROM a.host_id
			AND (o.server_host_id IS NULL OR o.server_host_id = ANY ($5::uuid[]))) o
	WHERE f.network_id = $1::uuid AND f.id = o.id
	RETURNING f.id, o.was, a.host_id
), counted AS (
	UPDATE network SET change_seq = change_seq + (SELECT count(*) FROM moved) WHERE id = $1::uuid RETURNING change_seq
)
INSERT INTO change (network_id, seq, entity, id, before, after)
SELECT $1::uuid, counted.change_seq - (SELECT count(*) FROM moved) + row_number() OVER (ORDER BY m.id), 'flow', m.id,
	jsonb_build_object('server_host_id', m.was), jsonb_build_object('server_host_id', m.host_id)
FROM counted, moved m;

-- What a sensor has lost, counter by counter, from its evidence.
-- name: sensor_losses
WITH old AS (
	SELECT losses FROM sensor WHERE network_id = $1::uuid AND id = $2::uuid FOR NO KEY UPDATE
), sums AS (
	SELECT coalesce(jsonb_object_agg(counter, total), '{}') AS losses FROM (
		SELECT fact->>'counter' AS counter, sum(total) AS total FROM evidence
		WHERE network_id = $1::uuid AND sensor_id = $2::uuid AND kind = 'loss' GROUP BY 1) c
), changed AS (
	UPDATE sensor s SET losses = sums.losses FROM sums, old
	WHERE s.network_id = $1::uuid AND s.id = $2::uuid AND sums.losses IS DISTINCT FROM old.losses
	RETURNING old.losses AS was, s.losses AS is_now
)
SELECT change_append($1::uuid, 'sensor', $2::uuid, jsonb_build_object('losses', was), jsonb_build_object('losses', is_now))
FROM changed;

-- name: outbox_write
INSERT INTO sensor_outbox (network_id, sensor_id, outbox, batch) VALUES ($1::uuid, $2::uuid, $3, $4::bigint)
ON CONFLICT (network_id, sensor_id, outbox) DO UPDATE SET batch = excluded.batch;

-- name: change_notify
SELECT pg_notify('netvisor_change', $1);
