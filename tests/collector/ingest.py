#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""From facts to hosts, services, flows and evidence, and how a browser sees it."""
from netvisor import *

ENTITIES = ("network", "sensor", "host", "interface", "service", "flow")
NIC, NAS, LAPTOP, ROUTER = "00:1b:21:00:00:01", "00:11:32:00:00:02", "3c:22:fb:00:00:03", "00:0d:b9:00:00:04"
c = Collector()


def stored(entity):
    """Rows of a view, as the database has them."""
    rows = c.sql(f"SELECT coalesce(json_agg(v)::jsonb, '[]') FROM live_{entity} v")[0][0]
    return {row["id"]: row for row in json.loads(rows)}


def face(rows, **keys):
    """The one interface that has these values."""
    found = [row for row in rows["interface"].values() if all(row[key] == value for key, value in keys.items())]
    return found[0] if len(found) == 1 else None


def same_as_database(browser, what):
    browser.follow(lambda: all(browser.rows.get(e, {}) == stored(e) for e in ENTITIES if e != "sensor"), 5)
    for entity in ENTITIES:
        if entity == "sensor":
            continue
        have, want = browser.rows.get(entity, {}), stored(entity)
        if not ok(have == want, f"{what}: {entity} rows by changes are those of the database"):
            for key in set(have) | set(want):
                if have.get(key) != want.get(key):
                    print(f"#   {have.get(key)}\n#   {want.get(key)}")


