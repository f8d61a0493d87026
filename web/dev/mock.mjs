// SPDX-License-Identifier: BSD-2-Clause
// A made-up network for working on the dashboard without a collector: serves build/web, answers the REST calls
// and speaks the live protocol (docs/live.md). For development and for views of many rows only.
//
//   node dev/mock.mjs [--port 60080] [--hosts 40] [--rate 4] [--setup] [--trouble]
import { createServer } from 'node:http';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';

import { traffic, trouble } from './mock-past.mjs';

const { values: options } = parseArgs({
  options: { port: { type: 'string', default: '60080' }, hosts: { type: 'string', default: '40' }, rate: { type: 'string', default: '4' }, setup: { type: 'boolean', default: false }, trouble: { type: 'boolean', default: false } },
});
const folder = resolve(process.env.NETVISOR_BUILD ?? new URL('../../build', import.meta.url).pathname, 'web');
const now = () => Date.now() / 1000;

let randomState = 42;
const random = () => ((randomState = (randomState * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff);
const int = (from, to) => from + Math.floor(random() * (to - from + 1));
const pick = list => list[int(0, list.length - 1)];
let ids = 0;
const id = () => `00000000-0000-4000-8000-${(++ids).toString(16).padStart(12, '0')}`;
const hex = () => int(0, 255).toString(16).padStart(2, '0');

const tables = Object.fromEntries(['network', 'sensor', 'host', 'interface', 'service', 'flow', 'subnet', 'binding', 'group', 'discovery', 'session'].map(name => [name, new Map()]));
const noted = { description: null, tags: [], revision: 1, origin: 'discovery' };
const log = [];
const networkId = id();
const clients = new Set();

function change(entity, rowId, op, set) {
  const table = tables[entity];
  if (op === 'delete') table.delete(rowId);
  else table.set(rowId, { ...table.get(rowId), ...set, id: rowId });
  log.push({ seq: log.length + 1, at: now(), entity, id: rowId, op, set: op === 'delete' ? null : set });
}

function push(from) {
  const text = JSON.stringify({ type: 'changes', changes: log.slice(from) });
  for (const client of clients) client.send(text);
}

const vendors = [['00:11:32', 'Synology Incorporated'], ['b8:27:eb', 'Raspberry Pi Foundation'], ['3c:07:54', 'Apple, Inc.'], ['00:1b:78', 'Hewlett Packard'], ['f0:9f:c2', 'Ubiquiti Inc'], ['00:0c:29', 'VMware, Inc.'], ['d8:3a:dd', 'Raspberry Pi Trading Ltd'], ['00:17:88', 'Philips Lighting BV'], ['a4:77:33', 'Google, Inc.'], ['00:80:77', 'Brother industries, LTD.']];
const names = ['nas', 'printer-hall', 'pi-kitchen', 'workstation-anna', 'laptop-ben', 'camera-door', 'hue-bridge', 'media', 'build-1', 'build-2', 'db-main', 'web-1', 'web-2', 'mqtt', 'grafana', 'tv-living-room', 'phone-anna', 'sensor-roof', 'thermostat', 'backup'];
const ports = [[22, 'tcp'], [53, 'udp'], [80, 'tcp'], [443, 'tcp'], [445, 'tcp'], [631, 'tcp'], [1883, 'tcp'], [3306, 'tcp'], [5353, 'udp'], [5432, 'tcp'], [6379, 'tcp'], [8080, 'tcp'], [9100, 'tcp'], [32400, 'tcp']];
const vlans = [[], [10], [20], [30]];

function addService(hostId, ip, vlan, [port, proto], at) {
  const name = port === 631 ? 'Brother HL-L2350DW._ipp._tcp.local' : port === 5353 ? null : random() < 0.15 ? 'Files on nas._http._tcp.local' : null;
  change('service', id(), 'insert', { ...noted, name_source: null, service_definition: null, virtualization: null, host_id: hostId, ip, port, proto, vlan, state: random() < 0.95 ? 'open' : 'closed', name, source: name ? 'mdns' : 'tcp', confidence: name ? 'announced' : 'measured', clients: int(1, 12), first_seen: at, last_seen: now() });
}

const gatewayMac = 'f0:9f:c2:10:20:01';

function addHost(index, at) {
  const hostId = id();
  const remote = index % 6 === 5;
  const vlan = pick(vlans);
  const ip = remote ? `${int(13, 210)}.${int(0, 255)}.${int(0, 255)}.${int(1, 254)}` : index === 0 ? '10.0.0.1' : `10.0.${vlan[0] ?? 0}.${(index % 250) + 2}`;
  const [oui, vendor] = index === 0 ? ['f0:9f:c2', 'Ubiquiti Inc'] : pick(vendors);
  const isRandom = !remote && index % 9 === 8;
  const mac = remote ? null : index === 0 ? gatewayMac : isRandom ? `d2:${hex()}:${hex()}:${hex()}:${hex()}:${hex()}` : `${oui}:${hex()}:${hex()}:${hex()}`;
  const name = remote ? (random() < 0.4 ? pick(['cdn.example.net', 'time.example.org', 'mail.example.com']) : null) : index === 0 ? 'gateway' : random() < 0.75 ? names[index % names.length] + (index >= names.length ? `-${index}` : '') : null;
  const shownVendor = remote || isRandom ? null : vendor;
  change('host', hostId, 'insert', { ...noted, hidden: false, virtualization: null, name, name_source: name ? pick(['dhcp', 'mdns', 'dns']) : null, vendor: shownVendor, first_seen: at, last_seen: now() - random() * 300 });
  const face = { ...noted, subnet_id: remote ? null : subnetOf(vlan), name: null, host_id: hostId, mac, ip, vlan, via: remote ? gatewayMac : null, vendor: shownVendor, random_mac: isRandom, packets: int(10, 9e5), bytes: int(1e3, 9e8), packets_in: int(10, 9e5), bytes_in: int(1e3, 9e9), first_seen: at, last_seen: now() };
  change('interface', id(), 'insert', face);
  if (!remote && random() < 0.5) change('interface', id(), 'insert', { ...face, ip: `fe80::${hex()}${hex()}:${hex()}ff:fe${hex()}:${hex()}${hex()}`, bytes: 4000, bytes_in: 100 });
  for (let i = remote ? 1 : int(0, 4); i > 0; i--) addService(hostId, ip, vlan, remote ? [443, 'tcp'] : pick(ports), at);
  return hostId;
}

function addFlow() {
  const faces = [...tables.interface.values()].filter(face => face.ip);
  const [client, server] = [pick(faces), pick(faces)];
  const [port, proto] = pick(ports);
  change('flow', id(), 'insert', { client_host_id: client.host_id, client: client.ip, server_host_id: server.host_id, server: server.ip, port, proto, vlan: client.vlan, connections: int(1, 400), packets: int(1, 1e4), bytes: int(100, 9e7), packets_back: int(1, 1e5), bytes_back: int(100, 9e8), rtt_us: proto === 'tcp' ? int(80, 60000) : null, first_seen: now() - 600, last_seen: now() });
}

change('network', networkId, 'insert', { ...noted, name: 'My network' });
const subnetIds = new Map(vlans.map(vlan => [vlan[0] ?? 0, id()]));
const subnetOf = vlan => subnetIds.get(vlan[0] ?? 0);
for (const [vlan, subnetId] of subnetIds) change('subnet', subnetId, 'insert', { ...noted, cidr: `10.0.${vlan}.0/24`, name: vlan ? `VLAN ${vlan}` : 'Office', subnet_type: vlan === 30 ? 'IoT' : 'Lan', created_at: now() });
const sensorId = id();
change('sensor', sensorId, 'insert', {
  ...noted, name: 'office', hostname: 'probe-1', software: 'netvisor-sensor 0.1.0', connected: true, last_seen: now(), capabilities: { discoveries: 'SelfReport', engine: 'xdp', kernel: '6.1.0' },
  interfaces: [{ name: 'eth1', mac: '52:54:00:12:34:56', addresses: [], mode: 'native', vlan_tags_visible: true, promiscuous: true, span: true }, { name: 'eth0', mac: '52:54:00:12:34:57', addresses: ['10.0.0.9', 'fe80::5054:ff:fe12:3457'], mode: 'generic', vlan_tags_visible: false, promiscuous: false, span: false }],
  counters: { uptime_seconds: 81234, port_packets: 91234567, port_sent_packets: 0, facts_held: 812, facts_said: 1954, facts_folded: 48122, hosts: 40, flows: 2100, handshakes: 512, over_budget_dns: 77, port_missed: 0, texts_cut: 0 }, losses: { over_budget_dns: 77, frames_truncated: 3, ring_full_frame: 12 },
});
const report = { sensor_id: sensorId, name: 'Self-report of office', discovery_type: { type: 'SelfReport' } };
const discoveryId = id();
change('discovery', discoveryId, 'insert', { ...noted, ...report, run_type: { type: 'Scheduled', cron: '0 3 * * *', timezone: 'UTC', enabled: true, last_run: now() - 9000, next_run: now() + 9000 }, failures: 0, disabled_reason: null });
for (const [phase, progress] of [['Complete', 100], ['Scanning', 40]]) change('session', id(), 'insert', { ...report, discovery_id: discoveryId, cause: 'schedule', started_by: null, phase, progress, error: null, results: null, created_at: now() - 9000, started_at: now() - 9000, finished_at: phase === 'Complete' ? now() - 8990 : null, updated_at: now() - 8990 });
for (let i = 0; i < Number(options.hosts); i++) addHost(i, now() - random() * 86400 * 3);
for (let i = 0; i < Number(options.hosts) * 3; i++) addFlow();

const troubles = options.trouble ? trouble(tables, change, now(), id) : { conflicts: { items: [], total: 0 }, proposals: [] };

let hostCount = Number(options.hosts);
const rate = Number(options.rate);
if (rate > 0) {
  setInterval(() => {
    const from = log.length;
    const face = pick([...tables.interface.values()]);
    change('interface', face.id, 'update', { bytes: face.bytes + int(1e4, 1e7), last_seen: now() });
    change('host', face.host_id, 'update', { last_seen: now() });
    if (random() < 0.08) addHost(hostCount++, now());
    if (random() < 0.3) addFlow();
    push(from);
  }, 1000 / rate);
}

const facts = host => {
  const faces = [...tables.interface.values()].filter(face => face.host_id === host.id);
  const common = { first: host.first_seen, last: host.last_seen, count: 12, vlan: faces[0].vlan, confidence: 'announced' };
  return [
    ...faces.filter(face => face.mac).map(face => ({ fact: 'address', mac: face.mac, ip: face.ip, source: face.ip?.includes(':') ? 'nd' : 'arp', ...common })),
    ...(host.name ? [{ fact: 'name', name: host.name, kind: 'hostname', ip: faces[0].ip, source: 'dhcp', ...common }, { fact: 'name', name: `${host.name}.local`, kind: 'fqdn', ip: faces[0].ip, source: 'mdns', ...common }] : []),
    ...[...tables.service.values()].filter(service => service.host_id === host.id).map(service => ({ fact: 'service', ip: service.ip, port: service.port, proto: service.proto, state: service.state, name: service.name ?? undefined, ...common, source: service.source, confidence: service.confidence })),
    { fact: 'trait', key: 'dhcp.vendor_class', value: 'MSFT 5.0', source: 'dhcp', ...common },
    { fact: 'host', ip: faces[0].ip, packets: 4000, packets_in: 3000, bytes: 1e6, bytes_in: 2e6, source: 'ip', ...common, confidence: 'measured' },
  ];
};

let signedIn = !options.setup;
const me = { id: id(), organization_id: id(), organization_name: 'My organization', email: 'owner@example.org', name: 'Owner', permissions: 'owner', network_ids: null, has_password: true, oidc: [] };
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-ancestors 'none'";

function answer(response, status, data) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(status < 400 ? { success: true, data } : { success: false, error: data }));
}

