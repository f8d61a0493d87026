// SPDX-License-Identifier: BSD-2-Clause
// That what is kept from one look to the next is what a new look would find, and that only what changed is new.
import { expect, test } from 'vitest';

import type { Change as Op } from '../../feed/messages';
import { Views } from '../../state/selectors';
import { Tables } from '../../state/tables';
import type { Change, Graph, ViewKind } from '../model';
import type { Options } from '../options';
import { GraphBuilder } from './builder';
import { joinGraphs } from './join';
import { face, flow, graphOf, host, input, large, link, neighbor, network, numbers, sensor, service, subnet, words, type Row } from './sample';

const kinds: ViewKind[] = ['logical', 'physical', 'applications', 'workloads'];

// All of a graph, whatever order its maps are in.
const plain = (graph: Graph) => ({
  ...graph,
  containers: [...graph.containers.values()],
  nodes: [...graph.nodes.values()],
  edges: [...graph.edges.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
});

const some = (): Row[] => [
  ...large(60, 200, 150),
  sensor('probe', { host_id: 'h1' }),
  neighbor('n', 'lldp', { mac: '00:1b:21:00:00:01', port: '1', capabilities: ['bridge'], host_id: 'h2' }),
  ...[4, 5, 6].map(i => link(`l${i}`, { host_id: 'h2', chassis: 'c', port: '1', peer_host_id: `h${i}`, peer_mac: `02:00:00:00:00:h${i}`, stations: i - 3 })),
  link('l0', { host_id: 'h2', chassis: 'c', port: '2', peer_mac: 'nobody', vlan: [1] }),
  host('vm', { virtualization: { type: 'Proxmox', service_id: 'v3' } }),
  face('vm', '10.0.0.250', { subnet_id: 's0' }),
  service('vm', 3000, { id: 'c', ip: '10.0.0.250', virtualization: { type: 'Docker', container_name: 'x', service_id: 'v4' } }),
];

const shuffled = (rows: readonly Row[], seed: number) => {
  const { random } = numbers(seed);
  return rows.map(row => [random(), row] as const).sort((a, b) => a[0] - b[0]).map(([, row]) => row);
};

test.each(kinds)('%s: the same rows in any order are the same graph', view => {
  const first = plain(graphOf(some(), { view }));
  for (const seed of [1, 2, 3]) expect(plain(graphOf(shuffled(some(), seed), { view }))).toEqual(first);
});

// Something happens to a network, as it does.
function happen(tables: Tables, { int, random }: ReturnType<typeof numbers>, now: number) {
  const entity = (['host', 'interface', 'service', 'flow', 'flow', 'subnet', 'sensor', 'neighbor', 'link'] as const)[int(0, 8)]!;
  const ids = [...tables[entity].keys()];
  const id = ids[int(0, ids.length - 1)];
  if (id === undefined) return;
  const apply = (op: Op['op'], set: Op['set']) => tables.apply({ seq: 0, at: now, entity, id, op, set });
  if (random() < 0.15) return apply('delete', null);
  const hosts = [...tables.host.keys()];
  const other = hosts[int(0, hosts.length - 1)]!;
  const sets: Record<string, Record<string, unknown>[]> = {
    host: [{ last_seen: now }, { name: `n${int(0, 9)}` }, { hidden: random() < 0.5 }, { last_seen: now - 2000 }, { virtualization: random() < 0.5 ? null : { type: 'X', service_id: `v${int(0, 9)}` } }],
    interface: [{ bytes: int(1, 1e6) }, { host_id: other }, { subnet_id: `s${int(0, 1)}` }, { vlan: [int(0, 2)] }, { mac: null, via: `02:00:00:00:00:0${int(0, 9)}` }],
    service: [{ clients: int(0, 2) }, { host_id: other }, { name: 'X._ipp._tcp.local' }, { state: random() < 0.5 ? 'closed' : 'open' }, { virtualization: random() < 0.5 ? null : { type: 'Docker', container_name: 'y', service_id: `v${int(0, 9)}` } }],
    flow: [{ bytes: int(1, 1e9), last_seen: now }, { client_host_id: other }, { server_host_id: null }, { bytes: int(1, 100) }],
    subnet: [{ name: `S${int(0, 9)}` }, { subnet_type: random() < 0.5 ? 'Dmz' : 'Lan' }],
    sensor: [{ host_id: other }, { last_seen: now }],
    neighbor: [{ host_id: other }, { last_seen: now }, { port: String(int(1, 3)) }],
    link: [{ peer_host_id: other }, { last_seen: now }, { port: String(int(1, 3)) }, { host_id: other }, { stations: int(1, 3) }, { source: random() < 0.5 ? 'lldp' : 'snmp' }],
  };
  const choices = sets[entity]!;
  if (random() < 0.15) {
    const row = tables.rows(entity).get(id)!;
    return tables.apply({ seq: 0, at: now, entity, id: `new-${now}-${int(0, 1e6)}`, op: 'insert', set: { ...row, ...choices[0] } });
  }
  return apply('update', choices[int(0, choices.length - 1)]!);
}

test.each<[ViewKind, Partial<Options>]>([...kinds.map((view): [ViewKind, Partial<Options>] => [view, {}]), ['logical', { hide_quiet: true, hide_remote: true }], ['applications', { group_applications_by: 'category', hide_quiet: true }]])('%s %o: after any changes it is what a new look finds', (view, options) => {
  const { tables, views } = network(some());
  const builder = new GraphBuilder();
  const chance = numbers(view.length);
  for (let now = 1000; now < 1120; now++) {
    for (let n = chance.int(0, 4); n > 0; n--) happen(tables, chance, now);
    const kept = builder.update(input(views, { view, ...options }, { now }));
    const fresh = new GraphBuilder().update(input(new Views(copy(tables)), { view, ...options }, { now }));
    expect(plain(kept), `at ${now}`).toEqual(plain(fresh));
  }
}, 60_000);

function copy(tables: Tables): Tables {
  const made = new Tables();
  for (const entity of ['network', 'sensor', 'host', 'interface', 'service', 'flow', 'subnet', 'binding', 'group', 'neighbor', 'link'] as const) for (const row of tables[entity].values()) made.put(entity, row);
  return made;
}

test.each(kinds)('%s: what has not changed is the same object', view => {
  const { tables, views } = network(some());
  const builder = new GraphBuilder();
  const before = builder.update(input(views, { view }));
  expect(builder.update(input(views, { view }))).toBe(before);
  expect(builder.update(input(views, { view }, { now: 1001 }))).toBe(before);
  tables.apply({ seq: 0, at: 0, entity: 'host', id: 'h3', op: 'update', set: { name: 'renamed' } });
  const after = builder.update(input(views, { view }, { now: 1001 }));
  const changed = [...after.nodes.values()].filter(node => before.nodes.get(node.id) !== node);
  expect(changed.every(node => node.hostId === 'h3')).toBe(true);
  expect([...after.edges.values()].filter(edge => before.edges.get(edge.id) !== edge)).toEqual([]);
  expect(after.edges).toBe(before.edges);
  expect(after.structure).toBe(before.structure);
});

test('the structure tells when something came, went or moved, and no more', () => {
  const { tables, views } = network(some());
  const builder = new GraphBuilder();
  const look = () => builder.update(input(views)).structure;
  const apply = (entity: string, id: string, set: Op['set']) => tables.apply({ seq: 0, at: 0, entity, id, op: 'update', set });
  const first = look();
  apply('interface', [...tables.interfacesByHost.get('h0')][0]!, { bytes: 5 });
  apply('flow', 'f1', { bytes: 5 });
  expect(look()).toBe(first);
  const [moved] = [...tables.interface.values()].filter(row => row.subnet_id === 's0' && row.host_id !== 'vm');
  apply('interface', moved!.id, { subnet_id: null, ip: '10.77.0.1' });
  expect(look()).not.toBe(first);
  tables.put('interface', moved!);
  expect(look()).toBe(first);
});

test('someone becomes quiet without a word', () => {
  const { views } = network([host('a'), face('a', '10.0.0.1')]);
  const builder = new GraphBuilder();
  const quiet = (now: number) => [...builder.update(input(views, {}, { now })).nodes.values()][0]!.quiet;
  expect([quiet(1000), quiet(1900), quiet(1901)]).toEqual([false, false, true]);
});

test('other options are another picture; the same options in another object are not', () => {
  const { views } = network(some());
  const builder = new GraphBuilder();
  const first = builder.update(input(views));
  expect(builder.update(input(views, { hide_ports: false }))).toBe(first);
  expect(builder.update(input(views, { hide_ports: true }))).not.toBe(first);
  expect(plain(builder.update(input(views, { view: 'applications' })))).toEqual(plain(graphOf(some(), { view: 'applications' })));
});

const lan = subnet('LAN', '10.0.0.0/24');
const at = (id: string, ip: string): Row[] => [host(id), face(id, ip, { subnet_id: 'LAN' })];

test('what changed since another time is marked, and what is gone is there as gone', () => {
  const gone = { host: [host('old')[1]], interface: [face('old', '10.0.0.9', { subnet_id: 'LAN' })[1]], service: [service('a', 80, { id: 'was', ip: '10.0.0.1' })[1]] } as never;
  const compare = new Map<string, Change>([['old', 'removed'], ['was', 'removed'], ['b', 'added'], ['s', 'added'], ['f', 'added']]);
  const rows = [lan, ...at('a', '10.0.0.1'), ...at('b', '10.0.0.2'), ...at('c', '10.0.0.3'), service('c', 22, { id: 's', ip: '10.0.0.3' }), service('a', 22, { id: 'same', ip: '10.0.0.1' }), flow(['a', '10.0.0.1'], ['c', '10.0.0.3'], 22, { id: 'f' })];
  const { tables, views } = network(rows);
  const builder = new GraphBuilder();
  const given = input(views, {}, { compare, ghosts: gone });
  const graph = builder.update(given);
  expect([...graph.nodes.values()].map(node => [node.title, node.change, node.lines.map(line => line.change)])).toEqual([['a', 'changed', [undefined, 'removed']], ['b', 'added', []], ['c', 'changed', ['added']], ['old', 'removed', []]]);
  expect([...graph.edges.values()].map(edge => edge.change)).toEqual(['added']);
  tables.apply({ seq: 0, at: 0, entity: 'host', id: 'c', op: 'update', set: { name: 'see' } });
  const next = builder.update(given);
  expect([...next.nodes.values()].map(node => node.title)).toEqual(['a', 'b', 'see', 'old']);
  expect([...next.nodes.values()][0]).toBe([...graph.nodes.values()][0]);
  const alone = builder.update(input(views, {}, { ghosts: {} }));
  expect(builder.update(input(views, {}, { ghosts: { host: [] } }))).toBe(alone);
  expect([...alone.nodes.values()].map(node => [node.title, node.change])).toEqual([['a', undefined], ['b', undefined], ['see', undefined]]);
});

test('several networks are one picture, each in its container', () => {
  const one = graphOf([lan, ...at('a', '10.0.0.1'), service('a', 22, { ip: '10.0.0.1' })]);
  const two = graphOf([subnet('B', '10.0.0.0/24'), host('b', { last_seen: 1 }), face('b', '10.0.0.1', { subnet_id: 'B' })]);
  const given = [{ id: 'n1', name: 'Home', graph: one }, { id: 'n2', name: 'Work', graph: two }];
  const graph = joinGraphs(given);
  expect(words(graph).containers).toEqual({ Home: [], LAN: ['a'], Work: [], B: ['b'] });
  expect([...graph.containers.values()].map(each => [each.id, each.parent, each.summary.hosts, each.summary.quiet])).toEqual([['network:n1', null, 1, 0], ['n1/LAN', 'network:n1', 1, 0], ['network:n2', null, 1, 1], ['n2/B', 'network:n2', 1, 1]]);
  expect([...graph.nodes.keys()]).toEqual([...one.nodes.keys()].map(id => `n1/${id}`).concat([...two.nodes.keys()].map(id => `n2/${id}`)));
  const again = joinGraphs(given);
  for (const [id, node] of graph.nodes) expect(again.nodes.get(id)).toBe(node);
});
