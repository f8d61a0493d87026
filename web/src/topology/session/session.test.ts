// SPDX-License-Identifier: BSD-2-Clause
// Editing a saved topology: what shows at once, what is sent, what is undone, taken back and merged; and how it stands.
import { expect, test } from 'vitest';

import { ApiError } from '../../api/request';
import type { StepName, TopologyEntry } from '../../api/topology';
import { Tables } from '../../state/tables';
import { noGraph, noPlacement, nothingManual, type Graph, type GraphNode } from '../model';
import { defaults } from '../options';
import { Editor, type Backend } from './editor';
import { applyEdit, idIn, keyIn, manualOf, type Edit, type Placed, type Saved } from './saved';
import { stillSource } from './sources';
import { Stage, type Making } from './stage';
import { standingOf } from './state';

const saved = (changes: Partial<Saved> = {}): Saved => ({
  id: 't', network_id: 'n', name: 'Mine', options: {}, nodes: {}, edges: {}, parent_id: null, is_locked: false, locked_at: null, locked_by: null,
  last_refreshed: 100, tags: [], revision: 1, created_at: 50, updated_at: 50, ...changes,
});
const place = (id: string, x: number, y: number): Edit => ({ kind: 'place', nodes: { [id]: { x, y } }, edges: {} });
const later = () => new Promise(done => setTimeout(done, 0));

// A collector of one topology that does as docs/api.md says, and can be slow or refuse.
class Collector implements Backend {
  sent: [StepName, Record<string, unknown>][] = [];
  refuse: ApiError | null = null;
  gate: Promise<unknown> = Promise.resolve();
  constructor(public row: Saved) {}
  now = () => 200;
  read = () => Promise.resolve({ ...this.row });
  create = (options: Record<string, unknown>) => {
    this.row = saved({ id: 'made', options });
    return Promise.resolve({ ...this.row });
  };
  async step(_id: string, step: StepName, fields: Record<string, unknown>): Promise<TopologyEntry> {
    await this.gate;
    if (this.refuse) throw this.refuse;
    this.sent.push([step, fields]);
    this.somebody(step, fields);
    const { nodes: _nodes, edges: _edges, ...entry } = this.row;
    return entry;
  }
  somebody(step: StepName, fields: Record<string, unknown>) {
    const { node_id, edge_id, ...rest } = fields as { node_id: string; edge_id: string };
    const old = this.row;
    const edit: Partial<Saved> =
      step === 'node-position' || step === 'node-resize' ? applyEdit(old, { kind: 'place', nodes: { [node_id]: rest }, edges: {} }, 0)
      : step === 'edge-handles' ? applyEdit(old, { kind: 'place', nodes: {}, edges: { [edge_id]: rest } }, 0)
      : step === 'nodes' ? applyEdit(old, { kind: 'place', whole: true, nodes: fields.nodes as Record<string, Placed | null>, edges: {} }, 0)
      : step === 'edges' ? applyEdit(old, { kind: 'place', whole: true, nodes: {}, edges: fields.edges as Record<string, null> }, 0)
      : step === 'metadata' ? fields
      : step === 'rebuild' ? { nodes: {}, edges: {}, last_refreshed: 200 }
      : step === 'refresh' ? { last_refreshed: 200 }
      : { is_locked: step === 'lock' };
    this.row = { ...old, ...edit, revision: old.revision + 1 };
  }
}

function editing(start = saved()) {
  const collector = new Collector(start);
  const told: string[] = [];
  const editor = new Editor(start, collector, {
    changed: () => {},
    refused: error => told.push(`refused: ${(error as Error).message}`),
    // By then it is the one on show.
    made: made => told.push(`made ${made.id} ${editor.saved().id}`),
    lost: () => told.push('lost'),
  });
  return { collector, editor, told };
}

test('a drag shows at once and is sent as one step', async () => {
  const { collector, editor } = editing();
  editor.do(place('a', 10, 20));
  expect(editor.saved().nodes).toEqual({ a: { x: 10, y: 20 } });
  await later();
  expect(collector.sent).toEqual([['node-position', { node_id: 'a', x: 10, y: 20 }]]);
  expect(editor.busy()).toBe(false);
});

