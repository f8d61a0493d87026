// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import type { Link } from './entities';
import { pluggedOf, type Plugged } from './plugged';

let rows = 0;
const link = (device: string, port: string, set: Partial<Link> = {}): Link => ({ id: `l${++rows}`, source: 'snmp', host_id: device, sensor_id: null, mac: null, chassis: `${device}-chassis`, port, port_description: null, system_name: device, peer_host_id: null, peer_mac: null, peer_chassis: null, peer_port: null, peer_port_description: null, peer_name: null, platform: null, capabilities: [], management: [], native_vlan: null, vlan: [10], stations: 1, speed_bps: 1e9, first_seen: 1, last_seen: 1000, ...set });
const at = (found: Plugged) => Object.fromEntries(found.plugs.map(plug => [plug.title, `${plug.device.title} ${plug.port} ${plug.how}${plug.others ? ` +${plug.others}` : ''}`]));
const pc = '00:1b:21:00:00:10';

test('one MAC at a port is plugged in there; several share it', () => {
  expect(at(pluggedOf([link('core', '1', { peer_mac: pc }), link('core', '2', { peer_mac: 'a', stations: 2 }), link('core', '2', { peer_mac: 'b', stations: 2 })]))).toEqual({ [pc]: 'core 1 measured', a: 'core 2 shared +1', b: 'core 2 shared +1' });
});

test('a MAC that two switches have learned is at the one that does not have it behind the other', () => {
  const found = pluggedOf([link('core', '24', { peer_mac: pc, stations: 9 }), link('core', '24', { peer_mac: 'access-mac', peer_host_id: 'access', stations: 9 }), link('access', '3', { peer_mac: pc }), link('access', '48', { peer_mac: 'core-mac', peer_host_id: 'core', stations: 30 })]);
  expect(at(found)).toEqual({ [pc]: 'access 3 measured' });
  expect(found.trunks).toMatchObject([{ ends: [['access', '48'], ['core', '24']], truth: 'inferred' }]);
});

test('switches that know each other by LLDP are joined port by port, once', () => {
  const found = pluggedOf([link('core', 'Gi0/24', { source: 'lldp', peer_chassis: 'access-chassis', peer_port: 'gi48', capabilities: ['bridge'] }), link('access', 'gi48', { source: 'lldp', peer_chassis: 'core-chassis', peer_port: 'Gi0/24', capabilities: ['bridge', 'router'] })]);
  expect(found).toMatchObject({ plugs: [], trunks: [{ ends: [['access', 'gi48'], ['core', 'Gi0/24']], truth: 'announced' }] });
});

test('behind a bridge that tells nothing by SNMP nobody is plugged into this switch', () => {
  expect(at(pluggedOf([link('core', '3', { source: 'lldp', peer_chassis: 'roof', capabilities: ['bridge'], stations: 20 }), link('core', '3', { peer_mac: pc, stations: 20 })]))).toEqual({});
});

test('who says who it is, is the MAC that is there: alone, or by its name; beside a telephone is one computer', () => {
  expect(at(pluggedOf([link('core', '7', { source: 'cdp', peer_chassis: 'SEP001B21000006', peer_name: 'SEP001B21000006', capabilities: ['telephone'], stations: 2 }), link('core', '7', { peer_mac: '00:1b:21:00:00:06', stations: 2 }), link('core', '7', { peer_mac: pc, stations: 2 })]))).toEqual({ SEP001B21000006: 'core 7 announced +1', [pc]: 'core 7 measured +1' });
  const [plug] = pluggedOf([link('core', '8', { source: 'lldp', peer_chassis: 'printer', peer_name: 'printer' }), link('core', '8', { peer_mac: 'm', peer_host_id: 'h' })]).plugs;
  expect(plug).toMatchObject({ title: 'printer', hostId: 'h', mac: 'm', how: 'announced' });
});

test('who has moved is where it was told of last', () => {
  expect(at(pluggedOf([link('core', '1', { peer_mac: pc, last_seen: 1000 }), link('access', '5', { peer_mac: pc, last_seen: 90000, stations: 4 })]))).toEqual({ [pc]: 'access 5 shared +3' });
});

test('a port with more than are counted one by one', () => {
  expect(pluggedOf([link('core', '4', { stations: 200 })])).toEqual({ plugs: [], trunks: [], many: [{ device: 'core', port: '4', stations: 200 }] });
});
