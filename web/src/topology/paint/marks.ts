// SPDX-License-Identifier: BSD-2-Clause
// What each mark looks like, for the picture and for its legend alike. Widths and dashes are of the screen: an edge is as
// wide from far away as from near.

import { categories } from '../../services/catalogue';
import type { Change, EdgeKind, GraphEdge, Truth } from '../model';
import { mix, type Palette } from './palette';

const neutral = '#7d8d90';

export function categoryColor(category: string, palette: Palette): string {
  const known = categories.get(category);
  return known ? (palette.dark ? known.dark : known.light) : neutral;
}

export function kindColor(kind: EdgeKind, palette: Palette): string {
  switch (kind) {
    case 'dependency':
    case 'path':
    case 'hub':
      return palette.accent;
    case 'link':
      return palette.ink2;
    case 'route':
      return palette.dark ? '#c7a05a' : '#a8741a';
    case 'virtualization':
      return palette.dark ? '#b49cf0' : '#7a5cc0';
    case 'container':
      return palette.dark ? '#7fb4ee' : '#2f78bd';
    case 'same-host':
      return palette.ink3;
  }
}

export function changeColor(change: Change, palette: Palette): string {
  return change === 'added' ? palette.live : change === 'removed' ? palette.bad : palette.warn;
}

const widths: Record<EdgeKind, number> = { 'same-host': 1.25, virtualization: 1.25, container: 1.25, path: 2, hub: 2, dependency: 1.25, link: 1.75, route: 1.5 };
const DEPENDENCY_WIDEST = 5;

export const edgeWidth = (edge: Pick<GraphEdge, 'kind' | 'weight'>) => widths[edge.kind] + (edge.kind === 'dependency' ? edge.weight ** 1.5 * DEPENDENCY_WIDEST : edge.weight * 2);

// How it is known: measured solid, announced dashed, inferred dotted, noted solid with a dot in its middle.
export function truthDash(truth: Truth, width: number): readonly number[] | undefined {
  if (truth === 'announced') return [6 + width, 4 + width];
  if (truth === 'inferred') return [1 + width / 2, 3 + width];
  return undefined;
}

export interface EdgeMark {
  color: string;
  width: number;
  dash: readonly number[] | undefined;
  dot: boolean;
  arrow: boolean;
}

export function edgeMark(edge: Pick<GraphEdge, 'kind' | 'weight' | 'color' | 'truth' | 'live' | 'directed' | 'change'>, palette: Palette): EdgeMark {
  const width = edgeWidth(edge);
  const own = edge.change ? changeColor(edge.change, palette) : (edge.color ?? (edge.live ? mix(palette.live, palette.page, palette.dark ? 0.7 : 0.62) : kindColor(edge.kind, palette)));
  return { color: own, width, dash: edge.change === 'removed' ? [2, 4] : truthDash(edge.truth, width), dot: edge.truth === 'noted', arrow: edge.directed };
}
