// SPDX-License-Identifier: BSD-2-Clause
// A made-up network for working on the dashboard without a collector: serves build/web, answers the REST calls
// and speaks the live protocol (docs/live.md). For development and for views of many rows only. mock/ makes it.
//
//   node dev/mock.mjs [--port 60080] [--hosts 40] [--services N] [--flows N] [--rate 4] [--setup] [--trouble] [--serve web|stage]
//
// POST /mock/rename?host=ID: that host is called "t" and the time of now in milliseconds, so that one can find out how
// long it takes to be seen.
import { createServer } from 'node:http';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { WebSocketServer } from 'ws';

import { conclusions, definitions } from './mock/concluded.mjs';
import { live } from './mock/life.mjs';
import { makeNetwork } from './mock/network.mjs';
import { asOf, difference } from './mock/past.mjs';
import { id, now } from './mock/random.mjs';
import { publicShares, sharesApi } from './mock/shares.mjs';
import { change, insert, networkId, noted, push, run, serve, tables } from './mock/store.mjs';
import { tags, tagSome, topologies } from './mock/topologies.mjs';
import { traffic, trouble } from './mock-past.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '60080' }, hosts: { type: 'string', default: '40' }, services: { type: 'string', default: '0' }, flows: { type: 'string' },
    rate: { type: 'string', default: '4' }, setup: { type: 'boolean', default: false }, trouble: { type: 'boolean', default: false }, serve: { type: 'string', default: 'web' },
  },
});
const folder = resolve(process.env.NETVISOR_BUILD ?? new URL('../../build', import.meta.url).pathname, options.serve);
const hostCount = Number(options.hosts);

change('network', networkId, 'insert', { ...noted, name: 'My network' });
const sensorId = insert('sensor', {
  ...noted, name: 'office', hostname: 'probe-1', software: 'netvisor-sensor 0.1.0', connected: true, host_id: null, last_seen: now(), capabilities: { discoveries: 'SelfReport', engine: 'xdp', kernel: '6.1.0' },
  interfaces: [{ name: 'eth1', mac: '52:54:00:12:34:56', addresses: [], mode: 'native', vlan_tags_visible: true, promiscuous: true, span: true }, { name: 'eth0', mac: '52:54:00:12:34:57', addresses: ['10.0.0.9', 'fe80::5054:ff:fe12:3457'], mode: 'generic', vlan_tags_visible: false, promiscuous: false, span: false }],
  counters: { uptime_seconds: 81234, port_packets: 91234567, port_sent_packets: 0, facts_held: 812, facts_said: 1954, facts_folded: 48122, hosts: 40, flows: 2100, handshakes: 512, over_budget_dns: 77, port_missed: 0, texts_cut: 0 }, losses: { over_budget_dns: 77, frames_truncated: 3, ring_full_frame: 12 },
});
const report = { sensor_id: sensorId, name: 'Self-report of office', discovery_type: { type: 'SelfReport' } };
const discoveryId = insert('discovery', { ...noted, ...report, run_type: { type: 'Scheduled', cron: '0 3 * * *', timezone: 'UTC', enabled: true, last_run: now() - 9000, next_run: now() + 9000 }, failures: 0, disabled_reason: null });
for (const [phase, progress] of [['Complete', 100], ['Scanning', 40]]) insert('session', { ...report, discovery_id: discoveryId, cause: 'schedule', started_by: null, phase, progress, error: null, results: null, created_at: now() - 9000, started_at: now() - 9000, finished_at: phase === 'Complete' ? now() - 8990 : null, updated_at: now() - 8990 });
makeNetwork({ hosts: hostCount, services: Number(options.services), flows: Number(options.flows ?? hostCount * 3) });
tagSome();
const troubles = options.trouble ? trouble(tables, change, now(), id) : { conflicts: { items: [], total: 0 }, proposals: [] };
run();
live(Number(options.rate));

// One answer's ids are those of the next.
const evidenceOf = new Map();
const evidenceFor = host => {
  if (!evidenceOf.has(host.id)) evidenceOf.set(host.id, facts(host).map(({ first, last, count, ...fact }) => ({ id: id(), sensor_id: sensorId, first_seen: first, last_seen: last, count, fact })));
  return evidenceOf.get(host.id);
};
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

