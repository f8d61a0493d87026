-- SPDX-License-Identifier: BSD-2-Clause
-- What is heard without asking, as fields of the feed: which protocol a flow speaks, and the VTP domain that a switch is in.

ALTER TABLE flow ADD COLUMN app text;
CREATE OR REPLACE VIEW live_flow WITH (security_invoker = true) AS
	SELECT id, client_host_id, host(client) AS client, server_host_id, host(server) AS server, port, proto, vlan, connections,
		packets, bytes, packets_back, bytes_back, rtt_us, seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen, app
	FROM flow;

ALTER TABLE neighbor ADD COLUMN vtp_domain text;
CREATE OR REPLACE VIEW live_neighbor WITH (security_invoker = true) AS
	SELECT id, host_id, sensor_id, source, mac::text, chassis, port, port_description, system_name, system_description, platform,
		capabilities, management, native_vlan, vlan, root, bridge, cost, seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen,
		vtp_domain
	FROM neighbor;

-- One who claims what only one can have: a MAC or an address, whose host it is, and when it was seen to hold the address `of_ip`; without one, when it was seen at all.
CREATE FUNCTION conflict_claimant(of_network uuid, of_ip inet, claim text) RETURNS json LANGUAGE sql STABLE AS $$
	WITH said AS MATERIALIZED (
		SELECT CASE WHEN claim ~ '^([0-9a-f]{2}:){5}[0-9a-f]{2}$' THEN claim::macaddr END AS mac,
			CASE WHEN claim ~ '^[0-9a-f:.]+$' AND claim !~ '^([0-9a-f]{2}:){5}[0-9a-f]{2}$' THEN claim::inet END AS ip
	), face AS MATERIALIZED (
		SELECT i.host_id, i.vendor, i.ip, i.first_seen, i.last_seen FROM said s JOIN interface i ON i.network_id = of_network AND (i.mac = s.mac OR i.ip = s.ip)
		ORDER BY i.ip IS NOT DISTINCT FROM of_ip DESC, i.last_seen DESC LIMIT 20
	), held AS (
		SELECT min(h.first_seen) AS first_seen, max(h.last_seen) AS last_seen, sum(h.count) AS count FROM said s
		JOIN evidence e ON e.network_id = of_network AND e.mac = s.mac AND e.kind = 'address' AND e.ip = of_ip
		JOIN sighting h ON h.network_id = e.network_id AND h.id = e.id
	)
	SELECT json_build_object('claim', claim, 'host_id', f.host_id, 'name', CASE WHEN f.host_id IS NOT NULL THEN host_label(of_network, f.host_id) END,
		'vendor', (SELECT g.vendor FROM face g WHERE g.vendor IS NOT NULL LIMIT 1), 'holds', h.first_seen IS NOT NULL,
		'first_seen', seconds(coalesce(h.first_seen, (SELECT min(g.first_seen) FROM face g))), 'last_seen', seconds(coalesce(h.last_seen, (SELECT max(g.last_seen) FROM face g))))
	FROM held h LEFT JOIN (SELECT * FROM face LIMIT 1) f ON true
$$;
SELECT pin_functions();
