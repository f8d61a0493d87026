// SPDX-License-Identifier: BSD-2-Clause
// Makes the network: sites with subnets of varied sizes, hosts in them by their roles, routers with a face in each subnet,
// machines on hypervisors, containers on Docker hosts, neighbours on layer 2, groups and flows.
import { conclude, deviceOf } from './concluded.mjs';
import { chance, hex, id, int, now, pick, random, skewed, weighed } from './random.mjs';
import { extras, kinds, outside, roles, sites } from './roles.mjs';
import { change, insert, noted, tables } from './store.mjs';

const DAY = 86_400;
const HOSTS_OF_SITE = 900;
const HOSTS_OF_SUBNET = 240;
const servers = []; // [host, address, vlan, port, proto, popularity] that flows go to
const clients = []; // [host, address, vlan]
const plans = []; // subnets: {id, type, vlan, prefix, v6, router, used, site, roles}
const made = new Map(); // role → hosts
const numbers = new Map();
const bySite = new Map(); // site → {router, switches}

const mac = maker => `${maker || 'd2:' + hex() + ':' + hex()}:${hex()}:${hex()}:${hex()}`;

function nameOf(role, site) {
  const stem = pick(roles[role].names);
  const n = (numbers.get(stem) ?? 0) + 1;
  numbers.set(stem, n);
  return `${stem}-${n}${site > 0 ? `.${sites[site % sites.length].toLowerCase()}` : ''}`;
}

function addFace(host, plan, maker, more = {}) {
  const last = ++plan.used + 1;
  const ip = `${plan.prefix}${plan.wide ? `${plan.third + (last >> 8)}.` : ''}${last & 255 || 1}`;
  const vlan = plan.vlan ? [plan.vlan] : [];
  const face = { ...noted, name: null, via: null, host_id: host, mac: mac(maker[0]), vendor: maker[1], random_mac: !maker[0], ip, vlan, subnet_id: plan.id, packets: int(10, 9e5), bytes: int(1e3, 9e8), packets_in: int(10, 9e5), bytes_in: int(1e3, 9e9), first_seen: now() - random() * 3 * DAY, last_seen: now(), ...more };
  const faceId = insert('interface', face);
  if (plan.v6 && chance(0.6)) insert('interface', { ...face, ip: `${plan.v6}${hex()}${hex()}:${hex()}ff:fe${hex()}:${hex()}${hex()}`, subnet_id: plan.v6Id, bytes: 4000, bytes_in: 900 });
  else if (chance(0.2)) insert('interface', { ...face, ip: `fe80::${hex()}${hex()}:${hex()}ff:fe${hex()}:${hex()}${hex()}`, subnet_id: null, bytes: 4000, bytes_in: 100 });
  return { id: faceId, ip, vlan };
}

function addService(host, face, [definition, port, proto, , mdns], popularity, more = {}) {
  const announced = mdns !== undefined && mdns !== null;
  const service = insert('service', {
    ...noted, host_id: host, ip: face.ip, port, proto, vlan: face.vlan, service_definition: null, ...conclude(definition, port, proto, mdns), virtualization: null, name: announced ? mdns : null, name_source: null,
    state: chance(0.97) ? 'open' : 'closed', source: announced ? 'mdns' : 'tcp', confidence: announced ? 'announced' : 'measured', clients: int(1, 12), first_seen: now() - random() * 3 * DAY, last_seen: now() - random() * 500, ...more,
  });
  const binding = insert('binding', { service_id: service, port_id: null, interface_id: face.id, origin: 'discovery', revision: 1 });
  servers.push([host, face.ip, face.vlan, port, proto, popularity]);
  return { service, binding };
}

