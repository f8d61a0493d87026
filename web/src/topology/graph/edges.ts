// SPDX-License-Identifier: BSD-2-Clause
// The edges of a picture, kept as the nodes are: those that are as they were stay the same objects, and the map stays
// the same one until something changes.

import type { EdgeKind, GraphEdge, Truth } from '../model';
import { alike } from './same';

export class EdgeStore {
  private map = new Map<string, GraphEdge>();
  private own = false; // nobody has this map yet
  private batches = new Map<string, ReadonlySet<string>>();

  put(edge: GraphEdge) {
    const old = this.map.get(edge.id);
    if (old && alike(old, edge)) return;
    this.write().set(edge.id, edge);
  }

  remove(id: string) {
    if (this.map.has(id)) this.write().delete(id);
  }

  // All edges of this batch from now on.
  putAll(batch: string, edges: readonly GraphEdge[]) {
    const now = new Set<string>();
    for (const edge of edges) {
      now.add(edge.id);
      this.put(edge);
    }
    for (const id of this.batches.get(batch) ?? []) if (!now.has(id)) this.remove(id);
    this.batches.set(batch, now);
  }

  commit(): ReadonlyMap<string, GraphEdge> {
    this.own = false;
    return this.map;
  }

  private write(): Map<string, GraphEdge> {
    if (!this.own) this.map = new Map(this.map);
    this.own = true;
    return this.map;
  }
}

// An edge that counts no traffic.
export const plainEdge = (kind: EdgeKind, source: string, target: string, truth: Truth, more: Partial<GraphEdge> = {}): GraphEdge => ({
  id: `${kind}:${source}>${target}`,
  kind,
  source,
  target,
  directed: false,
  label: '',
  truth,
  weight: 0,
  bytes: 0,
  count: 1,
  live: false,
  lastSeen: 0,
  color: null,
  style: 'SmoothStep',
  groupId: null,
  ...more,
});
