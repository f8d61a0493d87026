// SPDX-License-Identifier: BSD-2-Clause
// Which boxes are in an area, without looking at all of them: a grid of square cells, each with the boxes that touch it.

import type { Box } from '../model';

export const meet = (a: Box, b: Box) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
export const within = (box: Box, x: number, y: number) => x >= box.x && x < box.x + box.width && y >= box.y && y < box.y + box.height;

const WIDE_CELLS = 64; // a box over more cells than this is looked at always

export class Grid {
  private readonly cells = new Map<number, number[]>();
  private readonly wide: number[] = [];
  private readonly seen: Uint32Array;
  private round = 0;

  constructor(
    readonly boxes: readonly Box[],
    private readonly cell: number,
  ) {
    this.seen = new Uint32Array(boxes.length);
    boxes.forEach((box, i) => {
      const [left, top, right, bottom] = this.span(box);
      if ((right - left + 1) * (bottom - top + 1) > WIDE_CELLS) {
        this.wide.push(i);
        return;
      }
      for (let y = top; y <= bottom; y++) {
        for (let x = left; x <= right; x++) {
          const key = this.key(x, y);
          const cell = this.cells.get(key);
          if (cell) cell.push(i);
          else this.cells.set(key, [i]);
        }
      }
    });
  }

  // Indexes of the boxes that meet the area, in rising order.
  in(area: Box): number[] {
    const found: number[] = [];
    const [left, top, right, bottom] = this.span(area);
    const take = (i: number) => {
      if (this.seen[i] === this.round) return;
      this.seen[i] = this.round;
      if (meet(this.boxes[i]!, area)) found.push(i);
    };
    this.round++;
    for (const i of this.wide) take(i);
    if ((right - left + 1) * (bottom - top + 1) > this.cells.size) for (const cell of this.cells.values()) cell.forEach(take);
    else for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) this.cells.get(this.key(x, y))?.forEach(take);
    return found.sort((a, b) => a - b);
  }

  private span(box: Box): [number, number, number, number] {
    return [Math.floor(box.x / this.cell), Math.floor(box.y / this.cell), Math.floor((box.x + box.width) / this.cell), Math.floor((box.y + box.height) / this.cell)];
  }

  private key(x: number, y: number): number {
    return (x + 0x400000) * 0x800000 + (y + 0x400000);
  }
}
