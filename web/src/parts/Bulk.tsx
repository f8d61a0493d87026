// SPDX-License-Identifier: BSD-2-Clause
// What is done to the chosen rows of a list at once.

import { Button } from '@mantine/core';
import { IconDownload, IconTrash, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { errorText } from '../errors';
import { texts } from '../texts';
import css from './Bulk.module.css';
import { csvText, download } from './list/csv';
import { confirm, say } from './overlay';

export function BulkBar({ count, clear, children }: { count: number; clear: () => void; children: ReactNode }) {
  return (
    <div className={css.bulk} role="toolbar" aria-label={texts.table.bulk}>
      <strong>{texts.table.chosen(count)}</strong>
      {children}
      <Button size="compact-sm" variant="subtle" leftSection={<IconX size={14} aria-hidden />} onClick={clear}>
        {texts.table.chooseNone}
      </Button>
    </div>
  );
}

export function RemoveButton({ ids, one, many, remove, done }: { ids: string[]; one: string; many: string; remove: (ids: string[]) => Promise<unknown>; done: () => void }) {
  const run = async () => {
    if (!(await confirm({ ...texts.table.remove(ids.length, one, many), danger: true }))) return;
    try {
      await remove(ids);
      say(texts.table.removed(ids.length, one, many));
      done();
    } catch (error) {
      say(errorText(error), { tone: 'bad' });
    }
  };
  return (
    <Button size="compact-sm" variant="default" leftSection={<IconTrash size={14} aria-hidden />} disabled={!ids.length} onClick={() => void run()}>
      {texts.delete}
    </Button>
  );
}

// The chosen rows as they are shown here.
export function CsvButton<V>({ name, rows, columns }: { name: string; rows: readonly V[]; columns: readonly { title: string; text?: (row: V) => string }[] }) {
  if (!columns.some(column => column.text)) return null;
  return (
    <Button size="compact-sm" variant="default" leftSection={<IconDownload size={14} aria-hidden />} title={texts.list.csvChosenHint} onClick={() => download(`${name.toLowerCase().replaceAll(' ', '-')}.csv`, 'text/csv', csvText(rows, columns))}>
      {texts.list.csvChosen}
    </Button>
  );
}
