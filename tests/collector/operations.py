#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Every operation of the OpenAPI document, called as each role and as strangers: who may, can; who may not, is refused,
sees nothing, and changes nothing. Operations come from the document, so a new one is called without a line here."""
import re
from netvisor import *

MARK = "alphamark"  # in the names of all that the first organization has: no stranger may ever read it
ROLES = ("", "viewer", "member", "admin", "owner")
# These end the session that calls them, or the account: their own tests have them.
NOT_CALLED = {"post_auth_logout", "post_auth_logout_everywhere", "post_auth_update", "post_setup", "post_auth_register",
              "delete_auth_sessions_id", "post_auth_login", "delete_users_id", "post_users_bulk_delete", "put_users_id_admin",
              "post_organizations_id_reset"}
# What these answer is for anyone, or is about the caller alone; the name of the organization stands in an invitation.
c = Collector()


class Caller:
    def __init__(self, name, role="", cookie=None, key=None, stranger=True):
        self.name, self.role, self.cookie, self.key, self.stranger = name, role, cookie, key, stranger

    def call(self, method, path, body=None):
        headers = {"Cookie": self.cookie or "none=1"}
        if self.key:
            headers["Authorization"] = "Bearer " + self.key
        response, data = c.request(method.upper(), path, body, headers, raw=True)
        return response.status, data.decode(errors="replace")


def sign_in(email):
    connection = http.client.HTTPConnection("localhost", c.port, timeout=30)
    connection.request("POST", "/api/auth/login", json.dumps({"email": email, "password": PASSWORD}), {"Content-Type": "application/json"})
    response = connection.getresponse()
    response.read()
    assert response.status == 200, email
    return response.getheader("Set-Cookie").split(";")[0]


def owner(method, path, body=None, want=200):
    status, answer = c.request(method, "/api/" + path, body)
    assert status == want, (method, path, status, answer)
    return answer["data"]


def things(round):
    """One of each, in the first organization; their ids by the names that fields and paths have for them."""
    network = owner("GET", "networks?order_by=created_at")[0]["id"]
    owner("PUT", f"networks/{network}", {"name": MARK})
    made = owner("POST", "sensors", {"name": MARK, "network_id": network})
    s = c.sensor(key=made["key"])
    s.say(1, fact("address", mac="00:1b:21:00:00:01", ip="10.0.0.1"),
          fact("name", source="dhcp", mac="00:1b:21:00:00:01", name=MARK + "-host", kind="hostname"),
          fact("address", mac="00:1b:21:00:00:02", ip="10.0.0.2"),
          fact("service", source="mdns", ip="10.0.0.1", port=80, proto="tcp", state="open", name=MARK),
          fact("flow", source="tcp", client="10.0.0.2", server="10.0.0.1", port=80, proto="tcp", connections=1, packets=1, bytes=1,
               packets_back=0, bytes_back=0))
    hosts = owner("GET", "hosts?order_by=name&order_direction=desc")
    ids = {"network_id": network, "host_id": hosts[0]["id"], "sensor_id": made["id"]}
    ids["other_id"] = ids["destination_id"] = hosts[1]["id"]
    for name, path in (("interface_id", "interfaces"), ("port_id", "ports"), ("service_id", "services"), ("binding_id", "bindings"),
                       ("flow_id", "flows")):
        ids[name] = owner("GET", path)[0]["id"]
    ids["subnet_id"] = owner("POST", "subnets", {"network_id": network, "cidr": f"10.0.{round}.0/24", "name": MARK})["id"]
    ids["group_id"] = owner("POST", "groups", {"network_id": network, "name": MARK, "group_type": "HubAndSpoke", "binding_ids": [ids["binding_id"]]})["id"]
    ids["tag_id"] = owner("POST", "tags", {"name": f"{MARK} {round}"})["id"]
    ids["topology_id"] = owner("POST", "topology", {"network_id": network, "name": MARK})["id"]
    ids["share_id"] = owner("POST", "shares", {"topology_id": ids["topology_id"], "name": MARK + " but shown to who has the link", "is_enabled": False})["id"]
    ids["snmp-credential_id"] = owner("POST", "snmp-credentials", {"network_id": network, "name": MARK, "version": "V2c", "community": MARK})["id"]
    ids["user_id"] = c.sql("SELECT id FROM user_account WHERE email = 'bystander@example.org'")[0][0]
    for name, table in (("organization_id", "organization"), ("discovery_id", "discovery"), ("session_id", "session"), ("invite_id", "invite"),
                        ("key_id", "sensor_key")):
        if c.sql(f"SELECT to_regclass('{table}')")[0][0]:
            found = c.sql(f"SELECT id FROM {table} LIMIT 1")
            ids[name] = found[0][0] if found else ids["host_id"]
    return ids


def id_for(ids, path, hole):
    """{id} of /api/hosts/{id} is a host's."""
    if hole in ids:
        return ids[hole]
    word = path.split("/")[2] if path.startswith("/api/") else ""
    word = {"topology": "topology", "discovery": "discovery", "auth": "key", "timeline": "host", "consolidations": "host"}.get(word, word.rstrip("s"))
    return ids.get(word + "_id", ids["host_id"])


