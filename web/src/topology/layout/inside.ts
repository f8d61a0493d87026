// SPDX-License-Identifier: BSD-2-Clause
// What is in one container, relative to its corner: the left zone's columns, ports, the others' columns, and the
// containers in it below. It remembers who has which slot.

import { card, container as measures, gaps, headerWidth, isSmall, leftZone, port, small } from '../measures';
import type { Box, GraphContainer, GraphNode, Manual, Point } from '../model';
import { Grid, type Sized } from './grid';
import { type Item, settle } from './settle';
import { shelf } from './shelf';

export interface Child extends Sized {
  node: GraphNode;
  said: Manual['nodes'][string] | undefined; // a person's place and size
}

export interface Packed {
  width: number;
  height: number;
  nodes: ReadonlyMap<string, Box>;
  nested: ReadonlyMap<string, Box>;
  left: Box | null; // the left zone
}

type Zone = 'left' | 'ports' | 'main';

const aspect = 1.6;
const flat = 5; // what is above all others
const naturalWidth = (node: GraphNode) => (node.kind === 'port' ? port.width : isSmall(node) ? small.width : card.width);
const zoneOf = (node: GraphNode): Zone => (node.kind === 'port' ? 'ports' : node.zone === 'left' ? 'left' : 'main');

export class Inside {
  private readonly zones = new Map<Zone, Grid>();
  private readonly wishes = new Map<string, Point>(); // of the containers in it

  // The columns are made for the nodes that were there when the picture was arranged: the same whoever looks first.
  private gridOf(it: GraphContainer, zone: Zone, nodes: readonly Child[], arrangedAt: number, beside: readonly Child[]): Grid {
    const known = this.zones.get(zone);
    if (known) return known;
    const there = (all: readonly Child[]) => all.filter(each => each.node.firstSeen <= arrangedAt);
    const base = there(nodes);
    const usual = base.length ? base : nodes;
    const width = Math.max(...usual.map(each => naturalWidth(each.node)));
    const height = Math.max(24, Math.round(usual.reduce((sum, each) => sum + each.height, 0) / usual.length / 24) * 24);
    const shape = { base: base.length, width, height, aspect: it.parent === null && it.rank === 0 ? flat : aspect };
    let grid: Grid;
    if (zone === 'ports') grid = new Grid({ ...shape, aspect: 7, mostColumns: port.mostColumns });
    else if (zone === 'left') {
      // About as high as what is beside it.
      const rows = Math.max(5, Math.sqrt((there(beside).length * (width + gaps.node)) / (aspect * (height + gaps.node))));
      grid = new Grid({ ...shape, columns: Math.ceil(usual.length / rows) });
    } else grid = new Grid(shape);
    this.zones.set(zone, grid);
    return grid;
  }

  pack(it: GraphContainer, nodes: readonly Child[], nested: readonly Item[], manual: Manual, arrangedAt: number): Packed {
    const [left, top] = [measures.padding, measures.header];
    const boxes = new Map<string, Box>();
    // What a person placed, exactly there, but never outside.
    const placed = new Map<string, Box>();
    for (const each of nodes) {
      const said = manual.nodes[each.id];
      if (said?.x === undefined || said.y === undefined) continue;
      placed.set(each.id, { x: Math.max(left, said.x), y: Math.max(top, said.y), width: each.width, height: each.height });
    }
    const fixed = nested.map(item => (item.fixed ? { ...item, fixed: { x: Math.max(left, item.fixed.x), y: Math.max(top, item.fixed.y) } } : item));
    const taken = [...placed.values(), ...fixed.filter(item => item.fixed).map(item => ({ ...item.fixed!, width: item.width, height: item.height }))];

    const byZone: Record<Zone, Child[]> = { left: [], ports: [], main: [] };
    for (const each of nodes) byZone[zoneOf(each.node)].push(each);
    let [x, y, right, bottom] = [left, top, left, top];
    let leftBox: Box | null = null;
    const stack = (zone: Zone) => {
      const there = byZone[zone];
      if (!there.length && !this.zones.has(zone)) return null;
      const grid = this.gridOf(it, zone, there, arrangedAt, byZone.main);
      grid.seat(there);
      const stacked = grid.stack(there, { x, y }, placed, taken);
      for (const [id, box] of stacked.boxes) boxes.set(id, box);
      if (stacked.boxes.size) right = Math.max(right, x + stacked.width);
      bottom = Math.max(bottom, y + stacked.height);
      return stacked;
    };
    if (byZone.left.length) {
      y = top + leftZone.titleHeight;
      const stacked = stack('left')!;
      leftBox = { x, y: top, width: Math.max(stacked.width, leftZone.leastWidth), height: y - top + stacked.height };
      // The others begin at the same height.
      x += Math.max(stacked.width, leftZone.leastWidth) + leftZone.gap;
    }
    const ports = stack('ports');
    if (ports?.height) y += ports.height + gaps.node;
    stack('main');

    let settled: ReadonlyMap<string, Box> = new Map();
    if (fixed.length) {
      const half = gaps.nested / 2;
      const room = boxes.size ? [{ x: left - half, y: top - half, width: right - left + 2 * half, height: bottom - top + 2 * half }] : [];
      if (!this.wishes.size) this.firstPlaces(fixed.filter(item => !item.fixed && !item.late), { left, top, right, bottom, empty: !boxes.size });
      settled = settle(fixed, this.wishes, [...room, ...placed.values()], { x: left, y: top }, () => null);
    }
    for (const [id, box] of placed) boxes.set(id, box);
    return this.whole(it, boxes, settled, manual, leftBox);
  }

  // The containers in it: below its nodes, or beside them, whichever makes it smaller.
  private firstPlaces(nested: readonly Item[], room: { left: number; top: number; right: number; bottom: number; empty: boolean }): void {
    const { left, top, right, bottom, empty } = room;
    const [width, height] = [right - left, bottom - top];
    const under = shelf(nested, gaps.nested, aspect, width);
    const put = (packed: { at: Map<string, Point> }, x: number, y: number) => {
      for (const [id, at] of packed.at) this.wishes.set(id, { x: x + at.x, y: y + at.y });
    };
    if (empty) return put(under, left, top);
    const higher = under.height + height + gaps.nested;
    const beside = shelf(nested, gaps.nested, 0.6);
    const wider = width + gaps.nested + beside.width;
    if (wider * Math.max(height, beside.height) < Math.max(width, under.width) * higher * 0.95) put(beside, right + gaps.nested, top);
    else put(under, left, bottom + gaps.nested);
  }

  private whole(it: GraphContainer, nodes: Map<string, Box>, nested: ReadonlyMap<string, Box>, manual: Manual, left: Box | null): Packed {
    let [right, bottom] = [0, 0];
    for (const box of [...nodes.values(), ...nested.values()]) {
      right = Math.max(right, box.x + box.width);
      bottom = Math.max(bottom, box.y + box.height);
    }
    const said = manual.nodes[it.id];
    const empty = nodes.size + nested.size === 0;
    const width = Math.max(headerWidth(it), right + measures.padding, said?.width ?? 0);
    const height = Math.max(empty ? measures.header + measures.emptyHeight : bottom + measures.padding, said?.height ?? 0);
    return { width: Math.ceil(width), height: Math.ceil(height), nodes, nested, left };
  }
}
