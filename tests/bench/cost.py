#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What watching costs the machine: made-up traffic (load.h) into a veth pair in a network namespace without a way out, at 200,000 packets a second and as fast
as one core sends; busy time of all cores by the idle clock of /proc/stat, less what the same load into a plain XDP drop costs, a million packets. The
sensor and its peers in turns. On a machine that does other work too only what processes are charged with means something: the sender's time, in which the receiving
end's softirqs run, and the watching process's own. Two loads: a network in which connections begin and end
all the time, and a thousand long flows. Then the sensor's memory after a million flows, and what it costs on a network where next to nothing happens.
PARTS="rate unlimited long long-unlimited memory idle", ROUNDS=3, SECONDS=6, WHO="netvisor;tcpdump;…", SENSOR=another binary. Root."""
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("BUILD", "build")
SENSOR = os.environ.get("SENSOR", f"{BUILD}/netvisor-sensor")
ROUNDS = int(os.environ.get("ROUNDS", 3))
SECONDS = float(os.environ.get("SECONDS", 6))
PARTS = os.environ.get("PARTS", "rate unlimited long long-unlimited memory idle").split()
RATE, UNLIMITED_FRAMES, LONG_FLOWS, LONG_UNLIMITED = 200_000, 4_000_000, 1024, 8_000_000
AFTER_S = 6  # the sensor reads its counters every five seconds
FEED = f"{BUILD}/tests/bench/feed"
SPACE = f"nv-cost-{os.getpid()}"
PLACE = tempfile.mkdtemp(prefix="nv-cost-")
# The best that was found for each. tcpdump writes headers only; prads' log is its result; p0f wants its file beyond one write a line; softflowd sends NetFlow.
COMMANDS = {
    "drop": [FEED, "drop", "in"],
    "netvisor": [SENSOR, "--interface", "in", "--span", "--output", f"{PLACE}/facts", "--log-level", "error"],
    "netvisor, outbox": [SENSOR, "--interface", "in", "--span", "--server-target", "ws://127.0.0.1:9", "--api-key", "bench-0123456789", "--data-dir", f"{PLACE}/outbox",
                         "--log-level", "error"],
    "tcpdump": ["tcpdump", "-i", "in", "-n", "-s", "96", "-w", "/dev/null"],
    "p0f": ["p0f", "-i", "in", "-p", "-o", f"{PLACE}/p0f"],
    "prads": ["prads", "-i", "in", "-d", "-l", f"{PLACE}/prads"],
    "softflowd": ["softflowd", "-i", "in", "-d", "-n", "127.0.0.1:9995", "-v", "9", "-m", "100000", "-p", f"{PLACE}/pid", "-c", f"{PLACE}/ctl"],
}
WHO = os.environ["WHO"].split(";") if "WHO" in os.environ else list(COMMANDS)[1:]


STARTED = []


def inside(words, **more):
    STARTED.append(subprocess.Popen(["ip", "netns", "exec", SPACE, *words], text=True, **more))
    return STARTED[-1]


def ip(*words):
    subprocess.run(["ip", "-n", SPACE, *words], check=True)


def start(name):
    """A program that watches, ready to be fed."""
    for left in os.listdir(PLACE):
        (shutil.rmtree if os.path.isdir(f"{PLACE}/{left}") else os.unlink)(f"{PLACE}/{left}")
    run = inside(COMMANDS[name], stdin=subprocess.PIPE, stdout=subprocess.PIPE if name == "drop" else subprocess.DEVNULL, stderr=open(f"{PLACE}/words", "w"))
    if name == "drop":
        run.stdout.readline()
    else:
        time.sleep(2)
    if run.poll() is not None:
        print(f"  {name}: {open(f'{PLACE}/words').read().strip()}")
        return None
    return run


def stop(run):
    run.send_signal(signal.SIGINT)
    try:
        run.wait(20)
    except subprocess.TimeoutExpired:
        run.kill()
        run.wait()


def processor(pid):
    """Seconds of all threads, by the scheduler's own count: clock ticks do not see what wakes for microseconds."""
    return sum(int(open(f"/proc/{pid}/task/{task}/schedstat").read().split()[0]) for task in os.listdir(f"/proc/{pid}/task")) / 1e9


def lost(name):
    """What the program says of packets that it did not have, or None."""
    words = open(f"{PLACE}/words").read()
    found = {"tcpdump": r"(\d+) packets? dropped by kernel", "softflowd": r"(\d+) packets? dropped", "prads": r"dropped:? *(\d+)"}.get(name)
    match = re.search(found, words) if found else None
    return int(match[1]) if match else None


