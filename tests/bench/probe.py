#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Probes a second and what they find: the engines xdp and uring, a plain sendmmsg beside them, masscan and ZMap, one after the other in the same run
over the same veth pair between two network namespaces without a way out. First against a target in XDP that answers every SYN (responder.c), then
against the kernel's TCP. The peers' rates are counted by the target: SYNs that arrived, from
the first to the last one; ours by the time that sending took, answers taken meanwhile. Then ten million forged answers.
COUNT=1048576 ROUNDS=3 FORGED=10000000 TOOLS="xdp uring sendmmsg masscan zmap". Root."""
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("BUILD", "build")
COUNT, ROUNDS, FORGED = (int(os.environ.get(name, value)) for name, value in (("COUNT", 1 << 20), ("ROUNDS", 3), ("FORGED", 10_000_000)))
US, THEM = f"nv-probe-{os.getpid()}-a", f"nv-probe-{os.getpid()}-b"
PREFIX = f"10.32.0.0/{32 - COUNT.bit_length() + 1}"
TARGET_MAC, US_ADDRESS, OTHER = "02:00:00:00:00:09", "10.0.0.5", "10.0.0.6"
TOOLS = os.environ.get("TOOLS", "xdp uring sendmmsg masscan zmap").split()
MULTIPLY = 0x9E3779B1
THREADS = os.environ.get("ZMAP_THREADS", "1")


def expected():
    """The addresses whose port 80 the responder opens: its rule (responder.h), in Python."""
    port = int.from_bytes((80).to_bytes(2, "big"), "little")
    found = set()
    for i in range(COUNT):
        address = int.from_bytes((0x0A200000 + i).to_bytes(4, "big"), "little")
        if ((address ^ port << 16 ^ port) & 0xFFFFFFFF) * MULTIPLY >> 28 & 15 == 7:
            found.add(0x0A200000 + i)
    return found


def number(text):
    a, b, c, d = (int(part) for part in text.split("."))
    return a << 24 | b << 16 | c << 8 | d


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def inside(namespace, *words, **more):
    """All of them before what else this machine does."""
    return subprocess.Popen(["ip", "netns", "exec", namespace, "chrt", "--fifo", "1", *words], **more)


class Responder:
    def __init__(self, how):
        self.process = inside(THEM, f"{BUILD}/tests/bench/responder", "in", how, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            sys.exit("the responder does not start")

    def counts(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def ours(engine, count, kernel):
    words = [f"{BUILD}/tests/bench/sender", "out", engine, str(count), "2", "80", TARGET_MAC]
    run = inside(US, *words, stdout=subprocess.PIPE, text=True, env={**os.environ, **({"KERNEL": "1"} if kernel else {})})
    out = run.communicate(timeout=120)[0]
    return json.loads(out) if run.returncode == 0 else sys.exit(f"{engine} failed")


def masscan(prefix, folder):
    words = ["masscan", "-p80", prefix, "--rate", "10000000", "-e", "out", "--router-mac", TARGET_MAC.replace(":", "-"), "--source-ip", OTHER,
             "--wait", "1", "-oL", f"{folder}/masscan"]
    inside(US, *words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait(timeout=300)
    with open(f"{folder}/masscan") as file:
        return {number(line.split()[3]) for line in file if line.startswith("open")}, " ".join(words)


def zmap(prefix, folder):
    open(f"{folder}/none", "w").close()
    words = ["zmap", "-p", "80", prefix, "-r", "0", "-B", "10G", "-i", "out", "-G", TARGET_MAC, "-S", OTHER, "-b", f"{folder}/none", "-c", "2",
             "--sender-threads", THREADS, "-o", f"{folder}/zmap", "-q"]
    inside(US, *words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).wait(timeout=120)
    with open(f"{folder}/zmap") as file:
        return {number(line) for line in file if line.count(".") == 3}, " ".join(words)


def half_open(address):
    """Connections from there that the target's kernel still waits for: what others have left is not ours."""
    out = subprocess.run(["ip", "netns", "exec", THEM, "ss", "-Htan", "state", "syn-recv", "dst", address], stdout=subprocess.PIPE, text=True)
    return len(out.stdout.splitlines())


