#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Strangers: malformed, oversized, endless and slow. Each hurts its own connection only."""
import resource
import threading

from netvisor import *

c = Collector()


def answer(ws):
    """(code of the error message, close code)"""
    code = None
    try:
        while True:
            message = ws.receive(5)
            if message["type"] == "error":
                code = message["code"]
    except Closed as closed:
        return code, closed.code
    except (TimeoutError, ConnectionError):
        return code, None


def message_of(text):
    return text if isinstance(text, bytes) else text.encode()


try:
    c.start()
    c.sign_up()
    key = c.key()
    other = c.request("POST", "/api/sensors", {"name": "neighbor"})[1]["data"]["key"]
    good = c.sensor(key=other)
    browser = c.browser()

    # Upgrades.
    for path, protocol, headers, want, what in (
            ("/sensor", "netvisor.sensor.1", {}, 401, "no key"),
            ("/sensor", "netvisor.sensor.1", {"Authorization": "Bearer nvs_wrong"}, 401, "a wrong key"),
            ("/sensor", "netvisor.sensor.1", {"Authorization": "Basic " + key}, 401, "another scheme"),
            ("/sensor", "netvisor.sensor.9", {"Authorization": "Bearer " + key}, 400, "an unknown protocol"),
            ("/sensor", None, {"Authorization": "Bearer " + key}, 400, "no protocol"),
            ("/nothing", "netvisor.sensor.1", {"Authorization": "Bearer " + key}, 404, "an unknown path")):
        try:
            WebSocket(c.port, path, protocol, headers)
            ok(False, f"an upgrade with {what} is refused")
        except Refused as refused:
            equal(refused.status, want, f"an upgrade with {what} is refused")

    # Messages before hello, and instead of it.
    hello = {"type": "hello", "version": 1, "name": "x", "software": "", "hostname": "", "outbox": "a" * 32}
    first = [
        ("no JSON", b"{", "not_json", 1007), ("an array", b"[]", "not_json", 1007), ("a number", b"17", "not_json", 1007),
        ("nothing", b"", "not_json", 1007), ("bytes that are no UTF-8", b'{"type":"hello","name":"\xff\xfe"}', "not_json", 1007),
        ("deep nesting", b'{"type":"hello","x":' + b"[" * 5000 + b"]" * 5000 + b"}", "not_json", 1007),
        ("something after it", b'{"type":"status"} x', "not_json", 1007),
        ("facts before hello", b'{"type":"facts","batch":1,"facts":[]}', "bad_message", 1008),
        ("no type", b"{}", "bad_message", 1008), ("a type that is no text", b'{"type":7}', "bad_message", 1008),
        ("another version", json.dumps({**hello, "version": 2}).encode(), "bad_message", 1008),
        ("a short outbox", json.dumps({**hello, "outbox": "abc"}).encode(), "bad_message", 1008),
        ("capabilities that are a text", json.dumps({**hello, "capabilities": "x"}).encode(), "bad_message", 1008),
        ("a name of a megabyte", json.dumps({**hello, "name": "x" * 900000}).encode(), "bad_message", 1008),
    ]
    for what, message, code, close in first:
        s = c.sensor(hello=False)
        s.ws.send(message)
        equal(answer(s.ws), (code, close), f"instead of hello: {what}")
    s = c.sensor(hello=False)
    s.ws.frame(2, json.dumps(hello).encode())
    equal(answer(s.ws), ("not_json", 1007), "a binary message")
    s = c.sensor(hello=False)
    try:
        for _ in range(80):
            s.ws.frame(1 if _ == 0 else 0, b" " * 16384, final=False)
    except OSError:
        pass
    equal(answer(s.ws)[0] or "too_large", "too_large", "a message without end")
    s = c.sensor(hello=False)
    s.ws.socket.sendall(bytes([0xf1, 0x85]) + b"12345")
    ok(answer(s.ws)[1] != 1000, "reserved bits in a frame")
    s = c.sensor(hello=False)
    s.ws.send(json.dumps(hello).encode()[:20])
    equal(answer(s.ws)[0], "not_json", "half a message")

    # Facts that the table does not allow: nothing of their batch is kept.
    bad = [
        ("an unknown kind", {"fact": "rumour"}), ("an unknown source", {"source": "gossip"}), ("no confidence", {"confidence": None}),
        ("a MAC that is none", {"mac": "00:1b:21:00:00"}), ("an address that is none", {"ip": "10.0.0.256"}),
        ("a number for a text", {"mac": 7}), ("a key of another kind", {"port": 80}), ("a negative count", {"count": -1}),
        ("a huge count", {"count": 10 ** 40}), ("a count that is no integer", {"count": 1.5}), ("last before first", {"last": 1}),
        ("a time beyond all", {"last": 1e300}), ("VLAN 4095", {"vlan": [4095]}), ("VLAN 0", {"vlan": [0]}),
        ("too many tags", {"vlan": [1, 2, 3, 4, 5]}), ("a VLAN that is a text", {"vlan": "10"}), ("no address", {"ip": None}),
    ]
    batch = 1
    for what, wrong in bad:
        s = c.sensor()
        f = fact("address", mac="00:1b:21:00:00:09", ip="10.66.0.1")
        f.update(wrong)
        s.send(batch, fact("address", mac="00:1b:21:00:00:08", ip="10.66.0.2"), {k: v for k, v in f.items() if v is not None})
        equal(answer(s.ws), ("bad_fact", 1008), f"a fact with {what}")
    for what, f in (("port 65536", fact("service", ip="10.66.0.1", port=65536, proto="tcp", source="tcp")),
                    ("a text that is too long", fact("trait", mac="00:1b:21:00:00:09", key="banner", value="x" * 5000)),
                    ("too many in a list", fact("conflict", ip="10.66.0.1", claims=["10.0.0.1"] * 40)),
                    ("a list that is none", fact("conflict", ip="10.66.0.1", claims=5)),
                    ("not even an object", "fact")):
        s = c.sensor()
        s.send(1, f)
        equal(answer(s.ws), ("bad_fact", 1008), f"a fact with {what}")
    s = c.sensor()
    s.send(1)
    equal(answer(s.ws), ("bad_message", 1008), "a batch without facts")
    s = c.sensor()
    s.send(1, *[fact("address", mac="00:1b:21:00:00:09", ip="10.66.0.1")] * 1001)
    equal(answer(s.ws), ("bad_message", 1008), "a batch of too many")
    s = c.sensor()
    s.ws.send(b'{"type":"facts","batch":99999999999999999999999,"facts":[{}]}')
    equal(answer(s.ws), ("bad_message", 1008), "a batch number that is too large")
    equal(c.sql("SELECT count(*) FROM evidence"), [["0"]], "nothing of all that was kept")
    equal(c.sql("SELECT count(*) FROM sensor_outbox"), [["0"]], "and no batch counts as committed")

    # What a stranger's text may hold.
    s = c.sensor()
    nasty = "a\u0000b'; DROP TABLE host; --\\\"{}\u2028\ud7ff<script>" + "\u0301" * 50
    s.say(1, fact("address", mac="00:1b:21:00:00:09", ip="10.66.0.1"),
          fact("name", source="mdns", mac="00:1b:21:00:00:09", name=nasty, kind="hostname"),
          fact("address", mac="ff:ff:ff:ff:ff:ff", ip="10.66.0.255"), fact("address", mac="00:1b:21:00:00:0a", ip="0.0.0.0"),
          fact("service", source="mdns", ip="224.0.0.251", port=5353, proto="udp"),
          fact("host", source="ip", mac="00:1b:21:00:00:09", ip="10.66.0.1", packets=2 ** 53 - 1, bytes=2 ** 53 - 1, packets_in=0, bytes_in=0),
          fact("host", source="ip", first=2000, mac="00:1b:21:00:00:09", ip="10.66.0.1", packets=2 ** 53 - 1, bytes=5, packets_in=0, bytes_in=0))
    browser.follow(lambda: any(r["name"] for r in browser.rows.get("host", {}).values()))
    row = [r for r in browser.rows["host"].values() if r["name"]][0]
    equal(row["name"], nasty.replace("\u0000", "\\x00"), "a hostile name is only a text")
    equal([r["packets"] for r in browser.rows["interface"].values() if r["ip"] == "10.66.0.1"], [2 ** 53 - 1], "counters stay within what JSON holds")
    ok(not any(r["ip"] in ("10.66.0.255", "224.0.0.251") for r in browser.rows["interface"].values()), "groups are no devices")

    # Browsers.
    for what, message, code, close in (("no JSON", b"}", "not_json", 1007), ("another type", b'{"type":"write"}', "bad_message", 1008),
                                       ("a network that is no id", b'{"type":"subscribe","network_id":"x"}', "bad_message", 1008),
                                       ("another's network", b'{"type":"subscribe","network_id":"00000000-0000-4000-8000-000000000000"}', "not_found", 1008),
                                       ("a text for a seq", b'{"type":"subscribe","after":"7"}', "bad_message", 1008),
                                       ("too much", b" " * 5000, "too_large", 1009)):
        b = c.browser(subscribe=False)
        b.ws.send(message)
        equal(answer(b.ws), (code, close), f"a browser that sends {what}")

    # HTTP that is none, and slow; connections that do nothing.
    for bytes_ in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/9.9\r\n\r\n", b"GET\r\n\r\n", b"\x00" * 100, b"GET /" + b"a" * 100000,
                   b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5000 + b"\r\n", b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
                   b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                   b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", c.port)) as raw:
            try:
                raw.sendall(bytes_)
                raw.settimeout(1)
                raw.recv(100)
            except OSError:
                pass
    equal(c.request("GET", "/api/health")[0], 200, "HTTP that is none hurts nobody")
    with socket.create_connection(("127.0.0.1", c.port)) as raw:
        raw.sendall(b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        raw.settimeout(2)
        data = b""
        try:
            while data.count(b'"status":"ok"') < 20:
                more = raw.recv(65536)
                if not more:
                    break
                data += more
        except OSError:
            pass
        equal(data.count(b'"status":"ok"'), 20, "twenty requests in one packet get twenty answers")
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    idle = []
    for i in range(3000):
        idle.append(socket.create_connection(("127.0.0.1", c.port)))
        if i % 3 == 0:
            idle[-1].sendall(b"GET /api/health HTTP/1.1\r\nHost: sl")
    start = time.monotonic()
    equal(c.request("GET", "/api/health")[0], 200, "3000 connections that do nothing, or very little, hurt nobody")
    ok(time.monotonic() - start < 1, "nor make it slow")
    start = time.monotonic()
    good.say(1, fact("address", mac="00:1b:21:00:01:00", ip="10.66.1.1"))
    ok(browser.follow(lambda: any(r["ip"] == "10.66.1.1" for r in browser.rows["interface"].values()), 5),
       f"the other sensor and the browser have been there all the time ({1000 * (time.monotonic() - start):.0f} ms)")
    equal(browser.gaps, 0, "and have missed nothing")
    idle[0].settimeout(40)
    try:
        gone = idle[0].recv(10000) is not None
    except TimeoutError:
        gone = False
    except ConnectionError:
        gone = True
    ok(gone, "half a request is closed in the end")
    for raw in idle:
        raw.close()
    with open(f"/proc/{c.process.pid}/status") as file:
        resident = [int(line.split()[1]) for line in file if line.startswith("VmRSS")][0]
    ok(resident < 120000, f"the collector's resident memory is {resident // 1024} MiB")
    ok(c.process.poll() is None, "it lives")
    equal(c.stop(), 0, "and ends cleanly")
finally:
    c.remove()
end()
