-- SPDX-License-Identifier: BSD-2-Clause
-- Who spoke with whom, and how much. $1 is the query as JSON, $2 and $3 for how many days minutes and hours are kept, $4 a host's
-- id or NULL.

-- A time series of what is asked for, and what took most part in it. A flow's hosts are those that it has now, as far as it
-- is there. Of a host (and of a subnet), bytes are what it sent, bytes_back what it got.
-- name: traffic
WITH asked AS MATERIALIZED (
	SELECT * FROM traffic_asked($1::jsonb || CASE WHEN $4::text IS NULL THEN '{}' ELSE jsonb_build_object('host_id', $4::text) END,
		$2::integer, $3::integer)
), picked AS MATERIALIZED (
	SELECT $1::jsonb ? 'subnet_id' AS placed, (SELECT s.cidr FROM subnet s WHERE s.network_id = a.network_id AND s.id = ($1::jsonb->>'subnet_id')::uuid) AS cidr,
		($1::jsonb->>'port')::integer AS port, $1::jsonb->>'proto' AS proto FROM asked a
), part AS MATERIALIZED (
	SELECT date_trunc(a.step, r.at, 'UTC') AS at, r.flow_id, r.client, r.server, r.port, r.proto, r.connections, r.packets, r.bytes,
		r.packets_back, r.bytes_back, coalesce(f.client_host_id, r.client_host_id) AS client_host_id,
		coalesce(f.server_host_id, r.server_host_id) AS server_host_id
	FROM asked a CROSS JOIN picked k CROSS JOIN LATERAL traffic_rows(a.network_id, a.step, a.since, a.until) r
	LEFT JOIN flow f ON f.network_id = a.network_id AND f.id = r.flow_id
	WHERE (a.host_id IS NULL OR coalesce(f.client_host_id, r.client_host_id) = a.host_id
			OR coalesce(f.server_host_id, r.server_host_id) = a.host_id)
		AND (NOT k.placed OR r.client <<= k.cidr OR r.server <<= k.cidr) AND (k.port IS NULL OR r.port = k.port) AND (k.proto IS NULL OR r.proto = k.proto)
), edge AS MATERIALIZED (
	SELECT p.flow_id, min(p.client) AS client, min(p.server) AS server, min(p.port) AS port, min(p.proto) AS proto,
		min(p.client_host_id::text)::uuid AS client_host_id, min(p.server_host_id::text)::uuid AS server_host_id,
		sum(p.connections) AS connections, sum(p.packets) AS packets, sum(p.bytes) AS bytes, sum(p.packets_back) AS packets_back,
		sum(p.bytes_back) AS bytes_back
	FROM part p GROUP BY p.flow_id
), place AS MATERIALIZED (
	SELECT x.ip, (SELECT s.id FROM subnet s WHERE s.network_id = a.network_id AND s.cidr >>= x.ip AND masklen(s.cidr) > 0
		ORDER BY masklen(s.cidr) DESC LIMIT 1) AS subnet_id
	FROM asked a CROSS JOIN (SELECT client AS ip FROM edge UNION SELECT server FROM edge) x WHERE a.keyed = 'subnet'
), side AS MATERIALIZED (
	SELECT e.flow_id, e.flow_id::text AS key, false AS turned FROM asked a JOIN edge e ON a.keyed = 'edge'
	UNION ALL
	SELECT e.flow_id, history_port(host(e.server), e.port::text, e.proto), false FROM asked a JOIN edge e ON a.keyed = 'service'
	UNION ALL
	SELECT e.flow_id, coalesce(e.client_host_id::text, host(e.client)), false FROM asked a JOIN edge e ON a.keyed = 'host'
	WHERE e.client_host_id IS DISTINCT FROM a.host_id OR a.host_id IS NULL
	UNION ALL
	SELECT e.flow_id, coalesce(e.server_host_id::text, host(e.server)), true FROM asked a JOIN edge e ON a.keyed = 'host'
	WHERE e.server_host_id IS DISTINCT FROM a.host_id OR a.host_id IS NULL
	UNION ALL
	SELECT e.flow_id, coalesce(p.subnet_id::text, 'elsewhere'), false FROM edge e JOIN place p ON p.ip = e.client
	UNION ALL
	SELECT e.flow_id, coalesce(p.subnet_id::text, 'elsewhere'), true FROM edge e JOIN place p ON p.ip = e.server
), keyed AS MATERIALIZED (
	SELECT s.key, min(s.flow_id::text)::uuid AS flow_id, bool_or(s.turned) AS turned, sum(e.connections) AS connections,
		sum(CASE WHEN s.turned THEN e.packets_back ELSE e.packets END) AS packets, sum(CASE WHEN s.turned THEN e.bytes_back ELSE e.bytes END) AS bytes,
		sum(CASE WHEN s.turned THEN e.packets ELSE e.packets_back END) AS packets_back,
		sum(CASE WHEN s.turned THEN e.bytes ELSE e.bytes_back END) AS bytes_back
	FROM side s JOIN edge e USING (flow_id) GROUP BY s.key
), top AS MATERIALIZED (
	SELECT k.*, row_number() OVER (ORDER BY k.bytes + k.bytes_back DESC, k.key) AS place FROM keyed k
	ORDER BY place LIMIT (SELECT most FROM asked)
), drawn AS MATERIALIZED (
	SELECT c.key, json_agg(json_build_array(seconds(c.at), c.bytes) ORDER BY c.at) AS series FROM (
		SELECT s.key, p.at, sum(p.bytes + p.bytes_back) AS bytes FROM top t JOIN side s ON s.key = t.key JOIN part p ON p.flow_id = s.flow_id
		WHERE t.place <= 10 GROUP BY s.key, p.at) c
	GROUP BY c.key
)
SELECT json_build_object('network_id', a.network_id, 'from', seconds(a.since), 'to', seconds(a.until), 'by', a.keyed, 'step', a.step,
	'step_s', a.step_s, 'oldest_at', (SELECT seconds(min(o.at)) FROM (
		(SELECT at FROM traffic_minute WHERE network_id = a.network_id ORDER BY at LIMIT 1)
		UNION ALL (SELECT at FROM traffic_hour WHERE network_id = a.network_id AND a.step <> 'minute' ORDER BY at LIMIT 1)
		UNION ALL (SELECT at FROM traffic_day WHERE network_id = a.network_id AND a.step = 'day' ORDER BY at LIMIT 1)) o),
	'total', (SELECT json_build_object('connections', coalesce(sum(e.connections), 0), 'packets', coalesce(sum(e.packets), 0),
		'bytes', coalesce(sum(e.bytes), 0), 'packets_back', coalesce(sum(e.packets_back), 0), 'bytes_back', coalesce(sum(e.bytes_back), 0)) FROM edge e),
	'series', (SELECT coalesce(json_agg(json_build_object('at', seconds(p.at), 'connections', p.connections, 'packets', p.packets,
		'bytes', p.bytes, 'packets_back', p.packets_back, 'bytes_back', p.bytes_back) ORDER BY p.at), '[]')
		FROM (SELECT at, sum(connections) AS connections, sum(packets) AS packets, sum(bytes) AS bytes, sum(packets_back) AS packets_back,
			sum(bytes_back) AS bytes_back FROM part GROUP BY at) p),
	'count', (SELECT count(*) FROM keyed),
	'top', (SELECT coalesce(json_agg(to_jsonb(about) || jsonb_build_object('key', t.key, 'connections', t.connections, 'packets', t.packets,
			'bytes', t.bytes, 'packets_back', t.packets_back, 'bytes_back', t.bytes_back, 'series', d.series) ORDER BY t.place), '[]')
		FROM top t JOIN edge e ON e.flow_id = t.flow_id LEFT JOIN drawn d ON d.key = t.key CROSS JOIN LATERAL traffic_about(a.network_id, a.keyed, t.key,
			e.flow_id, e.client, e.server, e.port, e.proto, e.client_host_id, e.server_host_id) AS about (about)))
FROM asked a;
