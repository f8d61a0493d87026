// SPDX-License-Identifier: BSD-2-Clause
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import type { Fact } from '@gen/facts';
import type { Evidence } from './api';
import { texts } from './texts';
import { glanceOf, groupOf, traitsOf, traitTitle, traitValue } from './traits';

const top = '..';
const defs = readFileSync(join(top, 'defs/facts.h'), 'utf8');
const page = readFileSync(join(top, 'docs/facts.md'), 'utf8');

// Names in the page that are no keys: of DNS, of the sensor's reports, of files.
const others = /^(version\.bind|facts\.md)$/;

test('each trait of docs/facts.md has words and a heading', () => {
  const keys = [...new Set([...page.matchAll(/`([a-z0-9]+\.[a-z][a-z0-9_]*)`/g)].map(match => match[1]!))].filter(key => !others.test(key) && !/\.(md|c|h|json)$/.test(key));
  expect(keys.length).toBeGreaterThan(80);
  expect(keys.filter(key => groupOf(key) === 'other'), 'missing in texts/traits.ts').toEqual([]);
});

test('and each that the sensor says', () => {
  const folders = ['sensor/decode', 'sensor/heard', 'sensor/ask', 'sensor/snmp', 'sensor/conflict'];
  const sources = folders.flatMap(folder => readdirSync(join(top, folder)).filter(name => name.endsWith('.c')).map(name => readFileSync(join(top, folder, name), 'utf8'))).join('\n');
  const keys = [...new Set([...sources.matchAll(/"([a-z0-9]+\.[a-z][a-z0-9_]*)"/g)].map(match => match[1]!))].filter(key => !/\.(c|h|arpa|sock|bind)$|^version\./.test(key));
  expect(keys.length).toBeGreaterThan(80);
  expect(keys.filter(key => groupOf(key) === 'other'), 'missing in texts/traits.ts').toEqual([]);
});

test('each source of facts has a name', () => {
  const sources = [...defs.matchAll(/X\([A-Z0-9]+, "([a-z0-9]+)"\)\s*\\?/g)].map(match => match[1]!);
  expect(sources).toContain('dropbox');
  const kinds = ['address', 'host', 'name', 'service', 'flow', 'trait', 'neighbor', 'link', 'route', 'conflict', 'loss', 'announced', 'measured', 'inferred'];
  expect(sources.filter(source => !kinds.includes(source) && !texts.source[source]), 'missing in texts.ts, source').toEqual([]);
});

const row = (id: string, key: string, value: string, more: Partial<Fact> = {}, sensor_id = 's'): Evidence =>
  ({ id, sensor_id, first_seen: 1, last_seen: 2, count: 1, fact: { fact: 'trait', first: 10, last: 20, count: 1, vlan: [], source: 'http', confidence: 'announced', key, value, ...more } }) as Evidence;

test('what several say is one trait, with who said it, where and when', () => {
  const parts = traitsOf([
    row('a', 'http.server', 'nginx', { port: 80, vlan: [10] }),
    row('b', 'http.server', 'nginx', { port: 80, vlan: [20], source: 'probe', confidence: 'measured', first: 5, last: 30 }, 't'),
    row('c', 'http.server', 'nginx', { port: 8080 }),
    row('d', 'snmp.model', 'X-9'),
    row('e', 'brand.new', '7'),
    { ...row('f', 'x', 'y'), fact: { ...row('f', 'x', 'y').fact, fact: 'name' } } as Evidence,
  ]);
  expect(parts.map(part => part.group)).toEqual(['identity', 'software', 'other']);
  expect(parts[1]!.traits).toHaveLength(2);
  expect(parts[1]!.traits[0]).toMatchObject({ title: 'Web server', port: 80, sources: ['http', 'probe'], confidence: 'announced', vlans: ['10', '20'], sensors: ['s', 't'], first: 5, last: 30, ids: ['a', 'b'] });
  expect(parts[2]!.traits[0]!.title).toBe('brand new');
  expect(glanceOf(parts, 5).map(trait => trait.value)).toEqual(['X-9', 'nginx']);
  expect(glanceOf(traitsOf([row('a', 'kasa.model', 'HS110')]), 5).map(trait => trait.value)).toEqual(['HS110']);
});

test('values in words say what the bytes say', () => {
  expect(traitValue('tcp.syn', '64:1460:mss*44:7:mss,sok,ts,nop,ws')).toBe('TTL 64, MSS 1460, window MSS × 44, scale 7; options mss sok ts nop ws');
  expect(traitValue('tcp.syn', '64:-:1024:-:')).toBe('TTL 64, no MSS, window 1024; options none');
  expect(traitValue('tcp.syn', 'odd')).toBe('odd');
  expect(traitValue('dhcp.params', '1,3,6,15,234')).toBe('subnet mask (1), router (3), DNS server (6), domain name (15), 234');
  expect(traitValue('igmp.group', '239.255.255.250')).toBe('239.255.255.250: SSDP');
  expect(traitValue('igmp.group', '239.1.2.3')).toBe('239.1.2.3');
  expect(traitValue('mac.random', 'true')).toContain('made it up');
  expect(traitValue('tls.not_after', 'never')).toBe('never');
  expect(traitValue('postgresql.tls', 'false')).toBe('no');
  expect(traitTitle('http.user_agent')).toBe('Browser or program');
});