export function addHost(plan, role, at = now() - random() * 3 * DAY) {
  const about = roles[role];
  const maker = pick(about.makers);
  const named = !['phone', 'desk', 'thing'].includes(role) || chance(0.7);
  const fresh = chance(0.93) ? now() - random() * 240 : now() - 1800 - random() * 2 * DAY;
  const host = insert('host', { ...noted, hidden: false, virtualization: null, name: named ? nameOf(role, plan.site) : null, name_source: named ? pick(['dhcp', 'mdns', 'dns']) : null, vendor: maker[1], device: deviceOf(role, maker[1]), first_seen: at, last_seen: fresh, present_since: at });
  const face = addFace(host, plan, maker, { first_seen: at, last_seen: fresh });
  const popularity = ['desk', 'phone', 'thing', 'tv', 'voice', 'camera'].includes(role) ? 0.02 : 1;
  const services = about.services.filter(each => chance(each[3])).map(each => ({ each, ...addService(host, face, each, popularity) }));
  clients.push([host, face.ip, face.vlan]);
  const thing = { host, face, services, plan, role };
  if (!made.has(role)) made.set(role, []);
  made.get(role).push(thing);
  return thing;
}

function addSubnet(site, kind, index, size) {
  const vlan = kind.vlan + index;
  const third = vlan;
  const v6 = chance(0.5) ? `2001:db8:${(site + 1).toString(16)}:${vlan.toString(16)}:` : null;
  const name = `${site > 0 ? `${sites[site % sites.length]} ` : ''}${kind.name}${index ? ` ${index + 1}` : ''}`;
  const common = { ...noted, name, subnet_type: kind.type, created_at: now() - 30 * DAY };
  const plan = { id: insert('subnet', { ...common, cidr: `10.${site}.${third}.0/24` }), v6Id: null, v6, type: kind.type, vlan, prefix: `10.${site}.${third}.`, wide: false, third, used: 0, site, roles: kind.roles, size };
  if (v6) plan.v6Id = insert('subnet', { ...common, cidr: `${v6}:/64`, name: `${name} IPv6` });
  plans.push(plan);
  return plan;
}

// A site's subnets, their router and its switches; then who lives there.
function addSite(site, hosts) {
  const small = hosts < 30;
  const chosen = small ? kinds.filter(kind => ['Servers', 'Office', 'IoT', 'Management'].includes(kind.name)) : hosts < 120 ? kinds.filter(kind => !['Engineering', 'Voice', 'DMZ', 'Cameras'].includes(kind.name)) : kinds;
  const weights = chosen.map(kind => kind.share * (0.55 + random() * 0.9));
  const total = weights.reduce((sum, each) => sum + each, 0);
  const here = chosen.flatMap((kind, i) => {
    const share = Math.max(small ? 2 : 3, Math.round((hosts * weights[i]) / total));
    const parts = Math.ceil(share / HOSTS_OF_SUBNET);
    return Array.from({ length: Math.min(parts, 5) }, (_, part) => addSubnet(site, kind, part, Math.round(share / parts)));
  });
  const router = addHost(here[0], 'router');
  change('host', router.host, 'update', { name: site > 0 ? `gw.${sites[site % sites.length].toLowerCase()}` : 'gateway' });
  for (const plan of here.slice(1)) addFace(router.host, plan, ['f0:9f:c2', 'Ubiquiti Inc']);
  for (const plan of here) plan.router = tables.interface.get(router.face.id).mac;
  const switches = Array.from({ length: Math.max(1, Math.round(hosts / 60)) }, () => addHost(here[0], 'switch'));
  bySite.set(site, { router, switches });
  return here;
}

