// SPDX-License-Identifier: BSD-2-Clause
// Alerts: steps of people, the rules that make them, and the channels by which people are told. Secrets are given, and never read.

import { get, list, part, post, put, withQuery } from './request';

export type Severity = 'note' | 'warn' | 'bad';
export const alertKinds = ['new_device', 'device_gone', 'address_conflict', 'impostor', 'service_opened', 'service_gone', 'certificate_expiring', 'sensor_loss', 'sensor_silent', 'discovery_failed'] as const;
export type AlertKind = (typeof alertKinds)[number];
export type AlertStep = 'acknowledge' | 'reopen' | 'resolve';

export interface AlertRuleDraft {
  name: string;
  enabled: boolean;
  severity: Severity;
  threshold: number | null;
  tags: string[];
  subnet_ids: string[];
  host_kinds: string[];
  quiet_from: string | null;
  quiet_to: string | null;
  quiet_days: number[];
  timezone: string;
  channel_ids: string[] | null; // null: all
}

export interface AlertRule extends AlertRuleDraft {
  id: string;
  network_id: string;
  kind: AlertKind;
  created_at: number;
  updated_at: number;
  revision: number;
}

export type ChannelKind = 'Webhook' | 'Mqtt' | 'Email';
export type ChannelTls = 'none' | 'starttls' | 'tls';

// What may be left out stays as it is.
export interface AlertChannelDraft {
  name: string;
  enabled: boolean;
  min_severity: Severity;
  tells_resolved: boolean;
  host: string | null;
  port: number | null;
  tls: ChannelTls;
  ca_certificate: string | null;
  username: string | null;
  from_address: string | null;
  to_addresses: string[];
  topic: string | null;
  home_assistant: boolean;
  discovery_prefix: string | null;
  presence_tags: string[];
  away_minutes: number;
  url?: string;
  secret?: string | null;
  password?: string | null;
}

export interface AlertChannel extends Omit<AlertChannelDraft, 'url' | 'secret' | 'password'> {
  id: string;
  network_id: string;
  kind: ChannelKind;
  url_shown: string | null;
  has_secret: boolean;
  has_password: boolean;
  waiting: number;
  dropped: number;
  failures: number;
  not_before: number | null;
  last_told_at: number | null;
  last_error: string | null;
  last_error_at: number | null;
  created_at: number;
  updated_at: number;
  revision: number;
}

export interface ChannelMessage {
  id: string;
  event: 'opened' | 'resolved' | 'test';
  title: string;
  severity: Severity;
  alert_id: string | null;
  created_at: number;
  due_at: number;
  attempts: number;
  error: string | null;
  told_at: number | null;
}

export const alertSteps = {
  step: (step: AlertStep, ids: string[], note: string | null = null) => post<{ changed: number }>(`/api/alerts/${step}`, { ids, note }),
  snooze: (ids: string[], until: number) => post<{ changed: number }>('/api/alerts/snooze', { ids, until }),
};

export const alertRules = {
  list: (network_id: string | null) => list<AlertRule>(withQuery('/api/alert-rules', { network_id, limit: 0, order_by: 'name' })),
  create: (draft: AlertRuleDraft & { network_id: string | null; kind: AlertKind }) => post<AlertRule>('/api/alert-rules', draft),
  update: (id: string, draft: Partial<AlertRuleDraft>, revision?: number) => put<AlertRule>(`/api/alert-rules/${part(id)}`, draft, revision),
  remove: (ids: string[]) => post('/api/alert-rules/bulk-delete', { ids }),
  csv: (network_id: string | null) => withQuery('/api/alert-rules/export/csv', { network_id }),
};

export const alertChannels = {
  list: (network_id: string | null) => list<AlertChannel>(withQuery('/api/alert-channels', { network_id, limit: 0, order_by: 'name' })),
  create: (draft: AlertChannelDraft & { network_id: string | null; kind: ChannelKind }) => post<AlertChannel>('/api/alert-channels', draft),
  update: (id: string, draft: AlertChannelDraft, revision: number) => put<AlertChannel>(`/api/alert-channels/${part(id)}`, draft, revision),
  remove: (ids: string[]) => post('/api/alert-channels/bulk-delete', { ids }),
  csv: (network_id: string | null) => withQuery('/api/alert-channels/export/csv', { network_id }),
  test: (id: string) => post<{ id: string }>(`/api/alert-channels/${part(id)}/test`),
  messages: (id: string) => get<ChannelMessage[]>(`/api/alert-channels/${part(id)}/messages`),
};
