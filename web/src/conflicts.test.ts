// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import type { Conflict } from './api';
import { conflictKinds, conflictsOf, isOfLate, OF_LATE_S } from './conflicts';
import type { AlertRow } from './state/entities';
import { texts } from './texts';

const [one, two] = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
const row = (set: Partial<Conflict> = {}): Conflict => ({
  id: 'c', network_id: 'n', kind: 'conflict', what: 'address', ip: '10.0.0.1', mac: null, claims: [one, two], vlan: [10], source: 'arp', sensor_id: 's', first_seen: 100, last_seen: 200, count: 3, hosts: [],
  claimants: [{ claim: one, host_id: 'h', name: 'nas', vendor: 'ACME', holds: true, first_seen: 50, last_seen: 200 }, { claim: two, host_id: null, name: null, vendor: null, holds: false, first_seen: null, last_seen: null }], ...set,
});

test('what two sensors saw is one conflict', () => {
  const views = conflictsOf([row(), row({ id: 'd', sensor_id: 't', source: 'nd', first_seen: 90, last_seen: 300, count: 2 }), row({ id: 'e', ip: '10.0.0.2' })], []);
  expect(views).toHaveLength(2);
  expect(views[0]).toMatchObject({ title: `10.0.0.1 is used by ${one} and ${two}`, vlan: '10', sources: ['arp', 'nd'], sensors: ['s', 't'], count: 5, first: 90, last: 300 });
  expect([isOfLate(views[0]!, 310), isOfLate(views[0]!, 300 + OF_LATE_S)]).toEqual([true, false]);
});

test('each kind says what it means, what to do, and who came to it', () => {
  for (const what of conflictKinds) {
    const [view] = conflictsOf([row({ what })], []);
    expect([view!.means, ...view!.act].every(Boolean), what).toBe(true);
    expect(view!.act.length).toBeGreaterThan(1);
    expect(Boolean(view!.newcomer)).toBe(what !== 'address');
    expect(texts.conflicts.kinds[what]!.name).toBeTruthy();
  }
  expect(conflictsOf([row({ what: 'root', ip: null, mac: two })], [])[0]!.title).toBe(`The spanning tree has another root: ${two}`);
  expect(conflictsOf([row({ what: 'answer' })], [])[0]!.title).toBe(`10.0.0.1 was taken over by ${two}`);
  expect(conflictsOf([row({ what: 'of tomorrow', claimants: [], claims: [] })], [])[0]!.title).toBe('10.0.0.1 is used by several devices');
});

test('its alert is found by what it is about', () => {
  const alert = (detail: unknown, kind = 'impostor') => ({ id: 'a', kind, detail, state: 'open' }) as AlertRow;
  const found = (conflict: Conflict, detail: unknown, kind?: string) => conflictsOf([conflict], [alert(detail, kind)])[0]!.alert?.id ?? null;
  expect(found(row(), { address: '10.0.0.1' }, 'address_conflict')).toBe('a');
  expect(found(row({ what: 'router', mac: two }), { case: 'router', mac: two })).toBe('a');
  expect(found(row({ what: 'dhcp' }), { case: 'router', ip: '10.0.0.1' })).toBe(null);
  expect(found(row(), { address: '10.0.0.9' })).toBe(null);
});
