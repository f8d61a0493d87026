#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""People: registering, invitations, roles, what each may grant, sessions, and what is written down of all of it."""
from netvisor import *


class Person:
    """A browser of one's own, with its session."""

    def __init__(self, collector, email=None, password=PASSWORD):
        self.c, self.cookie = collector, ""
        self.email = email
        if email:
            status, data = self.call("POST", "/api/auth/login", {"email": email, "password": password})
            assert status == 200, data
            self.me = data["data"]

    def call(self, method, path, body=None, **headers):
        response, data = self.c.request(method, path, body, {"Cookie": self.cookie, "User-Agent": "test browser", **headers}, raw=True)
        for value in response.headers.get_all("Set-Cookie") or []:
            if value.startswith("netvisor_session="):
                self.cookie = value.split(";")[0]
        self.etag = response.getheader("ETag")
        return response.status, (json.loads(data) if data[:1] == b"{" else data)

    def data(self, method, path, body=None, **headers):
        status, answer = self.call(method, path, body, **headers)
        assert status == 200, (method, path, status, answer)
        return answer["data"]

    def join(self, **body):
        status, answer = self.call("POST", "/api/auth/register", body)
        if status == 200:
            self.me, self.email = answer["data"], body["email"]
        return status, answer


def invite(who, permissions, email, **more):
    made = who.data("POST", "/api/invites", {"permissions": permissions, **more})
    guest = Person(c)
    status, answer = guest.join(email=email, password=PASSWORD, invite=made["token"])
    assert status == 200, answer
    return guest


