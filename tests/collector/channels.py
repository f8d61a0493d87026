#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Alerts are told: to a webhook, to a real broker of MQTT with Home Assistant's discovery, and to a real SMTP server; a channel that is down is tried again and
loses nothing, also when the collector is killed meanwhile."""
import email
import email.policy
import hmac
import http.server
import threading

from netvisor import *

MAIL_SERVER = r"""
import asyncio, ssl, sys
sys.path.append('/usr/lib/python3/dist-packages')
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
class Handler:
    async def handle_DATA(self, server, session, envelope):
        with open(sys.argv[4], 'ab') as out:
            out.write(b'\x00' + envelope.content)
        return '250 OK'
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[2], sys.argv[3])
def auth(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b'netvisor', b'mail-secret'), handled=False)
class Server(Controller):
    def factory(self):
        return SMTP(self.handler, tls_context=context, require_starttls=True, authenticator=auth, auth_required=True, auth_require_tls=True)
server = Server(Handler(), hostname='127.0.0.1', port=int(sys.argv[1]))
server.start()
print('ready', flush=True)
sys.stdin.read()
"""


class Hook(http.server.BaseHTTPRequestHandler):
    got, answer = [], 200

    def do_POST(self):
        Hook.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(400 if b"refuse me" in Hook.got[-1][1] else Hook.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def fact(what, source="arp", first=None, **keys):
    return {"fact": what, "first": first or time.time(), "last": time.time(), "count": 9, "vlan": [], "source": source, "confidence": "measured", **keys}


started = []


def run(*command, **more):
    started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **more))
    return started[-1]


def listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def broker(place, port):
    process = run("mosquitto", "-c", os.path.join(place, "mosquitto.conf"))
    until(lambda: listening(port))
    return process


place = tempfile.mkdtemp(prefix="netvisor-channels-")
c = Collector()
hook = None
try:
    cert, key = os.path.join(place, "cert.pem"), os.path.join(place, "key.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", cert], check=True, stderr=subprocess.DEVNULL)
    with open(cert) as file:
        authority = file.read()
    mqtt_port, mail_port, hook_port = free_port(), free_port(), free_port()
    subprocess.run(["mosquitto_passwd", "-b", "-c", os.path.join(place, "passwords"), "netvisor", "mqtt-secret"], check=True)
    with open(os.path.join(place, "mosquitto.conf"), "w") as file:
        file.write(f"listener {mqtt_port} 127.0.0.1\ncertfile {cert}\nkeyfile {key}\nallow_anonymous false\npassword_file {place}/passwords\nuser root\n")
    c.start()
    c.sign_up()
    s = c.sensor()
    network = s.welcome["network_id"]
    mac, now = "00:1b:21:00:00:01", time.time()
    s.say(1, fact("address", mac=mac, ip="10.0.0.5", first=now - 3 * 86400), fact("name", source="dhcp", name="printer", kind="hostname", mac=mac, ip="10.0.0.5"))

    def ask(method, path, body=None):
        status, answer = c.request(method, path, body)
        if status != 200:
            print(f"# {method} {path}: {status} {answer}")
        return answer.get("data") if status == 200 else status

    def make(**fields):
        return ask("POST", "/api/alert-channels", {"network_id": network, "name": "x", **fields})

    def channel(of):
        return ask("GET", f"/api/alert-channels/{of['id']}")

    # A webhook that nobody answers yet.
    web = make(kind="Webhook", name="hook", url=f"http://127.0.0.1:{hook_port}/secret-path?token=abc", secret="sign-with-this", min_severity="warn")
    equal((web["url_shown"], web["has_secret"], [k for k in ("url", "secret", "password") if k in web]), (f"http://127.0.0.1:{hook_port}", True, []), "of a webhook only its server is shown")
    ask("POST", f"/api/alert-channels/{web['id']}/test")
    failing = until(lambda: (lambda of: of["failures"] and of)(channel(web)))
    ok(failing and "127.0.0.1" in failing["last_error"] and "secret-path" not in failing["last_error"] and failing["waiting"] == 1, "what can't be told waits, and why is said without the address")
    # An alert beside it, and the collector is killed before anybody is told.
    c.sql(f"INSERT INTO discovery (network_id, sensor_id, name, discovery_type, run_type, failures) SELECT network_id, id, 'nightly \\u00fcber Nacht', '{{\"type\": \"Network\"}}', '{{\"type\": \"AdHoc\"}}', 3 FROM sensor;"
          f"SELECT pg_notify('netvisor_alert', '{network}')".replace("\\u00fc", "ü"))
    until(lambda: channel(web)["waiting"] == 2)
    s.close()
    c.kill()
    hook = http.server.ThreadingHTTPServer(("127.0.0.1", hook_port), Hook)
    threading.Thread(target=hook.serve_forever, daemon=True).start()
    c.start()
    s = c.sensor()
    until(lambda: channel(web)["waiting"] == 0, 20)
    bodies = [json.loads(body) for _, body in Hook.got]
    equal([b["event"] for b in bodies][:1] + sorted({b["kind"] for b in bodies}), ["test", "discovery_failed", "test"], "a kill loses nothing: once the server is there it is told, in its order")
    head, raw = Hook.got[0]
    signed = dict(part.split("=") for part in head["X-NetVisor-Signature"].split(","))
    equal(signed["v1"], hmac.new(b"sign-with-this", signed["t"].encode() + b"." + raw, "sha256").hexdigest(), "signed with the channel's secret")
    ok(bodies[-1]["title"] == 'The discovery "nightly über Nacht" failed' and bodies[-1]["act"] and head["X-NetVisor-Delivery"], "in words, with an id by which twice is noticed")
    ok((lambda of: of["failures"] == 0 and of["last_error"] is None and of["last_told_at"])(channel(web)), "the channel is well again")

    # One message that the server refuses keeps no other.
    Hook.got.clear()
    c.sql("UPDATE discovery SET name = 'refuse me'; UPDATE discovery SET failures = 0; SELECT pg_notify('netvisor_alert', '')")
    until(lambda: any(json.loads(b)["event"] == "resolved" for _, b in Hook.got))
    c.sql("INSERT INTO discovery (network_id, sensor_id, name, discovery_type, run_type, failures) SELECT network_id, id, n, '{\"type\": \"Network\"}', '{\"type\": \"AdHoc\"}', 3 FROM sensor, unnest(ARRAY['refuse me', 'good one']) n;"
          "SELECT pg_notify('netvisor_alert', '')")
    until(lambda: any(b"good one" in b for _, b in Hook.got))
    ok(until(lambda: channel(web)["waiting"] == 1), "what one message is refused for keeps no other")
    equal({m["error"] for m in ask("GET", f"/api/alert-channels/{web['id']}/messages") if m["told_at"] is None}, {f"http://127.0.0.1:{hook_port} answered with status 400"}, "and is said")

    # Mail, by STARTTLS with a password; the authority is the channel's.
    mails = os.path.join(place, "mails")
    server = run(sys.executable, "-c", MAIL_SERVER, str(mail_port), cert, key, mails, stdin=subprocess.PIPE)
    has_mail = server.stdout.readline() == "ready\n"
    if has_mail:
        mail = make(kind="Email", name="mail", host="localhost", port=mail_port, tls="starttls", username="netvisor", password="wrong-secret", ca_certificate=authority,
                    from_address="netvisor@example.org", to_addresses=["one@example.org", "two@example.org"])
        ask("POST", f"/api/alert-channels/{mail['id']}/test")
        ok(until(lambda: "denied" in (channel(mail)["last_error"] or "").lower() or "auth" in (channel(mail)["last_error"] or "").lower()), "a wrong password is said")
        ask("PUT", f"/api/alert-channels/{mail['id']}", {"password": "mail-secret"})
        until(lambda: channel(mail)["waiting"] == 0)
        with open(mails, "rb") as file:
            message = email.message_from_bytes(file.read().split(b"\0")[1], policy=email.policy.default)
        equal((message["Subject"], message["From"].addresses[0].addr_spec, [a.addr_spec for a in message["To"].addresses], message["Auto-Submitted"]),
              ("[NetVisor] A test from NetVisor", "netvisor@example.org", ["one@example.org", "two@example.org"], "auto-generated"), "with the right one it is told, at once")
        ok("What to do: " in message.get_content() and message.get_content_charset() == "utf-8", "in words")
        for elsewhere in ({"host": "127.0.0.1"}, {"port": 25}, {"tls": "none"}):
            equal(c.request("PUT", f"/api/alert-channels/{mail['id']}", elsewhere)[0], 400, f"the password that is kept does not go along: {elsewhere}")
        equal([c.request("PUT", f"/api/alert-channels/{mail['id']}", {"host": host, "password": "mail-secret"})[0] for host in ("127.0.0.1", "localhost")], [200, 200], "one that is given again does")
        ask("PUT", f"/api/alert-channels/{mail['id']}", {"ca_certificate": None})
        ask("POST", f"/api/alert-channels/{mail['id']}/test")
        ok(until(lambda: "certificate" in (channel(mail)["last_error"] or "").lower()), "a server that nobody vouches for gets no password")
    else:
        skip("mail to a real SMTP server", "python3-aiosmtpd is not installed")
    for wrong, what in (({"from_address": "a@b\r\nBcc: c@d"}, "a line in an address"), ({"to_addresses": ["-oQ/tmp@x"]}, "an address that is an option"), ({"kind": "Mqtt", "topic": "a/#"}, "a wildcard as a topic"),
                        ({"kind": "Webhook", "url": "file:///etc/passwd"}, "no webhook"), ({"kind": "Mqtt", "host": "a b"}, "no host"), ({"kind": "Webhook"}, "no address")):
        equal(c.request("POST", "/api/alert-channels", {"network_id": network, "name": "x", "kind": "Email", "host": "localhost", "from_address": "a@b", "to_addresses": ["c@d"], **wrong})[0],
              400, f"refused: {what}")

    # MQTT, by TLS with a password, before the broker is there.
    mqtt = make(kind="Mqtt", name="home", host="localhost", port=mqtt_port, tls="tls", username="netvisor", password="mqtt-secret", ca_certificate=authority, topic="lab/netvisor", home_assistant=True)
    ask("POST", f"/api/alert-channels/{mqtt['id']}/test")
    ok(until(lambda: channel(mqtt)["failures"] > 0, 15), "a broker that is away is said to be")
    running = broker(place, mqtt_port)
    heard = {}

    def listen():
        listener = run("mosquitto_sub", "-p", str(mqtt_port), "-h", "localhost", "--cafile", cert, "-u", "netvisor", "-P", "mqtt-secret", "-t", "#", "-v", "-F", "%t %p")
        threading.Thread(target=lambda: [heard.__setitem__(*(line.rstrip("\n").split(" ", 1))) for line in listener.stdout], daemon=True).start()
    listen()
    c.sql("UPDATE alert_channel SET not_before = now(); SELECT pg_notify('netvisor_outbox', '')")
    base = f"lab/netvisor/{network}"
    host = ask("GET", "/api/hosts")[0]["id"]
    tracker = f"homeassistant/device_tracker/netvisor_{host}/config"
    until(lambda: f"{base}/alert" in heard and tracker in heard and f"{base}/device/{host}/attributes" in heard, 20)
    equal(json.loads(heard[f"{base}/alert"])["event"], "test", "when it is there it is told")
    config = json.loads(heard[tracker])
    equal((config["name"], config["state_topic"], config["device"]["connections"]), ("printer", f"{base}/device/{host}/state", [["mac", mac]]), "Home Assistant finds the devices")
    equal([heard.get(f"{base}/{t}") for t in ("status", "watching", f"device/{host}/state", "alerts/state")], ["online", "online", "home", "ON"], "who is there, and that there are alerts")
    c.sql("UPDATE host SET last_seen = now() - interval '11 minutes'")
    s.say(2, fact("address", mac="00:1b:21:00:00:02", ip="10.0.0.6"))
    c.sql("UPDATE alert_channel SET home_at = '-infinity'; SELECT pg_notify('netvisor_outbox', '')")
    ok(until(lambda: heard.get(f"{base}/device/{host}/state") == "not_home"), "and who is not")
    # The broker loses all that it had, and comes back.
    running.terminate()
    running.wait()
    heard.clear()
    running = broker(place, mqtt_port)
    listen()
    ask("POST", f"/api/alert-channels/{mqtt['id']}/test")
    ok(until(lambda: tracker in heard and heard.get(f"{base}/status") == "online" and f"{base}/alert" in heard, 20), "a broker that was restarted has everything again")
    ok(not any(secret in line for secret in ("mqtt-secret", "mail-secret", "sign-with-this", "secret-path") for line in
               [c.logged(), str(c.sql("SELECT to_jsonb(t) FROM alert_channel t")), str(c.sql("SELECT to_jsonb(t) FROM audit t")), str(ask("GET", "/api/alert-channels?limit=0"))]),
       "no secret is in the log, the database, the audit log or an answer")
    c.kill()
    ok(until(lambda: heard.get(f"{base}/status") == "offline"), "the broker says when the collector is gone")

    # Where channels may only go to the internet.
    s.close()
    c.options += ["--alert-targets", "public"]
    Hook.got.clear()
    c.start()
    ask("POST", f"/api/alert-channels/{web['id']}/test")
    ok(until(lambda: channel(web)["failures"] > 0) and not Hook.got, "with --alert-targets public this machine is not asked")
finally:
    for process in started:
        process.kill()
        process.wait()
    if hook:
        hook.shutdown()
    c.remove()
    shutil.rmtree(place, ignore_errors=True)
end()
