// SPDX-License-Identifier: BSD-2-Clause
// Who is plugged in where, worked out of what devices tell by SNMP (rows `link`). A device's bridge has learned a MAC at a port, or the
// peer says by LLDP or CDP that it is there. Behind a port that leads to another bridge are all that hang on that one: they are at its
// ports, not at this. Where several share a port, something stands between that says nothing. Pure.

import { vlanText } from './address';
import type { Link } from './entities';

export type How = 'announced' | 'measured' | 'shared'; // the peer says so; it is alone at the port; others are there too

export interface Plug {
  key: string; // steady: the peer's MAC or chassis
  device: { key: string; hostId: string | null; title: string };
  port: string;
  portDescription: string;
  hostId: string | null; // whose end it is, when that is known
  title: string; // what it calls itself, else its MAC
  mac: string | null;
  platform: string;
  peerPort: string;
  vlans: string[];
  how: How;
  others: number; // that share the port
  speed: number | null; // bits a second
  firstSeen: number;
  lastSeen: number;
  rows: Link[];
}

// Two bridges, with the port of each that is known.
export interface Trunk {
  key: string;
  ends: [device: string, port: string][];
  truth: 'announced' | 'inferred';
  lastSeen: number;
}

export interface Plugged {
  plugs: Plug[];
  trunks: Trunk[];
  many: { device: string; port: string; stations: number }[]; // ports with more than anyone counts one by one
}

interface Device {
  key: string;
  hostId: string | null;
  title: string;
  bridges: boolean;
  ports: Map<string, Link[]>;
}

const ways = ['bridge', 'router'];
const ends = ['telephone', 'wlan-ap', 'station'];
const listed = (value: unknown): string[] => (Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []);
const leadsOn = (row: Link) => listed(row.capabilities).some(each => ways.includes(each)) && !listed(row.capabilities).some(each => ends.includes(each));
const said = (row: Link) => row.source !== 'snmp';
const hex = (text: string) => text.replace(/[^0-9a-f]/gi, '').toLowerCase();
const keyOf = (row: Link) => row.host_id ?? row.chassis ?? row.mac ?? '';

function devicesOf(links: Iterable<Link>) {
  const devices = new Map<string, Device>();
  const byName = new Map<string, Device>(); // host, chassis and MAC
  for (const row of links) {
    const key = keyOf(row);
    let device = devices.get(key);
    if (!device) devices.set(key, (device = { key, hostId: row.host_id, title: '', bridges: false, ports: new Map() }));
    device.title ||= row.system_name ?? '';
    device.bridges ||= row.stations !== null;
    const port = row.port ?? '';
    const rows = device.ports.get(port);
    if (rows) rows.push(row);
    else device.ports.set(port, [row]);
    for (const name of [row.host_id, row.chassis, row.mac]) if (name) byName.set(name, device);
  }
  for (const device of devices.values()) device.title ||= [...device.ports.values()][0]?.[0]?.chassis ?? device.key;
  return { devices, byName };
}

type Found = ReturnType<typeof devicesOf>;

// The bridge that this row says is there.
function bridgeAt({ byName }: Found, row: Link, self: Device): Device | null {
  for (const name of [row.peer_host_id, row.peer_chassis, row.peer_mac]) {
    const device = name ? byName.get(name) : undefined;
    if (device && device !== self && device.bridges) return device;
  }
  return null;
}

function trunksOf(found: Found): { trunks: Trunk[]; leads: Set<string> } {
  const trunks = new Map<string, Trunk>();
  const leads = new Set<string>();
  for (const device of found.devices.values()) {
    for (const [port, rows] of device.ports) {
      const others = new Set(rows.flatMap(row => bridgeAt(found, row, device) ?? []));
      if (others.size || rows.some(row => said(row) && leadsOn(row))) leads.add(`${device.key} ${port}`);
      const announced = rows.filter(row => said(row) && bridgeAt(found, row, device));
      // Several bridges that say nothing: which of them is the next one, nobody knows.
      const shown = announced.length ? announced : others.size === 1 ? rows.filter(row => bridgeAt(found, row, device)).slice(0, 1) : [];
      for (const row of shown) addTrunk(trunks, found, device, port, row);
    }
  }
  return { trunks: [...trunks.values()], leads };
}

function addTrunk(trunks: Map<string, Trunk>, found: Found, device: Device, port: string, row: Link) {
  const other = bridgeAt(found, row, device)!;
  // As the other one calls its port, when it has told of this.
  const back = [...other.ports].find(([name, rows]) => rows.some(each => bridgeAt(found, each, other) === device && (!row.peer_port || name === row.peer_port || each.port_description === row.peer_port || each.peer_port === port)));
  const sides: [string, string][] = [[device.key, port], [other.key, back?.[0] ?? row.peer_port ?? '']];
  sides.sort((a, b) => (a.join() < b.join() ? -1 : 1));
  const key = sides.map(side => side.join(' ')).join(' = ');
  const old = trunks.get(key);
  if (old?.truth === 'announced' && !said(row)) return;
  trunks.set(key, { key, ends: sides, truth: said(row) ? 'announced' : 'inferred', lastSeen: Math.max(row.last_seen, old?.lastSeen ?? 0) });
}

