// SPDX-License-Identifier: BSD-2-Clause
// The nodes of a picture, by whom they are of: whoever changed gives all of its nodes again, and those that are as they
// were stay the same objects. Sums that depend on all nodes (what a container holds, the structure) are kept on the way.

import type { GraphNode, Summary } from '../model';
import { alike, hash, mixed } from './same';

interface Holding {
  hash: number;
  hosts: Map<string, number>;
  nodes: number;
  services: number;
  quiet: number;
  categories: Map<string, number>;
  summary: Summary | null; // while it is true
}

const CATEGORIES_MAX = 6;
const nothing: readonly GraphNode[] = [];
export const emptySummary: Summary = { hosts: 0, services: 0, quiet: 0, categories: [] };

export class NodeStore {
  private owners = new Map<string, readonly GraphNode[]>();
  private map = new Map<string, GraphNode>();
  private changed = new Map<string, GraphNode | null>();
  private sorted: string[] = [];
  private holdings = new Map<string, Holding>();
  private holders: string[] | null = null;
  private first = 0;
  private second = 0;

  of(owner: string): readonly GraphNode[] {
    return this.owners.get(owner) ?? nothing;
  }

  ownersAll(): IterableIterator<string> {
    return this.owners.keys();
  }

  // All nodes of this owner from now on; [] when it has gone.
  put(owner: string, made: readonly GraphNode[]): readonly GraphNode[] {
    const old = this.owners.get(owner) ?? nothing;
    if (old === nothing) {
      for (const node of made) this.give(node);
      if (made.length) this.owners.set(owner, made);
      return made;
    }
    const now = made.map(node => this.kept(old, node));
    if (now.length === old.length && now.every((node, i) => node === old[i])) return old;
    for (const node of old) if (!now.includes(node)) this.take(node, now);
    for (const node of now) if (!old.includes(node)) this.give(node);
    if (now.length) this.owners.set(owner, now);
    else this.owners.delete(owner);
    return now;
  }

  private kept(old: readonly GraphNode[], node: GraphNode): GraphNode {
    const before = old.find(each => each.id === node.id);
    if (!before) return node;
    if (alike(before, node)) return before;
    if (alike(before.lines, node.lines)) node.lines = before.lines;
    return node;
  }

  private take(node: GraphNode, now: readonly GraphNode[]) {
    // A thing that has moved to another owner may have been given there already.
    const given = this.changed.get(node.id);
    if ((!given || given === node) && !now.some(each => each.id === node.id)) this.changed.set(node.id, null);
    this.count(node, -1);
  }

  private give(node: GraphNode) {
    this.changed.set(node.id, node);
    this.count(node, 1);
  }

  private count(node: GraphNode, by: 1 | -1) {
    const id = node.container ?? '';
    let holding = this.holdings.get(id);
    if (!holding) {
      holding = { hash: hash(id, 0x2545f491), hosts: new Map(), nodes: 0, services: 0, quiet: 0, categories: new Map(), summary: null };
      this.holdings.set(id, holding);
      this.holders = null;
    }
    const form = hash(node.id, holding.hash ^ (node.lines.length * 2 + (node.zone === 'left' ? 1 : 0)));
    this.first += by * form;
    this.second += by * mixed(form ^ holding.hash);
    holding.summary = null;
    holding.nodes += by;
    if (node.hostId !== null) add(holding.hosts, node.hostId, by);
    holding.services += by * (node.lines.length || (node.kind === 'service' ? 1 : 0));
    if (node.quiet) holding.quiet += by;
    for (const line of node.lines) add(holding.categories, line.category, by);
    if (node.kind === 'service' && !node.lines.length) add(holding.categories, node.category, by);
    if (holding.nodes) return;
    this.holdings.delete(id);
    this.holders = null;
  }

  // Those that hold a node, in order.
  containers(): readonly string[] {
    return (this.holders ??= [...this.holdings.keys()].sort());
  }

  holds(container: string): boolean {
    return this.holdings.has(container);
  }

  // What these containers hold together.
  summary(containers: readonly string[]): Summary {
    const found = containers.flatMap(id => this.holdings.get(id) ?? []);
    if (found.length === 0) return emptySummary;
    if (found.length === 1) return (found[0]!.summary ??= summaryOf(found[0]!));
    const hosts = new Set<string>();
    const categories = new Map<string, number>();
    for (const holding of found) {
      for (const id of holding.hosts.keys()) hosts.add(id);
      for (const [category, count] of holding.categories) add(categories, category, count);
    }
    const sum = (key: 'services' | 'quiet') => found.reduce((total, holding) => total + holding[key], 0);
    return { hosts: hosts.size, services: sum('services'), quiet: sum('quiet'), categories: most(categories) };
  }

  // The same for the same nodes, whatever came in between.
  structure(): string {
    return `${this.sorted.length}.${this.first.toString(36)}.${this.second.toString(36)}`;
  }

  // In order of their ids; the same map when nothing has changed.
  commit(): ReadonlyMap<string, GraphNode> {
    if (!this.changed.size) return this.map;
    const reordered = [...this.changed].some(([id, node]) => (node === null) === this.map.has(id));
    if (!reordered) {
      const copy = new Map(this.map);
      for (const [id, node] of this.changed) if (node) copy.set(id, node);
      this.map = copy;
    } else {
      const gone = [...this.changed.values()].some(node => node === null);
      const ids = gone ? this.sorted.filter(id => this.changed.get(id) !== null) : this.sorted.slice();
      for (const [id, node] of this.changed) if (node && !this.map.has(id)) ids.push(id);
      ids.sort();
      const map = new Map<string, GraphNode>();
      for (const id of ids) map.set(id, this.changed.get(id) ?? this.map.get(id)!);
      [this.sorted, this.map] = [ids, map];
    }
    this.changed.clear();
    return this.map;
  }
}

function add(counts: Map<string, number>, key: string, by: number) {
  const count = (counts.get(key) ?? 0) + by;
  if (count) counts.set(key, count);
  else counts.delete(key);
}

const most = (categories: Map<string, number>) =>
  [...categories].map(([category, count]) => ({ category, count })).sort((a, b) => b.count - a.count || (a.category < b.category ? -1 : 1)).slice(0, CATEGORIES_MAX);

const summaryOf = (holding: Holding): Summary => ({ hosts: holding.hosts.size, services: holding.services, quiet: holding.quiet, categories: most(holding.categories) });
