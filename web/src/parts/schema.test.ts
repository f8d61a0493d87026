// SPDX-License-Identifier: BSD-2-Clause
// Forms check as the API does: from its own description, in words, and addresses as the collector reads them.
import { expect, test } from 'vitest';

import type { Document, Schema } from '../openapi';
import { isCidr, isIn, isIp, isMac, roomOf } from '../state/addressForm';
import { texts } from '../texts';
import { problemOf, problemsOf } from './schema';

const words = texts.check;

const api = (schema: Schema): Document => ({ info: { title: '', version: '' }, paths: { '/api/things': { post: { requestBody: { content: { 'application/json': { schema } } } } } } });

test('a text: as long as it may be, in bytes as the collector counts them', () => {
  const name: Schema = { type: 'string', minLength: 1, maxLength: 5 };
  expect(problemOf(name, 'abcde')).toBe(null);
  expect(problemOf(name, 'abcdef')).toBe(words.long(5));
  expect(problemOf(name, 'äöü')).toBe(words.longBytes(5));
  expect(problemOf(name, '')).toBe(words.needed);
  expect(problemOf({ ...name, minLength: 3 }, 'ab')).toBe(words.short(3));
  expect(problemOf({ type: ['string', 'null'], minLength: 3 }, null)).toBe(null);
  expect(problemOf({ type: 'string', pattern: '^[a-z]+$' }, 'A')).toBe(words.form);
});

test('what is not there: needed or not', () => {
  expect(problemOf({ type: 'string' }, undefined, true)).toBe(words.needed);
  expect(problemOf({ type: 'string' }, undefined)).toBe(null);
  expect(problemOf({ type: 'integer' }, null)).toBe(words.needed);
  expect(problemOf({ type: ['integer', 'null'] }, null)).toBe(null);
});

test('numbers, choices, flags and lists', () => {
  const port: Schema = { type: 'integer', minimum: 0, maximum: 65535 };
  for (const right of [0, 22, 65535]) expect(problemOf(port, right)).toBe(null);
  for (const wrong of [-1, 65536, 2.5, NaN, '22']) expect(problemOf(port, wrong), String(wrong)).toBe(words.number(true, 0, 65535));
  expect(problemOf({ type: 'string', enum: ['tcp', 'udp'] }, 'sctp')).toBe(words.choice);
  expect(problemOf({ type: 'boolean' }, 'yes')).toBe(words.choice);
  expect(problemOf({ type: 'array', maxItems: 1 }, ['a', 'b'])).toBe(words.many(1));
  expect(problemOf({ type: ['object', 'null'] }, {})).toBe(null);
});

test('a body: each field by its rules, those that are needed, and only those that are meant', () => {
  const things = api({ type: 'object', required: ['cidr', 'name'], properties: { cidr: { type: 'string', format: 'cidr' }, name: { type: 'string', minLength: 1, maxLength: 100 }, tags: { type: 'array', items: {} } } });
  expect(problemsOf(things, 'post /api/things', { cidr: '10.0.0.0/99', tags: [] })).toEqual({ cidr: words.cidr, name: words.needed });
  expect(problemsOf(things, 'post /api/things', { cidr: '10.0.0.0/8' }, ['cidr'])).toEqual({});
  expect(problemsOf(things, 'put /api/nothing', { cidr: 'x' })).toEqual({});
});

test('addresses as the collector reads them', () => {
  for (const right of ['10.0.0.1', '0.0.0.0', '255.255.255.255', '::', '::1', 'fe80::1', '2001:db8::10.0.0.1', '1:2:3:4:5:6:7:8', '1::8', '::ffff:10.0.0.1']) expect(isIp(right), right).toBe(true);
  for (const wrong of ['', '10.0.0', '10.0.0.256', '10.0.0.01', '10.0.0.1 ', ':::', '1:2', '1:2:3:4:5:6:7:8:9', '1::2::3', 'g::', '::10.0.0', 'fe80::1%eth0']) expect(isIp(wrong), wrong).toBe(false);
  for (const right of ['10.0.0.0/8', '10.0.0.1', '2001:db8::/64', '::/0', '0.0.0.0/0']) expect(isCidr(right), right).toBe(true);
  for (const wrong of ['10.0.0.0/33', '::/129', '10.0.0.0/', '/8', '10.0.0.0/8/8', '10.0.0.0/x']) expect(isCidr(wrong), wrong).toBe(false);
  expect([isMac('00:1A:2b:3c:4d:5e'), isMac('00-1a-2b-3c-4d-5e'), isMac('00:1a:2b:3c:4d')]).toEqual([true, false, false]);
});

test('which range an address is in, and how many it has room for', () => {
  expect([isIn('10.0.20.7', '10.0.20.0/24'), isIn('10.0.21.7', '10.0.20.0/23'), isIn('10.0.22.7', '10.0.20.0/23'), isIn('2001:db8::5', '2001:db8::/64'), isIn('10.0.0.1', '::/0'), isIn('x', '10.0.0.0/8')]).toEqual([true, true, false, true, false, false]);
  expect(['10.0.0.0/24', '10.0.0.0/31', '10.0.0.1/32', '2001:db8::/64'].map(roomOf)).toEqual([254, 2, 1, null]);
});

test('what is inside of an object or a list', () => {
  const things = api({ type: 'object', properties: { run_type: { type: 'object', properties: { cron: { type: 'string', format: 'cron' }, timezone: { type: 'string', format: 'timezone' } } }, domains: { type: 'array', items: { type: 'string', pattern: '^[a-z.]+$' } }, email: { type: 'string', format: 'email' } } });
  expect(problemsOf(things, 'post /api/things', { run_type: { cron: '61 * * * *', timezone: 'Europe/Nowhere' }, domains: ['a.b', 'X'], email: 'nobody' })).toEqual({ cron: words.cron, timezone: words.zone, domains: words.item('X', words.form), email: words.email });
  expect(problemsOf(things, 'post /api/things', { run_type: { cron: '@daily', timezone: 'Europe/Berlin' }, domains: [], email: 'a@b.c' })).toEqual({});
});