function addLayer2() {
  for (const { router, switches } of bySite.values()) {
    const root = switches[0];
    const macOf = thing => tables.interface.get(thing.face.id).mac;
    const say = (thing, set) => insert('neighbor', { host_id: thing.host, sensor_id: [...tables.sensor.keys()][0] ?? null, source: 'lldp', mac: macOf(thing), chassis: macOf(thing), port: null, port_description: null, system_name: tables.host.get(thing.host).name, system_description: 'Made-up switch, version 9', platform: null, capabilities: ['bridge'], management: [thing.face.ip], native_vlan: 1, vlan: [], root: null, bridge: null, cost: null, first_seen: now() - DAY, last_seen: now() - random() * 60, ...set });
    say(router, { port: 'eth1', capabilities: ['router'] });
    for (const [i, thing] of switches.entries()) {
      say(thing, { port: `Gi0/${int(1, 48)}`, port_description: i ? 'uplink' : 'to the sensor' });
      insert('neighbor', { ...[...tables.neighbor.values()].pop(), id: undefined, source: 'stp', chassis: null, system_name: null, system_description: null, capabilities: [], management: [], port: `8${String(i % 10)}01`, root: `8000.${macOf(root)}`, bridge: `8000.${macOf(thing)}`, cost: thing === root ? 0 : 4 * int(1, 3) });
    }
    for (const ap of made.get('ap') ?? []) if (ap.plan.site === root.plan.site) say(ap, { port: 'eth0', capabilities: ['wlan-ap', 'bridge'] });
  }
}

function addHosting() {
  const machines = [...(made.get('app') ?? []), ...(made.get('database') ?? []), ...(made.get('docker') ?? []), ...(made.get('monitor') ?? [])];
  const hypervisors = made.get('hypervisor') ?? [];
  const runs = hypervisors.flatMap(each => each.services.filter(service => service.each[0] === 'Proxmox VE').map(service => [each, service]));
  for (const machine of machines) {
    const near = runs.filter(([each]) => each.plan.site === machine.plan.site);
    if (!near.length || chance(0.25)) continue;
    const [, provider] = pick(near);
    change('host', machine.host, 'update', { virtualization: { type: 'Proxmox', vm_name: tables.host.get(machine.host).name, vm_id: String(int(100, 999)), service_id: provider.service } });
  }
  for (const [i, docker] of (made.get('docker') ?? []).entries()) {
    const engine = docker.services.find(service => service.each[0] === 'Docker');
    if (!engine) continue;
    const bridge = insert('subnet', { ...noted, cidr: `172.${17 + (i % 14)}.${i >> 4}.0/24`, name: `${tables.host.get(docker.host).name} bridge`, subnet_type: 'DockerBridge', created_at: now() - 9 * DAY });
    const prefix = `172.${17 + (i % 14)}.${i >> 4}.`;
    const at = { ...tables.interface.get(docker.face.id), id: undefined, name: 'docker0', mac: `02:42:${hex()}:${hex()}:${hex()}:${hex()}`, ip: `${prefix}1`, subnet_id: bridge, vendor: null };
    insert('interface', at);
    for (let k = int(2, 6); k > 0; k--) {
      const [definition, port] = pick(extras.filter(each => each[0]));
      const ip = `${prefix}${k + 1}`;
      const face = insert('interface', { ...at, name: `veth${hex()}`, mac: `02:42:${hex()}:${hex()}:${hex()}:${hex()}`, ip });
      addService(docker.host, { id: face, ip, vlan: [] }, [definition, port, 'tcp', 1], 0.3, { virtualization: { type: 'Docker', container_name: definition.toLowerCase().replace(/\W+/g, '-'), container_id: hex() + hex() + hex() + hex(), service_id: engine.service } });
    }
  }
}

function addOutside(count, via) {
  for (let i = 0; i < count; i++) {
    const ip = `${int(13, 210)}.${int(0, 255)}.${int(0, 255)}.${int(1, 254)}`;
    const name = chance(0.5) ? `${i < outside.length ? '' : `${hex()}.`}${outside[i % outside.length]}` : null;
    const host = insert('host', { ...noted, hidden: false, virtualization: null, name, name_source: name ? 'dns' : null, vendor: null, device: null, first_seen: now() - DAY, last_seen: now() - random() * 400, present_since: now() - DAY });
    const face = insert('interface', { ...noted, name: null, host_id: host, mac: null, ip, vlan: [], via, vendor: null, random_mac: false, subnet_id: null, packets: 900, bytes: int(1e3, 9e8), packets_in: 800, bytes_in: int(1e3, 9e8), first_seen: now() - DAY, last_seen: now() });
    addService(host, { id: face, ip, vlan: [] }, [null, chance(0.9) ? 443 : 123, chance(0.9) ? 'tcp' : 'udp', 1], 0.8);
  }
}

