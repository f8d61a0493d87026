-- SPDX-License-Identifier: BSD-2-Clause
-- One batch: what it may touch is read, decided upon in C (conclude.c), and written. $1 is the network everywhere.
-- Times are microseconds since the epoch, VLANs arrays as text.

-- All of this goes by keys. A new database, of whose tables the planner knows nothing yet, would be read whole for each.
-- name: ingest_plans
SELECT set_config('enable_seqscan', 'off', true);

-- name: network_lock
SELECT change_seq FROM network WHERE id = $1::uuid FOR NO KEY UPDATE;

-- name: outbox_batch
SELECT batch FROM sensor_outbox WHERE network_id = $1::uuid AND sensor_id = $2::uuid AND outbox = $3;

-- What is said again and settled: one group of facts by what they move. $2 is the time in microseconds after which a host was
-- away. The numbers of those that go the long way come back.
-- name: refresh_interfaces
SELECT unnest(refresh_interfaces($1::uuid, $2::bigint * interval '1 microsecond', $3::uuid[], $4::bigint[], $5::bigint[],
	$6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[]));

-- name: refresh_services
SELECT unnest(refresh_services($1::uuid, $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]));

-- name: refresh_flows
SELECT unnest(refresh_flows($1::uuid, $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
	$8::bigint[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[]));

-- name: refresh_others
SELECT unnest(refresh_others($1::uuid, $2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]));

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
SELECT c.* FROM found JOIN candidate_face c ON c.id = found.id ORDER BY c.first_seen, c.id;

-- name: candidate_names
WITH keys AS (
	SELECT DISTINCT v::integer[] AS vlan, m::macaddr AS mac, a::inet AS ip
	FROM unnest($1::text[], $2::text[], $3::text[]) AS k (v, m, a)
)
SELECT k.vlan, NULL, host(k.ip), n.*
FROM (SELECT DISTINCT vlan, ip FROM keys WHERE ip IS NOT NULL) k CROSS JOIN LATERAL (
	SELECT e.fact->>'name', e.source, e.fact->>'kind', (extract(epoch FROM s.last_seen) * 1000000)::bigint
	FROM evidence e JOIN sighting s ON s.id = e.id
	WHERE e.kind = 'name' AND e.rank >= 0 AND e.ip = k.ip AND e.vlan = k.vlan
	ORDER BY e.rank, s.last_seen DESC LIMIT 1) n
UNION ALL
SELECT '{}'::integer[], k.mac::text, NULL, n.*
FROM (SELECT DISTINCT mac FROM keys WHERE mac IS NOT NULL) k CROSS JOIN LATERAL (
	SELECT e.fact->>'name', e.source, e.fact->>'kind', (extract(epoch FROM s.last_seen) * 1000000)::bigint
	FROM evidence e JOIN sighting s ON s.id = e.id
	WHERE e.kind = 'name' AND e.rank >= 0 AND e.mac = k.mac
	ORDER BY e.rank, s.last_seen DESC LIMIT 1) n;

-- name: candidate_services
SELECT id, host_id, host(ip), port, proto, vlan, state, name, source, confidence, clients,
	(extract(epoch FROM first_seen) * 1000000)::bigint, (extract(epoch FROM last_seen) * 1000000)::bigint
FROM service WHERE id = ANY ($1::uuid[]);

-- name: candidate_flows
SELECT id, client_host_id, host(client), server_host_id, host(server), port, proto, vlan, connections, packets, bytes,
	packets_back, bytes_back, rtt_us,
	(extract(epoch FROM first_seen) * 1000000)::bigint, (extract(epoch FROM last_seen) * 1000000)::bigint, app
FROM flow WHERE id = ANY ($1::uuid[]);

-- name: candidate_evidence
SELECT id, (extract(epoch FROM epoch) * 1000000)::bigint, (extract(epoch FROM first_seen) * 1000000)::bigint,
	(extract(epoch FROM last_seen) * 1000000)::bigint, count, total, m0, m1, m2, m3, m4, counted, hash, settled
FROM sighting WHERE id = ANY ($1::uuid[]);

