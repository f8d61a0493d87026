// SPDX-License-Identifier: BSD-2-Clause
// What is at a point of the picture: first what lies above.

import { card, container as containerMeasure, isSmall, shownLines, small } from '../measures';
import type { Box, GraphNode, Point, Side } from '../model';
import type { Picked } from './edges';
import { within } from './grid';
import type { Level } from './level';
import { distanceTo } from './path';
import { anchorPoint } from '../layout/route';
import type { Scene } from './scene';

// nodeId: of a line, the node that it is on. bundle: of an edge between whole containers, the edges in it.
export interface Hit {
  kind: 'node' | 'line' | 'container' | 'edge';
  id: string;
  nodeId?: string;
  bundle?: readonly string[];
}

export interface Sight {
  zoom: number;
  level: Level;
  area: Box;
  edgesMost: number;
  picked: Picked | null;
}

const EDGE_REACH = 6; // pixels
const HANDLE_REACH = 7;
const ANCHOR_REACH = 11;

export function hitAt(scene: Scene, at: Point, sight: Sight): Hit | null {
  const { level } = sight;
  const node = level === 'far' ? looseAt(scene, at) : nodeAt(scene, at);
  if (node) {
    const line = level === 'near' ? lineAt(scene, node.node, node.box, at) : null;
    return line ? { kind: 'line', id: line, nodeId: node.node.id } : { kind: 'node', id: node.node.id };
  }
  if (level === 'far') {
    const unit = scene.unitIds().find(id => within(scene.boxOf(id) ?? nowhere, at.x, at.y));
    if (unit !== undefined) return { kind: 'container', id: unit };
  }
  return edgeAt(scene, at, sight) ?? headerAt(scene, at, sight);
}

const nowhere: Box = { x: 0, y: 0, width: 0, height: 0 };
const pointBox = (at: Point): Box => ({ x: at.x, y: at.y, width: 1e-6, height: 1e-6 });

const nodeAt = (scene: Scene, at: Point) => scene.nodesIn(pointBox(at)).pop();
const looseAt = (scene: Scene, at: Point) => (scene.hasLoose ? scene.nodesIn(pointBox(at)).find(({ node }) => node.container === null) : undefined);

function lineAt(scene: Scene, node: GraphNode, box: Box, at: Point): string | null {
  const header = isSmall(node) ? small.header : card.header;
  const index = Math.floor((at.y - box.y - header - card.linesTop) / card.line);
  return index >= 0 && index < shownLines(node, scene.options).shown ? node.lines[index]!.id : null;
}

function edgeAt(scene: Scene, at: Point, sight: Sight): Hit | null {
  const reach = EDGE_REACH / sight.zoom;
  let found: Hit | null = null;
  let least = reach;
  const { lines } = sight.picked ?? scene.linesIn(sight.area, sight.level === 'far', sight.edgesMost);
  for (const line of lines) {
    const [left, right] = [Math.min(line.from.x, line.to.x), Math.max(line.from.x + line.from.width, line.to.x + line.to.width)];
    const [top, bottom] = [Math.min(line.from.y, line.to.y), Math.max(line.from.y + line.from.height, line.to.y + line.to.height)];
    const slack = reach + 240;
    if (at.x < left - slack || at.x > right + slack || at.y < top - slack || at.y > bottom + slack) continue;
    const distance = distanceTo(scene.wayOf(line).steps, at);
    if (distance >= least) continue;
    least = distance;
    found = { kind: 'edge', id: line.id, ...(line.bundle ? { bundle: line.bundle } : {}) };
  }
  return found;
}

function headerAt(scene: Scene, at: Point, { area, level }: Sight): Hit | null {
  if (level === 'far') return null;
  let found: Hit | null = null;
  for (const { container, box } of scene.containersIn(area)) {
    if (within({ ...box, height: containerMeasure.header }, at.x, at.y)) found = { kind: 'container', id: container.id };
  }
  return found;
}

// Which edges of a container are held at a point of its border: "e", "se", …
export type Grip = 'n' | 's' | 'e' | 'w' | 'ne' | 'nw' | 'se' | 'sw';

export function gripAt(scene: Scene, at: Point, { zoom, area }: Sight): { id: string; grip: Grip } | null {
  const reach = HANDLE_REACH / zoom;
  let found: { id: string; grip: Grip } | null = null;
  for (const { container, box } of scene.containersIn(area)) {
    const outer = { x: box.x - reach, y: box.y - reach, width: box.width + reach * 2, height: box.height + reach * 2 };
    if (!within(outer, at.x, at.y)) continue;
    const corner = reach * 2;
    const [w, e, n, s] = [at.x < box.x + reach, at.x > box.x + box.width - reach, at.y < box.y + reach, at.y > box.y + box.height - reach];
    if (!w && !e && !n && !s) {
      // Inside of this one: what it lies in is not held.
      if (found && scene.parentOf(container.id) !== null) found = null;
      continue;
    }
    const north = n || (at.y < box.y + corner && (w || e));
    const south = s || (at.y > box.y + box.height - corner && (w || e));
    const west = w || (at.x < box.x + corner && (n || s));
    const east = e || (at.x > box.x + box.width - corner && (n || s));
    found = { id: container.id, grip: `${north ? 'n' : south ? 's' : ''}${west ? 'w' : east ? 'e' : ''}` as Grip };
  }
  return found;
}

export const sides: readonly Side[] = ['Top', 'Right', 'Bottom', 'Left'];

// The four handles at each end of the chosen edge.
export function anchorsOf(scene: Scene, edgeId: string): { end: 'source_handle' | 'target_handle'; side: Side; at: Point }[] {
  const line = scene.edges.get(edgeId);
  if (!line || line.bundle) return [];
  return (['source_handle', 'target_handle'] as const).flatMap(end => sides.map(side => ({ end, side, at: anchorPoint(end === 'source_handle' ? line.from : line.to, { side, at: 0.5 }) })));
}

export function anchorAt(scene: Scene, edgeId: string, at: Point, zoom: number): { end: 'source_handle' | 'target_handle'; side: Side } | null {
  return anchorsOf(scene, edgeId).find(anchor => Math.hypot(anchor.at.x - at.x, anchor.at.y - at.y) * zoom <= ANCHOR_REACH) ?? null;
}
