-- SPDX-License-Identifier: BSD-2-Clause
-- The live feed: the network that is asked for, its rows page by page, and the log of what changed.

-- The network, its last entry, and the oldest entry that is still there.
-- name: live_network_find
SELECT n.id, n.change_seq, coalesce((SELECT min(c.seq) FROM change c WHERE c.network_id = n.id), n.change_seq + 1)
FROM network n WHERE n.id = coalesce(nullif($1, '')::uuid, n.id) ORDER BY n.created_at, n.id LIMIT 1;

-- A page of rows after an id, as a JSON array; how many; the last one's id.
-- name: live_page_network
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_network WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_sensor
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_sensor WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_host
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_host WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_interface
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_interface WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_service
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_service WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_flow
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_flow WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_subnet
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_subnet WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_binding
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_binding WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_group
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_group WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- Entries of the one network that the transaction sees after a seq, as they are sent, joined by commas; the last one's seq.
-- name: live_changes
SELECT string_agg(json_build_object('seq', c.seq, 'at', seconds(c.at), 'entity', c.entity, 'id', c.id,
	'op', CASE WHEN c.after IS NULL THEN 'delete' WHEN c.before IS NULL THEN 'insert' ELSE 'update' END,
	'set', c.after)::text, ',' ORDER BY c.seq), coalesce(max(c.seq), $1::bigint), coalesce(min(c.seq), 0)
FROM (SELECT * FROM change WHERE seq > $1::bigint ORDER BY seq LIMIT $2::integer) c;

-- name: live_page_discovery
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_discovery WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;

-- name: live_page_session
SELECT coalesce(json_agg(v), '[]'), count(*), max(v.id::text)
FROM (SELECT * FROM live_session WHERE id > $1::uuid ORDER BY id LIMIT $2::integer) v;
