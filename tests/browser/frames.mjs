// SPDX-License-Identifier: BSD-2-Clause
// Frames that hosts of a small network send, as bytes, and a pcap file of them for tcpreplay.
const macBytes = text => Buffer.from(text.replaceAll(':', ''), 'hex');
const ipBytes = text => Buffer.from(text.split('.').map(Number));
const u16 = value => Buffer.from([value >> 8, value & 255]);
const u32 = value => Buffer.from([(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]);

const broadcast = 'ff:ff:ff:ff:ff:ff';

function ethernet(to, from, type, payload, vlan) {
  const tag = vlan ? Buffer.concat([u16(0x8100), u16(vlan)]) : Buffer.alloc(0);
  const frame = Buffer.concat([macBytes(to), macBytes(from), tag, u16(type), payload]);
  return frame.length < 60 ? Buffer.concat([frame, Buffer.alloc(60 - frame.length)]) : frame;
}

function checksum(bytes) {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += (bytes[i] << 8) + (bytes[i + 1] ?? 0);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

function ipv4(from, to, protocol, payload) {
  const header = Buffer.concat([Buffer.from([0x45, 0]), u16(20 + payload.length), u16(1), u16(0x4000), Buffer.from([64, protocol]), u16(0), ipBytes(from), ipBytes(to)]);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, payload]);
}

function withChecksum(from, to, protocol, segment, at) {
  const sum = checksum(Buffer.concat([ipBytes(from), ipBytes(to), Buffer.from([0, protocol]), u16(segment.length), segment]));
  segment.writeUInt16BE(sum, at);
  return segment;
}

const udp = (from, fromPort, to, toPort, payload) => withChecksum(from, to, 17, Buffer.concat([u16(fromPort), u16(toPort), u16(8 + payload.length), u16(0), payload]), 6);

const tcp = (from, fromPort, to, toPort, seq, ack, flags, payload = Buffer.alloc(0)) =>
  withChecksum(from, to, 6, Buffer.concat([u16(fromPort), u16(toPort), u32(seq), u32(ack), Buffer.from([0x50, flags]), u16(64240), u16(0), u16(0), payload]), 16);

// A host tells its address to all.
export const arp = host => ethernet(broadcast, host.mac, 0x0806, Buffer.concat([u16(1), u16(0x0800), Buffer.from([6, 4]), u16(1), macBytes(host.mac), ipBytes(host.ip), Buffer.alloc(6), ipBytes(host.ip)]), host.vlan);

// A host answers for an address, whether or not somebody has asked.
export const arpAnswer = (host, to) => ethernet(to.mac, host.mac, 0x0806, Buffer.concat([u16(1), u16(0x0800), Buffer.from([6, 4]), u16(2), macBytes(host.mac), ipBytes(host.ip), macBytes(to.mac), ipBytes(to.ip)]), host.vlan);

const dhcpOption = (code, value) => Buffer.concat([Buffer.from([code, value.length]), value]);

// A client asks for its lease again and says its name.
export function dhcpRequest(host) {
  const fixed = Buffer.concat([Buffer.from([1, 1, 6, 0]), u32(0x1234), u32(0), Buffer.alloc(16), macBytes(host.mac), Buffer.alloc(10 + 192), u32(0x63825363)]);
  const options = [dhcpOption(53, Buffer.from([3])), dhcpOption(50, ipBytes(host.ip)), dhcpOption(12, Buffer.from(host.name)), dhcpOption(60, Buffer.from('test-client')), Buffer.from([255])];
  return ethernet(broadcast, host.mac, 0x0800, ipv4('0.0.0.0', '255.255.255.255', 17, udp('0.0.0.0', 68, '255.255.255.255', 67, Buffer.concat([fixed, ...options]))), host.vlan);
}

// A conversation from the first SYN to a few data packets.
export function conversation(client, server, port, clientPort = 40000 + (port % 1000)) {
  const out = (seq, ack, flags, payload) => ethernet(server.mac, client.mac, 0x0800, ipv4(client.ip, server.ip, 6, tcp(client.ip, clientPort, server.ip, port, seq, ack, flags, payload)), client.vlan);
  const back = (seq, ack, flags, payload) => ethernet(client.mac, server.mac, 0x0800, ipv4(server.ip, client.ip, 6, tcp(server.ip, port, client.ip, clientPort, seq, ack, flags, payload)), client.vlan);
  const [question, answer] = [Buffer.alloc(120, 'q'), Buffer.alloc(900, 'a')];
  return [out(100, 0, 0x02), back(500, 101, 0x12), out(101, 501, 0x10), out(101, 501, 0x18, question), back(501, 221, 0x18, answer), out(221, 1401, 0x10)];
}

// From one VLAN to another through a router: each frame is on the mirror port twice, before it and behind it.
export function routed(client, router, server, port, clientPort) {
  const near = { ...server, mac: router.mac };
  const far = { ...client, mac: router.mac, vlan: server.vlan };
  const [before, behind] = [conversation(client, near, port, clientPort), conversation(far, server, port, clientPort)];
  return before.flatMap((frame, i) => [frame, behind[i]]);
}

