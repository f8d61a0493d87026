// SPDX-License-Identifier: BSD-2-Clause
// Figures, times, addresses of views, evidence, and what sensors say.
import type { Fact, FactCommon } from '@gen/facts';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { factText, knownNames } from './evidence';
import { agoText, bytesText, compactText, delayText, plural, spanText, timeText } from './format';
import { isLoss, lossText } from './losses';
import { readRoute, withParams } from './route';
import { readCapabilities, readCounters, readLosses, readPorts, readSilence } from './sensor';
import { startCommand } from './sensorCommand';
import { passwordRules } from './password';

test('bytes', () => {
  expect([0, 999, 1000, 999_499, 999_500, 12_345_678, 3.2e12, 9e18].map(bytesText)).toEqual(['0 B', '999 B', '1.00 kB', '999 kB', '1.00 MB', '12.3 MB', '3.20 TB', '9000 PB']);
});

test('counts', () => {
  expect([1, 9999, 12_345].map(compactText)).toEqual(['1', '9,999', '12.3K']);
  expect([plural(1, 'host'), plural(2, 'host'), plural(1234, 'entry', 'entries')]).toEqual(['1 host', '2 hosts', '1,234 entries']);
});

test('how long ago', () => {
  expect([-3, 4, 5, 59, 60, 3599, 3600, 86_399, 86_400, 86_400 * 3, 86_400 * 90].map(agoText)).toEqual(['now', 'now', '5 s ago', '59 s ago', '1 min ago', '59 min ago', '1 h ago', '23 h ago', '1 day ago', '3 days ago', '2 months ago']);
  expect([3, 61, 7200, 86_400].map(spanText)).toEqual(['3 s', '1 min', '2 h', '1 day']);
});

test('a time is shown in the zone of who looks', () => {
  const noon = Date.UTC(2026, 0, 15, 12) / 1000;
  expect(timeText(noon, 'UTC')).toContain('12:00:00');
  expect(timeText(noon, 'Asia/Tokyo')).toContain('09:00:00');
});

test('delays', () => {
  expect([120, 1500, 99_999, 250_000, 12e6].map(delayText)).toEqual(['120 µs', '1.5 ms', '100.0 ms', '250 ms', '12 s']);
});

test('the address bar tells the view', () => {
  expect(readRoute('/', '').view).toBe('topology');
  expect(readRoute('/hosts/', 'q=nas').params.get('q')).toBe('nas');
  expect(readRoute('/hosts/a%20b', '')).toMatchObject({ view: 'host', id: 'a b' });
  expect(readRoute('/hosts/%zz', '')).toMatchObject({ view: 'host', id: '%zz' });
  expect(readRoute('/flows', '').view).toBe('flows');
  expect([readRoute('/nowhere', '').view, readRoute('/hosts/a/b', '').view, readRoute('/sensors/x', '').view]).toEqual(['missing', 'missing', 'missing']);
});

test('parameters come and go in a steady order', () => {
  expect(withParams('/hosts', 'vlan=10', { q: 'a b' })).toBe('/hosts?q=a+b&vlan=10');
  expect(withParams('/hosts', 'q=x&sort=-name', { q: '' })).toBe('/hosts?sort=-name');
  expect(withParams('/hosts', 'q=x', { q: null })).toBe('/hosts');
});

const common: FactCommon = { first: 1, last: 2, count: 3, vlan: [], source: 'arp', confidence: 'announced' };

test('facts in words', () => {
  const facts: [Fact, string][] = [
    [{ fact: 'address', ip: '10.0.0.1', mac: '02:00:00:00:00:01', ...common }, '10.0.0.1 belongs to 02:00:00:00:00:01'],
    [{ fact: 'name', name: 'nas', kind: 'hostname', ip: '10.0.0.1', ...common }, '10.0.0.1 is called “nas” (host name)'],
    [{ fact: 'service', ip: '10.0.0.1', port: 443, proto: 'tcp', state: 'open', ...common }, '443/tcp (https) on 10.0.0.1 is open'],
    [{ fact: 'service', ip: '10.0.0.1', port: 2222, proto: 'tcp', state: 'open', name: 'http', ...common, source: 'probe', confidence: 'measured' }, '2222/tcp on 10.0.0.1 is open, it answers as http'],
    [{ fact: 'service', ip: '10.0.0.1', port: 631, proto: 'tcp', state: 'open', name: 'Hall._ipp._tcp.local', ...common, source: 'probe' }, '631/tcp (ipp) on 10.0.0.1 is open, announced as “Hall._ipp._tcp.local”'],
    [{ fact: 'trait', key: 'dhcp.vendor_class', value: 'x', ...common }, 'DHCP vendor class: x'],
    [{ fact: 'host', ip: '192.0.2.1', via: '02:00:00:00:00:fe', packets: 1, bytes: 1000, ...common }, '192.0.2.1 took part in 1 packets, 1.00 kB, through 02:00:00:00:00:fe'],
    [{ fact: 'neighbor', system_name: 'switch', port: 'ge-0/0/1', ...common }, 'It is switch, port ge-0/0/1'],
    [{ fact: 'conflict', ip: '10.0.0.1', claims: ['a', 'b'], ...common }, '10.0.0.1 is claimed by a and b'],
  ];
  for (const [fact, text] of facts) expect(factText(fact)).toBe(text);
});

