#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Signing in by OpenID Connect, against a real provider: what must let in does, and what was spoiled on the way does not."""
import ssl
import urllib.parse

from netvisor import *

SPOILED = (({"nonce": "another"}, "nonce", "another nonce"), ({"nonce": None}, "nonce", "no nonce"),
           ({"aud": "foreign"}, "aud", "a foreign audience"), ({"aud": ["rs", "foreign"]}, "azp", "two audiences without azp"),
           ({"azp": "foreign"}, "azp", "azp of another"), ({"exp": 1000}, "expired", "an expired token"),
           ({"iat": 1000}, "too long ago", "a token of long ago"), ({"iss": "https://evil.example"}, "iss", "another issuer"),
           ({"foreign": True}, "keys", "another one's signature"), ({"alg": "none"}, "algorithm", "alg none"),
           ({"sub": None}, "sub", "no subject"))


def connect(scheme, port, context=None):
    if scheme == "https":
        return http.client.HTTPSConnection("localhost", port, timeout=30, context=context or ssl.create_default_context(cafile=certificate))
    return http.client.HTTPConnection("localhost", port, timeout=30)


class Provider:
    def __init__(self, port, *tls, secret="hush:% hush"):
        callbacks = [f"http://localhost:{port}/api/auth/oidc{slug}/callback" for slug in ("", "/rs", "/es", "/ed", "/two")]
        clients = [{"client_id": name, "client_secret": secret, "redirect_uris": callbacks, "id_token_signed_response_alg": alg,
                    "token_endpoint_auth_method": method}
                   for name, alg, method in (("rs", "RS256", "client_secret_basic"), ("es", "ES256", "client_secret_basic"),
                                             ("ed", "EdDSA", "client_secret_basic"))]
        self.process = subprocess.Popen(["node", os.path.join(TOP, "tests/collector/oidc/provider.mjs"), json.dumps(clients), *tls],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = int(self.process.stdout.readline())
        self.tls = ssl.create_default_context(cafile=tls[0]) if tls else None
        self.issuer = f"http{'s' if tls else ''}://localhost:{self.port}"

    def control(self, **keys):
        connection = connect("https" if self.tls else "http", self.port, self.tls)
        connection.request("POST", "/control", json.dumps(keys))
        connection.getresponse().read()
        connection.close()

    def stop(self):
        self.process.stdin.close()
        self.process.wait(10)


class Agent:
    """A browser that follows redirections, with cookies for each host; `seen` has every address that it went to."""

    def __init__(self, collector):
        self.collector, self.cookies, self.seen = collector, {}, []

    def go(self, method, url, body=None):
        at = urllib.parse.urlsplit(url)
        jar = self.cookies.setdefault(at.port, {})
        connection = connect(at.scheme, at.port)
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in jar.items())} if jar else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, at.path + ("?" + at.query if at.query else ""), None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        data = response.read()
        connection.close()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            jar[name] = value
            if not value or "max-age=0" in cookie.lower() or "1970" in cookie:
                jar.pop(name)
        return response, data

    def follow(self, url, stop=None):
        """Where it ends: at the first address that does not send on, or before one that stop() knows."""
        self.seen = []
        while True:
            self.seen.append(url)
            if stop and stop(url):
                return url
            response, data = self.go("GET", url)
            if response.status not in (302, 303):
                return url
            url = urllib.parse.urljoin(url, response.getheader("Location"))

    def own(self, path):
        return f"http://localhost:{self.collector.port}{path}"

    def sign_in(self, slug="rs", more=""):
        return self.follow(self.own(f"/api/auth/oidc/{slug}/authorize?return=/after{more}"))

    def callback(self, slug="rs"):
        """Up to the address with the code, which is not asked."""
        return self.follow(self.own(f"/api/auth/oidc/{slug}/authorize?return=/after"), lambda url: "/callback?" in url)

    def call(self, method, path, body=None):
        response, data = self.go(method, self.own(path), body)
        return response.status, (json.loads(data) if data[:1] == b"{" else data)

    def me(self):
        return self.call("GET", "/api/auth/me")

    def session(self):
        return self.cookies.get(self.collector.port, {}).get("netvisor_session")

    def out(self):
        """No session here, and none at the provider."""
        self.cookies.clear()
        return self


