#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""How long a gentle scan of an ordinary network takes: a /24 with 50 hosts that are there, each a network namespace with several real servers, by the
defaults of `netvisor-sensor scan`: all ports of all service definitions, and what they are. No way leads out of it.

    tests/bench/gentle.py [OPTION…]    options for the scan, like --udp
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scan"))
from place import *  # noqa: E402

HOSTS = 50
# What a host serves: ports by HTTP, ports by HTTPS, and others.
KINDS = [("a web server", (80,), (443,), ()), ("a server", (8080,), (), ("ssh",)), ("an appliance", (80, 8080, 9090), (8443,), ("ssh",)),
         ("a name server", (), (), ("dns", "ssh")), ("a workstation", (3000, 8096), (), ("ssh",))]
p = Place("10.97.0.0/24")
want, ready = set(), []
print(f"# {HOSTS} hosts", flush=True)
for i in range(HOSTS):
    kind, http, tls, others = KINDS[i % len(KINDS)]
    number = 5 + i * 5
    space = p.host(number, v6=False)
    if http or tls:
        p.nginx(space, http, tls, f"{kind} {number}")
    if "ssh" in others:
        p.sshd(space)
    if "dns" in others:
        p.dnsmasq(space, {f"h{n}.example": p.address(n) for n in range(5, 255, 5)})
    ports = [*http, *tls, *({"ssh": 22, "dns": 53}[o] for o in others)]
    want |= {(p.address(number), port) for port in ports}
    ready += [(space, port) for port in ports]
for space, port in ready:
    assert until(lambda: p.listens(space, port), 30), (space, port)

listener = p.listen()
begin = time.monotonic()
process = p.start(p.sensor, SENSOR, "scan", "-i", "eth0", str(p.net), "--format", "json", "-o", p.path("facts"), "--progress", "always", *sys.argv[1:], stderr=open(p.path("log"), "w"))
process.wait()
seconds = time.monotonic() - begin
sent = p.sent(listener)
if process.returncode:
    sys.exit(open(p.path("log")).read())
facts = [json.loads(line) for line in open(p.path("facts"))]
opened = {(f["ip"], f["port"]) for f in facts if f["fact"] == "service" and f["proto"] == "tcp" and f["state"] == "open"}
named = {(f["ip"], f["port"]) for f in facts if f["fact"] == "service" and f["proto"] == "tcp" and f.get("name")}
up = {f["ip"] for f in facts if f["fact"] == "address"}
ptr = {f["ip"] for f in facts if f["fact"] == "name" and f["name"].endswith(".example")}
frames = sum(f["count"] for f in sent["frames"])
print(open(p.path("log")).read().strip().splitlines()[-1])
print(f"seconds          {seconds:.1f}")
print(f"hosts found      {len(up)} of {HOSTS}")
print(f"open ports found {len(opened & want)} of {len(want)}, false: {len(opened - want)}")
print(f"identified       {len(named & want)} of {len(want)}, named by the network's own name servers: {len(ptr)}")
print(f"frames sent      {frames}, lost by the listener {sent['lost']}; mean {frames / seconds:.0f}/s")
most = max(sent["tenths"], key=lambda t: sum(t.values()))
print(f"most in a tenth  {sum(most.values())}: {most}")
missed = sorted(want - opened)
if missed or opened - want or len(up) != HOSTS:
    print("missed", missed, "false", sorted(opened - want))
    sys.exit(1)

# The peer, on request: it takes its time.
if os.environ.get("PEER") and shutil.which("nmap"):
    dry = p.scan("--format", "nmap-xml", "--no-identify", p.address(5), "--rate", "unlimited").stdout
    ports = dry.split(' services="', 1)[1].split('"', 1)[0]
    words = ["nmap", "-sS", "-sV", "-n", "--max-rate", "1000", "-p", ports, str(p.net), "-oG", p.path("nmap")]
    begin = time.monotonic()
    said = run("ip", "netns", "exec", p.sensor, *words)
    text = open(p.path("nmap")).read()
    print(f"nmap 7.93        {time.monotonic() - begin:.1f} s, {text.count('/open/tcp')} open ports: nmap -sS -sV -n --max-rate 1000 -p (the same ports) {p.net}")
