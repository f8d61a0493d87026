// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import type { TrafficTop } from './api/history';
import { lineOf, matrixOf, pairsOf, rangesOf, subnetOf, timelineOf } from './traffic';

const point = (at: number, bytes: number) => ({ at, bytes, bytes_back: 60, connections: 1, packets: 1, packets_back: 1 });

test('a series has a place for each step, as bytes a second', () => {
  const line = timelineOf({ from: 0, to: 300, step_s: 60, series: [point(0, 120), point(180, 60)] });
  expect(line.times).toEqual([0, 60, 120, 180, 240]);
  expect(line.out).toEqual([2, 0, 0, 1, 0]);
  expect(line.back).toEqual([1, 0, 0, 1, 0]);
});

test('the step that is not over yet is a rate of the seconds that it has had', () => {
  expect(timelineOf({ from: 0, to: 90, step_s: 60, series: [point(60, 300)] }).out).toEqual([0, 10]);
  // Of two seconds no rate can be told: a quarter of a step is the least.
  expect(timelineOf({ from: 0, to: 62, step_s: 60, series: [point(60, 300)] }).out).toEqual([0, 20]);
});

test("one of the list's lines stands on the same steps", () => {
  expect(lineOf({ series: [[60, 60], [999, 60]] }, { from: 0, to: 180, step_s: 60 })).toEqual([0, 1, 1]);
  expect(lineOf({ series: null }, { from: 0, to: 120, step_s: 60 })).toEqual([0, 0]);
});

const edge = (client: string, server: string, bytes: number) => ({ key: `${client}${server}`, label: '', client, server, bytes, bytes_back: 0, packets: 0, packets_back: 0, connections: 1 }) as TrafficTop;

test('who talks to whom; what is beyond the first places is put together', () => {
  const matrix = matrixOf([edge('a', 'b', 10), edge('b', 'a', 1), edge('c', 'a', 5), edge('d', 'd', 2), edge('a', 'b', 3)], (each, end) => each[end]!, 3, 'rest');
  expect(matrix.places).toEqual(['a', 'b', 'rest']);
  expect(matrix.bytes.get('a')!.get('b')).toBe(13);
  expect(matrix.bytes.get('rest')!.get('a')).toBe(5);
  expect(matrix.bytes.get('rest')!.get('rest')).toBe(2);
  expect(matrix.most).toBe(13);
  expect(pairsOf(matrix).map(pair => [pair.client, pair.server, pair.bytes])).toEqual([['a', 'b', 13], ['rest', 'a', 5], ['rest', 'rest', 2], ['b', 'a', 1]]);
});

test('all places fit when there are few', () => {
  expect(matrixOf([edge('a', 'b', 1), edge('c', 'b', 1)], (each, end) => each[end]!, 3, 'rest').places.sort()).toEqual(['a', 'b', 'c']);
});

test('the smallest subnet that an address is in', () => {
  const ranges = rangesOf([{ id: 'all', cidr: '0.0.0.0/0' }, { id: 'ten', cidr: '10.0.0.0/8' }, { id: 'office', cidr: '10.0.20.0/23' }, { id: 'six', cidr: '2001:db8:1::/48' }]);
  expect(['10.0.21.9', '10.0.22.1', '10.1.1.1', '192.0.2.1', '2001:db8:1:2::5', '2001:db8:2::1', 'fe80::1'].map(ip => subnetOf(ip, ranges))).toEqual(['office', 'ten', 'ten', null, 'six', null, null]);
});