def value_for(ids, name, schema, method):
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if name == "permissions":
        return "viewer"
    if "enum" in schema:
        return schema["enum"][0]
    if name in ("ids", "entity_ids"):
        return [ids["host_id"]]
    if name in ("tag_ids", "tags"):
        return [ids["tag_id"]]
    if name == "binding_ids":
        return [ids["binding_id"]]
    if name == "entity_id":
        return ids["host_id"]
    if name.endswith("_id") and name in ids:
        return ids[name]
    if schema.get("format") == "uuid":
        return ids["host_id"]
    if name == "discovery_type":
        return {"type": "SelfReport"}
    if name == "run_type":
        return {"type": "AdHoc"}
    if kind == "string":
        return {"cidr": "10.9.0.0/16", "ip_address": "10.9.0.1", "mac_address": "00:1b:21:00:00:09", "email": "new@example.org"}.get(name, "probe")
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 1), 4000000000 if name in ("expires_at", "at", "to") else 1)
    return {"boolean": True, "array": [], "object": {}}.get(kind)


def request_for(ids, method, path, operation):
    where = re.sub(r"{(\w+)}", lambda hole: id_for(ids, path, hole[1]) if hole[1].endswith("id") else {"entity": "host"}.get(hole[1], "word"), path)
    query = [f"{p['name']}={value_for(ids, p['name'], p['schema'], method)}" for p in operation["parameters"]
             if p["in"] == "query" and (p["required"] or p["name"] == "network_id")]
    body = None
    if "requestBody" in operation:
        if "application/json" not in operation["requestBody"]["content"]:
            return where + ("?" + "&".join(query) if query else ""), b"ip\n10.0.0.77\n"
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        names = schema.get("required", list(schema.get("properties", {}))[:1] if method == "put" else [])
        body = {name: value_for(ids, name, schema["properties"][name], method) for name in names}
    return where + ("?" + "&".join(query) if query else ""), body


def state():
    """Everything that the first organization has, but for what reading and refusing may write."""
    rows = []
    for table, column in c.sql("SELECT table_name, min(column_name) FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) "
                               "WHERE table_schema = 'netvisor' AND table_type = 'BASE TABLE' AND column_name IN ('network_id', 'organization_id') "
                               "AND table_name NOT IN ('audit', 'sensor_outbox', 'user_api_key', 'sensor_key', 'alert_cursor', 'recognize_due') AND table_name NOT LIKE 'change\\_%' AND table_name NOT LIKE 'traffic%' GROUP BY 1"):
        # A sensor's status, a schedule, and how far alerts and conclusions have come move by themselves.
        left = "- 'last_seen' - 'counters' - 'connected' - 'last_used' - 'change_seq' - 'change_room'"
        if table in ("change", "session", "discovery"):
            continue
        rows.append((table, c.sql(f"SELECT md5(string_agg(j::text, '' ORDER BY j::text)) FROM (SELECT to_jsonb(t) {left} AS j FROM {table} t "
                                  f"WHERE {column} = ANY (SELECT {'id FROM network WHERE organization_id' if column == 'network_id' else 'o FROM (SELECT'} "
                                  + (f"= '{organization}')" if column == "network_id" else f"'{organization}'::uuid AS o) x)") + ") y")[0][0]))
    edits = c.sql("SELECT count(*) FROM change c JOIN network n ON n.id = c.network_id "
                  f"WHERE n.organization_id = '{organization}' AND c.entity NOT IN ('sensor', 'session', 'discovery', 'seen')")
    return rows + [("change", edits[0][0])]


