// SPDX-License-Identifier: BSD-2-Clause
// The address bar is the view's state: which view, whose page, and the view's own parameters. Pure.

export type ViewName = 'hosts' | 'host' | 'services' | 'flows' | 'sensors' | 'missing';

export interface Route {
  view: ViewName;
  id: string | null;
  params: URLSearchParams;
}

export function readRoute(path: string, query: string): Route {
  const parts = path.split('/').filter(Boolean);
  const params = new URLSearchParams(query);
  const [first, second] = parts;
  const at = (view: ViewName, id: string | null = null): Route => ({ view, id, params });
  if (!first) return at('hosts');
  if (first === 'hosts' && parts.length === 2) return at('host', decodePart(second!));
  if (parts.length === 1 && (first === 'hosts' || first === 'services' || first === 'flows' || first === 'sensors')) return at(first);
  return at('missing');
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

// The same address with some parameters changed; null and '' leave it. In a steady order, so that links are equal.
export function withParams(path: string, query: string, changes: Record<string, string | null>): string {
  const params = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  params.sort();
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

export const hostPath = (id: string) => `/hosts/${encodeURIComponent(id)}`;
