// SPDX-License-Identifier: BSD-2-Clause
// Fields by which rows are filtered and grouped, and the filters as the address bar holds them: ?vlan=20,30&vendor=Apple.
// Within a field any of the chosen values is enough; each field must be met. Pure.

export interface Field<V> {
  id: string; // its name in the address
  title: string;
  keys: (row: V) => readonly string[]; // its values; none of them: the row is under "none"
  label?: (key: string) => string;
  order?: (a: string, b: string) => number; // of keys
  color?: (key: string) => string | undefined; // a tag's
  none?: string; // what rows without a value are called
}

export type Filters = Readonly<Record<string, readonly string[]>>;

export const NONE = '-'; // the key of rows without a value

const coded = (key: string) => key.replace(/[%,]/g, encodeURIComponent);

function plain(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const filterText = (keys: readonly string[]): string | null => (keys.length ? [...keys].map(coded).join(',') : null);

export function readFilters(params: URLSearchParams, fields: readonly { id: string }[]): Filters {
  const found: Record<string, string[]> = {};
  for (const { id } of fields) {
    const keys = (params.get(id) ?? '').split(',').filter(Boolean).map(plain);
    if (keys.length) found[id] = keys;
  }
  return found;
}

export const isFiltered = (filters: Filters) => Object.keys(filters).length > 0;

export const keysOf = <V>(field: Field<V>, row: V): readonly string[] => {
  const keys = field.keys(row);
  return keys.length ? keys : [NONE];
};

export const labelOf = <V>(field: Field<V>, key: string, none: string): string => (key === NONE ? (field.none ?? none) : (field.label?.(key) ?? key));

function meets<V>(row: V, field: Field<V>, chosen: readonly string[]): boolean {
  for (const key of keysOf(field, row)) if (chosen.includes(key)) return true;
  return false;
}

// except: a field that is left out, so that its own other values can be counted.
export function filterRows<V>(rows: readonly V[], fields: readonly Field<V>[], filters: Filters, except?: string): V[] {
  const active = fields.filter(field => field.id !== except && filters[field.id]);
  return active.length ? rows.filter(row => active.every(field => meets(row, field, filters[field.id]!))) : (rows as V[]);
}

export interface Counted {
  key: string;
  count: number;
}

const byText = new Intl.Collator('en', { numeric: true, sensitivity: 'base' }).compare;

// The order of a field's values; those without a value come last.
export function keyOrder<V>(field: Field<V>): (a: string, b: string) => number {
  const order = field.order ?? ((a: string, b: string) => byText(field.label?.(a) ?? a, field.label?.(b) ?? b));
  return (a, b) => (a === NONE ? Number(b !== NONE) : b === NONE ? -1 : order(a, b));
}

// Every value that rows have, and how many rows have it; the chosen ones too when no row has them now.
export function countKeys<V>(rows: readonly V[], field: Field<V>, chosen: readonly string[] = []): Counted[] {
  const counts = new Map<string, number>(chosen.map(key => [key, 0]));
  for (const row of rows) for (const key of keysOf(field, row)) counts.set(key, (counts.get(key) ?? 0) + 1);
  const order = keyOrder(field);
  return [...counts].map(([key, count]) => ({ key, count })).sort((a, b) => order(a.key, b.key));
}

export const toggled = (keys: readonly string[], key: string) => (keys.includes(key) ? keys.filter(each => each !== key) : [...keys, key]);
