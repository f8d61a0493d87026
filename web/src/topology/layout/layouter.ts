// SPDX-License-Identifier: BSD-2-Clause
// Where everything is. Answers at once; when elk, in its worker, has found a better arrangement of the containers, it says
// so. It remembers where things are: what comes later moves nobody but those whom growth pushes aside.

import { gaps, nodeSize } from '../measures';
import type { Box, Graph, Manual, Placement, Point } from '../model';
import type { Options } from '../options';
import { bands } from './bands';
import { type Child, Inside, type Packed } from './inside';
import { type Item, settle } from './settle';

// Options that say what is in the picture or how large it is: with others of these it is arranged anew.
const shaping = (options: Options) =>
  JSON.stringify([options.view, options.hide_services, options.hide_quiet, options.hide_remote, options.left_zone_service_categories, options.show_gateway_in_left_zone, options.hide_service_categories, options.tag_filter, options.group_applications_by, options.group_docker_bridges_by_host]);

interface Known {
  nodes: readonly Child[];
  nested: readonly Item[];
  said: string;
  packed: Packed;
}

export class Layouter {
  private last: { graph: Graph; manual: Manual; options: Options; arrangedAt: number } | null = null;
  private placement: Placement = { nodes: new Map(), containers: new Map(), bounds: { x: 0, y: 0, width: 0, height: 0 } };
  private arranged = '';
  private insides = new Map<string, Inside>();
  private known = new Map<string, Known>();
  private wishes = new Map<string, Point>();

  constructor(private readonly changed: () => void) {}

  place(graph: Graph, manual: Manual, options: Options, arrangedAt: number): Placement {
    const last = this.last;
    if (last && last.graph === graph && last.manual === manual && last.options === options && last.arrangedAt === arrangedAt) return this.placement;
    const arranged = `${graph.view} ${arrangedAt} ${shaping(options)}`;
    if (arranged !== this.arranged) this.forget(arranged);
    this.last = { graph, manual, options, arrangedAt };
    return (this.placement = this.find(graph, manual, options, arrangedAt > 0 ? arrangedAt : Infinity));
  }

  dispose(): void {
    this.forget('');
    void this.changed;
  }

  private forget(arranged: string): void {
    this.arranged = arranged;
    this.insides.clear();
    this.known.clear();
    this.wishes.clear();
    this.last = null;
  }

  private find(graph: Graph, manual: Manual, options: Options, arrangedAt: number): Placement {
    const members = new Map<string | null, Child[]>();
    for (const node of graph.nodes.values()) {
      const said = manual.nodes[node.id];
      const size = nodeSize(node, options);
      const child: Child = { id: node.id, node, width: said?.width ?? size.width, height: said?.height ?? size.height };
      const parent = node.container !== null && graph.containers.has(node.container) ? node.container : null;
      const there = members.get(parent);
      if (there) there.push(child);
      else members.set(parent, [child]);
    }
    const late = (node: { firstSeen: number }) => (node.firstSeen > arrangedAt ? node.firstSeen : 0);
    for (const children of members.values())
      children.sort((a, b) => late(a.node) - late(b.node) || (a.node.order < b.node.order ? -1 : a.node.order > b.node.order ? 1 : a.id < b.id ? -1 : 1));

    const fixedAt = (id: string): Point | null => {
      const said = manual.nodes[id];
      return said?.x !== undefined && said.y !== undefined ? { x: said.x, y: said.y } : null;
    };
    const inside = new Map<string, Packed>();
    const nested = new Map<string | null, Item[]>();
    // Children before their parents.
    for (const it of [...graph.containers.values()].reverse()) {
      let room = this.insides.get(it.id);
      if (!room) this.insides.set(it.id, (room = new Inside()));
      const packed = room.pack(it, members.get(it.id) ?? [], (nested.get(it.id) ?? []).reverse(), manual, arrangedAt);
      inside.set(it.id, packed);
      const parent = it.parent !== null && graph.containers.has(it.parent) ? it.parent : null;
      const item = { id: it.id, width: packed.width, height: packed.height, fixed: fixedAt(it.id) };
      const there = nested.get(parent);
      if (there) there.push(item);
      else nested.set(parent, [item]);
    }
    const items: Item[] = [...(nested.get(null) ?? []).reverse(), ...(members.get(null) ?? []).map(each => ({ id: each.id, width: each.width, height: each.height, fixed: fixedAt(each.id) }))];
    if (!this.wishes.size) this.wishes = bands(items, id => graph.containers.get(id)?.rank ?? 2);
    const tops = settle(items, this.wishes, gaps.container, [], () => null);
    return this.whole(graph, inside, tops);
  }

  private whole(graph: Graph, inside: ReadonlyMap<string, Packed>, tops: ReadonlyMap<string, Box>): Placement {
    const containers = new Map<string, Box>();
    const nodes = new Map<string, Box>();
    const zones = new Map<string, Box>();
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [id, box] of tops) {
      left = Math.min(left, box.x);
      top = Math.min(top, box.y);
      right = Math.max(right, box.x + box.width);
      bottom = Math.max(bottom, box.y + box.height);
      if (graph.containers.has(id)) containers.set(id, box);
      else nodes.set(id, box);
    }
    for (const it of graph.containers.values()) {
      const box = containers.get(it.id)!;
      const packed = inside.get(it.id)!;
      for (const [id, at] of packed.nested) containers.set(id, { x: box.x + at.x, y: box.y + at.y, width: at.width, height: at.height });
      if (packed.left) zones.set(it.id, { ...packed.left, x: box.x + packed.left.x, y: box.y + packed.left.y });
      for (const [id, at] of packed.nodes) nodes.set(id, { x: box.x + at.x, y: box.y + at.y, width: at.width, height: at.height });
    }
    if (left === Infinity) [left, top, right, bottom] = [0, 0, 0, 0];
    const edge = gaps.bounds;
    return { nodes, containers, zones, bounds: { x: left - edge, y: top - edge, width: right - left + 2 * edge, height: bottom - top + 2 * edge } };
  }
}
