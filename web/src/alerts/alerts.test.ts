// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import { alertKinds, type Consolidation } from '../api';
import type { AlertRow, Sensor } from '../state/entities';
import { texts } from '../texts';
import { alertsOf, isEvent, isOpen, urgent, type Known } from './alerts';

const NOW = 1_800_000_000;

let count = 0;
const row = (kind: string, detail: unknown = {}, set: Partial<AlertRow> = {}): AlertRow => ({
  id: `a${++count}`, rule_id: null, kind, severity: 'warn', state: 'open', host_id: null, service_id: null, sensor_id: null, title: 'as the collector says it', detail: detail as AlertRow['detail'], times: 1, opened_at: NOW - count,
  resolved_at: null, acknowledged_at: null, acknowledged_by: null, note: null, snoozed_until: null, ...set,
});
const made = (alerts: AlertRow[], more: Partial<Known> = {}) => alertsOf({ alerts, sensors: [], proposals: [], ...more });
const title = (kind: string, detail: unknown) => made([row(kind, detail)])[0]!.title;

test('each kind in words', () => {
  expect(title('new_device', { host: 'printer', vendor: 'ACME' })).toBe('A new device: printer, ACME');
  expect(title('new_device', { ip: '10.0.0.5' })).toBe('A new device: 10.0.0.5');
  expect(title('device_gone', { host: 'nas', there_s: 90_000 })).toBe('nas is gone');
  expect(title('address_conflict', { address: '10.0.0.9', claims: ['02:00:00:00:00:01', '02:00:00:00:00:02'] })).toBe('10.0.0.9 is claimed by 02:00:00:00:00:01 and 02:00:00:00:00:02');
  expect(title('impostor', { case: 'address', address: '10.0.0.1', gateway: true, claims: ['a', 'b'] })).toBe('Somebody pretends to be 10.0.0.1, the router: a and b');
  expect(title('impostor', { case: 'dhcp', host: 'box' })).toBe('box answers for DHCP beside another server');
  expect(title('impostor', { case: 'router', host: 'box' })).toBe('box announces itself as a router');
  expect(title('impostor', { case: 'answer', address: '10.0.0.1', mac: 'm', claims: ['r', 'm'], gateway: true })).toBe('m takes 10.0.0.1, the router’s address, over by answers that nobody asked for');
  expect(title('impostor', { case: 'root', mac: 'm', claims: ['r', 'm'], was: ['r'] })).toBe('m became the root of the spanning tree');
  expect(title('service_opened', { host: 'nas', service: 'smb', port: 445, proto: 'tcp' })).toBe('A new open service: smb (445/tcp) on nas');
  expect(title('service_gone', { host: 'nas', port: 445, proto: 'tcp', clients: 3 })).toBe('445/tcp on nas does not answer');
  expect(title('certificate_expiring', { host: 'nas', port: 443, day: '2026-12-28' })).toBe('The certificate of nas:443 runs out on 2026-12-28');
  expect(title('certificate_expiring', { host: 'nas', port: 443, day: '2026-01-28', over: true })).toBe('The certificate of nas:443 ran out on 2026-01-28');
  expect(title('sensor_loss', { sensor: 'office', lost: 7, counters: {} })).toBe('office has lost something: 7');
  expect(title('sensor_silent', { case: 'away', sensor: 'office' })).toBe('office is not connected');
  expect(title('sensor_silent', { case: 'deaf' })).toBe('The sensors hear nothing');
  expect(title('discovery_failed', { discovery: 'Nightly', failures: 2 })).toBe('“Nightly” failed 2 times in a row');
  expect(title('discovery_failed', { discovery: 'Nightly', off: 'five failures' })).toBe('“Nightly” was switched off');
  for (const kind of alertKinds) expect(texts.alerts.kinds[kind]).toBeTruthy();
});

test('a kind that is not known yet, and detail that is none, are told all the same', () => {
  expect(title('from_the_future', { x: 1 })).toBe('as the collector says it');
  for (const kind of alertKinds) for (const detail of [null, 7, [], { host: 5, claims: 'x', port: 'y', counters: [] }]) expect(typeof title(kind, detail)).toBe('string');
});

test('where one does something about it', () => {
  const to = (kind: string, detail: unknown, set: Partial<AlertRow>) => made([row(kind, detail, set)])[0]!.act.to;
  expect(to('device_gone', {}, { host_id: 'h' })).toBe('/hosts/h?tab=presence');
  expect(to('service_opened', {}, { host_id: 'h' })).toBe('/hosts/h');
  expect(to('discovery_failed', { discovery_id: 'd' }, {})).toBe('/schedules?edit=d');
  expect(to('sensor_silent', {}, { sensor_id: 's' })).toBe('/sensors');
  expect(to('address_conflict', {}, {})).toBe('/conflicts');
  expect(to('new_device', {}, {})).toBe('/hosts');
});

test('losses are told one by one, the largest first', () => {
  const [alert] = made([row('sensor_loss', { sensor: 'office', lost: 7, counters: { outbox_full: 3, ring_full_frame: 4 } })]);
  expect(alert!.lines.map(line => line.text)).toEqual(['Frames not read: 4 in all', 'Facts dropped from the outbox: 3 in all']);
});

test('the worst first, then the latest; what is over at the end; what is taken note of is not counted', () => {
  const rows = [row('new_device', { host: 'new' }, { severity: 'note' }), row('device_gone', { host: 'gone' }), row('impostor', { address: 'x' }, { severity: 'bad', state: 'acknowledged', acknowledged_at: NOW }), row('sensor_silent', { case: 'deaf' }, { severity: 'bad' }),
    row('device_gone', { host: 'back' }, { state: 'resolved', resolved_at: NOW }), row('device_gone', { host: 'long back' }, { state: 'resolved', resolved_at: NOW - 60 })];
  const proposal = { id: 'p', host_id: 'a', host_name: 'a', other_host_id: 'b', other_name: null, state: 'proposed', created_at: NOW - 9000 } as Consolidation;
  const all = made(rows, { proposals: [proposal, { ...proposal, id: 'q', state: 'done' }], sensors: [{ id: 's', name: 'attic', connected: false, last_seen: null } as Sensor, { id: 't', name: 'office', connected: false, last_seen: NOW } as Sensor] });
  expect(all.map(alert => alert.title)).toEqual(['Somebody pretends to be x', 'The sensors hear nothing', 'gone is gone', 'Two hosts may be one device', 'A new device: new', 'attic has never connected', 'back is gone', 'long back is gone']);
  expect(urgent(all).map(alert => alert.title)).toEqual(['The sensors hear nothing', 'gone is gone', 'Two hosts may be one device']);
  expect(all.filter(isOpen)).toHaveLength(5);
  expect(all.filter(isEvent).map(alert => alert.check)).toEqual(['new_device']);
});
