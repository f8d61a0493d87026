#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What devices say of themselves on layer 2: rows of the feed that change in place, follow their hosts, are in the past, and are bounded; and
the host that a sensor runs on."""
import re

from netvisor import *

SWITCH, PORT2, PHONE, PROBE, PROBE2 = ("00:1b:21:00:00:01", "00:1b:21:00:00:02", "00:1b:21:00:00:03", "02:00:00:00:00:01", "02:00:00:00:00:02")
with open(os.path.join(TOP, "defs", "limits.h")) as file:
    MOST = int(re.search(r"NEIGHBOR_ROWS_MAX\s*=\s*(\d+)", file.read())[1])
c = Collector()
batch = 0


def say(*facts):
    global batch
    batch += 1
    s.say(batch, *facts)
    seq = int(c.sql("SELECT change_seq FROM network")[0][0])
    b.follow(lambda: b.seq >= seq)


def settled():
    seq = int(c.sql("SELECT change_seq FROM network")[0][0])
    b.follow(lambda: b.seq >= seq)


def lldp(mac=SWITCH, port="1/0/1", **keys):
    return fact("neighbor", source="lldp", confidence="announced", **{"mac": mac, "chassis": "00:1b:21:00:00:00", "port": port, "system_name": "core", "capabilities":
                ["bridge", "router"], "management": ["10.0.0.254", "fe80::1"], "native_vlan": 10, **keys})


def rows(**wanted):
    return [r for r in b.rows.get("neighbor", {}).values() if all(r[k] == v for k, v in wanted.items())]


def said(entity="neighbor"):
    return [change for change in b.changes if change["entity"] == entity]


def host_of(mac):
    return next((r["host_id"] for r in b.rows["interface"].values() if r["mac"] == mac), None)


def is_whole(what):
    """What the browser has is what the table has, and what a new browser gets."""
    settled()
    fresh = c.browser()
    equal(b.rows.get("neighbor", {}), fresh.rows.get("neighbor", {}), f"{what}: a browser that comes has the same rows")
    equal((b.rows["sensor"], b.gaps), (fresh.rows["sensor"], 0), f"{what}: and the same sensors, without a gap")
    fresh.close()


def as_of(moment, entity="neighbor"):
    status, answer = c.request("GET", f"/api/history/as-of?at={moment:.6f}&entity={entity}&limit=5000")
    assert status == 200, answer
    return {row["id"]: row for row in answer["data"]["entities"][entity]["rows"]}


try:
    c.start()
    me = c.sign_up()
    s = c.sensor()
    b = c.browser()
    say(fact("address", mac=SWITCH, ip="10.0.0.254"), fact("address", mac=PHONE, ip="10.0.0.3"), lldp(vlan=(20,)))
    row = rows(source="lldp")[0]
    equal({k: v for k, v in row.items() if k not in ("id", "host_id", "sensor_id")},
          {"source": "lldp", "mac": SWITCH, "chassis": "00:1b:21:00:00:00", "port": "1/0/1", "port_description": None, "system_name": "core",
           "system_description": None, "platform": None, "capabilities": ["bridge", "router"], "management": ["10.0.0.254", "fe80::1"], "native_vlan": 10,
           "vlan": [20], "root": None, "bridge": None, "cost": None, "first_seen": 1000.0, "last_seen": 1000.0, "vtp_domain": None}, "a port that was heard is a row")
    equal((row["host_id"], row["sensor_id"]), (host_of(SWITCH), s.welcome["sensor_id"]), "of its host, heard by this sensor")
    empty = time.time()
    time.sleep(0.05)

    # What bridges say beside that, and who sees which VLAN.
    say(fact("trait", source="stp", vlan=[20], mac=SWITCH, key="stp.topology_change", value="told to all", first=1000, last=1010, count=3), fact("trait", source="vtp", mac=SWITCH, key="vtp.vlan", value="20 office"),
        fact("trait", source="dhcp", mac=PHONE, key="dhcp.vendor_class", value="phone"), fact("host", source="ip", vlan=[20], mac=PHONE, ip="10.0.0.3", packets=1, bytes=1, packets_in=0, bytes_in=0))
    beside = c.request("GET", "/api/layer2")[1]["data"]
    equal([(t["key"], t["value"], t["source"], t["vlan"], t["host_id"], t["count"]) for t in beside["traits"]],
          [("stp.topology_change", "told to all", "stp", [20], host_of(SWITCH), 3), ("vtp.vlan", "20 office", "vtp", [], host_of(SWITCH), 1)], "what bridges say beside their ports, the latest first")
    equal([(v["vlan"], v["sensor_id"]) for v in beside["vlans"] if v["vlan"]], [([20], s.welcome["sensor_id"])], "and which sensor sees which VLAN")
    equal(c.request("GET", "/api/layer2?network_id=00000000-0000-4000-8000-00000000000c")[1]["data"], {"traits": [], "vlans": []}, "nothing of another network")

    # In place.
    count = len(said())
    say(lldp(vlan=(20,), last=1100.0, count=5))
    equal((len(said()), rows(id=row["id"])[0]["last_seen"]), (count, 1100.0), "heard again: only its time moves, in an entry `seen`")
    ok(any("neighbor" in (change["set"] or {}) for change in said("seen")), "which names it")
    say(lldp(vlan=(20,), last=1200.0, count=9, system_name="core-2", capabilities=["bridge"]))
    change = said()[-1]
    equal((change["op"], change["id"], change["set"]["system_name"], change["set"]["capabilities"]), ("update", row["id"], "core-2", ["bridge"]),
          "what it says anew is told")
    equal(sorted(change["set"]), ["capabilities", "last_seen", "system_name"], "that, and no more")
    say(lldp(vlan=(20,), last=1250.0, count=11, system_name="core-2", capabilities=["bridge"]))
    equal(said()[-1], change, "and told once")
    say(lldp(port="1/0/2"), lldp(port="1/0/1"), fact("neighbor", source="cdp", confidence="announced", mac=PHONE, chassis="SEP001B21000003", port="Port 1",
                                                     platform="Cisco IP Phone", capabilities=["telephone"], vtp_domain="office"),
        fact("neighbor", source="stp", confidence="announced", mac=PORT2, port="128.2", root="4096.00:1b:21:00:00:00", bridge="8192.00:1b:21:00:00:09", cost=20000))
    equal(sorted((r["source"], r["port"], r["vlan"]) for r in rows()),
          [("cdp", "Port 1", []), ("lldp", "1/0/1", []), ("lldp", "1/0/1", [20]), ("lldp", "1/0/2", []), ("stp", "128.2", [])], "a row for each port, source and VLAN")
    equal(rows(source="cdp")[0]["vtp_domain"], "office", "and the VTP domain that it is in")
    equal([(r["root"], r["cost"], r["host_id"]) for r in rows(source="stp")], [("4096.00:1b:21:00:00:00", 20000, host_of(PORT2))], "a bridge's word of its root")
    say(fact("host", mac=PORT2, packets=1, bytes=1, packets_in=0, bytes_in=0), fact("neighbor", source="stp", confidence="announced", mac=PORT2, port="128.2", last=1010.0,
        root="4096.00:1b:21:00:00:00", bridge="8192.00:1b:21:00:00:09", cost=20000))
    ok(host_of(PORT2) and rows(source="stp")[0]["host_id"] == host_of(PORT2), "a device that becomes known has its ports")
    hostile = "\u0000\x1b[31m<script>'\"\\ \U0001f4a5" + "x" * 3000
    say(fact("neighbor", source="lldp", confidence="announced", mac="00:1b:21:00:00:77", chassis=hostile, port=hostile, system_name=hostile, capabilities=[hostile],
             cost=9007199254740991, native_vlan=9007199254740991))
    found = [r for r in rows() if r["mac"] == "00:1b:21:00:00:77"]
    ok(len(found) == 1 and "\\x00" in found[0]["port"] and "\\x00" in found[0]["capabilities"][0] and found[0]["cost"] == 9007199254740991, "whatever a stranger says is a text")
    is_whole("at first")

    # With two sensors the first one stays.
    status, answer = c.request("POST", "/api/sensors", {"name": "second"})
    other = c.sensor(key=answer["data"]["key"])
    other.say(1, lldp(vlan=(20,), last=1300.0, system_name="core-2", capabilities=["bridge"]))
    settled()
    equal([(r["sensor_id"], r["last_seen"]) for r in rows(id=row["id"])], [(s.welcome["sensor_id"], 1300.0)], "another sensor hears it too: it is one row, of the first")
    other.say(2, lldp(vlan=(20,), first=1000.0, last=9000.0, system_name="core-2", capabilities=["bridge"]))
    settled()
    equal([r["sensor_id"] for r in rows(id=row["id"])], [other.welcome["sensor_id"]], "when that was silent for long it is of the other")
    other.close()

    # The host that a sensor runs on.
    own = lambda mac, **keys: fact("neighbor", source="sensor", confidence="announced", mac=mac, chassis="machine-1", system_name="probe", **keys)
    sensor = lambda: b.rows["sensor"][s.welcome["sensor_id"]]
    equal(sensor()["host_id"], None, "where a sensor runs is not known at first")
    say(fact("address", source="sensor", mac=PROBE, ip="10.0.0.9"), own(PROBE))
    equal(sensor()["host_id"], host_of(PROBE), "it reports itself: the sensor is at its host")
    equal(rows(source="sensor"), [], "and that is nothing that was heard on layer 2")
    say(fact("address", source="sensor", mac=PROBE2, ip="10.0.1.9"), own(PROBE2))
    equal((sensor()["host_id"], host_of(PROBE2)), (host_of(PROBE), host_of(PROBE)), "also with a second card")
    revision = sensor()["revision"]

    # Hosts that become one, and two again.
    before = time.time()
    time.sleep(0.05)
    phone, core = host_of(PHONE), host_of(SWITCH)
    equal(c.request("PUT", f"/api/hosts/{core}/consolidate/{phone}", {})[0], 200, "two hosts are consolidated")
    settled()
    equal({r["host_id"] for r in rows(source="cdp")}, {core}, "ports go over")
    equal(c.request("PUT", f"/api/hosts/{core}/consolidate/{sensor()['host_id']}", {})[0], 200, "the sensor's host as well")
    settled()
    equal((sensor()["host_id"], sensor()["revision"]), (core, revision), "the sensor too, which nobody edited")
    is_whole("consolidated")
    done = [r["id"] for r in c.request("GET", "/api/consolidations?state=done")[1]["data"] if r["origin"] == "manual"]
    equal([c.request("POST", f"/api/consolidations/{one}/undo", {})[0] for one in done], [200, 200], "both are undone")
    settled()
    equal(({r["host_id"] for r in rows(source="cdp")}, sensor()["host_id"]), ({phone}, host_of(PROBE)), "and everything is back")
    is_whole("undone")
    ids = {r["id"]: r for r in rows()}
    then = as_of(before)
    equal({k: (v["host_id"], v["system_name"]) for k, v in then.items()}, {k: (v["host_id"], v["system_name"]) for k, v in ids.items()}, "as of then they were as they are")
    equal(list(as_of(empty).values())[0]["system_name"], "core", "as of the beginning there was one, which said something else")
    status, answer = c.request("GET", f"/api/history/difference?from={empty:.6f}&entity=neighbor")
    equal((answer["data"]["counts"]["neighbor"], {i["label"] for i in answer["data"]["items"] if i["row"] and i["row"]["source"] == "cdp"}),
          ({"added": 5, "removed": 0, "changed": 1}, {"SEP001B21000003 Port 1"}), "the difference tells it, by name")
    equal([e["kind"] for e in c.request("GET", f"/api/timeline/neighbor/{rows(source='cdp')[0]['id']}")[1]["data"]["entries"]], ["moved", "moved", "appeared"], "and its timeline")

    # Facts that show two hosts to be one.
    say(fact("address", mac="00:1b:21:00:00:55", ip="10.0.0.55"), lldp(mac="00:1b:21:00:00:55", port="1/0/55", chassis="odd"), lldp(mac="00:1b:21:00:00:56", port="1/0/56", chassis="other"))
    ok(host_of("00:1b:21:00:00:55") != host_of("00:1b:21:00:00:56"), "two hosts")
    say(lldp(mac="00:1b:21:00:00:56", port="1/0/57", chassis="odd"))
    equal({r["host_id"] for r in rows() if r["mac"] in ("00:1b:21:00:00:55", "00:1b:21:00:00:56")}, {host_of("00:1b:21:00:00:55")}, "that facts make one: their ports follow")
    is_whole("merged")

    # A host that goes.
    equal(c.request("DELETE", f"/api/hosts/{phone}")[0], 200, "a person removes a host")
    settled()
    equal(rows(source="cdp"), [], "its ports go with it")
    gone = said()[-1]
    ok(gone["op"] == "delete" and as_of(before)[gone["id"]]["platform"] == "Cisco IP Phone", "and are still there as of before")
    equal(c.request("DELETE", f"/api/hosts/{sensor()['host_id']}")[0], 200, "the sensor's host is removed")
    settled()
    equal(sensor()["host_id"], None, "the sensor has none then")
    say(fact("address", source="sensor", mac=PROBE, ip="10.0.0.9", last=1400.0), own(PROBE, last=1400.0))
    equal(sensor()["host_id"], host_of(PROBE), "until it reports itself again")
    is_whole("removed")

    # Someone makes ports up.
    honest = {r["id"] for r in rows() if r["last_seen"] - r["first_seen"] >= 120}
    ok(honest, "some have been heard for long")
    number = 0
    while number < MOST + 500:
        say(*(lldp(mac=PORT2, port=f"p{number + i}", chassis="made up", first=2000.0 + number, last=2000.0 + number) for i in range(1000)))
        number += 1000
    equal(int(c.sql("SELECT count(*) FROM neighbor")[0][0]), MOST, f"a network keeps {MOST} of them")
    ok(honest <= {r["id"] for r in rows()}, "what has been heard for long stays")
    ok(len(rows(port=f"p{number - 1}")) == 1 and not rows(port="p0"), "of the others the latest")
    dropped = re.search(r"^netvisor_neighbors_dropped_total (\d+)$", c.request("GET", "/metrics")[1].decode(), re.M)
    ok(dropped and int(dropped[1]) > 400, "the others are counted")
    ok("making them up" in c.logged(), "and the log asks who does that")
    is_whole("at the bound")

    # With the network goes all of it.
    status, answer = c.request("POST", "/api/networks", {"name": "Another"})
    equal(status, 200, "another network")
    equal(c.request("DELETE", f"/api/networks/{s.welcome['network_id']}")[0], 200, "the first one is removed")
    equal(c.sql("SELECT count(*) FROM neighbor"), [["0"]], "with its ports")
finally:
    c.remove()
end()
