// SPDX-License-Identifier: BSD-2-Clause
// Whether a thing that was made again is what it was; then the old object stays.

const plain = (a: unknown, b: unknown) => Object.is(a, b);

// Of objects made of plain values, and of arrays and objects of such.
export function alike(a: unknown, b: unknown): boolean {
  if (plain(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!alike(a[i], b[i])) return false;
    return true;
  }
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  let keys = 0;
  for (const key in x) {
    keys++;
    if (!alike(x[key], y[key])) return false;
  }
  for (const _ in y) keys--;
  return keys === 0;
}

export const keep = <T>(old: T | undefined, made: T): T => (old !== undefined && alike(old, made) ? old : made);

// A number for a text; two of them, added up over all parts, tell one structure from another in whatever order it came.
export function hash(text: string, seed: number): number {
  let h = seed;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mixed(h);
}

export function mixed(number: number): number {
  let h = Math.imul(number ^ (number >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}