try:
    c.start()
    c.sign_up()
    b = c.browser()
    ok(b.snapshots >= len(ENTITIES) and b.seq is not None, "a browser gets a snapshot and is ready")
    s = c.sensor()
    equal(s.acked, 0, "a new outbox begins at 0")

    # Names that come before their host; hosts by MAC; a routed address; services and flows.
    s.say(1, fact("name", source="dns", vlan=[10], ip="10.0.0.9", name="nas.example.org", kind="fqdn"))
    s.say(2, fact("address", vlan=[10], mac=NIC, ip="10.0.0.1", first=1000, last=1001.5),
          fact("address", vlan=[10], mac=NIC, ip="fe80::1", source="nd"),
          fact("address", vlan=[10], mac=NAS, ip="10.0.0.9"),
          fact("host", vlan=[10], source="ip", mac=NAS, ip="10.0.0.9", packets=10, bytes=1000, packets_in=4, bytes_in=400),
          fact("host", vlan=[10], source="ip", ip="192.0.2.7", via=NIC, packets=3, bytes=300, packets_in=2, bytes_in=200),
          fact("name", vlan=[10], source="dhcp", mac=NIC, name="alpha", kind="hostname"),
          fact("service", vlan=[10], source="tcp", ip="10.0.0.9", port=445, proto="tcp", state="open", clients=1),
          fact("flow", vlan=[10], source="tcp", client="192.0.2.7", server="10.0.0.9", port=445, proto="tcp",
               connections=1, packets=10, bytes=1000, packets_back=8, bytes_back=800, rtt_us=250))
    b.follow(lambda: len(b.rows.get("flow", {})) == 1)
    nic, nas = face(b.rows, mac=NIC, ip="10.0.0.1"), face(b.rows, mac=NAS)
    far = face(b.rows, ip="192.0.2.7")
    ok(nic and nas and far, "three interfaces with IPv4")
    equal(face(b.rows, ip="fe80::1")["host_id"], nic["host_id"], "addresses of one MAC are one host")
    equal(len(b.rows["host"]), 3, "and there are three hosts")
    equal((far["mac"], far["via"]), (None, NIC), "a routed address has no MAC, and a hop")
    equal((b.rows["host"][nic["host_id"]]["name"], b.rows["host"][nic["host_id"]]["name_source"]), ("alpha", "dhcp"), "a name by DHCP")
    equal(b.rows["host"][nas["host_id"]]["name"], "nas.example.org", "a name that was said before the host was seen")
    equal(b.rows["host"][nas["host_id"]]["vendor"], "Synology Incorporated", "a vendor by the IEEE's registry")
    equal((nas["packets"], nas["bytes_in"]), (10, 400), "counters of an interface")
    service, flow = list(b.rows["service"].values())[0], list(b.rows["flow"].values())[0]
    equal((service["host_id"], service["state"], service["clients"]), (nas["host_id"], "open", 1), "a service is its host's")
    equal((flow["client_host_id"], flow["server_host_id"], flow["rtt_us"]), (far["host_id"], nas["host_id"], 250), "a flow knows both")
    same_as_database(b, "at first")

    # Totals: repeats change nothing, growth adds its difference, a new epoch adds all.
    def said(batch, first, packets):
        s.say(batch, fact("flow", vlan=[10], source="tcp", client="192.0.2.7", server="10.0.0.9", port=445, proto="tcp",
                          first=first, last=first + 5, connections=1, packets=packets, bytes=100 * packets, packets_back=0, bytes_back=0))
        return [int(x) for x in c.sql("SELECT packets, bytes FROM flow")[0]]

    equal(said(3, 1000, 10), [10, 1000], "a total that is said again adds nothing")
    equal(said(4, 1000, 25), [25, 2500], "a total that has grown adds the difference")
    equal(said(5, 2000, 4), [29, 2900], "after the sensor's restart all of the new total is added")
    equal(said(6, 2000, 4), [29, 2900], "once")
    for batch, app in ((7, {"app": "smb"}), (8, {})):
        s.say(batch, fact("flow", vlan=[10], source="tcp", client="192.0.2.7", server="10.0.0.9", port=445, proto="tcp", first=2000, last=2005, connections=1, packets=4, bytes=400,
                          packets_back=0, bytes_back=0, **app))
    b.follow(lambda: any(flow["app"] for flow in b.rows["flow"].values()))
    equal((c.sql("SELECT app, packets FROM flow")[0], [flow["app"] for flow in b.rows["flow"].values()]), (["smb", "29"], ["smb"]), "which protocol it speaks, once that was heard")
    s.send(8, fact("address", mac=LAPTOP, ip="10.9.9.9"))
    message = s.ws.receive()
    equal((message["type"], message.get("code")), ("error", "bad_message"), "a batch that does not rise is refused")
    s.close()
    s = c.sensor()
    equal(s.acked, 8, "the next connection learns what is committed")
    seq = c.sql("SELECT change_seq FROM network")
    s.send(5, fact("address", mac=LAPTOP, ip="10.9.9.9"))
    equal(s.ws.receive(), {"type": "ack", "batch": 5}, "a batch that was committed before is acknowledged")
    ok(face({"interface": stored("interface")}, ip="10.9.9.9") is None and c.sql("SELECT count(*) FROM change WHERE entity <> 'sensor' AND seq > " + seq[0][0]) == [["0"]],
       "and not applied")
    s2 = c.sensor()
    message = s.ws.receive()
    equal((message["type"], message.get("code")), ("error", "replaced"), "a second connection replaces the first")
    s = s2

    # Folding: an address alone gets its MAC.
    s.say(10, fact("host", vlan=[20], source="ip", ip="10.0.20.5", packets=7, bytes=70, packets_in=1, bytes_in=10),
          fact("service", vlan=[20], source="tcp", ip="10.0.20.5", port=22, proto="tcp", state="open", clients=1),
          fact("flow", vlan=[20], source="tcp", client="10.0.20.5", server="10.0.0.9", port=445, proto="tcp",
               connections=1, packets=1, bytes=1, packets_back=1, bytes_back=1))
    b.follow(lambda: face(b.rows, ip="10.0.20.5") and len(b.rows["flow"]) == 2)
    alone = face(b.rows, ip="10.0.20.5")["host_id"]
    s.say(11, fact("address", vlan=[30], mac=LAPTOP, ip="10.0.30.5"))
    s.say(12, fact("address", vlan=[20], mac=LAPTOP, ip="10.0.20.5", first=1200))
    b.follow(lambda: alone not in b.rows["host"])
    laptop = face(b.rows, mac=LAPTOP, ip="10.0.30.5")["host_id"]
    moved = face(b.rows, ip="10.0.20.5")
    ok(moved and moved["host_id"] == laptop and moved["mac"] == LAPTOP, "an address alone is folded into the host of its MAC")
    equal((moved["packets"], moved["bytes_in"]), (7, 10), "with what it counted")
    equal([r["host_id"] for r in b.rows["service"].values() if r["port"] == 22], [laptop], "its services follow")
    equal([r["client_host_id"] for r in b.rows["flow"].values() if r["client"] == "10.0.20.5"], [laptop], "and its flows")
    ok(c.sql(f"SELECT 1 FROM change WHERE entity = 'host' AND id = '{alone}' AND after IS NULL"), "the change log has it")
    same_as_database(b, "after folding")

    # A routed address is one host in every VLAN, and the one that has it on its link.
    s.say(13, fact("host", vlan=[10], source="ip", ip="10.0.30.5", via=ROUTER, packets=1, bytes=1, packets_in=0, bytes_in=0),
          fact("host", vlan=[10], source="ip", ip="198.51.100.1", via=ROUTER, packets=1, bytes=1, packets_in=0, bytes_in=0),
          fact("host", vlan=[20], source="ip", ip="198.51.100.1", via=ROUTER, packets=1, bytes=1, packets_in=0, bytes_in=0))
    b.follow(lambda: face(b.rows, ip="198.51.100.1", vlan=[20]))
    equal(face(b.rows, ip="10.0.30.5", vlan=[10])["host_id"], laptop, "seen behind a router, it is still the one host")
    equal(face(b.rows, ip="198.51.100.1", vlan=[10])["host_id"], face(b.rows, ip="198.51.100.1", vlan=[20])["host_id"],
          "a far address is one host in both VLANs")

    # Virtual routers, and an address that moves.
    s.say(14, fact("address", vlan=[10], mac="00:00:5e:00:01:01", ip="10.0.0.254"),
          fact("address", vlan=[20], mac="00:00:5e:00:01:01", ip="10.0.20.254"))
    b.follow(lambda: face(b.rows, ip="10.0.20.254"))
    ok(face(b.rows, ip="10.0.0.254")["host_id"] != face(b.rows, ip="10.0.20.254")["host_id"],
       "a virtual router's MAC makes no two addresses one host")
    s.say(15, fact("address", vlan=[10], mac=ROUTER, ip="10.0.0.9", first=3000))
    s.say(16, fact("service", vlan=[10], source="tcp", ip="10.0.0.9", port=179, proto="tcp", state="open", first=3001))
    b.follow(lambda: any(r["port"] == 179 for r in b.rows["service"].values()))
    old, new = face(b.rows, mac=NAS, ip="10.0.0.9"), face(b.rows, mac=ROUTER, ip="10.0.0.9")
    ok(old and new and old["host_id"] != new["host_id"] and old["last_seen"] < 3000, "an address that moved leaves the former interface as it was")
    equal([r["host_id"] for r in b.rows["service"].values() if r["port"] == 179], [new["host_id"]], "what it serves now is the new host's")

    # Ports of one switch: what LLDP calls one chassis is one host, also when they were hosts before.
    ports = [f"00:0d:b9:00:01:{i:02x}" for i in range(4)]
    s.say(160, *[fact("host", source="ethernet", vlan=[10], mac=port, packets=1, bytes=60, packets_in=0, bytes_in=0) for port in ports[:3]],
          fact("address", vlan=[10], mac=ports[2], ip="10.0.0.77"),
          fact("service", vlan=[10], source="tcp", ip="10.0.0.77", port=22, proto="tcp", state="open"))
    s.say(161, fact("neighbor", source="lldp", mac=ports[0], chassis="switch-1", port="p0"))
    s.say(162, *[fact("neighbor", source="lldp", mac=port, chassis="switch-1", port="p") for port in ports[1:]])
    s.say(163, fact("neighbor", source="lldp", mac=LAPTOP, chassis="laptop", port="eth0"))
    b.follow(lambda: b.seq >= int(c.sql("SELECT change_seq FROM network")[0][0]))
    switch = {row["host_id"] for row in b.rows["interface"].values() if row["mac"] in ports}
    equal(len(switch), 1, "ports of one LLDP chassis are one host")
    equal({row["host_id"] for row in b.rows["service"].values() if row["ip"] == "10.0.0.77"}, switch, "with its services")
    ok(laptop in b.rows["host"] and laptop not in switch, "another chassis is another host")
    same_as_database(b, "after the chassis")

    # Names by rank, a service by two sources, losses, all kinds of evidence.
    s.say(217, fact("name", source="dns", vlan=[10], ip="10.0.0.1", name="ptr.example.org", kind="fqdn"),
          fact("name", source="mdns", mac=LAPTOP, name="laptop.local", kind="fqdn", first=1300),
          fact("name", source="nbns", mac=LAPTOP, name="WORKGROUP", kind="workgroup", first=1400),
          fact("service", vlan=[30], source="mdns", confidence="announced", ip="10.0.30.5", port=631, proto="tcp", name="Printer", target="laptop.local"),
          fact("service", vlan=[30], source="tcp", ip="10.0.30.5", port=631, proto="tcp", state="open", clients=3),
          fact("trait", source="tcp", mac=LAPTOP, key="tcp.syn", value="zero\x00and \"quotes\" and \\ back"),
          fact("neighbor", source="lldp", mac=ROUTER, chassis="00:0d:b9", port="ge-0/0/1", capabilities=["bridge", "router"],
               management=["10.0.0.254", "fe80::1"], system_name="core"),
          fact("route", source="nd", ip="fe80::1", mac=ROUTER, prefix="2001:db8::/64", lifetime_s=1800, dns=["2001:db8::53"]),
          fact("conflict", ip="10.0.0.9", claims=[NAS, ROUTER]),
          fact("loss", source="sensor", counter="ring_full", value=5), fact("loss", source="sensor", counter="map_full", value=2))
    s.say(218, fact("loss", source="sensor", counter="ring_full", value=9), fact("loss", source="sensor", first=5000, counter="ring_full", value=1))
    b.follow(lambda: list(b.rows["sensor"].values())[0]["losses"] == {"ring_full": 10, "map_full": 2})
    equal(list(b.rows["sensor"].values())[0]["losses"], {"ring_full": 10, "map_full": 2}, "losses add up over a sensor's restarts")
    equal(b.rows["host"][nic["host_id"]]["name"], "alpha", "DNS does not take DHCP's name away")
    equal(b.rows["host"][laptop]["name"], "laptop.local", "mDNS names the laptop, its workgroup does not")
    printer = [r for r in b.rows["service"].values() if r["port"] == 631]
    equal([(r["name"], r["source"], r["confidence"], r["clients"]) for r in printer], [("Printer", "tcp", "measured", 3)],
          "a service that was announced and proven is one, and proven")
    c.concluded()
    same_as_database(b, "at the end")
    equal(b.gaps, 0, "no gap in seq")
    kinds = {row[0] for row in c.sql("SELECT DISTINCT kind FROM evidence")}
    equal(kinds, {"address", "host", "name", "service", "flow", "trait", "neighbor", "route", "conflict", "loss"}, "each kind has evidence")
    status, answer = c.request("GET", f"/api/hosts/{laptop}/evidence")
    facts = [row["fact"] for row in answer["data"]]
    ok({"address", "name", "service", "trait"} <= {f["fact"] for f in facts}, "a host can be asked why")
    equal([f["value"] for f in facts if f["fact"] == "trait"], ['zero\\x00and "quotes" and \\ back'], "texts come back as they were, a zero byte written out")
    equal(c.request("GET", "/api/hosts/00000000-0000-0000-0000-000000000001/evidence")[0], 404, "a host that is not there")

    # A snapshot is what the changes made; a browser resumes; each view has the columns of the table.
    fresh = c.browser()
    equal({e: fresh.rows.get(e, {}) for e in ENTITIES}, {e: b.rows.get(e, {}) for e in ENTITIES}, "a new snapshot is what changes have made")
    for entity in ENTITIES:
        rows = list(fresh.rows[entity].values())
        columns = c.sql(f"SELECT string_agg(column_name, ' ' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_name = 'live_{entity}'")
        ok(rows and set(columns[0][0].split()) == set(rows[0]), f"live_{entity} has the columns of its rows")
    whole = c.browser(after=0)
    whole.follow(lambda: whole.seq == fresh.seq)
    ok(whole.snapshots == 0 and {e: whole.rows.get(e, {}) for e in ENTITIES if e != "network"} ==
       {e: fresh.rows.get(e, {}) for e in ENTITIES if e != "network"}, "the whole log, replayed from 0, makes the same")
    gone = c.browser(after=10 ** 9)
    ok(gone.snapshots > 0, "a seq that never was gets a snapshot")
    for host in fresh.rows["interface"].values():
        if host["host_id"] not in fresh.rows["host"]:
            ok(False, f"interface {host} has no host")
    late = c.browser(after=fresh.seq)
    s.say(219, fact("host", vlan=[10], source="ip", mac=NAS, ip="10.0.0.9", packets=20, bytes=2000, packets_in=4, bytes_in=400, last=1500))
    late.follow(lambda: late.seq > fresh.seq)
    ok(late.snapshots == 0 and late.gaps == 0, "a browser that resumes gets only what it lacks")
    lean = [(x["entity"], sorted(x["set"])) for x in late.changes if x["entity"] != "sensor"]
    equal(lean, [("seen", ["host", "interface"])], "what was only seen again is one entry")
    same_as_database(b, "after it")
    s.say(220, fact("host", vlan=[10], source="ip", mac=NAS, ip="10.0.0.9", packets=30, bytes=2000, packets_in=4, bytes_in=400, last=4000))
    b.follow(lambda: b.rows["host"][nas["host_id"]]["present_since"] == 4000)
    equal(b.rows["host"][nas["host_id"]]["present_since"], 4000, "a host that was away is there again since it was seen")
    equal(c.sql(f"SELECT seconds(since), seconds(until) FROM presence WHERE host_id = '{nas['host_id']}'"), [["1000", "1500"]], "and when it was there before is kept")

    # Commands.
    import threading
    answers = []
    sensor_id = s.welcome["sensor_id"]
    call = threading.Thread(target=lambda: answers.append(c.request("POST", f"/api/sensors/{sensor_id}/refresh", {})))
    call.start()
    command = s.ws.receive()
    equal((command["type"], command["command"]), ("command", "refresh"), "a command reaches the sensor")
    s.ws.send({"type": "result", "id": command["id"], "ok": True})
    call.join()
    equal(answers[0][0], 200, "and its result the caller")
    s.ws.send({"type": "status", "at": 1.5, "counters": {"packets": 12, "dropped": 0.5}})
    s.ws.send({"type": "something-new", "x": 1})
    ok(b.follow(lambda: list(b.rows["sensor"].values())[0]["counters"] == {"packets": 12, "dropped": 0.5}), "a status reaches the browser")
    s.close()
    ok(b.follow(lambda: not list(b.rows["sensor"].values())[0]["connected"]), "a sensor that leaves is shown so")
    equal(c.request("POST", f"/api/sensors/{sensor_id}/refresh", {})[0], 409, "it can't be commanded then")
    equal(c.request("POST", f"/api/auth/logout", {})[0], 200, "the person leaves")
    try:
        while True:
            b.take(b.ws.receive())
    except Closed as closed:
        equal(closed.code, 1008, "and the feed ends with the session")
    except AssertionError:
        ok(True, "and the feed ends with the session")
    equal(c.stop(), 0, "it ends cleanly")
finally:
    c.remove()
end()
