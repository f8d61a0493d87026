// SPDX-License-Identifier: BSD-2-Clause
// The VLANs: those that frames carry, and those that switches name. Who is in each, what it is called, and who sees it. Pure.

import type { Layer2 } from '../api';
import { compareText, vlanText } from '../state/address';
import type { Interface, Neighbor } from '../state/entities';
import type { Tree } from './trees';

export interface VlanRow {
  id: string; // "10", of two tags "10.200"; '' without a tag
  names: { name: string; sources: string[] }[];
  hosts: Set<string>;
  addresses: number;
  subnets: Set<string>; // ids
  native: number; // ports of switches whose untagged frames belong to it
  voice: number; // ports that tell telephones to use it
  trees: Tree[];
  sensors: string[]; // ids of those that saw a host in it
  bytes: number;
  firstSeen: number | null;
  lastSeen: number | null;
}

// "10 office": what a switch calls a VLAN, by VTP, LLDP or EDP.
const naming = new Set(['vtp.vlan', 'lldp.vlan', 'edp.vlan']);

export function readNamed(value: string): { vlan: string; name: string } | null {
  const found = /^(\d{1,4}) (.+)$/s.exec(value);
  return found && Number(found[1]) < 4095 ? { vlan: String(Number(found[1])), name: found[2]! } : null;
}

export function vlansOf(faces: Iterable<Interface>, neighbors: Iterable<Neighbor>, trees: readonly Tree[], beside: Layer2): VlanRow[] {
  const rows = new Map<string, VlanRow>();
  const at = (id: string): VlanRow => {
    let row = rows.get(id);
    if (!row) rows.set(id, (row = { id, names: [], hosts: new Set(), addresses: 0, subnets: new Set(), native: 0, voice: 0, trees: [], sensors: [], bytes: 0, firstSeen: null, lastSeen: null }));
    return row;
  };
  const seen = (row: VlanRow, first: number, last: number) => {
    row.firstSeen = Math.min(row.firstSeen ?? first, first);
    row.lastSeen = Math.max(row.lastSeen ?? last, last);
  };
  for (const face of faces) {
    if (face.container_of) continue; // inside of a machine there are no VLANs of the network
    const row = at(vlanText(face.vlan));
    seen(row, face.first_seen, face.last_seen);
    row.bytes += face.bytes;
    if (face.via !== null) continue; // only passed on
    row.hosts.add(face.host_id);
    if (face.ip) row.addresses++;
    if (face.subnet_id) row.subnets.add(face.subnet_id);
  }
  for (const neighbor of neighbors) {
    if (neighbor.vlan.length) seen(at(vlanText(neighbor.vlan)), neighbor.first_seen, neighbor.last_seen);
    if (neighbor.native_vlan) at(String(neighbor.native_vlan)).native++;
  }
  for (const trait of beside.traits) {
    const named = naming.has(trait.key) ? readNamed(trait.value) : null;
    if (named) addName(at(named.vlan), named.name, trait.source);
    if (trait.key === 'cdp.voice_vlan' && /^\d{1,4}$/.test(trait.value)) at(String(Number(trait.value))).voice++;
  }
  for (const tree of trees) if (tree.vlan > 0) at(String(tree.vlan)).trees.push(tree);
  for (const { vlan, sensor_id } of beside.vlans) {
    const row = rows.get(vlanText(vlan));
    if (row && !row.sensors.includes(sensor_id)) row.sensors.push(sensor_id);
  }
  return [...rows.values()].sort((a, b) => Number(a.id === '') - Number(b.id === '') || compareText(a.id, b.id));
}

function addName(row: VlanRow, name: string, source: string) {
  const known = row.names.find(each => each.name === name);
  if (!known) row.names.push({ name, sources: [source] });
  else if (!known.sources.includes(source)) known.sources.push(source);
}
