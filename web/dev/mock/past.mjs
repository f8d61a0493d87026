// SPDX-License-Identifier: BSD-2-Clause
// What the mock knows of the past, in the form of docs/history.md: nothing has changed but when things came to be.

const since = row => row.first_seen ?? row.created_at ?? 0;
const oldest = tables => Math.min(...[...tables.host.values()].map(since));

export function asOf(tables, query) {
  const at = Number(query.get('at'));
  const entity = query.get('entity');
  const rows = [...(tables[entity]?.values() ?? [])].filter(row => since(row) <= at).map(row => ({ ...row, last_seen: Math.min(row.last_seen ?? at, at) }));
  const offset = Number(query.get('offset') ?? 0);
  return { at, oldest_at: oldest(tables), entities: { [entity]: { total: rows.length, rows: rows.slice(offset, offset + Number(query.get('limit') ?? 1000)) } } };
}

// Nothing ever goes here; every seventh host has changed, and two hosts that are made up have gone.
export function difference(tables, query, now) {
  const [from, to] = [Number(query.get('from')), Number(query.get('to') ?? now)];
  const items = [];
  for (const entity of ['host', 'interface', 'service', 'flow']) {
    for (const row of tables[entity].values()) {
      const label = row.name ?? row.ip ?? row.client ?? row.id;
      if (since(row) > from && since(row) <= to) items.push({ entity, id: row.id, change: 'added', label, row, before: null, after: null });
      else if (entity === 'host' && items.length % 7 === 3) items.push({ entity, id: row.id, change: 'changed', label, row: null, before: { name: `${label}-old` }, after: { name: label } });
    }
  }
  const [face] = [...tables.interface.values()].filter(row => row.subnet_id);
  for (const [i, name] of ['old-printer', 'old-laptop'].entries()) {
    const host_id = `00000000-0000-4000-8000-0000000f000${i}`;
    const host = { ...tables.host.get(face.host_id), id: host_id, name, first_seen: from - 90_000 };
    const gone = { ...face, id: `00000000-0000-4000-8000-0000000f100${i}`, host_id, ip: face.ip.replace(/\d+$/, String(240 + i)), mac: `02:00:00:00:00:0${i}`, first_seen: from - 90_000 };
    items.push({ entity: 'host', id: host_id, change: 'removed', label: name, row: host, before: null, after: null }, { entity: 'interface', id: gone.id, change: 'removed', label: gone.ip, row: gone, before: null, after: null });
  }
  const counts = {};
  for (const { entity, change } of items) (counts[entity] ??= { added: 0, removed: 0, changed: 0 })[change]++;
  const offset = Number(query.get('offset') ?? 0);
  return { from, to, oldest_at: oldest(tables), counts, total: items.length, items: items.slice(offset, offset + Number(query.get('limit') ?? 200)) };
}
