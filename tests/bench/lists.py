#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Lists at HOSTS=100000 hosts: every order, both directions, first, middle and last page, every filter, searches. Each is asked TIMES=5 times over
one connection, from the request to the last byte of the answer; the median counts. On a machine that does other work, too, the processor time of
PostgreSQL and the collector says more: it is what an idle machine would take. LISTS=hosts,flows for some only."""
import os
import re
import sys
from urllib.parse import quote

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "collector"))
from netvisor import *

HOSTS = int(os.environ.get("HOSTS", "100000"))
GOAL_MS = 100
TIMES = int(os.environ.get("TIMES", "5"))
LISTS = os.environ.get("LISTS", "hosts,interfaces,services,flows,subnets").split(",")
c = Collector("--change-days", "30")


def uuid(text):
    digest = hashlib.md5(text.encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:]))


def orders():
    """{path: its orders}, from the statements themselves."""
    found = {}
    for name in ("things_host.sql", "things.sql", "api.sql"):
        with open(os.path.join(TOP, "collector", "sql", name)) as file:
            for one, line in re.findall(r"^-- name: list_(\w+)\n-- orders: (.*)$", file.read(), re.M):
                found[one + "s"] = [order.split()[0] for order in line.split("|")]
    return found


FILTERS = {
    "hosts": ["hidden=true", "hidden=false", "origin=discovery", "origin=manual", "subnet_id=" + uuid("subnet7"), "tag_ids=" + uuid("tag2"), "ip=10.0.7.10",
              "mac=00:1b:01:00:07:10", f"seen_since={time.time() - 60:.0f}", "ids=" + uuid("host77"), "children=true"],
    "interfaces": ["host_id=" + uuid("host77"), "subnet_id=" + uuid("subnet7")],
    "services": ["host_id=" + uuid("host77"), "port=443", "port=1077", "proto=tcp", "state=open", "origin=manual", "tag_ids=" + uuid("tag2")],
    "flows": ["host_id=" + uuid("host77"), "host_id=" + uuid("host2"), "port=443", "proto=tcp"],
    "subnets": ["subnet_type=Lan"],
}
SEARCHES = ["laptop", "printer-4242", "nothing-like-it", "10.0.7.", "00:1b:01:00:0", "a"]


def queries(path, names, total):
    pages = ["", f"offset={total // 2}", f"offset={max(total - 50, 0)}"]
    for order in names:
        for direction in ("asc", "desc"):
            for page in pages:
                yield "&".join(filter(None, (f"order_by={order}&order_direction={direction}", page)))
    for one in FILTERS.get(path, []):
        yield one
        yield one + f"&order_by={names[-1]}&order_direction=desc"
    for text in SEARCHES:
        yield "search=" + quote(text)
        yield "search=" + quote(text) + f"&order_by={names[-1]}&order_direction=desc"
    yield "limit=1000"


def ask(connection, target):
    begin = time.perf_counter()
    connection.request("GET", target, headers={"Cookie": c.cookie})
    response = connection.getresponse()
    data = response.read()
    took = (time.perf_counter() - begin) * 1000
    if response.status != 200:
        raise SystemExit(f"{target}: {response.status} {data[:300]}")
    return took, data


def processor_ms():
    """What the collector and its PostgreSQL have used so far."""
    spent = 0
    with open(f"/proc/{c.postmaster()}/task/{c.postmaster()}/children") as file:
        backends = file.read().split()
    for pid in [str(c.process.pid), *backends]:
        try:
            with open(f"/proc/{pid}/schedstat") as file:
                spent += int(file.read().split()[0]) / 1e6
        except OSError:
            pass
    return spent


def measure(connection, target):
    """(median of the time, processor time of one)"""
    before = processor_ms()
    times = sorted(ask(connection, target)[0] for _ in range(TIMES))
    return times[TIMES // 2], (processor_ms() - before) / TIMES


try:
    c.start()
    c.sign_up()
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "lists.sql")) as file:
        c.sql(f"\\set hosts {HOSTS}\n" + file.read().rstrip().rstrip(";"), seconds=300)
    c.sql("COMMIT; VACUUM ANALYZE; BEGIN")
    connection = http.client.HTTPConnection("localhost", c.port, timeout=60)
    taken = []
    for path, names in orders().items():
        if path not in LISTS:
            continue
        _, data = ask(connection, f"/api/{path}?limit=1")
        total = json.loads(data)["meta"]["pagination"]["total"]
        mine = []
        for query in queries(path, names, total):
            ms, processor = measure(connection, f"/api/{path}?{query}")
            mine.append((processor, ms, f"/api/{path}?{query}"))
        mine.sort(reverse=True)
        taken += mine
        medians = sorted(ms for _, ms, _ in mine)
        print(f"{path}: {total} rows, {len(mine)} queries: processor time median {mine[len(mine) // 2][0]:.0f} ms, most {mine[0][0]:.0f} ms, over {GOAL_MS} ms: "
              f"{sum(p > GOAL_MS for p, _, _ in mine)}; by the clock median {medians[len(mine) // 2]:.0f} ms, most {medians[-1]:.0f} ms", flush=True)
    taken.sort(reverse=True)
    for processor, ms, target in taken[:int(os.environ.get("SHOW", "12"))]:
        print(f"  {processor:7.1f} ms ({ms:.0f} by the clock)  {target}")
finally:
    c.remove()
sys.exit(taken[0][0] > GOAL_MS)
