// SPDX-License-Identifier: BSD-2-Clause
// How one person likes to see a picture, kept in this browser: of a topology that one may not change, and of a network
// that has none.

import { readOptions, type Options } from '../options';

const key = (of: string) => `netvisor.topology.${of}`;

// A browser may refuse to keep anything.
export function keptOptions(of: string): Partial<Options> {
  try {
    const text = localStorage.getItem(key(of));
    const kept = text ? (JSON.parse(text) as Record<string, unknown>) : {};
    const right = readOptions(kept);
    return Object.fromEntries(Object.keys(kept).filter(name => name in right).map(name => [name, right[name as keyof Options]]));
  } catch {
    return {};
  }
}

export function keepOptions(of: string, options: Partial<Options> | null) {
  try {
    if (options && Object.keys(options).length) localStorage.setItem(key(of), JSON.stringify(options));
    else localStorage.removeItem(key(of));
  } catch {
    // Then it lasts as long as the page.
  }
}
