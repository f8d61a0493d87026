#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The real sensor reports the machine that it is on, which here is a network namespace: its interfaces become a host, its prefixes subnets."""
import sys

from netvisor import *

if os.geteuid() != 0:
    print("1..0 # SKIP root is needed for a network namespace")
    sys.exit(0)
if "--inside" not in sys.argv:
    os.execvp("unshare", ["unshare", "--net", sys.executable, __file__, "--inside"])



def ip(line):
    return subprocess.run(["ip", *line.split()], capture_output=True).returncode == 0


# What the machine has: a port that is watched and has no address, and interfaces of several kinds.
for line in ("link set lo up", "link add eth0 type veth peer name far0", "link add eth1 type veth peer name far1", "link set eth1 address 02:00:00:00:01:01",
             "link add docker0 type veth peer name far3", "link add mgmt0 type veth peer name far2", "link set mgmt0 address 02:00:00:00:01:02",
             "addr add 192.168.7.10/24 dev eth1", "addr add 2001:db8:7::10/64 dev eth1 nodad", "addr add 172.17.0.1/16 dev docker0",
             "addr add 10.99.0.2/32 dev mgmt0", *(f"link set {name} up" for name in ("far0", "far1", "far2", "far3", "eth0", "eth1", "docker0", "mgmt0"))):
    assert ip(line), line
assert ip("route add default via 192.168.7.1 dev eth1") and ip("neigh add 192.168.7.1 lladdr 02:00:00:00:07:01 dev eth1")
vlans = ip("link add link eth1 name eth1.20 type vlan id 20") and ip("addr add 192.168.20.10/24 dev eth1.20") and ip("link set eth1.20 up")

c = Collector()
sensor = None


def sent():
    """By rtnetlink: /sys is that of the namespace in which it was mounted."""
    return json.loads(subprocess.run(["ip", "-s", "-json", "link", "show", "eth0"], capture_output=True, check=True).stdout)[0]["stats64"]["tx"]["packets"]


