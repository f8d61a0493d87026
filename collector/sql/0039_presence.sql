-- SPDX-License-Identifier: BSD-2-Clause
-- A device's silence is judged by its own protocols: sensors say until when it is believed to be there (`until` of `host` facts). Of one of which
-- they say nothing the usual gap holds.

-- NULL: nothing is said of it. Not after last_seen: it has left.
ALTER TABLE host ADD COLUMN present_until timestamptz;
CREATE OR REPLACE VIEW live_host WITH (security_invoker = true) AS
	SELECT id, name, name_source, vendor, seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen,
		seconds(present_since) AS present_since, description, hidden, tags, virtualization, origin, revision, device, seconds(present_until) AS present_until
	FROM host;
CREATE OR REPLACE VIEW candidate_face WITH (security_invoker = true) AS
	SELECT h.id AS host_id, h.name, h.name_source, h.vendor, micros(h.first_seen) AS host_first, micros(h.last_seen) AS host_last,
		h.name_kind, micros(h.name_last) AS name_last, i.id, i.mac, host(i.ip) AS ip, i.vlan, i.via, i.vendor AS face_vendor, i.packets,
		i.bytes, i.packets_in, i.bytes_in, micros(i.first_seen) AS first_seen, micros(i.last_seen) AS last_seen, h.chassis,
		micros(h.present_since) AS present_since, i.subnet_id,
		(SELECT count(*) FROM (SELECT FROM interface o WHERE o.host_id = h.id AND o.container_of IS NULL LIMIT 100) n) AS stored,
		(SELECT string_agg(r.other_host_id::text, ' ') FROM identity_rule r WHERE r.host_id = h.id AND r.kind = 'apart') AS apart,
		micros(h.present_until) AS present_until
	FROM host h JOIN interface i ON i.host_id = h.id
	WHERE i.container_of IS NULL;