test('undo takes the place away as it was before, redo puts it back, and both are sent', async () => {
  const { collector, editor } = editing(saved({ nodes: { b: { x: 1, y: 1, width: 300, height: 200 } } }));
  editor.do(place('a', 10, 20));
  editor.do({ kind: 'place', nodes: { b: { x: 5, y: 1, width: 400, height: 200 } }, edges: {} });
  editor.do({ kind: 'place', nodes: {}, edges: { e: { source_handle: 'Left' } } });
  editor.do({ kind: 'options', options: { hide_ports: true } });
  await later();
  expect(collector.row.options).toEqual({ hide_ports: true });
  for (let i = 0; i < 4; i++) editor.undo();
  expect(editor.canUndo()).toBe(false);
  await later();
  expect(collector.row).toMatchObject({ nodes: { b: { x: 1, y: 1, width: 300, height: 200 } }, edges: {}, options: { hide_ports: false } });
  expect(editor.saved()).toEqual({ ...collector.row });
  for (let i = 0; i < 4; i++) editor.redo();
  await later();
  expect(collector.row).toMatchObject({ nodes: { a: { x: 10, y: 20 }, b: { x: 5, width: 400 } }, edges: { e: { source_handle: 'Left' } }, options: { hide_ports: true } });
  expect(editor.canRedo()).toBe(false);
});

test('a rebuild is undone with all that it forgot', async () => {
  const nodes = { a: { x: 1, y: 2 }, b: { x: 3, y: 4 } };
  const { collector, editor } = editing(saved({ nodes }));
  editor.do({ kind: 'rebuild' });
  await later();
  expect(collector.row.nodes).toEqual({});
  editor.undo();
  await later();
  expect(collector.row.nodes).toEqual(nodes);
});

test('what the collector refuses is taken back, in words, and can not be undone', async () => {
  const { collector, editor, told } = editing();
  collector.refuse = new ApiError(409, 'the topology is locked: unlock it first');
  collector.row = saved({ is_locked: true, revision: 2 });
  editor.do(place('a', 1, 1));
  await later();
  expect(editor.saved()).toMatchObject({ nodes: {}, is_locked: true });
  expect(told).toEqual(['refused: the topology is locked: unlock it first']);
  expect(editor.canUndo()).toBe(false);
});

test('drags of one thing that wait behind a slow answer are sent as one', async () => {
  const { collector, editor } = editing();
  let open = () => {};
  collector.gate = new Promise<void>(done => (open = done));
  editor.do(place('a', 1, 1));
  for (let x = 2; x < 9; x++) editor.do(place('b', x, x));
  open();
  await later();
  expect(collector.sent.map(([, fields]) => fields)).toEqual([{ node_id: 'a', x: 1, y: 1 }, { node_id: 'b', x: 8, y: 8 }]);
});

test('what somebody else did meanwhile is kept beside what is on its way', async () => {
  const { collector, editor } = editing();
  let open = () => {};
  collector.gate = new Promise<void>(done => (open = done));
  editor.do(place('a', 1, 1));
  collector.somebody('node-position', { node_id: 'theirs', x: 7, y: 7 });
  open();
  await later();
  expect(editor.saved().nodes).toEqual({ a: { x: 1, y: 1 }, theirs: { x: 7, y: 7 } });
  collector.somebody('node-position', { node_id: 'more', x: 8, y: 8 });
  editor.moved(collector.row.revision);
  await later();
  expect(editor.saved().nodes).toHaveProperty('more');
});

test('a reading that was overtaken by an answer takes nothing back', async () => {
  const { collector, editor } = editing();
  collector.somebody('node-position', { node_id: 'theirs', x: 7, y: 7 });
  let answer = () => {};
  const old = { ...collector.row };
  const { read } = collector;
  collector.read = () => new Promise(done => (answer = () => done(old)));
  editor.moved(2);
  collector.read = read;
  editor.do(place('a', 1, 1));
  await later();
  answer();
  await later();
  expect(editor.saved().nodes).toEqual({ a: { x: 1, y: 1 }, theirs: { x: 7, y: 7 } });
});

