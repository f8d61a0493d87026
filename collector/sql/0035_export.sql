-- SPDX-License-Identifier: BSD-2-Clause
-- What a network is, in the forms of other programs. What is only guessed from a port is not said as if it were known.

-- A network's hosts, or those in a subnet, with all that they have. ports: those that are open, each once, with the best that is known of it.
CREATE FUNCTION export_hosts(of_network uuid, of_subnet uuid) RETURNS TABLE (id uuid, label text, of_host host, faces jsonb, ports jsonb) LANGUAGE sql STABLE AS $$
	WITH face AS MATERIALIZED (
		SELECT i.host_id, jsonb_agg(jsonb_build_object('id', i.id, 'mac', i.mac, 'ip', host(i.ip), 'vlan', i.vlan, 'via', i.via, 'vendor', i.vendor, 'name', i.name,
				'subnet_id', i.subnet_id, 'prefix', CASE WHEN masklen(s.cidr) > 0 AND family(s.cidr) = family(i.ip) THEN masklen(s.cidr) END, 'first_seen', seconds(i.first_seen),
				'last_seen', seconds(i.last_seen)) ORDER BY i.ip IS NULL, family(i.ip), i.first_seen, i.id) AS faces,
			coalesce((array_agg(host(i.ip) ORDER BY family(i.ip), i.first_seen) FILTER (WHERE i.ip IS NOT NULL))[1], (array_agg(i.mac::text))[1]) AS address
		FROM interface i LEFT JOIN subnet s ON s.network_id = of_network AND s.id = i.subnet_id WHERE i.network_id = of_network GROUP BY i.host_id
	), port AS MATERIALIZED (
		SELECT p.host_id, jsonb_agg(to_jsonb(p) - 'host_id' ORDER BY p.proto, p.port) AS ports FROM (
			SELECT DISTINCT ON (v.host_id, v.proto, v.port) v.host_id, v.port, v.proto, v.name, CASE WHEN v.service_definition IS NOT NULL THEN v.service_definition
					WHEN v.certainty IS NOT NULL AND v.certainty <> 'low' THEN v.definition END AS definition, v.certainty, v.source, v.confidence, v.clients,
				host(v.ip) AS ip, seconds(v.first_seen) AS first_seen, seconds(v.last_seen) AS last_seen
			FROM service v WHERE v.network_id = of_network AND v.port IS NOT NULL AND v.proto IS NOT NULL AND v.state = 'open'
			ORDER BY v.host_id, v.proto, v.port, v.definition IS NULL, v.last_seen DESC) p
		GROUP BY p.host_id
	)
	SELECT h.id, coalesce(h.name, f.address, h.id::text), h, coalesce(f.faces, '[]'), coalesce(p.ports, '[]')
	FROM host h LEFT JOIN face f ON f.host_id = h.id LEFT JOIN port p ON p.host_id = h.id
	WHERE h.network_id = of_network AND (of_subnet IS NULL OR f.faces @> jsonb_build_array(jsonb_build_object('subnet_id', of_subnet)))
$$;

