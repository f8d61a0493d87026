// SPDX-License-Identifier: BSD-2-Clause
// Who is linked with whom, among the boxes of the picture's top level: edges of what is in them are theirs.

import type { Graph } from '../model';

export interface Link {
  a: string; // a < b
  b: string;
  weight: number; // more for what binds more
  down: number; // > 0: a stands above b, < 0: below
}

// The box of the top level that a thing is in.
function topOf(graph: Graph): (id: string) => string | null {
  const tops = new Map<string, string>();
  for (const it of graph.containers.values()) tops.set(it.id, it.parent !== null && tops.has(it.parent) ? tops.get(it.parent)! : it.id);
  return id => {
    const container = tops.get(id);
    if (container) return container;
    const node = graph.nodes.get(id);
    return node ? ((node.container !== null && tops.get(node.container)) || node.id) : null;
  };
}

const binding: Partial<Record<string, number>> = { link: 6, route: 5, 'same-host': 4, virtualization: 3, container: 3, path: 2, hub: 2, dependency: 1 };

export function linksOf(graph: Graph): Link[] {
  const top = topOf(graph);
  const links = new Map<string, Link>();
  for (const edge of graph.edges.values()) {
    const [source, target] = [top(edge.source), top(edge.target)];
    if (source === null || target === null || source === target) continue;
    const forward = source < target;
    const key = forward ? `${source}\n${target}` : `${target}\n${source}`;
    let link = links.get(key);
    if (!link) links.set(key, (link = { a: forward ? source : target, b: forward ? target : source, weight: 0, down: 0 }));
    const weight = binding[edge.kind] ?? 1;
    link.weight += weight;
    if (edge.directed) link.down += forward ? weight : -weight;
  }
  // In an order that does not depend on who was drawn first.
  return [...links.values()].sort((one, other) => (one.a < other.a ? -1 : one.a > other.a ? 1 : one.b < other.b ? -1 : 1));
}
