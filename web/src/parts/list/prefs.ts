// SPDX-License-Identifier: BSD-2-Clause
// What a person chose for a list and finds again next time: columns, their widths, how dense, table or cards. Kept in
// this browser, for each person who signs in here; an address that says something else counts more.

import { useCallback, useState } from 'react';

import { useMe } from '../../me';

export type View = 'table' | 'cards';
export const densities = ['compact', 'normal', 'roomy'] as const;
export type Density = (typeof densities)[number];

export interface Prefs {
  cols?: string[];
  widths?: Record<string, number>; // rem
  density?: Density;
  view?: View;
  group?: string;
}

const isBag = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

// With suspicion: another version of this page, or a person with a debugger, may have written it.
export function readPrefs(text: string | null): Prefs {
  let value: unknown;
  try {
    value = JSON.parse(text ?? 'null');
  } catch {
    return {};
  }
  if (!isBag(value)) return {};
  const prefs: Prefs = {};
  if (Array.isArray(value.cols)) prefs.cols = value.cols.filter((id): id is string => typeof id === 'string');
  if (isBag(value.widths)) prefs.widths = Object.fromEntries(Object.entries(value.widths).filter((entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] > 0 && entry[1] < 200));
  if (densities.some(each => each === value.density)) prefs.density = value.density as Density;
  if (value.view === 'table' || value.view === 'cards') prefs.view = value.view;
  if (typeof value.group === 'string') prefs.group = value.group;
  return prefs;
}

export interface Kept {
  prefs: Prefs;
  keep: (changes: Partial<Prefs>) => void;
}

export function usePrefs(list: string): Kept {
  const me = useMe();
  const key = `netvisor.list.${me.id}.${list}`;
  const [prefs, setPrefs] = useState(() => readPrefs(stored(key)));
  const keep = useCallback(
    (changes: Partial<Prefs>) =>
      setPrefs(old => {
        const next = { ...old, ...changes };
        try {
          localStorage.setItem(key, JSON.stringify(next));
        } catch {
          // A browser that keeps nothing forgets it with the page.
        }
        return next;
      }),
    [key],
  );
  return { prefs, keep };
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
