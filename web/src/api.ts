// SPDX-License-Identifier: BSD-2-Clause
// What is asked by REST: signing in, setting up, evidence and commands. Everything else comes by the feed.

import type { Fact } from '@gen/facts';

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: no answer
    message: string,
  ) {
    super(message);
  }
}

async function request<T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new ApiError(0, 'no answer');
  }
  const text = await response.text();
  let answer: unknown = null;
  try {
    answer = text ? JSON.parse(text) : null;
  } catch {
    if (response.ok) throw new ApiError(response.status, 'the answer is not JSON');
  }
  const envelope = (typeof answer === 'object' && answer !== null ? answer : {}) as { data?: unknown; error?: unknown };
  if (!response.ok) throw new ApiError(response.status, typeof envelope.error === 'string' ? envelope.error : response.statusText);
  return envelope.data as T;
}

export interface User {
  id: string;
  email: string;
}

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

export const api = {
  setupNeeded: async () => (await request<{ needed: boolean }>('GET', '/api/setup')).needed,
  setup: (token: string, email: string, password: string) => request<User>('POST', '/api/setup', { token, email, password }),
  me: () => request<User>('GET', '/api/auth/me'),
  signIn: (email: string, password: string) => request<User>('POST', '/api/auth/login', { email, password }),
  signOut: () => request<null>('POST', '/api/auth/logout', {}),
  evidence: async (hostId: string) => (await request<EvidenceRow[]>('GET', `/api/hosts/${encodeURIComponent(hostId)}/evidence`)).map(evidenceOf),
  addSensor: (name: string) => request<{ id: string; key: string }>('POST', '/api/sensors', { name }),
  refreshSensor: (id: string) => request<unknown>('POST', `/api/sensors/${encodeURIComponent(id)}/refresh`, {}),
};
