-- SPDX-License-Identifier: BSD-2-Clause
-- The past, read from the change log. $1 is the query of the request as JSON, times in it as PostgreSQL reads them; the
-- transaction names the network. Each gives one JSON value.

-- Entries about one thing, newest first, and what it is. No row: there is neither it nor a trace of it. $2 entity, $3 id.
-- name: history_timeline
WITH asked AS MATERIALIZED (
	SELECT coalesce(($1::jsonb->>'limit')::integer, 50) AS most, coalesce(($1::jsonb->>'before_seq')::bigint, 9223372036854775807) AS before,
		history_network_of($2, $3::uuid) AS network_id
), page AS MATERIALIZED (
	SELECT e.c, row_number() OVER (ORDER BY (e.c).seq DESC) AS place FROM asked a CROSS JOIN LATERAL (
		(SELECT c FROM change c
			WHERE $2 <> 'network' AND c.network_id = a.network_id AND c.entity = $2 AND c.id = $3::uuid AND c.seq < a.before
			AND history_tells(c.entity, c.before, c.after)
			ORDER BY c.seq DESC LIMIT a.most + 1)
		UNION ALL
		(SELECT c FROM change c
			WHERE $2 = 'network' AND c.network_id = a.network_id AND c.entity = 'network' AND c.seq < a.before
			AND history_tells(c.entity, c.before, c.after)
			ORDER BY c.seq DESC LIMIT a.most + 1)) e (c)
)
SELECT json_build_object('entity', $2, 'id', $3, 'exists', s.is_there, 'label', s.label, 'first_seen', s.first_seen,
	'last_seen', s.last_seen, 'oldest_at', (SELECT seconds(coalesce(n.changes_from, n.created_at)) FROM network n WHERE n.id = a.network_id),
	'entries', history_entries((SELECT array_agg(p.c ORDER BY p.place) FROM page p WHERE p.place <= a.most)),
	'next', (SELECT (p.c).seq FROM page p WHERE p.place = a.most AND EXISTS (SELECT FROM page o WHERE o.place > a.most)))
FROM asked a CROSS JOIN LATERAL history_subject(a.network_id, $2, $3::uuid) s;

-- The same for a host, with its interfaces and services as long as they were its own, and with what was merged into it:
-- a host that went when what it had came to this one. $2 its id.
-- name: history_host_timeline
WITH RECURSIVE asked AS MATERIALIZED (
	SELECT coalesce(($1::jsonb->>'limit')::integer, 50) AS most, coalesce(($1::jsonb->>'before_seq')::bigint, 9223372036854775807) AS before,
		history_network_of('host', $2::uuid) AS network_id
), one (id) AS (
	SELECT $2::uuid
	UNION
	SELECT m.from_host FROM one CROSS JOIN asked a CROSS JOIN LATERAL history_moves(a.network_id, one.id) m
	WHERE m.to_host = one.id
	AND NOT EXISTS (SELECT FROM host h WHERE h.network_id = a.network_id AND h.id = m.from_host)
	AND EXISTS (SELECT FROM change d WHERE d.network_id = a.network_id AND d.entity = 'host' AND d.id = m.from_host
		AND d.after IS NULL AND d.at BETWEEN m.at - interval '2 seconds' AND m.at + interval '2 seconds')
), move AS MATERIALIZED (
	SELECT m.*, m.to_host IN (SELECT id FROM one) AS came, m.from_host IN (SELECT id FROM one) AS went
	FROM one CROSS JOIN asked a CROSS JOIN LATERAL history_moves(a.network_id, one.id) m
), crossing AS MATERIALIZED (
	SELECT entity, id, seq, came IS TRUE AS came FROM move WHERE came IS DISTINCT FROM went
), part (entity, id) AS MATERIALIZED (
	SELECT 'host', id FROM one
	UNION SELECT 'interface', i.id FROM interface i WHERE i.host_id = $2::uuid
	UNION SELECT 'service', s.id FROM service s WHERE s.host_id = $2::uuid
	UNION SELECT entity, id FROM move WHERE went
), page AS MATERIALIZED (
	SELECT e.c, row_number() OVER (ORDER BY (e.c).seq DESC) AS place FROM asked a CROSS JOIN part CROSS JOIN LATERAL (
		SELECT c FROM change c
		WHERE c.network_id = a.network_id AND c.entity = part.entity AND c.id = part.id AND c.seq < a.before
		AND history_tells(c.entity, c.before, c.after)
		-- Not its own at that time, if the next time that it crossed over it came.
		AND (SELECT x.came AND x.seq <> c.seq FROM crossing x WHERE x.entity = c.entity AND x.id = c.id AND x.seq >= c.seq
			ORDER BY x.seq LIMIT 1) IS NOT TRUE
		ORDER BY c.seq DESC LIMIT a.most + 1) e (c)
)
SELECT json_build_object('entity', 'host', 'id', $2, 'exists', s.is_there, 'label', s.label, 'first_seen', s.first_seen,
	'last_seen', s.last_seen, 'oldest_at', (SELECT seconds(coalesce(n.changes_from, n.created_at)) FROM network n WHERE n.id = a.network_id),
	'entries', history_entries((SELECT array_agg(p.c ORDER BY p.place) FROM page p WHERE p.place <= a.most)),
	'next', (SELECT (p.c).seq FROM page p WHERE p.place = a.most AND EXISTS (SELECT FROM page o WHERE o.place > a.most)))
