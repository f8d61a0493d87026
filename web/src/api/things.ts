// SPDX-License-Identifier: BSD-2-Clause
// What a network is made of, as people change it. What is in the feed is not read here.

import type { Fact } from '@gen/facts';

import { get, list, part, post, put, withQuery } from './request';

export interface Network {
  id: string;
  name: string;
  description: string | null;
  tags: string[];
  revision: number;
  created_at: number;
}

export interface Tag {
  id: string;
  name: string;
  description: string | null;
  color: string;
  revision: number;
}

export const colors = ['Pink', 'Rose', 'Red', 'Orange', 'Yellow', 'Green', 'Emerald', 'Teal', 'Cyan', 'Blue', 'Indigo', 'Purple', 'Gray'] as const;
export const subnetTypes = ['Lan', 'WiFi', 'IoT', 'Guest', 'Dmz', 'Management', 'Storage', 'Gateway', 'VpnTunnel', 'DockerBridge', 'MacVlan', 'IpVlan', 'Internet', 'Remote', 'Unknown', 'None'] as const;
export const groupTypes = ['RequestPath', 'HubAndSpoke'] as const;
export const edgeStyles = ['SmoothStep', 'Straight', 'Step', 'Bezier', 'SimpleBezier'] as const;

// What can be tagged, as the API calls it.
export type Taggable = 'Host' | 'Service' | 'Subnet' | 'Group' | 'Topology' | 'Sensor' | 'Network';

export interface Evidence {
  id: string;
  fact: Fact;
  sensor_id: string | null;
}

interface EvidenceRow extends Evidence {
  first_seen: number;
  last_seen: number;
  count: number;
}

// The row knows how long and how often a fact has been seen; the fact itself only what its last message said.
const evidenceOf = ({ id, sensor_id, fact, first_seen, last_seen, count }: EvidenceRow): Evidence => ({ id, sensor_id, fact: { ...fact, first: first_seen, last: last_seen, count } });

interface Things<D> {
  create: (draft: D) => Promise<{ id: string }>;
  update: (id: string, changes: Partial<D>, revision?: number) => Promise<{ id: string }>;
  remove: (ids: string[]) => Promise<unknown>;
  csv: (network_id: string | null) => string;
}

const things = <D>(path: string): Things<D> => ({
  create: draft => post(`/api/${path}`, draft),
  update: (id, changes, revision) => put(`/api/${path}/${part(id)}`, changes, revision),
  remove: ids => post(`/api/${path}/bulk-delete`, { ids }),
  csv: network_id => withQuery(`/api/${path}/export/csv`, { network_id }),
});

export interface SubnetDraft {
  network_id: string;
  cidr: string;
  name?: string;
  description: string | null;
  subnet_type: string;
  tags: string[];
}

export interface GroupDraft {
  network_id: string;
  name: string;
  description: string | null;
  group_type: string;
  binding_ids: string[];
  color: string;
  edge_style: string;
  tags: string[];
}

// A host with all that it has.
export interface BindingBody {
  port_id: string | null;
  interface_id: string | null;
  origin?: string;
}

export interface HostBody {
  id: string;
  network_id: string;
  name: string | null;
  name_source: string | null;
  description: string | null;
  hidden: boolean;
  tags: string[];
  virtualization: Virtualization | null;
  revision: number;
  updated_at: number;
  interfaces: { id: string; ip_address: string | null; mac_address: string | null; name: string | null; subnet_id: string | null; vlan: number[]; vendor: string | null; origin: string }[];
  ports: { id: string; number: number; protocol: string; type: string | null; origin: string }[];
  services: { id: string; name: string | null; name_source: string | null; service_definition: string | null; bindings: BindingBody[]; virtualization: Virtualization | null; tags: string[]; port: number | null; proto: string | null; ip: string | null; source: string; origin: string }[];
}

export interface Virtualization {
  type: string;
  service_id?: string | null;
  vm_name?: string | null;
  vm_id?: string | null;
  container_name?: string | null;
  container_id?: string | null;
}

export interface HostDraft {
  network_id: string;
  name: string | null;
  description: string | null;
  hidden: boolean;
  tags: string[];
  virtualization?: Virtualization | null;
  interfaces?: { ip_address: string | null; mac_address: string | null; subnet_id?: string | null }[];
}

export interface ServiceDraft {
  network_id: string;
  host_id: string;
  name: string | null;
  tags: string[];
}

export const hosts = {
  ...things<HostDraft>('hosts'),
  get: (id: string) => get<HostBody>(`/api/hosts/${part(id)}`),
  save: (id: string, body: object, revision: number) => put<HostBody>(`/api/hosts/${part(id)}`, body, revision),
  evidence: async (id: string) => (await get<EvidenceRow[]>(`/api/hosts/${part(id)}/evidence`)).map(evidenceOf),
};
export const services = things<ServiceDraft>('services');
export const subnets = things<SubnetDraft>('subnets');
export const groups = things<GroupDraft>('groups');
export const networks = { ...things<Pick<Network, 'name' | 'description' | 'tags'>>('networks'), list: () => list<Network>('/api/networks?limit=0') };

export const tags = {
  ...things<Pick<Tag, 'name' | 'description' | 'color'>>('tags'),
  list: () => list<Tag>('/api/tags?limit=0'),
  add: (entity_type: Taggable, entity_ids: string[], tag_id: string) => post('/api/tags/assign/bulk-add', { entity_type, entity_ids, tag_id }),
  takeAway: (entity_type: Taggable, entity_ids: string[], tag_id: string) => post('/api/tags/assign/bulk-remove', { entity_type, entity_ids, tag_id }),
};

export const sensors = {
  ...things<{ name: string; description: string | null; tags: string[] }>('sensors'),
  add: (name: string, network_id: string | null) => post<{ id: string; key: string }>('/api/sensors', { name, ...(network_id ? { network_id } : {}) }),
  refresh: (id: string) => post<unknown>(`/api/sensors/${part(id)}/refresh`),
};
