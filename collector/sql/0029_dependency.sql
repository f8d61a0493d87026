-- SPDX-License-Identifier: BSD-2-Clause
-- Who depends on whom, by flows; and groups of services that flows propose, which a person accepts or dismisses.

-- What a conversation says of a dependency, or NULL: it says none. measured: somebody used a service that is known to be there. inferred:
-- two have talked, and the port alone says which of them serves. A question that nobody answered, one that was refused, and a connection that was
-- opened and left at once (as scans do) use nothing; nor does what goes to many at once. service_state: of the service at that port, or NULL.
CREATE FUNCTION dependency_truth(server inet, proto text, service_state text, connections bigint, packets bigint, bytes bigint, packets_back bigint,
	bytes_back bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN packets_back = 0 OR proto NOT IN ('tcp', 'udp', 'sctp') OR server <<= '224.0.0.0/3' OR server <<= 'ff00::/8' OR server <<= '0.0.0.0/8' THEN NULL
		WHEN proto <> 'tcp' THEN CASE WHEN service_state = 'open' THEN 'measured' ELSE 'inferred' END
		WHEN service_state = 'open' THEN CASE WHEN packets_back > greatest(connections, 1) THEN 'measured' END
		WHEN service_state IS NULL AND bytes + bytes_back > 100 * (packets + packets_back) THEN 'inferred' END
$$;

-- Flows that use something, with the service that is used, when one is known at that address and port, in whatever VLAN.
CREATE VIEW used WITH (security_invoker = true) AS
	SELECT f.network_id, f.id AS flow_id, f.client_host_id, f.client, f.server_host_id, f.server, f.port, f.proto, f.vlan, f.connections, f.packets, f.bytes,
		f.packets_back, f.bytes_back, f.first_seen, f.last_seen, s.id AS service_id,
		dependency_truth(f.server, f.proto, s.state, f.connections, f.packets, f.bytes, f.packets_back, f.bytes_back) AS truth
	FROM flow f LEFT JOIN LATERAL (SELECT o.id, o.state FROM service o WHERE o.network_id = f.network_id AND o.host_id = f.server_host_id AND o.ip = f.server
		AND o.port = f.port AND o.proto = f.proto ORDER BY o.state <> 'open', o.first_seen, o.id LIMIT 1) s ON true
	WHERE f.packets_back > 0 AND dependency_truth(f.server, f.proto, s.state, f.connections, f.packets, f.bytes, f.packets_back, f.bytes_back) IS NOT NULL
		AND f.client_host_id IS DISTINCT FROM f.server_host_id;
GRANT SELECT ON used TO netvisor_app;

-- One edge for all conversations of a client with a service. A client or server that is no host is its address. What a router passes on is seen in
-- two VLANs: of these the larger count is the conversation's.
CREATE VIEW dependency WITH (security_invoker = true) AS
	SELECT u.network_id, md5(concat_ws(' ', coalesce(u.client_host_id::text, host(min(u.client))), coalesce(u.service_id::text, host(u.server)), u.port, u.proto))::uuid AS id,
		u.client_host_id, min(u.client) AS client, u.server_host_id, u.server, u.port, u.proto, u.service_id, u.truth, sum(u.connections)::bigint AS connections,
		sum(u.packets)::bigint AS packets, sum(u.bytes)::bigint AS bytes, sum(u.packets_back)::bigint AS packets_back, sum(u.bytes_back)::bigint AS bytes_back,
		min(u.first_seen) AS first_seen, max(u.last_seen) AS last_seen
	FROM (SELECT v.network_id, v.client_host_id, v.client, v.server_host_id, v.server, v.port, v.proto, v.service_id, v.truth, max(v.connections) AS connections,
			max(v.packets) AS packets, max(v.bytes) AS bytes, max(v.packets_back) AS packets_back, max(v.bytes_back) AS bytes_back, min(v.first_seen) AS first_seen,
			max(v.last_seen) AS last_seen
		FROM used v GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9) u
	GROUP BY u.network_id, u.client_host_id, CASE WHEN u.client_host_id IS NULL THEN u.client END, u.server_host_id, u.server, u.port, u.proto, u.service_id, u.truth;
GRANT SELECT ON dependency TO netvisor_app;

CREATE FUNCTION dependency_json(d dependency) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('network_id', d.network_id, 'id', d.id, 'client_host_id', d.client_host_id, 'client', host(d.client),
		'client_name', host_label(d.network_id, d.client_host_id), 'server_host_id', d.server_host_id, 'server', host(d.server),
		'server_name', host_label(d.network_id, d.server_host_id), 'service_id', d.service_id, 'service_name', s.name,
		'definition', coalesce(s.service_definition, s.definition), 'port', d.port, 'proto', d.proto, 'truth', d.truth, 'source', 'flow', 'connections', d.connections,
		'packets', d.packets, 'bytes', d.bytes, 'packets_back', d.packets_back, 'bytes_back', d.bytes_back, 'first_seen', seconds(d.first_seen),
		'last_seen', seconds(d.last_seen))
	FROM (SELECT 1) one LEFT JOIN service s ON s.network_id = d.network_id AND s.id = d.service_id
$$;

-- Flows have no index by host: its addresses have.
CREATE FUNCTION host_dependencies(of_network uuid, of_host uuid, serving boolean, most integer) RETURNS jsonb LANGUAGE sql STABLE AS $$
	WITH mine AS MATERIALIZED (
		SELECT f.id FROM (SELECT DISTINCT ip FROM interface WHERE network_id = of_network AND host_id = of_host AND ip IS NOT NULL) i
			JOIN flow f ON f.network_id = of_network AND f.server = i.ip AND f.server_host_id = of_host WHERE serving
		UNION ALL SELECT f.id FROM (SELECT DISTINCT ip FROM interface WHERE network_id = of_network AND host_id = of_host AND ip IS NOT NULL) i
			JOIN flow f ON f.network_id = of_network AND f.client = i.ip AND f.client_host_id = of_host WHERE NOT serving
	), talk AS (
		SELECT u.client_host_id, u.client, u.server_host_id, u.server, u.port, u.proto, u.service_id, u.truth, max(u.connections) AS connections, max(u.packets) AS packets,
			max(u.bytes) AS bytes, max(u.packets_back) AS packets_back, max(u.bytes_back) AS bytes_back, min(u.first_seen) AS first_seen, max(u.last_seen) AS last_seen
		FROM mine m JOIN used u ON u.network_id = of_network AND u.flow_id = m.id
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
	), edge AS (
		SELECT u.client_host_id, CASE WHEN u.client_host_id IS NULL THEN u.client END AS apart, u.server_host_id, u.server, u.port, u.proto, u.service_id, u.truth,
			min(u.client) AS client, sum(u.connections)::bigint AS connections, sum(u.packets)::bigint AS packets, sum(u.bytes)::bigint AS bytes,
			sum(u.packets_back)::bigint AS packets_back, sum(u.bytes_back)::bigint AS bytes_back, min(u.first_seen) AS first_seen, max(u.last_seen) AS last_seen
		FROM talk u
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
	)
	SELECT coalesce(jsonb_agg(dependency_json(ROW(of_network, md5(concat_ws(' ', coalesce(e.client_host_id::text, host(e.client)), coalesce(e.service_id::text,
			host(e.server)), e.port, e.proto))::uuid, e.client_host_id, e.client, e.server_host_id, e.server, e.port, e.proto, e.service_id, e.truth, e.connections,
			e.packets, e.bytes, e.packets_back, e.bytes_back, e.first_seen, e.last_seen)::dependency) ORDER BY e.bytes + e.bytes_back DESC, e.server, e.port), '[]')
	FROM (SELECT * FROM edge ORDER BY bytes + bytes_back DESC, server, port LIMIT most) e
$$;

-- What a host is to others beside what it uses: what runs it, what it runs, what it is linked with. Each says who tells of it.
-- truth: noted when a person did.
CREATE FUNCTION host_relations(of_network uuid, of_host uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
	WITH own AS MATERIALIZED (
		SELECT s.* FROM service s WHERE s.network_id = of_network AND s.host_id = of_host
	), relation AS (
		SELECT 'runs_on' AS kind, s.host_id, s.id AS service_id, s.name AS detail, 'noted' AS truth, coalesce(h.virtualization->>'type', '') AS source, h.last_seen
		FROM host h JOIN service s ON s.network_id = of_network AND s.id::text = h.virtualization->>'service_id' WHERE h.network_id = of_network AND h.id = of_host
		UNION ALL
		SELECT 'runs', h.id, o.id, coalesce(h.virtualization->>'vm_name', h.name), 'noted', coalesce(h.virtualization->>'type', ''), h.last_seen
		FROM own o JOIN host h ON h.network_id = of_network AND h.virtualization IS NOT NULL AND h.virtualization->>'service_id' = o.id::text
		UNION ALL
		SELECT 'contains', of_host, s.id, coalesce(s.virtualization->>'container_name', s.name), CASE WHEN s.source = 'docker' THEN 'announced' ELSE 'noted' END,
			coalesce(s.virtualization->>'type', ''), s.last_seen
		FROM own s WHERE s.virtualization IS NOT NULL
		UNION ALL
		SELECT 'linked', l.peer_host_id, NULL, concat_ws(' → ', nullif(concat_ws(' ', l.port, l.port_description), ''), l.peer_port),
			CASE l.source WHEN 'snmp' THEN 'measured' ELSE 'announced' END, l.source, l.last_seen
		FROM link l WHERE l.network_id = of_network AND l.host_id = of_host AND l.peer_host_id IS NOT NULL
		UNION ALL
		SELECT 'linked', l.host_id, NULL, concat_ws(' → ', l.peer_port, nullif(concat_ws(' ', l.port, l.port_description), '')),
			CASE l.source WHEN 'snmp' THEN 'measured' ELSE 'announced' END, l.source, l.last_seen
		FROM link l WHERE l.network_id = of_network AND l.peer_host_id = of_host AND l.host_id IS NOT NULL
	)
	SELECT coalesce(jsonb_agg(jsonb_build_object('kind', r.kind, 'host_id', r.host_id, 'name', host_label(of_network, r.host_id), 'service_id', r.service_id,
		'detail', nullif(r.detail, ''), 'truth', r.truth, 'source', r.source, 'last_seen', seconds(r.last_seen)) ORDER BY r.kind, r.last_seen DESC), '[]')
	FROM (SELECT * FROM relation ORDER BY last_seen DESC LIMIT 1000) r
$$;

-- Groups that flows propose. key: what makes it the same one when it is found again, so that what a person has decided stays decided.
-- member_ids: services in the group's order. reason: in words for people. group_id: what an accepted one became.
CREATE TABLE group_proposal (
	network_id uuid NOT NULL,
	id uuid NOT NULL,
	key text NOT NULL,
	group_type text NOT NULL CHECK (group_type IN ('RequestPath', 'HubAndSpoke')),
	name text NOT NULL,
	reason text NOT NULL,
	member_ids uuid[] NOT NULL,
	connections bigint NOT NULL DEFAULT 0,
	bytes bigint NOT NULL DEFAULT 0,
	state text NOT NULL DEFAULT 'proposed' CHECK (state IN ('proposed', 'accepted', 'dismissed')),
	group_id uuid,
	decided_at timestamptz,
	decided_by uuid,
	first_seen timestamptz NOT NULL DEFAULT now(),
	last_seen timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (network_id, id),
	UNIQUE (network_id, key)
);
SELECT protect('group_proposal', 'made');
CREATE FUNCTION network_forget_proposals() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	DELETE FROM group_proposal WHERE network_id = OLD.id;
	RETURN NULL;
END $$;
CREATE TRIGGER network_forget_proposals AFTER DELETE ON network FOR EACH ROW EXECUTE FUNCTION network_forget_proposals();

-- What everything uses, and what administrators use on everything: neither tells which services belong together.
CREATE FUNCTION dependency_everybodys(port integer) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT port IN (22, 23, 53, 67, 68, 69, 88, 111, 123, 135, 137, 138, 139, 161, 162, 514, 546, 547, 853, 1900, 3389, 3702, 5353, 5355, 5900, 5985, 6514)
$$;

-- What a machine serves only to be watched by: agents of monitoring. It is never what the machine is there for.
CREATE FUNCTION dependency_watched(port integer) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT port IN (4949, 5666, 6556, 9091, 9100, 9104, 9113, 9115, 9116, 9117, 9121, 9182, 9187, 9256, 10050, 10250, 19100)
$$;

-- A service's name among people: as a person calls it, else by its definition unless that is a guess, else as it calls itself, else its place.
CREATE FUNCTION service_label(s service) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce(CASE WHEN s.name_source = 'manual' THEN nullif(s.name, '') END, s.service_definition, CASE WHEN s.certainty <> 'low' THEN s.definition END,
		nullif(s.name, ''), s.port || '/' || s.proto)
$$;

-- Where services are, in their order: the same port of a host may be several services, one for each VLAN in which it is seen.
CREATE FUNCTION services_places(of_network uuid, ids uuid[]) RETURNS text[] LANGUAGE sql STABLE AS $$
	SELECT coalesce(array_agg(concat_ws(' ', s.host_id, s.port, s.proto) ORDER BY m.place), '{}')
	FROM unnest(ids) WITH ORDINALITY m (id, place) JOIN service s ON s.network_id = of_network AND s.id = m.id
$$;
-- A group's members as such places.
CREATE FUNCTION group_places(g service_group) RETURNS text[] LANGUAGE sql STABLE AS $$
	SELECT services_places(g.network_id, ARRAY(SELECT b.service_id FROM unnest(g.binding_ids) WITH ORDINALITY m (id, place)
		JOIN binding b ON b.network_id = g.network_id AND b.id = m.id ORDER BY m.place))
$$;
-- Whether two groups of one type are the same: a path by its order, a hub by its hub and whoever is around it.
CREATE FUNCTION places_same(group_type text, a text[], b text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE group_type WHEN 'RequestPath' THEN a = b ELSE a[1] = b[1] AND a @> b AND b @> a END
$$;

-- One service uses another: the host of the first is a client of the second, again and again, and the first is what that host mainly serves
-- (others: how many else it serves). Clients that try many ports of a host are scanners.
CREATE FUNCTION dependency_chain(of_network uuid) RETURNS TABLE (service_id uuid, host_id uuid, uses uuid, uses_host uuid, port integer, proto text, others bigint,
	clients bigint, connections bigint, bytes bigint)
LANGUAGE sql STABLE AS $$
	WITH edge AS MATERIALIZED (
		SELECT d.client_host_id AS client, d.server_host_id AS server, d.service_id, d.port, d.proto, d.connections, d.bytes + d.bytes_back AS bytes,
			d.connections >= 3 OR d.last_seen - d.first_seen >= interval '10 minutes' AS steady
		FROM dependency d WHERE d.network_id = of_network AND d.truth = 'measured' AND d.service_id IS NOT NULL AND d.client_host_id IS NOT NULL
			AND NOT dependency_everybodys(d.port)
	), scanner AS MATERIALIZED (
		SELECT DISTINCT client FROM (SELECT client, server FROM edge GROUP BY 1, 2 HAVING count(DISTINCT port) > 20) s
	), front AS MATERIALIZED (
		SELECT DISTINCT ON (f.server) f.server AS host_id, f.service_id, f.clients, count(*) OVER (PARTITION BY f.server) - 1 AS others
		FROM (SELECT e.server, e.service_id, dependency_watched(e.port) AS watched, count(DISTINCT e.client) AS clients, sum(e.connections) AS connections
			FROM edge e WHERE e.client NOT IN (SELECT client FROM scanner) GROUP BY 1, 2, 3) f
		ORDER BY f.server, f.watched, f.clients DESC, f.connections DESC, f.service_id
	)
	SELECT f.service_id, f.host_id, e.service_id, e.server, e.port, e.proto, f.others, f.clients, e.connections, e.bytes
	FROM front f JOIN edge e ON e.client = f.host_id AND e.steady WHERE f.host_id NOT IN (SELECT client FROM scanner)
$$;

-- Look for groups: hubs (a service that the services of at least three hosts use, or one that uses the same kind on at least three) and paths of three
-- services and more. What was proposed and is not so any more goes; what a person decided stays. How many are proposed now.
CREATE FUNCTION group_proposals_find(of_network uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	most CONSTANT integer := 50;
	wanted_keys text[];
BEGIN
	WITH RECURSIVE chain AS MATERIALIZED (
		SELECT * FROM dependency_chain(of_network)
	), near AS MATERIALIZED (
		SELECT * FROM (SELECT c.*, row_number() OVER (PARTITION BY c.service_id ORDER BY c.connections DESC, c.uses) AS place FROM chain c) n WHERE place <= 8
	), path AS (
		-- From what no other service is in front of. A link that comes back to a host ends there.
		SELECT ARRAY[c.service_id, c.uses] AS members, ARRAY[c.host_id, c.uses_host] AS hosts, c.uses_host AS last_host, c.uses AS last, c.others, c.connections, c.bytes
		FROM near c WHERE NOT EXISTS (SELECT FROM chain o WHERE o.uses = c.service_id)
		UNION ALL
		SELECT p.members || c.uses, p.hosts || c.uses_host, c.uses_host, c.uses, greatest(p.others, c.others), least(p.connections, c.connections), least(p.bytes, c.bytes)
		FROM path p JOIN near c ON c.service_id = p.last AND c.uses_host <> ALL (p.hosts) WHERE cardinality(p.members) < 6
	), walked AS MATERIALIZED (
		SELECT * FROM path LIMIT 20000
	), found AS (
		SELECT 'RequestPath' AS group_type, 'path ' || array_to_string(p.members, ' ') AS key, p.members, p.others, p.connections, p.bytes, NULL::text AS how
		FROM walked p WHERE cardinality(p.members) >= 3 AND (cardinality(p.members) = 6
			OR NOT EXISTS (SELECT FROM near c WHERE c.service_id = p.last AND c.uses_host <> ALL (p.hosts)))
		UNION ALL
		SELECT 'HubAndSpoke', 'used ' || c.uses, c.uses || array_agg(DISTINCT c.service_id), max(c.others), sum(c.connections), sum(c.bytes), 'used'
		FROM chain c GROUP BY c.uses HAVING count(DISTINCT c.host_id) >= 3
		UNION ALL
		SELECT 'HubAndSpoke', concat_ws(' ', 'uses', c.service_id, c.port, c.proto), c.service_id || array_agg(DISTINCT c.uses), max(c.others), sum(c.connections),
			sum(c.bytes), 'uses'
		FROM chain c GROUP BY c.service_id, c.port, c.proto HAVING count(DISTINCT c.uses_host) >= 3
	), ranked AS (
		SELECT f.*, row_number() OVER (PARTITION BY f.group_type ORDER BY f.connections DESC, f.key) AS place FROM found f
	), named AS (
		SELECT r.*, n.names, n.hosts, cardinality(r.members) - 1 AS rest
		FROM ranked r CROSS JOIN LATERAL (SELECT array_agg(service_label(s) ORDER BY m.place) AS names, array_agg(host_label(of_network, s.host_id) ORDER BY m.place) AS hosts
			FROM unnest(r.members) WITH ORDINALITY m (id, place) JOIN service s ON s.network_id = of_network AND s.id = m.id WHERE m.place <= 6) n
		WHERE r.place <= most
	), put AS (
		INSERT INTO group_proposal AS p (network_id, id, key, group_type, name, reason, member_ids, connections, bytes)
		SELECT of_network, gen_random_uuid(), n.key, n.group_type, left(CASE WHEN n.how IS NULL THEN array_to_string(n.names, ' → ')
				WHEN n.how = 'used' THEN format('%s on %s', n.names[1], n.hosts[1]) ELSE format('%s on %s and what it uses', n.names[1], n.hosts[1]) END, 100),
			CASE WHEN n.how IS NULL THEN format('Conversations lead from each to the next: %s.', (SELECT string_agg(format('%s on %s', n.names[i], n.hosts[i]), ', then ' ORDER BY i)
					FROM generate_series(1, cardinality(n.names)) i))
				WHEN n.how = 'used' THEN format('The services of %s hosts use %s on %s.', n.rest, n.names[1], n.hosts[1])
				ELSE format('%s on %s uses the same port of %s hosts.', n.names[1], n.hosts[1], n.rest) END
			|| CASE WHEN n.others > 0 THEN ' A host among them serves more than one thing: that it is its main service which uses the next is concluded.' ELSE '' END,
			n.members, n.connections, n.bytes
		FROM named n
		WHERE NOT EXISTS (SELECT FROM service_group g WHERE g.network_id = of_network AND g.group_type = n.group_type
			AND places_same(n.group_type, group_places(g), services_places(of_network, n.members)))
		ON CONFLICT (network_id, key) DO UPDATE SET last_seen = now(), connections = excluded.connections, bytes = excluded.bytes,
			name = CASE p.state WHEN 'proposed' THEN excluded.name ELSE p.name END, reason = CASE p.state WHEN 'proposed' THEN excluded.reason ELSE p.reason END,
			member_ids = CASE p.state WHEN 'proposed' THEN excluded.member_ids ELSE p.member_ids END
		RETURNING p.key
	)
	SELECT coalesce(array_agg(key), '{}') INTO wanted_keys FROM put;
	DELETE FROM group_proposal WHERE network_id = of_network AND state = 'proposed' AND key <> ALL (wanted_keys);
	RETURN (SELECT count(*) FROM group_proposal WHERE network_id = of_network AND state = 'proposed');
END $$;

-- Members as people know them, in their order. host_id NULL: the service is gone.
CREATE FUNCTION group_proposal_json(p group_proposal) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('network_id', p.network_id, 'id', p.id, 'group_type', p.group_type, 'name', p.name, 'reason', p.reason, 'truth', 'inferred',
		'state', p.state, 'group_id', p.group_id, 'connections', p.connections, 'bytes', p.bytes, 'first_seen', seconds(p.first_seen), 'last_seen', seconds(p.last_seen),
		'decided_at', seconds(p.decided_at), 'decided_by', p.decided_by, 'members', (SELECT coalesce(jsonb_agg(jsonb_build_object('service_id', m.id,
			'host_id', s.host_id, 'name', service_label(s), 'host_name', host_label(p.network_id, s.host_id), 'port', s.port, 'proto', s.proto) ORDER BY m.place), '[]')
			FROM unnest(p.member_ids) WITH ORDINALITY m (id, place) LEFT JOIN service s ON s.network_id = p.network_id AND s.id = m.id))
$$;

-- A person's word on a proposal: a group is made of it, or it is not asked again.
CREATE FUNCTION group_proposal_decide(of_id uuid, accepted boolean) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	p group_proposal;
	made uuid;
	bound uuid[];
BEGIN
	SELECT * INTO p FROM group_proposal WHERE id = of_id;
	IF p.id IS NULL THEN
		RETURN NULL;
	END IF;
	PERFORM FROM network WHERE id = p.network_id FOR NO KEY UPDATE;
	SELECT * INTO p FROM group_proposal WHERE id = of_id FOR UPDATE;
	IF p.state IS DISTINCT FROM 'proposed' THEN
		RAISE SQLSTATE 'NV409' USING MESSAGE = 'this proposal was decided already';
	END IF;
	IF accepted THEN
		SELECT array_agg(b.id ORDER BY m.place) INTO bound FROM unnest(p.member_ids) WITH ORDINALITY m (id, place)
		CROSS JOIN LATERAL (SELECT b.id FROM binding b WHERE b.network_id = p.network_id AND b.service_id = m.id
			ORDER BY b.port_id IS NULL, b.created_at, b.id LIMIT 1) b;
		IF cardinality(bound) IS DISTINCT FROM cardinality(p.member_ids) THEN
			RAISE SQLSTATE 'NV409' USING MESSAGE = 'a service of this proposal is no longer there: look for groups again';
		END IF;
		made := gen_random_uuid();
		INSERT INTO service_group (network_id, id, name, description, group_type, binding_ids, origin)
		VALUES (p.network_id, made, p.name, left(p.reason, 500), p.group_type, bound, 'manual');
	END IF;
	UPDATE group_proposal SET state = CASE WHEN accepted THEN 'accepted' ELSE 'dismissed' END, group_id = made, decided_at = now(),
		decided_by = nullif(current_setting('netvisor.user', true), '')::uuid WHERE network_id = p.network_id AND id = p.id;
	RETURN p.id;
END $$;

SELECT pin_functions();
