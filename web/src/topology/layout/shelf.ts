// SPDX-License-Identifier: BSD-2-Clause
// A first arrangement of boxes of any size, without regard to who is linked with whom: into a strip of a width that
// gives the whole the shape of a screen, each where the strip is lowest.

import type { Point } from '../model';

export interface Sized {
  id: string;
  width: number;
  height: number;
}

export interface Packed {
  at: Map<string, Point>;
  width: number;
  height: number;
}

export const screen = 1.6;

// The outline of what is in the strip so far, from left to right: from x on, it reaches down to y.
interface Step {
  x: number;
  y: number;
}

function fill(boxes: readonly Sized[], strip: number, gap: number): Packed {
  const at = new Map<string, Point>();
  let steps: Step[] = [{ x: 0, y: 0 }];
  let [width, height] = [0, 0];
  for (const box of boxes) {
    let best: Point | null = null;
    for (let from = 0; from < steps.length; from++) {
      const x = steps[from]!.x;
      if (x > 0 && x + box.width > strip) break;
      let y = 0;
      for (let step = from; step < steps.length && steps[step]!.x < x + box.width + gap; step++) y = Math.max(y, steps[step]!.y);
      if (!best || y < best.y) best = { x, y };
    }
    const place: Point = best!;
    at.set(box.id, place);
    width = Math.max(width, place.x + box.width);
    height = Math.max(height, place.y + box.height);
    const end = place.x + box.width + gap;
    const next: Step[] = [];
    let under = 0; // how far down it was where the box ends
    for (const step of steps) {
      if (step.x <= end) under = step.y;
      if (step.x < place.x || step.x > end) next.push(step);
    }
    next.push({ x: place.x, y: place.y + box.height + gap });
    next.push({ x: end, y: under });
    steps = next.sort((one, other) => one.x - other.x);
  }
  return { at, width, height };
}

// In rows, each as high as its highest.
function rows(boxes: readonly Sized[], strip: number, gap: number): Packed {
  const at = new Map<string, Point>();
  let [x, y, high, width] = [0, 0, 0, 0];
  for (const box of boxes) {
    if (x > 0 && x + box.width > strip) [x, y, high] = [0, y + high + gap, 0];
    at.set(box.id, { x, y });
    x += box.width + gap;
    high = Math.max(high, box.height);
    width = Math.max(width, x - gap);
  }
  return { at, width, height: y + high };
}

const orderly = 1.05; // so much larger may it be in rows, which are nicer to look at

// The higher ones first, else in the order given. Several widths are tried; the best is the one that has the screen's shape
// with the least of nothing in it.
export function shelf(boxes: readonly Sized[], gap: number, aspect = screen, leastWidth = 0): Packed {
  let area = 0;
  let widest = leastWidth;
  for (const box of boxes) {
    area += (box.width + gap) * (box.height + gap);
    widest = Math.max(widest, box.width);
  }
  const sorted = boxes.map((box, index) => ({ box, index })).sort((one, other) => other.box.height - one.box.height || one.index - other.index);
  const order = sorted.map(each => each.box);
  let best: Packed | null = null;
  let least = Infinity;
  const tries = boxes.length > 600 ? [1.06] : [0.92, 1, 1.06, 1.12, 1.2, 1.3, 1.45];
  for (const factor of tries) {
    const strip = Math.max(widest, Math.sqrt(area * aspect) * factor);
    for (const [packed, worse] of [[rows(order, strip, gap), 1], [fill(order, strip, gap), orderly]] as const) {
      // The room that it takes on a screen of that shape.
      const room = Math.max(packed.width, packed.height * aspect) * worse;
      if (room < least * 0.999) [best, least] = [packed, room];
    }
  }
  return best ?? { at: new Map(), width: 0, height: 0 };
}
