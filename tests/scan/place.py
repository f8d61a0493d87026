# SPDX-License-Identifier: BSD-2-Clause
"""A network to scan that has no way out: a bridge, a place for the sensor, and hosts with real servers, each a network namespace. What the
sensor's port sends is listened to on the bridge's side. All of it is gone when the test ends, however it ends."""
import atexit
import ipaddress
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
BUILD = os.path.abspath(os.environ.get("BUILD", os.path.join(TOP, "build")))
SENSOR = os.path.join(BUILD, "netvisor-sensor")


def run(*words, check=True, **keys):
    done = subprocess.run(words, capture_output=True, text=True, **keys)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
    return done


def until(condition, seconds=10.0, step=0.02):
    stop = time.monotonic() + seconds
    while True:
        value = condition()
        if value or time.monotonic() > stop:
            return value
        time.sleep(step)


class Place:
    def __init__(self, prefix="10.98.0.0/24"):
        self.net = ipaddress.ip_network(prefix)
        self.directory = tempfile.mkdtemp(prefix="netvisor-scan-")
        os.chmod(self.directory, 0o755)
        self.tag = f"nvs{os.getpid()}"
        self.spaces, self.processes, self.listeners = [], [], 0
        atexit.register(self.remove)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(1))
        self.bridge = self.space("b")
        run("ip", "-n", self.bridge, "link", "add", "br0", "type", "bridge")
        run("sysctl", "-q", "-w", "net.ipv6.conf.br0.disable_ipv6=1", check=False)
        run("ip", "-n", self.bridge, "link", "set", "br0", "up")
        self.sensor = self.host(1, "s")

    def space(self, name):
        name = self.tag + name
        run("ip", "netns", "add", name)
        self.spaces.append(name)
        run("ip", "-n", name, "link", "set", "lo", "up")
        return name

    def address(self, number):
        return str(self.net.network_address + number)

    def host(self, number, name=None, v6=True):
        """A host with this number in the network; its namespace."""
        space = self.space(name or f"h{number}")
        port = f"p{number}"
        run("ip", "link", "add", port, "netns", self.bridge, "type", "veth", "peer", "name", "eth0", "netns", space)
        run("ip", "-n", self.bridge, "link", "set", port, "master", "br0", "up")
        # A veth takes frames that are redirected to it only when its other end merges frames.
        run("ip", "netns", "exec", self.bridge, "ethtool", "-K", port, "gro", "on", check=False)
        run("ip", "-n", space, "link", "set", "eth0", "address", f"02:00:0a:62:{number >> 8:02x}:{number & 255:02x}")
        run("ip", "-n", space, "addr", "add", f"{self.address(number)}/{self.net.prefixlen}", "dev", "eth0")
        if v6:
            run("ip", "-n", space, "addr", "add", f"fd98::{number:x}/64", "dev", "eth0", "nodad")
        # So that closed UDP ports say so at once: a kernel tells a few a second.
        run("ip", "netns", "exec", space, "sysctl", "-qw", "net.ipv4.icmp_ratelimit=0", "net.ipv4.icmp_msgs_per_sec=10000", check=False)
        run("ip", "-n", space, "link", "set", "eth0", "up")
        return space

    def start(self, space, *words, **keys):
        keys.setdefault("stdout", subprocess.DEVNULL)
        keys.setdefault("stderr", subprocess.DEVNULL)
        process = subprocess.Popen(["ip", "netns", "exec", space, *words], stdin=subprocess.DEVNULL, **keys)
        self.processes.append(process)
        return process

    def path(self, *names):
        return os.path.join(self.directory, *names)

    def file(self, name, text):
        with open(self.path(name), "w") as out:
            out.write(text)
        return self.path(name)

    def listens(self, space, port, udp=False):
        return f":{port} " in run("ip", "netns", "exec", space, "ss", "-Hlnu" if udp else "-Hlnt").stdout

    # Servers.

    def certificate(self, name="web.example"):
        if not os.path.exists(self.path("crt")):
            run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", f"/CN={name}", "-addext",
                f"subjectAltName=DNS:{name}", "-keyout", self.path("key"), "-out", self.path("crt"))
        return self.path("crt"), self.path("key")

    def nginx(self, space, ports=(80,), tls=(), title="Hello"):
        root = self.path(f"www{space}")
        os.makedirs(root, exist_ok=True)
        with open(os.path.join(root, "index.html"), "w") as page:
            page.write(f"<!doctype html><title>{title}</title><p>it works")
        servers = "".join(f"server {{ listen {port}; root {root}; }}\n" for port in ports)
        if tls:
            crt, key = self.certificate()
            servers += "".join(f"server {{ listen {port} ssl; root {root}; ssl_certificate {crt}; ssl_certificate_key {key}; }}\n" for port in tls)
        temporary = "".join(f"{kind}_temp_path {root}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        conf = self.file(f"nginx{space}", f"user root; worker_processes 1; pid {root}/pid; error_log stderr;\nevents {{ worker_connections 256; }}\n"
                         f"http {{ access_log off; {temporary} {servers} }}\n")
        return self.start(space, "nginx", "-e", "stderr", "-c", conf, "-g", "daemon off;")

    def sshd(self, space, port=22):
        if not os.path.exists(self.path("hostkey")):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.path("hostkey"))
        os.makedirs("/run/sshd", exist_ok=True)
        return self.start(space, "/usr/sbin/sshd", "-D", "-e", "-f", "/dev/null", "-h", self.path("hostkey"), "-o", "PidFile=none", "-o", "UsePAM=no", "-p", str(port))

    def dnsmasq(self, space, names):
        records = [f"--host-record={name},{address}" for name, address in names.items()]
        return self.start(space, "dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", "--conf-file=/dev/null", "--user=root", "--pid-file=", *records)

    def snmpd(self, space, community="public"):
        conf = self.file(f"snmpd{space}", f"rocommunity {community}\nsysName agent{space[-2:]}\nagentaddress udp:161\n")
        return self.start(space, "/usr/sbin/snmpd", "-f", "-Ln", "-C", "-c", conf, "-p", self.path(f"snmpd{space}.pid"),
                          env={**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": self.directory})

    def record(self, space, *ports):
        """Listen on ports that must get nothing, and write down who connects and what comes."""
        out = self.path(f"record{space}")
        self.start(space, sys.executable, os.path.abspath(__file__), "--record", out, *map(str, ports))
        return out

    def opens_all(self, space):
        """Something that answers every SYN with a SYN-ACK, whatever the port."""
        run("ip", "-n", space, "addr", "flush", "dev", "eth0")
        return self.start(space, sys.executable, os.path.abspath(__file__), "--open-all", self.address(int(space.rsplit("h", 1)[1])))

    def listen(self):
        """What leaves the sensor's port from now on: sent() tells."""
        self.listeners += 1
        self.sniff = self.path(f"sniff{self.listeners}")
        process = self.start(self.bridge, sys.executable, os.path.abspath(__file__), "--sniff", "p1", self.sniff)
        until(lambda: os.path.exists(self.sniff))
        return process

    def so_far(self, process):
        """How many probes by TCP, UDP and ICMP have left by now."""
        path = self.sniff + ".so_far"
        if os.path.exists(path):
            os.unlink(path)
        process.send_signal(signal.SIGUSR2)
        until(lambda: os.path.exists(path))
        with open(path) as file:
            return json.load(file)

    def sent(self, process):
        """[{to, mac, proto, port}] with count, since listen()."""
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        with open(self.sniff) as file:
            return json.load(file)

    # The sensor.

    def scan(self, *words, user=None, **keys):
        return run("ip", "netns", "exec", self.sensor, *(["setpriv", f"--reuid={user}", "--regid=65534", "--clear-groups"] if user else []), SENSOR, "scan", "-i", "eth0",
                   *words, check=False, **keys)

    def tx(self):
        return int(run("ip", "netns", "exec", self.sensor, "cat", "/sys/class/net/eth0/statistics/tx_packets").stdout)

    def remove(self):
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(2)
            except subprocess.TimeoutExpired:
                process.kill()
        self.processes = []
        for space in self.spaces:
            run("ip", "netns", "del", space, check=False)
        self.spaces = []
        shutil.rmtree(self.directory, ignore_errors=True)


def sniff(port, path):
    counts, tenths = {}, {}
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE
    sock.bind((port, 0))

    def end(*_):
        lost = struct.unpack("II", sock.getsockopt(263, 6, 8))[1]
        with open(path + ".new", "w") as out:
            json.dump({"lost": lost, "frames": [{"mac": k[0], "to": k[1], "proto": k[2], "port": k[3], "count": n} for k, n in counts.items()],
                       "tenths": list(tenths.values())}, out)
        os.rename(path + ".new", path)
        os._exit(0)

    def snapshot(*_):
        with open(path + ".tmp", "w") as out:
            json.dump(sum(n for k, n in counts.items() if k[2] in ("tcp", "udp", "icmp")), out)
        os.rename(path + ".tmp", path + ".so_far")

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGUSR2, snapshot)
    open(path, "w").close()
    while True:
        frame, where = sock.recvfrom(256)
        if where[2] == socket.PACKET_OUTGOING:  # towards the sensor
            continue
        kind, = struct.unpack_from(">H", frame, 12)
        to, proto, number = "", f"{kind:04x}", 0
        if kind == 0x0800:
            to, proto = socket.inet_ntoa(frame[30:34]), {1: "icmp", 6: "tcp", 17: "udp"}.get(frame[23], str(frame[23]))
            if proto in ("tcp", "udp"):
                number, = struct.unpack_from(">H", frame, 14 + (frame[14] & 15) * 4 + 2)
        elif kind == 0x0806:
            to, proto = socket.inet_ntoa(frame[38:42]), "arp"
        elif kind == 0x86dd:
            to, proto = socket.inet_ntop(socket.AF_INET6, frame[38:54]), {58: "icmp6", 6: "tcp", 17: "udp"}.get(frame[20], str(frame[20]))
            if proto in ("tcp", "udp"):
                number, = struct.unpack_from(">H", frame, 56)
        key = (frame[:6].hex(":"), to, proto, number)
        counts[key] = counts.get(key, 0) + 1
        # Of the frames that the kernel's own multicast reports are none of.
        tenth = tenths.setdefault(int(time.monotonic() * 10), {})
        tenth[proto] = tenth.get(proto, 0) + 1


def record(path, ports):
    import selectors
    loop = selectors.DefaultSelector()
    with open(path, "w") as out:
        for port in ports:
            sock = socket.create_server(("", int(port)))
            loop.register(sock, selectors.EVENT_READ)
        while True:
            for key, _ in loop.select():
                client, where = key.fileobj.accept()
                client.settimeout(0.5)
                try:
                    data = client.recv(1000)
                except OSError:
                    data = b"-"
                print(key.fileobj.getsockname()[1], where[0], data, file=out, flush=True)
                client.close()


def checksum(data):
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total & 0xffff) + (total >> 16)
    return ~((total & 0xffff) + (total >> 16)) & 0xffff


