// SPDX-License-Identifier: BSD-2-Clause
// What is in what, in the order in which it is told: for formats that nest.

import type { Graph, GraphContainer, GraphNode } from '../model';

export interface Tree {
  containers(parent: string | null): readonly GraphContainer[];
  nodes(container: string | null): { left: readonly GraphNode[]; main: readonly GraphNode[] };
  within(id: string, container: string): boolean; // at any depth; a thing is not within itself
}

const nobody = { left: [], main: [] };
const byOrder = (a: GraphNode, b: GraphNode) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0);

export function nodesByContainer(graph: Graph): Tree {
  const containers = new Map<string | null, GraphContainer[]>();
  const nodes = new Map<string | null, { left: GraphNode[]; main: GraphNode[] }>();
  const home = (id: string | null) => (id !== null && graph.containers.has(id) ? id : null);
  for (const container of graph.containers.values()) {
    const parent = home(container.parent);
    const list = containers.get(parent);
    if (list) list.push(container);
    else containers.set(parent, [container]);
  }
  for (const node of graph.nodes.values()) {
    const place = home(node.container);
    let zones = nodes.get(place);
    if (!zones) nodes.set(place, (zones = { left: [], main: [] }));
    zones[place === null ? 'main' : node.zone].push(node);
  }
  for (const list of containers.values()) list.sort((a, b) => a.rank - b.rank);
  for (const zones of nodes.values()) {
    zones.left.sort(byOrder);
    zones.main.sort(byOrder);
  }
  return {
    containers: parent => containers.get(parent) ?? [],
    nodes: container => nodes.get(container) ?? nobody,
    within(id, container) {
      let at = graph.nodes.get(id)?.container ?? graph.containers.get(id)?.parent ?? null;
      while (at !== null && at !== container) at = graph.containers.get(at)?.parent ?? null;
      return at === container;
    },
  };
}
