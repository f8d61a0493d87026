// SPDX-License-Identifier: BSD-2-Clause
// The browser as the feed's surroundings: its WebSocket, clock and timers.

import type { SocketLike, Surroundings } from './feed';

export const browser: Surroundings = {
  open() {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    return new WebSocket(`${scheme}//${location.host}/live`, 'netvisor.live.1') as SocketLike;
  },
  now: () => Date.now(),
  random: () => Math.random(),
  later(ms, run) {
    const id = setTimeout(run, ms);
    return () => clearTimeout(id);
  },
};