-- name: candidate_neighbors
SELECT id, host_id, sensor_id, source, mac, chassis, port, port_description, system_name, system_description, platform, capabilities,
	management, native_vlan, vlan, root, bridge, cost,
	(extract(epoch FROM first_seen) * 1000000)::bigint, (extract(epoch FROM last_seen) * 1000000)::bigint, vtp_domain
FROM neighbor WHERE id = ANY ($1::uuid[]);

-- name: candidate_links
SELECT id, host_id, sensor_id, source, mac, chassis, port, port_description, system_name, peer_host_id, peer_mac, peer_chassis, peer_port,
	peer_port_description, peer_name, platform, capabilities, management, native_vlan, vlan, stations, speed_bps,
	(extract(epoch FROM first_seen) * 1000000)::bigint, (extract(epoch FROM last_seen) * 1000000)::bigint
FROM link WHERE id = ANY ($1::uuid[]);

-- Rows that are new, and rows that are there: under the network's lock nobody else makes or takes them.
-- name: host_insert
INSERT INTO host (network_id, id, name, name_source, vendor, first_seen, last_seen, present_since, present_until, name_kind, name_last,
	chassis)
SELECT $1::uuid, u.id, u.name, u.name_source, u.vendor, moment(u.first_seen), moment(u.last_seen),
	moment(u.present_since), moment(u.present_until), u.name_kind,
	moment(u.name_last), u.chassis
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[],
	$11::bigint[], $12::text[])
	AS u (id, name, name_source, vendor, first_seen, last_seen, present_since, present_until, name_kind, name_last, chassis);

-- name: host_update
UPDATE host SET name = u.name, name_source = u.name_source, vendor = u.vendor, first_seen = moment(u.first_seen),
	last_seen = moment(u.last_seen), present_since = moment(u.present_since), present_until = moment(u.present_until), name_kind = u.name_kind,
	name_last = moment(u.name_last), chassis = u.chassis
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::text[],
	$11::bigint[], $12::text[])
	AS u (id, name, name_source, vendor, first_seen, last_seen, present_since, present_until, name_kind, name_last, chassis)
WHERE host.network_id = $1::uuid AND host.id = u.id;

-- name: interface_insert
INSERT INTO interface (network_id, id, host_id, mac, ip, vlan, via, vendor, random_mac, packets, bytes, packets_in,
	bytes_in, first_seen, last_seen, subnet_id)
SELECT $1::uuid, u.id, u.host_id, u.mac, u.ip, u.vlan::integer[], u.via, u.vendor, u.random_mac <> 0, u.packets, u.bytes,
	u.packets_in, u.bytes_in, moment(u.first_seen), moment(u.last_seen), u.subnet_id
FROM unnest($2::uuid[], $3::uuid[], $4::macaddr[], $5::inet[], $6::text[], $7::macaddr[], $8::text[], $9::integer[],
	$10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::uuid[])
	AS u (id, host_id, mac, ip, vlan, via, vendor, random_mac, packets, bytes, packets_in, bytes_in, first_seen, last_seen, subnet_id);

-- name: interface_update
UPDATE interface SET host_id = u.host_id, mac = u.mac, via = u.via, vendor = u.vendor, random_mac = u.random_mac <> 0,
	packets = u.packets, bytes = u.bytes, packets_in = u.packets_in, bytes_in = u.bytes_in,
	first_seen = moment(u.first_seen), last_seen = moment(u.last_seen), subnet_id = u.subnet_id
FROM unnest($2::uuid[], $3::uuid[], $4::macaddr[], $5::inet[], $6::text[], $7::macaddr[], $8::text[], $9::integer[],
	$10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::uuid[])
	AS u (id, host_id, mac, ip, vlan, via, vendor, random_mac, packets, bytes, packets_in, bytes_in, first_seen, last_seen, subnet_id)
WHERE interface.network_id = $1::uuid AND interface.id = u.id;

-- name: service_insert
INSERT INTO service (network_id, id, host_id, ip, port, proto, vlan, state, name, source, confidence, clients,
	first_seen, last_seen)
SELECT $1::uuid, u.id, u.host_id, u.ip, u.port, u.proto, u.vlan::integer[], u.state, u.name, u.source, u.confidence,
	u.clients, moment(u.first_seen), moment(u.last_seen)
