#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A network in the forms of other programs: each is whole, says what is known and not what is guessed, bears any name, and Nmap's can be read back."""
import re
import xml.etree.ElementTree as xml

from netvisor import *

MAC = "00:1b:21:00:00:{:02x}"
EVIL = "a\"b\\c <&> |d| é"
c = Collector()


def export(form, want=200, raw=False, **query):
    where = f"/api/export/{form}?" + "&".join(f"{k}={v}" for k, v in {"network_id": network, **query}.items())
    response, data = c.request("GET", where, raw=True)
    if response.status != want:
        print("#", response.status, data[:300])
    return (response, data.decode()) if raw else data.decode()


def get(path):
    return c.request("GET", "/api/" + path)[1]["data"]


try:
    c.start()
    me = c.sign_up()
    s = c.sensor()
    network = s.welcome["network_id"]
    now = time.time()
    at = {"first": now - 600, "last": now}
    flow = lambda client, server, port: fact("flow", source="tcp", client=client, server=server, port=port, proto="tcp", connections=5, packets=60, bytes=9000, packets_back=60, bytes_back=90000, **at)
    s.say(1, *(fact("address", mac=MAC.format(i), ip=f"10.0.0.{i}", **at) for i in (1, 2, 3)), fact("name", source="dhcp", mac=MAC.format(1), name="web", kind="hostname", **at),
          fact("name", source="dhcp", mac=MAC.format(2), name="web", kind="hostname", **at), fact("address", source="nd", mac=MAC.format(1), ip="fd00::1", **at),
          fact("route", source="dhcp", ip="10.0.0.254", prefix="10.0.0.0/24", **at),
          fact("service", source="tcp", ip="10.0.0.1", port=22, proto="tcp", state="open", **at), fact("service", source="probe", ip="10.0.0.1", port=22, proto="tcp", state="open", name="ssh", **at),
          fact("trait", source="probe", ip="10.0.0.1", port=22, key="ssh.banner", value="SSH-2.0-OpenSSH_9.2p1", **at),
          fact("service", source="tcp", ip="10.0.0.1", port=5432, proto="tcp", state="open", **at), fact("service", source="tcp", ip="10.0.0.2", port=8123, proto="tcp", state="open", **at),
          fact("service", source="probe", ip="10.0.0.2", port=81, proto="tcp", state="closed", **at), flow("10.0.0.3", "10.0.0.1", 5432), flow("10.0.0.2", "10.0.0.1", 5432),
          fact("address", mac=MAC.format(9), ip="10.0.9.9", vlan=(30,), **at))
    hosts = get("hosts?limit=0")
    third = next(h for h in hosts if "10.0.0.3" in h["addresses"])
    c.request("PUT", f"/api/hosts/{third['id']}", {"name": EVIL, "description": "by hand"})
    until(lambda: c.sql("SELECT count(*) FROM recognize_due") == [["0"]])

    # JSON.
    response, text = export("json", raw=True)
    whole = json.loads(text)
    equal((response.getheader("Content-Type"), response.getheader("Content-Disposition")), ("application/json", 'attachment; filename="network.json"'), "JSON, as a file")
    equal((len(whole["hosts"]), sorted(i["ip"] for h in whole["hosts"] for i in h["interfaces"])), (4, ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.9.9", "fd00::1"]), "all hosts with their addresses")
    equal(sorted((d["client"], d["server"], d["port"], d["truth"]) for d in whole["dependencies"]), [("10.0.0.2", "10.0.0.1", 5432, "measured"), ("10.0.0.3", "10.0.0.1", 5432, "measured")], "and who uses whom")
    ok(any(h["name"] == EVIL for h in whole["hosts"]), "whatever a name holds")

    # NetBox: whole, each name once, and all that is referred to is there.
    box = json.loads(export("netbox"))
    names = [d["name"] for d in box["devices"]]
    equal(sorted(names), sorted([EVIL, "10.0.9.9", "web 10.0.0.1", "web 10.0.0.2"]), "devices: two of one name are told apart")
    faces = {(f["device"]["name"], f["name"]) for f in box["interfaces"]}
    makers, roles, types = {m["name"] for m in box["manufacturers"]}, {r["name"] for r in box["device_roles"]}, {(t["manufacturer"]["name"], t["model"]) for t in box["device_types"]}
    ok(all(f[0] in names for f in faces) and all((a["assigned_object"]["device"]["name"], a["assigned_object"]["name"]) in faces for a in box["ip_addresses"])
       and all(v["device"]["name"] in names for v in box["services"]) and {m for m, _ in types} <= makers
       and all(d["role"]["name"] in roles and (d["device_type"]["manufacturer"]["name"], d["device_type"]["model"]) in types for d in box["devices"]), "what is referred to is there")
    equal(sorted(a["address"] for a in box["ip_addresses"]), ["10.0.0.1/24", "10.0.0.2/24", "10.0.0.3/24", "10.0.9.9/32", "fd00::1/128"], "addresses with the length of their prefix")
    ok(all(re.fullmatch("[-a-z0-9_]{1,100}", item["slug"]) for key in ("sites", "manufacturers", "device_types", "device_roles", "platforms") for item in box[key]), "slugs are such")
    equal(([v["vid"] for v in box["vlans"]], [p["prefix"] for p in box["prefixes"]]), ([30], ["10.0.0.0/24"]), "VLANs and prefixes")
    ports = {(v["device"]["name"], v["ports"][0]): v["name"] for v in box["services"]}
    equal(sorted(ports), [("web 10.0.0.1", 22), ("web 10.0.0.1", 5432), ("web 10.0.0.2", 8123)], "open ports, closed ones not")
    guess = c.sql("SELECT definition FROM service WHERE port = 8123 AND certainty = 'low'")
    ok(ports[("web 10.0.0.2", 8123)] == "8123/tcp", f"a guess by the port ({guess}) is not said as if it were known")

    # Nmap's XML, and back.
    text = export("nmap")
    run = xml.fromstring(text)
    found = {tuple(a.get("addr") for a in h.findall("address") if a.get("addrtype") != "mac"): h for h in run.findall("host")}
    first = found[("10.0.0.1", "fd00::1")]
    equal([(p.get("portid"), p.find("state").get("state"), p.find("service").get("name") if p.find("service") is not None else None) for p in first.iter("port")],
          [("22", "open", "ssh"), ("5432", "open", None)], "ports, and a protocol only where it was spoken")
    equal([h.get("name") for h in run.iter("hostname")].count(EVIL), 1, "whatever a name holds")
    equal(run.find("runstats/hosts").get("total"), "4", "as many hosts as there are")
    response, data = c.request("POST", f"/api/imports?network_id={network}&dry_run=true", text.encode(), {"Content-Type": "application/xml"}, raw=True)
    back = json.loads(data)["data"]
    equal((back["format"], back["skipped"], back["would"]["new_hosts"], back["would"]["new_services"], back["would"]["services"]), ("nmap", 0, 0, 0, 3), "what is read back is what was there")

    # Mermaid.
    lines = export("mermaid").splitlines()
    equal((lines[0], len([line for line in lines if "-->|5432/tcp|" in line])), ("flowchart LR", 2), "who uses whom, as a picture")
    ok(all(re.fullmatch(r'  h\d+\["(?:[\w .,/()-]|#\d+;)*"\]|  h\d+ -->\|[0-9/a-z, ]+\| h\d+', line) for line in lines[1:]), "in which no name ends its text, or is more than text")

    # Prometheus, with a key as programs have one.
    key = c.request("POST", "/api/auth/keys", {"name": "prometheus", "permissions": "viewer"})[1]["data"]["key"]
    response, data = c.request("GET", f"/api/export/prometheus?network_id={network}", headers={"Authorization": "Bearer " + key, "Cookie": "none=1"}, raw=True)
    figures, seen = {}, set()
    for line in data.decode().splitlines():
        if line.startswith("#"):
            seen.add(line.split()[2])
            continue
        name, labels, value = re.fullmatch(r'(\w+)\{((?:\w+="(?:[^"\\]|\\.)*",?)*)\} ([0-9.e+-]+)', line).groups()
        ok(name in seen, f"{name} is explained") if name not in figures else None
        figures.setdefault(name, []).append((dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels)), float(value)))
    equal((response.status, response.getheader("Content-Type")), (200, "text/plain; version=0.0.4; charset=utf-8"), "Prometheus reads it, with a key")
    equal((figures["netvisor_network_hosts"][0][1], figures["netvisor_network_hosts_up"][0][1], len(figures["netvisor_host_up"]), figures["netvisor_network_hosts_left_out"][0][1]), (4, 4, 4, 0), "how many hosts, and each of them")
    equal([labels["name"] for labels, _ in figures["netvisor_host_up"]].count(EVIL.replace("\\", "\\\\").replace('"', '\\"')), 1, "whatever a name holds")
    equal(figures["netvisor_sensor_up"][0][1], 1, "and whether its sensors are there")

    # A subnet's alone; none of another's.
    subnet = next(p["id"] for p in get("subnets?limit=0") if p["cidr"] == "10.0.0.0/24")
    equal(len(json.loads(export("json", subnet_id=subnet))["hosts"]), 3, "hosts of one subnet")
    equal(export("json", want=404, network_id="00000000-0000-4000-8000-00000000000c")[:16], '{"success":false', "no other network's")
    equal(export("netbox", want=404, subnet_id="00000000-0000-4000-8000-00000000000c")[:16], '{"success":false', "no other subnet")
    equal(c.sql("SELECT count(*) FROM audit WHERE action = 'export' AND entity = 'network'"), [["5"]], "who takes a network along is in the audit log")
finally:
    c.remove()
end()
