// SPDX-License-Identifier: BSD-2-Clause
// Does a thing look as it did? Most of what changes in a live network is when something was last heard of, which is
// not drawn.

import type { GraphContainer, GraphEdge, GraphNode } from '../model';

export const looksAlike = (a: GraphNode, b: GraphNode) =>
  a === b ||
  (a.title === b.title && a.subtitle === b.subtitle && a.badge === b.badge && a.icon === b.icon && a.category === b.category && a.quiet === b.quiet && a.truth === b.truth && a.change === b.change && a.kind === b.kind && linesAlike(a, b));

function linesAlike({ lines: a }: GraphNode, { lines: b }: GraphNode): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every((line, i) => {
    const other = b[i]!;
    return line === other || (line.id === other.id && line.title === other.title && line.detail === other.detail && line.icon === other.icon && line.category === other.category && line.change === other.change);
  });
}

export function containersAlike(a: GraphContainer, b: GraphContainer): boolean {
  if (a === b) return true;
  const [s, t] = [a.summary, b.summary];
  return a.title === b.title && a.subtitle === b.subtitle && a.icon === b.icon && a.kind === b.kind && a.leftTitle === b.leftTitle && a.change === b.change &&
    (s === t || (s.hosts === t.hosts && s.services === t.services && s.categories.length === t.categories.length && s.categories.every((each, i) => each.category === t.categories[i]!.category && each.count === t.categories[i]!.count)));
}

const WEIGHT_SEEN = 0.03; // a change of weight that makes a visible difference

export const edgesAlike = (a: GraphEdge, b: GraphEdge) =>
  a === b || (a.live === b.live && a.color === b.color && a.truth === b.truth && a.change === b.change && a.label === b.label && a.directed === b.directed && Math.abs(a.weight - b.weight) < WEIGHT_SEEN);
