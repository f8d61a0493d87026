-- SPDX-License-Identifier: BSD-2-Clause
-- What the API reads, as the caller may see it: row-level security decides, so none of these names a user.
-- name: host_exists
SELECT true FROM host WHERE id = $1::uuid;

-- Why a host is what it is: what was said of its MACs, and of its addresses in their VLANs.
-- name: host_evidence
WITH faces AS (
	SELECT network_id, mac, ip, vlan FROM interface WHERE host_id = $1::uuid
), of_host AS (
	SELECT e.* FROM evidence_now e JOIN (SELECT DISTINCT network_id, mac FROM faces WHERE mac IS NOT NULL) f
		ON e.network_id = f.network_id AND e.mac = f.mac
	UNION
	SELECT e.* FROM evidence_now e JOIN (SELECT DISTINCT network_id, ip, vlan FROM faces WHERE ip IS NOT NULL) f
		ON e.network_id = f.network_id AND e.ip = f.ip AND e.vlan = f.vlan AND e.mac IS NULL
)
SELECT coalesce(json_agg(json_build_object('id', o.id, 'sensor_id', o.sensor_id, 'first_seen', seconds(o.first_seen),
	'last_seen', seconds(o.last_seen), 'count', o.count, 'fact', o.fact)), '[]')
FROM (SELECT * FROM of_host ORDER BY last_seen DESC, id LIMIT 1000) o;
