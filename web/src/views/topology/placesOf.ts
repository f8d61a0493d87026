// SPDX-License-Identifier: BSD-2-Clause
// For each row that a graph stands for, the thing that stands for it. Pure.

import type { Graph } from '../../topology/model';

export function placesOf(graph: Graph): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  for (const edge of graph.edges.values()) {
    places.set(edge.id, edge.id);
    if (edge.groupId) places.set(edge.groupId, edge.id);
  }
  for (const container of graph.containers.values()) {
    places.set(container.id, container.id);
    if (container.hostId) places.set(container.hostId, container.id);
  }
  for (const node of graph.nodes.values()) {
    places.set(node.id, node.id);
    if (node.hostId && !places.has(node.hostId)) places.set(node.hostId, node.id);
    for (const line of node.lines) places.set(line.id, node.id);
    for (const row of node.rowIds) places.set(row, node.id);
  }
  return places;
}
