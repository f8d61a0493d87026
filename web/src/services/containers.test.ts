// SPDX-License-Identifier: BSD-2-Clause
// Containers as a report has them: read with suspicion, their ports as people write them, and what their images are of.
import { expect, test } from 'vitest';

import type { Service } from '../state/entities';
import { describeService, imageNames, portTexts, readContainer, runs } from './catalogue';

const web = {
  type: 'Podman', service_id: 'e', container_id: 'c1', container_name: 'shop-web-1', image: 'docker.io/library/nginx:1.25', image_version: '1.25.3', state: 'running', compose_project: 'shop', networks: ['shop_default', 7],
  ports: [{ port: 80, proto: 'tcp', host_port: 8080, host_ip: '0.0.0.0' }, { port: 80, proto: 'tcp', host_port: 8080, host_ip: '::' }, { port: 443, proto: 'tcp', host_port: 8443, host_ip: '192.0.2.1' }, { port: 53, proto: 'udp', host_port: 53, host_ip: '2001:db8::1' }, { port: 9000, proto: 'tcp' }, { port: 99999 }, 'odd'],
  labels: { owner: 'web-team', odd: 3 },
};

test('a container is read with what is known of it', () => {
  const container = readContainer(web)!;
  expect(container).toMatchObject({ key: 'e c1', name: 'shop-web-1', project: 'shop', version: '1.25.3', networks: ['shop_default'], labels: [['owner', 'web-team']] });
  expect(portTexts(container)).toEqual(['8080 → 80/tcp', '192.0.2.1:8443 → 443/tcp', '[2001:db8::1]:53 → 53/udp', '9000/tcp']);
  expect(runs(container)).toBe(true);
});

test.each<[string, unknown]>([['nothing', null], ['a text', 'Docker'], ['a list', [web]], ['a machine', { type: 'Proxmox', vm_name: 'x' }], ['no name', { type: 'Docker', container_name: 3 }]])('%s is none', (_, value) => {
  expect(readContainer(value)).toBeNull();
});

test.each([['exited', false], ['gone', false], ['restarting', true], [undefined, true]])('a container in state %s runs: %s', (state, expected) => {
  expect(runs(readContainer({ container_name: 'x', state })!)).toBe(expected);
});

test.each([
  ['nginx', 'nginx'],
  ['docker.io/library/postgres:16', 'postgresql'],
  ['registry.example:5000/team/redis@sha256:00', 'redis'],
  ['ghcr.io/linuxserver/sonarr:4.0.1', 'sonarr'],
  ['gitlab/gitlab-ce:latest', 'gitlab'],
  ['pihole/pihole', 'pi-hole'],
])('the image %s is of %s', (image, first) => {
  expect(imageNames(image)).toContain(first);
});

test('what is not understood of an image is nothing', () => {
  expect(imageNames('')).toEqual([]);
  expect(imageNames('sha256:0011')).toEqual(['sha256']);
});

const service = (set: Partial<Service>): Service =>
  ({ id: 's', host_id: 'h', ip: '10.0.0.1', port: 8080, proto: 'tcp', vlan: [], state: 'open', name: 'shop-web-1', source: 'docker', confidence: 'announced', clients: 0, first_seen: 1, last_seen: 2, service_definition: null, name_source: null, tags: [], virtualization: web, origin: 'discovery', revision: 1, definition: null, certainty: null, ...set });

test.each<[string, Partial<Service>, string, string]>([
  ['its image tells what it is', {}, 'nginx', 'announced'],
  ['also at a port of the wire', { source: 'tcp', name: null }, 'nginx', 'announced'],
  ['a person knows better', { service_definition: 'grafana' }, 'Grafana', 'named'],
  ['an image that nobody knows', { virtualization: { ...web, image: 'localhost/ours:1' } }, 'shop-web-1', 'announced'],
  ['an image that nobody knows, at a port', { source: 'tcp', name: null, port: 22, virtualization: { ...web, image: 'localhost/ours:1' } }, 'SSH', 'port'],
  ['its image tells more than a guess', { definition: 'jenkins', certainty: 'low' }, 'nginx', 'announced'],
  ['what it shows tells more than its image', { definition: 'grafana', certainty: 'high' }, 'Grafana', 'announced'],
])('a container: %s', (_, set, title, how) => {
  expect(describeService(service(set))).toMatchObject({ title, how });
});
