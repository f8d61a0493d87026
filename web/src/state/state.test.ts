// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import type { Change } from '../feed/messages';
import { addressKey, compareAddresses } from './address';
import type { Service } from './entities';
import { instanceName, matches, serviceLabel, Views } from './selectors';
import { createStore, NEWS_MS } from './store';
import { Tables } from './tables';

let seq = 0;
const insert = (entity: string, id: string, set: Record<string, unknown>): Change => ({ seq: ++seq, at: 0, entity, id, op: 'insert', set });
const update = (entity: string, id: string, set: Record<string, unknown>): Change => ({ seq: ++seq, at: 0, entity, id, op: 'update', set });
const remove = (entity: string, id: string): Change => ({ seq: ++seq, at: 0, entity, id, op: 'delete', set: null });

const host = (id: string, name: string | null = null) => insert('host', id, { name, name_source: name ? 'dhcp' : null, vendor: null, first_seen: 1, last_seen: 2 });
const face = (id: string, host_id: string, set: Record<string, unknown> = {}) =>
  insert('interface', id, { host_id, mac: null, ip: null, vlan: [], via: null, vendor: null, random_mac: false, packets: 1, bytes: 10, packets_in: 2, bytes_in: 20, first_seen: 1, last_seen: 2, ...set });
const service = (id: string, host_id: string, set: Record<string, unknown> = {}) =>
  insert('service', id, { host_id, ip: '10.0.0.1', port: 443, proto: 'tcp', vlan: [], state: 'open', name: null, source: 'tcp', confidence: 'measured', clients: 1, first_seen: 1, last_seen: 2, ...set });
const flow = (id: string, client: string | null, server: string | null, set: Record<string, unknown> = {}) =>
  insert('flow', id, { client_host_id: client, client: '10.0.0.2', server_host_id: server, server: '10.0.0.1', port: 443, proto: 'tcp', vlan: [], connections: 1, packets: 1, bytes: 1, packets_back: 1, bytes_back: 1, rtt_us: null, first_seen: 1, last_seen: 2, ...set });

function network(...changes: Change[]) {
  const tables = new Tables();
  for (const change of changes) tables.apply(change);
  return { tables, views: new Views(tables) };
}

test('a host is its faces, services and traffic', () => {
  const { views } = network(
    host('a', 'nas'),
    face('1', 'a', { mac: '02:00:00:00:00:01', ip: '10.0.0.10', vlan: [20] }),
    face('2', 'a', { mac: '02:00:00:00:00:01', ip: '10.0.0.9', vlan: [20], vendor: 'Maker' }),
    service('s', 'a'),
  );
  const view = views.host('a')!;
  expect(view.title).toBe('nas');
  expect(view.addresses).toEqual(['10.0.0.9', '10.0.0.10']);
  expect(view.macs).toEqual(['02:00:00:00:00:01']);
  expect(view.vlans).toEqual(['20']);
  expect(view.vendor).toBe('Maker');
  expect([view.sent, view.received, view.packets]).toEqual([20, 40, 6]);
  expect(view.services.map(serviceLabel)).toEqual(['https']);
  expect(view.remote).toBe(false);
});

test('a change makes only the rows again that it concerns', () => {
  const { tables, views } = network(host('a', 'x'), host('b', 'y'), face('1', 'a'), face('2', 'b'));
  const [a, b] = [views.host('a'), views.host('b')];
  tables.apply(update('interface', '1', { bytes: 99 }));
  expect(views.host('a')).not.toBe(a);
  expect(views.host('a')!.sent).toBe(99);
  expect(views.host('b')).toBe(b);
});

test('what was seen again moves the rows that are here, and only those', () => {
  const { tables, views } = network(host('a', 'x'), host('b'), face('1', 'a'), service('s', 'a'), flow('f', 'a', 'b'));
  const b = views.host('b');
  const born = tables.apply(
    update('seen', 'network', {
      host: [['a', 9], ['gone', 9]],
      interface: [['1', 9, 5, 50, 6, 60]],
      service: [['s', 8, 3]],
      flow: [['f', 7, 2, 3, 4, 5, 6, null]],
    }),
  );
  expect(born).toBe(false);
  expect([tables.host.get('a')!.last_seen, tables.host.get('a')!.name]).toEqual([9, 'x']);
  expect(tables.host.has('gone')).toBe(false);
  expect(views.host('a')!.sent).toBe(50);
  expect([tables.service.get('s')!.last_seen, tables.service.get('s')!.clients]).toEqual([8, 3]);
  expect(tables.flow.get('f')).toMatchObject({ last_seen: 7, connections: 2, packets: 3, bytes: 4, packets_back: 5, bytes_back: 6, rtt_us: null });
  expect(views.host('b')).toBe(b);
});

