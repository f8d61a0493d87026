// SPDX-License-Identifier: BSD-2-Clause
// A container: near and at a middle distance a frame with a quiet header; from far away one summary of what is in it. The
// letters of a summary keep their size on the screen, and what has no room is left out.

import { texts } from '../../texts/picture';
import { categories } from '../../services/catalogue';
import { container as measure, leftZone } from '../measures';
import type { Box, GraphContainer } from '../model';
import { LETTER_MIN } from '../scene/level';
import type { View } from './draw';
import { categoryColor, changeColor } from './marks';
import type { Painter, Stroke } from './painter';
import { mix, type Palette } from './palette';
import { textWidth } from './text';

const HEADER_LETTERS_MIN = 10.5;
const NUDGE = 0.36; // of the letters' size: from their middle to where they stand

export function containerColor(container: GraphContainer, palette: Palette): string {
  switch (container.kind) {
    case 'internet':
    case 'remote':
      return palette.dark ? '#7fb4ee' : '#2f78bd';
    case 'bridge':
    case 'host':
      return palette.dark ? '#b49cf0' : '#7a5cc0';
    case 'unplaced':
      return palette.ink3;
    default:
      return palette.accent;
  }
}

function edgeOf(container: GraphContainer, view: View, palette: Palette): Stroke {
  const pixel = 1 / view.zoom;
  if (container.change) return { color: changeColor(container.change, palette), width: 1.5 * pixel, ...(container.change === 'removed' ? { dash: [5 * pixel, 4 * pixel] } : {}) };
  return { color: palette.line, width: pixel };
}

const groundOf = (container: GraphContainer, palette: Palette) => (container.kind === 'network' ? palette.page : container.parent !== null ? mix(palette.page, palette.sunken, 0.55) : palette.sunken);

export function drawFrame(painter: Painter, container: GraphContainer, box: Box, view: View) {
  painter.rect(box.x, box.y, box.width, box.height, measure.radius, groundOf(container, view.palette), edgeOf(container, view, view.palette));
}

export function drawHeader(painter: Painter, container: GraphContainer, box: Box, zone: Box | undefined, view: View) {
  const { zoom, palette } = view;
  const ground = groundOf(container, palette);
  if (zone) drawZone(painter, container, zone, box, ground, view);
  const room = measure.header * zoom;
  const size = Math.max(HEADER_LETTERS_MIN / zoom, measure.title);
  if (room < HEADER_LETTERS_MIN) return;
  const middle = box.y + (room < 30 ? room / 2 / zoom : measure.header / 2 + 1);
  const side = Math.min(measure.titleX, 12 / zoom);
  const left = box.x + side;
  let right = box.x + box.width - side;
  const icon = Math.min(size * 1.25, (room - 3) / zoom);
  const textX = left + icon + size * 0.5;
  const base = middle + size * NUDGE;
  const small = Math.max(LETTER_MIN / zoom, measure.subtitle);
  // What passes below is hidden where there are words.
  const plate = (x: number, width: number) => painter.rect(x - size * 0.25, middle - size * 0.75, width + size * 0.5, size * 1.5, size * 0.3, ground);
  const count = texts.hosts(container.summary.hosts);
  const countWidth = textWidth(count, small);
  if (container.summary.hosts > 0 && right - textX - countWidth > size * 7) {
    plate(right - countWidth, countWidth);
    painter.text(count, right, base, { size: small, color: palette.ink3, align: 'right' });
    right -= countWidth + size;
  }
  const titleWidth = Math.min(right - textX, textWidth(container.title, size, { weight: 600 }));
  const gap = size * 0.7;
  const rest = right - textX - titleWidth - gap;
  const subtitle = container.subtitle !== container.title && rest > small * 4 ? container.subtitle : '';
  plate(left, textX - left + titleWidth + (subtitle ? gap + Math.min(rest, textWidth(subtitle, small, { mono: true })) : 0));
  painter.icon(container.icon, left, middle - icon / 2, icon, containerColor(container, palette));
  painter.text(container.title, textX, base, { size, color: palette.ink, weight: 600, width: right - textX });
  if (subtitle) painter.text(subtitle, textX + titleWidth + gap, base, { size: small, color: palette.ink3, mono: true, width: rest });
}

