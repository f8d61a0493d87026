#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Two hosts become one and two again: by hand, by facts, by a proposal; and what is decided is told with its reason."""
import threading

from netvisor import *

NIC, NAS, LAPTOP, PHONE1, PHONE2 = ("00:1b:21:00:00:01", "00:11:32:00:00:02", "3c:22:fb:00:00:03", "da:a1:19:00:00:01",
                                    "7e:55:01:00:00:02")
ENTITIES = ("host", "interface", "service", "flow", "binding", "group", "subnet")
c = Collector()
batch = 0


def say(*facts):
    global batch
    batch += 1
    s.say(batch, *facts)


def everything():
    """All live rows, as the database has them once all is concluded: {entity: {id: row}}."""
    c.concluded()
    parts = ", ".join(f"'{e}', (SELECT coalesce(json_agg(v), '[]') FROM live_{e} v)" for e in ENTITIES)
    return {e: {row["id"]: row for row in rows} for e, rows in json.loads(c.sql(f"SELECT jsonb_build_object({parts})")[0][0]).items()}


def stored(entity):
    return everything()[entity]


def host_of(ip=None, mac=None):
    found = {r["host_id"] for r in stored("interface").values() if (ip is None or r["ip"] == ip) and (mac is None or r["mac"] == mac)}
    return found.pop() if len(found) == 1 else None


def follows(what):
    now, last = everything(), int(c.sql(f"SELECT change_seq FROM network WHERE id = '{network}'")[0][0])
    b.follow(lambda: b.seq >= last, 5)
    for entity in ENTITIES:
        have, want = b.rows.get(entity, {}), now[entity]
        if not ok(have == want, f"{what}: a browser that watches has the {entity} rows of the database"):
            for key in set(have) | set(want):
                if have.get(key) != want.get(key):
                    print(f"#   {key}\n#   have {have.get(key)}\n#   want {want.get(key)}")
    equal(b.gaps, 0, f"{what}: no gap in the log")


def call(method, path, body=None, cookie=None):
    return c.request(method, "/api/" + path, body if body is not None or method in ("GET", "DELETE") else {}, {"Cookie": cookie} if cookie else None)


def picture():
    """All that can be seen of the network, but revisions and when people changed it."""
    return {e: {i: {k: v for k, v in row.items() if k != "revision"} for i, row in rows.items()} for e, rows in everything().items()}


def differences(a, b):
    for e in ENTITIES:
        for i in set(a[e]) | set(b[e]):
            if a[e].get(i) != b[e].get(i):
                print(f"#   {e} {i}\n#   have {a[e].get(i)}\n#   want {b[e].get(i)}")


def sensor_again():
    """After a restart the first moments may be without a database."""
    try:
        return c.sensor()
    except Refused:
        return None


def second_account(email):
    connection = http.client.HTTPConnection("localhost", c.port, timeout=30)
    connection.request("POST", "/api/auth/register", json.dumps({"email": email, "password": PASSWORD}), {"Content-Type": "application/json"})
    response = connection.getresponse()
    data = json.loads(response.read())
    assert response.status == 200, data
    return data["data"], response.getheader("Set-Cookie").split(";")[0]


def sign_in(email):
    response, _ = c.request("POST", "/api/auth/login", {"email": email, "password": PASSWORD}, {"Cookie": ""}, raw=True)
    return response.getheader("Set-Cookie").split(";")[0]


