// SPDX-License-Identifier: BSD-2-Clause
// The spanning trees, from what bridges say on the wire: which bridge is the root of which tree, and through which port of which bridge
// the way leads there. A tree for each VLAN where bridges keep one (PVST+: the VLAN is in the lower twelve bits of the priority), else one. Pure.

import type { BridgeTrait } from '../api';
import { vlanText } from '../state/address';
import type { Neighbor } from '../state/entities';

export interface BridgeId {
  text: string; // as it was said: "32778.00:1b:21:00:00:00"
  priority: number; // without the system id
  system: number; // the VLAN of a PVST+ tree, the instance of MSTP; 0 of one tree for all
  mac: string;
}

export interface TreePort {
  id: string; // of the row
  port: string; // as switches show it: "128.3"
  cost: number | null; // from its bridge to the root
  vlan: string; // in which its words were heard
  mac: string | null;
  sensorId: string | null;
  firstSeen: number;
  lastSeen: number;
}

export interface TreeBridge {
  bridge: BridgeId;
  hostId: string | null;
  root: string; // whom it holds for the root
  isRoot: boolean;
  cost: number | null;
  ports: TreePort[];
  lastSeen: number;
}

export interface Tree {
  key: string;
  vlan: number; // 0: one tree for all
  roots: { bridge: BridgeId; hostId: string | null; lastSeen: number }[]; // the one that was named last comes first; several: see `divided`
  bridges: TreeBridge[]; // the nearest to the root first
  divided: boolean; // of late bridges named different roots
  byChance: boolean; // the root has the priority of the factory: the lowest MAC decides
  versions: string[];
  regions: string[];
  change: { lastSeen: number; count: number } | null; // the last one that a bridge told of
  lastSeen: number;
}

const FACTORY_PRIORITY = 32768;
// What sensors say again: a bridge that speaks is heard of at least this often. Who was not, names a root of the past.
export const FRESH_S = 660;

export function readBridge(text: string | null): BridgeId | null {
  const found = /^(\d{1,5})\.([0-9a-f]{2}(?::[0-9a-f]{2}){5})$/i.exec(text ?? '');
  if (!found) return null;
  const number = Number(found[1]);
  if (number > 0xffff) return null;
  return { text: text!.toLowerCase(), priority: number & 0xf000, system: number & 0x0fff, mac: found[2]!.toLowerCase() };
}

// "8003" in hexadecimal is port 3 with the priority 128.
export function portNumber(port: string | null): string {
  if (!port || !/^[0-9a-f]{4}$/i.test(port)) return port ?? '';
  const number = parseInt(port, 16);
  return `${(number >> 12) * 16}.${number & 0xfff}`;
}

const isTree = (row: Neighbor) => row.source === 'stp' && row.root !== null;

export function treesOf(neighbors: Iterable<Neighbor>, traits: readonly BridgeTrait[] = []): Tree[] {
  const rows = [...neighbors].filter(isTree);
  const byTree = new Map<number, Neighbor[]>();
  for (const row of rows) {
    const root = readBridge(row.root);
    if (!root) continue;
    const vlan = root.system;
    byTree.set(vlan, [...(byTree.get(vlan) ?? []), row]);
  }
  return [...byTree].sort(([a], [b]) => a - b).map(([vlan, of]) => treeOf(vlan, of, traits));
}

function treeOf(vlan: number, rows: Neighbor[], traits: readonly BridgeTrait[]): Tree {
  const lastSeen = Math.max(...rows.map(row => row.last_seen));
  const fresh = (row: Neighbor) => row.last_seen >= lastSeen - FRESH_S;
  const bridges = bridgesOf(rows.filter(fresh));
  const roots = rootsOf(rows.filter(fresh), bridges);
  // What a port's MAC says of the tree; in the VLAN in which that was.
  const of = traits.filter(trait => trait.source === 'stp' && rows.some(row => row.mac === trait.mac && vlanText(row.vlan) === vlanText(trait.vlan)));
  const changes = of.filter(trait => trait.key === 'stp.topology_change');
  const said = (key: string) => [...new Set(of.filter(trait => trait.key === key).map(trait => trait.value))].sort();
  return {
    key: String(vlan), vlan, roots, bridges, lastSeen,
    divided: roots.length > 1,
    byChance: roots[0]?.bridge.priority === FACTORY_PRIORITY,
    versions: said('stp.version'),
    regions: said('stp.region'),
    change: changes.length ? { lastSeen: Math.max(...changes.map(each => each.last_seen)), count: changes.reduce((sum, each) => sum + each.count, 0) } : null,
  };
}

function bridgesOf(rows: Neighbor[]): TreeBridge[] {
  const found = new Map<string, TreeBridge>();
  for (const row of [...rows].sort((a, b) => b.last_seen - a.last_seen || (a.id < b.id ? -1 : 1))) {
    const bridge = readBridge(row.bridge) ?? (row.mac ? { text: row.mac, priority: -1, system: 0, mac: row.mac } : null);
    if (!bridge) continue;
    let of = found.get(bridge.mac);
    if (!of) {
      of = { bridge, hostId: row.host_id, root: row.root!.toLowerCase(), isRoot: readBridge(row.root)?.mac === bridge.mac, cost: row.cost, ports: [], lastSeen: row.last_seen };
      found.set(bridge.mac, of);
    }
    of.hostId ??= row.host_id;
    of.ports.push({ id: row.id, port: portNumber(row.port), cost: row.cost, vlan: vlanText(row.vlan), mac: row.mac, sensorId: row.sensor_id, firstSeen: row.first_seen, lastSeen: row.last_seen });
  }
  for (const of of found.values()) of.ports.sort((a, b) => a.port.localeCompare(b.port, 'en', { numeric: true }) || (a.vlan < b.vlan ? -1 : 1));
  return [...found.values()].sort((a, b) => Number(b.isRoot) - Number(a.isRoot) || (a.cost ?? Infinity) - (b.cost ?? Infinity) || (a.bridge.text < b.bridge.text ? -1 : 1));
}

function rootsOf(rows: Neighbor[], bridges: readonly TreeBridge[]): Tree['roots'] {
  const last = new Map<string, number>();
  for (const row of rows) {
    const text = row.root!.toLowerCase();
    last.set(text, Math.max(last.get(text) ?? 0, row.last_seen));
  }
  return [...last].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([text, lastSeen]) => {
    const bridge = readBridge(text)!;
    return { bridge, hostId: bridges.find(each => each.bridge.mac === bridge.mac)?.hostId ?? null, lastSeen };
  });
}
