// SPDX-License-Identifier: BSD-2-Clause
// What lies over the picture: a veil over all but what is looked at, rings around the chosen, pointed at, found and
// focused thing, the glow of what has just come, handles to hold. On a layer of its own, so that the picture stays as it is.

import { card, container as containerMeasure, isSmall, shownLines, small } from '../measures';
import type { Box } from '../model';
import { anchorsOf } from '../scene/hit';
import { NEWS_MS, type Around, type Scene } from '../scene/scene';
import type { View } from './draw';
import { drawHeader, drawSummary } from './drawContainer';
import { drawEdge, drawLabels, pickedLines } from './drawEdges';
import { drawNode, radiusOf } from './drawNode';
import type { Painter } from './painter';
import type { Line } from '../scene/edges';

const VEIL = 0.74;
const LIT_MOST = 400; // edges of the chosen thing
const LIT_FEW = 24;
const BRIGHT_MOST = 600; // things drawn again above the veil

export interface Over {
  bright: Around | null; // stays bright under the veil
  veil: number; // 0…1, how much of it is there
  lit: Around | null; // whose edges stand out
  selected: string | null;
  hovered: string | null;
  focused: string | null;
  marked: ReadonlySet<string> | null;
  anchors: string | null; // the edge whose ends can be set
  handles: string | null; // the container that can be made larger
}

export function drawVeil(ctx: CanvasRenderingContext2D, view: View, share: number, width: number, height: number) {
  ctx.globalAlpha = VEIL * share;
  ctx.fillStyle = view.palette.page;
  ctx.fillRect(0, 0, width, height);
  ctx.globalAlpha = 1;
}

// The lines of what is looked at. Before the things, which lie above them.
export function drawLit(painter: Painter, scene: Scene, view: View, over: Over): Line[] {
  const { lit } = over;
  const lines: Line[] = [];
  if (lit) {
    if (view.level === 'far') lines.push(...pickedLines(scene, view).lines.filter(line => line.bundle?.some(id => lit.edges.has(id))));
    else {
      for (const id of lit.edges) {
        const line = scene.edges.get(id);
        if (line && !line.bundle && touches(line, view.area)) lines.push(line);
        if (lines.length >= LIT_MOST) break;
      }
    }
  }
  const own = [over.selected, over.hovered].flatMap(id => (id === null ? [] : [scene.edges.get(id)]));
  // The more there are, the fainter each: what is busy stays on top of them.
  for (const line of [...lines].sort((a, b) => a.edge.weight - b.edge.weight)) if (!own.includes(line)) drawEdge(painter, scene, line, view, 'lit', lines.length > LIT_FEW ? 0.35 + 0.5 * line.edge.weight ** 2 : 1);
  for (const line of own) if (line && (line.bundle !== null || view.level !== 'far')) drawEdge(painter, scene, line, view, 'chosen');
  return lines;
}

const touches = ({ from, to }: Line, area: Box) =>
  Math.min(from.x, to.x) < area.x + area.width && Math.max(from.x + from.width, to.x + to.width) > area.x && Math.min(from.y, to.y) < area.y + area.height && Math.max(from.y + from.height, to.y + to.height) > area.y;

// The things that stay bright, drawn again above the veil.
export function drawBright(painter: Painter, scene: Scene, view: View, bright: Around, lines: readonly Line[]) {
  let count = 0;
  const units = view.level === 'far' ? new Set([...bright.nodes].map(id => scene.unitOf(id))) : null;
  for (const { container, box } of scene.containersIn(view.area)) {
    if (units) {
      if (units.has(container.id) && scene.isUnit(container.id)) drawSummary(painter, container, box, view);
    } else if (bright.nodes.has(container.id)) drawHeader(painter, container, box, undefined, view);
  }
  if (!units || scene.hasLoose) {
    for (const { node, box } of scene.nodesIn(view.area)) {
      if (!bright.nodes.has(node.id) || (units && node.container !== null) || ++count > BRIGHT_MOST) continue;
      drawNode(painter, node, box, view);
    }
  }
  if (!view.coarse) drawLabels(painter, scene, lines.filter(line => line.edge.label && lines.length < 16), view);
}

