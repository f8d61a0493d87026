// SPDX-License-Identifier: BSD-2-Clause
// What goes on: most of it traffic of flows that are there, now and then something new, seldom something that goes.
import { addFlow, addHost, someRole, someSubnet } from './network.mjs';
import { int, now, pick, random } from './random.mjs';
import { change, push, tables } from './store.mjs';

const GO_ON_SHARE = 0.7; // of the flows that are busy now, so that traffic lasts
const busy = [];
const lists = new Map();

// A row, without making a list of a large table each time.
function some(entity) {
  const known = lists.get(entity);
  if (!known || Math.abs(known.length - tables[entity].size) > 50) lists.set(entity, [...tables[entity].keys()]);
  return tables[entity].get(pick(lists.get(entity)));
}

function traffic() {
  const goesOn = busy.length > 12 && random() < GO_ON_SHARE;
  const flow = goesOn ? tables.flow.get(pick(busy)) : some('flow');
  if (!flow) return;
  if (!goesOn) busy.push(flow.id);
  if (busy.length > 40) busy.shift();
  change('flow', flow.id, 'update', { last_seen: now(), bytes: flow.bytes + int(1e4, 1e7), bytes_back: flow.bytes_back + int(1e4, 1e7), packets: flow.packets + 99, packets_back: flow.packets_back + 120, connections: flow.connections + 1 });
}

function seen() {
  const face = some('interface');
  if (!face) return;
  change('interface', face.id, 'update', { bytes: face.bytes + int(1e4, 1e7), last_seen: now() });
  change('host', face.host_id, 'update', { last_seen: now() });
}

function once() {
  const dice = random();
  if (dice < 0.55) traffic();
  else if (dice < 0.96) seen();
  else if (dice < 0.985) addFlow(now());
  else if (dice < 0.997) {
    const service = some('service');
    if (service) change('service', service.id, 'update', { last_seen: now(), clients: service.clients + 1 });
  } else {
    const plan = someSubnet();
    addHost(plan, someRole(plan), now());
  }
}

const TICK_MS = 10;

export function live(rate) {
  if (rate <= 0) return;
  let due = 0;
  let last = performance.now();
  setInterval(() => {
    const at = performance.now();
    due += ((at - last) / 1000) * rate;
    last = at;
    if (due < 1) return;
    for (; due >= 1; due--) once();
    push();
  }, Math.max(TICK_MS, Math.min(250, 1000 / rate)));
}
