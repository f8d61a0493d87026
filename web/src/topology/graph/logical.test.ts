// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import { face, graphOf, group, binding, host, flow, service, subnet, words, type Row } from './sample';

const lan = subnet('LAN', '10.0.0.0/24');
const internet = subnet('Internet', '0.0.0.0/0', { subnet_type: 'Internet' });
const in10 = { subnet_id: 'LAN' };
const edges = (rows: Row[], options = {}) => words(graphOf(rows, options)).edges;
const containers = (rows: Row[], options = {}) => words(graphOf(rows, options)).containers;

test('a host is in its subnet, with its services', () => {
  const graph = graphOf([lan, host('nas', { vendor: 'Maker' }), face('nas', '10.0.0.5', in10), service('nas', 445, { ip: '10.0.0.5' }), service('nas', 22, { ip: '10.0.0.5' }), service('nas', 80, { ip: '10.0.0.5', state: 'closed' })]);
  expect([...graph.containers.values()]).toMatchObject([{ id: 'LAN', kind: 'subnet', title: 'LAN', subtitle: '10.0.0.0/24', parent: null, summary: { hosts: 1, services: 2, quiet: 0, categories: [{ category: 'NetworkCore', count: 1 }, { category: 'Storage', count: 1 }] } }]);
  const [node] = graph.nodes.values();
  expect(node).toMatchObject({ kind: 'host', container: 'LAN', hostId: 'nas', title: 'nas', subtitle: '10.0.0.5', zone: 'main', truth: 'measured', quiet: false });
  expect(node!.lines.map(line => `${line.title} ${line.detail}`)).toEqual(['SSH 22/tcp', 'SMB 445/tcp']);
  expect(graph.left).toEqual([]);
});

test('an IPv6 prefix on the same link is the same container; both addresses are one card, and one service is one line', () => {
  const prefix = subnet('P', '2001:db8:1::/64');
  const graph = graphOf([lan, prefix, host('a'), face('a', '10.0.0.5', in10), face('a', '2001:db8:1::5', { subnet_id: 'P' }), face('a', 'fe80::5'), service('a', 22, { id: 'z', ip: '10.0.0.5' }), service('a', 22, { id: 'y', ip: '2001:db8:1::5' })]);
  expect([...graph.containers.values()].map(each => [each.id, each.subtitle])).toEqual([['LAN', '10.0.0.0/24, 2001:db8:1::/64']]);
  expect([...graph.nodes.values()]).toMatchObject([{ subtitle: '10.0.0.5 +1', lines: [{ id: 'y' }], rowIds: expect.arrayContaining(['z']) }]);
});

test('a service that was seen in two VLANs, before a router and behind, is one line, as the best known of them says', () => {
  const graph = graphOf([lan, host('a'), face('a', '10.0.0.5', in10), service('a', 443, { id: 'p', ip: '10.0.0.5', vlan: [20], certainty: 'medium' }), service('a', 443, { id: 'q', ip: '10.0.0.5', vlan: [30], definition: 'philips-hue-bridge', certainty: 'high' }), service('a', 22, { id: 'r', ip: '10.0.0.5' }), service('a', 22, { id: 's', ip: '10.0.0.5', vlan: [20] })]);
  const [node] = graph.nodes.values();
  expect(node!.lines.map(line => line.id)).toEqual(['r', 'q']);
  expect(node!.rowIds).toEqual(expect.arrayContaining(['p', 's']));
});

test('a router with addresses in two subnets does not join a prefix to either; other hosts do', () => {
  const rows = [lan, subnet('DMZ', '10.0.1.0/24', { subnet_type: 'Dmz' }), subnet('P', '2001:db8::/64'), host('r'), face('r', '10.0.0.1', in10), face('r', '10.0.1.1', { subnet_id: 'DMZ' }), face('r', '2001:db8::1', { subnet_id: 'P' })];
  expect(containers(rows)).toEqual({ LAN: ['r'], DMZ: ['r'], P: ['r'] });
  expect(containers([...rows, host('a'), face('a', '10.0.1.7', { subnet_id: 'DMZ' }), face('a', '2001:db8::7', { subnet_id: 'P' })])).toEqual({ LAN: ['r'], DMZ: ['a', 'r'] });
});