function drawZone(painter: Painter, container: GraphContainer, zone: Box, box: Box, ground: string, view: View) {
  const { palette, zoom } = view;
  const x = zone.x + zone.width + leftZone.gap / 2;
  if (x < box.x + box.width - measure.padding) painter.path([['M', x, zone.y + 2], ['L', x, box.y + box.height - measure.padding]], { color: palette.line, width: 1 / zoom });
  const size = Math.max(LETTER_MIN / zoom, leftZone.title);
  if (size > leftZone.titleHeight) return;
  const base = zone.y + Math.max(leftZone.title, size * 0.8) + 1;
  const width = Math.min(zone.width, textWidth(container.leftTitle, size, { weight: 500 }));
  painter.rect(zone.x - 3, base - size, width + 6, size * 1.3, 3, ground);
  painter.text(container.leftTitle, zone.x, base, { size, color: palette.ink3, weight: 500, width: zone.width });
}

// All sizes in pixels of the screen, for a box of that size on it; p makes lengths of them.
export function drawSummary(painter: Painter, container: GraphContainer, box: Box, view: View) {
  const { palette } = view;
  const p = 1 / view.zoom;
  const [width, height] = [box.width * view.zoom, box.height * view.zoom];
  const radius = Math.min(measure.radius, Math.min(width, height) * 0.18);
  const color = containerColor(container, palette);
  if (!view.coarse && height > 24) painter.rect(box.x, box.y + 2 * p, box.width, box.height, radius * p, mix(palette.dark ? '#000000' : palette.ink, palette.page, palette.dark ? 0.3 : 0.05));
  const tiny = width < 30 || height < 15;
  painter.rect(box.x, box.y, box.width, box.height, radius * p, tiny ? mix(color, palette.card, 0.14) : palette.card, edgeOf(container, view, palette));
  const scale = Math.min(2, Math.max(1, Math.min(width / 260, height / 150)));
  const padding = Math.min(18 * scale, Math.max(4, width * 0.06));
  const inner = width - 2 * padding;
  const tall = height - 2 * Math.min(padding, height * 0.12);
  const at = (x: number) => box.x + x * p;
  const down = (y: number) => box.y + y * p;
  const most = Math.min(15 * scale, Math.max(10.5, Math.min(width / 9, height / 3)));
  if (tiny) return;
  const small = Math.min(12 * scale, Math.max(LETTER_MIN + 0.4, most * 0.8));
  // The title as large as fits.
  const nameWidth = textWidth(container.title, 1, { weight: 600 });
  const withIcon = inner > 64;
  const title = Math.max(Math.min(10.5, most), Math.min(most, inner / (nameWidth + (withIcon ? 1.9 : 0))));
  const iconSize = title * 1.25;
  const textX = padding + (withIcon ? iconSize + title * 0.5 : 0);
  const textWide = width - padding - textX;
  const write = (text: string, size: number, color: string, mono = false) => (y: number) =>
    painter.text(text, at(textX), down(y + size / 2 + size * NUDGE), { size: size * p, color, width: textWide * p, mono, alpha: view.appear });
  const { summary } = container;
  const whole = texts.within(summary.hosts, summary.services);
  const sums = textWidth(whole, small) <= textWide ? whole : texts.hosts(summary.hosts);
  const parts = container.subtitle.split(', ');
  const subtitle = textWidth(container.subtitle, small, { mono: true }) <= textWide ? container.subtitle : parts[0]!;
  const chips = inner > 90 ? chipRows(container, inner, small, height > title * 11 ? 2 : 1) : [];
  const chipHeight = small * 1.7;
  interface Row {
    worth: number; // what has no room goes, the least first
    height: number;
    gap: number; // above it
    draw(y: number): void;
  }
  const rows: Row[] = [
    {
      worth: 5, height: title, gap: 0,
      draw: y => {
        if (withIcon) painter.icon(container.icon, at(padding), down(y + title / 2 - iconSize / 2), iconSize * p, color);
        painter.text(container.title, at(textX), down(y + title / 2 + title * NUDGE), { size: title * p, color: palette.ink, weight: 600, width: textWide * p, alpha: view.appear });
      },
    },
  ];
  if (subtitle && subtitle !== container.title && textWidth(subtitle, small, { mono: true }) <= textWide * 1.1) rows.push({ worth: 2, height: small, gap: small * 0.65, draw: write(subtitle, small, palette.ink3, true) });
  if (summary.hosts || summary.services) rows.push({ worth: 4, height: small, gap: small * 0.6, draw: write(sums, small, palette.ink2) });
  if (chips.length) rows.push({ worth: 1, height: chips.length * chipHeight * 1.2 - chipHeight * 0.2, gap: small * 0.9, draw: y => chips.forEach((row, i) => drawChips(painter, row, at(padding), down(y + i * chipHeight * 1.2), small, p, palette)) });
  if (summary.categories.length > 1 && inner > 48) rows.push({ worth: 3, height: 4, gap: small * 0.75, draw: y => drawShares(painter, container, at(padding), down(y), inner, p, palette) });
  let total = 0;
  const fitting = new Set<Row>();
  for (const row of [...rows].sort((a, b) => b.worth - a.worth)) {
    const more = row.height + (fitting.size ? row.gap : 0);
    if (total + more > tall) continue;
    total += more;
    fitting.add(row);
  }
  let y = (height - total) / 2;
  for (const [i, row] of rows.filter(each => fitting.has(each)).entries()) {
    if (i) y += row.gap;
    row.draw(y);
    y += row.height;
  }
}

