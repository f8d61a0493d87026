// SPDX-License-Identifier: BSD-2-Clause
// Links by which a saved topology is shown, kept while the mock runs (docs/api.md, "Shares").
import { id, now } from './random.mjs';
import { networkId, tables } from './store.mjs';
import { tags, topologyOf } from './topologies.mjs';

const PAGE = 2000; // rows
const FLOWS_MOST = 10_000;

const shares = new Map();
const shown = ({ password, ...row }) => ({ ...row, has_password: Boolean(password) });
const works = share => share && share.is_enabled && (share.expires_at === null || share.expires_at > now()) && topologyOf(share.topology_id);

export function sharesApi(method, path, body) {
  const key = /^\/api\/shares(?:\/([^/]+))?$/.exec(path)?.[1];
  if (key === 'bulk-delete') {
    for (const each of body.ids ?? []) shares.delete(each);
    return [200, null];
  }
  if (!key && method === 'GET') return [200, [...shares.values()].map(shown)];
  if (!key) {
    const row = { id: id(), network_id: networkId, is_enabled: true, expires_at: null, password: null, allowed_domains: null, options: {}, created_by: null, revision: 1, created_at: now(), updated_at: now(), ...body };
    shares.set(row.id, row);
    return [200, shown(row)];
  }
  const row = shares.get(key);
  if (!row) return [404, 'there is no such share'];
  if (method === 'GET') return [200, shown(row)];
  const next = { ...row, ...body, revision: row.revision + 1, updated_at: now() };
  shares.set(key, next);
  return [200, shown(next)];
}

// What a stranger asks: [status, data, ETag].
export function publicShares(method, path, query, headers, body) {
  const [, key, what] = /^\/api\/shares\/public\/([^/]+)(?:\/([a-z]+))?$/.exec(path) ?? [];
  const share = shares.get(key);
  if (!works(share)) return [404, 'there is no such share, or it has ended'];
  const token = `nvt_${share.id}_${share.revision}`;
  if (what === 'verify') return !share.password || body.password === share.password ? [200, { valid: true, token, expires_at: now() + 43_200 }] : [401, 'the password is wrong'];
  if (!what) return [200, { name: share.name, requires_password: Boolean(share.password), options: share.options }];
  if (share.password && headers.authorization !== `Bearer ${token}`) return [401, 'say the password first'];
  const topology = topologyOf(share.topology_id);
  const etag = `"${share.revision}.${topology.revision}.${Math.floor(now() / 60)}"`;
  if (headers['if-none-match'] === etag) return [304, null, etag];
  const page = pageOf(query.get('entity'), query.get('after'));
  if (query.get('entity')) return [200, page, etag];
  const network = tables.network.get(networkId);
  const { id: topologyId, name, options, nodes, edges, revision, last_refreshed } = topology;
  return [200, { share: { id: share.id, name: share.name, options: share.options }, at: now(), network: { id: network.id, name: network.name }, topology: { id: topologyId, name, options, nodes, edges, revision, last_refreshed }, tags: tags.map(({ id, name, color }) => ({ id, name, color })), ...page }, etag];
}

function pageOf(entity, after) {
  const entities = {};
  const next = {};
  for (const name of entity ? [entity] : ['subnet', 'host', 'interface', 'service', 'binding', 'group', 'neighbor', 'link', 'flow']) {
    const rows = [...tables[name].values()].filter(row => !row.hidden).slice(0, name === 'flow' ? FLOWS_MOST : Infinity);
    const from = after ? rows.findIndex(row => row.id === after) + 1 : 0;
    const most = name === 'flow' ? FLOWS_MOST : PAGE;
    entities[name] = rows.slice(from, from + most);
    if (rows.length > from + most) next[name] = entities[name].at(-1).id;
  }
  return { entities, next };
}
