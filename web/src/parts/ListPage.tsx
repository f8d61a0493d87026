// SPDX-License-Identifier: BSD-2-Clause
// The one list that all lists are: words and fields that filter, order, groups, columns, table and cards, new, CSV, and
// what is done to several at once. What is shown stands in the address; what a person likes is kept for the next time.

import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconDownload, IconPlus, IconSearchOff } from '@tabler/icons-react';
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';

import { errorText } from '../errors';
import { setParams } from '../navigate';
import { matches } from '../state/selectors';
import { texts } from '../texts';
import { BulkBar, CsvButton, RemoveButton } from './Bulk';
import { DataTable, type Column } from './DataTable';
import { Empty, Loading } from './Empty';
import { readColumns } from './list/columns';
import { filterRows, isFiltered, labelOf, readFilters, type Field } from './list/filter';
import { FilterChips, FilterMenu } from './list/FilterMenu';
import { groupRows } from './list/lines';
import { usePrefs } from './list/prefs';
import { readSort, Sorter } from './list/sort';
import { ColumnMenu, GroupMenu, ViewSwitch } from './list/ViewMenu';
import css from './ListPage.module.css';
import { useNarrow } from './media';
import { Page } from './Page';
import { Filter } from './Toolbar';

interface Props<V extends { id: string }> {
  title: string;
  name?: string; // under which it is kept how one likes to see it, when the title is not enough
  one: string; // what a row is called, such as "subnet"
  many?: string;
  placeholder: string; // of the filter
  rows: readonly V[] | null; // null: not there yet
  columns: Column<V>[];
  fields?: readonly Field<V>[]; // to filter and group by
  order: string; // as in the address: "-created"
  params: URLSearchParams;
  text: (row: V) => string; // what the filter looks in; small letters
  card: (row: V) => ReactNode;
  cardRem?: number; // every card is this high
  empty: ReactNode;
  nothing?: ReactNode; // rows there are, but none that is shown, for another reason than a filter
  problem?: unknown;
  note?: (shown: number, all: number) => ReactNode;
  add?: { title: string; run: () => void } | undefined;
  csv?: string | undefined;
  remove?: ((ids: string[]) => Promise<unknown>) | undefined;
  removable?: (row: V) => boolean;
  bulk?: (ids: string[], done: () => void) => ReactNode;
  choosable?: boolean; // also without anything to do but a file
  tools?: ReactNode;
  above?: ReactNode;
}

const noFields: never[] = [];
const CARD_REM = 5.5;

