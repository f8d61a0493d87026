#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A database that the collector does not run itself, with an owner that is no superuser; two collectors on it; https; what is old leaves."""
import ssl

from netvisor import *

BIN = sorted(os.path.join("/usr/lib/postgresql", v, "bin") for v in os.listdir("/usr/lib/postgresql"))[-1]
directory = tempfile.mkdtemp(prefix="netvisor-shared-")
user = "postgres" if os.geteuid() == 0 else None
as_user = {"user": user} if user else {}
if user:
    shutil.chown(directory, user)
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
with open(os.path.join(directory, "pw"), "w") as file:
    file.write("adminpw\n")
subprocess.run([BIN + "/initdb", "-D", directory + "/pg", "-U", "admin", "--auth=scram-sha-256", "--pwfile=" + directory + "/pw",
                "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], check=True, cwd=directory, stdout=subprocess.DEVNULL, **as_user)
server = None


def start_server():
    global server
    server = subprocess.Popen([BIN + "/postgres", "-D", directory + "/pg", "-p", str(port), "-k", directory, "-c", "listen_addresses=localhost"],
                              cwd=directory, stderr=subprocess.DEVNULL, **as_user)


def query(sql, database="netvisor"):
    run = subprocess.run(["psql", f"postgresql://admin:adminpw@127.0.0.1:{port}/{database}", "-X", "-A", "-t", "-q", "-c", sql], capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(run.stderr)
    return run.stdout.strip()


def answers():
    try:
        return query("SELECT 1", "postgres")
    except RuntimeError:
        return None


def knock(collector, key):
    """The sensor, once its key is known there."""
    try:
        return collector.sensor(key=key, outbox="9" * 32)
    except Refused:
        return None


url = f"postgresql://nv:nvpw@localhost:{port}/netvisor"
first, second = Collector("--database-url", url, "--change-days", "1"), Collector("--database-url", url, "--change-days", "30")
try:
    start_server()
    until(answers)
    query("CREATE ROLE nv LOGIN CREATEROLE PASSWORD 'nvpw'", "postgres")
    query("CREATE DATABASE netvisor OWNER nv", "postgres")
    first.start()
    ok("nvpw" not in first.logged(), "an owner who is no superuser can make the tables; the password is not logged")
    second.start()
    needed = lambda: [each.request("GET", "/api/config")[1]["data"]["needs_setup"] for each in (first, second)]
    equal(needed(), [True, True], "both say that the first account is still to be made")
    first.sign_up()
    ok(until(lambda: needed() == [False, False]), "made at one, it is made for both")
    second.cookie = first.cookie
    equal(second.request("GET", "/api/auth/me")[0], 200, "a session of one collector is one of the other")
    s = first.sensor()
    b = second.browser()
    s.say(1, fact("address", mac="00:1b:21:00:00:01", ip="10.0.0.1"))
    ok(b.follow(lambda: len(b.rows.get("host", {})) == 1), "what a sensor says to one reaches a browser at the other")
    s2 = second.sensor(outbox="1" * 32)
    s2.say(1, fact("address", mac="00:1b:21:00:00:02", ip="10.0.0.2"))
    s.say(2, fact("address", mac="00:1b:21:00:00:03", ip="10.0.0.3"))
    ok(b.follow(lambda: len(b.rows["host"]) == 3) and b.gaps == 0, "their batches make one log without gaps")

    # The database goes away and returns.
    server.send_signal(signal.SIGINT)
    server.wait()
    ok(until(lambda: first.request("GET", "/api/health")[0] == 503, 5), "the database is away: health says so")
    s.send(3, fact("address", mac="00:1b:21:00:00:04", ip="10.0.0.4"))
    message = s.ws.receive()
    equal((message["type"], message.get("code")), ("error", "internal"), "a sensor is told, and keeps its batch")
    start_server()
    ok(until(lambda: first.request("GET", "/api/health")[0] == 200, 15), "it is back")

    def again():
        try:
            sensor = first.sensor()
            sensor.say(3, fact("address", mac="00:1b:21:00:00:04", ip="10.0.0.4"))
            return True
        except (Refused, Closed, OSError, AssertionError):
            return False

    ok(until(again, 15, 0.3), "the sensor comes again and its batch is taken")
    ok(b.follow(lambda: len(b.rows["host"]) == 4, 15) and b.gaps == 0, "the browser stayed and goes on")

    # Keys are of the database, not of a collector.
    key = first.request("POST", "/api/auth/keys", {"name": "both"})[1]["data"]
    bearer = {"Authorization": "Bearer " + key["key"], "Cookie": ""}
    ok(until(lambda: second.request("GET", "/api/networks", headers=bearer)[0] == 200), "a key that was made at one is good at the other")
    second.request("DELETE", f"/api/auth/keys/{key['id']}")
    ok(until(lambda: first.request("GET", "/api/networks", headers=bearer)[0] == 401), "and revoked at the other it is no longer good at the one")
    key = first.request("POST", "/api/auth/daemon", {"name": "roof"})[1]["data"]
    roof = until(lambda: knock(second, key["key"]))
    first.request("DELETE", f"/api/auth/daemon/{key['id']}")
    try:
        roof.ws.receive()
        ok(False, "a sensor's key that is revoked at one ends its connection at the other")
    except Closed as closed:
        equal(closed.code, 1008, "a sensor's key that is revoked at one ends its connection at the other")

    first.request("POST", "/api/auth/logout", {})
    ok(until(lambda: second.request("GET", "/api/auth/me")[0] == 401), "logging out at one logs out at the other")

    # What is old leaves: the log's beginning, flows, far addresses; a browser that watches hears of it.
    first.stop()
    login = second.request("POST", "/api/auth/login", {"email": "owner@example.org", "password": PASSWORD}, raw=True)[0]
    second.cookie = login.getheader("Set-Cookie").split(";")[0]
    s2 = second.sensor(outbox="2" * 32)
    now = time.time()
    s2.say(1, fact("host", source="ip", first=1000, ip="192.0.2.1", via="00:1b:21:00:00:01", packets=1, bytes=1, packets_in=0, bytes_in=0),
           fact("flow", source="tcp", first=1000, client="192.0.2.1", server="10.0.0.1", port=80, proto="tcp", connections=1, packets=1, bytes=1, packets_back=0, bytes_back=0),
           fact("flow", source="tcp", first=now, client="10.0.0.2", server="10.0.0.1", port=80, proto="tcp", connections=1, packets=1, bytes=1, packets_back=0, bytes_back=0))
    b = second.browser()
    equal((len(b.rows["flow"]), len(b.rows["host"])), (2, 5), "before: two flows, five hosts")
    # The log in small chunks: 4 numbers, 8, 16, …
    query("SET search_path = netvisor; BEGIN; LOCK network; CREATE TEMP TABLE log AS SELECT * FROM change;"
          "DO $$ BEGIN EXECUTE (SELECT format('DROP TABLE %I', 'change_' || replace(id::text, '-', '') || '_1') FROM network); END $$;"
          "DELETE FROM change_chunk; UPDATE network SET change_ready = 0, change_chunk = 4;"
          "SELECT change_chunk_add(id) FROM network, generate_series(1, 5); INSERT INTO change SELECT * FROM log; COMMIT")
    query("UPDATE netvisor.change SET at = now() - interval '3 days' WHERE seq <= 4")
    query("UPDATE netvisor.change SET at = now() - interval '3 days' WHERE seq = 6")
    first.start()
    ok(b.follow(lambda: (len(b.rows["flow"]), len(b.rows["host"])) == (1, 4), 25), "after: one flow, four hosts")
    ok(not any(r["ip"] == "192.0.2.1" for r in b.rows["interface"].values()) and b.gaps == 0, "the far address is gone with its host")
    until(lambda: query("SELECT min(seq) FROM netvisor.change") == "5")
    equal(query("SELECT min(seq), count(*) = max(seq) - min(seq) + 1 FROM netvisor.change"), "5|t",
          "the log lost its oldest chunk only: no gap, though a later entry is as old")
    late = second.browser(after=2)
    ok(late.snapshots > 0, "a browser from before that gets a snapshot")
    late = second.browser(after=4)
    ok(late.snapshots == 0 and late.follow(lambda: late.seq == b.seq) and late.gaps == 0, "one from after it resumes")
    first.stop()

    # https and wss.
    certificate, key = os.path.join(first.directory, "cert.pem"), os.path.join(first.directory, "key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key, "-out", certificate,
                    "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
    if user:
        shutil.chown(key, user)
    first.options += ["--tls-certificate", certificate, "--tls-key", key]
    first.start()
    context = ssl.create_default_context(cafile=certificate)
    https = http.client.HTTPSConnection("localhost", first.port, context=context, timeout=10)
    https.request("POST", "/api/auth/login", json.dumps({"email": "owner@example.org", "password": PASSWORD}), {"Content-Type": "application/json"})
    response = https.getresponse()
    ok(response.status == 200 and "; Secure" in response.getheader("Set-Cookie"), "https with a verified certificate, and a cookie for it alone")
    response.read()
    raw = context.wrap_socket(socket.create_connection(("localhost", first.port)), server_hostname="localhost")
    raw.sendall(f"GET /sensor HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: netvisor.sensor.1\r\nAuthorization: Bearer {first.key()}\r\n\r\n".encode())
    ok(raw.recv(4096).startswith(b"HTTP/1.1 101"), "wss too")
    with socket.create_connection(("localhost", first.port)) as plain:
        plain.sendall(b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n")
        plain.settimeout(3)
        try:
            ok(b"200" not in plain.recv(100), "plain http is not answered there")
        except OSError:
            ok(True, "plain http is not answered there")
    first.stop()
    first.options[-1] = certificate
    first.start(wait=False)
    equal(first.process.wait(20), 1, "a key that does not fit ends it")
    ok("--tls-key" in first.logged(), "with the option in its message")
finally:
    first.remove()
    second.remove()
    server.send_signal(signal.SIGINT)
    server.wait()
    shutil.rmtree(directory, ignore_errors=True)
end()
