#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The past as the API gives it, against what was seen at the time: a random story with snapshots, then as-of, difference, timelines,
presence, and what a network keeps."""
import random
from urllib.parse import urlencode

from netvisor import *

SEED = int(os.environ.get("SEED", "7"))
VOLATILE = {"last_seen", "present_until", "packets", "bytes", "packets_in", "bytes_in", "packets_back", "bytes_back", "connections", "clients", "rtt_us", "counters", "losses"}
NOISE = VOLATILE | {"revision", "updated_at"}
ENTITIES = ("host", "interface", "service", "flow", "network", "neighbor")
MACS = [f"00:1b:21:00:{i // 256:02x}:{i % 256:02x}" for i in range(1, 25)]
dice = random.Random(SEED)
c = Collector()


def ask(path, **query):
    """data, or the status with which it was refused."""
    query = {key.rstrip("_"): value for key, value in query.items()}
    status, answer = c.request("GET", f"/api/{path}" + (f"?{urlencode(query)}" if query else ""))
    if status >= 500 or os.environ.get("V"):
        print(f"# {path} {query}: {c.logged()[-600:]}")
    return answer["data"] if status == 200 else (status, answer["error"])


def without(row, columns):
    return {key: value for key, value in row.items() if key not in columns}


def snapshot():
    """What the views show now, and a time at which they did; once all is concluded, lest more follows meanwhile."""
    c.concluded()
    time.sleep(0.02)
    query = " UNION ALL ".join(f"SELECT '{e}', coalesce(jsonb_agg(v), '[]') FROM live_{e} v" for e in ENTITIES)
    rows = {entity: {row["id"]: without(row, VOLATILE) for row in json.loads(text)} for entity, text in c.sql(query)}
    moment = time.time()
    time.sleep(0.02)
    return moment, rows


def facts(step):
    """One batch of what a sensor might say."""
    first = 1000.0 + step
    mac, ip, vlan = dice.choice(MACS), f"10.0.{dice.randrange(3)}.{dice.randrange(1, 30)}", dice.choice(((), (10,)))
    kind = dice.randrange(7)
    if kind == 0:
        return fact("address", mac=mac, ip=ip, vlan=vlan, first=first)
    if kind == 1:
        return fact("host", source="ip", ip=ip, vlan=vlan, first=first, packets=dice.randrange(100), bytes=1000, packets_in=1, bytes_in=10)
    if kind == 2:
        return fact("name", source=dice.choice(("dhcp", "mdns", "dns")), mac=mac, name=f"name-{dice.randrange(40)}", kind="hostname", first=first)
    if kind in (3, 4):
        return fact("service", source="tcp", ip=ip, vlan=vlan, port=dice.choice((22, 80, 443)), proto="tcp", state=dice.choice(("open", "closed")),
                    clients=dice.randrange(9), first=first)
    if kind == 5:
        return fact("flow", source="tcp", client=ip, server=f"10.0.0.{dice.randrange(1, 30)}", port=80, proto="tcp", vlan=vlan, first=first,
                    connections=1, packets=dice.randrange(50), bytes=100, packets_back=1, bytes_back=1)
    return fact("neighbor", source="lldp", mac=mac, chassis=f"ch-{dice.randrange(4)}", port="1", system_name=f"sw-{dice.randrange(4)}", first=first)


def compare(moment, rows, what, most):
    """as-of of that moment, paged, against what was seen then."""
    same = True
    for entity in ENTITIES:
        have, offset = {}, 0
        while True:
            page = ask("history/as-of", at=f"{moment:.6f}", entity=entity, limit=most, offset=offset)["entities"][entity]
            have.update({row["id"]: row for row in page["rows"]})
            offset += most
            if offset >= page["total"]:
                break
        late = [row for row in have.values() if row.get("last_seen", 0) > moment + 0.001]
        have = {key: without(row, VOLATILE) for key, row in have.items()}
        if have != rows[entity] or late:
            same = False
            for key in set(have) | set(rows[entity]):
                if have.get(key) != rows[entity].get(key):
                    print(f"#   {entity} {key}\n#   have {have.get(key)}\n#   want {rows[entity].get(key)}")
    ok(same, what)


def count_hosts():
    return int(c.sql("SELECT count(*) FROM host")[0][0])


def net_effect(before, after):
    """What difference must say of two snapshots."""
    want = {}
    for entity in ENTITIES:
        for key in set(before[entity]) | set(after[entity]):
            was, is_now = before[entity].get(key), after[entity].get(key)
            if was is None:
                want[entity, key] = ("added", None, None)
            elif is_now is None:
                want[entity, key] = ("removed", None, None)
            else:
                columns = [name for name in is_now if name not in NOISE and was[name] != is_now[name]]
                if columns:
                    want[entity, key] = ("changed", {n: was[n] for n in columns}, {n: is_now[n] for n in columns})
    return want


def said_difference(low, high):
    have, offset = {}, 0
    while True:
        answer = ask("history/difference", from_=f"{low:.6f}", to=f"{high:.6f}", limit=50, offset=offset)
        have.update({(i["entity"], i["id"]): (i["change"], i["before"], i["after"]) for i in answer["items"] if i["entity"] in ENTITIES})
        offset += 50
        if offset >= answer["total"]:
            return have, answer


try:
    c.start()
    me = c.sign_up()
    network = c.sql("SELECT id FROM network")[0][0]
    s = c.sensor()
    moments = []
    print(f"# SEED={SEED}")
    for step in range(1, 121):
        s.say(step, *[facts(step) for _ in range(dice.randrange(1, 12))])
        if step % 12 == 0:
            moments.append(snapshot())
    moments.append(snapshot())
    counts = {entity: len(moments[-1][1][entity]) for entity in ENTITIES}
    ok(min(counts[e] for e in ("host", "interface", "service", "flow")) > 5, f"the story made {counts}")

    # A story that is known: one host's address alone, its MAC, its name, a service that closes; and an address that moves on.
    def told(key):
        return [(e["entity"], e["kind"]) for e in reversed(ask(f"hosts/{key}/timeline")["entries"]) if e["kind"] != "recognized"]

    s.say(200, fact("host", source="ip", vlan=[77], ip="10.7.0.5", first=5000, packets=1, bytes=1, packets_in=0, bytes_in=0))
    s.say(201, fact("service", source="tcp", vlan=[77], ip="10.7.0.5", port=22, proto="tcp", state="open", clients=1, first=5001))
    s.say(202, fact("address", vlan=[77], mac="00:1b:21:77:00:01", ip="10.7.0.9", first=5002))
    s.say(203, fact("address", vlan=[77], mac="00:1b:21:77:00:01", ip="10.7.0.5", first=5003))
    s.say(204, fact("name", source="dhcp", mac="00:1b:21:77:00:01", name="seven", kind="hostname", first=5004))
    s.say(205, fact("service", source="tcp", vlan=[77], ip="10.7.0.5", port=22, proto="tcp", state="closed", clients=1, first=5005))
    seven = c.sql("SELECT id FROM host WHERE name = 'seven'")[0][0]
    kinds = told(seven)
    equal(kinds[:3], [("host", "appeared"), ("interface", "address_added"), ("service", "service_opened")], "its timeline begins with what was merged into it")
    ok(("host", "merged") in kinds and ("service", "moved") in kinds, "tells the merge")
    equal(kinds[-2:], [("host", "renamed"), ("service", "service_closed")], "and ends with its name and the service that closed")
    entry = next(e for e in ask(f"hosts/{seven}/timeline")["entries"] if e["kind"] != "recognized")
    equal((entry["before"], entry["after"], entry["label"]), ({"state": "open"}, {"state": "closed"}, "10.7.0.5:22/tcp"), "only the column that changed")
    flow_of = ask(f"services/{entry['id']}/timeline")
    equal([e["kind"] for e in flow_of["entries"] if e["kind"] != "recognized"], ["service_closed", "moved", "service_opened"], "the service by itself")

    # As it was at every moment.
    for i, (moment, rows) in enumerate(moments):
        compare(moment, rows, f"as of moment {i}: every row as it was", 37 if i == 4 else 5000)
    whole = ask("history/as-of", at=f"{moments[3][0]:.6f}")
    ok({"host", "interface", "service", "flow", "network", "sensor"} <= set(whole["entities"]), "without an entity, all of them")
    equal({row["id"] for row in whole["entities"]["host"]["rows"]}, set(moments[3][1]["host"]), "with the hosts of then")
    equal(ask("history/as-of", at=f"{moments[0][0] - 86400:.3f}")["entities"]["host"]["total"], 0, "before the network was made there was nothing")

    # The difference between any two.
    for a, b in ((0, 1), (2, 7), (0, len(moments) - 1), (4, 4)):
        (low, before), (high, after) = moments[a], moments[b]
        have, answer = said_difference(low, high)
        want = net_effect(before, after)
        equal(len(have), len(want), f"difference of moments {a} and {b}: {len(want)} things")
        wrong = {key for key in want if have.get(key) != want[key]}
        ok(not wrong, "with the columns that are not the same")
        for key in list(wrong)[:3]:
            print(f"#   {key}\n#   have {have.get(key)}\n#   want {want[key]}")
        for entity, numbers in answer["counts"].items():
            if entity in ENTITIES:
                equal(numbers, {kind: sum(1 for k, v in want.items() if k[0] == entity and v[0] == kind) for kind in ("added", "removed", "changed")},
                      f"counts of {entity}")

    # Every entity's timeline, replayed from its oldest entry on, gives its row; pages give the same as the whole.
    for entity, path in (("host", "timeline/host"), ("interface", "interfaces"), ("service", "services"), ("flow", "flows")):
        good = 0
        some = dice.sample(sorted(moments[-1][1][entity]), 40)
        for key in some:
            row = moments[-1][1][entity][key]
            line = ask(f"{path}/{key}" + ("" if "/" in path else "/timeline"), limit=500)
            state = {}
            for entry in reversed(line["entries"]):
                state.update(entry["after"] or {})
            good += without(state, VOLATILE) == without(row, {"revision"}) | ({"revision": state["revision"]} if "revision" in state else {}) and line["exists"]
        equal(good, len(some), f"replaying the timeline of each {entity} gives its row")
    lines = {key: ask(f"hosts/{key}/timeline", limit=500) for key in moments[-1][1]["host"]}
    host = max(lines, key=lambda key: len(lines[key]["entries"]))
    line = lines[host]
    pages, before = [], None
    while True:
        page = ask(f"hosts/{host}/timeline", limit=7, **({"before_seq": before} if before else {}))
        pages += page["entries"]
        before = page["next"]
        if before is None:
            break
    ok(pages[:500] == line["entries"] and len(pages) > 7, f"a host's timeline page by page is the same ({len(pages)} entries)")
    ok(all(a["seq"] > b["seq"] and a["at"] >= b["at"] for a, b in zip(pages, pages[1:])), "newest first")
    ok({"host", "interface", "service"} <= {e["entity"] for e in pages}, "with its interfaces and services")
    ok(all(e["actor"]["type"] == "sensor" and e["actor"]["name"] for e in pages if e["evidence"]), "what a sensor said bears its name")
    merged = [e for one in lines.values() for e in one["entries"] if e["kind"] == "merged"]
    ok(merged, f"hosts that were merged into others are told there ({len(merged)})")
    gone = merged[0]["id"]
    equal((ask(f"hosts/{gone}/timeline")["exists"], ask(f"timeline/host/{gone}")["entries"][0]["into"]), (False, merged[0]["into"]),
          "and have a timeline of their own, which says where they went")
    equal(ask(f"hosts/{network}/timeline")[0], 404, "of what never was there is none")

    # The log, page by page, both ways.
    def log(**query):
        pages, key = [], "after" if "after" in query else "before"
        while True:
            page = ask("changes", limit=100, **query)
            pages += page["entries"]
            if page["next"] is None:
                return pages
            query[key] = page["next"]

    up, down = log(after=0), log()
    ok([e["seq"] for e in up] == sorted(e["seq"] for e in down) and up == down[::-1], f"the log rising is the log falling ({len(up)} entries)")
    equal([e["seq"] for e in up], [int(row[0]) for row in c.sql("SELECT seq FROM change WHERE entity <> 'seen' ORDER BY seq")], "and all of it")
    ok(all(e["entity"] == "service" for e in log(entity="service")), "of one entity")
    # What a person does bears their name; another's edit in between is not theirs.
    path = f"/api/hosts/{seven}"
    equal(c.request("PUT", path, {"name": "By hand", "description": "the seventh"})[0], 200, "a person renames the host")
    entry = next(e for e in ask(f"hosts/{seven}/timeline")["entries"] if e["kind"] != "recognized")
    equal((entry["kind"], entry["actor"]["type"], entry["actor"]["id"], entry["after"]["name"], entry["before"]["name"]),
          ("renamed", "person", me["id"], "By hand", "seven"), "the timeline says who, and what was before")
    c.request("PUT", path, {"description": "lucky"})
    equal(ask(f"timeline/host/{seven}", limit=1)["entries"][0]["kind"], "edited", "an edit of something else is an edit")
    made = c.request("POST", "/api/subnets", {"network_id": network, "cidr": "10.7.0.0/24", "name": "seventh"})[1]["data"]["id"]
    moment, _ = snapshot()
    equal(c.request("DELETE", f"/api/subnets/{made}")[0], 200, "a subnet is made and removed by hand")
    line = ask(f"subnets/{made}/timeline")
    equal(([e["kind"] for e in line["entries"]], line["exists"], line["label"]), (["deleted", "created"], False, "seventh"), "its timeline stays")
    rows = {row["id"]: row for row in ask("history/as-of", at=f"{moment:.6f}", entity="subnet")["entities"]["subnet"]["rows"]}
    equal(rows[made]["cidr"], "10.7.0.0/24", "as of before, it is there")

    # Presence: there from three days ago for eight hours, away, and there again since an hour ago.
    now = time.time()
    mac, came, stay = "00:1b:21:88:00:01", now - 3 * 86400, 34 * 864
    for i in range(0, 35):
        s.say(300 + i, fact("address", mac=mac, ip="10.8.0.1", first=came, last=came + i * 864, count=i + 1))
    for i in range(0, 6):
        s.say(401 + i, fact("address", mac=mac, ip="10.8.0.1", first=now - 3600, last=now - 3600 + i * 720, count=i + 1))
    eight = c.sql("SELECT host_id FROM interface WHERE ip = '10.8.0.1'")[0][0]
    there = ask(f"hosts/{eight}/presence")
    equal([(round(i["since"] - now), i["until"] and round(i["until"] - now)) for i in there["intervals"]],
          [(-3 * 86400, -3 * 86400 + stay), (-3600, None)], "a host's stays")
    equal((there["present"], round(there["first_seen"] - now), round(there["present_since"] - now)), (True, -3 * 86400, -3600), "it is there, since then")
    equal(round(there["share"] * 30 * 86400), round(stay + 3600 + there["to"] - now), "the share of the time that it was there")
    whole = sum(d["share"] for d in there["days"][1:-1]) * 86400
    ok(stay - 1 < whole < stay + 3601, "of which the whole days have their part")
    days = {d["day"]: d["share"] for d in ask(f"hosts/{eight}/presence", from_=came, to=came + stay)["days"]}
    ok(len(days) in (1, 2) and all(share > 0.9999 for share in days.values()), "all of a time in which it was")
    equal(ask(f"hosts/{eight}/presence", from_=now - 401 * 86400)[0], 400, "too long a time is refused")

    def at(moment):
        answer = ask("history/presence", at=moment)
        return eight in {h["host_id"] for h in answer["hosts"]}, answer["total"] + answer["absent"]

    equal([at(now - back * 86400)[0] for back in (2.9, 1, 0.02)], [True, False, True], "who was there at a time")
    ok(at(now - 1)[1] == count_hosts() and at(now - 4 * 86400)[1] == count_hosts() - 1, "all that were known then, there or not")
    ok("back_after_absence" in [e["kind"] for e in ask(f"timeline/host/{eight}")["entries"]], "its timeline says that it came back")

    # Old entries leave by whole chunks, and the history says how far it reaches.
    keep = moments[5][0]
    c.sql("CREATE TEMP TABLE log ON COMMIT DROP AS SELECT * FROM change; DO $$ BEGIN EXECUTE (SELECT format('DROP TABLE %I', 'change_' || "
          "replace(id::text, '-', '') || '_1') FROM network); END $$; DELETE FROM change_chunk; UPDATE network SET change_ready = 0, change_chunk = 64;"
          "SELECT change_chunk_add(id) FROM network, generate_series(1, 12); INSERT INTO change SELECT * FROM log")
    had = int(c.sql("SELECT min(seq) FROM change")[0][0])
    c.sql(f"UPDATE change SET at = at - interval '3 days' WHERE at < 'epoch'::timestamptz + {keep} * interval '1 second'")
    equal(c.request("PUT", f"/api/networks/{network}", {"retention_days": 0})[0], 400, "nothing is kept for no day")
    equal(c.request("PUT", f"/api/networks/{network}", {"retention_days": 2})[1]["data"]["retention_days"], 2, "a network keeps two days")
    entry = ask(f"networks/{network}/timeline", limit=1)["entries"][0]
    equal((entry["kind"], entry["before"], entry["after"]), ("edited", {"retention_days": None}, {"retention_days": 2}), "which its timeline tells")
    c.sql("UPDATE network SET created_at = created_at - interval '4 days'")
    c.stop()
    c.start()
    until(lambda: int(c.sql("SELECT min(seq) FROM change")[0][0]) > had, 10)
    first = int(c.sql("SELECT min(seq) FROM change")[0][0])
    last_old = int(c.sql(f"SELECT max(seq) FROM change WHERE at < now() - interval '2 days'")[0][0])
    ok(had < first <= last_old + 1, f"a network that keeps two days loses the log's beginning (entry {had} to {first - 1} of {last_old})")
    equal(c.sql("SELECT count(*) = max(seq) - min(seq) + 1 FROM change"), [["t"]], "without a gap")
    status, why = ask("history/as-of", at=f"{keep - 3.5 * 86400:.3f}")
    ok(status == 410 and "reaches back to" in why, f"a time before is refused: {why}")
    equal(ask("history/difference", from_=f"{keep - 3.5 * 86400:.3f}")[0], 410, "so is a difference from then on")
    compare(*moments[7], "a time that is kept is as it was", 5000)
    oldest = ask(f"timeline/host/{seven}")["oldest_at"]
    ok(ask("changes", limit=1)["oldest"] == first and abs(oldest - float(c.sql("SELECT seconds(changes_from) FROM network")[0][0])) < 0.001,
       "and it is said how far the log reaches")
    equal(ask("history/as-of", at="soon")[0], 400, "a time must be a number")
    equal(ask("history/as-of")[0], 400, "and be there")
finally:
    c.remove()
end()
