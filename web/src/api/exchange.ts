// SPDX-License-Identifier: BSD-2-Clause
// Who depends on whom, groups that flows propose, and what goes in and out in the forms of other programs.

import { get, list, part, post, postFile, withQuery } from './request';

export type EdgeTruth = 'measured' | 'announced' | 'inferred' | 'noted';

export interface Dependency {
  id: string;
  client_host_id: string | null;
  client: string;
  client_name: string | null;
  server_host_id: string | null;
  server: string;
  server_name: string | null;
  service_id: string | null;
  port: number;
  proto: string;
  truth: EdgeTruth;
  connections: number;
  bytes: number;
  bytes_back: number;
  first_seen: number;
  last_seen: number;
}

export interface Relation {
  kind: 'runs_on' | 'runs' | 'contains' | 'linked';
  host_id: string | null;
  name: string | null;
  service_id: string | null;
  detail: string | null;
  truth: EdgeTruth;
  source: string;
  last_seen: number;
}

export interface HostDependencies {
  uses: Dependency[];
  used_by: Dependency[];
  relations: Relation[];
}

export interface GroupProposal {
  id: string;
  group_type: 'RequestPath' | 'HubAndSpoke';
  name: string;
  reason: string;
  members: { service_id: string; host_id: string | null; name: string | null; host_name: string | null; port: number | null; proto: string | null }[];
  state: 'proposed' | 'accepted' | 'dismissed';
  group_id: string | null;
  connections: number;
  last_seen: number;
}

export const dependencies = {
  ofHost: (id: string) => get<HostDependencies>(`/api/hosts/${part(id)}/dependencies`),
  proposals: (network_id: string) => list<GroupProposal>(withQuery('/api/group-proposals', { network_id, state: 'proposed', order_by: 'connections', order_direction: 'desc', limit: 0 })),
  find: (network_id: string) => post<{ proposed: number }>('/api/group-proposals/find', { network_id }),
  accept: (id: string) => post<GroupProposal>(`/api/group-proposals/${part(id)}/accept`),
  dismiss: (id: string) => post<GroupProposal>(`/api/group-proposals/${part(id)}/dismiss`),
};

export interface ImportPreview {
  format: string;
  rows: number;
  names: number;
  facts: number;
  skipped: number;
  problems: { line: number; text: string }[];
  columns_unused: string[];
  sample: { line: number; mac?: string; ip?: string; name?: string }[];
  would: { hosts: number; new_hosts: number; services: number; new_services: number; known: { mac: string | null; ip: string | null; host_id: string; host_name: string | null }[] };
}

export interface Import {
  id: string;
  name: string;
  format: string;
  said_at: number;
  state: 'running' | 'done' | 'failed' | 'undone';
  error: string | null;
  hosts: number;
  services: number;
  skipped: number;
  facts: number;
  facts_done: number;
  created_at: number;
}

export interface ImportAsked {
  network_id: string;
  format: string;
  name?: string;
  at?: number | null;
  vlan?: number | null;
}

export const imports = {
  list: (network_id: string) => list<Import>(withQuery('/api/imports', { network_id, order_by: 'created_at', order_direction: 'desc', limit: 50 })),
  get: (id: string) => get<Import>(`/api/imports/${part(id)}`),
  preview: (file: Blob, asked: ImportAsked) => postFile<ImportPreview>(withQuery('/api/imports', { ...asked, dry_run: true }), file),
  start: (file: Blob, asked: ImportAsked) => postFile<Import>(withQuery('/api/imports', { ...asked }), file),
  undo: (id: string) => post<Import>(`/api/imports/${part(id)}/undo`),
};

export const exportForms = ['json', 'netbox', 'nmap', 'mermaid', 'zip', 'prometheus'] as const;
export const exportPath = (form: (typeof exportForms)[number], network_id: string) => withQuery(form === 'zip' ? '/api/hosts/export/zip' : `/api/export/${form}`, { network_id });
