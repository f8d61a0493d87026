// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import type { Consolidation } from '../api';
import { Tables } from '../state/tables';
import { alertsOf, urgent, type Known } from './alerts';

const NOW = 1_800_000_000;
const DAY = 86_400;

type Rows = Partial<Record<'sensor' | 'host' | 'interface' | 'service' | 'discovery' | 'session', Record<string, unknown>[]>>;

function known(rows: Rows, more: Partial<Known> = {}): Known {
  const tables = new Tables();
  for (const [entity, list] of Object.entries(rows)) for (const row of list) tables.put(entity as 'host', row as { id: string });
  return { tables, now: NOW, conflicts: [], proposals: [], ...more };
}

const sensor = (set: Record<string, unknown> = {}) => ({ id: 's', name: 'office', connected: true, last_seen: NOW, losses: null, counters: {}, ...set });
const host = (id: string, set: Record<string, unknown> = {}) => ({ id, name: id, vendor: null, hidden: false, origin: 'discovery', first_seen: NOW - 30 * DAY, present_since: NOW - 20 * DAY, last_seen: NOW - 10, ...set });
const face = (host_id: string, set: Record<string, unknown> = {}) => ({ id: `f-${host_id}`, host_id, mac: `02:00:00:00:00:0${host_id.length}`, ip: '10.0.0.1', vlan: [], via: null, vendor: 'ACME', random_mac: false, ...set });
const found = (rows: Rows, more?: Partial<Known>) => alertsOf(known(rows, more)).map(alert => `${alert.severity} ${alert.title}`);

test('nothing to say of a network that is well', () => {
  expect(found({ sensor: [sensor()], host: [host('a')], interface: [face('a')], service: [{ id: 'v', host_id: 'a', ip: '10.0.0.1', port: 22, proto: 'tcp', state: 'open', clients: 3, name: null, last_seen: NOW }] })).toEqual([]);
});

test('a sensor that is away, one that never came, and one that hears nothing', () => {
  expect(found({ sensor: [sensor({ connected: false, last_seen: NOW - 60 })] })).toEqual(['bad office is not connected']);
  expect(found({ sensor: [sensor({ connected: false, last_seen: null })] })).toEqual(['note office has never connected']);
  expect(found({ sensor: [sensor()], host: [host('a', { last_seen: NOW - 3600 })], interface: [face('a')] })).toEqual(['bad office hears nothing']);
  expect(found({ sensor: [sensor()] })).toEqual([]);
});

test('losses are put together for each sensor', () => {
  const [alert] = alertsOf(known({ sensor: [sensor({ losses: { outbox_full: 3, texts_cut: 0 }, counters: { ring_full_frame: 4, hosts: 9 } })] }));
  expect(alert).toMatchObject({ severity: 'warn', title: 'office has lost something: 7 in all' });
  expect(alertsOf(known({ sensor: [sensor({ counters: { over_budget_dns: 9 } })] })).map(each => each.severity)).toEqual(['note']);
  expect(alert!.lines.map(line => line.text)).toEqual(['Frames not read: 4', 'Facts dropped from the outbox: 3']);
});

test('who was there without a break and is gone; not a laptop, a far host, or all of them while nobody looks', () => {
  const there = [host('a'), host('bb', { last_seen: NOW - 2 * 3600 })];
  const faces = [face('a'), face('bb')];
  expect(found({ sensor: [sensor()], host: there, interface: faces })).toEqual(['warn bb is gone']);
  const laptop = host('bb', { present_since: NOW - 4 * 3600, last_seen: NOW - 2 * 3600 });
  expect(found({ sensor: [sensor()], host: [there[0]!, laptop], interface: faces })).toEqual([]);
  expect(found({ sensor: [sensor()], host: there, interface: [faces[0]!, face('bb', { mac: null, via: '02:00:00:00:00:01' })] })).toEqual([]);
  expect(found({ sensor: [sensor()], host: [host('a', { last_seen: NOW - 8 * DAY }), host('bb')], interface: faces })).toEqual([]);
  const away = there.map(each => ({ ...each, last_seen: NOW - 2 * 3600 }));
  expect(found({ sensor: [sensor({ connected: false, last_seen: NOW - 7200 })], host: away, interface: faces })).toEqual(['bad office is not connected']);
});

