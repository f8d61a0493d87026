// SPDX-License-Identifier: BSD-2-Clause
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { Validator, type Schema } from '@cfworker/json-schema';
import { expect, test } from 'vitest';

import type { Host, Service } from '../state/entities';
import type { HostView } from '../state/selectors';
import { hasIcon, iconShape } from '../topology/icons';
import { iconNames, logoNames } from '../topology/iconNames';
import { categories, describeHost, describeService, kinds } from './catalogue';
import { definitions, type Rule } from './details';

const folder = '../defs/services';
const files = readdirSync(folder).filter(name => !['schema.json', 'categories.json'].includes(name));

const schema = JSON.parse(readFileSync(`${folder}/schema.json`, 'utf8')) as Schema;
const validator = new Validator(schema, '2020-12', false);

// What is wrong, each with where; without the errors that only say that a part of it was wrong.
function faults(file: unknown): string[] {
  const { errors } = validator.validate(file);
  return errors.filter((each, i) => !errors.slice(i + 1).some(more => more.instanceLocation.length > each.instanceLocation.length)).map(each => `${each.instanceLocation} ${each.keyword}`);
}

const definition = (match: unknown) => ({ name: 'x', description: 'x', category: 'DNS', icon: 'x', is_generic: true, match });

// All rules in a rule, itself too.
const rulesIn = (rule: Rule): Rule[] => [rule, ...[rule.any, rule.all, rule.together, rule.not && [rule.not]].flatMap(each => each ?? []).flatMap(rulesIn)];

