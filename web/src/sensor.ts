// SPDX-License-Identifier: BSD-2-Clause
// A sensor's JSON fields, read with suspicion: they come from the sensor as it is. Pure.

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

// Counters that are not zero, the largest first.
export function readCounters(value: unknown): [string, number][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const entries = Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number' && Number.isFinite(entry[1]));
  return entries.filter(([, count]) => count !== 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

export function readCapabilities(value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([name, each]) => [name.replaceAll('_', ' '), typeof each === 'object' ? JSON.stringify(each) : String(each)]);
}
