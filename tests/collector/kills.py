#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Random kills under load: SIGKILL of a collector, of PostgreSQL, of a sensor, and cuts of the network between them, with two collectors on one
database, sensors and browsers on either. Then: no acknowledged fact is lost, none was applied twice, and the log has no gap.

KILLS=n (12); `make bench-kills KILLS=200`. Two sensors are of this file: what their batch n holds follows from n alone, each batch adds one to counters, so totals
tell how often each was applied. As root a third is netvisor-sensor itself, which watches made-up hosts in a network namespace."""
import collections
import random
import threading

from server import *

KILLS = int(os.environ.get("KILLS", "12"))
HOSTS = 30  # whose counters each batch raises
NEW = 4  # hosts that each batch brings
INFLIGHT = 8


def batch_facts(sensor, number):
    facts = [fact("host", source="ip", first=number, last=number + 1, mac=f"00:1b:21:{sensor:02x}:00:{i:02x}", ip=f"10.{sensor}.0.{i + 1}",
                  packets=1, bytes=10, packets_in=2, bytes_in=20) for i in range(HOSTS)]
    for i in range(NEW):
        one = number * NEW + i
        facts.append(fact("address", first=number, mac=f"02:1b:{sensor:02x}:{one >> 16 & 255:02x}:{one >> 8 & 255:02x}:{one & 255:02x}",
                          ip=f"100.{64 + sensor}.{one >> 8 & 255}.{one & 255}"))
    facts.append(fact("flow", source="tcp", first=number, last=number + 1, client=f"10.{sensor}.0.1", server=f"10.{sensor}.0.2", port=443, proto="tcp",
                      connections=1, packets=3, bytes=30, packets_back=1, bytes_back=10))
    return facts


def run_sensor(sensor, port, key, directory):
    """A process of its own. `acked` has a line for each word that it had from a collector, `sent` one for each batch; when `stop` is there it ends
    with what it has sent over its last connection."""
    place = type("Place", (), {"port": port, "key": lambda self: key})()
    with open(os.path.join(directory, f"acked.{sensor}"), "a+") as acked, open(os.path.join(directory, f"sent.{sensor}"), "a") as sending:
        acked.seek(0)
        highest = max([int(line) for line in acked.read().split()], default=0)
        connection, sent = None, 0
        while True:
            stop = os.path.exists(os.path.join(directory, "stop"))
            try:
                if not connection:
                    connection = Sensor(place, key=key, outbox=f"{sensor}" * 32)
                    if connection.acked < highest:
                        with open(os.path.join(directory, "lost"), "a") as lost:
                            lost.write(f"sensor {sensor}: {highest} was acknowledged, and {connection.acked} is there\n")
                    sent = connection.acked
                while not stop and sent - connection.acked < INFLIGHT:
                    sent += 1
                    sending.write(f"{sent}\n")
                    sending.flush()
                    connection.send(sent, *batch_facts(sensor, sent))
                if stop and connection.acked == sent:
                    done = os.path.join(directory, f"done.{sensor}")
                    with open(done + ".new", "w") as file:
                        file.write(str(sent))
                    os.rename(done + ".new", done)
                    return
                message = connection.ws.receive(5)
                if message["type"] == "ack":
                    connection.acked = highest = message["batch"]
                    acked.write(f"{highest}\n")
                    acked.flush()
            except (OSError, Closed, Refused, AssertionError):
                if connection:
                    connection.close()
                connection = None
                time.sleep(0.1)


class Network:
    """Between the sensors and the collectors: each connection goes to one of them; cut() breaks all, hole() loses what is sent for a while first."""

    def __init__(self, ports):
        self.ports, self.pairs, self.lock, self.passes = ports, set(), threading.Lock(), threading.Event()
        self.passes.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            for port in random.sample(self.ports, len(self.ports)):
                try:
                    far = socket.create_connection(("127.0.0.1", port), timeout=5)
                    break
                except OSError:
                    far = None
            if not far:
                near.close()
                continue
            far.settimeout(None)
            with self.lock:
                self.pairs.add((near, far))
            for a, b in ((near, far), (far, near)):
                a.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self.pump, args=(a, b, (near, far)), daemon=True).start()

    def pump(self, a, b, pair):
        try:
            while True:
                data = a.recv(65536)
                if not data:
                    break
                self.passes.wait()
                b.sendall(data)
        except OSError:
            pass
        self.end(pair)

    def end(self, pair):
        with self.lock:
            self.pairs.discard(pair)
        for one in pair:
            try:
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def cut(self):
        for pair in list(self.pairs):
            self.end(pair)

    def hole(self, seconds):
        self.passes.clear()
        time.sleep(seconds)
        self.cut()
        self.passes.set()


class Watcher(threading.Thread):
    """A browser that comes again, with the last seq that it has, for as long as the test runs."""

    def __init__(self, collector):
        super().__init__(daemon=True)
        self.collector, self.rows, self.seq, self.gaps, self.comes, self.ends, self.snapshots = collector, {}, None, 0, 0, False, 0
        self.start()

    def run(self):
        while not self.ends:
            browser = None
            try:
                browser = Browser(self.collector, after=self.seq, subscribe=False)
                browser.rows, browser.seq = self.rows, None
                browser.ws.send({"type": "subscribe", "network_id": None, "after": self.seq})
                while browser.seq is None:
                    message = browser.ws.receive(5)
                    if message["type"] == "snapshot" and not browser.snapshots:
                        browser.rows.clear()
                    browser.take(message)
                self.comes += 1
                self.snapshots += browser.snapshots > 0
                # `ready` names what this browser has, or what the snapshot holds; nothing else may come.
                self.gaps += not browser.snapshots and self.seq is not None and browser.seq != self.seq
                while not self.ends:
                    self.seq = browser.seq
                    try:
                        browser.take(browser.ws.receive(0.5))
                    except TimeoutError:
                        continue
                    self.seq = browser.seq
            except (OSError, Closed, Refused, AssertionError):
                time.sleep(0.1)
            finally:
                if browser:
                    self.gaps += browser.gaps
                    browser.close()


class Wire:
    """The real sensor on one end of a veth pair in our namespace; made-up hosts announce themselves at the other."""

    def __init__(self, port, key_file, directory):
        self.directory, self.peer, self.life = directory, os.environ["KILLS_SPACE"] + "-peer", 0
        self.command = [os.path.join(BUILD, "netvisor-sensor"), "--interface", "watched", "--server-target", f"ws://127.0.0.1:{port}",
                        "--api-key-file", key_file, "--data-dir", os.path.join(directory, "sensor")]
        self.announce = subprocess.Popen(["nsenter", "--net=/run/netns/" + self.peer, os.path.join(BUILD, "tests/bench/announce"), "hosts", "60000", "40"],
                                         stdout=subprocess.DEVNULL)
        self.start()

    def start(self):
        self.life += 1
        self.process = subprocess.Popen(self.command + ["--output", os.path.join(self.directory, f"said.{self.life}")], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=open(os.path.join(self.directory, "sensor.log"), "ab"))

    def kill(self):
        self.process.kill()
        self.process.wait()

    def said(self):
        found = set()
        for name in os.listdir(self.directory):
            if not name.startswith("said."):
                continue
            with open(os.path.join(self.directory, name), errors="replace") as file:
                for line in file:
                    try:
                        f = json.loads(line)
                    except ValueError:
                        continue
                    if f.get("fact") == "address" and f["ip"].startswith(("198.18.", "198.19.")):
                        found.add((f["mac"], f["ip"]))
        return found

    def remove(self):
        for process in (self.announce, self.process):
            process.kill()
            process.wait()


class Site:
    """All that is killed."""

    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="netvisor-kills-")
        self.server = Server("max_connections=60")
        url = self.server.database("netvisor")
        self.collectors = [Collector("--database-url", url) for _ in range(2)]
        self.collectors[0].start()
        self.collectors[0].sign_up()
        shutil.copy2(self.collectors[0].key_file(), self.collectors[1].key_file())
        shutil.chown(self.collectors[1].key_file(), self.collectors[0].user or os.getuid())
        self.collectors[1].start()
        self.collectors[1].cookie = self.collectors[0].cookie
        self.keys = {number: self.key(number) for number in (1, 2)}
        self.network = Network([c.port for c in self.collectors])
        self.sensors = {number: self.sensor(number) for number in (1, 2)}
        self.wire = Wire(self.network.port, self.collectors[0].key_file(), self.directory) if os.environ.get("KILLS_SPACE") else None
        self.done = collections.Counter()

    def sensor(self, number):
        return subprocess.Popen([sys.executable, os.path.abspath(__file__), "sensor", str(number), str(self.network.port), self.keys[number], self.directory])

    def key(self, number):
        """Each sensor has its own: two connections of one key replace each other."""
        return self.collectors[0].request("POST", "/api/sensors", {"name": f"fake {number}"})[1]["data"]["key"]

    def pause(self, longest):
        time.sleep(random.uniform(0, longest))

    def kill_collector(self):
        victims = random.choice([self.collectors[:1], self.collectors[1:], self.collectors[:1], self.collectors[1:], self.collectors])
        for c in victims:
            c.kill()
        self.pause(0.8)
        for c in victims:
            c.start(wait=False)

    def kill_postgres(self):
        self.server.kill()
        self.pause(0.5)
        self.server.start()

    def kill_sensor(self):
        number = random.choice([1, 2, 3] if self.wire else [1, 2])
        if number == 3:
            self.wire.kill()
            self.pause(0.3)
            self.wire.start()
            return
        self.sensors[number].kill()
        self.sensors[number].wait()
        self.pause(0.3)
        self.sensors[number] = self.sensor(number)

    def kill_network(self):
        if random.random() < 0.5:
            self.network.cut()
        else:
            self.network.hole(random.uniform(0.1, 1.0))

    def kill(self, kind):
        {"collector": self.kill_collector, "PostgreSQL": self.kill_postgres, "sensor": self.kill_sensor, "network": self.kill_network}[kind]()
        self.done[kind] += 1

    def batches(self):
        found = {}
        for number in (1, 2):
            try:
                with open(os.path.join(self.directory, f"done.{number}")) as file:
                    found[number] = int(file.read())
            except OSError:
                pass
        return found

    def sent(self, number):
        with open(os.path.join(self.directory, f"sent.{number}")) as file:
            return max(map(int, file.read().split()), default=0)

    def held(self):
        """How many batches of each sensor the database has, once none is on its way: a collector may still work on what came over a connection that is cut."""
        query = "SELECT left(outbox, 1), batch FROM sensor_outbox WHERE outbox ~ '^(1+|2+)$'"
        until(lambda: (before := self.server.rows(query), time.sleep(1), before == self.server.rows(query))[2], 30, 0)
        return {1: 0, 2: 0} | {int(number): int(batch) for number, batch in self.server.rows(query)}

    def remove(self):
        for process in self.sensors.values():
            process.kill()
            process.wait()
        if self.wire:
            self.wire.remove()
        for c in self.collectors:
            c.remove()
        self.server.remove()
        shutil.rmtree(self.directory, ignore_errors=True)


def check(site, watchers, batches):
    """What the database and the browsers hold against what was said. A batch may be applied, and its sensor killed or cut off before it hears of it:
    so what counts is how many batches the database says it has, which is at least what was acknowledged."""
    rows = site.server.rows
    with open(os.path.join(site.directory, "lost"), "a+") as file:
        file.seek(0)
        equal(file.read(), "", "no acknowledged batch was ever missing")
    acknowledged, batches = batches, site.held()
    ok(all(acknowledged[n] <= batches[n] <= site.sent(n) for n in batches), "the database holds all that was acknowledged, and nothing that was not sent")
    wrong = 0
    for number, count in batches.items():
        totals = rows(f"SELECT packets, bytes, packets_in, bytes_in FROM interface WHERE ip << '10.{number}.0.0/24' AND mac IS NOT NULL")
        wrong += len(totals) != HOSTS or any(row != [str(count * n) for n in (1, 10, 2, 20)] for row in totals)
        flow = rows(f"SELECT connections, packets, bytes, packets_back, bytes_back FROM flow WHERE client << '10.{number}.0.0/24'")
        wrong += flow != [[str(count * n) for n in (1, 3, 30, 1, 10)]]
        fresh = rows(f"SELECT count(*), count(DISTINCT mac), count(DISTINCT host_id) FROM interface WHERE ip << '100.{64 + number}.0.0/16'")[0]
        wrong += fresh != [str(count * NEW)] * 3
    equal(wrong, 0, f"each of {sum(batches.values())} batches was applied, and once: totals of {2 * HOSTS} hosts and 2 flows, {NEW * sum(batches.values())} new hosts")
    count, first, last, seq = rows("SELECT count(*), min(seq), max(seq), (SELECT change_seq FROM network) FROM change")[0]
    equal((first, count, last), ("1", seq, seq), f"the log has no gap: 1 to {seq}")
    if site.wire:
        kept = lambda: {tuple(row) for row in rows("SELECT mac, host(ip) FROM interface WHERE ip << '198.18.0.0/15' AND mac IS NOT NULL")}
        said = site.wire.said()
        until(lambda: not said - kept(), 60, 0.5)
        ok(len(said) > 20 and not said - kept(), f"all {len(said)} bindings that netvisor-sensor said are there")
        equal(rows("SELECT count(*) FROM (SELECT FROM interface WHERE mac IS NOT NULL GROUP BY network_id, mac, ip, vlan HAVING count(*) > 1) d"), [["0"]], "none twice")
        site.wire.process.send_signal(signal.SIGTERM)  # what it says of this machine would go on
        site.wire.process.wait(30)
        time.sleep(1)
    seq = int(rows("SELECT change_seq FROM network")[0][0])
    for number, (watcher, c) in enumerate(zip(watchers, site.collectors), 1):
        ok(until(lambda: watcher.seq is not None and watcher.seq >= seq, 60), f"the browser at collector {number} is where the log is, after coming {watcher.comes} times")
        equal(watcher.gaps, 0, "without a gap")
        watcher.ends = True
        watcher.join()
    fresh = Browser(site.collectors[0])
    for watcher in watchers:
        stable = {e: {i for i, row in r.items()} for e, r in watcher.rows.items() if e != "sensor"}
        equal({e: len(i ^ set(fresh.rows.get(e, {}))) for e, i in stable.items()}, dict.fromkeys(stable, 0), "and it shows the rows that the database has")
        for e, r in fresh.rows.items():
            if e in ("host", "interface", "service", "flow") and r != watcher.rows.get(e):
                differs = next(i for i in r if r[i] != watcher.rows[e].get(i))
                equal(watcher.rows[e].get(differs), r[differs], f"{e}: with the same values")
    return seq


def main():
    seed = int(os.environ.get("SEED", random.randrange(1 << 30)))
    random.seed(seed)
    print(f"# SEED={seed}", flush=True)
    begin = time.monotonic()
    site = Site()
    try:
        watchers = [Watcher(c) for c in site.collectors]
        kinds = ["collector", "PostgreSQL", "sensor", "network"]
        for number in range(KILLS):
            time.sleep(random.uniform(0.1, 1.0))
            site.kill(kinds[number] if number < len(kinds) else random.choice(kinds))
        if site.wire:
            site.wire.announce.kill()
        open(os.path.join(site.directory, "stop"), "w").close()
        ok(until(lambda: len(site.batches()) == 2, 120, 0.2), "after the last kill everything goes on, to the end")
        batches = site.batches()
        if site.wire:
            time.sleep(1)
            site.wire.process.send_signal(signal.SIGTERM)
            site.wire.process.wait(30)
            site.wire.start()
        seq = check(site, watchers, batches)
        facts = sum(batches.values()) * (HOSTS + NEW + 1)
        kinds = ", ".join(f"{site.done[k]} {k}" for k in kinds)
        print(f"# {KILLS} kills ({kinds}) in {time.monotonic() - begin:.0f} s, {facts} facts in {sum(batches.values())} batches acknowledged, log 1 to {seq}"
              + (", every count exact" if not netvisor_failures() else ""))
    finally:
        site.remove()
    end()


def netvisor_failures():
    import netvisor
    return netvisor._failures


def in_namespace():
    """Run all of it in a namespace of its own, with a pair of ports; never in the machine's."""
    space = f"nvkills{os.getpid()}"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what is below is undone
    try:
        for one in (space, space + "-peer"):
            subprocess.run(["ip", "netns", "add", one], check=True)
            subprocess.run(["ip", "-n", one, "link", "set", "lo", "up"], check=True)
        subprocess.run(["ip", "link", "add", "name", "watched", "netns", space, "type", "veth", "peer", "name", "hosts", "netns", space + "-peer"], check=True)
        subprocess.run(["ip", "-n", space, "link", "set", "watched", "up"], check=True)
        subprocess.run(["ip", "-n", space + "-peer", "link", "set", "hosts", "up"], check=True)
        inode = os.stat("/run/netns/" + space).st_ino
        return subprocess.run(["nsenter", "--net=/run/netns/" + space, sys.executable, os.path.abspath(__file__)],
                              env={**os.environ, "KILLS_SPACE": space}).returncode
    finally:
        for one in (space, space + "-peer"):
            pids = subprocess.run(["ip", "netns", "pids", one], capture_output=True, text=True).stdout.split()
            for pid in map(int, pids):
                os.kill(pid, signal.SIGKILL)
            subprocess.run(["ip", "netns", "del", one], capture_output=True)
        for note in os.listdir("/run/netvisor") if os.path.isdir("/run/netvisor") else []:
            if note.startswith(f"{inode}-"):
                os.unlink(os.path.join("/run/netvisor", note))


if sys.argv[1:2] == ["sensor"]:
    run_sensor(int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5])
elif os.geteuid() == 0 and not os.environ.get("KILLS_SPACE"):
    sys.exit(in_namespace())
else:
    main()