def open_all(address):
    """ARP and SYN-ACKs for one address, by raw frames."""
    mine = socket.inet_aton(address)
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    sock.bind(("eth0", 0))
    mac = sock.getsockname()[4]
    while True:
        frame, where = sock.recvfrom(2048)
        if where[2] == socket.PACKET_OUTGOING:
            continue
        kind, = struct.unpack_from(">H", frame, 12)
        if kind == 0x0806 and frame[21] == 1 and frame[38:42] == mine:
            sock.send(frame[6:12] + mac + frame[12:20] + b"\0\2" + mac + mine + frame[22:32])
        elif kind == 0x0800 and frame[30:34] == mine and frame[23] == 6 and frame[47] & 0x12 == 2:
            source, port, seq = struct.unpack_from(">HHI", frame, 34)
            tcp = struct.pack(">HHIIBBHHH", port, source, 7, (seq + 1) & 0xffffffff, 0x50, 0x12, 8192, 0, 0)
            tcp = tcp[:16] + struct.pack(">H", checksum(mine + frame[26:30] + b"\0\6\0\24" + tcp)) + tcp[18:]
            ip = struct.pack(">BBHHHBBH", 0x45, 0, 40, 0, 0x4000, 64, 6, 0) + mine + frame[26:30]
            ip = ip[:10] + struct.pack(">H", checksum(ip)) + ip[12:]
            sock.send(frame[6:12] + mac + b"\x08\0" + ip + tcp)


if __name__ == "__main__":
    {"--sniff": lambda port, path: sniff(port, path), "--record": lambda path, *ports: record(path, ports), "--open-all": open_all}[sys.argv[1]](*sys.argv[2:])
