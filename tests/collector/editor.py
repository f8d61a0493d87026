#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A host edited with all that it has, in one step; and two who edit one."""
from netvisor import *

c = Collector()
NOTHING = "00000000-0000-4000-8000-0000000000ee"


def put(host, body, match=None):
    status, answer = c.request("PUT", f"/api/hosts/{host}", body, headers={"If-Match": f'"{match}"'} if match is not None else None)
    return status, answer["data"] if status == 200 else answer["error"]


def get(host):
    return c.request("GET", f"/api/hosts/{host}")[1]["data"]


def shape(host):
    ports = {p["id"]: f"{p['number']}/{p['protocol']}" for p in host["ports"]}
    faces = {i["id"]: i["ip_address"] or i["mac_address"] for i in host["interfaces"]}
    return ([faces[i["id"]] for i in host["interfaces"]], sorted(ports.values()),
            {v["name"]: sorted(((ports.get(b["port_id"]), faces.get(b["interface_id"])) for b in v["bindings"]), key=str) for v in host["services"]})


try:
    c.start()
    c.sign_up()
    s = c.sensor()
    network = s.welcome["network_id"]
    s.say(1, fact("address", mac="00:1b:21:00:00:01", ip="10.0.0.1"), fact("service", source="tcp", ip="10.0.0.1", port=80, proto="tcp", state="open"))
    seen = c.request("GET", "/api/hosts")[1]["data"][0]["id"]
    b = c.browser()

    # A new one, whole.
    status, answer = c.request("POST", "/api/hosts", {"network_id": network, "name": "nas", "interfaces": [{"ip_address": "10.0.0.7", "key": "lan"}, {"mac_address": "00:1b:21:00:00:07"}],
        "ports": [{"number": 445, "key": "smb"}, {"number": 53, "protocol": "udp"}],
        "services": [{"name": "Files", "bindings": [{"port_key": "smb", "interface_key": "lan"}]}, {"name": "Disk", "bindings": []}]})
    nas = answer["data"]["id"]
    equal((status, shape(answer["data"])), (200, (["10.0.0.7", "00:1b:21:00:00:07"], ["445/tcp", "53/udp"], {"Files": [("445/tcp", "10.0.0.7")], "Disk": []})), "a host is made with all that it has")
    was = get(nas)
    equal(put(nas, was, was["revision"])[0], 200, "what was read can be sent back")
    now = get(nas)
    equal((shape(now), now["revision"]), (shape(was), was["revision"]), "and changes nothing")

    # One step.
    ids = {p["number"]: p["id"] for p in was["ports"]}
    files, disk = (next(v["id"] for v in was["services"] if v["name"] == name) for name in ("Files", "Disk"))
    lan, card = (i["id"] for i in was["interfaces"])
    status, now = put(nas, {"description": "in the cellar",
        "interfaces": [{"id": lan, "name": "LAN", "position": 5}, {"id": card, "deleted": True}, {"ip_address": "10.0.0.8", "mac_address": "00:1b:21:00:00:08", "key": "new", "position": 1}],
        "ports": [{"id": ids[53], "deleted": True}, {"id": ids[445], "number": 139}, {"number": 22, "key": "ssh"}],
        "services": [{"id": disk, "deleted": True}, {"id": files, "name": "Shares", "bindings": [{"port_id": ids[445]}, {"port_key": "ssh", "interface_key": "new"}]},
                     {"name": "Shell", "service_definition": "SSH", "bindings": [{"port_key": "ssh"}]}]}, was["revision"])
    equal((status, shape(now)), (200, (["10.0.0.8", "10.0.0.7"], ["139/tcp", "22/tcp"], {"Shares": [("139/tcp", None), ("22/tcp", "10.0.0.8")], "Shell": [("22/tcp", None)]})),
          "interfaces, ports, services and bindings are changed, made and removed in one step")
    equal((now["description"], now["revision"], get(nas)["revision"]), ("in the cellar", was["revision"] + 1, was["revision"] + 1), "which raises the revision once")
    ok(b.follow(lambda: b.rows["host"].get(nas, {}).get("revision") == now["revision"] and sum(r["host_id"] == nas for r in b.rows["interface"].values()) == 2), "and other browsers follow")
    equal(put(nas, {"ports": [{"number": 1}]}, was["revision"])[0], 412, "who has read it before is too late")
    status, later = put(nas, {"services": [{"id": files, "position": 3}]})
    equal((status, shape(later)), (200, shape(now)), "what is not named stays")

    # All or nothing.
    port = later["ports"][0]["id"]
    for what, body, want in (
            ("an address that is none", {"interfaces": [{"ip_address": "10.0.0.300"}]}, 400), ("an interface of nothing", {"interfaces": [{"name": "x"}]}, 400),
            ("a name too long", {"interfaces": [{"id": lan, "name": "x" * 101}]}, 400), ("a position outside", {"interfaces": [{"id": lan, "position": -1}]}, 400),
            ("a port too high", {"ports": [{"number": 65536}]}, 400), ("half a port", {"ports": [{"number": 1.5}]}, 400), ("a protocol that is none", {"ports": [{"number": 1, "protocol": "sctp"}]}, 400),
            ("a port twice", {"ports": [{"id": port, "number": 22}, {"id": next(p["id"] for p in later["ports"] if p["id"] != port), "number": 22}]}, 409),
            ("an id that is none", {"ports": [{"id": "x"}]}, 400), ("no object", {"services": [1]}, 400), ("no array", {"services": {}}, 400), ("removing nothing", {"ports": [{"deleted": True}]}, 400),
            ("what is gone", {"services": [{"id": disk, "name": "x"}]}, 409), ("another host's", {"services": [{"id": get(seen)["services"][0]["id"], "name": "x"}]}, 409),
            ("a key that nothing has", {"services": [{"name": "x", "bindings": [{"port_key": "no"}]}]}, 400), ("a binding to nothing", {"services": [{"name": "x", "bindings": [{}]}]}, 400),
            ("another network's port", {"services": [{"name": "x", "bindings": [{"port_id": NOTHING}]}]}, 400), ("a tag that is none", {"services": [{"id": files, "tags": [NOTHING]}]}, 400),
            ("tags of another kind", {"services": [{"id": files, "tags": 1}]}, 400), ("a subnet that is none", {"interfaces": [{"id": lan, "subnet_id": NOTHING}]}, 400)):
        status, why = put(nas, {"name": "never", **body})
        ok(status == want and isinstance(why, str) and len(why) > 10, f"{what}: {status} {str(why)[:90]}")
    last = get(nas)
    equal((last["name"], shape(last), last["revision"]), ("nas", shape(later), later["revision"]), "nothing of all that was kept")

    # What was discovered.
    found = get(seen)
    face, web = found["interfaces"][0]["id"], found["services"][0]["id"]
    status, now = put(seen, {"interfaces": [{"id": face, "name": "uplink", "ip_address": "10.9.9.9"}], "services": [{"id": web, "name": "Intranet"}]})
    equal((status, now["interfaces"][0]["ip_address"], now["interfaces"][0]["name"], now["services"][0]["name"]), (200, "10.0.0.1", "uplink", "Intranet"), "an address that was seen stays, a name is taken")

    # Each change of a part is a change of the host.
    revision = lambda host: get(host)["revision"]
    before = revision(nas)
    made = c.request("POST", "/api/ports", {"network_id": network, "host_id": nas, "number": 8080, "protocol": "tcp"})[1]["data"]["id"]
    service = c.request("POST", "/api/services", {"network_id": network, "host_id": nas, "name": "Late"})[1]["data"]["id"]
    ok(service, "a service without bindings is shown as it is made")
    status, answer = c.request("POST", "/api/bindings", {"network_id": network, "service_id": service, "port_id": made})
    assert status == 200, answer
    binding = answer["data"]["id"]
    c.request("DELETE", f"/api/bindings/{binding}")
    c.request("PUT", f"/api/interfaces/{lan}", {"name": "again"})
    equal(revision(nas), before + 5, "a port, a service, a binding, its end, an interface: five changes")
    before = revision(seen)
    s.say(2, fact("service", source="tcp", ip="10.0.0.1", port=8443, proto="tcp", state="open"), fact("address", mac="00:1b:21:00:00:01", ip="10.0.0.11"))
    equal((revision(seen), len(get(seen)["services"])), (before, 2), "what a sensor finds is none")
    c.concluded()  # else what the new service says of its host comes between the two
    settled = int(c.sql("SELECT change_seq FROM network WHERE id = '" + network + "'")[0][0])
    b.follow(lambda: b.seq >= settled)
    fresh = c.browser()
    ok(all(b.rows.get(e, {}) == fresh.rows.get(e, {}) for e in ("host", "interface", "service", "binding")) and b.gaps == 0, "a browser that followed has what a new one gets")
    fresh.close()
finally:
    c.remove()
end()
