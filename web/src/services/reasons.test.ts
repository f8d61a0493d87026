// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import { byPortAlone, evidenceOf, plainest, readReason, tally } from './reasons';

const port = { is: 'port', want: '3000/tcp', met: true, port: '3000/tcp', evidence: ['e1'] };
const page = { is: 'http', want: { title: 'Grafana' }, met: true, port: '3000/tcp', found: 'Grafana', evidence: ['e2', 'e1'] };
const missed = { is: 'banner', want: 'SSH', met: false };

test('a tree is read with suspicion', () => {
  expect(readReason({ is: 'any', met: true, of: [port, 'odd', { met: true }, null] })).toEqual({ is: 'any', want: undefined, met: true, evidence: [], of: [port] });
  for (const odd of [null, 'x', 7, [], {}, { is: 3 }]) expect(readReason(odd)).toBeNull();
  let deep: unknown = port;
  for (let i = 0; i < 40; i++) deep = { is: 'any', met: true, of: [deep] };
  expect(JSON.stringify(readReason(deep)).length).toBeLessThan(2000);
});

test('groups of one are left out, and evidence is counted once', () => {
  expect(plainest(readReason({ is: 'any', met: true, of: [{ is: 'all', met: true, of: [page] }] })!)).toMatchObject({ is: 'http', found: 'Grafana' });
  expect(plainest(readReason({ is: 'not', met: true, of: [missed] })!).is).toBe('not');
  expect(evidenceOf(readReason({ is: 'all', met: true, of: [port, page] })!)).toEqual(['e1', 'e2']);
});

test('a guess is told from what is known', () => {
  const tree = (...of: object[]) => readReason({ is: 'any', met: true, of })!;
  expect(byPortAlone(tree(port, { ...page, met: false }))).toBe(true);
  expect(byPortAlone(tree(port, page))).toBe(false);
  expect(byPortAlone(tree({ is: 'all', met: true, of: [port, { is: 'not', met: true, of: [missed] }] }))).toBe(true);
});

test('how near a miss is', () => {
  expect(tally(readReason({ is: 'all', met: false, of: [port, page, missed] })!)).toEqual({ met: 2, all: 3 });
  expect(tally(readReason({ is: 'any', met: false, of: [missed, { is: 'all', met: false, of: [port, missed] }] })!)).toEqual({ met: 1, all: 2 });
});
