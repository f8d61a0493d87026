#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Who is plugged in where, as devices tell by SNMP: rows of the feed whose two ends follow their hosts, are in the past, and are bounded."""
import re

from netvisor import *

CORE, CORE2, PC, PHONE, ROOF, PRINTER = (f"00:1b:21:00:00:{i:02x}" for i in (1, 2, 0x10, 0x11, 0x20, 0x30))
with open(os.path.join(TOP, "defs", "limits.h")) as file:
    MOST = int(re.search(r"LINK_ROWS_MAX\s*=\s*(\d+)", file.read())[1])
c = Collector()
batch = 0


def settled():
    seq = int(c.sql("SELECT change_seq FROM network")[0][0])
    b.follow(lambda: b.seq >= seq)


def say(*facts):
    global batch
    batch += 1
    s.say(batch, *facts)
    settled()


def link(port="Gi0/1", peer=PC, source="snmp", **keys):
    return fact("link", source=source, confidence="measured" if source == "snmp" else "announced",
                **{"mac": CORE, "ip": "10.0.0.254", "chassis": CORE, "port": port, "system_name": "core", "stations": 1, "speed_bps": 1000000000, **({"peer_mac": peer} if peer else {}), **keys})


def rows(**wanted):
    return [r for r in b.rows.get("link", {}).values() if all(r[k] == v for k, v in wanted.items())]


def said(entity="link"):
    return [change for change in b.changes if change["entity"] == entity]


def host_of(mac):
    return next((r["host_id"] for r in b.rows["interface"].values() if r["mac"] == mac), None)


def is_whole(what):
    settled()
    fresh = c.browser()
    equal(b.rows.get("link", {}), fresh.rows.get("link", {}), f"{what}: a browser that comes has the same rows")
    fresh.close()


