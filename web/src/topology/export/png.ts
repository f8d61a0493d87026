// SPDX-License-Identifier: BSD-2-Clause
// The whole picture as a PNG: twice as fine as the screen, or as fine as a canvas of this browser can be.

import type { Box } from '../model';

export const SCALE = 2;
const SCALE_LEAST = 0.02;
// What browsers' canvases hold: Safari 16,384 a side, all at least these pixels (each is four bytes while it is drawn).
const SIDE_MOST = 16_384;
const PIXELS_MOST = 100e6;
const SMALLER = 0.7; // after a canvas that could not be had

export function fittingScale(width: number, height: number, most = SCALE): number {
  return Math.min(most, SIDE_MOST / width, SIDE_MOST / height, Math.sqrt(PIXELS_MOST / (width * height)));
}

export interface Sheet {
  canvas: HTMLCanvasElement;
  ctx: CanvasRenderingContext2D;
  scale: number;
}

// A canvas for the box with a margin, filled with the background. Some browsers give a canvas that they can't keep: it
// is asked for its last pixel.
export function sheetFor(box: Box, margin: number, background: string, most = SCALE): Sheet | null {
  const [width, height] = [box.width + 2 * margin, box.height + 2 * margin];
  for (let scale = fittingScale(width, height, most); scale >= SCALE_LEAST; scale *= SMALLER) {
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.floor(width * scale));
    canvas.height = Math.max(1, Math.floor(height * scale));
    const ctx = canvas.getContext('2d', { willReadFrequently: true });
    if (ctx) {
      ctx.fillStyle = background;
      ctx.fillRect(0, 0, canvas.width, canvas.height);
      if (ctx.getImageData(canvas.width - 1, canvas.height - 1, 1, 1).data[3] === 255) return { canvas, ctx, scale };
    }
    canvas.width = canvas.height = 0;
  }
  return null;
}
