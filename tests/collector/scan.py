#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""A network scan from end to end, with a sensor that only says it scans: what it is asked with, SNMP credentials and who may see what
of them, how far it is, what it came to, and what becomes of services that it finds open and closed."""
import glob
import stat
from netvisor import *

REPORT = {"hostname": "probe", "interfaces": [
    {"name": "eth0", "mac": "02:00:00:00:00:01", "subnet_type": "Lan", "addresses": [{"ip": "10.1.2.3", "prefix": 24}, {"ip": "fd00:1::3", "prefix": 64}]}]}
COMMUNITY, AUTH, PRIVACY = "c0mmunity-Zr7q", "auth-Passw0rd-Zr7q", "priv-Passw0rd-Zr7q"
c = Collector("--log-level", "trace")


def call(method, path, body=None, key=None, want=200):
    status, answer = c.request(method, path, body, {"Authorization": "Bearer " + key, "Cookie": "x=y"} if key else None)
    equal(status, want, f"{method} {path.split('?')[0][:60]}: {(isinstance(answer, dict) and answer.get('error')) or 'well'}")
    return answer["data"]


def session(session_id):
    return b.rows.get("session", {}).get(session_id, {})


def follows(session_id, **want):
    done = b.follow(lambda: all(session(session_id).get(k) == v for k, v in want.items()))
    return done or print(f"#   {session(session_id)}")


def key_of(name, permissions):
    """Another person with this role, and a key of theirs."""
    c.sql(f"INSERT INTO user_account (id, organization_id, email, name, permissions, password_hash) SELECT gen_random_uuid(), organization_id, '{name}@example.org', "
          f"'{name}', '{permissions}', password_hash FROM user_account LIMIT 1; INSERT INTO user_network_access SELECT '{network}', id FROM user_account WHERE name = '{name}'")
    keep, c.cookie = c.cookie, None
    head, _ = c.request("POST", "/api/auth/login", {"email": f"{name}@example.org", "password": PASSWORD}, raw=True)
    c.cookie = head.getheader("Set-Cookie").split(";")[0]
    key = c.request("POST", "/api/auth/keys", {"name": name})[1]["data"]["key"]
    c.cookie = keep
    return key


def on_disk(*texts):
    """Which of the texts stand in clear in any file of the database, or in the collector's log."""
    found = set()
    for name in glob.glob(os.path.join(c.directory, "**"), recursive=True):
        if os.path.isfile(name):
            with open(name, "rb") as file:
                data = file.read()
            found |= {text for text in texts if text.encode() in data}
    return sorted(found)


