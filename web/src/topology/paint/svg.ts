// SPDX-License-Identifier: BSD-2-Clause
// Draws into an SVG document that needs nothing but itself: no style sheet, no script, no address. Every thing of the picture
// is a group with a title. The document is kept in pieces, because one of ten thousand hosts has tens of megabytes.

import type { Box } from '../model';
import type { Painter, PathStep, Stroke, TextStyle } from './painter';
import { escapeXml } from './xml';

export interface SvgHow {
  title: string;
  background: string | null;
  margin?: number;
  cut: (text: string, style: TextStyle) => string; // to the width of the style
  measure?: (text: string, style: TextStyle) => number; // how wide it is
  shape: (icon: string) => { paths: readonly string[]; filled: boolean };
}

const FAMILY = "'Geist Variable', Geist, Inter, 'Segoe UI', Roboto, system-ui, sans-serif";
const MONO = "'Geist Mono Variable', 'Geist Mono', ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace";
const ANCHORS = { left: '', center: ' text-anchor="middle"', right: ' text-anchor="end"' };
const PIECE = 4000; // marks
const HELD_FROM = 3; // letters

// Two digits are a hundredth of a pixel: enough for a drawing that is printed ten times as large.
export const figure = (value: number) => String(Math.round(value * 100) / 100);

export class SvgPainter implements Painter {
  private readonly done: string[] = [];
  private marks: string[] = [];
  private readonly icons = new Map<string, string>(); // name → id of its symbol
  private open = 0;

  constructor(
    private readonly box: Box,
    private readonly how: SvgHow,
  ) {}

  rect(x: number, y: number, width: number, height: number, radius: number, fill: string | null, stroke?: Stroke) {
    // A line around a box is within it, as on the canvas.
    const inset = stroke ? Math.min(stroke.width, width, height) / 2 : 0;
    const [w, h] = [Math.max(0, width - 2 * inset), Math.max(0, height - 2 * inset)];
    const round = radius > inset ? ` rx="${figure(Math.min(radius - inset, w / 2, h / 2))}"` : '';
    this.mark(`<rect x="${figure(x + inset)}" y="${figure(y + inset)}" width="${figure(w)}" height="${figure(h)}"${round}${fillOf(fill)}${strokeOf(stroke)}/>`);
  }

  circle(x: number, y: number, radius: number, fill: string | null, stroke?: Stroke) {
    this.mark(`<circle cx="${figure(x)}" cy="${figure(y)}" r="${figure(Math.max(0, radius))}"${fillOf(fill)}${strokeOf(stroke)}/>`);
  }

  path(steps: readonly PathStep[], stroke: Stroke, arrow?: { at: 'end' | 'both'; size: number }) {
    if (!steps.length) return;
    this.mark(`<path d="${steps.map(stepText).join('')}" fill="none"${strokeOf(stroke)}/>`);
    // Heads are drawn and not markers: markers have no colour of their own in several programs.
    for (const head of arrow ? arrowHeads(steps, arrow) : []) this.mark(`<path d="${head.map(stepText).join('')}Z"${fillOf(stroke.color)}${alphaOf(stroke.alpha)}/>`);
  }

  text(text: string, x: number, y: number, style: TextStyle) {
    const words = style.width === undefined ? text : this.how.cut(text, style);
    if (!words) return;
    // Who opens it may lack the font: the text is held to its width.
    const held = this.how.measure && words.length >= HELD_FROM ? ` textLength="${figure(this.how.measure(words, style))}" lengthAdjust="spacingAndGlyphs"` : '';
    const weight = style.weight && style.weight !== 400 ? ` font-weight="${style.weight}"` : '';
    const family = style.mono ? ` font-family="${MONO}"` : '';
    this.mark(`<text x="${figure(x)}" y="${figure(y)}" font-size="${figure(style.size)}"${family}${weight}${ANCHORS[style.align ?? 'left']}${fillOf(style.color)}${alphaOf(style.alpha)}${held}>${escapeXml(words)}</text>`);
  }