const label = text => Buffer.concat([Buffer.from([Buffer.byteLength(text)]), Buffer.from(text)]);
const domain = name => Buffer.concat([...name.split('.').map(label), Buffer.from([0])]);
const record = (name, type, data) => Buffer.concat([name, u16(type), u16(0x8001), u32(120), u16(data.length), data]);

// A host announces a service of its own by DNS-SD (RFC 6763): what it is called, where it answers.
export function announcement(host, instance, type, port) {
  const [service, target] = [domain(`${type}.local`), domain(`${host.name}.local`)];
  const named = Buffer.concat([label(instance), service]);
  const answers = [record(service, 12, named), record(named, 33, Buffer.concat([u16(0), u16(0), u16(port), target])), record(named, 16, label('txtvers=1')), record(target, 1, ipBytes(host.ip))];
  const message = Buffer.concat([u16(0), u16(0x8400), u16(0), u16(answers.length), u16(0), u16(0), ...answers]);
  return ethernet('01:00:5e:00:00:fb', host.mac, 0x0800, ipv4(host.ip, '224.0.0.251', 17, udp(host.ip, 5353, '224.0.0.251', 5353, message)), host.vlan);
}

// A question by UDP and its answer.
export function exchange(client, server, port, question, answer) {
  const frame = (from, to, fromPort, toPort, payload) => ethernet(to.mac, from.mac, 0x0800, ipv4(from.ip, to.ip, 17, udp(from.ip, fromPort, to.ip, toPort, payload)), from.vlan);
  return [frame(client, server, 50000 + (port % 1000), port, question), frame(server, client, port, 50000 + (port % 1000), answer)];
}

// The address of a name is asked for, and told (RFC 1035).
export function lookUp(client, server, name, address) {
  const question = Buffer.concat([domain(name), u16(1), u16(1)]);
  const head = (flags, answers) => Buffer.concat([u16(0x4d2), u16(flags), u16(1), u16(answers), u16(0), u16(0), question]);
  const answer = Buffer.concat([u16(0xc00c), u16(1), u16(1), u32(300), u16(4), ipBytes(address)]);
  return exchange(client, server, 53, head(0x0100, 0), Buffer.concat([head(0x8180, 1), answer]));
}

// What a switch says of the port that this frame comes from (IEEE 802.1AB); capabilities: 4 bridge, 16 router, 8 access point.
export function lldp(host, port, { description, system, capabilities = 4 }) {
  const tlv = (type, value) => Buffer.concat([u16((type << 9) | value.length), value]);
  const text = (type, value) => tlv(type, Buffer.from(value));
  return ethernet('01:80:c2:00:00:0e', host.mac, 0x88cc, Buffer.concat([
    tlv(1, Buffer.concat([Buffer.from([4]), macBytes(host.mac)])), tlv(2, Buffer.concat([Buffer.from([5]), Buffer.from(port)])), tlv(3, u16(120)),
    text(4, description), text(5, host.name), text(6, system), tlv(7, Buffer.concat([u16(capabilities), u16(capabilities)])),
    tlv(8, Buffer.concat([Buffer.from([5, 1]), ipBytes(host.ip), Buffer.from([2]), u32(1), Buffer.from([0])])), tlv(0, Buffer.alloc(0)),
  ]));
}

const llc = (to, from, payload, vlan) => {
  const tag = vlan ? Buffer.concat([u16(0x8100), u16(vlan)]) : Buffer.alloc(0);
  const frame = Buffer.concat([macBytes(to), macBytes(from), tag, u16(payload.length), payload]);
  return frame.length < 60 ? Buffer.concat([frame, Buffer.alloc(60 - frame.length)]) : frame;
};

// What a bridge says of the tree from one of its ports (RSTP, IEEE 802.1D-2004, 9.3); root, bridge: {priority, mac}. With `tree` the one of that VLAN (Cisco's,
// behind SNAP; the VLAN is in the priority, and in a field at the end). change: that the tree is changing.
export function spanningTree(port, { root, bridge, number, cost = 0, tree, vlan, change = false }) {
  const id = of => Buffer.concat([u16(of.priority + (tree ?? 0)), macBytes(of.mac)]);
  const bpdu = Buffer.concat([u16(0), Buffer.from([2, 2, 0x7c | (change ? 1 : 0)]), id(root), u32(cost), id(bridge), u16(0x8000 | number), u16(0), u16(20 << 8), u16(2 << 8), u16(15 << 8), Buffer.from([0])]);
  if (tree === undefined) return llc('01:80:c2:00:00:00', port.mac, Buffer.concat([Buffer.from([0x42, 0x42, 3]), bpdu]), vlan);
  return llc('01:00:0c:cc:cc:cd', port.mac, Buffer.concat([Buffer.from([0xaa, 0xaa, 3, 0, 0, 0x0c]), u16(0x010b), bpdu, u16(0), u16(2), u16(tree)]), vlan);
}

export function pcap(frames) {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65535, 16);
  header.writeUInt32LE(1, 20);
  const records = frames.flatMap((frame, i) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(Math.floor(Date.now() / 1000), 0);
    record.writeUInt32LE(i * 1000, 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return [record, frame];
  });
  return Buffer.concat([header, ...records]);
}
