// SPDX-License-Identifier: BSD-2-Clause
// Whether what one sees is now: the state of the feed, and its pulse over the last minute.

import { Button } from '@mantine/core';

import type { Status } from '../feed/feed';
import { spanText } from '../format';
import { feed, store, useConnection } from '../live';
import { texts } from '../texts';
import { useClock } from './clock';
import css from './Live.module.css';

const words = texts.connection;
const NOTE_AFTER_S = 3;

function useStatusText(status: Status): string {
  return useClock(now => {
    switch (status.phase) {
      case 'live':
        return words.live;
      case 'loading':
        return words.loading(status.rows);
      case 'connecting':
        return words.connecting;
      case 'waiting':
        return words.waiting(spanText(Math.max(0, now - status.since / 1000)));
      case 'stopped':
        return words.stopped;
    }
  });
}

export function Link() {
  const status = useConnection();
  const text = useStatusText(status);
  return (
    <div className={css.link} data-phase={status.phase} data-testid="connection">
      <span className={css.dot} aria-hidden="true" />
      <span className={css.text} role="status">
        {text}
      </span>
      <Pulse />
    </div>
  );
}

const BAR = 2;
const HEIGHT = 18;

// One bar a second, its height by the logarithm: a quiet network is seen to live, a busy one does not drown it.
function Pulse() {
  useClock(now => now);
  const beats = store.pulse();
  const total = beats.reduce((sum, count) => sum + count, 0);
  return (
    <svg className={css.pulse} width={beats.length * BAR} height={HEIGHT} role="img" aria-label={total ? words.rate(total) : words.quiet}>
      <title>{total ? words.rate(total) : words.quiet}</title>
      {beats.map((count, i) => {
        const height = count ? Math.min(HEIGHT, 3 + Math.log2(count + 1) * 2) : 1;
        return <rect key={i} x={i * BAR} y={HEIGHT - height} width={BAR - 0.6} height={height} opacity={count ? 1 : 0.35} />;
      })}
    </svg>
  );
}

// When the collector is away for more than a moment, said where nobody misses it.
export function LiveNote() {
  const status = useConnection();
  const text = useStatusText(status);
  const long = useClock(now => Number(status.phase === 'waiting' && now - status.since / 1000 > NOTE_AFTER_S));
  if (!long) return null;
  return (
    <div className={css.note}>
      <span>
        <strong>{text}.</strong> {words.waitingLong}
      </span>
      <Button size="compact-sm" variant="default" onClick={() => feed.nudge()}>
        {words.now}
      </Button>
    </div>
  );
}
