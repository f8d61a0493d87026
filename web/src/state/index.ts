// SPDX-License-Identifier: BSD-2-Clause
// Which rows belong to a key (a host's interfaces, an address's services). A row may have several keys.

export class RowIndex<R extends { id: string }> {
  private readonly ids = new Map<string, Set<string>>();

  constructor(private readonly keysOf: (row: R) => readonly (string | null)[]) {}

  add(row: R) {
    for (const key of this.keysOf(row)) {
      if (key === null) continue;
      const set = this.ids.get(key);
      if (set) set.add(row.id);
      else this.ids.set(key, new Set([row.id]));
    }
  }

  remove(row: R) {
    for (const key of this.keysOf(row)) {
      if (key === null) continue;
      const set = this.ids.get(key);
      set?.delete(row.id);
      if (set?.size === 0) this.ids.delete(key);
    }
  }

  get(key: string): ReadonlySet<string> {
    return this.ids.get(key) ?? none;
  }

  keys(): IterableIterator<string> {
    return this.ids.keys();
  }
}

const none: ReadonlySet<string> = new Set();
