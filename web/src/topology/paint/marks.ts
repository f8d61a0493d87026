// SPDX-License-Identifier: BSD-2-Clause
// What each mark looks like, for the picture and for its legend alike. Widths and dashes are of the screen: an edge is as
// wide from far away as from near.

import { categories } from '../../services/catalogue';
import type { Change, EdgeKind, GraphEdge, Truth } from '../model';
import { mix, type Palette } from './palette';

const neutral = '#7d8d90';

// As people name them (Tags.module.css has the same).
const named: Record<string, string> = {
  Pink: '#db2777', Rose: '#e11d48', Red: '#dc2626', Orange: '#ea580c', Yellow: '#ca9a04', Green: '#16a34a', Emerald: '#059669', Teal: '#0d9488', Cyan: '#0891b2', Blue: '#2563eb', Indigo: '#4f46e5', Purple: '#9333ea', Gray: '#64748b',
};

// A group's colour; on a dark ground a little lighter.
export function groupColor(name: string, palette: Palette): string {
  const color = named[name] ?? name;
  return palette.dark ? mix(color, '#ffffff', 0.72) : color;
}

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

const widths: Record<EdgeKind, number> = { 'same-host': 1, virtualization: 1.25, container: 1.25, path: 2.25, hub: 2.25, dependency: 1, link: 1.75, route: 1.25 };
const DEPENDENCY_WIDEST = 3; // pixels wider, for the busiest

const edgeWidth = (edge: Pick<GraphEdge, 'kind' | 'weight'>) => widths[edge.kind] + (edge.kind === 'dependency' ? edge.weight ** 4 * DEPENDENCY_WIDEST : edge.weight);

// How it is known: measured solid, announced dashed, inferred dotted, noted solid with a dot in its middle.
export function truthDash(truth: Truth, width: number): readonly number[] | undefined {
  if (truth === 'announced') return [6 + width, 4 + width];
  if (truth === 'inferred') return [1 + width / 2, 3 + width];
  return undefined;
}

// How plain it is while nobody looks at it: what a person drew stands out, what was measured lies behind.
export function plainness(edge: Pick<GraphEdge, 'kind' | 'weight' | 'live' | 'change'>, bundle: boolean): number {
  if (edge.change || edge.kind === 'path' || edge.kind === 'hub') return 1;
  if (edge.kind === 'link') return 0.8;
  if (edge.kind !== 'dependency') return 0.5;
  return (bundle ? 0.3 : 0.2) + edge.weight ** 4 * 0.25;
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
  const own = edge.change ? changeColor(edge.change, palette) : (edge.color !== null ? groupColor(edge.color, palette) : kindColor(edge.kind, palette));
  return { color: own, width, dash: edge.change === 'removed' ? [2, 4] : truthDash(edge.truth, width), dot: edge.truth === 'noted', arrow: edge.directed };
}
