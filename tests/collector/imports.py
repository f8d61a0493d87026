#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Files of other programs on their way: what a preview says, what an import brings and where it comes from, who may, how much, and that it can be taken back."""
from netvisor import *

MAC = "00:1b:21:00:00:{:02x}"
ARP = "".join(f"10.0.0.{i} dev eth0 lladdr {MAC.format(i)} REACHABLE\n" for i in (1, 2, 3)) + "10.0.0.9 dev eth0 FAILED\n224.0.0.1 dev eth0 lladdr 01:00:5e:00:00:01 PERMANENT\n"
NMAP = """<?xml version="1.0"?><!DOCTYPE nmaprun><nmaprun scanner="nmap" start="1650000000"><host endtime="1650000100"><status state="up"/><address addr="10.0.0.1" addrtype="ipv4"/>
<address addr="00:1B:21:00:00:01" addrtype="mac"/><hostnames><hostname name="nas.lan" type="PTR"/></hostnames><ports><port protocol="tcp" portid="22"><state state="open"/>
<service name="ssh" product="OpenSSH" version="9.2p1" method="probed"/></port><port protocol="tcp" portid="8080"><state state="open"/></port></ports></host></nmaprun>"""
c = Collector()


def send(text, want=200, headers=None, kind="application/octet-stream", **query):
    where = "/api/imports?" + "&".join(f"{k}={v}" for k, v in {"network_id": network, **query}.items() if v is not None)
    response, data = c.request("POST", where, text if isinstance(text, bytes) else text.encode(), {"Content-Type": kind, **(headers or {})}, raw=True)
    answer = json.loads(data) if data[:1] == b"{" else data
    if response.status != want:
        print("#", response.status, answer)
    return answer["data"] if response.status == 200 else (response.status, answer["error"] if isinstance(answer, dict) else answer)


def get(path):
    status, answer = c.request("GET", "/api/" + path)
    assert status == 200, (path, status, answer)
    return answer["data"]


def done(started):
    return until(lambda: (lambda row: row if row["state"] != "running" else None)(get(f"imports/{started['id']}")), 30)


def hosts():
    return {h["addresses"][0] if h["addresses"] else h["macs"][0]: h for h in get("hosts?limit=0")}


