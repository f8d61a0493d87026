#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Traffic by the minute, hour and day against what the sensor said, while two collectors sum it up, drop what is old, and are told more of it late."""
import random
from urllib.parse import urlencode

from netvisor import *

dice = random.Random(int(os.environ.get("SEED", "11")))
CLIENTS, SERVERS = [f"10.1.0.{i}" for i in range(1, 6)], [f"10.2.0.{i}" for i in range(1, 4)]
DAY = 86400
c = Collector()
c.start()
# A second collector on the same database. It looks after everything two seconds after its start.
other = Collector("--database-url", f"postgresql://netvisor@/postgres?host={c.directory}/data/postgres")
batch = 0
said = {}  # (client, server, port, minute) → connections, packets, bytes, packets_back, bytes_back


def ask(path, **query):
    status, answer = c.request("GET", f"/api/{path}" + ("?" + urlencode({k.rstrip("_"): v for k, v in query.items()}) if query else ""))
    return answer["data"] if status == 200 else (status, answer["error"])


def say(times):
    """Flows at these times: another `first` each, so that each fact's counters are added."""
    global batch
    facts = []
    for at in times:
        client, server, port = dice.choice(CLIENTS), dice.choice(SERVERS), dice.choice((80, 443))
        counts = [1, dice.randrange(1, 50), dice.randrange(100, 5000), dice.randrange(1, 50), dice.randrange(100, 9000)]
        facts.append(fact("flow", source="tcp", client=client, server=server, port=port, proto="tcp", first=at, last=at, connections=counts[0],
                          packets=counts[1], bytes=counts[2], packets_back=counts[3], bytes_back=counts[4]))
        key = (client, server, port, int(at // 60) * 60)
        said[key] = [a + b for a, b in zip(said.get(key, [0] * 5), counts)]
    batch += 1
    s.say(batch, *facts)


def summed(since, until, step, want=lambda client, server, port: True):
    series = {}
    for (client, server, port, minute), counts in said.items():
        at = minute // step * step
        if since <= at and minute < until and want(client, server, port):
            series[at] = [a + b for a, b in zip(series.get(at, [0] * 5), counts)]
    return series


NAMES = ("connections", "packets", "bytes", "packets_back", "bytes_back")


def numbers(row):
    return [row[name] for name in NAMES]


def series_of(answer):
    return {int(point["at"]): numbers(point) for point in answer["series"]}


def check(what, since, until, steps=("hour", "day")):
    for name in steps:
        length = {"minute": 60, "hour": 3600, "day": DAY}[name]
        low = since // length * length
        answer = ask("traffic", from_=low, to=until, step=name)
        equal(series_of(answer), summed(low, until, length), f"{what}: the series by the {name}")


def upkeep(done, what):
    """Let the second collector start, look after the database, and end."""
    other.start()
    ok(until(done, 25, 0.2), what)
    other.stop()


def count(table, where="true"):
    return int(c.sql(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])


try:
    c.sign_up()
    s = c.sensor()
    now = int(time.time())
    batch += 1
    s.say(batch, *[fact("address", mac=f"02:00:00:00:{i:02x}:{j:02x}", ip=ip, first=now - 50 * DAY, last=now)
                   for i, ips in enumerate((CLIENTS, SERVERS)) for j, ip in enumerate(ips)])
    network = c.sql("SELECT id FROM network")[0][0]
    hosts = dict(c.sql("SELECT host(ip), host_id FROM interface"))
    # The last hour, the last day, some days ago, weeks ago, and more than a month ago, which has no partition of its own.
    say([now - dice.randrange(3500) for _ in range(60)])
    say([now - dice.randrange(20 * 3600) for _ in range(120)])
    for days in (4, 5, 20, 45):
        say([now - days * DAY + dice.randrange(7200) for _ in range(40)])

    # What is told between summing and dropping: it is not lost, nor is what has a sum already added to it twice. Of a day that the
    # collector's own upkeep does not drop yet, and in its turn.
    as_upkeep = "SELECT pg_advisory_xact_lock(7811170073) \\g /dev/null\nSELECT set_config('netvisor.role', 'system', true) \\g /dev/null\n"
    drop = as_upkeep + "SELECT traffic_drop('traffic_minute', now() - interval '1 day')"
    sum_up = as_upkeep + "UPDATE traffic_touched SET rolling = true; SELECT traffic_roll(network_id, hour, 'traffic_minute') FROM traffic_touched"
    two_days_ago = lambda: say([now - 2 * DAY + dice.randrange(7200) for _ in range(40)])
    two_days_ago()
    c.sql(sum_up)
    two_days_ago()
    c.sql(drop)
    check("told between summing and dropping", now - 50 * DAY, now + 60)
    c.sql(sum_up)
    check("and summed", now - 50 * DAY, now + 60)
    c.sql(drop)
    two_days_ago()
    c.sql(drop)
    check("told after dropping, and before another", now - 50 * DAY, now + 60)

    # What was said is what is told, in any cut.
    check("by minutes", now - 3600, now + 60, ("minute",))
    check("from minutes alone", now - 50 * DAY, now + 60)
    hour = ask("traffic", from_=now - 3600, by="edge", limit=200)
    edges = {}
    low = (now - 3600) // 60 * 60
    for (client, server, port, minute), counts in said.items():
        if minute >= low:
            edges[client, server, port] = [a + b for a, b in zip(edges.get((client, server, port), [0] * 5), counts)]
    equal({(e["client"], e["server"], e["port"]): numbers(e) for e in hour["top"]}, edges, "by edge: each flow's sums")
    order = [e["bytes"] + e["bytes_back"] for e in hour["top"]]
    ok(order == sorted(order, reverse=True) and hour["count"] == len(edges), "the largest first")
    equal(sum(point[1] for point in hour["top"][0]["series"]), order[0], "the first ones have a series of their own")
    sent = {}
    for (client, server, port), n in edges.items():
        for ip, row in ((client, n), (server, [n[0], n[3], n[4], n[1], n[2]])):
            sent[hosts[ip]] = [a + b for a, b in zip(sent.get(hosts[ip], [0] * 5), row)]
    equal({h["host_id"]: numbers(h) for h in ask("traffic", from_=now - 3600, by="host", limit=200)["top"]}, sent, "by host: what each sent and got")
    served = {}
    for (client, server, port), n in edges.items():
        served[server, port] = [a + b for a, b in zip(served.get((server, port), [0] * 5), n)]
    equal({(h["server"], h["port"]): numbers(h) for h in ask("traffic", from_=now - 3600, by="service", limit=200)["top"]}, served, "by service")
    one = hosts[CLIENTS[0]]
    mine = ask(f"hosts/{one}/traffic", from_=now - 3600, by="host")
    equal(series_of(mine), summed(low, now + 60, 60, lambda client, server, port: client == CLIENTS[0]), "one host's traffic alone")
    ok(one not in {h["host_id"] for h in mine["top"]} and mine["top"], "with whom it spoke")
    c.request("POST", "/api/subnets", {"network_id": network, "cidr": "10.1.0.0/16", "name": "clients"})
    where = {p["cidr"]: numbers(p) for p in ask("traffic", from_=now - 3600, by="subnet")["top"] if p["label"] == "clients"}
    equal(where, {"10.1.0.0/16": [sum(column) for column in zip(*edges.values())]}, "by subnet")
    c.request("POST", "/api/subnets", {"network_id": network, "cidr": "10.2.0.1/32", "name": "one server"})
    placed = {row[0]: row[1] for row in c.sql("SELECT name, id FROM subnet")}
    low = (now - 3600) // 60 * 60
    for what, query, want in (("to a port", {"port": 443}, lambda cl, sv, port: port == 443), ("of a protocol that nobody spoke", {"proto": "udp"}, lambda *_: False),
                              ("of a subnet", {"subnet_id": placed["one server"]}, lambda cl, sv, port: sv == "10.2.0.1"),
                              ("of a subnet, to a port", {"subnet_id": placed["one server"], "port": 80, "proto": "tcp"}, lambda cl, sv, port: sv == "10.2.0.1" and port == 80)):
        equal(series_of(ask("traffic", from_=low, to=now, step="minute", **query)), summed(low, now, 60, want), f"only what is {what}")
    equal(ask("traffic", from_=now - 30 * DAY, step="minute")[0], 400, "too many steps are refused")
    equal(ask("traffic", from_=now, to=now - 60)[0], 400, "so is a time that ends before it begins")
    equal([ask("traffic", from_=now - span)["step"] for span in (3600, 10 * DAY, 50 * DAY)], ["minute", "hour", "day"], "steps by age and span")
    equal(ask("traffic", network_id=one)[0], 404, "another network is none")
    equal(ask(f"hosts/{network}/traffic")[0], 404, "another host neither")

    # Summed up and dropped by two collectors, and nothing is another.
    upkeep(lambda: count("traffic_touched", "hour < now() - interval '63 minutes'") == 0 and count("traffic_touched_day", "day < now() - interval '26 hours'") == 0,
           "hours and days that are over are summed")
    check("from sums", now - 50 * DAY, now + 60)
    upkeep(lambda: count("traffic_minute", "at < now() - interval '3 days'") == 0, "minutes of days ago are dropped")
    ok(count("traffic_hour") > 0 and count("traffic_day") > 0 and count("traffic_minute") > 0, "hours and days are there, and the minutes of today")
    check("after that", now - 50 * DAY, now + 60)

    # Told late: to an hour whose minutes are there, to one whose minutes are gone, to a day of which nothing was known.
    say([now - 2 * 3600 + dice.randrange(600) for _ in range(20)])
    for days in (4, 5, 20, 45, 10):
        say([now - days * DAY + dice.randrange(7200) for _ in range(20)])
    check("told late, at once", now - 50 * DAY, now + 60)
    upkeep(lambda: count("traffic_touched", "hour < now() - interval '63 minutes'") == 0 and count("traffic_touched_day", "day < now() - interval '26 hours'") == 0,
           "it is summed too")
    check("told late, summed", now - 50 * DAY, now + 60)
    upkeep(lambda: count("traffic_minute", "at < now() - interval '3 days'") == 0, "and its minutes leave")
    say([now - 20 * DAY + dice.randrange(7200) for _ in range(20)])
    upkeep(lambda: count("traffic_touched", "hour < now() - interval '63 minutes'") == 0 and count("traffic_touched_day", "day < now() - interval '26 hours'") == 0,
           "and once more")
    check("told late twice", now - 50 * DAY, now + 60)
    equal(ask("traffic", from_=now - 3600, by="total")["total"]["bytes"], sum(n[2] for k, n in said.items() if k[3] >= low), "the last hour is as it was")

    # A network that keeps less.
    c.sql("UPDATE network SET retention_days = 10")
    upkeep(lambda: count("traffic_hour", "at < now() - interval '41 days'") == 0 and count("traffic_day", "at < now() - interval '366 days'") == 0,
           "what is older than the network keeps leaves by partitions")
    equal([line for line in (c.logged() + other.logged()).splitlines() if "failed and is tried again" in line], [], "no upkeep failed")
finally:
    other.remove()
    c.remove()
end()
