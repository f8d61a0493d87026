// SPDX-License-Identifier: BSD-2-Clause
// How long a large network takes, and a change in it. The bounds are five times what is asked for: other programs run
// beside this one. The figures are printed.
import { expect, test } from 'vitest';

import type { ViewKind } from '../model';
import { GraphBuilder } from './builder';
import { input, large, network, numbers, type Row } from './sample';

// As the feed brings them: a row that JSON made is quicker to read than one put together by hand.
const rows = JSON.parse(JSON.stringify(large(10_000, 50_000, 30_000))) as Row[];
const most = { first: 400, next: 12 };

test.each<ViewKind>(['logical', 'physical', 'applications', 'workloads'])('%s: 10,000 hosts, 50,000 services, 30,000 flows', view => {
  const { tables, views } = network(rows);
  views.allHosts();
  const builder = new GraphBuilder();
  const given = input(views, { view });
  const timed = (run: () => void) => {
    const from = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1000;
  };
  let graph = builder.update(given);
  const first = timed(() => (graph = new GraphBuilder().update(given)));
  const size = `${graph.containers.size} containers, ${graph.nodes.size} nodes, ${graph.edges.size} edges`;
  const { int } = numbers(7);
  const times: number[] = [];
  let at = 1000;
  const change = (entity: string, id: string, set: Record<string, unknown>) => tables.apply({ seq: 0, at, entity, id, op: 'update', set });
  for (let round = 0; round < 15; round++) {
    at++;
    for (let i = 0; i < 100; i++) {
      const host = tables.host.get(`h${int(0, 9999)}`)!;
      change('host', host.id, { last_seen: at });
      for (const id of [...tables.interfacesByHost.get(host.id)]) {
        const face = tables.interface.get(id)!;
        change('interface', id, { last_seen: at, bytes: face.bytes + 100 });
      }
      for (let n = 0; n < 3; n++) {
        const flow = tables.flow.get(`f${int(0, 29_999)}`)!;
        change('flow', flow.id, { last_seen: at, bytes: flow.bytes + 1000 });
      }
    }
    views.allHosts();
    times.push(timed(() => builder.update({ ...given, now: at })));
  }
  times.sort((a, b) => a - b);
  const median = times[times.length >> 1]!;
  console.log(`${view}: ${size}; first ${first.toFixed(0)} ms, an update with 1 % changed ${median.toFixed(1)} ms (most ${times.at(-1)!.toFixed(1)} ms)`);
  expect(first).toBeLessThan(most.first * 5);
  // The quicker ones: a busy machine makes the others slow.
  expect(times[times.length >> 2]).toBeLessThan(most.next * 5);
  const before = builder.update({ ...given, now: at });
  expect(builder.update({ ...given, now: at })).toBe(before);
}, 120_000);
