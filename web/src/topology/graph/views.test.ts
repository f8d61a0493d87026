// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import { binding, face, flow, graphOf, group, host, link, neighbor, sensor, service, subnet, words, type Row } from './sample';

const lan = subnet('LAN', '10.0.0.0/24');
const at = (id: string, ip: string, set: object = {}) => [host(id, set), face(id, ip, { subnet_id: 'LAN' })];

const people = [lan, ...at('web', '10.0.0.2'), ...at('db', '10.0.0.3', { tags: ['t'] }), ...at('pc', '10.0.0.4'), service('web', 443, { ip: '10.0.0.2', tags: ['t', 'u'] }), service('db', 5432, { ip: '10.0.0.3' }), service('db', 22, { ip: '10.0.0.3', clients: 0 }), flow(['web', '10.0.0.2'], ['db', '10.0.0.3'], 5432), flow(['pc', '10.0.0.4'], ['web', '10.0.0.2'], 443), flow(['pc', '10.0.0.4'], ['db', '10.0.0.3'], 9999), binding('b1', 'web/44310.0.0.2'), binding('b2', 'db/543210.0.0.3'), group('Shop', ['b1', 'b2'])];
const apps = (options = {}, rows: Row[] = people) => graphOf(rows, { view: 'applications', hide_edge_types: ['path', 'hub'], ...options }, { tags: [{ id: 't', name: 'Live' }, { id: 'u', name: 'Old' }] });

test.each<[string, object, object, string[]]>([
  ['host', {}, { Clients: ['pc'], db: ['PostgreSQL'], web: ['HTTPS'] }, ['dependency pc > HTTPS measured', 'dependency web > PostgreSQL measured']],
  ['category', { group_applications_by: 'category' }, { Clients: ['pc', 'web'], Databases: ['PostgreSQL'], Web: ['HTTPS'] }, ['dependency pc > HTTPS measured', 'dependency web > PostgreSQL measured']],
  ['tag', { group_applications_by: 'tag' }, { Clients: ['pc', 'web'], Live: ['HTTPS', 'PostgreSQL'] }, ['dependency pc > HTTPS measured', 'dependency web > PostgreSQL measured']],
  ['group', { group_applications_by: 'group' }, { Clients: ['pc', 'web'], Shop: ['HTTPS', 'PostgreSQL'] }, ['dependency pc > HTTPS measured', 'dependency web > PostgreSQL measured']],
  ['group, with its path', { group_applications_by: 'group', hide_edge_types: ['dependency'] }, { Shop: ['HTTPS', 'PostgreSQL'] }, ['path HTTPS > PostgreSQL noted']],
])('applications by %s', (_, options, containers, edges) => {
  const graph = apps(options);
  expect(words(graph)).toEqual({ containers, edges });
  expect(graph.left).toEqual([{ what: 'service that nobody uses', count: 1 }]);
});

test('applications far away are together, and clients that use nothing known are not shown', () => {
  const rows = [...people, host('cdn'), face('cdn', '93.184.216.34', { mac: null, via: '02:00:00:00:00:zz' }), service('cdn', 443, { id: 'far', ip: '93.184.216.34' }), flow(['pc', '10.0.0.4'], ['cdn', '93.184.216.34'], 443)];
  expect(words(apps({}, rows)).containers).toMatchObject({ Internet: ['HTTPS'], Clients: ['pc'] });
  expect(words(apps({ hide_remote: true }, rows)).containers).not.toHaveProperty('Internet');
  expect([...apps({}, rows).nodes.values()].find(node => node.id === 'far')).toMatchObject({ kind: 'service', subtitle: 'cdn · 443/tcp', hostId: 'cdn' });
});

test('what was refused, or left at once, is no use', () => {
  const lines = (set: object) => words(apps({}, [...people.filter(([entity]) => entity !== 'flow'), flow(['pc', '10.0.0.4'], ['web', '10.0.0.2'], 443, set)])).edges;
  expect(lines({ connections: 2, packets: 9, packets_back: 3 })).toEqual(['dependency pc > HTTPS measured']);
  expect(lines({ connections: 2, packets: 4, packets_back: 2 })).toEqual([]);
  expect(lines({ connections: 1, packets: 4, packets_back: 0 })).toEqual([]);
  expect(lines({ connections: 0, packets: 0, packets_back: 0 })).toEqual(['dependency pc > HTTPS measured']);
});

