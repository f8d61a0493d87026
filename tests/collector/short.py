#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What is settled goes a short way (collector/settle.h). A made-up story is told twice, to a collector as it is and to one in which nothing
stays settled: both have the same rows in the end. And then what a story does not reach."""
import random

from netvisor import *

MACS = [f"00:1b:21:00:00:{i:02x}" for i in range(1, 6)] + ["00:00:5e:00:01:07"]
IPS = [f"10.0.0.{i}" for i in range(1, 8)] + ["192.0.2.1", "192.0.2.2"]
ROUTER = "00:1b:21:00:00:99"
NAMES = ["alpha", "beta", "gamma"]
BATCHES, FACTS = 90, 25


# Of these days: the upkeep sums minutes up that are older, and might do so in between.
BEGIN = float(int(time.time()) - 36 * 3600)


def story(seed):
    """Batches of facts: few devices, said again and again; addresses that move and come back; restarts; late words; silences."""
    chance = random.Random(seed)
    totals, epochs, now = {}, {}, BEGIN
    home = {ip: chance.choice(MACS[:5]) for ip in IPS[:7]}

    def told(key, **growing):
        """Totals of a fact since its first, which begins anew now and then."""
        if key not in epochs or chance.random() < 0.04:
            epochs[key], totals[key] = now - chance.choice([0, 1, 5]), {}
        mine = totals[key]
        for name, most in growing.items():
            mine[name] = mine.get(name, 0) + chance.randint(0, most)
        mine["count"] = mine.get("count", 0) + 1
        late = chance.random() < 0.08
        return {"first": epochs[key], "last": max(epochs[key], now - (40 if late else chance.choice([0, 0, 2]))), **mine}

    batches = []
    for number in range(BATCHES):
        now += chance.choice([1, 20, 61, 200]) if chance.random() > 0.06 else 2500
        if chance.random() < 0.3:
            home[chance.choice(IPS[:7])] = chance.choice(MACS[:5])
        facts = []
        for _ in range(FACTS):
            ip, what = chance.choice(IPS[:7]), chance.randrange(8)
            mac, vlan = home[ip], [10] if ip != IPS[3] else []
            if chance.random() < 0.04:
                mac = MACS[5]
            if what == 0:
                facts.append(fact("address", vlan=vlan, mac=mac, ip=ip, **told(("address", mac, ip))))
            elif what == 1:
                facts.append(fact("host", source="ip", vlan=vlan, mac=mac, ip=ip, **told(("host", mac, ip), packets=9, bytes=900, packets_in=5, bytes_in=50)))
                if chance.random() < 0.7:  # as sensors that know it no better
                    facts[-1]["until"] = int(facts[-1]["last"]) + 900
            elif what == 2:
                far = chance.choice(IPS[7:])
                facts.append(fact("host", source="ip", vlan=vlan, ip=far, via=ROUTER,
                                  **told(("host", far, tuple(vlan)), packets=9, bytes=900, packets_in=5, bytes_in=50)))
            elif what == 3:
                name, source = chance.choice(NAMES), chance.choice(["dhcp", "dhcp", "mdns", "dns"])
                facts.append(fact("name", source=source, vlan=vlan, mac=mac, name=name if chance.random() < 0.1 else f"host-{mac[-1]}", kind="hostname",
                                  **told(("name", source, mac, name))))
                facts[-1]["last"] += len(facts) / 100  # of two names of one time neither is the later
            elif what == 4:
                facts.append(fact("service", source="tcp", vlan=vlan, ip=ip, port=chance.choice([22, 443]), proto="tcp",
                                  state="open" if chance.random() < 0.95 else "closed", **told(("service", ip), clients=2)))
            elif what == 7 and chance.random() < 0.3:
                facts.append(fact(chance.choice(["trait", "route", "conflict"]), source="dhcp", vlan=vlan, ip=ip, **told(("other", ip))))
                facts[-1].update({"trait": {"key": "http.server", "value": "x"}, "route": {"prefix": "10.0.0.0/24", "lifetime_s": chance.choice([60, 60, 90])},
                                  "conflict": {"claims": MACS[:2]}}[facts[-1]["fact"]])
            else:
                other = chance.choice(IPS)
                said = told(("flow", ip, other, tuple(vlan)), connections=2, packets=9, bytes=900, packets_back=9, bytes_back=90)
                facts.append(fact("flow", source="tcp", vlan=vlan, client=ip, server=other, port=443, proto="tcp", **said,
                                  **({"rtt_us": chance.randint(100, 200)} if chance.random() < 0.5 else {})))
            if chance.random() < 0.1:
                facts.append(dict(facts[-1]))
        batches.append(facts)
    return batches


# Hosts have ids of chance: they are told apart by their interfaces.
ROWS = {
    "host": "SELECT f.faces, h.name, h.name_source, h.name_kind, h.name_last, h.vendor, h.first_seen, h.last_seen, h.present_since, h.present_until FROM host h JOIN faces f USING (id)",
    "interface": "SELECT f.faces, i.mac, i.ip, i.vlan, i.via, i.vendor, i.packets, i.bytes, i.packets_in, i.bytes_in, i.first_seen, i.last_seen "
                 "FROM interface i JOIN faces f ON f.id = i.host_id",
    "service": "SELECT f.faces, s.ip, s.port, s.vlan, s.state, s.source, s.clients, s.first_seen, s.last_seen FROM service s JOIN faces f ON f.id = s.host_id WHERE s.source <> 'concluded'",
    "flow": "SELECT a.faces, b.faces, f.client, f.server, f.vlan, f.connections, f.packets, f.bytes, f.packets_back, f.bytes_back, f.rtt_us, f.first_seen, f.last_seen "
            "FROM flow f LEFT JOIN faces a ON a.id = f.client_host_id LEFT JOIN faces b ON b.id = f.server_host_id",
    "evidence": "SELECT e.kind, e.fact, s.hash, s.epoch, s.first_seen, s.last_seen, s.count, s.total, s.counted, s.m0, s.m1, s.m2, s.m3, s.m4 "
                "FROM evidence_now e JOIN sighting s USING (id)",
    "traffic_minute": "SELECT t.at, f.client, f.server, f.vlan, t.connections, t.packets, t.bytes, t.packets_back, t.bytes_back "
                      "FROM traffic_minute t JOIN flow f ON f.id = t.flow_id",
    "presence": "SELECT f.faces, p.since, p.until FROM presence p JOIN faces f ON f.id = p.host_id",
}
FACES = "CREATE TEMP VIEW faces AS SELECT host_id AS id, string_agg(concat_ws(' ', mac, ip, vlan), ', ' ORDER BY mac, ip, vlan) AS faces FROM interface GROUP BY 1;"


def stored(c, entity):
    rows = c.sql(f"SELECT coalesce(json_agg(v)::jsonb, '[]') FROM live_{entity} v")[0][0]
    return {row["id"]: row for row in json.loads(rows)}


def tell(batches, settled):
    c = Collector()
    try:
        c.start()
        c.sign_up()
        s = c.sensor()
        b = c.browser()
        for number, facts in enumerate(batches, 1):
            if not settled:
                c.sql("UPDATE sighting SET settled = false")
            s.say(number, *facts)
        c.concluded()
        short = refreshed(c)
        rows = {table: sorted(map(tuple, c.sql(FACES + query))) for table, query in ROWS.items()}
        seq = int(c.sql("SELECT change_seq FROM network")[0][0])
        b.follow(lambda: b.seq >= seq, 60)
        watched = [entity for entity in ("host", "interface", "service", "flow") if b.rows.get(entity, {}) != stored(c, entity)]
        return rows, short, watched + ["gaps"] * b.gaps
    finally:
        c.remove()


def compare(seed):
    batches = story(seed)
    facts = sum(map(len, batches))
    rows, short, other = tell(batches, True)
    slow_rows, none, slow_other = tell(batches, False)
    ok(short > facts / 4 and none == 0, f"story {seed}: {short} of {facts} facts went the short way, and none where nothing is settled")
    for table in ROWS:
        if not ok(rows[table] == slow_rows[table] and rows[table], f"story {seed}: {len(rows[table])} rows of {table} are the same by both ways"):
            for row in sorted(set(rows[table]) ^ set(slow_rows[table]))[:6]:
                print(f"#   {'short' if row in rows[table] else 'long '} {row}")
    equal((other, slow_other), ([], []), f"story {seed}: a browser that watched has the database's rows, by both ways")


def refreshed(c):
    metrics = c.request("GET", "/metrics")[1].decode()
    return next(int(line.split()[1]) for line in metrics.splitlines() if line.startswith("netvisor_facts_refreshed_total "))


def holders(c, s):
    """An address that goes from A to B and back: what it serves and sends goes along each time."""
    times = iter(range(2000, 9000, 10))
    numbers = iter(range(1, 1000))

    def say(*facts):
        s.say(next(numbers), *facts)

    def claim(mac):
        say(fact("address", mac=mac, ip="10.1.0.1", first=1900 if mac == MACS[0] else 1950, last=next(times)))
        host = c.sql(f"SELECT host_id FROM interface WHERE mac = '{mac}' AND ip = '10.1.0.1'")[0][0]
        return host, c.sql("SELECT (SELECT host_id FROM service), (SELECT client_host_id FROM flow)")[0]

    claim(MACS[0])
    rest = [fact("service", source="tcp", ip="10.1.0.1", port=80, proto="tcp", state="open", first=1900),
            fact("flow", source="tcp", client="10.1.0.1", server="10.1.0.2", port=80, proto="tcp", first=1900, connections=1, packets=1, bytes=1, packets_back=1, bytes_back=1)]
    say(*rest)
    for what, mac in (("A, who has it", MACS[0]), ("B", MACS[1]), ("A again", MACS[0]), ("B again", MACS[1]), ("A once more", MACS[0])):
        host, owners = claim(mac)
        equal(owners, [host, host], f"what is at the address is that of {what}")
    for _ in range(3):
        claim(MACS[0])
    before = refreshed(c)
    claim(MACS[0])
    equal(refreshed(c) - before, 1, "A keeps it, and goes the short way again")
    host, owners = claim(MACS[1])
    equal(owners, [host, host], "until B comes")

    # A row that somebody took away while what was said of it was settled.
    for _ in range(4):
        say(fact("address", mac=MACS[2], ip="10.1.0.3", first=1900, last=next(times)))
    before = refreshed(c)
    c.sql(f"DELETE FROM host WHERE id = (SELECT host_id FROM interface WHERE mac = '{MACS[2]}'); DELETE FROM interface WHERE mac = '{MACS[2]}'")
    say(fact("address", mac=MACS[2], ip="10.1.0.3", first=1900, last=next(times)))
    equal((c.sql(f"SELECT count(*) FROM interface WHERE mac = '{MACS[2]}'"), refreshed(c) - before), ([["1"]], 0), "a row that is gone comes back the long way")
    return numbers


def chunks(c, s, numbers):
    """The log in chunks of a few numbers: nothing is lost where one ends, and a browser sees no gap."""
    c.sql("UPDATE network SET change_ready = change_seq + 3, change_chunk = 4;"
          "CREATE TEMP TABLE log ON COMMIT DROP AS SELECT * FROM change; DELETE FROM change;"
          "DO $$ DECLARE part text; BEGIN SELECT 'change_' || replace(id::text, '-', '') INTO part FROM network;"
          "EXECUTE format('DROP TABLE %I', part || '_1');"
          "EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (1) TO (%s)', part || '_1', part, (SELECT change_ready + 1 FROM network));"
          "UPDATE change_chunk SET last_seq = (SELECT change_ready FROM network); END $$;"
          "INSERT INTO change SELECT * FROM log")
    b = c.browser(after=1)
    for i in range(12):
        s.say(next(numbers), *[fact("address", mac=f"00:1b:22:00:{i:02x}:{k:02x}", ip=f"10.2.{i}.{k}", first=2000, last=2000 + i) for k in range(i + 1)])
    count, first, last, seq, parts = map(int, c.sql("SELECT count(*), min(seq), max(seq), (SELECT change_seq FROM network), (SELECT count(*) FROM change_chunk) FROM change")[0])
    ok(parts > 3 and (count, first, last) == (seq, 1, seq), f"{count} entries of the log in {parts} chunks, none missing")
    ok(b.follow(lambda: b.seq >= seq) and b.gaps == 0, "and a browser sees each of them")
    c.sql("UPDATE change SET at = now() - interval '9 days' WHERE seq <= (SELECT last_seq FROM change_chunk ORDER BY first_seq OFFSET 1 LIMIT 1)")
    c.sql("SELECT act_as('', '', 'on'); SELECT change_drop(id, now() - interval '5 days') FROM network", role="netvisor_app")
    kept = int(c.sql("SELECT min(seq) FROM change")[0][0])
    ok(kept > 4 and [[str(kept), str(parts - 2)]] == c.sql("SELECT min(first_seq), count(*) FROM change_chunk"), f"two old chunks are dropped whole, {kept} is the first")


for seed in (int(word) for word in os.environ.get("SEEDS", "1").split()):
    compare(seed)
c = Collector()
try:
    c.start()
    c.sign_up()
    s = c.sensor()
    chunks(c, s, holders(c, s))
finally:
    c.remove()
end()
