// SPDX-License-Identifier: BSD-2-Clause
// Hosts that are one device: consolidating them, undoing it, proposals, and why a host is what it is.

import { get, list, part, post, put, withQuery } from './request';

export interface Consolidation {
  id: string;
  network_id: string;
  host_id: string;
  other_host_id: string;
  host_name: string | null;
  other_name: string | null;
  state: 'proposed' | 'done' | 'undone' | 'rejected';
  origin: 'manual' | 'automatic';
  rule: string;
  reason: string;
  score: number | null;
  created_at: number;
  decided_at: number | null;
  undone_at: number | null;
  made_by: string | null;
}

export interface Face {
  id: string;
  mac: string | null;
  ip: string | null;
  vlan: number[];
}

export interface Preview {
  refused: string | null;
  host: { id: string; name: string | null };
  other: { id: string; name: string | null };
  moves: {
    interfaces: Face[];
    ports: { id: string; number: number; protocol: string }[];
    services: { id: string; name: string | null; ip: string; port: number; proto: string }[];
    bindings: number;
    flows: number;
    tags: string[];
  };
  equal: { interfaces: Face[]; ports: { id: string; number: number; protocol: string }[]; services: { id: string; name: string | null }[] };
  merged: { field: string; host: unknown; other: unknown; result: unknown }[];
  dropped: { field: string; value: unknown }[];
}

export interface Decision {
  id: string;
  at: number;
  kind: string;
  host_id: string;
  other_host_id: string | null;
  rule: string;
  reason: string;
  score: number | null;
  state: string;
  consolidation_id: string | null;
}

// One who claims what only one can have. holds: it was seen with the address; then the times are those of that.
export interface Claimant {
  claim: string;
  host_id: string | null;
  name: string | null;
  vendor: string | null;
  holds: boolean;
  first_seen: number | null;
  last_seen: number | null;
}

// What several claim.
export interface Conflict {
  id: string;
  network_id: string;
  kind: string;
  what: string; // address, answer, dhcp, router, root (docs/facts.md)
  ip: string | null;
  mac: string | null;
  claims: string[]; // those that were there first come first
  claimants: Claimant[]; // in the same order
  hosts: { id: string; name: string | null }[];
  vlan: number[];
  source: string;
  sensor_id: string | null;
  first_seen: number;
  last_seen: number;
  count: number;
}

const path = (host: string, other: string) => `/api/hosts/${part(host)}/consolidate/${part(other)}`;

export const identity = {
  conflicts: async (network_id: string | null, days = 7) => (await get<{ items?: Conflict[] }>(withQuery('/api/attention', { network_id, days }))).items ?? [],
  list: (network_id: string | null) => list<Consolidation>(withQuery('/api/consolidations', { network_id, limit: 1000 })),
  preview: (host: string, other: string) => get<Preview>(path(host, other)),
  consolidate: (host: string, other: string) => put<Consolidation>(path(host, other), {}),
  undo: (id: string) => post<Consolidation>(`/api/consolidations/${part(id)}/undo`),
  accept: (id: string) => post<Consolidation>(`/api/consolidations/${part(id)}/accept`),
  reject: (id: string) => post<Consolidation>(`/api/consolidations/${part(id)}/reject`),
  decisions: (host: string) => get<Decision[]>(`/api/hosts/${part(host)}/decisions?limit=200`),
};
