// SPDX-License-Identifier: BSD-2-Clause
// The address bar is the view's state: which view, whose page, and the view's own parameters. Pure.

export const pages = [
  'topology', 'traffic', 'layer2', 'alerts', 'conflicts', 'rules', 'channels', 'definitions', 'hosts', 'services', 'flows', 'subnets', 'groups', 'tags', 'networks', 'sensors', 'keys', 'credentials', 'users',
  'sessions', 'schedules', 'runs', 'changes', 'consolidations', 'audit', 'exchange', 'account', 'api-docs', 'welcome',
] as const;

export type PageName = (typeof pages)[number];
export type ViewName = PageName | 'host' | 'missing';

export interface Route {
  view: ViewName;
  path: string;
  id: string | null;
  params: URLSearchParams;
}

export const NETWORK = 'network'; // the parameter that every view keeps

const isPage = (name: string): name is PageName => (pages as readonly string[]).includes(name);

export function readRoute(path: string, query: string): Route {
  const parts = path.split('/').filter(Boolean);
  const params = new URLSearchParams(query);
  const [first, second] = parts;
  const at = (view: ViewName, id: string | null = null): Route => ({ view, path, id, params });
  if (!first) return at('topology');
  if (first === 'hosts' && parts.length === 2) return at('host', decodePart(second!));
  if (parts.length === 1 && isPage(first)) return at(first);
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

// Another view of the network that one looks at.
export function inNetwork(to: string, query: string): string {
  const network = new URLSearchParams(query).get(NETWORK);
  const [path = '/', own = ''] = to.split('?');
  if (!network || new URLSearchParams(own).has(NETWORK)) return to;
  return withParams(path, own, { [NETWORK]: network });
}

export const hostPath = (id: string) => `/hosts/${encodeURIComponent(id)}`;

// The invite in the address: /register#invite=TOKEN, so that it is in no server's log, or /invite/TOKEN as people type it.
export function inviteOf(path: string, hash: string): string | null {
  const typed = /^\/invite\/([^/]+)\/?$/.exec(path)?.[1];
  return typed ? decodePart(typed) : new URLSearchParams(hash.replace(/^#/, '')).get('invite');
}
