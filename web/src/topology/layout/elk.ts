// SPDX-License-Identifier: BSD-2-Clause
// What elk is asked, and what its answer means: pure. Only boxes that are linked with others are its matter, and only as
// many as it arranges while somebody waits.

import type { ElkNode, LayoutOptions } from 'elkjs/lib/elk-api';

import { gaps } from '../measures';
import type { ViewKind } from '../model';
import type { Ranked } from './bands';
import type { Link } from './links';
import { type Packed, screen, shelf } from './shelf';

const most = { boxes: 300, nice: 60 }; // boxes; with more than so many it takes the quicker way
const linksEach = 3; // of a box, the strongest; more only tie knots

const layered = (direction: 'DOWN' | 'RIGHT', many: boolean): LayoutOptions => ({
  'elk.algorithm': 'layered',
  'elk.direction': direction,
  'elk.aspectRatio': String(screen),
  'elk.spacing.nodeNode': String(gaps.container),
  'elk.spacing.edgeNode': '24',
  'elk.layered.spacing.nodeNodeBetweenLayers': String(gaps.layer),
  'elk.layered.spacing.edgeNodeBetweenLayers': '24',
  'elk.layered.nodePlacement.strategy': many ? 'BRANDES_KOEPF' : 'NETWORK_SIMPLEX',
  'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.thoroughness': many ? '3' : '8',
  'elk.spacing.componentComponent': String(gaps.layer),
});

// How much larger than our own arrangement one may be that shows better who belongs to whom.
export const allowance: Record<ViewKind, number> = { logical: 1.25, physical: 2.4, applications: 2, workloads: 1 };

// The strongest links, such that no two boxes that were connected come apart.
export function strongest(links: readonly Link[]): Link[] {
  const count = new Map<string, number>();
  const root = new Map<string, string>();
  const find = (id: string): string => {
    let top = id;
    for (let up = root.get(top); up !== undefined; up = root.get(top)) top = up;
    if (top !== id) root.set(id, top);
    return top;
  };
  return [...links]
    .sort((one, other) => other.weight - one.weight)
    .filter(({ a, b }) => {
      const [left, right] = [find(a), find(b)];
      const [ofA, ofB] = [count.get(a) ?? 0, count.get(b) ?? 0];
      if (left === right && ofA >= linksEach && ofB >= linksEach) return false;
      if (left !== right) root.set(left, right);
      count.set(a, ofA + 1);
      count.set(b, ofB + 1);
      return true;
    });
}

export function question(view: ViewKind, boxes: readonly Ranked[], all: readonly Link[]): ElkNode | null {
  const links = strongest(all);
  const linked = new Set(links.flatMap(link => [link.a, link.b]));
  const asked = view === 'workloads' ? boxes : boxes.filter(box => linked.has(box.id));
  if (asked.length < 3 || asked.length > most.boxes) return null;
  const tree = links.length === asked.length - 1;
  const options: LayoutOptions =
    view === 'workloads'
      ? { 'elk.algorithm': 'rectpacking', 'elk.aspectRatio': String(screen), 'elk.spacing.nodeNode': String(gaps.container) }
      : view === 'physical' && tree
        ? { 'elk.algorithm': 'mrtree', 'elk.direction': 'DOWN', 'elk.spacing.nodeNode': String(gaps.container), 'elk.mrtree.weighting': 'CONSTRAINT' }
        : view === 'logical'
          ? { ...layered('DOWN', asked.length > most.nice), 'elk.partitioning.activate': 'true' }
          : layered(view === 'physical' ? 'DOWN' : 'RIGHT', asked.length > most.nice);
  const rank = new Map(boxes.map(box => [box.id, box.rank]));
  return {
    id: 'picture',
    layoutOptions: { ...options, 'elk.randomSeed': '1', 'elk.padding': '[top=0,left=0,bottom=0,right=0]' },
    children: asked.map(box => ({ id: box.id, width: box.width, height: box.height, ...(view === 'logical' ? { layoutOptions: { 'elk.partitioning.partition': String(box.rank) } } : {}) })),
    edges:
      view === 'workloads'
        ? []
        : links.map((link, i) => {
            // From above to below: as packets say, else by rank.
            const forward = view === 'applications' ? link.down >= 0 : (rank.get(link.a) ?? 0) <= (rank.get(link.b) ?? 0);
            return { id: `e${i}`, sources: [forward ? link.a : link.b], targets: [forward ? link.b : link.a], layoutOptions: { 'elk.priority': String(Math.min(20, Math.round(link.weight))), 'elk.layered.priority.straightness': String(Math.min(20, Math.round(link.weight))) } };
          }),
  };
}

// With those that elk was not asked about below or beside, whichever is nearer to the screen's shape.
export function understand(answer: ElkNode, boxes: readonly Ranked[]): Packed {
  const at = new Map<string, { x: number; y: number }>();
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const size = new Map(boxes.map(box => [box.id, box]));
  for (const child of answer.children ?? []) {
    const box = size.get(child.id);
    if (!box) continue;
    const [x, y] = [Math.round(child.x ?? 0), Math.round(child.y ?? 0)];
    at.set(child.id, { x, y });
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x + box.width), Math.max(bottom, y + box.height)];
  }
  if (!at.size) return { at, width: 0, height: 0 };
  for (const place of at.values()) [place.x, place.y] = [place.x - left, place.y - top];
  const [width, height] = [right - left, bottom - top];
  const others = boxes.filter(box => !at.has(box.id));
  if (!others.length) return { at, width, height };
  const room = (w: number, h: number) => Math.max(w, h * screen);
  const under = shelf(others, gaps.container, 8, width);
  const beside = shelf(others, gaps.container, 0.5);
  const [wide, high] = [width + gaps.layer + beside.width, height + gaps.layer + under.height];
  if (room(wide, Math.max(height, beside.height)) < room(Math.max(width, under.width), high)) {
    for (const [id, place] of beside.at) at.set(id, { x: width + gaps.layer + place.x, y: place.y });
    return { at, width: wide, height: Math.max(height, beside.height) };
  }
  const whole = Math.max(width, under.width);
  for (const place of at.values()) place.x += Math.round((whole - width) / 2);
  const shift = Math.round((whole - under.width) / 2);
  for (const [id, place] of under.at) at.set(id, { x: shift + place.x, y: height + gaps.layer + place.y });
  return { at, width: whole, height: high };
}
