// SPDX-License-Identifier: BSD-2-Clause
// The body of a list whose rows are alive: a table or cards, in groups or not, and only what is in sight of it in the page.
// Every line's height is known before it is drawn, and a row is drawn again only when it is another object.

import { IconChevronRight } from '@tabler/icons-react';
import { memo, useEffect, useMemo, useRef, type KeyboardEvent, type ReactNode } from 'react';

import { countText } from '../format';
import { store } from '../live';
import { NEWS_MS } from '../state/store';
import { texts } from '../texts';
import css from './DataTable.module.css';
import { ChooseAll, useToggle, type Choice } from './list/Choice';
import { Head } from './list/Head';
import { layLines, topsOf, type Group } from './list/lines';
import type { Field } from './list/filter';
import type { Density, View } from './list/prefs';
import type { Sort } from './list/sort';
import { useWindow } from './list/useWindow';
import { useNarrow, useRootFont } from './media';

export type { Choice } from './list/Choice';

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
  text?: (view: V) => string; // for a file
}

interface Props<V extends { id: string }> {
  label: string;
  rows: V[]; // in their order
  columns: Column<V>[]; // that are shown, in their order
  widths: Readonly<Record<string, number>>; // rem, of those that a person set
  setWidth: (id: string, rem: number | null) => void;
  sort: Sort;
  view: View;
  density: Density;
  group: Field<V> | null;
  groupTitle: (key: string) => ReactNode;
  closed: ReadonlySet<string>;
  toggleGroup: (key: string) => void;
  card: (view: V) => ReactNode;
  cardRem: number; // every card is this high
  empty: ReactNode;
  choice?: Choice | undefined; // rows can be chosen, for what is done to several at once
}

const ROW_REM: Record<Density, number> = { compact: 2.125, normal: 2.75, roomy: 3.5 };
const GROUP_REM = 2.5;
const HEAD_REM = 2.5;
const CARD_MIN_REM = 21;
const CARD_GAP_REM = 0.75;
const CHOICE_REM = 1.25;

