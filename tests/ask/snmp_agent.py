# SPDX-License-Identifier: BSD-2-Clause
"""An SNMP agent (v1, v2c; RFC 1157, RFC 3416) on loopback that serves made-up devices: switches as they are in the field, and hostile ones."""
import bisect
import socket
import threading


def length(n):
    if n < 128:
        return bytes([n])
    raw = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(raw)]) + raw


def tlv(tag, body):
    return bytes([tag]) + length(len(body)) + body


def integer(n, tag=2):
    return tlv(tag, n.to_bytes(n.bit_length() // 8 + 1, "big", signed=True))


def oid(parts):
    out = bytearray([parts[0] * 40 + parts[1]])
    for part in parts[2:]:
        piece = [part & 0x7F]
        while part := part >> 7:
            piece.append(part & 0x7F | 0x80)
        out += bytes(reversed(piece))
    return tlv(6, bytes(out))


def read(data, at):
    """Tag, body, where the next begins."""
    tag, size, at = data[at], data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        size, at = int.from_bytes(data[at:at + count], "big"), at + count
    return tag, data[at:at + size], at + size


def read_all(data):
    at, out = 0, []
    while at < len(data):
        tag, body, at = read(data, at)
        out.append((tag, body))
    return out


def read_oid(body):
    parts, value = [body[0] // 40, body[0] % 40], 0
    for byte in body[1:]:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            parts.append(value)
            value = 0
    return tuple(parts)


def value(v):
    """An int, bytes or str, a tuple (an OID), or ("ip", bytes), ("gauge", n), ("raw", bytes)."""
    if isinstance(v, bool) or isinstance(v, int):
        return integer(int(v))
    if isinstance(v, (bytes, str)):
        return tlv(4, v.encode() if isinstance(v, str) else v)
    if v[0] == "ip":
        return tlv(0x40, v[1])
    if v[0] == "gauge":
        return integer(v[1], 0x42)
    if v[0] == "raw":
        return v[1]
    return oid(v)


class Agent:
    """One device on 127.0.0.1. `next_of` may be given to answer by other rules: it gets a name and returns (name, value) or None."""

    def __init__(self, rows=None, community="public", next_of=None, most=1400, version=None, bulk=True):
        self.rows = rows or {}
        self.names = sorted(self.rows)
        self.community, self.next_of, self.most, self.version, self.bulk = community, next_of or self.next, most, version, bulk
        self.requests, self.set = 0, 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def next(self, name):
        at = bisect.bisect_right(self.names, name)
        return (self.names[at], self.rows[self.names[at]]) if at < len(self.names) else None

    def serve(self):
        while True:
            data, peer = self.socket.recvfrom(65536)
            answer = self.answer(data)
            if answer:
                self.socket.sendto(answer, peer)

    def answer(self, data):
        (_, version), (_, community), (kind, pdu) = read_all(read(data, 0)[1])
        if community.decode() != self.community or (self.version is not None and version[0] != self.version):
            return None
        self.requests += 1
        self.set += kind == 0xA3
        (_, request), (_, first), (_, second), (_, bindings) = read_all(pdu)
        if kind == 0xA5 and not self.bulk:
            return None
        asked = [read_oid(read_all(body)[0][1]) for _, body in read_all(bindings)]
        repeat = int.from_bytes(second, "big") if kind == 0xA5 else 1
        status, index, out, size = 0, 0, [], 0
        for _ in range(repeat):
            for i, name in enumerate(asked):
                found = self.next_of(name)
                if found is None and version[0] == 0:
                    status, index = 2, i + 1  # noSuchName
                    break
                name, cell = (name, tlv(0x82, b"")) if found is None else (found[0], value(found[1]))
                asked[i] = name
                binding = tlv(0x30, oid(name) + cell)
                size += len(binding)
                if size > self.most and out:
                    break
                out.append(binding)
            if status or size > self.most:
                break
        if status:
            out = [tlv(0x30, oid(name) + tlv(5, b"")) for name in asked]
        pdu = tlv(2, request) + integer(status) + integer(index) + tlv(0x30, b"".join(out))
        return tlv(0x30, tlv(2, version) + tlv(4, community) + tlv(0xA2, pdu))


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


MIB2 = (1, 3, 6, 1, 2, 1)
LLDP = (1, 0, 8802, 1, 1, 2, 1)
CDP = (1, 3, 6, 1, 4, 1, 9, 9, 23, 1)


class Device:
    """Rows of a device's MIBs, put together by what is plugged in."""

    def __init__(self, name, base, description="Switch", services=2):
        self.rows = {}
        self.base = mac(base)
        for part, v in ((1, description), (2, (1, 3, 6, 1, 4, 1, 9, 1, 1208)), (4, "noc@example.net"), (5, name), (6, "rack 4"), (7, services)):
            self.put(MIB2 + (1, part, 0), v)

    def put(self, name, v):
        self.rows[name] = v

    def port(self, index, name, description, alias="", up=True, kind=6, address=None, mbit=1000):
        row = MIB2 + (2, 2, 1)
        for column, v in ((2, description), (3, kind), (5, ("gauge", min(mbit * 1000000, 2**32 - 1))), (6, mac(address) if address else b""), (7, 1), (8, 1 if up else 2)):
            self.put(row + (column, index), v)
        row = MIB2 + (31, 1, 1, 1)
        for column, v in ((1, name), (15, ("gauge", mbit)), (18, alias)):
            self.put(row + (column, index), v)

    def address(self, ip, index):
        octets = tuple(int(part) for part in ip.split("."))
        self.put(MIB2 + (4, 20, 1, 2) + octets, index)

    def arp(self, ip, address, index):
        octets = tuple(int(part) for part in ip.split("."))
        self.put(MIB2 + (4, 22, 1, 2, index) + octets, mac(address))

    def bridge(self, ports):
        """ports: {number of the bridge's port: index of the interface}"""
        self.put(MIB2 + (17, 1, 1, 0), self.base)
        for number, index in ports.items():
            self.put(MIB2 + (17, 1, 4, 1, 2, number), index)

    def vlan(self, vlan, database=None):
        self.put(MIB2 + (17, 7, 1, 4, 2, 1, 3, 0, vlan), ("gauge", database or vlan))

    def station(self, address, port, database=None):
        parts = tuple(mac(address))
        if database is None:
            self.put(MIB2 + (17, 4, 3, 1, 2) + parts, port)
        else:
            self.put(MIB2 + (17, 7, 1, 2, 2, 1, 2, database) + parts, port)

    def lldp(self, capabilities=b"\x28\x00"):
        for part, v in ((1, 4), (2, self.base), (6, capabilities)):
            self.put(LLDP + (3, part, 0), v)

    def lldp_port(self, number, subtype, ident, description=""):
        for column, v in ((2, subtype), (3, ident), (4, description)):
            self.put(LLDP + (3, 7, 1, column, number), v)

    def lldp_remote(self, number, key, chassis, port, name, capabilities=b"\x20\x00", description="", port_subtype=5, address=None, chassis_subtype=4):
        row = LLDP + (4, 1, 1)
        for column, v in ((4, chassis_subtype), (5, chassis), (6, port_subtype), (7, port), (8, ""), (9, name), (10, description), (12, capabilities)):
            self.put(row + (column, 0, number, key), v)
        if address:
            octets = tuple(int(part) for part in address.split("."))
            self.put(LLDP + (4, 2, 1, 3, 0, number, key, 1, 4) + octets, 2)

    def cdp(self, name):
        self.put(CDP + (3, 4, 0), name)

    def cdp_remote(self, index, key, name, port, platform, capabilities=b"\x00\x00\x00\x90", address=b"\x0a\x00\x00\x07", vlan=10):
        row = CDP + (2, 1, 1)
        for column, v in ((3, 1), (4, address), (5, "SIP firmware"), (6, name), (7, port), (8, platform), (9, capabilities), (11, vlan)):
            self.put(row + (column, index, key), v)
