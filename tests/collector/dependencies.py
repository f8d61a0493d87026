#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Who depends on whom, by flows: what counts as use and what does not, how each edge is known, and groups that flows propose, which a person
accepts or dismisses once."""
from netvisor import *

c = Collector()
number = 0


def mac(of):
    return f"00:1b:21:00:00:{of:02x}"


def ip(of):
    return f"10.0.0.{of}"


def say(*facts):
    global number
    number += 1
    s.say(number, *facts)


def serves(of, port, proto="tcp", state="open", **more):
    return fact("service", source=proto, ip=ip(of), port=port, proto=proto, state=state, clients=1, **more)


def talks(client, server, port, proto="tcp", connections=5, packets=60, bytes=9000, packets_back=60, bytes_back=90000, first=1000.0, last=9000.0, **more):
    at = [end if isinstance(end, str) else ip(end) for end in (client, server)]
    return fact("flow", source=proto, client=at[0], server=at[1], port=port, proto=proto, first=first, last=last, connections=connections,
                packets=packets, bytes=bytes, packets_back=packets_back, bytes_back=bytes_back, **more)


def get(path, want=200):
    status, answer = c.request("GET", "/api/" + path)
    assert status == want, (path, status, answer)
    return answer["data"]


def of(host):
    return get(f"hosts/{hosts[host]}/dependencies")


def edges(rows, *keys):
    return sorted(tuple(row[key] for key in keys) for row in rows)


def find():
    return c.request("POST", "/api/group-proposals/find", {"network_id": network})


def proposals(**wanted):
    return [p for p in get(f"group-proposals?network_id={network}&limit=0") if all(p[k] == v for k, v in wanted.items())]


def shape(p):
    return [(m["host_name"], m["port"]) for m in p["members"]]


try:
    c.start()
    me = c.sign_up()
    s = c.sensor()
    network = s.welcome["network_id"]
    PROXY, APP, APP2, DB, WATCH, SCAN, PC = 10, 20, 21, 30, 40, 99, 1
    say(*(fact("address", mac=mac(i), ip=ip(i)) for i in (1, 2, 3, PROXY, APP, APP2, DB, WATCH, SCAN)),
        *(fact("name", source="dhcp", mac=mac(i), name=name, kind="hostname") for i, name in ((PC, "pc"), (PROXY, "proxy"), (APP, "app"), (APP2, "app2"), (DB, "db"), (WATCH, "watch"), (SCAN, "scan"))),
        serves(PROXY, 443), serves(APP, 8080), serves(APP2, 8080), serves(DB, 5432), serves(WATCH, 9090), serves(DB, 9999, state="closed"), serves(DB, 53, proto="udp"),
        *(serves(i, 9100) for i in (PROXY, APP, DB)), serves(DB, 22))
    say(*(talks(i, PROXY, 443) for i in (1, 2, 3)), talks(PROXY, APP, 8080), talks(PROXY, APP2, 8080), talks(APP, DB, 5432, bytes_back=500000), talks(APP2, DB, 5432))
    hosts = {host["name"]: host["id"] for host in get("hosts?limit=0") if host["name"]}

    # What is use, and how it is known.
    app = of("app")
    equal(edges(app["uses"], "server_name", "port", "proto", "truth", "source"), [("db", 5432, "tcp", "measured", "flow")], "an application uses its database, as it was measured")
    equal(edges(app["used_by"], "client_name", "client_host_id", "connections"), [("proxy", hosts["proxy"], 5)], "and is used by the proxy")
    row = app["uses"][0]
    service = get(f"services/{row['service_id']}")
    equal((service["host_id"], service["port"]), (hosts["db"], 5432), "an edge names the service that is used")
    equal((row["first_seen"], row["last_seen"], row["bytes"], row["bytes_back"], row["packets"], row["packets_back"]), (1000.0, 9000.0, 9000, 500000, 60, 60), "since when, until when, how much")
    say(talks(PC, DB, 9999, connections=9, packets=9, bytes=540, packets_back=9, bytes_back=360),  # refused
        talks(PC, DB, 7777, packets=9, bytes=540, packets_back=0, bytes_back=0),  # nobody answers
        talks(PC, APP, 8080, connections=1, packets=3, bytes=172, packets_back=1, bytes_back=60),  # opened and left at once
        talks(PC, "224.0.0.251", 5353, proto="udp"),  # to many
        talks(PC, "10.0.0.77", 4444, packets=9, bytes=540, packets_back=9, bytes_back=360),  # resets of a port that nobody has seen open
        talks(PC, DB, 53, proto="udp"), talks(PC, "192.0.2.7", 443), talks(PC, APP, 4321, proto="udp"))
    pc = of("pc")
    equal(edges(pc["uses"], "server", "port", "proto", "truth"), sorted([(ip(PROXY), 443, "tcp", "measured"), (ip(DB), 53, "udp", "measured"), ("192.0.2.7", 443, "tcp", "inferred"),
          (ip(APP), 4321, "udp", "inferred")]), "what was refused, not answered, left at once or said to many uses nothing; what has no known service is inferred")
    equal(pc["used_by"], [], "and nobody uses a machine that serves nothing")
    # A service on two addresses, a client with two: the edge is its host's.
    say(fact("address", mac=mac(PC), ip="10.0.0.201"), talks("10.0.0.201", PROXY, 443, connections=2, first=500.0))
    row = next(r for r in of("pc")["uses"] if r["port"] == 443 and r["server"] == ip(PROXY))
    equal((row["connections"], row["first_seen"], row["last_seen"]), (7, 500.0, 9000.0), "conversations from all addresses of a host are one edge")

    # What a router passes on is seen on both sides of it: one conversation all the same.
    both = dict(connections=4, packets=40, bytes=4000, packets_back=40, bytes_back=8000)
    say(*(fact("address", mac=mac(i), ip=ip(i), vlan=(vlan,)) for i in (3, DB) for vlan in (10, 20)), serves(DB, 3306, vlan=(10,)), serves(DB, 3306, vlan=(20,)), talks("10.0.0.3", DB, 3306, vlan=(10,), **both), talks("10.0.0.3", DB, 3306, vlan=(20,), **{**both, "packets": 41}))
    equal(edges([r for r in of("db")["used_by"] if r["port"] == 3306], "client", "connections", "packets", "bytes_back"), [("10.0.0.3", 4, 41, 8000)], "a conversation that is seen in two VLANs is one, and counts once")

    # The list: the same edges, filtered, ordered, counted.
    rows = get(f"dependencies?network_id={network}&client_host_id={hosts['pc']}&limit=0")
    equal(sorted(r["id"] for r in rows), sorted(r["id"] for r in of("pc")["uses"]), "the list has the same edges under the same ids")
    equal({r["truth"] for r in get("dependencies?truth=inferred&limit=0")}, {"inferred"}, "a filter")
    equal([r["port"] for r in get(f"dependencies?server_host_id={hosts['db']}&order_by=port&order_direction=asc")][:3], [53, 3306, 5432], "an order")
    equal(c.request("GET", f"/api/hosts/{network}/dependencies")[0], 404, "a host that is not there")

    # Relations: what runs it, by a person's word; what it is linked with, as a switch tells.
    vm = get(f"hosts/{hosts['app']}")
    status, _ = c.request("PUT", f"/api/hosts/{hosts['app']}", {"virtualization": {"type": "Proxmox", "vm_name": "app", "service_id": service["id"]}})
    say(fact("link", source="snmp", mac=mac(DB), chassis="db", port="1", system_name="db", peer_mac=mac(PC), stations=1))
    equal((status, [(r["kind"], r["name"], r["truth"]) for r in of("app")["relations"]]), (200, [("runs_on", "db", "noted")]), "what runs a machine, as a person noted it")
    equal(sorted((r["kind"], r["name"], r["truth"]) for r in of("db")["relations"]), [("linked", "pc", "measured"), ("runs", "app", "noted")], "the other side of it, and a link that a switch measured")

    # Proposals.
    say(*(talks(WATCH, i, 9100) for i in (PROXY, APP, DB)), talks(PC, WATCH, 9090), *(talks(SCAN, DB, port) for port in range(6000, 6040)), *(serves(DB, port) for port in range(6000, 6040)),
        serves(SCAN, 80), talks(PC, SCAN, 80), talks(SCAN, APP, 8080), talks(SCAN, APP2, 8080), talks(SCAN, PROXY, 443), talks(WATCH, DB, 22), talks(PROXY, DB, 53, proto="udp"))
    equal(find(), (200, find()[1]), "looking for groups")
    paths = proposals(group_type="RequestPath", state="proposed")
    equal(sorted(shape(p) for p in paths), [[("proxy", 443), ("app", 8080), ("db", 5432)], [("proxy", 443), ("app2", 8080), ("db", 5432)]], "a proxy, its applications, their database: paths in their order")
    ok(all("proxy" in p["reason"] and p["truth"] == "inferred" for p in paths), "a proposal says why, and that it is inferred")
    hubs = proposals(group_type="HubAndSpoke", state="proposed")
    equal([(shape(p)[0], sorted(shape(p)[1:])) for p in hubs], [(("watch", 9090), [("app", 9100), ("db", 9100), ("proxy", 9100)])],
          "who asks the same of three hosts is a hub; what everybody uses, what administrators use, and a scanner make none")
    # One more application: now the database is a hub too.
    say(fact("address", mac=mac(22), ip=ip(22)), serves(22, 8080), talks(PROXY, 22, 8080), talks(22, DB, 5432))
    find()
    equal([sorted(shape(p)[1:]) for p in proposals(group_type="HubAndSpoke", state="proposed") if shape(p)[0] == ("db", 5432)], [[("10.0.0.22", 8080), ("app", 8080), ("app2", 8080)]], "what services of three hosts use is a hub")

    # A click makes a group; a click dismisses for good.
    path = next(p for p in paths if ("app", 8080) in shape(p))
    status, answer = c.request("POST", f"/api/group-proposals/{path['id']}/accept", {})
    group = get(f"groups/{answer['data']['group_id']}")
    bound = [get(f"bindings/{b}")["service_id"] for b in group["binding_ids"]]
    equal((status, answer["data"]["state"], group["group_type"], bound), (200, "accepted", "RequestPath", [m["service_id"] for m in path["members"]]), "an accepted proposal is a group, in its order")
    equal(c.request("POST", f"/api/group-proposals/{path['id']}/dismiss", {})[0], 409, "what is decided is decided")
    hub = hubs[0]
    equal(c.request("POST", f"/api/group-proposals/{hub['id']}/dismiss", {})[1]["data"]["state"], "dismissed", "another is dismissed")
    say(serves(APP2, 9100), talks(WATCH, APP2, 9100))
    find()
    equal([p["id"] for p in proposals() if shape(p)[0] == ("watch", 9090)], [hub["id"]], "and not proposed again, also with one more spoke")
    equal(len([p for p in proposals(state="accepted")]), 1, "nor is the accepted one")
    # A group that a person made of the same services is not proposed.
    other = next(p for p in proposals(state="proposed", group_type="RequestPath") if ("app2", 8080) in shape(p))
    bindings = [next(b["id"] for b in get("bindings?limit=0") if b["service_id"] == m["service_id"]) for m in other["members"]]
    c.request("POST", "/api/groups", {"network_id": network, "name": "by hand", "group_type": "RequestPath", "binding_ids": bindings})
    find()
    ok(other["id"] not in [p["id"] for p in proposals()], "what a person has grouped already is not proposed")
    # What is not so any more goes; a service that is gone can't be accepted.
    third = next(p for p in proposals(state="proposed", group_type="RequestPath"))
    gone = third["members"][1]["service_id"]
    c.request("DELETE", f"/api/services/{gone}")
    status, answer = c.request("POST", f"/api/group-proposals/{third['id']}/accept", {})
    ok(status == 409 and "no longer there" in answer["error"], "a proposal whose service is gone says so")
    find()
    ok(third["id"] not in [p["id"] for p in proposals()], "and is gone with the next look")
    log = get(f"changes?network_id={network}&entity=group")["entries"]
    ok(log and all(change["actor"] for change in log), "the group is in the log, with who made it")
finally:
    c.remove()
end()
