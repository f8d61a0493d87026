// SPDX-License-Identifier: BSD-2-Clause
// Switches and their ports, from what devices say of themselves by LLDP, CDP and the spanning tree. Several words of one
// device are one switch: those that share a host, a chassis, a MAC or a bridge. A device that says nothing of being a
// bridge, router or access point is none.

import type { Neighbor } from '../../state/entities';
import { idsOf } from './lists';

export interface Port {
  id: string;
  name: string; // "Gi0/1"; of the spanning tree alone: its number
  description: string;
  rows: Neighbor[];
  sensors: string[]; // that heard it on their own link
}

export interface Switch {
  key: string; // steady: the host's id, else chassis, bridge or MAC
  hostId: string | null;
  title: string;
  platform: string;
  mac: string | null;
  rows: Neighbor[];
  ports: Port[];
  bridge: string | null; // of the spanning tree: "4096.00:1b:21:00:00:00"
  root: string | null;
  cost: number | null; // to the root
  capabilities: string[];
  vlans: string[];
}

const connecting = new Set(['bridge', 'repeater', 'router', 'wlan-ap', 'switch', 'source-bridge', 'trans-bridge', 'docsis']);

export const macOfBridge = (bridge: string): string => bridge.slice(bridge.indexOf('.') + 1).toLowerCase();

// By what a row is known to be of one device with another.
function marks(row: Neighbor): string[] {
  const macs = [row.mac, row.chassis, row.bridge && macOfBridge(row.bridge)].filter((mac): mac is string => Boolean(mac)).map(mac => mac.toLowerCase());
  return [...new Set([...(row.host_id ? [`host ${row.host_id}`] : []), ...macs])];
}

// Rows of one device together.
function devices(rows: readonly Neighbor[]): Neighbor[][] {
  const byMark = new Map<string, Neighbor[]>();
  const group = new Map<Neighbor, Neighbor[]>();
  for (const row of rows) {
    const groups = new Set(marks(row).flatMap(mark => byMark.get(mark) ?? []).map(other => group.get(other)!));
    const all = [row, ...[...groups].flat()];
    for (const each of all) {
      group.set(each, all);
      for (const mark of marks(each)) byMark.set(mark, all);
    }
  }
  return [...new Set(byMark.values())];
}

const first = <T>(rows: readonly Neighbor[], get: (row: Neighbor) => T | null): T | null => rows.map(get).find(value => value !== null && value !== '') ?? null;

export function switchesOf(neighbors: Iterable<Neighbor>): { switches: Switch[]; others: Neighbor[][] } {
  const rows = [...neighbors].sort((a, b) => (a.id < b.id ? -1 : 1));
  const switches: Switch[] = [];
  const others: Neighbor[][] = [];
  for (const of of devices(rows)) {
    of.sort((a, b) => (a.id < b.id ? -1 : 1));
    const capabilities = [...new Set(of.flatMap(row => idsOf(row.capabilities)))].sort();
    if (of.some(row => row.source === 'stp') || capabilities.some(each => connecting.has(each.toLowerCase()))) switches.push(switchOf(of, capabilities));
    else others.push(of);
  }
  return { switches: switches.sort((a, b) => (a.key < b.key ? -1 : 1)), others };
}

function switchOf(rows: Neighbor[], capabilities: string[]): Switch {
  const said = [...rows].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
  const hostId = first(said, row => row.host_id);
  const bridge = first(said, row => row.bridge);
  // That of the device as a whole, before those of its ports.
  const mac = first(said, row => (row.source === 'snmp' && row.port === null ? row.mac : null)) ?? first(said, row => row.mac) ?? (bridge ? macOfBridge(bridge) : null);
  const key = hostId ?? first(said, row => row.chassis) ?? bridge ?? mac ?? rows[0]!.id;
  const trees = said.filter(row => row.source === 'stp').sort((a, b) => b.last_seen - a.last_seen);
  return {
    key, hostId, bridge, mac, rows, capabilities,
    title: first(said, row => row.system_name) ?? '',
    platform: first(said, row => row.platform) ?? '',
    root: first(trees, row => row.root),
    cost: first(trees, row => row.cost),
    vlans: [...new Set(rows.map(row => row.vlan.join('.')))].sort(),
    ports: portsOf(key, said),
  };
}

// LLDP tells most, the spanning tree least; by SNMP a device tells of all its ports.
const rank = (row: Neighbor) => ['lldp', 'cdp', 'fdp', 'edp', 'udld', 'snmp', 'stp'].indexOf(row.source);

// "GigabitEthernet0/1" and "Gi0/1" are one.
export const shortPort = (port: string) => port.toLowerCase().replace(/^([a-z]{2})[a-z-]*\s*(?=\d)/, '$1');

export const isNamed = (port: Port): boolean => port.rows.some(row => row.source !== 'stp');

function portsOf(key: string, said: readonly Neighbor[]): Port[] {
  const ports: Port[] = [];
  for (const row of said) {
    if (row.source === 'snmp' && row.port === null) continue; // the device as a whole
    const named = row.source === 'stp' ? null : row.port;
    const known = ports.find(port => isOf(row, named, port, ports));
    if (known) {
      known.rows.push(row);
      continue;
    }
    const name = row.port ?? row.mac ?? '';
    ports.push({ id: `port:${key}:${row.source === 'stp' ? 'stp ' : ''}${name}`, name, description: row.port_description ?? '', rows: [row], sensors: [] });
  }
  // Who was told by SNMP has not heard the port.
  for (const port of ports) port.sensors = [...new Set(port.rows.flatMap(row => (row.source === 'snmp' ? [] : (row.sensor_id ?? []))))].sort();
  return ports;
}

// A spanning tree's word has only a number for its port: it is of the port whose MAC it is, if that is of one alone.
function isOf(row: Neighbor, named: string | null, port: Port, ports: readonly Port[]): boolean {
  if (named !== null) return shortPort(named) === shortPort(port.name) && isNamed(port);
  const withMac = ports.filter(each => each.rows.some(other => other.mac === row.mac && other.sensor_id === row.sensor_id));
  if (withMac.length === 1 && row.mac !== null) return withMac[0] === port;
  return port.rows.some(other => other.source === row.source && other.port === row.port && other.mac === row.mac);
}