try:
    c.start()
    c.sign_up()
    b = c.browser()
    s = c.sensor(discoveries="SelfReport,Network")
    network, sensor_id = s.welcome["network_id"], s.welcome["sensor_id"]
    s.result(s.command(), REPORT)
    s.say(1, fact("address", source="nd", mac="00:1b:21:00:00:05", ip="fd00:1::5"), fact("address", mac="00:1b:21:00:00:05", ip="10.1.2.5"),
          fact("service", source="tcp", ip="10.1.2.5", port=80, proto="tcp", state="open"))
    member, viewer = key_of("member", "member"), key_of("viewer", "viewer")
    owner = call("POST", "/api/auth/keys", {"name": "owner"})["key"]

    # Credentials: made by who may, kept sealed, shown to nobody.
    wrong = {"network_id": network, "name": "x"}
    for body, word in (({"version": "V2c"}, "community"), ({"version": "V3"}, "username"), ({"version": "V3", "username": "u", "privacy_protocol": "AES", "privacy_password": PRIVACY}, "signs"),
                       ({"version": "V3", "username": "u", "auth_protocol": "SHA"}, "auth_password"), ({"version": "V3", "username": "u", "auth_protocol": "ROT13"}, "must be one of"),
                       ({"version": "V3", "username": "u", "auth_protocol": "SHA", "auth_password": "short"}, "8 to 128"), ({"version": "V2c", "community": "x", "targets": ["all"]}, "targets"),
                       ({"version": "V4"}, "V1|V2c|V3")):
        status, answer = c.request("POST", "/api/snmp-credentials", {**wrong, **body})
        ok(status == 400 and word in answer["error"], f"refused: {answer['error']}")
    v2 = call("POST", "/api/snmp-credentials", {**wrong, "name": "Switches", "version": "V2c", "community": COMMUNITY, "targets": ["10.1.2.77/24", "10.1.2.9"]}, key=owner)
    equal((v2["has_community"], v2["targets"], v2["port"], v2["username"]), (True, ["10.1.2.0/24", "10.1.2.9/32"], 161, None), "a credential is made, by a key too")
    v3 = call("POST", "/api/snmp-credentials", {**wrong, "name": "Core", "version": "V3", "username": "ops", "auth_protocol": "SHA-256", "auth_password": AUTH,
                                                "privacy_protocol": "AES", "privacy_password": PRIVACY, "port": 1161})
    file = os.path.join(c.directory, "data", "secret.key")
    mode = os.stat(file)
    equal((stat.S_IMODE(mode.st_mode), mode.st_size), (0o600, 65), "the key that seals them has a file of its own, for the collector alone")
    seen = json.dumps([call("GET", "/api/snmp-credentials", key=member), call("GET", f"/api/snmp-credentials/{v3['id']}"), call("GET", "/api/audit")])
    seen += c.request("GET", "/api/snmp-credentials/export/csv", raw=True)[1].decode()
    ok("Switches" in seen and "snmp_credential" in seen and not any(x in seen for x in (COMMUNITY, AUTH, PRIVACY)), "members see which there are; nobody sees a secret")
    call("GET", "/api/snmp-credentials", key=viewer, want=403)
    call("POST", "/api/snmp-credentials", {**wrong, "version": "V1", "community": "x"}, key=member, want=403)
    call("DELETE", f"/api/snmp-credentials/{v2['id']}", key=member, want=403)
    c.sql("CHECKPOINT")
    equal(on_disk(COMMUNITY, AUTH, PRIVACY, "Switches"), ["Switches"], "none stands in clear in the database's files, nor in the log")
    changed = call("PUT", f"/api/snmp-credentials/{v3['id']}", {"name": "Core switches"})
    equal((changed["has_auth_password"], changed["revision"], changed["port"]), (True, 2, 1161), "a name changes without its secrets")
    audit = [(x["action"], x["after"]) for x in call("GET", "/api/audit?entity=snmp_credential&limit=0")]
    equal(audit[-1], ("update", {"name": "Core switches"}), "who changes one is in the audit log")
    call("PUT", f"/api/snmp-credentials/{v2['id']}", {"community": COMMUNITY + "2"})
    equal(call("GET", "/api/audit?entity=snmp_credential&limit=0")[-1]["after"], {"community": "another"}, "of a secret only that it is another")

    # A scan, made and started by a key: what the sensor is asked with.
    body = {"sensor_id": sensor_id, "name": "scan", "run_type": {"type": "AdHoc"},
            "discovery_type": {"type": "Network", "depth": "full", "rate": 500, "host_rate": 50, "excludes": ["10.1.2.1"], "engine": "xdp", "skip_alive": True}}
    scan = call("POST", "/api/discovery", body, key=member)["id"]
    call("POST", "/api/discovery", {**body, "discovery_type": {"type": "Network", "snmp_credential_ids": [sensor_id]}}, want=400)
    first = call("POST", "/api/discovery/start-session", {"discovery_id": scan}, key=member)["id"]
    asked = s.command()["arguments"]
    equal([asked[k] for k in ("depth", "rate", "host_rate", "excludes", "engine", "skip_alive", "identify", "resume")], ["full", 500, 50, ["10.1.2.1"], "xdp", True, True, None],
          "the sensor is asked with all that was said")
    equal(asked["prefixes"], ["10.1.2.0/24", "fd00:1::5/128"], "within its subnets; of IPv6, what is known")
    equal(asked["snmp"], [
        {"id": v2["id"], "name": "Switches", "version": "2c", "port": 161, "targets": ["10.1.2.0/24", "10.1.2.9/32"], "community": COMMUNITY + "2", "user": None, "context": None,
         "auth_protocol": None, "privacy_protocol": None},
        {"id": v3["id"], "name": "Core switches", "version": "3", "port": 1161, "targets": [], "user": "ops", "context": None, "auth_protocol": "SHA-256", "auth_password": AUTH,
         "privacy_protocol": "AES", "privacy_password": PRIVACY}], "and with the credentials")
    ok(not any(x in json.dumps(b.rows) + json.dumps(b.changes) + c.logged() for x in (COMMUNITY, AUTH, PRIVACY)), "which no browser and no log has")

    # How far it is.
    counts = {"step": "ports", "asked": 254, "up": 12, "open": 30, "saved": 7, "rate": 498.5, "remaining_s": 60}
    s.progress({"id": first}, 40, detail=counts, position="1:2:3")
    ok(follows(first, detail=counts, phase="Scanning", progress=40), "how far it is reaches a browser, in numbers")
    s.progress({"id": first}, 41)
    ok(follows(first, progress=41, detail=counts), "and stays until there are others")
    s.close()
    ok(follows(first, phase="Pending", detail=None, progress=0), "without its sensor it waits, and counts nothing")
    s = c.sensor(discoveries="SelfReport,Network")
    equal(s.command()["arguments"]["resume"], "1:2:3", "and is asked again from where it was")
    s.result({"id": first}, {"hosts_up": 12, "open": 30, "saved": 7, "seconds": 61.5, "engine": "uring", "notes": ["The port can't redirect.", 7], "odd": {"x": 1}, "long": "x" * 301})
    ok(follows(first, phase="Complete", detail=None), "it is complete")
    equal(session(first)["results"], {"hosts_up": 12, "open": 30, "saved": 7, "seconds": 61.5, "engine": "uring", "notes": ["The port can't redirect."]},
          "with what it came to, and nothing that is not understood")

    # Stopped, or failed: what it had come to stays.
    second = call("POST", "/api/discovery/start-session", {"discovery_id": scan})["id"]
    s.command()
    began = time.monotonic()
    call("POST", f"/api/discovery/{second}/cancel", {})
    cancel = s.command()
    ok(cancel["command"] == "cancel" and time.monotonic() - began < 0.5, f"the sensor hears at once that it is to stop ({1000 * (time.monotonic() - began):.0f} ms)")
    s.result({"id": second}, {"hosts_up": 3}, error="cancelled")
    ok(follows(second, phase="Cancelled", results={"hosts_up": 3}, error=None), "a scan that is cancelled keeps what it had come to")
    third = call("POST", "/api/discovery/start-session", {"discovery_id": scan})["id"]
    s.command()
    s.result({"id": third}, {"sent": 9}, error="The port is gone. Plug it in.")
    ok(follows(third, phase="Failed", results={"sent": 9}, error="The port is gone. Plug it in."), "and one that fails")

    # Without credentials, when the discovery is light or says so; only those that it names.
    for more, names in (({"depth": "light"}, []), ({"depth": "full", "snmp_credential_ids": []}, []), ({"depth": "light", "snmp_credential_ids": [v3["id"]]}, ["Core switches"])):
        call("PUT", f"/api/discovery/{scan}", {"discovery_type": {"type": "Network", **more}})
        run = call("POST", "/api/discovery/start-session", {"discovery_id": scan})["id"]
        equal([x["name"] for x in s.command()["arguments"]["snmp"]], names, f"with {more} it is asked with {names}")
        s.result({"id": run}, {})
        follows(run, phase="Complete")

    # What it finds: a probe proves a service, and that it is gone.
    service = lambda port: next((r for r in b.rows.get("service", {}).values() if (r["ip"], r["port"]) == ("10.1.2.5", port)), {})
    s.say(2, fact("service", first=2000.0, source="probe", ip="10.1.2.5", port=80, proto="tcp", state="closed"),
          fact("service", first=2000.0, source="probe", ip="10.1.2.5", port=443, proto="tcp", state="open"),
          fact("trait", first=2000.0, source="probe", ip="10.1.2.5", port=443, key="http.title", value="Router"))
    ok(b.follow(lambda: service(80).get("state") == "closed" and service(443).get("state") == "open"), "what a probe finds closed is closed, what it finds open is there")
    equal((service(443)["source"], service(443)["host_id"]), ("probe", service(80)["host_id"]), "as the probe's word, at its host")
    evidence = call("GET", f"/api/hosts/{service(443)['host_id']}/evidence")
    ok({(e["fact"]["fact"], e["fact"].get("port"), e["fact"].get("state")) for e in evidence if e["fact"]["source"] == "probe"} >= {("service", 80, "closed"), ("service", 443, "open")},
       "why it is so shows what the probe said")
    s.say(3, fact("service", first=1000.0, last=3000.0, count=5, source="tcp", ip="10.1.2.5", port=80, proto="tcp", state="open"))
    ok(b.follow(lambda: service(80).get("state") == "open"), "traffic opens it again")
    s.say(4, fact("service", first=2000.0, source="probe", ip="10.1.2.5", port=80, proto="tcp", state="closed"))
    time.sleep(0.3)
    b.follow(lambda: False, 0.1)
    equal(service(80)["state"], "open", "an older word does not close it")

    # What its pages tell of a service; it is looked at when the collector starts, so that a new definition needs no new scan.
    def page(port, path, status=200, title=None, body="", headers=()):
        trait = lambda key, value: fact("trait", first=2000.0, source="probe", ip="10.1.2.5", port=port, key=key, value=value)
        return [fact("service", first=2000.0, source="probe", ip="10.1.2.5", port=port, proto="tcp", state="open", name="http"), trait("http.status", f"{path} {status}"),
                trait("http.body", f"{path} {body or '-'}"), *(trait("http.header", f"{path} {h}") for h in headers), *([trait("http.title", title)] if title else [])]

    s.say(5, *page(3000, "/login", body="<title>Grafana</title>"), *page(2222, "/", body="<b>PORTAINER</b>", headers=("server: Caddy",)), *page(8080, "/", headers=("server: caddy",)),
          *page(2019, "/reverse_proxy/upstreams", 404, body="num_requests"), *page(8090, "/", title="Nothing that anybody knows"))

    # The key is lost; the connection is not private.
    call("PUT", f"/api/discovery/{scan}", {"discovery_type": {"type": "Network", "depth": "full"}})
    os.rename(file, file + ".away")
    c.stop()
    c.options += ["--client-ip-source", "x-forwarded-for"]
    c.start()
    b = c.browser()
    s = c.sensor(discoveries="SelfReport,Network")
    plain = call("POST", "/api/discovery/start-session", {"discovery_id": scan})["id"]
    ok(follows(plain, phase="Failed"), "a connection that others may read is given no credentials")
    ok("not encrypted" in session(plain)["error"] and "--tls-certificate" in session(plain)["error"], f"it says: {session(plain)['error']}")
    definitions = lambda: {port: service(port).get("definition") for port in (3000, 8080, 2019, 8090)}
    b.follow(lambda: definitions()[3000] and definitions()[8080], 8)
    equal(definitions(), {3000: "grafana", 8080: "caddy", 2019: "http", 8090: "http"},
          "a page tells its service, and a header what serves it; of an error and of a stranger's page there is what they speak")
    c.stop()
    c.options += ["--public-url", "https://netvisor.example"]
    c.start()
    b = c.browser()
    s = c.sensor(discoveries="SelfReport,Network")
    c.cookie, keep = None, c.cookie
    lost = call("POST", "/api/discovery/start-session", {"discovery_id": scan}, key=owner)["id"]
    ok(follows(lost, phase="Failed"), "behind a proxy with https it is; but without the key's file nothing opens")
    ok("Switches" in session(lost)["error"] and "--secret-key-file" in session(lost)["error"], f"it says: {session(lost)['error']}")
    call("PUT", f"/api/snmp-credentials/{v2['id']}", {"community": COMMUNITY}, key=owner)
    again = call("POST", "/api/discovery/start-session", {"discovery_id": scan}, key=owner)["id"]
    ok(follows(again, phase="Failed") and "another key" in session(again)["error"], f"a new key opens what it sealed alone: {session(again)['error']}")
    os.rename(file + ".away", file)
    call("PUT", f"/api/snmp-credentials/{v2['id']}", {"community": COMMUNITY}, key=owner)
    back = call("POST", "/api/discovery/start-session", {"discovery_id": scan}, key=owner)["id"]
    command = s.command()
    equal((command["id"], [x.get("community") for x in command["arguments"]["snmp"]]), (back, [COMMUNITY, None]), "the file is back, and all is well")
    equal(on_disk(COMMUNITY, AUTH, PRIVACY), [], "and still nothing stands in clear")
finally:
    c.remove()
end()
