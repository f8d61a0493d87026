// SPDX-License-Identifier: BSD-2-Clause
// The painter of the screen, and of PNG. It places everything on device pixels itself, so that straight lines are
// crisp at every zoom, and keeps what is costly: icons as small bitmaps, the last font set.

import { iconShape } from '../icons';
import { pointsOf, runsIn } from '../scene/path';
import type { Painter, PathStep, Stroke, TextStyle } from './painter';
import { cutText, fontOf } from './text';

export interface Transform {
  scale: number; // device pixels for a length of the picture
  x: number; // device pixels of the picture's origin
  y: number;
}

export interface Clip {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const whole = (ctx: CanvasRenderingContext2D): Clip => ({ left: 0, top: 0, right: ctx.canvas.width, bottom: ctx.canvas.height });

const ICONS_MOST = 1500; // bitmaps kept; beyond, all are made again
const ICON_PIXELS_MOST = 96; // larger icons are drawn as paths
const FONT_STEP = 4; // letters' sizes are rounded to a part of a pixel, so that glyphs are made for few sizes
const none: number[] = [];

type Sprite = CanvasImageSource & { width: number; height: number };
const sprites = new Map<string, Sprite>();
const paths = new Map<string, { path: Path2D; filled: boolean }>();

function iconPath(name: string) {
  let known = paths.get(name);
  if (!known) {
    const shape = iconShape(name);
    const path = new Path2D();
    for (const part of shape.paths) path.addPath(new Path2D(part));
    paths.set(name, (known = { path, filled: shape.filled }));
  }
  return known;
}

function drawIcon(ctx: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D, name: string, size: number, color: string) {
  const { path, filled } = iconPath(name);
  ctx.scale(size / 24, size / 24);
  if (filled) {
    ctx.fillStyle = color;
    ctx.fill(path);
    return;
  }
  ctx.strokeStyle = color;
  ctx.lineWidth = size < 18 ? 2.1 : 1.8;
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  ctx.stroke(path);
}

function sprite(name: string, size: number, color: string): Sprite {
  const key = `${name} ${size} ${color}`;
  let known = sprites.get(key);
  if (!known) {
    if (sprites.size >= ICONS_MOST) sprites.clear();
    const canvas = new OffscreenCanvas(size, size);
    drawIcon(canvas.getContext('2d')!, name, size, color);
    known = canvas.transferToImageBitmap();
    sprites.set(key, known);
  }
  return known;
}

export class CanvasPainter implements Painter {
  private scale: number;
  private x: number;
  private y: number;
  private font = '';
  private clip: Clip;

  constructor(
    private readonly ctx: CanvasRenderingContext2D,
    transform: Transform = { scale: 1, x: 0, y: 0 },
  ) {
    ({ scale: this.scale, x: this.x, y: this.y } = transform);
    this.clip = whole(ctx);
  }

  // clip: pixels that are drawn at all.
  place(transform: Transform, clip: Clip = whole(this.ctx)) {
    ({ scale: this.scale, x: this.x, y: this.y } = transform);
    this.clip = clip;
    this.font = '';
  }

  rect(x: number, y: number, width: number, height: number, radius: number, fill: string | null, stroke?: Stroke) {
    const { ctx, scale } = this;
    const left = Math.round(x * scale + this.x);
    const top = Math.round(y * scale + this.y);
    const right = Math.round((x + width) * scale + this.x);
    const bottom = Math.round((y + height) * scale + this.y);
    const round = radius * scale;
    if (fill) {
      ctx.fillStyle = fill;
      if (round < 1.5) ctx.fillRect(left, top, right - left, bottom - top);
      else {
        ctx.beginPath();
        ctx.roundRect(left, top, right - left, bottom - top, round);
        ctx.fill();
      }
    }
    if (!stroke) return;
    // Within the box's edge, on whole pixels.
    const half = this.pen(stroke, true) / 2;
    if (round < 1.5) ctx.strokeRect(left + half, top + half, right - left - half * 2, bottom - top - half * 2);
    else {
      ctx.beginPath();
      ctx.roundRect(left + half, top + half, Math.max(0, right - left - half * 2), Math.max(0, bottom - top - half * 2), Math.max(0, round - half));
      ctx.stroke();
    }
    this.restore(stroke);
  }

  circle(x: number, y: number, radius: number, fill: string | null, stroke?: Stroke) {
    const { ctx, scale } = this;
    ctx.beginPath();
    ctx.arc(x * scale + this.x, y * scale + this.y, radius * scale, 0, Math.PI * 2);
    if (fill) {
      ctx.fillStyle = fill;
      ctx.fill();
    }
    if (!stroke) return;
    this.pen(stroke, false);
    ctx.stroke();
    this.restore(stroke);
  }

  path(steps: readonly PathStep[], stroke: Stroke, arrow?: { at: 'end' | 'both'; size: number }) {
    const { ctx, scale, x, y } = this;
    const width = this.pen(stroke, false);
    const axis = Math.round(width) % 2 ? 0.5 : 0;
    if (this.leaves(steps)) this.strokeSeen(steps, axis, stroke, width);
    else {
      ctx.beginPath();
      for (let i = 0; i < steps.length; i++) {
        const step = steps[i]!;
        if (step[0] === 'C') ctx.bezierCurveTo(step[1] * scale + x, step[2] * scale + y, step[3] * scale + x, step[4] * scale + y, step[5] * scale + x, step[6] * scale + y);
        else {
          // Level and upright lines lie on pixels.
          const [px, py] = [Math.round(step[1] * scale + x) + axis, Math.round(step[2] * scale + y) + axis];
          if (step[0] === 'M') ctx.moveTo(px, py);
          else ctx.lineTo(px, py);
        }
      }
      ctx.stroke();
    }
    if (arrow && steps.length > 1) {
      ctx.setLineDash(none);
      ctx.fillStyle = stroke.color;
      this.head(steps, true, arrow.size * scale);
      if (arrow.at === 'both') this.head(steps, false, arrow.size * scale);
    }
    this.restore(stroke);
  }

