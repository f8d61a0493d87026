// SPDX-License-Identifier: BSD-2-Clause
// The mock's tables, and the changes that browsers are told.
import { id, now } from './random.mjs';

const LOG_MOST = 50_000; // changes kept; whoever asks for older ones gets everything anew

export const tables = Object.fromEntries(['network', 'sensor', 'subnet', 'host', 'interface', 'service', 'binding', 'flow', 'group', 'neighbor', 'link', 'topology', 'discovery', 'session'].map(name => [name, new Map()]));
export const noted = { description: null, tags: [], revision: 1, origin: 'discovery' };
export const networkId = id();

const clients = new Set();
const texts = new WeakMap(); // of rows, so that the next browser waits for the wire and not for this
let log = [];
let seq = 0;
let running = false; // before, nobody has anything that a change could be told of
let pushed = 0;

export function change(entity, rowId, op, set) {
  const table = tables[entity];
  if (op === 'delete') table.delete(rowId);
  else table.set(rowId, { ...table.get(rowId), ...set, id: rowId });
  seq++;
  if (running) log.push({ seq, at: now(), entity, id: rowId, op, set: op === 'delete' ? null : set });
  if (log.length > LOG_MOST) log = log.slice(LOG_MOST / 2);
}

function textOf(row) {
  let text = texts.get(row);
  if (!text) texts.set(row, (text = JSON.stringify(row)));
  return text;
}

export const insert = (entity, set) => {
  const rowId = id();
  change(entity, rowId, 'insert', set);
  return rowId;
};

export function run() {
  for (const table of Object.values(tables)) for (const row of table.values()) textOf(row);
  running = true;
  pushed = seq;
}

// Tells what changed since the last time.
export function push() {
  const fresh = log.filter(entry => entry.seq > pushed);
  pushed = seq;
  if (!fresh.length || !clients.size) return;
  const text = JSON.stringify({ type: 'changes', changes: fresh });
  for (const client of clients) client.send(text);
}

// One browser (docs/live.md).
export function serve(socket) {
  socket.on('close', () => clients.delete(socket));
  socket.on('message', text => {
    push();
    const { after } = JSON.parse(text);
    const first = log[0]?.seq ?? seq + 1;
    const resumes = after !== null && after <= seq && after >= first - 1;
    if (!resumes) {
      for (const [entity, rows] of Object.entries(tables)) {
        const list = [...rows.values()];
        for (let i = 0; i < list.length; i += 500) socket.send(`{"type":"snapshot","network_id":"${networkId}","entity":"${entity}","rows":[${list.slice(i, i + 500).map(textOf).join()}]}`);
      }
    }
    socket.send(JSON.stringify({ type: 'ready', network_id: networkId, seq: resumes ? after : seq }));
    if (resumes && after < seq) socket.send(JSON.stringify({ type: 'changes', changes: log.filter(entry => entry.seq > after) }));
    clients.add(socket);
  });
}
