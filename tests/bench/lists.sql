-- SPDX-License-Identifier: BSD-2-Clause
-- HOSTS hosts as a large network has them: names for two of three, an interface each (a second one for each tenth), two services each,
-- a subnet for each 250, tags for some, a flow each.

-- No triggers: what the rows name is there.
SET LOCAL session_replication_role = replica;
CREATE TEMP TABLE place AS SELECT id AS network_id FROM network LIMIT 1;

INSERT INTO subnet (network_id, id, name, cidr, subnet_type)
SELECT network_id, md5('subnet' || n)::uuid, 'floor ' || n, ('10.' || n / 256 || '.' || n % 256 || '.0/24')::cidr, 'Lan'
FROM place, generate_series(0, :hosts / 250) n;

INSERT INTO tag (id, organization_id, name, color)
SELECT md5('tag' || n)::uuid, o.id, 'tag ' || n, 'Blue' FROM organization o, generate_series(1, 5) n;

INSERT INTO host (network_id, id, name, name_source, vendor, first_seen, last_seen, hidden, tags, created_at)
SELECT network_id, md5('host' || n)::uuid, CASE WHEN n % 3 > 0 THEN (ARRAY['printer', 'laptop', 'phone', 'server', 'camera'])[n % 5 + 1] || '-' || n END,
	CASE WHEN n % 3 > 0 THEN 'dhcp' END, (ARRAY['Dell Inc.', 'Hewlett Packard', 'Apple, Inc.', 'Cisco Systems, Inc', 'Espressif Inc.', NULL])[n % 6 + 1],
	now() - n * interval '1 minute', now() - n % 5000 * interval '1 second', n % 1000 = 0,
	CASE WHEN n % 100 = 0 THEN ARRAY[md5('tag' || n / 100 % 5 + 1)::uuid] ELSE '{}' END, now() - n * interval '1 second'
FROM place, generate_series(1, :hosts) n;

INSERT INTO interface (network_id, id, host_id, mac, ip, vlan, subnet_id, first_seen, last_seen)
SELECT network_id, md5('interface' || n || ' ' || face)::uuid, md5('host' || n)::uuid,
	('00:1b:' || lpad(to_hex(face), 2, '0') || regexp_replace(lpad(to_hex(n), 6, '0'), '(..)', ':\1', 'g'))::macaddr,
	('10.' || n / 250 / 256 || '.' || n / 250 % 256 || '.' || n % 250 + 1)::inet, ARRAY[face],
	md5('subnet' || n / 250)::uuid, now() - n * interval '1 minute', now() - n % 5000 * interval '1 second'
FROM place, generate_series(1, :hosts) n, generate_series(1, CASE WHEN n % 10 = 0 THEN 2 ELSE 1 END) face;

INSERT INTO service (network_id, id, host_id, ip, port, proto, vlan, state, name, source, confidence, clients, first_seen, last_seen)
SELECT network_id, md5('service' || n || ' ' || port)::uuid, md5('host' || n)::uuid,
	('10.' || n / 250 / 256 || '.' || n / 250 % 256 || '.' || n % 250 + 1)::inet, port, 'tcp', '{1}', 'open',
	CASE WHEN n % 2 = 0 THEN 'web ' || n END, 'tcp', 'measured', n % 100, now() - n * interval '1 minute', now() - n % 5000 * interval '1 second'
FROM place, generate_series(1, :hosts) n, unnest(ARRAY[443, 1000 + n % 60000]) port;

INSERT INTO flow (network_id, id, client_host_id, client, server_host_id, server, port, proto, vlan, connections, packets, bytes, first_seen, last_seen)
SELECT network_id, md5('flow' || n)::uuid, md5('host' || n)::uuid, ('10.' || n / 250 / 256 || '.' || n / 250 % 256 || '.' || n % 250 + 1)::inet,
	md5('host' || n % 50 + 1)::uuid, ('10.0.0.' || n % 50 + 2)::inet, 443, 'tcp', '{1}', n % 9, n % 1000, n % 100000, now() - n * interval '1 minute',
	now() - n % 5000 * interval '1 second'
FROM place, generate_series(1, :hosts) n;


