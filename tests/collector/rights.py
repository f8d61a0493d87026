#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Row-level security, table by table: whoever may not, sees and changes nothing, whatever the statement forgets. Tables are
found in the catalogue, and each must hold something that could be seen, so a new one is walked without a line here."""
import re
from netvisor import *

OTHER = "00000000-0000-4000-8000-0000000000"
c = Collector()


def columns(table):
    return c.sql("SELECT attname, format_type(atttypid, NULL), attnotnull, atthasdef, (SELECT count(*) > 0 FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique "
                 f"AND attnum = ANY (i.indkey)) FROM pg_attribute a WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum")


def fill(table):
    """A row of the first organization in a table that has none: any value of the type, for what must have one."""
    known = {"network_id": f"'{network}'", "organization_id": f"'{me['organization_id']}'", "user_id": f"'{me['id']}'", "sensor_id": f"'{sensor}'",
             "permissions": "'viewer'", "created_by": f"'{me['id']}'", "host_id": f"'{host}'", "at": "now()",
             "channel_id": "(SELECT id FROM alert_channel LIMIT 1)"}
    values = {"uuid": "gen_random_uuid()", "text": "'x'", "bytea": r"'\x00'", "boolean": "true", "integer": "1", "bigint": "1", "jsonb": "'{}'", "json": "'{}'", "uuid[]": "'{}'",
              "timestamp with time zone": "now()", "inet": "'10.0.0.1'", "cidr": "'10.0.0.0/8'", "macaddr": "'00:1b:21:00:00:01'", "integer[]": "'{}'", "bigint[]": "'{}'",
              "text[]": "'{}'", "double precision": "1", "real": "1", "date": "now()", "smallint": "1"}
    # Where only some texts are allowed, the first of them.
    for (rule,) in c.sql(f"SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'c'"):
        found = re.match(r"CHECK \(\((\w+) = ANY \(ARRAY\[('[^']*')", rule)
        if found:
            known.setdefault(found[1], found[2])
    use = [(name, known.get(name) or values[kind]) for name, kind, needed, has, _ in columns(table) if needed == "t" and (has == "f" or name in known) or name in ("network_id", "organization_id", "mac")]
    if c.sql(f"SELECT relkind = 'p' AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid) FROM pg_class c WHERE oid = '{table}'::regclass") == [["t"]]:
        c.sql(f"CREATE TABLE {table}_any PARTITION OF {table} DEFAULT")
    c.sql(f"INSERT INTO {table} ({', '.join(n for n, _ in use)}) VALUES ({', '.join(v for _, v in use)})")


def act(who):
    return {"owner": f"act_as('{me['id']}', '', '')", "member": f"act_as('{member}', '', '')", "viewer": f"act_as('{viewer}', '', '')",
            "a member without the network": f"act_as('{apart}', '', '')",
            "another organization": f"act_as('{OTHER}0b', '', '')", "a sensor": f"act_as('', '{network}', '')",
            "a sensor of another network": f"act_as('', '{OTHER}0c', '')", "nobody": "act_as('', '', '')",
            "another organization that names the network": f"act_as('{OTHER}0b', '{network}', '')",
            "a revoked key": f"act_as_key('{OTHER}0d', '')", "an account that is gone": f"act_as('{OTHER}ff', '', '')"}[who]


TRY = """CREATE FUNCTION pg_temp.attempt(who text, statement text) RETURNS text LANGUAGE plpgsql AS $t$
DECLARE n bigint;
BEGIN
	EXECUTE 'SELECT ' || who;
	SET LOCAL ROLE netvisor_app;
	EXECUTE statement;
	GET DIAGNOSTICS n = ROW_COUNT;
	RAISE EXCEPTION 'rows %', n;