export function ListPage<V extends { id: string }>(props: Props<V>) {
  const { title, one, many = `${one}s`, rows, columns, fields = noFields as readonly Field<V>[], params, text, remove, bulk } = props;
  const narrow = useNarrow();
  const kept = usePrefs(props.name ?? title);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const query = useDeferredValue(params.get('q') ?? '');
  const filters = useMemo(() => readFilters(params, fields), [params, fields]);
  const worded = useMemo(() => (query.trim() ? (rows ?? []).filter(row => matches(text(row), query)) : (rows ?? [])), [rows, text, query]);
  const found = useMemo(() => filterRows(worded, fields, filters), [worded, fields, filters]);
  const shown = useMemo(() => readColumns(columns, params.get('cols'), kept.prefs.cols), [params, columns, kept.prefs.cols]);
  const sort = useMemo(() => readSort(params.get('sort'), columns, props.order), [params, columns, props.order]);
  const sorter = useRef(new Sorter<V>());
  const sorted = useMemo(() => sorter.current.sort(found, columns, sort), [found, columns, sort]);
  const view = params.get('view') === 'cards' || (params.get('view') === null && kept.prefs.view === 'cards') ? 'cards' : 'table';
  const groupId = params.get('group') ?? kept.prefs.group;
  const group = fields.find(field => field.id === groupId) ?? null;
  useEffect(() => setClosed(new Set()), [group?.id]);
  const chosen = useMemo(() => (ids.size ? sorted.filter(row => ids.has(row.id)) : []), [sorted, ids]);
  const chosenIds = chosen.map(row => row.id);
  const clear = () => setIds(new Set());
  const toggleGroup = useCallback(
    (key: string) =>
      setClosed(old => {
        const next = new Set(old);
        if (!next.delete(key)) next.add(key);
        return next;
      }),
    [],
  );
  const setWidth = useCallback((id: string, rem: number | null) => {
    const { [id]: _, ...others } = kept.prefs.widths ?? {};
    kept.keep({ widths: rem === null ? others : { ...others, [id]: rem } });
  }, [kept]);
  const canChoose = Boolean(remove || bulk || props.choosable) && found.length > 0;
  const all = rows?.length ?? 0;
  return (
    <Page
      fill
      title={title}
      note={rows && (props.note?.(found.length, all) ?? texts.table.shown(found.length, all, one, many))}
      tools={
        <>
          <Filter value={params.get('q') ?? ''} placeholder={props.placeholder} />
          {props.tools}
          <FilterMenu fields={fields} filters={filters} rows={worded} />
          <GroupMenu fields={fields} group={group?.id ?? null} keep={kept.keep} all={group ? { open: closed.size === 0, toggle: () => setClosed(closed.size ? new Set() : new Set(groupRows(found, group).map(each => each.key))) } : null} />
          {!narrow && <ViewSwitch view={view} keep={kept.keep} />}
          {props.csv && all > 0 && !narrow && (
            <Tooltip label={texts.table.csvHint}>
              <ActionIcon variant="default" size={36} component="a" href={props.csv} download aria-label={texts.table.csv}>
                <IconDownload size={17} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
          <ColumnMenu columns={columns} shown={shown} sort={sort} view={view} kept={kept} />
          {props.add && <Add {...props.add} />}
        </>
      }
    >
      {props.above}
      <FilterChips fields={fields} filters={filters} />
      {chosen.length > 0 && (
        <BulkBar count={chosen.length} clear={clear}>
          {bulk?.(chosenIds, clear)}
          <CsvButton name={title} rows={chosen} columns={shown} />
          {remove && <RemoveButton ids={chosen.filter(row => props.removable?.(row) ?? true).map(row => row.id)} one={one} many={many} remove={remove} done={clear} />}
        </BulkBar>
      )}
      <DataTable
        label={title}
        rows={sorted}
        columns={shown}
        widths={kept.prefs.widths ?? noWidths}
        setWidth={setWidth}
        sort={sort}
        view={view}
        density={kept.prefs.density ?? 'normal'}
        group={group}
        groupTitle={key => group && <GroupTitle field={group} value={key} />}
        closed={closed}
        toggleGroup={toggleGroup}
        card={props.card}
        cardRem={props.cardRem ?? CARD_REM}
        choice={canChoose ? { ids, set: setIds } : undefined}
        empty={<WhyEmpty {...props} all={rows?.length ?? null} filtered={Boolean(query.trim()) || isFiltered(filters)} clear={{ q: null, ...Object.fromEntries(fields.map(field => [field.id, null])) }} />}
      />
    </Page>
  );
}

const noWidths = {};

function Add({ title, run }: { title: string; run: () => void }) {
  const narrow = useNarrow();
  return narrow ? (
    <ActionIcon size={36} aria-label={title} onClick={run}>
      <IconPlus size={18} aria-hidden />
    </ActionIcon>
  ) : (
    <Button className={css.button} leftSection={<IconPlus size={16} aria-hidden />} onClick={run}>
      {title}
    </Button>
  );
}

function GroupTitle<V>({ field, value }: { field: Field<V>; value: string }) {
  const color = field.color?.(value);
  return (
    <>
      {color !== undefined && <span className={css.dot} data-color={color} />}
      {labelOf(field, value, texts.list.without)}
    </>
  );
}

interface WhyProps {
  all: number | null;
  filtered: boolean;
  clear: Record<string, null>;
  problem?: unknown;
  empty: ReactNode;
  nothing?: ReactNode;
  title: string;
}

function WhyEmpty({ all, filtered, clear, problem, empty, nothing, title }: WhyProps) {
  if (problem && all === null) return <Empty title={texts.table.unread(title)} hint={errorText(problem)} />;
  if (all === null) return <Loading />;
  if (!filtered) return all === 0 ? empty : nothing;
  if (all === 0 && nothing === undefined) return empty;
  return (
    <Empty icon={<IconSearchOff aria-hidden />} title={texts.table.nothing} hint={texts.table.nothingHint}>
      <Button variant="light" onClick={() => setParams(clear)}>
        {texts.table.clearFilters}
      </Button>
    </Empty>
  );
}
