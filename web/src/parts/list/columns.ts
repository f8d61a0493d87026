// SPDX-License-Identifier: BSD-2-Clause
// Which columns are shown, in which order. Pure.

interface Named {
  id: string;
  off?: boolean;
}

// ids in the order in which they are shown; of none that is known, the usual ones.
export function shownColumns<C extends Named>(columns: readonly C[], ids: readonly string[]): C[] {
  const found = ids.map(id => columns.find(column => column.id === id)).filter((column): column is C => column !== undefined);
  return found.length ? [...new Set(found)] : columns.filter(column => !column.off);
}

export const readColumns = <C extends Named>(columns: readonly C[], text: string | null, kept: readonly string[] | undefined): C[] => shownColumns(columns, text ? text.split(',') : (kept ?? []));
