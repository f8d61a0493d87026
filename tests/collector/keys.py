#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Keys of people and of sensors: shown once, kept as hashes, expiring, switched off, rotated, revoked, and never more than their owner."""
from netvisor import *

c = Collector("--log-level", "trace")


def call(method, path, body=None, key=None, cookie=None, **headers):
    fields = {"Cookie": cookie or ""} if not key else {"Authorization": "Bearer " + key, "Cookie": ""}
    return c.request(method, path, body, {**fields, **headers})


def data(*arguments, **keys):
    status, answer = call(*arguments, **keys)
    assert status == 200, (arguments[:2], status, answer)
    return answer["data"]


def connects(key):
    try:
        c.sensor(key=key).close()
        return True
    except Refused as refused:
        return refused.status
    except Closed as closed:
        return closed.code


def closes(ws):
    try:
        while True:
            ws.receive()
    except Closed as closed:
        return closed.code


try:
    c.start()
    me = c.sign_up()
    mine = c.cookie
    network = data("GET", "/api/networks", cookie=mine)[0]["id"]
    other = data("POST", "/api/networks", {"name": "Other"}, cookie=mine)["id"]
    key = data("POST", "/api/auth/keys", {"name": "script"}, cookie=mine)
    ok(key["key"].startswith("nvu_") and key["prefix"] == key["key"][:8] and len(key["key"]) > 40 and key["permissions"] == "owner"
       and key["network_ids"] is None and key["expires_at"] is None, "a key of one's own, with one's own rights")
    listed = data("GET", "/api/auth/keys", cookie=mine)
    ok(len(listed) == 1 and "key" not in listed[0] and key["key"] not in str(listed), "it is shown once")
    ok(key["key"] not in str(c.sql("SELECT * FROM user_api_key")) and key["key"].encode().hex() not in str(c.sql("SELECT * FROM user_api_key")),
       "and kept as a hash")
    equal(data("GET", "/api/auth/me", key=key["key"])["id"], me["id"], "it lets in")
    equal(len(data("GET", "/api/networks", key=key["key"])), 2, "to all that one sees")
    ok(until(lambda: data("GET", "/api/auth/keys", cookie=mine)[0]["last_used"]), "that it was used is written down")
    equal(call("POST", "/api/networks", {"name": "By key"}, key=key["key"])[0], 200, "it changes what one may change, without an origin")
    equal(c.sql("SELECT actor_name FROM audit WHERE entity = 'network' ORDER BY at DESC LIMIT 1"), [["owner@example.org"]], "in one's own name")
    for method, path in (("GET", "/api/auth/keys"), ("POST", "/api/auth/keys"), ("DELETE", f"/api/auth/keys/{key['id']}"), ("POST", f"/api/auth/keys/{key['id']}/rotate"),
                         ("POST", "/api/auth/update"), ("GET", "/api/auth/sessions"), ("POST", "/api/auth/logout-everywhere"), ("POST", "/api/auth/oidc/x/link")):
        equal(call(method, path, {} if method == "POST" else None, key=key["key"])[0], 403, f"a key can't {method} {path}")
    for wrong in ("nvu_" + "x" * 43, key["key"][:-1], key["key"] + "x", "", c.key(), key["prefix"]):
        equal(call("GET", "/api/networks", key=wrong)[0], 401, f"a key that is none: {wrong[:8]}")
    try:
        WebSocket(c.port, "/sensor", "netvisor.sensor.1", {"Authorization": "Bearer " + key["key"]})
        ok(False, "a person's key is no sensor's")
    except Refused as refused:
        equal(refused.status, 401, "a person's key is no sensor's")
    try:
        WebSocket(c.port, "/live", "netvisor.live.1", {"Authorization": "Bearer " + key["key"], "Origin": f"http://localhost:{c.port}"})
        ok(False, "nor does it open the feed")
    except Refused as refused:
        equal(refused.status, 401, "nor does it open the feed")

    # Less than one may: by role, and by network.
    low = data("POST", "/api/auth/keys", {"name": "reader", "permissions": "viewer"}, cookie=mine)
    equal(call("POST", "/api/networks", {"name": "x"}, key=low["key"])[0], 403, "a reader's key changes nothing")
    equal(call("GET", "/api/audit", key=low["key"])[0], 403, "nor sees what is for owners")
    narrow = data("POST", "/api/auth/keys", {"name": "one network", "network_ids": [network]}, cookie=mine)
    equal([x["id"] for x in data("GET", "/api/networks", key=narrow["key"])], [network], "a key for one network sees that one")
    equal(call("GET", f"/api/networks/{other}", key=narrow["key"])[0], 404, "and no other")
    equal(call("POST", "/api/auth/daemon", {"name": "x", "network_id": other}, key=narrow["key"])[0], 404, "nor makes a sensor there")
    equal(call("POST", "/api/invites", {"permissions": "owner"}, key=narrow["key"])[0], 403, "nor invites")
    equal(call("PUT", f"/api/users/{me['id']}/admin", {"name": "x"}, key=narrow["key"])[0], 403, "nor manages people")
    tag = data("POST", "/api/tags", {"name": "everywhere"}, cookie=mine)["id"]
    equal([call(*what, key=narrow["key"])[0] for what in (("DELETE", f"/api/tags/{tag}"), ("PUT", f"/api/tags/{tag}", {"name": "x"}), ("POST", "/api/tags", {"name": "x"}),
           ("POST", "/api/tags/bulk-delete", {"ids": [tag]}))], [403] * 4, "nor changes tags, which other networks have too")
    equal(c.sql(f"SELECT act_as_key('{narrow['id']}', ''); DELETE FROM tag; UPDATE organization SET name = 'x'; DELETE FROM user_account; SELECT name FROM tag",
                role="netvisor_app")[-1], ["everywhere"], "which the database refuses too")
    for body, status, what in (({"name": "x", "permissions": "king"}, 400, "an unknown role"), ({}, 400, "no name"), ({"name": "x", "expires_at": 1000}, 400, "a time that is over"),
                               ({"name": "x", "network_ids": ["00000000-0000-4000-8000-000000000000"]}, 400, "a network that is not there")):
        equal(call("POST", "/api/auth/keys", body, cookie=mine)[0], status, f"a key with {what} is refused")
    token = data("POST", "/api/invites", {"permissions": "member", "network_ids": [network]}, cookie=mine)["token"]
    response, _ = c.request("POST", "/api/auth/register", {"email": "m@example.org", "password": PASSWORD, "invite": token}, {"Cookie": ""}, raw=True)
    member = response.getheader("Set-Cookie").split(";")[0]
    equal(call("POST", "/api/auth/keys", {"name": "x", "permissions": "admin"}, cookie=member)[0], 403, "nobody makes a key that may more than they")
    theirs = data("POST", "/api/auth/keys", {"name": "theirs"}, cookie=member)
    equal(call("PUT", f"/api/auth/keys/{theirs['id']}", {"permissions": "owner"}, cookie=member)[0], 403, "nor makes one so later")
    equal(call("GET", f"/api/auth/keys/{theirs['id']}", cookie=mine)[0], 404, "a key is its owner's alone, also before other owners")
    equal([x["id"] for x in data("GET", "/api/networks", key=theirs["key"])], [network], "it sees what its owner sees")
    who = next(x for x in data("GET", "/api/users", cookie=mine) if x["email"] == "m@example.org")
    data("PUT", f"/api/users/{who['id']}/admin", {"permissions": "viewer"}, cookie=mine)
    equal(call("POST", "/api/subnets", {"network_id": network, "cidr": "10.9.0.0/16"}, key=theirs["key"])[0], 403, "when its owner may less, so does it, at once")
    equal(call("DELETE", f"/api/users/{who['id']}", cookie=mine)[0], 200, "and with its owner")
    ok(until(lambda: call("GET", "/api/networks", key=theirs["key"])[0] == 401), "it goes")

    # Switched off, expired, rotated, revoked.
    data("PUT", f"/api/auth/keys/{low['id']}", {"is_enabled": False}, cookie=mine)
    ok(until(lambda: call("GET", "/api/networks", key=low["key"])[0] == 401), "a key that is switched off")
    data("PUT", f"/api/auth/keys/{low['id']}", {"is_enabled": True, "expires_at": time.time() + 1.2}, cookie=mine)
    ok(until(lambda: call("GET", "/api/networks", key=low["key"])[0] == 200), "is good again when it is switched on")
    ok(until(lambda: call("GET", "/api/networks", key=low["key"])[0] == 401, 5), "until its time is over")
    fresh = data("POST", f"/api/auth/keys/{narrow['id']}/rotate", cookie=mine)
    ok(fresh["id"] == narrow["id"] and fresh["key"] != narrow["key"], "a key is rotated")
    equal((call("GET", "/api/networks", key=narrow["key"])[0], [x["id"] for x in data("GET", "/api/networks", key=fresh["key"])]), (401, [network]),
          "the old one is over, the new one may the same")
    equal(data("POST", "/api/auth/keys/bulk-delete", {"ids": [narrow["id"], low["id"]]}, cookie=mine), {"deleted": 2}, "keys are revoked")
    ok(until(lambda: call("GET", "/api/networks", key=fresh["key"])[0] == 401), "and no longer good")
    equal(call("DELETE", f"/api/auth/keys/{key['id']}", cookie=mine, **{"If-Match": '"77"'})[0], 412, "nobody revokes what they have not seen")

    # Sensors' keys.
    made = data("POST", "/api/auth/daemon", {"name": "roof", "network_id": other}, cookie=mine)
    ok(made["key"].startswith("nvs_") and made["network_id"] == other and made["sensor_name"] == "roof", "a sensor with its key")
    s = c.sensor(key=made["key"])
    equal((s.welcome["sensor_id"], s.welcome["network_id"]), (made["sensor_id"], other), "the key lets it into its network")
    ok(made["key"] not in str(c.sql("SELECT * FROM sensor_key")) + str(data("GET", "/api/auth/daemon", cookie=mine)), "it is shown once")
    ok(until(lambda: next(x for x in data("GET", "/api/auth/daemon", cookie=mine) if x["id"] == made["id"])["last_used"]), "that it was used is written down")
    equal(call("GET", "/api/networks", key=made["key"])[0], 401, "a sensor's key asks the API nothing")
    following = data("POST", f"/api/auth/daemon/{made['id']}/rotate", {"overlap_hours": 1}, cookie=mine)
    ok(following["sensor_id"] == made["sensor_id"] and following["id"] != made["id"] and connects(made["key"]) is True and connects(following["key"]) is True,
       "while keys overlap, both let in")
    s = c.sensor(key=made["key"])
    data("POST", f"/api/auth/daemon/{made['id']}/rotate", {"overlap_hours": 0}, cookie=mine)
    equal(closes(s.ws), 1008, "without an overlap the old one's connection ends")
    equal(connects(made["key"]), 401, "and it can't come again")
    s = c.sensor(key=following["key"])
    data("PUT", f"/api/auth/daemon/{following['id']}", {"is_enabled": False}, cookie=mine)
    equal(closes(s.ws), 1008, "a key that is switched off loses its connection")
    data("PUT", f"/api/auth/daemon/{following['id']}", {"is_enabled": True}, cookie=mine)
    ok(until(lambda: connects(following["key"]) is True), "and is good again when switched on")
    s = c.sensor(key=following["key"])
    data("PUT", f"/api/auth/daemon/{following['id']}", {"expires_at": time.time() + 1.2}, cookie=mine)
    equal(closes(s.ws), 1008, "one whose time is over too")
    second = data("POST", "/api/auth/daemon", {"name": "roof again", "sensor_id": made["sensor_id"]}, cookie=mine)
    equal(second["network_id"], other, "another key for the same sensor")
    s = c.sensor(key=second["key"])
    equal(call("DELETE", f"/api/auth/daemon/{second['id']}", cookie=mine)[0], 200, "is revoked")
    equal(closes(s.ws), 1008, "and its connection ends")
    simple = data("POST", "/api/sensors", {"name": "cellar"}, cookie=mine)
    ok(simple["network_id"] == network and connects(simple["key"]) is True, "a sensor by its plain name, in the first network")
    equal(c.sql(f"SELECT count(*) FROM change WHERE entity = 'sensor' AND id = '{simple['id']}' AND before IS NULL"), [["1"]], "the browsers are told of it once")
    equal(call("DELETE", f"/api/sensors/{simple['id']}", cookie=mine)[0], 200, "with the sensor")
    ok(until(lambda: connects(simple["key"]) == 401), "go its keys")
    status, text = call("GET", "/api/auth/daemon/export/csv", cookie=mine)
    ok(status == 200 and b"roof" in text and b"nvs_" in text, "keys as CSV, by their beginnings")
    entries = {(x[0], x[1]) for x in c.sql("SELECT action, entity FROM audit")}
    ok({("insert", "sensor_key"), ("update", "sensor_key"), ("delete", "sensor_key"), ("insert", "user_api_key"), ("key_rotated", "user_api_key")} <= entries,
       "what was done to keys is in the audit log")
    held = c.logged() + c.said() + str(c.sql("SELECT * FROM audit")) + str(c.sql("SELECT * FROM change"))
    ok(not any(x["key"] in held for x in (key, low, narrow, fresh, theirs, made, following, second, simple)), "no key is in a log")
finally:
    c.remove()
end()
