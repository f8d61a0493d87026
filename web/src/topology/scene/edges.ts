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
  rank: number; // how important, when last looked at
}

// What a person drew and what is plugged comes before what flows, whose order is its traffic.
const importance: Record<EdgeKind, number> = { path: 8, hub: 7, link: 6, route: 5, virtualization: 4, container: 3, 'same-host': 2, dependency: 0 };
const rank = (edge: GraphEdge) => importance[edge.kind] + edge.weight + (edge.change ? 10 : 0);
// Between whole networks it is the traffic that matters; a route each has.
const byRank = (a: Line, b: Line) => b.rank - a.rank;
const bundleRank = ({ edge, bundle }: Line) => (edge.kind === 'dependency' ? 6 : importance[edge.kind]) + edge.weight * 2 + Math.log10(bundle!.length);

const GROW_MOST = 200; // new ones at once; more: all is made again
const RANK_EVERY_MS = 2000; // weights move all the time; their order matters only when some are left out

type UnitOf = (id: string) => string | null;
type BoxOf = (id: string) => Box | undefined;

interface Bundle extends Line {
  bundle: string[];
  source: string; // which way the first of them leads
  members: Line[];
  stale: boolean;
}

export class Edges {
  version = 0; // another when edges went or moved; those that only came are added to what there is
  grown = 0; // how many were added
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
  private bundleById = new Map<string, Bundle>();
  private bundled: { unitOf: UnitOf; keyOf: (line: Line) => string | null; begin: (key: string, line: Line) => Bundle | null } | null = null;
  private adjacent: Map<string, string[]> | null = null;

  update(graph: Graph, placement: Placement, moved: boolean, now: number) {
    if (graph.edges === this.edges && !moved) return;
    const kept = this.order.length > 0 && (!moved || this.relocated(placement)) && this.refreshed(graph, placement);
    this.edges = graph.edges;
    if (!kept) this.remake(graph, placement);
    if (kept && !moved && now - this.rankedAt < RANK_EVERY_MS) return;
    for (const line of this.lines) line.rank = rank(line.edge);
    this.lines.sort(byRank);
    this.spans = spansOf(this.lines);
    this.rankedAt = now;
  }

