// SPDX-License-Identifier: BSD-2-Clause
// Small graphs of one mark each, drawn by the picture's own drawing, so that a legend can't disagree with it. Pure.

import { categories } from '../../../services/catalogue';
import { texts } from '../../../texts';
import { nodeSize } from '../../../topology/measures';
import type { Box, Change, EdgeKind, Graph, GraphContainer, GraphEdge, GraphNode, Placement, Truth } from '../../../topology/model';
import type { Options } from '../../../topology/options';

export interface Sample {
  graph: Graph;
  placement: Placement;
  width: number;
  height: number;
}

const graphOf = (containers: GraphContainer[], nodes: GraphNode[], edges: GraphEdge[]): Graph => ({
  view: 'logical', structure: '', left: [],
  containers: new Map(containers.map(each => [each.id, each])),
  nodes: new Map(nodes.map(each => [each.id, each])),
  edges: new Map(edges.map(each => [each.id, each])),
});

const box = (x: number, y: number, width: number, height: number): Box => ({ x, y, width, height });

const sampleNode = (changes: Partial<GraphNode> = {}): GraphNode => ({
  id: 'a', kind: 'host', container: null, hostId: null, rowIds: [], title: 'nas', subtitle: '10.0.0.12', icon: 'server-2', category: 'Storage', zone: 'main',
  lines: [], order: '', firstSeen: 0, lastSeen: 0, quiet: false, remote: false, truth: 'measured', text: '', ...changes,
});

const sampleContainer = (changes: Partial<GraphContainer> = {}): GraphContainer => ({
  id: 'c', kind: 'subnet', parent: null, title: 'Office', subtitle: '10.0.0.0/24', icon: 'sitemap', rank: 2, leftTitle: '', firstSeen: 0, hostId: null,
  summary: { hosts: 42, services: 90, quiet: 0, categories: [{ category: 'Web', count: 20 }, { category: 'Database', count: 8 }, { category: 'Printer', count: 3 }] }, text: '', ...changes,
});

export const sampleLine = (): GraphNode['lines'][number] => ({ id: 'l', title: 'Grafana', detail: '3000/tcp', icon: 'logo:grafana', category: categories.has('Dashboard') ? 'Dashboard' : 'Monitoring', truth: 'measured' });

const usual: Record<EdgeKind, Truth> = { 'same-host': 'measured', virtualization: 'announced', container: 'announced', path: 'noted', hub: 'noted', dependency: 'measured', link: 'announced', route: 'inferred' };

// A line without its ends: they are outside of what is shown.
export function edgeSample(kind: EdgeKind, changes: Partial<GraphEdge> = {}, width = 56, height = 16): Sample {
  const middle = height / 2;
  const edge: GraphEdge = {
    id: 'e', kind, source: 'a', target: 'b', directed: kind === 'dependency' || kind === 'path' || kind === 'hub', label: '', truth: usual[kind], weight: 0.3, bytes: 1, count: 1,
    live: false, lastSeen: 0, color: null, style: 'Straight', groupId: null, ...changes,
  };
  const side = 20;
  return {
    graph: graphOf([], [sampleNode({ id: 'a' }), sampleNode({ id: 'b' })], [edge]),
    placement: { nodes: new Map([['a', box(-side - 1, middle - side / 2, side, side)], ['b', box(width + 1, middle - side / 2, side, side)]]), containers: new Map(), bounds: box(0, 0, width, height) },
    width,
    height,
  };
}

export function nodeSample(changes: Partial<GraphNode>, options: Options): Sample {
  const node = sampleNode(changes);
  const size = nodeSize(node, options);
  const pad = 3;
  return {
    graph: graphOf([], [node], []),
    placement: { nodes: new Map([['a', box(pad, pad, size.width, size.height)]]), containers: new Map(), bounds: box(0, 0, size.width + 2 * pad, size.height + 2 * pad) },
    width: size.width + 2 * pad,
    height: size.height + 2 * pad,
  };
}

export function containerSample(changes: Partial<GraphContainer>, height = 52): Sample {
  const container = sampleContainer(changes);
  const width = 236;
  return {
    graph: graphOf([container], [], []),
    placement: { nodes: new Map(), containers: new Map([['c', box(2, 2, width - 4, height - 4)]]), bounds: box(0, 0, width, height) },
    width,
    height,
  };
}

export const changed = (change: Change, options: Options): Sample => nodeSample({ change, title: texts.topology.change[change]!, subtitle: '10.0.0.7', icon: 'device-desktop', category: 'Workstation' }, options);