EXCEPTION WHEN OTHERS THEN RETURN replace(SQLERRM, E'\\n', ' ');
END $t$;"""
REFUSALS = ("row-level security", "may change a network", "permission denied", "names nothing in this network", "only an owner may", "more rights than you have")


def attempts(pairs):
    """What becomes of statements of the serving role, each undone: how many rows it sees or touches, or why it is refused."""
    quoted = [(act(who).replace("'", "''"), statement.replace("'", "''")) for who, statement in pairs]
    said = c.sql(TRY + ";".join(f"SELECT pg_temp.attempt('{who}', '{statement}')" for who, statement in quoted))
    return [int(text[5:]) if text.startswith("rows ") else "refused" if any(word in text for word in REFUSALS) else text for text in (row[0] for row in said)]


def run(who, statement):
    return attempts([(who, statement)])[0]


try:
    c.start()
    me = c.sign_up()
    s = c.sensor()
    network, sensor = s.welcome["network_id"], s.welcome["sensor_id"]
    s.say(1, fact("address", mac="00:1b:21:00:00:01", ip="10.0.0.1"), fact("service", source="tcp", ip="10.0.0.1", port=80, proto="tcp", state="open"),
          fact("flow", source="tcp", client="10.0.0.2", server="10.0.0.1", port=80, proto="tcp", connections=1, packets=1, bytes=1, packets_back=0, bytes_back=0))
    host = c.request("GET", "/api/hosts")[1]["data"][0]["id"]
    c.request("POST", "/api/tags", {"name": "t"})
    topology = c.request("POST", "/api/topology", {"network_id": network, "name": "t"})[1]["data"]["id"]
    c.request("POST", "/api/shares", {"topology_id": topology, "name": "s"})
    c.request("POST", "/api/groups", {"network_id": network, "name": "g", "group_type": "RequestPath"})
    for role in ("member", "viewer"):
        c.sql(f"INSERT INTO user_account (id, organization_id, email, name, permissions, password_hash) VALUES (gen_random_uuid(), '{me['organization_id']}', '{role}@x.y', '{role}', '{role}', '-');"
              f"INSERT INTO user_network_access SELECT '{network}', id FROM user_account WHERE permissions = '{role}'")
    c.sql(f"INSERT INTO user_account (id, organization_id, email, name, permissions, password_hash) VALUES (gen_random_uuid(), '{me['organization_id']}', 'apart@x.y', 'apart', 'member', '-')")
    member, viewer, apart = (c.sql(f"SELECT id FROM user_account WHERE email = '{name}@x.y'")[0][0] for name in ("member", "viewer", "apart"))
    c.sql(f"INSERT INTO organization (id, name) VALUES ('{OTHER}0a', 'Other'); INSERT INTO user_account (id, organization_id, email, name, permissions, password_hash) VALUES "
          f"('{OTHER}0b', '{OTHER}0a', 'o@x.y', 'o', 'owner', '-'); INSERT INTO network (id, organization_id, name) VALUES ('{OTHER}0c', '{OTHER}0a', 'Theirs');"
          f"INSERT INTO user_api_key (id, organization_id, user_id, name, key_hash, prefix, permissions, is_enabled) VALUES ('{OTHER}0d', '{me['organization_id']}', '{me['id']}', 'k', '\\x01', 'nvu_', 'owner', false)")
    tables = [row[0] for row in c.sql("SELECT relname FROM pg_class WHERE relnamespace = 'netvisor'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'schema_migration' ORDER BY 1")]
    equal(c.sql("SELECT string_agg(relname, ' ') FROM pg_class WHERE relnamespace = 'netvisor'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND NOT relrowsecurity AND relname <> 'schema_migration'"),
          [[""]], "every table has its policies")
    equal(c.sql("SELECT string_agg(DISTINCT table_name, ' ') FROM information_schema.role_table_grants WHERE grantee = 'netvisor_app' AND table_schema = 'netvisor' AND table_name IN "
                "(SELECT relname FROM pg_class WHERE relispartition AND relnamespace = 'netvisor'::regnamespace)"), [[""]], "partitions are reached through their table alone")
    equal(c.sql("SELECT string_agg(relname, ' ') FROM pg_class c WHERE relnamespace = 'netvisor'::regnamespace AND relkind = 'v' AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)"),
          [[""]], "views see what their caller sees")
    # What is due would be worked off while it is looked at: the collector stands still, between two transactions.
    while True:
        until(lambda: c.sql("SELECT count(*) FROM recognize_due") == [["0"]])
        os.kill(c.process.pid, signal.SIGSTOP)
        if c.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'netvisor-collector' AND (state LIKE 'idle in%' OR state = 'active')") == [["0"]]:
            break
        os.kill(c.process.pid, signal.SIGCONT)
        time.sleep(0.05)
    strangers = ("another organization", "another organization that names the network", "a sensor of another network", "nobody", "a revoked key", "an account that is gone",
                 "a member without the network")
    for table in tables:
        names = [row[0] for row in columns(table)]
        own = (f"network_id = '{network}'" if "network_id" in names else f"organization_id = '{me['organization_id']}'" if "organization_id" in names
               else f"id = '{network}'" if table == "network" else f"id = '{me['organization_id']}'" if table == "organization" else f"user_id = '{me['id']}'" if "user_id" in names else "true")
        if c.sql(f"SELECT count(*) FROM {table} WHERE {own}") == [["0"]]:
            fill(table)
        ok(int(c.sql(f"SELECT count(*) FROM {table} WHERE {own}")[0][0]) > 0, f"{table} holds something to see")
        # Of an organization's own things its people without a network see what is everybody's.
        of_organization = "network_id" not in names and table != "network"
        first = names[-1]
        row = c.sql(f"SELECT to_jsonb(t)::text FROM {table} t WHERE {own} LIMIT 1")[0][0].replace("'", "''")
        what = {"sees": f"SELECT FROM {table} WHERE {own}", "changes": f"UPDATE {table} SET {first} = {first} WHERE {own}", "removes": f"DELETE FROM {table} WHERE {own}",
                "adds": f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, '{row}')"}
        # Viewers read; and of an organization's own things its people without a network see what is everybody's.
        tried = [(who, how) for who in strangers + ("viewer",) for how in what
                 if how != "sees" or not (who == "viewer" or (who == "a member without the network" and of_organization))]
        wrong = [(who, how, done) for (who, how), done in zip(tried, attempts([(who, what[how]) for who, how in tried])) if done not in (0, "refused")]
        if not ok(not wrong, f"{table}: strangers and viewers change nothing, strangers see nothing"):
            print("\n".join(f"#   {line}" for line in wrong[:12]))
    # And those who may, can: otherwise all of the above would hold for a database that nobody can use.
    equal(run("member", "UPDATE host SET description = 'x'"), 1, "a member changes a host")
    equal(run("a sensor", "UPDATE host SET vendor = 'x'"), 1, "a sensor changes a host")
    equal(run("a sensor", "UPDATE service_group SET name = 'x'"), 0, "but not what people make")
    equal(run("viewer", "SELECT FROM host"), 1, "a viewer reads")
    equal(run("owner", "UPDATE tag SET name = 'x'"), 1, "an owner changes a tag")
    equal(run("member", "UPDATE tag SET name = 'x'"), 0, "a member does not")
    equal(run("member", "UPDATE network SET name = 'x'"), "refused", "nor a network's name")
    equal(run("owner", "UPDATE network SET name = 'x'"), 1, "an owner does")
    equal(run("member", "SELECT FROM audit"), 0, "the audit log is for admins and owners")
finally:
    c.remove()
end()
