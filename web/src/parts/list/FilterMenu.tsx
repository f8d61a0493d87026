// SPDX-License-Identifier: BSD-2-Clause
// Filters by field: first which field, then its values with how many rows have each. The chosen ones stand as chips
// above the list, each with its way out. All of it in the address bar.

import { Popover, TextInput } from '@mantine/core';
import { IconArrowLeft, IconChevronRight, IconFilter, IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';

import { countText } from '../../format';
import { setParams } from '../../navigate';
import { texts } from '../../texts';
import { countKeys, filterRows, filterText, labelOf, toggled, type Field, type Filters } from './filter';
import { MenuButton } from './MenuButton';
import css from './Menus.module.css';

const words = texts.list;
const SEARCH_FROM = 9; // values, from which on they can be searched
const SHOWN_MAX = 200;

interface Props<V> {
  fields: readonly Field<V>[];
  filters: Filters;
  rows: readonly V[]; // before any filter
}

const set = (id: string, keys: readonly string[]) => setParams({ [id]: filterText(keys) });

export function FilterMenu<V>({ fields, filters, rows }: Props<V>) {
  const [opened, setOpened] = useState(false);
  const [at, setAt] = useState<string | null>(null);
  const field = fields.find(each => each.id === at);
  const count = Object.keys(filters).length;
  if (!fields.length) return null;
  return (
    <Popover opened={opened} onChange={setOpened} onClose={() => setAt(null)} position="bottom-end" shadow="md" width={300} trapFocus returnFocus>
      <Popover.Target>
        <MenuButton Sign={IconFilter} on={count > 0} opened={opened} open={() => setOpened(!opened)}>
          {count ? words.filtersOn(count) : words.filters}
        </MenuButton>
      </Popover.Target>
      <Popover.Dropdown className={css.panel} aria-label={words.filters}>
        {field ? (
          <Values key={field.id} field={field} fields={fields} filters={filters} rows={rows} back={() => setAt(null)} />
        ) : (
          <ul className={css.options}>
            {fields.map((each, i) => (
              <li key={each.id}>
                <button type="button" data-autofocus={i === 0 || undefined} className={css.option} onClick={() => setAt(each.id)}>
                  <span>{each.title}</span>
                  {filters[each.id] && <span className={css.chosen}>{filters[each.id]!.map(key => labelOf(each, key, words.without)).join(', ')}</span>}
                  <IconChevronRight size={15} aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function Values<V>({ field, fields, filters, rows, back }: Props<V> & { field: Field<V>; back: () => void }) {
  const [search, setSearch] = useState('');
  const chosen = filters[field.id] ?? [];
  const counted = useMemo(() => countKeys(filterRows(rows, fields, filters, field.id), field, chosen), [rows, fields, filters, field, chosen]);
  const found = counted.filter(({ key }) => labelOf(field, key, words.without).toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <div role="group" aria-label={field.title}>
      <div className={css.top}>
        <button type="button" data-autofocus className={css.back} onClick={back}>
          <IconArrowLeft size={15} aria-hidden /> {field.title}
        </button>
        {chosen.length > 0 && (
          <button type="button" className={css.back} onClick={() => set(field.id, [])}>
            {texts.clear}
          </button>
        )}
      </div>
      {counted.length >= SEARCH_FROM && <TextInput size="xs" aria-label={words.searchValues} placeholder={words.searchValues} value={search} onChange={event => setSearch(event.currentTarget.value)} className={css.search} />}
      <ul className={css.options}>
        {found.slice(0, SHOWN_MAX).map(({ key, count }) => (
          <li key={key}>
            <label className={css.option}>
              <input type="checkbox" checked={chosen.includes(key)} onChange={() => set(field.id, toggled(chosen, key))} />
              {field.color?.(key) !== undefined && <span className={css.dot} data-color={field.color(key)} />}
              <span>{labelOf(field, key, words.without)}</span>
              <span className={css.count}>{countText(count)}</span>
            </label>
          </li>
        ))}
        {found.length === 0 && <li className={css.none}>{texts.table.nothing}</li>}
        {found.length > SHOWN_MAX && <li className={css.none}>{words.moreValues(found.length - SHOWN_MAX)}</li>}
      </ul>
    </div>
  );
}

export function FilterChips<V>({ fields, filters }: Omit<Props<V>, 'rows'>) {
  const active = fields.filter(field => filters[field.id]);
  if (!active.length) return null;
  return (
    <ul className={css.chips} aria-label={words.filters}>
      {active.map(field => (
        <li key={field.id} className={css.chip}>
          <span className={css.of}>{field.title}</span>
          <span className={css.values}>{filters[field.id]!.map(key => labelOf(field, key, words.without)).join(', ')}</span>
          <button type="button" aria-label={words.without1(field.title)} onClick={() => set(field.id, [])}>
            <IconX size={13} aria-hidden />
          </button>
        </li>
      ))}
      {active.length > 1 && (
        <li>
          <button type="button" className={css.back} onClick={() => setParams(Object.fromEntries(active.map(field => [field.id, null])))}>
            {texts.table.clearFilters}
          </button>
        </li>
      )}
    </ul>
  );
}
