// SPDX-License-Identifier: BSD-2-Clause
// Graphs for the tests of this folder: random, yet the same for the same seed.

import type { Graph, GraphContainer, GraphEdge, GraphNode, Manual, ServiceLine } from '../model';

export type Random = () => number;

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const line = (id: string): ServiceLine => ({ id, title: id, detail: '80/tcp', icon: 'world', category: 'Web', truth: 'measured' });

export const makeNode = (id: string, container: string | null, more: Partial<GraphNode> = {}, lines = 0): GraphNode => ({
  id,
  kind: 'host',
  container,
  hostId: id,
  rowIds: [],
  title: id,
  subtitle: '',
  icon: 'server',
  category: 'Host',
  zone: 'main',
  lines: Array.from({ length: lines }, (_, i) => line(`${id}:${i}`)),
  order: id,
  firstSeen: 100,
  lastSeen: 100,
  quiet: false,
  remote: false,
  truth: 'measured',
  text: id,
  ...more,
});

export const makeContainer = (id: string, more: Partial<GraphContainer> = {}): GraphContainer => ({
  id,
  kind: 'subnet',
  parent: null,
  title: id,
  subtitle: '10.0.0.0/24',
  icon: 'network',
  rank: 2,
  leftTitle: 'Infrastructure',
  firstSeen: 100,
  hostId: null,
  summary: { hosts: 0, services: 0, quiet: 0, categories: [] },
  text: id,
  ...more,
});

export const makeEdge = (source: string, target: string, more: Partial<GraphEdge> = {}): GraphEdge => ({
  id: `${more.kind ?? 'same-host'}:${source}>${target}`,
  kind: 'same-host',
  source,
  target,
  directed: false,
  label: '',
  truth: 'measured',
  weight: 0,
  bytes: 0,
  count: 1,
  live: false,
  lastSeen: 100,
  color: null,
  style: 'SmoothStep',
  groupId: null,
  ...more,
});

export function makeGraph(containers: readonly GraphContainer[], nodes: readonly GraphNode[], edges: readonly GraphEdge[] = [], view: Graph['view'] = 'logical'): Graph {
  return {
    view,
    containers: new Map(containers.map(each => [each.id, each])),
    nodes: new Map(nodes.map(each => [each.id, each])),
    edges: new Map(edges.map(each => [each.id, each])),
    structure: [...containers, ...nodes].map(each => each.id).join(' '),
    left: [],
  };
}

const pad = (value: number) => String(value).padStart(6, '0');

// A network as they are: an internet, a few subnets with gateways and DNS, most hosts with few services, bridges in some.
export function network(hosts: number, seed = 1, perSubnet = 100): Graph {
  const random = randomOf(seed);
  const subnets = Math.max(1, Math.round(hosts / perSubnet) || 1) + (hosts > 15 ? 2 : 0);
  const containers: GraphContainer[] = [makeContainer('internet', { kind: 'internet', rank: 0, title: 'Internet', subtitle: '' })];
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const shares = Array.from({ length: subnets }, () => 0.15 + random() ** 3 * 3);
  const total = shares.reduce((sum, each) => sum + each, 0);
  for (let i = 0; i < Math.min(8, 2 + hosts / 20); i++) nodes.push(makeNode(`remote${i}`, 'internet', { remote: true }, Math.floor(random() * 2)));
  for (let s = 0; s < subnets; s++) {
    const id = `subnet${s}`;
    containers.push(makeContainer(id, { title: `LAN ${s}`, subtitle: `10.0.${s}.0/24`, rank: s === 0 ? 1 : random() < 0.15 ? 3 : 2 }));
    const count = Math.max(1, Math.round((hosts * shares[s]!) / total));
    for (let h = 0; h < count; h++) {
      const infrastructure = h < 2 + count / 80;
      nodes.push(makeNode(`${id}.${h}`, id, { order: pad(h), zone: infrastructure ? 'left' : 'main' }, Math.floor(random() ** 1.6 * 9)));
    }
    if (random() < 0.3 && s < 40) {
      const bridge = `${id}:bridge`;
      containers.push(makeContainer(bridge, { kind: 'bridge', parent: id, title: 'docker0', rank: 3 }));
      for (let h = 0; h < 2 + random() * 5; h++) nodes.push(makeNode(`${bridge}.${h}`, bridge, { order: pad(h), kind: 'workload' }, Math.floor(random() * 3)));
    }
    if (random() < 0.85 || s === 0) edges.push(makeEdge(`${id}.0`, s === 0 || random() < 0.2 ? 'remote0' : `subnet${Math.floor(random() * Math.min(s, 4))}.0`));
    for (let e = 0; e < count / 12; e++) {
      const other = Math.floor(random() * (s + 1));
      const [from, to] = [`${id}.${Math.floor(random() * count)}`, `subnet${other}.0`];
      if (from !== to) edges.push(makeEdge(from, to, { kind: 'dependency', weight: random() }));
    }
  }
  return makeGraph(containers, nodes, edges);
}

