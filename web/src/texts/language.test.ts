// SPDX-License-Identifier: BSD-2-Clause
import { expect, test, vi } from 'vitest';

import { choose, speak, take } from './language';

test('the first language that there are words for', () => {
  expect(choose(['de-CH', 'fr'], ['fr', 'de'])).toBe('de');
  expect(choose(['pt-BR', 'pt'], ['pt-BR'])).toBe('pt-BR');
  expect(choose(['en-GB', 'de'], ['de'])).toBe(null); // English comes first, and is there
  expect(choose(['sv'], ['de'])).toBe(null);
  expect(choose([], ['de'])).toBe(null);
});

test('what a translation leaves out stays English', () => {
  const texts = { a: 'one', b: { c: 'two', d: (n: number) => `${n} things` }, list: ['x'] };
  take(texts, { b: { d: (n: number) => `${n} Dinge` }, list: ['y', 'z'] });
  expect([texts.a, texts.b.c, texts.b.d(2), texts.list]).toEqual(['one', 'two', '2 Dinge', ['y', 'z']]);
});

test('a language is a folder', async () => {
  vi.resetModules();
  const { speak: fresh } = await import('./language');
  const { texts } = await import('../texts');
  expect(await fresh(['de-AT'], { './de/index.ts': async () => ({ default: { nav: { hosts: 'Geräte' } } }) })).toBe('de');
  expect([texts.nav.hosts, texts.nav.services]).toEqual(['Geräte', 'Services']);
  expect(await speak(['fr'], {})).toBe('en');
});
