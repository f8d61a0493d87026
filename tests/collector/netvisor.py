# SPDX-License-Identifier: BSD-2-Clause
"""What the collector's tests share: the real collector with a private PostgreSQL in a directory of its own, a
WebSocket client, a sensor, a browser, and TAP."""
import base64
import hashlib
import http.client
import json
import os
import pwd
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.environ.get("BUILD", os.path.join(TOP, "build"))
PASSWORD = "Correct-Horse-7-Battery"
_count = 0
_failures = 0


def ok(condition, what):
    global _count, _failures
    _count += 1
    _failures += not condition
    print(f"{'' if condition else 'not '}ok {_count} - {what}", flush=True)
    return bool(condition)


def equal(have, want, what):
    if not ok(have == want, what):
        print(f"#   have {have!r}\n#   want {want!r}", flush=True)


def skip(what, missing):
    global _count
    _count += 1
    print(f"ok {_count} - {what} # SKIP {missing}", flush=True)


def end():
    print(f"1..{_count}")
    sys.exit(_failures > 0)


def until(condition, seconds=10.0, step=0.02):
    """The first true value of condition within so many seconds, or its last one."""
    stop = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > stop:
            return value
        time.sleep(step)


class Closed(Exception):
    def __init__(self, code, reason):
        super().__init__(f"{code} {reason}")
        self.code, self.reason = code, reason


class Refused(Exception):
    def __init__(self, status):
        super().__init__(str(status))
        self.status = status


