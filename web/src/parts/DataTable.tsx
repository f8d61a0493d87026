// SPDX-License-Identifier: BSD-2-Clause
// A list of rows that are alive: sorted, its columns chosen, only the visible part of it in the page. Wide screens
// get a table, narrow ones cards. Sorting and columns live in the address bar.

import { Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { getCoreRowModel, getSortedRowModel, useReactTable, type ColumnDef, type SortingState } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react';

import { NEWS_MS } from '../state/store';
import { store } from '../live';
import { setParams } from '../navigate';
import { texts } from '../texts';
import css from './DataTable.module.css';
import { useNarrow, useRootFont } from './media';

export interface Column<V> {
  id: string;
  title: string;
  min: number; // rem
  grow?: number;
  end?: boolean; // aligned to the end
  off?: boolean; // not shown unless chosen
  descending?: boolean; // first click sorts so
  compare: (a: V, b: V) => number;
  cell: (view: V) => ReactNode;
}

interface Props<V extends { id: string }> {
  label: string;
  rows: V[];
  columns: Column<V>[];
  shown: string[]; // column ids
  sort: SortingState;
  card: (view: V) => ReactNode;
  empty: ReactNode;
  choice?: Choice | undefined; // rows can be chosen, for what is done to several at once
}

export interface Choice {
  ids: ReadonlySet<string>;
  set: (ids: ReadonlySet<string>) => void;
}

const ROW_REM = 2.75;
const CARD_REM = 6.5;
const CHOICE_REM = 1.25;

export function DataTable<V extends { id: string }>({ label, rows, columns, shown, sort, card, empty, choice }: Props<V>) {
  const narrow = useNarrow();
  const font = useRootFont();
  const scroller = useRef<HTMLDivElement>(null);
  const visible = useMemo(() => columns.filter(column => shown.includes(column.id)), [columns, shown]);
  const definitions = useMemo(
    () =>
      columns.map(
        (column): ColumnDef<V> => ({
          id: column.id,
          accessorFn: row => row,
          sortingFn: (a, b) => column.compare(a.original, b.original),
          sortDescFirst: column.descending ?? false,
        }),
      ),
    [columns],
  );
  const table = useReactTable({
    data: rows,
    columns: definitions,
    state: { sorting: sort },
    getRowId: row => row.id,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
    enableSortingRemoval: false,
    onSortingChange: change => setParams({ sort: sortText(typeof change === 'function' ? change(sort) : change) }),
  });
  const sorted = table.getRowModel().rows;
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => (narrow ? CARD_REM : ROW_REM) * font,
    getItemKey: index => sorted[index]!.id,
    overscan: 12,
  });
  useEffect(() => virtual.measure(), [narrow, font, virtual]);

  const tracks = (choice ? `${CHOICE_REM}rem ` : '') + visible.map(column => `minmax(${column.min}rem, ${column.grow ?? 1}fr)`).join(' ');
  const width = visible.reduce((sum, column) => sum + column.min, 0) + (visible.length - 1) + 2 + (choice ? CHOICE_REM + 1 : 0);
  const toggle = useToggle(choice);

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const row = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('[data-index]');
    const from = row && scroller.current?.contains(row) ? Number(row.dataset.index) : -1;
    const to = Math.max(0, Math.min(sorted.length - 1, from + step));
    virtual.scrollToIndex(to);
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"] a[data-row]`)?.focus());
  };

  const items = virtual.getVirtualItems();
  return (
    <div
      ref={scroller}
      className={css.scroller}
      role={narrow ? 'list' : 'table'}
      aria-label={label}
      aria-rowcount={narrow ? undefined : sorted.length + 1}
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid="list"
    >
      {!narrow && (
        <div role="rowgroup" className={css.head} style={{ minWidth: `${width}rem` }}>
          <div role="row" aria-rowindex={1} className={css.row} style={{ gridTemplateColumns: tracks }}>
            {choice && (
              <div role="columnheader">
                <ChooseAll rows={rows} choice={choice} />
              </div>
            )}
            {visible.map(column => {
              const direction = table.getColumn(column.id)?.getIsSorted() || undefined;
              return (
                <div role="columnheader" key={column.id} className={column.end ? css.end : undefined} aria-sort={direction && (direction === 'asc' ? 'ascending' : 'descending')}>
                  <button type="button" className={css.sort} onClick={() => table.getColumn(column.id)?.toggleSorting()} data-sorted={direction}>
                    {column.title}
                    {direction === 'asc' && <IconArrowUp size={13} aria-hidden />}
                    {direction === 'desc' && <IconArrowDown size={13} aria-hidden />}
                  </button>
                </div>
              );
            })}
          </div>
        </div>
      )}
      {sorted.length === 0 ? (
        <div className={css.empty}>{empty}</div>
      ) : (
        <div role={narrow ? 'presentation' : 'rowgroup'} className={css.body} style={{ height: virtual.getTotalSize(), minWidth: narrow ? undefined : `${width}rem` }}>
          {items.map(item => {
            const view = sorted[item.index]!.original;
            return narrow ? (
              <div key={item.key} ref={virtual.measureElement} role="listitem" data-index={item.index} className={css.card} style={{ transform: `translateY(${item.start}px)` }} {...news(view.id)}>
                {choice ? (
                  <div className={css.chosenCard}>
                    <Checkbox aria-label={texts.table.choose} checked={choice.ids.has(view.id)} onChange={() => toggle!(view.id)} />
                    <div>{card(view)}</div>
                  </div>
                ) : (
                  card(view)
                )}
              </div>
            ) : (
              <Row key={item.key} view={view} columns={visible as Column<{ id: string }>[]} tracks={tracks} index={item.index} start={item.start} size={item.size} chosen={choice?.ids.has(view.id)} toggle={toggle} />
            );
          })}
        </div>
      )}
    </div>
  );
}

