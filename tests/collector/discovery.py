#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Discoveries: made, run, watched, cancelled, stalled, queued; by a schedule, by whom it may, on whichever collector."""
from netvisor import *

REPORT = {"hostname": "probe", "kernel": "6.1", "has_docker_socket": True, "interfaces": [
    {"name": "eth0", "mac": "02:00:00:00:00:01", "subnet_type": "Lan", "addresses": [{"ip": "10.1.2.3", "prefix": 24}, {"ip": "fe80::1", "prefix": 64}]},
    {"name": "wg0", "subnet_type": "VpnTunnel", "addresses": [{"ip": "10.9.8.7", "prefix": 32}]},
    {"name": "docker0", "subnet_type": "DockerBridge", "addresses": [{"ip": "172.17.0.1", "prefix": 16}]}]}
SCAN = {"type": "Network", "excludes": [], "ports": None, "depth": "light", "host_rate": 100, "engine": "uring", "skip_alive": False, "identify": True,
        "probe_raw_socket_ports": False, "probe_industrial_ports": False, "resume": None, "snmp": []}
c = Collector("--session-stall-seconds", "2")


def sessions(**keys):
    return [r for r in b.rows.get("session", {}).values() if all(r[k] == v for k, v in keys.items())]


def phase(session_id, *phases, seconds=10):
    return b.follow(lambda: b.rows.get("session", {}).get(session_id, {}).get("phase") in phases, seconds)


def start(discovery_id, status=200):
    have, answer = c.request("POST", "/api/discovery/start-session", {"discovery_id": discovery_id})
    equal(have, status, f"start-session: {answer['error'] or 'started'}")
    return answer["data"]


def make(**keys):
    return c.request("POST", "/api/discovery", {"sensor_id": sensor_id, "name": "d", "discovery_type": {"type": "SelfReport"},
                                                "run_type": {"type": "AdHoc"}, **keys})


