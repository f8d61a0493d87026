// SPDX-License-Identifier: BSD-2-Clause
// Saved topologies and tags, kept while the mock runs (docs/api.md).
import { id, now } from './random.mjs';
import { change, networkId, push, tables } from './store.mjs';

const whole = new Map(); // id → with nodes and edges
export const topologyOf = key => whole.get(key);
const entryOf = ({ nodes, edges, ...row }) => row;

function keep(row) {
  whole.set(row.id, row);
  change('topology', row.id, tables.topology.has(row.id) ? 'update' : 'insert', entryOf(row));
  push();
  return row;
}

const merged = (old, changes) => {
  const kept = { ...old };
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete kept[key];
    else kept[key] = value;
  }
  return kept;
};

function step(row, name, body) {
  const next = { ...row, revision: row.revision + 1, updated_at: now() };
  if (name === 'lock' || name === 'unlock') return { ...next, is_locked: name === 'lock', locked_at: name === 'lock' ? now() : null };
  if (name === 'refresh') return { ...next, last_refreshed: now() };
  if (row.is_locked) return null;
  if (name === 'rebuild') return { ...next, nodes: {}, edges: {}, last_refreshed: now() };
  if (name === 'metadata') return { ...next, name: body.name ?? row.name, options: body.options ?? row.options };
  if (name === 'nodes' || name === 'edges') return { ...next, [name]: merged(row[name], body[name] ?? {}) };
  const { node_id, edge_id, ...set } = body;
  if (name === 'edge-handles') return { ...next, edges: { ...row.edges, [edge_id]: { ...row.edges[edge_id], ...set } } };
  return { ...next, nodes: { ...row.nodes, [node_id]: { ...row.nodes[node_id], ...set } } };
}

// The answer to a request below /api/topology, or null when it is not one: [status, data].
export function topologies(method, path, body) {
  const found = /^\/api\/topology(?:\/([^/]+))?(?:\/([a-z-]+))?$/.exec(path);
  if (!found) return null;
  const [, key, name] = found;
  if (!key) {
    if (method === 'GET') return [200, [...whole.values()].map(entryOf)];
    const row = { id: id(), network_id: networkId, name: 'Topology', options: {}, nodes: {}, edges: {}, parent_id: null, is_locked: false, locked_at: null, locked_by: null, last_refreshed: now(), tags: [], revision: 1, created_at: now(), updated_at: now(), ...body };
    return [200, keep(row)];
  }
  if (key === 'bulk-delete') {
    for (const each of body.ids ?? []) {
      whole.delete(each);
      change('topology', each, 'delete');
    }
    push();
    return [200, null];
  }
  const row = whole.get(key);
  if (!row) return [404, 'no such topology'];
  if (method === 'GET') return [200, row];
  if (method === 'DELETE') return topologies('POST', '/api/topology/bulk-delete', { ids: [key] });
  if (method === 'PUT') return [200, keep({ ...row, ...body, revision: row.revision + 1, updated_at: now() })];
  const next = step(row, name, body);
  return next ? [200, entryOf(keep(next))] : [409, 'the topology is locked'];
}

export const tags = [['Production', 'Red'], ['Test', 'Yellow'], ['Critical', 'Orange'], ['Shop', 'Blue'], ['Office', 'Teal'], ['To retire', 'Gray']].map(([name, color]) => ({ id: id(), name, description: null, color, revision: 1 }));

// Some of everything carries one.
export function tagSome() {
  let n = 0;
  for (const entity of ['host', 'service', 'subnet']) {
    for (const row of tables[entity].values()) if (++n % 7 === 0) change(entity, row.id, 'update', { tags: [tags[n % tags.length].id] });
  }
}
