// SPDX-License-Identifier: BSD-2-Clause
// What elk is asked, and what its answer means: pure. Only boxes that are linked with others are its matter, and only as
// many as it arranges while somebody waits. Subnets are not: their ranks make bands, and where one has a thousand hosts and
// the next three, layers become towers (1.3 to 2 times the room of bands.ts, over networks of 30 to 2,000 hosts).

import type { ElkNode, LayoutOptions } from 'elkjs/lib/elk-api';

import { gaps } from '../measures';
import type { ViewKind } from '../model';
import type { Ranked } from './bands';
import type { Link } from './links';
import { type Packed, screen, shelf } from './shelf';

const most: Record<ViewKind, number> = { logical: 0, physical: 200, applications: 300, workloads: 300 }; // boxes
const nice = 60; // with more it takes the quicker way
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
  'elk.layered.cycleBreaking.strategy': 'GREEDY_MODEL_ORDER',
  'elk.layered.thoroughness': many ? '3' : '8',
  'elk.spacing.componentComponent': String(gaps.layer),
});

// How much larger than our own arrangement one may be that shows better who belongs to whom.
export const allowance: Record<ViewKind, number> = { logical: 1, physical: 2.4, applications: 2, workloads: 1 };

// Finds for each box one that stands for all that it hangs together with, and the links that it takes to bind them.
function bind(links: readonly Link[]): { find: (id: string) => string; needed: Link[] } {
  const root = new Map<string, string>();
  const find = (id: string): string => {
    let top = id;
    for (let up = root.get(top); up !== undefined; up = root.get(top)) top = up;
    if (top !== id) root.set(id, top);
    return top;
  };
  const needed = links.filter(({ a, b }) => {
    const [one, other] = [find(a), find(b)];
    if (one === other) return false;
    root.set(one, other);
    return true;
  });
  return { find, needed };
}

// The strongest links, such that no two boxes that were connected come apart.
export function strongest(links: readonly Link[]): Link[] {
  const count = new Map<string, number>();
  const taken: Link[] = [];
  const sorted = [...links].sort((one, other) => other.weight - one.weight);
  const needed = new Set(bind(sorted).needed);
  for (const link of sorted) {
    const [ofA, ofB] = [count.get(link.a) ?? 0, count.get(link.b) ?? 0];
    if (!needed.has(link) && ofA >= linksEach && ofB >= linksEach) continue;
    count.set(link.a, ofA + 1);
    count.set(link.b, ofB + 1);
    taken.push(link);
  }
  return taken;
}

// What to ask: none, or, where the direction is a matter of taste, both of them.
export function questions(view: ViewKind, boxes: readonly Ranked[], links: readonly Link[]): ElkNode[] {
  const directions = view === 'applications' ? (['RIGHT', 'DOWN'] as const) : (['DOWN'] as const);
  return directions.flatMap(direction => question(view, boxes, links, direction) ?? []);
}

function question(view: ViewKind, boxes: readonly Ranked[], all: readonly Link[], direction: 'RIGHT' | 'DOWN'): ElkNode | null {
  const links = strongest(all);
  const linked = new Set(links.flatMap(link => [link.a, link.b]));
  const asked = view === 'workloads' ? boxes : boxes.filter(box => linked.has(box.id));
  if (asked.length < 3 || asked.length > most[view]) return null;
  const tree = bind(links).needed.length === links.length;
  const options: LayoutOptions =
    view === 'workloads'
      ? { 'elk.algorithm': 'rectpacking', 'elk.aspectRatio': String(screen), 'elk.spacing.nodeNode': String(gaps.container) }
      : view === 'physical' && tree
        ? { 'elk.algorithm': 'mrtree', 'elk.direction': 'DOWN', 'elk.spacing.nodeNode': String(gaps.container), 'elk.mrtree.weighting': 'CONSTRAINT' }
        : layered(direction, asked.length > nice);
  const rank = new Map(boxes.map(box => [box.id, box.rank]));
  return {
    id: 'picture',
    layoutOptions: { ...options, 'elk.randomSeed': '1', 'elk.padding': '[top=0,left=0,bottom=0,right=0]' },
    children: asked.map(box => ({ id: box.id, width: box.width, height: box.height })),
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

// What hangs together is as elk says; these groups, and the boxes that it was not asked about, stand on shelves.
export function understand(view: ViewKind, places: readonly (readonly [string, number, number])[], boxes: readonly Ranked[], links: readonly Link[]): Packed {
  const size = new Map(boxes.map(box => [box.id, box]));
  const groups = new Map<string, { id: string; x: number; y: number; width: number; height: number }[]>();
  const groupOf = view === 'workloads' ? () => '' : bind(links).find;
  for (const [id, x, y] of places) {
    const box = size.get(id);
    if (!box) continue;
    const group = groupOf(id);
    const member = { id, x, y, width: box.width, height: box.height };
    const there = groups.get(group);
    if (there) there.push(member);
    else groups.set(group, [member]);
    size.delete(id);
  }
  const whole = new Map<string, { x: number; y: number; width: number; height: number }>();
  for (const [group, members] of groups) {
    const [x, y] = [Math.min(...members.map(each => each.x)), Math.min(...members.map(each => each.y))];
    whole.set(`group ${group}`, { x, y, width: Math.max(...members.map(each => each.x + each.width)) - x, height: Math.max(...members.map(each => each.y + each.height)) - y });
  }
  const packed = shelf([...[...whole].map(([id, box]) => ({ id, width: box.width, height: box.height })), ...boxes.filter(box => size.has(box.id))], gaps.container);
  for (const [group, members] of groups) {
    const [at, from] = [packed.at.get(`group ${group}`)!, whole.get(`group ${group}`)!];
    packed.at.delete(`group ${group}`);
    for (const each of members) packed.at.set(each.id, { x: at.x + each.x - from.x, y: at.y + each.y - from.y });
  }
  return packed;
}
