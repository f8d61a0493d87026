// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import { definitions } from '../../services/details';
import { ruleText } from './rule';

test('rules in words', () => {
  expect(ruleText({ port: '53/udp' })).toBe('port 53/udp');
  expect(ruleText({ any: [{ port: '5432/tcp' }, { port: '5433/tcp' }, { mdns: '_postgresql._tcp' }] })).toBe('port 5432/tcp, port 5433/tcp or its announcement _postgresql._tcp');
  expect(ruleText({ all: [{ port: '80/tcp' }, { any: [{ port: '1/tcp' }, { port: '2/tcp' }] }] })).toBe('port 80/tcp and either port 1/tcp or port 2/tcp');
  expect(ruleText({ http: { port: 80, path: '/admin/', body: 'pi-hole' } })).toBe('the web page /admin/ with “pi-hole” in it');
  expect(ruleText({ http: { port: 32400, path: '/', header: 'x-plex-protocol: 1.0', status: '401' } })).toBe('the web page / with the header “x-plex-protocol: 1.0” and status 401');
  expect(ruleText({ http: { title: 'Grafana' } })).toBe('a web page with “Grafana” in its title');
  expect(ruleText({ together: [{ speaks: 'ssh' }, { banner: 'dropbear' }, { not: { port: '22/tcp' } }] })).toBe('speaking ssh and the greeting “dropbear” and not port 22/tcp');
  expect(ruleText({ all: [{ vendor: 'eero' }, { gateway: false }, { snmp: { object_id: '1.3.6.1.4.1.9', description: 'ios' } }] }))
    .toBe('a network card by “eero” and not being a way to other networks and the SNMP object “1.3.6.1.4.1.9” and the SNMP description “ios”');
  expect(ruleText({ mdns: { type: '_hap._tcp', txt: 'ci=2' } })).toBe('its announcement _hap._tcp with “ci=2”');
});

test('what no rule tells is a choice of people; every definition has words', () => {
  expect(ruleText(undefined)).toContain('a person');
  expect(ruleText({})).toContain('a person');
  for (const definition of definitions) expect(ruleText(definition.match), definition.id).toBeTruthy();
});