test('workloads are in what runs them, as deep as that goes', () => {
  const runs = (service_id: string, type = 'Proxmox') => ({ virtualization: { type, vm_name: null, service_id } });
  const rows = [lan, ...at('pve', '10.0.0.2'), service('pve', 8006, { id: 'pve-s', ip: '10.0.0.2' }), ...at('vm1', '10.0.0.3', runs('pve-s')), ...at('docker', '10.0.0.4', runs('pve-s')), service('docker', 2375, { id: 'docker-s', ip: '10.0.0.4' }), service('docker', 3000, { id: 'c1', ip: '10.0.0.4', virtualization: { type: 'Docker', container_name: 'shop', container_id: 'x', service_id: 'docker-s' } }), service('docker', 3001, { id: 'c2', ip: '10.0.0.4', virtualization: { type: 'Docker', container_name: 'shop', container_id: 'x', service_id: 'docker-s' } }), ...at('odd', '10.0.0.5', { device: { kind: { value: 'vm', certainty: 'medium', source: 'vendor' } } }), ...at('pc', '10.0.0.6')];
  const graph = graphOf(rows, { view: 'workloads', hide_service_categories: [] });
  expect([...graph.containers.values()].map(each => [each.title, each.parent])).toEqual([['pve', null], ['docker', 'host:pve'], ['Runs on a host that is not known', null]]);
  expect([...graph.nodes.values()].map(node => [node.title, node.kind, node.container, node.truth, node.lines.length])).toEqual([['odd', 'machine', 'unplaced:', 'inferred', 0], ['vm1', 'machine', 'host:pve', 'noted', 0], ['shop', 'workload', 'host:docker', 'noted', 2]]);
  expect(graph.left).toEqual([{ what: 'host that runs on no other and runs none', count: 1 }]);
  expect(graph.containers.get('host:pve')!.summary.services).toBe(2);
});

test('two machines that are said to run each other are both at the top', () => {
  const rows = [lan, ...at('a', '10.0.0.2', { virtualization: { type: 'X', service_id: 'sb' } }), ...at('b', '10.0.0.3', { virtualization: { type: 'X', service_id: 'sa' } }), service('a', 1, { id: 'sa' }), service('b', 2, { id: 'sb' })];
  expect([...graphOf(rows, { view: 'workloads' }).containers.values()].map(each => [each.title, each.parent])).toEqual([['a', null], ['b', null]]);
});

const probe = (set: object = {}) => sensor('probe', { host_id: 'p', interfaces: [{ name: 'eth0', span: false }], ...set });
const sw = { mac: '00:1b:21:00:00:01', chassis: '00:1b:21:00:00:00', system_name: 'core', capabilities: ['bridge'] };
const base = [lan, ...at('p', '10.0.0.9'), ...at('pc', '10.0.0.4')];
const wires = (rows: Row[], options = {}) => graphOf(rows, { view: 'physical', ...options });

test('a switch that announces its port: the port, and the sensor that heard it', () => {
  const graph = wires([...base, probe(), neighbor('n', 'lldp', { ...sw, port: 'Gi0/1', port_description: 'to the probe', native_vlan: 10 })]);
  expect(words(graph)).toEqual({ containers: { core: ['Gi0/1'], 'Without a VLAN tag': ['p', 'pc'] }, edges: ['link Gi0/1 > Without a VLAN tag inferred', 'link Gi0/1 > p announced'] });
  expect([...graph.nodes.values()].find(node => node.kind === 'port')).toMatchObject({ subtitle: 'to the probe', badge: 'VLAN 10', truth: 'announced', container: `switch:${sw.chassis}` });
  expect([...graph.nodes.values()].find(node => node.title === 'p')).toMatchObject({ badge: 'sensor', hostId: 'p' });
});

test('what LLDP, CDP and the spanning tree say of one port is one port', () => {
  const rows = [...base, probe(), neighbor('1', 'lldp', { ...sw, port: 'GigabitEthernet0/1' }), neighbor('2', 'cdp', { ...sw, chassis: 'core.example', port: 'Gi0/1', platform: 'C3560' }), neighbor('3', 'stp', { mac: sw.mac, port: '8001', bridge: '32768.00:1b:21:00:00:00', root: '32768.00:1b:21:00:00:00', cost: 0 })];
  const graph = wires(rows);
  expect([...graph.containers.values()].filter(each => each.kind === 'switch').map(each => [each.title, each.subtitle, each.icon, each.rank])).toEqual([['core', 'C3560 · 00:1b:21:00:00:01 · root bridge', 'crown', 0]]);
  expect([...graph.nodes.values()].filter(node => node.kind === 'port').map(node => [node.title, node.rowIds])).toEqual([['GigabitEthernet0/1', ['1', '2', '3']]]);
});

test('the root of the spanning tree is known by what others say of it, and no cable leads there', () => {
  const stp = neighbor('3', 'stp', { mac: sw.mac, port: '8001', bridge: '32768.00:1b:21:00:00:00', root: '4096.00:1b:21:ff:00:00', cost: 20000 });
  const graph = wires([...base, probe(), stp]);
  expect([...graph.containers.values()].filter(each => each.kind === 'switch').map(each => [each.title, each.subtitle])).toEqual([['00:1b:21:ff:00:00', 'root bridge'], ['00:1b:21:00:00:01', 'cost 20000 to the root']]);
  expect([...graph.edges.values()].find(edge => edge.label.startsWith('cost'))).toMatchObject({ truth: 'inferred', directed: true, target: 'bridge:4096.00:1b:21:ff:00:00' });
  const both = wires([...base, probe(), stp, neighbor('4', 'stp', { mac: '00:1b:21:ff:00:01', port: '8002', bridge: '4096.00:1b:21:ff:00:00', root: '4096.00:1b:21:ff:00:00', cost: 0 })]);
  expect(words(both).edges.filter(edge => edge.startsWith('link 00:1b:21:00:00:01 >'))).toEqual(['link 00:1b:21:00:00:01 > 00:1b:21:ff:00:01 inferred']);
});

