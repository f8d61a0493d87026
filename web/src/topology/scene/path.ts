// SPDX-License-Identifier: BSD-2-Clause
// Points along a drawn line: as straight pieces, how near it passes, what of it is in an area.

import type { Box, Point } from '../model';
import type { PathStep } from '../paint/painter';

const CURVE_PARTS = 14;
const CURVE_PARTS_MOST = 60;
const CORNER_PARTS = 4; // of a curve so short that it is a rounded corner
const CORNER = 40;

// The line as short straight pieces.
export function pointsOf(steps: readonly PathStep[]): Point[] {
  const points: Point[] = [];
  for (const step of steps) {
    const last = points[points.length - 1];
    if (step[0] !== 'C' || !last) {
      points.push({ x: step[step.length - 2] as number, y: step[step.length - 1] as number });
      continue;
    }
    const [, ax, ay, bx, by, x, y] = step;
    const long = Math.abs(x - last.x) + Math.abs(y - last.y);
    const parts = long < CORNER ? CORNER_PARTS : Math.min(CURVE_PARTS_MOST, CURVE_PARTS + Math.floor(long / 70));
    for (let i = 1; i <= parts; i++) {
      const t = i / parts;
      const u = 1 - t;
      points.push({ x: u * u * u * last.x + 3 * u * u * t * ax + 3 * u * t * t * bx + t * t * t * x, y: u * u * u * last.y + 3 * u * u * t * ay + 3 * u * t * t * by + t * t * t * y });
    }
  }
  return points;
}

export function distanceTo(steps: readonly PathStep[], at: Point): number {
  const points = pointsOf(steps);
  let least = Infinity;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const share = Math.max(0, Math.min(1, ((at.x - a.x) * dx + (at.y - a.y) * dy) / (dx * dx + dy * dy || 1)));
    least = Math.min(least, Math.hypot(at.x - a.x - dx * share, at.y - a.y - dy * share));
  }
  return least;
}

export interface Run {
  points: Point[];
  before: number; // how long the line is up to here
}

// The parts of a line that are in an area: what draws dashes along a line of a hundred screens' length, of which one
// is in sight, would otherwise make a hundred screens of dashes.
export function runsIn(points: readonly Point[], { x, y, width, height }: Box): Run[] {
  const runs: Run[] = [];
  let run: Run | null = null;
  let length = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    const [dx, dy] = [b.x - a.x, b.y - a.y];
    const long = Math.hypot(dx, dy);
    let from = 0;
    let to = 1;
    const cut = (p: number, q: number) => {
      if (p === 0) return q >= 0;
      const at = q / p;
      if (p < 0) from = Math.max(from, at);
      else to = Math.min(to, at);
      return from <= to;
    };
    const seen = cut(-dx, a.x - x) && cut(dx, x + width - a.x) && cut(-dy, a.y - y) && cut(dy, y + height - a.y);
    if (seen) {
      if (!run || from > 0) runs.push((run = { points: [{ x: a.x + dx * from, y: a.y + dy * from }], before: length + long * from }));
      run.points.push({ x: a.x + dx * to, y: a.y + dy * to });
    }
    if (!seen || to < 1) run = null;
    length += long;
  }
  return runs;
}
