// SPDX-License-Identifier: BSD-2-Clause
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';

import type { Host, Service } from '../state/entities';
import type { HostView } from '../state/selectors';
import { hasIcon, iconShape } from '../topology/icons';
import { iconNames, logoNames } from '../topology/iconNames';
import { categories, describeHost, describeService, kinds } from './catalogue';
import { definitions, type Rule } from './details';

const folder = '../defs/services';
const files = readdirSync(folder).filter(name => !['schema.json', 'categories.json'].includes(name));

type Field = { minLength?: number; maxLength?: number; minimum?: number; maximum?: number; pattern?: string; type?: string };
type Form = { properties: Record<string, Field>; required: string[] };
type Schema = Form & { $defs: { http: Form; rule: { oneOf: { properties: Record<string, { pattern?: string }> }[] } } };
const schema = JSON.parse(readFileSync(`${folder}/schema.json`, 'utf8')) as Schema;

// The parts of JSON Schema that schema.json uses, and no more.
function faults(file: Record<string, unknown>): string[] {
  const found: string[] = [];
  for (const key of schema.required) if (!(key in file)) found.push(`no ${key}`);
  for (const [key, value] of Object.entries(file)) {
    const rule = schema.properties[key];
    if (!rule) found.push(`unknown ${key}`);
    else if (rule.type && typeof value !== rule.type) found.push(`${key} is no ${rule.type}`);
    else if (typeof value === 'string' && (!value || value.length > (rule.maxLength ?? 99))) found.push(`length of ${key}`);
    else if (typeof value === 'string' && rule.pattern && !new RegExp(rule.pattern).test(value)) found.push(`form of ${key}`);
  }
  if (('logo' in file) === ('icon' in file)) found.push('a logo or an icon');
  return 'match' in file ? [...found, ...ruleFaults(file.match as Rule)] : found;
}

function ruleFaults(rule: Rule): string[] {
  const [[key, value], ...more] = Object.entries(rule) as [[string, unknown], ...unknown[]];
  const form = schema.$defs.rule.oneOf.find(each => key in each.properties)?.properties[key];
  if (!form || more.length) return [`a rule of ${Object.keys(rule).join(', ')}`];
  if (Array.isArray(value)) return value.length ? (value as Rule[]).flatMap(ruleFaults) : [`${key} of nothing`];
  if (key === 'http') return pageFaults(value as Record<string, unknown>);
  return new RegExp(form.pattern!).test(value as string) ? [] : [`${key} ${String(value)}`];
}

function pageFaults(page: Record<string, unknown>): string[] {
  const { properties, required } = schema.$defs.http;
  const found = required.filter(key => !(key in page)).map(key => `a page without ${key}`);
  if (!['title', 'header', 'body', 'status'].some(key => key in page)) found.push('a page of which nothing is asked');
  for (const [key, value] of Object.entries(page)) {
    const field = properties[key];
    const fits = field && (field.type === 'integer'
      ? Number.isInteger(value) && (value as number) >= field.minimum! && (value as number) <= field.maximum!
      : typeof value === 'string' && value.length >= (field.minLength ?? 1) && value.length <= (field.maxLength ?? 99) && (!field.pattern || new RegExp(field.pattern).test(value)));
    if (!fits) found.push(`page ${key} ${String(value)}`);
  }
  return found;
}

test('every definition fits the schema', () => {
  expect(files.length).toBeGreaterThan(130);
  for (const name of files) {
    expect(name).toMatch(/^[a-z0-9-]+\.json$/);
    expect(faults(JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Record<string, unknown>), name).toEqual([]);
  }
  expect(faults({ name: 'x', description: 'x', category: 'DNS', icon: 'x', logo: 'x', is_generic: 1, match: { any: [{ port: '0/tcp' }] }, odd: 1 }))
    .toEqual(['is_generic is no boolean', 'unknown odd', 'a logo or an icon', 'port 0/tcp']);
  expect(ruleFaults({ http: { port: 80, path: '/#/login', body: 'x', status: '200..300' } })).toEqual(['page path /#/login', 'page body x', 'page status 200..300']);
  expect(ruleFaults({ http: { port: 70_000, path: '/' } })).toEqual(['a page of which nothing is asked', 'page port 70000']);
});

test('names are unique, categories known, and no two claim the same port or type', () => {
  const once = (values: string[]) => expect(values.filter((value, i) => values.indexOf(value) !== i)).toEqual([]);
  once(definitions.map(each => each.name.toLowerCase()));
  once(definitions.map(each => each.id));
  for (const each of definitions) expect(categories.has(each.category), each.id).toBe(true);
  const single = (rule?: Rule) => (rule?.any ?? (rule ? [rule] : [])).map(each => each.port ?? each.mdns ?? '').filter(Boolean);
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
