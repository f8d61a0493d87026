// SPDX-License-Identifier: BSD-2-Clause
// How wide letters are, so that text is cut before it meets what is beside it. One measure for all painters: the sum
// of each letter's advance, measured once at a large size; kerning makes it a little less, never more.

import type { TextStyle } from './painter';

const FONT = "'Geist Variable', system-ui, sans-serif";
const FONT_MONO = "'Geist Mono Variable', ui-monospace, monospace";

type Face = Pick<TextStyle, 'weight' | 'mono'>;

const MEASURED_SIZE = 100;
const UNMEASURED = 0.56; // of the size, where there is nothing to measure with
const TEXTS_MOST = 20_000; // remembered widths

const nameOf = (face: Face) => (face.mono ? 'mono' : String(face.weight ?? 400));
export const fontOf = (face: Face, size: number) => `${face.weight ?? 400} ${size}px ${face.mono ? FONT_MONO : FONT}`;

const letters = new Map<string, Map<string, number>>();
const widths = new Map<string, Map<string, number>>();
let remembered = 0;
let measuring: CanvasRenderingContext2D | null | undefined;

function letterWidth(letter: string, face: Face): number {
  const name = nameOf(face);
  let known = letters.get(name);
  if (!known) letters.set(name, (known = new Map()));
  let width = known.get(letter);
  if (width === undefined) {
    if (measuring === undefined) measuring = typeof document === 'undefined' ? null : document.createElement('canvas').getContext('2d');
    if (measuring) {
      measuring.font = fontOf(face, MEASURED_SIZE);
      width = measuring.measureText(letter).width / MEASURED_SIZE;
    } else width = UNMEASURED;
    known.set(letter, width);
  }
  return width;
}

// When the fonts have come, what was measured before is of another font.
export function forgetWidths() {
  letters.clear();
  widths.clear();
  remembered = 0;
}

// In sizes of the letters.
function relativeWidth(text: string, face: Face): number {
  const name = nameOf(face);
  let known = widths.get(name);
  if (!known) widths.set(name, (known = new Map()));
  let width = known.get(text);
  if (width === undefined) {
    width = 0;
    for (const letter of text) width += letterWidth(letter, face);
    if (++remembered > TEXTS_MOST) {
      widths.clear();
      remembered = 0;
      widths.set(name, (known = new Map()));
    }
    known.set(text, width);
  }
  return width;
}

export const textWidth = (text: string, size: number, face: Face = {}) => relativeWidth(text, face) * size;

// The text, or as much of it as fits with an ellipsis; '' when not even two letters would.
export function cutText(text: string, size: number, width: number, face: Face = {}): string {
  const room = width / size;
  if (relativeWidth(text, face) <= room) return text;
  let left = room - letterWidth('…', face);
  let end = 0;
  for (const letter of text) {
    left -= letterWidth(letter, face);
    if (left < 0) break;
    end += letter.length;
  }
  return end < 2 ? '' : `${text.slice(0, end).trimEnd()}…`;
}
