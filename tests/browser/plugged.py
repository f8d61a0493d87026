# SPDX-License-Identifier: BSD-2-Clause
"""Two made-up switches on loopback until standard input ends; their ports come first."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ask"))
from snmp_agent import *

core = Device("core", "00:1b:21:00:00:00", "Core switch")
for i in range(1, 9):
    core.port(i, f"Gi0/{i}", f"GigabitEthernet0/{i}", alias="attic" if i == 2 else "", address=f"00:1b:21:00:00:{i:02x}")
core.port(40, "Vl1", "Vlan1", kind=53, address="00:1b:21:00:00:40")
core.address("10.77.0.2", 40)
core.bridge({i: i for i in range(1, 9)})
core.station("00:11:32:01:02:03", 1)
core.station("3c:07:54:0a:0b:0c", 2)
core.station("00:80:77:11:22:33", 2)
for station in ("00:1b:22:00:00:01", "3c:07:54:0a:0b:0d", "00:0a:0a:0a:0a:0a"):
    core.station(station, 8)
core.lldp()
for i in range(1, 9):
    core.lldp_port(i, 5, f"Gi0/{i}")
core.lldp_remote(8, 1, mac("00:1b:22:00:00:00"), "g1", "desk", b"\x20\x00")

desk = Device("desk", "00:1b:22:00:00:00", "Desk switch")
for i in range(1, 6):
    desk.port(i + 48, f"g{i}", f"Port {i}", address="00:1b:22:00:00:01", mbit=100 if i == 3 else 1000)
desk.address("10.77.0.3", 49)
desk.bridge({i: i + 48 for i in range(1, 6)})
desk.station("3c:07:54:0a:0b:0d", 3)
desk.station("00:0a:0a:0a:0a:0a", 4)
desk.station("00:11:32:01:02:03", 1)
desk.station("00:1b:21:00:00:08", 1)
desk.lldp(b"\x20\x00")
for i in range(1, 6):
    desk.lldp_port(i, 5, f"g{i}")
desk.lldp_remote(1, 1, mac("00:1b:21:00:00:00"), "Gi0/8", "core", b"\x28\x00")

print(f"{Agent(core.rows).port} {Agent(desk.rows).port}\n", end="", flush=True)
sys.stdin.read()