CREATE FUNCTION export_json(of_network uuid, of_subnet uuid) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT json_build_object('format', 'netvisor', 'version', 1, 'exported_at', seconds(now()),
		'network', (SELECT json_build_object('id', n.id, 'name', n.name, 'description', n.description) FROM network n WHERE n.id = of_network),
		'subnets', (SELECT coalesce(json_agg(json_build_object('id', s.id, 'cidr', s.cidr, 'name', s.name, 'subnet_type', s.subnet_type, 'description', s.description)
			ORDER BY s.cidr, s.id), '[]') FROM subnet s WHERE s.network_id = of_network AND (of_subnet IS NULL OR s.id = of_subnet)),
		'hosts', (SELECT coalesce(json_agg(live_json('host', 'host', to_jsonb(e.of_host)) || jsonb_build_object('label', e.label, 'interfaces', e.faces, 'ports', e.ports)
			ORDER BY e.label, e.id), '[]') FROM export_hosts(of_network, of_subnet) e),
		'groups', (SELECT coalesce(json_agg(json_build_object('id', g.id, 'name', g.name, 'group_type', g.group_type, 'members', (SELECT coalesce(json_agg(json_build_object(
				'host_id', v.host_id, 'service_id', v.id, 'port', v.port, 'proto', v.proto) ORDER BY m.place), '[]') FROM unnest(g.binding_ids) WITH ORDINALITY m (id, place)
				JOIN binding b ON b.network_id = of_network AND b.id = m.id JOIN service v ON v.network_id = of_network AND v.id = b.service_id)) ORDER BY g.name, g.id), '[]')
			FROM service_group g WHERE g.network_id = of_network),
		'dependencies', (SELECT coalesce(json_agg(json_build_object('client_host_id', d.client_host_id, 'client', host(d.client), 'server_host_id', d.server_host_id,
				'server', host(d.server), 'port', d.port, 'proto', d.proto, 'truth', d.truth, 'connections', d.connections, 'bytes', d.bytes, 'bytes_back', d.bytes_back,
				'first_seen', seconds(d.first_seen), 'last_seen', seconds(d.last_seen))), '[]')
			FROM dependency d WHERE d.network_id = of_network AND (of_subnet IS NULL OR EXISTS (SELECT FROM interface i WHERE i.network_id = of_network
				AND i.subnet_id = of_subnet AND i.host_id IN (d.client_host_id, d.server_host_id)))),
		'links', (SELECT coalesce(json_agg(json_build_object('host_id', l.host_id, 'port', l.port, 'peer_host_id', l.peer_host_id, 'peer_mac', l.peer_mac, 'peer_name', l.peer_name,
				'peer_port', l.peer_port, 'source', l.source, 'truth', CASE l.source WHEN 'snmp' THEN 'measured' ELSE 'announced' END, 'vlan', l.vlan, 'speed_bps', l.speed_bps,
				'last_seen', seconds(l.last_seen)) ORDER BY l.id), '[]')
			FROM link l WHERE l.network_id = of_network))::text
$$;

