// SPDX-License-Identifier: BSD-2-Clause
// The list that all lists are: filters, groups, lines, order, columns, files, and what is kept for a person.
import { expect, test } from 'vitest';

import { readColumns } from './columns';
import { csvText } from './csv';
import { countKeys, filterRows, filterText, NONE, readFilters, toggled, type Field } from './filter';
import { groupRows, layLines, lineAt, topsOf } from './lines';
import { readPrefs } from './prefs';
import { nextSort, readSort, Sorter, sortText } from './sort';

interface Row {
  id: string;
  vendor: string | null;
  vlans: string[];
  size: number;
}

const row = (id: string, vendor: string | null, vlans: string[], size = 0): Row => ({ id, vendor, vlans, size });
const rows = [row('a', 'Apple, Inc.', ['10']), row('b', null, ['10', '2']), row('c', 'Brother', []), row('d', 'Apple, Inc.', ['2'])];
const vendor: Field<Row> = { id: 'vendor', title: 'Vendor', keys: each => (each.vendor ? [each.vendor] : []) };
const vlan: Field<Row> = { id: 'vlan', title: 'VLAN', keys: each => each.vlans };
const fields = [vendor, vlan];
const ids = (of: readonly Row[]) => of.map(each => each.id).join('');
const by = (text: string) => filterRows(rows, fields, readFilters(new URLSearchParams(text), fields));

test('a filter goes through the address unchanged, with whatever its values are made of', () => {
  const keys = ['Apple, Inc.', '100%', 'a,b', 'ü'];
  const params = new URLSearchParams({ vendor: filterText(keys)! });
  expect(readFilters(new URLSearchParams(params.toString()), fields).vendor).toEqual(keys);
  expect(filterText([])).toBe(null);
  expect(readFilters(new URLSearchParams('other=1&vlan='), fields)).toEqual({});
});

test('one of the values of a field is enough, and every field must be met', () => {
  expect(ids(by('vlan=10'))).toBe('ab');
  expect(ids(by('vlan=10,2'))).toBe('abd');
  expect(ids(by(new URLSearchParams({ vlan: '2', vendor: filterText(['Apple, Inc.'])! }).toString()))).toBe('d');
  expect(ids(by(`vendor=${NONE}`))).toBe('b');
  expect(ids(by('vlan=99'))).toBe('');
  expect(by('')).toBe(rows);
});

test('values are counted without their own field, in the order of people, and none comes last', () => {
  const filters = readFilters(new URLSearchParams('vlan=2'), fields);
  expect(countKeys(filterRows(rows, fields, filters, 'vlan'), vlan, ['2', '7'])).toEqual([{ key: '2', count: 2 }, { key: '7', count: 0 }, { key: '10', count: 2 }, { key: NONE, count: 1 }]);
  expect(countKeys(filterRows(rows, fields, filters, 'vendor'), vendor)).toEqual([{ key: 'Apple, Inc.', count: 1 }, { key: NONE, count: 1 }]);
  expect(toggled(toggled(['a'], 'b'), 'a')).toEqual(['b']);
});

test('a row with several values stands in each of their groups, in the order of the rows', () => {
  expect(groupRows(rows, vlan).map(group => group.key + ids(group.rows))).toEqual(['2bd', '10ab', '-c']);
});

test('lines: headings and rows, several to a line, and a closed group has none', () => {
  const flat = layLines(rows, 3, null, new Set());
  expect(flat.lines.map(line => line.kind === 'rows' && ids(line.rows))).toEqual(['abc', 'd']);
  expect([...flat.lineOf]).toEqual([0, 0, 0, 1]);
  const grouped = layLines(rows, 1, vlan, new Set(['10']));
  expect(grouped.lines.map(line => (line.kind === 'group' ? `${line.group.key} ${line.group.count} ${line.group.open}` : ids(line.rows)))).toEqual(['2 2 true', 'b', 'd', '10 2 false', '- 1 true', 'c']);
  expect(ids(grouped.rows)).toBe('bdc');
  expect([...grouped.lineOf]).toEqual([1, 2, 5]);
});

test('what is in sight is found by its height', () => {
  const { lines } = layLines(rows, 1, vlan, new Set());
  const tops = topsOf(lines, 40, 30);
  expect([...tops]).toEqual([0, 30, 70, 110, 140, 180, 220, 250, 290]);
  for (const [y, line] of [[-5, 0], [0, 0], [29, 0], [30, 1], [139, 3], [140, 4], [289, 7], [9999, 7]] as const) expect(lineAt(tops, y), String(y)).toBe(line);
  expect(lineAt(topsOf([], 40, 30), 10)).toBe(0);
});

test('the order: in the address, turned by a click, steady for equal rows', () => {
  const columns = [{ id: 'name', compare: (a: Row, b: Row) => (a.id < b.id ? -1 : 1) }, { id: 'size', descending: true, compare: (a: Row, b: Row) => a.size - b.size }];
  expect(readSort('-size', columns, 'name')).toEqual({ id: 'size', desc: true });
  expect(readSort('nonsense', columns, '-name')).toEqual({ id: 'name', desc: true });
  expect(sortText(nextSort({ id: 'name', desc: false }, columns[1]!))).toBe('-size');
  expect(sortText(nextSort({ id: 'size', desc: true }, columns[1]!))).toBe('size');
  const sorter = new Sorter<Row>();
  const bySize = { id: 'size', desc: true };
  expect(ids(sorter.sort(rows, columns, bySize))).toBe('abcd');
  const grown = [...rows.filter(each => each.id !== 'c'), row('b', null, [], 9), row('e', null, [], 5)].filter((each, i) => !(each.id === 'b' && i === 1));
  expect(ids(sorter.sort(grown, columns, bySize))).toBe('bead');
  expect(ids(sorter.sort(grown, columns, { id: 'name', desc: false }))).toBe('abde');
});

test('columns in the order that the address or the person gives; none that is known: the usual ones', () => {
  const columns = [{ id: 'a' }, { id: 'b', off: true }, { id: 'c' }];
  const of = (text: string | null, kept?: string[]) => readColumns(columns, text, kept).map(column => column.id).join('');
  expect([of(null), of('c,b'), of(null, ['b', 'a']), of('a', ['b']), of('x'), of('a,a')]).toEqual(['ac', 'cb', 'ba', 'a', 'ac', 'a']);
});

test('a file for a spreadsheet: quoted, and nothing in it is a formula', () => {
  const columns = [{ title: 'Name', text: (each: Row) => each.id }, { title: 'Only seen' }, { title: 'Vendor, maker', text: (each: Row) => each.vendor ?? '' }];
  expect(csvText([row('=1+1', 'He said "no"', []), row('a\nb', null, [])], columns)).toBe('Name,"Vendor, maker"\r\n\'=1+1,"He said ""no"""\r\n"a\nb",\r\n');
});

test('what was kept for a person is read with suspicion', () => {
  expect(readPrefs('{"cols":["a",1],"widths":{"a":12,"b":"x","c":-1},"density":"compact","view":"cards","group":"vlan"}')).toEqual({ cols: ['a'], widths: { a: 12 }, density: 'compact', view: 'cards', group: 'vlan' });
  for (const text of [null, '', 'no', '[]', '7', '{"density":"huge","view":7,"group":null}']) expect(readPrefs(text), String(text)).toEqual({});
});
