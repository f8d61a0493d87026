// SPDX-License-Identifier: BSD-2-Clause
// The one state. It is the feed's handler: a snapshot is built aside and takes the old state's place when it is
// complete, changes wait for the next animation frame and are applied together. Whoever subscribed is told once a
// frame at most, and less often when telling has become expensive.

import type { Change, Row } from '../feed/messages';
import type { Handler, Status } from '../feed/feed';
import type { EntityName } from './entities';
import { isEntity, Tables } from './tables';
import { Views } from './selectors';

export interface Pulse {
  second: number; // since the epoch
  changes: number;
}

export interface Store extends Handler {
  subscribe(listener: () => void): () => void;
  version(): number;
  views(): Views;
  tables(): Tables;
  connection(): Status;
  loaded(): boolean;
  networkId(): string | null;
  // When a row came into being before our eyes (milliseconds of now()), while that is news.
  bornAt(id: string): number | undefined;
  // Changes in each of the last seconds, oldest first.
  pulse(): readonly number[];
  // Rows that are to be looked at anew, though they are what they were: something beside them has changed.
  again(entity: EntityName, ids: readonly string[]): void;
  clear(): void;
  // Apply what waits, now.
  flush(): void;
}

export interface Frames {
  now(): number; // milliseconds
  request(run: () => void): void; // before the next frame, or soon when the page is hidden
  later(ms: number, run: () => void): void;
}

export const NEWS_MS = 4000;
export const PULSE_SECONDS = 60;
const COST_SHARE = 4; // rendering may take one part in this of the time

export function createStore(frames: Frames, refused: () => void): Store {
  let tables = new Tables();
  let views = new Views(tables);
  let staged: Tables | null = null;
  let waiting: Change[] = [];
  let scheduled = false;
  let notBefore = 0;
  let version = 0;
  let connection: Status = { phase: 'stopped' };
  let loaded = false;
  let networkId: string | null = null;
  const born = new Map<string, number>();
  const beats = new Map<number, number>();
  const listeners = new Set<() => void>();

  function schedule() {
    if (scheduled) return;
    scheduled = true;
    const wait = notBefore - frames.now();
    if (wait > 0) frames.later(wait, () => frames.request(flush));
    else frames.request(flush);
  }

  function flush() {
    scheduled = false;
    const start = frames.now();
    const changes = waiting;
    waiting = [];
    for (const change of changes) if (tables.apply(change)) born.set(change.id, start);
    for (const [id, at] of born) {
      if (start - at < NEWS_MS) break;
      born.delete(id);
    }
    version++;
    for (const listener of listeners) listener();
    frames.later(0, () => {
      notBefore = frames.now() + (frames.now() - start) * (COST_SHARE - 1);
    });
  }

  function beat(count: number) {
    const second = Math.floor(frames.now() / 1000);
    beats.set(second, (beats.get(second) ?? 0) + count);
    for (const old of beats.keys()) if (old <= second - PULSE_SECONDS) beats.delete(old);
  }

  return {
    begin() {
      staged = new Tables();
      waiting = [];
    },
    rows(entity: string, rows: Row[]) {
      if (staged && isEntity(entity)) for (const row of rows) staged.put(entity, row);
    },
    ready(id: string, _seq: number, snapshot: boolean) {
      networkId = id;
      if (snapshot && staged) {
        tables = staged;
        views = new Views(tables);
        born.clear();
      }
      staged = null;
      loaded = true;
      schedule();
    },
    changes(changes: Change[]) {
      beat(changes.length);
      for (const change of changes) waiting.push(change);
      schedule();
    },
    again(entity, ids) {
      for (const id of ids) waiting.push({ entity, op: 'update', id, set: {} } as unknown as Change);
      schedule();
    },
    status(status: Status) {
      connection = status;
      schedule();
    },
    refused,

    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    version: () => version,
    views: () => views,
    tables: () => tables,
    connection: () => connection,
    loaded: () => loaded,
    networkId: () => networkId,
    bornAt: id => born.get(id),
    pulse() {
      const second = Math.floor(frames.now() / 1000);
      return Array.from({ length: PULSE_SECONDS }, (_, i) => beats.get(second - PULSE_SECONDS + 1 + i) ?? 0);
    },
    clear() {
      tables = new Tables();
      views = new Views(tables);
      staged = null;
      waiting = [];
      loaded = false;
      networkId = null;
      born.clear();
      beats.clear();
      schedule();
    },
    flush,
  };
}
