// SPDX-License-Identifier: BSD-2-Clause
import { agoText, timeText } from '../format';
import { useClock } from './clock';

export function Ago({ at }: { at: number }) {
  const text = useClock(now => agoText(now - at));
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={timeText(at)}>
      {text}
    </time>
  );
}
