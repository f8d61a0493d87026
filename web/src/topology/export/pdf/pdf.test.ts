// SPDX-License-Identifier: BSD-2-Clause
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';

import { readColor } from './color';
import { pdfFile } from './document';
import { encode, fit, literal, widthOfAll } from './letters';
import { PdfPainter, type PdfHow } from './painter';
import { plainText } from '../../paint/xml';
import type { TextStyle } from '../../paint/painter';
import { hostile } from '../testing/sample';

const style: TextStyle = { size: 10, color: '#102030' };
const box = { x: 10, y: 20, width: 400, height: 200 };
const pixels = () => ({ width: 4, height: 2, rgb: new Uint8Array(24).fill(7), alpha: new Uint8Array(8).fill(255), scale: 2, left: 1, base: 1, shown: '日本' });
const how: PdfHow = { background: '#ffffff', shape: () => ({ paths: ['M0 0L24 24'], filled: false }), picture: pixels };

// Follows the file's own list of objects, as a reader does; throws when one is not where the list says.
function read(parts: Uint8Array[]) {
  const file = Buffer.concat(parts);
  const text = file.toString('latin1');
  expect(text.startsWith('%PDF-1.7\n')).toBe(true);
  const list = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)![1]);
  expect(text.slice(list, list + 5)).toBe('xref\n');
  const rows = [...text.slice(list).matchAll(/^(\d{10}) 00000 n $/gm)].map(row => Number(row[1]));
  const objects = rows.map((begin, i) => {
    const head = `${i + 1} 0 obj\n`;
    expect(text.slice(begin, begin + head.length)).toBe(head);
    const body = text.slice(begin + head.length, text.indexOf('\nendobj', begin));
    const stream = /\/Length (\d+)>>\nstream\n/.exec(body);
    if (!stream) return { dictionary: body, content: '' };
    const from = begin + head.length + stream.index + stream[0].length;
    expect(text.slice(from + Number(stream[1]), from + Number(stream[1]) + 10)).toBe('\nendstream');
    return { dictionary: body.slice(0, stream.index), content: inflateSync(file.subarray(from, from + Number(stream[1]))).toString('latin1') };
  });
  const page = objects.find(object => object.dictionary.includes('/Type /Page '))!;
  const content = objects[Number(/\/Contents (\d+) 0 R/.exec(page.dictionary)![1]) - 1]!.content;
  return { text, objects, page: page.dictionary, content };
}

// The texts of a page, as the page's language has them.
// Node's own decoder takes it for Latin-1.
const signs: Record<string, string> = { '\x80': '€', '\x85': '…', '\x93': '“', '\x94': '”', '\x96': '–' };
const textsOf = (content: string) =>
  [...content.matchAll(/\(((?:[^()\\]|\\.)*)\) Tj/g)].map(found => found[1]!.replace(/\\(\d{3})|\\(.)/g, (_, octal: string | undefined, sign: string) => (octal ? String.fromCharCode(parseInt(octal, 8)) : sign)).replace(/[\x80-\x9f]/g, code => signs[code]!));