test('a face that moves to another host changes both', () => {
  const { tables, views } = network(host('a'), host('b'), face('1', 'a', { ip: '10.0.0.1' }));
  expect(views.host('a')!.addresses).toEqual(['10.0.0.1']);
  tables.apply(update('interface', '1', { host_id: 'b' }));
  expect(views.host('a')!.addresses).toEqual([]);
  expect(views.host('b')!.addresses).toEqual(['10.0.0.1']);
});

test('deleted rows leave tables, indexes and views', () => {
  const { tables, views } = network(host('a'), face('1', 'a', { ip: '10.0.0.1' }), service('s', 'a'), flow('f', null, 'a'));
  expect(views.allServices()).toHaveLength(1);
  expect(views.flowsOf('a')).toHaveLength(1);
  for (const [entity, id] of [['flow', 'f'], ['service', 's'], ['interface', '1'], ['host', 'a']] as const) tables.apply(remove(entity, id));
  expect(views.allHosts()).toEqual([]);
  expect(views.allServices()).toEqual([]);
  expect(views.allFlows()).toEqual([]);
  expect(views.flowsOf('a')).toEqual([]);
  expect([...tables.interfacesByHost.keys()]).toEqual([]);
});

test('an update of a row that is not here makes no half row', () => {
  const { tables, views } = network();
  expect(tables.apply(update('host', 'ghost', { name: 'x' }))).toBe(false);
  expect(views.allHosts()).toEqual([]);
});

test('entities not known yet are ignored', () => {
  expect(network().tables.apply(insert('comet', 'x', {}))).toBe(false);
});

test('who others are reached through is a router, as long as they are', () => {
  const { tables, views } = network(host('r'), face('1', 'r', { mac: '02:00:00:00:00:fe' }), host('far'));
  expect(views.host('r')!.router).toBe(false);
  tables.apply(face('2', 'far', { ip: '192.0.2.1', via: '02:00:00:00:00:fe' }));
  expect(views.host('far')!.remote).toBe(true);
  expect(views.host('r')!.router).toBe(false);
  tables.apply(face('3', 'far', { ip: '192.0.2.2', via: '02:00:00:00:00:fe' }));
  expect(views.host('r')!.router).toBe(true);
  tables.apply(remove('interface', '2'));
  expect(views.host('r')!.router).toBe(false);
});

test('a flow is called by its hosts and by the service that it goes to', () => {
  const { tables, views } = network(host('a', 'nas'), host('b'), face('2', 'b', { ip: '10.0.0.2' }), service('s', 'a', { name: 'Photos._http._tcp.local' }), flow('f', 'b', 'a'));
  const [view] = views.allFlows();
  expect([view!.clientTitle, view!.serverTitle, view!.label]).toEqual(['10.0.0.2', 'nas', 'http']);
  expect(views.allFlows()[0]).toBe(view);
  tables.apply(update('host', 'a', { name: 'storage' }));
  expect(views.allFlows()[0]!.serverTitle).toBe('storage');
});

test('search finds words in any order, whole ports, and parts of everything else', () => {
  const { views } = network(host('a', 'nas'), face('1', 'a', { mac: '00:11:32:aa:44:30', ip: '10.0.0.1', vendor: 'Synology' }), service('s', 'a', { port: 443 }));
  const { text } = views.host('a')!;
  for (const query of ['nas', 'SYNO nas', '10.0.0', '00:11:32', ':443', '443/tcp', 'https', '']) expect(matches(text, query), query).toBe(true);
  for (const query of [':44', '44/tcp', 'nas printer', '10.0.0.2']) expect(matches(text, query), query).toBe(false);
});

test('addresses sort by number, IPv4 first, link-local last', () => {
  const sorted = ['10.0.0.2', '10.0.0.10', '192.0.2.1', '2001:db8::2', '2001:db8::10', 'fe80::1'];
  expect([...sorted].reverse().sort(compareAddresses)).toEqual(sorted);
  expect(addressKey('::1')).toBe('60000:0000:0000:0000:0000:0000:0000:0001');
  expect(addressKey('::ffff:192.0.2.1')).toBe(addressKey('::ffff:c000:201'));
});

test('a host lives in the VLANs in which it speaks itself', () => {
  const { views } = network(host('a'), face('1', 'a', { mac: '02:00:00:00:00:01', vlan: [20] }), face('2', 'a', { ip: '10.0.0.1', via: '02:00:00:00:00:fe', vlan: [30] }), host('far'), face('3', 'far', { via: '02:00:00:00:00:fe', vlan: [30] }));
  expect(views.host('a')!.vlans).toEqual(['20']);
  expect(views.host('far')!.vlans).toEqual(['30']);
});

