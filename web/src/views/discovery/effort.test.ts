// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import { draftOf, typeOf } from './draft';
import { effortOf, portsIn, portsOf } from './effort';

test('ports are counted, each once', () => {
  expect([portsIn('22'), portsIn('22,80, 8000-8080'), portsIn('1-100,50-150'), portsIn('1-65535')]).toEqual([1, 83, 150, 65_535]);
  expect(['0', '80-22', '65536', '22,', 'http', ''].map(portsIn)).toEqual([null, null, null, null, null, null]);
});

test('without ports they are those of known services, or all', () => {
  expect(portsOf({ ports: '', depth: 'full' })).toBe(65_535);
  expect(portsOf({ ports: 'all', depth: 'light' })).toBe(65_535);
  expect(portsOf({ ports: '22', depth: 'full' })).toBe(1);
  expect(portsOf({ ports: '', depth: 'light' })).toBeGreaterThan(60);
});

test('a host is asked at its own rate, many at that of all', () => {
  expect(effortOf({ ports: '1-1000', depth: 'light', rate: '1000', host_rate: '100' })).toEqual({ ports: 1000, one: 10, many: 50 });
  expect(effortOf({ ports: '1-1000', depth: 'light', rate: '50', host_rate: '100' })).toEqual({ ports: 1000, one: 20, many: 1000 });
  expect(effortOf({ ports: '1-1000', depth: 'light', rate: '1000000', host_rate: '100' })).toEqual({ ports: 1000, one: 10, many: 10 });
  expect(effortOf({ ports: 'x', depth: 'light', rate: '1000', host_rate: '100' })).toBeNull();
  expect(effortOf({ ports: '1', depth: 'light', rate: '', host_rate: '100' })).toBeNull();
});

test('what the form holds is what is sent, and comes back', () => {
  const draft = { ...draftOf(null, 's', true), kind: 'Network' as const, targets: '10.0.0.0/24\n10.0.1.7', excludes: '10.0.0.1', ports: '22, 80', snmp: 'some' as const, snmp_credential_ids: ['c'], engine: 'xdp' as const, host_rate: '7', skip_alive: true };
  const type = typeOf(draft);
  expect(type).toMatchObject({ type: 'Network', subnet_ids: null, targets: ['10.0.0.0/24', '10.0.1.7'], excludes: ['10.0.0.1'], ports: '22,80', engine: 'xdp', host_rate: 7, skip_alive: true, identify: true, snmp_credential_ids: ['c'] });
  const again = draftOf({ id: 'd', sensor_id: 's', name: 'n', discovery_type: type, run_type: { type: 'AdHoc' }, failures: 0, disabled_reason: null, revision: 1 }, '', false);
  expect(typeOf(again)).toEqual(type);
  expect(typeOf({ ...draft, snmp: 'none' })).toMatchObject({ snmp_credential_ids: [] });
  expect(typeOf({ ...draft, snmp: 'all' })).toMatchObject({ snmp_credential_ids: null });
});
