// SPDX-License-Identifier: BSD-2-Clause
// Where edges leave and meet their boxes. What a person chose is kept; else the sides that look at each other. Those
// that share a side are spread along it in the order of where they go, so that they neither lie on each other nor
// cross without need.

import { gaps } from '../measures';
import type { Box, Graph, GraphEdge, Manual, Side } from '../model';
import { type Anchor, facingSides } from './route';

export interface Anchored {
  from: Anchor;
  to: Anchor;
  lane: number; // how far its middle is aside
}

const spread = 18; // between two on one side, if there is room
const lanes = 7; // between the middles of two
const mostLane = 42;

interface End {
  edge: GraphEdge;
  atSource: boolean;
  anchor: Anchor;
  toward: number; // where the other end is, along this side
}

export function anchors(graph: Pick<Graph, 'edges' | 'nodes'>, boxOf: (id: string) => Box | undefined, manual: Manual): Map<string, Anchored> {
  const all = new Map<string, Anchored>();
  const sides = new Map<string, End[]>();
  const end = (edge: GraphEdge, atSource: boolean, anchor: Anchor, other: Box) => {
    const key = `${atSource ? edge.source : edge.target} ${anchor.side}`;
    const flat = anchor.side === 'Top' || anchor.side === 'Bottom';
    const it: End = { edge, atSource, anchor, toward: flat ? other.x + other.width / 2 : other.y + other.height / 2 };
    const there = sides.get(key);
    if (there) there.push(it);
    else sides.set(key, [it]);
  };
  for (const edge of graph.edges.values()) {
    const [source, target] = [boxOf(edge.source), boxOf(edge.target)];
    if (!source || !target) continue;
    const said = manual.edges[edge.id];
    const [one, other] = [graph.nodes.get(edge.source), graph.nodes.get(edge.target)];
    const siblings = one !== undefined && other !== undefined && one.container !== null && one.container === other.container;
    const aside = siblings && Math.abs(source.y - target.y) > source.height + target.height;
    const facing = facingSides(source, target, aside);
    const side = (chosen: Side | undefined, found: Side): Anchor => ({ side: chosen ?? found, at: 0.5 });
    const anchored: Anchored = { from: side(said?.source_handle, facing[0]), to: side(said?.target_handle, facing[1]), lane: 0 };
    if (siblings) anchored.to.gutter = gaps.node / 2;
    all.set(edge.id, anchored);
    end(edge, true, anchored.from, target);
    end(edge, false, anchored.to, source);
  }
  for (const [key, ends] of sides) {
    if (ends.length < 2) continue;
    const box = boxOf(key.slice(0, key.lastIndexOf(' ')))!;
    const side = ends[0]!.anchor.side;
    const length = side === 'Top' || side === 'Bottom' ? box.width : box.height;
    ends.sort((a, b) => a.toward - b.toward || (a.edge.id < b.edge.id ? -1 : 1));
    const step = Math.min(spread, (length - 16) / ends.length);
    ends.forEach((it, i) => {
      const off = i - (ends.length - 1) / 2;
      it.anchor.at = 0.5 + (off * Math.max(0, step)) / length;
      if (!it.atSource) return;
      // Whoever has the shorter way along the side turns first: then they do not cross.
      const anchored = all.get(it.edge.id)!;
      const middle = (side === 'Top' || side === 'Bottom' ? box.x : box.y) + length / 2;
      const away = it.toward > middle === (side === 'Bottom' || side === 'Right') ? -1 : 1;
      anchored.lane = Math.max(-mostLane, Math.min(mostLane, away * off * lanes));
    });
  }
  return all;
}
