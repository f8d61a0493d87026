// SPDX-License-Identifier: BSD-2-Clause
// Ways of edges: they begin and end at their boxes' sides, turn at right angles, and do not lie on each other.
import { expect, test } from 'vitest';

import type { Box, EdgeStyle, Side } from '../model';
import { nothingManual } from '../model';
import { anchors } from './anchors';
import { type Anchor, anchorPoint, facingSides, route } from './route';
import { makeEdge, makeGraph, makeNode, randomOf } from './sample';

const styles: EdgeStyle[] = ['SmoothStep', 'Straight', 'Step', 'Bezier', 'SimpleBezier'];
const sides: Side[] = ['Top', 'Right', 'Bottom', 'Left'];
const box = (x: number, y: number, width = 100, height = 60): Box => ({ x, y, width, height });

test('every style, from every side to every side, wherever the boxes are', () => {
  const random = randomOf(5);
  for (let i = 0; i < 3000; i++) {
    const [source, target] = [box(0, 0), box(Math.round(random() * 800 - 400), Math.round(random() * 800 - 400))];
    const [from, to]: Anchor[] = [sides[i % 4]!, sides[(i >> 2) % 4]!].map(side => ({ side, at: random() })) as [Anchor, Anchor];
    const style = styles[i % 5]!;
    const way = route(source, target, style, from!, to!, random() * 40 - 20);
    expect(way.start).toEqual(anchorPoint(source, from!));
    expect(way.end).toEqual(anchorPoint(target, to!));
    expect(way.steps[0]).toEqual(['M', way.start.x, way.start.y]);
    expect(way.steps.at(-1)!.slice(-2)).toEqual([way.end.x, way.end.y]);
    expect(way.steps.flat().every(each => typeof each === 'string' || Number.isFinite(each))).toBe(true);
    if (style !== 'Step') continue;
    let [x, y] = [way.start.x, way.start.y];
    for (const [, toX, toY] of way.steps.slice(1) as ['L', number, number][]) {
      expect(Math.min(Math.abs(toX - x), Math.abs(toY - y)), `right angles, ${from!.side} to ${to!.side}`).toBeLessThan(1e-6);
      [x, y] = [toX, toY];
    }
  }
});

test('the sides that look at each other', () => {
  expect(facingSides(box(0, 0), box(300, 20))).toEqual(['Right', 'Left']);
  expect(facingSides(box(300, 0), box(0, 20))).toEqual(['Left', 'Right']);
  expect(facingSides(box(0, 0), box(20, 300))).toEqual(['Bottom', 'Top']);
  expect(facingSides(box(0, 300), box(20, 0))).toEqual(['Top', 'Bottom']);
  expect(facingSides(box(0, 0), box(0, 300), true)).toEqual(['Right', 'Right']);
});

test('those that share a side are spread along it in the order of where they go; what a person chose is kept', () => {
  const nodes = ['hub', 'a', 'b', 'c'].map(id => makeNode(id, null));
  const places: Record<string, Box> = { hub: box(300, 0), a: box(0, 300), b: box(300, 300), c: box(600, 300) };
  const graph = makeGraph([], nodes, [makeEdge('hub', 'c'), makeEdge('hub', 'a'), makeEdge('hub', 'b')]);
  const found = anchors(graph, id => places[id], nothingManual);
  const [a, b, c] = ['a', 'b', 'c'].map(id => found.get(`same-host:hub>${id}`)!);
  expect([a!.from.side, b!.from.side, c!.from.side]).toEqual(['Bottom', 'Bottom', 'Bottom']);
  expect(a!.from.at).toBeLessThan(b!.from.at);
  expect(b!.from.at).toBeLessThan(c!.from.at);
  expect(new Set([a!.lane, b!.lane, c!.lane]).size).toBeGreaterThan(1);
  const chosen = anchors(graph, id => places[id], { nodes: {}, edges: { 'same-host:hub>a': { source_handle: 'Left' } } });
  expect(chosen.get('same-host:hub>a')!.from).toEqual({ side: 'Left', at: 0.5 });
  expect(chosen.get('same-host:hub>a')!.to.side).toBe('Top');
});
