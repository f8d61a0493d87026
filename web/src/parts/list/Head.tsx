// SPDX-License-Identifier: BSD-2-Clause
// The head of a table: a click sorts, the edge of a column moves with the pointer or, when it has the focus, with arrows.

import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';

import { setParams } from '../../navigate';
import { texts } from '../../texts';
import css from '../DataTable.module.css';
import type { Column } from '../DataTable';
import { nextSort, sortText, type Sort } from './sort';

interface Props<V> {
  columns: Column<V>[];
  widths: Readonly<Record<string, number>>;
  setWidth: (id: string, rem: number | null) => void;
  sort: Sort;
  choose: ReactNode;
}

const LEAST_REM = 3;
const MOST_REM = 60;
const bound = (rem: number) => Math.round(Math.max(LEAST_REM, Math.min(MOST_REM, rem)) * 4) / 4;
const fontOf = () => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;

export function Head<V>({ columns, setWidth, sort, choose }: Props<V>) {
  return (
    <div role="rowgroup" className={css.head}>
      <div role="row" aria-rowindex={1} className={css.titles}>
        {choose && <div role="columnheader">{choose}</div>}
        {columns.map(column => {
          const sorted = sort.id === column.id ? (sort.desc ? 'descending' : 'ascending') : undefined;
          return (
            <div role="columnheader" key={column.id} className={column.end ? css.endTitle : css.title} aria-sort={sorted}>
              {column.title && (
                <button type="button" className={css.sort} onClick={() => setParams({ sort: sortText(nextSort(sort, column)) })} data-sorted={sorted}>
                  {column.title}
                  {sorted === 'ascending' && <IconArrowUp size={13} aria-hidden />}
                  {sorted === 'descending' && <IconArrowDown size={13} aria-hidden />}
                </button>
              )}
              <Edge column={column} setWidth={setWidth} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

// No stop for the tab key: twelve more would stand between the filter and the rows. The Columns menu has widths for the keyboard.
function Edge<V>({ column, setWidth }: { column: Column<V>; setWidth: Props<V>['setWidth'] }) {
  const begin = (event: PointerEvent<HTMLSpanElement>) => {
    event.preventDefault();
    const edge = event.currentTarget;
    const start = event.clientX;
    const width = edge.parentElement!.getBoundingClientRect().width;
    const font = fontOf();
    edge.setPointerCapture(event.pointerId);
    const move = (at: globalThis.PointerEvent) => setWidth(column.id, bound((width + at.clientX - start) / font));
    const end = () => {
      edge.removeEventListener('pointermove', move);
      edge.removeEventListener('pointerup', end);
      edge.removeEventListener('pointercancel', end);
    };
    edge.addEventListener('pointermove', move);
    edge.addEventListener('pointerup', end);
    edge.addEventListener('pointercancel', end);
  };
  return <span className={css.edge} title={texts.table.edge} aria-hidden="true" onPointerDown={begin} onDoubleClick={() => setWidth(column.id, null)} />;
}

export const widthStep = (event: KeyboardEvent, width: number): number | null => {
  const step = { ArrowLeft: -0.5, ArrowRight: 0.5 }[event.key];
  return step === undefined ? null : bound(width + step);
};