def error(url):
    return urllib.parse.parse_qs(urllib.parse.urlsplit(url).query).get("error", [""])[0]


place = tempfile.mkdtemp(prefix="netvisor-oidc-")
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
certificate, private = os.path.join(place, "certificate.pem"), os.path.join(place, "key.pem")
subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                "-addext", "subjectAltName=DNS:localhost", "-keyout", private, "-out", certificate], check=True, capture_output=True)
one, two = Provider(port), Provider(port, certificate, private)
with open(os.path.join(place, "secret"), "w") as file:
    file.write("hush:% hush\n")
with open(os.path.join(place, "providers.json"), "w") as file:
    common = {"client_secret_file": os.path.join(place, "secret")}
    json.dump([{"slug": "rs", "name": "One", "issuer_url": one.issuer + "/", "client_id": "rs", **common},
               {"slug": "es", "name": "One again", "issuer_url": one.issuer, "client_id": "es", "client_secret": "hush:% hush"},
               {"slug": "ed", "name": "One more", "issuer_url": one.issuer, "client_id": "ed", **common},
               {"slug": "two", "name": "Two", "issuer_url": two.issuer, "client_id": "rs", **common},
               {"slug": "away", "name": "Away", "issuer_url": "http://localhost:1", "client_id": "rs", **common}], file)
