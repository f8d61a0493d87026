// SPDX-License-Identifier: BSD-2-Clause
// Definitions while somebody writes them: what is wrong is said where and in words, and the form makes what the schema wants.
import { Validator, type Schema } from '@cfworker/json-schema';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { definitions, type Rule } from '../../services/details';
import { faultText } from './check';
import { empty, faultsIn, fieldsOf, fieldText, idOf, kindsOffered, ofKind, read, textOf, withField, type Draft } from './draft';
import { isGroup, kindOf, type RuleKind } from './rule';

const validator = new Validator(JSON.parse(readFileSync('../defs/services/schema.json', 'utf8')) as Schema, '2020-12', false);
const good: Draft = { name: 'Our till', description: 'Takes money.', category: 'Custom', icon: 'box', is_generic: false, match: { any: [{ http: { title: 'Till' } }, { port: '9999/tcp' }] } };
const said = (draft: object) => faultsIn(JSON.stringify(draft)).map(faultText);

test('all definitions that come along are right', () => {
  for (const { id, ...definition } of definitions) expect(said(definition), id).toEqual([]);
  expect(said(good)).toEqual([]);
});

test.each<[string, object, string[]]>([
  ['no name', { name: undefined }, ['name: is needed']],
  ['an empty name', { name: '' }, ['name: is needed']],
  ['a long name', { name: 'x'.repeat(50) }, ['name: is longer than 39 bytes']],
  ['no icon', { icon: undefined }, ['needs logo or icon']],
  ['a logo and an icon', { logo: 'grafana' }, ['has logo and icon, of which only one can be']],
  ['a word too many', { vendor: 'x' }, ['vendor: “vendor” is not known']],
  ['a category that there is not', { category: 'Fish' }, ['category: is no category that there is']],
  ['a flag that is none', { is_generic: 'yes' }, ['is_generic: must be true or false']],
  ['an odd certainty', { certainty: 'sure' }, ['certainty: must be one of low, medium, high, certain']],
  ['a port without its protocol', { match: { port: '80' } }, ['match.port: is not of the form “8080/tcp”']],
  ['two kinds in one sign', { match: { port: '80/tcp', speaks: 'http' } }, ['match: has port and speaks: each sign is of one kind; put them into “all” or “any”']],
  ['a sign that there is not', { match: { any: [{ smell: 'x' }] } }, ['match.any[0].smell: “smell” is not known']],
  ['a group of nothing', { match: { all: [] } }, ['match.all: needs at least one']],
  ['a path with a fragment', { match: { http: { path: '/#/login' } } }, ['match.http.path: is not of the form “/”']],
  ['a status that is none', { match: { http: { status: '200..300' } } }, ['match.http.status: is not of the form “200-399”']],
  ['a port that there is not', { match: { http: { port: 70_000 } } }, ['match.http.port: must be from 1 to 65535']],
  ['a certificate of which nothing is asked', { match: { tls: {} } }, ['match.tls: needs at least one of its fields']],
  ['one letter', { match: { banner: 'x' } }, ['match.banner: must have at least 2 letters']],
  ['an odd announcement', { match: { mdns: 'ipp' } }, ['match.mdns: is not of the form “_ipp._tcp”']],
  ['an announcement without its line', { match: { mdns: { type: '_ipp._tcp' } } }, ['match.mdns.txt: is needed']],
])('%s', (_, set, expected) => {
  const draft = JSON.parse(JSON.stringify({ ...good, ...set })) as object;
  expect(said(draft)).toEqual(expected);
  if (!('category' in set)) expect(validator.validate(draft).valid).toBe(false);
});

test('what is no JSON is said so', () => {
  expect(faultsIn('{"name": ').map(faultText)).toEqual([expect.stringContaining('no JSON object')]);
  for (const odd of ['[]', '7', 'null', '']) expect(read(odd)).toBeNull();
});

test('every kind of sign that the form offers becomes right when its fields are filled', () => {
  const filled: Record<string, string> = { port: '8080', path: '/x', status: '200', title: 'Till', header: 'server: x', body: 'till', favicon: '-7', type: '_ipp._tcp', txt: 'a=b', object_id: '1.3.6.1', params: '1,3', key: 'http.server' };
  const single: Record<string, string> = { port: '1/tcp', speaks: 'http', address: '10.0.0.0/8', subnet: 'Lan' };
  for (const kind of kindsOffered) {
    let rule = ofKind(kind, { port: '22/tcp' });
    for (const field of fieldsOf[kind] ?? []) {
      rule = { [kind]: withField(kind, rule[kind], field, filled[field] ?? 'text') };
      expect(fieldText(kind, rule[kind], field)).toBe(filled[field] ?? 'text');
    }
    if (!fieldsOf[kind] && !isGroup(kind) && kind !== 'not' && kind !== 'gateway') rule = { [kind]: single[kind] ?? 'text' };
    const match = kind === 'not' ? { all: [{ port: '1/tcp' }, rule] } : rule;
    expect(said({ ...good, match }), kind).toEqual([]);
    expect(validator.validate({ ...good, match }).valid, kind).toBe(true);
  }
});

test('a field that is emptied is left out; groups keep what is in them', () => {
  expect(withField('http', { path: '/', title: 'x' }, 'path', '')).toEqual({ title: 'x' });
  expect(withField('mdns', { type: '_ipp._tcp', txt: 'a=b' }, 'txt', '')).toBe('_ipp._tcp');
  expect(withField('mdns', '_ipp._tcp', 'txt', 'a=b')).toEqual({ type: '_ipp._tcp', txt: 'a=b' });
  const any: Rule = { any: [{ port: '1/tcp' }, { speaks: 'ssh' }] };
  expect(ofKind('together', any)).toEqual({ together: any.any });
  expect(ofKind('any', { port: '1/tcp' })).toEqual({ any: [{ port: '1/tcp' }] });
  expect(ofKind('not', any)).toEqual({ not: any });
  expect(ofKind('all', { not: any })).toEqual({ all: [any] });
  expect(kindOf(ofKind('http' as RuleKind, any))).toBe('http');
});

test('a new one lacks only what a person has to say; ids are made of names', () => {
  expect(said(empty)).toEqual(['name: is needed', 'description: is needed', 'match.any[0].http.title: is needed']);
  expect(read(textOf(good))).toEqual(good);
  expect([idOf('Our Till 2!'), idOf('  --x-- '), idOf('é')]).toEqual(['our-till-2', 'x', '']);
});
