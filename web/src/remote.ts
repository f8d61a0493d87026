// SPDX-License-Identifier: BSD-2-Clause
// What is read by REST, kept for all views that look at it: read when first looked at and whenever someone says that it
// has changed; the old value stays on show until the new one is there. Nothing that the feed brings is read here.

import { useEffect, useSyncExternalStore } from 'react';

import { ApiError } from './api';

export interface Remote<T> {
  value: T | null;
  problem: ApiError | null;
  reading: boolean;
}

interface Entry {
  state: Remote<unknown>;
  read: () => Promise<unknown>;
  attempt: number;
  viewers: number;
}

const nothing: Remote<never> = { value: null, problem: null, reading: true };
const entries = new Map<string, Entry>();
const listeners = new Set<() => void>();

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

function set(entry: Entry, state: Remote<unknown>) {
  entry.state = state;
  for (const listener of listeners) listener();
}

export const asApiError = (error: unknown) => (error instanceof ApiError ? error : new ApiError(-1, String(error)));

function load(entry: Entry) {
  const attempt = ++entry.attempt;
  set(entry, { ...entry.state, reading: true });
  entry.read().then(
    value => attempt === entry.attempt && set(entry, { value, problem: null, reading: false }),
    (error: unknown) => attempt === entry.attempt && set(entry, { ...entry.state, problem: asApiError(error), reading: false }),
  );
}

// key: what it is, the same for the same request.
export function useRemote<T>(key: string, read: () => Promise<T>): Remote<T> {
  const state = useSyncExternalStore(subscribe, () => entries.get(key)?.state ?? nothing);
  useEffect(() => {
    let entry = entries.get(key);
    if (!entry) {
      entry = { state: nothing, read, attempt: 0, viewers: 0 };
      entries.set(key, entry);
    }
    entry.read = read;
    if (entry.viewers++ === 0) load(entry);
    return () => {
      entry.viewers--;
    };
    // A function made anew at each rendering reads the same thing as long as its key is the same.
  }, [key]);
  return state as Remote<T>;
}

// What begins with this key has changed: whoever looks at it sees it anew, others when they look.
export function changed(...keys: string[]) {
  for (const [key, entry] of entries) {
    if (!keys.some(each => key === each || key.startsWith(`${each} `))) continue;
    if (entry.viewers > 0) load(entry);
    else entries.delete(key);
  }
}

export function forgetAll() {
  entries.clear();
}