test('each name once, with all who say so, the latest first', () => {
  const name = (text: string, source: Fact['source'], last: number): Fact => ({ fact: 'name', name: text, kind: 'hostname', ...common, source, last });
  expect(knownNames([name('nas', 'dhcp', 5), name('nas', 'mdns', 9), name('old', 'dns', 7)])).toEqual([
    { name: 'nas', kind: 'hostname', sources: ['dhcp', 'mdns'], last: 9 },
    { name: 'old', kind: 'hostname', sources: ['dns'], last: 7 },
  ]);
});

test('what a sensor says of itself may have any form', () => {
  expect([readPorts(null), readPorts('x'), readPorts([null, 5])]).toEqual([[], [], []]);
  expect(readPorts([{ name: 'eth0', vlan_tags_visible: true, addresses: ['10.0.0.1', 5] }])).toEqual([{ name: 'eth0', mac: '', addresses: ['10.0.0.1'], mode: '', tagsVisible: true, promiscuous: null, span: null }]);
  expect([...readCounters({ a: 1, b: 0, c: 'x' })]).toEqual([['a', 1], ['b', 0]]);
  expect([readCounters([1]).size, readCapabilities(null)]).toEqual([0, []]);
});

test('a sensor that is silent shows what its port has sent', () => {
  expect([readSilence(null, {}), readSilence({}, {}), readSilence({ silent: 'quite' }, {})]).toEqual([null, null, null]);
  expect(readSilence({ silent: 'no' }, { port_sent_packets: 7 })).toEqual({ kind: 'no', sent: null, sentBefore: 7, heldBack: null });
  expect(readSilence({ silent: 'port' }, { port_sent_since_start: 0, port_held_back: 3, port_sent_packets: 12 })).toEqual({ kind: 'port', sent: 0, sentBefore: 12, heldBack: 3 });
});

test('losses come from facts and from the status; those of zero are told apart', () => {
  expect(readLosses({ outbox_full: 2 }, { outbox_full: 1, texts_cut: 9, port_missed: 0, flows: 5 }, isLoss)).toEqual({ lost: [['texts_cut', 9], ['outbox_full', 2]], none: ['port_missed'] });
});

test('every loss that the table of counters or the sensor knows has words for people', () => {
  const named = readFileSync('../defs/counters.h', 'utf8').matchAll(/"([a-z_]+)", LOSS\)/g);
  const said = readdirSync('../sensor').filter(name => name.endsWith('.c')).flatMap(name => [...readFileSync(`../sensor/${name}`, 'utf8').matchAll(/observe_loss\([^";]*"([a-z_]+)"/g)]);
  const names = [...named, ...said].map(match => match[1]!);
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter(name => !isLoss(name))).toEqual([]);
});

test('the command for a new sensor fits where the page came from', () => {
  const from = (text: string) => startCommand(new URL(text));
  expect(from('http://localhost:60072')).toBe('netvisor-sensor --interface IF --server-target ws://localhost:60072 --api-key-file FILE');
  expect(from('https://netvisor.example')).toContain('--server-target wss://netvisor.example --api-key-file FILE');
  expect(from('http://192.0.2.1:60072')).toMatch(/--allow-plain$/);
  expect(from('https://192.0.2.1')).not.toContain('--allow-plain');
});

test('a loss not known yet keeps its name', () => {
  expect(lossText('strange_thing').title).toBe('strange thing');
  expect(lossText('outbox_full').mend).toContain('--outbox-limit-mb');
});

test("the collector's rules for a password", () => {
  const met = (password: string) => passwordRules(password).map(rule => rule.met);
  expect(met('')).toEqual([false, false, false, false, false]);
  expect(met('Correct-horse-1')).toEqual([true, true, true, true, true]);
  expect(met('aaaaaaaaaaaé')).toEqual([true, false, true, false, true]);
});
