// SPDX-License-Identifier: BSD-2-Clause
// The letters that a PDF's own fonts have, and how wide they are: Helvetica and its bold, which every reader knows, in
// WinAnsiEncoding (ISO 32000-1, annex D). Widths are those of Adobe's font metrics, in thousandths of the letters' size.

export type Face = 'regular' | 'bold' | 'mono';

const MONO_WIDTH = 600;

// Letters 128…159; the five that are not used stand for nothing.
const above127 = '€\0‚ƒ„…†‡ˆ‰Š‹Œ\0Ž\0\0‘’“”•–—˜™š›œ\0žŸ';
const codes = new Map<string, number>();
for (let code = 32; code < 127; code++) codes.set(String.fromCharCode(code), code);
for (let code = 160; code < 256; code++) codes.set(String.fromCharCode(code), code);
[...above127].forEach((letter, i) => letter !== '\0' && codes.set(letter, 128 + i));
// What looks alike enough.
for (const [letter, like] of [['\u2010', '-'], ['\u2011', '-'], ['\u2212', '-'], ['\u202f', ' '], ['\u2009', ' '], ['\u200e', ''], ['\u200f', ''], ['\ufe0f', '']] as const) if (like) codes.set(letter, like.charCodeAt(0));

// From the space on: each width as often as it says, "556*10".
const read = (text: string) => text.split(' ').flatMap(part => {
  const [width, times = '1'] = part.split('*') as [string, string?];
  return Array<number>(Number(times)).fill(Number(width));
});
const widths: Record<'regular' | 'bold', number[]> = {
  regular: read(
    '278*2 355 556*2 889 667 191 333*2 389 584 278 333 278*2 556*10 278*2 584*3 556 1015 667*2 722*2 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667*2 611 278*3 469 556 333 ' +
    '556*2 500 556*2 278 556*2 222*2 500 222 833 556*4 333 500 278 556 500 722 500*3 334 260 334 584 350 556 350 222 556 333 1000 556*2 333 1000 667 333 1000 350 611 350*2 222*2 333*2 350 556 1000 333 1000 500 333 944 350 500 667 ' +
    '278 333 556*4 260 556 333 737 370 556 584 333 737 333 400 584 333*3 556 537 278 333*2 365 556 834*3 611 667*6 1000 722 667*4 278*4 722*2 778*5 584 778 722*4 667*2 611 556*6 889 500 556*4 278*4 556*7 584 611 556*4 500 556 500',
  ),
  bold: read(
    '278 333 474 556*2 889 722 238 333*2 389 584 278 333 278*2 556*10 333*2 584*3 611 975 722*4 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667*2 611 333 278 333 584 556 333 ' +
    '556 611 556 611 556 333 611*2 278*2 556 278 889 611*4 389 556 333 611 556 778 556*2 500 389 280 389 584 350 556 350 278 556 500 1000 556*2 333 1000 667 333 1000 350 611 350*2 278*2 500*2 350 556 1000 333 1000 556 333 944 350 500 667 ' +
    '278 333 556*4 280 556 333 737 370 556 584 333 737 333 400 584 333*3 611 556 278 333*2 365 556 834*3 611 722*6 1000 722 667*4 278*4 722*2 778*5 584 778 722*4 667*2 611 556*6 889 556*5 278*4 611*7 584 611*5 556 611 556',
  ),
};
for (const list of Object.values(widths)) if (list.length !== 224) throw new Error('widths of 224 letters');

const widthOf = (code: number, face: Face) => (face === 'mono' ? MONO_WIDTH : widths[face][code - 32]!);

// The letters as numbers; null when there is one that the fonts do not have.
export function encode(text: string): number[] | null {
  const out: number[] = [];
  for (const letter of text.normalize('NFC')) {
    const code = codes.get(letter);
    if (code === undefined) return null;
    out.push(code);
  }
  return out;
}

// With question marks for what the fonts do not have; one for each run of it.
export const encodeRoughly = (text: string): number[] => encode([...text.normalize('NFC')].map(letter => (codes.has(letter) ? letter : '\ufffd')).join('').replace(/\ufffd+/g, '?'))!;

export function widthOfAll(letters: readonly number[], face: Face): number {
  let width = 0;
  for (const code of letters) width += widthOf(code, face);
  return width / 1000;
}

// What fits into the room (in sizes of the letters), with an ellipsis when something is cut.
export function fit(letters: number[], face: Face, room: number): number[] {
  if (widthOfAll(letters, face) <= room) return letters;
  const ellipsis = codes.get('…')!;
  let left = room - widthOf(ellipsis, face) / 1000;
  let count = 0;
  while (count < letters.length && (left -= widthOf(letters[count]!, face) / 1000) >= 0) count++;
  while (count > 0 && letters[count - 1] === 32) count--;
  return count < 2 ? [] : [...letters.slice(0, count), ellipsis];
}

const octal = (code: number) => `\\${code.toString(8).padStart(3, '0')}`;

// As a string of a PDF (7.3.4.2); what is not ASCII by its number.
export const literal = (letters: readonly number[]) => `(${letters.map(code => (code > 126 ? octal(code) : code === 40 || code === 41 || code === 92 ? `\\${String.fromCharCode(code)}` : String.fromCharCode(code))).join('')})`;

export function utf16(text: string): string {
  let hex = '';
  for (let i = 0; i < text.length; i++) hex += text.charCodeAt(i).toString(16).toUpperCase().padStart(4, '0');
  return hex;
}

// Any text, as UTF-16 with its mark (7.9.2.2).
export const textString = (text: string) => `<FEFF${utf16(text)}>`;
