// SPDX-License-Identifier: BSD-2-Clause
// The picture's marks, with any painter: containers below, edges between, nodes above.

import type { Box } from '../model';
import type { Around, Scene } from '../scene/scene';
import { levelAt, type Level } from '../scene/level';
import type { Painter } from './painter';
import type { Palette } from './palette';

export interface View {
  palette: Palette;
  zoom: number;
  level: Level;
  area: Box; // in sight
  bright: Around | null; // all else is dimmed
  selected: string | null;
  edgesMost: number;
  now: number;
}

// The whole picture in all detail, as it is exported.
export function exportView(scene: Scene, palette: Palette): View {
  return { palette, zoom: 1, level: levelAt(1), area: scene.placement.bounds, bright: null, selected: null, edgesMost: Infinity, now: 0 };
}

export function drawPicture(painter: Painter, scene: Scene, view: View) {
  for (const { container, box } of scene.containersIn(view.area)) {
    painter.enter?.(container.id, container.title);
    painter.rect(box.x, box.y, box.width, box.height, 16, view.palette.sunken, { color: view.palette.line, width: 1 });
    painter.leave?.();
  }
  for (const { node, box } of scene.nodesIn(view.area)) {
    painter.enter?.(node.id, node.title);
    painter.rect(box.x, box.y, box.width, box.height, 10, view.palette.card, { color: view.palette.line, width: 1 });
    painter.text(node.title, box.x + 12, box.y + 21, { size: 13, color: view.palette.ink, weight: 600, width: box.width - 24 });
    painter.leave?.();
  }
}
