// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import { definitions } from '../../services/details';
import { ruleText } from './rule';

test('rules in words', () => {
  expect(ruleText({ port: '53/udp' })).toBe('port 53/udp');
  expect(ruleText({ any: [{ port: '5432/tcp' }, { port: '5433/tcp' }, { mdns: '_postgresql._tcp' }] })).toBe('port 5432/tcp, port 5433/tcp or its announcement _postgresql._tcp');
  expect(ruleText({ all: [{ port: '80/tcp' }, { any: [{ port: '1/tcp' }, { port: '2/tcp' }] }] })).toBe('port 80/tcp and either port 1/tcp or port 2/tcp');
  expect(ruleText({ http: { port: 80, path: '/admin/', body: 'pi-hole' } })).toBe('the web page /admin/ on port 80 with “pi-hole” in it');
  expect(ruleText({ http: { port: 32400, path: '/', header: 'x-plex-protocol: 1.0', status: '401' } })).toBe('the web page / on port 32400 with the header “x-plex-protocol: 1.0” and status 401');
});

test('what no rule tells is a choice of people; every definition has words', () => {
  expect(ruleText(undefined)).toContain('a person');
  expect(ruleText({})).toContain('a person');
  for (const definition of definitions) expect(ruleText(definition.match), definition.id).toBeTruthy();
});
