#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What concluding costs: one host after new evidence, and all of them after a definition has changed. Hosts have about 20 rows of evidence
and four services each. Beside it, in the same PostgreSQL, the time to read all of that evidence by a plain statement. HOSTS=100000 ONES=100."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "collector"))
from netvisor import *

HOSTS = int(os.environ.get("HOSTS", "100000"))
ONES = int(os.environ.get("ONES", "100"))
PRODUCTS = ("Grafana", "Nothing that is known", "Portainer", "Home Assistant", "Router login")
c = Collector("--change-days", "30")
TICK = os.sysconf("SC_CLK_TCK")


def metric(name):
    text = c.request("GET", "/metrics", raw=True)[1].decode()
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith(name + " ")))


def script(text, seconds=900):
    return c.sql("SET LOCAL session_replication_role = replica; " + text, seconds=seconds)


def processor():
    """Seconds of the collector, and of PostgreSQL with all of its children, so far."""
    def spent(pid):
        with open(f"/proc/{pid}/stat") as file:
            return sum(map(int, file.read().rsplit(")", 1)[1].split()[11:15])) / TICK

    postmaster = c.postmaster()
    with open(f"/proc/{postmaster}/task/{postmaster}/children") as file:
        children = file.read().split()
    return spent(c.process.pid), spent(postmaster) + sum(spent(child) for child in children)


def seed():
    """Straight into the tables: what the facts of these hosts would have made."""
    titles = "ARRAY[" + ", ".join(f"'{p}'" for p in PRODUCTS) + "]"
    script(f"""CREATE TEMP TABLE n ON COMMIT DROP AS SELECT i, md5('h' || i)::uuid AS host, ('10.' || i / 65536 % 256 || '.' || i / 256 % 256 || '.' || i % 256)::inet AS ip,
			('00:1b:21:' || lpad(to_hex(i / 65536 % 256), 2, '0') || ':' || lpad(to_hex(i / 256 % 256), 2, '0') || ':' || lpad(to_hex(i % 256), 2, '0'))::macaddr AS mac
			FROM generate_series(1, {HOSTS}) i;
		INSERT INTO host (network_id, id, first_seen, last_seen, present_since) SELECT '{network}', host, now(), now(), now() FROM n;
		INSERT INTO interface (network_id, id, host_id, mac, ip, vlan, vendor, first_seen, last_seen) SELECT '{network}', md5('i' || i)::uuid, host, mac, ip, '{{}}', 'Intel Corporate', now(), now() FROM n;
		INSERT INTO service (network_id, id, host_id, ip, port, proto, vlan, state, name, source, confidence, first_seen, last_seen)
			SELECT '{network}', md5('s' || i || ' ' || p.port)::uuid, host, ip, p.port, 'tcp', '{{}}', 'open', p.name, 'probe', 'measured', now(), now()
			FROM n, (VALUES (22, 'ssh'), (80, 'http'), (443, 'https'), (3000, 'http')) p (port, name);
		INSERT INTO evidence (network_id, sensor_id, id, kind, source, confidence, vlan, mac, ip, fact)
			SELECT '{network}', '{sensor}', md5('e' || i || ' ' || k)::uuid, kind, source, 'measured', '{{}}', CASE WHEN kind = 'name' OR key LIKE 'dhcp%' OR key = 'tcp.syn' THEN mac END,
				CASE WHEN kind = 'name' OR key LIKE 'dhcp%' THEN NULL ELSE ip END,
				jsonb_strip_nulls(jsonb_build_object('fact', kind, 'source', source, 'confidence', 'measured', 'vlan', '[]'::jsonb, 'first', 1000, 'last', 1000, 'count', 1, 'ip', CASE WHEN kind <> 'name' AND key NOT LIKE 'dhcp%' THEN host(ip) END,
					'mac', CASE WHEN kind = 'name' OR key LIKE 'dhcp%' THEN mac::text END, 'port', port, 'proto', CASE kind WHEN 'service' THEN 'tcp' END, 'state', CASE kind WHEN 'service' THEN 'open' END,
					'key', CASE kind WHEN 'trait' THEN key END, 'name', CASE kind WHEN 'service' THEN value WHEN 'name' THEN 'pc-' || i END, 'kind', CASE kind WHEN 'name' THEN 'hostname' END,
					'value', CASE kind WHEN 'trait' THEN CASE value WHEN '%' THEN ({titles})[i % {len(PRODUCTS)} + 1] ELSE value END END))
			FROM n, (VALUES (1, 'service', 'probe', '', 22, 'ssh'), (2, 'service', 'probe', '', 80, 'http'), (3, 'service', 'probe', '', 443, 'https'), (4, 'service', 'probe', '', 3000, 'http'),
				(5, 'trait', 'probe', 'ssh.banner', 22, 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3'), (6, 'trait', 'probe', 'http.status', 80, '/ 200'), (7, 'trait', 'probe', 'http.title', 80, 'Welcome to nginx!'),
				(8, 'trait', 'probe', 'http.header', 80, '/ server: nginx/1.22.1'), (9, 'trait', 'probe', 'http.server', 80, 'nginx/1.22.1'), (10, 'trait', 'probe', 'http.body', 80, '/ <html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1><p>If you see this page, the web server is successfully installed and working.</p></body></html>'),
				(11, 'trait', 'probe', 'http.title', 3000, '%'), (12, 'trait', 'probe', 'http.status', 3000, '/login 200'), (13, 'trait', 'probe', 'http.header', 3000, '/login content-type: text/html'),
				(14, 'trait', 'probe', 'tls.subject', 443, 'CN=host.example'), (15, 'trait', 'probe', 'tls.issuer', 443, 'CN=Example CA'), (16, 'trait', 'probe', 'tls.not_after', 443, '2027-01-01T00:00:00Z'),
				(17, 'trait', 'dhcp', 'dhcp.vendor_class', NULL, 'MSFT 5.0'), (18, 'trait', 'dhcp', 'dhcp.params', NULL, '1,3,6,15,31,33,43,44,46,47,119,121,249,252'), (19, 'name', 'dhcp', '', NULL, ''),
				(20, 'trait', 'probe', 'tls.san', 443, 'host.example')) f (k, kind, source, key, port, value);
		INSERT INTO sighting (network_id, id, hash, settled, epoch, first_seen, last_seen, count, total, counted, m0, m1, m2, m3, m4)
			SELECT network_id, id, 0, false, now(), now(), now(), 1, 0, 1, 0, 0, 0, 0, 0 FROM evidence ON CONFLICT DO NOTHING""")
    c.sql("ANALYZE host, interface, service, evidence, sighting")