FROM unnest($2::uuid[], $3::uuid[], $4::inet[], $5::integer[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
	$11::text[], $12::bigint[], $13::bigint[], $14::bigint[])
	AS u (id, host_id, ip, port, proto, vlan, state, name, source, confidence, clients, first_seen, last_seen);

-- name: service_update
UPDATE service SET host_id = u.host_id, state = u.state, name = u.name, source = u.source, confidence = u.confidence,
	clients = u.clients, first_seen = moment(u.first_seen), last_seen = moment(u.last_seen)
FROM unnest($2::uuid[], $3::uuid[], $4::inet[], $5::integer[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
	$11::text[], $12::bigint[], $13::bigint[], $14::bigint[])
	AS u (id, host_id, ip, port, proto, vlan, state, name, source, confidence, clients, first_seen, last_seen)
WHERE service.network_id = $1::uuid AND service.id = u.id;

-- name: flow_insert
INSERT INTO flow (network_id, id, client_host_id, client, server_host_id, server, port, proto, vlan, connections,
	packets, bytes, packets_back, bytes_back, rtt_us, first_seen, last_seen, app)
SELECT $1::uuid, u.id, u.client_host_id, u.client, u.server_host_id, u.server, u.port, u.proto, u.vlan::integer[],
	u.connections, u.packets, u.bytes, u.packets_back, u.bytes_back, u.rtt_us,
	moment(u.first_seen), moment(u.last_seen), u.app
FROM unnest($2::uuid[], $3::uuid[], $4::inet[], $5::uuid[], $6::inet[], $7::integer[], $8::text[], $9::text[],
	$10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::text[])
	AS u (id, client_host_id, client, server_host_id, server, port, proto, vlan, connections, packets, bytes, packets_back,
		bytes_back, rtt_us, first_seen, last_seen, app);

-- name: flow_update
UPDATE flow SET client_host_id = u.client_host_id, server_host_id = u.server_host_id, connections = u.connections,
	packets = u.packets, bytes = u.bytes, packets_back = u.packets_back, bytes_back = u.bytes_back, rtt_us = u.rtt_us,
	first_seen = moment(u.first_seen), last_seen = moment(u.last_seen), app = u.app
FROM unnest($2::uuid[], $3::uuid[], $4::inet[], $5::uuid[], $6::inet[], $7::integer[], $8::text[], $9::text[],
	$10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::text[])
	AS u (id, client_host_id, client, server_host_id, server, port, proto, vlan, connections, packets, bytes, packets_back,
		bytes_back, rtt_us, first_seen, last_seen, app)
WHERE flow.network_id = $1::uuid AND flow.id = u.id;

-- name: neighbor_insert
INSERT INTO neighbor (network_id, id, host_id, sensor_id, source, mac, chassis, port, port_description, system_name, system_description,
	platform, capabilities, management, native_vlan, vlan, root, bridge, cost, first_seen, last_seen, vtp_domain)
SELECT $1::uuid, u.id, u.host_id, u.sensor_id, u.source, u.mac, u.chassis, u.port, u.port_description, u.system_name,
	u.system_description, u.platform, u.capabilities, u.management, u.native_vlan, u.vlan::integer[], u.root, u.bridge, u.cost,
	moment(u.first_seen), moment(u.last_seen), u.vtp_domain
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::macaddr[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
	$12::text[], $13::jsonb[], $14::jsonb[], $15::bigint[], $16::text[], $17::text[], $18::text[], $19::bigint[], $20::bigint[], $21::bigint[], $22::text[])
	AS u (id, host_id, sensor_id, source, mac, chassis, port, port_description, system_name, system_description, platform,
		capabilities, management, native_vlan, vlan, root, bridge, cost, first_seen, last_seen, vtp_domain);

-- name: neighbor_update
UPDATE neighbor SET host_id = u.host_id, sensor_id = u.sensor_id, port_description = u.port_description, system_name = u.system_name,
	system_description = u.system_description, platform = u.platform, capabilities = u.capabilities, management = u.management,
	native_vlan = u.native_vlan, root = u.root, bridge = u.bridge, cost = u.cost,
	first_seen = moment(u.first_seen), last_seen = moment(u.last_seen), vtp_domain = u.vtp_domain
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::macaddr[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
	$12::text[], $13::jsonb[], $14::jsonb[], $15::bigint[], $16::text[], $17::text[], $18::text[], $19::bigint[], $20::bigint[], $21::bigint[], $22::text[])
	AS u (id, host_id, sensor_id, source, mac, chassis, port, port_description, system_name, system_description, platform,
		capabilities, management, native_vlan, vlan, root, bridge, cost, first_seen, last_seen, vtp_domain)
WHERE neighbor.network_id = $1::uuid AND neighbor.id = u.id;

-- name: link_insert
INSERT INTO link (network_id, id, host_id, sensor_id, source, mac, chassis, port, port_description, system_name, peer_host_id, peer_mac, peer_chassis, peer_port,
	peer_port_description, peer_name, platform, capabilities, management, native_vlan, vlan, stations, speed_bps, first_seen, last_seen)
SELECT $1::uuid, u.id, u.host_id, u.sensor_id, u.source, u.mac, u.chassis, u.port, u.port_description, u.system_name, u.peer_host_id, u.peer_mac, u.peer_chassis,
	u.peer_port, u.peer_port_description, u.peer_name, u.platform, u.capabilities, u.management, u.native_vlan, u.vlan::integer[], u.stations, u.speed_bps,
	moment(u.first_seen), moment(u.last_seen)
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::macaddr[], $7::text[], $8::text[], $9::text[], $10::text[], $11::uuid[], $12::macaddr[], $13::text[],
	$14::text[], $15::text[], $16::text[], $17::text[], $18::jsonb[], $19::jsonb[], $20::bigint[], $21::text[], $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[])
	AS u (id, host_id, sensor_id, source, mac, chassis, port, port_description, system_name, peer_host_id, peer_mac, peer_chassis, peer_port,
		peer_port_description, peer_name, platform, capabilities, management, native_vlan, vlan, stations, speed_bps, first_seen, last_seen);

-- name: link_update
UPDATE link SET host_id = u.host_id, sensor_id = u.sensor_id, port_description = u.port_description, system_name = u.system_name, peer_host_id = u.peer_host_id, peer_port_description = u.peer_port_description,
	peer_name = u.peer_name, platform = u.platform, capabilities = u.capabilities, management = u.management, native_vlan = u.native_vlan, stations = u.stations, speed_bps = u.speed_bps,
	first_seen = moment(u.first_seen), last_seen = moment(u.last_seen)
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::macaddr[], $7::text[], $8::text[], $9::text[], $10::text[], $11::uuid[], $12::macaddr[], $13::text[],
	$14::text[], $15::text[], $16::text[], $17::text[], $18::jsonb[], $19::jsonb[], $20::bigint[], $21::text[], $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[])
	AS u (id, host_id, sensor_id, source, mac, chassis, port, port_description, system_name, peer_host_id, peer_mac, peer_chassis, peer_port,
		peer_port_description, peer_name, platform, capabilities, management, native_vlan, vlan, stations, speed_bps, first_seen, last_seen)