  // Does it go beyond what is drawn?
  private leaves(steps: readonly PathStep[]): boolean {
    const { left, top, right, bottom } = this.clip;
    for (const step of steps) {
      const px = (step[step.length - 2] as number) * this.scale + this.x;
      const py = (step[step.length - 1] as number) * this.scale + this.y;
      if (px < left || px > right || py < top || py > bottom) return true;
    }
    return false;
  }

  private strokeSeen(steps: readonly PathStep[], axis: number, stroke: Stroke, width: number) {
    const { ctx, scale, x, y } = this;
    const { left, top, right, bottom } = this.clip;
    const slack = width + 2;
    const points = pointsOf(steps).map(point => ({ x: Math.round(point.x * scale + x) + axis, y: Math.round(point.y * scale + y) + axis }));
    const runs = runsIn(points, { x: left - slack, y: top - slack, width: right - left + 2 * slack, height: bottom - top + 2 * slack });
    if (!runs.length) return;
    ctx.beginPath();
    for (const { points: seen, before } of runs) {
      seen.forEach((point, i) => (i ? ctx.lineTo(point.x, point.y) : ctx.moveTo(point.x, point.y)));
      if (!stroke.dash) continue;
      ctx.lineDashOffset = before;
      ctx.stroke();
      ctx.beginPath();
    }
    if (stroke.dash) ctx.lineDashOffset = 0;
    else ctx.stroke();
  }

  text(text: string, x: number, y: number, style: TextStyle) {
    const { ctx, scale } = this;
    const shown = style.width === undefined ? text : cutText(text, style.size, style.width, style);
    if (!shown) return;
    const font = fontOf(style, Math.round(style.size * scale * FONT_STEP) / FONT_STEP);
    if (font !== this.font) {
      ctx.font = font;
      this.font = font;
    }
    const align = style.align ?? 'left';
    if (ctx.textAlign !== align) ctx.textAlign = align;
    ctx.fillStyle = style.color;
    if (style.alpha !== undefined) ctx.globalAlpha = style.alpha;
    ctx.fillText(shown, Math.round(x * scale + this.x), Math.round(y * scale + this.y));
    if (style.alpha !== undefined) ctx.globalAlpha = 1;
  }

  icon(name: string, x: number, y: number, size: number, color: string) {
    const { ctx, scale } = this;
    const exact = size * scale;
    // Few sizes, so that few bitmaps are made while zooming.
    const pixels = exact < 20 ? Math.round(exact) : Math.round(exact / 2) * 2;
    if (pixels < 3) return;
    const [left, top] = [Math.round(x * scale + this.x), Math.round(y * scale + this.y)];
    if (pixels <= ICON_PIXELS_MOST && typeof OffscreenCanvas !== 'undefined') {
      ctx.drawImage(sprite(name, pixels, color), left, top);
      return;
    }
    ctx.save();
    ctx.translate(left, top);
    drawIcon(ctx, name, size * scale, color);
    ctx.restore();
    this.font = '';
  }

  // Sets the pen; answers how wide it is.
  private pen(stroke: Stroke, whole: boolean): number {
    const { ctx, scale } = this;
    const width = Math.max(1, whole ? Math.round(stroke.width * scale) : stroke.width * scale);
    ctx.strokeStyle = stroke.color;
    ctx.lineWidth = width;
    if (stroke.dash) ctx.setLineDash(stroke.dash.map(each => Math.max(1, each * scale)));
    if (stroke.alpha !== undefined) ctx.globalAlpha = stroke.alpha;
    return width;
  }

  private restore(stroke: Stroke) {
    if (stroke.dash) this.ctx.setLineDash(none);
    if (stroke.alpha !== undefined) this.ctx.globalAlpha = 1;
  }

  private head(steps: readonly PathStep[], atEnd: boolean, size: number) {
    const { ctx, scale } = this;
    const [tip, from] = arrowEnds(steps, atEnd);
    const angle = Math.atan2(tip[1] - from[1], tip[0] - from[0]);
    const [tx, ty] = [tip[0] * scale + this.x, tip[1] * scale + this.y];
    ctx.beginPath();
    ctx.moveTo(tx, ty);
    for (const turn of [-0.42, 0.42]) ctx.lineTo(tx - size * Math.cos(angle + turn), ty - size * Math.sin(angle + turn));
    ctx.closePath();
    ctx.fill();
  }
}

// A path's tip, and the point that it is reached from.
function arrowEnds(steps: readonly PathStep[], atEnd: boolean): [[number, number], [number, number]] {
  const point = (step: PathStep): [number, number] => [step[step.length - 2] as number, step[step.length - 1] as number];
  const first = point(steps[0]!);
  const last = steps[steps.length - 1]!;
  if (atEnd) return [point(last), last[0] === 'C' ? [last[3], last[4]] : point(steps[steps.length - 2]!)];
  const second = steps[1]!;
  return [first, [second[1], second[2]]];
}