describe('a PDF', () => {
  it('is a page of the picture’s shape', async () => {
    const painter = new PdfPainter(box, { ...how, margin: 10 });
    const { page, text } = read(await pdfFile(painter, 'Büro', new Date(Date.UTC(2026, 10, 28, 14, 3, 22))));
    expect(page).toContain('/MediaBox [0 0 315 165]');
    expect(text).toContain('/Title <FEFF004200FC0072006F>');
    expect(text).toContain('(D:20261128140322Z)');
  });

  it('is no larger than readers show', () => {
    const painter = new PdfPainter({ x: 0, y: 0, width: 40_000, height: 20_000 }, how);
    expect([painter.width, painter.height]).toEqual([14_400, 7200]);
  });

  it('has text as text', async () => {
    const painter = new PdfPainter(box, how);
    painter.text('Grafana (3000/tcp) \\ – “Ünï…” €', 10, 20, style);
    painter.text('bold', 10, 20, { ...style, weight: 600 });
    painter.text('10.0.0.1', 10, 20, { ...style, mono: true, align: 'right' });
    const { content } = read(await pdfFile(painter, '', new Date(0)));
    expect(textsOf(content)).toEqual(['Grafana (3000/tcp) \\ – “Ünï…” €', 'bold', '10.0.0.1']);
    expect(content).toContain('/FB 10 Tf');
    expect(content).toContain('/FM 10 Tf 1 0 0 -1 -38 20 Tm');
  });

  it('draws what its fonts do not have as a picture, with the letters unseen over it', async () => {
    const painter = new PdfPainter(box, how);
    painter.text('日本', 10, 20, style);
    painter.text('日本', 50, 20, style);
    painter.text('plain', 50, 20, style);
    const { content, objects } = read(await pdfFile(painter, '', new Date(0)));
    expect(content).toContain('q 2 0 0 -1 9.5 20.5 cm /P0 Do Q\nBT 3 Tr /FU 10 Tf 10 Tz 1 0 0 -1 10 20 Tm <65E5672C> Tj 0 Tr 100 Tz ET');
    expect(objects.filter(object => object.dictionary.includes('/Subtype /Image'))).toHaveLength(2);
    expect(textsOf(content)).toEqual(['plain']);
    expect(painter.drawnAsImages).toBe(2);
  });

  it('has question marks where there can be no picture, never other letters', async () => {
    const painter = new PdfPainter(box, { ...how, picture: () => null });
    painter.text('host 日本 1', 10, 20, style);
    expect(textsOf(read(await pdfFile(painter, '', new Date(0))).content)).toEqual(['host ? 1']);
    expect(painter.replaced).toBe(1);
  });

  it('is whole, whatever things are called', async () => {
    const painter = new PdfPainter(box, { ...how, picture: () => null });
    for (const name of hostile) {
      painter.text(name, 0, 0, { ...style, color: name });
      painter.icon(name, 0, 0, 16, name);
    }
    const { content } = read(await pdfFile(painter, hostile.join(''), new Date(0)));
    expect(content).toMatch(/^[\n -~]*$/);
    const found = textsOf(content);
    for (const name of hostile.map(plainText)) if (name && encode(name)) expect(found).toContain(name);
  });

  it('draws what it is told, and says a colour once', async () => {
    const painter = new PdfPainter(box, { ...how, background: null });
    painter.rect(0, 0, 10, 10, 0, '#ff0000');
    painter.rect(20, 0, 10, 10, 0, '#f00', { color: '#00f', width: 2, dash: [3, 2], alpha: 0.5 });
    painter.rect(0, 0, 10, 10, 3, '#f00');
    painter.path([['M', 0, 0], ['C', 1, 2, 3, 4, 10, 0]], { color: '#00f', width: 2 }, { at: 'end', size: 4 });
    painter.circle(5, 5, 2, null);
    const lines = read(await pdfFile(painter, '', new Date(0))).content.split('\n');
    expect(lines.slice(1, 8)).toEqual(['1 0 0 rg', '0 0 10 10 re f', '0 0 1 RG', '2 w', '[3 2] 0 d', '/G0 gs', '21 1 8 8 re B']);
    expect(lines.filter(line => line.endsWith(' rg'))).toEqual(['1 0 0 rg', '0 0 1 rg']);
    expect(lines).toContain('0 0 m 1 2 3 4 10 0 c S');
  });

  it('has each icon once', async () => {
    const painter = new PdfPainter(box, how);
    for (let i = 0; i < 5; i++) painter.icon('router', i, 0, 12, '#000');
    const { objects, content } = read(await pdfFile(painter, '', new Date(0)));
    expect(objects.filter(object => object.dictionary.includes('/Subtype /Form')).map(object => object.content)).toEqual(['0 0 m 24 24 l S']);
    expect(content.match(/\/I0 Do/g)).toHaveLength(5);
    expect(content).toContain('q 0.5 0 0 0.5 4 0 cm 1 J 1 j [] 0 d 2.1 w /I0 Do Q');
  });

  it('cuts by the widths of its own fonts', () => {
    const letters = encode('Hello World')!;
    expect(widthOfAll(letters, 'regular')).toBeCloseTo(5.167, 3);
    expect(widthOfAll(letters, 'bold')).toBeCloseTo(5.555, 2);
    expect(literal(fit(letters, 'regular', 4))).toBe('(Hello\\205)');
    expect(fit(letters, 'regular', 5.2)).toBe(letters);
    expect(fit(letters, 'regular', 1)).toEqual([]);
  });
});

describe('a colour', () => {
  it('is read in the forms that CSS has', () => {
    expect(readColor('#fff')).toEqual({ rgb: [1, 1, 1], alpha: 1 });
    expect(readColor('#FF000080').alpha).toBeCloseTo(0.5, 2);
    expect(readColor('rgba(255, 0, 51, 0.25)')).toEqual({ rgb: [1, 0, 0.2], alpha: 0.25 });
    expect(readColor('rgb(0 255 0 / 50%)')).toEqual({ rgb: [0, 1, 0], alpha: 0.5 });
    expect(readColor('transparent').alpha).toBe(0);
    expect(readColor('"); evil')).toEqual({ rgb: [0, 0, 0], alpha: 1 });
  });
});
