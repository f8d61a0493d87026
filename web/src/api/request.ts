// SPDX-License-Identifier: BSD-2-Clause
// One request below /api and its answer: the envelope, the pages of a list, and what went wrong as an ApiError.

export class ApiError extends Error {
  constructor(
    readonly status: number, // 0: no answer
    message: string,
    readonly field: string | null = null, // of the body, that the collector refused
    readonly data: unknown = null,
  ) {
    super(message);
  }
}

export interface List<T> {
  rows: T[];
  total: number;
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

interface Envelope {
  data?: unknown;
  error?: unknown;
  meta?: { pagination?: { total?: number } };
}

async function exchange(method: Method, path: string, body?: unknown, revision?: number): Promise<Envelope> {
  const headers: Record<string, string> = {};
  const isFile = body instanceof Blob;
  if (body !== undefined) headers['Content-Type'] = isFile ? 'application/octet-stream' : 'application/json';
  if (revision !== undefined) headers['If-Match'] = `"${revision}"`;
  let response: Response;
  try {
    response = await fetch(path, { method, credentials: 'same-origin', headers, ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }) });
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
  const envelope = (typeof answer === 'object' && answer !== null ? answer : {}) as Envelope;
  if (response.ok) return envelope;
  const why = typeof envelope.error === 'string' ? envelope.error : response.statusText;
  throw new ApiError(response.status, why, fieldOf(why), envelope.data);
}

// A refusal begins with the field that it is about: `"name" must be …` or `run_type.cron: …`.
export function fieldOf(message: string): string | null {
  return /^"([a-z0-9_.]+)"/.exec(message)?.[1] ?? /^([a-z0-9_]+(?:\.[a-z0-9_]+)*):/.exec(message)?.[1] ?? null;
}

export const get = async <T>(path: string) => (await exchange('GET', path)).data as T;
export const post = async <T>(path: string, body: unknown = {}) => (await exchange('POST', path, body)).data as T;
// The file itself is the body.
export const postFile = async <T>(path: string, file: Blob) => (await exchange('POST', path, file)).data as T;
export const put = async <T>(path: string, body: unknown, revision?: number) => (await exchange('PUT', path, body, revision)).data as T;
export const remove = async <T = null>(path: string, revision?: number) => (await exchange('DELETE', path, undefined, revision)).data as T;

export async function list<T>(path: string): Promise<List<T>> {
  const { data, meta } = await exchange('GET', path);
  const rows = data as T[];
  return { rows, total: meta?.pagination?.total ?? rows.length };
}

// A path with those parameters that have a value.
export function withQuery(path: string, query: Record<string, string | number | boolean | null | undefined>): string {
  const text = Object.entries(query)
    .filter((entry): entry is [string, string | number | boolean] => entry[1] !== null && entry[1] !== undefined && entry[1] !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return text ? `${path}?${text}` : path;
}

export const part = encodeURIComponent;
