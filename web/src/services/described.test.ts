// SPDX-License-Identifier: BSD-2-Clause
// What services and hosts are called: by people, by what the collector concluded, and what is not concluded says no more than it shows.
import { afterEach, expect, test } from 'vitest';

import type { Host, Service } from '../state/entities';
import type { HostView } from '../state/selectors';
import { allKinds, claimText, describeHost, describeService, deviceKinds, isVirtual, kindNamed, kindOfPort, kinds, learnKinds, makerOf, readDevice, systemText } from './catalogue';
import { hasIcon } from '../topology/icons';

const service = (set: Partial<Service>): Service =>
  ({ id: 's', host_id: 'h', ip: '10.0.0.1', port: null, proto: 'tcp', vlan: [], state: 'open', name: null, source: 'tcp', confidence: 'measured', clients: 1, first_seen: 1, last_seen: 2, service_definition: null, name_source: null, tags: [], virtualization: null, origin: 'discovery', revision: 1, definition: null, certainty: null, ...set });

test.each<[string, Partial<Service>, string, string, string]>([
  ['a port’s registered protocol is a guess', { port: 22 }, 'SSH', 'NetworkCore', 'port'],
  ['udp is not tcp', { port: 53, proto: 'udp' }, 'DNS', 'DNS', 'port'],
  ['a port alone tells no brand', { port: 32400 }, '32400/tcp', 'OpenPorts', 'port'],
  ['a guess is called one', { port: 22, definition: 'ssh', certainty: 'low' }, 'SSH', 'NetworkCore', 'port'],
  ['also of a maker', { port: 32400, definition: 'plex', certainty: 'low' }, 'Plex Media Server', 'Media', 'port'],
  ['what is concluded, at any port', { port: 2222, definition: 'grafana', certainty: 'high', name: 'http', source: 'probe' }, 'Grafana', 'Monitoring', 'announced'],
  ['likely is no guess', { port: 80, definition: 'grafana', certainty: 'medium' }, 'Grafana', 'Monitoring', 'announced'],
  ['a port that nobody claims', { port: 34567, definition: 'unclaimed-open-ports', certainty: 'low' }, '34567/tcp', 'OpenPorts', 'port'],
  ['a person knows better', { definition: 'grafana', certainty: 'certain', service_definition: 'plex' }, 'Plex Media Server', 'Media', 'named'],
  ['a person’s name for what is guessed', { definition: 'grafana', certainty: 'low', name: 'Graphs', name_source: 'manual' }, 'Graphs', 'Monitoring', 'named'],
  ['a definition that this page does not know', { definition: 'our-till', certainty: 'high' }, 'our-till', 'Custom', 'announced'],
  ['a type nobody knows is called by its name', { port: 4711, name: 'Thing._frobnicate._tcp.local' }, 'frobnicate', 'Unknown', 'announced'],
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

afterEach(() => void learnKinds([]));

test('people’s own definitions stand over those that came along', () => {
  const row = service({ definition: 'our-till', certainty: 'high' });
  const shadowed = service({ definition: 'grafana', certainty: 'high' });
  expect(describeService(row).category).toBe('Custom');
  const own = [{ id: 'our-till', name: 'Our till', category: 'Office', icon: 'box', generic: false }, { id: 'grafana', name: 'Graphs', category: 'Monitoring', icon: 'box', generic: false }];
  expect(learnKinds(own)).toEqual(['our-till', 'grafana']);
  expect(learnKinds(own)).toEqual([]);
  expect(describeService(row)).toMatchObject({ title: 'Our till', category: 'Office', how: 'announced' });
  expect(describeService(shadowed).title).toBe('Graphs');
  expect(allKinds()).toHaveLength(kinds.length + 1);
  expect(learnKinds(own.slice(1))).toEqual(['our-till']);
  expect(learnKinds([])).toEqual(['grafana']);
  expect(describeService(shadowed).title).toBe('Grafana');
  expect(kindNamed('our-till')).toBeUndefined();
});

test('conversations are called by the protocol that a port is registered for, never by a brand', () => {
  expect(kindOfPort(22, 'tcp')?.name).toBe('SSH');
  expect(kindOfPort(53, 'udp')?.generic).toBe(true);
  for (let port = 1; port < 65_536; port++) expect(kindOfPort(port, 'tcp')?.generic ?? true).toBe(true);
});

const hostView = (set: Partial<Omit<HostView, 'host'>> & { host?: Partial<Host> } = {}): HostView =>
  ({ id: 'h', title: '', named: false, addresses: [], macs: [], vlans: [], vendor: null, randomMac: false, services: [], sent: 0, received: 0, packets: 0, remote: false, router: false, addressKey: '', text: '', ...set, host: { name: null, virtualization: null, device: null, ...set.host } }) as unknown as HostView;
const device = (kind: string, certainty = 'high') => ({ kind: { value: kind, certainty, source: 'mdns' } });

test.each<[string, Parameters<typeof hostView>[0], string, string]>([
  ['nothing is known', {}, 'device-unknown', 'Unknown'],
  ['packets go through it', { router: true, vendor: 'Synology Incorporated' }, 'router', 'NetworkCore'],
  ['more is concluded than that packets go through it', { router: true, host: { device: device('firewall') } }, 'wall', 'NetworkSecurity'],
  ['it is a printer', { host: { device: device('printer') } }, 'printer', 'Printer'],
  ['it is a server, of databases', { host: { device: device('server') }, services: [service({ port: 5432, definition: 'postgresql', certainty: 'certain' })] }, 'server', 'Database'],
  ['a print server’s port is no printer', { services: [service({ port: 631, definition: 'ipp', certainty: 'low' })] }, 'device-unknown', 'Printer'],
  ['only the maker is known', { vendor: 'Apple, Inc.', host: { device: { vendor: { value: 'Apple', certainty: 'medium', source: 'arp' } } } }, 'device-unknown', 'Unknown'],
  ['a kind that this page does not know', { host: { device: device('toaster') } }, 'device-unknown', 'Unknown'],
  ['a person noted that it is virtual', { host: { virtualization: { type: 'Proxmox' } }, router: true }, 'box-multiple', 'Virtualization'],
  ['closed ports tell nothing', { services: [service({ port: 5432, definition: 'postgresql', certainty: 'low', state: 'closed' })] }, 'device-unknown', 'Unknown'],
  ['far away', { remote: true, services: [service({ port: 443, definition: 'https', certainty: 'certain' })] }, 'cloud', 'Web'],
])('a host of which %s', (_, set, icon, category) => {
  expect(describeHost(hostView(set))).toEqual({ icon, category });
});

test('a device is read with suspicion, and told in words', () => {
  const known = readDevice({ kind: { value: 'nas', certainty: 'high', source: 'mdns' }, vendor: { value: 'Synology', certainty: 'odd' }, model: { value: 7 }, os: { value: 'DSM', certainty: 'medium', source: 'http' }, os_version: { value: '7.2', certainty: 'medium', source: 'http' } });
  expect(known).toMatchObject({ kind: { value: 'nas', source: 'mdns' }, vendor: { certainty: 'low', source: '' }, model: null });
  expect([systemText(known), claimText('kind', known.kind!), claimText('vendor', known.vendor!)]).toEqual(['DSM 7.2', 'Network storage', 'Synology']);
  for (const odd of [null, 'x', 7, [], {}]) expect(systemText(readDevice(odd))).toBe('');
  expect(isVirtual(hostView({ host: { device: device('vm') } }))).toBe(true);
  expect(isVirtual(hostView({ vendor: 'VMware, Inc.' }))).toBe(false);
  expect([makerOf(hostView({ vendor: 'Card Corp', host: { device: { vendor: { value: 'Maker', certainty: 'high', source: 'cdp' } } } })), makerOf(hostView({ vendor: 'Card Corp' }))]).toEqual(['Maker', 'Card Corp']);
});

test('every kind of device has an icon, and a category of its own or of what it answers on', () => {
  expect(deviceKinds.size).toBeGreaterThan(20);
  for (const each of deviceKinds.values()) {
    expect(hasIcon(each.icon), each.id).toBe(true);
    if (!['server', 'clock'].includes(each.id)) expect(describeHost(hostView({ host: { device: device(each.id) } })).category, each.id).not.toBe('Unknown');
  }
});

test('50,000 services take little of the processor', () => {
  const rows = Array.from({ length: 50_000 }, (_, i) => service({ id: String(i), port: (i % 300) * 7 + 1, definition: i % 5 ? kinds[i % kinds.length]!.id : null, certainty: i % 2 ? 'high' : 'low', name: i % 7 ? null : `Hall ${i}._ipp._tcp.local` }));
  // The processor's time, not the clock's: others may be at work.
  const from = process.cpuUsage();
  for (const row of rows) describeService(row);
  const first = process.cpuUsage(from).user / 1000;
  console.log(`50,000 services described in ${first.toFixed(1)} ms`);
  expect(first).toBeLessThan(500);
});
