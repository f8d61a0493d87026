// SPDX-License-Identifier: BSD-2-Clause
// Choosing rows: one, all, and with Shift all between the last one and this.

import { useCallback, useEffect, useRef } from 'react';

import { texts } from '../../texts';
import css from '../DataTable.module.css';

export interface Choice {
  ids: ReadonlySet<string>;
  set: (ids: ReadonlySet<string>) => void;
}

// The same function for as long as rows can be chosen, so that choosing one draws only that row again.
export function useToggle(choice: Choice | undefined, rows: readonly { id: string }[]): ((id: string, range?: boolean) => void) | undefined {
  const latest = useRef({ choice, rows, last: '' });
  latest.current.choice = choice;
  latest.current.rows = rows;
  const toggle = useCallback((id: string, range = false) => {
    const { choice: now, rows: all, last } = latest.current;
    const ids = new Set(now?.ids);
    const on = !ids.has(id);
    const ends = range && last ? [all.findIndex(row => row.id === last), all.findIndex(row => row.id === id)].sort((a, b) => a - b) : [];
    const several = ends.length === 2 && ends[0]! >= 0 ? all.slice(ends[0], ends[1]! + 1).map(row => row.id) : [id];
    for (const each of several) {
      if (on) ids.add(each);
      else ids.delete(each);
    }
    latest.current.last = id;
    now?.set(ids);
  }, []);
  return choice && toggle;
}

export function ChooseAll({ rows, choice }: { rows: readonly { id: string }[]; choice: Choice }) {
  const box = useRef<HTMLInputElement>(null);
  const count = choice.ids.size ? rows.reduce((sum, row) => sum + Number(choice.ids.has(row.id)), 0) : 0;
  const all = rows.length > 0 && count === rows.length;
  useEffect(() => {
    if (box.current) box.current.indeterminate = count > 0 && !all;
  });
  return <input ref={box} type="checkbox" className={css.choose} aria-label={texts.table.chooseAll} checked={all} onChange={() => choice.set(all ? new Set() : new Set(rows.map(row => row.id)))} />;
}