interface Chip {
  label: string;
  category: string;
  left: number;
  width: number;
}

// As many as fit into so many rows, most first.
function chipRows(container: GraphContainer, width: number, letters: number, most: number): Chip[][] {
  const rows: Chip[][] = [];
  let row: Chip[] = [];
  let left = 0;
  for (const { category, count } of container.summary.categories) {
    const label = `${categories.get(category)?.title ?? category} ${texts.shortHosts(count)}`;
    const chip = textWidth(label, letters) + letters * 2.2;
    if (chip > width) continue;
    if (left + chip > width) {
      if (rows.length + 1 >= most) break;
      rows.push(row);
      row = [];
      left = 0;
    }
    row.push({ label, category, left, width: chip });
    left += chip + letters * 0.5;
  }
  return row.length ? [...rows, row] : rows;
}

function drawChips(painter: Painter, chips: readonly Chip[], x: number, y: number, letters: number, p: number, palette: Palette) {
  const height = letters * 1.7;
  for (const { label, category, left, width } of chips) {
    const color = categoryColor(category, palette);
    painter.rect(x + left * p, y, width * p, height * p, (height / 2) * p, mix(color, palette.card, 0.12));
    painter.circle(x + (left + letters * 0.8) * p, y + (height / 2) * p, letters * 0.26 * p, color);
    painter.text(label, x + (left + letters * 1.4) * p, y + (height / 2 + letters * NUDGE) * p, { size: letters * p, color: mix(color, palette.ink, 0.45) });
  }
}

function drawShares(painter: Painter, container: GraphContainer, x: number, y: number, width: number, p: number, palette: Palette) {
  const { categories: shares } = container.summary;
  const total = shares.reduce((sum, each) => sum + each.count, 0);
  const gap = 2;
  const room = width - gap * (shares.length - 1);
  let left = 0;
  for (const { category, count } of shares) {
    const part = Math.max(2, (count / total) * room);
    painter.rect(x + left * p, y, Math.min(part, width - left) * p, 4 * p, 2 * p, mix(categoryColor(category, palette), palette.card, 0.75));
    left += part + gap;
    if (left >= width) break;
  }
}
