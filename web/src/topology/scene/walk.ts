// SPDX-License-Identifier: BSD-2-Clause
// Walking by keyboard: the nearest thing in a direction.

import type { Box, Point } from '../model';
import type { Level } from './level';
import type { Scene } from './scene';

export type Direction = 'up' | 'down' | 'left' | 'right';

const ASIDE = 2.2; // how much farther a thing is that lies aside

const centre = (box: Box): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

// What can be walked at this distance: from far away whole containers, nearer their nodes, and containers without any.
function* things(scene: Scene, level: Level): Generator<[string, Box]> {
  const units = scene.unitIds();
  if (level !== 'far') {
    yield* scene.placement.nodes;
    for (const id of units) if (scene.isEmpty(id)) yield* one(scene, id);
    return;
  }
  for (const id of units) yield* one(scene, id);
  if (scene.hasLoose) for (const [id, box] of scene.placement.nodes) if (scene.graph.nodes.get(id)?.container === null) yield [id, box];
}

function* one(scene: Scene, id: string): Generator<[string, Box]> {
  const box = scene.boxOf(id);
  if (box) yield [id, box];
}

export function nextThing(scene: Scene, level: Level, from: string | null, direction: Direction, looked: Point): string | null {
  const start = from === null ? undefined : scene.boxOf(from);
  if (!start) return nearestThing(scene, level, looked);
  const a = centre(start);
  const [dx, dy] = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] }[direction] as [number, number];
  let found: string | null = null;
  let least = Infinity;
  for (const [id, box] of things(scene, level)) {
    if (id === from) continue;
    const b = centre(box);
    const ahead = (b.x - a.x) * dx + (b.y - a.y) * dy;
    if (ahead <= 1) continue;
    const aside = Math.abs((b.x - a.x) * dy + (b.y - a.y) * dx);
    if (aside > ahead * 3) continue;
    const distance = ahead + aside * ASIDE;
    if (distance < least) [least, found] = [distance, id];
  }
  return found;
}

export function nearestThing(scene: Scene, level: Level, at: Point): string | null {
  let found: string | null = null;
  let least = Infinity;
  for (const [id, box] of things(scene, level)) {
    const b = centre(box);
    const distance = Math.hypot(b.x - at.x, b.y - at.y);
    if (distance < least) [least, found] = [distance, id];
  }
  return found;
}