test('a multi-homed host has a node in each subnet, joined by an edge that says how that is known', () => {
  const two = (mac: string) => [lan, subnet('B', '10.1.0.0/24'), host('m'), face('m', '10.0.0.2', in10), face('m', '10.1.0.2', { subnet_id: 'B', mac })];
  expect(edges(two('02:00:00:00:00:m'))).toEqual(['same-host m > m measured']);
  expect(edges(two('02:00:00:00:00:99'))).toEqual(['same-host m > m inferred']);
  expect([...graphOf(two('02:00:00:00:00:99')).nodes.values()].map(node => node.kind)).toEqual(['face', 'face']);
});

test('VLANs hold their subnets when there are several; else the subnet says its VLAN', () => {
  const rows = [subnet('A', '10.0.0.0/24'), subnet('B', '10.0.1.0/24'), subnet('C', '10.0.2.0/24'), ...['A', 'B', 'C'].flatMap((id, i) => [host(id.toLowerCase()), face(id.toLowerCase(), `10.0.${i}.2`, { subnet_id: id, vlan: [i < 2 ? 10 : 20] })])];
  const graph = graphOf(rows);
  expect([...graph.containers.values()].map(each => [each.title, each.parent])).toEqual([['VLAN 10', null], ['A', 'vlan:10'], ['B', 'vlan:10'], ['C', null]]);
  expect(graph.containers.get('C')!.subtitle).toBe('10.0.2.0/24 · VLAN 20');
  expect(graph.containers.get('vlan:10')!.summary.hosts).toBe(2);
});

test('what is far away is on the Internet or in other networks; the router leads there', () => {
  const via = { mac: null, via: '02:00:00:00:00:r' };
  const rows = [lan, internet, host('r'), face('r', '10.0.0.1', in10), host('web'), face('web', '93.184.216.34', { ...via, subnet_id: 'Internet' }), host('cdn'), face('cdn', '2a00:1450::1', via), host('branch'), face('branch', '192.168.9.9', via), host('mail'), face('mail', '93.184.216.35', { ...via, via: '02:00:00:00:00:xx' })];
  expect(containers(rows)).toEqual({ LAN: ['r'], Internet: ['cdn', 'mail', 'web'], Remote: ['branch'] });
  expect(edges(rows)).toEqual(['route r > Internet measured', 'route r > Remote measured']);
  expect([...graphOf(rows).edges.values()].find(edge => edge.target === 'Internet')).toMatchObject({ count: 2, directed: true });
  const hidden = graphOf(rows, { hide_remote: true });
  expect(words(hidden)).toEqual({ containers: { LAN: ['r'] }, edges: [] });
  expect(hidden.left).toEqual([{ what: 'hosts on the Internet or in other networks', count: 4 }]);
});

test('an address that is seen behind a router and on its own link is where it is', () => {
  expect([...graphOf([lan, host('a'), face('a', '10.0.0.5', in10), face('a', '10.0.0.5', { ...in10, mac: null, via: '02:00:00:00:00:r', vlan: [7] })]).nodes.values()].length).toBe(1);
});

test('a card that was also heard without an address in another VLAN is where its address is', () => {
  const graph = graphOf([lan, host('ap'), face('ap', '10.0.0.8', { ...in10, vlan: [10] }), face('ap', null, { id: 'bare' }), face('ap', 'fe80::8', { vlan: [20] }), face('ap', null, { id: 'other', mac: '02:00:00:00:00:77' })]);
  expect([...graph.nodes.values()].map(node => [node.container, node.rowIds.length])).toEqual([['unplaced:', 1], ['LAN', 3]]);
});

test('what no subnet holds is said to be in none, by VLAN', () => {
  const graph = graphOf([host('a'), face('a', '10.9.0.1', { vlan: [5] }), host('b'), face('b', null), host('noted', { origin: 'manual' })]);
  expect([...graph.containers.values()].map(each => [each.id, each.kind, each.subtitle])).toEqual([['unplaced:', 'unplaced', ''], ['unplaced:5', 'unplaced', 'VLAN 5']]);
  expect([...graph.nodes.values()].map(node => [node.title, node.container, node.truth])).toEqual([['a', 'unplaced:5', 'measured'], ['b', 'unplaced:', 'measured'], ['noted', 'unplaced:', 'noted']]);
});

