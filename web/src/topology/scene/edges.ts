// SPDX-License-Identifier: BSD-2-Clause
// The edges of a picture, ready to be found: with the boxes of their ends, the most important first; and, from far
// away, bundles: all edges between two containers as one.

import type { Box, EdgeKind, Graph, GraphEdge, Placement } from '../model';
import type { Route } from '../layout/route';
import { meet } from './grid';

export interface Line {
  id: string;
  edge: GraphEdge; // of a bundle: one that stands for all
  from: Box;
  to: Box;
  bundle: readonly string[] | null; // ids of the edges in it
  way?: Route; // once it was asked for
  anchored?: unknown; // by which it was found
}

// What a person drew and what is plugged comes before what flows, whose order is its traffic.
const importance: Record<EdgeKind, number> = { path: 8, hub: 7, link: 6, route: 5, virtualization: 4, container: 3, 'same-host': 2, dependency: 0 };
const rank = (edge: GraphEdge) => importance[edge.kind] + edge.weight + (edge.change ? 10 : 0);

const RANK_EVERY_MS = 2000; // weights move all the time; their order matters only when some are left out
const BUNDLE_EVERY_MS = 100;

export class Edges {
  version = 0; // another when edges came, went or moved
  private lines: Line[] = [];
  private readonly byId = new Map<string, Line>();
  private edges: Graph['edges'] = new Map();
  private rankedAt = 0;
  private bundles: Line[] = [];
  private bundled: { edges: Graph['edges']; at: number; unitOf: unknown } | null = null;
  private adjacent: Map<string, string[]> | null = null;

  update(graph: Graph, placement: Placement, moved: boolean, now: number) {
    if (graph.edges === this.edges && !moved) return;
    const same = !moved && graph.edges.size === this.edges.size && this.refreshed(graph);
    this.edges = graph.edges;
    if (same && now - this.rankedAt < RANK_EVERY_MS) return;
    if (!same) this.remake(graph, placement);
    this.lines.sort((a, b) => rank(b.edge) - rank(a.edge));
    this.rankedAt = now;
  }

  get count(): number {
    return this.edges.size;
  }

  get(id: string): Line | undefined {
    return this.byId.get(id) ?? this.bundles.find(line => line.id === id);
  }

  // Those that touch the area, at most so many; the rest is counted.
  in(area: Box, most: number): { lines: Line[]; left: number } {
    return pick(this.lines, area, most);
  }

  // Between whole containers. unitOf: which container an end is in, when that is one of the picture.
  bundlesIn(area: Box, most: number, unitOf: (id: string) => string | null, boxOf: (id: string) => Box | undefined, now: number): { lines: Line[]; left: number } {
    const old = this.bundled;
    if (!old || old.unitOf !== unitOf || (old.edges !== this.edges && now - old.at >= BUNDLE_EVERY_MS)) {
      this.bundles = bundlesOf(this.lines, unitOf, boxOf);
      this.bundled = { edges: this.edges, at: now, unitOf };
    }
    return pick(this.bundles, area, most);
  }

  // Ids of the edges at a thing.
  at(id: string): readonly string[] {
    if (!this.adjacent) {
      this.adjacent = new Map();
      for (const { id: edge, edge: { source, target } } of this.lines) {
        for (const end of [source, target]) {
          const known = this.adjacent.get(end);
          if (known) known.push(edge);
          else this.adjacent.set(end, [edge]);
        }
      }
    }
    return this.adjacent.get(id) ?? [];
  }

  // The same edges with other figures: true when none came or went.
  private refreshed(graph: Graph): boolean {
    for (const [id, edge] of graph.edges) {
      const line = this.byId.get(id);
      if (!line || line.edge.source !== edge.source || line.edge.target !== edge.target) return false;
      line.edge = edge;
    }
    return true;
  }

  private remake(graph: Graph, placement: Placement) {
    this.version++;
    this.lines = [];
    this.byId.clear();
    this.adjacent = null;
    this.bundled = null;
    const boxOf = (id: string) => placement.nodes.get(id) ?? placement.containers.get(id);
    for (const [id, edge] of graph.edges) {
      const from = boxOf(edge.source);
      const to = boxOf(edge.target);
      if (!from || !to || edge.source === edge.target) continue;
      const line = { id, edge, from, to, bundle: null };
      this.lines.push(line);
      this.byId.set(id, line);
    }
  }
}

export const span = ({ from, to }: Line): Box => {
  const x = Math.min(from.x, to.x);
  const y = Math.min(from.y, to.y);
  return { x, y, width: Math.max(from.x + from.width, to.x + to.width) - x, height: Math.max(from.y + from.height, to.y + to.height) - y };
};

function pick(lines: readonly Line[], area: Box, most: number): { lines: Line[]; left: number } {
  const found: Line[] = [];
  let left = 0;
  const [right, bottom] = [area.x + area.width, area.y + area.height];
  for (const line of lines) {
    const { from, to } = line;
    if (Math.min(from.x, to.x) > right || Math.min(from.y, to.y) > bottom || Math.max(from.x + from.width, to.x + to.width) < area.x || Math.max(from.y + from.height, to.y + to.height) < area.y) continue;
    // What only passes by says nothing here: when there are too many, those with an end in sight come first.
    if (found.length < most) found.push(line);
    else left++;
  }
  if (left && most > 0) {
    const near = lines.filter(line => meet(line.from, area) || meet(line.to, area));
    const total = found.length + left;
    const chosen = near.length >= most ? near.slice(0, most) : [...near, ...found.filter(line => !meet(line.from, area) && !meet(line.to, area)).slice(0, most - near.length)];
    return { lines: chosen, left: total - chosen.length };
  }
  return { lines: found, left };
}

function bundlesOf(lines: readonly Line[], unitOf: (id: string) => string | null, boxOf: (id: string) => Box | undefined): Line[] {
  interface Sum { ids: string[]; first: GraphEdge; bytes: number; count: number; live: boolean; weight: number; source: string; target: string; both: boolean; lastSeen: number }
  const sums = new Map<string, Sum>();
  for (const { id, edge } of lines) {
    const [a, b] = [unitOf(edge.source), unitOf(edge.target)];
    if (a === null || b === null || a === b) continue;
    const key = `${edge.kind}:${a < b ? `${a}>${b}` : `${b}>${a}`}`;
    const sum = sums.get(key);
    if (!sum) sums.set(key, { ids: [id], first: edge, bytes: edge.bytes, count: edge.count, live: edge.live, weight: edge.weight, source: a, target: b, both: false, lastSeen: edge.lastSeen });
    else {
      sum.ids.push(id);
      sum.bytes += edge.bytes;
      sum.count += edge.count;
      sum.live ||= edge.live;
      sum.weight = Math.max(sum.weight, edge.weight);
      sum.both ||= sum.source !== a;
      sum.lastSeen = Math.max(sum.lastSeen, edge.lastSeen);
    }
  }
  const found: Line[] = [];
  for (const [key, { ids, first, both, ...sum }] of sums) {
    const [from, to] = [boxOf(sum.source), boxOf(sum.target)];
    if (!from || !to) continue;
    const id = `bundle:${key}`;
    found.push({ id, from, to, bundle: ids, edge: { ...first, ...sum, id, label: '', directed: first.directed && !both, style: 'Bezier', change: undefined } });
  }
  // Between whole networks it is the traffic that matters; a route each has.
  const rankOf = ({ edge, bundle }: Line) => (edge.kind === 'dependency' ? 6 : importance[edge.kind]) + edge.weight * 2 + Math.log10(bundle!.length);
  return found.sort((a, b) => rankOf(b) - rankOf(a));
}
