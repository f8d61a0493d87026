// SPDX-License-Identifier: BSD-2-Clause
// Asking sensors to look, now or by a schedule. Schedules and sessions come by the feed; this changes them.

import { get, list, part, post, put, withQuery } from './request';

export type Naming = 'BestService' | 'Ip';

export type DiscoveryType =
  | { type: 'SelfReport' }
  | { type: 'Docker'; host_naming_fallback: Naming }
  | NetworkScan;

// What is not given is as the collector has it without a word: discoveries may be older than a field.
export interface NetworkScan {
  type: 'Network';
  subnet_ids: string[] | null; // null: those the sensor is in
  targets: string[];
  excludes?: string[];
  ports: string | null; // null: those of known services
  depth: 'light' | 'full';
  rate: number; // packets a second in all
  host_rate?: number; // and to one address
  engine?: 'uring' | 'xdp';
  skip_alive?: boolean;
  identify?: boolean;
  snmp_credential_ids?: string[] | null; // null: all of the network, for depth full
  host_naming_fallback: Naming;
  probe_raw_socket_ports: boolean;
  probe_industrial_ports?: boolean;
  prefixes?: string[]; // of a session: what was asked
}

export type RunType =
  | { type: 'Scheduled'; cron: string; timezone: string; enabled: boolean; last_run?: number | null; next_run?: number | null }
  | { type: 'AdHoc'; last_run?: number | null };

export type Phase = 'Pending' | 'Starting' | 'Started' | 'Scanning' | 'Complete' | 'Failed' | 'Cancelled';

export interface Discovery {
  id: string;
  sensor_id: string;
  name: string;
  discovery_type: DiscoveryType;
  run_type: RunType;
  failures: number;
  disabled_reason: string | null;
  revision: number;
}

export interface Session {
  id: string;
  discovery_id: string | null;
  sensor_id: string;
  name: string;
  discovery_type: DiscoveryType;
  cause: 'person' | 'schedule' | 'first';
  started_by: string | null;
  phase: Phase;
  progress: number;
  error: string | null;
  results: Record<string, unknown> | null;
  detail: Record<string, unknown> | null; // what its sensor counts on the way
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  updated_at: number;
}

export type DiscoveryDraft = Pick<Discovery, 'sensor_id' | 'name' | 'discovery_type' | 'run_type'>;

export const discovery = {
  create: (draft: DiscoveryDraft) => post<Discovery>('/api/discovery', draft),
  update: (id: string, changes: Partial<DiscoveryDraft>, revision?: number) => put<Discovery>(`/api/discovery/${part(id)}`, changes, revision),
  remove: (ids: string[]) => post('/api/discovery/bulk-delete', { ids }),
  start: (id: string) => post<Session>('/api/discovery/start-session', { discovery_id: id }),
  cancel: (sessionId: string) => post<Session>(`/api/discovery/${part(sessionId)}/cancel`),
  session: (id: string) => get<Session>(`/api/sessions/${part(id)}`),
  // Sessions that finished longer ago than the feed remembers.
  older: (query: { network_id: string | null; limit: number; offset: number }) => list<Session>(withQuery('/api/sessions', query)),
  csv: (network_id: string | null) => withQuery('/api/discovery/export/csv', { network_id }),
};
