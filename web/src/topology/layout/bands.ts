// SPDX-License-Identifier: BSD-2-Clause
// The first arrangement of the containers: a band for each rank, from above, and in each the containers on shelves.

import { gaps } from '../measures';
import type { Point } from '../model';
import { shelf, type Sized } from './shelf';

export function bands(items: readonly Sized[], rankOf: (id: string) => number): Map<string, Point> {
  const byRank = new Map<number, Sized[]>();
  let area = 0;
  for (const item of items) {
    const rank = rankOf(item.id);
    byRank.set(rank, [...(byRank.get(rank) ?? []), item]);
    area += (item.width + gaps.container) * (item.height + gaps.container);
  }
  const width = Math.sqrt(area * 1.6);
  const packed = [...byRank].sort(([a], [b]) => a - b).map(([, each]) => shelf(each, gaps.container, Math.max(1.6, (width * width) / Math.max(1, each.reduce((sum, one) => sum + (one.width + gaps.container) * (one.height + gaps.container), 0)))));
  const widest = Math.max(0, ...packed.map(each => each.width));
  const at = new Map<string, Point>();
  let y = 0;
  for (const band of packed) {
    const x = Math.round((widest - band.width) / 2);
    for (const [id, place] of band.at) at.set(id, { x: x + place.x, y: y + place.y });
    y += band.height + gaps.layer;
  }
  return at;
}
