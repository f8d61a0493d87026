// SPDX-License-Identifier: BSD-2-Clause
// What the lists share: filters read from the address bar, orders, and VLANs. Pure.

import { vlanText } from '../state/address';

export const UNTAGGED = 'untagged';

export const readList = (text: string | null) => text?.split(',').filter(Boolean) ?? [];

export const vlanName = (vlan: readonly number[]) => vlanText(vlan) || UNTAGGED;

export function vlansOf(rows: Iterable<{ vlan: readonly number[] }>): string[] {
  const seen = new Set<string>();
  for (const row of rows) seen.add(vlanName(row.vlan));
  return [...seen];
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