test('what switches tell by SNMP: who is at which port, also who is known to nobody else, and how switches are joined', () => {
  const port = (id: string, device: string, name: string) => neighbor(id, 'snmp', { mac: `${device}-${name}`, chassis: device, host_id: device, port: name, system_name: device, capabilities: ['bridge'] });
  const tells = (id: string, device: string, name: string, set: object) => link(id, { host_id: device, chassis: device, port: name, system_name: device, ...set });
  const rows = [...base, probe(), host('core'), host('desk'), port('1', 'core', 'Gi0/1'), port('2', 'core', 'Gi0/2'), port('3', 'core', 'Gi0/24'), port('4', 'desk', 'g8'),
    tells('a', 'core', 'GigabitEthernet0/1', { peer_mac: '02:00:00:00:00:pc', peer_host_id: 'pc' }), tells('b', 'core', 'Gi0/2', { peer_mac: 'x', stations: 2, vlan: [10] }), tells('c', 'core', 'Gi0/2', { peer_mac: '02:00:00:00:00:p', peer_host_id: 'p', stations: 2 }),
    tells('d', 'core', 'Gi0/24', { source: 'lldp', peer_chassis: 'desk', peer_port: 'g8', capabilities: ['bridge'] }), tells('e', 'core', 'Gi0/24', { peer_mac: 'y', stations: 3 }), tells('f', 'desk', 'g8', { source: 'lldp', peer_chassis: 'core', peer_port: 'Gi0/24', capabilities: ['bridge'] })];
  const graph = wires(rows);
  expect(words(graph)).toEqual({
    containers: { core: ['Gi0/1', 'Gi0/2', 'Gi0/24'], desk: ['g8'], 'Without a VLAN tag': ['p', 'pc'], 'VLAN 10': ['x'] },
    edges: ['link Gi0/1 > pc measured', 'link Gi0/2 > p inferred', 'link Gi0/2 > x inferred', 'link Gi0/24 > g8 announced'],
  });
});

test.each<[string, Row[], string[]]>([
  ['nobody has said anything', [...base, probe()], []],
  ['a mirror port hears others’ ports', [...base, probe({ interfaces: [{ span: true }] }), neighbor('n', 'lldp', { ...sw, port: '1' })], ['link 1 > p inferred']],
  ['several sensors may hear several segments', [...base, probe(), sensor('other', { host_id: null }), neighbor('n', 'lldp', { ...sw, port: '1' })], ['link 1 > p announced']],
  ['several ports were heard', [...base, probe(), neighbor('n', 'lldp', { ...sw, port: '1' }), neighbor('m', 'lldp', { ...sw, port: '2' })], ['link 1 > p announced', 'link 2 > p announced']],
  ['a station is no switch', [...base, probe(), neighbor('n', 'lldp', { host_id: 'pc', mac: '02:00:00:00:00:pc', port: 'eth0', capabilities: ['station'] })], []],
])('no cable is claimed when %s', (_, rows, edges) => {
  expect(words(wires(rows)).edges).toEqual(edges);
});

test('a switch that is a known host is that host, and not in the segment too', () => {
  const graph = wires([...base, ...at('core', '10.0.0.1', { name: 'core-switch' }), probe(), neighbor('n', 'lldp', { ...sw, host_id: 'core', port: '1' })]);
  expect(words(graph).containers).toEqual({ 'core-switch': ['1'], 'Without a VLAN tag': ['p', 'pc'] });
  expect(graph.containers.get('switch:core')!.hostId).toBe('core');
  expect(words(graph).edges).toContain('link core-switch > Without a VLAN tag measured');
});

test('a telephone that announces itself and is no known host is on the segment', () => {
  const graph = wires([...base, probe(), neighbor('n', 'lldp', { mac: '00:04:f2:00:00:01', system_name: 'phone-3', port: 'LAN', capabilities: ['telephone'], vlan: [20] })]);
  expect(words(graph).containers).toEqual({ 'VLAN 20': ['phone-3'], 'Without a VLAN tag': ['p', 'pc'] });
});

test('hosts far away are on no segment', () => {
  const graph = wires([...base, host('far'), face('far', '93.184.216.34', { mac: null, via: '02:00:00:00:00:zz' })]);
  expect(graph.left).toEqual([{ what: 'host that was not seen on a segment of its own', count: 1 }]);
});
