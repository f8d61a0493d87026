// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import { createFeed, retryDelay, type Handler, type SocketLike, type Status } from './feed';

// A collector and a clock that do what the test says.
function bench() {
  const log: string[] = [];
  const statuses: Status[] = [];
  const sockets: (SocketLike & { sent: unknown[]; closedWith: number | null })[] = [];
  let timers: { at: number; run: () => void }[] = [];
  let now = 1_000_000;
  const handler: Handler = {
    begin: id => log.push(`begin ${id}`),
    rows: (entity, rows) => log.push(`rows ${entity} ${rows.map(row => row.id).join(',')}`),
    ready: (id, seq, snapshot) => log.push(`ready ${id} ${seq}${snapshot ? ' snapshot' : ''}`),
    changes: changes => log.push(`changes ${changes.map(change => change.seq).join(',')}`),
    status: status => statuses.push(status),
    refused: () => log.push('refused'),
  };
  const feed = createFeed(
    {
      open() {
        const socket = {
          onopen: null, onmessage: null, onclose: null, sent: [] as unknown[], closedWith: null as number | null,
          send: (text: string) => void socket.sent.push(JSON.parse(text)),
          close: (code?: number) => void (socket.closedWith = code ?? 1000),
        } as (typeof sockets)[number];
        sockets.push(socket);
        return socket;
      },
      now: () => now,
      random: () => 1,
      later(ms, run) {
        const timer = { at: now + ms, run };
        timers.push(timer);
        return () => (timers = timers.filter(each => each !== timer));
      },
    },
    handler,
  );
  const last = () => sockets[sockets.length - 1]!;
  return {
    feed, log, statuses, sockets, last,
    say: (message: unknown) => last().onmessage!({ data: typeof message === 'string' ? message : JSON.stringify(message) }),
    changes: (...seqs: number[]) => last().onmessage!({ data: JSON.stringify({ type: 'changes', changes: seqs.map(seq => ({ seq, at: 1, entity: 'host', id: `h${seq}`, op: 'insert', set: {} })) }) }),
    pass(ms: number) {
      const until = now + ms;
      for (;;) {
        const next = timers.filter(timer => timer.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter(timer => timer !== next);
        now = next.at;
        next.run();
      }
      now = until;
    },
    phase: () => statuses[statuses.length - 1]!.phase,
  };
}

const snapshot = { type: 'snapshot', network_id: 'n', entity: 'host', rows: [{ id: 'a' }] };

function live(seq = 5) {
  const b = bench();
  b.feed.start();
  b.last().onopen!();
  b.say(snapshot);
  b.say({ type: 'ready', network_id: 'n', seq });
  b.log.length = 0;
  return b;
}

test('subscribes from nothing, hands over the snapshot as a whole, then changes in order', () => {
  const b = bench();
  b.feed.start();
  expect(b.phase()).toBe('connecting');
  b.last().onopen!();
  expect(b.last().sent).toEqual([{ type: 'subscribe', network_id: null, after: null }]);
  b.say(snapshot);
  expect(b.phase()).toBe('loading');
  b.say({ ...snapshot, entity: 'service', rows: [{ id: 's' }] });
  b.say({ type: 'ready', network_id: 'n', seq: 5 });
  b.changes(6, 7);
  b.changes(8);
  expect(b.log).toEqual(['begin n', 'rows host a', 'rows service s', 'ready n 5 snapshot', 'changes 6,7', 'changes 8']);
  expect(b.phase()).toBe('live');
});

test('an empty network is a snapshot too', () => {
  const b = bench();
  b.feed.start();
  b.last().onopen!();
  b.say({ type: 'ready', network_id: 'n', seq: 0 });
  expect(b.log).toEqual(['begin n', 'ready n 0 snapshot']);
});

test('after a loss it resumes with the last seq it handed over', () => {
  const b = live();
  b.changes(6);
  b.last().onclose!({ code: 1006 });
  expect(b.phase()).toBe('waiting');
  b.pass(250);
  expect(b.sockets).toHaveLength(2);
  b.last().onopen!();
  expect(b.last().sent).toEqual([{ type: 'subscribe', network_id: 'n', after: 6 }]);
  b.say({ type: 'ready', network_id: 'n', seq: 6 });
  b.changes(7);
  expect(b.log).toEqual(['changes 6', 'ready n 6', 'changes 7']);
});

test('a snapshot after a resumption replaces the state', () => {
  const b = live();
  b.last().onclose!({ code: 1013 });
  b.pass(250);
  b.last().onopen!();
  b.say(snapshot);
  b.say({ type: 'ready', network_id: 'n', seq: 900 });
  b.changes(901);
  expect(b.log).toEqual(['begin n', 'rows host a', 'ready n 900 snapshot', 'changes 901']);
});

test('a gap is not handed over: it asks again with the last good seq, and repeats are dropped', () => {
  const b = live();
  b.changes(6, 8);
  expect(b.log).toEqual(['changes 6']);
  expect(b.last().sent[1]).toEqual({ type: 'subscribe', network_id: 'n', after: 6 });
  b.changes(9);
  b.say({ type: 'ready', network_id: 'n', seq: 6 });
  b.changes(5, 6, 7, 8, 9);
  expect(b.log).toEqual(['changes 6', 'ready n 6', 'changes 7,8,9']);
});

test('gaps that do not end lead to a fresh snapshot', () => {
  const b = live();
  for (let i = 0; i < 3; i++) {
    b.changes(20);
    if (i < 2) b.say({ type: 'ready', network_id: 'n', seq: 5 });
  }
  expect(b.last().sent.at(-1)).toEqual({ type: 'subscribe', network_id: 'n', after: null });
});

test('it waits longer after each failure, up to a limit, and starts short again after success', () => {
  const b = bench();
  b.feed.start();
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) {
    b.last().onclose!({ code: 1006 });
    const status = b.statuses[b.statuses.length - 1]!;
    if (status.phase !== 'waiting') throw new Error(status.phase);
    const before = b.sockets.length;
    let waited = 0;
    while (b.sockets.length === before) (b.pass(50), (waited += 50));
    waits.push(waited);
  }
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 15000, 15000, 15000]);
  b.last().onopen!();
  b.say({ type: 'ready', network_id: 'n', seq: 0 });
  b.last().onclose!({ code: 1006 });
  b.pass(250);
  expect(b.sockets).toHaveLength(11);
});

