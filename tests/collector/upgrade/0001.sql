-- SPDX-License-Identifier: BSD-2-Clause
-- Written by the collector whose last migration was 0001: the first account, a sensor, and what it said of itself.

INSERT INTO organization (id, name, created_at) VALUES
	('cdbcbc5b-a2b5-4b58-9a48-81bc2589993a', 'My organization', '2026-11-28 12:00:26.281165+00');

INSERT INTO user_account (id, organization_id, email, name, permissions, password_hash, created_at) VALUES
	('f737a0f0-f153-476f-9d0b-9ed8e6d0366e', 'cdbcbc5b-a2b5-4b58-9a48-81bc2589993a', 'owner@example.org', 'owner@example.org', 'owner', '$argon2id$v=19$m=65536,t=2,p=1$Z6ICHWM5FNvMdkWtNn7U9g$/FG+xJRHoj0fm9lpIRC4Gs/JwcwotktqWb73ubnLFTo', '2026-11-28 12:00:26.383991+00');

INSERT INTO user_session (token_hash, user_id, created_at, last_used) VALUES
	('\xcb0f0be6dac7c8b725cccf5e83ce9dd5f5706f43845746c2fab754c0ffe038a6', 'f737a0f0-f153-476f-9d0b-9ed8e6d0366e', '2026-11-28 12:00:26.383991+00', '2026-11-28 12:00:26.383991+00');

INSERT INTO login_failure (subject, failures, last_failure, locked_until) VALUES
	('account:owner@example.org', 1, '2026-11-28 12:00:27.438759+00', NULL),
	('address:127.0.0.1', 1, '2026-11-28 12:00:27.438759+00', NULL);

INSERT INTO network (id, organization_id, name, change_seq, created_at) VALUES
	('55358b97-7b9f-45d0-9a84-129305018619', 'cdbcbc5b-a2b5-4b58-9a48-81bc2589993a', 'My network', 3, '2026-11-28 12:00:26.281165+00');

INSERT INTO sensor (network_id, id, name, key_hash, is_enabled, expires_at, hostname, software, connected, last_seen, capabilities, interfaces, counters, losses, created_at) VALUES
	('55358b97-7b9f-45d0-9a84-129305018619', '79ac35ae-c236-43e8-bc2c-233008993807', 'lab', '\x6dedd9fec8d076cd6cf2ce69e45620b0e572ca2d92db64fc5cefdb06bcbcc2f6', true, NULL, 'probe', 'netvisor-sensor 0.1.0', true, '2026-11-28 12:00:26.393975+00', '{"xdp": true}', '[{"mac": "02:00:00:00:00:01", "mode": "native", "name": "eth1", "span": true, "addresses": [], "promiscuous": true, "vlan_tags_visible": true}]', '{}', '{"ring_full": 3}', '2026-11-28 12:00:26.281165+00');

INSERT INTO sensor_outbox (network_id, sensor_id, outbox, batch) VALUES
	('55358b97-7b9f-45d0-9a84-129305018619', '79ac35ae-c236-43e8-bc2c-233008993807', '00000000000000000000000000000000', 0);

INSERT INTO change (network_id, seq, at, entity, id, before, after, evidence) VALUES
	('55358b97-7b9f-45d0-9a84-129305018619', 1, '2026-11-28 12:00:26.291735+00', 'sensor', '79ac35ae-c236-43e8-bc2c-233008993807', NULL, '{"id": "79ac35ae-c236-43e8-bc2c-233008993807", "name": "sensor", "losses": {}, "counters": {}, "hostname": null, "software": null, "connected": false, "last_seen": null, "interfaces": [], "capabilities": {}}', NULL),
	('55358b97-7b9f-45d0-9a84-129305018619', 2, '2026-11-28 12:00:26.395977+00', 'sensor', '79ac35ae-c236-43e8-bc2c-233008993807', '{"name": "sensor", "hostname": null, "software": null, "connected": false, "last_seen": null, "interfaces": [], "capabilities": {}}', '{"name": "lab", "hostname": "probe", "software": "netvisor-sensor 0.1.0", "connected": true, "last_seen": 1795867226.393975, "interfaces": [{"mac": "02:00:00:00:00:01", "mode": "native", "name": "eth1", "span": true, "addresses": [], "promiscuous": true, "vlan_tags_visible": true}], "capabilities": {"xdp": true}}', NULL),
	('55358b97-7b9f-45d0-9a84-129305018619', 3, '2026-11-28 12:00:26.417925+00', 'sensor', '79ac35ae-c236-43e8-bc2c-233008993807', '{"losses": {}}', '{"losses": {"ring_full": 3}}', NULL);
