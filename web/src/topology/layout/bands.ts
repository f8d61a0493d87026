// SPDX-License-Identifier: BSD-2-Clause
// An arrangement of boxes that needs nobody's help: a band for each rank, from above. Those in a band stand in the order of
// whom they are linked with above, in one row if there is room, else on shelves.

import { gaps } from '../measures';
import type { Point } from '../model';
import type { Link } from './links';
import { type Packed, screen, shelf, type Sized } from './shelf';

export interface Ranked extends Sized {
  rank: number;
}

function row(boxes: readonly Sized[], gap: number): Packed {
  const at = new Map<string, Point>();
  let [x, height] = [0, 0];
  for (const box of boxes) {
    at.set(box.id, { x, y: 0 });
    x += box.width + gap;
    height = Math.max(height, box.height);
  }
  return { at, width: Math.max(0, x - gap), height };
}

// In the order of where those whom they are linked with are.
function ordered(boxes: readonly Ranked[], partners: ReadonlyMap<string, readonly Link[]>, middles: ReadonlyMap<string, number>): Ranked[] {
  const wish = new Map<string, number>();
  for (const box of boxes) {
    let [sum, weight] = [0, 0];
    for (const link of partners.get(box.id) ?? []) {
      const middle = middles.get(link.a === box.id ? link.b : link.a);
      if (middle === undefined) continue;
      sum += middle * link.weight;
      weight += link.weight;
    }
    if (weight) wish.set(box.id, sum / weight);
  }
  const known = boxes.filter(box => wish.has(box.id)).sort((a, b) => wish.get(a.id)! - wish.get(b.id)! || boxes.indexOf(a) - boxes.indexOf(b));
  return [...known, ...boxes.filter(box => !wish.has(box.id))].sort((a, b) => a.rank - b.rank);
}

const areaOf = (boxes: readonly Sized[]) => boxes.reduce((sum, box) => sum + (box.width + gaps.container) * (box.height + gaps.container), 0);

function stack(groups: readonly (readonly Ranked[])[], partners: ReadonlyMap<string, readonly Link[]>): Packed {
  const all = groups.flat();
  // As wide as a screen's shape asks for, or as what is widest.
  const width = Math.max(Math.sqrt(areaOf(all) * screen), ...groups.map(group => Math.max(...group.map(box => box.width))));
  const middles = new Map<string, number>();
  const bands: Packed[] = [];
  for (const group of groups) {
    const boxes = middles.size && group.length <= 200 ? ordered(group, partners, middles) : group;
    const line = row(boxes, gaps.container);
    const packed = line.width <= width * 1.1 ? line : shelf(boxes, gaps.container, Math.max(screen, (width * width) / areaOf(boxes)));
    bands.push(packed);
    for (const box of boxes) middles.set(box.id, packed.at.get(box.id)!.x + box.width / 2 - packed.width / 2);
  }
  const widest = Math.max(0, ...bands.map(each => each.width));
  const at = new Map<string, Point>();
  let y = 0;
  for (const band of bands) {
    const x = Math.round((widest - band.width) / 2);
    for (const [id, place] of band.at) at.set(id, { x: x + place.x, y: y + place.y });
    y += band.height + gaps.layer;
  }
  return { at, width: widest, height: Math.max(0, y - gaps.layer) };
}

// Neighbouring ranks share a band if the whole would otherwise become a tower: small networks have one container of each.
export function bands(boxes: readonly Ranked[], links: readonly Link[]): Packed {
  const ranks = [...new Set(boxes.map(box => box.rank))].sort((a, b) => a - b);
  const byRank = ranks.map(rank => boxes.filter(box => box.rank === rank));
  const partners = new Map<string, Link[]>();
  for (const link of links) {
    for (const id of [link.a, link.b]) {
      const there = partners.get(id);
      if (there) there.push(link);
      else partners.set(id, [link]);
    }
  }
  let best: Packed = { at: new Map(), width: 0, height: 0 };
  let least = Infinity;
  const choices = ranks.length <= 5 ? 1 << Math.max(0, ranks.length - 1) : 1;
  for (let choice = 0; choice < choices; choice++) {
    const groups: Ranked[][] = [];
    let merged = 0;
    byRank.forEach((group, i) => {
      // What is beyond the network stays above it.
      if (i > (ranks[0] === 0 ? 1 : 0) && (choice >> (i - 1)) & 1) {
        groups[groups.length - 1]!.push(...group);
        merged++;
      } else groups.push([...group]);
    });
    const packed = stack(groups, partners);
    const room = Math.max(packed.width, packed.height * screen) * 1.12 ** merged;
    if (room < least) [best, least] = [packed, room];
  }
  return best;
}
