# SPDX-License-Identifier: BSD-2-Clause
"""The network of real daemons: each in a host of its own (network, mount and host name), on one switch whose port to
the client is mirrored. All of it stands in namespaces of this process, which has no way out and whose end ends them.

  enter()           start this program again inside those namespaces
  Lab(recipes)      build it, start the daemons, wait until they listen
  lab.talk()        real clients talk to them
  lab.watch(file)   a sensor on the mirror port, until stop()
  lab.scan(file)    the sensor asks
"""
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parent.parent
BUILD = pathlib.Path(os.environ.get("BUILD", TOP / "build")).resolve()
ROOT = TOP / "var" / "daemons" / "root"
CLIENT = "10.91.0.2"
LISTENING = "0A"
HOST_SECONDS = 150  # from the start of a daemon until it listens, on a machine that has other things to do


def enter():
    """Run this program again as the first process of namespaces of its own; their end is its end."""
    if os.environ.get("IN_LAB"):
        return
    if os.geteuid() != 0:
        print("1..0 # SKIP root is needed for namespaces")
        sys.exit(0)
    if not (ROOT.parent / "stamp").exists():
        print("1..0 # SKIP the daemons are not there; scripts/deps daemons fetches them")
        sys.exit(0)
    os.environ["IN_LAB"] = "1"
    os.execvp("unshare", ["unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc",
                          "--", sys.executable, *sys.argv])


def run(*words, check=True):
    return subprocess.run([str(word) for word in words], check=check, capture_output=True, text=True)


def recipes(names=()):
    """All recipes, or those of these names: {name: {usual, odd, tells, …}}."""
    found = {}
    for path in sorted((HERE / "recipes").glob("*.toml")):
        for name, recipe in tomllib.loads(path.read_text()).items():
            if not names or name in names:
                found[name] = recipe
    return found


class Host:
    def __init__(self, name, odd, recipe, number):
        self.daemon, self.odd, self.recipe = name, odd, recipe
        # A name and an address that tell nothing of what runs there.
        self.name = f"h{number}"
        self.ip = f"10.91.{2 if odd else 1}.{number % 250 + 1}"
        self.where = recipe["odd" if odd else "usual"]
        self.port, self.proto = int(self.where.split("/")[0]), self.where.split("/")[1]
        self.process = self.ready_after = self.talked = None

    def environment(self, **more):
        return {**os.environ, "NAME": self.name, "IP": self.ip, "PORT": str(self.port), "ROOT": str(ROOT), "TOP": str(TOP), "BUILD": str(BUILD),
                **more}

    def listens(self):
        """Whether a socket of its network listens at the port, as the kernel tells it: nothing is sent to find out."""
        for table in (self.proto, self.proto + "6"):
            try:
                lines = pathlib.Path(f"/proc/{self.process.pid}/net/{table}").read_text().splitlines()[1:]
            except OSError:
                continue
            for line in lines:
                words = line.split()
                if int(words[1].split(":")[1], 16) == self.port and (self.proto == "udp" or words[3] == LISTENING):
                    return True
        return False


