#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What answers as a container engine may be anything: each of these costs a bounded time and a bounded memory, is told in words, and is asked by GET for what a
report needs and for nothing else. All on loopback and sockets of files."""
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
ASK = os.path.join(os.environ.get("BUILD", os.path.join(TOP, "build")), "tests/docker/ask")
place = tempfile.mkdtemp(prefix="netvisor-engine-")
count = failures = 0
everything = []  # each request line of each engine
VERSION = {"Version": "24.0.7", "ApiVersion": "1.43"}


def ok(good, what):
    global count, failures
    count += 1
    failures += not good
    print(f"{'' if good else 'not '}ok {count} - {what}", flush=True)


def answer(body, status="200 OK", head=""):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{head}Content-Length: {len(data)}\r\n\r\n".encode() + data


def usual(path, containers=(), inspect=None):
    """What a good engine says."""
    if path == "/version":
        return answer(VERSION)
    if path in ("/networks", "/images/json"):
        return answer([])
    if path.startswith("/containers/json"):
        return answer([{"Id": each, "State": "running"} for each in containers])
    one = path.split("/")[2]
    return (inspect or (lambda each: answer({"Id": each, "Name": "/" + each, "State": {"Status": "running"}})))(one)


class Engine:
    """respond(connection, path) is called for each request; it writes, or returns what is to be written; False ends the connection."""

    def __init__(self, respond, tls=None, tcp=False):
        self.respond, self.tls, self.asked = respond, tls, []
        self.path = None if tcp else f"{place}/{id(self)}.sock"
        self.listener = socket.socket(socket.AF_INET if tcp else socket.AF_UNIX)
        self.listener.bind(("127.0.0.1", 0) if tcp else self.path)
        self.listener.listen(16)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.listener.getsockname()[1]}" if tcp else f"unix://{self.path}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            held = b""
            while True:
                while b"\r\n\r\n" not in held:
                    more = connection.recv(65536)
                    if not more:
                        return
                    held += more
                head, held = held.split(b"\r\n\r\n", 1)
                line = head.split(b"\r\n")[0].decode()
                self.asked.append(line)
                everything.append(line)
                said = self.respond(connection, line.split()[1])
                if said is False:
                    return
                if said:
                    connection.sendall(said)
        except OSError:
            pass
        finally:
            connection.close()


class Asking:
    def __init__(self, what, engine, expected, most_s, *arguments, environment=None, most_mib=40):
        self.what, self.engine, self.expected, self.most_s, self.most_mib = what, engine, expected, most_s, most_mib
        self.began = time.monotonic()
        url = engine.url if isinstance(engine, Engine) else engine
        self.process = subprocess.Popen([ASK, url, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **(environment or {})})
        self.thread = threading.Thread(target=self.wait)
        self.thread.start()

    def wait(self):
        self.said, self.log = self.process.communicate()
        self.seconds = time.monotonic() - self.began

    def check(self):
        self.thread.join()
        lines = self.said.decode().splitlines()
        mib = int(lines[-1]) / 1024
        good = self.expected(lines[0]) if callable(self.expected) else self.expected in lines[0]
        ok(good and self.seconds <= self.most_s and mib <= self.most_mib, f"{self.what}: {self.seconds:.1f} s, {mib:.0f} MiB: {lines[0][:170]}")
        if not good:
            print(f"# expected {self.expected}; log {self.log.decode()[:300]}")


def hang(connection, path):
    time.sleep(30)
    return False


def drip(connection, path):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(100):
        connection.sendall(b" ")
        time.sleep(0.3)
    return False


def endless_head(connection, path):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"".join(b"X-%d: %s\r\n" % (i, b"y" * 200) for i in range(100)))


def endless_body(connection, path):
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n[")
    while True:
        connection.sendall(b'{"Id":"x"},' * 5000)


def at(where, respond):
    """A good engine until one path, of which respond() is called."""
    return lambda connection, path: respond(connection, path) if path.startswith(where) else usual(path)


def bomb():
    import gzip
    return gzip.compress(b" " * 50_000_000 + b"{}")


def flood(connection, path):
    return usual(path, [f"c{i}" for i in range(1300)])


def gone(connection, path):
    return usual(path, ["a", "b", "c"], lambda each: answer({"message": "no such container"}, "404 Not Found") if each == "b" else answer({"Id": each, "Name": each}))


def broken(connection, path):
    return usual(path, ["a", "b", "c"], lambda each: answer(b"[" * 100) if each == "b" else answer({"Id": each, "Name": each}))


def tricky(connection, path):
    return usual(path, ["../../secrets", "a/../../exec", "x?y", "ok1", "", "é", "-rf"])


def count_of(number, left_out):
    def check(line):
        data = json.loads(line)["data"]
        return len(data["containers"]) == number and data["left_out"] == left_out
    return check


def certificates():
    """An authority, and one certificate that serves and asks; False without the openssl program."""
    if not shutil.which("openssl"):
        return False
    made = subprocess.run(f"""openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca -keyout {place}/ca.key -out {place}/ca.pem &&
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=engine -keyout {place}/one.key -out {place}/one.csr &&
printf subjectAltName=IP:127.0.0.1 > {place}/ext && openssl x509 -req -in {place}/one.csr -CA {place}/ca.pem -CAkey {place}/ca.key -CAcreateserial -days 2 -extfile {place}/ext -out {place}/one.pem""",
                          shell=True, capture_output=True)
    return made.returncode == 0


try:
    good = lambda connection, path: usual(path, ["a", "b"])
    runs = [
        Asking("a good one", Engine(good), count_of(2, 0), 4),
        Asking("one that never answers", Engine(hang), "does not answer in time", 12),
        Asking("one that hangs later", Engine(at("/containers", hang)), "does not answer in time", 12),
        Asking("one that drips", Engine(at("/networks", drip)), "does not answer in time", 12),
        Asking("one of endless headers", Engine(endless_head), "larger than", 8),
        Asking("one of an endless body", Engine(at("/containers/json", endless_body)), "larger than", 8),
        Asking("one of an endless version", Engine(endless_body), "larger than", 8),
        Asking("a compressed bomb", Engine(lambda c, p: answer(bomb(), head="Content-Encoding: gzip\r\n")), "not understood", 8),
        Asking("one that nests deeply", Engine(at("/networks", lambda c, p: answer(b"[" * 100_000))), "not understood", 8),
        Asking("one that sends elsewhere", Engine(lambda c, p: answer(b"", "302 Found", "Location: http://127.0.0.1:1/version\r\n")), "answers 302", 8),
        Asking("one that is no web server", Engine(lambda c, p: b"SSH-2.0-x\r\n"), "can't be asked", 12),
        Asking("one that hangs up", Engine(lambda c, p: False), "can't be asked", 8),
        Asking("a proxy that forbids", Engine(at("/images", lambda c, p: answer(b"", "403 Forbidden"))), "must allow to read", 8),
        Asking("a web page", Engine(lambda c, p: answer(b"<html>hello</html>")), "not understood", 8),
        Asking("one of too many containers", Engine(flood), lambda line: 900 <= len(json.loads(line)["data"]["containers"]) <= 1000 and json.loads(line)["data"]["left_out"] >= 300, 14),
        Asking("a container that is gone by then", Engine(gone), count_of(2, 0), 8),
        Asking("a container that can't be read", Engine(broken), count_of(2, 1), 8),
        Asking("ids that lead elsewhere", Engine(tricky), count_of(2, 5), 8),
        Asking("nobody there", f"unix://{place}/nothing.sock", "can't be asked", 4),
        Asking("the environment's proxy is not used", Engine(good, tcp=True), count_of(2, 0), 6, environment={"http_proxy": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1"}),
    ]
    stopped = Asking("one that is stopped", Engine(hang), "error", 4)
    time.sleep(1)
    stopped.process.send_signal(signal.SIGTERM)
    runs.append(stopped)
    if certificates():
        serve = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        serve.load_cert_chain(f"{place}/one.pem", f"{place}/one.key")
        strict = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        strict.load_cert_chain(f"{place}/one.pem", f"{place}/one.key")
        strict.load_verify_locations(f"{place}/ca.pem")
        strict.verify_mode = ssl.CERT_REQUIRED
        runs += [
            Asking("a certificate that nobody vouches for", Engine(good, serve, True), "can't be asked", 6),
            Asking("with its authority", Engine(good, serve, True), count_of(2, 0), 6, f"{place}/ca.pem"),
            Asking("one that wants a certificate, without", Engine(good, strict, True), "can't be asked", 6, f"{place}/ca.pem"),
            Asking("and with", Engine(good, strict, True), count_of(2, 0), 6, f"{place}/ca.pem", f"{place}/one.pem", f"{place}/one.key"),
        ]
    for each in runs:
        each.check()
    asked = {line.rsplit(" ", 1)[0] for line in everything}
    fixed = {"GET /version", "GET /networks", "GET /images/json", "GET /containers/json?all=1"}
    others = {line for line in asked - fixed if not (line.startswith("GET /containers/") and line.endswith("/json") and line.count("/") == 3)}
    ok(len(asked) > 1000 and not others, f"of {len(everything)} requests each was a GET for what a report needs: {sorted(others)[:3]}")
    ok(not [line for line in asked if ".." in line or "%" in line or "secrets" in line or "exec" in line], "and none was for what an id would lead to")
finally:
    shutil.rmtree(place, ignore_errors=True)
print(f"1..{count}")
sys.stdout.flush()
os._exit(failures > 0)
