// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import type { BridgeTrait, Layer2 } from '../api';
import type { Interface, Neighbor } from '../state/entities';
import { FRESH_S, portNumber, readBridge, treesOf } from './trees';
import { readNamed, vlansOf } from './vlans';

const [core, edge] = ['00:1b:21:00:00:01', '00:1b:21:00:00:02'];
let count = 0;
const stp = (set: Partial<Neighbor>): Neighbor =>
  ({ id: `n${++count}`, source: 'stp', host_id: null, sensor_id: 's', mac: core, chassis: null, port: '8001', vlan: [], native_vlan: null, root: `32768.${core}`, bridge: `32768.${core}`, cost: 0, first_seen: 1, last_seen: 10_000, capabilities: [], management: [], ...set }) as Neighbor;
const trait = (key: string, value: string, set: Partial<BridgeTrait> = {}): BridgeTrait => ({ key, value, source: key.split('.')[0]!, mac: core, ip: null, vlan: [], sensor_id: 's', host_id: null, first_seen: 1, last_seen: 10_000, count: 1, ...set });

test('ids as bridges say them', () => {
  expect(readBridge(`32778.${core}`)).toEqual({ text: `32778.${core}`, priority: 32768, system: 10, mac: core });
  expect([readBridge(null), readBridge('x'), readBridge(`99999.${core}`), readBridge('1.00:11')]).toEqual([null, null, null, null]);
  expect([portNumber('8001'), portNumber('80ff'), portNumber('Gi0/1'), portNumber(null)]).toEqual(['128.1', '128.255', 'Gi0/1', '']);
});

test('one tree: its root, and the bridge through which the way leads there', () => {
  const [tree, ...more] = treesOf([stp({ host_id: 'h' }), stp({ mac: edge, bridge: `32768.${edge}`, cost: 20_000, port: '8003' }), stp({ mac: edge, bridge: `32768.${edge}`, cost: 20_000, port: '8002' }), stp({ source: 'lldp' })], [
    trait('stp.version', 'RSTP'), trait('stp.topology_change', 'told to all', { count: 4, last_seen: 9000 }), trait('stp.topology_change', 'told to all', { mac: '02:00:00:00:00:09', last_seen: 9999 }),
  ]);
  expect(more).toEqual([]);
  expect(tree).toMatchObject({ vlan: 0, divided: false, byChance: true, versions: ['RSTP'], change: { lastSeen: 9000, count: 4 } });
  expect(tree!.roots).toEqual([{ bridge: readBridge(`32768.${core}`), hostId: 'h', lastSeen: 10_000 }]);
  expect(tree!.bridges.map(each => [each.isRoot, each.cost, each.ports.map(port => port.port)])).toEqual([[true, 0, ['128.1']], [false, 20_000, ['128.2', '128.3']]]);
});

test('a tree for each VLAN, each with its own root', () => {
  const trees = treesOf([stp({ root: `4106.${core}`, bridge: `4106.${core}`, vlan: [10] }), stp({ root: `4116.${edge}`, bridge: `32788.${core}`, cost: 4, vlan: [20] })]);
  expect(trees.map(tree => [tree.vlan, tree.roots[0]!.bridge.mac, tree.byChance])).toEqual([[10, core, false], [20, edge, false]]);
});

test('two roots of late are a division; one of long ago is the past', () => {
  const now = stp({}), other = stp({ mac: edge, bridge: `4096.${edge}`, root: `4096.${edge}` });
  expect(treesOf([now, { ...other, last_seen: now.last_seen - 30 }])[0]).toMatchObject({ divided: true });
  const [after] = treesOf([now, { ...other, last_seen: now.last_seen - FRESH_S - 1 }]);
  expect([after!.divided, after!.roots.length, after!.bridges.length]).toEqual([false, 1, 1]);
});

const face = (id: string, set: Partial<Interface>): Interface => ({ id, host_id: id, mac: null, ip: '10.0.0.1', vlan: [10], via: null, bytes: 5, first_seen: 100, last_seen: 200, subnet_id: 'net', container_of: null, ...set }) as Interface;

test('VLANs of frames and VLANs that switches name are one list', () => {
  const beside: Layer2 = { traits: [trait('vtp.vlan', '10 office'), trait('lldp.vlan', '10 office'), trait('vtp.vlan', '99 unused room'), trait('cdp.voice_vlan', '30')], vlans: [{ vlan: [10], sensor_id: 's' }, { vlan: [77], sensor_id: 's' }] };
  const tree = treesOf([stp({ root: `4106.${core}`, bridge: `4106.${core}`, vlan: [10] })]);
  const rows = vlansOf([face('a', {}), face('b', { via: core, host_id: 'far' }), face('c', { vlan: [], ip: null, subnet_id: null }), face('d', { vlan: [9, 200] }), face('e', { container_of: 'x', vlan: [5] })], [stp({ source: 'cdp', native_vlan: 10, root: null })], tree, beside);
  expect(rows.map(row => row.id)).toEqual(['9.200', '10', '30', '99', '']);
  const ten = rows[1]!;
  expect(ten).toMatchObject({ names: [{ name: 'office', sources: ['vtp', 'lldp'] }], addresses: 1, native: 1, sensors: ['s'], bytes: 10, firstSeen: 100, lastSeen: 200 });
  expect([[...ten.hosts], [...ten.subnets], ten.trees.length]).toEqual([['a'], ['net'], 1]);
  expect([rows[2]!.voice, rows[3]!.hosts.size, rows[3]!.lastSeen]).toEqual([1, 0, null]);
  expect([readNamed('x'), readNamed('4095 reserved'), readNamed('010 a b')]).toEqual([null, null, { vlan: '10', name: 'a b' }]);
});