class Lab:
    def __init__(self, chosen, out, odd=True):
        self.out = pathlib.Path(out)
        (self.out / "log").mkdir(parents=True, exist_ok=True)
        self.stage = self.out / "stage"
        self.stage.mkdir(exist_ok=True)
        self.hosts, self.sensor = [], None
        for variant in (False, True) if odd else (False,):
            for name, recipe in chosen.items():
                if "odd" in recipe or not variant:
                    self.hosts.append(Host(name, variant, recipe, len(self.hosts) + 1))
        run("mount", "--make-rprivate", "/")
        for place in ("/run", self.stage):
            run("mount", "-t", "tmpfs", "tmpfs", place)
        run("mount", "-t", "overlay", "overlay", "-o", f"lowerdir={ROOT}/usr:/usr", "/usr")
        self.network()

    def network(self):
        lines = ["link set lo up", "link add br0 type bridge forward_delay 0 mcast_snooping 0", "link set br0 up",
                 "link add span type veth peer name mirror", "link set span up arp off", "link set mirror up arp off"]
        everyone = [("client", CLIENT)] + [(host.name, host.ip) for host in self.hosts]
        pathlib.Path("/proc/sys/net/ipv6/conf/all/disable_ipv6").write_text("1")
        pathlib.Path("/proc/sys/net/ipv6/conf/default/disable_ipv6").write_text("1")
        for number, (name, _) in enumerate(everyone):
            lines += [f"netns add {name}",
                      f"link add p{number} type veth peer name eth0 netns {name} address 02:91:00:00:{number >> 8:02x}:{number & 255:02x}",
                      f"link set p{number} master br0 up"]
        subprocess.run(["ip", "-batch", "-"], input="\n".join(lines), text=True, check=True)
        for name, ip in everyone:
            subprocess.run(["ip", "-n", name, "-batch", "-"], input=f"link set lo up\naddress add {ip}/16 dev eth0\n"
                           "link set eth0 up\nroute add 224.0.0.0/4 dev eth0", text=True, check=True)
            run("ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1",
                "net.ipv4.ip_unprivileged_port_start=0", "net.ipv4.ping_group_range=0 2147483647")
        # As a wire carries frames: neither joined nor without their sums.
        for name in [name for name, _ in everyone]:
            run("ip", "netns", "exec", name, "ethtool", "-K", "eth0", "tx", "off", "tso", "off", "gso", "off", "gro", "off",
                check=False)
        run("tc", "qdisc", "add", "dev", "p0", "clsact")
        for way in ("ingress", "egress"):
            run("tc", "filter", "add", "dev", "p0", way, "protocol", "all", "u32", "match", "u32", "0", "0", "action",
                "mirred", "egress", "mirror", "dev", "span")

    def inside(self, name, words, environment, log, **more):
        return subprocess.Popen(["ip", "netns", "exec", name, "unshare", "--mount", "--uts", "--", *words], env=environment,
                                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, **more)

    def start(self, seconds=240, at_once=12):
        """Start them, so many at once that a small machine is not drowned; those that never listen are given back."""
        began = time.monotonic()
        todo, waiting, never = list(self.hosts), [], []
        while todo or waiting:
            while todo and len(waiting) < at_once:
                host = todo.pop(0)
                log = open(self.out / "log" / f"{host.daemon}{'-odd' if host.odd else ''}", "w")
                host.process = self.inside(host.name, ["bash", str(HERE / "host")],
                                           host.environment(SERVE=host.recipe["serve"], STAGE=str(self.stage)), log)
                host.began = time.monotonic()
                waiting.append(host)
            for host in list(waiting):
                now = time.monotonic()
                if host.listens():
                    host.ready_after = now - host.began
                elif now - began > seconds or now - host.began > HOST_SECONDS:
                    never.append(host)
                else:
                    continue
                waiting.remove(host)
            time.sleep(0.05)
        return never

    def talk_to(self, host, seconds):
        stop = time.monotonic() + seconds
        with open(self.out / "log" / f"{host.daemon}{'-odd' if host.odd else ''}.talk", "w") as log:
            while True:
                client = self.inside("client", ["timeout", "-k", "1", "15", "bash", "-c", host.recipe["talk"]],
                                     host.environment(HOME=str(self.stage), STAGE=str(self.stage)), log)
                host.talked = client.wait() == 0
                if host.talked or time.monotonic() > stop:
                    return
                time.sleep(0.5)

    def talk(self, seconds=40):
        """The real clients; each is tried again until its daemon has answered it."""
        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda host: self.talk_to(host, seconds),
                          [host for host in self.hosts if host.recipe.get("talk") and host.ready_after is not None]))

    def watch(self, path):
        log = open(self.out / "log" / "sensor", "w+")
        self.sensor = subprocess.Popen([BUILD / "netvisor-sensor", "--interface", "mirror", "--span", "--output", path], stderr=log)
        stop = time.monotonic() + 20
        while " watching " not in (self.out / "log" / "sensor").read_text():
            if self.sensor.poll() is not None or time.monotonic() > stop:
                raise RuntimeError((self.out / "log" / "sensor").read_text())
            time.sleep(0.05)

    def stop(self):
        self.sensor.send_signal(signal.SIGTERM)
        return self.sensor.wait(20)

    def scan(self, path, ports, *more):
        targets = sorted({host.ip for host in self.hosts if host.ready_after is not None})
        return run("ip", "netns", "exec", "client", BUILD / "netvisor-sensor", "scan", "--interface", "eth0", "--ports", ports,
                   "--rate", "unlimited", "--udp", "--print-ports", "--dns", "none", "--format", "json", "--output", path, *more, *targets)
