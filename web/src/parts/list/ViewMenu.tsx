// SPDX-License-Identifier: BSD-2-Clause
// How a list is shown: table or cards, in groups, in which order, how dense, and which columns, in their order and width.

import { ActionIcon, Button, Popover, SegmentedControl, Tooltip } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconArrowDown, IconArrowUp, IconLayoutGrid, IconLayoutList, IconStack2 } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';

import { setParams } from '../../navigate';
import { texts } from '../../texts';
import { Choice } from '../Fields';
import { useNarrow } from '../media';
import { shownColumns } from './columns';
import type { Field } from './filter';
import { widthStep } from './Head';
import { MenuButton } from './MenuButton';
import css from './Menus.module.css';
import { densities, type Kept, type View } from './prefs';
import type { Sort } from './sort';

const words = texts.list;

interface ColumnName {
  id: string;
  title: string;
  min: number;
  off?: boolean;
}

const FLAT = '-';

// In groups, by which field.
interface GroupMenuProps<V> {
  fields: readonly Field<V>[];
  group: string | null;
  keep: Kept['keep'];
  all: { open: boolean; toggle: () => void } | null; // all groups at once
}

export function GroupMenu<V>({ fields, group, keep, all }: GroupMenuProps<V>) {
  const [opened, setOpened] = useState(false);
  if (!fields.length) return null;
  const choose = (id: string | null) => {
    setOpened(false);
    keep({ group: id ?? '' });
    setParams({ group: id });
  };
  const title = fields.find(field => field.id === group)?.title;
  const option = (id: string | null, name: string) => (
    <li key={id ?? FLAT}>
      <label className={css.option}>
        <input type="radio" name="group" checked={group === id} onChange={() => choose(id)} />
        <span>{name}</span>
      </label>
    </li>
  );
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="md" width={220} trapFocus returnFocus>
      <Popover.Target>
        <MenuButton Sign={IconStack2} on={title !== undefined} opened={opened} open={() => setOpened(!opened)}>
          {title ? words.groupedBy(title) : words.group}
        </MenuButton>
      </Popover.Target>
      <Popover.Dropdown className={css.panel} aria-label={words.groupBy}>
        <ul className={css.options}>
          {option(null, words.ungrouped)}
          {fields.map(field => option(field.id, field.title))}
        </ul>
        {all && (
          <Button fullWidth size="compact-sm" variant="subtle" onClick={all.toggle}>
            {all.open ? words.closeAll : words.openAll}
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

export function ViewSwitch({ view, keep }: { view: View; keep: Kept['keep'] }) {
  const choose = (next: string) => {
    keep({ view: next as View });
    setParams({ view: next === 'cards' ? next : null });
  };
  const label = (Sign: typeof IconLayoutList, name: string) => (
    <Tooltip label={name}>
      <span className={css.sign}>
        <Sign size={17} aria-hidden />
        <span className="hidden">{name}</span>
      </span>
    </Tooltip>
  );
  return (
    <SegmentedControl
      aria-label={words.view}
      value={view}
      onChange={choose}
      data={[
        { value: 'table', label: label(IconLayoutList, words.table) },
        { value: 'cards', label: label(IconLayoutGrid, words.cards) },
      ]}
    />
  );
}

interface ColumnMenuProps<C extends ColumnName> {
  columns: readonly C[];
  shown: readonly C[];
  sort: Sort;
  view: View;
  kept: Kept;
}

export function ColumnMenu<C extends ColumnName>({ columns, shown, sort, view, kept }: ColumnMenuProps<C>) {
  const narrow = useNarrow();
  const order = narrow || view === 'cards';
  const { prefs, keep } = kept;
  const set = (ids: string[]) => {
    const usual = shownColumns(columns, []).map(column => column.id);
    keep({ cols: ids });
    setParams({ cols: ids.join() === usual.join() ? null : ids.join() });
  };
  const ids = shown.map(column => column.id);
  const toggle = (id: string) => {
    const next = ids.includes(id) ? ids.filter(each => each !== id) : [...ids, id];
    if (next.length) set(next);
  };
  const move = (id: string, by: number) => {
    const next = ids.filter(each => each !== id);
    next.splice(ids.indexOf(id) + by, 0, id);
    set(next);
  };
  const inOrder = [...shown, ...columns.filter(column => !ids.includes(column.id))].filter(column => column.title);
  const width = (column: C) => prefs.widths?.[column.id] ?? column.min;
  const sized = Object.keys(prefs.widths ?? {}).length > 0;
  return (
    <Menu title={order ? texts.table.order : texts.table.columns}>
      {order ? (
        <>
          <Choice label={texts.table.order} options={columns.filter(column => column.title).map(column => ({ value: column.id, label: column.title }))} value={sort.id} change={id => setParams({ sort: (sort.desc ? '-' : '') + id })} />
          <SegmentedControl className={css.wide} size="xs" aria-label={words.direction} value={sort.desc ? 'down' : 'up'} onChange={way => setParams({ sort: (way === 'down' ? '-' : '') + sort.id })} data={[{ value: 'up', label: words.ascending }, { value: 'down', label: words.descending }]} />
        </>
      ) : (
        <>
          <ul className={css.options} aria-label={texts.table.columns}>
            {inOrder.map(column => {
              const on = ids.includes(column.id);
              const at = ids.indexOf(column.id);
              return (
                <li key={column.id} className={css.columnRow}>
                  <label className={css.option}>
                    <input type="checkbox" checked={on} onChange={() => toggle(column.id)} onKeyDown={event => { const rem = on ? widthStep(event, width(column)) : null; if (rem !== null) { event.preventDefault(); keep({ widths: { ...prefs.widths, [column.id]: rem } }); } }} />
                    <span>{column.title}</span>
                  </label>
                  {on && (
                    <>
                      <ActionIcon variant="subtle" color="gray" size="sm" disabled={at === 0} aria-label={words.earlier(column.title)} onClick={() => move(column.id, -1)}><IconArrowUp size={14} /></ActionIcon>
                      <ActionIcon variant="subtle" color="gray" size="sm" disabled={at === ids.length - 1} aria-label={words.later(column.title)} onClick={() => move(column.id, 1)}><IconArrowDown size={14} /></ActionIcon>
                    </>
                  )}
                </li>
              );
            })}
          </ul>
          <p className={css.hint}>{words.widthHint}</p>
          <SegmentedControl className={css.wide} size="xs" aria-label={words.density} value={prefs.density ?? 'normal'} onChange={density => keep({ density: density as (typeof densities)[number] })} data={densities.map(each => ({ value: each, label: words.densities[each] }))} />
          <Button size="compact-sm" variant="subtle" disabled={!sized && ids.join() === shownColumns(columns, []).map(column => column.id).join()} onClick={() => { set(shownColumns(columns, []).map(column => column.id)); keep({ widths: {} }); }}>
            {texts.table.resetColumns}
          </Button>
        </>
      )}
    </Menu>
  );
}

function Menu({ title, children }: { title: string; children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" shadow="md" width={280} trapFocus returnFocus closeOnClickOutside>
      <Popover.Target>
        <Tooltip label={title} disabled={opened}>
          <ActionIcon className={css.columns} variant="default" size={36} aria-label={title} aria-haspopup="dialog" aria-expanded={opened} onClick={() => setOpened(!opened)}>
            <IconAdjustmentsHorizontal size={18} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={css.panel} aria-label={title}>
        <div className={css.stack}>{children}</div>
      </Popover.Dropdown>
    </Popover>
  );
}
