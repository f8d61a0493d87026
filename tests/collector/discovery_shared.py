#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Two collectors on one database: what one is asked, the other's sensor does; a schedule fires once; a session outlives its collector."""
from netvisor import *

first = Collector("--session-stall-seconds", "4")
second = Collector("--session-stall-seconds", "4", "--database-url", f"postgresql:///postgres?host={first.directory}/data/postgres&user=netvisor")


def start(collector, discovery_id):
    status, answer = collector.request("POST", "/api/discovery/start-session", {"discovery_id": discovery_id})
    ok(status == 200, f"a session is started: {answer['error'] or answer['data']['id']}")
    return answer["data"]["id"]


def phase(session_id, wanted, seconds=15):
    return b.follow(lambda: b.rows.get("session", {}).get(session_id, {}).get("phase") == wanted, seconds)


def closed(sensor, seconds=10):
    try:
        while True:
            message = sensor.ws.receive(seconds)
            if message["type"] == "error":
                said.append(message["code"])
    except Closed as end_:
        return end_.code
    except TimeoutError:
        return None


try:
    first.start()
    first.sign_up()
    second.start()
    second.cookie = first.cookie
    b = first.browser()
    s = second.sensor(key=first.key(), discoveries="SelfReport")
    sensor_id, said = s.welcome["sensor_id"], []
    s.result(s.command(), {"interfaces": []})
    ok(b.follow(lambda: any(r["phase"] == "Complete" for r in b.rows.get("session", {}).values())), "a session at one is seen at the other")
    own = next(d["id"] for d in b.rows["discovery"].values() if d["discovery_type"]["type"] == "SelfReport")

    # Asked at one, done at the other.
    began = time.monotonic()
    session = start(first, own)
    command = s.command()
    ok(command["id"] == session and time.monotonic() - began < 1, f"it reaches the sensor at the other collector at once ({time.monotonic() - began:.2f} s)")
    first.request("POST", f"/api/discovery/{session}/cancel", {})
    equal(s.command()["command"], "cancel", "and so does its cancelling")
    s.result(command, error="cancelled")

    import threading
    answers = []
    call = threading.Thread(target=lambda: answers.append(first.request("POST", f"/api/sensors/{sensor_id}/refresh", {})))
    call.start()
    command = s.command()
    equal(command["command"], "refresh", "a command reaches it")
    s.result(command, {"facts": 7})
    call.join()
    equal((answers[0][0], answers[0][1]["data"]), (200, {"facts": 7}), "and its answer who asked")
    call = threading.Thread(target=lambda: answers.append(first.request("POST", f"/api/sensors/{sensor_id}/refresh", {})))
    call.start()
    s.result(s.command(), error="not now")
    call.join()
    equal((answers[1][0], answers[1][1]["error"]), (502, "not now"), "also when it refuses")

    # The same key at the other collector: the newer connection counts, and what ran goes on there.
    session = start(second, own)
    equal(s.command()["id"], session, "a session begins")
    s2 = first.sensor(discoveries="SelfReport")
    equal((closed(s), said), (1008, ["replaced"]), "the older connection is closed, at another collector")
    equal(s2.command()["id"], session, "its session goes on at the newer one")
    time.sleep(0.5)
    ok(b.follow(lambda: b.rows["sensor"][sensor_id]["connected"], 3) and first.sql(f"SELECT connected FROM sensor WHERE id = '{sensor_id}'")[0][0] == "t",
       "the older one does not say that the sensor has left")
    s2.result({"id": session}, {"interfaces": []})
    ok(phase(session, "Complete"), "and is complete")

    # Twelve schedules that are due at once, and two collectors that look for them.
    for i in range(12):
        status, answer = first.request("POST", "/api/discovery", {"sensor_id": sensor_id, "name": f"every hour {i}", "discovery_type": {"type": "SelfReport"},
                                                                  "run_type": {"type": "Scheduled", "cron": "0 * * * *", "timezone": "Asia/Kathmandu"}})
        assert status == 200, answer
    first.sql("UPDATE discovery SET run_type = run_type || jsonb_build_object('next_run', extract(epoch FROM now())::bigint + 1) WHERE name LIKE 'every hour%'")
    for i in range(12):
        s2.result(s2.command(), {"interfaces": []})
    ok(b.follow(lambda: len([r for r in b.rows["session"].values() if r["cause"] == "schedule" and r["phase"] == "Complete"]) >= 12, 15), "all are run")
    time.sleep(2.5)
    equal(first.sql("SELECT count(*), count(DISTINCT discovery_id), bool_and(attempts = 1) FROM session WHERE cause = 'schedule'"), [["12", "12", "t"]],
          "each once")
    rows = first.sql("SELECT min((run_type->>'next_run')::bigint) > extract(epoch FROM now()), bool_and(((run_type->>'next_run')::bigint + 2700) % 3600 = 0) "
                     "FROM discovery WHERE name LIKE 'every hour%'")
    equal(rows, [["t", "t"]], "and is due again at the full hour of its zone")

    # The collector that holds the sensor is killed.
    s2.close()
    s = second.sensor(key=first.key(), discoveries="SelfReport")
    session = start(first, own)
    equal(s.command()["id"], session, "a session runs at one collector")
    s.progress({"id": session}, 40)
    ok(b.follow(lambda: b.rows["session"].get(session, {}).get("progress") == 40), "it is under way")
    second.kill()
    s2 = first.sensor(discoveries="SelfReport")
    equal(s2.command()["id"], session, "which is killed: the sensor comes to the other, and is asked again")
    # One that a dead collector has claimed, while the sensor is connected here.
    first.sql(f"UPDATE session SET claimed_by = gen_random_uuid() WHERE id = '{session}'")
    ok(until(lambda: first.sql(f"SELECT attempts, phase FROM session WHERE id = '{session}'") == [["3", "Starting"]]), "what a dead collector holds is let go of and taken up")
    time.sleep(0.3)
    equal(s2.commands, [], "a sensor that is at it already is not asked twice")
    s2.result({"id": session}, {"interfaces": []})
    ok(phase(session, "Complete"), "and complete")
    s2.close()
    until(lambda: first.sql(f"SELECT connected FROM sensor WHERE id = '{sensor_id}'")[0][0] == "f")
    began = time.monotonic()
    equal((first.request("POST", f"/api/sensors/{sensor_id}/refresh", {})[0], time.monotonic() - began < 2), (409, True), "a sensor that is nowhere can't be commanded")
    equal(b.gaps, 0, "the log has no gap")
finally:
    second.remove()
    first.remove()
end()