test('every definition fits the schema', () => {
  expect(files.length).toBeGreaterThan(280);
  for (const name of files) {
    expect(name).toMatch(/^[a-z0-9-]+\.json$/);
    expect(faults(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8'))), name).toEqual([]);
  }
});

test.each<[string, unknown]>([
  ['two kinds in one rule', { port: '1/tcp', speaks: 'http' }],
  ['no rule', {}],
  ['an unknown kind', { colour: 'red' }],
  ['a port that is none', { any: [{ port: '0/tcp' }] }],
  ['a fragment, which is never sent', { http: { path: '/#/login', body: 'xy' } }],
  ['a status that is none', { http: { path: '/x', status: '200..300' } }],
  ['a text of one letter', { http: { path: '/x', body: 'x' } }],
  ['nothing of a page', { http: { port: 70_000 } }],
  ['any of nothing', { any: [] }],
  ['half of a rule', { mdns: { type: '_hap._tcp' } }],
  ['deep within', { all: [{ any: [{ not: { tls: {} } }] }, { port: '1/tcp' }] }],
])('the schema refuses %s', (_, match) => {
  expect(faults(definition(match))).not.toEqual([]);
  expect(faults(definition({ port: '1/tcp' }))).toEqual([]);
});

test('rules mean what they say', () => {
  for (const each of definitions)
    for (const rule of each.match ? rulesIn(each.match) : []) {
      // A page of which nothing is asked would be any page; a negation alone would be everything.
      if (rule.http) expect(['title', 'header', 'body', 'favicon', 'status'].some(key => key in rule.http!), each.id).toBe(true);
      expect(rule.any?.some(part => part.not), each.id).not.toBe(true);
      expect(rule.service, each.id).toBeUndefined();
    }
});

test('names are unique, categories known, and no two claim the same port or type', () => {
  const once = (values: string[]) => expect(values.filter((value, i) => values.indexOf(value) !== i)).toEqual([]);
  once(definitions.map(each => each.name.toLowerCase()));
  once(definitions.map(each => each.id));
  for (const each of definitions) expect(categories.has(each.category), each.id).toBe(true);
  const single = (rule?: Rule) => (rule?.any ?? (rule ? [rule] : [])).map(each => each.port ?? (typeof each.mdns === 'string' ? each.mdns : '')).filter(Boolean);
  once(definitions.flatMap(each => single(each.match)));
  expect([...categories.keys()].filter(id => !definitions.some(each => each.category === id))).toEqual(['Custom']);
});

test('every icon that is named is there', () => {
  for (const each of definitions) {
    expect(hasIcon(each.logo ? `logo:${each.logo}` : each.icon!), each.id).toBe(true);
    if (each.logo) expect(existsSync(`node_modules/simple-icons/icons/${each.logo}.svg`)).toBe(true);
  }
  for (const name of [...iconNames, ...logoNames.map(slug => `logo:${slug}`), ...[...categories.values()].map(each => each.icon)]) {
    expect(iconShape(name).paths.length, name).toBeGreaterThan(0);
    expect(iconShape(name).paths.every(path => /^[Mm][\d\s.,\-a-zA-Z]+$/.test(path)), name).toBe(true);
  }
  expect(iconShape('router')).toBe(iconShape('router'));
  expect([iconShape('router').filled, iconShape('logo:grafana').filled, iconShape('no such icon').filled]).toEqual([false, true, false]);
});

// WCAG's contrast of two colours.
function contrast(a: string, b: string): number {
  const light = (color: string) => {
    const [r, g, b] = [1, 3, 5].map(at => parseInt(color.slice(at, at + 2), 16) / 255).map(c => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const [x, y] = [light(a), light(b)].sort((p, q) => q - p);
  return (x! + 0.05) / (y! + 0.05);
}

test('the colours of categories can be read', () => {
  for (const each of categories.values()) {
    expect(contrast(each.light, '#ffffff'), `${each.id} light`).toBeGreaterThan(4.5);
    expect(contrast(each.light, '#f1f5f6'), `${each.id} light`).toBeGreaterThan(4.5);
    expect(contrast(each.dark, '#1b2b2e'), `${each.id} dark`).toBeGreaterThan(4.5);
  }
});

const service = (set: Partial<Service>): Service =>
  ({ id: 's', host_id: 'h', ip: '10.0.0.1', port: null, proto: 'tcp', vlan: [], state: 'open', name: null, source: 'tcp', confidence: 'measured', clients: 1, first_seen: 1, last_seen: 2, service_definition: null, name_source: null, tags: [], virtualization: null, origin: 'discovery', revision: 1, definition: null, ...set });

test.each<[string, Partial<Service>, string, string, string]>([
  ['a port is a guess', { port: 22 }, 'SSH', 'NetworkCore', 'port'],
  ['also of a maker', { port: 32400 }, 'Plex Media Server', 'Media', 'port'],
  ['udp is not tcp', { port: 53, proto: 'udp' }, 'DNS', 'DNS', 'port'],
  ['a port that nobody claims', { port: 34567 }, '34567/tcp', 'OpenPorts', 'port'],
  ['its pages tell it, at any port', { port: 2222, definition: 'grafana', name: 'http', source: 'probe' }, 'Grafana', 'Monitoring', 'announced'],
  ['its pages tell more than its port', { port: 22, definition: 'grafana' }, 'Grafana', 'Monitoring', 'announced'],
  ['a person knows better', { definition: 'grafana', service_definition: 'plex' }, 'Plex Media Server', 'Media', 'named'],
  ['a probe has spoken it, wherever it is', { port: 2022, name: 'ssh', source: 'probe' }, 'SSH', 'NetworkCore', 'announced'],
  ['what is announced counts more than the port', { port: 80, name: 'Hall printer._ipp._tcp.local' }, 'IPP', 'Printer', 'announced'],
  ['a type nobody knows is called by its name', { port: 4711, name: 'Thing._frobnicate._tcp.local' }, 'frobnicate', 'Unknown', 'announced'],
  ['a type nobody knows, with the port of something', { port: 80, name: 'Thing._frobnicate._tcp.local' }, 'frobnicate', 'Web', 'announced'],
  ['a definition by its id', { port: 3000, service_definition: 'grafana' }, 'Grafana', 'Monitoring', 'named'],
  ['a definition by its name', { port: 3000, service_definition: 'Home Assistant' }, 'Home Assistant', 'HomeAutomation', 'named'],
  ['with a name that a person gave', { service_definition: 'grafana', name: 'Graphs', name_source: 'manual' }, 'Graphs', 'Monitoring', 'named'],
  ['a definition of the person’s own', { service_definition: 'Till' }, 'Till', 'Custom', 'named'],
  ['a name that a person gave is a definition’s', { name: 'Nextcloud', name_source: 'manual', port: null, proto: null }, 'Nextcloud', 'Office', 'named'],
  ['a name that a person gave, and no more', { name: 'The till', name_source: 'manual', port: null, proto: null }, 'The till', 'Unknown', 'named'],
  ['nothing at all', { proto: null }, 'Unknown service', 'Unknown', 'port'],
])('%s', (_, set, title, category, how) => {
  const row = service(set);
  const described = describeService(row);
  expect([described.title, described.category, described.how]).toEqual([title, category, how]);
  expect(describeService(row)).toBe(described);
});

const hostView = (set: Partial<Omit<HostView, 'host'>> & { host?: Partial<Host> } = {}): HostView =>
  ({ id: 'h', title: '', named: false, addresses: [], macs: [], vlans: [], vendor: null, randomMac: false, services: [], sent: 0, received: 0, packets: 0, remote: false, router: false, addressKey: '', text: '', ...set, host: { name: null, virtualization: null, ...set.host } }) as unknown as HostView;

test.each<[string, Parameters<typeof hostView>[0], string, string]>([
  ['nothing is known', {}, 'device-desktop', 'Unknown'],
  ['packets go through it', { router: true, vendor: 'Synology Incorporated' }, 'router', 'NetworkCore'],
  ['it announces a printer', { services: [service({ name: 'Hall._ipp._tcp.local', confidence: 'announced', port: 631 })] }, 'printer', 'Printer'],
  ['a print server’s port is no printer', { services: [service({ port: 631 })] }, 'device-desktop', 'Printer'],
  ['its maker makes nothing else', { vendor: 'Hangzhou Hikvision Digital Technology Co.,Ltd.' }, 'device-cctv', 'IoT'],
  ['its maker makes many things', { vendor: 'Apple, Inc.' }, 'device-desktop', 'Unknown'],
  ['it calls itself a phone', { host: { name: 'Annas-iPhone' }, randomMac: true }, 'device-mobile', 'Mobile'],
  ['a person noted that it is virtual', { host: { virtualization: { type: 'Proxmox' } }, router: true }, 'box-multiple', 'Virtualization'],
  ['it answers on databases’ ports', { services: [service({ port: 22 }), service({ port: 80 }), service({ port: 5432 })] }, 'server', 'Database'],
  ['closed ports tell nothing', { services: [service({ port: 5432, state: 'closed' })] }, 'device-desktop', 'Unknown'],
  ['a board for everything', { vendor: 'Raspberry Pi Trading Ltd', services: [service({ port: 53 })] }, 'logo:raspberrypi', 'DNS'],
  ['far away', { remote: true, services: [service({ port: 443 })] }, 'cloud', 'Web'],
])('a host of which %s', (_, set, icon, category) => {
  expect(describeHost(hostView(set))).toEqual({ icon, category });
});

test('50,000 services take under 100 ms', () => {
  const ports = kinds.map((_, i) => i * 7 + 1);
  const rows = Array.from({ length: 50_000 }, (_, i) => service({ id: String(i), port: ports[i % ports.length]!, name: i % 7 ? null : `Hall ${i}._ipp._tcp.local` }));
  const from = performance.now();
  for (const row of rows) describeService(row);
  const first = performance.now() - from;
  console.log(`50,000 services described in ${first.toFixed(1)} ms`);
  expect(first).toBeLessThan(500);
});
