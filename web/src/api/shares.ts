// SPDX-License-Identifier: BSD-2-Clause
// Links by which a saved topology is shown to others: their list for who is signed in, and what a stranger with the link gets.

import type { EntityName } from '../state/entities';
import type { Manual } from '../topology/model';
import { ApiError, list, part, post, put, withQuery } from './request';

export interface ShareOptions {
  show_inspect_panel: boolean;
  show_zoom_controls: boolean;
  show_export_button: boolean;
}

export interface Share {
  id: string;
  network_id: string;
  topology_id: string;
  name: string;
  is_enabled: boolean;
  expires_at: number | null;
  has_password: boolean;
  allowed_domains: string[] | null;
  options: Partial<ShareOptions>;
  revision: number;
  created_at: number;
}

export interface ShareDraft {
  topology_id: string;
  name: string;
  is_enabled: boolean;
  expires_at: number | null;
  password?: string | null; // null takes it away
  allowed_domains: string[] | null;
  options: ShareOptions;
}

export const shares = {
  list: (topology_id: string) => list<Share>(withQuery('/api/shares', { topology_id, limit: 0, order_by: 'created_at', order_direction: 'asc' })),
  create: (draft: ShareDraft) => post<Share>('/api/shares', draft),
  update: (id: string, changes: Partial<Omit<ShareDraft, 'topology_id'>>, revision?: number) => put<Share>(`/api/shares/${part(id)}`, changes, revision),
  remove: (ids: string[]) => post('/api/shares/bulk-delete', { ids }),
};

// What a stranger may know before the password.
export interface ShareLook {
  name: string;
  requires_password: boolean;
  options: Partial<ShareOptions>;
}

type Rows = Partial<Record<EntityName, { id: string }[]>>;

export interface Shared {
  share: { id: string; name: string; options: Partial<ShareOptions> };
  at: number;
  network: { id: string; name: string };
  topology: { id: string; name: string; options: Record<string, unknown>; nodes: Manual['nodes']; edges: Manual['edges']; revision: number; last_refreshed?: number | null };
  tags: { id: string; name: string; color: string }[];
  entities: Rows;
}

interface Page extends Shared {
  next?: Partial<Record<EntityName, string>>;
}

// Without cookies: who has the link is nobody to the collector, even when signed in beside it.
async function ask(path: string, token: string | null, etag: string | null, body?: unknown): Promise<{ data: unknown; etag: string | null } | 'same'> {
  const headers: Record<string, string> = {};
  if (token) headers.Authorization = `Bearer ${token}`;
  if (etag) headers['If-None-Match'] = etag;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response: Response;
  try {
    // no-store: the browser must not answer a 304 with a 200 of its own.
    response = await fetch(path, { method: body === undefined ? 'GET' : 'POST', credentials: 'omit', cache: 'no-store', headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  } catch {
    throw new ApiError(0, 'no answer');
  }
  if (response.status === 304) return 'same';
  const answer = (await response.json().catch(() => null)) as { data?: unknown; error?: unknown } | null;
  if (!response.ok) throw new ApiError(response.status, typeof answer?.error === 'string' ? answer.error : response.statusText);
  return { data: answer?.data, etag: response.headers.get('ETag') };
}

const whole = async <T>(asked: ReturnType<typeof ask>): Promise<T> => {
  const answer = await asked;
  if (answer === 'same') throw new ApiError(304, 'nothing new');
  return answer.data as T;
};

const PAGES_MAX = 200;

export const publicShare = {
  look: (id: string) => whole<ShareLook>(ask(`/api/shares/public/${part(id)}`, null, null)),
  verify: (id: string, password: string) => whole<{ token?: string }>(ask(`/api/shares/public/${part(id)}/verify`, null, null, { password })),

  // All of it, or that nothing has changed since the one of that ETag.
  async read(id: string, token: string | null, etag: string | null): Promise<{ shared: Shared; etag: string | null } | 'same'> {
    const path = `/api/shares/public/${part(id)}/topology`;
    const first = await ask(path, token, etag);
    if (first === 'same') return 'same';
    const { next, ...shared } = first.data as Page;
    let pages = 0;
    for (const [entity, begin] of Object.entries(next ?? {}) as [EntityName, string][]) {
      const rows = (shared.entities[entity] ??= []);
      for (let after: string | undefined = begin; after && pages < PAGES_MAX; pages++) {
        const page: Page = await whole<Page>(ask(withQuery(path, { entity, after }), token, null));
        for (const row of page.entities[entity] ?? []) rows.push(row);
        after = page.next?.[entity];
      }
    }
    return { shared, etag: first.etag };
  },
};
