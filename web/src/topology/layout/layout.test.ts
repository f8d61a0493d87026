// SPDX-License-Identifier: BSD-2-Clause
// Places: nothing overlaps, everything is in its container, the same graph has the same places, and what comes later
// moves nobody.
import { expect, test, vi } from 'vitest';

import { container as measures } from '../measures';
import type { Box, Graph, GraphNode, Manual, Placement } from '../model';
import { nothingManual } from '../model';
import { defaults } from '../options';
import { Layouter } from './layouter';
import { anything, makeContainer, makeEdge, makeNode, network, placedByHand, randomOf } from './sample';

// A machine may be busy with other things.
vi.setConfig({ testTimeout: 60_000 });

// Elk is not asked here.
const never = () => new Promise<never>(() => {});

const place = (graph: Graph, manual: Manual = nothingManual, arrangedAt = 100) => {
  const layouter = new Layouter(() => {}, never);
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

// Where a node is in its container, and a container in the picture.
const within = (graph: Graph, placement: Placement, id: string) => {
  const box = placement.nodes.get(id)!;
  const around = placement.containers.get(graph.nodes.get(id)!.container!)!;
  return { x: box.x - around.x, y: box.y - around.y };
};
// Those of a graph's nodes that are elsewhere in their container than before.
const movedNodes = (graph: Graph, before: Placement, after: Placement): string[] =>
  [...graph.nodes.keys()].filter(id => {
    const [was, is] = [within(graph, before, id), within(graph, after, id)];
    return was.x !== is.x || was.y !== is.y;
  });
const withNode = (graph: Graph, node: GraphNode): Graph => ({ ...graph, nodes: new Map([...graph.nodes, [node.id, node]]), structure: `${graph.structure} ${node.id}` });
const without = (graph: Graph, id: string): Graph => ({ ...graph, nodes: new Map([...graph.nodes].filter(([each]) => each !== id)), structure: `${graph.structure} -${id}` });

test('who comes later moves no other node of its container, and only those containers that would be covered', () => {
  let pushed = 0;
  let containers = 0;
  for (let seed = 0; seed < 40; seed++) {
    let graph = network(60 + seed * 5, seed, 25);
    const random = randomOf(seed);
    const layouter = new Layouter(() => {}, never);
    const options = { ...defaults };
    let before = layouter.place(graph, nothingManual, options, 100);
    const subnets = [...graph.containers.values()].filter(each => each.kind === 'subnet');
    for (let i = 0; i < 12; i++) {
      const home = subnets[Math.floor(random() * subnets.length)]!.id;
      const had = [...graph.nodes.values()].some(each => each.container === home && each.zone === 'left');
      const node = makeNode(`later${i}`, home, { firstSeen: 200 + i, order: '0', zone: had && random() < 0.3 ? 'left' : 'main' }, Math.floor(random() * 7));
      const grown = withNode(graph, node);
      const after = layouter.place(grown, nothingManual, options, 100);
      expect(movedNodes(graph, before, after), `seed ${seed} when ${node.id} came`).toEqual([]);
      const [was, is] = [before.containers.get(home)!, after.containers.get(home)!];
      const moved = [...before.containers].filter(([id, box]) => graph.containers.get(id)!.parent === null && (after.containers.get(id)!.x !== box.x || after.containers.get(id)!.y !== box.y));
      if (was.width === is.width && was.height === is.height) expect(moved.length, `seed ${seed}: nobody grew`).toBe(0);
      pushed += moved.length;
      containers += graph.containers.size;
      expect(faults(grown, after, nothingManual)).toEqual([]);
      [graph, before] = [grown, after];
    }
    // The same by itself, as after a reload.
    const fresh = place(graph);
    expect(movedNodes(graph, before, fresh), `seed ${seed}: after a reload`).toEqual([]);
    expect([...fresh.containers].filter(([id, box]) => before.containers.get(id)!.x !== box.x || before.containers.get(id)!.y !== box.y), `seed ${seed}: containers after a reload`).toEqual([]);
    layouter.dispose();
  }
  console.log(`480 hosts came: ${((100 * pushed) / containers).toFixed(1)} % of the containers were pushed each time`);
  expect(pushed / containers).toBeLessThan(0.2);
});

test('who leaves moves nobody; its place is for somebody who fits; who returns finds it', () => {
  for (let seed = 0; seed < 30; seed++) {
    const graph = network(80, seed, 30);
    const layouter = new Layouter(() => {}, never);
    const options = { ...defaults };
    const before = layouter.place(graph, nothingManual, options, 100);
    const gone = [...graph.nodes.values()].filter(each => each.zone === 'main' && each.container!.startsWith('subnet'))[seed % 20]!;
    const less = without(graph, gone.id);
    const after = layouter.place(less, nothingManual, options, 100);
    expect(movedNodes(less, before, after), `seed ${seed} when ${gone.id} left`).toEqual([]);
    const newcomer = makeNode('newcomer', gone.container, { firstSeen: 300 });
    const filled = withNode(less, newcomer);
    const third = layouter.place(filled, nothingManual, options, 100);
    expect(movedNodes(less, before, third), `seed ${seed} when somebody filled the hole`).toEqual([]);
    expect(within(filled, third, 'newcomer')).toEqual(within(graph, before, gone.id));
    layouter.place(less, nothingManual, options, 100);
    expect(layouter.place(graph, nothingManual, options, 100).nodes.get(gone.id)).toEqual(before.nodes.get(gone.id));
    layouter.dispose();
  }
});

test('a new container goes to whom it is linked with, and moves nobody', () => {
  for (let seed = 0; seed < 20; seed++) {
    const graph = network(200, seed, 20);
    const layouter = new Layouter(() => {}, never);
    const options = { ...defaults };
    const before = layouter.place(graph, nothingManual, options, 100);
    const partner = [...graph.nodes.values()].find(each => each.container === `subnet${seed % 8}`)!;
    const node = makeNode('far', 'late', { firstSeen: 300 });
    const more: Graph = { ...withNode(graph, node), containers: new Map([...graph.containers, ['late', makeContainer('late', { firstSeen: 300 })]]), edges: new Map([...graph.edges, ['e', makeEdge('far', partner.id)]]) };
    const after = layouter.place(more, nothingManual, options, 100);
    for (const [id, box] of before.containers) expect(after.containers.get(id), 'the same box').toBe(box);
    for (const [id, box] of before.nodes) expect(after.nodes.get(id), 'the same box').toBe(box);
    const [mine, theirs] = [after.containers.get('late')!, after.containers.get(partner.container!)!];
    const distance = Math.max(Math.abs(mine.x + mine.width / 2 - theirs.x - theirs.width / 2) - (mine.width + theirs.width) / 2, Math.abs(mine.y + mine.height / 2 - theirs.y - theirs.height / 2) - (mine.height + theirs.height) / 2);
    expect(distance, `seed ${seed}`).toBeLessThan(Math.max(before.bounds.width, before.bounds.height) / 3);
    layouter.dispose();
  }
});

test('what is beyond the network is above it, also when it comes late', () => {
  for (const hosts of [4, 10, 40, 200]) {
    const graph = network(hosts, 2, 40);
    const above = (placement: Placement) => [...placement.containers].every(([id, box]) => id === 'internet' || box.y >= placement.containers.get('internet')!.y + placement.containers.get('internet')!.height);
    expect(above(place(graph)), `${hosts} hosts`).toBe(true);
    const late: Graph = { ...graph, containers: new Map([...graph.containers].map(([id, it]) => [id, id === 'internet' ? { ...it, firstSeen: 200 } : it])) };
    expect(above(place(late)), `${hosts} hosts, when it comes late`).toBe(true);
  }
});

test('what a person placed is exactly there, and its container holds it', () => {
  const graph = network(30, 4);
  const node = [...graph.nodes.values()].find(each => each.container === 'subnet0')!;
  const manual: Manual = { nodes: { [node.id]: { x: 1234, y: 987 }, subnet0: { x: -300, y: 55, width: 400 } }, edges: {} };
  const placement = place(graph, manual);
  expect(placement.containers.get('subnet0')).toMatchObject({ x: -300, y: 55 });
  expect(within(graph, placement, node.id)).toEqual({ x: 1234, y: 987 });
  expect(faults(graph, placement, manual)).toEqual([]);
  expect(placement.bounds.x).toBeLessThan(-300);
});

test('a whole network has about the shape of a screen', () => {
  for (const hosts of [40, 150, 500, 2000]) {
    for (let seed = 0; seed < 8; seed++) {
      const { bounds } = place(network(hosts, seed, 60));
      expect(bounds.width / bounds.height, `${hosts} hosts, seed ${seed}`).toBeGreaterThan(0.7);
      expect(bounds.width / bounds.height, `${hosts} hosts, seed ${seed}`).toBeLessThan(3);
    }
  }
});

// Of this program alone: others run beside it.
const timed = <T>(run: () => T): [T, number] => {
  const from = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(from);
  return [result, (user + system) / 1000];
};

test('ten thousand hosts are placed in the blink of an eye', () => {
  const graph = network(10_000);
  place(graph);
  const firsts: number[] = [];
  const more: number[] = [];
  const options = { ...defaults };
  for (let round = 0; round < 5; round++) {
    const layouter = new Layouter(() => {}, never);
    const [first, whole] = timed(() => layouter.place(graph, nothingManual, options, 100));
    firsts.push(whole);
    expect(layouter.place(graph, nothingManual, options, 100)).toBe(first);
    for (let i = 0; i < 5; i++) more.push(timed(() => layouter.place(withNode(graph, makeNode(`new${i}`, 'subnet3', { firstSeen: 200 }, 3)), nothingManual, options, 100))[1]);
    layouter.dispose();
  }
  const middle = (all: number[]) => all.sort((a, b) => a - b)[all.length >> 1]!;
  console.log(`10,000 hosts: ${middle(firsts).toFixed(0)} ms; one more: ${middle(more).toFixed(1)} ms`);
  expect(middle(firsts)).toBeLessThan(400);
  expect(middle(more)).toBeLessThan(60);
});