FROM asked a CROSS JOIN LATERAL history_subject(a.network_id, 'host', $2::uuid) s;

-- The log as it is, page by page: rising from after, or else falling from before.
-- name: history_changes
WITH asked AS MATERIALIZED (
	SELECT coalesce(($1::jsonb->>'limit')::integer, 100) AS most, ($1::jsonb->>'after')::bigint AS after,
		coalesce(($1::jsonb->>'before')::bigint, 9223372036854775807) AS before, $1::jsonb->>'entity' AS entity, history_network() AS network_id
), page AS MATERIALIZED (
	SELECT e.c, row_number() OVER (ORDER BY CASE WHEN a.after IS NULL THEN -(e.c).seq ELSE (e.c).seq END) AS place
	FROM asked a CROSS JOIN LATERAL (
		(SELECT c FROM change c WHERE a.after IS NOT NULL AND c.network_id = a.network_id AND c.seq > a.after AND c.seq < a.before
			AND c.entity <> 'seen' AND (a.entity IS NULL OR c.entity = a.entity) ORDER BY c.seq LIMIT a.most + 1)
		UNION ALL
		(SELECT c FROM change c WHERE a.after IS NULL AND c.network_id = a.network_id AND c.seq < a.before
			AND c.entity <> 'seen' AND (a.entity IS NULL OR c.entity = a.entity) ORDER BY c.seq DESC LIMIT a.most + 1)) e (c)
)
SELECT json_build_object('entries', history_entries((SELECT array_agg(p.c ORDER BY p.place) FROM page p WHERE p.place <= a.most)),
	'next', (SELECT (p.c).seq FROM page p WHERE p.place = a.most AND EXISTS (SELECT FROM page o WHERE o.place > a.most)),
	'oldest', coalesce((SELECT c.seq FROM change c WHERE c.network_id = n.id ORDER BY c.seq LIMIT 1), n.change_seq + 1), 'newest', n.change_seq)
FROM asked a JOIN network n ON n.id = a.network_id;

