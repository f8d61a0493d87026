-- SPDX-License-Identifier: BSD-2-Clause
-- What a service is by the pages of its web server. Scans leave what they heard as evidence (http.status, http.header and http.body as "PATH
-- text", http.title), so that a definition that is new finds what was heard before.

-- definition: its id in defs/services; a person's service_definition counts more.
ALTER TABLE service ADD COLUMN definition text;
CREATE OR REPLACE VIEW live_service WITH (security_invoker = true) AS
	SELECT id, host_id, host(ip) AS ip, port, proto, vlan, state, name, source, confidence, clients,
		seconds(first_seen) AS first_seen, seconds(last_seen) AS last_seen, service_definition, name_source, tags,
		virtualization, origin, revision, definition
	FROM service;
CREATE INDEX evidence_page ON evidence (network_id, ip) WHERE kind = 'trait' AND source = 'probe' AND fact->>'key' LIKE 'http.%';

-- The best definition of each web server of a network, by the alternatives of collector/definitions.mjs. A page that was found at another
-- port than the usual one counts when its title or text tells it. More of a page says more than less of it, and all of it more than a header.
CREATE FUNCTION services_told(of_network uuid, rules jsonb) RETURNS TABLE (ip inet, vlan integer[], port integer, definition text)
LANGUAGE sql STABLE AS $$
	WITH heard AS MATERIALIZED (
		SELECT e.ip, e.vlan, (e.fact->>'port')::integer AS port, e.fact->>'key' AS key, e.fact->>'value' AS value FROM evidence e
		WHERE e.network_id = of_network AND e.kind = 'trait' AND e.source = 'probe' AND e.fact->>'key' LIKE 'http.%'
	), page AS MATERIALIZED (
		SELECT h.ip, h.vlan, h.port, split_part(h.value, ' ', 1) AS path,
			max(substring(h.value FROM ' ([1-5][0-9]{2})$')) FILTER (WHERE h.key = 'http.status')::integer AS status,
			array_agg(lower(substr(h.value, strpos(h.value, ' ') + 1))) FILTER (WHERE h.key = 'http.header') AS headers,
			coalesce(string_agg(lower(substr(h.value, strpos(h.value, ' ') + 1)), ' ') FILTER (WHERE h.key = 'http.body'), '') AS body
		FROM heard h WHERE h.key IN ('http.status', 'http.header', 'http.body') GROUP BY 1, 2, 3, 4
	), title AS MATERIALIZED (
		SELECT h.ip, h.vlan, h.port, string_agg(lower(h.value), ' ') AS title FROM heard h WHERE h.key = 'http.title' GROUP BY 1, 2, 3
	), leaf AS MATERIALIZED (
		SELECT a.i AS alternative, a.v->>'d' AS definition, (a.v->>'g')::boolean AS generic, jsonb_array_length(a.v->'l') AS need, l.n,
			l.v->>'path' AS path, coalesce(l.v->>'port', l.v->>'p')::integer AS port, l.v->>'proto' AS proto, (l.v->>'low')::integer AS low,
			(l.v->>'high')::integer AS high, l.v->>'title' AS title, l.v->>'body' AS body, l.v->'header'->>0 AS header, l.v->'header'->>1 AS part
		FROM jsonb_array_elements(rules) WITH ORDINALITY a(v, i), jsonb_array_elements(a.v->'l') WITH ORDINALITY l(v, n)
	), met AS (
		SELECT l.alternative, l.definition, l.generic, l.need, l.n, p.ip, p.vlan, p.port, (l.title IS NOT NULL)::integer * 8
			+ (l.body IS NOT NULL)::integer * 4 + (l.path <> '/')::integer * 2 + (l.port = p.port)::integer AS weight
		FROM leaf l JOIN page p ON p.path = l.path AND (p.port = l.port OR l.title IS NOT NULL OR l.body IS NOT NULL)
		LEFT JOIN title t ON t.ip = p.ip AND t.vlan = p.vlan AND t.port = p.port
		WHERE p.status BETWEEN l.low AND l.high
			AND (l.title IS NULL OR (l.path = '/' AND strpos(t.title, l.title) > 0) OR strpos(p.body, l.title) > 0)
			AND (l.body IS NULL OR strpos(p.body, l.body) > 0)
			AND (l.header IS NULL OR EXISTS (SELECT FROM unnest(p.headers) x
				WHERE starts_with(x, l.header || ':') AND (l.part = '' OR strpos(substr(x, length(l.header) + 2), l.part) > 0)))
		UNION ALL
		SELECT l.alternative, l.definition, l.generic, l.need, l.n, s.ip, s.vlan, NULL, 1
		FROM leaf l JOIN service s ON s.network_id = of_network AND s.port = l.port AND s.proto = l.proto AND s.state = 'open'
		WHERE l.path IS NULL
	), whole AS (
		SELECT m.definition, m.generic, m.ip, m.vlan, min(m.port) AS port, sum(m.weight) AS weight FROM met m
		GROUP BY m.alternative, m.definition, m.generic, m.need, m.ip, m.vlan, CASE WHEN m.need = 1 THEN m.port END
		HAVING count(DISTINCT m.n) = m.need
	)
	SELECT DISTINCT ON (w.ip, w.vlan, w.port) w.ip, w.vlan, w.port, w.definition FROM whole w
	ORDER BY w.ip, w.vlan, w.port, w.generic, w.weight DESC, w.definition
$$;

-- What scans of these minutes have heard, or all that ever was.
CREATE FUNCTION services_define(rules jsonb, everything boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	place uuid;
	was service;
	is_now service;
	told record;
BEGIN
	FOR place IN SELECT DISTINCT network_id FROM session WHERE discovery_type->>'type' = 'Network' AND phase <> 'Pending'
		AND (everything OR finished_at IS NULL OR finished_at > now() - interval '2 minutes') ORDER BY 1
	LOOP
		-- Found out before the network's row is locked: batches do not wait for it.
		FOR told IN SELECT s.id, t.definition FROM services_told(place, rules) t JOIN service s ON s.network_id = place AND s.ip = t.ip
			AND s.vlan = t.vlan AND s.port = t.port AND s.proto = 'tcp' AND s.definition IS DISTINCT FROM t.definition
		LOOP
			PERFORM 1 FROM network WHERE id = place FOR NO KEY UPDATE;
			SELECT * INTO was FROM service WHERE network_id = place AND id = told.id;
			UPDATE service SET definition = told.definition WHERE network_id = place AND id = told.id RETURNING * INTO is_now;
			PERFORM row_log('service', 'service', to_jsonb(was), to_jsonb(is_now));
		END LOOP;
	END LOOP;
END $$;

-- A shared picture names services as the dashboard does.
DO $$
DECLARE
	was text := pg_get_functiondef('share_rows_before_links(uuid, text, text, uuid, integer)'::regprocedure);
	is_now text := replace(was, 'o.origin, o.revision', 'o.origin, o.revision, o.definition');
BEGIN
	IF is_now = was THEN
		RAISE EXCEPTION 'share_rows_before_links() is not as it was';
	END IF;
	EXECUTE is_now;
END $$;
SELECT pin_functions();
