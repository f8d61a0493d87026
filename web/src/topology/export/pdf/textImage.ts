// SPDX-License-Identifier: BSD-2-Clause
// A text as pixels, drawn by the browser with whatever fonts it has: for the letters that a PDF's own fonts lack.

import type { TextStyle } from '../../paint/painter';
import { cutText, fontOf } from '../../paint/text';
import type { TextImage } from './painter';

const SCALE = 3;
const SIDE_MOST = 3000; // pixels
const manyColored = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u; // emoji
const BEYOND = 2; // pixels around, for letters that reach out

export function textImages(): (text: string, style: TextStyle) => TextImage | null {
  const canvas = document.createElement('canvas');
  const ctx = canvas.getContext('2d', { willReadFrequently: true });
  return (text, style) => {
    const shown = style.width === undefined ? text : cutText(text, style.size, style.width, style);
    if (!ctx || !shown) return null;
    const font = fontOf(style, style.size * SCALE);
    ctx.font = font;
    const space = ctx.measureText(shown);
    const left = Math.ceil(Math.max(0, space.actualBoundingBoxLeft)) + BEYOND;
    const base = Math.ceil(space.fontBoundingBoxAscent) + BEYOND;
    const width = left + Math.ceil(space.width) + left;
    const height = base + Math.ceil(space.fontBoundingBoxDescent) + BEYOND;
    if (width > SIDE_MOST || height > SIDE_MOST) return null;
    canvas.width = width;
    canvas.height = height;
    ctx.font = font; // a canvas of another size has forgotten it
    ctx.fillStyle = style.color;
    ctx.fillText(shown, left, base);
    const { data } = ctx.getImageData(0, 0, width, height);
    const alpha = new Uint8Array(width * height);
    for (let i = 0; i < alpha.length; i++) alpha[i] = data[4 * i + 3]!;
    const colorful = manyColored.test(shown);
    const rgb = colorful ? new Uint8Array(width * height * 3) : null;
    if (rgb) for (let i = 0; i < alpha.length; i++) rgb.set(data.subarray(4 * i, 4 * i + 3), 3 * i);
    return { width, height, rgb, alpha, scale: SCALE, left, base, shown };
  };
}
