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
  drawn?: GraphEdge; // as it is on the screen
}

// What a person drew and what is plugged comes before what flows, whose order is its traffic.
const importance: Record<EdgeKind, number> = { path: 8, hub: 7, link: 6, route: 5, virtualization: 4, container: 3, 'same-host': 2, dependency: 0 };
const rank = (edge: GraphEdge) => importance[edge.kind] + edge.weight + (edge.change ? 10 : 0);
// Between whole networks it is the traffic that matters; a route each has.
const bundleRank = ({ edge, bundle }: Line) => (edge.kind === 'dependency' ? 6 : importance[edge.kind]) + edge.weight * 2 + Math.log10(bundle!.length);

const RANK_EVERY_MS = 2000; // weights move all the time; their order matters only when some are left out

type UnitOf = (id: string) => string | null;
type BoxOf = (id: string) => Box | undefined;

interface Bundle extends Line {
  members: Line[];
  stale: boolean;
}

export class Edges {
  version = 0; // another when edges came, went or moved
  lines: Line[] = []; // the most important first
  private order: Line[] = []; // as the graph has them
  private readonly byId = new Map<string, Line>();
  private edges: Graph['edges'] = new Map();
  private rankedAt = 0;
  private spans: Spans = spansOf([]);
  private bundles: Bundle[] = [];
  private bundleSpans: Spans = spansOf([]);
  private calm: Line[] = []; // each line, but dependencies between containers as bundles
  private calmSpans: Spans = spansOf([]);
  private bundleOf = new Map<Line, Bundle>();
  private bundled: { version: number; unitOf: unknown } | null = null;
  private adjacent: Map<string, string[]> | null = null;

  update(graph: Graph, placement: Placement, moved: boolean, now: number) {
    if (graph.edges === this.edges && !moved) return;
    const same = !moved && graph.edges.size === this.edges.size && this.refreshed(graph);
    this.edges = graph.edges;
    if (same && now - this.rankedAt < RANK_EVERY_MS) return;
    if (!same) this.remake(graph, placement);
    this.lines.sort((a, b) => rank(b.edge) - rank(a.edge));
    this.spans = spansOf(this.lines);
    this.rankedAt = now;
  }

  get(id: string): Line | undefined {
    return this.byId.get(id) ?? (id.startsWith('bundle:') ? this.bundles.find(line => line.id === id) : undefined);
  }

  // Those that touch the area, at most so many; the rest is counted.
  in(area: Box, most: number): Picked {
    return pick(this.lines, this.spans, area, most);
  }

  // Between whole containers. unitOf: which container an end is in, when that is one of the picture; another function
  // when containers are others.
  bundlesIn(area: Box, most: number, unitOf: UnitOf, boxOf: BoxOf): Picked {
    this.rebundle(unitOf, boxOf);
    return pick(this.bundles, this.bundleSpans, area, most);
  }

  // Each by itself, but dependencies between two containers together.
  calmIn(area: Box, most: number, unitOf: UnitOf, boxOf: BoxOf): Picked {
    this.rebundle(unitOf, boxOf);
    return pick(this.calm, this.calmSpans, area, most);
  }

  private rebundle(unitOf: UnitOf, boxOf: BoxOf) {
    if (this.bundled?.version !== this.version || this.bundled.unitOf !== unitOf) {
      this.bundles = this.bundle(unitOf, boxOf);
      this.bundled = { version: this.version, unitOf };
      this.bundles.sort((a, b) => bundleRank(b) - bundleRank(a));
      this.bundleSpans = spansOf(this.bundles);
      const together = this.bundles.filter(({ edge }) => edge.kind === 'dependency');
      const apart = this.lines.filter(line => line.edge.kind !== 'dependency' || line.edge.change || !this.bundleOf.has(line));
      this.calm = [...apart.filter(({ edge }) => edge.kind !== 'dependency'), ...together, ...apart.filter(({ edge }) => edge.kind === 'dependency')];
      this.calmSpans = spansOf(this.calm);
    }
    for (const bundle of this.bundles) if (bundle.stale) sum(bundle);
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
    let i = 0;
    for (const [id, edge] of graph.edges) {
      const next = this.order[i];
      const line = next?.id === id ? next : this.byId.get(id);
      i++;
      // One without a place is nowhere here either.
      if (!line) {
        i--;
        continue;
      }
      if (line.edge === edge) continue;
      if (line.edge.source !== edge.source || line.edge.target !== edge.target) return false;
      line.edge = edge;
      const bundle = this.bundleOf.get(line);
      if (bundle) bundle.stale = true;
    }
    return i === this.order.length;
  }

