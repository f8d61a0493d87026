// SPDX-License-Identifier: BSD-2-Clause
// Chance that is the same on each run, and ids.
let state = 42;
export const random = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
export const int = (from, to) => from + Math.floor(random() * (to - from + 1));
export const pick = list => list[int(0, list.length - 1)];
export const chance = share => random() < share;

// One of [[thing, weight], …].
export function weighed(list) {
  let left = random() * list.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [thing, weight] of list) if ((left -= weight) <= 0) return thing;
  return list[list.length - 1][0];
}

// An index that is small most of the time: how popular things are.
export const skewed = (count, power = 3) => Math.min(count - 1, Math.floor(random() ** power * count));

let ids = 0;
export const id = () => `00000000-0000-4000-8000-${(++ids).toString(16).padStart(12, '0')}`;
export const hex = () => int(0, 255).toString(16).padStart(2, '0');
export const now = () => Date.now() / 1000;