test('the wait is spread by chance', () => {
  expect(retryDelay(2, 0)).toBe(500);
  expect(retryDelay(2, 1)).toBe(1000);
  expect(retryDelay(99, 1)).toBe(15000);
});

test('away since the first loss, not since the last attempt', () => {
  const b = live();
  b.last().onclose!({ code: 1006 });
  const first = b.statuses.at(-1)!;
  b.pass(250);
  b.last().onclose!({ code: 1006 });
  const second = b.statuses.at(-1)!;
  expect(first.phase === 'waiting' && second.phase === 'waiting' && first.since === second.since).toBe(true);
});

test('a connection that never opened may mean that the session ended', () => {
  const b = bench();
  b.feed.start();
  b.last().onclose!({ code: 1006 });
  expect(b.log).toEqual(['refused']);
  const c = live();
  c.last().onclose!({ code: 1006 });
  expect(c.log).toEqual([]);
});

test('silence is questioned, and an answer keeps the connection', () => {
  const b = live();
  b.pass(45_000);
  expect(b.last().sent[1]).toEqual({ type: 'subscribe', network_id: 'n', after: 5 });
  b.say({ type: 'ready', network_id: 'n', seq: 5 });
  expect(b.phase()).toBe('live');
  b.pass(55_000);
  expect(b.sockets[0]!.closedWith).toBe(4001);
  expect(b.phase()).toBe('waiting');
});

test('a message in another form closes the connection and starts from a snapshot', () => {
  for (const bad of ['{', '[]', '{"type":5}', '{"type":"ready","network_id":"n","seq":-1}', '{"type":"snapshot","network_id":"n","entity":"host","rows":[{}]}', '{"type":"changes","changes":[{"seq":1}]}', '{"type":"changes","changes":[{"seq":6,"entity":"host","id":"x","op":"insert","set":null}]}']) {
    const b = live();
    b.say(bad);
    expect(b.sockets[0]!.closedWith).toBe(4000);
    b.pass(250);
    b.last().onopen!();
    expect(b.last().sent).toEqual([{ type: 'subscribe', network_id: 'n', after: null }]);
  }
});

test('messages of a kind not known yet are ignored', () => {
  const b = live();
  b.say({ type: 'weather', sun: true });
  b.changes(6);
  expect(b.log).toEqual(['changes 6']);
});

test('stopping is final, and a late message of the old socket changes nothing', () => {
  const b = live();
  const old = b.last();
  b.feed.stop();
  old.onmessage!({ data: JSON.stringify(snapshot) });
  old.onclose!({ code: 1000 });
  b.pass(60_000);
  expect(b.sockets).toHaveLength(1);
  expect(b.log).toEqual([]);
  expect(b.phase()).toBe('stopped');
});

test('a nudge does not wait', () => {
  const b = live();
  for (let i = 0; i < 5; i++) {
    b.last().onclose!({ code: 1006 });
    if (i < 4) b.pass(15_000);
  }
  const before = b.sockets.length;
  b.feed.nudge();
  expect(b.sockets).toHaveLength(before + 1);
  b.feed.nudge();
  expect(b.sockets).toHaveLength(before + 1);
});