def measure(responder, count, kernel, folder):
    """All in turns. Prints a line each; returns the median rates."""
    prefix, want = f"10.32.0.0/{32 - count.bit_length() + 1}", set() if kernel else expected()
    opened, rates, said = count if kernel else len(want), {}, {}
    for name in TOOLS * ROUNDS:
        if name in ("masscan", "zmap") and not shutil.which(name):
            said[name] = "not installed"
            continue
        responder.counts()
        if name in ("masscan", "zmap"):
            found, words = (masscan if name == "masscan" else zmap)(prefix, folder)
            good = len(found & want) if want else len(found)
            said[name] = f"found {good} of {opened} open ports ({100 * good / opened:.1f} %), {len(found - want) if want else 0} false; {words}"
        else:
            r = ours(name, count, kernel)
            said[name] = (f"found {r['open']} of {opened} open ports ({100 * r['open'] / opened:.1f} %), {r['wrong']} false, {r['closed']} closed, "
                          f"{r['silent']} silent, {r['sent'] - count} asked again, {r['lost']} not sent, {r['processor']:.2f} s of processor")
        counts = responder.counts()
        # Ours say themselves how long they sent, in all rounds; what the target counts has the waits between them in it.
        rates.setdefault(name, []).append(r["sent"] / r["seconds"] if name not in ("masscan", "zmap") else counts["syn"] / max(counts["seconds"], 1e-9))
        if kernel:
            # A RST that found the port's queue full is sent again when the target repeats its SYN-ACK, after a second.
            time.sleep(1.5)
            said[name] += f"; half open: {half_open(OTHER if name in ('masscan', 'zmap') else US_ADDRESS)}"
    medians = {name: statistics.median(values) for name, values in rates.items()}
    peer = max((medians[name] for name in ("masscan", "zmap") if name in medians), default=0)
    for name, value in medians.items():
        all_of_it = ", ".join(f"{rate / 1e6:.3f}" for rate in rates[name])
        times = f"{value / peer:5.1f} of the faster peer" if peer else ""
        print(f"{name:8} {value / 1e6:6.3f} M probes/s ({all_of_it}) {times}; {said[name]}", flush=True)
    return medians


def forge():
    """Wrong cookies, as fast as they can be sent, while the sensor asks."""
    def segments():
        with open(f"/proc/{listener.pid}/net/snmp") as file:
            return [int(line.split()[10]) for line in file if line.startswith("Tcp:") and line.split()[10].isdigit()][0]
    listener = inside(US, f"{BUILD}/tests/bench/sender", "out", "listen", str(COUNT), "0", "80", TARGET_MAC, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                      text=True)
    address, port, mac = listener.stdout.readline().split()
    before, start = segments(), time.monotonic()
    inside(THEM, f"{BUILD}/tests/bench/responder", "in", "forge", str(FORGED), address, port, mac, stdout=subprocess.DEVNULL).wait()
    spent, heard = time.monotonic() - start, segments() - before
    r = json.loads(listener.communicate()[0])
    print(f"{FORGED} forged SYN-ACKs and RSTs in {spent:.1f} s: {r['open'] + r['closed'] + r['wrong']} accepted, {r['forged']} refused, "
          f"{heard} reached the kernel's TCP", flush=True)
    return r["open"] + r["closed"] + r["wrong"] == 0 and r["forged"] > FORGED * 0.9


def networks():
    ip("netns", "add", US)
    ip("netns", "add", THEM)
    ip("-n", US, "link", "add", "out", "address", "02:00:00:00:00:05", "type", "veth", "peer", "name", "in", "address", TARGET_MAC, "netns", THEM)
    ip("-n", US, "addr", "add", f"{US_ADDRESS}/8", "dev", "out")
    ip("-n", THEM, "addr", "add", "10.0.0.9/8", "dev", "in")
    for namespace, port in ((US, "out"), (THEM, "in")):
        ip("-n", namespace, "link", "set", "lo", "up")
        ip("-n", namespace, "link", "set", port, "up")
        subprocess.run(["ip", "netns", "exec", namespace, "ethtool", "-K", port, "gro", "on"], check=True)
    # ZMap answers no ARP for the address that it is given.
    ip("-n", THEM, "neigh", "add", OTHER, "lladdr", "02:00:00:00:00:05", "dev", "in", "nud", "permanent")


LISTEN = """import socket, sys
s = socket.create_server(("0.0.0.0", 80), backlog=4096)
print("ready", flush=True)
sys.stdin.read()"""

folder, well = tempfile.mkdtemp(), False
try:
    networks()
    print(f"{PREFIX}, port 80: {COUNT} probes a run, {ROUNDS} runs of each in turns; median (each)\n\nagainst a target in XDP", flush=True)
    responder = Responder("respond")
    rates = measure(responder, COUNT, False, folder)
    responder.close()
    print("\nagainst the kernel's TCP, which listens there", flush=True)
    ip("-n", THEM, "route", "add", "local", "10.32.0.0/12", "dev", "lo")
    server = inside(THEM, sys.executable, "-c", LISTEN, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    server.stdout.readline()
    responder = Responder("count")
    measure(responder, min(COUNT, 1 << 18), True, folder)
    responder.close()
    server.stdin.close()
    server.wait()
    print()
    well = forge()
finally:
    for namespace in (US, THEM):
        for process in subprocess.run(["ip", "netns", "pids", namespace], stdout=subprocess.PIPE, text=True).stdout.split():
            os.kill(int(process), 9)
        subprocess.run(["ip", "netns", "del", namespace], check=False)
    shutil.rmtree(folder)
sys.exit(not well)
