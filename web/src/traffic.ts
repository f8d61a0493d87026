// SPDX-License-Identifier: BSD-2-Clause
// A series with gaps as so many bars of equal width. Pure.

import type { Sums, Traffic } from './api/history';

export type Bar = Sums & { at: number };

export function buckets(traffic: Pick<Traffic, 'from' | 'to' | 'step_s' | 'series'>, count: number): Bar[] {
  const span = Math.max(1, traffic.to - traffic.from);
  const bars = Math.max(1, Math.min(count, Math.ceil(span / Math.max(1, traffic.step_s))));
  const list: Bar[] = Array.from({ length: bars }, (_, i) => ({ at: traffic.from + (span / bars) * i, connections: 0, packets: 0, bytes: 0, packets_back: 0, bytes_back: 0 }));
  for (const point of traffic.series) {
    const bar = list[Math.max(0, Math.min(bars - 1, Math.floor(((point.at - traffic.from) / span) * bars)))]!;
    bar.connections += point.connections;
    bar.packets += point.packets;
    bar.bytes += point.bytes;
    bar.packets_back += point.packets_back;
    bar.bytes_back += point.bytes_back;
  }
  return list;
}
