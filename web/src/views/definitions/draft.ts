// SPDX-License-Identifier: BSD-2-Clause
// A definition while somebody writes it: its text, what the form makes of it, and how rules are changed. Pure.

import type { Definition, Rule } from '../../services/details';
import { categories } from '../../services/catalogue';
import { texts } from '../../texts';
import { faultsOf, type Fault } from './check';
import { isGroup, kindOf, type RuleKind } from './rule';

export type Draft = Partial<Omit<Definition, 'id'>>;

export const empty: Draft = { name: '', description: '', category: 'Custom', icon: 'app-window', is_generic: false, match: { any: [{ http: { title: '' } }] } };

export const textOf = (draft: Draft) => JSON.stringify(draft, null, 2);

// Null: it is no JSON object.
export function read(text: string): Draft | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

// As the collector makes one of a name.
export const idOf = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 60);

export function faultsIn(text: string): Fault[] {
  const draft = read(text);
  if (!draft) return [{ path: '', why: texts.definitions.faults.json }];
  const found = faultsOf(draft);
  if (typeof draft.category === 'string' && !categories.has(draft.category)) found.push({ path: 'category', why: texts.definitions.faults.category });
  return found;
}

// The fields of signs that have several; of the others the value is one text.
export const fieldsOf: Partial<Record<RuleKind, readonly string[]>> = {
  http: ['path', 'title', 'body', 'header', 'status', 'favicon', 'port'],
  tls: ['subject', 'issuer', 'san', 'alpn'],
  mdns: ['type', 'txt'],
  dhcp: ['class', 'user_class', 'params'],
  container: ['image', 'label'],
  snmp: ['object_id', 'description'],
  neighbor: ['capability', 'description', 'platform', 'name'],
  trait: ['key', 'value'],
};

// What a form offers for a service; `service` is for devices alone.
export const kindsOffered: readonly RuleKind[] = ['any', 'all', 'together', 'not', 'http', 'port', 'speaks', 'banner', 'tls', 'mdns', 'ssdp', 'hostname', 'vendor', 'container', 'snmp', 'dhcp', 'neighbor', 'application', 'address', 'gateway', 'subnet', 'trait'];

// One of another kind; a group keeps what is in it, and what was no group becomes its first part.
export function ofKind(kind: RuleKind, was: Rule): Rule {
  const before = kindOf(was);
  const parts = before && isGroup(before) ? was[before]! : before === 'not' ? [was.not!] : [was];
  if (isGroup(kind)) return { [kind]: parts };
  if (kind === 'not') return { not: before && isGroup(before) ? was : parts[0]! };
  const fields = fieldsOf[kind];
  return { [kind]: kind === 'gateway' ? true : fields ? { [fields[kind === 'http' ? 1 : 0]!]: '', ...(kind === 'trait' ? { value: '' } : {}) } : '' };
}

// The value of a sign of several fields with one of them changed; one that is empty is left out. A port is a number; an announcement
// without a line of text is only its type.
export function withField(kind: RuleKind, value: unknown, field: string, text: string): unknown {
  const of: Record<string, unknown> = typeof value === 'string' ? { type: value } : { ...(value as object) };
  if (text === '' && !(kind === 'trait' || (kind === 'mdns' && field === 'type'))) delete of[field];
  else of[field] = field === 'port' && /^\d+$/.test(text) ? Number(text) : text;
  return kind === 'mdns' && of.txt === undefined ? (of.type ?? '') : of;
}

export const fieldText = (kind: RuleKind, value: unknown, field: string): string => {
  if (typeof value === 'string') return kind === 'mdns' && field === 'type' ? value : '';
  const text = (value as Record<string, unknown> | null)?.[field];
  return text === undefined || text === null ? '' : String(text);
};
