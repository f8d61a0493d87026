#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""`make bench-history`: how long the API takes to tell the past of a network with 10,000 hosts and a log of a million entries, and its traffic."""
import os
import statistics
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "collector"))
from netvisor import Collector, until  # noqa: E402

HOSTS, ENTRIES, SINCE = 10000, 1000000, 100000
THINGS = """
INSERT INTO host (network_id, id, name, first_seen, last_seen, present_since)
SELECT '{n}', md5('h' || i)::uuid, 'host-' || i, now() - interval '20 days', now(), now() - interval '1 day' FROM generate_series(1, {hosts}) i;
INSERT INTO interface (network_id, id, host_id, mac, ip, vlan, first_seen, last_seen)
SELECT '{n}', md5('i' || i)::uuid, md5('h' || i)::uuid, substr(md5('m' || i), 1, 12)::macaddr, '10.0.0.0'::inet + i, '{{}}', now() - interval '20 days', now()
FROM generate_series(1, {hosts}) i;
INSERT INTO service (network_id, id, host_id, ip, port, proto, vlan, state, source, confidence, first_seen, last_seen)
SELECT '{n}', md5('s' || i)::uuid, md5('h' || (i % {hosts} + 1))::uuid, '10.0.0.0'::inet + (i % {hosts} + 1), 20 + i / {hosts}, 'tcp', '{{}}', 'open', 'tcp',
	'measured', now() - interval '20 days', now() FROM generate_series(1, {hosts} * 3 - 1) i;
"""
LOG = """
SELECT change_take('{n}', {entries});
INSERT INTO change (network_id, seq, at, entity, id, before, after)
SELECT '{n}', {first} + s, now() - ({entries} + 10 - s) * interval '2 seconds',
	CASE s % 4 WHEN 0 THEN 'host' WHEN 1 THEN 'interface' ELSE 'service' END,
	md5(CASE s % 4 WHEN 0 THEN 'h' WHEN 1 THEN 'i' ELSE 's' END || h)::uuid,
	CASE s % 4 WHEN 0 THEN jsonb_build_object('name', 'host-' || h || '-' || s / 40000) WHEN 1 THEN jsonb_build_object('vendor', 'v' || s / 40000)
		ELSE jsonb_build_object('state', CASE WHEN s % 8 = 2 THEN 'open' ELSE 'closed' END) END,
	CASE s % 4 WHEN 0 THEN jsonb_build_object('name', 'host-' || h || '-' || s / 40000 + 1) WHEN 1 THEN jsonb_build_object('vendor', 'v' || s / 40000 + 1)
		ELSE jsonb_build_object('state', CASE WHEN s % 8 = 2 THEN 'closed' ELSE 'open' END) END
FROM (SELECT s, s / 4 % {hosts} + 1 AS h FROM generate_series(1, {entries}) s) g;
"""
TRAFFIC = """
SELECT traffic_day_add(d::date) FROM generate_series(now() - interval '3 days', now(), interval '1 day') d;
INSERT INTO traffic_minute (network_id, at, flow_id, client_host_id, server_host_id, client, server, port, proto, connections, packets, bytes, packets_back,
	bytes_back)
SELECT '{n}', date_trunc('minute', now()) - m * interval '1 minute', md5('f' || f)::uuid, md5('h' || (f % 300 + 1))::uuid, md5('h' || (f % 20 + 500))::uuid,
	'10.0.0.0'::inet + f % 300 + 1, '10.0.0.0'::inet + f % 20 + 500, 443, 'tcp', 1, 10, 1000, 10, 9000
FROM generate_series(0, 2000) m, generate_series(1, 500) f;
INSERT INTO traffic_touched (network_id, hour) SELECT DISTINCT network_id, date_trunc('hour', at) FROM traffic_minute ON CONFLICT DO NOTHING;
"""
c = Collector("--change-days", "300")
try:
    c.start()
    c.sign_up()
    network = c.sql("SELECT id FROM network")[0][0]
    for part in (THINGS, LOG, TRAFFIC):
        first = int(c.sql("SELECT change_seq FROM network")[0][0])
        c.sql(part.format(n=network, hosts=HOSTS, entries=ENTRIES, first=first))
    # What making the things said is from before.
    c.sql(f"UPDATE change SET at = now() - interval '80 days' WHERE seq <= {int(c.sql('SELECT change_seq FROM network')[0][0]) - ENTRIES}")
    c.sql("UPDATE network SET created_at = now() - interval '90 days'")
    c.sql("ANALYZE")
    host = c.sql("SELECT md5('h777')::uuid")[0][0]
    now = time.time()
    then = now - 2 * SINCE

    def measure(what, path, times=9):
        taken = []
        for _ in range(times):
            begin = time.monotonic()
            response, data = c.request("GET", path, raw=True)
            taken.append(1000 * (time.monotonic() - begin))
            assert response.status == 200, data[:300]
        print(f"{what:62} {statistics.median(taken):6.0f} ms, at most {max(taken):5.0f} ms, {len(data) // 1024:6} KiB", flush=True)

    print(f"{HOSTS} hosts with as many interfaces and three times as many services; {ENTRIES} entries, {SINCE} of them since the time asked for")
    measure("a host's timeline with its own things, 50 entries", f"/api/hosts/{host}/timeline")
    measure("one thing's timeline", f"/api/timeline/host/{host}")
    measure("the last 100 entries of the log", "/api/changes")
    measure("hosts as of then, the first 1000", f"/api/history/as-of?at={then}&entity=host")
    measure("hosts as of then, 5000", f"/api/history/as-of?at={then}&entity=host&limit=5000")
    measure("everything as of then, the first 1000 of each kind", f"/api/history/as-of?at={then}")
    measure("the difference of then and now, 200 things and all counts", f"/api/history/difference?from={then}")
    measure("who was there", "/api/history/presence")
    measure("traffic of the last hour by host (500 flows a minute)", "/api/traffic?by=host")
    until(lambda: c.sql("SELECT count(*) FROM traffic_touched WHERE hour < now() - interval '63 minutes'") == [["0"]], 60, 0.5)
    measure("traffic of the last 30 hours by host", f"/api/traffic?by=host&from={now - 108000}&step=hour")
    measure("a host's traffic of the last 30 hours", f"/api/hosts/{c.sql('SELECT md5($$h7$$)::uuid')[0][0]}/traffic?by=host&from={now - 108000}&step=hour")
finally:
    c.remove()
