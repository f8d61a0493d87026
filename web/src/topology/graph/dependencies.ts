// SPDX-License-Identifier: BSD-2-Clause
// Who uses whom, from flows: one edge for all flows between two nodes. Of tens of thousands of flows only those that
// have changed, or whose ends have, are looked at again.

import type { Flow } from '../../state/entities';
import type { Tables } from '../../state/tables';
import { kindOfPort } from '../../services/catalogue';
import { graphTexts } from '../../texts/graph';
import type { GraphEdge } from '../model';
import type { EdgeStore } from './edges';
import { changeOf } from './filters';
import type { Look } from './input';

const LIVE_SECONDS = 10;
const DECADES = 6; // from the least to the busiest
const NODES_MAX = 2 ** 25;

interface Entry {
  flow: Flow;
  bundle: Bundle | null;
}

interface Bundle {
  key: number;
  id: string;
  source: string;
  target: string;
  entries: Entry[];
  bytes: number;
  lastSeen: number;
}

// Whether a conversation is use of a service that is known to be there, as the collector says it (docs/dependencies.md): what was not answered, and
// what was refused or left at once, is none. In the past, and in shared pictures, nothing is counted: there each conversation is use.
export const isUse = (flow: Flow) => flow.packets_back > (flow.proto === 'tcp' ? Math.max(flow.connections, 1) : 0) || flow.packets + flow.packets_back === 0;

type Ends = (flow: Flow) => readonly [string, string] | null;

export class Dependencies {
  private entries = new Map<string, Entry>();
  private numbers = new Map<string, number>(); // of nodes
  private bundles = new Map<number, Bundle>(); // by the numbers of both ends
  private touched = new Set<Bundle>();
  private live = new Set<Bundle>();
  private newest = 0;
  private busiest = 0; // as a power of two, so that not every packet changes every edge
  private top: Bundle | null = null;
  private version = -1;
  private tables: Tables | null = null;

  constructor(private readonly edges: EdgeStore) {}

  // moved: hosts whose nodes are others than before. ends: the nodes of a flow, as its hosts' nodes are now.
  update(look: Look, shown: boolean, moved: ReadonlySet<string> | 'all', ends: Ends) {
    if (!shown) return this.clear();
    const { tables } = look;
    const changed = tables === this.tables ? tables.changedSince('flow', this.version) : null;
    if (moved === 'all' || !changed) this.readAll(tables, ends);
    else {
      this.readSome(tables, changed, ends);
      for (const host of moved) for (const id of tables.flowsByHost.get(host)) this.bundle(this.entries.get(id)!, ends);
    }
    [this.tables, this.version] = [tables, tables.versions.flow];
    this.draw(look);
  }

  // The nodes that use another.
  *sources(): Generator<string> {
    for (const bundle of this.bundles.values()) yield bundle.source;
  }

  private clear() {
    for (const bundle of this.bundles.values()) this.edges.remove(bundle.id);
    for (const map of [this.entries, this.numbers, this.bundles, this.touched, this.live]) map.clear();
    [this.newest, this.busiest, this.top, this.version, this.tables] = [0, 0, null, -1, null];
  }

  private readAll(tables: Tables, ends: Ends) {
    for (const flow of tables.flow.values()) this.read(flow, ends, true);
    if (this.entries.size > tables.flow.size) for (const [id, entry] of this.entries) if (!tables.flow.has(id)) this.forget(id, entry);
    this.newest = this.newestOfAll();
  }

  private readSome(tables: Tables, changed: ReadonlySet<string>, ends: Ends) {
    let lost = false; // the newest may be no more
    for (const id of changed) {
      const flow = tables.flow.get(id);
      const entry = this.entries.get(id);
      if (entry && entry.flow.last_seen === this.newest) lost = true;
      if (flow) this.read(flow, ends, false);
      else if (entry) this.forget(id, entry);
      if (flow && flow.last_seen > this.newest) [this.newest, lost] = [flow.last_seen, false];
    }
    if (lost) this.newest = this.newestOfAll();
  }

  private newestOfAll(): number {
    let newest = 0;
    for (const { flow } of this.entries.values()) if (flow.last_seen > newest) newest = flow.last_seen;
    return newest;
  }

  private read(flow: Flow, ends: Ends, all: boolean) {
    let entry = this.entries.get(flow.id);
    if (!entry) {
      entry = { flow, bundle: null };
      this.entries.set(flow.id, entry);
      return this.bundle(entry, ends);
    }
    const { flow: old } = entry;
    entry.flow = flow;
    const same = old === flow || (isUse(old) === isUse(flow) && old.client_host_id === flow.client_host_id && old.server_host_id === flow.server_host_id && old.client === flow.client && old.server === flow.server && old.port === flow.port && old.proto === flow.proto);
    if (all || !same) this.bundle(entry, ends);
    else if (entry.bundle) this.touched.add(entry.bundle);
  }

