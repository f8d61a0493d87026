-- SPDX-License-Identifier: BSD-2-Clause
-- By the one of 0004: a switch with two ports, known by its chassis.

INSERT INTO host (network_id, id, name, name_source, name_kind, name_last, vendor, first_seen, last_seen, chassis) VALUES
	('55358b97-7b9f-45d0-9a84-129305018619', '5406b14b-048a-4599-950b-d600fac9d7a5', NULL, NULL, NULL, '1970-01-01 00:00:00+00', 'Intel Corporate', '1970-01-01 00:16:40+00', '1970-01-01 00:16:40+00', '02:aa:00:00:00:01');

INSERT INTO interface (network_id, id, host_id, mac, ip, vlan, via, vendor, random_mac, packets, bytes, packets_in, bytes_in, first_seen, last_seen) VALUES
	('55358b97-7b9f-45d0-9a84-129305018619', '6daf36fd-e24c-4e08-add1-9657ab4e4df0', '5406b14b-048a-4599-950b-d600fac9d7a5', '00:1b:21:00:01:02', NULL, '{}', NULL, 'Intel Corporate', false, 0, 0, 0, 0, '1970-01-01 00:16:40+00', '1970-01-01 00:16:40+00'),
	('55358b97-7b9f-45d0-9a84-129305018619', 'f6b6ab13-e6eb-4add-9586-2e00585d4506', '5406b14b-048a-4599-950b-d600fac9d7a5', '00:1b:21:00:01:01', NULL, '{}', NULL, 'Intel Corporate', false, 0, 0, 0, 0, '1970-01-01 00:16:40+00', '1970-01-01 00:16:40+00');

INSERT INTO evidence (network_id, id, sensor_id, kind, source, confidence, vlan, mac, ip, rank, epoch, first_seen, last_seen, count, total, measures, fact) VALUES
	('55358b97-7b9f-45d0-9a84-129305018619', 'd8a720dc-8eb1-86d4-9f56-08513a69ac16', '79ac35ae-c236-43e8-bc2c-233008993807', 'neighbor', 'lldp', 'announced', '{}', '00:1b:21:00:01:02', NULL, NULL, '1970-01-01 00:16:40+00', '1970-01-01 00:16:40+00', '1970-01-01 00:16:40+00', 1, 0, '{0,0,0,0,0,0,0,1}', '{"mac": "00:1b:21:00:01:02", "fact": "neighbor", "last": 1000, "port": "2", "vlan": [], "count": 1, "first": 1000, "source": "lldp", "chassis": "02:aa:00:00:00:01", "confidence": "announced", "system_name": "switch"}'),
	('55358b97-7b9f-45d0-9a84-129305018619', '1cca1be2-93de-8d81-bc5d-f526cc8a5635', '79ac35ae-c236-43e8-bc2c-233008993807', 'neighbor', 'lldp', 'announced', '{}', '00:1b:21:00:01:01', NULL, NULL, '1970-01-01 00:16:40+00', '1970-01-01 00:16:40+00', '1970-01-01 00:16:40+00', 1, 0, '{0,0,0,0,0,0,0,1}', '{"mac": "00:1b:21:00:01:01", "fact": "neighbor", "last": 1000, "port": "1", "vlan": [], "count": 1, "first": 1000, "source": "lldp", "chassis": "02:aa:00:00:00:01", "confidence": "announced", "system_name": "switch"}');

INSERT INTO change (network_id, seq, at, entity, id, before, after, evidence) VALUES
	('55358b97-7b9f-45d0-9a84-129305018619', 23, '2026-11-28 12:00:26.420085+00', 'host', '5406b14b-048a-4599-950b-d600fac9d7a5', NULL, '{"id": "5406b14b-048a-4599-950b-d600fac9d7a5", "name": null, "vendor": "Intel Corporate", "last_seen": 1000, "first_seen": 1000, "name_source": null}', '{1cca1be2-93de-8d81-bc5d-f526cc8a5635}'),
	('55358b97-7b9f-45d0-9a84-129305018619', 24, '2026-11-28 12:00:26.420085+00', 'interface', '6daf36fd-e24c-4e08-add1-9657ab4e4df0', NULL, '{"id": "6daf36fd-e24c-4e08-add1-9657ab4e4df0", "ip": null, "mac": "00:1b:21:00:01:02", "via": null, "vlan": [], "bytes": 0, "vendor": "Intel Corporate", "host_id": "5406b14b-048a-4599-950b-d600fac9d7a5", "packets": 0, "bytes_in": 0, "last_seen": 1000, "first_seen": 1000, "packets_in": 0, "random_mac": false}', '{d8a720dc-8eb1-86d4-9f56-08513a69ac16}'),
	('55358b97-7b9f-45d0-9a84-129305018619', 25, '2026-11-28 12:00:26.420085+00', 'interface', 'f6b6ab13-e6eb-4add-9586-2e00585d4506', NULL, '{"id": "f6b6ab13-e6eb-4add-9586-2e00585d4506", "ip": null, "mac": "00:1b:21:00:01:01", "via": null, "vlan": [], "bytes": 0, "vendor": "Intel Corporate", "host_id": "5406b14b-048a-4599-950b-d600fac9d7a5", "packets": 0, "bytes_in": 0, "last_seen": 1000, "first_seen": 1000, "packets_in": 0, "random_mac": false}', '{1cca1be2-93de-8d81-bc5d-f526cc8a5635}');

UPDATE network SET change_seq = 25;
UPDATE sensor_outbox SET batch = 3;
