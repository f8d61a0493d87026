#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Evidence becomes conclusions, with reasons, in the background: what is new of a host counts at once, and so do other definitions, for what was
heard long before. Definitions of one's own: in a directory and in the API, whose they are, refused with words, tried without being kept. Two
collectors on one database conclude the same things once."""
from netvisor import *

RACK = {"name": "Rack Watch", "description": "Watches a rack", "category": "Monitoring", "icon": "temperature", "is_generic": False,
        "match": {"http": {"title": "Rack Watch"}}}


def mac(i):
    return f"00:1b:21:00:{i // 256:02x}:{i % 256:02x}"


def trait(ip, key, value, **more):
    return fact("trait", source="probe", ip=ip, key=key, value=value, **more)


def web(ip, port, title, **more):
    return [fact("service", source="probe", confidence="measured", ip=ip, port=port, proto="tcp", state="open", name="http", **more), trait(ip, "http.title", title, port=port)]


def host_of(ip, browser=None):
    return next((r["host_id"] for r in (browser or b).rows.get("interface", {}).values() if r["ip"] == ip), None)


def services(ip, browser=None):
    """Of its host: what is at each port, and what it is as a whole."""
    rows = [r for r in (browser or b).rows.get("service", {}).values() if r["host_id"] == host_of(ip, browser) and r["state"] == "open"]
    return {r["port"] if r["port"] else r["definition"]: (r["definition"], r["certainty"]) for r in rows}


def becomes(what, want, browser=None):
    """The feed comes to say so."""
    if not ok((browser or b).follow(lambda: all(have() == value for have, value in want)), what):
        for have, value in want:
            print(f"#   have {have()!r}\n#   want {value!r}")


def call(method, path, body=None, want=200, at=None, **headers):
    status, answer = (at or c).request(method, path, body, headers or None)
    if status != want:
        print(f"# {method} {path}: {status} {answer}")
    return answer.get("data") if status == want == 200 else answer.get("error") or ""


def conclusions(ip):
    return call("GET", f"/api/hosts/{host_of(ip)}/conclusions")


def walk(node):
    yield node
    for child in node.get("of") or []:
        yield from walk(child)


def drained():
    return until(lambda: call("GET", "/api/definitions/progress")["due"] == 0)


def put(name, definition):
    """A file of the directory comes to be whole at once."""
    path = os.path.join(own, name)
    with open(path + ".new", "w") as file:
        file.write(definition if isinstance(definition, str) else json.dumps(definition))
    os.rename(path + ".new", path)


c = Collector()
second = Collector("--database-url", f"postgresql:///postgres?host={c.directory}/data/postgres&user=netvisor")
own = os.path.join(c.directory, "definitions")
os.makedirs(own + "/devices")
put("rack-watch.json", {**RACK, "match": {"http": {"title": "no such title"}}})
put("broken.json", {**RACK, "match": {"http": {"title": "/(/"}}})
for one in (c, second):
    one.options += ["--definitions", own]
try:
    c.start()
    me = c.sign_up()
    b = c.browser()
    s = c.sensor()
    network = s.welcome["network_id"]

    # Evidence, then more of it, then none of it.
    s.say(1, fact("address", mac=mac(1), ip="10.1.0.1"), *web("10.1.0.1", 3000, "Grafana"), *web("10.1.0.1", 9999, "Rack Watch 7"),
          fact("service", source="tcp", ip="10.1.0.1", port=22, proto="tcp", state="open"))
    becomes("a page tells its service, a port alone a guess, and what nobody knows is what it speaks",
            [(lambda: services("10.1.0.1"), {3000: ("grafana", "high"), 9999: ("http", "certain"), 22: ("ssh", "low")})])
    seq = b.seq
    s.say(2, trait("10.1.0.1", "ssh.banner", "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3", port=22),
          fact("service", source="probe", ip="10.1.0.1", port=22, proto="tcp", state="open", name="ssh"))
    becomes("its banner makes it sure", [(lambda: services("10.1.0.1")[22][1] in ("high", "certain"), True)])
    entry = next(x for x in b.changes if x["seq"] > seq and x["entity"] == "service" and "certainty" in x["set"])
    ok("host_id" not in entry["set"] and entry["op"] == "update", f"the feed tells what is another now, and no more: {entry['set']}")
    told = conclusions("10.1.0.1")
    grafana = next(x for x in told["services"] if x["definition"] == "grafana")
    leaf = next(n for n in walk(grafana["reasons"]) if n["met"] and not n.get("of"))
    evidence = {e["id"]: e["fact"] for e in call("GET", f"/api/hosts/{host_of('10.1.0.1')}/evidence")}
    equal((grafana["ports"], b.rows["service"][grafana["service_id"]]["port"], [evidence[e]["value"] for e in leaf["evidence"]], leaf["found"]),
          (["3000/tcp"], 3000, ["Grafana"], "Grafana"), "and why, down to what was heard")
    ok(told["concluded_at"] > time.time() - 60, "and since when it is so")
    history = call("GET", f"/api/timeline/service/{grafana['service_id']}")
    ok(any((e["after"] or {}).get("definition") == "grafana" for e in history["entries"]), "the history of the service says when it was recognized")
    before = told["concluded_at"]
    s.say(3, *web("10.1.0.1", 3000, "Grafana", count=9))
    drained()
    equal((conclusions("10.1.0.1")["concluded_at"], c.sql("SELECT count(*) FROM recognize_due")), (before, [["0"]]), "what is said again changes nothing")
    s.say(4, trait("10.1.0.1", "http.title", "Something else", port=3000, last=2000), fact("service", source="probe", ip="10.1.0.1", port=9999, proto="tcp", state="closed", last=2000))
    becomes("what a page says no more does not count any more", [(lambda: services("10.1.0.1")[3000], ("http", "certain"))])
    becomes("a port that is closed keeps what it was", [(lambda: [(r["definition"], r["state"]) for r in b.rows["service"].values() if r["port"] == 9999], [("http", "closed")])])

    # Devices and services of a host as a whole.
    put("whole-thing.json", {**RACK, "name": "Whole Thing", "match": {"all": [{"vendor": "Intel"}, {"hostname": "/^thing-/"}]}})
    put("devices/things.json", {"description": "Things", "claims": [{"kind": "sensor", "vendor": "Thing Works", "model": "$1", "match": {"hostname": "/^thing-([a-z]+)/"}}]})
    s.say(5, fact("address", mac=mac(2), ip="10.1.0.2"), fact("name", source="dhcp", mac=mac(2), name="thing-alpha", kind="hostname"),
          fact("address", mac=mac(3), ip="10.1.0.3"))
    becomes("definitions that come into the directory count without a restart: a service of the host as a whole",
            [(lambda: services("10.1.0.2").get("whole-thing"), ("whole-thing", "medium"))])
    device = lambda ip: {k: v["value"] for k, v in ((b.rows["host"].get(host_of(ip)) or {}).get("device") or {}).items()}
    becomes("and what kind of device it is", [(lambda: device("10.1.0.2"), {"kind": "sensor", "vendor": "Thing Works", "model": "alpha"})])
    told = conclusions("10.1.0.2")
    whole = next(x for x in told["services"] if x["definition"] == "whole-thing")
    equal((b.rows["service"][whole["service_id"]]["source"], whole["ports"], told["device"]["kind"]["certainty"], bool(told["device"]["kind"]["reasons"])),
          ("concluded", [], "medium", True), "with a row of its own, and reasons")
    ok("broken.json" in c.logged() or "broken" in c.logged(), "a file that can't be used is logged")
    broken = next(d for d in call("GET", "/api/definitions?origin=directory") if d["id"] == "broken")
    ok(broken["fault"] and "title" in broken["fault"], f"and shown with its fault: {broken['fault']}")

    # Of two hosts that become one there is one such service; undone, two.
    s.say(6, fact("name", source="dhcp", mac=mac(3), name="thing-beta", kind="hostname"))
    becomes("another host is one too", [(lambda: services("10.1.0.3").get("whole-thing"), ("whole-thing", "medium"))])
    one, two = host_of("10.1.0.2"), host_of("10.1.0.3")
    call("PUT", f"/api/hosts/{one}/consolidate/{two}", {})
    wholes = lambda: sorted(r["host_id"] for r in b.rows["service"].values() if r["definition"] == "whole-thing" and r["state"] == "open")
    becomes("of two that become one there is one", [(wholes, [one])])
    drained()
    becomes("two models disagree: it has none", [(lambda: device("10.1.0.2").get("model"), None)])
    merge = next(x["id"] for x in call("GET", "/api/consolidations") if x["state"] == "done")
    call("POST", f"/api/consolidations/{merge}/undo", {})
    becomes("undone, there are two again, each with its model", [(wholes, sorted([one, two])), (lambda: (device("10.1.0.2").get("model"), device("10.1.0.3").get("model")), ("alpha", "beta"))])

    # A definition of the organization: refused, tried, kept; it counts for what was heard before, and more than the directory's.
    for body, words in (({"definition": {**RACK, "match": {"http": {"title": "/(/"}}}}, "match.http.title"), ({"definition": {**RACK, "match": {"nonsense": 1}}}, "nonsense"),
                        ({"id": "Not So", "definition": RACK}, '"id"'), ({"definition": {**RACK, "name": "  "}}, "name"), ({"definition": "x"}, "definition"), ({}, "definition")):
        why = call("POST", "/api/definitions", body, want=400)
        ok(words in why, f"refused: {why}")
    tried = call("POST", "/api/definitions/test", {"network_id": network, "definition": {**RACK, "match": {"all": [{"http": {"title": "Rack Watch"}}, {"port": "7/tcp"}]}}})
    equal((tried["hosts"], tried["left_out"], tried["matches"], [(n["host_id"], n["met"]) for n in tried["near"]]), (3, 0, [], []), "a trial: a closed port is no near miss")
    s.say(7, fact("service", source="probe", ip="10.1.0.1", port=9999, proto="tcp", state="open", name="http", last=3000))
    b.follow(lambda: 9999 in services("10.1.0.1"))
    tried = call("POST", "/api/definitions/test", {"network_id": network, "definition": {**RACK, "match": {"all": [{"http": {"title": "Rack Watch"}}, {"port": "7/tcp"}]}}})
    near = [(n["host_id"], n["met"], [(x["is"], x["met"]) for x in n["reasons"]["of"]]) for n in tried["near"]]
    equal((tried["matches"], near), ([], [(host_of("10.1.0.1"), 0.5, [("http", True), ("port", False)])]), "where it is half met, and what is missing")
    tried = call("POST", "/api/definitions/test", {"network_id": network, "definition": RACK})
    equal([(m["host_id"], m["certainty"], m["ports"]) for m in tried["matches"]], [(host_of("10.1.0.1"), "high", ["9999/tcp"])], "where it would match")
    many = [{"http": {"title": "Rack Watch"}}] * 40
    tried = [call("POST", "/api/definitions/test", {"network_id": network, "definition": {**RACK, "match": {"all": many + more}}}) for more in ([], [{"port": "7/tcp"}])]
    equal((len(tried[0]["matches"][0]["reasons"]["of"]), len(tried[1]["near"][0]["reasons"]["of"])), (40, 41), "reasons may be long")
    equal(c.sql("SELECT count(*) FROM service_definition"), [["0"]], "and nothing of it is kept")
    made = call("POST", "/api/definitions", {"definition": RACK})
    equal((made["id"], made["origin"], made["revision"]), ("rack-watch", "own", 1), "it is kept, by its name")
    becomes("what was heard before is told by it, without a scan, and it stands above the directory's", [(lambda: services("10.1.0.1").get(9999), ("rack-watch", "high"))])
    listed = {(d["origin"], d["id"]): d for d in call("GET", "/api/definitions")}
    equal((listed["directory", "rack-watch"]["replaced"], listed["own", "rack-watch"]["definition"]["match"], ("built-in", "grafana") in listed), (True, RACK["match"], True), "lists tell what is whose")
    equal(call("POST", "/api/definitions", {"definition": RACK}, want=409) != "", True, "one id is one definition")
    call("POST", "/api/definitions", {"id": "grafana", "definition": {**RACK, "name": "Not Grafana", "match": {"http": {"title": "Not Grafana"}}}})
    s.say(8, *web("10.1.0.1", 3001, "Grafana"))
    becomes("one of a built-in's id takes its place", [(lambda: services("10.1.0.1").get(3001), ("http", "certain"))])
    equal(call("DELETE", "/api/definitions/grafana"), None, "it is removed")
    becomes("and the built-in is back", [(lambda: services("10.1.0.1").get(3001), ("grafana", "high"))])
    call("PUT", "/api/definitions/rack-watch", {"definition": {**RACK, "certainty": "low"}}, want=412, **{"If-Match": '"7"', "Cookie": c.cookie})
    changed = call("PUT", "/api/definitions/rack-watch", {"definition": {**RACK, "certainty": "medium"}}, **{"If-Match": '"1"', "Cookie": c.cookie})
    equal(changed["revision"], 2, "changed by who has seen it as it was")
    becomes("and it counts", [(lambda: services("10.1.0.1").get(9999), ("rack-watch", "medium"))])
    ok({"insert", "update", "delete"} <= {a["action"] for a in call("GET", "/api/audit") if a["entity"] == "definition"}, "who made, changed and removed it is in the audit log")

    # Two that use each other, and a definition that holds unless one uses what it names: what it makes of each takes it from the other.
    def flow(client, server):
        return fact("flow", source="tcp", client=client, server=server, port=80, proto="tcp", connections=9, packets=90, bytes=9000, packets_back=90, bytes_back=9000)
    pair = ("10.3.0.1", "10.3.0.2")
    s.say(9, *(fact("address", mac=mac(500 + i), ip=ip) for i, ip in enumerate(pair)), *(f for ip in pair for f in web(ip, 80, "See-saw")), flow(*pair), flow(*reversed(pair)))
    b.follow(lambda: all(80 in services(ip) for ip in pair))
    drained()
    call("POST", "/api/definitions", {"id": "see-saw", "definition": {**RACK, "match": {"all": [{"http": {"title": "See-saw"}}, {"not": {"application": "see-saw"}}]}}})
    turns = lambda: int(c.sql("SELECT count(*) FROM change WHERE entity = 'service' AND 'see-saw' IN (before->>'definition', after->>'definition')")[0][0])
    ok(until(turns) and until(lambda: c.sql("SELECT count(*) > 0, count(*) FILTER (WHERE not_before > now() + interval '1 minute') = count(*) FROM recognize_due") == [["t", "t"]]),
       f"a see-saw comes to rest for minutes: {turns()} turns")
    call("DELETE", "/api/definitions/see-saw")
    b.follow(lambda: all(services(ip).get(80) == ("http", "certain") for ip in pair))
    c.sql("DELETE FROM recognize_due WHERE not_before > now()")

    # Whose they are.
    c.sql("INSERT INTO organization (id, name) VALUES ('00000000-0000-4000-8000-00000000000b', 'other'); INSERT INTO network (id, organization_id, name) VALUES "
          "('00000000-0000-4000-8000-00000000000c', '00000000-0000-4000-8000-00000000000b', 'theirs'); INSERT INTO user_account (id, organization_id, email, name, permissions, password_hash) "
          "SELECT '00000000-0000-4000-8000-00000000000d', '00000000-0000-4000-8000-00000000000b', 'x@example.org', 'x', 'owner', password_hash FROM user_account LIMIT 1")
    theirs = ("00000000-0000-4000-8000-00000000000d", "")
    equal((c.sql("SELECT count(*) FROM service_definition", "netvisor_app", theirs), c.sql("SELECT count(*) FROM service_definition", "netvisor_app", ("", network)),
           c.sql("SELECT count(*) FROM conclusion", "netvisor_app", theirs)), ([["0"]], [["1"]], [["0"]]), "another organization sees neither definitions nor conclusions")
    equal(c.sql("WITH x AS (UPDATE service_definition SET revision = 9 RETURNING 1) SELECT count(*) FROM x", "netvisor_app", theirs), [["0"]], "and changes none")

    # Two collectors.
    second.start()
    second.cookie = c.cookie
    hosts = 300
    drained()
    s.say(10, *(f for i in range(hosts) for f in (fact("address", mac=mac(1000 + i), ip=f"10.2.{i // 200}.{i % 200 + 1}"), *web(f"10.2.{i // 200}.{i % 200 + 1}", 80, "Rack Watch"))))
    b.follow(lambda: sum(r["definition"] == "rack-watch" for r in b.rows["service"].values()) == hosts + 1, 20)
    b2 = second.browser()
    call("PUT", "/api/definitions/rack-watch", {"definition": {**RACK, "name": "Rack Watcher", "certainty": "high"}}, at=second)
    becomes("asked at one, concluded by both", [(lambda: sum(r["definition"] == "rack-watch" and r["certainty"] == "high" for r in b.rows["service"].values()), hosts + 1)])
    drained()
    doubles = c.sql("SELECT count(*) FROM (SELECT id, after->>'certainty' FROM change WHERE entity = 'service' AND before ? 'certainty' AND after->>'certainty' = 'high' AND before->>'certainty' = 'medium' "
                    "GROUP BY 1, 2 HAVING count(*) > 1) x")
    equal(doubles, [["0"]], "each once")
    concluded = [int(line.split()[1]) for one in (c, second) for line in one.request("GET", "/metrics", raw=True)[1].decode().splitlines() if line.startswith("netvisor_hosts_concluded_total")]
    ok(all(concluded), f"both had a part in it: {concluded}")
    equal([one.request("GET", "/api/health")[0] for one in (c, second)], [200, 200], "and both are well")
    equal([line for one in (c, second) for line in one.logged().splitlines() if "concluded" in line and ("could not" in line or "failed" in line)], [], "without a failure")
finally:
    second.remove()
    c.remove()
end()
