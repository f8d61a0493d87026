// SPDX-License-Identifier: BSD-2-Clause
// A node: near, a card with a line for each service; at a middle distance a tile, whose letters keep their size on the
// screen and are written as far as there is room for them.

import { texts } from '../../texts/picture';
import { card, isSmall, port, shownLines, small } from '../measures';
import type { Box, GraphNode, ServiceLine } from '../model';
import { LETTER_MIN } from '../scene/level';
import type { View } from './draw';
import { categoryColor, changeColor, truthDash } from './marks';
import type { Painter, Stroke } from './painter';
import { mix, type Palette } from './palette';
import { textWidth } from './text';

const SHADOW = 0.05;
const ICON_GROUND = 0.13;

export function drawNode(painter: Painter, node: GraphNode, box: Box, view: View) {
  const { palette } = view;
  frame(painter, node, box, view, palette);
  if (view.level === 'near') drawCard(painter, node, box, view, palette);
  else drawTile(painter, node, box, view, palette);
}

export const radiusOf = (node: GraphNode) => (node.kind === 'port' ? port.radius : isSmall(node) ? small.radius : card.radius);

function frame(painter: Painter, node: GraphNode, box: Box, view: View, palette: Palette) {
  const pixel = 1 / view.zoom;
  const radius = radiusOf(node);
  const ghost = node.change === 'removed';
  const ground = ghost ? null : node.quiet ? mix(palette.card, palette.sunken, 0.45) : palette.card;
  const edge: Stroke = node.change
    ? { color: changeColor(node.change, palette), width: Math.max(1.5 * pixel, 1.5), ...(ghost ? { dash: [5 * pixel, 4 * pixel] } : {}) }
    : { color: palette.line, width: pixel, ...dashOf(node, pixel) };
  if (ground && !view.coarse && box.height * view.zoom > 14) painter.rect(box.x, box.y + 1.5 * pixel, box.width, box.height, radius, shadowOf(palette));
  painter.rect(box.x, box.y, box.width, box.height, radius, ground, edge);
}

const shadowOf = (palette: Palette) => mix(palette.dark ? '#000000' : palette.ink, palette.sunken, palette.dark ? 0.35 : SHADOW);

function dashOf(node: GraphNode, pixel: number): { dash?: readonly number[] } {
  const dash = truthDash(node.truth, 1);
  return dash && node.truth !== 'measured' ? { dash: dash.map(each => each * pixel) } : {};
}

const legible = (size: number, view: View) => Math.max(size, LETTER_MIN / view.zoom);

function drawCard(painter: Painter, node: GraphNode, box: Box, view: View, palette: Palette) {
  const alpha = view.appear;
  const { ink, ink3 } = tones(node, palette);
  const color = node.quiet ? mix(categoryColor(node.category, palette), palette.card, 0.55) : categoryColor(node.category, palette);
  if (node.kind === 'port') {
    painter.icon(node.icon, box.x + port.padding, box.y + (port.height - port.icon) / 2, port.icon, color);
    painter.text(node.title, box.x + port.padding + port.icon + 6, box.y + port.height / 2 + port.title * 0.36, { size: legible(port.title, view), color: ink, weight: 500, width: box.width - port.padding * 2 - port.icon - 6, alpha });
    return;
  }
  const shape = isSmall(node) ? small : card;
  const right = box.x + box.width - shape.padding;
  const textX = box.x + shape.padding + shape.icon + shape.iconGap;
  const iconY = box.y + (shape.header - shape.icon) / 2;
  painter.rect(box.x + shape.padding, iconY, shape.icon, shape.icon, 6.5, mix(color, palette.card, ICON_GROUND));
  painter.icon(node.icon, box.x + shape.padding + 4, iconY + 4, shape.icon - 8, color);
  let titleRight = right;
  const badge = node.badge;
  if (badge) {
    const letters = legible(card.badge, view);
    const width = Math.min(96, textWidth(badge, letters, { weight: 500 }) + 12);
    titleRight = right - width - 6;
    painter.rect(right - width + 2, box.y + shape.titleY - 12, width, 16, 5, palette.sunken);
    painter.text(badge, right - width / 2 + 2, box.y + shape.titleY - 0.4, { size: letters, color: ink3, weight: 500, align: 'center', width: width - 6, alpha });
  }
  const titleY = node.subtitle ? shape.titleY : shape.header / 2 + card.title * 0.36;
  painter.text(node.title, textX, box.y + titleY, { size: legible(card.title, view), color: ink, weight: 600, width: titleRight - textX, alpha });
  if (node.subtitle) painter.text(node.subtitle, textX, box.y + shape.subtitleY, { size: legible(card.subtitle, view), color: ink3, mono: true, width: right - textX, alpha });
  drawLines(painter, node, box, shape.header, view, palette);
}

function drawLines(painter: Painter, node: GraphNode, box: Box, header: number, view: View, palette: Palette) {
  const { shown, more } = shownLines(node, view.options);
  if (!shown) return;
  const pixel = 1 / view.zoom;
  painter.path([['M', box.x + card.padding, box.y + header], ['L', box.x + box.width - card.padding, box.y + header]], { color: palette.lineSoft, width: pixel });
  let y = box.y + header + card.linesTop;
  for (let i = 0; i < shown; i++) {
    drawLine(painter, node.lines[i]!, node, box, y, view, palette);
    y += card.line;
  }
  if (more) painter.text(texts.more(more), box.x + card.padding + 24 + card.iconGap - 2, y + card.line / 2 + card.lineDetail * 0.36, { size: legible(card.lineDetail, view), color: palette.ink3, alpha: view.appear });
}