// What a definition would match: the hosts with a service of a port that it names.
function tried(definition) {
  const ports = JSON.stringify(definition.match ?? {}).match(/\d+\/(tcp|udp)/g) ?? [];
  const found = [...tables.service.values()].filter(service => ports.includes(`${service.port}/${service.proto}`)).slice(0, 30);
  const reasons = (service, met) => ({ is: 'all', met, of: [{ is: 'port', want: `${service.port}/${service.proto}`, met: true, port: `${service.port}/${service.proto}`, evidence: [] }, { is: 'http', want: { title: definition.name }, met, ...(met ? { found: definition.name } : {}) }] });
  return { hosts: tables.host.size, matched: found.filter((_, i) => i % 3 < 2).length, matches: found.filter((_, i) => i % 3 < 2).map(service => ({ host_id: service.host_id, certainty: 'high', ports: [`${service.port}/${service.proto}`], reasons: reasons(service, true) })), near: found.filter((_, i) => i % 3 === 2).map(service => ({ host_id: service.host_id, met: 0.5, reasons: reasons(service, false) })), left_out: 0 };
}

let signedIn = !options.setup;
const me = { id: id(), organization_id: id(), organization_name: 'My organization', email: 'owner@example.org', name: 'Owner', permissions: 'owner', network_ids: null, has_password: true, oidc: [] };
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const policy = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-ancestors 'none'";

function answer(response, status, data) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(status < 400 ? { success: true, data } : { success: false, error: data }));
}

async function bodyOf(request) {
  let text = '';
  for await (const part of request) text += part;
  return text ? JSON.parse(text) : {};
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
    return host ? answer(response, 200, evidenceFor(host)) : answer(response, 404, 'no such host');
  }
  const told = /^\/api\/hosts\/([^/]+)\/conclusions$/.exec(path);
  if (told) {
    const host = tables.host.get(told[1]);
    return host ? answer(response, 200, conclusions(host, [...tables.service.values()].filter(service => service.host_id === host.id), evidenceFor(host))) : answer(response, 404, 'no such host');
  }
  if (path === '/api/definitions/progress') return answer(response, 200, { due: 0, hosts: tables.host.size });
  if (path === '/api/definitions/test') return void bodyOf(request).then(({ definition }) => answer(response, 200, tried(definition)));
  if (path === '/api/definitions') return answer(response, 200, searchParams.get('origin') === 'own' ? [] : definitions.map(({ id: name, ...definition }) => ({ id: name, origin: 'built-in', name: definition.name, description: definition.description, category: definition.category, logo: definition.logo ?? null, icon: definition.icon ?? null, is_generic: definition.is_generic, definition, fault: null, revision: 1, created_at: now(), updated_at: now() })));
  if (path === '/api/attention') return answer(response, 200, troubles.conflicts);
  if (path === '/api/consolidations') return answer(response, 200, troubles.proposals);
  const trafficOf = /^\/api\/(?:hosts\/([^/]+)\/)?traffic$/.exec(path);
  if (trafficOf) return answer(response, 200, traffic(searchParams, trafficOf[1], tables, now()));
  if (path === '/api/history/as-of') return answer(response, 200, asOf(tables, searchParams));
  if (path === '/api/history/difference') return answer(response, 200, difference(tables, searchParams, now()));
  if (path === '/api/tags') return answer(response, 200, tags);
  if (path.startsWith('/api/topology')) return void bodyOf(request).then(body => answer(response, ...topologies(request.method, path, body)));
  if (path.startsWith('/api/shares/public/')) {
    return void bodyOf(request).then(body => {
      const [status, data, etag] = publicShares(request.method, path, searchParams, request.headers, body);
      if (etag) response.setHeader('ETag', etag);
      if (status === 304) response.writeHead(304).end();
      else answer(response, status, data);
    });
  }
  if (path.startsWith('/api/shares')) return void bodyOf(request).then(body => answer(response, ...sharesApi(request.method, path, body)));
  if (path === '/mock/host') return answer(response, 200, [...tables.interface.values()].filter(face => face.mac && face.ip && face.via === null)[Number(searchParams.get('n') ?? 20)]?.host_id);
  if (path === '/mock/rename' && request.method === 'POST') {
    const name = `t${Date.now()}`;
    change('host', searchParams.get('host'), 'update', { name });
    push();
    return answer(response, 200, name);
  }
  if (path === '/api/sensors') return answer(response, 200, { id: id(), key: 'nvs_only-for-show', name: 'x' });
  if (path.startsWith('/api/sensors/')) return answer(response, 200, null);
  // Of what this mock does not play there is none, and nothing can be made.
  if (path.startsWith('/api/')) return request.method === 'GET' ? answer(response, 200, []) : answer(response, 503, 'this is a mock, which keeps nothing');
  const file = join(folder, path);
  const found = existsSync(file) && statSync(file).isFile() ? file : join(folder, 'index.html');
  response.writeHead(200, { 'Content-Type': types[extname(found)] ?? 'application/octet-stream', 'Content-Security-Policy': policy });
  response.end(readFileSync(found));
});

new WebSocketServer({ server, path: '/live', handleProtocols: () => 'netvisor.live.1', perMessageDeflate: false }).on('connection', serve);

server.listen(Number(options.port), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
