#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""backup and restore: the same rows of every table come back, whether the collector runs or not; what goes wrong leaves the database as it was
and says why."""
import threading

from server import *

PROGRAM = os.environ.get("COLLECTOR", os.path.join(BUILD, "netvisor-collector"))
top = tempfile.mkdtemp(prefix="netvisor-backup-")
os.chmod(top, 0o755)
c, other = Collector(), Collector()
as_user = ["--user", c.user] if c.user else []


def run(command, *arguments, data=None, **keys):
    words = [PROGRAM, command, *arguments] + (["--data-dir", data] if data else [])
    return subprocess.run(words + (as_user if data else []), capture_output=True, text=True, timeout=60, cwd=top, **keys)


def fails(result, words, what, status=1):
    if not ok(result.returncode == status and all(w in result.stderr for w in words), what):
        print(f"#   status {result.returncode}: {result.stdout} {result.stderr}")


def tables(collector):
    """{table: its rows as text, in order}; sessions are not restored. But for what says every few seconds that a sensor is still there."""
    names = [row[0] for row in collector.sql("SELECT relname FROM pg_class WHERE relnamespace = 'netvisor'::regnamespace AND relkind IN ('r', 'p') "
                                             "AND NOT relispartition AND relname <> 'user_session' ORDER BY 1")]
    rows = {"change": "(SELECT * FROM change WHERE entity <> 'sensor')", "network": "(SELECT to_jsonb(n) - 'change_seq' - 'change_room' FROM network n)"}
    return {name: collector.sql(f"SELECT md5(string_agg(t::text, E'\\n' ORDER BY t::text)), count(*) FROM {rows.get(name, name)} t")[0] for name in names}


def shape(collector):
    """What a schema is made of besides rows."""
    return collector.sql("SELECT 'policy', tablename || policyname || roles::text || coalesce(qual, '') || coalesce(with_check, '') FROM pg_policies WHERE schemaname = 'netvisor' "
                         "UNION ALL SELECT 'security', relname FROM pg_class WHERE relnamespace = 'netvisor'::regnamespace AND relrowsecurity "
                         "UNION ALL SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'netvisor' "
                         "UNION ALL SELECT 'trigger', tgrelid::regclass || tgname FROM pg_trigger WHERE NOT tgisinternal "
                         "UNION ALL SELECT 'function', oid::regprocedure || array_to_string(proconfig, ',') || prosecdef FROM pg_proc WHERE pronamespace = 'netvisor'::regnamespace "
                         "UNION ALL SELECT 'right', table_name || grantee || privilege_type FROM information_schema.role_table_grants "
                         "WHERE table_schema = 'netvisor' AND grantee = 'netvisor_app' ORDER BY 1, 2")


EACH = 100  # hosts of a batch


def facts(number, count=EACH):
    found = []
    for i in range(count):
        ip = f"10.{number % 250}.{i // 250}.{i % 250 + 1}"
        found += [fact("address", mac=f"00:1b:21:{number % 250:02x}:{i // 250:02x}:{i % 250:02x}", ip=ip),
                  fact("service", source="tcp", ip=ip, port=443, proto="tcp", state="open"),
                  fact("flow", source="tcp", client=ip, server="10.0.0.1", port=443, proto="tcp", connections=1, packets=number, bytes=9, packets_back=0, bytes_back=0)]
    return found


def data(collector):
    return os.path.join(collector.directory, "data")


def names_of_children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file_:
            return [open(f"/proc/{child}/comm").read().strip() for child in file_.read().split()]
    except OSError:
        return []


file = os.path.join(top, "one.dump")
space = server = None
try:
    fails(run("backup", file, data=os.path.join(top, "none")), ["--data-dir", "no database"], "nothing to back up: says so")
    ok(not os.listdir(top), "and leaves nothing")
    fails(run("backup"), ["FILE"], "without a file: says so", 2)
    c.start()
    c.sign_up()
    s = c.sensor()
    for number in range(1, 4):
        s.say(number, *facts(number))
    # Then nothing is left to conclude, and nothing changes by itself.
    c.concluded()
    before = tables(c)
    result = run("backup", file, data=data(c))
    ok(result.returncode == 0 and file in result.stdout, f"a backup while the collector runs: {result.stdout.strip()} {result.stderr.strip()}")
    equal(oct(os.stat(file).st_mode & 0o777), "0o600", "the file is its owner's alone")
    ok(subprocess.run([BIN + "/pg_restore", "--list", file], capture_output=True).returncode == 0, "pg_restore reads it")
    was = os.stat(file)
    fails(run("backup", file, data=data(c)), ["--force", file], "a file that is there is not replaced")
    equal((os.stat(file).st_ino, os.stat(file).st_size), (was.st_ino, was.st_size), "nor touched")
    equal(os.listdir(top), ["one.dump"], "and nothing else is left")
    ok(run("backup", "--force", file, data=data(c)).returncode == 0 and os.stat(file).st_ino != was.st_ino, "with --force it is")

    # Under load: one moment of the database.
    for number in range(4, 12):
        s.send(number, *facts(number))
    s.ack(5)
    ok(run("backup", os.path.join(top, "load.dump"), data=data(c)).returncode == 0, "a backup while batches come")
    s.ack(11)
    fails(run("restore", "--force", file, data=data(c)), ["collector runs", "end it"], "no restore under a collector that runs")
    c.stop()
    ok(run("backup", os.path.join(top, "still.dump"), data=data(c)).returncode == 0, "a backup when no collector runs")

    # Into a database that is there, and into none.
    fails(run("restore", file, data=data(c)), ["--force"], "what the database holds is not replaced unasked")
    result = run("restore", "--force", file, data=data(c))
    ok(result.returncode == 0, f"with --force it is: {result.stdout.strip()} {result.stderr.strip()}")
    result = run("restore", file, data=data(other))
    ok(result.returncode == 0, f"a restore where there was nothing: {result.stdout.strip()} {result.stderr.strip()}")
    shutil.copy2(c.key_file(), other.key_file())
    shutil.chown(other.key_file(), c.user or os.getuid())
    c.start()
    other.start()
    had = {k: v for k, v in before.items() if k not in ("sensor", "setup_token", "collector_instance", "alert_cursor")
           and not k.startswith("traffic")}  # what a start, and the upkeep soon after it, change
    for what, collector in (("the same database", c), ("another one", other)):
        have = tables(collector)
        equal({k: have.get(k) for k in had if have.get(k) != had[k]}, {}, f"{what} has the same rows in each of {len(had)} tables")
    equal(shape(other), shape(c), "and the same policies, indexes, functions, triggers and rights")
    equal(c.sql("SELECT count(*) FROM user_session"), [["0"]], "sessions do not come back: who had signed out stays out")
    response, _ = other.request("POST", "/api/auth/login", {"email": "owner@example.org", "password": PASSWORD}, raw=True)
    equal(response.status, 200, "the account does")
    other.cookie = response.getheader("Set-Cookie").split(";")[0]
    again = other.sensor()
    equal(again.acked, 3, "a sensor is told which batch was the last")
    b = other.browser()
    again.say(4, *facts(4))
    ok(b.follow(lambda: len(b.rows["host"]) == 4 * EACH, 20) and b.gaps == 0, "and its next ones are taken, and shown")

    # One moment: each batch is there whole or not at all, and the outbox says which.
    other.stop()
    ok(run("restore", "--force", os.path.join(top, "load.dump"), data=data(other)).returncode == 0, "the one made under load is restored")
    other.start()
    batch, interfaces = other.sql("SELECT max(batch), (SELECT count(*) FROM interface WHERE mac IS NOT NULL) FROM sensor_outbox")[0]
    ok(int(interfaces) == int(batch) * EACH and int(batch) >= 5, f"it ends with a whole batch ({batch})")
    count, last, seq = other.sql("SELECT count(*), max(seq), (SELECT change_seq FROM network) FROM change")[0]
    ok(count == last and int(seq) - int(last) in (0, 1), "and its log has no gap")
    other.stop()

    # What is no backup, what is a newer one, what is cut off.
    for name, content in (("text", b"hello"), ("empty", b""), ("cut", open(file, "rb").read()[:20000])):
        with open(os.path.join(top, name), "wb") as made:
            made.write(content)
        fails(run("restore", "--force", os.path.join(top, name), data=data(other)), [name], f"a file that is {name} is refused")
    fails(run("restore", os.path.join(top, "nowhere"), data=data(other)), ["nowhere", "No such file"], "as is one that is not there")
    with open(file, "rb") as made:
        whole = bytearray(made.read())
    # In the data, behind the list of what there is.
    cut = len(whole) * 19 // 20
    whole[cut:cut + 2000] = bytes(min(2000, len(whole) - cut))
    with open(os.path.join(top, "broken"), "wb") as made:
        made.write(whole)
    fails(run("restore", "--force", os.path.join(top, "broken"), data=data(other)), ["as it was"], "a backup that is broken inside changes nothing")
    other.start()
    equal(other.sql("SELECT max(batch) FROM sensor_outbox")[0][0], batch, "the database is as it was")
    other.sql("INSERT INTO schema_migration (version, name, checksum) VALUES (9999, '9999_later.sql', 'x')")
    ok(run("backup", os.path.join(top, "newer.dump"), data=data(other)).returncode == 0, "a database of a newer version is backed up")
    other.stop()
    c.stop()
    fails(run("restore", "--force", os.path.join(top, "newer.dump"), data=data(c)), ["newer NetVisor", "9999"], "but not restored by an older one")

    # kill -9 in the middle.
    victim = subprocess.Popen([PROGRAM, "restore", "--force", os.path.join(top, "load.dump"), "--data-dir", data(c)] + as_user, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    started = until(lambda: "psql" in names_of_children(victim.pid), 20, 0.005)
    time.sleep(0.1)
    ok(started and victim.poll() is None, "a restore is killed while it writes")
    victim.kill()
    victim.wait()
    c.start()
    equal(c.sql("SELECT max(batch), (SELECT count(*) FROM schema_migration WHERE version = 9999) FROM sensor_outbox")[0], ["3", "0"], "the database is as it was before")
    victim = subprocess.Popen([PROGRAM, "backup", os.path.join(top, "killed.dump"), "--data-dir", data(c)] + as_user, stdout=subprocess.DEVNULL)
    until(lambda: os.path.exists(os.path.join(top, "killed.dump.part")), 10, 0.002)
    victim.kill()
    victim.wait()
    ok(not os.path.exists(os.path.join(top, "killed.dump")), "a backup that is killed leaves no file of that name")
    ok(until(lambda: run("backup", os.path.join(top, "killed.dump"), data=data(c)).returncode == 0, 5), "and the next one is not hindered")
    ok(not os.path.exists(os.path.join(top, "killed.dump.part")), "whose part is gone")

    # A server elsewhere, by URL, with an owner that is no superuser: passwords are in no list of processes.
    server = Server("fsync=off")
    first, second = server.database("first"), server.database("second")
    result = run("restore", file, "--database-url", first)
    ok(result.returncode == 0 and not result.stderr, f"a restore into a database by its URL: {result.stdout.strip()} {result.stderr[:200].strip()}")
    watched, stop = [], threading.Event()

    def watch():
        while not stop.is_set():
            for pid in filter(str.isdigit, os.listdir("/proc")):
                try:
                    with open(f"/proc/{pid}/cmdline", "rb") as words:
                        line = words.read().replace(b"\0", b" ")
                except OSError:
                    continue
                if b"pg_dump" in line or b"psql" in line or b"pg_restore" in line:
                    watched.append(line.decode(errors="replace"))

    thread = threading.Thread(target=watch)
    thread.start()
    environment = {**os.environ, "NETVISOR_DATABASE_URL": first}
    result = run("backup", os.path.join(top, "url.dump"), env=environment)
    ok(result.returncode == 0, f"a backup, with the URL in the environment: {result.stdout.strip()} {result.stderr.strip()}")
    result = run("restore", os.path.join(top, "url.dump"), env={**os.environ, "NETVISOR_DATABASE_URL": second})
    stop.set()
    thread.join()
    ok(result.returncode == 0 and watched and not any("nvpw" in line for line in watched), "a restore too; no program of PostgreSQL has the password among its arguments")
    counts = [[server.query(f"SELECT count(*) FROM netvisor.{table}", name) for table in ("host", "interface", "flow", "change", "user_account")] for name in ("first", "second")]
    ok(counts[0] == counts[1] and int(counts[0][0]) == 3 * EACH, f"the same rows: {counts[0]}")
    one = Collector("--database-url", second)
    one.start()
    fails(run("restore", "--force", file, "--database-url", second), ["connections of collectors", "end them"], "no restore under a collector that uses the database")
    one.remove()
    fails(run("backup", os.path.join(top, "no.dump"), "--database-url", server.url("first", "nv:wrong")), ["password", "--database-url"], "a wrong password: says so")
    server.remove()

    # A full disk.
    if os.geteuid() == 0:
        space = os.path.join(top, "small")
        os.mkdir(space)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", space], check=True)
        fails(run("backup", os.path.join(space, "full.dump"), data=data(c)), ["No space left"], "a full disk: says so")
        equal(os.listdir(space), [], "and leaves nothing there")
    else:
        print("ok - a full disk # SKIP root is needed to mount a small one")
finally:
    if space:
        subprocess.run(["umount", space])
    c.remove()
    other.remove()
    if server:
        server.remove()
    shutil.rmtree(top, ignore_errors=True)
end()
