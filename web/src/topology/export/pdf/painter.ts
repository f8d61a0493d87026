// SPDX-License-Identifier: BSD-2-Clause
// Draws into the page of a PDF: lines as lines, text as text. Written straight in the page's own language (ISO 32000-1, 8 and
// 9), because a library that goes by way of a document's elements would hold the browser for minutes with large pictures.

import { arrowHeads } from '../../paint/svg';
import { readPath } from '../../paint/pathData';
import { plainText } from '../../paint/xml';
import type { Box } from '../../model';
import type { Painter, PathStep, Stroke, TextStyle } from '../../paint/painter';
import { readColor } from './color';
import { encode, encodeRoughly, fit, literal, utf16, widthOfAll, type Face } from './letters';

// A text as pixels, for letters that the fonts do not have.
export interface TextImage {
  width: number; // pixels
  height: number;
  rgb: Uint8Array | null; // null: all of one colour
  alpha: Uint8Array;
  scale: number; // pixels for a length of the picture
  left: number; // pixels from its edge to where the letters begin
  base: number; // and down to what they stand on
  shown: string; // as much of the text as there was room for
}

export interface PdfHow {
  background: string | null;
  margin?: number;
  shape: (icon: string) => { paths: readonly string[]; filled: boolean };
  picture: (text: string, style: TextStyle) => TextImage | null;
}

export const FONTS: Record<Face, string> = { regular: 'Helvetica', bold: 'Helvetica-Bold', mono: 'Courier' };
export const UNSEEN = 'FU'; // the font of letters that are not drawn
export const UNSEEN_WIDTH = 0.5;
const NAMES: Record<Face, string> = { regular: 'FR', bold: 'FB', mono: 'FM' };

const POINTS = 0.75; // of a pixel
const SIDE_MOST = 14_400; // points: what readers show (annex C)
const SIDE_LEAST = 36;
const KAPPA = 0.5523;
const PIECE = 4000;
const IMAGES_MOST = 10_000; // kinds of text that are drawn as pictures
const BYTES_MOST = 64e6; // of all of them

export const figure = (value: number) => String(Math.round(value * 1000) / 1000);
const stepText = (step: PathStep) => `${step.slice(1).map(value => figure(value as number)).join(' ')} ${step[0] === 'M' ? 'm' : step[0] === 'L' ? 'l' : 'c'}`;

export class PdfPainter implements Painter {
  readonly width: number; // points
  readonly height: number;
  readonly icons = new Map<string, { id: string; content: string }>();
  readonly images = new Map<string, { id: string; image: TextImage; color: string }>();
  readonly alphas = new Map<string, string>(); // "fill line" → its name
  drawnAsImages = 0; // texts
  replaced = 0; // texts with question marks
  private readonly done: string[] = [];
  private marks: string[] = [];
  private bytes = 0;
  private now = { fill: '', line: '', width: '', dash: '', alpha: '1 1' };

  constructor(
    box: Box,
    private readonly how: PdfHow,
  ) {
    const margin = how.margin ?? 0;
    const [width, height] = [Math.max(1, box.width + 2 * margin), Math.max(1, box.height + 2 * margin)];
    const scale = Math.min(POINTS, SIDE_MOST / Math.max(width, height));
    this.width = Math.max(SIDE_LEAST, width * scale);
    this.height = Math.max(SIDE_LEAST, height * scale);
    // A page's y grows upwards, the picture's downwards.
    this.marks.push(`${figure(scale)} 0 0 ${figure(-scale)} ${figure((margin - box.x) * scale)} ${figure(this.height + (box.y - margin) * scale)} cm`);
    if (how.background !== null) this.rect(box.x - margin, box.y - margin, width, height, 0, how.background);
  }

  rect(x: number, y: number, width: number, height: number, radius: number, fill: string | null, stroke?: Stroke) {
    const inset = stroke ? Math.min(stroke.width, width, height) / 2 : 0;
    const [left, top, w, h] = [x + inset, y + inset, Math.max(0, width - 2 * inset), Math.max(0, height - 2 * inset)];
    const round = Math.max(0, Math.min(radius - inset, w / 2, h / 2));
    this.paint(round > 0.01 ? roundBox(left, top, w, h, round) : `${[left, top, w, h].map(figure).join(' ')} re`, fill, stroke);
  }

  circle(x: number, y: number, radius: number, fill: string | null, stroke?: Stroke) {
    if (radius > 0) this.paint(roundBox(x - radius, y - radius, 2 * radius, 2 * radius, radius), fill, stroke);
  }

  path(steps: readonly PathStep[], stroke: Stroke, arrow?: { at: 'end' | 'both'; size: number }) {
    if (!steps.length) return;
    this.paint(steps.map(stepText).join(' '), null, stroke);
    for (const head of arrow ? arrowHeads(steps, arrow) : []) this.paint(`${head.map(stepText).join(' ')} h`, stroke.color, undefined, stroke.alpha);
  }

  text(text: string, x: number, y: number, style: TextStyle) {
    const words = plainText(text);
    const face: Face = style.mono ? 'mono' : (style.weight ?? 400) >= 500 ? 'bold' : 'regular';
    let letters = encode(words);
    if (!letters) {
      if (this.image(words, x, y, style)) return;
      letters = encodeRoughly(words);
      this.replaced++;
    }
    if (style.width !== undefined) letters = fit(letters, face, style.width / style.size);
    if (!letters.length) return;
    const from = x - widthOfAll(letters, face) * style.size * { left: 0, center: 0.5, right: 1 }[style.align ?? 'left'];
    this.color('fill', style.color);
    this.alpha(readColor(style.color).alpha * (style.alpha ?? 1), 1);
    this.mark(`BT /${NAMES[face]} ${figure(style.size)} Tf 1 0 0 -1 ${figure(from)} ${figure(y)} Tm ${literal(letters)} Tj ET`);
  }

