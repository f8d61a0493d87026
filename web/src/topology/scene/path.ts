// SPDX-License-Identifier: BSD-2-Clause
// Points along a drawn line, and how near it passes.

import type { Point } from '../model';
import type { PathStep } from '../paint/painter';

const CURVE_PARTS = 14;

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
    for (let i = 1; i <= CURVE_PARTS; i++) {
      const t = i / CURVE_PARTS;
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