-- Whether it is there at a moment, as far as can be told; since: from when on it must have been seen, of which nothing is said. Immutable, so that it becomes
-- part of the statement: called for each of 100,000 hosts it cost ten times as much.
CREATE FUNCTION host_present(h host, since timestamptz, at timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN h.present_until IS NULL THEN h.last_seen >= since ELSE h.present_until > at END
$$;

-- As before (0019_refresh.sql), with until when: who is heard again later than that was away.
DROP FUNCTION refresh_interfaces(uuid, interval, uuid[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[]);
CREATE FUNCTION refresh_interfaces(of_network uuid, gap interval, ids uuid[], hashes bigint[], firsts bigint[], lasts bigint[],
	counts bigint[], p bigint[], b bigint[], pi bigint[], bi bigint[], untils bigint[]) RETURNS integer[]
LANGUAGE plpgsql SECURITY DEFINER SET enable_seqscan = off SET join_collapse_limit = 1 SET search_path FROM CURRENT AS $$
#variable_conflict use_column
DECLARE
	done integer[];
	of_hosts uuid[];
	of_interfaces uuid[];
BEGIN
	PERFORM ingest_check(of_network);
	WITH f AS (
		SELECT u.ord, u.id, u.hash, moment(u.first) AS first, moment(u.last) AS last, u.n, u.p, u.b, u.pi, u.bi, moment(u.til) AS til
		FROM unnest(ids, hashes, firsts, lasts, counts, p, b, pi, bi, untils) WITH ORDINALITY
			AS u (id, hash, first, last, n, p, b, pi, bi, til, ord)
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
		JOIN host h ON h.network_id = of_network AND h.id = i.host_id AND h.first_seen <= f.first AND f.last <= coalesce(h.present_until, h.last_seen + gap)
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
		UPDATE host h SET last_seen = greatest(h.last_seen, k.last), present_until = CASE WHEN k.til IS NOT NULL AND (k.last >= h.last_seen OR h.present_until IS NULL OR k.til > h.present_until) THEN k.til
			WHEN k.last > h.present_until THEN NULL ELSE h.present_until END
		FROM (SELECT host, max(last) AS last, max(til) AS til FROM known GROUP BY host) k WHERE h.ctid = k.host RETURNING h.id
	)
	SELECT (SELECT array_agg(ord) FROM known), (SELECT array_agg(id) FROM of_interface), (SELECT array_agg(id) FROM of_host)
	INTO done, of_interfaces, of_hosts;
	PERFORM change_seen(of_network, of_hosts, of_interfaces, NULL, NULL);
	RETURN numbers_but(cardinality(ids), done);
END $$;

-- A device that is believed to be there is not gone.
CREATE OR REPLACE FUNCTION alert_find_device_gone(rule alert_rule) RETURNS SETOF alert_found LANGUAGE sql STABLE AS $$
	WITH latest AS MATERIALIZED (
		SELECT max(last_seen) AS at FROM host WHERE network_id = rule.network_id
	), gone AS MATERIALIZED (
		SELECT h.* FROM latest, host h WHERE h.network_id = rule.network_id AND h.last_seen < latest.at - rule.threshold * interval '1 minute'
			AND coalesce(h.present_until < latest.at, true)
			AND h.last_seen > latest.at - interval '7 days' AND (alert_scoped(rule) OR h.last_seen - h.present_since >= interval '12 hours')
			AND NOT EXISTS (SELECT FROM sensor s WHERE s.network_id = h.network_id AND NOT s.connected
				AND s.last_seen BETWEEN h.last_seen - interval '5 minutes' AND h.last_seen + rule.threshold * interval '1 minute')
	)
	SELECT 'host ' || h.id, h.id, NULL::uuid, NULL::uuid, CASE WHEN r.router THEN 'bad' END, alert_host(h.network_id, h.id) || jsonb_build_object(
		'last_seen', seconds(h.last_seen), 'there_s', extract(epoch FROM h.last_seen - h.present_since)::bigint, 'router', r.router)
	FROM gone h CROSS JOIN LATERAL (SELECT count(DISTINCT v.host_id) > 1 AS router FROM interface i JOIN interface v
		ON v.network_id = i.network_id AND v.via = i.mac WHERE i.network_id = h.network_id AND i.host_id = h.id) r
	WHERE alert_local(h::host)
$$;

-- At home is who was heard lately, or is believed to be there; not who said that it leaves.
CREATE OR REPLACE FUNCTION alert_home(c alert_channel) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('network', jsonb_build_object('id', n.id, 'name', n.name),
		'watching', EXISTS (SELECT FROM sensor s WHERE s.network_id = c.network_id AND s.connected)
			AND coalesce((SELECT max(last_seen) FROM host WHERE network_id = c.network_id) > now() - c.away_minutes * interval '1 minute', false),
		'alerts', (SELECT jsonb_build_object('open', count(*) FILTER (WHERE a.state = 'open' AND a.severity <> 'note'), 'titles', coalesce(jsonb_agg(a.title ORDER BY severity_rank(a.severity) DESC,
			a.opened_at DESC, a.id) FILTER (WHERE a.state = 'open' AND a.severity <> 'note'), '[]')) FROM (SELECT * FROM alert WHERE network_id = c.network_id AND state = 'open'
			ORDER BY severity_rank(severity) DESC, opened_at DESC LIMIT 20) a),
		'devices', (SELECT coalesce(jsonb_agg(jsonb_build_object('id', h.id, 'name', d.name, 'mac', d.mac, 'ip', d.ip, 'vendor', d.vendor,
			'present', CASE WHEN h.present_until <= h.last_seen THEN false
				ELSE greatest(h.last_seen + c.away_minutes * interval '1 minute', h.present_until) > now() END) ORDER BY h.first_seen, h.id), '[]')
			FROM (SELECT * FROM host h WHERE h.network_id = c.network_id AND NOT h.hidden AND CASE WHEN c.presence_tags = '{}' THEN alert_local(h) ELSE h.tags && c.presence_tags END
				ORDER BY h.first_seen, h.id LIMIT 500) h
			CROSS JOIN LATERAL (SELECT a->>'host' AS name, a->>'mac' AS mac, a->>'ip' AS ip, a->>'vendor' AS vendor FROM alert_host(h.network_id, h.id) a) d))
	FROM network n WHERE n.id = c.network_id
$$;

-- It moves with every word, as last_seen does: not history.
CREATE OR REPLACE FUNCTION history_volatile() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT '{last_seen,present_until,packets,bytes,packets_in,bytes_in,packets_back,bytes_back,connections,clients,rtt_us,counters,losses}'::text[]
$$;
CREATE OR REPLACE FUNCTION history_noise() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT '{last_seen,present_until,packets,bytes,packets_in,bytes_in,packets_back,bytes_back,connections,clients,rtt_us,counters,losses,revision,updated_at}'::text[]
$$;
SELECT pin_functions();
