#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The front door: TLS, security headers, how often someone may knock, and whom a proxy knocks for."""
import ssl
import warnings

from netvisor import *


def answer(c, path, headers=None, method="GET", body=None):
    response, data = c.request(method, path, body, {"Cookie": "", **(headers or {})}, raw=True)
    return response


def upgrade(c, path, protocol, headers):
    try:
        WebSocket(c.port, path, protocol, headers).close()
        return 101
    except Refused as refused:
        return refused.status


def tls(port, version=None, path="/api/health"):
    context = ssl.create_default_context(cafile=certificate)
    if version:
        context.minimum_version = context.maximum_version = version
    connection = http.client.HTTPSConnection("localhost", port, timeout=10, context=context)
    connection.request("GET", path, headers={"Host": f"localhost:{port}"})
    response = connection.getresponse()
    response.read()
    spoken = connection.sock.version() if connection.sock else None
    connection.close()
    return response, spoken


warnings.simplefilter("ignore", DeprecationWarning)  # of the old versions that are tried
place = tempfile.mkdtemp(prefix="netvisor-door-")
certificate, private = os.path.join(place, "certificate.pem"), os.path.join(place, "key.pem")
subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost", "-keyout", private, "-out", certificate], check=True, capture_output=True)
os.chmod(place, 0o755)
os.chmod(private, 0o644)
c = Collector("--rate-limit", "120", "--rate-limit-anonymous", "40", "--client-ip-source", "x-forwarded-for", "--log-level", "trace")
try:
    c.start()
    c.sign_up()
    mine = {"Cookie": c.cookie}

    response = answer(c, "/api/health", {"X-Forwarded-For": "192.0.2.1"})
    policy = response.getheader("Content-Security-Policy")
    ok("default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy and "object-src 'none'" in policy,
       "the content security policy allows nothing inline")
    equal([response.getheader(x) for x in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Strict-Transport-Security")],
          ["nosniff", "DENY", "no-referrer", None], "the other security headers, and without TLS no word of it")

    statuses = [answer(c, "/api/version", {"X-Forwarded-For": "192.0.2.2"}).status for _ in range(14)]
    equal(statuses, [200] * 10 + [429] * 4, "a stranger may ask ten times at once")
    response = answer(c, "/api/version", {"X-Forwarded-For": "192.0.2.2"})
    ok(1 <= int(response.getheader("Retry-After")) <= 2, "and is told when to come again")
    equal(answer(c, "/", {"X-Forwarded-For": "192.0.2.2"}).status in (200, 404), True, "the dashboard's files do not count")
    equal(answer(c, "/api/health", {"X-Forwarded-For": "192.0.2.2"}).status, 200, "nor does a probe's question")
    equal(answer(c, "/api/version", {"X-Forwarded-For": "192.0.2.3"}).status, 200, "another address has its own count")
    equal(answer(c, "/api/version", {"X-Forwarded-For": "192.0.2.3, 192.0.2.2"}).status, 429, "the last one counts, which the proxy has added")
    equal(answer(c, "/api/version", {"X-Forwarded-For": "2001:db8::1"}).status, 200, "IPv6 too")
    statuses = [answer(c, "/api/version", {"X-Forwarded-For": f"2001:db8::{i:x}"}).status for i in range(2, 14)]
    ok(statuses[:9] == [200] * 9 and statuses[9:] == [429] * 3, "all addresses of a /64 together")
    equal(answer(c, "/api/auth/me", {**mine, "X-Forwarded-For": "192.0.2.2"}).status, 200, "who is signed in counts for themselves")
    statuses = [answer(c, "/api/version", mine).status for _ in range(70)]
    ok(50 <= statuses.count(200) <= 66 and statuses[-1] == 429, f"and may ask sixty times at once: {statuses.count(200)}")
    time.sleep(float(answer(c, "/api/version", mine).getheader("Retry-After")))
    equal(answer(c, "/api/version", mine).status, 200, "and again when it is time")

    wrong = {"Authorization": "Bearer nvs_" + "x" * 43, "X-Forwarded-For": "192.0.2.4"}
    statuses = [upgrade(c, "/sensor", "netvisor.sensor.1", wrong) for _ in range(12)]
    equal(statuses, [401] * 10 + [429] * 2, "whoever guesses at sensors' keys does it slowly")
    ok(all(upgrade(c, "/sensor", "netvisor.sensor.1", {"Authorization": "Bearer " + c.key(), "X-Forwarded-For": "192.0.2.4"}) == 101 for _ in range(12)),
       "a sensor with its key is not held up by that")
    statuses = [answer(c, "/api/auth/login", {"Content-Type": "application/json", "X-Forwarded-For": "192.0.2.5"}, "POST",
                       b'{"email": "owner@example.org", "password": "Wrong-Password-1"}').status for _ in range(6)]
    equal(statuses, [401] * 5 + [429], "sign-ins are counted by the address that the proxy says")
    equal(sorted(x[0] for x in c.sql("SELECT subject FROM login_failure")), ["account:owner@example.org", "address:192.0.2.5"], "and locked by it")
    equal(c.sql("SELECT DISTINCT address FROM audit WHERE action = 'locked_out'"), [["192.0.2.5"]], "which the audit log says")
    ok("Wrong-Password-1" not in c.logged() and c.cookie.split("=")[1] not in c.logged(), "at the finest level of the log there is no secret")
    c.stop()

    c.options = ["--tls-certificate", certificate, "--tls-key", private, "--public-url", f"https://localhost:{c.port}/", "--rate-limit", "0", "--rate-limit-anonymous", "0"]
    c.start()
    response, spoken = tls(c.port)
    ok(response.status == 200 and response.getheader("Strict-Transport-Security") == "max-age=31536000", "https, which says to stay so")
    for version, name in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
        equal(tls(c.port, version)[1] or name, name, f"{name} is spoken")
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(certificate)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = version
        try:
            with socket.create_connection(("localhost", c.port), timeout=10) as plain:
                context.wrap_socket(plain, server_hostname="localhost")
            ok(False, f"{version.name} is not")
        except (ssl.SSLError, ConnectionError):
            ok(True, f"{version.name} is not")
    context = ssl.create_default_context(cafile=certificate)
    connection = http.client.HTTPSConnection("localhost", c.port, timeout=10, context=context)
    connection.request("POST", "/api/auth/login", json.dumps({"email": "owner@example.org", "password": PASSWORD}),
                       {"Content-Type": "application/json", "Origin": f"https://localhost:{c.port}"})
    response = connection.getresponse()
    response.read()
    equal(response.status, 429, "the lock is still there")
    c.sql("DELETE FROM login_failure")
    connection.request("POST", "/api/auth/login", json.dumps({"email": "owner@example.org", "password": PASSWORD}),
                       {"Content-Type": "application/json", "Origin": f"https://localhost:{c.port}"})
    response = connection.getresponse()
    response.read()
    ok("; Secure" in response.getheader("Set-Cookie"), "with TLS the cookie is for https only")
    connection.close()
    try:
        plain = http.client.HTTPConnection("localhost", c.port, timeout=10)
        plain.request("GET", "/api/health")
        status = plain.getresponse().status
        ok(status >= 300, "plain http gets nothing there")
    except (http.client.HTTPException, ConnectionError, TimeoutError):
        ok(True, "plain http gets nothing there")
    c.stop()
    for options, word in ((["--tls-certificate", certificate], "need each other"), (["--tls-certificate", private, "--tls-key", private], ""),
                          (["--disable-password-login"], "nobody could sign in"), (["--oidc-providers", "/nonexistent"], "can't be read"),
                          (["--oidc-providers", private], "JSON array"), (["--oidc-issuer-url", "https://id.example"], "--oidc-client-id"),
                          (["--oidc-issuer-url", "http://id.example", "--oidc-client-id", "x"], "https")):
        c.options = options
        with open(os.path.join(c.directory, "collector.log"), "w"):
            pass
        c.start(wait=False)
        until(lambda: c.process.poll() is not None, 20)
        ok(c.process.poll() in (1, 2) and word in c.logged(), f"refused at the start: {' '.join(options[:1])} … {word}")
        c.kill()
finally:
    c.remove()
    shutil.rmtree(place)
end()
