#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Accounts, sessions, and what is served to whom."""
import gzip
import os
import tempfile

from netvisor import *

web = tempfile.mkdtemp(prefix="netvisor-web-")
os.makedirs(os.path.join(web, "assets"))
script = b"console.log('netvisor');\n" * 40
for name, data in {"index.html": b"<!doctype html><title>NetVisor</title>", "assets/app-1234.js": script,
                   "assets/app-1234.js.gz": gzip.compress(script), "assets/app-1234.js.br": b"brotli",
                   ".secret": b"no"}.items():
    with open(os.path.join(web, name), "wb") as file:
        file.write(data)
os.chmod(web, 0o755)
c = Collector("--web-dir", web, "--metrics-token", "scrape-me")
try:
    c.start()
    ok(c.token and len(c.token) > 40, "the first start prints a setup token")
    equal(c.request("GET", "/api/setup")[1]["data"], {"needed": True}, "setup is needed")
    status, answer = c.request("GET", "/api/health")
    ok(status == 200 and answer["success"] and answer["data"]["database"] == "up", "health says that the database is up")

    for path in ("auth/me", "networks", "sensors", "hosts", "interfaces", "services", "flows",
                 "hosts/00000000-0000-0000-0000-000000000000/evidence"):
        equal(c.request("GET", "/api/" + path)[0], 401, f"/api/{path} needs a session")
    equal(c.request("POST", "/api/sensors", {"name": "x"})[0], 401, "making a sensor needs a session")
    equal(c.request("GET", "/metrics")[0], 401, "metrics need a session or the token")
    equal(c.request("GET", "/metrics", headers={"Authorization": "Bearer wrong"})[0], 401, "and not any token")
    status, text = c.request("GET", "/metrics", headers={"Authorization": "Bearer scrape-me"})
    ok(status == 200 and b"netvisor_database_up 1" in text, "metrics with the token")
    equal(c.request("GET", "/api/nothing")[0], 404, "an unknown path")
    equal(c.request("PUT", "/api/sensors")[0], 405, "an unknown method")

    def setup(**keys):
        return c.request("POST", "/api/setup", {"token": c.token, "email": "owner@example.org",
                                                "password": PASSWORD, **keys})[0]

    equal(setup(password="Short1!"), 400, "a short password is refused")
    equal(setup(password="longenoughbutplain"), 400, "a plain password is refused")
    equal(setup(token="wrong"), 403, "a wrong token is refused")
    equal(setup(email="nobody"), 400, "an address that is none is refused")
    response, _ = c.request("POST", "/api/setup", {"token": c.token, "email": "owner@example.org",
                                                   "password": PASSWORD, "name": "O\u0000wner"}, raw=True)
    equal(response.status, 200, "the token makes the owner")
    cookie = response.getheader("Set-Cookie")
    ok("HttpOnly" in cookie and "SameSite=Lax" in cookie and "Secure" not in cookie, "the cookie is HttpOnly and SameSite")
    equal(setup(), 403, "the token is good once")
    equal(c.request("GET", "/api/setup")[1]["data"], {"needed": False}, "setup is not needed any more")
    c.cookie = cookie.split(";")[0]
    status, me = c.request("GET", "/api/auth/me")
    ok(status == 200 and me["data"]["email"] == "owner@example.org" and me["data"]["permissions"] == "owner", "who am I")
    equal(c.sql("SELECT count(*) FROM setup_token"), [["0"]], "no setup token is kept")
    held = c.sql("SELECT encode(token_hash, 'hex'), (SELECT password_hash FROM user_account) FROM user_session")[0]
    ok(c.cookie.split("=")[1].encode().hex() not in held[0] and held[1].startswith("$argon2id$"),
       "of the token and the password only hashes are kept")

    equal(c.request("POST", "/api/auth/logout", headers={"Origin": "http://evil.example"})[0], 403,
          "a request from another site is refused")
    equal(c.request("POST", "/api/auth/logout", headers={"Origin": f"http://localhost:{c.port}"})[0], 200, "logging out")
    equal(c.request("GET", "/api/auth/me")[0], 401, "the session has ended")

    def login(email, password):
        response, _ = c.request("POST", "/api/auth/login", {"email": email, "password": password}, raw=True)
        return response

    response = login("OWNER@example.org", PASSWORD)
    equal(response.status, 200, "signing in, the address in capitals")
    good = response.getheader("Set-Cookie").split(";")[0]
    equal([login("owner@example.org", "Wrong-Password-1").status for _ in range(5)], [401] * 5, "five wrong passwords")
    response = login("owner@example.org", PASSWORD)
    ok(response.status == 429 and 890 <= int(response.getheader("Retry-After")) <= 900,
       "then the account is locked for 15 minutes, even for the right one")
    equal(login("other@example.org", PASSWORD).status, 429, "and the address is, for every account")
    c.stop()
    c.start()
    equal(login("owner@example.org", PASSWORD).status, 429, "a restart does not forget the lock")
    c.cookie = good
    # Who is signed in is read after the start; until then it says 503.
    equal(until(lambda: (have := c.request("GET", "/api/auth/me")[0]) != 503 and have), 200, "nor the session")
    c.sql("UPDATE login_failure SET locked_until = now() - interval '1 second'")
    equal(login("owner@example.org", PASSWORD).status, 200, "the lock runs out")
    equal(c.sql("SELECT subject FROM login_failure"), [["account:other@example.org"]], "success forgets its failures")

    response, data = c.request("GET", "/", raw=True)
    ok(response.status == 200 and b"NetVisor" in data and response.getheader("Cache-Control") == "no-cache",
       "the page is served and asked for again each time")
    ok("default-src 'self'" in response.getheader("Content-Security-Policy")
       and response.getheader("X-Content-Type-Options") == "nosniff", "with its security headers")
    equal(c.request("GET", "/hosts/1", raw=True)[1], data, "a view's address gives the page")
    equal(c.request("GET", "/assets/none.js")[0], 404, "a missing asset does not")
    response, data = c.request("GET", "/assets/app-1234.js", raw=True)
    ok(data == script and "immutable" in response.getheader("Cache-Control"), "a hashed asset may be kept for ever")
    equal(c.request("GET", "/assets/app-1234.js", headers={"If-None-Match": response.getheader("ETag")})[0], 304,
          "and is not sent twice")
    response, data = c.request("GET", "/assets/app-1234.js", headers={"Accept-Encoding": "gzip, deflate"}, raw=True)
    ok(response.getheader("Content-Encoding") == "gzip" and gzip.decompress(data) == script, "gzip to who takes it")
    response, _ = c.request("GET", "/assets/app-1234.js", headers={"Accept-Encoding": "gzip, br"}, raw=True)
    equal(response.getheader("Content-Encoding"), "br", "brotli to who takes that")
    for path in ("/.secret", "/assets/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fetc/passwd"):
        status, data = c.request("GET", path)
        ok(b"root:" not in data and b"no" != data, f"nothing outside is served for {path}: {status}")
    response, data = c.request("HEAD", "/", raw=True)
    ok(response.status == 200 and not data and int(response.getheader("Content-Length")) > 10, "HEAD")

    equal(c.request("POST", "/api/auth/login", b"x" * 300000)[0], 413, "a body that is too large")
    equal(c.request("POST", "/api/auth/login", b"{", {"Content-Type": "application/json"})[0], 400, "a body that is no JSON")
    equal(c.request("POST", "/api/auth/login", b"{}", {"Content-Type": "text/plain"})[0], 400, "a body of another type")
    equal(c.request("POST", "/api/auth/login", {"email": "a@b\u0000c", "password": "x"})[0], 400, "a zero byte")
    equal(c.request("POST", "/api/auth/login", {"email": ["a"], "password": {}})[0], 400, "texts that are none")

    status, made = c.request("POST", "/api/sensors", {"name": "roof"})
    ok(status == 200 and made["data"]["key"].startswith("nvs_"), "a sensor is made, and its key shown")
    s = c.sensor(key=made["data"]["key"])
    equal(s.welcome["sensor_id"], made["data"]["id"], "the key lets it connect")
    ok(until(lambda: any(x["name"] == "roof" and x["connected"] for x in c.request("GET", "/api/sensors")[1]["data"])),
       "and the list shows it connected")
    ok(made["data"]["key"] not in str(c.sql("SELECT * FROM sensor_key")) + c.logged(), "its key is kept nowhere")
    c.sql(f"UPDATE sensor_key SET is_enabled = false WHERE sensor_id = '{made['data']['id']}'")
    try:
        s.ws.receive()
        ok(False, "a key that is disabled loses its connection")
    except Closed as closed:
        equal(closed.code, 1008, "a key that is disabled loses its connection")
    try:
        c.sensor(key=made["data"]["key"])
        ok(False, "and can't come again")
    except Refused as refused:
        equal(refused.status, 401, "and can't come again")
    equal(c.request("GET", "/api/networks?limit=-1")[0], 400, "a bad limit")
    equal(len(c.request("GET", "/api/networks?limit=1")[1]["data"]), 1, "one network")
    for headers, want, what in (({}, 403, "no origin"), ({"Origin": "http://evil.example"}, 403, "a foreign origin"),
                                ({"Origin": f"http://localhost:{c.port}"}, 401, "no session")):
        try:
            WebSocket(c.port, "/live", "netvisor.live.1", headers)
            ok(False, f"/live with {what}")
        except Refused as refused:
            equal(refused.status, want, f"/live with {what}")
    equal(c.stop(), 0, "SIGTERM ends it with status 0")
finally:
    c.remove()
    shutil.rmtree(web)
end()