  icon(name: string, x: number, y: number, size: number, color: string) {
    let icon = this.icons.get(name);
    if (!icon) {
      const { paths, filled } = this.how.shape(name);
      const content = `${paths.map(path => readPath(path).map(stepText).join(' ')).join(' ')} ${filled ? 'f' : 'S'}`;
      this.icons.set(name, (icon = { id: `I${this.icons.size}`, content }));
    }
    this.color('fill', color);
    this.color('line', color);
    this.alpha(readColor(color).alpha, readColor(color).alpha);
    const scale = figure(size / 24);
    this.mark(`q ${scale} 0 0 ${scale} ${figure(x)} ${figure(y)} cm 1 J 1 j [] 0 d ${size < 18 ? 2.1 : 1.8} w /${icon.id} Do Q`);
  }

  // What the page says, in pieces.
  pieces(): string[] {
    return [...this.done, this.marks.join('\n')];
  }

  // As a small picture, with the letters themselves over it, unseen, for whoever searches or copies: as in a scanned page.
  private image(text: string, x: number, y: number, style: TextStyle): boolean {
    const key = [text, style.size, style.color, style.weight, style.mono, style.width, style.alpha].join('\n');
    let found = this.images.get(key);
    if (!found) {
      if (this.images.size >= IMAGES_MOST || this.bytes > BYTES_MOST) return false;
      const image = this.how.picture(text, style);
      if (!image) return false;
      this.bytes += image.alpha.length + (image.rgb?.length ?? 0);
      this.images.set(key, (found = { id: `P${this.images.size}`, image, color: style.color }));
    }
    this.drawnAsImages++;
    const { image } = found;
    const [width, height] = [image.width / image.scale, image.height / image.scale];
    const from = x - image.left / image.scale - (width - (2 * image.left) / image.scale) * { left: 0, center: 0.5, right: 1 }[style.align ?? 'left'];
    this.alpha(style.alpha ?? 1, 1);
    this.mark(`q ${figure(width)} 0 0 ${figure(-height)} ${figure(from)} ${figure(y - image.base / image.scale + height)} cm /${found.id} Do Q`);
    const units = utf16(image.shown);
    const wide = (width - (2 * image.left) / image.scale) / ((units.length / 4) * UNSEEN_WIDTH * style.size);
    this.mark(`BT 3 Tr /${UNSEEN} ${figure(style.size)} Tf ${figure(wide * 100)} Tz 1 0 0 -1 ${figure(from + image.left / image.scale)} ${figure(y)} Tm <${units}> Tj 0 Tr 100 Tz ET`);
    return true;
  }

  private paint(shape: string, fill: string | null, stroke: Stroke | undefined, alpha = 1) {
    if (fill === null && !stroke) return;
    if (fill !== null) this.color('fill', fill);
    if (stroke) {
      this.color('line', stroke.color);
      this.set('width', `${figure(stroke.width)} w`);
      this.set('dash', `[${(stroke.dash ?? []).map(figure).join(' ')}] 0 d`);
    }
    this.alpha((fill === null ? 1 : readColor(fill).alpha) * alpha, stroke ? readColor(stroke.color).alpha * (stroke.alpha ?? 1) : 1);
    this.mark(`${shape} ${fill !== null && stroke ? 'B' : stroke ? 'S' : 'f'}`);
  }

  private color(what: 'fill' | 'line', css: string) {
    this.set(what, `${readColor(css).rgb.map(figure).join(' ')} ${what === 'fill' ? 'rg' : 'RG'}`);
  }

  private alpha(fill: number, line: number) {
    const key = `${figure(Math.round(fill * 100) / 100)} ${figure(Math.round(line * 100) / 100)}`;
    if (this.now.alpha === key) return;
    this.now.alpha = key;
    let id = this.alphas.get(key);
    if (!id) this.alphas.set(key, (id = `G${this.alphas.size}`));
    this.mark(`/${id} gs`);
  }

  // Said only when it changes: most things look like those beside them.
  private set(what: 'fill' | 'line' | 'width' | 'dash', text: string) {
    if (this.now[what] === text) return;
    this.now[what] = text;
    this.mark(text);
  }

  private mark(text: string) {
    this.marks.push(text);
    if (this.marks.length < PIECE) return;
    this.done.push(this.marks.join('\n') + '\n');
    this.marks = [];
  }
}

function roundBox(x: number, y: number, width: number, height: number, r: number): string {
  const [right, bottom, k] = [x + width, y + height, r * (1 - KAPPA)];
  return [
    `${figure(x + r)} ${figure(y)} m ${figure(right - r)} ${figure(y)} l`,
    `${figure(right - k)} ${figure(y)} ${figure(right)} ${figure(y + k)} ${figure(right)} ${figure(y + r)} c ${figure(right)} ${figure(bottom - r)} l`,
    `${figure(right)} ${figure(bottom - k)} ${figure(right - k)} ${figure(bottom)} ${figure(right - r)} ${figure(bottom)} c ${figure(x + r)} ${figure(bottom)} l`,
    `${figure(x + k)} ${figure(bottom)} ${figure(x)} ${figure(bottom - k)} ${figure(x)} ${figure(bottom - r)} c ${figure(x)} ${figure(y + r)} l`,
    `${figure(x)} ${figure(y + k)} ${figure(x + k)} ${figure(y)} ${figure(x + r)} ${figure(y)} c h`,
  ].join(' ');
}