test('Docker’s bridges of a host are one container, or each its own', () => {
  const bridge = (id: string, cidr: string) => subnet(id, cidr, { subnet_type: 'DockerBridge' });
  const rows = [lan, bridge('B1', '172.17.0.0/16'), bridge('B2', '172.18.0.0/16'), bridge('B3', '172.19.0.0/16'), host('d'), face('d', '10.0.0.2', in10), face('d', '172.17.0.1', { subnet_id: 'B1', name: 'docker0', mac: '02:42:00:00:00:01' }), face('d', '172.18.0.1', { subnet_id: 'B2', name: 'br-1', mac: '02:42:00:00:00:02' }), host('c'), face('c', '172.18.0.2', { subnet_id: 'B2' }), host('e'), face('e', '172.19.0.7', { subnet_id: 'B3' })];
  expect(containers(rows)).toEqual({ LAN: ['d'], 'Containers on d': ['c', 'd', 'd'], B3: ['e'] });
  expect(containers(rows, { group_docker_bridges_by_host: false })).toEqual({ LAN: ['d'], B1: ['d'], B2: ['c', 'd'], B3: ['e'] });
});

test('the left zone has the gateway and what the options name', () => {
  const rows = [lan, host('r'), face('r', '10.0.0.1', in10), host('x'), face('x', '8.8.8.8', { mac: null, via: '02:00:00:00:00:r' }), host('y'), face('y', '8.8.4.4', { mac: null, via: '02:00:00:00:00:r' }), host('dns'), face('dns', '10.0.0.3', in10), service('dns', 53, { ip: '10.0.0.3' }), service('x', 53, { ip: '8.8.8.8' }), host('pc'), face('pc', '10.0.0.4', in10)];
  const left = (options = {}) => [...graphOf(rows, options).nodes.values()].filter(node => node.zone === 'left').map(node => node.title);
  expect(left()).toEqual(['dns', 'r']);
  expect(left({ show_gateway_in_left_zone: false })).toEqual(['dns']);
  expect(left({ left_zone_service_categories: [] })).toEqual(['r']);
  expect(graphOf(rows, { left_zone_title: 'Core' }).containers.get('LAN')!.leftTitle).toBe('Core');
  expect([...graphOf(rows).nodes.values()].find(node => node.title === 'r')!.badge).toBe('router');
});

const some = [lan, internet, host('a', { tags: ['t1'] }), face('a', '10.0.0.5', in10), host('b', { last_seen: 10 }), face('b', '10.0.0.6', in10), host('c', { hidden: true }), face('c', '10.0.0.7', in10), service('a', 22, { ip: '10.0.0.5', tags: ['t2'] }), service('a', 34567, { ip: '10.0.0.5' }), service('a', 3306, { ip: '10.0.0.5' })];
test.each<[string, object, string[], string[], { what: string; count: number }[]]>([
  ['by default', {}, ['a', 'b'], ['SSH 22/tcp', 'MySQL 3306/tcp'], [{ what: 'service hidden by its category', count: 1 }]],
  ['no category', { hide_service_categories: [] }, ['a', 'b'], ['SSH 22/tcp', 'MySQL 3306/tcp', '34567/tcp '], []],
  ['databases', { hide_service_categories: ['Database'] }, ['a', 'b'], ['SSH 22/tcp', '34567/tcp '], [{ what: 'service hidden by its category', count: 1 }]],
  ['a service’s tag', { tag_filter: { hidden_host_tag_ids: [], hidden_service_tag_ids: ['t2'], hidden_subnet_tag_ids: [] }, hide_service_categories: [] }, ['a', 'b'], ['MySQL 3306/tcp', '34567/tcp '], [{ what: 'service hidden by its tag', count: 1 }]],
  ['a host’s tag', { tag_filter: { hidden_host_tag_ids: ['t1'], hidden_service_tag_ids: [], hidden_subnet_tag_ids: [] } }, ['b'], [], [{ what: 'host hidden by its tag', count: 1 }]],
  ['what is quiet', { hide_quiet: true, hide_service_categories: [] }, ['a'], ['SSH 22/tcp', 'MySQL 3306/tcp', '34567/tcp '], [{ what: 'quiet host', count: 1 }]],
  ['ports', { hide_ports: true }, ['a', 'b'], ['SSH ', 'MySQL '], [{ what: 'service hidden by its category', count: 1 }]],
  ['services', { hide_services: true, hide_service_categories: [] }, ['a', 'b'], [], []],
])('hidden: %s', (_, options, hosts, lines, left) => {
  const graph = graphOf(some, options);
  expect([...graph.nodes.values()].map(node => node.title)).toEqual(hosts);
  expect([...graph.nodes.values()].flatMap(node => node.lines.map(line => `${line.title} ${line.detail}`))).toEqual(lines);
  expect(graph.left).toEqual([...left, { what: 'host that is marked as left out of pictures', count: 1 }].sort((x, y) => (x.what < y.what ? -1 : 1)));
});

