// SPDX-License-Identifier: BSD-2-Clause
// Boxes beside each other without overlaps. Each has a place where it wants to be; one that would stand on another is
// pushed right or down, as little as may be. What a person placed stays exactly; the others make room.

import type { Box, Point } from '../model';
import { shelf } from './shelf';

const mostSought = 300; // places, one by one

export interface Item {
  id: string;
  width: number;
  height: number;
  fixed: Point | null; // where a person placed it
  gap: number; // half of it is kept free around
  late: number; // 0: there when the picture was arranged; else when it came
  above?: boolean; // when it comes late, it goes above all others
}

// Boxes in a coarse raster, so that a look around costs nothing with thousands of them.
class Taken {
  private readonly cells = new Map<number, Box[]>();
  private readonly size = 800;

  private each(box: Box, tell: (key: number) => boolean | void): void {
    const { size } = this;
    const [left, right] = [Math.floor(box.x / size), Math.floor((box.x + box.width) / size)];
    const [top, bottom] = [Math.floor(box.y / size), Math.floor((box.y + box.height) / size)];
    for (let row = top; row <= bottom; row++) for (let column = left; column <= right; column++) if (tell(row * 1_000_003 + column)) return;
  }

  add(box: Box): void {
    this.each(box, key => {
      const cell = this.cells.get(key);
      if (cell) cell.push(box);
      else this.cells.set(key, [box]);
    });
  }

  // Somebody who stands there.
  hit(box: Box): Box | null {
    let found: Box | null = null;
    this.each(box, key => {
      for (const other of this.cells.get(key) ?? []) {
        if (other.x < box.x + box.width && box.x < other.x + other.width && other.y < box.y + box.height && box.y < other.y + other.height) {
          found = other;
          return true;
        }
      }
      return false;
    });
    return found;
  }

  // The nearest place right of here, or below, where nobody stands.
  slide(box: Box, down: boolean): Box {
    const moved = { ...box };
    for (let other = this.hit(moved); other; other = this.hit(moved)) {
      if (down) moved.y = other.y + other.height;
      else moved.x = other.x + other.width;
    }
    return moved;
  }
}

const around = (box: Box, by: number): Box => ({ x: box.x - by, y: box.y - by, width: box.width + 2 * by, height: box.height + 2 * by });

// Those with a wish keep it if they can; the others find the free place nearest to `near`, or below everything, and wish
// to stay there from now on. Nobody stands on `obstacles`, which are as large as they shall be kept free; the first of all stands at the origin.
export function settle(items: readonly Item[], wishes: Map<string, Point>, obstacles: readonly Box[], origin: Point, near: (id: string, placed: ReadonlyMap<string, Box>) => Point | null): Map<string, Box> {
  const placed = new Map<string, Box>();
  // All boxes in here have the half gap around them: they may touch.
  const taken = new Taken();
  const there = [...obstacles];
  for (const box of obstacles) taken.add(box);
  const put = (item: Item, grown: Box) => {
    taken.add(grown);
    there.push(grown);
    placed.set(item.id, around(grown, -item.gap / 2));
  };
  const at = (item: Item, point: Point) => around({ ...point, width: item.width, height: item.height }, item.gap / 2);
  for (const item of items) if (item.fixed) put(item, at(item, item.fixed));

  const wishing = items.filter(item => !item.fixed && wishes.has(item.id));
  wishing.sort((one, other) => {
    const [a, b] = [wishes.get(one.id)!, wishes.get(other.id)!];
    return a.y - b.y || a.x - b.x || (one.id < other.id ? -1 : 1);
  });
  for (const item of wishing) {
    const box = at(item, wishes.get(item.id)!);
    if (!taken.hit(box)) {
      put(item, box);
      continue;
    }
    const [right, down] = [taken.slide(box, false), taken.slide(box, true)];
    put(item, right.x - box.x < down.y - box.y ? right : down);
  }

  const fresh = items.filter(item => !item.fixed && !wishes.has(item.id));
  fresh.sort((one, other) => one.late - other.late || (one.id < other.id ? -1 : 1));
  // Very many at once are put below everything.
  const many = fresh.length > mostSought ? shelf(fresh.map(item => at(item, { x: 0, y: 0 })).map((box, i) => ({ ...box, id: fresh[i]!.id })), 0) : null;
  const corner = many ? below(there, origin) : null;
  for (const item of fresh) {
    const size = at(item, origin);
    const spot = many?.at.get(item.id);
    if (spot && corner) put(item, { ...size, x: corner.x + spot.x, y: corner.y + spot.y });
    else if (item.above && there.length) put(item, overAll(size, there));
    else put(item, freePlace(size, near(item.id, placed), there, taken));
    const { x, y } = placed.get(item.id)!;
    wishes.set(item.id, { x, y });
  }
  return placed;
}

function below(there: readonly Box[], origin: Point): Point {
  let [x, y] = [Infinity, -Infinity];
  for (const box of there) [x, y] = [Math.min(x, box.x), Math.max(y, box.y + box.height)];
  return there.length ? { x, y } : origin;
}

function overAll(size: Box, there: readonly Box[]): Box {
  const left = Math.min(...there.map(box => box.x));
  const right = Math.max(...there.map(box => box.x + box.width));
  return { ...size, x: Math.round((left + right - size.width) / 2), y: Math.min(...there.map(box => box.y)) - size.height };
}

// Beside somebody, at the corners of those who are there: the free place nearest to a point, without making the whole
// much larger.
function freePlace(size: Box, wish: Point | null, there: readonly Box[], taken: Taken): Box {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const box of there) {
    left = Math.min(left, box.x);
    top = Math.min(top, box.y);
    right = Math.max(right, box.x + box.width);
    bottom = Math.max(bottom, box.y + box.height);
  }
  if (left === Infinity) return size;
  const { width, height } = size;
  const middle = wish ?? { x: (left + right) / 2, y: bottom };
  let best: Box | null = null;
  let least = Infinity;
  const look = (x: number, y: number) => {
    if (x < left || y < top) return;
    const grown = Math.max(0, x + width - right) + Math.max(0, y + height - bottom);
    const far = Math.hypot(x + width / 2 - middle.x, y + height / 2 - middle.y) + grown;
    const box = { x, y, width, height };
    if (far < least && !taken.hit(box)) [best, least] = [box, far];
  };
  for (const at of there) {
    look(at.x + at.width, at.y);
    look(at.x, at.y + at.height);
    look(at.x + at.width - width, at.y + at.height);
    look(at.x - width, at.y);
    look(at.x, at.y - height);
  }
  look(left, bottom);
  return best ?? taken.slide({ x: left, y: bottom, width, height }, true);
}
