#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The collector's Network discovery with a real sensor that watches its port: started by an API key, followed while it runs, cancelled, refused out of
scope; what traffic has proven is not asked again, and a service that is gone is said to be closed."""
import ctypes
import shutil

from place import *

sys.path.insert(0, os.path.join(TOP, "tests", "collector"))
from netvisor import Collector, end, equal  # noqa: E402
from netvisor import ok as passes  # noqa: E402



def ok(good, what, why=""):
    if not passes(good, what) and why:
        print(f"#   {why}", flush=True)


if os.geteuid():
    print("1..0 # SKIP root is needed for network namespaces")
    sys.exit(0)
if not shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"):
    print("1..0 # SKIP nginx")
    sys.exit(0)

p = Place()
web, shell = p.host(10), p.host(11)
server = p.nginx(web, (80, 2222), title="Front door")
p.record(shell, 9100)
# From here on this process is where the sensor is: it and the collector speak over the loopback there.
with open(f"/run/netns/{p.sensor}") as file:
    assert ctypes.CDLL(None, use_errno=True).setns(file.fileno(), 0x40000000) == 0


def handshake(client, server_address, port):
    """The three frames of a TCP handshake between two others, as a mirror or a bridge shows them; put into the sensor's port from outside."""
    script = f"""
import socket, struct, sys
sys.path.insert(0, {os.path.join(TOP, 'tests', 'scan')!r})
from place import checksum
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW); s.bind(("p1", 0))
c, d = socket.inet_aton("{client}"), socket.inet_aton("{server_address}")
mac = lambda a: bytes([2, 0, 10, 98, 0, a[3]])
for a, b, sp, dp, seq, ack, flags in ((c, d, 40000, {port}, 1, 0, 2), (d, c, {port}, 40000, 9, 2, 18), (c, d, 40000, {port}, 2, 10, 16)):
    tcp = struct.pack(">HHIIBBHHH", sp, dp, seq, ack, 0x50, flags, 8192, 0, 0)
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 40, 0, 0x4000, 64, 6, 0) + a + b
    ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
    s.send(mac(b) + mac(a) + b"\\x08\\0" + ip + tcp)
"""
    run("ip", "netns", "exec", p.bridge, sys.executable, "-c", script)


