// SPDX-License-Identifier: BSD-2-Clause
// A page that is one list of things people manage: filter, order, columns, new, CSV, and what is done to several at once.

import { Button } from '@mantine/core';
import { IconDownload, IconPlus, IconSearchOff } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState, type ReactNode } from 'react';

import { setParams } from '../navigate';
import { matches } from '../state/selectors';
import { texts } from '../texts';
import { BulkBar, RemoveButton } from './Bulk';
import { DataTable, readSort, type Column } from './DataTable';
import { Empty, Loading } from './Empty';
import { errorText } from '../errors';
import css from './ListPage.module.css';
import { Page } from './Page';
import { ColumnMenu, Filter, readColumns } from './Toolbar';

interface Props<V extends { id: string }> {
  title: string;
  one: string; // what a row is called, such as "subnet"
  many?: string;
  placeholder: string; // of the filter
  rows: V[] | null; // null: not there yet
  columns: Column<V>[];
  order: string; // as in the address: "-created"
  params: URLSearchParams;
  text: (row: V) => string; // what the filter looks in; small letters
  card: (row: V) => ReactNode;
  empty: ReactNode;
  problem?: unknown;
  add?: { title: string; run: () => void } | undefined;
  csv?: string | undefined;
  remove?: ((ids: string[]) => Promise<unknown>) | undefined;
  removable?: (row: V) => boolean;
  bulk?: (ids: string[], done: () => void) => ReactNode;
  tools?: ReactNode;
  above?: ReactNode;
}

export function ListPage<V extends { id: string }>(props: Props<V>) {
  const { title, one, many = `${one}s`, rows, columns, params, text, remove, bulk } = props;
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const query = useDeferredValue(params.get('q') ?? '');
  const found = useMemo(() => (rows ?? []).filter(row => matches(text(row), query)), [rows, text, query]);
  const chosen = useMemo(() => found.filter(row => ids.has(row.id)).map(row => row.id), [found, ids]);
  const shown = useMemo(() => readColumns(params.get('cols'), columns), [params, columns]);
  const sort = useMemo(() => readSort(params.get('sort'), columns, props.order), [params, columns, props.order]);
  const clear = () => setIds(new Set());
  const canChoose = Boolean(remove || bulk) && found.length > 0;
  return (
    <Page
      fill
      title={title}
      note={rows && texts.table.shown(found.length, rows.length, one, many)}
      tools={
        <>
          <Filter value={params.get('q') ?? ''} placeholder={props.placeholder} />
          {props.tools}
          {props.csv && rows && rows.length > 0 && (
            <Button variant="default" component="a" href={props.csv} download className={css.button} leftSection={<IconDownload size={16} aria-hidden />} title={texts.table.csvHint}>
              {texts.table.csv}
            </Button>
          )}
          {props.add && (
            <Button className={css.button} leftSection={<IconPlus size={16} aria-hidden />} onClick={props.add.run}>
              {props.add.title}
            </Button>
          )}
          <ColumnMenu columns={columns} shown={shown} sort={sort} />
        </>
      }
    >
      {props.above}
      {chosen.length > 0 && (
        <BulkBar count={chosen.length} clear={clear}>
          {bulk?.(chosen, clear)}
          {remove && <RemoveButton ids={found.filter(row => ids.has(row.id) && (props.removable?.(row) ?? true)).map(row => row.id)} one={one} many={many} remove={remove} done={clear} />}
        </BulkBar>
      )}
      <DataTable
        label={title}
        rows={found}
        columns={columns}
        shown={shown}
        sort={sort}
        card={props.card}
        choice={canChoose ? { ids, set: setIds } : undefined}
        empty={<WhyEmpty {...props} all={rows?.length ?? null} />}
      />
    </Page>
  );
}

function WhyEmpty({ all, problem, empty, title }: { all: number | null; problem?: unknown; empty: ReactNode; title: string }) {
  if (problem && all === null) return <Empty title={texts.table.unread(title)} hint={errorText(problem)} />;
  if (all === null) return <Loading />;
  if (all === 0) return empty;
  return (
    <Empty icon={<IconSearchOff aria-hidden />} title={texts.table.nothing} hint={texts.table.nothingHint}>
      <Button variant="light" onClick={() => setParams({ q: null })}>
        {texts.table.clearFilters}
      </Button>
    </Empty>
  );
}
