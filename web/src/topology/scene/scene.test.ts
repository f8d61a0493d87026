// SPDX-License-Identifier: BSD-2-Clause
import { describe, expect, test } from 'vitest';

import { makeContainer, makeEdge, makeGraph, makeNode } from '../layout/sample';
import type { Box, Graph, Placement } from '../model';
import { defaults } from '../options';
import { Grid } from './grid';
import { gripAt, hitAt, type Sight } from './hit';
import { levelAt } from './level';
import { edgesAlike, looksAlike } from './looks';
import { distanceTo, pointsOf, runsIn } from './path';
import { Scene } from './scene';
import { nextThing } from './walk';

const box = (x: number, y: number, width = 200, height = 100): Box => ({ x, y, width, height });
const line = (id: string) => ({ id, title: id, detail: '', icon: '', category: '', truth: 'measured' as const });

// Two subnets, left and right, two nodes in each; a bridge in the left one.
function example(more: Partial<Graph> = {}): { graph: Graph; placement: Placement } {
  const graph = makeGraph(
    [makeContainer('left'), makeContainer('right'), makeContainer('bridge', { parent: 'left' })],
    [makeNode('a', 'left', { lines: [line('l1'), line('l2')] }), makeNode('b', 'left'), makeNode('c', 'right'), makeNode('d', 'right'), makeNode('e', 'bridge')],
    [makeEdge('a', 'c', { kind: 'dependency', weight: 0.9, bytes: 5 }), makeEdge('b', 'c', { kind: 'dependency', weight: 0.1, bytes: 7, live: true }), makeEdge('c', 'd', { kind: 'dependency' }), makeEdge('a', 'b')],
  );
  const placement: Placement = {
    containers: new Map([['left', box(0, 0, 300, 600)], ['right', box(1000, 0, 300, 600)], ['bridge', box(20, 420, 260, 160)]]),
    nodes: new Map([['a', box(50, 60)], ['b', box(50, 260)], ['c', box(1050, 60)], ['d', box(1050, 260)], ['e', box(50, 470)]]),
    bounds: box(0, 0, 1300, 600),
  };
  return { graph: { ...graph, ...more }, placement };
}

const scene = (options = {}) => {
  const made = new Scene();
  const { graph, placement } = example();
  made.update(graph, placement, { ...defaults, ...options });
  return made;
};
const whole = box(-100, -100, 1600, 900);
const sight = (zoom = 1, edgesMost = 100): Sight => ({ zoom, level: levelAt(zoom), area: whole, edgesMost, picked: null });