  icon(name: string, x: number, y: number, size: number, color: string) {
    let id = this.icons.get(name);
    if (!id) this.icons.set(name, (id = `i${this.icons.size}`));
    this.mark(`<use href="#${id}" x="${figure(x)}" y="${figure(y)}" width="${figure(size)}" height="${figure(size)}" stroke-width="${size < 18 ? 2.1 : 1.8}" color="${escapeXml(color)}"/>`);
  }

  enter(id: string, title: string) {
    this.open++;
    this.mark(`<g data-id="${escapeXml(id)}"><title>${escapeXml(title)}</title>`);
  }

  leave() {
    if (this.open === 0) return;
    this.open--;
    this.mark('</g>');
  }

  // The whole document, as pieces that belong together in this order.
  pieces(): string[] {
    const { box, how } = this;
    const margin = how.margin ?? 0;
    const [x, y, width, height] = [box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin].map(figure) as [string, string, string, string];
    const head =
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}" role="img" font-family="${FAMILY}" text-rendering="geometricPrecision">` +
      `<title>${escapeXml(how.title)}</title><defs>${[...this.icons].map(([name, id]) => symbol(how.shape(name), id)).join('')}</defs>` +
      (how.background === null ? '' : `<rect x="${x}" y="${y}" width="${width}" height="${height}"${fillOf(how.background)}/>`);
    return [head, ...this.done, this.marks.join('') + '</g>'.repeat(this.open) + '</svg>'];
  }

  document(): string {
    return this.pieces().join('');
  }

  private mark(text: string) {
    this.marks.push(text);
    if (this.marks.length < PIECE) return;
    this.done.push(this.marks.join(''));
    this.marks = [];
  }
}

const fillOf = (color: string | null) => (color === null ? ' fill="none"' : ` fill="${escapeXml(color)}"`);
const alphaOf = (alpha: number | undefined) => (alpha === undefined || alpha >= 1 ? '' : ` opacity="${figure(alpha)}"`);

function strokeOf(stroke: Stroke | undefined): string {
  if (!stroke) return '';
  const dash = stroke.dash?.length ? ` stroke-dasharray="${stroke.dash.map(figure).join(' ')}"` : '';
  const alpha = stroke.alpha === undefined || stroke.alpha >= 1 ? '' : ` stroke-opacity="${figure(stroke.alpha)}"`;
  return ` stroke="${escapeXml(stroke.color)}" stroke-width="${figure(stroke.width)}"${dash}${alpha}`;
}

const stepText = ([letter, ...values]: PathStep) => letter + values.map(figure).join(' ');

function symbol({ paths, filled }: ReturnType<SvgHow['shape']>, id: string): string {
  const look = filled ? 'fill="currentColor"' : 'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${id}" viewBox="0 0 24 24"><g ${look}>${paths.map(path => `<path d="${escapeXml(path)}"/>`).join('')}</g></symbol>`;
}

const HALF_ANGLE = 0.42; // of an arrow's head, as on the canvas

// The triangles at a path's end, or at both; each as the corners of a closed path.
export function arrowHeads(steps: readonly PathStep[], arrow: { at: 'end' | 'both'; size: number }): PathStep[][] {
  const points = steps.flatMap(([, ...values]) => pairs(values));
  const ends: [number, number][][] = arrow.at === 'both' ? [points, [...points].reverse()] : [points];
  return ends.flatMap(line => {
    const tip = line[line.length - 1]!;
    const before = line.slice(0, -1).reverse().find(([x, y]) => Math.hypot(tip[0] - x, tip[1] - y) > 0.01);
    if (!before) return [];
    const angle = Math.atan2(tip[1] - before[1], tip[0] - before[0]);
    const corner = (turn: number): PathStep => ['L', tip[0] - arrow.size * Math.cos(angle + turn), tip[1] - arrow.size * Math.sin(angle + turn)];
    return [[['M', tip[0], tip[1]], corner(-HALF_ANGLE), corner(HALF_ANGLE)]];
  });
}

function pairs(values: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  for (let i = 0; i + 1 < values.length; i += 2) found.push([values[i]!, values[i + 1]!]);
  return found;
}
