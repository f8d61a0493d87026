// SPDX-License-Identifier: BSD-2-Clause
// Boxes beside each other without overlaps. Each has a place where it wants to be; one that would stand on another is
// pushed right or down, as little as may be. What a person placed stays exactly; the others make room.

import type { Box, Point } from '../model';

export interface Item {
  id: string;
  width: number;
  height: number;
  fixed: Point | null; // where a person placed it
}

// Boxes in a coarse raster, so that a look around costs nothing with thousands of them.
export class Taken {
  private readonly cells = new Map<number, Box[]>();
  constructor(private readonly size = 800) {}

  private each(box: Box, gap: number, tell: (key: number) => boolean | void): boolean {
    const { size } = this;
    const [left, right] = [Math.floor((box.x - gap) / size), Math.floor((box.x + box.width + gap) / size)];
    const [top, bottom] = [Math.floor((box.y - gap) / size), Math.floor((box.y + box.height + gap) / size)];
    for (let row = top; row <= bottom; row++) for (let column = left; column <= right; column++) if (tell(row * 1_000_003 + column)) return true;
    return false;
  }

  add(box: Box): void {
    this.each(box, 0, key => {
      const cell = this.cells.get(key);
      if (cell) cell.push(box);
      else this.cells.set(key, [box]);
    });
  }

  // Somebody who is nearer than the gap.
  hit(box: Box, gap: number): Box | null {
    let found: Box | null = null;
    this.each(box, gap, key => {
      for (const other of this.cells.get(key) ?? []) {
        if (other.x < box.x + box.width + gap && box.x < other.x + other.width + gap && other.y < box.y + box.height + gap && box.y < other.y + other.height + gap) {
          found = other;
          return true;
        }
      }
      return false;
    });
    return found;
  }
}

const slide = (box: Box, taken: Taken, gap: number, down: boolean): Box => {
  const moved = { ...box };
  for (let other = taken.hit(moved, gap); other; other = taken.hit(moved, gap)) {
    if (down) moved.y = other.y + other.height + gap;
    else moved.x = other.x + other.width + gap;
  }
  return moved;
};

// `order`: the items from first to last. Those with a place keep it if they can; the others find the free place nearest to
// where `near` says, or below everything.
export function settle(items: readonly Item[], wishes: Map<string, Point>, gap: number, obstacles: readonly Box[], near: (id: string, placed: ReadonlyMap<string, Box>) => Point | null): Map<string, Box> {
  const taken = new Taken();
  const placed = new Map<string, Box>();
  for (const box of obstacles) taken.add(box);
  const put = (item: Item, box: Box) => {
    taken.add(box);
    placed.set(item.id, box);
  };
  for (const item of items) if (item.fixed) put(item, { ...item.fixed, width: item.width, height: item.height });

  const wishing = items.filter(item => !item.fixed && wishes.has(item.id));
  wishing.sort((one, other) => {
    const [a, b] = [wishes.get(one.id)!, wishes.get(other.id)!];
    return a.y - b.y || a.x - b.x || (one.id < other.id ? -1 : 1);
  });
  for (const item of wishing) {
    const box = { ...wishes.get(item.id)!, width: item.width, height: item.height };
    if (!taken.hit(box, gap)) {
      put(item, box);
      continue;
    }
    const [right, down] = [slide(box, taken, gap, false), slide(box, taken, gap, true)];
    put(item, right.x - box.x < down.y - box.y ? right : down);
  }

  for (const item of items) {
    if (item.fixed || wishes.has(item.id)) continue;
    const box = freePlace(item, near(item.id, placed), placed, taken, gap, obstacles);
    put(item, box);
    // From now on it wants to be where it is.
    wishes.set(item.id, { x: box.x, y: box.y });
  }
  return placed;
}

// Beside somebody, at the corners of those who are there: the free place nearest to a point.
function freePlace(item: Item, wish: Point | null, placed: ReadonlyMap<string, Box>, taken: Taken, gap: number, obstacles: readonly Box[]): Box {
  const size = { width: item.width, height: item.height };
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const box of [...placed.values(), ...obstacles]) {
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.width);
    bottom = Math.max(bottom, box.y + box.height);
  }
  if (left === Infinity) return { x: 0, y: 0, ...size };
  const middle = wish ?? { x: (left + right) / 2, y: bottom };
  let best: Box | null = null;
  let least = Infinity;
  const look = (x: number, y: number) => {
    const box = { x, y, ...size };
    const grown = Math.max(0, x + size.width - right) + Math.max(0, y + size.height - bottom);
    const far = Math.hypot(x + size.width / 2 - middle.x, y + size.height / 2 - middle.y) + grown;
    if (x >= left && y >= top && far < least && !taken.hit(box, gap)) [best, least] = [box, far];
  };
  for (const at of placed.values()) {
    look(at.x + at.width + gap, at.y);
    look(at.x, at.y + at.height + gap);
    look(at.x + at.width - size.width, at.y + at.height + gap);
    look(at.x - size.width - gap, at.y);
    look(at.x, at.y - size.height - gap);
  }
  look(left, bottom + gap);
  return best ?? slide({ x: left, y: bottom + gap, ...size }, taken, gap, true);
}