try:
    c.start()
    c.sign_up()
    b = c.browser()
    # The kernel's own first words are over: it asks for a router every four seconds, three times (RFC 4861, section 6.3.7).
    until(lambda: sent() == (time.sleep(5.0), sent())[1], 40)
    before = sent()
    sensor = subprocess.Popen([os.path.join(BUILD, "netvisor-sensor"), "--interface", "eth0", "--engine", "pcap", "--span",
                               "--server-target", f"ws://127.0.0.1:{c.port}", "--api-key-file", c.key_file(), "--data-dir",
                               os.path.join(c.directory, "sensor"),
                               "--docker-proxy", "unix:///nowhere/none.sock"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def sessions(kind):
        return [r for r in b.rows.get("session", {}).values() if r["discovery_type"]["type"] == kind]

    ok(b.follow(lambda: any(r["phase"] == "Complete" for r in sessions("SelfReport")), 20), "it reports itself as soon as it is connected")
    report = sessions("SelfReport")[0]
    equal((report["progress"], report["error"], report["cause"]), (100, None, "first"), "the session is complete")
    results = report["results"]
    equal((results["hostname"], results["kernel"]), (socket.gethostname(), os.uname().release), "it knows the machine's name and kernel")
    ok(results["addresses"] >= 5 and results["interfaces"] >= 9, "every interface is in it")
    subnets = dict(c.sql("SELECT cidr, subnet_type FROM subnet WHERE origin = 'discovery' ORDER BY cidr"))
    equal({k: v for k, v in subnets.items() if not k.startswith("fe80")},
          {"192.168.7.0/24": "Lan", "172.17.0.0/16": "DockerBridge", "2001:db8:7::/64": "Lan", **({"192.168.20.0/24": "Lan"} if vlans else {})},
          "its prefixes are subnets, each with its type; one address alone is none")
    ids = sorted(row[0] for row in c.sql("SELECT id FROM subnet WHERE origin = 'discovery'"))
    row = list(b.rows["sensor"].values())[0]
    equal(sorted(row["capabilities"]["interfaced_subnet_ids"]), ids, "the sensor is in them")
    equal(({"SelfReport", "Docker"} <= set(row["capabilities"]["discoveries"].split(",")), row["capabilities"]["has_docker_socket"]), (True, False), "and says what it can do")
    faces = lambda: {(r["ip"], tuple(r["vlan"])): r for r in b.rows.get("interface", {}).values() if r["mac"] and r["ip"]}
    ok(b.follow(lambda: ("192.168.7.10", ()) in faces() and ("10.99.0.2", ()) in faces(), 10), "its addresses are interfaces")
    if vlans:
        ok(b.follow(lambda: ("192.168.20.10", (20,)) in faces(), 10), "one in its VLAN")
    else:
        skip("one in its VLAN", "the kernel has no VLAN interfaces")
    hosts = lambda: {r["host_id"] for (ip, _), r in faces().items() if ip in ("192.168.7.10", "192.168.20.10", "10.99.0.2", "2001:db8:7::10")}
    ok(b.follow(lambda: len(hosts()) == 1, 10), "all of one host, whatever their MACs")
    host = lambda: b.rows["host"][next(iter(hosts()))]
    ok(b.follow(lambda: host()["name"] == socket.gethostname(), 10), "that has the machine's name")
    ok(("172.17.0.1", ()) not in faces(), "a container engine's bridge is no address of the network: other machines have the same")
    ok(not [r for r in b.rows["interface"].values() if r["ip"] == "127.0.0.1"], "nor is the loopback")

    with open("/etc/resolv.conf") as file:
        resolvers = [words[1] for words in map(str.split, file) if words[:1] == ["nameserver"]][:8]
    can = row["capabilities"]
    equal((can.get("gateways"), can.get("dns_servers", "")), ("192.168.7.1", ", ".join(resolvers)), "it knows its gateway and who tells it names")
    equal([can[key] for key in ("has_raw_sockets", "has_io_uring")], [True, True], "and what it may do, though it has given up its rights by then")
    ok(can["has_xdp"] in (True, False), f"also whether the kernel takes XDP programs from it: {can['has_xdp']}")
    told = lambda: c.sql("SELECT fact->>'ip', fact->>'mac', fact->>'prefix' FROM evidence WHERE kind = 'route' AND source = 'sensor'")
    ok(until(told, 10), "the gateway is a fact")
    equal(told(), [["192.168.7.1", "02:00:00:00:07:01", "0.0.0.0/0"]], "with its MAC, as the kernel knows it")

    # What it can't do it says.
    docker = next(d for d in b.rows["discovery"].values() if d["discovery_type"]["type"] == "Docker")
    status, answer = c.request("POST", "/api/discovery/start-session", {"discovery_id": docker["id"]})
    equal(status, 200, "a discovery of containers is started")
    ok(b.follow(lambda: any(r["phase"] == "Failed" for r in sessions("Docker")), 10), "without an engine it fails")
    ok("none.sock can't be asked" in (error := sessions("Docker")[0]["error"]), f"and says which can't be asked: {error}")
    own = next(d for d in b.rows["discovery"].values() if d["discovery_type"]["type"] == "SelfReport")
    equal(c.request("POST", "/api/discovery/start-session", {"discovery_id": own["id"]})[0], 200, "it can be asked again")
    ok(b.follow(lambda: len([r for r in sessions("SelfReport") if r["phase"] == "Complete"]) == 2, 10), "and reports again")
    equal(sent(), before, "nothing was sent on the watched port")
    equal(len(c.sql("SELECT 1 FROM subnet WHERE origin = 'discovery'")), len(ids), "the subnets are there once")
finally:
    if sensor:
        sensor.terminate()
        said = sensor.communicate(timeout=20)[1].decode()
        if not ok(sensor.returncode == 0, "the sensor ends well"):
            print("# " + said.replace("\n", "\n# "))
    c.remove()
end()
