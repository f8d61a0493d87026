// SPDX-License-Identifier: BSD-2-Clause
// Nodes that are in no container, as of the physical view: those plugged into one switch stand as a block of columns
// below it, those that nobody is known to be linked with in a block of their own. A block is arranged like a container.

import { card } from '../measures';
import type { Point } from '../model';
import { Grid } from './grid';
import type { Link } from './links';
import { screen, type Sized } from './shelf';

export interface Block extends Sized {
  members: ReadonlyMap<string, Point>; // relative to its corner
}

export const loose = 'loose nodes';

const between = 44; // a switch and what is plugged into it

function columns(nodes: readonly Sized[], aspect: number) {
  const height = nodes.reduce((sum, each) => sum + each.height, 0) / nodes.length;
  const grid = new Grid({ base: nodes.length, width: Math.max(card.width, ...nodes.map(each => each.width)), height, aspect });
  grid.seat(nodes);
  return grid.stack(nodes, { x: 0, y: 0 }, new Set(), []);
}

// `isNode`: whether it may be put into a block; a container is always one by itself, or the head of one.
export function blocks(items: readonly Sized[], isNode: (id: string) => boolean, links: readonly Link[]): Block[] {
  const degree = new Map<string, { count: number; other: string }>();
  for (const link of links) {
    degree.set(link.a, { count: (degree.get(link.a)?.count ?? 0) + 1, other: link.b });
    degree.set(link.b, { count: (degree.get(link.b)?.count ?? 0) + 1, other: link.a });
  }
  const leaves = new Map<string, Sized[]>();
  const heads: Sized[] = [];
  const alone: Sized[] = [];
  for (const item of items) {
    const linked = degree.get(item.id);
    if (isNode(item.id) && !linked) alone.push(item);
    else if (isNode(item.id) && linked!.count === 1 && (!isNode(linked!.other) || degree.get(linked!.other)!.count > 1)) leaves.set(linked!.other, [...(leaves.get(linked!.other) ?? []), item]);
    else heads.push(item);
  }
  const found: Block[] = heads.map(head => {
    const below = leaves.get(head.id);
    if (!below) return { ...head, members: new Map([[head.id, { x: 0, y: 0 }]]) };
    const stacked = columns(below, Math.max(screen, head.width / 500));
    const width = Math.max(head.width, stacked.width);
    const members = new Map([[head.id, { x: Math.round((width - head.width) / 2), y: 0 }]]);
    const left = Math.round((width - stacked.width) / 2);
    for (const [id, box] of stacked.boxes) members.set(id, { x: left + box.x, y: head.height + between + box.y });
    return { id: head.id, width, height: head.height + between + stacked.height, members };
  });
  if (alone.length) {
    const stacked = columns(alone, screen);
    found.push({ id: loose, width: stacked.width, height: stacked.height, members: new Map([...stacked.boxes].map(([id, box]) => [id, { x: box.x, y: box.y }])) });
  }
  return found;
}