test('a router that is gone is worse', () => {
  const rows = { sensor: [sensor()], host: [host('a'), host('gw', { last_seen: NOW - 7200 }), host('x'), host('y')], interface: [face('a'), face('gw', { mac: '02:00:00:00:00:99' }), ...['x', 'y'].map(id => face(id, { mac: null, via: '02:00:00:00:00:99' }))] };
  expect(found(rows)).toEqual(['bad gw is gone']);
});

test('many that are gone are put together behind the first', () => {
  const many = Array.from({ length: 9 }, (_, i) => host(`g${i}`, { last_seen: NOW - 7200 }));
  const list = found({ sensor: [sensor()], host: [host('a'), ...many], interface: [face('a'), ...many.map(each => face(each.id))] });
  expect(list).toHaveLength(6);
  expect(list).toContain('warn 4 more devices are gone');
  expect(found({ sensor: [sensor()], host: [host('a'), ...many.slice(0, 6)], interface: [face('a'), ...many.map(each => face(each.id))] })).toHaveLength(6);
});

test('new devices of the last day, but not those of the first hour', () => {
  const young = { first_seen: NOW - 3000 };
  expect(found({ sensor: [sensor()], host: [host('a'), host('bb', young)], interface: [face('a'), face('bb')] })).toEqual(['note A new device: bb, ACME']);
  expect(found({ sensor: [sensor()], host: [host('a', young), host('bb', { first_seen: NOW - 10 })], interface: [face('a'), face('bb')] })).toEqual([]);
  expect(found({ sensor: [sensor()], host: [host('a'), host('bb', young)], interface: [face('a'), face('bb', { random_mac: true })] })).toEqual([]);
});

test('a service that served and is closed, unless its host is gone', () => {
  const service = { id: 'v', host_id: 'a', ip: '10.0.0.1', port: 445, proto: 'tcp', state: 'closed', clients: 3, name: null, source: 'tcp', last_seen: NOW - 60 };
  const rows = { sensor: [sensor()], host: [host('a'), host('bb')], interface: [face('a'), face('bb')], service: [service] };
  expect(found(rows)).toEqual(['warn smb (445/tcp) on a does not answer']);
  expect(found({ ...rows, service: [{ ...service, clients: 0 }] })).toEqual([]);
  expect(found({ ...rows, host: [host('a', { last_seen: NOW - 7200 }), host('bb')] })).toEqual(['warn a is gone']);
});

test('discoveries that were switched off, and those that failed last time', () => {
  const discovery = (set: Record<string, unknown>) => ({ id: 'd', name: 'Nightly', failures: 0, disabled_reason: null, ...set });
  expect(found({ sensor: [sensor()], discovery: [discovery({ failures: 5, disabled_reason: 'five failures in a row' })] })).toEqual(['bad “Nightly” was switched off']);
  expect(found({ sensor: [sensor()], discovery: [discovery({ failures: 2 })] })).toEqual(['warn “Nightly” failed 2 times in a row']);
  const run = (id: string, created_at: number, phase: string) => ({ id, discovery_id: 'd', created_at, phase, error: 'no route', finished_at: created_at + 5, updated_at: created_at + 5 });
  expect(found({ sensor: [sensor()], discovery: [discovery({})], session: [run('1', 10, 'Failed'), run('2', 20, 'Complete')] })).toEqual([]);
  expect(found({ sensor: [sensor()], discovery: [discovery({})], session: [run('1', 10, 'Complete'), run('2', 20, 'Failed')] })).toEqual(['warn “Nightly” failed last time']);
});

test('the worst first, then the latest', () => {
  const conflict = { id: 'c', kind: 'conflict', ip: '10.0.0.9', mac: null, claims: ['02:00:00:00:00:01', '02:00:00:00:00:02'], hosts: [{ id: 'a', name: null }, { id: 'not here', name: 'x' }], first_seen: NOW - 100, last_seen: NOW, count: 4 };
  const proposal = { id: 'p', host_id: 'a', host_name: 'a', other_host_id: 'b', other_name: null, state: 'proposed', created_at: NOW - 5 } as Consolidation;
  const all = alertsOf(known({ sensor: [sensor({ connected: false, last_seen: NOW - 60 })], host: [host('a')], interface: [face('a')] }, { conflicts: [conflict], proposals: [proposal, { ...proposal, id: 'q', state: 'done' }] }));
  expect(all.map(alert => `${alert.severity} ${alert.title}`)).toEqual(['bad office is not connected', 'bad 10.0.0.9 is claimed by 02:00:00:00:00:01 and 02:00:00:00:00:02', 'warn Two hosts may be one device']);
  expect(urgent(all)).toHaveLength(3);
});
