// SPDX-License-Identifier: BSD-2-Clause
// The picture as a tree: places and what is in them, as words. For those who listen, for the keyboard, and for who knows
// what it is called. Only the rows in sight are in the page.

import { IconChevronRight } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';

import { countText } from '../../format';
import { matches } from '../../state/selectors';
import { texts } from '../../texts';
import { useGraphNow } from '../../topology/session/useTopology';
import type { Desk } from './desk';
import css from './Outline.module.css';
import { outlineOf, type OutlineRow } from './outlineOf';
import { Sign } from './Sign';

const words = texts.topology.outline;
const ROW = 34;
const OPEN_MAX = 60; // a picture of at most so many things begins unfolded

export default function Outline({ desk }: { desk: Desk }) {
  const { stage, address } = desk.session;
  const graph = useGraphNow(stage, 2000);
  const [query, setQuery] = useState('');
  const [folded, setFolded] = useState<ReadonlySet<string> | null>(null);
  const [active, setActive] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);

  const closed = folded ?? (graph.nodes.size > OPEN_MAX ? new Set(graph.containers.keys()) : new Set<string>());
  const rows = useMemo(() => {
    const text = query.trim().toLowerCase();
    return text ? outlineOf(graph, new Set(), thing => matches(thing.text, text)) : outlineOf(graph, closed, () => true);
  }, [graph, folded, query]);
  const at = Math.min(active, rows.length - 1);
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at);
  }, [at]);

  const fold = (id: string, shut: boolean) => setFolded(new Set(shut ? [...closed, id] : [...closed].filter(each => each !== id)));
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    if (!row) return;
    const parent = () => rows.findLastIndex((each, i) => i < at && each.level < row.level);
    const act: Record<string, () => void> = {
      ArrowDown: () => setActive(Math.min(at + 1, rows.length - 1)),
      ArrowUp: () => setActive(Math.max(at - 1, 0)),
      Home: () => setActive(0),
      End: () => setActive(rows.length - 1),
      ArrowRight: () => (row.open === false ? fold(row.id, false) : setActive(Math.min(at + 1, rows.length - 1))),
      ArrowLeft: () => (row.open ? fold(row.id, true) : setActive(Math.max(parent(), 0))),
      Enter: () => desk.show(row.id),
      ' ': () => desk.show(row.id),
    };
    if (!act[event.key]) return;
    event.preventDefault();
    act[event.key]!();
  };
  const item = (row: OutlineRow, i: number, top: number) => (
    <div
      key={row.id}
      id={`outline-${i}`}
      role="treeitem"
      aria-level={row.level}
      aria-selected={address.selected === row.id}
      aria-setsize={row.of}
      aria-posinset={row.place}
      {...(row.open === null ? {} : { 'aria-expanded': row.open })}
      className={css.row}
      data-active={i === at || undefined}
      data-container={row.open !== null || undefined}
      style={{ transform: `translateY(${top}px)`, paddingInlineStart: `${0.4 + (row.level - 1) * 1.05}rem` }}
      onClick={() => {
        setActive(i);
        desk.show(row.id);
      }}
    >
      {row.open === null ? (
        <span className={css.gap} />
      ) : (
        <span
          className={css.fold}
          data-open={row.open || undefined}
          onClick={event => {
            event.stopPropagation();
            fold(row.id, row.open!);
          }}
        >
          <IconChevronRight size={15} aria-hidden />
        </span>
      )}
      <Sign name={row.icon} size={16} />
      <span className={css.title}>{row.title}</span>
      <span className={css.about}>{row.open === null ? row.subtitle : countText(row.count)}</span>
    </div>
  );
  return (
    <div className={css.outline}>
      <div className={css.filter}>
        <input type="search" aria-label={words.filter} placeholder={words.filter} value={query} onChange={event => setQuery(event.currentTarget.value)} onKeyDown={event => event.key === 'ArrowDown' && scroller.current?.focus()} />
        <p className={css.hint}>{words.hint}</p>
      </div>
      {rows.length === 0 && <p className={css.none}>{words.empty}</p>}
      <div ref={scroller} className={css.tree} role="tree" aria-label={words.title} tabIndex={0} aria-activedescendant={at >= 0 ? `outline-${at}` : undefined} onKeyDown={onKeyDown} data-testid="outline">
        <div role="none" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, start }) => item(rows[index]!, index, start))}
        </div>
      </div>
    </div>
  );
}
