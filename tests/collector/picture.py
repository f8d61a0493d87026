#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What a link shows to a stranger: the picture and nothing beside it; its password, token, end and frame. And steps with many nodes at once."""
import re

from netvisor import *

c = Collector()
STRANGER = {"Cookie": ""}
ZERO = "00000000-0000-0000-0000-000000000000"


def get(path, headers=None, raw=False):
    return c.request("GET", path, headers={**STRANGER, **(headers or {})}, raw=raw)


def post(path, body):
    return c.request("POST", path, body, headers=dict(STRANGER))


def picture(share, headers=None, query=""):
    status, answer = get(f"/api/shares/public/{share}/topology{query}", headers)
    return status, answer["data"] if status == 200 else answer["error"]


def make(kind, body, expect=200):
    status, answer = c.request("POST", f"/api/{kind}", body)
    assert status == expect, answer
    return answer["data"]


try:
    c.start()
    c.sign_up()
    s = c.sensor()
    network = s.welcome["network_id"]
    tag, other_tag = make("tags", {"name": "secret", "color": "Red"}), make("tags", {"name": "shown", "color": "Blue"})
    lan = make("subnets", {"network_id": network, "cidr": "10.0.0.0/24", "name": "LAN", "description": "not for strangers"})
    back = make("subnets", {"network_id": network, "cidr": "10.9.0.0/24", "name": "Back", "tags": [tag["id"]]})
    flow = lambda client, server, port, amount: fact("flow", source="tcp", client=client, server=server, port=port, proto="tcp", connections=1, packets=1, bytes=amount,
                                                     packets_back=1, bytes_back=0)
    open_at = lambda ip, port: fact("service", source="tcp", ip=ip, port=port, proto="tcp", state="open")
    s.say(1, *(fact("address", mac=f"00:1b:21:00:00:{n:02x}", ip=f"10.0.0.{n}") for n in range(1, 6)), fact("address", mac="00:1b:21:00:00:09", ip="10.9.0.9"),
          open_at("10.0.0.1", 80), open_at("10.0.0.2", 443), open_at("10.0.0.3", 22), open_at("10.9.0.9", 25), flow("10.0.0.2", "10.0.0.1", 80, 100),
          fact("address", mac="00:1b:21:00:00:02", ip="10.0.0.22"), flow("10.0.0.22", "10.0.0.1", 80, 200), flow("10.0.0.3", "10.0.0.1", 80, 900), flow("10.0.0.4", "10.0.0.1", 80, 5), flow("192.0.2.9", "10.0.0.1", 80, 7),
          fact("neighbor", source="lldp", confidence="announced", mac="00:1b:21:00:00:01", chassis="00:1b:21:00:00:01", port="1", system_name="core", system_description="v1",
               management=["10.0.0.1", "10.9.0.1"]),
          fact("address", mac="00:1b:21:00:00:01", ip="10.9.0.1"), open_at("10.9.0.1", 8080), flow("10.0.0.2", "10.9.0.1", 8080, 50), flow("10.9.0.9", "10.0.0.1", 80, 60),
          fact("neighbor", source="stp", confidence="announced", mac="00:1b:21:00:00:01", port="128.1", root="4096.00:1b:21:00:00:01", bridge="4096.00:1b:21:00:00:01", cost=0),
          fact("neighbor", source="lldp", confidence="announced", mac="00:1b:21:00:00:03", chassis="hidden", port="1"))
    ids = {r["ip_address"]: r["host_id"] for r in c.request("GET", "/api/interfaces")[1]["data"]}
    hide = lambda ip, **what: c.request("PUT", f"/api/hosts/{ids[ip]}", what)[0]
    equal([hide("10.0.0.3", hidden=True), hide("10.0.0.4", tags=[tag["id"]]), hide("10.0.0.1", name="web", description="root password: x", tags=[other_tag["id"]])], [200] * 3, "a network")
    bindings = {b["service_id"]: b["id"] for b in c.request("GET", "/api/bindings")[1]["data"]}
    services = {v["ip"]: v["id"] for v in c.request("GET", "/api/services")[1]["data"]}
    make("groups", {"network_id": network, "name": "Way", "description": "hm", "group_type": "RequestPath", "binding_ids": [bindings[services[ip]] for ip in ("10.0.0.1", "10.0.0.3", "10.0.0.2")]})
    make("groups", {"network_id": network, "name": "Hidden way", "group_type": "RequestPath", "tags": [make("tags", {"name": "hidden way", "color": "Red"})["id"]],
                    "binding_ids": [bindings[services[ip]] for ip in ("10.0.0.3", "10.9.0.9")]})
    topology = make("topology", {"network_id": network, "name": "All", "options": {"view": "logical", "network_ids": [ZERO], "tag_filter": {
        "hidden_host_tag_ids": [tag["id"]], "hidden_subnet_tag_ids": [tag["id"]], "hidden_service_tag_ids": ["nonsense", 7]}}})
    share = make("shares", {"topology_id": topology["id"], "name": "For you"})["id"]

    # Many nodes at once.
    step = lambda what, body: c.request("POST", f"/api/topology/{topology['id']}/{what}", body)
    kept = lambda: c.request("GET", f"/api/topology/{topology['id']}")[1]["data"]
    b = c.browser()
    told = lambda: [r["revision"] for r in b.rows["topology"].values()]
    equal(told(), [1], "a saved topology is in the feed")
    ok("nodes" not in b.rows["topology"][topology["id"]], "without its nodes")
    status, answer = step("nodes", {"nodes": {"a": {"x": 1, "y": 2}, "b": {"x": -3.5, "y": 4, "width": 100, "height": 50}}})
    equal((status, answer["data"]["revision"], kept()["nodes"]), (200, 2, {"a": {"x": 1, "y": 2}, "b": {"x": -3.5, "y": 4, "width": 100, "height": 50}}), "many nodes are placed in one step")
    ok(b.follow(lambda: told() == [2]), "and other browsers are told of the revision")
    step("nodes", {"nodes": {"a": None, "b": {"x": 9, "y": 9}, "never": None}})
    equal(kept()["nodes"], {"b": {"x": 9, "y": 9}}, "an entry replaces, null forgets")
    equal((step("edges", {"edges": {"e": {"source_handle": "Top"}}})[0], kept()["edges"]), (200, {"e": {"source_handle": "Top"}}), "edges likewise")
    for what, body in (("nodes", {"a": 1}), ("nodes", {"a": {"z": 1}}), ("nodes", {"a": {"x": "1"}}), ("nodes", {"a": {"x": 1e9}}), ("nodes", {"a": {"width": 0}}), ("nodes", {"": None}),
                       ("nodes", {"n" * 201: None}), ("nodes", {f"n{i}": None for i in range(2001)}), ("edges", {"e": {"source_handle": "Middle"}}), ("edges", {"e": []}), ("edges", [])):
        status, answer = step(what, {what: body})
        ok(status == 400 and answer["error"], f"refused: {answer['error'][:90]}")
    equal(step("nodes", {"nodes": {f"node-{i:030}": {"x": i, "y": i} for i in range(2000)}})[0], 200, "two thousand are not")
    step("rebuild", {})
    equal(step("lock", {})[0], 200, "locked")
    equal(step("nodes", {"nodes": {"a": {"x": 1, "y": 1}}})[0], 409, "it can't be edited")
    step("unlock", {})
    step("nodes", {"nodes": {"b": {"x": 9, "y": 9}}})

    # The picture.
    status, seen = picture(share)
    equal(status, 200, "a stranger with the link sees the picture")
    rows = seen["entities"]
    equal(sorted(seen), ["at", "entities", "network", "next", "share", "tags", "topology"], "of these parts")
    equal((sorted(rows), seen["next"]), (["binding", "flow", "group", "host", "interface", "link", "neighbor", "service", "subnet"], {}), "with rows of these kinds, and no more pages")
    equal(seen["network"], {"id": network, "name": "My network"}, "the network by its name")
    equal((seen["topology"]["name"], seen["topology"]["options"], seen["topology"]["nodes"]), ("All", {"view": "logical", "network_ids": []}, {"b": {"x": 9, "y": 9}}), "how it is drawn")
    hosts = {r["id"] for r in rows["host"]}
    ok(ids["10.0.0.1"] in hosts and not hosts & {ids["10.0.0.3"], ids["10.0.0.4"]}, "no host that is hidden, or left out by its tag")
    ok(ids["10.9.0.9"] not in hosts and ids["10.9.0.1"] in hosts, "nor one that is in a subnet that is left out, and in no other")
    equal(sorted(r["ip"] for r in rows["interface"] if (r["ip"] or "").startswith("10.")), ["10.0.0.1", "10.0.0.2", "10.0.0.22", "10.0.0.5"], "nor their interfaces, nor those of a subnet that is left out")
    equal([r["name"] for r in rows["subnet"] if r["cidr"] != "0.0.0.0/0"], ["LAN"], "nor that subnet")
    equal(sorted(r["ip"] for r in rows["service"] if r["ip"].startswith("10.0.")), ["10.0.0.1", "10.0.0.2"], "nor their services")
    equal([len(r["binding_ids"]) for r in rows["group"]], [2], "nor bindings, in groups either")
    equal({r["system_name"] for r in rows["neighbor"]}, {"core", None}, "nor what they announce")
    equal([(r["client_host_id"], r["bytes"]) for r in rows["flow"] if r["server_host_id"] == ids["10.0.0.1"]][0], (ids["10.0.0.2"], 300), "nor with whom they speak; flows of two hosts are one")
    equal([t["name"] for t in seen["tags"]], ["shown"], "tags that are seen")
    text = json.dumps(seen)
    ok("10.9.0." not in text and "8080" not in text, "nor addresses in that subnet of hosts that are told: their services, flows, management")
    equal([r["name"] for r in rows["group"]], ["Way"], "nor a group of which nothing is left")
    ok(not [word for word in ("root password", "not for strangers", "owner@", "v1", "password_hash", "secret", "locked_by", "created_by", "sensor") if word in text.replace('"sensor_id"', "")],
       "no notes, people, sensors or secrets")
    live = c.browser()
    for entity in rows:
        if rows[entity]:
            equal(sorted(rows[entity][0]), sorted(next(iter(live.rows[entity].values()))), f"a {entity} has the columns of the feed")
    live.close()
    status, page = picture(share, query=f"?entity=host&after={sorted(hosts)[0]}")
    equal((sorted(page), [r["id"] for r in page["entities"]["host"]]), (["entities", "next"], sorted(hosts)[1:]), "a page of one kind")
    equal([picture(share, query=q)[0] for q in ("?entity=evidence", "?after=1", "?entity=user_account", "?limit=9")], [400] * 4, "and of no other kind")

    # Asked again.
    response, _ = get(f"/api/shares/public/{share}/topology", raw=True)
    tag_is = response.getheader("etag")
    response, data = get(f"/api/shares/public/{share}/topology", {"If-None-Match": tag_is}, raw=True)
    equal((response.status, data), (304, b""), "nothing new: 304")
    step("nodes", {"nodes": {"b": {"x": 10, "y": 9}}})
    response, _ = get(f"/api/shares/public/{share}/topology", {"If-None-Match": tag_is}, raw=True)
    ok(response.status == 200 and response.getheader("etag") != tag_is, "a node was moved: another one")

    # What its options say.
    s.say(2, fact("neighbor", source="lldp", confidence="announced", mac="00:1b:21:00:00:05", chassis="rack 7", port="00:1B:21:00:00:05", port_description="to 001b.2100.0001",
                  system_name="AP001b21000005", capabilities=["bridge"]))
    hide("10.0.0.5", name="ap 00-1b-21-00-00-05")
    placed = {"x": 1, "y": 1}
    step("nodes", {"nodes": {"switch:4096.00:1b:21:00:00:05": placed, "switch:rack 7": placed, "port:rack 7:1": placed, f"switch:{ids['10.0.0.5']}": placed}})
    equal(c.request("PUT", f"/api/shares/{share}", {"options": {"show_inspect_panel": False}})[0], 200, "without the inspector")
    seen = picture(share)[1]
    text = json.dumps(seen)
    ok("10.0.0.1" in text and not re.search("001b21|00.1b.21|001b.21", text, re.I), "there are no MACs in it, however they are written and in whatever name")
    masked = [r for r in seen["entities"]["interface"] if r["ip"] == "10.0.0.5"][0]["mac"]
    told_ap = [r for r in seen["entities"]["neighbor"] if r["mac"] == masked][0]
    equal((told_ap["port"], told_ap["system_name"], [h["name"] for h in seen["entities"]["host"] if h["id"] == ids["10.0.0.5"]]), (masked, "AP" + masked, ["ap " + masked]), "names have the others")
    equal(sorted(seen["topology"]["nodes"]), sorted(["b", f"switch:4096.{masked}", f"switch:{ids['10.0.0.5']}"]), "and so has what was placed; what a device only calls itself is not told")
    core = [r for r in seen["entities"]["interface"] if r["ip"] == "10.0.0.1"][0]["mac"]
    equal({(r["source"], r["mac"], r["chassis"], r["root"]) for r in seen["entities"]["neighbor"] if r["mac"] == core}, {("lldp", core, core, None), ("stp", core, None, "4096." + core)}, "but what was equal is equal")
    step("metadata", {"options": {"hide_services": True}})
    equal([len(picture(share)[1]["entities"][k]) for k in ("service", "binding")], [0, 0], "services that the picture hides are not told")

    # With a password.
    password = "Correct-horse-9-battery"
    equal(c.request("PUT", f"/api/shares/{share}", {"password": password})[0], 200, "a password")
    equal(picture(share), (401, "this share asks for a password"), "is asked for")
    equal(get(f"/api/shares/public/{share}")[1]["data"]["requires_password"], True, "as the share says")
    equal(post(f"/api/shares/public/{share}/verify", {"password": "wrong"})[0], 401, "a wrong one is none")
    status, answer = post(f"/api/shares/public/{share}/verify", {"password": password})
    token = answer["data"]["token"]
    ok(status == 200 and token.startswith("nvt_") and 11.9 * 3600 < answer["data"]["expires_at"] - time.time() < 12.1 * 3600, "the right one gives a token for hours")
    bearer = lambda token: {"Authorization": "Bearer " + token}
    equal(picture(share, bearer(token))[0], 200, "with which one sees it")
    stamp, sign = token[4:].split(".")
    for what, bad in (("another hour", f"nvt_{int(stamp) + 3600}.{sign}"), ("another end", token[:-1] + ("A" if token[-1] != "A" else "B")), ("none", "nvt_"), ("nothing", ""),
                      ("the past", f"nvt_1.{sign}"), ("a number too large", f"nvt_{'9' * 60}.{sign}")):
        equal(picture(share, bearer(bad))[0], 401, f"not with {what}")
    second = make("shares", {"topology_id": topology["id"], "name": "Second", "password": password})["id"]
    equal(picture(second, bearer(token))[0], 401, "nor is it for another share")
    token_second = post(f"/api/shares/public/{second}/verify", {"password": password})[1]["data"]["token"]
    equal((picture(second, bearer(token_second))[0], picture(share, bearer(token_second))[0]), (200, 401), "each has its own")
    c.request("PUT", f"/api/shares/{share}", {"password": password})
    equal(picture(share, bearer(token))[0], 401, "a password that is set anew ends it, even the same")
    token = post(f"/api/shares/public/{share}/verify", {"password": password})[1]["data"]["token"]
    c.kill()
    c.start()
    equal(picture(share, bearer(token))[0], 200, "a restart does not")
    c.sql(f"UPDATE share SET expires_at = now() - interval '1 second' WHERE id = '{share}'")
    equal([picture(share, bearer(token))[0], get(f"/api/shares/public/{share}")[0], post(f"/api/shares/public/{share}/verify", {"password": password})[0]], [404] * 3, "one that has ended is not there")
    c.request("PUT", f"/api/shares/{second}", {"is_enabled": False})
    equal(picture(second, bearer(token_second))[0], 404, "nor one that is switched off")
    ok(token not in c.logged() and password not in c.logged(), "the log has neither")
    for call in (f"share_head('{second}', NULL)", f"share_rows('{share}', NULL, 'host', '{ZERO}', 10)"):
        try:
            c.sql(f"SELECT {call}", role="netvisor_app", act_as=("", ""))
            ok(False, f"{call} refuses by itself")
        except RuntimeError as error:
            ok("no such share" in str(error), f"{call[:10]} refuses by itself, whatever the collector forgets")
    equal(c.sql("SELECT count(*) FROM share", role="netvisor_app", act_as=("", "")), [["0"]], "and a stranger sees no row of any table")

    # Pages and frames.
    framed = make("shares", {"topology_id": topology["id"], "name": "Framed", "allowed_domains": ["example.org", "*.example.com", "localhost:8000"]})["id"]

    def frame(path):
        response, _ = get(path, raw=True)
        policy = response.getheader("content-security-policy")
        return policy.split("frame-ancestors ")[1], response.getheader("x-frame-options"), response.getheader("x-robots-tag"), response.status

    good = 200 if os.path.exists(os.path.join(BUILD, "web", "index.html")) else get("/")[0]
    equal(frame(f"/embed/{framed}"), ("example.org *.example.com localhost:8000", None, "noindex", good), "a frame is for the sites of its share")
    equal(frame(f"/share/{framed}"), ("'none'", "DENY", "noindex", good), "its page for none")
    equal([frame(path)[:2] for path in (f"/embed/{share}", f"/embed/{ZERO}", "/embed/x", f"/embed/{framed}/x", "/", "/hosts")], [("'none'", "DENY")] * 6, "nor is any other")
    equal(frame(f"/embed/{make('shares', {'topology_id': topology['id'], 'name': 'Plain'})['id']}")[0], "'none'", "without sites there is none")
    for domain in ("example.org; script-src *", "*", "https://example.org", "a b", "x'y", "-a.org", "https:", "a\r\nset-cookie: x", "*.*.org", "é.org", "example.org/path", "*."):
        status, answer = c.request("PUT", f"/api/shares/{framed}", {"allowed_domains": [domain]})
        ok(status == 400 and "allowed_domains" in answer["error"], f"{domain!r} is no site")
    c.sql(f"ALTER TABLE share DISABLE TRIGGER USER; UPDATE share SET allowed_domains = ARRAY['good.org', '*', 'https:', '*:', '*.good.org', 'a;b', 'x''y', E'n\\nl'] WHERE id = '{framed}'; ALTER TABLE share ENABLE TRIGGER USER")
    equal(frame(f"/embed/{framed}")[0], "good.org *.good.org", "nor is what an older collector took")
    response, _ = get("/", raw=True)
    equal([part for part in response.getheader("content-security-policy").split("; ") if "data:" in part or "blob:" in part or "unsafe" in part], [], "nothing inline, and no data: or blob:")

    # Who asks for pictures and does not take them fills no memory, and does not hold up others for good.
    c.sql(f"UPDATE topology SET nodes = (SELECT jsonb_object_agg('node ' || k, repeat('x', 1000)) FROM generate_series(1, 15000) k) WHERE id = '{topology['id']}'")

    def stalled():
        with_little = socket.socket()
        with_little.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with_little.connect(("127.0.0.1", c.port))
        with_little.sendall(f"GET /api/shares/public/{framed}/topology HTTP/1.1\r\nHost: localhost:{c.port}\r\n\r\n".encode())
        with_little.settimeout(10)
        return with_little, int(with_little.recv(13).split()[1])

    waiting = [stalled() for _ in range(6)]
    equal([status for _, status in waiting], [200] * 5 + [503], "four pictures of 15 MB are kept for who does not take them, and one more; then it refuses")
    equal(c.request("GET", f"/api/topology/{topology['id']}")[0], 200, "who is signed in sees the same")
    for connection, _ in waiting:
        connection.close()
    ok(until(lambda: get(f"/api/shares/public/{framed}/topology")[0] == 200), "when they have gone there is room")
finally:
    c.remove()
end()
