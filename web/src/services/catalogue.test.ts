// SPDX-License-Identifier: BSD-2-Clause
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { Validator, type Schema } from '@cfworker/json-schema';
import { expect, test } from 'vitest';

import { hasIcon, iconShape } from '../topology/icons';
import { iconNames, logoNames } from '../topology/iconNames';
import { categories } from './catalogue';
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
    const file = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as { match?: Rule; tests?: object };
    expect(faults(file), name).toEqual([]);
    // Evidence that must tell it and that must not: build/tests/recognize/definitions tries them.
    expect('match' in file, name).toBe('tests' in file);
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
