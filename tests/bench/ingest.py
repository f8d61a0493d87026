#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Facts a second from a WebSocket into PostgreSQL, acknowledged after their commit, with so many hosts there: new hosts, hosts
that are said again, flows that grow. Beside them, in the same PostgreSQL, plain statements of as many narrow rows.
HOSTS="1000 100000 1000000" FACTS=200000 KINDS="refresh flow new"."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "collector"))
from netvisor import *

HOSTS = [int(count) for count in os.environ.get("HOSTS", "1000 100000 1000000").split()]
FACTS = int(os.environ.get("FACTS", "200000"))
KINDS = os.environ.get("KINDS", "refresh flow new").split()
LOAD = os.path.join(BUILD, "tests/bench/ingest")
COLUMNS = {
    "host": "network_id, id, name, name_source, name_kind, name_last, vendor, first_seen, last_seen, present_since",
    "interface": "network_id, id, host_id, mac, ip, vlan, vendor, packets, bytes, packets_in, bytes_in, first_seen, last_seen",
    "service": "network_id, id, host_id, ip, port, proto, vlan, state, source, confidence, clients, first_seen, last_seen",
    "flow": "network_id, id, client_host_id, client, server_host_id, server, port, proto, vlan, connections, packets, bytes, "
            "packets_back, bytes_back, first_seen, last_seen",
    "evidence": "network_id, id, sensor_id, kind, source, confidence, vlan, mac, ip, rank, fact",
    "sighting": "network_id, id, hash, settled, target, epoch, first_seen, last_seen, count, total, counted, m0, m1, m2, m3, m4",
}


class Bench:
    def __init__(self, hosts):
        self.hosts = hosts
        self.c = Collector("--change-days", "30").start()
        self.c.sign_up()
        self.network, self.sensor = self.c.sql("SELECT network_id, id FROM sensor")[0]
        self.first = int(time.time()) - 300
        self.seed()

    def psql(self, script, stdin=None):
        place = os.open(os.path.join(self.c.directory, "data", "postgres"), os.O_PATH)
        run = subprocess.run(["psql", "-h", f"/proc/self/fd/{place}", "-U", "netvisor", "-d", "postgres", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
                              "-c", "SET search_path = netvisor, pg_catalog", *(word for line in script for word in ("-c", line))],
                             stdin=stdin, stdout=subprocess.PIPE, text=True, check=True, pass_fds=[place],
                             **({"user": self.c.user} if self.c.user else {}))
        os.close(place)
        return run.stdout

    def seed(self):
        """The rows that the facts of these hosts would have made, without the work."""
        for table, columns in COLUMNS.items():
            rows = subprocess.Popen([LOAD, "rows", table, self.network, self.sensor, str(self.hosts), str(self.first * 1000000), str(self.first * 1000000)],
                                    stdout=subprocess.PIPE)
            self.psql([f"SET session_replication_role = replica", f"COPY {table} ({columns}) FROM STDIN"], rows.stdout)
        self.psql(["VACUUM ANALYZE", "CHECKPOINT"])

    def run(self, kind, start, count, facts):
        before, short = self.processor(), self.refreshed()
        out = subprocess.run([LOAD, "run", str(self.c.port), self.c.key(), kind, str(start), str(count), str(facts), str(self.first)],
                             stdout=subprocess.PIPE, text=True, check=True).stdout.split()
        said, seconds, own = int(out[0]), float(out[1]), float(out[2])
        after = self.processor()
        spent = [1e6 * (a - b) / said for a, b in zip(after, before)]
        return said / seconds, spent, (self.refreshed() - short) / said

    def refreshed(self):
        metrics = self.c.request("GET", "/metrics")[1]
        return int(next(line.split()[1] for line in metrics.decode().splitlines() if line.startswith("netvisor_facts_refreshed_total ")))

    def processor(self):
        """Seconds of the collector, and of all of PostgreSQL's processes that are there."""
        def of(pid):
            with open(f"/proc/{pid}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        server = self.c.postmaster()
        children = open(f"/proc/{server}/task/{server}/children").read().split()
        return of(self.c.process.pid), of(server) + sum(of(pid) for pid in children)

    def peer(self, facts):
        """Plain statements of a thousand narrow rows each, committed each: rows that are new, and rows that are there."""
        self.psql(["CREATE TABLE IF NOT EXISTS peer (id uuid PRIMARY KEY, at timestamptz, n bigint) WITH (fillfactor = 50)"])
        new = "".join(f"INSERT INTO peer SELECT gen_random_uuid(), now(), i FROM generate_series(1, 1000) i;\n" for _ in range(facts // 1000))
        again = "".join(f"UPDATE peer SET at = now(), n = n + 1 WHERE id = ANY (ARRAY(SELECT id FROM peer ORDER BY id OFFSET {i} LIMIT 1000));\n"
                        for i in range(0, facts, 1000))
        rates = []
        for script in (new, again):
            with tempfile.TemporaryFile("w+") as file:
                file.write("SET search_path = netvisor, pg_catalog;\n" + script)
                file.seek(0)
                begin = time.monotonic()
                place = os.open(os.path.join(self.c.directory, "data", "postgres"), os.O_PATH)
                subprocess.run(["psql", "-h", f"/proc/self/fd/{place}", "-U", "netvisor", "-d", "postgres", "-X", "-q"], stdin=file, check=True,
                               stdout=subprocess.DEVNULL, pass_fds=[place], **({"user": self.c.user} if self.c.user else {}))
                os.close(place)
                rates.append(facts / (time.monotonic() - begin))
        self.psql(["DROP TABLE peer"])
        return rates


def bench(hosts):
    b = Bench(hosts)
    try:
        rates = {}
        inserts, updates = b.peer(50000)
        # Plans are made and pages are read; most have been written once since the last checkpoint, as they have in the long run.
        b.run("refresh", 0, hosts, min(max(20000, hosts), 1000000))
        if "flow" in KINDS:
            b.run("flow", 0, hosts, min(max(10000, hosts // 4), 250000))
        for kind, start, count, facts in (("refresh", 0, hosts, FACTS), ("flow", 0, hosts, FACTS // 2), ("new", hosts, FACTS // 16, FACTS // 4)):
            if kind not in KINDS:
                continue
            rate, (collector, database), short = b.run(kind, start, count, facts)
            rates[kind] = (rate, collector + database)
            peer = inserts if kind == "new" else updates
            print(f"{hosts:>8} hosts  {kind:<8} {rate:>9,.0f} facts/s  {1e6 / rate:6.1f} us each (collector {collector:.1f}, PostgreSQL {database:.1f}; {short:.0%} the short way)"
                  f"  {rate / peer:5.2f} of plain rows ({peer:,.0f}/s)", flush=True)
        return rates
    finally:
        b.c.remove()


result = {hosts: bench(hosts) for hosts in HOSTS}
for kind in result[HOSTS[0]] if len(HOSTS) > 1 else ():
    (rate, spent), (large_rate, large_spent) = result[HOSTS[0]][kind], result[HOSTS[-1]][kind]
    print(f"cost of a fact, {kind}, with {HOSTS[-1]} hosts: {rate / large_rate:.2f} of that with {HOSTS[0]} by the clock, {large_spent / spent:.2f} by processor time")
