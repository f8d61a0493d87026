// SPDX-License-Identifier: BSD-2-Clause
// Moving and resizing by hand: what is held is a little scene of its own, above the picture, until it is let go and its
// new place has come back.

import type { Box, GraphContainer, GraphEdge, GraphNode, Placement, Point } from '../../../topology/model';
import { nothingManual } from '../../../topology/model';
import type { Grip } from '../../../topology/scene/hit';
import { Scene } from '../../../topology/scene/scene';

const LEAST = { width: 160, height: 90 };

export interface Held {
  id: string;
  ids: ReadonlySet<string>;
  scene: Scene;
  shiftTo(dx: number, dy: number): void;
  boxAt(dx: number, dy: number): Box;
}

// A thing with all that is in it, and its edges, apart from the picture.
export function hold(scene: Scene, id: string): Held | null {
  const start = scene.boxOf(id);
  if (!start) return null;
  const { graph, placement } = scene;
  const ids = new Set(graph.containers.has(id) ? scene.within(id) : [id]);
  const nodes = new Map<string, GraphNode>();
  const containers = new Map<string, GraphContainer>();
  const edges = new Map<string, GraphEdge>();
  for (const [key, container] of graph.containers) if (ids.has(key)) containers.set(key, container);
  for (const key of ids) {
    const node = graph.nodes.get(key);
    if (node) nodes.set(key, node);
    for (const edgeId of scene.edges.at(key)) edges.set(edgeId, graph.edges.get(edgeId)!);
  }
  const own = new Scene();
  const small = { ...graph, nodes, containers, edges };
  // The other ends stand still.
  const others = new Map<string, Box>();
  for (const { source, target } of edges.values()) for (const end of [source, target]) if (!ids.has(end)) others.set(end, scene.boxOf(end)!);
  const place = (dx: number, dy: number): Placement => {
    const moved = (box: Box): Box => ({ ...box, x: box.x + dx, y: box.y + dy });
    const at = new Map(others);
    for (const key of nodes.keys()) at.set(key, moved(placement.nodes.get(key)!));
    const around = new Map<string, Box>();
    for (const key of containers.keys()) around.set(key, moved(placement.containers.get(key)!));
    return { ...placement, nodes: at, containers: around };
  };
  const shiftTo = (dx: number, dy: number) => own.update(small, place(dx, dy), scene.options, nothingManual);
  shiftTo(0, 0);
  return { id, ids, scene: own, shiftTo, boxAt: (dx, dy) => ({ ...start, x: start.x + dx, y: start.y + dy }) };
}

export function resized(box: Box, grip: Grip, dx: number, dy: number): Box {
  let { x, y, width, height } = box;
  if (grip.includes('e')) width = Math.max(LEAST.width, width + dx);
  if (grip.includes('s')) height = Math.max(LEAST.height, height + dy);
  if (grip.includes('w')) {
    width = Math.max(LEAST.width, width - dx);
    x = box.x + box.width - width;
  }
  if (grip.includes('n')) {
    height = Math.max(LEAST.height, height - dy);
    y = box.y + box.height - height;
  }
  return { x, y, width, height };
}

// As a saved topology keeps it: from the corner of what it is in.
export function relativeTo(scene: Scene, id: string, at: Point): Point {
  const parent = scene.parentOf(id);
  const corner = parent === null ? undefined : scene.placement.containers.get(parent);
  return { x: Math.round(at.x - (corner?.x ?? 0)), y: Math.round(at.y - (corner?.y ?? 0)) };
}
