// SPDX-License-Identifier: BSD-2-Clause
// A picture becomes a file. What is drawn is what is on the screen's own drawing (paint/draw.ts), whole and in all detail.

import { texts } from '../../texts';
import { iconShape } from '../icons';
import type { Graph, Manual, Placement } from '../model';
import type { Options } from '../options';
import { CanvasPainter } from '../paint/canvas';
import { drawPicture, exportView } from '../paint/draw';
import { darkPalette, lightPalette, type Palette } from '../paint/palette';
import type { TextStyle } from '../paint/painter';
import { SvgPainter } from '../paint/svg';
import { cutText, textWidth } from '../paint/text';
import { plainText, shorten } from '../paint/xml';
import { Scene } from '../scene/scene';
import { fileName } from './files';
import { SCALE, sheetFor } from './png';
import { Tape } from './tape';
import type { Work } from './work';

export interface Subject {
  graph: Graph;
  placement: Placement;
  options: Options;
  manual: Manual;
  name: string; // of the network or of the saved topology
}

export type Format = 'png' | 'svg' | 'pdf' | 'mermaid' | 'drawio' | 'things' | 'edges' | 'json';

export interface Made {
  blob: Blob;
  file: string;
  notes: string[]; // what the person should know about it
}

const words = texts.export;
const MARGIN = 24;
const NAME_MAX = 100; // letters
const endings: Record<Format, string> = { png: '.png', svg: '.svg', pdf: '.pdf', mermaid: '.mmd', drawio: '.drawio', things: '-things.csv', edges: '-connections.csv', json: '.json' };
const types: Record<Format, string> = {
  png: 'image/png', svg: 'image/svg+xml', pdf: 'application/pdf', mermaid: 'text/plain;charset=utf-8', drawio: 'application/xml', things: 'text/csv;charset=utf-8', edges: 'text/csv;charset=utf-8', json: 'application/json',
};

const titleOf = ({ name, graph }: Subject) => words.document(shorten(plainText(name), NAME_MAX), words.views[graph.view] ?? graph.view);
const paletteOf = (dark: boolean): Palette => (dark ? darkPalette : lightPalette);
const cut = (text: string, style: TextStyle) => cutText(text, style.size, style.width ?? Infinity, style);
const measure = (text: string, style: TextStyle) => textWidth(text, style.size, style);

function taped({ graph, placement, options, manual }: Subject, palette: Palette): Tape {
  const scene = new Scene();
  scene.update(graph, placement, options, manual);
  const tape = new Tape();
  drawPicture(tape, scene, exportView(scene, palette));
  return tape;
}

export async function make(format: Format, subject: Subject, dark: boolean, work: Work): Promise<Made> {
  const at = new Date();
  const { content, notes } = await contentOf(format, subject, paletteOf(dark), work, at);
  work.signal.throwIfAborted();
  const blob = content instanceof Blob ? content : new Blob(content, { type: types[format] });
  return { blob, file: fileName(subject.name, subject.graph.view, at, endings[format]), notes };
}

interface Content {
  content: Blob | (string | Uint8Array<ArrayBuffer>)[];
  notes: string[];
}

async function contentOf(format: Format, subject: Subject, palette: Palette, work: Work, at: Date): Promise<Content> {
  const { graph, placement } = subject;
  switch (format) {
    case 'png':
      return png(subject, palette, work);
    case 'svg': {
      const painter = new SvgPainter(placement.bounds, { title: titleOf(subject), background: palette.page, margin: MARGIN, cut, measure, shape: iconShape });
      await taped(subject, palette).playInSlices(painter, work, 0.05, 0.95);
      return { content: painter.pieces(), notes: [] };
    }
    case 'pdf':
      return pdf(subject, palette, work, at);
    case 'mermaid': {
      const { toMermaid, MERMAID_EDGES, MERMAID_LETTERS } = await import('./mermaid');
      const { text, left, large } = toMermaid(graph, titleOf(subject));
      return { content: [text], notes: [...(left ? [words.mermaidLeft(left)] : []), ...(large ? [words.mermaidLarge(MERMAID_EDGES, MERMAID_LETTERS)] : [])] };
    }
    case 'drawio':
      return { content: (await import('./drawio')).toDrawio(graph, placement, titleOf(subject)), notes: [] };
    case 'things':
      return { content: [(await import('./table')).thingsCsv(graph)], notes: [] };
    case 'edges':
      return { content: [(await import('./table')).edgesCsv(graph)], notes: [] };
    case 'json':
      return { content: [(await import('./table')).toJson(graph, placement, subject.name, at)], notes: [] };
  }
}

async function png(subject: Subject, palette: Palette, work: Work): Promise<Content> {
  const { bounds } = subject.placement;
  const sheet = sheetFor(bounds, MARGIN, palette.page);
  if (!sheet) throw new Error(words.noCanvas);
  const { canvas, ctx, scale } = sheet;
  try {
    const painter = new CanvasPainter(ctx, { scale, x: (MARGIN - bounds.x) * scale, y: (MARGIN - bounds.y) * scale });
    // A canvas draws when it is asked for a pixel: without, all of it at the end, at once.
    await taped(subject, palette).playInSlices(painter, work, 0.05, 0.9, () => void ctx.getImageData(0, 0, 1, 1));
    const blob = await new Promise<Blob | null>(done => canvas.toBlob(done, 'image/png'));
    if (!blob) throw new Error(words.noCanvas);
    return { content: blob, notes: scale < SCALE ? [words.smaller(scale.toFixed(2))] : [] };
  } finally {
    canvas.width = canvas.height = 0; // its memory is given back now, not some day
  }
}

async function pdf(subject: Subject, palette: Palette, work: Work, at: Date): Promise<Content> {
  const [{ PdfPainter }, { pdfFile }, { textImages }] = await Promise.all([import('./pdf/painter'), import('./pdf/document'), import('./pdf/textImage')]);
  const painter = new PdfPainter(subject.placement.bounds, { background: palette.page, margin: MARGIN, shape: iconShape, picture: textImages() });
  await taped(subject, palette).playInSlices(painter, work, 0.05, 0.8);
  const content = await pdfFile(painter, titleOf(subject), at);
  return { content, notes: painter.replaced ? [words.pdfReplaced(painter.replaced)] : [] };
}

const PRINT_SVG_NODES = 2500; // beyond, a printed picture is pixels: a document of so many elements would take minutes
const PRINT_PIXELS = 6000; // its longer side

// For paper, at once: browsers do not wait. Nothing behind it, light colours.
export function printable(subject: Subject): Element | null {
  const { bounds } = subject.placement;
  const palette = lightPalette;
  const tape = taped(subject, palette);
  if (subject.graph.nodes.size <= PRINT_SVG_NODES) {
    const painter = new SvgPainter(bounds, { title: titleOf(subject), background: null, cut, measure, shape: iconShape });
    tape.play(painter);
    const root = new DOMParser().parseFromString(painter.document(), 'image/svg+xml').documentElement;
    return root.localName === 'svg' ? document.importNode(root, true) : null;
  }
  const sheet = sheetFor(bounds, 0, '#ffffff', PRINT_PIXELS / Math.max(bounds.width, bounds.height));
  if (!sheet) return null;
  tape.play(new CanvasPainter(sheet.ctx, { scale: sheet.scale, x: -bounds.x * sheet.scale, y: -bounds.y * sheet.scale }));
  return sheet.canvas;
}