try:
    c.start()
    me = c.sign_up()
    s = c.sensor()
    b = c.browser()
    say(fact("address", mac=CORE, ip="10.0.0.254"), fact("address", mac=PC, ip="10.0.0.3"), link(vlan=(10,), port_description="desk 4"))
    row = rows()[0]
    equal({k: v for k, v in row.items() if k not in ("id", "host_id", "peer_host_id", "sensor_id")},
          {"source": "snmp", "mac": CORE, "chassis": CORE, "port": "Gi0/1", "port_description": "desk 4", "system_name": "core", "peer_mac": PC, "peer_chassis": None, "peer_port": None,
           "peer_port_description": None, "peer_name": None, "platform": None, "capabilities": [], "management": [], "native_vlan": None, "vlan": [10], "stations": 1, "speed_bps": 1000000000,
           "first_seen": 1000.0, "last_seen": 1000.0}, "who is at a port is a row")
    equal((row["host_id"], row["peer_host_id"], row["sensor_id"]), (host_of(CORE), host_of(PC), s.welcome["sensor_id"]), "with both hosts, and who was told")
    count = len(said())
    say(link(vlan=(10,), last=1100.0, port_description="desk 4"))
    equal((len(said()), rows()[0]["last_seen"]), (count, 1100.0), "told again: only its time moves, in an entry `seen`")
    ok(any("link" in (change["set"] or {}) for change in said("seen")), "which names it")
    before = time.time()
    time.sleep(0.05)
    say(link(vlan=(10,), last=1200.0, port_description="desk 4", stations=2))
    change = said()[-1]
    equal((change["op"], change["set"]), ("update", {"stations": 2, "last_seen": 1200.0}), "what is told anew is an entry of its own")

    # Other ends.
    say(link(port="Gi0/7", peer=PHONE, source="lldp", peer_chassis="10.0.0.7", peer_port=PHONE, peer_name="phone 7", platform="Phone", capabilities=["bridge", "telephone"], management=["10.0.0.7"], native_vlan=10),
        link(port="Gi0/8", peer=None, stations=200), link(port="Gi0/9", peer="ff:ff:ff:ff:ff:ff"), link(port="Gi0/9", peer=None, mac="01:00:5e:00:00:01"))
    equal([(r["peer_name"], r["capabilities"], r["management"], r["peer_host_id"]) for r in rows(source="lldp")], [("phone 7", ["bridge", "telephone"], ["10.0.0.7"], None)],
          "one that says who it is, and is no known host")
    equal([(r["peer_mac"], r["stations"]) for r in rows(port="Gi0/8")], [(None, 200)], "a port that leads to many")
    equal(rows(port="Gi0/9"), [], "a group is nobody")
    say(fact("address", mac=PHONE, ip="10.0.0.7"))
    equal(rows(source="lldp")[0]["peer_host_id"], host_of(PHONE), "who becomes known is there, at its port")
    hostile = "\u0000\x1b[31m<script>'\"\\ \U0001f4a5" + "x" * 3000
    say(link(port=hostile, peer=None, peer_chassis=hostile, peer_name=hostile, capabilities=[hostile], stations=9007199254740991))
    found = rows(stations=9007199254740991)
    ok(len(found) == 1 and "\\x00" in found[0]["port"], "whatever a device says is a text")
    is_whole("at first")

    # A device's ports by SNMP are one host's, and a name that it says is its name.
    say(fact("neighbor", source="snmp", confidence="announced", mac=CORE, chassis=CORE, port="Gi0/1", system_name="core", capabilities=["bridge"]),
        fact("neighbor", source="snmp", confidence="announced", mac=CORE2, chassis=CORE, port="Gi0/2", system_name="core", capabilities=["bridge"]),
        fact("name", source="snmp", confidence="announced", name="core", kind="hostname", ip="10.0.0.254"))
    equal((host_of(CORE2), b.rows["host"][host_of(CORE)]["name"]), (host_of(CORE), "core"), "a device's ports are one host, which it names")

    # Ends that become one host, and two again.
    pc, core, phone = host_of(PC), host_of(CORE), host_of(PHONE)
    equal(c.request("PUT", f"/api/hosts/{pc}/consolidate/{phone}", {})[0], 200, "two hosts are consolidated")
    settled()
    equal({r["peer_host_id"] for r in rows() if r["peer_mac"] in (PC, PHONE)}, {pc}, "their links go over")
    is_whole("consolidated")
    done = [r["id"] for r in c.request("GET", "/api/consolidations?state=done")[1]["data"] if r["origin"] == "manual"]
    equal([c.request("POST", f"/api/consolidations/{one}/undo", {})[0] for one in done], [200], "it is undone")
    settled()
    equal({r["peer_mac"]: r["peer_host_id"] for r in rows() if r["peer_host_id"]}, {PC: pc, PHONE: phone}, "and they are back")
    is_whole("undone")
    then = {r["id"]: r for r in c.request("GET", f"/api/history/as-of?at={before:.6f}&entity=link&limit=5000")[1]["data"]["entities"]["link"]["rows"]}
    equal([(r["id"], r["stations"], r["peer_host_id"]) for r in then.values()], [(row["id"], 1, pc)], "as of before there was one")
    status, answer = c.request("GET", f"/api/history/difference?from={before:.6f}&entity=link")
    ok("phone 7 → core Gi0/7" in {i["label"] for i in answer["data"]["items"]}, "the difference tells it, by name")
    equal([e["kind"] for e in c.request("GET", f"/api/timeline/link/{rows(source='lldp')[0]['id']}")[1]["data"]["entries"]][-1], "appeared", "and its timeline")

    # A host that goes: as an end it is nobody's MAC, as the device its links go.
    equal(c.request("DELETE", f"/api/hosts/{phone}")[0], 200, "a person removes the phone")
    settled()
    equal([r["peer_host_id"] for r in rows(source="lldp")], [None], "the switch says so on")
    equal(c.request("DELETE", f"/api/hosts/{core}")[0], 200, "and the switch")
    settled()
    equal(rows(mac=CORE), [], "which takes its links along")
    is_whole("removed")

    # Row-level security, and a bound.
    status, answer = c.request("POST", "/api/networks", {"name": "Another"})
    other = answer["data"]["id"]
    equal(c.sql(f"BEGIN; SET LOCAL ROLE netvisor_app; SET LOCAL netvisor.role = 'owner'; SET LOCAL netvisor.networks = '{{{other}}}'; SELECT count(*) FROM link")[-1], ["0"], "another network sees none")
    c.sql("INSERT INTO link (network_id, id, source, chassis, port, capabilities, management, vlan, first_seen, last_seen) "
          f"SELECT id, gen_random_uuid(), 'snmp', 'old', 'p' || n, '[]', '[]', '{{}}', to_timestamp(100), to_timestamp(100 + n) FROM network, generate_series(1, {MOST}) n "
          f"WHERE id = '{s.welcome['network_id']}'")
    had = {r["id"] for r in rows()}
    say(*(link(port=f"n{i}", peer=None, peer_chassis="new", first=2000.0, last=2000.0) for i in range(500)))
    equal(int(c.sql("SELECT count(*) FROM link")[0][0]), MOST, f"a network keeps {MOST} of them")
    equal((len(rows(peer_chassis="new")), had <= {r["id"] for r in rows()}, c.sql("SELECT count(*) FROM link WHERE port = 'p1'")), (500, True, [["0"]]), "the latest")
    dropped = re.search(r"^netvisor_links_dropped_total (\d+)$", c.request("GET", "/metrics")[1].decode(), re.M)
    ok(dropped and int(dropped[1]) > 400, "the others are counted")
    ok("links of switches were forgotten" in c.logged(), "and the log says so")
    equal(c.request("DELETE", f"/api/networks/{s.welcome['network_id']}")[0], 200, "the network is removed")
    equal(c.sql("SELECT count(*) FROM link"), [["0"]], "with its links")
finally:
    c.remove()
end()