export function DataTable<V extends { id: string }>(props: Props<V>) {
  const { label, rows, columns, widths, sort, density, group, closed, choice, card, empty } = props;
  const narrow = useNarrow();
  const font = useRootFont();
  const scroller = useRef<HTMLDivElement>(null);
  const cards = narrow || props.view === 'cards';
  const inner = useRef(0);
  const perLine = cards && !narrow ? Math.max(1, Math.floor((inner.current || 60 * font) / (CARD_MIN_REM * font))) : 1;
  const laid = useMemo(() => layLines(rows, perLine, group, closed), [rows, perLine, group, closed]);
  const rowHeight = Math.round((cards ? props.cardRem + (narrow ? 0 : CARD_GAP_REM) : ROW_REM[density]) * font);
  const tops = useMemo(() => topsOf(laid.lines, rowHeight, Math.round(GROUP_REM * font)), [laid, rowHeight, font]);
  const sight = useWindow(scroller, tops);
  // The first rendering does not know how wide it is; cards then fill another number of columns.
  inner.current = sight.width;

  const tracks = (choice ? `${CHOICE_REM}rem ` : '') + columns.map(column => (widths[column.id] ? `${widths[column.id]}rem` : `minmax(${column.min}rem, ${column.grow ?? 1}fr)`)).join(' ');
  const least = columns.reduce((sum, column) => sum + (widths[column.id] ?? column.min), 0) + (columns.length - 1) + 2 + (choice ? CHOICE_REM + 1 : 0);
  const toggle = useToggle(choice, laid.rows);
  const onKeyDown = useKeys(scroller, laid.rows, laid.lineOf, cards ? perLine : 1, (line: number) => sight.show(line, cards ? 0 : HEAD_REM * font), toggle);
  const total = tops[tops.length - 1]!;
  // Scrolled down when the list becomes another one: begin at its top.
  const key = `${sort.id} ${sort.desc} ${group?.id ?? ''} ${cards}`;
  useEffect(() => void scroller.current?.scrollTo({ top: 0 }), [key]);

  return (
    <div
      ref={scroller}
      className={css.scroller}
      role={rows.length === 0 ? 'region' : cards ? 'list' : 'table'}
      aria-label={label}
      aria-rowcount={cards || rows.length === 0 ? undefined : laid.lines.length + 1}
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid="list"
      data-cards={(cards && !narrow) || undefined}
      style={{ '--tracks': tracks, '--least': cards ? '0' : `${least}rem`, '--columns': perLine } as React.CSSProperties}
    >
      {!cards && rows.length > 0 && <Head columns={columns} widths={widths} setWidth={props.setWidth} sort={sort} choose={choice && <ChooseAll rows={rows} choice={choice} />} />}
      {rows.length === 0 ? (
        <div className={css.empty}>{empty}</div>
      ) : (
        <div role={cards ? 'presentation' : 'rowgroup'} className={css.body} style={{ height: total }}>
          {laid.lines.slice(sight.first, sight.end).map((line, i) => {
            const at = sight.first + i;
            const style = { height: tops[at + 1]! - tops[at]!, transform: `translateY(${tops[at]}px)` };
            if (line.kind === 'group') {
              return (
                <div key={`group ${line.group.key}`} role={cards ? 'listitem' : 'row'} aria-rowindex={cards ? undefined : at + 2} className={css.group} style={style}>
                  <GroupHead group={line.group} title={props.groupTitle(line.group.key)} toggle={props.toggleGroup} cell={!cards} />
                </div>
              );
            }
            if (!cards) {
              const view = line.rows[0]!;
              return (
                <div key={`${line.group} ${view.id}`} role="row" aria-rowindex={at + 2} data-index={line.first} className={css.line} style={style} data-chosen={choice?.ids.has(view.id) || undefined} {...news(view.id)}>
                  {toggle && <Chosen id={view.id} on={choice!.ids.has(view.id)} toggle={toggle} cell />}
                  <Cells view={view} columns={columns as unknown as Column<{ id: string }>[]} />
                </div>
              );
            }
            return (
              <div key={`${line.group} ${line.rows[0]!.id}`} role="presentation" className={css.cards} style={style}>
                {line.rows.map((view, place) => (
                  <div key={view.id} role="listitem" data-index={line.first + place} className={css.card} data-chosen={choice?.ids.has(view.id) || undefined} data-choice={toggle ? '' : undefined} {...news(view.id)}>
                    {toggle && <Chosen id={view.id} on={choice!.ids.has(view.id)} toggle={toggle} />}
                    <Drawn view={view} draw={card as (view: { id: string }) => ReactNode} />
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      )}
    </div>
  );
}

const Cells = memo(function Cells({ view, columns }: { view: { id: string }; columns: Column<{ id: string }>[] }) {
  return columns.map(column => (
    <div role="cell" key={column.id} className={column.end ? css.end : css.cell}>
      {column.cell(view)}
    </div>
  ));
});

const Drawn = memo(
  function Drawn({ view, draw }: { view: { id: string }; draw: (view: { id: string }) => ReactNode }) {
    return <div className={css.drawn}>{draw(view)}</div>;
  },
  // How a card is drawn is made anew at each rendering, and always draws the same.
  (a, b) => a.view === b.view,
);

const Chosen = memo(function Chosen({ id, on, toggle, cell }: { id: string; on: boolean; toggle: (id: string, range?: boolean) => void; cell?: boolean }) {
  const box = <input type="checkbox" className={css.choose} aria-label={texts.table.choose} checked={on} onChange={event => toggle(id, (event.nativeEvent as MouseEvent).shiftKey)} />;
  return cell ? <div role="cell">{box}</div> : box;
});

function GroupHead({ group, title, toggle, cell }: { group: Group; title: ReactNode; toggle: (key: string) => void; cell: boolean }) {
  const button = (
    <button type="button" className={css.groupHead} aria-expanded={group.open} onClick={() => toggle(group.key)}>
      <IconChevronRight size={15} aria-hidden data-open={group.open || undefined} />
      <strong>{title}</strong>
      <span className={css.groupCount}>{countText(group.count)}</span>
    </button>
  );
  return cell ? <div role="cell">{button}</div> : button;
}

// Arrows and j, k go from row to row, Enter opens (the link has the focus), Space chooses.
function useKeys<V extends { id: string }>(scroller: React.RefObject<HTMLElement | null>, rows: readonly V[], lineOf: Uint32Array, perLine: number, show: (line: number) => void, toggle: ((id: string, range?: boolean) => void) | undefined) {
  return (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const target = event.target as HTMLElement;
    if (target.closest('[role=columnheader], textarea, select, input:not([type=checkbox])')) return;
    const place = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('[data-index]');
    const from = place && scroller.current?.contains(place) ? Number(place.dataset.index) : -1;
    if (event.key === ' ' && from >= 0 && toggle && !target.matches('input, button')) {
      event.preventDefault();
      toggle(rows[from]!.id);
      return;
    }
    const page = perLine * Math.max(1, Math.floor((scroller.current!.clientHeight / scroller.current!.scrollHeight) * (lineOf.at(-1) ?? 0)) - 1);
    const steps: Record<string, number> = { ArrowDown: perLine, j: perLine, ArrowUp: -perLine, k: -perLine, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity, ...(perLine > 1 ? { ArrowRight: 1, ArrowLeft: -1 } : {}) };
    const step = steps[event.key];
    if (step === undefined || !rows.length) return;
    event.preventDefault();
    const to = from < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, from + step));
    show(lineOf[to]!);
    scroller.current?.querySelector<HTMLElement>(`[data-index="${to}"] a[data-row]`)?.focus({ preventScroll: true });
  };
}

// A row that came while we look is lit for a while, also when it is scrolled into view only then.
function news(id: string): { 'data-news'?: string } {
  const at = store.bornAt(id);
  return at !== undefined && performance.timeOrigin + performance.now() - at < NEWS_MS ? { 'data-news': '' } : {};
}