  private remake(graph: Graph, placement: Placement) {
    this.version++;
    this.order = [];
    this.byId.clear();
    this.bundleOf.clear();
    this.adjacent = null;
    const boxOf = (id: string) => placement.nodes.get(id) ?? placement.containers.get(id);
    for (const [id, edge] of graph.edges) {
      const from = boxOf(edge.source);
      const to = boxOf(edge.target);
      if (!from || !to || edge.source === edge.target) continue;
      const line: Line = { id, edge, from, to, bundle: null };
      this.order.push(line);
      this.byId.set(id, line);
    }
    this.lines = this.order.slice();
  }

  private bundle(unitOf: UnitOf, boxOf: BoxOf): Bundle[] {
    const found = new Map<string, Bundle>();
    const units = new Map<string, string | null>();
    const unit = (id: string) => {
      let known = units.get(id);
      if (known === undefined) units.set(id, (known = unitOf(id)));
      return known;
    };
    for (const line of this.lines) {
      const [a, b] = [unit(line.edge.source), unit(line.edge.target)];
      if (a === null || b === null || a === b) continue;
      const key = `bundle:${line.edge.kind}:${a < b ? `${a}>${b}` : `${b}>${a}`}`;
      let bundle = found.get(key);
      if (!bundle) {
        const [from, to] = [boxOf(a), boxOf(b)];
        if (!from || !to) continue;
        bundle = { id: key, from, to, bundle: [], members: [], stale: true, edge: { ...line.edge, id: key, source: a, target: b, label: '', style: 'Bezier', change: undefined } };
        found.set(key, bundle);
      }
      bundle.members.push(line);
      if (bundle.edge.source !== a) bundle.edge.directed = false;
      this.bundleOf.set(line, bundle);
    }
    const all = [...found.values()];
    for (const bundle of all) {
      bundle.bundle = bundle.members.map(line => line.id);
      sum(bundle);
    }
    return all;
  }
}

function sum(bundle: Bundle) {
  const edge = { ...bundle.edge, bytes: 0, count: 0, live: false, weight: 0, lastSeen: 0 };
  for (const { edge: each } of bundle.members) {
    edge.bytes += each.bytes;
    edge.count += each.count;
    edge.live ||= each.live;
    edge.weight = Math.max(edge.weight, each.weight);
    edge.lastSeen = Math.max(edge.lastSeen, each.lastSeen);
  }
  bundle.edge = edge;
  bundle.stale = false;
}

export interface Picked {
  lines: Line[];
  left: number;
}

// Left, top, right, bottom of each line's ends together, in the lines' order.
type Spans = Float64Array;

function spansOf(lines: readonly Line[]): Spans {
  const spans = new Float64Array(lines.length * 4);
  lines.forEach(({ from, to }, i) => {
    spans[i * 4] = Math.min(from.x, to.x);
    spans[i * 4 + 1] = Math.min(from.y, to.y);
    spans[i * 4 + 2] = Math.max(from.x + from.width, to.x + to.width);
    spans[i * 4 + 3] = Math.max(from.y + from.height, to.y + to.height);
  });
  return spans;
}

function pick(lines: readonly Line[], spans: Spans, area: Box, most: number): Picked {
  const found: Line[] = [];
  const [right, bottom] = [area.x + area.width, area.y + area.height];
  for (let i = 0, at = 0; i < lines.length; i++, at += 4) if (spans[at]! <= right && spans[at + 1]! <= bottom && spans[at + 2]! >= area.x && spans[at + 3]! >= area.y) found.push(lines[i]!);
  if (found.length <= most) return { lines: found, left: 0 };
  // What only passes by says little here: those with an end in sight come first.
  const near: Line[] = [];
  const passing: Line[] = [];
  for (const line of found) {
    const list = meet(line.from, area) || meet(line.to, area) ? near : passing;
    if (list.length < most) list.push(line);
    if (near.length >= most) break;
  }
  const chosen = [...near, ...passing.slice(0, Math.max(0, most - near.length))];
  return { lines: chosen, left: found.length - chosen.length };
}
