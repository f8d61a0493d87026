// SPDX-License-Identifier: BSD-2-Clause
// What this browser keeps of how one likes it: a text for each name, the same in all views of the page. Where nothing can
// be kept (a private window), it holds until the page is closed.

import { useSyncExternalStore } from 'react';

const PREFIX = 'netvisor.';
const values = new Map<string, string | null>();
const listeners = new Set<() => void>();

function read(name: string): string | null {
  if (values.has(name)) return values.get(name)!;
  let value: string | null = null;
  try {
    value = localStorage.getItem(PREFIX + name);
  } catch {
    // Not allowed here.
  }
  values.set(name, value);
  return value;
}

function write(name: string, value: string | null) {
  values.set(name, value);
  try {
    if (value === null) localStorage.removeItem(PREFIX + name);
    else localStorage.setItem(PREFIX + name, value);
  } catch {
    // It holds until the page is closed.
  }
  for (const listener of listeners) listener();
}

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const kept = { read, write };

export function useKept(name: string): [string | null, (value: string | null) => void] {
  const value = useSyncExternalStore(subscribe, () => read(name));
  return [value, next => write(name, next)];
}

// The same for a list of short texts, such as ids; the latest first and no more than `most`.
export function useKeptList(name: string, most: number): [readonly string[], (item: string) => void] {
  const [text] = useKept(name);
  return [text ? text.split('\n') : none, item => write(name, [item, ...(read(name)?.split('\n') ?? []).filter(each => each !== item)].slice(0, most).join('\n'))];
}

const none: readonly string[] = [];