test('a service is what it announces itself as, else what its port is registered for', () => {
  const label = (set: Record<string, unknown>) => serviceLabel({ ...service('s', 'a', set).set, id: 's' } as unknown as Service);
  expect([label({ name: 'Hall._ipp._tcp.local', port: 631 }), label({ name: 'Some server', port: 80 }), label({ port: 22 }), label({ port: 32400 })]).toEqual(['ipp', 'Some server', 'ssh', 'tcp/32400']);
});

test('names of mDNS services as people wrote them', () => {
  expect(instanceName('Living\\032room\\.2._ipp._tcp.local')).toBe('Living room.2');
  expect(instanceName('plain')).toBe('plain');
});

// Frames that come when the test says so.
function bench() {
  let now = 1_000_000;
  let frames: (() => void)[] = [];
  let later: { at: number; run: () => void }[] = [];
  const store = createStore({ now: () => now, request: run => void frames.push(run), later: (ms, run) => void later.push({ at: now + ms, run }) }, () => {});
  let renders = 0;
  store.subscribe(() => renders++);
  return {
    store,
    renders: () => renders,
    frame(ms = 16) {
      now += ms;
      const due = later.filter(timer => timer.at <= now);
      later = later.filter(timer => timer.at > now);
      for (const timer of due) timer.run();
      const run = frames;
      frames = [];
      for (const each of run) each();
    },
    work: (ms: number) => (now += ms),
  };
}

test('a burst of changes costs one render', () => {
  const b = bench();
  b.store.ready('n', 0, true);
  b.frame();
  const before = b.renders();
  for (let i = 0; i < 500; i++) b.store.changes([host(`h${i}`)]);
  expect(b.renders()).toBe(before);
  b.frame();
  expect(b.renders()).toBe(before + 1);
  expect(b.store.views().allHosts()).toHaveLength(500);
});

test('when rendering has become expensive it happens less often', () => {
  const b = bench();
  b.store.subscribe(() => b.work(50));
  b.store.changes([host('a')]);
  b.frame();
  b.frame(0);
  const before = b.renders();
  b.store.changes([host('b')]);
  b.frame(16);
  b.frame(16);
  expect(b.renders()).toBe(before);
  b.frame(150);
  b.frame(16);
  expect(b.renders()).toBe(before + 1);
});

test('the old state stays until the new snapshot is complete', () => {
  const b = bench();
  b.store.begin('n');
  b.store.rows('host', [{ ...host('a', 'old').set, id: 'a' }]);
  expect(b.store.loaded()).toBe(false);
  b.store.ready('n', 1, true);
  b.frame();
  expect(b.store.views().allHosts().map(view => view.title)).toEqual(['old']);
  b.store.begin('n');
  b.store.rows('host', [{ ...host('b', 'new').set, id: 'b' }]);
  b.frame();
  expect(b.store.views().allHosts().map(view => view.title)).toEqual(['old']);
  b.store.ready('n', 9, true);
  expect(b.store.views().allHosts().map(view => view.title)).toEqual(['new']);
});

test('changes that waited when a snapshot begins are not applied to it', () => {
  const b = bench();
  b.store.ready('n', 0, true);
  b.store.changes([host('a')]);
  b.store.begin('n');
  b.store.ready('n', 9, true);
  b.frame();
  expect(b.store.views().allHosts()).toEqual([]);
});

test('a row is news for a while when it came as a change, not when it came with the snapshot', () => {
  const b = bench();
  b.store.begin('n');
  b.store.rows('host', [{ ...host('a').set, id: 'a' }]);
  b.store.ready('n', 1, true);
  b.store.changes([host('b')]);
  b.frame();
  expect(b.store.bornAt('a')).toBeUndefined();
  expect(b.store.bornAt('b')).toBeTypeOf('number');
  b.work(NEWS_MS + 1);
  b.store.changes([host('c')]);
  b.frame();
  expect(b.store.bornAt('b')).toBeUndefined();
});

test('the pulse counts changes by second', () => {
  const b = bench();
  b.store.changes([host('a'), host('b')]);
  b.work(2000);
  b.store.changes([host('c')]);
  expect(b.store.pulse().slice(-3)).toEqual([2, 0, 1]);
});

test('ten thousand hosts and their faces are ready in little time, and a change of one in much less', () => {
  const tables = new Tables();
  for (let i = 0; i < 10_000; i++) {
    tables.apply(host(`h${i}`));
    tables.apply(face(`i${i}`, `h${i}`, { ip: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}` }));
  }
  const views = new Views(tables);
  const start = performance.now();
  expect(views.allHosts()).toHaveLength(10_000);
  const whole = performance.now() - start;
  tables.apply(update('interface', 'i77', { bytes: 5 }));
  const again = performance.now();
  views.allHosts();
  const one = performance.now() - again;
  expect(whole).toBeLessThan(2000);
  expect(one).toBeLessThan(whole / 4);
});