test('hidden: a subnet’s tag', () => {
  const graph = graphOf([subnet('S', '10.0.0.0/24', { tags: ['t'] }), subnet('T', '10.1.0.0/24'), host('a'), face('a', '10.0.0.1', { subnet_id: 'S' }), face('a', '10.1.0.1', { subnet_id: 'T' })], { tag_filter: { hidden_host_tag_ids: [], hidden_service_tag_ids: [], hidden_subnet_tag_ids: ['t'] } });
  expect(words(graph).containers).toEqual({ T: ['a'] });
  expect(graph.left).toEqual([{ what: 'interface in a subnet hidden by its tag', count: 1 }]);
});

const app = [lan, host('w'), face('w', '10.0.0.2', in10), host('d'), face('d', '10.0.0.3', in10), host('u'), face('u', '10.0.0.4', in10), service('w', 443, { ip: '10.0.0.2' }), service('d', 5432, { ip: '10.0.0.3' }), service('d', 6379, { ip: '10.0.0.3' }), service('u', null, { id: 'app', origin: 'manual', name: 'Till', name_source: 'manual' }), binding('b1', 'w/44310.0.0.2'), binding('b2', 'd/543210.0.0.3'), binding('b3', 'd/637910.0.0.3'), binding('b4', 'app', 'u:10.0.0.4')];
test('groups are paths or hubs, in their colour and style', () => {
  const path = graphOf([...app, group('Shop', ['b4', 'b1', 'b2'])]);
  expect(words(path).edges).toEqual(['path u > w noted', 'path w > d noted']);
  expect([...path.edges.values()][0]).toMatchObject({ id: 'group:Shop:b4>b1', label: 'Shop', color: 'Blue', style: 'Bezier', groupId: 'Shop', directed: true });
  expect(edges([...app, group('Hub', ['b2', 'b1', 'b4'], { group_type: 'HubAndSpoke' })])).toEqual(['hub d > u noted', 'hub d > w noted']);
  expect(edges([...app, group('Broken', ['b1', 'gone', 'b2'])])).toEqual([]);
  expect(edges([...app, group('Same', ['b2', 'b3'])])).toEqual([]);
  expect(edges([...app, group('Shop', ['b4', 'b1'])], { hide_edge_types: ['path'] })).toEqual([]);
});

