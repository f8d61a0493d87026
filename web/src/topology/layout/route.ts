// SPDX-License-Identifier: BSD-2-Clause
// The way of an edge from one box to another: pure, for each edge by itself. Which sides it leaves and meets, and where
// along them when several do, is said by anchors.ts; here it becomes a path and a place for a label.

import type { Box, EdgeStyle, Point, Side } from '../model';
import type { PathStep } from '../paint/painter';

export interface Anchor {
  side: Side;
  at: number; // 0…1 along the side, from left or from top
  gutter?: number; // of an end: the way turns so far before it, between the columns, rather than halfway
}

export interface Route {
  steps: PathStep[];
  label: Point; // its middle
  start: Point;
  end: Point;
}

const stub = 18; // that far it goes straight on before it turns
const aside = 6;
const radius = 10; // of a rounded corner

const outward: Record<Side, Point> = { Top: { x: 0, y: -1 }, Right: { x: 1, y: 0 }, Bottom: { x: 0, y: 1 }, Left: { x: -1, y: 0 } };

export function anchorPoint(box: Box, anchor: Anchor): Point {
  const along = { x: box.x + box.width * anchor.at, y: box.y + box.height * anchor.at };
  if (anchor.side === 'Top') return { x: along.x, y: box.y };
  if (anchor.side === 'Bottom') return { x: along.x, y: box.y + box.height };
  return anchor.side === 'Left' ? { x: box.x, y: along.y } : { x: box.x + box.width, y: along.y };
}

// The sides that look at each other. `aside`: both are in one column with others between them, so the way is around these.
export function facingSides(source: Box, target: Box, aside = false): [Side, Side] {
  const across = Math.max(target.x - source.x - source.width, source.x - target.x - target.width);
  const down = Math.max(target.y - source.y - source.height, source.y - target.y - target.height);
  if (across <= 0 && down <= 0) return ['Right', 'Right'];
  if (aside && across <= 0) return ['Right', 'Right'];
  if (down > across) return target.y > source.y ? ['Bottom', 'Top'] : ['Top', 'Bottom'];
  return target.x > source.x ? ['Right', 'Left'] : ['Left', 'Right'];
}

const turn = (p: Point): Point => ({ x: p.y, y: p.x });

// The corners of a way with right angles only. `lane` moves its middle part aside, so that those beside each other do not
// become one line.
function corners(start: Point, from: Side, end: Point, to: Side, lane: number, gutter = 0): Point[] {
  const [a, b] = [outward[from], outward[to]];
  // Told once, for sides at the left and right; for those above and below x and y change places.
  if (a.x === 0 && b.x === 0) {
    const turned: Partial<Record<Side, Side>> = { Top: 'Left', Bottom: 'Right' };
    return corners(turn(start), turned[from]!, turn(end), turned[to]!, lane, gutter).map(turn);
  }
  const s = { x: start.x + a.x * stub, y: start.y + a.y * stub };
  const e = { x: end.x + b.x * stub, y: end.y + b.y * stub };
  if (a.y === 0 && b.y === 0) {
    if (a.x === b.x) {
      // Around those between them: near, as the next column begins soon.
      const x = (a.x > 0 ? Math.max(start.x, end.x) : Math.min(start.x, end.x)) + a.x * (aside + Math.min(aside, Math.abs(lane) / 4));
      return [start, { x, y: start.y }, { x, y: end.y }, end];
    }
    if ((end.x - start.x) * a.x >= 8) {
      // They look at each other.
      const room = Math.max(0, Math.abs(end.x - start.x) / 2 - Math.min(stub, Math.abs(end.x - start.x) / 3));
      const x = gutter && Math.abs(end.x - start.x) > 2 * gutter ? end.x - a.x * gutter + Math.max(-aside, Math.min(aside, lane / 7)) / 2 : (start.x + end.x) / 2 + Math.max(-room, Math.min(room, lane));
      return start.y === end.y ? [start, end] : [start, { x, y: start.y }, { x, y: end.y }, end];
    }
    const y = (start.y + end.y) / 2 + lane;
    return [start, { x: s.x, y: start.y }, { x: s.x, y }, { x: e.x, y }, { x: e.x, y: end.y }, end];
  }
  // One of each: a single corner, if it lies before both.
  const corner = a.y === 0 ? { x: end.x, y: start.y } : { x: start.x, y: end.y };
  const before = (p: Point, q: Point, d: Point) => (q.x - p.x) * d.x + (q.y - p.y) * d.y >= stub;
  if (before(start, corner, a) && before(end, corner, b)) return [start, corner, end];
  return a.y === 0 ? [start, s, { x: s.x, y: e.y }, e, end] : [start, s, { x: e.x, y: s.y }, e, end];
}

