// SPDX-License-Identifier: BSD-2-Clause
import { describe, expect, it } from 'vitest';

import { readPath } from './pathData';

const round = (data: string) => readPath(data).map(([letter, ...values]) => [letter, ...values.map(value => Math.round(value * 100) / 100 + 0)].join(' '));

describe('path data', () => {
  it('is read with relative and repeated steps', () => {
    expect(round('m1 2 3 4h2v-1H0V0l.5.5-1-1z')).toEqual(['M 1 2', 'L 4 6', 'L 6 6', 'L 6 5', 'L 0 5', 'L 0 0', 'L 0.5 0.5', 'L -0.5 -0.5', 'L 1 2']);
    expect(round('M0 0 1e1-2')).toEqual(['M 0 0', 'L 10 -2']);
  });

  it('goes on from where a closed part began', () => {
    expect(round('M5 5h1zl1 1')).toEqual(['M 5 5', 'L 6 5', 'L 5 5', 'L 6 6']);
  });

  it('has smooth and quadratic curves as cubic ones', () => {
    expect(round('M0 0C0 1 1 2 2 2S4 3 4 4')).toEqual(['M 0 0', 'C 0 1 1 2 2 2', 'C 3 2 4 3 4 4']);
    expect(round('M0 0s1 1 2 2')).toEqual(['M 0 0', 'C 0 0 1 1 2 2']);
    expect(round('M0 0Q3 0 3 3T6 6')).toEqual(['M 0 0', 'C 2 0 3 1 3 3', 'C 3 5 4 6 6 6']);
  });

  it('has arcs as curves, flags touching or not', () => {
    const quarter = ['M 0 0', 'C 5.52 0 10 4.48 10 10'];
    expect(round('M0 0a10 10 0 0 1 10 10')).toEqual(quarter);
    expect(round('M0 0a10 10 0 0110 10')).toEqual(quarter);
    expect(readPath('M0 0a10 10 0 1 1 10 10')).toHaveLength(4);
    const half = readPath('M0 0a5 5 0 0 0 10 0');
    expect(half).toHaveLength(3);
    expect(half[2]!.slice(-2)).toEqual([10, 0]);
    expect(half[1]![6]).toBeCloseTo(5); // downwards, as y does
  });

  it('has an arc that is too small grown, and one without radius as a line', () => {
    expect(readPath('M0 0A1 1 0 0 1 10 0')[1]!.slice(-2).map(value => Math.round(Number(value)))).toEqual([5, -5]);
    expect(round('M0 0A0 5 0 0 1 10 0')).toEqual(['M 0 0', 'L 10 0']);
    expect(round('M1 1A5 5 0 0 1 1 1')).toEqual(['M 1 1']);
  });

  it('ends at what it does not know', () => {
    expect(round('M1 1L2 2x9')).toEqual(['M 1 1', 'L 2 2']);
    expect(round('')).toEqual([]);
    expect(round('M1')).toEqual([]);
  });
});