os.chmod(place, 0o755)
c = Collector("--log-level", "trace", "--oidc-providers", os.path.join(place, "providers.json"), "--oidc-ca-file", certificate)
c.port = port
try:
    c.start()
    a = Agent(c)
    equal([x["slug"] for x in a.call("GET", "/api/config")[1]["data"]["oidc_providers"]], ["rs", "es", "ed", "two", "away"],
          "the sign-in page learns of all providers")
    ok("setup token" in error(a.sign_in()), "nobody gets the first account by a provider alone")
    ok("setup token is wrong" in error(a.out().sign_in(more="&setup=wrong")), "nor with a wrong setup token")
    end_url = a.out().sign_in(more="&setup=" + c.token)
    equal(end_url, a.own("/after"), "with the token it does, and the browser goes where it wanted to")
    me = a.me()[1]["data"]
    ok(me["email"] == "alice@example.org" and me["name"] == "Name of alice" and me["permissions"] == "owner" and not me["has_password"]
       and [x["slug"] for x in me["oidc"]] == ["rs"], "the owner, as the provider's userinfo says")
    asked = next(x for x in a.seen if x.startswith(one.issuer + "/auth"))
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(asked).query)
    ok(query["code_challenge_method"] == ["S256"] and len(query["code_challenge"][0]) == 43 and query["nonce"] and query["state"],
       "PKCE with S256, nonce and state are sent")
    equal(c.sql("SELECT count(*) FROM oidc_flow"), [["0"]], "nothing is left of what was finished")

    equal(a.out().sign_in(), a.own("/after"), "who is linked signs in again")
    equal(a.me()[1]["data"]["id"], me["id"], "as the same account")
    for slug in ("es", "ed"):
        ok(a.out().sign_in(slug) == a.own("/after") and a.me()[1]["data"]["id"] == me["id"],
           f"by {slug}: the same issuer and subject, whatever signs")

    for tamper, word, what in SPOILED:
        one.control(account="alice", tamper=tamper)
        a.out()
        said = error(a.sign_in())
        ok(word in said and not a.session(), f"{what} is refused: {said}")
    one.control(account="alice", tamper={"sub": "mallory"})
    ok("someone else" in error(a.out().sign_in()), "userinfo of another than the token's is refused")
    one.control(account="alice", tamper={"aud": ["rs", "other"], "azp": "rs"})
    equal(a.out().sign_in(), a.own("/after"), "two audiences are good when azp is ours")
    one.control(account="alice")

    back = a.out().callback()
    other = Agent(c)
    ok("not begun in this browser" in error(other.follow(back)), "another browser can't use the code")
    other.callback()
    ok("not begun in this browser" in error(other.follow(back)), "nor one that has begun a sign-in of its own")
    ok("not begun" in error(a.follow(back)), "and thereby has spoiled it for the first")
    back = a.out().callback()
    wrong = back.replace("state=", "state=x")
    ok("not begun" in error(a.follow(wrong)), "a wrong state is refused")
    back = a.out().callback()
    jar = dict(a.cookies[c.port])
    equal(a.follow(back), a.own("/after"), "the same without that is good")
    a.cookies[c.port] = jar
    ok("not begun" in error(a.follow(back)), "but only once")
    back = a.out().callback()
    ok("another provider" in error(a.follow(back.replace("iss=", "iss=x"))), "an answer of another issuer is refused")
    back = a.out().callback("rs")
    ok("not begun" in error(a.follow(back.replace("/rs/", "/two/"))), "one provider's answer is not another's")
    c.sql("UPDATE oidc_flow SET created_at = now() - interval '11 minutes'")
    back = a.out().callback()
    c.sql("UPDATE oidc_flow SET created_at = now() - interval '11 minutes'")
    ok("took too long" in error(a.follow(back)), "ten minutes later it is over")
    # A code that was used, in a sign-in of its own: the provider refuses it.
    first = a.out().callback()
    code = urllib.parse.parse_qs(urllib.parse.urlsplit(first).query)["code"][0]
    a.follow(first)
    second = a.out().callback()
    spoiled = second.replace("code=" + urllib.parse.parse_qs(urllib.parse.urlsplit(second).query)["code"][0], "code=" + code)
    ok("invalid_grant" in error(a.follow(spoiled)), "a code that was used is refused by the provider, which is said")
    one.control(account=None)
    ok("access_denied" in error(a.out().sign_in()), "who declines there is back at the sign-in page")
    one.control(account="alice")
    ok("can't be asked" in error(a.out().sign_in("away")), "a provider that is away is said to be")
    equal(a.call("GET", "/api/auth/oidc/nobody/authorize")[0], 404, "an unknown provider")
    for target in ("//evil.example", "https://evil.example", "/\\evil.example"):
        end_url = a.out().follow(a.own("/api/auth/oidc/rs/authorize?return=" + urllib.parse.quote(target)))
        ok("path of this site" in error(end_url), f"nobody is sent on to {target}")

    # Linking with a second provider, which has another person of that name.
    two.control(account="bob")
    a.out().sign_in()
    equal(Agent(c).call("POST", "/api/auth/oidc/two/link", {})[0], 401, "linking needs a session")
    status, link = a.call("POST", "/api/auth/oidc/two/link", {"return": "/account"})
    equal(a.follow(link["data"]["url"]), a.own("/account"), "a second provider is linked")
    equal([x["slug"] for x in a.me()[1]["data"]["oidc"]], ["rs", "two"], "and shown")
    ok(two.issuer.startswith("https:") and a.out().sign_in("two") == a.own("/after") and a.me()[1]["data"]["id"] == me["id"], "it signs in too")
    equal(a.call("POST", "/api/auth/oidc/rs/unlink")[0], 200, "the first is unlinked")
    equal(a.call("POST", "/api/auth/oidc/rs/unlink")[0], 404, "once")
    equal(a.call("POST", "/api/auth/oidc/two/unlink")[0], 409, "the last way in is kept")
    equal(a.call("POST", "/api/auth/update", {"password": PASSWORD})[0], 200, "with a password set")
    equal(a.call("POST", "/api/auth/oidc/two/unlink")[0], 200, "it may go")
    equal(a.out().call("POST", "/api/auth/login", {"email": "alice@example.org", "password": PASSWORD})[0], 200, "the password lets in")
    said = error(Agent(c).sign_in())
    ok("has an account already" in said, f"the same address at a provider is not the account: {said}")

    # Registering by a provider follows the rules that registering has.
    one.control(account="carol")
    equal(Agent(c).sign_in(), a.own("/after"), "where all may register, a stranger gets an organization")
    one.control(account="dave", verified=False)
    ok("has not verified" in error(Agent(c).sign_in()), "but not with an address that is not verified")
    one.control(account="alice", tamper=None)
    c.stop()
    del c.options[c.options.index("--oidc-ca-file"):c.options.index("--oidc-ca-file") + 2]
    c.options += ["--disable-registration", "--disable-password-login"]
    c.start()
    said = error(Agent(c).sign_in("two"))
    ok("can't be asked" in said and "certificate" in said, f"a provider whose certificate nobody vouches for is not asked: {said}")
    one.control(account="erin")
    b = Agent(c)
    ok("by invitation only" in error(b.sign_in()), "where not all may, a stranger does not")
    equal(b.call("POST", "/api/auth/login", {"email": "alice@example.org", "password": PASSWORD})[0], 403, "passwords are switched off")
    owner = Agent(c)
    one.control(account="carol")
    owner.sign_in()
    status, invite = owner.call("POST", "/api/invites", {"permissions": "viewer", "network_ids": [], "send_to": "erin@example.org"})
    one.control(account="frank")
    ok("must be the address that was invited" in error(b.out().sign_in(more="&invite=" + invite["data"]["token"])), "an invitation is for whom it is sent to")
    one.control(account="erin")
    equal(b.out().sign_in(more="&invite=" + invite["data"]["token"]), b.own("/after"), "who was invited comes in")
    ok(b.me()[1]["data"]["permissions"] == "viewer" and b.me()[1]["data"]["organization_id"] == owner.me()[1]["data"]["organization_id"],
       "with the role and organization of the invitation")
    logs = c.logged() + c.said()
    ok("hush" not in logs and owner.session() not in logs and invite["data"]["token"] not in logs and code not in logs,
       "no secret is in the log")
    ok({"register", "sign_in", "oidc_link", "oidc_unlink"} <= {x[0] for x in c.sql("SELECT action FROM audit")}, "all of it is in the audit log")
    equal(c.stop(), 0, "and it ends well")

    # The one provider of the options, as the environment has it, with its secret in a file.
    c.options = ["--rate-limit", "0", "--rate-limit-anonymous", "0", "--oidc-ca-file", certificate]
    os.environ.update({"NETVISOR_OIDC_ISSUER_URL": one.issuer + "/", "NETVISOR_OIDC_CLIENT_ID": "es", "NETVISOR_OIDC_PROVIDER_NAME": "Home",
                       "NETVISOR_OIDC_CLIENT_SECRET_FILE": os.path.join(place, "secret")})
    c.start()
    one.control(account="carol")
    b = Agent(c)
    equal(b.call("GET", "/api/config")[1]["data"]["oidc_providers"], [{"slug": "oidc", "name": "Home"}], "the provider of the environment")
    equal(b.follow(b.own("/api/auth/oidc/authorize?return=/after")), b.own("/after"), "signs in at the path without a name")
    ok(any(x.startswith(b.own("/api/auth/oidc/callback?")) for x in b.seen), "and comes back to it")
    equal(b.me()[1]["data"]["email"], "carol@example.org", "as who was linked by the same issuer before")
    equal(b.out().sign_in("oidc"), b.own("/after"), "its name does as well")
    c.stop()
    os.environ["NETVISOR_OIDC_REDIRECT_URL"] = f"http://localhost:{c.port}/api/auth/oidc/two/callback"
    c.start()
    asked = b.out().follow(b.own("/api/auth/oidc/authorize"), lambda url: url.startswith(one.issuer))
    equal(urllib.parse.parse_qs(urllib.parse.urlsplit(asked).query)["redirect_uri"], [os.environ["NETVISOR_OIDC_REDIRECT_URL"]], "NETVISOR_OIDC_REDIRECT_URL is sent as it is")
    c.stop()
    del os.environ["NETVISOR_OIDC_REDIRECT_URL"]
    c.options += ["--public-url", "https://netvisor.example.org/"]
    c.start()
    asked = b.out().follow(b.own("/api/auth/oidc/authorize"), lambda url: url.startswith(one.issuer))
    equal(urllib.parse.parse_qs(urllib.parse.urlsplit(asked).query)["redirect_uri"], ["https://netvisor.example.org/api/auth/oidc/callback"], "--public-url is where browsers come back to")
finally:
    c.remove()
    one.stop()
    two.stop()
    shutil.rmtree(place)
end()