try:
    c.start()
    me = c.sign_up()
    organization = me["organization_id"]
    hashed = c.sql("SELECT password_hash FROM user_account")[0][0]
    for role, email in (("viewer", "viewer"), ("member", "member"), ("admin", "admin"), ("viewer", "bystander")):
        c.sql(f"INSERT INTO user_account (id, organization_id, email, name, permissions, password_hash) VALUES "
              f"(gen_random_uuid(), '{organization}', '{email}@example.org', '{email}', '{role}', '{hashed}')")
    c.sql("INSERT INTO user_network_access SELECT n.id, u.id FROM network n, user_account u WHERE u.permissions IN ('viewer', 'member')")
    c.sql(f"INSERT INTO organization (id, name) VALUES ('00000000-0000-4000-8000-00000000000a', 'Other');"
          f"INSERT INTO user_account (id, organization_id, email, name, permissions, password_hash) VALUES "
          f"('00000000-0000-4000-8000-00000000000b', '00000000-0000-4000-8000-00000000000a', 'other@example.com', 'x', 'owner', '{hashed}');"
          "INSERT INTO network (id, organization_id, name) VALUES "
          "('00000000-0000-4000-8000-00000000000c', '00000000-0000-4000-8000-00000000000a', 'Theirs')")
    key = c.request("POST", "/api/auth/keys", {"name": "revoked", "permissions": "owner"})[1]["data"]
    ids = things(0)
    document = c.request("GET", "/api/openapi.json")[1]
    operations = [(method, path, operation) for path, methods in document["paths"].items() for method, operation in methods.items()
                  if operation["operationId"] not in NOT_CALLED]
    ok(len(operations) > 80, f"the document has operations ({len(operations)})")
    equal(len({o["operationId"] for _, _, o in operations}), len(operations), "each with an id of its own")

    # Forms are checked by it before they are sent.
    schema = lambda path, name, method="post": document["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]["properties"][name]
    equal([schema(p, n).get("format") for p, n in (("/api/subnets", "cidr"), ("/api/interfaces", "ip_address"), ("/api/interfaces", "mac_address"), ("/api/auth/register", "email"),
                                                   ("/api/auth/register", "password"), ("/api/interfaces", "subnet_id"))], ["cidr", "ip", "mac", "email", "password", "uuid"], "formats are said")
    equal((schema("/api/hosts", "tags")["maxItems"], schema("/api/ports", "number")["maximum"], schema("/api/tags", "color")["enum"][:2]), (50, 65535, ["Pink", "Rose"]), "and bounds")
    matches = lambda field, *texts: [bool(re.search(field["pattern"], text)) for text in texts]
    equal(matches(schema("/api/auth/register", "password"), PASSWORD, "alllowercase123!", "Nodigitshere!!", "NoSpecial12345"), [True, False, False, False], "what a password must have")
    equal(matches(schema("/api/shares", "allowed_domains")["items"], "example.org", "*.a.b:80", "https://a", "a b"), [True, True, False, False], "what a site is")
    run = schema("/api/discovery", "run_type")["properties"]
    equal((run["type"]["enum"], matches(run["cron"], "0 3 * * *", "@daily", "0 0 3 * * 1-5", "tomorrow", "1 2")), (["AdHoc", "Scheduled"], [True, True, True, False, False]), "what a schedule is")
    equal(matches(schema("/api/discovery", "discovery_type")["properties"]["ports"], "22,80,8000-8080", "", "22,", "http"), [True, True, False, False], "what ports are")

    other = Caller("another organization's owner", "owner", sign_in("other@example.com"))
    c2, c.cookie = c.cookie, other.cookie
    theirs = c.request("POST", "/api/sensors", {"name": "theirs"})[1]["data"]["key"]
    c.cookie = c2
    c.request("DELETE", f"/api/auth/keys/{key['id']}")
    callers = [Caller("nobody"), Caller("a revoked key", key=key["key"]), Caller("a sensor of another network", key=theirs), other,
               Caller("a viewer", "viewer", sign_in("viewer@example.org"), stranger=False),
               Caller("a member", "member", sign_in("member@example.org"), stranger=False),
               Caller("an admin", "admin", sign_in("admin@example.org"), stranger=False),
               Caller("the owner", "owner", c.cookie, stranger=False)]
    # Reading first, so that what is removed has been read; strangers before those who may.
    operations.sort(key=lambda o: (("get", "put", "post", "delete").index(o[0]), "bulk" in o[1]))
    for round, caller in enumerate(callers):
        may_change = caller.role not in ("", "viewer") and not caller.stranger
        if may_change:
            ids = things(round)
        before = state()
        wrong, seen, broken, well, tried = [], [], [], 0, 0
        for method, path, operation in operations:
            # Without its network there is nothing left to try.
            if may_change and operation["operationId"] in ("delete_networks_id", "post_networks_bulk_delete"):
                continue
            url, body = request_for(ids, method, path, operation)
            status, text = caller.call(method, url, body)
            tried += 1
            well += status in (200, 302)
            may = ROLES.index(caller.role) >= ROLES.index(operation["x-role"]) and (caller.role or operation["x-open"])
            if operation["x-open"]:
                may = True
            if not may and status not in (401, 403):
                wrong.append(f"{method} {url}: {status}, is refused to {caller.name}")
            if may and not operation["x-open"] and not caller.stranger and status in (401, 403) and "signed in, not by a key" not in operation["description"] and path != "/api/users/{id}":
                wrong.append(f"{method} {url}: {status} {text[:200]}")
            if status >= 500 and status != 503 or (status == 503 and "log says why" in text):
                broken.append(f"{method} {url}: {status} {text[:200]}")
            if caller.stranger and MARK in text:
                seen.append(f"{method} {url}: {text[:200]}")
        for what, list_of in (("is refused what is not theirs", wrong), ("gets no broken answer", broken), ("sees nothing of it", seen)):
            if what == "sees nothing of it" and not caller.stranger:
                continue
            if not ok(not list_of, f"{caller.name} {what} ({tried} operations)"):
                print("\n".join("#   " + line for line in list_of[:30]))
        after = state()
        if may_change:
            ok(len([a for a, b in zip(after, before) if a != b]) > 8, f"{caller.name} changes much, as the state tells")
        elif not ok(after == before, f"{caller.name} changes nothing"):
            print(f"#   {[a[0] for a, b in zip(after, before) if a != b]}")
        if caller.role == "owner" and not caller.stranger:
            ok(well > tried * 0.6, f"most of what the owner asks for is done ({well} of {tried})")
finally:
    c.remove()
end()
