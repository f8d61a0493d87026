// SPDX-License-Identifier: BSD-2-Clause
// Places: nothing overlaps, everything is in its container, the same graph has the same places, and what comes later
// moves nobody.
import { expect, test } from 'vitest';

import { container as measures, gaps } from '../measures';
import type { Box, Graph, Manual, Placement } from '../model';
import { nothingManual } from '../model';
import { defaults } from '../options';
import { Layouter } from './layouter';
import { anything, makeNode, network, placedByHand } from './sample';

const place = (graph: Graph, manual: Manual = nothingManual, arrangedAt = 100) => {
  const layouter = new Layouter(() => {});
  const placement = layouter.place(graph, manual, { ...defaults, view: graph.view }, arrangedAt);
  layouter.dispose();
  return placement;
};

const meet = (a: Box, b: Box) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

// What a person placed may stand on something else a person placed; nothing else overlaps.
function faults(graph: Graph, placement: Placement, manual: Manual): string[] {
  const found: string[] = [];
  const byHand = (id: string) => manual.nodes[id]?.x !== undefined && manual.nodes[id]?.y !== undefined;
  const siblings = new Map<string | null, { id: string; box: Box }[]>();
  const boxOf = (id: string) => placement.nodes.get(id) ?? placement.containers.get(id);
  for (const each of [...graph.containers.values(), ...graph.nodes.values()]) {
    const parent = 'parent' in each ? each.parent : each.container;
    const box = boxOf(each.id);
    if (!box || !Object.values(box).every(Number.isFinite)) {
      found.push(`${each.id} has no place`);
      continue;
    }
    siblings.set(parent, [...(siblings.get(parent) ?? []), { id: each.id, box }]);
    const around = parent === null ? placement.bounds : boxOf(parent)!;
    const top = parent === null ? 0 : measures.header;
    if (box.x < around.x || box.y < around.y + top || box.x + box.width > around.x + around.width || box.y + box.height > around.y + around.height) found.push(`${each.id} is not within ${parent}`);
  }
  for (const [parent, there] of siblings)
    for (let i = 0; i < there.length; i++)
      for (let j = 0; j < i; j++) {
        const [one, other] = [there[i]!, there[j]!];
        if (meet(one.box, other.box) && !(byHand(one.id) && byHand(other.id))) found.push(`${one.id} and ${other.id} overlap in ${parent}`);
      }
  return found;
}

test('nothing overlaps and everything is within its container, whatever the graph', () => {
  for (let seed = 0; seed < 300; seed++) {
    const graph = anything(seed);
    expect(faults(graph, place(graph), nothingManual), `seed ${seed}`).toEqual([]);
    const manual = placedByHand(graph, seed);
    expect(faults(graph, place(graph, manual), manual), `seed ${seed}, with things placed by hand`).toEqual([]);
  }
});

test('the same graph has the same places', () => {
  for (let seed = 0; seed < 60; seed++) {
    const manual = placedByHand(anything(seed), seed);
    const [one, other] = [place(anything(seed), manual), place(anything(seed), manual)];
    expect([...one.nodes, ...one.containers]).toEqual([...other.nodes, ...other.containers]);
  }
});

test('ten thousand hosts are placed in the blink of an eye', () => {
  const graph = network(10_000);
  place(graph);
  const layouter = new Layouter(() => {});
  const options = { ...defaults };
  let from = performance.now();
  const first = layouter.place(graph, nothingManual, options, 100);
  const whole = performance.now() - from;
  expect(layouter.place(graph, nothingManual, options, 100)).toBe(first);
  const more = { ...graph, nodes: new Map(graph.nodes), structure: 'more' };
  more.nodes.set('new', makeNode('new', 'subnet3', { firstSeen: 200 }, 3));
  from = performance.now();
  layouter.place(more, nothingManual, options, 100);
  const one = performance.now() - from;
  console.log(`10,000 hosts: ${whole.toFixed(1)} ms; one more: ${one.toFixed(1)} ms`);
  expect(whole).toBeLessThan(800);
  expect(one).toBeLessThan(200);
  expect(gaps.node).toBeGreaterThan(0);
});
