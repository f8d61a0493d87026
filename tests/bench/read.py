#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""How fast a capture file is read, beside tshark and prads: 1 GB (BYTES=) of made-up traffic (load.h), or with CAPTURES=DIR of the Ethernet captures in and below
that directory, one after the other, again and again, each time later. Processor time and time by the clock, ROUNDS=3 in turns. WHO="netvisor prads tshark"."""
import os
import resource
import statistics
import struct
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("BUILD", "build")
SENSOR = os.environ.get("SENSOR", f"{BUILD}/netvisor-sensor")
BYTES = int(float(os.environ.get("BYTES", 1e9)))
ROUNDS = int(os.environ.get("ROUNDS", 3))
WHO = os.environ.get("WHO", "netvisor prads tshark").split()
TSHARK_BYTES = BYTES // int(os.environ.get("TSHARK_PART", 10))  # it takes minutes for the whole: a tenth is measured
PLACE = tempfile.mkdtemp(prefix="nv-read-", dir=os.environ.get("TMPDIR"))
FIELDS = "frame.time_epoch eth.src eth.dst ip.src ip.dst tcp.srcport tcp.dstport udp.srcport udp.dstport dns.qry.name tls.handshake.extensions_server_name http.user_agent".split()


def commands(file):
    return {
        "netvisor": [SENSOR, "--read", file, "--output", f"{PLACE}/facts", "--log-level", "error"],
        "prads": ["prads", "-r", file, "-u", "root", "-g", "0", "-l", f"{PLACE}/prads"],
        "tshark": ["tshark", "-n", "-r", file, "-T", "fields", *[word for field in FIELDS for word in ("-e", field)]],
    }


def frames_of(path):
    """(seconds, frame, length on the wire) of a capture; None when it is not Ethernet. tshark turns pcapng into pcap."""
    plain = f"{PLACE}/plain"
    run = subprocess.run(["tshark", "-r", path, "-F", "pcap", "-w", plain], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if run.returncode or not os.path.exists(plain):
        return None
    data = open(plain, "rb").read()
    os.unlink(plain)
    magic, link = struct.unpack_from("<I", data)[0], struct.unpack_from("<I", data, 20)[0]
    if magic not in (0xA1B2C3D4, 0xA1B23C4D) or link != 1:
        return None
    frames, at, part = [], 24, 1e-9 if magic == 0xA1B23C4D else 1e-6
    while at + 16 <= len(data):
        seconds, rest, captured, length = struct.unpack_from("<IIII", data, at)
        frames.append((seconds + rest * part, data[at + 16:at + 16 + captured], length))
        at += 16 + captured
    return frames


def write_from(directory, file):
    """The captures of a directory, each shifted so that it begins where the one before ended."""
    captures = []
    for where, _, names in sorted(os.walk(directory)):
        for name in sorted(names):
            if name.endswith((".pcap", ".pcapng", ".cap")):
                frames = frames_of(f"{where}/{name}")
                if frames:
                    captures.append(frames)
    if not captures:
        sys.exit(f"{directory}: no Ethernet capture")
    written = count = 24
    now, count = 1.7e9, 0
    with open(file, "wb", buffering=1 << 20) as out:
        out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        while written < BYTES:
            for frames in captures:
                first = frames[0][0]
                end = now
                for when, frame, length in frames:
                    at = now + min(max(when - first, 0), 3600)
                    end = max(end, at)
                    out.write(struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(frame), length))
                    out.write(frame)
                    written += 16 + len(frame)
                    count += 1
                now = end + 0.001
    return count


def timed(words):
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    took, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if run.returncode and "cut short" not in run.stderr:
        print(f"  {words[0]}: status {run.returncode}: {run.stderr.strip()[-200:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, took


try:
    whole, part = f"{PLACE}/whole.pcap", f"{PLACE}/part.pcap"
    if "CAPTURES" in os.environ:
        count, what = write_from(os.environ["CAPTURES"], whole), f"captures below {os.environ['CAPTURES']}"
    else:
        count = int(subprocess.run([f"{BUILD}/tests/bench/feed", "write", whole, str(BYTES)], check=True, capture_output=True, text=True).stdout)
        what = "made-up traffic"
    size = os.path.getsize(whole)
    with open(whole, "rb") as source, open(part, "wb") as out:  # it ends in the middle of a frame, which readers take as the end
        out.write(source.read(TSHARK_BYTES))
    print(f"{what}: {size / 1e6:.0f} MB, {count} packets; seconds of the processor (by the clock), median of {ROUNDS} rounds in turns")
    spent = {name: [] for name in WHO}
    for _ in range(ROUNDS):
        for name in WHO:
            processor, clock = timed(commands(part if name == "tshark" else whole)[name])
            scale = size / TSHARK_BYTES if name == "tshark" else 1
            spent[name].append((processor * scale, clock * scale))
    median = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in spent.items()}
    for name in WHO:
        print(f"  {name:9} {median[name][0]:8.2f} s ({median[name][1]:.2f} s), {size / median[name][0] / 1e6:,.0f} MB/s"
              + (f"; netvisor is {median[name][0] / median['netvisor'][0]:.1f} times as fast ({median[name][1] / median['netvisor'][1]:.1f} by the clock)" if name != "netvisor" and "netvisor" in median else "")
              + f": {' '.join(commands('FILE')[name])}", flush=True)
finally:
    subprocess.run(["rm", "-rf", PLACE], check=False)