c = Collector("--log-level", "trace")
try:
    c.start()
    stranger = Person(c)
    equal(stranger.join(email="early@example.org", password=PASSWORD)[0], 403, "before the first account nobody registers")
    c.sign_up()
    owner = Person(c, "owner@example.org")
    network = owner.data("GET", "/api/networks")[0]["id"]
    other = owner.data("POST", "/api/networks", {"name": "Other"})["id"]

    # Registering.
    equal(stranger.join(email="x@example.org", password="short")[0], 400, "a weak password is refused")
    equal(stranger.join(email="x", password=PASSWORD)[0], 400, "so is what is no address")
    equal(stranger.join(email="OWNER@example.org", password=PASSWORD)[0], 409, "an address that has an account is taken")
    status, answer = stranger.join(email="second@example.org", password=PASSWORD, name="Second", organization="Theirs")
    ok(status == 200 and answer["data"]["permissions"] == "owner" and answer["data"]["organization_name"] == "Theirs",
       "a stranger who registers has an organization of their own")
    long = Person(c)
    equal(long.join(email="a" + "é" * 60 + "@example.org", password=PASSWORD)[0], 200, "a long address is one too")
    equal(long.me["name"], "a" + "é" * 49, "of which the name that nobody gave is as much as fits, in whole characters")
    theirs = stranger.data("GET", "/api/networks")
    ok([x["name"] for x in theirs] == ["My network"] and len(stranger.data("GET", "/api/subnets")) == 2,
       "with a network, in which Internet and Remote are")
    equal(len(stranger.data("GET", "/api/users")), 1, "and sees no one of another")
    equal(stranger.call("GET", f"/api/users/{owner.me['id']}")[0], 404, "not even by their id")
    equal(stranger.call("PUT", f"/api/users/{owner.me['id']}/admin", {"permissions": "viewer"})[0], 404, "nor can change them")

    # Invitations.
    made = owner.data("POST", "/api/invites", {"permissions": "admin", "send_to": "admin@example.org"})
    ok(made["url"] == f"http://localhost:{c.port}/register#invite={made['token']}" and 604000 < made["expires_at"] - time.time() < 605000,
       "an invitation has an address, and seven days")
    ok(made["token"] not in str(c.sql("SELECT * FROM invite")) and made["token"] not in str(owner.data("GET", "/api/invites")),
       "its token is kept nowhere")
    shown = stranger.data("POST", "/api/invites/check", {"invite": made["token"]})
    ok(shown["permissions"] == "admin" and shown["send_to"] == "admin@example.org", "who has it sees what it is for")
    guest = Person(c)
    equal(guest.join(email="else@example.org", password=PASSWORD, invite=made["token"])[0], 400, "it is for the one it was sent to")
    equal(guest.join(email="Admin@example.org", password=PASSWORD, invite=made["token"])[0], 200, "who comes in by it")
    admin = guest
    ok(admin.me["permissions"] == "admin" and admin.me["organization_id"] == owner.me["organization_id"], "with its role")
    equal(Person(c).join(email="third@example.org", password=PASSWORD, invite=made["token"])[0], 403, "it is good once")
    made = owner.data("POST", "/api/invites", {"permissions": "viewer"})
    equal(owner.call("DELETE", f"/api/invites/{made['id']}/revoke")[0], 200, "one is revoked")
    equal(Person(c).join(email="third@example.org", password=PASSWORD, invite=made["token"])[0], 403, "and no longer good")
    made = owner.data("POST", "/api/invites", {"permissions": "viewer"})
    c.sql("UPDATE invite SET expires_at = now() - interval '1 second'")
    equal(Person(c).join(email="third@example.org", password=PASSWORD, invite=made["token"])[0], 403, "nor is one whose time is over")
    for body, what in (({"permissions": "king"}, "an unknown role"), ({}, "no role"), ({"permissions": "viewer", "expires_at": 1000}, "a time that is over"),
                       ({"permissions": "viewer", "expires_at": time.time() + 40 * 86400}, "40 days"), ({"permissions": "viewer", "send_to": "nobody"}, "no address"),
                       ({"permissions": "viewer", "network_ids": [theirs[0]["id"]]}, "another's network")):
        equal(owner.call("POST", "/api/invites", body)[0], 400, f"an invitation with {what} is refused")
    for role in ("owner", "admin"):
        equal(admin.call("POST", "/api/invites", {"permissions": role})[0], 403, f"an administrator can't invite an {role}")
    member = invite(admin, "member", "member@example.org", network_ids=[network])
    viewer = invite(admin, "viewer", "viewer@example.org", network_ids=[network])
    equal(member.me["network_ids"], [network], "a member sees the networks of the invitation")
    equal([x["id"] for x in member.data("GET", "/api/networks")], [network], "and no others")
    for who, name in ((member, "member"), (viewer, "viewer")):
        equal(who.call("POST", "/api/invites", {"permissions": "viewer"})[0], 403, f"a {name} invites nobody")
        equal(who.call("GET", "/api/invites")[0], 403, f"nor does a {name} see invitations")
        equal(who.call("GET", "/api/audit")[0], 403, f"nor the audit log")
        equal(who.call("PUT", f"/api/users/{who.me['id']}/admin", {"permissions": "owner"})[0], 403, f"a {name} does not raise themselves")
        equal(who.call("DELETE", f"/api/users/{viewer.me['id']}")[0], 403, f"nor removes anyone")

    # Roles.
    equal(admin.call("PUT", f"/api/users/{viewer.me['id']}/admin", {"permissions": "admin"})[0], 403, "an administrator makes no other")
    equal(admin.call("PUT", f"/api/users/{admin.me['id']}/admin", {"permissions": "owner"})[0], 403, "nor an owner of themselves")
    equal(admin.call("PUT", f"/api/users/{owner.me['id']}/admin", {"permissions": "viewer"})[0], 403, "nor lowers an owner")
    equal(admin.call("PUT", f"/api/users/{owner.me['id']}/admin", {"network_ids": [network]})[0], 403, "nor touches an owner's networks")
    equal(admin.call("DELETE", f"/api/users/{owner.me['id']}")[0], 403, "nor removes one")
    equal(owner.call("PUT", f"/api/users/{owner.me['id']}/admin", {"permissions": "admin"})[0], 409, "the last owner stays one")
    equal(owner.call("DELETE", f"/api/users/{owner.me['id']}")[0], 409, "and stays")
    equal(owner.call("POST", "/api/users/bulk-delete", {"ids": [owner.me["id"], viewer.me["id"]]})[0], 409, "also among many")
    equal(viewer.call("GET", "/api/auth/me")[0], 200, "of whom then none is gone")

    row = owner.data("GET", f"/api/users/{member.me['id']}")
    etag = owner.etag
    feed = WebSocket(c.port, "/live", "netvisor.live.1", {"Cookie": member.cookie, "Origin": f"http://localhost:{c.port}"})
    changed = owner.data("PUT", f"/api/users/{member.me['id']}/admin", {"network_ids": [network, other]}, **{"If-Match": etag})
    equal(sorted(changed["network_ids"]), sorted([network, other]), "a member is given another network")
    equal(owner.call("PUT", f"/api/users/{member.me['id']}/admin", {"permissions": "viewer"}, **{"If-Match": etag})[0], 412,
          "who has read an older state is told so")
    equal(len(member.data("GET", "/api/networks")), 2, "and sees both, in the same session")
    owner.data("PUT", f"/api/users/{member.me['id']}/admin", {"network_ids": [network]})
    equal(member.call("GET", "/api/auth/me")[0], 401, "who loses a network signs in anew")
    try:
        while True:
            feed.receive()
    except Closed as closed:
        equal(closed.code, 1008, "and what they had open is closed")
    member = Person(c, "member@example.org")
    made = admin.data("POST", "/api/invites", {"permissions": "member"})
    raised = owner.data("PUT", f"/api/users/{admin.me['id']}/admin", {"permissions": "owner"})
    equal(raised["permissions"], "owner", "an owner makes another")
    equal(admin.call("GET", "/api/auth/me")[0], 200, "who need not sign in anew for having more")
    equal(admin.data("PUT", f"/api/users/{owner.me['id']}/admin", {"permissions": "viewer"})["permissions"], "viewer", "and who may lower the first")
    ok(until(lambda: owner.call("GET", "/api/networks")[0] == 401), "whose sessions end")
    owner = Person(c, "owner@example.org")
    equal(owner.data("GET", "/api/networks"), [], "a viewer without networks sees none")
    equal(admin.data("PUT", f"/api/users/{owner.me['id']}/admin", {"permissions": "owner"})["permissions"], "owner", "and is raised again")
    equal(owner.data("PUT", f"/api/users/{admin.me['id']}/admin", {"permissions": "member"})["permissions"], "member", "the second is lowered")
    equal(Person(c).join(email="late@example.org", password=PASSWORD, invite=made["token"])[0], 403, "what they gave out before is void")
    one, two = (c.sql(f"SELECT id FROM user_account WHERE email = '{x}'")[0][0] for x in ("owner@example.org", "Admin@example.org"))
    owner.data("PUT", f"/api/users/{two}/admin", {"permissions": "owner"})
    both = [subprocess.Popen([sys.executable, "-c", "import http.client, sys; c = http.client.HTTPConnection('localhost', int(sys.argv[1])); "
                              "c.request('PUT', sys.argv[2], '{\"permissions\": \"viewer\"}', {'Content-Type': 'application/json', 'Cookie': sys.argv[3]}); "
                              "sys.exit(c.getresponse().status != 200)", str(c.port), f"/api/users/{x}/admin", owner.cookie]) for x in (one, two)]
    [x.wait() for x in both]
    equal(c.sql(f"SELECT count(*) > 0 FROM user_account WHERE organization_id = '{owner.me['organization_id']}' AND permissions = 'owner'"), [["t"]],
          "two owners that step down at once: one of them stays")
    c.sql(f"UPDATE user_account SET permissions = 'owner' WHERE id = '{one}'")
    owner = Person(c, "owner@example.org")

    # One's own account.
    phone = Person(c, "viewer@example.org")
    viewer = Person(c, "viewer@example.org")
    rows = viewer.data("GET", "/api/auth/sessions")
    ok(sum(x["current"] for x in rows) == 1 and all(x["address"] == "127.0.0.1" and x["user_agent"] == "test browser" for x in rows) and len(rows) == 3,
       "one's sessions: when, from where, by what")
    equal(viewer.data("PUT", f"/api/users/{viewer.me['id']}", {"name": "Vera"})["name"], "Vera", "one's own name")
    equal(viewer.call("PUT", f"/api/users/{member.me['id']}", {"name": "Mallory"})[0], 403, "but not another's")
    equal(viewer.call("POST", "/api/auth/update", {"password": PASSWORD + "x"})[0], 400, "a new password needs the old one")
    equal(viewer.call("POST", "/api/auth/update", {"password": PASSWORD + "x", "current_password": "wrong"})[0], 403, "and the right one")
    equal(viewer.call("POST", "/api/auth/update", {"password": "weak", "current_password": PASSWORD})[0], 400, "and must be good")
    equal(viewer.call("POST", "/api/auth/update", {"email": "member@example.org", "current_password": PASSWORD})[0], 409, "an address that is taken")
    equal(viewer.data("POST", "/api/auth/update", {"email": "vera@example.org", "current_password": PASSWORD})["email"], "vera@example.org", "a new address")
    equal(viewer.call("POST", "/api/auth/update", {"password": PASSWORD + "x", "current_password": PASSWORD})[0], 200, "a new password")
    equal(phone.call("GET", "/api/auth/me")[0], 401, "ends one's other sessions")
    equal(viewer.call("GET", "/api/auth/me")[0], 200, "but not this one")
    equal(Person(c).call("POST", "/api/auth/login", {"email": "vera@example.org", "password": PASSWORD})[0], 401, "the old one is gone")
    phone = Person(c, "vera@example.org", PASSWORD + "x")
    there = next(x for x in viewer.data("GET", "/api/auth/sessions") if not x["current"])
    equal(member.call("DELETE", f"/api/auth/sessions/{there['id']}")[0], 404, "nobody ends another's session")
    equal(viewer.call("DELETE", f"/api/auth/sessions/{there['id']}")[0], 200, "one ends one's own")
    equal(phone.call("GET", "/api/auth/me")[0], 401, "which is over then")
    phone = Person(c, "vera@example.org", PASSWORD + "x")
    equal(phone.call("POST", "/api/auth/logout-everywhere")[0], 200, "signing out everywhere")
    equal((viewer.call("GET", "/api/auth/me")[0], phone.call("GET", "/api/auth/me")[0]), (401, 401), "ends all of them")
    c.sql("DELETE FROM login_failure")
    thief = Person(c, "vera@example.org", PASSWORD + "x")
    guesses = [thief.call("POST", "/api/auth/update", {"password": PASSWORD + "y", "current_password": f"Guess-Number-{i}"})[0] for i in range(7)]
    ok(guesses[:5] == [403] * 5 and guesses[5:] == [429] * 2, f"who holds a session can't guess the password: {guesses}")
    c.sql("DELETE FROM login_failure")

    # Whoever has an account of their own can't use it to try others' passwords for ever.
    statuses = []
    for i in range(8):
        statuses.append(Person(c).call("POST", "/api/auth/login", {"email": f"victim{i}@example.org", "password": PASSWORD})[0])
        if statuses[-1] == 401:
            Person(c).call("POST", "/api/auth/login", {"email": "second@example.org", "password": PASSWORD})
    ok(429 in statuses, f"signing in between guesses does not help: {statuses}")
    c.sql("DELETE FROM login_failure")

    for headers, want, what in (({"Origin": "http://evil.example"}, 403, "another origin"), ({"Sec-Fetch-Site": "cross-site"}, 403, "another site without an origin"),
                                ({"Sec-Fetch-Site": "same-origin"}, 200, "our own page"), ({}, 200, "a program")):
        equal(owner.call("PUT", f"/api/users/{owner.me['id']}", {"name": "Olga"}, **headers)[0], want, f"a change from {what}: {want}")
    equal(owner.call("DELETE", f"/api/users/{member.me['id']}", None, **{"Origin": "http://evil.example"})[0], 403, "so with DELETE")

    equal(owner.data("PUT", f"/api/organizations/{owner.me['organization_id']}", {"name": "Lab"})["name"], "Lab", "the organization gets a name")
    equal(member.call("PUT", f"/api/organizations/{owner.me['organization_id']}", {"name": "Mine"})[0], 403, "not by everyone")
    equal(owner.data("POST", "/api/users/bulk-delete", {"ids": [member.me["id"], stranger.me["id"]]}), {"deleted": 1}, "people are removed, of one's own organization")
    ok(until(lambda: member.call("GET", "/api/auth/me")[0] == 401), "and are out at once")
    status, text = owner.call("GET", "/api/users/export/csv")
    ok(status == 200 and b"owner@example.org" in text and b"second@example.org" not in text and b"argon2" not in text, "people as CSV")

    entries = owner.data("GET", "/api/audit?limit=1000&order_by=at&order_direction=desc")
    seen = {x["action"] for x in entries}
    ok({"register", "sign_in", "sign_in_failed", "locked_out", "sign_out_everywhere", "password_changed", "email_changed", "name_changed",
        "network_access", "insert", "update", "delete", "export"} <= seen, f"all of it is in the audit log: {sorted(seen)}")
    ok(all(x["address"] == "127.0.0.1" for x in entries), "with the address")
    lowered = next(x for x in entries if x["action"] == "update" and x["entity"] == "user" and (x["before"] or {}).get("permissions") == "owner")
    ok(lowered["actor_name"] and lowered["after"]["permissions"], "and who has changed whose role")
    equal(len([x for x in stranger.data("GET", "/api/audit?limit=1000") if x["actor_name"] == "owner@example.org"]), 0, "another organization sees none of it")
    try:
        c.sql("DELETE FROM audit", role="netvisor_app", act_as=(owner.me["id"], ""))
        equal(len(owner.data("GET", "/api/audit?limit=1000")) >= len(entries), True, "nobody can take anything out of it")
    except RuntimeError:
        ok(True, "nobody can take anything out of it")
    logs = c.logged() + c.said().replace(c.token, "")
    ok(not any(x in logs for x in (PASSWORD, made["token"], owner.cookie.split("=")[1])), "no password, token or cookie is in the log")

    c.stop()
    c.options.append("--disable-registration")
    c.start()
    equal(Person(c).join(email="fourth@example.org", password=PASSWORD)[0], 403, "--disable-registration: nobody registers")
    owner = Person(c, "owner@example.org")
    ok(invite(owner, "owner", "fourth@example.org").me["permissions"] == "owner", "but who is invited")
finally:
    c.remove()
end()
