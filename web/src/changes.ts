// SPDX-License-Identifier: BSD-2-Clause
// Two versions of a row as words: "name: nas → attic-nas". Pure.

import { texts } from './texts';

type Bag = Record<string, unknown>;

const words = texts.history;

// What says nothing to people: keys of rows, counts of versions, times that are told elsewhere.
const silent = new Set(['id', 'network_id', 'organization_id', 'revision', 'created_at', 'updated_at', 'first_seen', 'last_seen', 'password_hash', 'key_hash', 'created_by']);

// What an id stands for, if it is known.
export type NameOf = (id: string) => string | undefined;

const nobody: NameOf = () => undefined;

export function valueText(value: unknown, nameOf: NameOf = nobody): string {
  if (value === null || value === undefined || value === '') return words.nothing;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (Array.isArray(value)) return value.length ? value.map(each => valueText(each, nameOf)).join(', ') : words.nothing;
  if (typeof value === 'object') {
    return Object.entries(value as Bag)
      .filter(([name]) => !silent.has(name))
      .map(([name, each]) => `${fieldText(name)} ${valueText(each, nameOf)}`)
      .join(', ');
  }
  return typeof value === 'string' ? (nameOf(value) ?? value) : String(value);
}

export const fieldText = (name: string) => words.field[name] ?? name.replace(/_ids?$/, '').replaceAll('_', ' ');

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

// An id says something only when it is known whose it is.
const isKnown = (value: unknown, nameOf: NameOf) => (Array.isArray(value) ? value : [value]).some(each => typeof each === 'string' && nameOf(each) !== undefined);

export function changedFields(before: Bag | null, after: Bag | null, nameOf: NameOf = nobody): { field: string; before: unknown; after: unknown }[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names
    .filter(name => !silent.has(name) && (!/(^|_)ids?$/.test(name) || isKnown(before?.[name], nameOf) || isKnown(after?.[name], nameOf)))
    .filter(name => !same(before?.[name], after?.[name]))
    .map(field => ({ field, before: before?.[field], after: after?.[field] }));
}

export function changesText(before: Bag | null, after: Bag | null, nameOf: NameOf = nobody): string {
  const text = (value: unknown) => valueText(value, nameOf);
  return changedFields(before, after, nameOf)
    .map(each => (before && after ? `${fieldText(each.field)}: ${text(each.before)} → ${text(each.after)}` : `${fieldText(each.field)}: ${text(before ? each.before : each.after)}`))
    .join('; ');
}