def definition(certainty):
    return {"name": "Bench", "description": "Changes", "category": "Monitoring", "icon": "temperature", "is_generic": False, "certainty": certainty,
            "match": {"http": {"title": "Nothing that is known"}}}


def all_of_them(what, method, path, certainty):
    before, began, cpu = metric("netvisor_hosts_concluded_total"), time.monotonic(), processor()
    status, answer = c.request(method, path, {"definition": definition(certainty)})
    assert status == 200, answer
    until(lambda: metric("netvisor_hosts_concluded_total") - before >= HOSTS and c.request("GET", "/api/definitions/progress")[1]["data"]["due"] == 0, 900, 0.2)
    spent = time.monotonic() - began
    cpu = [after - was for after, was in zip(processor(), cpu)]
    print(f"{what}: {HOSTS} hosts in {spent:.1f} s, {HOSTS / spent:.0f} a second; of the processor {cpu[0]:.1f} s in the collector, {cpu[1]:.1f} s in PostgreSQL", flush=True)


try:
    c.start()
    c.sign_up()
    s = c.sensor()
    network, sensor = s.welcome["network_id"], s.welcome["sensor_id"]
    seed()
    print(f"{HOSTS} hosts, {c.sql('SELECT count(*) FROM evidence')[0][0]} rows of evidence, load {os.getloadavg()[0]:.1f}", flush=True)
    began = time.monotonic()
    c.sql("SELECT count(length(e.fact::text)) FROM interface i JOIN evidence e ON e.network_id = i.network_id AND e.mac = i.mac UNION ALL "
          "SELECT count(length(e.fact::text)) FROM interface i JOIN evidence e ON e.network_id = i.network_id AND e.ip = i.ip AND e.vlan = i.vlan AND e.mac IS NULL", seconds=900)
    print(f"all evidence read by a plain statement: {time.monotonic() - began:.1f} s", flush=True)
    all_of_them("concluded for the first time", "POST", "/api/definitions", "high")
    all_of_them("concluded again after a change that tells a fifth of them", "PUT", "/api/definitions/bench", "medium")
    s = c.sensor()  # the one of before has been silent for too long
    rounds, spent, waits = metric("netvisor_concluding_rounds_total"), metric("netvisor_concluding_microseconds_total"), []
    for i in range(ONES):
        before = metric("netvisor_hosts_concluded_total")
        s.say(i + 1, fact("trait", source="probe", ip="10.0.1.7", port=22, key="ssh.banner", value=f"SSH-2.0-OpenSSH_9.{i}", last=2000 + i))
        began = time.monotonic()
        until(lambda: metric("netvisor_hosts_concluded_total") > before, 10, 0.002)
        waits.append(1000 * (time.monotonic() - began))
    rounds, spent = metric("netvisor_concluding_rounds_total") - rounds, metric("netvisor_concluding_microseconds_total") - spent
    print(f"one host after new evidence: {spent / rounds / 1000:.1f} ms from the begin of its transaction to its commit; {sorted(waits)[len(waits) // 2]:.0f} ms after the "
          "sensor's facts were acknowledged (median)", flush=True)
finally:
    c.remove()
