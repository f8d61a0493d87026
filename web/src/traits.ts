// SPDX-License-Identifier: BSD-2-Clause
// A host's traits as its evidence has them: the same thing said by several, in several VLANs, or of its MAC and its address, is one. Pure.

import type { Evidence } from './api';
import { momentText } from './format';
import { texts } from './texts';
import { vlanText } from './state/address';
import type { TraitGroup } from './texts/traits';

const words = texts.traits;

export interface Trait {
  key: string;
  title: string;
  value: string; // as it was said
  shown: string; // in words, where that says more
  port: number | null;
  sources: string[];
  confidence: string; // the best of them
  vlans: string[];
  sensors: string[];
  first: number;
  last: number;
  ids: string[]; // of the evidence
}

export interface TraitPart {
  group: TraitGroup;
  traits: Trait[];
}

const groupOfKey = new Map(Object.entries(texts.traitsByGroup).flatMap(([group, keys]) => Object.keys(keys).map(key => [key, group as TraitGroup] as const)));

export const traitTitle = (key: string): string => texts.traitsByGroup[groupOf(key)][key] ?? key.replace(/[._]/g, ' ');
export const groupOf = (key: string): TraitGroup => groupOfKey.get(key) ?? 'other';

// What the value means, for a person; the value itself where there is nothing to add.
export function traitValue(key: string, value: string): string {
  switch (key) {
    case 'mac.random':
      return value === 'true' ? words.random : value;
    case 'tcp.syn': {
      const parts = value.split(':');
      return parts.length === 5 ? words.syn(parts[0]!, parts[1]!, parts[2]!, parts[3]!, parts[4]!.split(',').join(' ')) : value;
    }
    case 'dhcp.params':
      return value.split(',').map(each => words.option(each, texts.dhcpOptions[each])).join(', ');
    case 'igmp.group':
    case 'mld.group':
      return words.group(value, texts.multicastGroups[value]);
    case 'tls.not_after': {
      const at = Date.parse(value);
      return Number.isNaN(at) ? value : momentText(at / 1000);
    }
    default:
      return value === 'true' ? words.yes : value === 'false' ? words.no : value;
  }
}

const order: Record<string, number> = { announced: 0, measured: 1, inferred: 2 };
const rank = (confidence: string) => order[confidence] ?? 3;
const add = (list: string[], value: string | null) => void (value !== null && value !== '' && !list.includes(value) && list.push(value));

export function traitsOf(rows: readonly Evidence[]): TraitPart[] {
  const found = new Map<string, Trait>();
  for (const { id, sensor_id, fact } of rows) {
    if (fact.fact !== 'trait' || !fact.key || fact.value === undefined) continue;
    const value = String(fact.value);
    const name = `${fact.key}\0${value}\0${fact.port ?? ''}`;
    let trait = found.get(name);
    if (!trait) {
      trait = { key: fact.key, title: traitTitle(fact.key), value, shown: traitValue(fact.key, value), port: typeof fact.port === 'number' ? fact.port : null, sources: [], confidence: fact.confidence, vlans: [], sensors: [], first: fact.first, last: fact.last, ids: [] };
      found.set(name, trait);
    }
    add(trait.sources, fact.source);
    add(trait.vlans, vlanText(fact.vlan ?? []));
    add(trait.sensors, sensor_id);
    if (rank(fact.confidence) < rank(trait.confidence)) trait.confidence = fact.confidence;
    trait.first = Math.min(trait.first, fact.first);
    trait.last = Math.max(trait.last, fact.last);
    trait.ids.push(id);
  }
  const groups = Object.keys(texts.traitGroups) as TraitGroup[];
  return groups.map(group => ({ group, traits: inOrder([...found.values()].filter(trait => groupOf(trait.key) === group), group) })).filter(part => part.traits.length > 0);
}

// As the table of words has the keys, then by port, the latest first.
function inOrder(traits: Trait[], group: TraitGroup): Trait[] {
  const keys = Object.keys(texts.traitsByGroup[group]);
  const place = (key: string) => (keys.includes(key) ? keys.indexOf(key) : keys.length);
  return traits.sort((a, b) => place(a.key) - place(b.key) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) || (a.port ?? 0) - (b.port ?? 0) || b.last - a.last || (a.value < b.value ? -1 : 1));
}

// What tells most in the fewest words: of each of these keys the latest.
const telling = [
  'snmp.model', 'ubiquiti.model', 'bacnet.model', 'snmp.maker', 'snmp.serial', 'snmp.firmware', 'ubiquiti.firmware', 'snmp.description', 'snmp.location', 'ssdp.server', 'http.server', 'http.title', 'ssh.banner', 'http.user_agent',
  'dhcp.vendor_class', 'sip.user_agent', 'sip.server', 'mac.random', 'tls.sni', 'mdns.type',
];

export function glanceOf(parts: readonly TraitPart[], most: number): Trait[] {
  const all = parts.flatMap(part => part.traits);
  const latest = (key: string) => all.filter(trait => trait.key === key).sort((a, b) => b.last - a.last)[0];
  const known = telling.flatMap(key => latest(key) ?? []);
  // Of a protocol that came later: its model and its like are worth a look too.
  const others = all.filter(trait => !telling.includes(trait.key) && /\.(model|maker|product|device|name|firmware|serial)$/.test(trait.key));
  return [...known.slice(0, most), ...others].slice(0, most);
}