-- The rows of each entity as they were at a time: what the log says since is undone. What was made since is left out, what has gone since
-- is there again, and of each column the first value that was replaced counts. Contents are read for the page alone.
-- name: history_as_of
WITH asked AS MATERIALIZED (
	SELECT q.*, history_seq_at(q.at) AS seq FROM (
		SELECT least(($1::jsonb->>'at')::timestamptz, now()) AS at, coalesce(($1::jsonb->>'limit')::integer, 1000) AS most,
			coalesce(($1::jsonb->>'offset')::integer, 0) AS skip, history_network() AS network_id) q
), shown AS MATERIALIZED (
	SELECT e.entity FROM history_entities() AS e (entity) WHERE $1::jsonb->>'entity' IS NULL OR e.entity = $1::jsonb->>'entity'
), since AS MATERIALIZED (
	SELECT c.entity, c.id, coalesce(min(c.seq) FILTER (WHERE c.before IS NULL) = min(c.seq), false) AS made
	FROM asked a JOIN change c ON c.network_id = a.network_id AND c.seq > a.seq
	WHERE c.entity IN (SELECT entity FROM shown)
	GROUP BY c.entity, c.id
), past AS MATERIALIZED (
	SELECT entity, id, row_number() OVER (PARTITION BY entity ORDER BY id) AS place, s.id IS NOT NULL AS touched
	FROM (SELECT e.entity, r.id FROM shown e CROSS JOIN LATERAL live_ids(e.entity) AS r (id)) l
	FULL JOIN since s USING (entity, id)
	WHERE s.made IS NOT TRUE
), page AS MATERIALIZED (
	SELECT p.* FROM past p CROSS JOIN asked a WHERE p.place > a.skip AND p.place <= a.skip + a.most
), was AS MATERIALIZED (
	SELECT p.entity, p.id, jsonb_merge(c.before ORDER BY c.seq DESC) AS content
	FROM asked a CROSS JOIN page p JOIN change c ON c.network_id = a.network_id AND c.entity = p.entity AND c.id = p.id AND c.seq > a.seq
	WHERE p.touched GROUP BY p.entity, p.id
), content AS MATERIALIZED (
	SELECT p.entity, p.id, p.place, coalesce(r.content, '{}') || coalesce(w.content, '{}') AS content
	FROM page p
	LEFT JOIN (SELECT g.entity, r.* FROM (SELECT entity, array_agg(id) AS ids FROM page GROUP BY entity) g
		CROSS JOIN LATERAL live_rows(g.entity, g.ids) r) r ON r.entity = p.entity AND r.id = p.id
	LEFT JOIN was w ON w.entity = p.entity AND w.id = p.id
)
SELECT json_build_object('network_id', a.network_id, 'at', seconds(a.at), 'seq', a.seq, 'oldest_at', seconds(history_since()),
	'entities', (SELECT coalesce(json_object_agg(s.entity, json_build_object(
		'total', (SELECT count(*) FROM past p WHERE p.entity = s.entity),
		'rows', (SELECT coalesce(json_agg(c.content - history_volatile() || CASE WHEN c.content ? 'last_seen' THEN jsonb_build_object(
			'last_seen', least((c.content->>'last_seen')::float8, seconds(a.at))) ELSE '{}' END ORDER BY c.place), '[]')
			FROM content c WHERE c.entity = s.entity))), '{}') FROM shown s))
FROM asked a;