try:
    c.start()
    c.sign_up()
    s = c.sensor()
    network = s.welcome["network_id"]
    now = time.time()
    s.say(1, fact("address", mac=MAC.format(1), ip="10.0.0.1", first=now - 50, last=now), fact("name", source="dhcp", mac=MAC.format(2), name="laptop", kind="hostname", first=now, last=now),
          fact("address", mac=MAC.format(2), ip="10.0.0.2", first=now - 50, last=now), fact("service", source="tcp", ip="10.0.0.1", port=22, proto="tcp", state="open", first=now, last=now))
    before = hosts()

    # A preview changes nothing.
    plan = send(ARP, dry_run="true")
    equal((plan["format"], plan["rows"], plan["skipped"], plan["would"]["hosts"], plan["would"]["new_hosts"]), ("arp", 3, 1, 3, 1), "a preview says what would come of a file")
    equal([(k["ip"], k["host_name"]) for k in plan["would"]["known"]], [("10.0.0.1", "10.0.0.1"), ("10.0.0.2", "laptop")], "and who is known already")
    equal(plan["problems"], [{"line": 5, "text": "a MAC that is no device's"}], "and which line is left out, and why")
    equal((hosts(), get("imports")), (before, []), "and changes nothing")

    # An import is evidence like a sensor's.
    b = c.browser()
    row = done(send(ARP, name="core%20switch"))
    equal((row["state"], row["name"], row["format"], row["hosts"], row["facts"], row["facts_done"], row["skipped"]), ("done", "core switch", "arp", 3, 3, 3, 1), "an import says what it was")
    there = hosts()
    equal(sorted(there), ["10.0.0.1", "10.0.0.2", "10.0.0.3"], "a new host is there, known ones are not made twice")
    equal(there["10.0.0.2"]["name"], "laptop", "and keep what is better known")
    ok(b.follow(lambda: any(r["ip"] == "10.0.0.3" for r in b.rows["interface"].values())), "browsers are told at once")
    why = get(f"hosts/{there['10.0.0.3']['id']}/evidence")
    equal([(e["fact"]["fact"], e["fact"]["source"], e["fact"]["confidence"], e["sensor_id"]) for e in why], [("address", "import", "announced", row["id"])], "why: the import said so")
    again = done(send(ARP))
    equal((again["state"], len(hosts())), ("done", 3), "the same file again makes nothing new")

    # Nmap's XML.
    plan = send(NMAP, dry_run="true")
    equal((plan["format"], plan["would"]["services"], plan["would"]["new_services"], plan["sample"][0]["name"]), ("nmap", 2, 1, "nas.lan"), "a preview of ports: one is known, one is new")
    scan = done(send(NMAP))
    nas = hosts()["10.0.0.1"]
    services = {sv["port"]: sv for sv in get(f"services?host_id={nas['id']}&limit=0") if sv["port"]}
    equal((nas["name"], nas["name_source"], sorted(services)), ("nas.lan", "import", [22, 8080]), "names and ports of a scan by somebody else")
    equal((services[22]["source"], services[8080]["source"], services[8080]["last_seen"]), ("tcp", "import", 1650000100.0), "what was measured stays so; what was said is of when it was so")
    ok(any(e["fact"].get("key") == "nmap.product" and e["fact"]["value"] == "OpenSSH 9.2p1" for e in get(f"hosts/{nas['id']}/evidence")), "products are evidence")
    s.say(2, fact("name", source="dhcp", mac=MAC.format(1), name="files", kind="hostname", first=now, last=now))
    equal(hosts()["10.0.0.1"]["name"], "files", "what a device says of itself counts more than a file")

    # Times, VLANs.
    old = done(send("10.0.0.40 dev e lladdr 00:1b:21:00:00:40\n", at=1600000000, vlan=30))
    face = next(i for i in get("interfaces?limit=0") if i["ip_address"] == "10.0.0.40")
    equal((face["last_seen"], face["vlan"]), (1600000000.0, [30]), "as of then, in that VLAN")
    future = done(send("10.0.0.41 dev e lladdr 00:1b:21:00:00:41\n", at=int(now) + 900000))
    ok(hosts()["10.0.0.41"]["last_seen"] <= time.time() + 1, "nothing is of the future")

    # Undo.
    def undo(which, want=200):
        status, answer = c.request("POST", f"/api/imports/{which['id']}/undo", {})
        return answer["data"]["state"] if status == want == 200 else (status, answer["error"])

    equal((undo(scan), undo(scan, 409)[0]), ("undone", 409), "an import is taken back, once")
    nas = hosts()["10.0.0.1"]
    equal((nas["name"], [sv["port"] for sv in get(f"services?host_id={nas['id']}&limit=0") if sv["port"]]), ("files", [22]), "with what nobody else has said, and no more")
    equal([e for e in get(f"hosts/{nas['id']}/evidence") if e["sensor_id"] == scan["id"]], [], "its evidence is gone")
    undo(row)
    ok("10.0.0.3" in hosts(), "what another import says stays")
    undo(again)
    equal(sorted(hosts()), ["10.0.0.1", "10.0.0.2", "10.0.0.40", "10.0.0.41"], "until that is taken back, too")
    ok(b.follow(lambda: not any(r["ip"] == "10.0.0.3" for r in b.rows["interface"].values())), "browsers are told of that")
    c.request("PUT", f"/api/hosts/{hosts()['10.0.0.40']['id']}", {"description": "mine"})
    undo(old)
    ok(any(h["description"] == "mine" for h in hosts().values()), "what a person has changed stays")
    undo(future)
    done(send(ARP))
    equal(sorted(ip for ip in hosts() if ip.startswith("10.0.0.") and ip < "10.0.0.4"), ["10.0.0.1", "10.0.0.2", "10.0.0.3"], "and the file can be imported again")

    # What is refused, and how.
    equal(send("hello", want=400), (400, "no line of the file holds an address and a MAC"), "a file that says nothing")
    equal(send("<nmaprun><host>", want=400)[0], 400, "a broken one")
    equal(send("", want=400), (400, "the file is empty"), "an empty one")
    equal(send(ARP, want=400, kind="text/plain")[0], 400, "a type that a form of another site can send")
    equal(send(ARP, want=404, network_id="00000000-0000-4000-8000-00000000000c")[0], 404, "another's network")
    equal(send(ARP, want=400, format="xls")[0], 400, "a format that is none")
    big = b"".join(b"10.%d.%d.%d dev e lladdr 00:1b:22:%02x:%02x:%02x\n" % (i >> 16, i >> 8 & 255, i & 255, i >> 16, i >> 8 & 255, i & 255) for i in range(256, 20256))
    ok(len(big) > 800000, "a file larger than a request may be otherwise")
    equal(send(big, dry_run="true")["would"]["new_hosts"], 20000, "is read")
    for length, cookie, what in ((17 << 20, c.cookie, "but not any size"), (len(big), "none=1", "and for nobody who is not signed in")):
        with socket.create_connection(("localhost", c.port)) as raw:
            raw.sendall(f"POST /api/imports?network_id={network} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\nContent-Type: text/csv\r\nContent-Length: {length}\r\n\r\n".encode())
            equal(raw.recv(4096).split(b"\r\n")[0].split()[1], b"413", what)
    equal(c.sql("SELECT count(*) FROM sensor_outbox WHERE outbox = 'import'"), [["0"]], "an import is no sensor")
    b.close()
finally:
    c.remove()
end()
