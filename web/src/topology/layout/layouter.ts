// SPDX-License-Identifier: BSD-2-Clause
// Where everything is. Answers at once; when elk, in its worker, has found a better arrangement of the containers, it says
// so. It remembers where things are: what comes later moves nobody but those whom growth pushes aside.

import { gaps, nodeSize } from '../measures';
import type { Box, Graph, GraphContainer, GraphNode, Manual, Placement, Point } from '../model';
import type { Options } from '../options';
import { type Child, Inside, type Packed } from './inside';
import { linksOf } from './links';
import { type Ask, Places } from './places';
import { type Item, settle } from './settle';

// Options that say what is in the picture or how large it is: with others of these it is arranged anew.
const shaping = (options: Options) =>
  JSON.stringify([options.hide_services, options.hide_quiet, options.hide_remote, options.left_zone_service_categories, options.show_gateway_in_left_zone, options.hide_service_categories, options.tag_filter, options.group_applications_by, options.group_docker_bridges_by_host, options.network_ids]);

const rebuild_ms = 2000; // a picture that is always arranged anew waits for things to calm down
const nearlyEmpty = 4; // containers: a picture that began so is arranged anew when it has more than twice as many
const spare = 1000; // of things that are gone, before they are forgotten

// What a container was when it was last packed, and what came of it.
interface Known {
  it: GraphContainer;
  children: readonly Child[];
  nested: readonly Item[];
  said: string;
  packed: Packed;
}

interface Members {
  children: Map<string | null, Child[]>;
  said: Map<string | null, string>; // what a person placed in it, or of itself
}

const fromElk: Ask = async (question, signal) => (await import('./worker')).askElk(question, signal);
const nothing: Placement = { nodes: new Map(), containers: new Map(), zones: new Map(), bounds: { x: 0, y: 0, width: 0, height: 0 } };
const none: readonly never[] = [];

