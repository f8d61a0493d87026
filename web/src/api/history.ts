// SPDX-License-Identifier: BSD-2-Clause
// What was: timelines, a network as of a time, differences, presence and traffic.

import { get, part, withQuery } from './request';

export type Bag = Record<string, unknown>;

export interface Entry {
  seq: number;
  at: number;
  entity: string;
  id: string;
  label: string;
  op: 'insert' | 'update' | 'delete';
  kind: string;
  before: Bag | null;
  after: Bag | null;
  actor: { type: 'person' | 'sensor' | 'system'; id: string | null; name: string | null };
  evidence: string[] | null;
}

export interface Timeline {
  label: string;
  first_seen: number | null;
  last_seen: number | null;
  exists: boolean;
  oldest_at: number | null;
  entries: Entry[];
  next: number | null;
}

export interface Presence {
  first_seen: number;
  last_seen: number;
  present: boolean;
  present_since: number | null;
  intervals: { since: number; until: number | null }[];
  share: number;
  days: { day: string; share: number }[];
}

export interface AsOf {
  at: number;
  oldest_at: number | null;
  entities: Record<string, { total: number; rows: Bag[] }>;
}

export interface DifferenceItem {
  entity: string;
  id: string;
  change: 'added' | 'removed' | 'changed';
  label: string;
  row: Bag | null;
  before: Bag | null;
  after: Bag | null;
}

export interface Difference {
  from: number;
  to: number;
  oldest_at: number | null;
  counts: Record<string, { added: number; removed: number; changed: number }>;
  total: number;
  items: DifferenceItem[];
}

export interface Sums {
  connections: number;
  packets: number;
  bytes: number;
  packets_back: number;
  bytes_back: number;
}

export interface TrafficTop extends Sums {
  key: string;
  label: string;
  host_id?: string | null;
  client_host_id?: string | null;
  server_host_id?: string | null;
  client?: string;
  server?: string;
  port?: number;
  proto?: string;
  subnet_id?: string | null;
  cidr?: string | null;
  address?: string | null; // of a host that has no row
  series?: [number, number][] | null; // at, bytes in both directions; of the first ten
}

export type TrafficBy = 'total' | 'edge' | 'host' | 'service' | 'subnet';

export interface Traffic {
  from: number;
  to: number;
  step_s: number;
  oldest_at: number | null;
  total: Sums;
  series: (Sums & { at: number })[];
  count: number; // of which `top` is the beginning
  top: TrafficTop[];
}

export interface TrafficQuery {
  network_id: string | null;
  host_id: string | null;
  subnet_id: string | null;
  port: number | null;
  proto: string | null;
  from: number;
  by: TrafficBy;
  limit: number;
}

export const history = {
  timeline: (path: string, id: string, before: number | null, limit = 50) => get<Timeline>(withQuery(`/api/${path}/${part(id)}/timeline`, { before_seq: before, limit })),
  asOf: (network_id: string | null, at: number, entity: string, offset: number, limit: number) => get<AsOf>(withQuery('/api/history/as-of', { network_id, at, entity, offset, limit })),
  difference: (network_id: string | null, from: number, to: number, entity: string | null, offset: number, limit: number) => get<Difference>(withQuery('/api/history/difference', { network_id, from, to, entity, offset, limit })),
  presence: (hostId: string) => get<Presence>(`/api/hosts/${part(hostId)}/presence`),
  traffic: (query: TrafficQuery) => get<Traffic>(withQuery('/api/traffic', { ...query })),
  hostTraffic: (hostId: string, from: number, by: TrafficBy) => get<Traffic>(withQuery(`/api/hosts/${part(hostId)}/traffic`, { from, by })),
};