const distance = (a: Point, b: Point) => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

function alongCorners(points: readonly Point[], round: number): { steps: PathStep[]; label: Point } {
  const way = points.filter((point, i) => i === 0 || distance(point, points[i - 1]!) > 0.01);
  const first = way[0] ?? points[0]!;
  const steps: PathStep[] = [['M', first.x, first.y]];
  let label = first;
  let longest = -1;
  for (let i = 1; i < way.length; i++) {
    const [before, point, after] = [way[i - 1]!, way[i]!, way[i + 1]];
    if (distance(before, point) > longest) {
      longest = distance(before, point);
      label = { x: (before.x + point.x) / 2, y: (before.y + point.y) / 2 };
    }
    const r = after ? Math.min(round, distance(before, point) / 2, distance(point, after) / 2) : 0;
    if (!after || r < 0.5) {
      steps.push(['L', point.x, point.y]);
      continue;
    }
    const toward = (other: Point, by: number): Point => ({ x: point.x + Math.sign(other.x - point.x) * by, y: point.y + Math.sign(other.y - point.y) * by });
    const [enter, leave] = [toward(before, r), toward(after, r)];
    // Two thirds of the way into the corner is near enough to a quarter of a circle.
    const [c1, c2] = [toward(before, r * 0.448), toward(after, r * 0.448)];
    steps.push(['L', enter.x, enter.y], ['C', c1.x, c1.y, c2.x, c2.y, leave.x, leave.y]);
  }
  if (way.length < 2) steps.push(['L', first.x, first.y]);
  return { steps, label };
}

function curve(start: Point, from: Side, end: Point, to: Side, simple: boolean, lane: number): { steps: PathStep[]; label: Point } {
  const reach = (side: Side, here: Point, there: Point): Point => {
    const out = outward[side];
    const ahead = (there.x - here.x) * out.x + (there.y - here.y) * out.y;
    // A curve that must turn back swings out, the wider the farther it has to go.
    const by = simple ? Math.max(0, ahead / 2) : ahead >= 0 ? ahead / 2 + Math.abs(lane) : 6.25 * Math.sqrt(-ahead) + Math.abs(lane) + stub;
    const least = simple ? 0 : Math.min(40, distance(here, there) / 2);
    return { x: here.x + out.x * Math.max(by, least), y: here.y + out.y * Math.max(by, least) };
  };
  const [c1, c2] = [reach(from, start, end), reach(to, end, start)];
  const middle = (a: number, b: number, c: number, d: number) => (a + 3 * b + 3 * c + d) / 8;
  return {
    steps: [
      ['M', start.x, start.y],
      ['C', c1.x, c1.y, c2.x, c2.y, end.x, end.y],
    ],
    label: { x: middle(start.x, c1.x, c2.x, end.x), y: middle(start.y, c1.y, c2.y, end.y) },
  };
}

export function route(source: Box, target: Box, style: EdgeStyle, from: Anchor, to: Anchor, lane = 0): Route {
  const [start, end] = [anchorPoint(source, from), anchorPoint(target, to)];
  if (style === 'Straight') {
    return { steps: [['M', start.x, start.y], ['L', end.x, end.y]], label: { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 }, start, end };
  }
  const way = style === 'Bezier' || style === 'SimpleBezier' ? curve(start, from.side, end, to.side, style === 'SimpleBezier', lane) : alongCorners(corners(start, from.side, end, to.side, lane, to.gutter), style === 'Step' ? 0 : radius);
  return { ...way, start, end };
}