const server = createServer((request, response) => {
  const { pathname: path, searchParams } = new URL(request.url, 'http://x');
  if (path === '/api/setup' && request.method === 'GET') return answer(response, 200, { needed: !signedIn });
  if (path === '/api/auth/me') return signedIn ? answer(response, 200, me) : answer(response, 401, 'sign in first');
  if (path === '/api/config') return answer(response, 200, { needs_setup: !signedIn && options.setup, disable_registration: false, disable_password_login: false, oidc_providers: [], server_version: 'mock', public_url: null });
  if (path === '/api/networks') return answer(response, 200, [...tables.network.values()]);
  if (path === '/api/auth/logout') return (signedIn = false), answer(response, 200, null);
  if (path === '/api/setup' || path === '/api/auth/login') return (signedIn = true), answer(response, 200, me);
  const evidence = /^\/api\/hosts\/([^/]+)\/evidence$/.exec(path);
  if (evidence) {
    const host = tables.host.get(evidence[1]);
    return host ? answer(response, 200, facts(host).map(({ first, last, count, ...fact }) => ({ id: id(), sensor_id: sensorId, first_seen: first, last_seen: last, count, fact }))) : answer(response, 404, 'no such host');
  }
  if (path === '/api/attention') return answer(response, 200, troubles.conflicts);
  if (path === '/api/consolidations') return answer(response, 200, troubles.proposals);
  const trafficOf = /^\/api\/(?:hosts\/([^/]+)\/)?traffic$/.exec(path);
  if (trafficOf) return answer(response, 200, traffic(searchParams, trafficOf[1], tables, now()));
  if (path === '/api/sensors') return answer(response, 200, { id: id(), key: 'nvs_only-for-show', name: 'x' });
  if (path.startsWith('/api/sensors/')) return answer(response, 200, null);
  // Of what this mock does not play there is none, and nothing can be made.
  if (path.startsWith('/api/')) return request.method === 'GET' ? answer(response, 200, []) : answer(response, 503, 'this is a mock, which keeps nothing');
  const file = join(folder, path);
  const found = existsSync(file) && statSync(file).isFile() ? file : join(folder, 'index.html');
  response.writeHead(200, { 'Content-Type': types[extname(found)] ?? 'application/octet-stream', 'Content-Security-Policy': policy });
  response.end(readFileSync(found));
});

new WebSocketServer({ server, path: '/live', handleProtocols: () => 'netvisor.live.1' }).on('connection', socket => {
  socket.on('close', () => clients.delete(socket));
  socket.on('message', text => {
    const { after } = JSON.parse(text);
    if (after === null || after > log.length) {
      for (const [entity, rows] of Object.entries(tables)) {
        const list = [...rows.values()];
        for (let i = 0; i < list.length; i += 500) socket.send(JSON.stringify({ type: 'snapshot', network_id: networkId, entity, rows: list.slice(i, i + 500) }));
      }
    }
    const seq = after === null || after > log.length ? log.length : after;
    socket.send(JSON.stringify({ type: 'ready', network_id: networkId, seq }));
    if (seq < log.length) socket.send(JSON.stringify({ type: 'changes', changes: log.slice(seq) }));
    clients.add(socket);
  });
});

server.listen(Number(options.port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
