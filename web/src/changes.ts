// SPDX-License-Identifier: BSD-2-Clause
// Two versions of a row as words: "name: nas → attic-nas". Pure.

import { texts } from './texts';

type Bag = Record<string, unknown>;

const words = texts.history;

// What says nothing to people: keys of rows, counts of versions, times that are told elsewhere.
const silent = new Set(['id', 'network_id', 'organization_id', 'revision', 'created_at', 'updated_at', 'first_seen', 'last_seen', 'password_hash', 'key_hash', 'created_by']);

export function valueText(value: unknown): string {
  if (value === null || value === undefined || value === '') return words.nothing;
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (Array.isArray(value)) return value.length ? value.map(valueText).join(', ') : words.nothing;
  if (typeof value === 'object') {
    return Object.entries(value as Bag)
      .filter(([name]) => !silent.has(name))
      .map(([name, each]) => `${fieldText(name)} ${valueText(each)}`)
      .join(', ');
  }
  return String(value);
}

export const fieldText = (name: string) => words.field[name] ?? name.replaceAll('_', ' ');

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

export function changedFields(before: Bag | null, after: Bag | null): { field: string; before: unknown; after: unknown }[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(name => !silent.has(name) && !/(^|_)ids?$/.test(name));
  return names.filter(name => !same(before?.[name], after?.[name])).map(field => ({ field, before: before?.[field], after: after?.[field] }));
}

export function changesText(before: Bag | null, after: Bag | null): string {
  return changedFields(before, after)
    .map(each => (before && after ? `${fieldText(each.field)}: ${valueText(each.before)} → ${valueText(each.after)}` : `${fieldText(each.field)}: ${valueText(before ? each.before : each.after)}`))
    .join('; ');
}
