// SPDX-License-Identifier: BSD-2-Clause
// Two versions of a row as words: "name: nas → attic-nas". Pure.

import { timeText } from './format';
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
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === null || value === undefined ? [] : [value]);

function isDumb(before: unknown, after: unknown, nameOf: NameOf): boolean {
  const values = [...list(before), ...list(after)];
  return values.length > 0 && values.every(each => typeof each === 'string' && uuid.test(each) && nameOf(each) === undefined);
}

// Times come as seconds from the live views and as ISO 8601 from rows.
function timeOf(field: string, value: unknown): unknown {
  if (!field.endsWith('_at')) return value;
  const seconds = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) / 1000 : NaN;
  return Number.isFinite(seconds) ? timeText(seconds) : value;
}

export function changedFields(before: Bag | null, after: Bag | null, nameOf: NameOf = nobody): { field: string; before: unknown; after: unknown }[] {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return names
    .filter(name => !silent.has(name) && !isDumb(before?.[name], after?.[name], nameOf))
    .filter(name => !same(before?.[name], after?.[name]))
    .map(field => ({ field, before: before?.[field], after: after?.[field] }));
}

export function changesText(before: Bag | null, after: Bag | null, nameOf: NameOf = nobody): string {
  return changedFields(before, after, nameOf)
    .map(each => {
      const text = (value: unknown) => valueText(timeOf(each.field, value), nameOf);
      return `${fieldText(each.field)}: ${before && after ? `${text(each.before)} → ${text(each.after)}` : text(before ? each.before : each.after)}`;
    })
    .join('; ');
}
