// SPDX-License-Identifier: BSD-2-Clause
// The order of a list, as the address has it: ?sort=name, ?sort=-last. Pure.

export interface Sort {
  id: string;
  desc: boolean;
}

interface Sortable<V> {
  id: string;
  descending?: boolean;
  compare: (a: V, b: V) => number;
}

export function readSort(text: string | null, columns: readonly { id: string }[], otherwise: string): Sort {
  const known = text !== null && columns.some(column => column.id === text.replace(/^-/, ''));
  const value = known ? text : otherwise;
  return { id: value.replace(/^-/, ''), desc: value.startsWith('-') };
}

export const sortText = (sort: Sort) => (sort.desc ? '-' : '') + sort.id;

// What a click on a column's title makes of the order.
export const nextSort = (sort: Sort, column: { id: string; descending?: boolean }): Sort => (sort.id === column.id ? { id: sort.id, desc: !sort.desc } : { id: column.id, desc: column.descending ?? false });

// Sorting what is nearly sorted is cheap: the order of last time is begun with, and a live list is nearly sorted always.
export class Sorter<V extends { id: string }> {
  private order = new Map<string, number>();
  private by = '';

  sort(rows: readonly V[], columns: readonly Sortable<V>[], sort: Sort): V[] {
    const column = columns.find(each => each.id === sort.id);
    if (!column) return [...rows];
    const sign = sort.desc ? -1 : 1;
    const by = sortText(sort);
    let sorted: V[];
    if (by === this.by && this.order.size) {
      const places = new Array<V | undefined>(this.order.size);
      const others: V[] = [];
      for (const row of rows) {
        const place = this.order.get(row.id);
        if (place === undefined) others.push(row);
        else places[place] = row;
      }
      sorted = places.filter((row): row is V => row !== undefined);
      sorted.push(...others);
    } else sorted = [...rows];
    sorted.sort((a, b) => sign * column.compare(a, b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
    this.by = by;
    this.order = new Map(sorted.map((row, i) => [row.id, i]));
    return sorted;
  }
}
