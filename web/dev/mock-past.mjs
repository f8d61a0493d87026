// SPDX-License-Identifier: BSD-2-Clause
// What the mock collector says of traffic: each flow's bytes are spread over the time that is asked for, more by day than
// by night, in the form of GET /api/traffic (docs/history.md).

const sums = () => ({ connections: 0, packets: 0, bytes: 0, packets_back: 0, bytes_back: 0 });
const add = (to, flow, part, turned = false) => {
  to.connections += Math.round(flow.connections * part);
  for (const what of ['packets', 'bytes']) {
    to[what] += Math.round(flow[turned ? `${what}_back` : what] * part);
    to[`${what}_back`] += Math.round(flow[turned ? what : `${what}_back`] * part);
  }
};

// How busy the network is at a time, between 0 and 1; always the same for the same time and flow.
function busy(at, seed) {
  const hour = (at / 3600) % 24;
  const noise = Math.abs(Math.sin(at / 977 + seed * 12.9898) * 43758.5453) % 1;
  return Math.max(0.02, 0.45 + 0.4 * Math.sin(((hour - 8) / 24) * 2 * Math.PI)) * (0.4 + 0.6 * noise) * (noise > 0.93 ? 3 : 1);
}

export function traffic(query, hostId, tables, now) {
  const to = Number(query.get('to') ?? now);
  const span = to - Number(query.get('from') ?? to - 3600);
  const step_s = span <= 21600 ? 60 : span <= 21 * 86400 ? 3600 : 86400;
  const from = Math.floor((to - span) / step_s) * step_s;
  const times = [];
  for (let at = from; at < to; at += step_s) times.push(at);
  const by = query.get('by') ?? 'total';
  const host = hostId ?? query.get('host_id');
  const port = query.get('port');
  const flows = [...tables.flow.values()].filter(flow => (!host || flow.client_host_id === host || flow.server_host_id === host) && (!port || String(flow.port) === port));
  const subnetAt = ip => [...tables.subnet.values()].find(subnet => ip.startsWith(subnet.cidr.replace(/\.0\/24$/, '.')));
  const title = id => tables.host.get(id)?.name ?? [...tables.interface.values()].find(face => face.host_id === id && face.ip)?.ip ?? id;
  const total = sums();
  const series = times.map(at => ({ at, ...sums() }));
  const keyed = new Map();
  const keysOf = flow => {
    if (by === 'edge') return [[flow.id, false, { label: `${flow.client} → ${flow.server}:${flow.port}/${flow.proto}`, flow_id: flow.id, client: flow.client, server: flow.server, port: flow.port, proto: flow.proto, client_host_id: flow.client_host_id, server_host_id: flow.server_host_id }]];
    if (by === 'service') return [[`${flow.server} ${flow.port}`, false, { label: `${flow.server}:${flow.port}/${flow.proto}`, server: flow.server, port: flow.port, proto: flow.proto, host_id: flow.server_host_id }]];
    const ends = [[flow.client_host_id, flow.client, false], [flow.server_host_id, flow.server, true]];
    if (by === 'host') return ends.filter(([id]) => id !== host).map(([id, ip, turned]) => [id ?? ip, turned, { label: title(id), host_id: id, address: id ? null : ip }]);
    if (by === 'subnet') return ends.map(([, ip, turned]) => [subnetAt(ip), turned]).map(([subnet, turned]) => [subnet?.id ?? 'elsewhere', turned, { label: subnet?.name ?? 'elsewhere', subnet_id: subnet?.id ?? null, cidr: subnet?.cidr ?? null }]);
    return [];
  };
  flows.forEach((flow, seed) => {
    const parts = times.map(at => busy(at, seed) * (step_s / 86400) * 0.2);
    const whole = parts.reduce((sum, part) => sum + part, 0);
    add(total, flow, whole);
    times.forEach((_, i) => add(series[i], flow, parts[i]));
    for (const [key, turned, about] of keysOf(flow)) {
      const entry = keyed.get(key) ?? { key, ...about, ...sums(), series: times.map(at => [at, 0]) };
      add(entry, flow, whole, turned);
      times.forEach((_, i) => (entry.series[i][1] += Math.round((flow.bytes + flow.bytes_back) * parts[i])));
      keyed.set(key, entry);
    }
  });
  const top = [...keyed.values()].sort((a, b) => b.bytes + b.bytes_back - a.bytes - a.bytes_back).slice(0, Number(query.get('limit') ?? 20));
  top.slice(10).forEach(entry => (entry.series = null));
  return { from, to, by, step_s, oldest_at: from, total, series, count: keyed.size, top };
}

// What alerts are made of: a sensor that is away, devices that are gone, a service that stopped, a discovery that fails,
// a conflict, a proposal.
export function trouble(tables, change, now, id) {
  const [sensor] = tables.sensor.values();
  const [discovery] = tables.discovery.values();
  change('sensor', id(), 'insert', { ...sensor, name: 'warehouse', hostname: 'probe-2', connected: false, last_seen: now - 4200, losses: {}, counters: {} });
  change('discovery', discovery.id, 'update', { failures: 2 });
  const local = [...tables.host.values()].filter(host => [...tables.interface.values()].some(face => face.host_id === host.id && face.mac && !face.random_mac));
  for (const host of tables.host.values()) change('host', host.id, 'update', { first_seen: now - 9 * 86400, present_since: now - 3 * 86400 });
  for (const host of local.slice(1, 4)) change('host', host.id, 'update', { last_seen: now - 7200, present_since: now - 5 * 86400 });
  for (const host of local.slice(4, 7)) change('host', host.id, 'update', { first_seen: now - 9000, present_since: now - 9000 });
  const served = [...tables.service.values()].find(service => service.host_id === local[9].id) ?? [...tables.service.values()][0];
  change('service', served.id, 'update', { state: 'closed', clients: 7 });
  return {
    conflicts: { items: [{ id: id(), kind: 'conflict', ip: '10.0.10.12', mac: null, claims: ['3c:07:54:aa:bb:cc', 'b8:27:eb:01:02:03'], hosts: local.slice(10, 12).map(host => ({ id: host.id, name: host.name })), first_seen: now - 2500, last_seen: now - 20, count: 14 }], total: 1 },
    proposals: [{ id: id(), network_id: id(), host_id: local[12].id, other_host_id: local[13].id, host_name: local[12].name, other_name: local[13].name, state: 'proposed', origin: 'automatic', rule: 'name', reason: 'both call themselves the same', score: 0.7, created_at: now - 20000, decided_at: null, undone_at: null, made_by: null }],
  };
}
