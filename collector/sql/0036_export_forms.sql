-- SPDX-License-Identifier: BSD-2-Clause
-- The same for NetBox and for Prometheus.

-- A slug as NetBox takes one.
CREATE FUNCTION export_slug(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(nullif(left(trim(BOTH '-' FROM regexp_replace(lower(t), '[^a-z0-9]+', '-', 'g')), 100), ''), 'unnamed-' || substr(md5(t), 1, 8))
$$;

-- Lists in the form of NetBox's API (devices, interfaces, addresses, …), in the order in which they are to be made; what they refer to is named by its natural key. A
-- name that several hosts have is told apart by the address. A kind, vendor or model that nobody knows is "Unknown".
CREATE FUNCTION export_netbox(of_network uuid, of_subnet uuid) RETURNS text LANGUAGE sql STABLE AS $$
	WITH site AS (
		SELECT json_build_object('name', n.name) AS ref, n.name FROM network n WHERE n.id = of_network
	), told AS MATERIALIZED (
		SELECT e.id, e.of_host AS h, e.faces, e.ports, e.label, count(*) OVER (PARTITION BY lower(left(e.label, 64))) > 1 AS twin,
			coalesce((e.of_host).device->'vendor'->>'value', (e.of_host).vendor, 'Unknown') AS maker, coalesce((e.of_host).device->'model'->>'value', 'Unknown') AS model,
			coalesce(CASE WHEN (e.of_host).device->'kind'->>'certainty' IS DISTINCT FROM 'low' THEN (e.of_host).device->'kind'->>'value' END, 'Unknown') AS role,
			nullif(concat_ws(' ', (e.of_host).device->'os'->>'value', (e.of_host).device->'os_version'->>'value'), '') AS platform
		FROM export_hosts(of_network, of_subnet) e
	), device AS MATERIALIZED (
		SELECT t.*, left(CASE WHEN t.twin THEN left(t.label, 20) || ' ' || coalesce((SELECT f->>'ip' FROM jsonb_array_elements(t.faces) f WHERE f->>'ip' IS NOT NULL LIMIT 1),
			t.id::text) ELSE t.label END, 64) AS name FROM told t
	), face AS MATERIALIZED (
		SELECT d.name AS device, f, left(coalesce(f->>'name', 'if' || place), 64) AS name, place FROM device d, jsonb_array_elements(d.faces) WITH ORDINALITY x (f, place)
	)
	SELECT json_build_object(
		'sites', (SELECT json_agg(json_build_object('name', left(s.name, 100), 'slug', export_slug(s.name), 'status', 'active')) FROM site s),
		'manufacturers', (SELECT coalesce(json_agg(json_build_object('name', left(m.maker, 100), 'slug', export_slug(m.maker)) ORDER BY m.maker), '[]') FROM (SELECT DISTINCT maker FROM device) m),
		'device_types', (SELECT coalesce(json_agg(json_build_object('manufacturer', json_build_object('name', left(m.maker, 100)), 'model', left(m.model, 100),
			'slug', export_slug(m.maker || ' ' || m.model)) ORDER BY m.maker, m.model), '[]') FROM (SELECT DISTINCT maker, model FROM device) m),
		'device_roles', (SELECT coalesce(json_agg(json_build_object('name', r.role, 'slug', export_slug(r.role), 'color', '9e9e9e') ORDER BY r.role), '[]') FROM (SELECT DISTINCT role FROM device) r),
		'platforms', (SELECT coalesce(json_agg(json_build_object('name', left(p.platform, 100), 'slug', export_slug(p.platform)) ORDER BY p.platform), '[]')
			FROM (SELECT DISTINCT platform FROM device WHERE platform IS NOT NULL) p),
		'vlans', (SELECT coalesce(json_agg(json_build_object('vid', v.vid, 'name', 'VLAN ' || v.vid, 'site', (SELECT ref FROM site), 'status', 'active') ORDER BY v.vid), '[]')
			FROM (SELECT DISTINCT (f->'vlan'->>-1)::integer AS vid FROM face WHERE jsonb_array_length(f->'vlan') > 0) v),
		'prefixes', (SELECT coalesce(json_agg(json_build_object('prefix', p.cidr, 'site', (SELECT ref FROM site), 'status', 'active', 'description', left(concat_ws(': ',
				nullif(p.name, p.cidr::text), p.description), 200)) ORDER BY p.cidr), '[]')
			FROM subnet p WHERE p.network_id = of_network AND masklen(p.cidr) > 0 AND (of_subnet IS NULL OR p.id = of_subnet)),
		'devices', (SELECT coalesce(json_agg(json_build_object('name', d.name, 'site', (SELECT ref FROM site), 'device_type', json_build_object('manufacturer',
				json_build_object('name', left(d.maker, 100)), 'model', left(d.model, 100)), 'role', json_build_object('name', d.role),
				'platform', CASE WHEN d.platform IS NOT NULL THEN json_build_object('name', left(d.platform, 100)) END,
				'status', CASE WHEN (d.h).last_seen > now() - interval '1 day' THEN 'active' ELSE 'offline' END, 'comments', coalesce((d.h).description, '')) ORDER BY d.name), '[]') FROM device d),
		'interfaces', (SELECT coalesce(json_agg(json_build_object('device', json_build_object('name', f.device), 'name', f.name, 'type', 'other', 'enabled', true,
				'mac_address', upper(f.f->>'mac')) ORDER BY f.device, f.place), '[]') FROM (SELECT DISTINCT ON (device, name) * FROM face ORDER BY device, name, place) f),
		'ip_addresses', (SELECT coalesce(json_agg(json_build_object('address', (f.f->>'ip') || '/' || coalesce(f.f->>'prefix', CASE WHEN strpos(f.f->>'ip', ':') > 0 THEN '128' ELSE '32' END),
				'status', 'active', 'assigned_object_type', 'dcim.interface', 'assigned_object', json_build_object('device', json_build_object('name', f.device), 'name', f.name))
			ORDER BY f.device, f.place), '[]') FROM face f WHERE f.f->>'ip' IS NOT NULL),
		'services', (SELECT coalesce(json_agg(json_build_object('device', json_build_object('name', d.name), 'name', left(coalesce(p->>'definition', nullif(p->>'name', ''),
				(p->>'port') || '/' || (p->>'proto')), 100), 'protocol', p->>'proto', 'ports', json_build_array((p->>'port')::integer)) ORDER BY d.name, p->>'proto', (p->>'port')::integer), '[]')
			FROM device d, jsonb_array_elements(d.ports) p WHERE p->>'proto' IN ('tcp', 'udp', 'sctp')),
		'cables', (SELECT coalesce(json_agg(json_build_object('a', json_build_object('device', json_build_object('name', a.name), 'port', l.port), 'b', json_build_object('device',
				json_build_object('name', b.name), 'port', l.peer_port), 'status', 'connected') ORDER BY a.name, l.port), '[]')
			FROM link l JOIN device a ON a.id = l.host_id JOIN device b ON b.id = l.peer_host_id WHERE l.network_id = of_network))::text
$$;

-- A value of a label (Prometheus' text format).
CREATE FUNCTION export_label(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT replace(replace(replace(coalesce(t, ''), E'\\', E'\\\\'), '"', E'\\"'), E'\n', E'\\n')
$$;
CREATE FUNCTION export_figure(name text, about text, lines text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT format(E'# HELP %s %s\n# TYPE %s gauge\n%s', name, about, name, coalesce(lines, ''))
$$;

-- Figures of a network. Of each host up to most; how many are left out is a figure, too. A host is up when it was seen in the last 15 minutes.
CREATE FUNCTION export_prometheus(of_network uuid, of_subnet uuid, most integer) RETURNS text LANGUAGE sql STABLE AS $$
	WITH place AS MATERIALIZED (
		SELECT format('network="%s"', export_label(n.name)) AS net FROM network n WHERE n.id = of_network
	), one AS MATERIALIZED (
		SELECT h.id, h.last_seen, h.name, h.device->'kind'->>'value' AS kind, h.last_seen > now() - interval '15 minutes' AS up FROM host h WHERE h.network_id = of_network
			AND (of_subnet IS NULL OR EXISTS (SELECT FROM interface i WHERE i.network_id = of_network AND i.host_id = h.id AND i.subnet_id = of_subnet))
	), told AS MATERIALIZED (
		SELECT format('{%s,host="%s",name="%s",kind="%s"}', (SELECT net FROM place), o.id, export_label(coalesce(o.name, host_label(of_network, o.id))), export_label(o.kind)) AS labels, o.*
		FROM (SELECT * FROM one ORDER BY last_seen DESC, id LIMIT most) o
	)
	SELECT export_figure('netvisor_network_hosts', 'Hosts that are known.', (SELECT format(E'netvisor_network_hosts{%s} %s\n', net, (SELECT count(*) FROM one)) FROM place))
		|| export_figure('netvisor_network_hosts_up', 'Hosts that were seen in the last 15 minutes.', (SELECT format(E'netvisor_network_hosts_up{%s} %s\n', net,
			(SELECT count(*) FROM one WHERE up)) FROM place))
		|| export_figure('netvisor_network_hosts_of_kind', 'Hosts by what kind of device they are; none where that is not known.', (SELECT string_agg(format(E'netvisor_network_hosts_of_kind{%s,kind="%s"} %s\n',
			(SELECT net FROM place), export_label(k.kind), k.n), '' ORDER BY k.kind) FROM (SELECT kind, count(*) AS n FROM one GROUP BY 1) k))
		|| export_figure('netvisor_network_services', 'Open ports by the definition that names them, and how certain that is.', (SELECT string_agg(format(
			E'netvisor_network_services{%s,definition="%s",certainty="%s"} %s\n', (SELECT net FROM place), export_label(v.definition), export_label(v.certainty), v.n), '' ORDER BY v.definition, v.certainty)
			FROM (SELECT coalesce(s.service_definition, s.definition) AS definition, s.certainty, count(*) AS n FROM service s WHERE s.network_id = of_network AND s.state = 'open'
				AND (of_subnet IS NULL OR s.host_id IN (SELECT id FROM one)) GROUP BY 1, 2) v))
		|| export_figure('netvisor_network_addresses', 'Addresses by subnet.', (SELECT string_agg(format(E'netvisor_network_addresses{%s,subnet="%s",cidr="%s"} %s\n', (SELECT net FROM place),
			export_label(s.name), s.cidr, (SELECT count(DISTINCT i.ip) FROM interface i WHERE i.network_id = of_network AND i.subnet_id = s.id)), '' ORDER BY s.cidr, s.id)
			FROM subnet s WHERE s.network_id = of_network AND (of_subnet IS NULL OR s.id = of_subnet)))
		|| export_figure('netvisor_sensor_up', 'Whether a sensor is connected.', (SELECT string_agg(format(E'netvisor_sensor_up{%s,sensor="%s"} %s\n', (SELECT net FROM place), export_label(s.name),
			s.connected::integer), '' ORDER BY s.name, s.id) FROM sensor s WHERE s.network_id = of_network))
		|| export_figure('netvisor_sensor_lost', 'What a sensor could not see.', (SELECT string_agg(format(E'netvisor_sensor_lost{%s,sensor="%s",counter="%s"} %s\n', (SELECT net FROM place),
			export_label(s.name), export_label(l.key), l.value), '' ORDER BY s.name, s.id, l.key) FROM sensor s, jsonb_each_text(s.losses) l WHERE s.network_id = of_network))
		|| export_figure('netvisor_host_up', 'Whether a host was seen in the last 15 minutes.', (SELECT string_agg(format(E'netvisor_host_up%s %s\n', labels, up::integer), '' ORDER BY id) FROM told))
		|| export_figure('netvisor_host_last_seen_seconds', 'When a host was seen last.', (SELECT string_agg(format(E'netvisor_host_last_seen_seconds%s %s\n', labels, round(extract(epoch FROM last_seen))), ''
			ORDER BY id) FROM told))
		|| export_figure('netvisor_network_hosts_left_out', 'Hosts that have no figures of their own here, as there are too many.', (SELECT format(E'netvisor_network_hosts_left_out{%s} %s\n', net,
			(SELECT count(*) FROM one) - (SELECT count(*) FROM told)) FROM place))
$$;

SELECT pin_functions();