// Anything: nesting, sizes, zones, things without a container.
export function anything(seed: number): Graph {
  const random = randomOf(seed);
  const containers: GraphContainer[] = [];
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const some = (most: number) => Math.floor(random() * (most + 1));
  for (let c = 0; c < some(14); c++) {
    const parent = containers.length && random() < 0.3 ? containers[some(containers.length - 1)]!.id : null;
    containers.push(makeContainer(`c${c}`, { parent, rank: some(3), firstSeen: 100 + some(3), title: 'x'.repeat(some(60)) }));
  }
  const kinds: GraphNode['kind'][] = ['host', 'face', 'service', 'switch', 'port', 'machine', 'workload'];
  for (let n = 0; n < some(90); n++) {
    const container = containers.length && random() < 0.9 ? containers[some(containers.length - 1)]!.id : null;
    nodes.push(makeNode(`n${n}`, container, { kind: random() < 0.7 ? 'host' : kinds[some(6)]!, order: pad(some(1000)), zone: random() < 0.2 ? 'left' : 'main', firstSeen: 100 + (random() < 0.2 ? some(50) : 0) }, some(9)));
  }
  for (let e = 0; e < some(40) && nodes.length; e++) edges.push(makeEdge(nodes[some(nodes.length - 1)]!.id, nodes[some(nodes.length - 1)]!.id));
  const views: Graph['view'][] = ['logical', 'physical', 'applications', 'workloads'];
  return makeGraph(containers, nodes, edges, views[seed % 4]);
}

// What a person may have placed: a few nodes and containers, anywhere.
export function placedByHand(graph: Graph, seed: number): Manual {
  const random = randomOf(seed + 77);
  const nodes: Record<string, { x?: number; y?: number; width?: number; height?: number }> = {};
  const place = (id: string, often: number) => {
    const dice = random();
    if (dice < often) nodes[id] = { x: Math.round(random() * 1500 - 100), y: Math.round(random() * 1200 - 100) };
    if (dice > 1 - often / 2) nodes[id] = { ...nodes[id], width: Math.round(250 + random() * 700), height: Math.round(60 + random() * 400) };
  };
  for (const id of graph.containers.keys()) place(id, 0.15);
  for (const id of graph.nodes.keys()) place(id, 0.08);
  return { nodes, edges: {} };
}

// Services of hosts, and who uses whom: a few are used by many.
export function applications(services: number, seed = 1): Graph {
  const random = randomOf(seed);
  const containers: GraphContainer[] = [];
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  for (let n = 0; n < services; ) {
    const id = `host${containers.length}`;
    containers.push(makeContainer(id, { kind: 'host', title: id, subtitle: '' }));
    for (let i = 0; i < 1 + random() ** 2 * 6 && n < services; i++, n++) nodes.push(makeNode(`s${n}`, id, { kind: 'service', order: pad(n) }));
  }
  for (let e = 0; e < services; e++) {
    const [from, to] = [nodes[Math.floor(random() * nodes.length)]!.id, nodes[Math.floor(random() ** 3 * nodes.length)]!.id];
    if (from !== to && random() < 0.8) edges.push(makeEdge(from, to, { kind: 'dependency', directed: true, weight: random() }));
  }
  return makeGraph(containers, nodes, edges, 'applications');
}

// Switches in a tree with a redundant link, their ports, and hosts plugged into these.
export function physical(hosts: number, seed = 1): Graph {
  const random = randomOf(seed);
  const containers: GraphContainer[] = [];
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const switches = Math.max(2, Math.round(hosts / 25));
  const free: string[][] = [];
  for (let s = 0; s < switches; s++) {
    const id = `switch${s}`;
    containers.push(makeContainer(id, { kind: 'switch', title: id, rank: 0 }));
    const ports = random() < 0.5 ? 24 : 48;
    for (let p = 0; p < ports; p++) nodes.push(makeNode(`${id}.${p}`, id, { kind: 'port', order: pad(p) }));
    free.push(Array.from({ length: ports }, (_, p) => `${id}.${p}`));
    if (s > 0) edges.push(makeEdge(free[Math.floor((s - 1) / 3)]!.pop()!, free[s]!.pop()!, { kind: 'link' }));
  }
  for (let h = 0; h < hosts; h++) {
    nodes.push(makeNode(`host${h}`, null, { order: pad(h) }, Math.floor(random() * 4)));
    const port = random() < 0.9 ? free[Math.floor(random() * switches)]!.shift() : undefined;
    if (port) edges.push(makeEdge(port, `host${h}`, { kind: 'link' }));
  }
  return makeGraph(containers, nodes, edges, 'physical');
}