test('what could not be read is read when there is news again', async () => {
  const { collector, editor } = editing();
  const { read } = collector;
  collector.somebody('node-position', { node_id: 'theirs', x: 7, y: 7 });
  collector.read = () => Promise.reject(new Error('offline'));
  editor.moved(2);
  await later();
  collector.read = read;
  editor.do({ kind: 'options', options: { hide_ports: true } });
  await later();
  expect(editor.saved().nodes).toEqual({ theirs: { x: 7, y: 7 } });
});

test('one that somebody deleted is said to be lost', async () => {
  const { collector, editor, told } = editing();
  collector.refuse = new ApiError(404, 'there is no such topology');
  editor.do(place('a', 1, 1));
  await later();
  expect(told).toEqual(['lost']);
});

test('without a saved topology options stay with the person, and the first place makes one', async () => {
  const { collector, editor, told } = editing(saved({ id: '' }));
  editor.do({ kind: 'options', options: { hide_quiet: true } });
  await later();
  expect([collector.sent.length, editor.isKept(), editor.saved().options]).toEqual([0, false, { hide_quiet: true }]);
  editor.do(place('a', 1, 1));
  await later();
  expect(told).toEqual(['made made made']);
  expect(collector.row).toMatchObject({ id: 'made', options: { hide_quiet: true }, nodes: { a: { x: 1, y: 1 } } });
  editor.undo();
  await later();
  expect(collector.row.nodes).toEqual({});
});

test('a place belongs to its view', () => {
  const both = saved({ nodes: { h: { x: 1 }, 'p/h': { x: 2 } }, edges: { 'w/e': {} } });
  expect(manualOf(both, 'logical').nodes).toEqual({ h: { x: 1 } });
  expect(manualOf(both, 'physical').nodes).toEqual({ h: { x: 2 } });
  expect(manualOf(both, 'workloads').edges).toEqual({ e: {} });
  expect([keyIn('applications', 'a/b'), idIn('applications', 'a/a/b'), idIn('logical', 'p/h')]).toEqual(['a/a/b', 'a/b', null]);
});

const row = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const node = (id: string, firstSeen: number) => ({ id, firstSeen }) as GraphNode;
const graphOf = (...nodes: GraphNode[]) => ({ view: 'logical', nodes: new Map(nodes.map(each => [each.id, each])), containers: new Map(), edges: new Map() }) as unknown as Graph;

test('fresh, stale, in conflict, locked', () => {
  const graph = graphOf(node(`face:${row(1)}`, 90), node(`face:${row(2)}`, 120));
  const known = (id: string) => [row(1), row(2), row(3)].includes(id);
  const stand = (changes: Partial<Saved>, options = defaults) => standingOf(saved(changes), options, graph, known);
  expect(stand({ last_refreshed: 150 }).is).toBe('fresh');
  expect(stand({})).toMatchObject({ is: 'stale', fresh: [{ firstSeen: 120 }] });
  expect(stand({}, { ...defaults, auto_rebuild: true }).is).toBe('fresh');
  // The third is only hidden; the fourth is no longer there, in whichever view it was placed.
  expect(stand({ nodes: { [`face:${row(3)}`]: {}, [`face:${row(4)}`]: {}, [`p/host:${row(5)}`]: {}, internet: {} } })).toMatchObject({ is: 'conflict', gone: [`face:${row(4)}`, `p/host:${row(5)}`] });
  expect(stand({ is_locked: true }).is).toBe('locked');
  expect(stand({ id: '' }).is).toBe('none');
});

test('another network is arranged as if nothing had been there before', () => {
  const layouters: string[] = [];
  const making: Making = {
    builder: () => ({ update: ({ options }) => noGraph(options.view) }),
    join: graphs => graphs[0]!.graph,
    layouter: () => {
      const at = layouters.push('there') - 1;
      return { place: () => noPlacement, dispose: () => void (layouters[at] = 'gone') };
    },
    now: () => 1,
  };
  const stage = new Stage(making, defaults, nothingManual);
  const shown = { options: defaults, manual: nothingManual, arrangedAt: 0, at: null, compare: null, gone: null, networkName: () => '', tags: [] };
  const source = (network: string) => stillSource(network, new Tables());
  for (const network of ['one', 'one', 'two']) stage.show([source(network)], shown);
  expect(layouters).toEqual(['gone', 'there']);
  stage.dispose();
  expect(layouters).toEqual(['gone', 'gone']);
});