export class Layouter {
  private last: { graph: Graph; manual: Manual; options: Options; arrangedAt: number } | null = null;
  private placement = nothing;
  private arranged = '';
  private structure = '';
  private readonly children = new Map<string, Child>();
  private readonly insides = new Map<string, Inside>();
  private readonly known = new Map<string, Known>();
  private readonly places: Places;
  private wishes: Map<string, Point> | null = null; // of the top level; null: not arranged yet
  private begun = 0; // boxes of the top level when it was arranged
  private rebuilding: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly changed: () => void,
    ask: Ask = fromElk,
  ) {
    this.places = new Places(ask);
  }

  place(graph: Graph, manual: Manual, options: Options, arrangedAt: number): Placement {
    const last = this.last;
    if (last && last.graph === graph && last.manual === manual && last.options === options && last.arrangedAt === arrangedAt) return this.placement;
    const arranged = `${graph.view} ${arrangedAt} ${shaping(options)}`;
    if (arranged !== this.arranged) this.forget();
    else if (arrangedAt === Infinity && graph.structure !== this.structure) this.rebuildSoon();
    this.arranged = arranged;
    this.structure = graph.structure;
    this.last = { graph, manual, options, arrangedAt };
    return (this.placement = this.find(graph, manual, options, arrangedAt > 0 ? arrangedAt : Infinity));
  }

  dispose(): void {
    clearTimeout(this.rebuilding);
    this.forget();
    this.placement = nothing;
  }

  private forget(): void {
    this.places.cancel();
    this.children.clear();
    this.insides.clear();
    this.known.clear();
    this.wishes = null;
    this.last = null;
  }

  private rebuildSoon(): void {
    clearTimeout(this.rebuilding);
    this.rebuilding = setTimeout(() => {
      this.forget();
      this.changed();
    }, rebuild_ms);
  }

  private find(graph: Graph, manual: Manual, options: Options, arrangedAt: number): Placement {
    const members = this.membersOf(graph, manual, options);
    const tops = graph.containers.size + (members.children.get(null)?.length ?? 0);
    if (this.wishes && this.begun <= nearlyEmpty && tops > 2 * this.begun + 1) this.wishes = null;
    if (!this.wishes && tops) this.arrange(graph, manual, members, arrangedAt);
    const items = this.pack(graph, manual, members, arrangedAt);
    const settled = settle(items, this.wishes ?? new Map<string, Point>(), none, { x: 0, y: 0 }, this.nearPartners(graph));
    return this.whole(graph, settled);
  }

  // The first places: of what was there at the time, as large as it was then.
  private arrange(graph: Graph, manual: Manual, members: Members, arrangedAt: number): void {
    const old = (each: { firstSeen: number }) => each.firstSeen <= arrangedAt;
    const kept: Members = { children: new Map([...members.children].map(([id, children]) => [id, children.filter(each => old(each.node))])), said: members.said };
    const containers = new Map([...graph.containers].filter(([, it]) => old(it)));
    const allOld = containers.size === graph.containers.size && [...members.children].every(([id, children]) => children.length === kept.children.get(id)!.length);
    const then = allOld || !containers.size ? graph : { ...graph, containers };
    const items = this.pack(then, manual, then === graph ? members : kept, arrangedAt);
    this.begun = items.length;
    const free = items.filter(item => !item.fixed);
    this.wishes = this.places.find(then, free, better => {
      this.wishes = better;
      this.last = null;
      this.changed();
    });
  }

  private membersOf(graph: Graph, manual: Manual, options: Options): Members {
    const children = new Map<string | null, Child[]>();
    const parentOf = (id: string | null) => (id !== null && graph.containers.has(id) ? id : null);
    for (const node of graph.nodes.values()) {
      const child = this.childOf(node, manual.nodes[node.id], options);
      const parent = parentOf(node.container);
      const there = children.get(parent);
      if (there) there.push(child);
      else children.set(parent, [child]);
    }
    this.dropGone(graph);
    const said = new Map<string | null, string>();
    for (const [id, place] of Object.entries(manual.nodes)) {
      const node = graph.nodes.get(id);
      const whose = node ? parentOf(node.container) : id;
      said.set(whose, `${said.get(whose) ?? ''}${id} ${place.x} ${place.y} ${place.width} ${place.height};`);
    }
    return { children, said };
  }

  // Of a picture that is open for weeks, those who came and went are not kept; where they stood is.
  private dropGone({ nodes, containers }: Graph): void {
    if (this.children.size > 2 * nodes.size + spare) for (const id of this.children.keys()) if (!nodes.has(id)) this.children.delete(id);
    if (this.known.size > 2 * containers.size + spare) for (const id of this.known.keys()) if (!containers.has(id)) this.known.delete(id);
  }

  private childOf(node: GraphNode, said: Manual['nodes'][string] | undefined, options: Options): Child {
    const known = this.children.get(node.id);
    if (known && known.node === node && known.said === said) return known;
    const size = nodeSize(node, options);
    const [width, height] = [said?.width ?? size.width, said?.height ?? size.height];
    // Where only words changed, it is as it was.
    const same = known && known.said === said && known.width === width && known.height === height && known.node.zone === node.zone && known.node.kind === node.kind && known.node.order === node.order;
    const child = same ? known : { id: node.id, node, said, width, height };
    this.children.set(node.id, child);
    return child;
  }

  // Packs each container, inner ones first, and gives those of the top level.
  private pack(graph: Graph, manual: Manual, members: Members, arrangedAt: number): Item[] {
    const late = (each: { firstSeen: number }) => (each.firstSeen > arrangedAt ? each.firstSeen : 0);
    const fixed = (id: string): Point | null => {
      const said = manual.nodes[id];
      return said?.x !== undefined && said.y !== undefined ? { x: said.x, y: said.y } : null;
    };
    const nested = new Map<string | null, Item[]>();
    for (const it of [...graph.containers.values()].reverse()) {
      const packed = this.packed(it, members.children.get(it.id) ?? none, nested.get(it.id) ?? none, members.said.get(it.id) ?? '', manual, arrangedAt, late);
      const parent = it.parent !== null && graph.containers.has(it.parent) ? it.parent : null;
      const item: Item = { id: it.id, width: packed.width, height: packed.height, fixed: fixed(it.id), gap: parent === null ? gaps.container : gaps.nested, late: late(it), above: parent === null && it.rank === 0 };
      const there = nested.get(parent);
      if (there) there.push(item);
      else nested.set(parent, [item]);
    }
    const titles = (id: string) => graph.containers.get(id)?.title ?? '';
    const items = (nested.get(null) ?? []).sort((one, other) => byName(titles(one.id), titles(other.id)) || (one.id < other.id ? -1 : 1));
    const nodes = [...(members.children.get(null) ?? [])].sort((one, other) => inOrder(one, other, late));
    for (const each of nodes) items.push({ id: each.id, width: each.width, height: each.height, fixed: fixed(each.id), gap: gaps.node, late: late(each.node) });
    return items;
  }

  private packed(it: GraphContainer, children: readonly Child[], nested: readonly Item[], said: string, manual: Manual, arrangedAt: number, late: (each: { firstSeen: number }) => number): Packed {
    const known = this.known.get(it.id);
    if (known && known.it.title === it.title && known.it.subtitle === it.subtitle && known.said === said && sameList(known.children, children) && sameItems(known.nested, nested)) return known.packed;
    let inside = this.insides.get(it.id);
    if (!inside) this.insides.set(it.id, (inside = new Inside()));
    const sorted = [...children].sort((one, other) => inOrder(one, other, late));
    const inner = [...nested].sort((one, other) => one.late - other.late || (one.id < other.id ? -1 : 1));
    const packed = inside.pack(it, sorted, inner, manual, arrangedAt);
    this.known.set(it.id, { it, children, nested, said, packed });
    return packed;
  }

  // The middle of those whom a newcomer is linked with.
  private nearPartners(graph: Graph): (id: string, placed: ReadonlyMap<string, Box>) => Point | null {
    let links: ReturnType<typeof linksOf> | null = null;
    return (id, placed) => {
      let [x, y, weight] = [0, 0, 0];
      for (const link of (links ??= linksOf(graph))) {
        const other = link.a === id ? placed.get(link.b) : link.b === id ? placed.get(link.a) : undefined;
        if (!other) continue;
        x += (other.x + other.width / 2) * link.weight;
        y += (other.y + other.height / 2) * link.weight;
        weight += link.weight;
      }
      return weight ? { x: x / weight, y: y / weight } : null;
    };
  }

  // From places relative to a corner to places of the picture. A box that did not move is the same object as before.
  private whole(graph: Graph, tops: ReadonlyMap<string, Box>): Placement {
    const before = this.placement;
    const [containers, nodes, zones] = [new Map<string, Box>(), new Map<string, Box>(), new Map<string, Box>()];
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    const put = (into: Map<string, Box>, old: ReadonlyMap<string, Box>, id: string, x: number, y: number, at: Box) => {
      const known = old.get(id);
      const same = known && known.x === x && known.y === y && known.width === at.width && known.height === at.height;
      into.set(id, same ? known : { x, y, width: at.width, height: at.height });
    };
    for (const [id, box] of tops) {
      left = Math.min(left, box.x);
      top = Math.min(top, box.y);
      right = Math.max(right, box.x + box.width);
      bottom = Math.max(bottom, box.y + box.height);
      if (graph.containers.has(id)) put(containers, before.containers, id, box.x, box.y, box);
      else put(nodes, before.nodes, id, box.x, box.y, box);
    }
    for (const it of graph.containers.values()) {
      const box = containers.get(it.id)!;
      const { packed } = this.known.get(it.id)!;
      for (const [id, at] of packed.nested) put(containers, before.containers, id, box.x + at.x, box.y + at.y, at);
      for (const [id, at] of packed.nodes) put(nodes, before.nodes, id, box.x + at.x, box.y + at.y, at);
      if (packed.left) put(zones, before.zones ?? new Map(), it.id, box.x + packed.left.x, box.y + packed.left.y, packed.left);
    }
    if (left === Infinity) [left, top, right, bottom] = [0, 0, 0, 0];
    const edge = gaps.bounds;
    return { nodes, containers, zones, bounds: { x: left - edge, y: top - edge, width: right - left + 2 * edge, height: bottom - top + 2 * edge } };
  }
}

const names = new Intl.Collator('en', { numeric: true });
const byName = (one: string, other: string) => (one === other ? 0 : names.compare(one, other));

// First those that were there, in their order; then the others as they came.
function inOrder(one: Child, other: Child, late: (each: { firstSeen: number }) => number): number {
  const [a, b] = [one.node, other.node];
  return late(a) - late(b) || (a.order < b.order ? -1 : a.order > b.order ? 1 : a.id < b.id ? -1 : 1);
}

const sameList = (one: readonly unknown[], other: readonly unknown[]) => one.length === other.length && one.every((each, i) => each === other[i]);
const sameItems = (one: readonly Item[], other: readonly Item[]) =>
  one.length === other.length &&
  one.every((a, i) => {
    const b = other[i]!;
    return a.id === b.id && a.width === b.width && a.height === b.height && a.fixed?.x === b.fixed?.x && a.fixed?.y === b.fixed?.y;
  });
