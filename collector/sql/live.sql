-- SPDX-License-Identifier: BSD-2-Clause
-- The live feed: the network that is asked for, its rows page by page, and the log of what changed.

-- The network, its last entry, and the oldest entry that is still there.
-- name: live_network_find
SELECT n.id, n.change_seq, coalesce((SELECT min(c.seq) FROM change c WHERE c.network_id = n.id), n.change_seq + 1)
FROM network n WHERE n.id = coalesce(nullif($1, '')::uuid, n.id) ORDER BY n.created_at, n.id LIMIT 1;

-- A page of rows after an id, as a JSON array; how many; the last one's id. Where there may be many, the page's ids are read first, in the order
-- of the key of the one network that the transaction names: else each page would sort all that is left.
-- name: live_page_network
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_network WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_sensor
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_sensor WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_host
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_host WHERE id = ANY (ARRAY(SELECT t.id FROM host t
		WHERE t.network_id = current_setting('netvisor.network')::uuid AND t.id > $1::uuid ORDER BY t.id LIMIT $2::integer))
	ORDER BY id) v;

-- name: live_page_interface
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_interface WHERE id = ANY (ARRAY(SELECT t.id FROM interface t
		WHERE t.network_id = current_setting('netvisor.network')::uuid AND t.id > $1::uuid ORDER BY t.id LIMIT $2::integer))
	ORDER BY id) v;

-- name: live_page_service
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_service WHERE id = ANY (ARRAY(SELECT t.id FROM service t
		WHERE t.network_id = current_setting('netvisor.network')::uuid AND t.id > $1::uuid ORDER BY t.id LIMIT $2::integer))
	ORDER BY id) v;

-- name: live_page_flow
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_flow WHERE id = ANY (ARRAY(SELECT t.id FROM flow t
		WHERE t.network_id = current_setting('netvisor.network')::uuid AND t.id > $1::uuid ORDER BY t.id LIMIT $2::integer))
	ORDER BY id) v;

-- name: live_page_subnet
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_subnet WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_binding
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_binding WHERE id = ANY (ARRAY(SELECT t.id FROM binding t
		WHERE t.network_id = current_setting('netvisor.network')::uuid AND t.id > $1::uuid ORDER BY t.id LIMIT $2::integer))
	ORDER BY id) v;

-- name: live_page_group
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_group WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- Entries of the one network that the transaction sees after a seq, as they are sent, joined by commas; the last one's seq, the
-- first one's, and whether there are more. Not more than about a megabyte at a time. What was seen again is told as it is now.
-- name: live_changes
WITH next AS MATERIALIZED (
	SELECT c.*, sum(200 + coalesce(pg_column_size(c.after), 0) + 60 * coalesce(cardinality(c.hosts), 0)
		+ 120 * (coalesce(cardinality(c.interfaces), 0) + coalesce(cardinality(c.services), 0) + coalesce(cardinality(c.flows), 0)
			+ coalesce(cardinality(c.neighbors), 0) + coalesce(cardinality(c.links), 0)))
		OVER (ORDER BY c.seq) AS bytes
	FROM (SELECT * FROM change WHERE seq > $1::bigint ORDER BY seq LIMIT $2::integer) c
), chosen AS (
	SELECT * FROM next WHERE bytes < 1000000 OR seq = (SELECT min(seq) FROM next)
)
SELECT string_agg(json_build_object('seq', c.seq, 'at', seconds(c.at), 'entity', c.entity, 'id', c.id,
	'op', CASE WHEN c.after IS NULL THEN 'delete' WHEN c.before IS NULL THEN 'insert' ELSE 'update' END,
	'set', CASE WHEN c.entity = 'seen' THEN json_strip_nulls(json_build_object(
		'host', (SELECT json_agg(json_build_array(v.id, v.last_seen, v.present_until)) FROM live_host v WHERE v.id = ANY (c.hosts)),
		'interface', (SELECT json_agg(json_build_array(v.id, v.last_seen, v.packets, v.bytes, v.packets_in, v.bytes_in))
			FROM live_interface v WHERE v.id = ANY (c.interfaces)),
		'service', (SELECT json_agg(json_build_array(v.id, v.last_seen, v.clients)) FROM live_service v
			WHERE v.id = ANY (c.services)),
		'flow', (SELECT json_agg(json_build_array(v.id, v.last_seen, v.connections, v.packets, v.bytes, v.packets_back,
			v.bytes_back, v.rtt_us)) FROM live_flow v WHERE v.id = ANY (c.flows)),
		'neighbor', (SELECT json_agg(json_build_array(v.id, v.last_seen)) FROM live_neighbor v WHERE v.id = ANY (c.neighbors)),
		'link', (SELECT json_agg(json_build_array(v.id, v.last_seen)) FROM live_link v WHERE v.id = ANY (c.links))))
		ELSE c.after::json END)::text, ',' ORDER BY c.seq),
	coalesce(max(c.seq), $1::bigint), coalesce(min(c.seq), 0),
	(SELECT count(*) = $2::integer OR count(*) > count(*) FILTER (WHERE bytes < 1000000 OR seq = (SELECT min(seq) FROM next)) FROM next)
FROM chosen c;

-- name: live_page_discovery
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_discovery WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_session
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_session WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_neighbor
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_neighbor WHERE id = ANY (ARRAY(SELECT t.id FROM neighbor t
		WHERE t.network_id = current_setting('netvisor.network')::uuid AND t.id > $1::uuid ORDER BY t.id LIMIT $2::integer))
	ORDER BY id) v;

-- name: live_page_link
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_link WHERE id = ANY (ARRAY(SELECT t.id FROM link t
		WHERE t.network_id = current_setting('netvisor.network')::uuid AND t.id > $1::uuid ORDER BY t.id LIMIT $2::integer))
	ORDER BY id) v;

-- name: live_page_topology
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_topology WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;