try:
    c.start()
    me = c.sign_up()
    s = c.sensor()
    network = s.welcome["network_id"]
    b = c.browser(network=network)

    # Two hosts with services, flows, a group of their bindings, and what people wrote.
    say(fact("address", mac=NIC, ip="10.0.0.1"), fact("address", mac=NAS, ip="10.0.0.2"),
        fact("name", source="dhcp", mac=NIC, name="alpha", kind="hostname"),
        fact("name", source="mdns", ip="10.0.0.2", name="beta", kind="hostname"),
        fact("service", source="tcp", ip="10.0.0.1", port=22, proto="tcp", state="open", clients=1),
        fact("service", source="tcp", ip="10.0.0.2", port=22, proto="tcp", state="open", clients=1),
        fact("service", source="tcp", ip="10.0.0.2", port=445, proto="tcp", state="open", clients=1),
        fact("flow", source="tcp", client="10.0.0.2", server="10.0.0.1", port=22, proto="tcp", connections=1, packets=1, bytes=1,
             packets_back=1, bytes_back=1))
    one, other = host_of("10.0.0.1"), host_of("10.0.0.2")
    bindings = sorted(stored("binding"))
    equal(len(bindings), 3, "each service has its binding")
    group = call("POST", "groups", {"network_id": network, "name": "Files", "group_type": "RequestPath", "binding_ids": bindings})[1]["data"]
    call("PUT", f"hosts/{other}", {"description": "under the stairs"})
    before = picture()
    follows("before")

    # The preview says what will be, and what is refused.
    status, answer = call("GET", f"hosts/{one}/consolidate/{other}")
    p = answer["data"]
    equal((status, p["refused"], len(p["moves"]["interfaces"]), len(p["moves"]["services"]), p["moves"]["flows"]), (200, None, 1, 2, 1),
          "the preview: an interface, two services and a flow go over")
    equal([e["number"] for e in p["equal"]["ports"]], [22], "port 22 is there already")
    ok({"field": "name", "host": "alpha", "other": "beta", "result": "alpha"} in p["merged"], "and which name stands")
    equal(picture(), before, "looking changes nothing")
    equal(call("PUT", f"hosts/{one}/consolidate/{one}")[0], 400, "a host with itself is refused")
    ok("itself" in call("GET", f"hosts/{one}/consolidate/{one}")[1]["data"]["refused"], "as the preview says")
    equal(call("PUT", f"hosts/{one}/consolidate/00000000-0000-4000-8000-00000000dead")[0], 404, "and with nobody")

    # Done, undone: everything is as it was, by id.
    status, answer = call("PUT", f"hosts/{one}/consolidate/{other}")
    equal((status, answer["data"]["state"], answer["data"]["origin"], answer["data"]["made_by"]), (200, "done", "manual", me["id"]), "consolidated by hand")
    first = answer["data"]["id"]
    equal((host_of("10.0.0.2"), len(stored("host"))), (one, 1), "the interface is the first host's, and the other is gone")
    equal({r["host_id"] for r in stored("service").values()}, {one}, "so are the services")
    equal([(r["client_host_id"], r["server_host_id"]) for r in stored("flow").values()], [(one, one)], "and both ends of the flow")
    equal(stored("host")[one]["description"], "under the stairs", "what a person wrote goes over where there was nothing")
    equal(sorted(stored("group")[group["id"]]["binding_ids"]), bindings, "no group has lost a member")
    equal(c.sql("SELECT count(*) FROM port"), [["2"]], "port 22 is one port")
    follows("consolidated")
    status, answer = call("POST", f"consolidations/{first}/undo")
    equal((status, answer["data"]["state"], answer["data"]["undone_by"]), (200, "undone", me["id"]), "undone")
    now = picture()
    if not ok(now == before, "everything is as it was, ids and all"):
        differences(now, before)
    follows("undone")
    equal(call("POST", f"consolidations/{first}/undo")[0], 409, "it can't be undone twice")
    equal([d["kind"] for d in call("GET", f"hosts/{one}/decisions")[1]["data"]], ["undo", "consolidate"], "what was decided, the latest first")

    # Later facts keep it; what comes in between goes to whoever owns its interface.
    call("PUT", f"hosts/{one}", {"name": "The server"})
    second = call("PUT", f"hosts/{one}/consolidate/{other}")[1]["data"]["id"]
    say(fact("address", mac=NAS, ip="10.0.0.2", first=2000), fact("address", mac=NAS, ip="10.0.0.22", first=2000), fact("address", mac=NIC, ip="10.0.0.11", first=2000),
        fact("name", source="dhcp", mac=NAS, name="new-name", kind="hostname", first=2000),
        fact("service", source="tcp", ip="10.0.0.22", port=80, proto="tcp", state="open", clients=1, first=2000),
        fact("service", source="tcp", ip="10.0.0.11", port=81, proto="tcp", state="open", clients=1, first=2000))
    equal((host_of("10.0.0.22"), host_of("10.0.0.11"), len(stored("host"))), (one, one, 1), "later facts keep it, also for addresses that are new")
    equal((stored("host")[one]["name"], stored("host")[one]["name_source"]), ("The server", "manual"), "a person's name is never overwritten")
    call("PUT", f"hosts/{one}", {"name": ""})
    equal((stored("host")[one]["name"], stored("host")[one]["name_source"]), ("new-name", "dhcp"), "when they take it away, the best that was discovered returns")
    call("PUT", f"hosts/{one}", {"name": "The server"})
    follows("later facts")
    call("POST", f"consolidations/{second}/undo")
    equal((host_of("10.0.0.2"), host_of("10.0.0.22"), host_of("10.0.0.11")), (other, other, one), "undone: new addresses go with their MACs")
    equal({r["port"]: r["host_id"] for r in stored("service").values() if r["port"] in (80, 81)}, {80: other, 81: one}, "and new services with their addresses")
    equal(stored("host")[one]["name"], "The server", "what a person changed since stays")
    follows("undone after new facts")

    # A consolidated address that has no MAC yet: when it gets one, that is the host's.
    say(fact("host", source="ip", ip="10.0.9.9", packets=1, bytes=1, packets_in=0, bytes_in=0))
    alone = host_of("10.0.9.9")
    call("PUT", f"hosts/{one}/consolidate/{alone}")
    say(fact("address", mac="00:1b:21:00:00:99", ip="10.0.9.9", first=2100))
    equal((host_of("10.0.9.9"), host_of(mac="00:1b:21:00:00:99")), (one, one), "an address that was consolidated takes its MAC along")
    say(fact("address", mac="00:1b:21:00:00:77", ip="10.0.9.9", first=9000))
    equal(host_of(mac="00:1b:21:00:00:77") != one, True, "and who has the address next is another host")

    # By facts: cards that say one client id. Undone, they are never joined again.
    def client(mac, ip, first):
        return (fact("address", source="dhcp", mac=mac, ip=ip, first=first),
                fact("trait", source="dhcp", mac=mac, key="dhcp.client_id", value="00:aa:bb:cc:dd:ee:05", first=first))

    say(*client("00:1b:21:00:05:01", "10.0.5.1", 3000))
    say(fact("service", source="tcp", ip="10.0.5.2", port=80, proto="tcp", state="open", first=3001), fact("address", mac="00:1b:21:00:05:02", ip="10.0.5.2", first=3001))
    left, right = host_of("10.0.5.1"), host_of("10.0.5.2")
    call("PUT", f"hosts/{right}", {"description": "mine"})
    before = picture()
    say(*client("00:1b:21:00:05:02", "10.0.5.2", 3002))
    equal((host_of("10.0.5.2"), right in stored("host")), (left, False), "two cards that say one client id are one host")
    follows("merged by facts")
    done = call("GET", f"consolidations?state=done&origin=automatic&host_id={left}")[1]
    equal((len(done["data"]), done["meta"]["pagination"]["total"]), (1, 1), "it is listed")
    equal((done["data"][0]["rule"], done["data"][0]["score"]), ("client_id", 60), "with its rule and score")
    ok("00:aa:bb:cc:dd:ee:05" in done["data"][0]["reason"] and done["data"][0]["evidence"], "its reason, and its evidence")
    evidence = {e["id"] for e in call("GET", f"hosts/{left}/evidence")[1]["data"]}
    ok(set(done["data"][0]["evidence"]) <= evidence, "which the host shows")
    equal([d["kind"] for d in call("GET", f"hosts/{left}/decisions")[1]["data"]], ["merge"], "and a decision says so")
    equal(call("POST", f"consolidations/{done['data'][0]['id']}/undo")[0], 200, "an automatic one is undone like any other")
    equal((host_of("10.0.5.2"), stored("host")[right]["description"]), (right, "mine"), "the other host is back, with its id and what people wrote")
    say(*client("00:1b:21:00:05:02", "10.0.5.2", 3003), *client("00:1b:21:00:05:01", "10.0.5.1", 3004))
    s.close()
    c.stop()
    c.start()
    s = until(sensor_again)
    say(*client("00:1b:21:00:05:02", "10.0.5.22", 4000))
    equal((host_of("10.0.5.2"), host_of("10.0.5.22"), host_of("10.0.5.1")), (right, right, left), "and facts never join the two again, whatever they say")
    b.close()
    b = c.browser(network=network)

    # A random MAC: a proposal, which a person rejects or takes.
    def phone(mac, ip, first):
        return (fact("address", source="dhcp", mac=mac, ip=ip, first=first), fact("name", source="dhcp", mac=mac, name="Annas-Phone", kind="hostname", first=first))

    say(*phone(PHONE1, "10.0.7.1", 5000))
    say(*phone(PHONE2, "10.0.7.2", 9000))
    old, new = host_of("10.0.7.1"), host_of("10.0.7.2")
    ok(old and new and old != new, "a random MAC is never merged in silence")
    proposal = call("GET", "consolidations?state=proposed")[1]["data"]
    equal([(x["host_id"], x["other_host_id"], x["rule"]) for x in proposal], [(old, new, "name")], "but proposed")
    ok(30 <= proposal[0]["score"] < 60 and "made up" in proposal[0]["reason"], f"with a score ({proposal[0]['score']}) and why it is only that")
    equal(call("POST", f"consolidations/{proposal[0]['id']}/reject")[1]["data"]["state"], "rejected", "a person rejects it")
    equal(call("POST", f"consolidations/{proposal[0]['id']}/accept")[0], 409, "once")
    say(*phone(PHONE2, "10.0.7.3", 9100), *phone(PHONE1, "10.0.7.4", 9100))
    equal(call("GET", "consolidations?state=proposed")[1]["data"], [], "and it is not proposed again")
    third = "ce:00:00:00:00:03"
    say(*phone(third, "10.0.7.9", 20000))
    newest = host_of("10.0.7.9")
    proposal = call("GET", f"consolidations?state=proposed&host_id={newest}")[1]["data"]
    equal(len(proposal), 1, "a third MAC is proposed anew")
    partner = proposal[0]["host_id"]
    equal(call("POST", f"consolidations/{proposal[0]['id']}/accept")[1]["data"]["state"], "done", "and a person takes it")
    equal(host_of("10.0.7.9"), partner, "then they are one")
    say(fact("address", mac=third, ip="10.0.7.99", first=20100))
    equal(host_of("10.0.7.99"), partner, "and stay one")
    follows("proposals")

    # An address alone, and the MAC that turns out to hold it: folded, told, and undone.
    say(fact("host", source="ip", ip="10.0.8.8", packets=1, bytes=1, packets_in=0, bytes_in=0), fact("address", mac=LAPTOP, ip="10.0.8.1"))
    lonely, laptop = host_of("10.0.8.8"), host_of("10.0.8.1")
    say(fact("address", mac=LAPTOP, ip="10.0.8.8", first=6000))
    equal(host_of("10.0.8.8"), laptop, "an address that was alone is its MAC's")
    fold = call("GET", f"hosts/{laptop}/decisions")[1]["data"][0]
    equal((fold["kind"], fold["rule"], fold["other_host_id"]), ("fold", "mac", lonely), "which is a decision, with its reason")
    equal(call("POST", f"consolidations/{fold['consolidation_id']}/undo")[0], 200, "and can be undone")
    equal(lonely in stored("host"), True, "then it is a host of its own again")
    follows("an address alone")

    # Undoing in the middle of a chain, and two at once.
    say(*[fact("address", mac=f"00:1b:21:00:0a:0{i}", ip=f"10.0.10.{i}") for i in (1, 2, 3, 4)])
    a1, a2, a3, a4 = (host_of(f"10.0.10.{i}") for i in (1, 2, 3, 4))
    x = call("PUT", f"hosts/{a2}/consolidate/{a3}")[1]["data"]["id"]
    y = call("PUT", f"hosts/{a1}/consolidate/{a2}")[1]["data"]["id"]
    equal(call("POST", f"consolidations/{x}/undo")[0], 200, "what became part of a host that then became part of another can be undone")
    equal([host_of(f"10.0.10.{i}") for i in (1, 2, 3)], [a1, a1, a3], "it alone comes back")
    equal(call("POST", f"consolidations/{y}/undo")[0], 200, "and then the other")
    equal([host_of(f"10.0.10.{i}") for i in (1, 2, 3)], [a1, a2, a3], "each with its own")
    answers = []
    pair = [threading.Thread(target=lambda p=p: answers.append(call("PUT", p)[0])) for p in
            (f"hosts/{a1}/consolidate/{a4}", f"hosts/{a4}/consolidate/{a1}")]
    [t.start() for t in pair]
    [t.join() for t in pair]
    equal(sorted(answers), [200, 404], "of two people at once one is first, and the other is told")
    equal(len({a1, a4} & set(stored("host"))), 1, "one host is left of the two")
    follows("two at once")

    # Subnets: interfaces follow.
    subnet = call("POST", "subnets", {"network_id": network, "cidr": "10.0.0.0/24", "name": "Office"})[1]["data"]["id"]
    inside = lambda: {r["ip"] for r in stored("interface").values() if r["subnet_id"] == subnet}
    ok({"10.0.0.1", "10.0.0.2", "10.0.0.22"} <= inside() and "10.0.5.1" not in inside(), "a new subnet has the interfaces of its prefix")
    say(fact("address", mac="00:1b:21:00:00:55", ip="10.0.0.55"), fact("host", source="ip", ip="8.8.8.8", via=NIC, packets=1, bytes=1, packets_in=0, bytes_in=0),
        fact("host", source="ip", ip="192.168.77.1", via=NIC, packets=1, bytes=1, packets_in=0, bytes_in=0))
    ok("10.0.0.55" in inside(), "and what facts bring to it")
    by_ip = {r["ip"]: r["subnet_id"] for r in stored("interface").values()}
    kinds = {r["id"]: r["subnet_type"] for r in stored("subnet").values()}
    equal((kinds.get(by_ip["8.8.8.8"]), by_ip["192.168.77.1"]), ("Internet", None), "the Internet's addresses are in the Internet; private ones that match nothing are in none")
    say(fact("route", source="dhcp", ip="10.0.0.1", prefix="192.168.77.0/24"), fact("route", source="dhcp", ip="10.0.0.1", prefix="0.0.0.0/0"),
        fact("route", source="nd", ip="fe80::1", mac=NIC, prefix="2001:db8:1::/64"))
    made = {r["cidr"]: r for r in stored("subnet").values()}
    ok("192.168.77.0/24" in made and "2001:db8:1::/64" in made, "prefixes that routers tell are subnets")
    equal({r["ip"]: r["subnet_id"] for r in stored("interface").values()}["192.168.77.1"], made["192.168.77.0/24"]["id"], "and have their interfaces")
    call("DELETE", f"subnets/{subnet}")
    equal(inside(), set(), "a subnet that goes leaves its interfaces")
    follows("subnets")

    # A person's name for a service.
    say(fact("service", source="mdns", confidence="announced", ip="10.0.0.1", port=8080, proto="tcp", state="open", name="Printer"))
    service = next(i for i, r in stored("service").items() if r["port"] == 8080)
    call("PUT", f"services/{service}", {"name": "The printer"})
    say(fact("service", source="mdns", confidence="announced", ip="10.0.0.1", port=8080, proto="tcp", state="open", name="Other", first=1001))
    equal((stored("service")[service]["name"], stored("service")[service]["name_source"]), ("The printer", "manual"), "a person's name for a service stays too")
    call("PUT", f"services/{service}", {"name": ""})
    equal((stored("service")[service]["name"], stored("service")[service]["name_source"]), ("Other", None), "and gives way to what was announced last")

    # Who may not.
    them, cookie = second_account("other@example.org")
    equal(call("GET", f"hosts/{a2}/consolidate/{a3}", cookie=cookie)[0], 404, "another organization sees no preview")
    equal(call("PUT", f"hosts/{a2}/consolidate/{a3}", cookie=cookie)[0], 404, "and consolidates nothing of ours")
    equal(call("POST", f"consolidations/{y}/undo", cookie=cookie)[0], 404, "nor undoes it")
    equal(call("GET", f"hosts/{a2}/decisions", cookie=cookie)[0], 404, "nor reads why")
    equal(call("GET", "consolidations", cookie=cookie)[1]["data"], [], "and has an empty list")
    viewer = c.sql("SELECT gen_random_uuid()")[0][0]
    c.sql(f"INSERT INTO user_account (id, organization_id, email, name, permissions, password_hash) SELECT '{viewer}', n.organization_id, "
          f"'viewer@example.org', 'Viewer', 'viewer', u.password_hash FROM network n, user_account u WHERE n.id = '{network}' AND u.id = '{them['id']}';"
          f"INSERT INTO user_network_access (network_id, user_id) VALUES ('{network}', '{viewer}')")
    cookie = sign_in("viewer@example.org")
    equal(call("GET", f"hosts/{a2}/consolidate/{a3}", cookie=cookie)[0], 200, "a viewer may look")
    equal(call("PUT", f"hosts/{a2}/consolidate/{a3}", cookie=cookie)[0], 403, "and not do")
    x = call("PUT", f"hosts/{a2}/consolidate/{a3}")[1]["data"]["id"]
    equal(call("POST", f"consolidations/{x}/undo", cookie=cookie)[0], 403, "nor undo")
    # The database itself holds it, whatever the collector forgets.
    for statement in (f"SELECT consolidate('{a1}', '{a2}')", f"SELECT consolidation_undo('{x}')"):
        try:
            c.sql(statement, role="netvisor_app", act_as=(viewer, ""))
            ok(False, "a viewer is refused by the database too")
        except RuntimeError as error:
            ok("role" in str(error) or "there is no such host" in str(error), "a viewer is refused by the database too")
    theirs = c.sql("SELECT gen_random_uuid()")[0][0]
    c.sql(f"INSERT INTO network (id, organization_id, name) SELECT '{theirs}', organization_id, 'Branch' FROM network WHERE id = '{network}';"
          f"INSERT INTO host (network_id, id, first_seen, last_seen, present_since) VALUES ('{theirs}', '{theirs}', now(), now(), now())")
    equal(call("PUT", f"hosts/{a2}/consolidate/{theirs}")[0], 409, "hosts of two networks are refused")
    ok("different networks" in call("GET", f"hosts/{a2}/consolidate/{theirs}")[1]["data"]["refused"], "with the reason")
    equal(c.sql("SELECT count(*) FROM interface i WHERE NOT EXISTS (SELECT FROM host h WHERE h.network_id = i.network_id AND h.id = i.host_id)"), [["0"]], "no interface is without its host")
    equal(c.sql("SELECT count(*) FROM service s WHERE NOT EXISTS (SELECT FROM host h WHERE h.network_id = s.network_id AND h.id = s.host_id)"), [["0"]], "nor a service")
finally:
    c.remove()
end()
