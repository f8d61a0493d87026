// SPDX-License-Identifier: BSD-2-Clause
// The page's one feed and one state, and how views look at them.

import { useMemo, useSyncExternalStore } from 'react';

import { createFeed, type Feed, type Status } from './feed/feed';
import { browser } from './feed/socket';
import type { EntityName } from './state/entities';
import type { Views } from './state/selectors';
import { createStore, type Store } from './state/store';

const HIDDEN_FRAME_MS = 500;

let onRefused = () => {};

export const store: Store = createStore(
  {
    now: () => performance.timeOrigin + performance.now(),
    request(run) {
      if (document.hidden) setTimeout(run, HIDDEN_FRAME_MS);
      else requestAnimationFrame(run);
    },
    later: (ms, run) => void setTimeout(run, ms),
  },
  () => onRefused(),
);

export const feed: Feed = createFeed(browser, store);

addEventListener('online', () => feed.nudge());
document.addEventListener('visibilitychange', () => document.hidden || feed.nudge());

export function whenRefused(run: () => void) {
  onRefused = run;
}

// The rows as they are now; the component renders again when one of these entities has changed.
export function useViews(...entities: EntityName[]): Views {
  useSyncExternalStore(store.subscribe, () => {
    const tables = store.tables();
    return `${tableAge(tables)} ${entities.map(entity => tables.versions[entity]).join(' ')} ${store.loaded()}`;
  });
  return store.views();
}

// A new snapshot is a new set of tables whose counts may be the old one's.
const ages = new WeakMap<object, number>();
let tablesSeen = 0;
function tableAge(tables: object): number {
  if (!ages.has(tables)) ages.set(tables, ++tablesSeen);
  return ages.get(tables)!;
}

export function useConnection(): Status {
  return useSyncExternalStore(store.subscribe, store.connection);
}

export function useLoaded(): boolean {
  return useSyncExternalStore(store.subscribe, store.loaded);
}

// The network on show; null until the first snapshot.
export function useNetworkId(): string | null {
  return useSyncExternalStore(store.subscribe, store.networkId);
}

// All rows of one entity; the same array until one of them has changed.
export function useRows<R extends { id: string }>(entity: string): readonly R[] {
  const version = useSyncExternalStore(store.subscribe, () => `${tableAge(store.tables())} ${store.tables().version(entity)}`);
  return useMemo(() => [...store.tables().rows(entity).values()] as unknown as R[], [version, entity]);
}

export function useCount(entity: string): number {
  return useSyncExternalStore(store.subscribe, () => store.tables().rows(entity).size);
}
