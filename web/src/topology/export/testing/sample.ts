// SPDX-License-Identifier: BSD-2-Clause
// A small graph with everything in it, and names as strangers may choose them.

import type { Box, Graph, GraphContainer, GraphEdge, GraphNode, Placement } from '../../model';

export const hostile = [
  '</svg><script>alert(1)</script>',
  '"]; click n0 href "javascript:alert(1)"',
  "it's \"quoted\" & <b>bold</b>",
  'two\nlines\r\nand\ta tab',
  '\u202egnp.exe\u202c and \u200fשלום\u200e \u2067x\u2069',
  '👩🏽‍💻 日本語 Ünïcödé',
  'a'.repeat(5000),
  '\u0000\u0007\ud800 broken \udc00\uffff',
  '%%{init: {"securityLevel": "loose"}}%%',
  'my direction TB switch',
  'style x:#fff; classDef y:#000;',
  '1. first',
  '- item',
  '+ plus',
  '`code` *bold* _em_ __b__ ~~s~~',
  'https://www.example.com/?a=b&c=d#e',
  'someone@example.com',
  'fa:fa-ban icon',
  '#lt;script#gt; ﬂ°°60¶ß',
  'end',
  '$$x^2$$',
  ']]>',
  '<!-- -->',
  '&amp;&lt;&#x3c;',
  '=cmd|calc!A1',
  ' ',
  '',
];

const summary = { hosts: 1, services: 1, quiet: 0, categories: [] };

export const container = (id: string, title: string, more: Partial<GraphContainer> = {}): GraphContainer => ({
  id, kind: 'subnet', parent: null, title, subtitle: '10.0.0.0/24', icon: 'network', rank: 2, leftTitle: 'Infrastructure', firstSeen: 1, hostId: null, summary, text: title, ...more,
});

export const node = (id: string, title: string, more: Partial<GraphNode> = {}): GraphNode => ({
  id, kind: 'host', container: 'a', hostId: id, rowIds: [id], title, subtitle: '10.0.0.1', icon: 'server', category: 'Unknown', zone: 'main', order: id, firstSeen: 1, lastSeen: 2, quiet: false, remote: false, truth: 'measured', text: title,
  lines: [{ id: `s${id}`, title, detail: '443/tcp', icon: 'server', category: 'Web', truth: 'measured' }], ...more,
});

export const edge = (id: string, source: string, target: string, more: Partial<GraphEdge> = {}): GraphEdge => ({
  id, kind: 'dependency', source, target, directed: true, label: '', truth: 'measured', weight: 0.5, bytes: 100, count: 1, live: false, lastSeen: 2, color: null, style: 'SmoothStep', groupId: null, ...more,
});

const map = <T extends { id: string }>(things: T[]) => new Map(things.map(thing => [thing.id, thing]));

export const graphOf = (containers: GraphContainer[], nodes: GraphNode[], edges: GraphEdge[]): Graph => ({ view: 'logical', containers: map(containers), nodes: map(nodes), edges: map(edges), structure: '', left: [] });

// Every hostile name as a container, a node in it, its service and an edge's label.
export function hostileGraph(): Graph {
  const containers = hostile.map((name, i) => container(`c${i}`, name, { subtitle: name, leftTitle: name, parent: i > 0 && i % 5 === 0 ? `c${i - 1}` : null }));
  const nodes = hostile.flatMap((name, i) => [node(`n${i}`, name, { container: `c${i}`, subtitle: name, zone: i % 3 === 0 ? 'left' : 'main' }), node(`m${i}`, name, { container: null })]);
  const edges = hostile.map((name, i) => edge(`dependency:n${i}>"${name}`, `n${i}`, `m${i}`, { label: name, color: name }));
  return graphOf(containers, nodes, edges);
}

// Anywhere, but everywhere.
export function placementOf(graph: Graph): Placement {
  let i = 0;
  const box = (): Box => ({ x: 100 * i, y: 50 * i++, width: 90.123, height: 40 });
  return { containers: new Map([...graph.containers.keys()].map(id => [id, box()])), nodes: new Map([...graph.nodes.keys()].map(id => [id, box()])), bounds: { x: 0, y: 0, width: 100 * i, height: 50 * i } };
}