-- XML 1.0 in an attribute: what is no character of it is left out.
CREATE FUNCTION export_xml(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT replace(replace(replace(replace(regexp_replace(coalesce(t, ''), '[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]', '', 'g'), '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;')
$$;

-- As nmap -oX would tell of them. A protocol that was spoken, and a product that is known, are "probed"; the others are not named.
CREATE FUNCTION export_nmap(of_network uuid, of_subnet uuid, software text) RETURNS text LANGUAGE sql STABLE AS $$
	WITH one AS MATERIALIZED (
		SELECT e.*, (e.of_host).first_seen, (e.of_host).last_seen FROM export_hosts(of_network, of_subnet) e
	)
	SELECT format(E'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner="%s" args="" start="%s" startstr="%s" version="%s" xmloutputversion="1.05">\n',
			'netvisor', extract(epoch FROM now())::bigint, to_char(now() AT TIME ZONE 'UTC', 'Dy Mon DD HH24:MI:SS YYYY'), export_xml(software))
		|| coalesce(string_agg(format(E'<host starttime="%s" endtime="%s"><status state="up" reason="user-set" reason_ttl="0"/>', extract(epoch FROM o.first_seen)::bigint,
				extract(epoch FROM o.last_seen)::bigint)
			|| (SELECT coalesce(string_agg(format('<address addr="%s" addrtype="%s"/>', a.ip, CASE WHEN strpos(a.ip, ':') > 0 THEN 'ipv6' ELSE 'ipv4' END), '' ORDER BY a.place), '')
				FROM (SELECT f->>'ip' AS ip, min(place) AS place FROM jsonb_array_elements(o.faces) WITH ORDINALITY x (f, place) WHERE f->>'ip' IS NOT NULL GROUP BY 1) a)
			|| (SELECT coalesce(string_agg(format('<address addr="%s" addrtype="mac"%s/>', upper(m.mac), CASE WHEN m.vendor IS NOT NULL THEN format(' vendor="%s"', export_xml(m.vendor)) ELSE '' END), ''), '')
				FROM (SELECT DISTINCT f->>'mac' AS mac, f->>'vendor' AS vendor FROM jsonb_array_elements(o.faces) f WHERE f->>'mac' IS NOT NULL ORDER BY 1 LIMIT 1) m)
			|| CASE WHEN (o.of_host).name IS NULL THEN E'\n<hostnames/>' ELSE format(E'\n<hostnames><hostname name="%s" type="user"/></hostnames>', export_xml((o.of_host).name)) END
			|| (SELECT E'\n<ports>' || coalesce(string_agg(format('<port protocol="%s" portid="%s"><state state="open" reason="user-set" reason_ttl="0"/>%s</port>', p->>'proto', p->>'port',
				CASE WHEN p->>'source' IN ('probe', 'import', 'tcp', 'udp', 'http', 'tls', 'ssh', 'dns') AND p->>'name' ~ '^[a-z][a-z0-9-]{0,31}$' OR p->>'definition' IS NOT NULL
					THEN format('<service name="%s"%s method="probed" conf="10"/>', CASE WHEN p->>'name' ~ '^[a-z][a-z0-9-]{0,31}$' THEN p->>'name' ELSE export_xml(p->>'definition') END,
						CASE WHEN p->>'definition' IS NOT NULL THEN format(' product="%s"', export_xml(p->>'definition')) ELSE '' END) ELSE '' END), '' ORDER BY p->>'proto', (p->>'port')::integer), '')
				|| '</ports>' FROM jsonb_array_elements(o.ports) p WHERE p->>'proto' IN ('tcp', 'udp'))
			|| E'</host>\n', '' ORDER BY o.label, o.id), '')
		|| format(E'<runstats><finished time="%s" timestr="%s" elapsed="0" exit="success"/><hosts up="%s" down="0" total="%s"/></runstats>\n</nmaprun>\n',
			extract(epoch FROM now())::bigint, to_char(now() AT TIME ZONE 'UTC', 'Dy Mon DD HH24:MI:SS YYYY'), count(*), count(*))
	FROM one o
$$;

-- A name in a label of Mermaid: whatever could mean something to it, to the Markdown that it reads labels with, or to a page that takes them for HTML, is the
-- number of its letter (#60; is <), as the dashboard's picture has it (web/src/topology/export/mermaid.ts).
CREATE FUNCTION export_mermaid_text(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT replace(replace(replace(regexp_replace(coalesce(string_agg(CASE WHEN c ~ '[a-zA-Z0-9 .,/()]' OR c = '-' AND i > 1 THEN c
			WHEN c ~ '[\x01-\x1f\x7f]' THEN ' ' ELSE '#' || ascii(c) || ';' END, '' ORDER BY i), ''), '(www)\.', '\1#46;', 'gi'),
		'direction', 'directio#110;'), 'style', 'st#121;le'), 'classDef', 'class#68;ef')
	FROM string_to_table(left(t, 120), NULL) WITH ORDINALITY x (c, i)
$$;

-- A picture for Markdown: who uses whom, as it was measured, the busiest first.
CREATE FUNCTION export_mermaid(of_network uuid, of_subnet uuid) RETURNS text LANGUAGE sql STABLE AS $$
	WITH edge AS MATERIALIZED (
		SELECT d.client_host_id, d.server_host_id, string_agg(DISTINCT d.port || '/' || d.proto, ', ') AS ports, sum(d.bytes + d.bytes_back) AS bytes
		FROM dependency d WHERE d.network_id = of_network AND d.truth = 'measured' AND d.client_host_id IS NOT NULL AND d.server_host_id IS NOT NULL
			AND (of_subnet IS NULL OR EXISTS (SELECT FROM interface i WHERE i.network_id = of_network AND i.subnet_id = of_subnet AND i.host_id IN (d.client_host_id, d.server_host_id)))
		GROUP BY 1, 2 ORDER BY bytes DESC LIMIT 300
	), node AS MATERIALIZED (
		SELECT n.id, 'h' || row_number() OVER (ORDER BY host_label(of_network, n.id), n.id) AS short, host_label(of_network, n.id) AS label
		FROM (SELECT client_host_id AS id FROM edge UNION SELECT server_host_id FROM edge) n
	)
	SELECT E'flowchart LR\n' || coalesce((SELECT string_agg(format(E'  %s["%s"]\n', n.short, export_mermaid_text(n.label)), '' ORDER BY length(n.short), n.short) FROM node n), '')
		|| coalesce((SELECT string_agg(format(E'  %s -->|%s| %s\n', c.short, e.ports, s.short), '' ORDER BY e.bytes DESC, c.short, s.short)
			FROM edge e JOIN node c ON c.id = e.client_host_id JOIN node s ON s.id = e.server_host_id), '')
$$;

SELECT pin_functions();
