#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What whole scans take. One host, all 65,535 ports, against nmap in the same run over the same veth pair, the target being a kernel. Recall and rate of the
prober against a target in XDP. Memory for a /8 and a /24 by all ports. Two network namespaces without a way out. ROUNDS=5 PARTS="host recall memory". Root."""
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time

BUILD = os.environ.get("BUILD", "build")
ROUNDS = int(os.environ.get("ROUNDS", 5))
PARTS = os.environ.get("PARTS", "host recall memory").split()
US, THEM = f"nv-scan-{os.getpid()}-a", f"nv-scan-{os.getpid()}-b"
TARGET = "10.0.0.9"
KEPT = [port for first, last in re.findall(r"\{(\d+), (\d+), true", open("sensor/probe/never.c").read()) for port in range(int(first), int(last) + 1)]
ALL = ",".join(["1-65535", *map(str, KEPT)])
OPEN = sorted({22, 80, 443, *range(1000, 65000, 331)})
LISTEN = """import resource, socket, sys, time
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
held = [socket.create_server(("0.0.0.0", int(port)), backlog=64) for port in sys.argv[1].split(",")]
print("ready", flush=True)
sys.stdin.read()"""


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def inside(namespace, *words, **more):
    """All of them before what else this machine does."""
    return subprocess.Popen(["ip", "netns", "exec", namespace, "chrt", "--fifo", "1", *words], stdout=subprocess.PIPE, text=True, **more)


def timed(*words):
    """How long a command takes from start to end, and what it says."""
    start = time.monotonic()
    run = inside(US, *words, stderr=subprocess.DEVNULL)
    out = run.communicate(timeout=300)[0]
    return time.monotonic() - start, out


def wire(engine, ports, *words):
    return timed(f"{BUILD}/tests/probe/wire", "out", engine, ports, *words)


def half_open():
    run = inside(THEM, "ss", "-Htan", "state", "syn-recv")
    return len(run.communicate()[0].splitlines())


def median(values):
    return f"{statistics.median(values):.3f} s ({', '.join(f'{value:.3f}' for value in values)})"


def one_host():
    print(f"one host, all 65,535 ports, {len(OPEN)} of them open, a kernel's TCP; from the command's start to its end, {ROUNDS} runs in turns; median (each)")
    server = inside(THEM, sys.executable, "-c", LISTEN, ",".join(map(str, OPEN)), stdin=subprocess.PIPE)
    server.stdout.readline()
    nmap = ["nmap", "-sS", "-p-", "-T5", "--min-rate", "100000", "-n", TARGET]
    scan = [f"{BUILD}/netvisor-sensor", "scan", "--interface", "out", "-p", ALL, "--rate", "unlimited", "--no-identify", "--dns", "none", TARGET, "--engine"]
    spent, said = {}, {}
    for _ in range(ROUNDS):
        for name in ("xdp", "uring"):
            seconds, out = wire(name, ALL, TARGET)
            spent.setdefault(f"prober, {name}", []).append(seconds)
            last = json.loads(out.splitlines()[-1])
            found = {int(line.split()[2]) for line in out.splitlines() if line.startswith("open")}
            said[f"prober, {name}"] = (f"found {len(found & set(OPEN))} of {len(OPEN)}, {len(found - set(OPEN))} false; asking took {last['seconds']:.3f} s, "
                                       f"{last['sent']} sent, {last['retried']} of them again; half open: {half_open()}")
            seconds, out = timed(*scan, name)
            spent.setdefault(f"netvisor-sensor scan, {name}", []).append(seconds)
            found = {int(port) for port in re.findall(r"\b(\d+)/tcp\b", out)}
            said[f"netvisor-sensor scan, {name}"] = f"found {len(found & set(OPEN))} of {len(OPEN)}, {len(found - set(OPEN))} false; half open: {half_open()}"
        if shutil.which("nmap"):
            seconds, out = timed(*nmap)
            spent.setdefault("nmap", []).append(seconds)
            said["nmap"] = f"found {len(set(map(int, re.findall('^([0-9]+)/tcp +open', out, re.M))) & set(OPEN))} of {len(OPEN)}; {' '.join(nmap)}"
    peer = statistics.median(spent["nmap"]) if "nmap" in spent else None
    for name, values in sorted(spent.items()):
        times = f"{peer / statistics.median(values):5.1f} × nmap's speed; " if peer else ""
        print(f"  {name:28} {median(values)} {times}{said[name]}", flush=True)
    server.stdin.close()
    server.wait()


def opened(address, port):
    """The responder's rule (responder.h)."""
    a, p = int.from_bytes(bytes(map(int, address.split("."))), "little"), int.from_bytes(port.to_bytes(2, "big"), "little")
    return ((a ^ p << 16 ^ p) & 0xFFFFFFFF) * 0x9E3779B1 >> 28 & 15 == 7


