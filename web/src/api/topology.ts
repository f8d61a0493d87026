// SPDX-License-Identifier: BSD-2-Clause
// Saved topologies: how a network's picture is drawn and what people placed in it by hand.

import type { Side } from '../topology/model';
import { get, list, part, post, put, withQuery } from './request';

export interface Placed {
  x?: number;
  y?: number;
  width?: number;
  height?: number;
}

export interface Anchored {
  source_handle?: Side;
  target_handle?: Side;
}

export interface Topology {
  id: string;
  network_id: string;
  name: string;
  options: Record<string, unknown>;
  nodes: Record<string, Placed>;
  edges: Record<string, Anchored>;
  parent_id: string | null;
  is_locked: boolean;
  locked_at: number | null;
  locked_by: string | null;
  last_refreshed: number | null;
  tags: string[];
  revision: number;
  created_at: number;
  updated_at: number;
}

export type TopologyEntry = Omit<Topology, 'nodes' | 'edges'>;

export interface TopologyDraft {
  network_id: string;
  name: string;
  options?: Record<string, unknown>;
  parent_id?: string | null;
}

export type StepName = 'node-position' | 'node-resize' | 'edge-handles' | 'nodes' | 'edges' | 'metadata' | 'lock' | 'unlock' | 'rebuild' | 'refresh';

export const topologies = {
  list: (network_id: string | null) => list<TopologyEntry>(withQuery('/api/topology', { network_id, limit: 0, order_by: 'name', order_direction: 'asc' })),
  get: (id: string) => get<Topology>(`/api/topology/${part(id)}`),
  create: (draft: TopologyDraft) => post<Topology>('/api/topology', draft),
  update: (id: string, changes: Partial<Pick<Topology, 'name' | 'options' | 'nodes' | 'edges' | 'tags'>>, revision?: number) => put<Topology>(`/api/topology/${part(id)}`, changes, revision),
  remove: (ids: string[]) => post('/api/topology/bulk-delete', { ids }),
  // Small ones, so that two people who drag two things do not overwrite each other. The answer leaves out nodes and edges.
  step: (id: string, step: StepName, fields: Record<string, unknown> = {}) => post<TopologyEntry>(`/api/topology/${part(id)}/${step}`, fields),
};
