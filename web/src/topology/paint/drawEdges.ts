// SPDX-License-Identifier: BSD-2-Clause
// The lines between things. Their widths and dashes are of the screen. What moves along live ones is drawn apart
// (drawMotion), on a layer of its own.

import type { Box } from '../model';
import type { Line } from '../scene/edges';
import { pointsOf, runsIn } from '../scene/path';
import type { Scene } from '../scene/scene';
import type { Drawn, View } from './draw';
import { edgeMark, plainness } from './marks';
import type { Painter } from './painter';
import { textWidth } from './text';

const MOTION_MOST_FAR = 30;
const ARROW = 7; // pixels
const LABELS_MOST = 40;
const LABEL_LETTERS = 11;
const MOTION_MOST = 120;
const MOTION_SPEED = 26; // pixels a second
const MOTION_GAP = 30; // between two dots

export function drawEdges(painter: Painter, scene: Scene, view: View): Drawn {
  const { lines, left } = pickedLines(scene, view);
  const labelled: Line[] = [];
  // The least important first, so that what matters lies above.
  for (let i = lines.length - 1; i >= 0; i--) {
    const line = lines[i]!;
    if (view.moving && (view.moving.has(line.edge.source) || view.moving.has(line.edge.target))) continue;
    if (view.picked && !near(line, view.area)) continue;
    drawEdge(painter, scene, line, view, 'plain');
    line.drawn = line.edge;
    if (!view.coarse && line.edge.label && line.edge.groupId !== null && view.level === 'near') labelled.push(line);
  }
  drawLabels(painter, scene, labelled, view);
  return { edges: lines.length, edgesLeft: left };
}

export const pickedLines = (scene: Scene, view: Pick<View, 'picked' | 'area' | 'level' | 'edgesMost'>) => view.picked ?? scene.linesIn(view.area, view.level === 'far', view.edgesMost);

const SWING = 160; // how far a way may lead around its ends
const near = ({ from, to }: Line, area: Box) =>
  Math.min(from.x, to.x) - SWING < area.x + area.width && Math.max(from.x + from.width, to.x + to.width) + SWING > area.x && Math.min(from.y, to.y) - SWING < area.y + area.height && Math.max(from.y + from.height, to.y + to.height) + SWING > area.y;

export function drawEdge(painter: Painter, scene: Scene, line: Line, view: View, how: 'plain' | 'lit' | 'chosen', alpha = 1) {
  const { edge } = line;
  const p = 1 / view.zoom;
  const mark = edgeMark(edge, view.palette);
  const width = mark.width * slimness(view) + (how === 'plain' ? 0 : how === 'lit' ? 0.5 : 1.5);
  const { color } = mark;
  const { steps, label } = scene.wayOf(line);
  const stroke = { color, width: width * p, ...(mark.dash ? { dash: mark.dash.map(each => each * p) } : {}), ...(how === 'plain' ? { alpha: plainness(edge, line.bundle !== null) } : alpha < 1 ? { alpha } : {}) };
  painter.enter?.(line.id, edge.label);
  if (how === 'chosen') painter.path(steps, { color: view.palette.accent, width: (width + 6) * p, alpha: 0.2 });
  painter.path(steps, stroke, mark.arrow && !view.coarse ? { at: 'end', size: (ARROW + width) * p } : undefined);
  if (mark.dot) {
    painter.circle(label.x, label.y, (width + 2) * p, view.palette.card, { color, width: 1.5 * p });
  }
  painter.leave?.();
}

// From farther away lines are a little thinner.
const slimness = (view: View) => Math.min(1, Math.max(0.6, view.zoom * 1.6));

export function drawLabels(painter: Painter, scene: Scene, lines: readonly Line[], view: View) {
  const p = 1 / view.zoom;
  const taken: Box[] = [];
  for (const line of lines.slice(0, LABELS_MOST)) {
    const at = scene.wayOf(line).label;
    const width = (textWidth(line.edge.label, LABEL_LETTERS) + 14) * p;
    const box = { x: at.x - width / 2, y: at.y - 10 * p, width, height: 20 * p };
    if (taken.some(other => box.x < other.x + other.width && other.x < box.x + box.width && box.y < other.y + other.height && other.y < box.y + box.height)) continue;
    taken.push(box);
    painter.rect(box.x, box.y, box.width, box.height, 6 * p, view.palette.card, { color: view.palette.line, width: p });
    painter.text(line.edge.label, at.x, at.y + LABEL_LETTERS * 0.36 * p, { size: LABEL_LETTERS * p, color: view.palette.ink2, align: 'center' });
  }
}

// Dots that move from one end to the other along what has traffic now. true when there are any.
export function drawMotion(ctx: CanvasRenderingContext2D, scene: Scene, view: View, lit: readonly Line[] | null, transform: { scale: number; x: number; y: number }, seconds: number): boolean {
  const lines = lit ?? pickedLines(scene, view).lines;
  const dpr = transform.scale / view.zoom;
  const most = view.level === 'far' ? MOTION_MOST_FAR : MOTION_MOST;
  let count = 0;
  ctx.lineCap = 'round';
  for (const line of lines) {
    const { edge } = line;
    if (!edge.live || count >= most) continue;
    if (view.moving && (view.moving.has(edge.source) || view.moving.has(edge.target))) continue;
    const mark = edgeMark(edge, view.palette);
    ctx.strokeStyle = mark.color;
    ctx.lineWidth = Math.max(2.6, mark.width * slimness(view) + 1) * dpr;
    ctx.setLineDash([0.01, MOTION_GAP * dpr]);
    const points = pointsOf(scene.wayOf(line).steps).map(at => ({ x: at.x * transform.scale + transform.x, y: at.y * transform.scale + transform.y }));
    const runs = runsIn(points, { x: 0, y: 0, width: ctx.canvas.width, height: ctx.canvas.height });
    if (!runs.length) continue;
    count++;
    const gone = seconds * MOTION_SPEED * (0.6 + edge.weight) * dpr;
    for (const { points: seen, before } of runs) {
      ctx.lineDashOffset = (before - gone) % (MOTION_GAP * dpr);
      ctx.beginPath();
      seen.forEach((at, i) => (i ? ctx.lineTo(at.x, at.y) : ctx.moveTo(at.x, at.y)));
      ctx.stroke();
    }
  }
  ctx.setLineDash([]);
  ctx.lineCap = 'butt';
  return count > 0;
}