class WebSocket:
    """Just enough of RFC 6455; frames() sends any bytes as they are."""

    def __init__(self, port, path, protocol, headers=None, timeout=10):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: localhost:{port}", "Upgrade: websocket", "Connection: Upgrade",
                 f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13"]
        if protocol:
            lines.append(f"Sec-WebSocket-Protocol: {protocol}")
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.data = b""
        while b"\r\n\r\n" not in self.data:
            more = self.socket.recv(65536)
            if not more:
                raise Refused(0)
            self.data += more
        head, self.data = self.data.split(b"\r\n\r\n", 1)
        status = int(head.split(b" ")[1])
        if status != 101:
            self.socket.close()
            raise Refused(status)
        want = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest())
        assert want in head
        self.message = b""

    def frame(self, opcode, payload, final=True):
        mask = os.urandom(4)
        length = len(payload)
        head = bytes([(0x80 if final else 0) | opcode])
        if length < 126:
            head += bytes([0x80 | length])
        elif length < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", length)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", length)
        whole = (mask * (length // 4 + 1))[:length]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(whole, "big")).to_bytes(length, "big")
        self.socket.sendall(head + mask + masked)

    def send(self, message):
        self.frame(1, message if isinstance(message, bytes) else json.dumps(message).encode())

    def _need(self, count, stop):
        while len(self.data) < count:
            left = stop - time.monotonic()
            if left <= 0 or not select.select([self.socket], [], [], left)[0]:
                raise TimeoutError("nothing came")
            try:
                more = self.socket.recv(262144)
            except ConnectionError as error:
                raise Closed(1006, str(error)) from error
            if not more:
                raise Closed(1006, "no close frame")
            self.data += more

    def receive(self, timeout=10):
        """The next message as JSON; Closed with the code when the other end says good-bye."""
        stop = time.monotonic() + timeout
        while True:
            self._need(2, stop)
            length, skip = self.data[1] & 127, 2
            if length == 126:
                self._need(4, stop)
                length, skip = struct.unpack(">H", self.data[2:4])[0], 4
            elif length == 127:
                self._need(10, stop)
                length, skip = struct.unpack(">Q", self.data[2:10])[0], 10
            self._need(skip + length, stop)
            opcode, final = self.data[0] & 15, self.data[0] & 128
            payload, self.data = self.data[skip:skip + length], self.data[skip + length:]
            if opcode == 9:
                self.frame(10, payload)
            elif opcode == 8:
                code = struct.unpack(">H", payload[:2])[0] if len(payload) > 1 else 1005
                raise Closed(code, payload[2:].decode())
            elif opcode in (0, 1, 2):
                self.message += payload
                if final:
                    whole, self.message = self.message, b""
                    return json.loads(whole)

    def close(self):
        self.socket.close()


class Collector:
    def __init__(self, *options, directory=None, user=None):
        self.user = user or ("postgres" if os.geteuid() == 0 else None)
        self.directory = directory or tempfile.mkdtemp(prefix="netvisor-test-")
        if self.user:
            account = pwd.getpwnam(self.user)
            os.chown(self.directory, account.pw_uid, account.pw_gid)
        self.options = list(options)
        # The tests' facts are of 1970, and what is that old would leave while they run.
        if "--change-days" not in options:
            self.options += ["--change-days", "36500"]
        # All tests come from one address.
        for option in ("--rate-limit", "--rate-limit-anonymous"):
            if option not in options:
                self.options += [option, "0"]
        self.process = None
        self.cookie = None
        self.port = 0
        self.token = None

    def key_file(self):
        return os.path.join(self.directory, "sensor.key")

    def key(self):
        with open(self.key_file()) as file:
            return file.read().strip()

    def start(self, wait=True):
        if not self.port:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                self.port = probe.getsockname()[1]
        self.log = open(os.path.join(self.directory, "collector.log"), "ab")
        self.out = open(os.path.join(self.directory, "collector.out"), "wb+")
        program = os.environ.get("COLLECTOR", os.path.join(BUILD, "netvisor-collector"))
        self.process = subprocess.Popen(
            [program, "--server-port", str(self.port), "--data-dir", os.path.join(self.directory, "data"),
             "--sensor-key-file", self.key_file()] + (["--user", self.user] if self.user else []) + self.options,
            stdin=subprocess.DEVNULL, stdout=self.out, stderr=self.log)
        if wait:
            until(lambda: "dashboard:" in self.said() or self.process.poll() is not None, 60)
            if self.process.poll() is not None:
                print("# " + self.logged().replace("\n", "\n# "))
                raise SystemExit("the collector did not start")
            for line in self.said().splitlines():
                if line.startswith("setup token: "):
                    self.token = line.split()[-1]
        return self

    def said(self):
        with open(os.path.join(self.directory, "collector.out")) as file:
            return file.read()

    def logged(self):
        with open(os.path.join(self.directory, "collector.log"), errors="replace") as file:
            return file.read()

    def request(self, method, path, body=None, headers=None, raw=False):
        connection = http.client.HTTPConnection("localhost", self.port, timeout=30)
        fields = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            fields.setdefault("Content-Type", "application/json")
        if self.cookie and "Cookie" not in fields:
            fields["Cookie"] = self.cookie
        connection.request(method, path, body, fields)
        response = connection.getresponse()
        data = response.read()
        connection.close()
        if raw:
            return response, data
        return response.status, (json.loads(data) if data[:1] == b"{" else data)

    def sign_up(self):
        connection = http.client.HTTPConnection("localhost", self.port, timeout=30)
        connection.request("POST", "/api/setup", json.dumps(
            {"token": self.token, "email": "owner@example.org", "password": PASSWORD}),
            {"Content-Type": "application/json"})
        response = connection.getresponse()
        data = json.loads(response.read())
        assert response.status == 200, data
        self.cookie = response.getheader("Set-Cookie").split(";")[0]
        return data["data"]

    def concluded(self):
        """Nothing is left to conclude: what rows say of what hosts are does not change by itself any more."""
        return until(lambda: self.sql("SELECT count(*) FROM recognize_due") == [["0"]], 30)

    def sql(self, text, role=None, act_as=None, seconds=60):
        """Rows as lists of text, by psql, as the owner or as the role that serves, for (user, network)."""
        script = "SET search_path = netvisor, pg_catalog; BEGIN;"
        if role:
            script += f"SET LOCAL ROLE {role};"
        if act_as:
            script += f"SELECT act_as('{act_as[0]}', '{act_as[1]}', '') \\g /dev/null\n"
        script += text + ";\nCOMMIT;"
        # A socket's path is short, ours may be long: name the directory by a descriptor.
        place = os.open(os.path.join(self.directory, "data", "postgres"), os.O_PATH)
        try:
            run = subprocess.run(["psql", "-h", f"/proc/self/fd/{place}", "-U", "netvisor", "-d", "postgres", "-X", "-q",
                                  "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"], input=script, capture_output=True,
                                 text=True, timeout=seconds, pass_fds=[place], **({"user": self.user} if self.user else {}))
        finally:
            os.close(place)
        if run.returncode:
            raise RuntimeError(run.stderr)
        return [line.split("\t") for line in run.stdout.splitlines()]

    def postmaster(self):
        with open(os.path.join(self.directory, "data", "postgres", "postmaster.pid")) as file:
            return int(file.readline())

    def kill(self, how=signal.SIGKILL):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)

    def stop(self):
        self.kill(signal.SIGTERM)
        return self.process.returncode

    def remove(self):
        self.kill()
        time.sleep(0.1)
        shutil.rmtree(self.directory, ignore_errors=True)

    def sensor(self, **keys):
        return Sensor(self, **keys)

    def browser(self, after=None, network=None, subscribe=True):
        return Browser(self, after, network, subscribe)


class Sensor:
    """discoveries: what it announces that it can do; without, it is never asked for anything on its own. addresses: of its port."""

    def __init__(self, collector, key=None, outbox="0" * 32, hello=True, discoveries=None, addresses=()):
        self.ws = WebSocket(collector.port, "/sensor", "netvisor.sensor.1",
                            {"Authorization": "Bearer " + (key or collector.key())})
        self.outbox = outbox
        self.acked = 0
        self.discoveries, self.commands, self.addresses = discoveries, [], list(addresses)
        if hello:
            self.hello()

    def hello(self):
        self.ws.send({"type": "hello", "version": 1, "name": "lab", "software": "netvisor-sensor 0.1.0",
                      "hostname": "probe", "outbox": self.outbox,
                      "capabilities": {"xdp": True, **({"discoveries": self.discoveries} if self.discoveries else {})},
                      "interfaces": [{"name": "eth1", "mac": "02:00:00:00:00:01", "addresses": self.addresses, "mode": "native",
                                      "vlan_tags_visible": True, "promiscuous": True, "span": True}]})
        self.welcome = self.ws.receive()
        assert self.welcome["type"] == "welcome", self.welcome
        self.acked = self.welcome["acked"]

    def send(self, batch, *facts):
        self.ws.send({"type": "facts", "batch": batch, "facts": list(facts)})

    def say(self, batch, *facts):
        """Send, and wait for the ack."""
        self.send(batch, *facts)
        return self.ack(batch)

    def ack(self, batch, timeout=20):
        while self.acked < batch:
            message = self.ws.receive(timeout)
            if message["type"] == "command":
                self.commands.append(message)
                continue
            assert message["type"] == "ack", message
            self.acked = message["batch"]
        return self.acked

    def command(self, timeout=10):
        """The next command."""
        if self.commands:
            return self.commands.pop(0)
        while True:
            message = self.ws.receive(timeout)
            if message["type"] == "command":
                return message
            assert message["type"] == "ack", message
            self.acked = message["batch"]

    def progress(self, command, percent, phase="Scanning", **more):
        self.ws.send({"type": "progress", "id": command["id"], "phase": phase, "progress": percent, **more})

    def result(self, command, data=None, error=None):
        self.ws.send({"type": "result", "id": command["id"], "ok": error is None, **({"error": error} if error else {}),
                      **({"data": data or {}} if data or not error else {})})

    def close(self):
        self.ws.close()


class Browser:
    """The state that the feed has given: {entity: {id: row}}, and its seq."""

    def __init__(self, collector, after=None, network=None, subscribe=True):
        self.ws = WebSocket(collector.port, "/live", "netvisor.live.1",
                            {"Cookie": collector.cookie, "Origin": f"http://localhost:{collector.port}"})
        self.rows, self.seq, self.changes, self.snapshots, self.gaps = {}, None, [], 0, 0
        if subscribe:
            self.ws.send({"type": "subscribe", "network_id": network, "after": after})
            self.wait_ready()

    def take(self, message):
        if message["type"] == "snapshot":
            self.snapshots += 1
            for row in message["rows"]:
                self.rows.setdefault(message["entity"], {})[row["id"]] = row
        elif message["type"] == "ready":
            self.seq = message["seq"]
        elif message["type"] == "changes":
            for change in message["changes"]:
                self.gaps += change["seq"] != self.seq + 1
                self.seq = change["seq"]
                self.changes.append(change)
                apply(self.rows, change)
        else:
            raise AssertionError(message)

    def wait_ready(self):
        while self.seq is None:
            self.take(self.ws.receive())

    def follow(self, condition, seconds=10):
        """Take messages until condition() is true."""
        stop = time.monotonic() + seconds
        while not condition():
            left = stop - time.monotonic()
            if left <= 0:
                return False
            try:
                self.take(self.ws.receive(left))
            except TimeoutError:
                return condition()
        return True

    def close(self):
        self.ws.close()


# What an entry `seen` tells of each row, after its id (docs/live.md).
SEEN = {"host": ("last_seen", "present_until"), "interface": ("last_seen", "packets", "bytes", "packets_in", "bytes_in"),
        "service": ("last_seen", "clients"),
        "flow": ("last_seen", "connections", "packets", "bytes", "packets_back", "bytes_back", "rtt_us"), "neighbor": ("last_seen",), "link": ("last_seen",)}


def apply(rows, change):
    if change["entity"] == "seen":
        for entity, seen in change["set"].items():
            for row_id, *values in seen:
                if row_id in rows.get(entity, {}):
                    rows[entity][row_id] = {**rows[entity][row_id], **dict(zip(SEEN[entity], values))}
        return
    table = rows.setdefault(change["entity"], {})
    if change["op"] == "delete":
        table.pop(change["id"], None)
    elif change["op"] == "insert":
        table[change["id"]] = dict(change["set"])
    else:
        table[change["id"]] = {**table.get(change["id"], {}), **change["set"]}


def fact(what, /, first=1000.0, last=None, count=1, vlan=(), source="arp", confidence="measured", **keys):
    return {"fact": what, "first": first, "last": last if last is not None else first, "count": count,
            "vlan": list(vlan), "source": source, "confidence": confidence, **keys}
