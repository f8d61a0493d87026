// SPDX-License-Identifier: BSD-2-Clause
// A sensor's JSON fields, read with suspicion: they come from the sensor as it is. Pure.

import { texts } from './texts';

export interface Port {
  name: string;
  mac: string;
  addresses: string[];
  mode: string;
  tagsVisible: boolean | null;
  promiscuous: boolean | null;
  span: boolean | null;
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const flag = (value: unknown) => (typeof value === 'boolean' ? value : null);

export function readPorts(value: unknown): Port[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const port = item as Record<string, unknown>;
    const addresses = Array.isArray(port.addresses) ? port.addresses.map(text).filter(Boolean) : [];
    return [{ name: text(port.name), mac: text(port.mac), addresses, mode: text(port.mode), tagsVisible: flag(port.vlan_tags_visible), promiscuous: flag(port.promiscuous), span: flag(port.span) }];
  });
}

export function readCounters(value: unknown): Map<string, number> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map();
  return new Map(Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1])));
}

export interface Losses {
  lost: [string, number][]; // the largest first
  none: string[]; // counted, and nothing lost so far
}

// The totals that came as facts, and what the latest status message counts beside them.
export function readLosses(losses: unknown, counters: unknown, isLoss: (name: string) => boolean): Losses {
  const all = readCounters(losses);
  for (const [name, count] of readCounters(counters)) if (isLoss(name) && !all.has(name)) all.set(name, count);
  const entries = [...all].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return { lost: entries.filter(([, count]) => count > 0), none: entries.filter(([, count]) => count <= 0).map(([name]) => name) };
}

export function readCapabilities(value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([name, each]) => [name, typeof each === 'object' ? JSON.stringify(each) : typeof each === 'boolean' ? (each ? texts.history.yes : texts.history.no) : String(each)]);
}

// What this sensor can be asked to do.
export function readDiscoveries(capabilities: unknown): string[] {
  if (typeof capabilities !== 'object' || capabilities === null) return [];
  const value = (capabilities as Record<string, unknown>).discoveries;
  return typeof value === 'string' ? value.split(',').map(each => each.trim()).filter(Boolean) : Array.isArray(value) ? value.map(text).filter(Boolean) : [];
}

export const silences = ['no', 'sensor', 'port'] as const;

export interface Silence {
  kind: (typeof silences)[number];
  sent: number | null; // by the port since the sensor started
  sentBefore: number | null; // by the port, as its interface counts
  heldBack: number | null; // frames that the kernel wanted to send there
}

// Whether it can send, as it says when it connects (docs/stream.md); null of one that says nothing about it.
export function readSilence(capabilities: unknown, counters: unknown): Silence | null {
  const said = typeof capabilities === 'object' && capabilities !== null ? (capabilities as Record<string, unknown>).silent : undefined;
  const kind = said === true ? 'sensor' : said === false ? 'no' : silences.find(each => each === said);
  if (!kind) return null;
  const counted = readCounters(counters);
  return { kind, sent: counted.get('port_sent_since_start') ?? null, sentBefore: counted.get('port_sent_packets') ?? counted.get('tx_packets') ?? null, heldBack: kind === 'port' ? (counted.get('port_held_back') ?? null) : null };
}