function drawLine(painter: Painter, line: ServiceLine, node: GraphNode, box: Box, y: number, view: View, palette: Palette) {
  const alpha = view.appear;
  const { ink2, ink3 } = tones(node, palette);
  const left = box.x + card.padding;
  const right = box.x + box.width - card.padding;
  const base = y + card.line / 2 + card.lineText * 0.36;
  const color = node.quiet ? mix(categoryColor(line.category, palette), palette.card, 0.55) : categoryColor(line.category, palette);
  painter.icon(line.icon, left + (24 - card.lineIcon) / 2, y + (card.line - card.lineIcon) / 2, card.lineIcon, line.change === 'removed' ? ink3 : color);
  let textRight = right;
  if (line.detail && !view.options.hide_ports && !view.coarse) {
    const letters = legible(card.lineDetail - 0.5, view);
    const width = Math.min(80, textWidth(line.detail, letters, { mono: true }));
    painter.text(line.detail, right, base, { size: letters, color: ink3, mono: true, align: 'right', width: 82, alpha });
    textRight = right - width - 8;
  }
  const textX = left + 24 + card.iconGap - 2;
  painter.text(line.title, textX, base, { size: legible(card.lineText, view), color: line.change ? changeColor(line.change, palette) : ink2, width: textRight - textX, alpha });
  if (line.change) {
    const width = Math.min(textRight - textX, textWidth(line.title, card.lineText));
    if (line.change === 'removed') painter.path([['M', textX, base - 4], ['L', textX + width, base - 4]], { color: palette.bad, width: 1 / view.zoom });
    else painter.circle(left - 3, y + card.line / 2, 2, changeColor(line.change, palette));
  }
}

const tones = (node: GraphNode, palette: Palette) => (node.quiet || node.change === 'removed' ? { ink: palette.ink3, ink2: palette.ink3, ink3: mix(palette.ink3, palette.card, 0.8) } : palette);

// Sizes in pixels of the screen; `p` makes lengths of them. What there is room for is in the middle of the tile.
function drawTile(painter: Painter, node: GraphNode, box: Box, view: View, palette: Palette) {
  const p = 1 / view.zoom;
  const [width, height] = [box.width * view.zoom, box.height * view.zoom];
  const alpha = view.appear;
  const { ink, ink3 } = tones(node, palette);
  const color = node.quiet ? mix(categoryColor(node.category, palette), palette.card, 0.55) : categoryColor(node.category, palette);
  const padding = width > 100 ? 8 : 5;
  const title = Math.min(card.title, Math.max(9.5, card.title * view.zoom * 1.25));
  const two = node.subtitle !== '' && height >= title + 20 && width > 84;
  const words = two ? title + LETTER_MIN + 5 : title;
  const icon = Math.round(Math.min(height - 3, 9 + width / 16, 18));
  if (icon < 6 || height < title) {
    painter.rect(box.x + 2 * p, box.y + 2 * p, 3 * p, Math.max(2, height - 4) * p, p, color);
    return;
  }
  const head = Math.max(words, icon);
  const services = view.coarse ? null : servicesIn(node, width - 2 * padding, height - head - 3 * padding, view);
  const gap = services ? Math.min(8, padding + 1) : 0;
  const top = (height - head - gap - (services?.height ?? 0)) / 2;
  const middle = box.y + (top + head / 2) * p;
  painter.icon(node.icon, box.x + padding * p, middle - (icon / 2) * p, icon * p, color);
  const textX = box.x + (padding + icon + (width > 100 ? 7 : 4)) * p;
  const room = box.x + box.width - padding * p - textX;
  const upper = middle - (words / 2) * p;
  painter.text(node.title, textX, upper + title * 0.82 * p, { size: title * p, color: ink, weight: 500, width: room, alpha });
  if (two) painter.text(node.subtitle, textX, upper + (title + 4 + LETTER_MIN * 0.82) * p, { size: (LETTER_MIN + 0.3) * p, color: ink3, mono: true, width: room, alpha });
  if (services) drawServices(painter, node, services, box.x + padding * p, box.y + (top + head + gap) * p, view, palette);
}

interface Icons {
  count: number; // shown
  more: number;
  columns: number;
  step: number;
  height: number;
}

// How a tile's services are laid out as icons: as large as the room allows, and how many more there are.
function servicesIn(node: GraphNode, width: number, height: number, view: View): Icons | null {
  const { shown, more } = shownLines(node, view.options);
  const all = shown + more;
  if (!shown || height < 11) return null;
  const step = Math.max(15, Math.min(23, Math.floor(Math.sqrt((width * height) / Math.min(all, 12))), Math.floor(height + 5)));
  const columns = Math.floor((width + 5) / step);
  const places = columns * Math.floor((height + 5) / step);
  if (places < 1) return null;
  const count = all <= places && !more ? all : Math.max(0, Math.min(shown, places - 1));
  return { count, more: all - count, columns, step, height: Math.ceil((count + (all > count ? 1 : 0)) / columns) * step - 5 };
}

function drawServices(painter: Painter, node: GraphNode, { count, more, columns, step }: Icons, x: number, y: number, view: View, palette: Palette) {
  const p = 1 / view.zoom;
  const icon = step - 5;
  const place = (i: number): [number, number] => [x + (i % columns) * step * p, y + Math.floor(i / columns) * step * p];
  for (let i = 0; i < count; i++) {
    const line = node.lines[i]!;
    const color = node.quiet ? mix(categoryColor(line.category, palette), palette.card, 0.55) : categoryColor(line.category, palette);
    painter.icon(line.icon, ...place(i), icon * p, color);
  }
  if (!more) return;
  const [left, top] = place(count);
  painter.text(`+${more}`, left, top + (icon / 2 + 3) * p, { size: LETTER_MIN * p, color: palette.ink3, alpha: view.appear });
}
