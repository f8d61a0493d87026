// SPDX-License-Identifier: BSD-2-Clause
// Which language the page speaks. English is what texts.ts holds. Another one is a folder here, such as texts/de/, whose
// index.ts says what it has words for:
//
//   import type { Translation } from '../language';
//   export default { nav: { hosts: 'Geräte' }, scope: { … } } satisfies Translation;
//
// What it leaves out stays English. It is loaded before the page is, since components take their words when they are loaded.

import { texts } from '../texts';

type Part<T> = T extends (...args: infer A) => infer R ? (...args: A) => R : T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Part<T[K]> } : T extends string ? string : T;
export type Translation = Part<typeof texts>;

type Others = Record<string, () => Promise<{ default: Translation }>>;
const others = import.meta.glob<{ default: Translation }>('./*/index.ts');

// The first of these languages that there are words for: "de-CH" is served by "de-CH", then by "de". null: English.
export function choose(wanted: readonly string[], there: readonly string[]): string | null {
  for (const language of wanted) {
    if (/^en(-|$)/i.test(language)) return null;
    const found = [language, language.split('-')[0]!].find(each => there.includes(each));
    if (found) return found;
  }
  return null;
}

export async function speak(wanted: readonly string[], languages: Others = others): Promise<string> {
  const code = choose(wanted, Object.keys(languages).map(path => path.split('/')[1]!));
  if (!code) return 'en';
  take(texts, (await languages[`./${code}/index.ts`]!()).default);
  return code;
}

export function take(into: object, from: object) {
  for (const [key, value] of Object.entries(from)) {
    const old: unknown = (into as Record<string, unknown>)[key];
    const nested = typeof old === 'object' && old !== null && !Array.isArray(old) && typeof value === 'object' && value !== null;
    if (nested) take(old, value as object);
    else if (value !== undefined) (into as Record<string, unknown>)[key] = value;
  }
}
