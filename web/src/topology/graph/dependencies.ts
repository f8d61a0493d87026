// SPDX-License-Identifier: BSD-2-Clause
// Who uses whom, from flows: one edge for all flows between two nodes. Of tens of thousands of flows only those that
// have changed, or whose ends have, are looked at again.

import type { Flow } from '../../state/entities';
import { kindOfPort } from '../../services/catalogue';
import { graphTexts } from '../../texts/graph';
import { changeOf } from './filters';
import { plainEdge, type EdgeStore } from './edges';
import type { Look } from './input';

export const LIVE_SECONDS = 10;
const DECADES = 6; // from the least to the busiest

interface Entry {
  flow: Flow;
  bundle: Bundle | null;
  round: number;
}

interface Bundle {
  id: string;
  source: string;
  target: string;
  flows: Set<Entry>;
  bytes: number;
  lastSeen: number;
}

type Ends = (flow: Flow) => readonly [string, string] | null;

export class Dependencies {
  private entries = new Map<string, Entry>();
  private bundles = new Map<string, Bundle>();
  private touched = new Set<Bundle>();
  private live = new Set<Bundle>();
  private newest = 0;
  private busiest = 0; // as a power of two, so that not every packet changes every edge
  private top: Bundle | null = null;
  private version = -1;
  private tables: unknown = null;
  private round = 0;

  constructor(private readonly edges: EdgeStore) {}

  // moved: hosts whose nodes are others than before. ends: the nodes of a flow; it must be told of every host that moved.
  update(look: Look, shown: boolean, moved: ReadonlySet<string> | 'all', ends: Ends) {
    if (!shown) return this.clear();
    const { tables } = look;
    if (tables !== this.tables || tables.versions.flow !== this.version || moved === 'all') this.readFlows(look, ends, moved === 'all');
    if (moved !== 'all') for (const host of moved) for (const id of tables.flowsByHost.get(host)) this.bundle(this.entries.get(id)!, ends);
    this.version = tables.versions.flow;
    this.tables = tables;
    this.draw(look);
  }

  // The nodes that use another.
  *sources(): Generator<string> {
    for (const bundle of this.bundles.values()) yield bundle.source;
  }

  private clear() {
    for (const id of this.bundles.keys()) this.edges.remove(id);
    this.entries.clear();
    this.bundles.clear();
    this.touched.clear();
    this.live.clear();
    [this.newest, this.busiest, this.top, this.version] = [0, 0, null, -1];
  }

  private readFlows({ tables }: Look, ends: Ends, all: boolean) {
    const round = ++this.round;
    let newest = 0;
    for (const flow of tables.flow.values()) {
      if (flow.last_seen > newest) newest = flow.last_seen;
      const entry = this.entries.get(flow.id);
      if (!entry) {
        const made = { flow, bundle: null, round };
        this.entries.set(flow.id, made);
        this.bundle(made, ends);
        continue;
      }
      entry.round = round;
      if (entry.flow !== flow) {
        const same = entry.flow.client_host_id === flow.client_host_id && entry.flow.server_host_id === flow.server_host_id && entry.flow.client === flow.client && entry.flow.server === flow.server;
        entry.flow = flow;
        if (!same || all) this.bundle(entry, ends);
        else if (entry.bundle) this.touched.add(entry.bundle);
      } else if (all) this.bundle(entry, ends);
    }
    if (this.entries.size > tables.flow.size) for (const [id, entry] of this.entries) if (entry.round !== round) this.forget(id, entry);
    this.newest = newest;
  }

  private forget(id: string, entry: Entry) {
    this.entries.delete(id);
    entry.bundle?.flows.delete(entry);
    if (entry.bundle) this.touched.add(entry.bundle);
  }

  private bundle(entry: Entry, ends: Ends) {
    const at = ends(entry.flow);
    const id = at && at[0] !== at[1] ? `dependency:${at[0]}>${at[1]}` : null;
    if (entry.bundle) this.touched.add(entry.bundle);
    if (entry.bundle?.id === id) return;
    entry.bundle?.flows.delete(entry);
    entry.bundle = null;
    if (id === null) return;
    let bundle = this.bundles.get(id);
    if (!bundle) {
      bundle = { id, source: at![0], target: at![1], flows: new Set(), bytes: 0, lastSeen: 0 };
      this.bundles.set(id, bundle);
    }
    bundle.flows.add(entry);
    entry.bundle = bundle;
    this.touched.add(bundle);
  }

  private draw(look: Look) {
    for (const bundle of this.touched) this.sum(bundle);
    const rescaled = this.rescale();
    for (const bundle of this.live) if (bundle.lastSeen < this.newest - LIVE_SECONDS) this.touched.add(bundle);
    for (const bundle of rescaled ? this.bundles.values() : this.touched) this.edge(look, bundle);
    for (const bundle of this.touched) if (!bundle.flows.size) this.edges.remove(bundle.id);
    this.touched.clear();
  }

  private sum(bundle: Bundle) {
    [bundle.bytes, bundle.lastSeen] = [0, 0];
    for (const { flow } of bundle.flows) {
      bundle.bytes += flow.bytes + flow.bytes_back;
      if (flow.last_seen > bundle.lastSeen) bundle.lastSeen = flow.last_seen;
    }
    if (!bundle.flows.size) {
      this.bundles.delete(bundle.id);
      this.live.delete(bundle);
    }
  }

  // True when the busiest is another, by much.
  private rescale(): boolean {
    const shrunk = this.top !== null && this.touched.has(this.top);
    if (shrunk) this.top = null;
    for (const bundle of shrunk || !this.top ? this.bundles.values() : this.touched) if (bundle.flows.size && bundle.bytes > (this.top?.bytes ?? -1)) this.top = bundle;
    const busiest = this.top ? 2 ** Math.ceil(Math.log2(Math.max(1, this.top.bytes))) : 0;
    const changed = busiest !== this.busiest;
    this.busiest = busiest;
    return changed;
  }

  private edge(look: Look, bundle: Bundle) {
    if (!bundle.flows.size) return;
    const live = bundle.lastSeen >= this.newest - LIVE_SECONDS;
    if (live) this.live.add(bundle);
    else this.live.delete(bundle);
    const change = look.compare && changeOf(look, null, [...bundle.flows].map(({ flow }) => flow.id));
    this.edges.put(plainEdge('dependency', bundle.source, bundle.target, 'measured', {
      id: bundle.id,
      directed: true,
      label: usageOf(bundle),
      weight: Math.min(1, Math.max(0.02, 1 + Math.log10(Math.max(1, bundle.bytes) / this.busiest) / DECADES)),
      bytes: bundle.bytes,
      count: bundle.flows.size,
      live,
      lastSeen: bundle.lastSeen,
      ...(change ? { change } : {}),
    }));
  }
}

// "HTTPS +2": what is used most, and how much else.
function usageOf({ flows }: Bundle): string {
  let first: Flow | undefined;
  const ports = new Set<string>();
  for (const { flow } of flows) {
    ports.add(`${flow.port}/${flow.proto}`);
    const more = first ? flow.bytes + flow.bytes_back - first.bytes - first.bytes_back : 1;
    if (more > 0 || (more === 0 && flow.id < first!.id)) first = flow;
  }
  const kind = kindOfPort(first!.port, first!.proto);
  return graphTexts.usage(kind?.generic ? kind.name : `${first!.port}/${first!.proto}`, ports.size - 1);
}
