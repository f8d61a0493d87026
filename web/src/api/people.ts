// SPDX-License-Identifier: BSD-2-Clause
// Accounts, people, invites, keys and the audit log.

import { get, list, part, post, put, remove, withQuery } from './request';

export type Role = 'owner' | 'admin' | 'member' | 'viewer';

export interface Config {
  needs_setup: boolean;
  disable_registration: boolean;
  disable_password_login: boolean;
  oidc_providers: { slug: string; name: string }[];
  server_version: string;
  public_url: string | null;
}

export interface Me {
  id: string;
  organization_id: string;
  organization_name: string;
  email: string;
  name: string;
  permissions: Role;
  network_ids: string[] | null; // null: all
  has_password: boolean;
  oidc: { slug: string; name: string; linked_at: number }[];
}

export interface User {
  id: string;
  email: string;
  name: string;
  permissions: Role;
  network_ids: string[] | null;
  has_password: boolean;
  oidc_providers: string[];
  created_at: number;
  last_used: number | null;
  revision: number;
}

export interface Invite {
  id: string;
  permissions: Role;
  network_ids: string[] | null;
  send_to: string | null;
  created_by_name: string | null;
  created_at: number;
  expires_at: number;
}

export interface InviteOffer {
  organization_name: string;
  permissions: Role;
  send_to: string | null;
  expires_at: number;
}

interface Key {
  id: string;
  name: string;
  prefix: string;
  is_enabled: boolean;
  expires_at: number | null;
  last_used: number | null;
  created_at: number;
  revision: number;
}

export interface UserKey extends Key {
  permissions: Role;
  network_ids: string[] | null;
}

export interface SensorKey extends Key {
  network_id: string;
  sensor_id: string;
  sensor_name: string;
}

export interface SignedIn {
  id: string;
  created_at: number;
  last_used: number | null;
  address: string | null;
  user_agent: string | null;
  current: boolean;
}

export interface AuditEntry {
  id: string;
  at: number;
  actor: string | null;
  actor_name: string | null;
  address: string | null;
  action: string;
  entity: string | null;
  entity_id: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
}

export interface Registration {
  email: string;
  password: string;
  name?: string;
  organization?: string;
  invite?: string;
}

export const account = {
  config: () => get<Config>('/api/config'),
  me: () => get<Me>('/api/auth/me'),
  setup: (token: string, email: string, password: string) => post<Me>('/api/setup', { token, email, password }),
  signIn: (email: string, password: string) => post<Me>('/api/auth/login', { email, password }),
  register: (who: Registration) => post<Me>('/api/auth/register', who),
  signOut: () => post<null>('/api/auth/logout'),
  signOutEverywhere: () => post<null>('/api/auth/logout-everywhere'),
  update: (changes: { name?: string; email?: string; password?: string; current_password?: string }) => post<Me>('/api/auth/update', changes),
  sessions: () => get<SignedIn[]>('/api/auth/sessions'),
  endSession: (id: string) => remove(`/api/auth/sessions/${part(id)}`),
  link: (slug: string, back: string) => post<{ url: string }>(`/api/auth/oidc/${part(slug)}/link`, { return: back }),
  unlink: (slug: string) => post<Me>(`/api/auth/oidc/${part(slug)}/unlink`),
  signInWith: (slug: string, back: string, invite?: string) => withQuery(`/api/auth/oidc/${part(slug)}/authorize`, { return: back, invite }),
};

export const people = {
  list: () => list<User>('/api/users?limit=0'),
  update: (id: string, changes: { permissions?: Role; network_ids?: string[] | null; name?: string }, revision: number) => put<User>(`/api/users/${part(id)}/admin`, changes, revision),
  remove: (ids: string[]) => post('/api/users/bulk-delete', { ids }),
  csv: '/api/users/export/csv',
  rename: (id: string, name: string) => put(`/api/organizations/${part(id)}`, { name }),
};

export const invites = {
  list: () => list<Invite>('/api/invites?limit=0'),
  check: (invite: string) => post<InviteOffer>('/api/invites/check', { invite }),
  create: (invite: { permissions: Role; network_ids: string[] | null; send_to: string | null; expires_at?: number }) => post<Invite & { url: string; token: string }>('/api/invites', invite),
  revoke: (id: string) => remove(`/api/invites/${part(id)}`),
};

type KeyChanges = Partial<Pick<Key, 'name' | 'is_enabled' | 'expires_at'>>;

export const userKeys = {
  list: () => list<UserKey>('/api/auth/keys?limit=0'),
  create: (key: KeyChanges & { permissions: Role; network_ids: string[] | null }) => post<UserKey & { key: string }>('/api/auth/keys', key),
  update: (id: string, changes: KeyChanges & { permissions?: Role; network_ids?: string[] | null }, revision: number) => put<UserKey>(`/api/auth/keys/${part(id)}`, changes, revision),
  rotate: (id: string) => post<UserKey & { key: string }>(`/api/auth/keys/${part(id)}/rotate`),
  remove: (ids: string[]) => post('/api/auth/keys/bulk-delete', { ids }),
  csv: '/api/auth/keys/export/csv',
};

export const sensorKeys = {
  list: () => list<SensorKey>('/api/auth/daemon?limit=0'),
  create: (key: { name: string; network_id?: string | null; sensor_id?: string | null; expires_at: number | null }) => post<SensorKey & { key: string }>('/api/auth/daemon', key),
  update: (id: string, changes: KeyChanges, revision: number) => put<SensorKey>(`/api/auth/daemon/${part(id)}`, changes, revision),
  rotate: (id: string, overlap_hours: number) => post<SensorKey & { key: string }>(`/api/auth/daemon/${part(id)}/rotate`, { overlap_hours }),
  remove: (ids: string[]) => post('/api/auth/daemon/bulk-delete', { ids }),
  csv: '/api/auth/daemon/export/csv',
};

export const audit = {
  list: (query: { limit: number; offset: number; entity: string | null; search: string | null }) => list<AuditEntry>(withQuery('/api/audit', { ...query, order_by: 'at', order_direction: 'desc' })),
  csv: '/api/audit/export/csv',
};
