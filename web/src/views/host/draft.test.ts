// SPDX-License-Identifier: BSD-2-Clause
// A host's draft: only what was changed is said, new things are named by keys, and what discovery saw stays.
import { expect, test } from 'vitest';

import type { HostBody } from '../../api/things';

import { bodyOf, draftOf, moved, ownerOf, transfer, withoutFace, withoutPort, type Draft } from './draft';

const host: HostBody = {
  id: 'h', network_id: 'n', name: 'nas', name_source: 'dhcp', description: null, hidden: false, tags: [], virtualization: null, revision: 3, updated_at: 0,
  interfaces: [
    { id: 'i1', ip_address: '10.0.0.5', mac_address: '00:11:22:33:44:55', name: null, subnet_id: 's1', vlan: [20], vendor: 'Synology', origin: 'discovery' },
    { id: 'i2', ip_address: '10.0.0.6', mac_address: null, name: 'second', subnet_id: null, vlan: [], vendor: null, origin: 'manual' },
  ],
  ports: [
    { id: 'p22', number: 22, protocol: 'tcp', type: 'Ssh', origin: 'discovery' },
    { id: 'p80', number: 80, protocol: 'tcp', type: 'Http', origin: 'manual' },
  ],
  services: [
    { id: 'ssh', name: null, name_source: null, service_definition: null, bindings: [{ port_id: 'p22', interface_id: 'i1', origin: 'discovery' }], virtualization: null, tags: [], port: 22, proto: 'tcp', ip: '10.0.0.5', source: 'tcp', origin: 'discovery' },
    { id: 'web', name: 'Web', name_source: 'manual', service_definition: 'nginx', bindings: [{ port_id: 'p80', interface_id: 'i2', origin: 'manual' }], virtualization: null, tags: [], port: 80, proto: 'tcp', ip: '10.0.0.6', source: 'manual', origin: 'manual' },
  ],
};

const draft = draftOf(host);
const change = (set: Partial<Draft>) => bodyOf(draft, { ...draft, ...set });

test('a draft that nobody touched says nothing', () => expect(bodyOf(draft, draftOf(host))).toEqual({}));

test('only what was changed is said; an empty name is none', () => {
  expect(change({ name: '  ', description: ' In the attic ' })).toEqual({ name: null, description: 'In the attic' });
  expect(Object.keys(change({ hidden: true, tags: ['t'] }))).toEqual(['hidden', 'tags']);
});

test('a new interface and port are bound by their keys before they exist', () => {
  const face = { key: 'new 1', id: null, discovered: false, ip_address: ' 10.0.0.9 ', mac_address: '00-AA-bb-00-00-01', name: '', subnet_id: null, about: '' };
  const port = { key: 'new 2', id: null, discovered: false, number: '8443', protocol: 'tcp' };
  const service = { key: 'new 3', id: null, discovered: false, service_definition: 'unifi-controller', name: 'UniFi', bindings: [{ port: 'new 2', face: 'new 1', discovered: false }, { port: 'p80', face: null, discovered: false }], virtualization: null, seen: '' };
  const body = change({ interfaces: [...draft.interfaces, face], ports: [...draft.ports, port], services: [...draft.services, service] });
  expect(body.interfaces).toEqual([{ key: 'new 1', ip_address: '10.0.0.9', mac_address: '00:aa:bb:00:00:01', name: null, subnet_id: null, position: 2 }]);
  expect(body.ports).toEqual([{ key: 'new 2', number: 8443, protocol: 'tcp' }]);
  expect(body.services).toEqual([{ name: 'UniFi', service_definition: 'unifi-controller', virtualization: null, position: 2, bindings: [{ port_key: 'new 2', interface_key: 'new 1' }, { port_id: 'p80', interface_id: null }] }]);
});

test('what goes takes its bindings with it', () => {
  expect(change(withoutPort(draft, 'p80'))).toMatchObject({ ports: [{ id: 'p80', deleted: true }], services: [{ id: 'web', bindings: [] }] });
  const { services, interfaces } = withoutFace(draft, 'i2');
  expect(interfaces?.map(face => face.key)).toEqual(['i1']);
  expect(services?.[1]?.bindings).toEqual([{ port: 'p80', face: null, discovered: false }]);
});

test('a port goes from one service to another; where discovery saw it, it stays', () => {
  const to = transfer(draft, 'p80', 'ssh');
  expect(to.map(service => service.bindings.map(bound => bound.port))).toEqual([['p22', 'p80'], []]);
  expect(to[0]!.bindings[1]).toEqual({ port: 'p80', face: 'i2', discovered: false });
  const both = { ...draft, services: transfer(draft, 'p22', 'web') };
  expect(both.services.map(service => service.bindings.map(bound => bound.port))).toEqual([['p22'], ['p80', 'p22']]);
  expect(ownerOf(both, 'p22')).toMatchObject({ service: { key: 'web' }, discovered: false });
  expect(transfer(both, 'p22', null).map(service => service.bindings.length)).toEqual([1, 1]);
  expect(ownerOf(draft, 'p22')).toMatchObject({ service: { key: 'ssh' }, discovered: true });
  expect(ownerOf(draft, 'none')).toBe(null);
});

test('the order of interfaces and services is part of what is said', () => {
  const body = change({ interfaces: moved(draft.interfaces, 1, 0) });
  expect(body.interfaces?.map(face => face.id)).toEqual(['i2', 'i1']);
  expect(body.interfaces?.map(face => face.position)).toEqual([0, 1]);
});
