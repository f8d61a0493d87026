#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Fact sent → change in the browser, with the real collector and its PostgreSQL (tests/bench/browsers.c): one browser, many, and one that sleeps.
BROWSERS=1000 RATE=1000 SECONDS=30."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "collector"))
from netvisor import *

BROWSERS, RATE, SECONDS = (os.environ.get(name, value) for name, value in (("BROWSERS", "1000"), ("RATE", "1000"), ("SECONDS", "30")))
c = Collector("--change-days", "30")


def bench(what, *words):
    print(what, flush=True)
    before = processor()
    run = subprocess.run([os.path.join(BUILD, "tests/bench/browsers"), str(c.port), c.cookie, c.key(), *words], stdout=subprocess.PIPE, text=True)
    spent = processor() - before
    print("  " + run.stdout.replace("\n", "\n  ") + f"the collector's processor time: {spent:.1f} s, memory {memory():.0f} MB", flush=True)
    last = c.sql("SELECT change_seq FROM network")[0][0]
    well = run.returncode == 0 and f"all at seq {last}\n" in run.stdout
    if not well:
        print(f"  this is not well: the log ends at {last}")
    return well


def processor():
    with open(f"/proc/{c.process.pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory():
    with open(f"/proc/{c.process.pid}/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS"))


try:
    c.start()
    c.sign_up()
    bench("at first, with empty tables", "1", RATE, "10")
    c.sql("COMMIT; VACUUM ANALYZE; BEGIN")  # as upkeep does in time
    well = bench("one browser", "1", RATE, SECONDS)
    well &= bench(f"{BROWSERS} browsers", BROWSERS, RATE, SECONDS)
    well &= bench("ten browsers while new hosts come as fast as they are taken; the first one sleeps", "10", "0", "10", "sleeper")
finally:
    c.remove()
sys.exit(not well)
