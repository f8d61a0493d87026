// SPDX-License-Identifier: BSD-2-Clause
// A PDF file of one page (ISO 32000-1, 7.5): its objects, where each begins, and where the list of that is.

import { deflate } from '../deflate';
import { readColor } from './color';
import { textString } from './letters';
import { figure, FONTS, UNSEEN, UNSEEN_WIDTH, type PdfPainter, type TextImage } from './painter';

const latin = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0) & 255);

class File {
  readonly parts: Uint8Array<ArrayBuffer>[] = [];
  private readonly begins: number[] = []; // of object n at n - 1; 0 until it is written
  private length = 0;

  add(part: string | Uint8Array<ArrayBuffer>) {
    const bytes = typeof part === 'string' ? latin(part) : part;
    this.parts.push(bytes);
    this.length += bytes.length;
  }

  number(): number {
    return this.begins.push(0);
  }

  object(number: number, ...content: (string | Uint8Array<ArrayBuffer>)[]) {
    this.begins[number - 1] = this.length;
    this.add(`${number} 0 obj\n`);
    for (const part of content) this.add(part);
    this.add('\nendobj\n');
  }

  async stream(number: number, entries: string, content: readonly (string | Uint8Array<ArrayBuffer>)[]) {
    const bytes = await deflate(content);
    this.object(number, `<<${entries} /Filter /FlateDecode /Length ${bytes.length}>>\nstream\n`, bytes, '\nendstream');
  }

  end(catalog: number, info: number) {
    const at = this.length;
    const rows = this.begins.map(begin => `${String(begin).padStart(10, '0')} 00000 n \n`).join('');
    this.add(`xref\n0 ${this.begins.length + 1}\n0000000000 65535 f \n${rows}trailer\n<</Size ${this.begins.length + 1} /Root ${catalog} 0 R /Info ${info} 0 R>>\nstartxref\n${at}\n%%EOF\n`);
  }
}

const pad = (value: number) => String(value).padStart(2, '0');
const dateText = (at: Date) => `(D:${at.getUTCFullYear()}${pad(at.getUTCMonth() + 1)}${pad(at.getUTCDate())}${pad(at.getUTCHours())}${pad(at.getUTCMinutes())}${pad(at.getUTCSeconds())}Z)`;
const names = (entries: Iterable<readonly [string, number | string]>) => [...entries].map(([name, what]) => `/${name} ${typeof what === 'number' ? `${what} 0 R` : what}`).join(' ');

export async function pdfFile(painter: PdfPainter, title: string, at: Date): Promise<Uint8Array<ArrayBuffer>[]> {
  const file = new File();
  file.add('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n');
  const [catalog, pages, page, content, info] = [file.number(), file.number(), file.number(), file.number(), file.number()];
  file.object(catalog, `<</Type /Catalog /Pages ${pages} 0 R /Lang (en) /ViewerPreferences <</DisplayDocTitle true>>>>`);
  file.object(pages, `<</Type /Pages /Kids [${page} 0 R] /Count 1>>`);
  file.object(info, `<</Title ${textString(title)} /Producer (NetVisor) /CreationDate ${dateText(at)}>>`);

  const fonts = Object.entries({ FR: FONTS.regular, FB: FONTS.bold, FM: FONTS.mono }).map(([name, font]): [string, number] => {
    const number = file.number();
    file.object(number, `<</Type /Font /Subtype /Type1 /BaseFont /${font} /Encoding /WinAnsiEncoding>>`);
    return [name, number];
  });
  if (painter.images.size) fonts.push([UNSEEN, await writeUnseen(file)]);
  const states = [...painter.alphas].map(([key, id]): [string, string] => [id, `<</ca ${key.split(' ')[0]} /CA ${key.split(' ')[1]}>>`]);
  const drawn: [string, number][] = [];
  for (const { id, content } of painter.icons.values()) {
    const number = file.number();
    drawn.push([id, number]);
    await file.stream(number, '/Type /XObject /Subtype /Form /BBox [-2 -2 26 26] /Resources <<>>', [content]);
  }
  for (const { id, image, color } of painter.images.values()) drawn.push([id, await writeImage(file, image, color)]);
  await file.stream(content, '', painter.pieces());
  const resources = `<</Font <<${names(fonts)}>> /XObject <<${names(drawn)}>> /ExtGState <<${names(states)}>>>>`;
  file.object(page, `<</Type /Page /Parent ${pages} 0 R /MediaBox [0 0 ${figure(painter.width)} ${figure(painter.height)}] /Contents ${content} 0 R /Resources ${resources}>>`);
  file.end(catalog, info);
  return file.parts;
}

// A font whose letters' numbers are UTF-16's own; its shapes do not matter, because nothing is drawn with it.
async function writeUnseen(file: File): Promise<number> {
  const [number, letters, look, meaning] = [file.number(), file.number(), file.number(), file.number()];
  file.object(look, '<</Type /FontDescriptor /FontName /Helvetica /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80>>');
  file.object(letters, `<</Type /Font /Subtype /CIDFontType2 /BaseFont /Helvetica /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /FontDescriptor ${look} 0 R /DW ${UNSEEN_WIDTH * 1000} /CIDToGIDMap /Identity>>`);
  file.object(number, `<</Type /Font /Subtype /Type0 /BaseFont /Helvetica /Encoding /Identity-H /DescendantFonts [${letters} 0 R] /ToUnicode ${meaning} 0 R>>`);
  const rows = Array.from({ length: 256 }, (_, i) => i.toString(16).toUpperCase().padStart(2, '0')).map(high => `<${high}00> <${high}FF> <${high}00>`);
  // At most a hundred rows in one part (ISO 32000-1, 9.10.3, and Adobe's technical note 5014).
  const parts = [rows.slice(0, 100), rows.slice(100, 200), rows.slice(200)].map(part => `${part.length} beginbfrange\n${part.join('\n')}\nendbfrange\n`);
  const map = `/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n${parts.join('')}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend`;
  await file.stream(meaning, '', [map]);
  return number;
}

// A text of one colour is one pixel of it, as large as the text, seen through the letters.
async function writeImage(file: File, image: TextImage, color: string): Promise<number> {
  const form = (width: number, height: number, space: string) => `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /BitsPerComponent 8 /ColorSpace /${space}`;
  const [number, mask] = [file.number(), file.number()];
  await file.stream(mask, form(image.width, image.height, 'DeviceGray'), [image.alpha as Uint8Array<ArrayBuffer>]);
  const [width, height, rgb] = image.rgb ? [image.width, image.height, image.rgb] : [1, 1, Uint8Array.from(readColor(color).rgb, share => Math.round(share * 255))];
  await file.stream(number, `${form(width, height, 'DeviceRGB')} /SMask ${mask} 0 R`, [rgb as Uint8Array<ArrayBuffer>]);
  return number;
}
