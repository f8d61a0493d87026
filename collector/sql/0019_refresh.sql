-- SPDX-License-Identifier: BSD-2-Clause
-- The short way into the database, for facts that say again what is settled (collector/settle.h).

CREATE AGGREGATE add(bigint) (SFUNC = int8pl, STYPE = bigint, INITCOND = '0');

-- The short way. Facts whose sighting is settled and says the same values move their sighting and their target, by the rules
-- of conclude.c: counters are totals since `first`, another `first` is a new epoch. Whatever is otherwise (a row that is
-- gone, a `first` from before the row was known, a host that was away) is left for the long way. They run as the owner, so
-- that no policy is asked for each row; ingest_check() asks once. Joins are in the order that is written, from a fact to its
-- sighting and from there on: of a young database the planner knows no better. Times are microseconds.
CREATE FUNCTION ingest_check(of_network uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF NOT coalesce(of_network = ANY (nullif(current_setting('netvisor.networks', true), '')::uuid[])
		AND current_setting('netvisor.role', true) IN ('sensor', 'system'), false) THEN
		RAISE insufficient_privilege USING MESSAGE = 'facts of a network come from its sensors';
	END IF;
END $$;

-- Numbers from 1 that are not among these.
CREATE FUNCTION numbers_but(most integer, done integer[]) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN CASE WHEN cardinality(done) = most THEN '{}'
		ELSE ARRAY(SELECT generate_series(1, most) EXCEPT SELECT unnest(done)) END;
END $$;

CREATE FUNCTION moment(us bigint) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT to_timestamp(us::float8 / 1000000)
$$;

CREATE FUNCTION refresh_interfaces(of_network uuid, gap interval, ids uuid[], hashes bigint[], firsts bigint[], lasts bigint[],
	counts bigint[], p bigint[], b bigint[], pi bigint[], bi bigint[]) RETURNS integer[]
LANGUAGE plpgsql SECURITY DEFINER SET enable_seqscan = off SET join_collapse_limit = 1 SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
	done integer[];
	of_hosts uuid[];
	of_interfaces uuid[];
BEGIN
	PERFORM ingest_check(of_network);
	WITH f AS (
		SELECT u.ord, u.id, u.hash, moment(u.first) AS first, moment(u.last) AS last, u.n, u.p, u.b, u.pi, u.bi
		FROM unnest(ids, hashes, firsts, lasts, counts, p, b, pi, bi) WITH ORDINALITY
			AS u (id, hash, first, last, n, p, b, pi, bi, ord)
	), known AS MATERIALIZED (
		SELECT f.*, s.ctid AS sighting, i.ctid AS interface, h.ctid AS host,
			CASE WHEN s.epoch = f.first THEN s.counted ELSE 0 END AS had_n,
			CASE WHEN s.epoch = f.first THEN s.m0 ELSE 0 END AS had_p,
			CASE WHEN s.epoch = f.first THEN s.m1 ELSE 0 END AS had_b,
			CASE WHEN s.epoch = f.first THEN s.m2 ELSE 0 END AS had_pi,
			CASE WHEN s.epoch = f.first THEN s.m3 ELSE 0 END AS had_bi
		FROM f
		JOIN sighting s ON s.network_id = of_network AND s.id = f.id AND s.hash = f.hash AND s.settled
		JOIN interface i ON i.network_id = of_network AND i.id = s.target AND i.first_seen <= f.first
		JOIN host h ON h.network_id = of_network AND h.id = i.host_id AND h.first_seen <= f.first AND f.last <= h.last_seen + gap
	), of_sighting AS (
		UPDATE sighting s SET epoch = k.first, first_seen = least(s.first_seen, k.first),
			last_seen = greatest(s.last_seen, k.last), count = s.count + greatest(k.n - k.had_n, 0),
			total = s.total + greatest(k.p - k.had_p, 0), counted = greatest(k.n, k.had_n), m0 = greatest(k.p, k.had_p),
			m1 = greatest(k.b, k.had_b), m2 = greatest(k.pi, k.had_pi), m3 = greatest(k.bi, k.had_bi)
		FROM known k WHERE s.ctid = k.sighting
	), of_interface AS (
		UPDATE interface i SET last_seen = greatest(i.last_seen, k.last), packets = least(i.packets + k.p, 9007199254740991),
			bytes = least(i.bytes + k.b, 9007199254740991), packets_in = least(i.packets_in + k.pi, 9007199254740991),
			bytes_in = least(i.bytes_in + k.bi, 9007199254740991)
		FROM (SELECT interface, max(last) AS last, add(greatest(p - had_p, 0)) AS p, add(greatest(b - had_b, 0)) AS b,
				add(greatest(pi - had_pi, 0)) AS pi, add(greatest(bi - had_bi, 0)) AS bi
			FROM known GROUP BY interface) k
		WHERE i.ctid = k.interface RETURNING i.id
	), of_host AS (
		UPDATE host h SET last_seen = greatest(h.last_seen, k.last)
		FROM (SELECT host, max(last) AS last FROM known GROUP BY host) k WHERE h.ctid = k.host RETURNING h.id
	)
	SELECT (SELECT array_agg(ord) FROM known), (SELECT array_agg(id) FROM of_interface), (SELECT array_agg(id) FROM of_host)
	INTO done, of_interfaces, of_hosts;
	PERFORM change_seen(of_network, of_hosts, of_interfaces, NULL, NULL);
	RETURN numbers_but(cardinality(ids), done);
END $$;

CREATE FUNCTION refresh_services(of_network uuid, ids uuid[], hashes bigint[], firsts bigint[], lasts bigint[], counts bigint[],
	clients bigint[]) RETURNS integer[]
LANGUAGE plpgsql SECURITY DEFINER SET enable_seqscan = off SET join_collapse_limit = 1 SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
	done integer[];
	of_services uuid[];
BEGIN
	PERFORM ingest_check(of_network);
	WITH f AS (
		SELECT u.ord, u.id, u.hash, moment(u.first) AS first, moment(u.last) AS last, u.n, u.c
		FROM unnest(ids, hashes, firsts, lasts, counts, clients) WITH ORDINALITY AS u (id, hash, first, last, n, c, ord)
	), known AS MATERIALIZED (
		SELECT f.*, s.ctid AS sighting, v.ctid AS service, CASE WHEN s.epoch = f.first THEN s.counted ELSE 0 END AS had_n
		FROM f
		JOIN sighting s ON s.network_id = of_network AND s.id = f.id AND s.hash = f.hash AND s.settled
		JOIN service v ON v.network_id = of_network AND v.id = s.target AND v.first_seen <= f.first
	), of_sighting AS (
		UPDATE sighting s SET epoch = k.first, first_seen = least(s.first_seen, k.first),
			last_seen = greatest(s.last_seen, k.last), count = s.count + greatest(k.n - k.had_n, 0),
			counted = greatest(k.n, k.had_n)
		FROM known k WHERE s.ctid = k.sighting
	), of_service AS (
		UPDATE service v SET last_seen = greatest(v.last_seen, k.last), clients = greatest(v.clients, k.c)
		FROM (SELECT service, max(last) AS last, max(c) AS c FROM known GROUP BY service) k
		WHERE v.ctid = k.service RETURNING v.id
	)
	SELECT (SELECT array_agg(ord) FROM known), (SELECT array_agg(id) FROM of_service) INTO done, of_services;
	PERFORM change_seen(of_network, NULL, NULL, of_services, NULL);
	RETURN numbers_but(cardinality(ids), done);
END $$;

CREATE FUNCTION refresh_flows(of_network uuid, ids uuid[], hashes bigint[], firsts bigint[], lasts bigint[], counts bigint[],
	c bigint[], p bigint[], b bigint[], pb bigint[], bb bigint[], rtts bigint[]) RETURNS integer[]
LANGUAGE plpgsql SECURITY DEFINER SET enable_seqscan = off SET join_collapse_limit = 1 SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
	done integer[];
	of_flows uuid[];
	minutes timestamptz[];
	told uuid[];
	mc bigint[];
	mp bigint[];
	mb bigint[];
	mpb bigint[];
	mbb bigint[];
BEGIN
	PERFORM ingest_check(of_network);
	WITH f AS (
		SELECT u.ord, u.id, u.hash, moment(u.first) AS first, moment(u.last) AS last, u.n, u.c, u.p, u.b, u.pb, u.bb, u.rtt
		FROM unnest(ids, hashes, firsts, lasts, counts, c, p, b, pb, bb, rtts) WITH ORDINALITY
			AS u (id, hash, first, last, n, c, p, b, pb, bb, rtt, ord)
	), known AS MATERIALIZED (
		SELECT f.*, s.ctid AS sighting, v.ctid AS flow, v.id AS flow_id, date_trunc('minute', f.last) AS minute,
			CASE WHEN s.epoch = f.first THEN s.counted ELSE 0 END AS had_n,
			CASE WHEN s.epoch = f.first THEN s.m0 ELSE 0 END AS had_c,
			CASE WHEN s.epoch = f.first THEN s.m1 ELSE 0 END AS had_p,
			CASE WHEN s.epoch = f.first THEN s.m2 ELSE 0 END AS had_b,
			CASE WHEN s.epoch = f.first THEN s.m3 ELSE 0 END AS had_pb,
			CASE WHEN s.epoch = f.first THEN s.m4 ELSE 0 END AS had_bb
		FROM f
		JOIN sighting s ON s.network_id = of_network AND s.id = f.id AND s.hash = f.hash AND s.settled
		JOIN flow v ON v.network_id = of_network AND v.id = s.target AND v.first_seen <= f.first
	), of_sighting AS (
		UPDATE sighting s SET epoch = k.first, first_seen = least(s.first_seen, k.first),
			last_seen = greatest(s.last_seen, k.last), count = s.count + greatest(k.n - k.had_n, 0),
			total = s.total + greatest(k.c - k.had_c, 0), counted = greatest(k.n, k.had_n), m0 = greatest(k.c, k.had_c),
			m1 = greatest(k.p, k.had_p), m2 = greatest(k.b, k.had_b), m3 = greatest(k.pb, k.had_pb),
			m4 = greatest(k.bb, k.had_bb)
		FROM known k WHERE s.ctid = k.sighting
	), grown AS MATERIALIZED (
		SELECT flow, flow_id, minute, max(last) AS last, add(greatest(c - had_c, 0)) AS c, add(greatest(p - had_p, 0)) AS p,
			add(greatest(b - had_b, 0)) AS b, add(greatest(pb - had_pb, 0)) AS pb, add(greatest(bb - had_bb, 0)) AS bb,
			max(ord) FILTER (WHERE rtt IS NOT NULL) AS rtt
		FROM known GROUP BY flow, flow_id, minute
	), of_flow AS (
		UPDATE flow v SET last_seen = greatest(v.last_seen, k.last),
			connections = least(v.connections + k.c, 9007199254740991), packets = least(v.packets + k.p, 9007199254740991),
			bytes = least(v.bytes + k.b, 9007199254740991), packets_back = least(v.packets_back + k.pb, 9007199254740991),
			bytes_back = least(v.bytes_back + k.bb, 9007199254740991), rtt_us = coalesce(rtts[k.rtt], v.rtt_us)
		FROM (SELECT flow, max(last) AS last, add(c) AS c, add(p) AS p, add(b) AS b, add(pb) AS pb, add(bb) AS bb,
			max(rtt) AS rtt FROM grown GROUP BY flow) k
		WHERE v.ctid = k.flow RETURNING v.id
	)
	SELECT (SELECT array_agg(ord) FROM known), (SELECT array_agg(id) FROM of_flow), g.*
	FROM (SELECT array_agg(flow_id) AS f, array_agg(minute) AS at, array_agg(c) AS c, array_agg(p) AS p, array_agg(b) AS b,
		array_agg(pb) AS pb, array_agg(bb) AS bb FROM grown WHERE c + p + b + pb + bb > 0) g
	INTO done, of_flows, told, minutes, mc, mp, mb, mpb, mbb;
	PERFORM traffic_add(of_network, told, minutes, mc, mp, mb, mpb, mbb);
	PERFORM change_seen(of_network, NULL, NULL, NULL, of_flows);
	RETURN numbers_but(cardinality(ids), done);
END $$;

-- All else. A name that its host has now moves the time of that name.
CREATE FUNCTION refresh_others(of_network uuid, ids uuid[], hashes bigint[], firsts bigint[], lasts bigint[], counts bigint[])
RETURNS integer[]
LANGUAGE plpgsql SECURITY DEFINER SET enable_seqscan = off SET join_collapse_limit = 1 SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
	done integer[];
BEGIN
	PERFORM ingest_check(of_network);
	WITH f AS (
		SELECT u.ord, u.id, u.hash, moment(u.first) AS first, moment(u.last) AS last, u.n
		FROM unnest(ids, hashes, firsts, lasts, counts) WITH ORDINALITY AS u (id, hash, first, last, n, ord)
	), known AS MATERIALIZED (
		SELECT f.*, s.ctid AS sighting, h.ctid AS host, CASE WHEN s.epoch = f.first THEN s.counted ELSE 0 END AS had_n
		FROM f
		JOIN sighting s ON s.network_id = of_network AND s.id = f.id AND s.hash = f.hash AND s.settled
		LEFT JOIN host h ON h.network_id = of_network AND h.id = s.target
		WHERE s.target IS NULL OR h.id IS NOT NULL
	), of_sighting AS (
		UPDATE sighting s SET epoch = k.first, first_seen = least(s.first_seen, k.first),
			last_seen = greatest(s.last_seen, k.last), count = s.count + greatest(k.n - k.had_n, 0),
			counted = greatest(k.n, k.had_n)
		FROM known k WHERE s.ctid = k.sighting
	), of_host AS (
		UPDATE host h SET name_last = greatest(h.name_last, k.last)
		FROM (SELECT host, max(last) AS last FROM known WHERE host IS NOT NULL GROUP BY host) k WHERE h.ctid = k.host
	)
	SELECT array_agg(ord) FROM known INTO done;
	RETURN numbers_but(cardinality(ids), done);
END $$;

SELECT pin_functions();
