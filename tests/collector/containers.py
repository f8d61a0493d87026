#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What a report of containers becomes, where a network holds more than one machine: addresses behind bridges are everybody's and join nothing, a container
with an address on the wire is the host that was heard there, what is heard at a published port is the container's, and what a person said stays."""
from netvisor import *

c = Collector()


def container(name, number, image="nginx:1", engine=0, state="running", networks=(), ports=(), **more):
    return {"engine": engine, "id": f"{number:064x}", "name": name, "image": image, "state": state, "networks": list(networks), "ports": list(ports), **more}


def report(mac, containers, networks=(), name="Docker", left_out=0, **more):
    return {"machine": {"hostname": "m" + mac[-1], "macs": [mac]}, "engines": [{"type": "Docker", "name": name, "url": "unix:///e", "version": "24"}],
            "networks": list(networks), "containers": containers, "images": 1, "left_out": left_out, "problems": [], **more}


bridge = {"engine": 0, "name": "bridge", "driver": "bridge", "subnet_type": "DockerBridge", "prefixes": [{"prefix": "172.17.0.0/16", "gateway": "172.17.0.1"}]}
lan = {"engine": 0, "name": "lan", "driver": "macvlan", "subnet_type": "MacVlan", "prefixes": [{"prefix": "10.1.0.0/24"}]}
member = lambda name, ip, mac: {"name": name, "ip": ip, "mac": mac}
try:
    c.start()
    c.sign_up()
    b = c.browser()
    network = c.sql("SELECT id FROM network")[0][0]
    one = c.sensor(discoveries="Docker")
    # What was heard before: two machines, a container on the wire, a published port.
    one.say(1, fact("address", mac="02:00:00:00:00:01", ip="10.1.0.1"), fact("address", mac="02:00:00:00:00:02", ip="10.1.0.2"),
            fact("address", mac="02:42:0a:01:00:28", ip="10.1.0.40"), fact("service", ip="10.1.0.1", port=8080, proto="tcp", state="open", clients=1, source="tcp"))
    rows = lambda kind: list(b.rows.get(kind, {}).values())
    b.follow(lambda: len(rows("interface")) >= 3 and rows("service"), 10)
    host_of = lambda ip: next((r["host_id"] for r in rows("interface") if r["ip"] == ip), None)

    def run(sensor, sensor_id, data):
        """One discovery of containers; its session's row."""
        docker = next(d for d in rows("discovery") if d["discovery_type"]["type"] == "Docker" and d["sensor_id"] == sensor_id)
        before = {r["id"] for r in rows("session")}
        status, answer = c.request("POST", "/api/discovery/start-session", {"discovery_id": docker["id"]})
        assert status == 200, answer
        command = sensor.command()
        while command["arguments"].get("type") != "Docker":
            sensor.result(command, error="not now")
            command = sensor.command()
        sensor.result(command, data)
        done = lambda: [r for r in rows("session") if r["id"] not in before and r["discovery_type"]["type"] == "Docker" and r["finished_at"]]
        b.follow(done, 15)
        return done()[0]

    own = lambda name, host=None: next(r for r in rows("service") if r["source"] == "docker" and r["virtualization"] and r["virtualization"]["container_name"] == name and
                                       (host is None or r["host_id"] == host))
    b.follow(lambda: rows("discovery"), 10)
    first = rows("sensor")[0]["id"]
    web = container("web", 1, networks=[member("bridge", "172.17.0.2", "02:42:ac:11:00:02")], ports=[{"port": 80, "proto": "tcp", "host_port": 8080, "host_ip": "0.0.0.0"}])
    assistant = container("assistant", 2, networks=[member("lan", "10.1.0.40", "02:42:0a:01:00:28")], ports=[{"port": 8123, "proto": "tcp"}])
    session = run(one, first, report("02:00:00:00:00:01", [web, assistant], [bridge, lan]))
    equal((session["phase"], session["results"]["containers"], session["results"]["engines"]), ("Complete", 2, "Docker 24"), "a report is taken")
    machine = host_of("10.1.0.1")
    equal(own("web")["host_id"], machine, "its containers are services of the machine with that MAC")
    equal(own("assistant")["host_id"], host_of("10.1.0.40"), "one that was heard on the wire is of the host that it is there")
    equal(own("assistant")["virtualization"]["service_id"], own("web")["virtualization"]["service_id"], "run by the same engine")
    equal(len([r for r in rows("interface") if r["ip"] == "10.1.0.40"]), 1, "whose address is there once")
    equal((lambda r: (r["cidr"], r["subnet_type"]))(next(r for r in rows("subnet") if r["name"] == "bridge")), ("172.17.0.0/16", "DockerBridge"), "its network is a subnet")
    wire = lambda: next(r for r in rows("service") if r["source"] == "tcp" and r["port"] == 8080)
    equal((wire()["virtualization"] or {}).get("container_name"), "web", "what was heard at its published port is its own")

    # Another machine, whose containers have the same addresses and MACs.
    key = c.request("POST", "/api/auth/keys", {"network_id": network, "name": "two"})
    if key[0] not in (200, 201):
        key = c.request("POST", "/api/sensors", {"network_id": network, "name": "two"})
    two = c.sensor(key=key[1]["data"]["key"], outbox="1" * 32, discoveries="Docker")
    b.follow(lambda: len([d for d in rows("discovery") if d["discovery_type"]["type"] == "Docker"]) == 2, 10)
    second = next(r["id"] for r in rows("sensor") if r["id"] != first)
    run(two, second, report("02:00:00:00:00:02", [web], [bridge]))
    hosts = {r["host_id"] for r in rows("interface") if r["ip"] == "172.17.0.2"}
    equal(hosts, {machine, host_of("10.1.0.2")}, "the same address and MAC in two machines are two, each of its own")
    equal(len([r for r in rows("subnet") if r["cidr"] == "172.17.0.0/16"]), 1, "in the one subnet of that range")
    two.say(1, fact("address", mac="02:42:ac:11:00:02", ip="172.17.0.2", first=2000.0))
    third = {r["host_id"] for r in rows("interface") if r["ip"] == "172.17.0.2"} if b.follow(lambda: len([r for r in rows("interface") if r["ip"] == "172.17.0.2"]) == 3, 10) else set()
    equal(len(third - hosts), 1, "what is heard on the wire with that address joins neither")
    equal(len({host_of("10.1.0.1"), host_of("10.1.0.2")}), 2, "and does not join the machines")

    # What a person said stays; what the engine says of it goes on.
    status, answer = c.request("PUT", f"/api/services/{own('web', machine)['id']}", {"name": "Our shop", "service_definition": "ghost"})
    equal(status, 200, "a person names a container's service")
    renamed = run(one, first, report("02:00:00:00:00:01", [{**web, "state": "exited"}, assistant], [bridge, lan]))
    row = own("web", machine)
    equal((renamed["phase"], row["name"], row["service_definition"], row["state"], row["virtualization"]["state"]), ("Complete", "Our shop", "ghost", "closed", "exited"),
          "the name stays, and that it ended is known")
    equal(wire()["virtualization"], None, "its port is nobody's by then")

    # Not all fitted: what is not named is not gone by that. All did: then it is.
    run(one, first, report("02:00:00:00:00:01", [assistant], [bridge, lan], left_out=1))
    equal(own("web", machine)["virtualization"]["state"], "exited", "what did not fit into a report is not taken for gone")
    session = run(one, first, report("02:00:00:00:00:01", [], [bridge, lan]))
    equal((session["results"]["gone"], own("web", machine)["virtualization"]["state"], own("assistant")["state"]), (2, "gone", "closed"), "what a whole report does not name is")
    equal(host_of("10.1.0.40") is not None, True, "a host that was heard stays, whatever engine it was of")
    equal(own("web", host_of("10.1.0.2"))["state"], "open", "and so do another machine's containers")

    # Words that are no report.
    for wrong, what in (({**report("02:00:00:00:00:01", []), "engines": 7}, "no list of engines"), (report("02:00:00:00:00:01", [{**web, "ports": [{"port": "x", "proto": "tcp"}]}], [bridge]), "a port that is none"),
                        (report("02:00:00:00:00:01", [{**web, "networks": [member("bridge", "x", "y")]}], [bridge]), "an address that is none")):
        session = run(one, first, wrong)
        ok(session["phase"] == "Failed" and "not understood" in session["error"], f"{what} fails the run, in words: {session['error'][:90]}")
    session = run(one, first, {**report("02:00:00:00:00:01", [], [bridge]), "engines": [], "problems": [{"url": "u", "why": "Nobody listens."}]})
    equal((session["phase"], session["results"].get("notes")), ("Complete", ["Nobody listens."]), "an engine that could not be asked is told of")

    # A shared picture draws them, and tells no more.
    run(one, first, report("02:00:00:00:00:01", [{**web, "image": "registry.example:5000/team/ghost:5", "labels": {"owner": "web-team"}}], [bridge]))
    topology = c.request("POST", "/api/topology", {"network_id": network, "name": "all"})[1]["data"]["id"]
    for panel, image in ((True, "registry.example:5000/team/ghost:5"), (False, "ghost")):
        share = c.request("POST", "/api/shares", {"network_id": network, "topology_id": topology, "name": "s", "options": {"show_inspect_panel": panel}})[1]["data"]["id"]
        shown = [row for row in c.sql(f"SELECT list::jsonb FROM share_rows('{share}', NULL, 'service', '00000000-0000-0000-0000-000000000000', 1000)")]
        found = next(r["virtualization"] for r in json.loads(shown[0][0]) if r["source"] == "docker" and r["host_id"] == machine and r["virtualization"])
        equal(({"labels", "ports", "image_id", "created"} & set(found), found["image"], found["container_name"], found["container_id"] == web["id"]), (set(), image, "web", panel),
              f"what a share {'with' if panel else 'without'} the panel shows of a container")

    # Many: what has long been gone, or is one of very many, leaves.
    run(one, first, report("02:00:00:00:00:01", [container(f"job{i}", 1000 + i) for i in range(230)], []))
    session = run(one, first, report("02:00:00:00:00:01", [], []))
    kept = c.sql(f"SELECT count(*) FROM service WHERE source = 'docker' AND host_id = '{machine}' AND virtualization->>'state' = 'gone'")[0][0]
    equal((session["results"]["gone"], int(kept) <= 203), (230, True), f"of very many that are gone the latest stay: {kept}")
    ok(any(r["virtualization"] and r["virtualization"]["container_name"] == "web" and r["host_id"] == machine for r in rows("service")), "and those that a person named")
finally:
    c.remove()
end()