WHERE link.network_id = $1::uuid AND link.id = u.id;

-- name: links_limit
SELECT links_limit($1::uuid, $2::bigint);

-- A network that holds more than $2 of them lets some go; how many.
-- name: neighbors_limit
SELECT neighbors_limit($1::uuid, $2::bigint);

-- Interfaces of these MACs and hosts went to others.
-- name: hosts_follow
SELECT hosts_follow($1::uuid, $2::macaddr[], $3::uuid[]);

-- What a sensor says of its own machine.
-- name: sensor_own
SELECT sensor_own($1::uuid, $2::uuid, $3::macaddr[]);

-- What was said, when it is new; when it says something else.
-- name: evidence_insert
INSERT INTO evidence (network_id, sensor_id, id, kind, source, confidence, vlan, mac, ip, rank, fact)
SELECT $1::uuid, $2::uuid, u.id, u.kind, u.source, u.confidence, u.vlan::integer[], u.mac, u.ip, u.rank, u.fact
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::macaddr[], $9::inet[], $10::integer[], $11::jsonb[])
	AS u (id, kind, source, confidence, vlan, mac, ip, rank, fact);

-- name: evidence_update
UPDATE evidence SET confidence = u.confidence, fact = u.fact
FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::macaddr[], $9::inet[], $10::integer[], $11::jsonb[])
	AS u (id, kind, source, confidence, vlan, mac, ip, rank, fact)
