#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What people make and change by the API: kept whatever facts say later, seen live, logged, and never overwritten by
another who looked at the same time."""
import csv
import io
import zipfile
from netvisor import *

NAS = "00:11:32:00:00:02"
c = Collector()


def api(method, path, body=None, headers=None, want=200):
    status, answer = c.request(method, "/api/" + path, body, headers)
    if status != want:
        print(f"# {method} {path} {body}: {status} {answer}")
    return answer["data"] if status == want == 200 else answer["error"] if status == want else None


def service(batch, **keys):
    s.say(batch, fact("service", source="tcp", port=443, proto="tcp", state="open", **keys))


try:
    c.start()
    me = c.sign_up()
    s = c.sensor()
    network = s.welcome["network_id"]
    s.say(1, fact("address", mac=NAS, ip="10.0.0.9"), fact("name", source="dhcp", mac=NAS, name="nas", kind="hostname"))
    service(2, ip="10.0.0.9")
    b = c.browser()

    # A name that a person gives.
    c.concluded()
    host = api("GET", "hosts")[0]
    changed = api("PUT", f"hosts/{host['id']}", {"name": "The attic", "description": "Backups"})
    equal((changed["name"], changed["name_source"], changed["revision"]), ("The attic", "manual", 2), "a person names a host")
    b.follow(lambda: b.rows["host"][host["id"]]["name"] == "The attic" and b.rows["host"][host["id"]]["device"])
    equal(b.rows["host"][host["id"]], json.loads(c.sql(f"SELECT to_jsonb(v) FROM live_host v WHERE id = '{host['id']}'")[0][0]), "and browsers see it as the database has it")
    s.say(3, fact("name", source="dhcp", mac=NAS, name="nas-2", kind="hostname", first=5000),
          fact("name", source="mdns", mac=NAS, name="nas-3", kind="hostname", first=5001))
    equal(api("GET", f"hosts/{host['id']}")["name"], "The attic", "later facts do not overwrite it")
    equal(c.sql(f"SELECT before->>'name', after->>'name', actor FROM change WHERE entity = 'host' AND id = '{host['id']}' AND actor IS NOT NULL"),
          [["nas", "The attic", me["id"]]], "the log says what it was, what it is, and who did it")
    api("PUT", f"hosts/{host['id']}", {"name": None})
    s.say(4, fact("name", source="dhcp", mac=NAS, name="nas-2", kind="hostname", first=5000, last=5002, count=2))
    ok(api("GET", f"hosts/{host['id']}")["name"] in ("nas", "nas-2", "nas-3"), "once the person gives it up, what is discovered counts again")

    # Two editors.
    response, _ = c.request("GET", f"/api/hosts/{host['id']}", raw=True)
    tag = response.getheader("ETag")
    ok(tag and tag.startswith('"'), f"what is read has an ETag ({tag})")
    api("PUT", f"hosts/{host['id']}", {"description": "first"}, {"If-Match": tag})
    ok("somebody else" in (api("PUT", f"hosts/{host['id']}", {"description": "second"}, {"If-Match": tag}, want=412) or ""), "of two editors the second is told")
    equal(api("GET", f"hosts/{host['id']}")["description"], "first", "and overwrites nothing")
    api("DELETE", f"hosts/{host['id']}", None, {"If-Match": tag}, want=412)
    api("PUT", f"hosts/{host['id']}", {"description": "x"}, {"If-Match": "nonsense"}, want=412)
    s.say(5, fact("address", mac=NAS, ip="10.0.0.9", last=6000, count=9))
    equal(api("GET", f"hosts/{host['id']}")["revision"], api("GET", "hosts")[0]["revision"], "what sensors say raises no revision")

    # What a body may hold.
    for body, word in (({"network_id": network, "cidr": "10.0.0.0/33"}, "cidr"), ({"network_id": network}, "cidr"), ({"network_id": network, "cidr": "10.0.0.0/24", "subnet_type": "Nice"}, "subnet_type"),
                       ({"network_id": "x", "cidr": "10.0.0.0/24"}, "network_id"), ({"network_id": network, "cidr": "10.0.0.0/24", "name": "x" * 101}, "name"),
                       ({"network_id": network, "cidr": "10.0.0.0/24", "colour": 1}, "colour"), ({"network_id": network, "cidr": "10.0.0.0/24", "tags": ["x"]}, "tags"),
                       ({"network_id": network, "cidr": "10.0.0.0/24", "name": None}, "name"), ({"network_id": network, "cidr": "10.0.0.7/24"}, "cidr")):
        said = api("POST", "subnets", body, want=400)
        ok(said and word in said, f"a wrong body is refused by the name of its field: {said}")
    for path in ("subnets?limit=x", "subnets?limit=0x10", "subnets?offset=1e3", "subnets?limit=1001", "subnets?offset=-1", "subnets?order_by=colour", "subnets?order_direction=up", "subnets?ids=1,2", "subnets?colour=red"):
        ok(api("GET", path, want=400), f"a wrong query is refused: {path}")
    api("POST", "subnets", b"[]", {"Content-Type": "application/json"}, want=400)
    api("POST", "subnets", b"{}", {"Content-Type": "text/plain"}, want=400)

    # Subnets: the same prefix is the same subnet; the organizational ones.
    lan = api("POST", "subnets", {"network_id": network, "cidr": "10.0.0.0/24", "name": "LAN", "subnet_type": "Lan"})
    equal(api("POST", "subnets", {"network_id": network, "cidr": "10.0.0.0/24", "name": "again"})["id"], lan["id"], "a prefix is there once")
    v6 = api("POST", "subnets", {"network_id": network, "cidr": "2001:db8:1::/64"})
    equal(v6["name"], "2001:db8:1::/64", "a subnet without a name is called by its prefix, also in IPv6")
    equal(sorted(row["subnet_type"] for row in api("GET", "subnets?search=0.0.0.0/0")), ["Internet", "Remote"], "every network has its two organizational subnets")
    b.follow(lambda: lan["id"] in b.rows.get("subnet", {}))
    ok(b.rows["subnet"][lan["id"]]["name"] == "LAN", "browsers see a new subnet")

    # Services, bindings, groups.
    bound = api("GET", "bindings")[0]
    port, face = api("GET", "ports")[0], api("GET", "interfaces")[0]
    equal((bound["port_id"], bound["interface_id"], port["number"], port["type"]), (port["id"], face["id"], 443, "Https"), "a discovered service has its port and binding")
    group = api("POST", "groups", {"network_id": network, "name": "Web", "group_type": "RequestPath", "binding_ids": [bound["id"]], "color": "Teal", "edge_style": "Bezier"})
    ok(api("POST", "groups", {"network_id": network, "name": "Bad", "group_type": "RequestPath", "binding_ids": [lan["id"]]}, want=400), "a group's members are bindings")
    cloud = api("POST", "hosts", {"network_id": network, "name": "Cloud", "interfaces": [{"ip_address": "1.1.1.1"}], "ports": [{"number": 53, "protocol": "udp"}],
                                  "services": [{"name": "Resolver", "service_definition": "DNS Server"}]})
    equal((len(cloud["interfaces"]), len(cloud["ports"]), len(cloud["services"]), cloud["origin"]), (1, 1, 1, "manual"), "a host by hand, with all that it has")
    made = api("POST", "services", {"network_id": network, "host_id": cloud["id"], "name": "DNS", "bindings": [{"port_id": cloud["ports"][0]["id"], "interface_id": cloud["interfaces"][0]["id"]}]})
    equal((made["ip"], made["port"], made["proto"], len(made["bindings"])), ("1.1.1.1", 53, "udp", 1), "a service by hand is where its binding is")
    ok(api("POST", "services", {"network_id": network, "host_id": lan["id"], "name": "x"}, want=400), "a service belongs to a host of its network")
    api("PUT", f"groups/{group['id']}", {"binding_ids": [bound["id"], made["bindings"][0]["id"]]})
    api("DELETE", f"services/{made['id']}")
    equal(api("GET", f"groups/{group['id']}")["binding_ids"], [bound["id"]], "what is removed leaves its groups")
    b.follow(lambda: b.rows.get("group", {}).get(group["id"], {}).get("binding_ids") == [bound["id"]])
    equal(b.rows["group"][group["id"]]["binding_ids"], [bound["id"]], "browsers see that too")
    discovered = [row for row in api("GET", "services") if row["origin"] == "discovery"][0]
    api("PUT", f"services/{discovered['id']}", {"name": "Files"})
    service(6, ip="10.0.0.9", name="other", first=7000)
    equal(api("GET", f"services/{discovered['id']}")["name"], "Files", "a service's name by a person stays")
    # Its address goes to another device: the service, its port and its binding follow, and stay in the group.
    s.say(7, fact("address", mac="00:11:32:00:00:77", ip="10.0.0.9", first=9000, last=9001))
    service(8, ip="10.0.0.9", first=9000, last=9002)
    moved = api("GET", f"services/{discovered['id']}")
    ok(moved["host_id"] != host["id"] and api("GET", f"ports/{moved['bindings'][0]['port_id']}")["host_id"] == moved["host_id"], "a service that moves takes its port along")
    equal(api("GET", f"groups/{group['id']}")["binding_ids"], [bound["id"]], "and stays in its group")

    # Tags.
    red = api("POST", "tags", {"name": "prod", "color": "Red"})
    ok(api("POST", "tags", {"name": "PROD"}, want=409), "a tag's name is there once")
    api("PUT", "tags/assign", {"entity_type": "Host", "entity_id": cloud["id"], "tag_ids": [red["id"]]})
    equal(api("POST", "tags/assign/bulk-add", {"entity_type": "Host", "entity_ids": [host["id"], cloud["id"]], "tag_id": red["id"]})["changed"], 2, "a tag on many")
    equal({row["id"] for row in api("GET", f"hosts?tag_ids={red['id']}")}, {host["id"], cloud["id"]}, "hosts by tag")
    api("POST", "tags/assign/bulk-remove", {"entity_type": "Host", "entity_ids": [host["id"]], "tag_id": red["id"]})
    equal([row["id"] for row in api("GET", f"hosts?tag_ids={red['id']}")], [cloud["id"]], "a tag is taken away")
    api("DELETE", f"tags/{red['id']}")
    equal(api("GET", f"hosts/{cloud['id']}")["tags"], [], "a tag that is gone is gone everywhere")
    ok(api("PUT", f"hosts/{cloud['id']}", {"tags": [lan["id"]]}, want=400), "only tags that exist")

    # Lists.
    for i in range(30):
        api("POST", "hosts", {"network_id": network, "name": f"h{i:02}", "description": "=1+1" if i == 7 else None})
    signs = api("POST", "tags", {"name": "a+b & 100% = %41 é"})
    for sought in ("a%2Bb", "b+%26", "b%20%26%20100%25", "%25+=+%2541", "%C3%A9"):
        equal([row["id"] for row in api("GET", f"tags?search={sought}&limit=5")], [signs["id"]], f"a query is decoded once: {sought}")
    equal(api("GET", "tags?search=%2541%26limit%3D5"), [], "and what was encoded is no other field")
    api("DELETE", f"tags/{signs['id']}")
    status, page = c.request("GET", "/api/hosts?search=h&order_by=name&order_direction=desc&limit=5&offset=2")
    names = [row["name"] for row in page["data"]]
    equal(names, ["h27", "h26", "h25", "h24", "h23"], "a page of a list in an order")
    equal(page["meta"]["pagination"], {"total": 30, "limit": 5, "offset": 2}, "says how many there are in all")
    equal(len(api("GET", "hosts?limit=0")), int(c.sql("SELECT count(*) FROM host")[0][0]), "limit 0 is all")
    response, data = c.request("GET", "/api/hosts/export/csv?search=h07", raw=True)
    rows = list(csv.DictReader(io.StringIO(data.decode())))
    equal((len(rows), rows[0]["name"], rows[0]["description"]), (1, "h07", "'=1+1"), "CSV: what a spreadsheet would take for a formula is a text")
    ok("attachment" in response.getheader("Content-Disposition"), "CSV comes as a file")
    response, data = c.request("GET", f"/api/hosts/export/zip?network_id={network}", raw=True)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        ok(archive.testzip() is None and archive.namelist() == ["hosts.csv", "interfaces.csv", "ports.csv", "services.csv", "bindings.csv"], "hosts with all that they have, as a ZIP")
        rows = list(csv.DictReader(io.StringIO(archive.read("interfaces.csv").decode())))
        equal(len(rows), int(c.sql("SELECT count(*) FROM interface")[0][0]), "in it all of their interfaces")
    equal(api("POST", "hosts/bulk-delete", {"ids": [row["id"] for row in api("GET", "hosts?search=h&limit=1000") if row["name"] and row["name"][1:].isdigit()]})["deleted"], 30, "many are removed at once")

    # A host that is removed goes with all that it has, and comes back when it talks.
    api("DELETE", f"hosts/{cloud['id']}")
    equal([row for row in api("GET", "interfaces?limit=1000") if row["host_id"] == cloud["id"]], [], "a host goes with what it has")
    api("DELETE", f"hosts/{host['id']}")
    s.say(9, fact("address", mac=NAS, ip="10.0.0.19", first=20000))
    equal(len([row for row in api("GET", "hosts") if NAS in row["macs"]]), 1, "what still talks comes back")
    b.follow(lambda: host["id"] not in b.rows["host"])
    ok(all(row["host_id"] in b.rows["host"] for row in b.rows["interface"].values()), "and a browser has no interface without its host")
    for entity in ("host", "interface", "service", "subnet", "binding", "group"):
        want = json.loads(c.sql(f"SELECT coalesce(jsonb_object_agg(id, to_jsonb(v)), '{{}}') FROM live_{entity} v")[0][0])
        b.follow(lambda: b.rows.get(entity, {}) == want, 3)
        equal(b.rows.get(entity, {}), want, f"{entity}: the browser has what the database has")

    # Topologies and shares.
    drawing = api("POST", "topology", {"network_id": network, "name": "Main"})
    api("POST", f"topology/{drawing['id']}/node-position", {"node_id": host["id"], "x": 10.5, "y": -3})
    api("POST", f"topology/{drawing['id']}/node-resize", {"node_id": host["id"], "width": 200, "height": 80})
    api("POST", f"topology/{drawing['id']}/edge-handles", {"edge_id": "a-b", "source_handle": "Left"})
    api("POST", f"topology/{drawing['id']}/metadata", {"options": {"hide_ports": True}})
    now = api("GET", f"topology/{drawing['id']}")
    equal((now["nodes"], now["edges"], now["options"]), ({host["id"]: {"x": 10.5, "y": -3, "width": 200, "height": 80}}, {"a-b": {"source_handle": "Left"}}, {"hide_ports": True}),
          "a topology is edited step by step")
    copy = api("POST", "topology", {"network_id": network, "name": "Copy", "parent_id": drawing["id"]})
    equal(copy["nodes"], now["nodes"], "one that is derived begins as the other is")
    api("POST", f"topology/{drawing['id']}/lock", {})
    ok("locked" in (api("POST", f"topology/{drawing['id']}/rebuild", {}, want=409) or "") and api("PUT", f"topology/{drawing['id']}", {"name": "x"}, want=409), "a locked one is not edited")
    api("POST", f"topology/{drawing['id']}/unlock", {})
    api("POST", f"topology/{drawing['id']}/rebuild", {})
    equal(api("GET", f"topology/{drawing['id']}")["nodes"], {}, "a rebuilt one forgets what was placed by hand")
    free = api("POST", "shares", {"topology_id": drawing["id"], "name": "For everyone"})["id"]
    equal([c.request("POST", f"/api/shares/public/{free}/verify", {"password": "x"}, {"Cookie": ""})[0] for _ in range(8)], [200] * 8, "a share without a password has none to guess")
    equal(c.request("POST", "/api/auth/login", {"email": "owner@example.org", "password": PASSWORD}, {"Cookie": ""})[0], 200, "so who looks at it may still sign in")
    share = api("POST", "shares", {"topology_id": drawing["id"], "name": "For the neighbours", "password": "let me in"})
    ok(share["has_password"] and "let me in" not in c.sql("SELECT password_hash FROM share")[0][0], "a share's password is kept as a hash")
    cookie, c.cookie = c.cookie, None
    equal(api("GET", f"shares/public/{share['id']}"), {"name": "For the neighbours", "requires_password": True, "options": {}}, "a stranger with the link is told what it is")
    ok(api("POST", f"shares/public/{share['id']}/verify", {"password": "wrong"}, want=401), "a wrong password is wrong")
    equal(api("POST", f"shares/public/{share['id']}/verify", {"password": "let me in"})["valid"], True, "the right one is right")
    for _ in range(5):
        c.request("POST", f"/api/shares/public/{share['id']}/verify", {"password": "wrong"})
    equal(c.request("POST", f"/api/shares/public/{share['id']}/verify", {"password": "let me in"})[0], 429, "after too many wrong ones it waits")
    c.cookie = cookie
    api("PUT", f"shares/{share['id']}", {"expires_at": 1000})
    c.cookie = None
    ok(api("GET", f"shares/public/{share['id']}", want=404), "one that has expired is not there")
    c.cookie = cookie

    # Networks.
    second = api("POST", "networks", {"name": "Second", "retention_days": 7})
    equal(api("PUT", f"networks/{second['id']}", {"retention_days": 90})["retention_days"], 90, "a network says how long its history is kept")
    ok(api("PUT", f"networks/{second['id']}", {"retention_days": 0}, want=400), "at least a day")
    equal(len(api("GET", "networks?")), 2, "a query may be empty")
    equal(len(api("GET", f"subnets?network_id={second['id']}")), 2, "a new network has its organizational subnets")
    equal(len(api("GET", f"hosts?network_id={second['id']}")), 0, "and no hosts")
    api("DELETE", f"networks/{second['id']}")
    ok(api("DELETE", f"networks/{network}", want=403) and len(api("GET", "networks")) == 1, "the last network stays")

    # Beginning anew.
    ok(api("POST", f"organizations/{me['organization_id']}/reset", {"name": "wrong"}, want=400), "an organization begins anew only when it is named")
    api("POST", "tags", {"name": "old"})
    api("POST", f"organizations/{me['organization_id']}/reset", {"name": "My organization"})
    equal([[row["name"] for row in api("GET", path)] for path in ("networks", "tags", "sensors", "hosts", "users")], [["My network"], [], [], [], [me["name"]]],
          "and then has its owner and an empty network")
    equal([line for line in c.logged().splitlines() if " error: " in line], [], "nothing of this was an error of the collector")
finally:
    c.remove()
end()