def recall():
    ports = range(8000, 8256)
    print(f"\n10.32.0.0/20, {len(ports)} ports, against a target in XDP that has every address; one in sixteen is open; as fast as it goes")
    for engine in ("xdp", "uring"):
        _, out = wire(engine, "8000-8255", "10.32.0.0/20")
        lines = [line.split() for line in out.splitlines()]
        last = json.loads(out.splitlines()[-1])
        boxes = {line[1] for line in lines if line[0] == "middlebox"}
        found = {(line[1], int(line[2])) for line in lines if line[0] == "open"}
        want = {(f"10.32.{i >> 8}.{i & 255}", port) for i in range(1, 4095) for port in ports if opened(f"10.32.{i >> 8}.{i & 255}", port)}
        want = {one for one in want if one[0] not in boxes}
        print(f"  {engine:6} {last['sent'] / last['seconds']:,.0f} probes/s, who is there and all; found {len(found & want)} of {len(want)}, "
              f"{len(found - want)} false, {last['retried']} asked again; {last['hosts_up']} of 4094 hosts, {len(boxes)} taken for middleboxes (their "
              f"three high ports are open); ring full {last['ring_full']}", flush=True)


def memory():
    print("\nmemory at its most after six seconds of all ports, as fast as it goes (52 MB are the sensor's maps and libraries)")
    for target in ("10.32.0.0/24", "10.0.0.0/8"):
        run = inside(US, f"{BUILD}/tests/probe/wire", "out", "uring", "all", target, "quiet=1")
        try:
            out = run.communicate(timeout=6)[0]
        except subprocess.TimeoutExpired:
            worker = run.pid
            os.kill(worker, signal.SIGUSR1)
            out = run.communicate(timeout=30)[0]
        last = json.loads(out.splitlines()[-1])
        print(f"  {target:14} {last['memory_kb'] / 1000:.1f} MB; {last['hosts_up']} hosts there, {last['sent']} sent", flush=True)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the networks go, too
try:
    ip("netns", "add", US)
    ip("netns", "add", THEM)
    ip("-n", US, "link", "add", "out", "address", "02:00:00:00:00:05", "type", "veth", "peer", "name", "in", "address", "02:00:00:00:00:09", "netns", THEM)
    ip("-n", US, "addr", "add", "10.0.0.5/8", "dev", "out")
    ip("-n", THEM, "addr", "add", f"{TARGET}/8", "dev", "in")
    for namespace, port in ((US, "out"), (THEM, "in")):
        ip("-n", namespace, "link", "set", "lo", "up")
        ip("-n", namespace, "link", "set", port, "up")
        subprocess.run(["ip", "netns", "exec", namespace, "ethtool", "-K", port, "gro", "on"], check=True)
    if "host" in PARTS:
        one_host()
    if "recall" in PARTS or "memory" in PARTS:
        responder = inside(THEM, f"{BUILD}/tests/bench/responder", "in", "respond", stdin=subprocess.PIPE)
        responder.stdout.readline()
        if "recall" in PARTS:
            recall()
        if "memory" in PARTS:
            memory()
        responder.stdin.close()
        responder.wait()
finally:
    for namespace in (US, THEM):
        for process in subprocess.run(["ip", "netns", "pids", namespace], stdout=subprocess.PIPE, text=True).stdout.split():
            os.kill(int(process), signal.SIGKILL)
        subprocess.run(["ip", "netns", "del", namespace], check=False)
