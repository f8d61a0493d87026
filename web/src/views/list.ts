// SPDX-License-Identifier: BSD-2-Clause
// What the lists share: orders, VLANs, and what counts as new or quiet. Pure.

export const UNTAGGED = 'untagged';

const DAY = 86_400;

// new: first seen within a day; quiet: nothing for a day. Both is neither.
export function ageOf(row: { first_seen: number; last_seen: number }, now: number): 'new' | 'quiet' | 'known' {
  if (now - row.last_seen > DAY) return 'quiet';
  return now - row.first_seen < DAY ? 'new' : 'known';
}

export const byNumber =
  <V>(read: (view: V) => number) =>
  (a: V, b: V) =>
    read(a) - read(b);

export const byString =
  <V>(read: (view: V) => string) =>
  (a: V, b: V) => {
    const [x, y] = [read(a), read(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  };
