#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Every earlier schema, with rows that the collector of its time wrote (upgrade/NNNN.sql), is opened by today's: the rows are there, shown, and
go on; every table is behind its policies. A newer one is refused; a migration that was interrupted is taken up."""
import glob

from server import *

MIGRATIONS = sorted(glob.glob(os.path.join(TOP, "collector", "sql", "[0-9]*.sql")))
NETWORK = "55358b97-7b9f-45d0-9a84-129305018619"
SENSOR = "79ac35ae-c236-43e8-bc2c-233008993807"
OWNER = "f737a0f0-f153-476f-9d0b-9ed8e6d0366e"
KEY = "nvs_upgrade-test-0123456789abcdefghij"  # of the seeds' sensor
ENTITIES = ("network", "sensor", "host", "interface", "service", "flow")
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = 'netvisor'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY 1"
FORGOTTEN = ("schema_migration", "setup_token", "login_failure", "user_session")  # what need not outlive an upgrade
server = Server("fsync=off")


def read(path):
    with open(path) as file:
        return file.read()


def version_of(path):
    return int(os.path.basename(path)[:4])


def make(path, name, template):
    """A database as the collector whose last migration this is left it."""
    number, text = version_of(path), read(path)
    seed = os.path.join(os.path.dirname(os.path.abspath(__file__)), "upgrade", f"{number:04d}.sql")
    server.database(name, template)
    begin = "" if number > 1 else ("CREATE SCHEMA netvisor; CREATE TABLE netvisor.schema_migration (version integer PRIMARY KEY, name text NOT NULL, "
                                   "checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());")
    checksum = r"\x" + hashlib.blake2b(text.encode(), digest_size=32).hexdigest()
    server.psql(f"SET client_min_messages = warning; {begin} SET search_path = netvisor, pg_catalog; BEGIN;\n{text}\n"
                f"INSERT INTO schema_migration (version, name, checksum) VALUES ({number}, '{os.path.basename(path)}', '{checksum}');\nCOMMIT;\n"
                + (read(seed) if os.path.exists(seed) else ""), name, "nv:nvpw")


def counts(name, act=""):
    """{table: rows}, as the owner of the tables, or as whom these statements make it."""
    tables = [table for (table,) in server.rows(TABLES, name)]
    union = " UNION ALL ".join(f"SELECT '{table}', (SELECT count(*) FROM {table})" for table in tables if not act or table != "schema_migration")
    return {table: int(count) for table, count in server.rows(f"BEGIN; {act} {union}; COMMIT", name)}


def versions(name):
    return [int(version) for (version,) in server.rows("SELECT version FROM schema_migration ORDER BY 1", name)]


def collector(name):
    c = Collector("--database-url", server.url(name))
    with open(c.key_file(), "w") as file:
        file.write(KEY + "\n")
    if c.user:
        shutil.chown(c.key_file(), c.user)
    return c


def shown(name):
    """{entity: ids that its live view gives the owner}"""
    union = " UNION ALL ".join(f"SELECT '{entity}', id FROM live_{entity}" for entity in ENTITIES)
    found = {}
    for entity, row in server.rows(f"BEGIN; SET LOCAL ROLE netvisor_app; SELECT act_as('{OWNER}', '{NETWORK}', '') \\g /dev/null\n{union}; COMMIT", name):
        found.setdefault(entity, set()).add(row)
    return found


def flow(client, packets, last):
    return fact("flow", source="tcp", first=1000.0, last=last, client=client, server="10.0.0.1", port=443, proto="tcp", connections=1, packets=packets,
                bytes=packets * 100, packets_back=2, bytes_back=200)


def opens(c, name, number):
    """Today's collector on a database of so many migrations."""
    before = counts(name)
    faces = {tuple(row) for row in server.rows("SELECT mac, host(ip), array_to_string(vlan, ',') FROM interface", name)} if number > 1 else set()
    c.start()
    equal(versions(name), [version_of(path) for path in MIGRATIONS], f"from {number:04d}: all migrations are applied")
    after = counts(name)
    lost = {t: (n, after.get(t)) for t, n in before.items() if t not in FORGOTTEN and n > after.get(t, 0)}
    equal(lost, {}, f"no row of {sum(before.values())} is lost")
    response, _ = c.request("POST", "/api/auth/login", {"email": "owner@example.org", "password": PASSWORD}, raw=True)
    ok(response.status == 200, "the owner signs in")
    c.cookie = response.getheader("Set-Cookie").split(";")[0]
    b = c.browser()
    have = {(r["mac"] or "", r["ip"] or "", ",".join(map(str, r["vlan"]))) for r in b.rows.get("interface", {}).values()}
    ok(faces <= have and (number == 1 or len(faces) > 6), f"the dashboard shows its {len(faces)} interfaces")
    s = c.sensor(key=KEY)
    batch = {1: 0, 2: 2, 3: 2}.get(number, 3)
    equal((s.welcome["sensor_id"], s.acked), (SENSOR, batch), "its sensor is known, with its last batch")
    s.say(batch + 1, flow("10.0.0.2", 20, 1200.0), flow("10.0.0.3", 7, 1060.0), fact("address", mac="00:1b:21:00:00:77", ip="10.0.0.77"),
          fact("service", source="tcp", ip="10.0.0.77", port=80, proto="tcp", state="open"))
    equal(server.rows("SELECT host(client), sum(packets) FROM flow WHERE client <> '192.0.2.9' GROUP BY 1 ORDER BY 1", name), [["10.0.0.2", "20"], ["10.0.0.3", "7"]],
          "counters go on from where they were")
    ok(b.follow(lambda: any(r["ip"] == "10.0.0.77" for r in b.rows.get("interface", {}).values())) and b.gaps == 0, "and the dashboard follows")
    s.close()
    settled = lambda: b.seq >= int(server.query("SELECT change_seq FROM netvisor.network", name))
    b.follow(settled, 5)
    fresh = c.browser()
    views = shown(name)
    ok(sorted(views) == sorted(ENTITIES) and all(views[e] == set(b.rows[e]) == set(fresh.rows[e]) for e in ENTITIES),
       "the browser that stayed, one that came, and the views have the same rows")
    count, last, seq = server.rows("SELECT count(*), max(seq), (SELECT change_seq FROM network) FROM change", name)[0]
    ok(count == last == seq, f"the log is whole, 1 to {seq}")
    equal(server.rows("SELECT relname FROM pg_class WHERE relnamespace = 'netvisor'::regnamespace AND relkind IN ('r', 'p') "
                      "AND NOT relrowsecurity AND NOT relispartition AND relname <> 'schema_migration'", name), [], "every table has its policies")
    seen = {table: count for table, count in counts(name, "SET LOCAL ROLE netvisor_app;").items() if count}
    equal(seen, {}, "and none shows a row to nobody")
    b.close()
    fresh.close()