export function drawRings(painter: Painter, scene: Scene, view: View, over: Over) {
  const p = 1 / view.zoom;
  const { palette } = view;
  for (const [id, at] of scene.appeared) {
    const box = shownBox(scene, view, id);
    const age = (view.now - at) / NEWS_MS;
    if (!box || age >= 1 || age < 0) continue;
    const breath = 0.5 + 0.5 * Math.cos(age * Math.PI * 6);
    ring(painter, scene, id, box, view, 2 + 3 * breath, { color: palette.live, width: (1.5 + 1.5 * breath) * p, alpha: (1 - age) * 0.85 });
  }
  if (over.marked) for (const id of over.marked) {
    const box = shownBox(scene, view, id);
    if (box) ring(painter, scene, id, box, view, 2, { color: palette.warn, width: 2 * p });
  }
  if (over.hovered && over.hovered !== over.selected) {
    const box = shownBox(scene, view, over.hovered);
    if (box) ring(painter, scene, over.hovered, box, view, 0, { color: palette.accent, width: 1.5 * p, alpha: 0.75 });
    else drawRow(painter, scene, view, over.hovered, palette.accent, 0.35);
  }
  if (over.selected) {
    const box = shownBox(scene, view, over.selected);
    if (box) {
      ring(painter, scene, over.selected, box, view, 3, { color: palette.accent, width: 4 * p, alpha: 0.22 });
      ring(painter, scene, over.selected, box, view, 1, { color: palette.accent, width: 2 * p });
    } else drawRow(painter, scene, view, over.selected, palette.accent, 1);
  }
  if (over.focused) {
    const box = shownBox(scene, view, over.focused);
    if (box) ring(painter, scene, over.focused, box, view, 5, { color: palette.accent, width: 2 * p });
  }
  if (over.handles) drawHandles(painter, scene, view, over.handles);
  if (over.anchors) drawAnchors(painter, scene, view, over.anchors);
}

// The box of a thing that is drawn at this distance and in sight.
function shownBox(scene: Scene, view: View, id: string): Box | null {
  const shown = view.level === 'far' ? (scene.unitOf(id) ?? id) : id;
  const box = scene.boxOf(shown);
  const { area } = view;
  return box && box.x < area.x + area.width && box.y < area.y + area.height && box.x + box.width > area.x && box.y + box.height > area.y ? box : null;
}

function ring(painter: Painter, scene: Scene, id: string, box: Box, view: View, away: number, stroke: { color: string; width: number; alpha?: number }) {
  const p = 1 / view.zoom;
  const node = view.level === 'far' ? undefined : scene.graph.nodes.get(id);
  const radius = node ? radiusOf(node) : Math.min(containerMeasure.radius * (view.level === 'far' ? p : 1), Math.min(box.width, box.height) * 0.18);
  painter.rect(box.x - away * p, box.y - away * p, box.width + away * 2 * p, box.height + away * 2 * p, radius + away * p, null, stroke);
}

// A service's line on its card.
function drawRow(painter: Painter, scene: Scene, view: View, lineId: string, color: string, alpha: number) {
  if (view.level === 'far') return;
  for (const { node, box } of scene.nodesIn(view.area)) {
    const index = node.lines.findIndex(line => line.id === lineId);
    if (index < 0) continue;
    if (view.level === 'middle' || index >= shownLines(node, view.options).shown) return ring(painter, scene, node.id, box, view, 1, { color, width: 2 / view.zoom, alpha });
    const header = isSmall(node) ? small.header : card.header;
    painter.rect(box.x + 5, box.y + header + card.linesTop + index * card.line, box.width - 10, card.line, 5, null, { color, width: 1.5 / view.zoom, alpha });
    return;
  }
}

function drawHandles(painter: Painter, scene: Scene, view: View, id: string) {
  const box = scene.placement.containers.get(id);
  if (!box) return;
  const half = 4 / view.zoom;
  for (const [x, y] of [[0, 0], [1, 0], [0, 1], [1, 1], [0.5, 0], [0.5, 1], [0, 0.5], [1, 0.5]] as const) {
    painter.rect(box.x + box.width * x - half, box.y + box.height * y - half, half * 2, half * 2, half / 2, view.palette.card, { color: view.palette.accent, width: 1.5 / view.zoom });
  }
}

function drawAnchors(painter: Painter, scene: Scene, view: View, edgeId: string) {
  const sides = scene.manual.edges[edgeId];
  for (const { end, side, at } of anchorsOf(scene, edgeId)) painter.circle(at.x, at.y, 6 / view.zoom, sides?.[end] === side ? view.palette.accent : view.palette.card, { color: view.palette.accent, width: 2 / view.zoom });
}