-- What is another at the second time than at the first: the net effect, not the way.
-- name: history_difference
WITH asked AS MATERIALIZED (
	SELECT q.*, history_seq_at(q.since) AS low, history_seq_at(q.until) AS high FROM (
		SELECT least(($1::jsonb->>'from')::timestamptz, now()) AS since, least(coalesce(($1::jsonb->>'to')::timestamptz, now()), now()) AS until,
			coalesce(($1::jsonb->>'limit')::integer, 200) AS most, coalesce(($1::jsonb->>'offset')::integer, 0) AS skip,
			$1::jsonb->>'entity' AS entity, history_network() AS network_id) q
), span AS MATERIALIZED (
	SELECT c.entity, c.id, max(c.seq) AS last,
		coalesce(min(c.seq) FILTER (WHERE c.before IS NULL) = min(c.seq), false) AS made,
		coalesce(max(c.seq) FILTER (WHERE c.after IS NULL) = max(c.seq), false) AS ended,
		jsonb_merge(c.before ORDER BY c.seq DESC) AS was, jsonb_merge(c.after ORDER BY c.seq) AS is_now
	FROM asked a JOIN change c ON c.network_id = a.network_id AND c.seq > a.low AND c.seq <= a.high
		AND c.entity <> 'seen' AND (a.entity IS NULL OR c.entity = a.entity)
	GROUP BY c.entity, c.id
), net AS MATERIALIZED (
	SELECT entity, id, last, 'added' AS change, NULL::jsonb AS was, is_now FROM span WHERE made AND NOT ended
	UNION ALL SELECT entity, id, last, 'removed', was, NULL FROM span WHERE ended AND NOT made
	UNION ALL SELECT entity, id, last, 'changed', was, is_now FROM span
		WHERE NOT made AND NOT ended AND was - history_noise() <> is_now - history_noise()
), page AS MATERIALIZED (
	SELECT n.*, row_number() OVER (ORDER BY CASE entity WHEN 'host' THEN 1 WHEN 'service' THEN 2 WHEN 'interface' THEN 3 WHEN 'flow' THEN 5 ELSE 4 END,
		entity, last DESC) AS place
	FROM net n ORDER BY place LIMIT (SELECT most FROM asked) OFFSET (SELECT skip FROM asked)
), named AS MATERIALIZED (
	SELECT g.entity, r.id, r.content
	FROM (SELECT p.entity, array_agg(p.id) AS ids FROM page p WHERE p.change = 'changed' GROUP BY 1) g CROSS JOIN LATERAL live_rows(g.entity, g.ids) r
)
SELECT json_build_object('network_id', a.network_id, 'from', seconds(a.since), 'to', seconds(a.until), 'oldest_at', seconds(history_since()),
	'total', (SELECT count(*) FROM net),
	'counts', (SELECT coalesce(json_object_agg(c.entity, c.counts), '{}') FROM (
		SELECT entity, json_build_object('added', count(*) FILTER (WHERE change = 'added'),
			'removed', count(*) FILTER (WHERE change = 'removed'), 'changed', count(*) FILTER (WHERE change = 'changed')) AS counts
		FROM net GROUP BY entity ORDER BY entity) c),
	'items', (SELECT coalesce(json_agg(json_build_object('entity', p.entity, 'id', p.id, 'change', p.change,
			'label', coalesce(history_label(p.entity, coalesce(n.content, p.is_now, p.was)), history_address(p.entity, p.id)),
			'row', CASE p.change WHEN 'added' THEN p.is_now WHEN 'removed' THEN p.was END - history_volatile(),
			'before', CASE WHEN p.change = 'changed' THEN json_both_changed(p.was, p.is_now) END,
			'after', CASE WHEN p.change = 'changed' THEN json_both_changed(p.is_now, p.was) END)
			ORDER BY p.place), '[]')
		FROM page p LEFT JOIN named n ON n.entity = p.entity AND n.id = p.id))
FROM asked a;

