// SPDX-License-Identifier: BSD-2-Clause
// The picture's marks, with any painter: containers below, edges between, nodes above. What is chosen, pointed at or
// found is not in it: that lies over the picture (drawOver.ts), so that it costs no new picture.

import type { Box } from '../model';
import type { Options } from '../options';
import type { Picked } from '../scene/edges';
import { levelAt, type Level } from '../scene/level';
import type { Scene } from '../scene/scene';
import { drawFrame, drawHeader, drawSummary } from './drawContainer';
import { drawEdges } from './drawEdges';
import { drawNode } from './drawNode';
import type { Painter } from './painter';
import type { Palette } from './palette';

export interface View {
  palette: Palette;
  options: Options;
  zoom: number; // pixels of the screen for a length
  level: Level;
  area: Box; // in sight
  edgesMost: number;
  picked: Picked | null; // the lines of the whole sight, when a part of it is drawn; else they are looked up
  coarse: boolean; // while moving, when there is much: less that is small
  appear: number; // 0…1: the letters of this level are that much there
  moving: ReadonlySet<string> | null; // not drawn here: it is being dragged
  now: number; // ms, of any clock
}

export interface Drawn {
  edges: number;
  edgesLeft: number; // in sight, but too many
}

// The whole picture in all detail, as it is exported.
export const exportView = (scene: Scene, palette: Palette): View => ({
  palette, options: scene.options, zoom: 1, level: levelAt(1), area: scene.placement.bounds, edgesMost: Infinity, picked: null, coarse: false, appear: 1, moving: null, now: 0,
});

export function drawPicture(painter: Painter, scene: Scene, view: View): Drawn {
  const far = view.level === 'far';
  const containers = scene.containersIn(view.area).filter(({ container }) => !view.moving?.has(container.id) && !(far && scene.isWithinUnit(container.id)));
  const isSummary = (id: string) => far && scene.isUnit(id);
  for (const { container, box } of containers) if (!isSummary(container.id)) drawFrame(painter, container, box, view);
  const drawn = drawEdges(painter, scene, view);
  // Words lie above lines.
  for (const { container, box } of containers) {
    painter.enter?.(container.id, container.title);
    if (isSummary(container.id)) drawSummary(painter, container, box, view);
    else drawHeader(painter, container, box, scene.zoneOf(container.id), view);
    painter.leave?.();
  }
  // From far away only those that no summary stands for.
  if (far && !scene.hasLoose) return drawn;
  for (const { node, box } of scene.nodesIn(view.area)) {
    if (view.moving?.has(node.id) || (far && node.container !== null)) continue;
    painter.enter?.(node.id, node.title);
    drawNode(painter, node, box, view);
    painter.leave?.();
  }
  return drawn;
}
