#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Alerts: what sensors say makes them, they are over by themselves, people take note of them; rules say what, about whom, and when nobody is told."""
from netvisor import *

DAY = 86400


def fact(fact_kind, source="arp", first=None, last=None, count=1, **keys):
    now = time.time()
    return {"fact": fact_kind, "first": now if first is None else first, "last": now if last is None else last, "count": count, "vlan": [], "source": source,
            "confidence": "measured", **keys}


c = Collector()
try:
    c.start()
    c.sign_up()
    s = c.sensor()
    network, sensor = s.welcome["network_id"], s.welcome["sensor_id"]
    batch = [0]

    def say(*facts):
        batch[0] += 1
        s.say(batch[0], *facts)

    def get(path):
        status, body = c.request("GET", path)
        assert status == 200, (path, status, body)
        return body["data"]

    def alerts(**filters):
        return get("/api/alerts?" + "&".join(f"{k}={v}" for k, v in {"limit": 0, **filters}.items()))

    def look():
        """Have everything looked at now."""
        c.sql(f"SELECT pg_notify('netvisor_alert', '{network}')")

    def found(kind, state="open", many=1):
        """The alerts of a kind, once there are so many in that state."""
        def there():
            look()
            return len(alerts(kind=kind, state=state)) >= many
        until(there, step=0.1)
        return alerts(kind=kind, state=state)

    def post(path, body=None, want=200):
        status, answer = c.request("POST", path, body or {})
        if status != want:
            print(f"# {path}: {status} {answer}")
        return answer.get("data") if status == 200 else (status, answer.get("error"))

    # A network that began long ago, with a printer and a router.
    now = time.time()
    printer, router, phone, thief = "00:1b:21:00:00:01", "00:1b:21:00:00:02", "00:1b:21:00:00:03", "00:1b:21:00:00:0e"
    say(fact("address", mac=printer, ip="10.0.0.5", first=now - 3 * DAY, count=900), fact("address", mac=router, ip="10.0.0.1", first=now - 3 * DAY, count=900),
        fact("name", source="dhcp", name="printer", kind="hostname", mac=printer, ip="10.0.0.5", first=now - 3 * DAY),
        fact("service", source="tcp", ip="10.0.0.5", port=631, proto="tcp", state="open", clients=4, first=now - 3 * DAY))
    hosts = {i["mac_address"]: i["host_id"] for i in get("/api/interfaces") if i["mac_address"]}
    until(lambda: c.sql("SELECT born FROM alert_cursor") != [[""]])
    equal(alerts(), [], "what is there from the beginning is no news")
    # Its first hour is over.
    c.sql("UPDATE alert_cursor SET born = born - interval '2 days'; UPDATE sensor SET created_at = created_at - interval '2 days'")
    live = c.browser(network=network)

    say(fact("address", mac=phone, ip="10.0.0.7"))
    alert = found("new_device")[0]
    equal((alert["severity"], alert["detail"]["mac"], alert["detail"]["ip"], alert["state"], alert["times"]), ("note", phone, "10.0.0.7", "open", 1), "a new device")
    ok(alert["title"].startswith("A new device: ") and alert["why"] and alert["act"], "is told in words: what, why, what to do")
    ok(live.follow(lambda: alert["id"] in live.rows.get("alert", {})) and live.rows["alert"][alert["id"]]["title"] == alert["title"], "the feed has it")
    say(fact("address", mac="02:00:00:00:00:99", ip="10.0.0.9"))
    say(fact("service", source="tcp", ip="10.0.0.5", port=8080, proto="tcp", state="open"))
    equal(found("service_opened")[0]["detail"]["port"], 8080, "a new open service on a device that was known for a day")
    equal(len(alerts(kind="new_device")), 1, "a made-up MAC is no new device")

    # It closes again: the one is over, and one that had clients is missed.
    say(fact("service", source="tcp", ip="10.0.0.5", port=8080, proto="tcp", state="closed"), fact("service", source="tcp", ip="10.0.0.5", port=631, proto="tcp", state="closed", clients=4))
    gone = found("service_gone")
    equal([a["detail"]["port"] for a in gone], [631], "a service that had clients and is closed")
    equal(len(found("service_opened", "resolved")), 1, "and what was opened is over")
    say(fact("service", source="tcp", ip="10.0.0.5", port=631, proto="tcp", state="open", clients=4))
    equal(len(found("service_gone", "resolved")), 1, "it is over by itself when the service is back")
    say(fact("service", source="tcp", ip="10.0.0.5", port=631, proto="tcp", state="closed", clients=4))
    equal((found("service_gone")[0]["id"], found("service_gone")[0]["times"]), (gone[0]["id"], 2), "and the same alert when it goes again")

    # Steps of people.
    equal(post("/api/alerts/acknowledge", {"ids": [alert["id"]], "note": "mine"}), {"changed": 1}, "note is taken")
    one = get(f"/api/alerts/{alert['id']}")
    equal((one["state"], one["note"], bool(one["acknowledged_at"])), ("acknowledged", "mine", True), "by whom, when, and what for is kept")
    equal(post("/api/alerts/snooze", {"ids": [gone[0]["id"]], "until": time.time() + 3600}), {"changed": 1}, "another rests")
    equal(post("/api/alerts/snooze", {"ids": [gone[0]["id"]], "until": time.time() - 5}, 400)[0], 400, "not until yesterday")
    c.sql("UPDATE alert SET snoozed_until = now() WHERE state = 'snoozed'")
    equal(found("service_gone")[0]["id"], gone[0]["id"], "and comes back when its time is over")
    equal(post("/api/alerts/resolve", {"ids": [alert["id"]]}), {"changed": 1}, "what happened once can be said to be over")
    equal(post("/api/alerts/acknowledge", {"ids": ["00000000-0000-4000-8000-000000000001"]}, 404)[0], 404, "what is not there can't be acknowledged")

    # Who is gone: the others are heard, this one is not.
    c.sql(f"UPDATE host SET last_seen = last_seen - interval '2 hours' WHERE id = '{hosts[printer]}'")
    alert = found("device_gone")[0]
    equal((alert["host_id"], alert["title"], alert["severity"]), (hosts[printer], "printer is gone", "warn"), "a device that was always there is gone")
    equal(post("/api/alerts/resolve", {"ids": [alert["id"]]}, 409)[0], 409, "what is still so can't be said to be over")
    say(fact("address", mac=printer, ip="10.0.0.5"))
    equal(len(found("device_gone", "resolved")), 1, "and it is back")

    # Conflicts, and who pretends to be another.
    say(fact("conflict", ip="10.0.0.7", claims=[phone, thief]))
    equal(found("address_conflict")[0]["detail"]["claims"], [phone, thief], "an address that two claim")
    say(fact("address", mac=thief, ip="10.0.0.1"), fact("conflict", ip="10.0.0.1", claims=[router, thief]))
    alert = found("impostor")[0]
    equal((alert["detail"]["owner"], alert["detail"]["address"], alert["severity"]), (router, "10.0.0.1", "bad"), "one that belonged to another for days: an impostor")
    equal(len(alerts(kind="address_conflict")), 1, "which is not said a second time as a conflict")

    # What a sensor tells apart: answers that nobody asked for, and others than those that were there.
    say(fact("conflict", what="answer", ip="10.0.0.5", mac=thief, claims=[printer, thief]), fact("conflict", what="address", ip="10.0.0.5", claims=[printer, thief]),
        fact("conflict", source="dhcp", what="dhcp", ip="10.0.0.66", mac="00:1b:21:00:00:0f", claims=["10.0.0.1", "10.0.0.66"]),
        fact("conflict", source="nd", what="router", ip="fe80::66", mac="00:1b:21:00:00:0f", claims=["00:1b:21:00:00:02", "00:1b:21:00:00:0f"]),
        fact("conflict", source="stp", what="root", mac="00:1b:21:00:00:0f", claims=["00:1b:21:00:00:77", "00:1b:21:00:00:0f"]))
    told = {a["detail"]["case"]: a for a in found("impostor", many=5)}
    equal((sorted(told), told["answer"]["host_id"], told["answer"]["detail"]["owner"]), (["address", "answer", "dhcp", "root", "router"], hosts[printer], printer), "an answer that nobody asked for, another DHCP server, router and root")
    equal((told["dhcp"]["detail"]["was"], told["root"]["detail"]["was"]), (["10.0.0.1"], ["00:1b:21:00:00:77"]), "and who was there before")
    ok(all(a["title"] and a["why"] and a["act"] for a in told.values()) and told["root"]["title"].endswith("became the root of the spanning tree"), "each in words")
    equal(len(alerts(kind="address_conflict")), 1, "an address that was taken so is told of once")
    say(fact("route", source="nd", ip="fe80::1", mac=router, prefix="::/0", lifetime_s=1800, first=now - 3 * DAY), fact("route", source="nd", ip="fe80::9", mac="00:1b:21:00:00:1a", prefix="fd00:9::/64", lifetime_s=1800),
        fact("route", source="nd", ip="fe80::9", mac="00:1b:21:00:00:1a", prefix="::/0", lifetime_s=0), fact("route", source="nd", ip="fe80::a", mac="00:1b:21:00:00:1b", prefix="::/0", lifetime_s=1800))
    equal(sorted(a["detail"]["mac"] for a in found("impostor", many=6) if a["detail"]["case"] == "router"), ["00:1b:21:00:00:0f", "00:1b:21:00:00:1b"], "one that is a default router beside another is a stranger, a border router of lamps is none")

    # A certificate.
    soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 5 * DAY))
    say(fact("trait", source="probe", key="tls.not_after", value=soon, ip="10.0.0.5", port=631), fact("trait", source="probe", key="tls.not_after", value="2026-02-31T00:00:00Z", ip="10.0.0.1", port=443))
    alert = found("certificate_expiring")[0]
    equal((alert["detail"]["day"], alert["host_id"], len(alerts(kind="certificate_expiring"))), (soon[:10], hosts[printer], 1), "a certificate that runs out soon; what is no date is none")
    say(fact("trait", source="probe", key="tls.not_after", value=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 90 * DAY)), ip="10.0.0.5", port=631, last=time.time() + 1))
    equal(len(found("certificate_expiring", "resolved")), 1, "was renewed")

    # Losses: what was lost before is not news, what is lost now is.
    say(fact("loss", source="sensor", counter="outbox_full", value=3))
    equal(found("sensor_loss")[0]["detail"]["lost"], 3, "what a sensor has lost since it was looked at last")
    say(fact("loss", source="sensor", counter="outbox_full", value=10))
    ok(until(lambda: look() or alerts(kind="sensor_loss", state="open")[0]["detail"]["lost"] == 13, step=0.1), "and what it has lost more since then")
    s.ws.send({"type": "status", "at": time.time(), "counters": {"outbox_facts": 7, "outbox_bytes": 16384, "outbox_waiting_bytes": 900, "outbox_dropped": 10}})
    ok(until(lambda: get("/api/sensors")[0]["counters"].get("outbox_bytes") == 16384), "it tells how large its outbox is, and what that dropped")
    say(fact("loss", source="sensor", counter="outbox_full", value=1))
    ok(until(lambda: look() or alerts(kind="sensor_loss", state="open")[0]["detail"]["lost"] == 14, step=0.1), "a size is no loss, and none counts twice")

    # Rules.
    rules = {r["kind"]: r for r in get("/api/alert-rules?limit=0")}
    equal(sorted(rules), sorted("new_device device_gone address_conflict impostor service_opened service_gone certificate_expiring sensor_loss sensor_silent discovery_failed".split()), "a network has a rule of each kind")
    tag = post("/api/tags", {"name": "servers"})["id"]
    rule = {"network_id": network, "kind": "device_gone", "name": "Servers", "severity": "bad", "threshold": 2, "tags": [tag]}
    made = post("/api/alert-rules", rule)
    c.sql(f"UPDATE host SET tags = ARRAY['{tag}']::uuid[], present_since = now() - interval '1 hour' WHERE id = '{hosts[router]}'; UPDATE host SET last_seen = last_seen - interval '5 minutes' WHERE id = '{hosts[router]}'")
    say(fact("address", mac=printer, ip="10.0.0.5"))
    alert = found("device_gone")[0]
    equal((alert["host_id"], alert["severity"], alert["rule_id"]), (hosts[router], "bad", made["id"]), "a rule of one's own, about hosts with a tag, sooner than the other")
    for wrong, what in (({"threshold": 0}, "a threshold that is too small"), ({"timezone": "Mars/Olympus"}, "no time zone"), ({"quiet_from": "25:00", "quiet_to": "06:00"}, "no time of day"),
                        ({"channel_ids": ["00000000-0000-4000-8000-000000000001"]}, "no channel"), ({"quiet_days": [8]}, "no day"), ({"quiet_from": "22:00"}, "half of quiet hours")):
        equal(c.request("POST", "/api/alert-rules", {**rule, **wrong})[0], 400, f"refused: {what}")
    status, body = c.request("PUT", f"/api/alert-rules/{made['id']}", {"enabled": False})
    equal((status, len(found("device_gone", "resolved", 2))), (200, 2), "what a rule found is over when it is switched off")
    ok(any(e["entity"] == "alert_rule" for e in get("/api/audit?limit=0")), "who changes rules is in the audit log")
    kinds = {h["kind"] for h in get(f"/api/changes?network_id={network}&entity=alert&limit=100")["items"]} if "items" in get(f"/api/changes?network_id={network}&entity=alert&limit=1") else None
    ok(kinds is None or {"appeared", "gone"} <= kinds, "the history says when alerts came and when they were over")

    # Quiet hours: by a zone's clocks, also where the night has 23 or 25 hours.
    def quiet(at, start, end, zone="Europe/Berlin", days="{}"):
        return c.sql(f"SELECT alert_quiet_until(jsonb_populate_record(r, '{{\"quiet_from\": \"{start}\", \"quiet_to\": \"{end}\", \"timezone\": \"{zone}\"}}'::jsonb || jsonb_build_object('quiet_days', '{days}'::integer[])), '{at}'::timestamptz) AT TIME ZONE 'UTC' FROM alert_rule r LIMIT 1")[0][0]
    equal(quiet("2026-01-10 21:30Z", "22:00", "07:00"), "2026-01-11 06:00:00", "quiet over midnight")
    equal(quiet("2026-01-10 20:30Z", "22:00", "07:00"), "2026-01-10 20:30:00", "not before")
    equal(quiet("2026-03-29 00:30Z", "22:00", "07:00"), "2026-03-29 05:00:00", "in the night in which the clocks go forward")
    equal(quiet("2026-10-25 00:30Z", "22:00", "07:00"), "2026-10-25 06:00:00", "and back")
    equal(quiet("2026-01-10 10:00Z", "00:00", "00:00", days="{6,7}"), "2026-01-11 23:00:00", "a whole week-end")
    equal(quiet("2026-01-12 10:00Z", "00:00", "00:00", days="{6,7}"), "2026-01-12 10:00:00", "and not on Monday")

    # A sensor that is away. While nobody looks nobody is gone.
    s.close()
    until(lambda: c.sql("SELECT connected FROM sensor") == [["f"]])
    c.sql("UPDATE sensor SET last_seen = last_seen - interval '1 hour'; UPDATE host SET last_seen = last_seen - interval '1 hour'")
    alert = found("sensor_silent")[0]
    equal((alert["detail"]["case"], alert["sensor_id"]), ("away", sensor), "a sensor that is away")
    equal(alerts(kind="device_gone", state="open"), [], "nobody is gone while nobody looks")
    s = c.sensor()
    equal(len(found("sensor_silent", "resolved")), 1, "it is back")
    # Very many at once: what a look costs does not grow with how many are so times how many are told of.
    many = 1500
    c.sql(f"INSERT INTO discovery (network_id, sensor_id, name, discovery_type, run_type, failures) SELECT network_id, id, 'n' || n, '{{\"type\": \"Network\"}}', '{{\"type\": \"AdHoc\"}}', 3 "
          f"FROM sensor, generate_series(1, {many}) n WHERE id = (SELECT min(id::text)::uuid FROM sensor); SELECT pg_notify('netvisor_alert', '')")
    having = lambda state: int(c.sql(f"SELECT count(*) FROM alert WHERE kind = 'discovery_failed' AND state = '{state}' AND detail->>'discovery' ~ '^n[0-9]+$'")[0][0])
    until(lambda: having("open") == many, 20)
    c.sql("UPDATE discovery SET failures = 4 WHERE name ~ '^n[0-9]+$'; SELECT pg_notify('netvisor_alert', '')")
    ok(until(lambda: int(c.sql("SELECT count(*) FROM alert WHERE kind = 'discovery_failed' AND state = 'open' AND detail->>'failures' = '4'")[0][0]) >= many, 20), "very many that are so still are looked at again")
    c.sql("UPDATE discovery SET failures = 0 WHERE name ~ '^n[0-9]+$'; SELECT pg_notify('netvisor_alert', '')")
    ok(until(lambda: having("resolved") == many, 20), "very many that are so at once, and over at once")
finally:
    c.remove()
end()
