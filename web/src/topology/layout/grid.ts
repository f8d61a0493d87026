// SPDX-License-Identifier: BSD-2-Clause
// A container's nodes in columns. Each node has a slot, and a slot its column; what is in a column stands one below the
// other. A slot is kept for as long as its node is there, so that who comes later is put at the end of a column and moves
// nobody; who leaves leaves a hole, which somebody who fits into it may fill.

import { gaps } from '../measures';
import type { Box } from '../model';

export interface Sized {
  id: string;
  width: number;
  height: number;
}

export interface Shape {
  base: number; // nodes that the first columns are made for
  width: number; // of a usual node
  height: number;
  aspect: number; // width to height that the whole should have
  columns?: number; // exactly so many
  mostColumns?: number;
}

// So many of the first nodes go into the columns by turns, whatever their size; the others fill up the shortest columns.
// Thus most places do not depend on how many services a host has today, and yet the columns end at one height.
const byTurns = 0.7;

const overlaps = (a: Box, b: Box, gap: number) => a.x < b.x + b.width + gap && b.x < a.x + a.width + gap && a.y < b.y + b.height + gap && b.y < a.y + a.height + gap;

export class Grid {
  private readonly cell: { width: number; height: number };
  private readonly aspect: number;
  private readonly mostColumns: number;
  private readonly base: number;
  private readonly turns: number;
  private readonly ends: number[]; // of each column: how far down it reaches
  private readonly columnOf: number[] = []; // of each slot
  private readonly nodeIn: (string | null)[] = [];
  private readonly heightOf: number[] = []; // of who is or was there
  private readonly kept: number[] = []; // height that a slot has at least: of the hole that its node came to fill
  private readonly slotOf = new Map<string, number>(); // also of who left
  private holes = 0;

  constructor(shape: Shape) {
    this.cell = { width: shape.width + gaps.node, height: shape.height + gaps.node };
    this.aspect = shape.aspect;
    this.mostColumns = shape.columns ?? shape.mostColumns ?? Infinity;
    const fit = Math.max(1, Math.min(this.mostColumns, shape.base, Math.round(Math.sqrt((shape.aspect * shape.base * this.cell.height) / this.cell.width))));
    // No column more than there are nodes for.
    const columns = shape.columns ?? Math.max(1, Math.ceil(shape.base / Math.max(1, Math.ceil(shape.base / fit))));
    this.ends = new Array<number>(columns).fill(0);
    this.base = shape.base;
    this.turns = Math.ceil((shape.base * byTurns) / columns) * columns;
  }

  private nobodyBelow(slot: number): boolean {
    for (let below = slot + 1; below < this.nodeIn.length; below++) if (this.nodeIn[below] && this.columnOf[below] === this.columnOf[slot]) return false;
    return true;
  }

  // A new slot at the end of a column: by turns, or the shortest, or a new column once the whole would become too high.
  private open(height: number): number {
    const slot = this.nodeIn.length;
    let column = slot % this.ends.length;
    if (slot >= this.turns) {
      column = 0;
      for (let other = 1; other < this.ends.length; other++) if (this.ends[other]! < this.ends[column]!) column = other;
      const wide = (this.ends.length + 1) * this.cell.width <= (this.ends[column]! + height) * this.aspect * 1.1;
      if (wide && slot >= this.base && this.ends.length < this.mostColumns) column = this.ends.push(0) - 1;
    }
    this.columnOf.push(column);
    this.nodeIn.push(null);
    this.heightOf.push(0);
    this.kept.push(0);
    return slot;
  }

  private slotFor(node: Sized): number {
    const before = this.slotOf.get(node.id);
    if (before !== undefined && this.nodeIn[before] === null) return before;
    for (let slot = 0; this.holes > 0 && slot < this.nodeIn.length; slot++) {
      if (this.nodeIn[slot] === null && (node.height <= this.heightOf[slot]! || this.nobodyBelow(slot))) return slot;
    }
    return -1;
  }

  // Who is there, in the order in which they would be put into a new grid.
  seat(nodes: readonly Sized[]): void {
    const here = new Set<string>();
    for (const node of nodes) here.add(node.id);
    for (let slot = 0; slot < this.nodeIn.length; slot++) {
      const id = this.nodeIn[slot];
      if (id && !here.has(id)) {
        this.nodeIn[slot] = null;
        this.holes++;
      }
    }
    for (const node of nodes) {
      const known = this.slotOf.get(node.id);
      if (known !== undefined && this.nodeIn[known] === node.id) continue;
      let slot = this.slotFor(node);
      if (slot >= 0) {
        this.holes--;
        // Those below whoever fills a hole stay where they are.
        this.kept[slot] = known === slot || this.nobodyBelow(slot) ? 0 : this.heightOf[slot]!;
      } else {
        slot = this.open(node.height);
        this.heightOf[slot] = node.height;
        this.ends[this.columnOf[slot]!]! += node.height + gaps.node;
      }
      this.nodeIn[slot] = node.id;
      this.slotOf.set(node.id, slot);
    }
  }

  // Where they are, below and right of a corner. `absent` have their slot, but are placed elsewhere by a person;
  // nobody stands on `taken`.
  stack(nodes: readonly Sized[], corner: { x: number; y: number }, absent: { has(id: string): boolean }, taken: readonly Box[]): { boxes: Map<string, Box>; width: number; height: number } {
    const sizes = new Map<string, Sized>();
    const widths = new Array<number>(this.ends.length).fill(this.cell.width - gaps.node);
    for (const node of nodes) {
      sizes.set(node.id, node);
      const column = this.columnOf[this.slotOf.get(node.id)!]!;
      if (!absent.has(node.id)) widths[column] = Math.max(widths[column]!, node.width);
    }
    const lefts: number[] = [];
    let x = corner.x;
    for (const width of widths) {
      lefts.push(x);
      x += width + gaps.node;
    }
    const bottoms = new Array<number>(this.ends.length).fill(corner.y);
    const boxes = new Map<string, Box>();
    let [right, bottom] = [corner.x, corner.y];
    for (let slot = 0; slot < this.nodeIn.length; slot++) {
      const id = this.nodeIn[slot]!;
      const column = this.columnOf[slot]!;
      const node = id === null ? undefined : sizes.get(id);
      if (!node) {
        bottoms[column]! += this.heightOf[slot]! + gaps.node;
        continue;
      }
      const box: Box = { x: lefts[column]!, y: bottoms[column]!, width: node.width, height: node.height };
      if (!absent.has(id)) {
        for (let again = taken.length > 0; again; ) {
          again = false;
          for (const other of taken) {
            if (!overlaps(box, other, gaps.node)) continue;
            box.y = other.y + other.height + gaps.node;
            again = true;
          }
        }
        boxes.set(id, box);
        right = Math.max(right, box.x + box.width);
        bottom = Math.max(bottom, box.y + box.height);
      }
      this.heightOf[slot] = Math.max(node.height, this.kept[slot]!);
      bottoms[column] = box.y + this.heightOf[slot]! + gaps.node;
    }
    for (let column = 0; column < bottoms.length; column++) this.ends[column] = bottoms[column]! - corner.y;
    return { boxes, width: right - corner.x, height: bottom - corner.y };
  }
}