  private forget(id: string, entry: Entry) {
    this.entries.delete(id);
    this.unbundle(entry);
  }

  private unbundle(entry: Entry) {
    const { bundle } = entry;
    if (!bundle) return;
    bundle.entries.splice(bundle.entries.indexOf(entry), 1);
    this.touched.add(bundle);
    entry.bundle = null;
  }

  private number(node: string): number {
    let number = this.numbers.get(node);
    if (number === undefined) this.numbers.set(node, (number = this.numbers.size));
    return number;
  }

  private bundle(entry: Entry, ends: Ends) {
    const at = isUse(entry.flow) ? ends(entry.flow) : null;
    const key = at && at[0] !== at[1] ? this.number(at[0]) * NODES_MAX + this.number(at[1]) : -1;
    if (entry.bundle?.key === key) return void this.touched.add(entry.bundle);
    this.unbundle(entry);
    if (key < 0) return;
    let bundle = this.bundles.get(key);
    if (!bundle) {
      bundle = { key, id: `dependency:${at![0]}>${at![1]}`, source: at![0], target: at![1], entries: [], bytes: 0, lastSeen: 0 };
      this.bundles.set(key, bundle);
    }
    bundle.entries.push(entry);
    entry.bundle = bundle;
    this.touched.add(bundle);
  }

  private draw(look: Look) {
    for (const bundle of this.touched) this.sum(bundle);
    const rescaled = this.rescale();
    for (const bundle of this.live) if (bundle.lastSeen < this.newest - LIVE_SECONDS) this.touched.add(bundle);
    // The newest may have become older, too.
    const all = rescaled || this.newest < this.drawnAt || look.all;
    for (const bundle of all ? this.bundles.values() : this.touched) if (bundle.entries.length) this.edge(look, bundle);
    for (const bundle of this.touched) if (!bundle.entries.length) this.edges.remove(bundle.id);
    this.drawnAt = this.newest;
    this.touched.clear();
  }
  private drawnAt = 0;

  private sum(bundle: Bundle) {
    [bundle.bytes, bundle.lastSeen] = [0, 0];
    for (const { flow } of bundle.entries) {
      bundle.bytes += flow.bytes + flow.bytes_back;
      if (flow.last_seen > bundle.lastSeen) bundle.lastSeen = flow.last_seen;
    }
    if (bundle.entries.length) return;
    this.bundles.delete(bundle.key);
    this.live.delete(bundle);
  }

  // True when the busiest is another, by much.
  private rescale(): boolean {
    const again = !this.top || this.touched.has(this.top);
    if (again) this.top = null;
    for (const bundle of again ? this.bundles.values() : this.touched) if (bundle.entries.length && bundle.bytes > (this.top?.bytes ?? -1)) this.top = bundle;
    const busiest = this.top ? 2 ** Math.ceil(Math.log2(Math.max(1, this.top.bytes))) : 0;
    const changed = busiest !== this.busiest;
    this.busiest = busiest;
    return changed;
  }

  private edge(look: Look, bundle: Bundle) {
    const live = bundle.lastSeen >= this.newest - LIVE_SECONDS;
    if (live) this.live.add(bundle);
    else this.live.delete(bundle);
    const edge: GraphEdge = {
      id: bundle.id,
      kind: 'dependency',
      source: bundle.source,
      target: bundle.target,
      directed: true,
      label: usageOf(bundle),
      truth: 'measured',
      weight: Math.min(1, Math.max(0.02, 1 + Math.log10(Math.max(1, bundle.bytes) / this.busiest) / DECADES)),
      bytes: bundle.bytes,
      count: bundle.entries.length,
      live,
      lastSeen: bundle.lastSeen,
      color: null,
      style: 'SmoothStep',
      groupId: null,
    };
    const change = look.compare && changeOf(look, null, bundle.entries.map(({ flow }) => flow.id));
    if (change) edge.change = change;
    this.edges.put(edge);
  }
}

// "HTTPS +2": what is used most, and how much else.
function usageOf({ entries }: Bundle): string {
  let first = entries[0]!.flow;
  const ports = new Set<string>();
  for (const { flow } of entries) {
    if (entries.length > 1) ports.add(`${flow.port}/${flow.proto}`);
    const more = flow.bytes + flow.bytes_back - first.bytes - first.bytes_back;
    if (more > 0 || (more === 0 && flow.id < first.id)) first = flow;
  }
  const kind = kindOfPort(first.port, first.proto);
  return graphTexts.usage(kind?.generic ? kind.name : `${first.port}/${first.proto}`, Math.max(0, ports.size - 1));
}