interface RowProps {
  view: { id: string };
  columns: Column<{ id: string }>[];
  tracks: string;
  index: number;
  start: number;
  size: number;
  chosen: boolean | undefined;
  toggle: ((id: string) => void) | undefined;
}

// The same function for as long as rows can be chosen, so that choosing one draws only that row again.
function useToggle(choice: Choice | undefined): ((id: string) => void) | undefined {
  const latest = useRef(choice);
  latest.current = choice;
  const toggle = useCallback((id: string) => {
    const ids = new Set(latest.current?.ids);
    if (!ids.delete(id)) ids.add(id);
    latest.current?.set(ids);
  }, []);
  return choice && toggle;
}

function ChooseAll({ rows, choice }: { rows: readonly { id: string }[]; choice: Choice }) {
  const count = rows.reduce((sum, row) => sum + Number(choice.ids.has(row.id)), 0);
  const all = rows.length > 0 && count === rows.length;
  return <Checkbox size="xs" aria-label={texts.table.chooseAll} checked={all} indeterminate={count > 0 && !all} onChange={() => choice.set(all ? new Set() : new Set(rows.map(row => row.id)))} />;
}

const Row = memo(function Row({ view, columns, tracks, index, start, size, chosen, toggle }: RowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      className={`${css.row} ${css.line}`}
      style={{ gridTemplateColumns: tracks, height: size, transform: `translateY(${start}px)` }}
      data-chosen={chosen || undefined}
      {...news(view.id)}
    >
      {toggle && (
        <div role="cell">
          <Checkbox size="xs" aria-label={texts.table.choose} checked={Boolean(chosen)} onChange={() => toggle(view.id)} />
        </div>
      )}
      {columns.map(column => (
        <div role="cell" key={column.id} className={column.end ? css.end : css.cell}>
          {column.cell(view)}
        </div>
      ))}
    </div>
  );
});

// A row that came while we look is lit for a while, also when it is scrolled into view only then.
function news(id: string): { 'data-news'?: string } {
  const at = store.bornAt(id);
  return at !== undefined && performance.timeOrigin + performance.now() - at < NEWS_MS ? { 'data-news': '' } : {};
}

const sortText = (sort: SortingState) => (sort[0] ? (sort[0].desc ? '-' : '') + sort[0].id : null);

export function readSort(text: string | null, columns: readonly { id: string }[], otherwise: string): SortingState {
  const known = (value: string | null) => value !== null && columns.some(column => column.id === value.replace(/^-/, ''));
  const value = known(text) ? text! : otherwise;
  return [{ id: value.replace(/^-/, ''), desc: value.startsWith('-') }];
}
