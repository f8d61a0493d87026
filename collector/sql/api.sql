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

-- Conflicts that sensors have told of, the latest first, with the hosts that claim what one only can have.
-- name: attention
WITH found AS MATERIALIZED (
	SELECT e.network_id, e.id, e.sensor_id, e.source, e.confidence, e.vlan, e.ip, e.mac,
		coalesce(e.fact->>'what', 'address') AS what, CASE jsonb_typeof(e.fact->'claims') WHEN 'array' THEN e.fact->'claims' ELSE '[]' END AS claims, s.first_seen, s.last_seen, s.count
	FROM evidence e JOIN sighting s ON s.network_id = e.network_id AND s.id = e.id
	WHERE e.kind = 'conflict' AND ($1::jsonb->>'network_id' IS NULL OR e.network_id = ($1::jsonb->>'network_id')::uuid)
		AND s.last_seen >= now() - coalesce(($1::jsonb->>'days')::integer, 7) * interval '1 day'
), page AS MATERIALIZED (
	SELECT * FROM found ORDER BY last_seen DESC, id LIMIT coalesce(($1::jsonb->>'limit')::integer, 200) OFFSET coalesce(($1::jsonb->>'offset')::integer, 0)
), claim AS MATERIALIZED ( -- read first: behind policies no index is used for what could tell a row by an error
	SELECT p.network_id, p.id, CASE WHEN m.is THEN c::macaddr END AS mac, CASE WHEN NOT m.is AND c ~ '^[0-9a-f:.]+$' THEN c::inet END AS ip
	FROM page p, jsonb_array_elements_text(p.claims) c, LATERAL (SELECT c ~ '^([0-9a-f]{2}:){5}[0-9a-f]{2}$' AS is) m
), who AS MATERIALIZED (
	SELECT c.id, f.host_id FROM claim c, LATERAL (SELECT i.host_id FROM interface i WHERE i.network_id = c.network_id AND i.mac = c.mac LIMIT 100) f
	UNION SELECT c.id, f.host_id FROM claim c, LATERAL (SELECT i.host_id FROM interface i WHERE i.network_id = c.network_id AND i.ip = c.ip LIMIT 100) f
)
SELECT json_build_object('total', (SELECT count(*) FROM found), 'items', coalesce(json_agg(json_build_object('network_id', p.network_id, 'id', p.id,
	'kind', 'conflict', 'what', p.what, 'ip', host(p.ip), 'mac', p.mac, 'claims', p.claims, 'vlan', p.vlan, 'sensor_id', p.sensor_id, 'source', p.source,
	'confidence', p.confidence, 'first_seen', seconds(p.first_seen), 'last_seen', seconds(p.last_seen), 'count', p.count, 'hosts', coalesce((
		SELECT json_agg(json_build_object('id', h.id, 'name', host_label(h.network_id, h.id)) ORDER BY h.first_seen, h.id) FROM who w
		JOIN host h ON h.network_id = p.network_id AND h.id = w.host_id WHERE w.id = p.id), '[]'),
	'claimants', coalesce((SELECT json_agg(conflict_claimant(p.network_id, p.ip, c.claim) ORDER BY c.place)
		FROM jsonb_array_elements_text(p.claims) WITH ORDINALITY c (claim, place)), '[]')) ORDER BY p.last_seen DESC, p.id), '[]'))
FROM page p;

-- What bridges say beside their neighbour rows (traits of the protocols between them), the latest first, each once for all sensors; and who sees which VLAN.
-- name: layer2
WITH said AS MATERIALIZED (
	SELECT e.network_id, e.mac, e.ip, e.source, e.vlan, e.fact->>'key' AS key, e.fact->>'value' AS value, min(s.first_seen) AS first_seen, max(s.last_seen) AS last_seen,
		sum(s.count)::bigint AS count, (array_agg(e.sensor_id ORDER BY s.last_seen DESC))[1] AS sensor_id
	FROM evidence e JOIN sighting s ON s.network_id = e.network_id AND s.id = e.id
	WHERE e.kind = 'trait' AND e.source IN ('stp', 'vtp', 'dtp', 'lacp', 'udld', 'edp', 'fdp', 'cdp', 'lldp')
		AND ($1::jsonb->>'network_id' IS NULL OR e.network_id = ($1::jsonb->>'network_id')::uuid)
	GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY max(s.last_seen) DESC, 6, 7 LIMIT 2000
), vlans AS (
	SELECT DISTINCT e.vlan, e.sensor_id FROM evidence e
	WHERE e.kind = 'host' AND ($1::jsonb->>'network_id' IS NULL OR e.network_id = ($1::jsonb->>'network_id')::uuid) ORDER BY e.vlan, e.sensor_id LIMIT 10000
)
SELECT json_build_object('traits', coalesce((SELECT json_agg(json_build_object('key', t.key, 'value', t.value, 'source', t.source, 'mac', t.mac, 'ip', host(t.ip), 'vlan', t.vlan,
	'sensor_id', t.sensor_id, 'host_id', (SELECT i.host_id FROM interface i WHERE i.network_id = t.network_id AND i.mac = t.mac ORDER BY i.last_seen DESC LIMIT 1),
	'first_seen', seconds(t.first_seen), 'last_seen', seconds(t.last_seen), 'count', t.count) ORDER BY t.last_seen DESC, t.key, t.value) FROM said t), '[]'),
	'vlans', coalesce((SELECT json_agg(json_build_object('vlan', v.vlan, 'sensor_id', v.sensor_id)) FROM vlans v), '[]'));