  get(id: string): Line | undefined {
    return this.byId.get(id) ?? this.bundleById.get(id);
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
    if (this.bundled?.unitOf !== unitOf) {
      this.bundled = { unitOf, keyOf: bundleKeys(unitOf), begin: (key, line) => beginBundle(key, line, unitOf, boxOf) };
      this.bundles = this.bundle(this.bundled);
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

  // Other places of the same things; false when one has none any more.
  private relocated(placement: Placement): boolean {
    const boxOf = (id: string) => placement.nodes.get(id) ?? placement.containers.get(id);
    let turned = false;
    for (const line of [...this.order, ...this.bundles]) {
      const [from, to] = [boxOf(line.edge.source), boxOf(line.edge.target)];
      if (!from || !to) return false;
      if (from === line.from && to === line.to) continue;
      line.from = from;
      line.to = to;
      delete line.way;
      turned = true;
    }
    if (turned) {
      this.version++;
      this.bundleSpans = spansOf(this.bundles);
      this.calmSpans = spansOf(this.calm);
    }
    return true;
  }

  // Takes over other figures and adds what came; false when something went or leads elsewhere now.
  private refreshed(graph: Graph, placement: Placement): boolean {
    let i = 0;
    const came: Line[] = [];
    for (const [id, edge] of graph.edges) {
      const next = this.order[i];
      const line = next?.id === id ? next : this.byId.get(id);
      if (!line) {
        // One without a place is nowhere here either.
        const fresh = lineOf(edge, placement);
        if (fresh) came.push(fresh);
        continue;
      }
      i++;
      if (line.edge === edge) continue;
      if (line.edge.source !== edge.source || line.edge.target !== edge.target) return false;
      line.edge = edge;
      const bundle = this.bundleOf.get(line);
      if (bundle) bundle.stale = true;
    }
    if (i !== this.order.length || came.length > GROW_MOST) return false;
    for (const line of came) this.add(line);
    return true;
  }

  private add(line: Line) {
    this.grown++;
    this.byId.set(line.id, line);
    this.order.push(line);
    this.lines.push(line);
    this.spans = grownBy(this.spans, line);
    const { source, target } = line.edge;
    if (this.adjacent) for (const end of [source, target]) this.adjacent.set(end, [...(this.adjacent.get(end) ?? []), line.id]);
    if (!this.bundled) return;
    const { keyOf, begin } = this.bundled;
    const key = keyOf(line);
    let bundle = key === null ? undefined : this.bundleById.get(key);
    if (key !== null && !bundle) {
      // Between two that had nothing to do with each other; its place in the order comes when all are ranked again.
      bundle = begin(key, line) ?? undefined;
      if (bundle) {
        this.bundleById.set(key, bundle);
        this.bundles.push(bundle);
        this.bundleSpans = grownBy(this.bundleSpans, bundle);
        if (line.edge.kind === 'dependency') {
          this.calm.push(bundle);
          this.calmSpans = grownBy(this.calmSpans, bundle);
        }
      }
    }
    if (bundle) this.join(bundle, line);
    if (!bundle || line.edge.kind !== 'dependency') {
      this.calm.push(line);
      this.calmSpans = grownBy(this.calmSpans, line);
    }
  }

  private remake(graph: Graph, placement: Placement) {
    this.version++;
    this.order = [];
    this.byId.clear();
    this.bundleOf.clear();
    this.adjacent = null;
    this.bundled = null;
    for (const edge of graph.edges.values()) {
      const line = lineOf(edge, placement);
      if (!line) continue;
      this.order.push(line);
      this.byId.set(line.id, line);
    }
    this.lines = this.order.slice();
  }

  private bundle({ keyOf, begin }: NonNullable<Edges['bundled']>): Bundle[] {
    const found = (this.bundleById = new Map());
    this.bundleOf.clear();
    for (const line of this.lines) {
      const key = keyOf(line);
      if (key === null) continue;
      let bundle = found.get(key);
      if (!bundle) {
        bundle = begin(key, line);
        if (!bundle) continue;
        found.set(key, bundle);
      }
      this.join(bundle, line);
    }
    const all = [...found.values()];
    all.forEach(sum);
    return all;
  }

  private join(bundle: Bundle, line: Line) {
    bundle.members.push(line);
    bundle.bundle.push(line.id);
    bundle.stale = true;
    if (bundle.source !== this.bundled!.unitOf(line.edge.source)) bundle.edge = { ...bundle.edge, directed: false };
    this.bundleOf.set(line, bundle);
  }
}

function beginBundle(key: string, line: Line, unitOf: UnitOf, boxOf: BoxOf): Bundle | null {
  const [source, target] = [unitOf(line.edge.source)!, unitOf(line.edge.target)!];
  const [from, to] = [boxOf(source), boxOf(target)];
  if (!from || !to) return null;
  return { id: key, from, to, source, bundle: [], members: [], stale: true, rank: 0, edge: { ...line.edge, id: key, source, target, label: '', style: 'Bezier', change: undefined } };
}

// Which bundle a line belongs to: one for each pair of containers and kind; null within one container.
function bundleKeys(unitOf: UnitOf): (line: Line) => string | null {
  const pairs = new Map<EdgeKind, Map<string, Map<string, string>>>();
  return ({ edge }) => {
    const [from, to] = [unitOf(edge.source), unitOf(edge.target)];
    if (from === null || to === null || from === to) return null;
    const [a, b] = from < to ? [from, to] : [to, from];
    const seconds = within(within(pairs, edge.kind, () => new Map<string, Map<string, string>>()), a, () => new Map<string, string>());
    return within(seconds, b, () => `bundle:${edge.kind}:${a}>${b}`);
  };
}

// What a map has for a key; made when it is missing.
function within<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

function lineOf(edge: GraphEdge, placement: Placement): Line | null {
  const from = placement.nodes.get(edge.source) ?? placement.containers.get(edge.source);
  const to = placement.nodes.get(edge.target) ?? placement.containers.get(edge.target);
  return from && to && edge.source !== edge.target ? { id: edge.id, edge, from, to, bundle: null, rank: 0 } : null;
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
  lines.forEach((line, i) => put(spans, i * 4, line));
  return spans;
}

function grownBy(old: Spans, line: Line): Spans {
  const spans = new Float64Array(old.length + 4);
  spans.set(old);
  put(spans, old.length, line);
  return spans;
}

function put(spans: Spans, at: number, { from, to }: Line) {
  spans[at] = Math.min(from.x, to.x);
  spans[at + 1] = Math.min(from.y, to.y);
  spans[at + 2] = Math.max(from.x + from.width, to.x + to.width);
  spans[at + 3] = Math.max(from.y + from.height, to.y + to.height);
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
