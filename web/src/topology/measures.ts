// SPDX-License-Identifier: BSD-2-Clause
// The measures of the picture, which those who find places and those who draw share: a card is as large as what is
// written on it. Lengths of the picture: one is a pixel at zoom 1.

import type { GraphContainer, GraphNode } from './model';
import type { Options } from './options';

// A host, a face of one, a machine, a switch: icon, title and subtitle, then a line for each service.
//
//   ┌ padding ───────────────┐
//   │ ▣  Title        badge  │ header
//   │    subtitle            │
//   ├────────────────────────┤ linesTop
//   │ ◆ Grafana     3000/tcp │ line
//   └────────────────────────┘ linesBottom
export const card = {
  width: 216,
  header: 48,
  radius: 10,
  padding: 12,
  icon: 24,
  iconGap: 10,
  title: 13, // sizes of letters
  subtitle: 11,
  titleY: 21, // where the letters stand, from the card's top
  subtitleY: 37,
  badge: 10,
  linesTop: 5,
  linesBottom: 7,
  line: 20,
  lineIcon: 14,
  lineText: 12,
  lineDetail: 11,
  mostLines: 5, // then "n more"; a sixth is shown rather than counted
};

// A service of the applications view, a workload: a card without lines unless it has some.
export const small = { width: 192, header: 44, radius: 9, padding: 10, icon: 22, iconGap: 9, titleY: 19, subtitleY: 34 };

// A port of a switch: one line.
export const port = { width: 104, height: 30, radius: 6, padding: 8, icon: 12, title: 11, mostColumns: 12 };

export const container = {
  header: 44,
  radius: 16,
  padding: 18, // between its edge and what is in it
  icon: 20,
  title: 15,
  subtitle: 12,
  titleX: 18,
  titleY: 28, // where the header's letters stand
  leastWidth: 224,
  mostTitleWidth: 460, // a longer title is cut
  emptyHeight: 40, // below the header of one with nothing in it
};

// The left zone: a title, its nodes in their own columns, a thin line, then the rest.
export const leftZone = { title: 11, titleHeight: 22, gap: 36, leastWidth: 120 };

export const gaps = {
  node: 14, // between the nodes of a container
  nested: 26, // between a container's nodes and the containers in it, and between these
  container: 72, // between the containers of the picture: edges run here
  layer: 104, // between layers
  bounds: 40, // around everything
};

export const isSmall = (node: GraphNode) => node.kind === 'service' || node.kind === 'workload';

// How many service lines a card has room for, and how many more its last line counts.
export function shownLines(node: GraphNode, options: Pick<Options, 'hide_services'>): { shown: number; more: number } {
  const count = node.kind === 'port' || options.hide_services ? 0 : node.lines.length;
  return count <= card.mostLines + 1 ? { shown: count, more: 0 } : { shown: card.mostLines, more: count - card.mostLines };
}

export function nodeSize(node: GraphNode, options: Pick<Options, 'hide_services'>): { width: number; height: number } {
  if (node.kind === 'port') return { width: port.width, height: port.height };
  const { shown, more } = shownLines(node, options);
  const lines = shown + (more ? 1 : 0);
  const shape = isSmall(node) ? small : card;
  return { width: shape.width, height: shape.header + (lines ? card.linesTop + lines * card.line + card.linesBottom : 0) };
}

// The width that a container's header asks for: icon, title, subtitle and the count at its right, roughly, as letters
// are measured only where they are drawn.
export function headerWidth(it: Pick<GraphContainer, 'title' | 'subtitle'>): number {
  const letters = it.title.length * container.title * 0.56 + it.subtitle.length * container.subtitle * 0.56;
  return Math.max(container.leastWidth, Math.round(Math.min(container.mostTitleWidth, letters) + 2 * container.titleX + container.icon + 64));
}