// The ends at one port: each MAC or chassis once. One that says who it is but not which MAC is its, is the only one there, or has it in its name.
function endsAt(rows: readonly Link[]): Map<string, Link[]> {
  const all = new Map<string, Link[]>();
  const put = (key: string, row: Link) => void all.set(key, [...(all.get(key) ?? []), row]);
  const macs = [...new Set(rows.flatMap(row => row.peer_mac ?? []))];
  for (const row of rows) {
    const name = row.peer_chassis ?? row.peer_name ?? '';
    if (row.peer_mac) put(row.peer_mac, row);
    else if (name) put(macs.length === 1 ? macs[0]! : (macs.find(mac => hex(name).includes(hex(mac))) ?? name), row);
  }
  return all;
}

function plugOf(device: Device, port: string, key: string, rows: Link[], stations: number, phone: boolean): Plug {
  rows.sort((a, b) => Number(said(b)) - Number(said(a)) || b.last_seen - a.last_seen);
  const first = <T>(get: (row: Link) => T | null): T | null => rows.map(get).find(value => value !== null && value !== '') ?? null;
  const alone = stations <= 1 || (phone && stations <= 2);
  const mac = first(row => row.peer_mac);
  return {
    key, port, rows, mac,
    device: { key: device.key, hostId: device.hostId, title: device.title },
    portDescription: first(row => row.port_description) ?? '',
    hostId: first(row => row.peer_host_id),
    title: first(row => row.peer_name) ?? mac ?? first(row => row.peer_chassis) ?? '',
    platform: first(row => row.platform) ?? '',
    peerPort: first(row => row.peer_port) ?? '',
    vlans: [...new Set(rows.map(row => vlanText(row.vlan)))].filter(Boolean).sort(),
    how: rows.some(said) ? 'announced' : alone ? 'measured' : 'shared',
    others: Math.max(0, stations - 1),
    speed: first(row => row.speed_bps),
    firstSeen: Math.min(...rows.map(row => row.first_seen)),
    lastSeen: Math.max(...rows.map(row => row.last_seen)),
  };
}

const sure: Record<How, number> = { announced: 0, measured: 1, shared: 2 };

// What was told last counts, then who is surest, then the port with the fewest.
const better = (a: Plug, b: Plug) => b.lastSeen - a.lastSeen || sure[a.how] - sure[b.how] || a.others - b.others || (a.device.key + a.port < b.device.key + b.port ? -1 : 1);
// Walks of one scan are not at one moment.
const WALK_S = 900;

export function pluggedOf(links: Iterable<Link>): Plugged {
  const found = devicesOf(links);
  const { trunks, leads } = trunksOf(found);
  const byEnd = new Map<string, Plug[]>();
  const many: Plugged['many'] = [];
  for (const device of found.devices.values()) {
    for (const [port, rows] of device.ports) {
      if (leads.has(`${device.key} ${port}`)) continue;
      const newest = Math.max(...rows.map(row => row.last_seen));
      const stations = Math.max(0, ...rows.filter(row => row.last_seen === newest).map(row => row.stations ?? 0));
      if (rows.some(row => row.last_seen === newest && !row.peer_mac && !row.peer_chassis && !row.peer_port)) many.push({ device: device.key, port, stations });
      const phone = rows.some(row => listed(row.capabilities).includes('telephone'));
      for (const [key, of] of endsAt(rows)) byEnd.set(key, [...(byEnd.get(key) ?? []), plugOf(device, port, key, of, stations, phone)]);
    }
  }
  const plugs = [...byEnd.values()].map(candidates => {
    const last = Math.max(...candidates.map(each => each.lastSeen));
    const fresh = candidates.filter(each => each.lastSeen >= last - WALK_S);
    return fresh.sort((a, b) => sure[a.how] - sure[b.how] || a.others - b.others || better(a, b))[0]!;
  });
  return { plugs: plugs.sort((a, b) => (a.key < b.key ? -1 : 1)), trunks: trunks.sort((a, b) => (a.key < b.key ? -1 : 1)), many };
}

// Worked out once for each state of the rows.
let kept: { links: ReadonlyMap<string, Link>; version: number; plugged: Plugged } | null = null;

export function plugged(tables: { link: ReadonlyMap<string, Link>; versions: { link: number } }): Plugged {
  if (kept?.links !== tables.link || kept.version !== tables.versions.link) kept = { links: tables.link, version: tables.versions.link, plugged: pluggedOf(tables.link.values()) };
  return kept.plugged;
}
