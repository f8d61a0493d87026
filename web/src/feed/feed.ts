// SPDX-License-Identifier: BSD-2-Clause
// One subscription to /live, kept alive: connect, subscribe, resume after the last seq, wait longer after each
// failure, notice gaps and silence. It promises its handler each change once and in order, and a snapshot
// as a whole (begin, rows…, ready). What the rows mean is the state's business.

import { readMessage, type Change, type Message, type Row } from './messages';

export interface SocketLike {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

// What feed.ts needs from its surroundings, so that tests can be them.
export interface Surroundings {
  open(): SocketLike;
  now(): number; // milliseconds
  random(): number; // [0, 1)
  later(ms: number, run: () => void): () => void; // returns the cancelling
}

export type Status =
  | { phase: 'connecting'; since: number }
  | { phase: 'loading'; since: number; rows: number }
  | { phase: 'live'; since: number }
  | { phase: 'waiting'; since: number; attempt: number; retryAt: number }
  | { phase: 'stopped' };

export interface Handler {
  begin(networkId: string): void;
  rows(entity: string, rows: Row[]): void;
  ready(networkId: string, seq: number, snapshot: boolean): void;
  changes(changes: Change[]): void;
  status(status: Status): void;
  // The connection was refused before it opened: the session may have ended.
  refused(): void;
}

export interface Feed {
  start(): void;
  stop(): void;
  // Something suggests that it works again (the page is seen, the machine is online): try now.
  nudge(): void;
  // Another network than the one so far; null: the first that one may see.
  watch(networkId: string | null): void;
}

const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 15_000;
const SILENCE_MS = 45_000; // without a message, after which the collector is asked whether it is there
const ANSWER_MS = 10_000; // it has to answer
const CLOSE_BAD_MESSAGE = 4000;
const CLOSE_SILENCE = 4001;
const PARTIAL_LIMIT = 3; // gaps in a row after which resuming is given up for a fresh snapshot

export function retryDelay(attempt: number, random: number): number {
  const full = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(attempt, 16));
  return Math.round(full * (0.5 + random / 2));
}

export function createFeed(around: Surroundings, handler: Handler): Feed {
  let socket: SocketLike | null = null;
  let cancelTimer = () => {};
  let running = false;
  let opened = false; // this socket has been open
  let attempt = 0;
  let lostSince = 0; // when it was last live, 0: never
  let wanted: string | null = null;
  let networkId: string | null = null;
  let seq: number | null = null; // last one handed over
  let inSnapshot = false;
  let awaitingReady = false;
  let rowCount = 0;
  let gaps = 0;

  const timer = (ms: number, run: () => void) => {
    cancelTimer();
    cancelTimer = around.later(ms, run);
  };

  function connect() {
    cancelTimer();
    opened = false;
    inSnapshot = false;
    awaitingReady = true;
    handler.status({ phase: 'connecting', since: lostSince || around.now() });
    const mine = around.open();
    socket = mine;
    mine.onopen = () => {
      if (socket !== mine) return;
      opened = true;
      subscribe();
    };
    mine.onmessage = event => {
      if (socket === mine) receive(readMessage(String(event.data)));
    };
    mine.onclose = () => {
      if (socket === mine) lost();
    };
  }

  function subscribe() {
    awaitingReady = true;
    inSnapshot = false;
    socket?.send(JSON.stringify({ type: 'subscribe', network_id: networkId, after: seq }));
    timer(SILENCE_MS, () => drop(CLOSE_SILENCE));
  }

  function drop(code: number) {
    const old = socket;
    lost();
    old?.close(code);
  }

  function lost() {
    const refused = !opened;
    socket = null;
    if (!running) return;
    lostSince ||= around.now();
    const delay = retryDelay(attempt++, around.random());
    handler.status({ phase: 'waiting', since: lostSince, attempt, retryAt: around.now() + delay });
    timer(delay, connect);
    if (refused) handler.refused();
  }

  function watchSilence() {
    timer(SILENCE_MS, () => {
      // Asking again from where we are is answered by `ready`: the protocol's own "are you there?".
      subscribe();
      timer(ANSWER_MS, () => drop(CLOSE_SILENCE));
    });
  }

  function receive(message: Message | null) {
    if (!message) {
      seq = null;
      drop(CLOSE_BAD_MESSAGE);
      return;
    }
    if (message.type === 'error') {
      // The collector closes after this; what it could not serve (a seq from another life) is not asked for again.
      seq = null;
      networkId = null;
      return;
    }
    watchSilence();
    // What was still on its way of the network before.
    if ('network_id' in message && networkId !== null && message.network_id !== networkId) return;
    if (message.type === 'snapshot') receiveRows(message.network_id, message.entity, message.rows);
    if (message.type === 'ready') receiveReady(message.network_id, message.seq);
    if (message.type === 'changes' && !awaitingReady) receiveChanges(message.changes);
  }

  function receiveRows(id: string, entity: string, rows: Row[]) {
    if (!inSnapshot) {
      inSnapshot = true;
      rowCount = 0;
      handler.begin(id);
    }
    rowCount += rows.length;
    handler.rows(entity, rows);
    handler.status({ phase: 'loading', since: lostSince || around.now(), rows: rowCount });
  }

  function receiveReady(id: string, readySeq: number) {
    // An empty network has no snapshot message, and a resumption has none either: the seq tells which it is.
    const resumed = !inSnapshot && seq !== null && id === networkId && readySeq === seq;
    if (!resumed && !inSnapshot) handler.begin(id);
    inSnapshot = false;
    awaitingReady = false;
    networkId = id;
    seq = readySeq;
    attempt = 0;
    lostSince = 0;
    handler.ready(id, readySeq, !resumed);
    handler.status({ phase: 'live', since: around.now() });
  }

  function receiveChanges(changes: Change[]) {
    const fresh = changes.filter(change => change.seq > seq!);
    for (let i = 0; i < fresh.length; i++) {
      if (fresh[i]!.seq === seq! + 1 + i) continue;
      if (i > 0) accept(fresh.slice(0, i));
      if (++gaps >= PARTIAL_LIMIT) seq = null;
      subscribe();
      return;
    }
    gaps = 0;
    accept(fresh);
  }

  function accept(changes: Change[]) {
    if (!changes.length) return;
    seq = changes[changes.length - 1]!.seq;
    handler.changes(changes);
  }

  return {
    start() {
      if (running) return;
      running = true;
      connect();
    },
    stop() {
      running = false;
      cancelTimer();
      const old = socket;
      socket = null;
      old?.close(1000);
      seq = null;
      networkId = wanted = null;
      attempt = 0;
      lostSince = 0;
      handler.status({ phase: 'stopped' });
    },
    nudge() {
      if (running && !socket) connect();
    },
    watch(id) {
      if (id === wanted) return;
      wanted = networkId = id;
      seq = null;
      if (socket && opened) subscribe();
    },
  };
}
