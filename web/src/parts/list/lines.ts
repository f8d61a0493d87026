// SPDX-License-Identifier: BSD-2-Clause
// A list as lines of known height: headings of groups, and rows of one or, as cards, of several things. Where each line
// stands is added up once, so that what is in sight is found by halving. Pure.

import { keyOrder, keysOf, type Field } from './filter';

export interface Group {
  key: string;
  count: number;
  open: boolean;
}

export type Line<V> = { kind: 'group'; group: Group } | { kind: 'rows'; rows: readonly V[]; first: number; group: string };

export interface Lines<V> {
  lines: Line<V>[];
  rows: V[]; // in their order, as far as their group is open; a row with several values stands in several groups
  lineOf: Uint32Array; // the line of each of those rows
}

export interface Grouped<V> {
  key: string;
  rows: V[];
}

// rows are in order already, and stay so within their group.
export function groupRows<V>(rows: readonly V[], field: Field<V>): Grouped<V>[] {
  const groups = new Map<string, V[]>();
  for (const row of rows) {
    for (const key of keysOf(field, row)) {
      const of = groups.get(key);
      if (of) of.push(row);
      else groups.set(key, [row]);
    }
  }
  const order = keyOrder(field);
  return [...groups].sort((a, b) => order(a[0], b[0])).map(([key, of]) => ({ key, rows: of }));
}

export function layLines<V>(rows: readonly V[], perLine: number, field: Field<V> | null, closed: ReadonlySet<string>): Lines<V> {
  const lines: Line<V>[] = [];
  const shown: V[] = [];
  const put = (of: readonly V[], group: string) => {
    for (let at = 0; at < of.length; at += perLine) {
      lines.push({ kind: 'rows', rows: of.slice(at, at + perLine), first: shown.length, group });
      for (let i = at; i < Math.min(at + perLine, of.length); i++) shown.push(of[i]!);
    }
  };
  if (!field) put(rows, '');
  else {
    for (const { key, rows: of } of groupRows(rows, field)) {
      const open = !closed.has(key);
      lines.push({ kind: 'group', group: { key, count: of.length, open } });
      if (open) put(of, key);
    }
  }
  const lineOf = new Uint32Array(shown.length);
  lines.forEach((line, index) => line.kind === 'rows' && lineOf.fill(index, line.first, line.first + line.rows.length));
  return { lines, rows: shown, lineOf };
}

// tops[i] is where line i begins; the last entry is the height of all.
export function topsOf(lines: readonly Line<unknown>[], rowHeight: number, groupHeight: number): Float64Array {
  const tops = new Float64Array(lines.length + 1);
  lines.forEach((line, i) => (tops[i + 1] = tops[i]! + (line.kind === 'group' ? groupHeight : rowHeight)));
  return tops;
}

// The line that covers this height.
export function lineAt(tops: Float64Array, y: number): number {
  let [low, high] = [0, Math.max(0, tops.length - 2)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (tops[middle]! <= y) low = middle;
    else high = middle - 1;
  }
  return low;
}