test('flows between two nodes are one edge, by how much and how lately', () => {
  const rows = [...app, flow(['u', '10.0.0.4'], ['w', '10.0.0.2'], 443, { bytes: 9e6 }), flow(['u', '10.0.0.4'], ['w', '10.0.0.2'], 80, { last_seen: 995 }), flow(['w', '10.0.0.2'], ['d', '10.0.0.3'], 5432, { last_seen: 900 }), flow(['w', '10.0.0.2'], ['w', '10.0.0.2'], 22), flow([null, '10.0.0.99'], ['w', '10.0.0.2'], 443)];
  const found = [...graphOf(rows).edges.values()];
  expect(found.map(edge => [edge.label, edge.count, edge.bytes, edge.live, edge.truth])).toEqual([['HTTPS +1', 2, 9_001_500, true, 'measured'], ['PostgreSQL', 1, 1000, false, 'measured']]);
  expect(found[0]!.weight).toBeGreaterThan(0.9);
  expect(found[1]!.weight).toBeLessThan(found[0]!.weight);
  expect(found[1]!.weight).toBeGreaterThan(0);
  expect(edges(rows, { hide_edge_types: ['dependency'] })).toEqual([]);
});

test('what runs on what, as a person noted it', () => {
  const rows = [...app, host('vm', { virtualization: { type: 'Proxmox', vm_name: 'vm', service_id: 'd/543210.0.0.3' } }), face('vm', '10.0.0.8', in10), service('w', 3000, { ip: '10.0.0.2', virtualization: { type: 'Docker', container_name: 'grafana', service_id: 'app' } })];
  expect(edges(rows)).toEqual(['container u > w noted', 'virtualization d > vm noted']);
  const badge = (options = {}) => [...graphOf(rows, options).nodes.values()].find(node => node.title === 'vm')!.badge;
  expect([badge(), badge({ hide_vm_title_on_docker_container: true })]).toEqual(['on d', 'on d']);
  const bridged = rows.map(([entity, row]): Row => (entity === 'subnet' ? [entity, { ...row, subnet_type: 'DockerBridge' } as typeof row] : [entity, row]));
  expect([...graphOf(bridged, { hide_vm_title_on_docker_container: true }).nodes.values()].find(node => node.title === 'vm')!.badge).toBeUndefined();
  expect(edges([...app, host('x', { virtualization: { type: 'Proxmox', service_id: 'gone' } }), host('y', { virtualization: 'odd' }), face('y', '10.0.0.9', in10)])).toEqual([]);
});

test('what only a port tells of is a guess, and says so', () => {
  const lines = (set: object) => graphOf([lan, host('a'), face('a', '10.0.0.5', in10), service('a', 32400, { ip: '10.0.0.5', ...set })]).nodes.values().next().value!.lines[0]!.title;
  expect(lines({ definition: 'plex', certainty: 'low' })).toBe('Plex Media Server?');
  expect(lines({ definition: 'ssh', certainty: 'low' })).toBe('SSH?');
  expect(lines({ definition: 'plex', certainty: 'high' })).toBe('Plex Media Server');
  expect(lines({ service_definition: 'plex' })).toBe('Plex Media Server');
});

test('a container stands in its bridge by its own name; what has no address is with the machine', () => {
  const bridge = subnet('bridge', '172.17.0.0/16', { subnet_type: 'DockerBridge' });
  const rows = [
    lan, bridge, host('dock'), face('dock', '10.0.0.5', in10), face('dock', '172.17.0.2', { subnet_id: 'bridge', container_of: 'web', mac: '02:42:ac:11:00:02' }),
    service('dock', 0, { id: 'engine', port: null, proto: null, source: 'docker', service_definition: 'docker', name: 'Docker' }),
    service('dock', 80, { id: 'web', ip: '172.17.0.2', source: 'docker', name: 'shop-web-1', definition: 'nginx', certainty: 'high', virtualization: { type: 'Docker', service_id: 'engine', container_id: 'c', container_name: 'shop-web-1', image: 'nginx:1' } }),
  ];
  const nodes = (options = {}) => [...graphOf(rows, options).nodes.values()].map(node => [node.container, node.title, node.subtitle, node.badge, node.lines.map(line => line.title)]);
  expect(nodes()).toEqual([
    ['LAN', 'dock', '10.0.0.5', undefined, ['Docker']],
    ['bridge', 'shop-web-1', '172.17.0.2', 'on dock', ['nginx']],
  ]);
  expect(nodes({ hide_vm_title_on_docker_container: true })[1]![3]).toBeUndefined();
  expect(edges(rows).filter(edge => edge.startsWith('container '))).toEqual(['container dock > shop-web-1 announced']);
});
