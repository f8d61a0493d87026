// SPDX-License-Identifier: BSD-2-Clause
// What is concluded of hosts and why, and the definitions by which it is.

import type { ClaimName } from '../services/catalogue';
import type { Definition } from '../services/details';
import { get, list, part, post, put, remove, withQuery } from './request';

export interface DefinitionRow {
  id: string;
  origin: 'built-in' | 'directory' | 'own';
  name?: string; // these are there as far as it can be read
  description?: string;
  category?: string;
  logo?: string;
  icon?: string;
  is_generic?: boolean;
  definition: Omit<Definition, 'id'> | null;
  fault: string | null; // why it is not used
  replaced?: boolean; // one's own of the same id takes its place
  revision: number | null;
  created_at: number | null;
  updated_at: number | null;
}

export interface ServiceConclusion {
  service_id: string | null;
  service_ids?: string[];
  names?: boolean; // it is what its port is called by; else it is only seen there
  left_out?: boolean; // there are more reasons than are kept
  definition: string;
  certainty: string;
  ports: string[];
  reasons: unknown; // services/reasons.ts reads it
}

export interface Conclusions {
  concluded_at: number | null;
  services: ServiceConclusion[];
  device: Partial<Record<ClaimName, { value: string; certainty: string; source: string; reasons: unknown }>> | null;
}

// What a definition would match in a network, and what it nearly would.
export interface Trial {
  hosts: number;
  matched: number; // of which `matches` is the beginning
  matches: { host_id: string; certainty: string; ports: string[]; reasons: unknown }[];
  near: { host_id: string; met: number; reasons: unknown }[]; // met: which part of it, 0 … 1
  left_out: number;
}

export interface Progress {
  due: number;
  hosts: number;
}

export const recognition = {
  conclusions: (hostId: string) => get<Conclusions>(`/api/hosts/${part(hostId)}/conclusions`),
  progress: (network_id: string | null) => get<Progress>(withQuery('/api/definitions/progress', { network_id })),
};

export const definitions = {
  list: () => list<DefinitionRow>('/api/definitions'),
  // Those that did not come with the program; of one id the later counts.
  added: async () => (await Promise.all(['directory', 'own'].map(origin => get<DefinitionRow[]>(withQuery('/api/definitions', { origin }))))).flat(),
  create: (id: string, definition: object) => post<DefinitionRow>('/api/definitions', { id, definition }),
  update: (id: string, definition: object, revision: number) => put<DefinitionRow>(`/api/definitions/${part(id)}`, { definition }, revision),
  remove: (id: string) => remove(`/api/definitions/${part(id)}`),
  test: (network_id: string, definition: object) => post<Trial>('/api/definitions/test', { network_id, definition }),
};