try:
    c.start()
    c.sign_up()
    b = c.browser()

    # A new sensor: what it begins with, and its first report.
    s = c.sensor(discoveries="SelfReport", addresses=["10.1.2.3", "fe80::1"])
    command = s.command()
    equal((command["command"], command["arguments"]["type"], command["arguments"]["session_id"]), ("discover", "SelfReport", command["id"]),
          "a new sensor is asked to report itself at once")
    ok(phase(command["id"], "Starting"), "the session is Starting")
    equal(sorted((d["discovery_type"]["type"], d["run_type"]["type"]) for d in b.rows["discovery"].values()),
          [("Docker", "AdHoc"), ("Network", "AdHoc"), ("SelfReport", "Scheduled")], "three discoveries are made; only the report has a schedule")
    sensor_id = s.welcome["sensor_id"]
    changes = len(b.changes)
    s.progress(command, 10, "Started")
    ok(b.follow(lambda: b.rows["session"][command["id"]]["progress"] == 10), "progress reaches a browser")
    for percent in range(11, 61):
        s.progress(command, percent)
    ok(b.follow(lambda: b.rows["session"][command["id"]]["progress"] == 60), "the latest counts")
    equal(b.rows["session"][command["id"]]["phase"], "Scanning", "and its phase")
    ok(len([x for x in b.changes[changes:] if x["entity"] == "session"]) <= 4, "but not every one is written")
    s.progress(command, 5, "Started")
    s.result(command, REPORT)
    ok(phase(command["id"], "Complete"), "it is complete")
    row = b.rows["session"][command["id"]]
    equal((row["progress"], row["results"]["subnets"], row["results"]["hostname"]), (100, 3, "probe"), "with what it found, and never went back")
    ok(row["created_at"] <= row["started_at"] <= row["finished_at"], "and its times")
    ok(b.follow(lambda: len([r for r in b.rows["subnet"].values() if r["origin"] == "discovery"]) == 3), "its prefixes are subnets")
    equal({r["cidr"]: r["subnet_type"] for r in b.rows["subnet"].values() if r["origin"] == "discovery"},
          {"10.1.2.0/24": "Lan", "10.9.8.0/24": "VpnTunnel", "172.17.0.0/16": "DockerBridge"}, "each with its type; a tunnel's end stands for its network")
    capabilities = b.rows["sensor"][sensor_id]["capabilities"]
    equal((capabilities["has_docker_socket"], len(capabilities["interfaced_subnet_ids"]), capabilities["xdp"]), (True, 3, True), "the sensor has them")
    own = sessions(id=command["id"])[0]["discovery_id"]
    docker = next(d["id"] for d in b.rows["discovery"].values() if d["discovery_type"]["type"] == "Docker")
    scan = next(d["id"] for d in b.rows["discovery"].values() if d["discovery_type"]["type"] == "Network")

    # One at a time; the rest waits.
    first = start(own)
    equal((first["phase"], first["cause"], first["progress"]), ("Pending", "person", 0), "a run that a person asks for is Pending")
    command = s.command()
    start(own, 409)
    second = start(docker)
    third = start(scan)
    equal(sorted(third["discovery_type"]["prefixes"]), ["10.1.2.0/24"], "a scan's scope is what the sensor's port is in, not what the machine has elsewhere")
    active = c.request("GET", "/api/discovery/active-sessions")[1]["data"]
    equal([x["id"] for x in active], [first["id"], second["id"], third["id"]], "those that are not over, in their order")
    try:
        ok(False, f"one at a time: {s.command(1.2)}")
    except TimeoutError:
        ok(True, "one at a time: the others wait")
    s.result(command, REPORT)
    command = s.command()
    equal(command["id"], second["id"], "then the next")
    s.result(command, error="No containers here. Start one.")
    ok(phase(second["id"], "Failed"), "what the sensor can't do has failed")
    equal(sessions(id=second["id"])[0]["error"], "No containers here. Start one.", "in its words")
    command = s.command()
    equal((command["id"], command["arguments"]["rate"]), (third["id"], 1000), "and the one after it, with its arguments")
    equal({name: command["arguments"].get(name) for name in SCAN}, SCAN, "all of them, also of a discovery that is older than they are")

    # Cancel: at once for people; the next waits until the sensor has stopped.
    status, answer = c.request("POST", f"/api/discovery/{third['id']}/cancel", {})
    equal((status, answer["data"]["phase"]), (200, "Cancelled"), "a running session is cancelled")
    fourth = start(own)
    cancel = s.command()
    equal((cancel["command"], cancel["arguments"]["session_id"]), ("cancel", third["id"]), "the sensor is told")
    s.progress({"id": third["id"]}, 99)
    s.result({"id": third["id"]}, error="cancelled")
    command = s.command()
    equal(command["id"], fourth["id"], "the next begins when it has stopped")
    equal(c.request("GET", f"/api/sessions/{third['id']}")[1]["data"]["phase"], "Cancelled", "what it says later changes nothing")
    equal(c.request("POST", f"/api/discovery/{third['id']}/cancel", {})[0], 409, "it can't be cancelled again")
    equal(c.request("POST", f"/api/discovery/{own}/cancel", {})[0], 404, "nor what is no session")
    waiting = start(docker)
    equal(c.request("POST", f"/api/discovery/{waiting['id']}/cancel", {})[1]["data"]["phase"], "Cancelled", "one that waits too")

    # Silence: after --session-stall-seconds.
    ok(phase(fourth["id"], "Failed", seconds=12), "a session of which nothing is heard has failed")
    error = sessions(id=fourth["id"])[0]["error"]
    ok(error.startswith("Session stalled") and "2 seconds" in error and "start the discovery again" in error, f"and says: {error}")
    cancel = s.command()
    equal(cancel["command"], "cancel", "the sensor is told to stop")
    s.result({"id": fourth["id"]}, error="cancelled")

    # The connection is lost: the session waits, and is done by the next; three times are enough.
    fifth = start(own)
    for attempt in range(3):
        equal(s.command()["id"], fifth["id"], f"attempt {attempt + 1}")
        s.close()
        if attempt < 2:
            s = c.sensor(discoveries="SelfReport")
    ok(phase(fifth["id"], "Failed"), "a session that loses its sensor three times has failed")
    ok("lost 3 times" in sessions(id=fifth["id"])[0]["error"], "and says so")
    sixth = start(own)
    ok(phase(sixth["id"], "Failed", seconds=15), "without a sensor it waits, but not for ever")
    ok("not connected" in sessions(id=sixth["id"])[0]["error"], f"and says: {sessions(id=sixth['id'])[0]['error']}")
    s = c.sensor(discoveries="SelfReport")
    equal(len(c.request("GET", "/api/discovery")[1]["data"]), 3, "a sensor that comes again gets no second set of discoveries")

    # A report that makes no sense.
    seventh = start(own)
    s.result(s.command(), {"interfaces": [{"addresses": [{"ip": "10.0.0.256", "prefix": "x"}]}]})
    ok(phase(seventh["id"], "Failed") and "not understood" in sessions(id=seventh["id"])[0]["error"], "a report that can't be read fails the session alone")
    ok(b.follow(lambda: b.rows["sensor"][sensor_id]["connected"]), "the sensor stays")

    # Forms.
    for keys, field in (({"discovery_type": {"type": "Magic"}}, "discovery_type.type"), ({"run_type": {"type": "Scheduled", "cron": "61 * * * *"}}, "minute"),
                        ({"run_type": {"type": "Scheduled", "cron": "0 0 * * *", "timezone": "Mars/Base"}}, "run_type.timezone"),
                        ({"run_type": {"type": "Scheduled", "cron": "* * * * * *"}}, "once a minute"),
                        ({"run_type": {"type": "Scheduled", "cron": "0 0 31 2 *"}}, "never due"), ({"name": ""}, "name"),
                        ({"discovery_type": {"type": "Network", "targets": ["10.0.0.0/33"]}}, "targets"),
                        ({"discovery_type": {"type": "Network", "ports": "80-22"}}, "ports"), ({"discovery_type": {"type": "Network", "rate": 0}}, "rate"),
                        ({"discovery_type": {"type": "Network", "targets": ["224.0.0.0/28"]}}, "multicast"),
                        ({"discovery_type": {"type": "Network", "targets": ["255.255.255.255"]}}, "broadcast"),
                        ({"discovery_type": {"type": "Network", "targets": ["127.0.0.1"]}}, "loopback"), ({"discovery_type": {"type": "Network", "targets": ["::1"]}}, "loopback"),
                        ({"discovery_type": {"type": "Network", "targets": ["ff02::1"]}}, "multicast"),
                        ({"discovery_type": {"type": "Network", "targets": ["10.0.0.0/15"]}}, "more than the 65536"),
                        ({"discovery_type": {"type": "Network", "targets": ["2001:db8::/64"]}}, "so many"),
                        ({"discovery_type": {"type": "Network", "subnet_ids": ["00000000-0000-4000-8000-000000000000"]}}, "no subnet"),
                        ({"discovery_type": {"type": "Network", "subnet_ids": [next(r["id"] for r in b.rows["subnet"].values() if r["subnet_type"] == "Internet")]}}, "Internet")):
        status, answer = make(**keys)
        ok(status == 400 and field in answer["error"], f"refused: {answer['error']}")
    equal(make(sensor_id="00000000-0000-4000-8000-000000000000")[0], 404, "a sensor that is not there")
    status, answer = make(name="weekly", run_type={"type": "Scheduled", "cron": "0 3 * * 1", "timezone": "Europe/Berlin", "enabled": True, "next_run": 5, "last_run": 7})
    made = answer["data"]
    equal((status, made["run_type"]["last_run"], made["revision"]), (200, None, 1), "a schedule is made")
    when = time.gmtime(made["run_type"]["next_run"])
    ok(made["run_type"]["next_run"] > time.time() and when.tm_hour in (1, 2) and (when.tm_min, when.tm_wday) == (0, 0), "and is next due on a Monday at three in Berlin")
    ok(b.follow(lambda: made["id"] in b.rows["discovery"]), "a browser sees it")
    status, answer = c.request("PUT", f"/api/discovery/{made['id']}", {"run_type": {**made["run_type"], "enabled": False}}, {"If-Match": '"1"'})
    equal((status, answer["data"]["run_type"]["next_run"], answer["data"]["revision"], answer["data"]["name"]), (200, None, 2, "weekly"), "it is switched off")
    equal(c.request("PUT", f"/api/discovery/{made['id']}", {"name": "x"}, {"If-Match": '"1"'})[0], 412, "who has an older revision is told")
    head, csv = c.request("GET", "/api/discovery/export/csv", raw=True)
    ok(head.status == 200 and b"weekly" in csv, "as CSV")
    tag = c.request("POST", "/api/tags", {"name": "t"})[1]["data"]["id"]
    equal(c.request("PUT", "/api/tags/assign", {"entity_type": "Discovery", "entity_id": made["id"], "tag_ids": [tag]})[0], 200, "it can be tagged")
    c.request("DELETE", f"/api/tags/{tag}")
    equal(c.request("GET", f"/api/discovery/{made['id']}")[1]["data"]["tags"], [], "a tag that goes is taken from it")

    # A schedule that fails again and again.
    network_id = s.welcome["network_id"]
    status, answer = make(name="hopeless", run_type={"type": "Scheduled", "cron": "0 0 1 1 *"})
    hopeless = answer["data"]["id"]
    c.sql(f"UPDATE discovery SET failures = 3 WHERE id = '{hopeless}'")
    for attempt in range(2):
        c.sql(f"UPDATE discovery SET run_type = run_type || '{{\"next_run\": 1}}' WHERE id = '{hopeless}'")
        s.result(s.command(), error=f"It broke ({attempt}).")
    ok(b.follow(lambda: b.rows["discovery"].get(hopeless, {}).get("disabled_reason")), "after five failures in a row it is switched off")
    row = b.rows["discovery"][hopeless]
    equal((row["run_type"]["enabled"], row["run_type"]["next_run"], row["failures"]), (False, None, 5), "and not due any more")
    ok("It broke (1)." in row["disabled_reason"] and row["run_type"]["last_run"] > 1e9, f"it says: {row['disabled_reason']}")
    status, answer = c.request("PUT", f"/api/discovery/{hopeless}", {"run_type": {"type": "Scheduled", "cron": "0 0 1 1 *", "enabled": True}})
    equal((answer["data"]["failures"], answer["data"]["disabled_reason"]), (0, None), "switched on again it begins anew")
    ok(answer["data"]["run_type"]["last_run"] > 1e9, "and still knows when it ran")

    # History.
    listed = c.request("GET", f"/api/sessions?discovery_id={hopeless}&limit=1")[1]
    equal((len(listed["data"]), listed["meta"]["pagination"]["total"], listed["data"][0]["error"]), (1, 2, "It broke (1)."), "its history, newest first")
    equal(c.request("GET", "/api/sessions?phase=Cancelled")[1]["meta"]["pagination"]["total"], 2, "by phase")
    last = start(hopeless)
    equal(s.command()["id"], last["id"], "it runs")
    equal(c.request("DELETE", f"/api/discovery/{hopeless}")[0], 200, "a discovery that runs can be deleted")
    equal(s.command()["command"], "cancel", "its session is stopped")
    s.result({"id": last["id"]}, error="cancelled")
    ok(b.follow(lambda: hopeless not in b.rows["discovery"] and b.rows["session"][last["id"]]["discovery_id"] is None), "and stays in history")
    equal((sessions(id=last["id"])[0]["phase"], sessions(id=last["id"])[0]["error"]), ("Cancelled", "Its discovery was deleted."), "with the reason")
    equal(c.request("POST", "/api/discovery/bulk-delete", {"ids": [made["id"], docker]})[1]["data"]["deleted"], 2, "many at once")

    # Who may.
    c.sql("INSERT INTO user_account (id, organization_id, email, name, permissions, password_hash) SELECT '00000000-0000-4000-8000-00000000000b', "
          "organization_id, 'v@example.org', 'v', 'viewer', '-' FROM user_account LIMIT 1")
    c.sql(f"INSERT INTO user_network_access (network_id, user_id) VALUES ('{network_id}', '00000000-0000-4000-8000-00000000000b')")
    equal(c.sql("SELECT count(*) FROM session", "netvisor_app", ("00000000-0000-4000-8000-00000000000b", ""))[0][0] == "0", False, "a viewer sees sessions")
    for statement in (f"SELECT session_start('{network_id}', '{own}', 'person')",
                      f"INSERT INTO discovery (network_id, sensor_id, name, discovery_type, run_type) VALUES ('{network_id}', '{sensor_id}', 'x', '{{\"type\": \"SelfReport\"}}', '{{\"type\": \"AdHoc\"}}')"):
        try:
            c.sql(statement, "netvisor_app", ("00000000-0000-4000-8000-00000000000b", ""))
            ok(False, "and starts nothing")
        except RuntimeError as error:
            ok("row-level security" in str(error), "and starts nothing, whatever the code forgets")
    for session, was in (("Complete", "Pending"), ("Pending", "Complete"), ("Scanning", "Started")):
        equal(c.sql(f"SELECT session_may('{session}', '{was}')")[0][0], "f", f"from {session} no way leads to {was}")
    equal(b.gaps, 0, "the log has no gap")
finally:
    c.remove()
end()