describe('a grid', () => {
  test('finds what a look at every box finds', () => {
    let state = 3;
    const random = () => ((state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff);
    const boxes = Array.from({ length: 400 }, () => box(random() * 9000 - 4000, random() * 9000 - 4000, 10 + random() * (random() < 0.05 ? 6000 : 400), 10 + random() * 300));
    const grid = new Grid(boxes, 600);
    for (let i = 0; i < 60; i++) {
      const area = box(random() * 9000 - 4500, random() * 9000 - 4500, random() * (i % 5 ? 900 : 12000), random() * 900);
      const slow = boxes.flatMap((each, n) => (each.x < area.x + area.width && area.x < each.x + each.width && each.y < area.y + area.height && area.y < each.y + each.height ? [n] : []));
      expect(grid.in(area)).toEqual(slow);
    }
  });
});

describe('a scene', () => {
  test('shows what is in an area and no more', () => {
    expect(scene().nodesIn(box(900, 0, 500, 200)).map(({ node }) => node.id)).toEqual(['c']);
    expect(scene().containersIn(box(-50, -50, 100, 100)).map(({ container }) => container.id)).toEqual(['left']);
  });

  test('dependencies between two containers are one line, unless each is asked for', () => {
    const ids = (made: Scene) => made.linesIn(whole, false, 100).lines.map(each => each.id).sort();
    expect(ids(scene())).toEqual(['bundle:dependency:left>right', 'dependency:c>d', 'same-host:a>b']);
    expect(ids(scene({ bundle_dependencies: false }))).toEqual(['dependency:a>c', 'dependency:b>c', 'dependency:c>d', 'same-host:a>b']);
    const [bundle] = scene().linesIn(whole, true, 100).lines;
    expect(bundle!.edge).toMatchObject({ bytes: 12, count: 2, live: true, weight: 0.9, source: 'left', target: 'right', directed: false });
    expect(bundle!.bundle).toEqual(['dependency:a>c', 'dependency:b>c']);
  });

  test('a bundle follows its members without being made again', () => {
    const made = new Scene();
    const { graph, placement } = example();
    made.update(graph, placement, defaults);
    const before = made.linesIn(whole, true, 100).lines[0]!;
    const edges = new Map(graph.edges);
    edges.set('dependency:b>c', { ...edges.get('dependency:b>c')!, bytes: 100, live: false });
    made.update({ ...graph, edges }, placement, defaults);
    const after = made.linesIn(whole, true, 100).lines[0]!;
    expect(after.edge).toMatchObject({ bytes: 105, live: false });
    expect(after).toBe(before);
  });

  test('a line that comes joins its bundle, or is drawn by itself, as if it had always been there', () => {
    const { graph, placement } = example();
    const kinds = [{ kind: 'dependency' as const }, { kind: 'link' as const }];
    for (const more of [makeEdge('d', 'b', kinds[0]), makeEdge('d', 'c', kinds[0]), makeEdge('a', 'e', kinds[0]), makeEdge('b', 'd', kinds[1])]) {
      const grown = { ...graph, edges: new Map([...graph.edges, [more.id, more]]) };
      const [late, early] = [new Scene(), new Scene()];
      late.update(graph, placement, defaults);
      for (const far of [true, false]) late.linesIn(whole, far, 100);
      late.update(grown, placement, defaults);
      early.update(grown, placement, defaults);
      for (const far of [true, false]) {
        const sums = (made: Scene) => made.linesIn(whole, far, 100).lines.map(({ id, edge, bundle }) => `${id} ${edge.count} ${[...(bundle ?? [])].sort().join()}`).sort();
        expect(sums(late)).toEqual(sums(early));
      }
      expect([...late.around('d').edges].sort()).toEqual([...early.around('d').edges].sort());
      expect(late.edges.version).toBe(1);
    }
  });

  test('lines go along when things are put elsewhere', () => {
    const { graph, placement } = example();
    const made = new Scene();
    made.update(graph, placement, defaults);
    for (const far of [true, false]) for (const each of made.linesIn(whole, far, 100).lines) made.wayOf(each);
    const there = { ...placement, containers: new Map([...placement.containers, ['right', box(1000, 2000, 300, 600)]]), nodes: new Map([...placement.nodes, ['c', box(1050, 2060)], ['d', box(1050, 2260)]]) };
    made.update(graph, there, defaults);
    const fresh = new Scene();
    fresh.update(graph, there, defaults);
    const all = box(-100, -100, 1600, 3000);
    for (const far of [true, false]) {
      const ways = (of: Scene) => of.linesIn(all, far, 100).lines.map(each => `${each.id} ${JSON.stringify(of.wayOf(each).steps)}`).sort();
      expect(ways(made)).toEqual(ways(fresh));
      expect(made.linesIn(box(900, 2500, 500, 50), far, 100).lines.map(each => each.id)).toEqual(fresh.linesIn(box(900, 2500, 500, 50), far, 100).lines.map(each => each.id));
    }
  });

  test('of too many lines the most important are drawn, and the rest is counted', () => {
    const { lines, left } = scene({ bundle_dependencies: false }).linesIn(whole, false, 2);
    expect([lines.map(each => each.id), left]).toEqual([['same-host:a>b', 'dependency:a>c'], 2]);
  });

  test('a bridge in a subnet is a part of it from far away', () => {
    expect(scene().unitIds()).toEqual(['left', 'right']);
    expect(scene().unitOf('e')).toBe('left');
  });

  test('what is around a thing: its lines, their ends, and what these are in', () => {
    const around = scene().around('b');
    expect([...around.nodes].sort()).toEqual(['a', 'b', 'c', 'left', 'right']);
    expect([...around.edges].sort()).toEqual(['dependency:b>c', 'same-host:a>b']);
    expect([...scene().around('right').edges].sort()).toEqual(['dependency:a>c', 'dependency:b>c', 'dependency:c>d']);
  });

  test('notices who came, but not another picture', () => {
    const made = scene();
    const { graph, placement } = example();
    const nodes = new Map([...graph.nodes, ['new', makeNode('new', 'left')]]);
    made.update({ ...graph, nodes, structure: 'other' }, placement, defaults, undefined, 50);
    expect([...made.appeared]).toEqual([['new', 50]]);
    made.update({ ...graph, view: 'physical', structure: 'third' }, placement, defaults, undefined, 60);
    expect(made.appeared.has('a')).toBe(false);
  });
});

describe('what is at a point', () => {
  test('near: a service line, a node, a header, nothing', () => {
    const at = (x: number, y: number, zoom = 1) => hitAt(scene(), { x, y }, sight(zoom));
    expect(at(100, 60 + 48 + 5 + 21)).toEqual({ kind: 'line', id: 'l2', nodeId: 'a' });
    expect(at(100, 70)).toEqual({ kind: 'node', id: 'a' });
    expect(at(1100, 20)).toEqual({ kind: 'container', id: 'right' });
    expect(at(700, -80)).toBeNull();
  });

  test('far: the container, wherever in it', () => {
    expect(hitAt(scene(), { x: 150, y: 470 }, sight(0.1))).toEqual({ kind: 'container', id: 'left' });
  });

  test('a line between, with those that it stands for', () => {
    expect(hitAt(scene(), { x: 650, y: 300 }, sight(1))).toMatchObject({ kind: 'edge', id: 'bundle:dependency:left>right', bundle: ['dependency:a>c', 'dependency:b>c'] });
  });

  test('a container is held at its border', () => {
    expect(gripAt(scene(), { x: 1300, y: 600 }, sight())).toEqual({ id: 'right', grip: 'se' });
    expect(gripAt(scene(), { x: 1000, y: 300 }, sight())).toEqual({ id: 'right', grip: 'w' });
    expect(gripAt(scene(), { x: 1150, y: 300 }, sight())).toBeNull();
    expect(gripAt(scene(), { x: 280, y: 500 }, sight())).toEqual({ id: 'bridge', grip: 'e' });
  });
});

describe('walking', () => {
  test('goes to the nearest thing in a direction; from nothing to the middle', () => {
    const walk = (from: string | null, direction: 'up' | 'down' | 'left' | 'right', level: 'near' | 'far' = 'near') => nextThing(scene(), level, from, direction, { x: 1100, y: 300 });
    expect(walk(null, 'down')).toBe('d');
    expect(walk('a', 'down')).toBe('b');
    expect(walk('a', 'right')).toBe('c');
    expect(walk('a', 'up')).toBeNull();
    expect(walk('left', 'right', 'far')).toBe('right');
  });
});

describe('a way', () => {
  test('is cut to what is in sight, and knows how far it has come', () => {
    const runs = runsIn([{ x: -100, y: 50 }, { x: 300, y: 50 }, { x: 300, y: 500 }, { x: 50, y: 500 }, { x: 50, y: -20 }], box(0, 0, 200, 100));
    expect(runs).toEqual([
      { points: [{ x: 0, y: 50 }, { x: 200, y: 50 }], before: 100 },
      { points: [{ x: 50, y: 100 }, { x: 50, y: 0 }], before: 400 + 450 + 250 + 400 },
    ]);
  });

  test('bends, and is as near as its nearest point', () => {
    const steps = [['M', 0, 0], ['C', 0, 100, 100, 100, 100, 0]] as const;
    expect(pointsOf(steps as never)).toHaveLength(16);
    expect(distanceTo(steps as never, { x: 50, y: 80 })).toBeCloseTo(5, 0);
  });
});

test('a card that was only heard again looks as it did', () => {
  const node = makeNode('a', null, { lines: [line('x')] });
  expect(looksAlike(node, { ...node, lastSeen: 999 })).toBe(true);
  expect(looksAlike(node, { ...node, title: 'b' })).toBe(false);
  expect(looksAlike(node, { ...node, lines: [{ ...line('x'), title: 'y' }] })).toBe(false);
  const edge = makeEdge('a', 'b', { weight: 0.5 });
  expect(edgesAlike(edge, { ...edge, weight: 0.51, bytes: 9 })).toBe(true);
  expect(edgesAlike(edge, { ...edge, live: true })).toBe(false);
});
