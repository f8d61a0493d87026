#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Row-level security: the role that serves sees what its transaction says who it is for, whatever the statement forgets."""
from netvisor import *

TABLES = ("organization", "user_account", "network", "sensor", "sensor_outbox", "host", "interface", "service", "flow",
          "evidence", "change")
c = Collector()


def seen(table, user=None, network=""):
    act_as = None if user is None and not network else (user or "", network)
    return int(c.sql(f"SELECT count(*) FROM {table}", role="netvisor_app", act_as=act_as)[0][0])


try:
    c.start()
    me = c.sign_up()
    s = c.sensor()
    s.say(1, fact("address", mac="00:1b:21:00:00:01", ip="10.0.0.1"),
          fact("service", source="tcp", ip="10.0.0.1", port=80, proto="tcp", state="open"),
          fact("flow", source="tcp", client="10.0.0.2", server="10.0.0.1", port=80, proto="tcp", connections=1, packets=1, bytes=1, packets_back=0, bytes_back=0))
    mine = s.welcome["network_id"]
    # Another organization that has as much.
    c.sql("INSERT INTO organization (id, name) VALUES ('00000000-0000-4000-8000-00000000000a', 'Other');"
          "INSERT INTO user_account (id, organization_id, email, name, permissions, password_hash) VALUES "
          "('00000000-0000-4000-8000-00000000000b', '00000000-0000-4000-8000-00000000000a', 'x@y.z', 'x', 'owner', '-');"
          "INSERT INTO network (id, organization_id, name) VALUES "
          "('00000000-0000-4000-8000-00000000000c', '00000000-0000-4000-8000-00000000000a', 'Theirs')")
    theirs, them = "00000000-0000-4000-8000-00000000000c", "00000000-0000-4000-8000-00000000000b"
    for table in TABLES[3:]:
        columns = c.sql(f"SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns "
                        f"WHERE table_schema = 'netvisor' AND table_name = '{table}' AND column_name <> 'network_id'")[0][0]
        values = columns.replace("key_hash", r"'\x00'::bytea").replace("seq", "seq + 1000")
        c.sql(f"INSERT INTO {table} (network_id, {columns}) SELECT '{theirs}', {values} FROM {table} WHERE network_id = '{mine}'")
    for table in TABLES:
        whole = int(c.sql(f"SELECT count(*) FROM {table}")[0][0])
        own = seen(table, user=me["id"])
        ok(0 < own < whole, f"{table}: a forgotten WHERE shows {own} of {whole} rows")
        equal(seen(table), 0, f"{table}: nobody sees nothing")
        equal(seen(table, user="00000000-0000-4000-8000-0000000000ff"), 0, f"{table}: a user who is gone sees nothing")
    for table in TABLES[2:]:
        equal(seen(table, user=me["id"], network=theirs), 0, f"{table}: a user can't name another's network")
        ok(seen(table, network=mine) > 0 and seen(table, network=mine) == seen(table, user=me["id"]), f"{table}: a sensor sees its network")
    for table in ("user_session", "login_failure", "setup_token"):
        equal(seen(table, user=me["id"]), 0, f"{table} is for the system alone")
    for what, statement in (("write into", f"INSERT INTO host (network_id, id, first_seen, last_seen) VALUES ('{theirs}', gen_random_uuid(), now(), now())"),
                            ("move a row into", f"UPDATE host SET network_id = '{theirs}'")):
        try:
            c.sql(statement, role="netvisor_app", act_as=(me["id"], ""))
            ok(False, f"nobody can {what} another's network")
        except RuntimeError as error:
            ok("row-level security" in str(error), f"nobody can {what} another's network")
    before = c.sql(f"SELECT count(*) FROM host WHERE network_id = '{theirs}'")
    c.sql("DELETE FROM host", role="netvisor_app", act_as=(me["id"], ""))
    equal(c.sql(f"SELECT count(*) FROM host WHERE network_id = '{theirs}'"), before, "a forgotten WHERE deletes only one's own")
    equal(c.sql("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = 'netvisor_app'"), [["f"]], "the role is bound by the policies")
    equal(c.sql("SELECT string_agg(relname, ' ') FROM pg_class WHERE relnamespace = 'netvisor'::regnamespace AND relkind = 'r' "
                "AND NOT relrowsecurity AND relname <> 'schema_migration'"), [[""]], "every table has its policy")
    equal(c.sql("SELECT string_agg(c.relname, ' ') FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'network_id' "
                "JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary WHERE c.relkind = 'r' AND c.relnamespace = 'netvisor'::regnamespace "
                "AND i.indkey[0] <> a.attnum"), [[""]], "network_id comes first in every primary key")
    for path in ("hosts", "networks", "flows"):
        rows = c.request("GET", f"/api/{path}?network_id={theirs}")[1]["data"]
        equal(rows, [], f"/api/{path} of another's network is empty")
    theirs_host = c.sql(f"SELECT gen_random_uuid()")[0][0]
    c.sql(f"INSERT INTO host (network_id, id, first_seen, last_seen) VALUES ('{theirs}', '{theirs_host}', now(), now())")
    equal(c.request("GET", f"/api/hosts/{theirs_host}/evidence")[0], 404, "another's host is not there")
    equal(c.request("POST", "/api/sensors", {"name": "x", "network_id": theirs})[0], 404, "nor can a sensor be made in its network")
finally:
    c.remove()
end()