def fed(name, rate, frames, flows):
    """One run: busy seconds of the machine and of the process a million packets, packets a second, packets lost."""
    run = start(name)
    if not run:
        return None
    feed = inside([FEED, "send", "out", str(rate), str(frames), str(AFTER_S), *([str(flows)] if flows else [])], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    feed.stdout.readline()
    time.sleep(0.5)
    before = processor(run.pid)
    feed.stdin.write("\n")
    feed.stdin.close()
    said = json.loads(feed.stdout.readline())
    feed.wait()
    own = processor(run.pid) - before
    stop(run)
    millions = said["frames"] / 1e6
    return {"busy": said["busy"] / millions, "own": own / millions, "charged": (own + said["own"]) / millions, "rate": said["frames"] / said["seconds"], "lost": lost(name)}


def cost(title, rate, frames, flows=0):
    print(f"\n{title}: {frames / 1e6:.1f} M packets, {ROUNDS} rounds in turns, median (each)", flush=True)
    runs = {name: [] for name in ["drop", *WHO]}
    for _ in range(ROUNDS):
        for name, have in runs.items():
            got = fed(name, rate, frames, flows)
            if got:
                have.append(got)
    base = {key: statistics.median(run[key] for run in runs["drop"]) for key in ("busy", "charged")}
    print(f"  drop {base['busy']:.3f} s of the machine a million packets ({base['charged']:.3f} by what processes are charged), "
          f"{statistics.median(r['rate'] for r in runs['drop']):,.0f} a second; the others beyond that:")
    added = {key: {} for key in base}
    for name in WHO:
        if not runs[name]:
            continue
        for key, values in added.items():
            values[name] = statistics.median(run[key] for run in runs[name]) - base[key]
        each = ", ".join(f"{run['busy'] - base['busy']:+.3f}" for run in runs[name])
        gone = [run["lost"] for run in runs[name] if run["lost"] is not None]
        print(f"  {name:18} {added['busy'][name]:+.3f} s ({each}); by charges {added['charged'][name]:+.3f}, of it {statistics.median(r['own'] for r in runs[name]):.3f} its own "
              f"process; {statistics.median(r['rate'] for r in runs[name]):,.0f} a second" + (f", {100 * max(gone) / frames:.1f} % lost" if gone else ""))
    for key, how in (("busy", "by the idle clock"), ("charged", "by charges")):
        peers = [value for name, value in added[key].items() if not name.startswith("netvisor")]
        if peers and "netvisor" in added[key]:
            print(f"  netvisor: {added[key]['netvisor'] / min(peers):.3f} of the best peer, {how}", flush=True)


def memory_of(pid):
    fields = dict(re.findall(r"^(Rss\w+|VmRSS):\s+(\d+) kB", open(f"/proc/{pid}/status").read(), re.M))
    return {name: int(value) / 1000 for name, value in fields.items()}


def maps_of(pid):
    """What the kernel's maps take, as it says it itself, in bytes."""
    total = {}
    for name in os.listdir(f"/proc/{pid}/fdinfo"):
        try:
            text = open(f"/proc/{pid}/fdinfo/{name}").read()
        except OSError:
            continue
        found = dict(re.findall(r"^(map_id|memlock):\s+(\d+)", text, re.M))
        if "map_id" in found:
            total[found["map_id"]] = int(found["memlock"])
    return sum(total.values()) / 1e6


def memory():
    print("\nmemory, a million flows (UDP, 65,536 hosts, sixteen conversations each), in MB")
    for flows in (262144, 1048576):
        run = inside([SENSOR, "--interface", "in", "--span", "--output", f"{PLACE}/facts", "--log-level", "error", "--flows", str(flows)])
        time.sleep(2)
        said = [("quiet", memory_of(run.pid), maps_of(run.pid))]
        subprocess.run(["ip", "netns", "exec", SPACE, FEED, "flows", "out", "1048576", "3000000"], check=True)
        time.sleep(12)
        said.append(("a million flows", memory_of(run.pid), maps_of(run.pid)))
        stop(run)
        for when, has, maps in said:
            print(f"  --flows {flows:8} {when:16} its own {has['RssAnon']:.1f}, files {has['RssFile']:.1f}, maps seen {has['RssShmem']:.1f}; all of the kernel's maps {maps:.1f}",
                  flush=True)


def idle():
    """An ARP question a second, and nothing else."""
    seconds = float(os.environ.get("IDLE_SECONDS", 40))
    run = inside(COMMANDS["netvisor"])
    time.sleep(3)
    announce = inside([f"{BUILD}/tests/bench/announce", "out", str(int(seconds)), "1000"], stdout=subprocess.DEVNULL)
    before = processor(run.pid)
    time.sleep(seconds)
    spent = processor(run.pid) - before
    stop(run)
    announce.wait()
    print(f"\nan idle network, an ARP frame a second: {100 * spent / seconds:.3f} % of a core over {seconds:.0f} s")


signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the network goes, too
try:
    subprocess.run(["ip", "netns", "add", SPACE], check=True)
    subprocess.run(["ip", "netns", "exec", SPACE, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"], check=True)
    ip("link", "add", "out", "type", "veth", "peer", "name", "in")
    for port in ("lo", "out", "in"):
        ip("link", "set", port, "up")
    for port in ("out", "in"):  # without NAPI at both ends frames that XDP sends do not arrive
        subprocess.run(["ip", "netns", "exec", SPACE, "ethtool", "-K", port, "gro", "on"], check=True)
    print(subprocess.run([FEED, "mix"], check=True, capture_output=True, text=True).stdout.strip())
    for name, words in COMMANDS.items():
        print(f"  {name}: {' '.join(words)}")
    if "rate" in PARTS:
        cost(f"{RATE:,} packets a second", RATE, int(RATE * SECONDS))
    if "unlimited" in PARTS:
        cost("as fast as one core sends", 0, UNLIMITED_FRAMES)
    if "long" in PARTS:
        cost(f"{LONG_FLOWS} long flows by UDP, {RATE:,} packets a second", RATE, int(RATE * SECONDS), LONG_FLOWS)
    if "long-unlimited" in PARTS:
        cost(f"{LONG_FLOWS} long flows by UDP, as fast as one core sends", 0, LONG_UNLIMITED, LONG_FLOWS)
    if "memory" in PARTS:
        memory()
    if "idle" in PARTS:
        idle()
finally:
    for run in STARTED:
        if run.poll() is None:
            run.kill()
    subprocess.run(["ip", "netns", "del", SPACE], check=False)
    shutil.rmtree(PLACE, ignore_errors=True)
