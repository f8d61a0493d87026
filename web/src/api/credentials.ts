// SPDX-License-Identifier: BSD-2-Clause
// What a scan asks devices with by SNMP. Secrets are given, and never read.

import { list, part, post, put, withQuery } from './request';

export type SnmpVersion = 'V1' | 'V2c' | 'V3';

export interface SnmpCredential {
  id: string;
  network_id: string;
  name: string;
  version: SnmpVersion;
  port: number;
  targets: string[];
  username: string | null;
  context: string | null;
  auth_protocol: string | null;
  privacy_protocol: string | null;
  has_community: boolean;
  has_auth_password: boolean;
  has_privacy_password: boolean;
  created_at: number;
  updated_at: number;
  revision: number;
}

// What may be left out stays as it is.
export interface SnmpCredentialDraft {
  name: string;
  version: SnmpVersion;
  port: number;
  targets: string[];
  username: string | null;
  context: string | null;
  auth_protocol: string | null;
  privacy_protocol: string | null;
  community?: string;
  auth_password?: string;
  privacy_password?: string;
}

export const snmpCredentials = {
  list: (network_id: string | null) => list<SnmpCredential>(withQuery('/api/snmp-credentials', { network_id, limit: 0, order_by: 'name' })),
  create: (draft: SnmpCredentialDraft & { network_id: string | null }) => post<SnmpCredential>('/api/snmp-credentials', draft),
  update: (id: string, draft: SnmpCredentialDraft, revision: number) => put<SnmpCredential>(`/api/snmp-credentials/${part(id)}`, draft, revision),
  remove: (ids: string[]) => post('/api/snmp-credentials/bulk-delete', { ids }),
  csv: (network_id: string | null) => withQuery('/api/snmp-credentials/export/csv', { network_id }),
};