-- When a host was there: its stays, oldest first, and the share of each day. The stay that goes on, or was the last, is the
-- host's own (present_since). $2 its id, $3 the gap in seconds after which it counts as away.
-- name: history_host_presence
WITH asked AS MATERIALIZED (
	SELECT h.network_id, h.id, h.first_seen, h.last_seen, h.present_since, host_present(h, now() - $3::integer * interval '1 second', now()) AS present,
		history_span(coalesce(($1::jsonb->>'from')::timestamptz, coalesce(($1::jsonb->>'to')::timestamptz, now()) - interval '30 days'),
			least(coalesce(($1::jsonb->>'to')::timestamptz, now()), now())) AS span
	FROM host h WHERE h.id = $2::uuid
), stay AS MATERIALIZED (
	SELECT p.since, p.until, greatest(p.since, lower(a.span)) AS low, least(p.until, upper(a.span)) AS high
	FROM asked a JOIN presence p ON p.network_id = a.network_id AND p.host_id = a.id
	WHERE p.since < upper(a.span) AND p.until >= lower(a.span)
	UNION ALL
	SELECT a.present_since, CASE WHEN NOT a.present THEN a.last_seen END, greatest(a.present_since, lower(a.span)),
		least(CASE WHEN a.present THEN now() ELSE a.last_seen END, upper(a.span))
	FROM asked a
	WHERE a.present_since < upper(a.span) AND (a.present OR a.last_seen >= lower(a.span))
), latest AS MATERIALIZED (
	SELECT * FROM stay ORDER BY since DESC LIMIT 1000
), day AS MATERIALIZED (
	SELECT d AS beginning, greatest(d, lower(a.span)) AS low, least(d + interval '1 day', upper(a.span)) AS high
	FROM asked a CROSS JOIN LATERAL generate_series(date_trunc('day', lower(a.span), 'UTC'), upper(a.span), interval '1 day') d
	WHERE d < upper(a.span)
)
SELECT json_build_object('host_id', a.id, 'from', seconds(lower(a.span)), 'to', seconds(upper(a.span)), 'first_seen', seconds(a.first_seen),
	'last_seen', seconds(a.last_seen), 'present', a.present, 'present_since', CASE WHEN a.present THEN seconds(a.present_since) END,
	'intervals', (SELECT coalesce(json_agg(json_build_object('since', seconds(l.since), 'until', seconds(l.until)) ORDER BY l.since), '[]') FROM latest l),
	'share', (SELECT coalesce(sum(extract(epoch FROM s.high - s.low)), 0) FROM stay s WHERE s.high > s.low)::float8
		/ extract(epoch FROM upper(a.span) - lower(a.span))::float8,
	'days', (SELECT coalesce(json_agg(json_build_object('day', to_char(d.beginning AT TIME ZONE 'UTC', 'YYYY-MM-DD'), 'share',
		(SELECT coalesce(sum(extract(epoch FROM least(s.high, d.high) - greatest(s.low, d.low))), 0) FROM stay s
			WHERE s.low < d.high AND s.high > d.low)::float8 / extract(epoch FROM d.high - d.low)::float8) ORDER BY d.beginning), '[]') FROM day d))
FROM asked a;

-- Who was there at a time. $2 the gap in seconds.
-- name: history_presence
WITH asked AS MATERIALIZED (
	SELECT history_network() AS network_id, least(coalesce(($1::jsonb->>'at')::timestamptz, now()), now()) AS at,
		coalesce(($1::jsonb->>'limit')::integer, 1000) AS most, coalesce(($1::jsonb->>'offset')::integer, 0) AS skip
), known AS MATERIALIZED (
	SELECT h.id, h.name, h.first_seen, h.last_seen, h.present_since, a.at,
		host_present(h, now() - $2::integer * interval '1 second', now()) AS present
	FROM asked a JOIN host h ON h.network_id = a.network_id AND h.first_seen <= a.at
), there AS MATERIALIZED (
	SELECT k.id, k.name, k.first_seen, k.last_seen, k.present_since AS since, CASE WHEN NOT k.present THEN k.last_seen END AS until
	FROM known k WHERE k.present_since <= k.at AND (k.present OR k.last_seen >= k.at)
	UNION ALL
	SELECT k.id, k.name, k.first_seen, k.last_seen, p.since, p.until
	FROM asked a JOIN presence p ON p.network_id = a.network_id AND p.since <= a.at AND p.until >= a.at JOIN known k ON k.id = p.host_id
), page AS MATERIALIZED (
	SELECT t.* FROM there t ORDER BY t.id, t.since LIMIT (SELECT most FROM asked) OFFSET (SELECT skip FROM asked)
)
SELECT json_build_object('network_id', a.network_id, 'at', seconds(a.at), 'total', (SELECT count(*) FROM there),
	'absent', (SELECT count(*) FROM known k WHERE NOT EXISTS (SELECT FROM there t WHERE t.id = k.id)),
	'hosts', (SELECT coalesce(json_agg(json_build_object('host_id', p.id, 'name', coalesce(p.name, history_address('host', p.id)),
		'since', seconds(p.since), 'until', seconds(p.until), 'first_seen', seconds(p.first_seen), 'last_seen', seconds(p.last_seen))
		ORDER BY p.id, p.since), '[]') FROM page p))
FROM asked a WHERE a.network_id IS NOT NULL;