collectors = []
try:
    template = "template0"
    for path in MIGRATIONS:
        make(path, f"v{version_of(path)}", template)
        template = f"v{version_of(path)}"
    for number in map(version_of, MIGRATIONS[:-1]):
        server.database("opened", f"v{number}")
        collectors.append(collector("opened"))
        opens(collectors[-1], "opened", number)
        collectors[-1].stop()
        server.query("DROP DATABASE opened WITH (FORCE)", "postgres")

    # One that this program does not know yet.
    server.database("newer", template)
    server.query("INSERT INTO netvisor.schema_migration (version, name, checksum) VALUES (9999, '9999_later.sql', 'x')", "newer")
    before = counts("newer")
    collectors.append(collector("newer"))
    collectors[-1].start(wait=False)
    equal(collectors[-1].process.wait(20), 1, "a database of a newer version ends the collector")
    ok("newer NetVisor" in collectors[-1].logged() and "--database-url" in collectors[-1].logged(), "which says so, and what to do")
    equal(counts("newer"), before, "and it has touched nothing")

    # Killed in the middle of a migration: the lock on a table holds it there.
    server.database("cut", "v1")
    holder = subprocess.Popen(["psql", server.url("cut", "admin:adminpw"), "-X", "-q"], stdin=subprocess.PIPE, text=True)
    holder.stdin.write("BEGIN; LOCK TABLE netvisor.network IN ROW EXCLUSIVE MODE;\n")
    holder.stdin.flush()
    until(lambda: server.query("SELECT count(*) FROM pg_locks WHERE relation = 'netvisor.network'::regclass AND granted", "cut") != "0")
    c = collector("cut")
    collectors.append(c)
    c.start(wait=False)
    ok(until(lambda: server.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'netvisor-collector' AND wait_event_type = 'Lock'", "cut") == "1"),
       "a migration is under way")
    c.kill()
    holder.stdin.close()
    holder.wait()
    until(lambda: server.query("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'netvisor-collector'", "cut") == "0")
    equal(versions("cut"), [1], "kill -9 in it leaves the schema as it was")
    # Two at once take it up: one does it, the other waits.
    second = collector("cut")
    collectors.append(second)
    c.start(wait=False)
    second.start(wait=False)
    ok(until(lambda: "dashboard:" in c.said() and "dashboard:" in second.said(), 60), "two collectors started at once both come up")
    equal(versions("cut"), [version_of(path) for path in MIGRATIONS], "all migrations are applied")
    applied = [one.logged().count("applied ") for one in (c, second)]
    # Of many lines alike the log holds some back.
    equal([count > 0 for count in sorted(applied)], [False, True], "by one of them")
finally:
    for one in collectors:
        one.remove()
    server.remove()
end()
