// SPDX-License-Identifier: BSD-2-Clause
// Elk itself, here without a worker: it arranges a middle-sized graph so that dependencies run in one direction, the
// page hears of it once, and the second time the answer is at hand.
import { createRequire } from 'node:module';

import type { ElkNode } from 'elkjs/lib/elk-api';
import { expect, test, vi } from 'vitest';

import type { Graph, Placement } from '../model';
import { nothingManual } from '../model';
import { defaults } from '../options';
import { questions, strongest } from './elk';
import { Layouter } from './layouter';
import type { Link } from './links';
import { makeContainer, makeEdge, makeGraph, makeNode, physical } from './sample';

vi.setConfig({ testTimeout: 60_000 });

type Elk = { layout(question: ElkNode): Promise<ElkNode> };
const BundledElk = createRequire(import.meta.url)('elkjs/lib/elk.bundled.js') as new () => Elk;
const elk = new BundledElk();

// Asks elk, and gives what was placed before and after.
async function arranged(graph: Graph, patience = 20_000): Promise<{ first: Placement; last: Placement; asked: number; heard: number }> {
  let [asked, heard] = [0, 0];
  let hear = () => {};
  const done = new Promise<void>(resolve => (hear = resolve));
  const layouter = new Layouter(
    () => {
      heard++;
      hear();
    },
    async given => {
      asked++;
      const answer = await elk.layout(structuredClone(given));
      setTimeout(hear, 50);
      return answer;
    },
  );
  const options = { ...defaults, view: graph.view };
  const first = layouter.place(graph, nothingManual, options, 100);
  setTimeout(hear, patience);
  await done;
  const last = layouter.place(graph, nothingManual, options, 100);
  layouter.dispose();
  return { first, last, asked, heard };
}

// Five tiers of hosts; each host uses two of the next tier, whose names come earlier.
function tiers(hosts = 4): Graph {
  const containers = Array.from({ length: 5 * hosts }, (_, i) => makeContainer(`h${i}`, { kind: 'host', rank: 2 }));
  const nodes = containers.flatMap((each, i) => [makeNode(`s${i}`, each.id, { kind: 'service' }), makeNode(`t${i}`, each.id, { kind: 'service' })]);
  const last = 5 * hosts - 1;
  const edges = Array.from({ length: 4 * hosts }, (_, i) => [i % hosts, (i + 1) % hosts].map(to => makeEdge(`s${last - i}`, `t${last - (Math.floor(i / hosts) + 1) * hosts - to}`, { kind: 'dependency', directed: true }))).flat();
  return makeGraph(containers, nodes, edges, 'applications');
}

test('dependencies run in one direction', async () => {
  const graph = tiers();
  const { first, last, asked, heard } = await arranged(graph);
  expect([asked, heard], 'both directions, one answer').toEqual([2, 1]);
  expect(last).not.toBe(first);
  const onward: boolean[] = [];
  for (const edge of graph.edges.values()) {
    const [from, to] = [last.containers.get(graph.nodes.get(edge.source)!.container!)!, last.containers.get(graph.nodes.get(edge.target)!.container!)!];
    onward.push(to.x >= from.x + from.width, to.y >= from.y + from.height);
  }
  const [right, down] = [onward.filter((_, i) => i % 2 === 0), onward.filter((_, i) => i % 2 === 1)];
  expect(right.every(Boolean) || down.every(Boolean)).toBe(true);
  const again = await arranged(graph, 400);
  expect([again.asked, again.heard], 'the answer is at hand').toEqual([0, 0]);
  expect([...again.first.containers]).toEqual([...last.containers]);
});

test('switches stand above those that hang on them', async () => {
  const graph = physical(120, 5);
  const { last } = await arranged(graph);
  for (const edge of graph.edges.values()) {
    const [from, to] = [graph.nodes.get(edge.source)!, graph.nodes.get(edge.target)!];
    const [above, below] = [last.containers.get(from.container!)!, to.container ? last.containers.get(to.container)! : last.nodes.get(to.id)!];
    expect(below.y, edge.id).toBeGreaterThanOrEqual(above.y + above.height);
  }
});

test('what is no longer wanted is not heard of', async () => {
  let heard = 0;
  let asked: { question: ElkNode; signal: AbortSignal; answer: (found: ElkNode) => void }[] = [];
  const ask = (question: ElkNode, signal: AbortSignal) => new Promise<ElkNode>(answer => asked.push({ question, signal, answer }));
  const asking = async (forget: boolean) => {
    asked = [];
    const layouter = new Layouter(() => heard++, ask);
    layouter.place(tiers(6), nothingManual, { ...defaults, view: 'applications' }, 100);
    await vi.waitUntil(() => asked.length, { timeout: 5000 });
    if (forget) layouter.dispose();
    expect(asked.map(each => each.signal.aborted)).toEqual([forget, forget]);
    // In a row, far from how they stood.
    for (const { question, answer } of asked) answer({ ...question, children: question.children!.map((each, i) => ({ ...each, x: (i % 6) * 400, y: Math.floor(i / 6) * 300 })) });
    await new Promise(resolve => setTimeout(resolve, 20));
    layouter.dispose();
  };
  await asking(true);
  expect(heard).toBe(0);
  await asking(false);
  expect(heard).toBe(1);
});

test('of many links the strongest are asked about, and nothing comes apart', () => {
  const links: Link[] = [];
  for (let a = 0; a < 40; a++) for (let b = a + 1; b < 40; b++) links.push({ a: `n${a}`, b: `n${b}`, weight: (a * 7 + b * 13) % 11, down: 0 });
  links.push({ a: 'n0', b: 'weak', weight: 0, down: 0 });
  const kept = strongest(links);
  expect(kept.length).toBeLessThan(200);
  expect(kept.some(link => link.b === 'weak')).toBe(true);
  const boxes = [...new Set(links.flatMap(link => [link.a, link.b]))].map(id => ({ id, width: 200, height: 100, rank: 2 }));
  expect(questions('applications', boxes, links)[0]!.edges!.length).toBe(kept.length);
  expect(questions('logical', boxes, links), 'subnets stand in bands').toEqual([]);
});