c = Collector()
sensor = None
try:
    c.start()
    c.sign_up()
    b = c.browser()
    key = c.request("POST", "/api/auth/keys", {"name": "scans"})[1]["data"]["key"]
    p.file("log", "")

    def start(*options):
        return subprocess.Popen([SENSOR, "-i", "eth0", "--promiscuous", "--server-target", f"ws://127.0.0.1:{c.port}", "--api-key-file", c.key_file(), "--data-dir", p.path("data"), *options],
                                stdout=subprocess.DEVNULL, stderr=open(p.path("log"), "a"))

    def call(method, path, body=None):
        status, answer = c.request(method, path, body, {"Authorization": "Bearer " + key, "Cookie": "x=y"})
        return answer["data"] if status == 200 else answer

    def session(session_id):
        return b.rows.get("session", {}).get(session_id, {})

    def scan(wait=True, **what):
        row = call("POST", "/api/discovery", {"sensor_id": sensor_id, "name": "scan", "run_type": {"type": "AdHoc"}, "discovery_type": {"type": "Network", "rate": 2000, "host_rate": 2000, **what}})
        begun = call("POST", "/api/discovery/start-session", {"discovery_id": row["id"]})["id"]
        if wait:
            b.follow(lambda: session(begun).get("phase") in ("Complete", "Failed", "Cancelled"), 20)
        return begun

    sensor = start()
    ok(b.follow(lambda: any(r["discovery_type"]["type"] == "SelfReport" and r["phase"] == "Complete" for r in b.rows.get("session", {}).values()), 20), "the sensor is there")
    sensor_id = next(iter(b.rows["sensor"]))
    ok("Network" in b.rows["sensor"][sensor_id]["capabilities"]["discoveries"], "and says that it can scan")
    services = lambda: {(r["port"], r["proto"]): r for r in b.rows.get("service", {}).values() if r.get("ip") == p.address(10)}

    # Traffic between two others, before anything is asked.
    handshake(p.address(11), p.address(10), 80)
    ok(b.follow(lambda: (80, "tcp") in services(), 10), "a service is known from traffic")
    two = [p.address(10), p.address(11)]
    listener = p.listen()
    first = session(scan(ports="22,80,2222,9095-9105"))
    sent = p.sent(listener)["frames"]
    equal((first["phase"], first["error"]), ("Complete", None), "a scan that was started with an API key ends well")
    results = first["results"]
    equal((results["hosts_up"], results["open"], results["saved"], results["engine"]), (2, 1, 1, "uring"), "what it came to: two hosts, one port found, one probe saved")
    syn = [f for f in sent if f["proto"] == "tcp" and f["to"] == p.address(10) and f["port"] == 80]
    ok(not syn, "what traffic has proven is not asked", syn)
    ok(b.follow(lambda: services().get((2222, "tcp"), {}).get("state") == "open", 10), "the web server on 2222 is a service of its host", services())
    ok(not [f for f in sent if f["proto"] == "tcp" and 9100 <= f["port"] <= 9107], "print ports were left alone")

    # One that is gone.
    server.terminate()
    server.wait(5)
    second = session(scan(ports="2222", identify=False, targets=two, subnet_ids=[]))
    ok(second.get("phase") == "Complete" and b.follow(lambda: services().get((2222, "tcp"), {}).get("state") == "closed", 10), "a service that a scan had found and that is gone is closed", (second, services()))

    # Cancelled while it runs.
    long = scan(wait=False, ports="1-20000", rate=500, host_rate=500, identify=False, targets=two, subnet_ids=[])
    ok(b.follow(lambda: session(long).get("phase") == "Scanning" and (session(long).get("detail") or {}).get("sent", 0) > 300 and session(long)["detail"]["step"] == "ports", 20), "how far a scan is, while it runs")
    detail = session(long).get("detail") or {}
    ok(detail.get("step") == "ports" and detail.get("up") == 2 and detail.get("total", 0) > 39000 and detail.get("remaining_s", 0) > 10, f"in numbers: {detail}")
    listener = p.listen()
    asked = time.monotonic()
    call("POST", f"/api/discovery/{long}/cancel")
    until(lambda: "scan is over" in open(p.path("log")).read().rsplit("scanning:", 1)[-1], 5)
    took = time.monotonic() - asked
    before = p.so_far(listener)
    time.sleep(0.3)
    ok(p.so_far(listener) == before and took < 1.5, f"cancelled, it sends nothing any more ({took:.2f} s)")
    ok(b.follow(lambda: session(long).get("phase") == "Cancelled", 10), "the session is cancelled")

    # The kill switch of the machine itself.
    long = scan(wait=False, ports="1-20000", rate=500, host_rate=500, identify=False, targets=two, subnet_ids=[])
    b.follow(lambda: (session(long).get("detail") or {}).get("sent", 0) > 300, 20)
    sensor.send_signal(signal.SIGUSR1)
    ok(b.follow(lambda: session(long).get("phase") == "Failed", 10) and "kill switch" in session(long)["error"], f"SIGUSR1 ends it: {session(long).get('error')}")
    ok(sensor.poll() is None, "and the sensor goes on watching")

    # Out of scope: where the sensor is not, and was not told that it may ask.
    listener = p.listen()
    refused = session(scan(ports="80", targets=["192.0.2.9"], subnet_ids=[]))
    ok(refused.get("phase") == "Failed" and "192.0.2.9" in (refused.get("error") or "") and "--scan-allow" in refused["error"], f"out of scope is refused: {refused.get('error')}")
    equal(p.so_far(listener), 0, "and not asked")
    sensor.terminate()
    equal(sensor.wait(10), 0, "the sensor ends well")
    sensor = start("--scan-allow", "none")
    ok(b.follow(lambda: "Network" not in b.rows["sensor"][sensor_id]["capabilities"]["discoveries"], 15), "a sensor that must not ask does not say that it can")
    refused = session(scan(ports="80"))
    ok(refused.get("phase") == "Failed" and "--scan-allow none" in (refused.get("error") or ""), f"and says why: {refused.get('error')}")
finally:
    if sensor and sensor.poll() is None:
        sensor.kill()
        sensor.wait()
    if os.environ.get("SHOW"):
        print(open(p.path("log")).read(), c.logged(), file=sys.stderr)
    c.remove()
end()