export function addFlow(fresh = now() - (chance(0.04) ? random() * 8 : 30 + random() * 4000)) {
  const [client, from, vlan] = pick(clients);
  const [server, to, , port, proto] = pickServer();
  if (client === server) return null;
  const busy = random() ** 6;
  return insert('flow', { client_host_id: client, client: from, server_host_id: server, server: to, port, proto, vlan, connections: 1 + Math.round(busy * 4000), packets: 10 + Math.round(busy * 1e7), bytes: 900 + Math.round(busy * 9e9), packets_back: 10 + Math.round(busy * 2e7), bytes_back: 900 + Math.round(busy * 4e10), rtt_us: proto === 'tcp' ? int(80, 60000) : null, first_seen: now() - DAY, last_seen: fresh });
}

let popular = null;
function pickServer() {
  if (!popular || popular.size !== servers.length) popular = { size: servers.length, list: servers.filter(each => random() < each[5]).sort((a, b) => b[5] - a[5]) };
  return popular.list[skewed(popular.list.length, 4)];
}

function addGroups() {
  const bindingsOf = role => (made.get(role) ?? []).flatMap(thing => thing.services.slice(0, 1).map(service => service.binding));
  const group = (name, group_type, binding_ids, color, edge_style) => binding_ids.length > 1 && insert('group', { ...noted, origin: 'manual', name, group_type, binding_ids, color, edge_style, created_at: now() - DAY });
  const first = role => bindingsOf(role).slice(0, 1);
  group('Shop: a request', 'RequestPath', [...first('proxy'), ...first('app'), ...first('database')], 'Orange', 'SmoothStep');
  group('Metrics', 'HubAndSpoke', [...first('monitor'), ...bindingsOf('app').slice(0, 5)], 'Purple', 'Bezier');
  group('Backup', 'HubAndSpoke', [...first('nas'), ...bindingsOf('database').slice(0, 3)], 'Teal', 'SmoothStep');
}

export function makeNetwork({ hosts, services, flows }) {
  const remote = Math.round(Math.min(400, Math.max(2, hosts * 0.06)));
  const local = hosts - remote;
  const count = Math.max(1, Math.round(local / HOSTS_OF_SITE));
  const all = Array.from({ length: count }, (_, site) => addSite(site, Math.round(local / count))).flat();
  for (const plan of all) while (plan.used < plan.size && tables.host.size < local) addHost(plan, weighed(plan.roles));
  for (let i = 0; tables.host.size < local; i++) addHost(all[i % all.length], weighed(all[i % all.length].roles));
  addHosting();
  addLayer2();
  addOutside(remote, all[0].router);
  // As many services as were asked for, on machines that serve.
  const serving = ['app', 'database', 'docker', 'monitor', 'home', 'nas', 'hypervisor', 'desk'].flatMap(role => made.get(role) ?? []);
  const taken = new Set([...tables.service.values()].map(row => `${row.ip} ${row.port}`));
  for (let tries = 0; serving.length && tables.service.size < services && tries < services * 3; tries++) {
    const thing = serving[skewed(serving.length, 1.3)];
    const extra = chance(0.7) ? pick(extras) : [null, int(1024, 49151)];
    if (taken.has(`${thing.face.ip} ${extra[1]}`)) continue;
    taken.add(`${thing.face.ip} ${extra[1]}`);
    addService(thing.host, thing.face, [extra[0], extra[1], 'tcp', 1], 0.3);
  }
  for (let i = 0; i < flows; i++) addFlow();
  addGroups();
}

export const someSubnet = () => pick(plans);
export const someRole = plan => weighed(plan.roles);