WHERE evidence.network_id = $1::uuid AND evidence.sensor_id = $2::uuid AND evidence.id = u.id;

-- name: sighting_insert
INSERT INTO sighting (network_id, id, hash, settled, target, epoch, first_seen, last_seen, count, total, counted, m0, m1,
	m2, m3, m4)
SELECT $1::uuid, u.id, u.hash, u.settled <> 0, u.target, moment(u.epoch), moment(u.first_seen),
	moment(u.last_seen), u.count, u.total, u.counted, u.m0, u.m1, u.m2, u.m3, u.m4
FROM unnest($2::uuid[], $3::bigint[], $4::integer[], $5::uuid[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
	$10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[])
	AS u (id, hash, settled, target, epoch, first_seen, last_seen, count, total, counted, m0, m1, m2, m3, m4);

-- name: sighting_update
UPDATE sighting SET hash = u.hash, settled = u.settled <> 0, target = u.target, epoch = moment(u.epoch),
	first_seen = moment(u.first_seen), last_seen = moment(u.last_seen), count = u.count, total = u.total,
	counted = u.counted, m0 = u.m0, m1 = u.m1, m2 = u.m2, m3 = u.m3, m4 = u.m4
FROM unnest($2::uuid[], $3::bigint[], $4::integer[], $5::uuid[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
	$10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[])
	AS u (id, hash, settled, target, epoch, first_seen, last_seen, count, total, counted, m0, m1, m2, m3, m4)
WHERE sighting.network_id = $1::uuid AND sighting.id = u.id;

-- Whole, for the entries that say that they are gone: ingest knows only what it writes itself.
-- name: interface_keep
SELECT rows_keep('interface', $2::uuid[]) WHERE $1::uuid IS NOT NULL;

-- name: host_keep
SELECT rows_keep('host', $2::uuid[]) WHERE $1::uuid IS NOT NULL;

-- name: interface_delete
DELETE FROM interface WHERE network_id = $1::uuid AND id = ANY ($2::uuid[]);

-- name: host_delete
DELETE FROM host WHERE network_id = $1::uuid AND id = ANY ($2::uuid[]);

-- name: change_write
SELECT change_write($1::uuid, $2::text[], $3::uuid[], $4::jsonb[], $5::jsonb[], $6::uuid[]);

-- Rows that were seen again: hosts, interfaces, services, flows, neighbors, links.
-- name: change_seen
SELECT change_seen($1::uuid, $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[]);

-- What serves at addresses that have another holder now. Containers' addresses are other machines' too: their engines say where they are.
-- name: link_services
WITH moved AS (
	UPDATE service s SET host_id = o.host_id
	FROM (SELECT o.id, o.host_id AS was, a.host_id
		FROM unnest($2::text[], $3::inet[], $4::uuid[]) AS a (vlan, ip, host_id)
		JOIN service o ON o.network_id = $1::uuid AND o.ip = a.ip AND o.vlan = a.vlan::integer[] AND o.host_id <> a.host_id
			AND o.source <> 'docker') o
	WHERE s.network_id = $1::uuid AND s.id = o.id
	RETURNING s.id, o.was, o.host_id
)
SELECT change_write($1::uuid, array_agg(text 'service'), array_agg(m.id), array_agg(jsonb_build_object('host_id', m.was)),
	array_agg(jsonb_build_object('host_id', m.host_id)))
FROM moved m;

-- Flows of these addresses are those of who holds them.
-- name: link_clients
WITH moved AS (
	UPDATE flow f SET client_host_id = o.host_id
	FROM (SELECT o.id, o.client_host_id AS was, a.host_id
		FROM unnest($2::text[], $3::inet[], $4::uuid[]) AS a (vlan, ip, host_id)
		JOIN flow o ON o.network_id = $1::uuid AND o.client = a.ip AND o.vlan = a.vlan::integer[]
			AND o.client_host_id IS DISTINCT FROM a.host_id) o
	WHERE f.network_id = $1::uuid AND f.id = o.id
	RETURNING f.id, o.was, o.host_id
)
SELECT change_write($1::uuid, array_agg(text 'flow'), array_agg(m.id), array_agg(jsonb_build_object('client_host_id', m.was)),
	array_agg(jsonb_build_object('client_host_id', m.host_id)))
FROM moved m;

-- name: link_servers
WITH moved AS (
	UPDATE flow f SET server_host_id = o.host_id
	FROM (SELECT o.id, o.server_host_id AS was, a.host_id
		FROM unnest($2::text[], $3::inet[], $4::uuid[]) AS a (vlan, ip, host_id)
		JOIN flow o ON o.network_id = $1::uuid AND o.server = a.ip AND o.vlan = a.vlan::integer[]
			AND o.server_host_id IS DISTINCT FROM a.host_id) o
	WHERE f.network_id = $1::uuid AND f.id = o.id
	RETURNING f.id, o.was, o.host_id
)
SELECT change_write($1::uuid, array_agg(text 'flow'), array_agg(m.id), array_agg(jsonb_build_object('server_host_id', m.was)),
	array_agg(jsonb_build_object('server_host_id', m.host_id)))
FROM moved m;

-- What of these was settled is so no more: MACs and addresses; hosts.
-- name: evidence_unsettle
SELECT evidence_unsettle($1::uuid, $2::macaddr[], $3::inet[]);

-- name: evidence_unsettle_hosts
SELECT evidence_unsettle_hosts($1::uuid, $2::uuid[]);

-- Times at which hosts were there before, and those of hosts that are folded.
-- name: presence_write
INSERT INTO presence (network_id, host_id, since, until)
SELECT $1::uuid, u.host_id, moment(u.since), max(moment(u.until))
FROM unnest($2::uuid[], $3::bigint[], $4::bigint[]) AS u (host_id, since, until) GROUP BY u.host_id, u.since
ON CONFLICT (network_id, host_id, since) DO UPDATE SET until = greatest(presence.until, excluded.until);

-- What flows have grown by, by the minute.
-- name: traffic_add
SELECT traffic_add($1::uuid, array_agg(u.flow_id), array_agg(u.at), array_agg(u.c), array_agg(u.p), array_agg(u.b),
	array_agg(u.pb), array_agg(u.bb))
FROM (SELECT u.flow_id, date_trunc('minute', moment(u.at)) AS at,
		sum(u.c)::bigint AS c, sum(u.p)::bigint AS p, sum(u.b)::bigint AS b, sum(u.pb)::bigint AS pb, sum(u.bb)::bigint AS bb
	FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
		AS u (flow_id, at, c, p, b, pb, bb) GROUP BY 1, 2) u;

-- What a sensor has lost, counter by counter, from its evidence.
-- name: sensor_losses
WITH old AS (
	SELECT losses FROM sensor WHERE network_id = $1::uuid AND id = $2::uuid FOR NO KEY UPDATE
), sums AS (
	SELECT coalesce(jsonb_object_agg(counter, total), '{}') AS losses FROM (
		SELECT e.fact->>'counter' AS counter, sum(s.total) AS total
		FROM evidence e JOIN sighting s ON s.network_id = e.network_id AND s.id = e.id
		WHERE e.network_id = $1::uuid AND e.sensor_id = $2::uuid AND e.kind = 'loss' GROUP BY 1) c
), changed AS (
	UPDATE sensor s SET losses = sums.losses FROM sums, old
	WHERE s.network_id = $1::uuid AND s.id = $2::uuid AND sums.losses IS DISTINCT FROM old.losses
	RETURNING old.losses AS was, s.losses AS is_now
)
SELECT change_append($1::uuid, 'sensor', $2::uuid, jsonb_build_object('losses', was), jsonb_build_object('losses', is_now))
FROM changed;

-- Of a sensor; an import has none.
-- name: outbox_write
INSERT INTO sensor_outbox (network_id, sensor_id, outbox, batch)
SELECT s.network_id, s.id, $3, $4::bigint FROM sensor s WHERE s.network_id = $1::uuid AND s.id = $2::uuid
ON CONFLICT (network_id, sensor_id, outbox) DO UPDATE SET batch = excluded.batch;

-- name: change_notify
SELECT pg_notify('netvisor_change', $1);
