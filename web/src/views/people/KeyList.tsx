// SPDX-License-Identifier: BSD-2-Clause
// A list of keys, whoever's they are: made, changed, rotated, taken back; the key itself is shown once.

import { Button } from '@mantine/core';
import { IconKey, IconRotate } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';

import type { List } from '../../api';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import type { Field } from '../../parts/list/filter';
import { ListPage } from '../../parts/ListPage';
import { NEW, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { SecretModal } from '../../parts/SecretModal';
import { changed, useRemote } from '../../remote';
import { texts } from '../../texts';
import { wordField } from '../fields';
import { KeyState, keyText, stateOf, Used, type AnyKey } from './key';

const words = texts.people.keys;

export interface SheetProps<K> {
  of: K | null; // null: a new one
  close: () => void;
  made: (key: string) => void;
  saved: () => void;
}

interface Props<K extends AnyKey> {
  params: URLSearchParams;
  tools: ReactNode;
  name: string; // under which they are kept, also what says that they have changed
  read: () => Promise<List<K>>;
  columns: Column<K>[];
  fields?: Field<K>[];
  text?: (key: K) => string | null;
  line: (key: K) => ReactNode; // of its card
  emptyHint: string;
  csv: string;
  remove: (ids: string[]) => Promise<unknown>;
  sheet: (props: SheetProps<K>) => ReactNode;
  below?: (key: string) => ReactNode; // what to do with a key that was just made
}

const stateField = wordField<AnyKey>('state', words.state, stateOf, state => words[state as 'on' | 'off' | 'expired']);

export function KeyList<K extends AnyKey>(props: Props<K>) {
  const edit = useEdit(props.params);
  const [secret, setSecret] = useState<string | null>(null);
  const { value, problem } = useRemote(props.name, props.read);
  const edited = value?.rows.find(key => key.id === edit.id);
  const fields = [stateField as unknown as Field<K>, ...(props.fields ?? [])];
  const again = () => changed(props.name);
  const made = (key: string) => {
    again();
    edit.close();
    setSecret(key);
  };
  const saved = () => {
    again();
    edit.close();
  };
  return (
    <>
      <ListPage
        title={words.title}
        name={props.name}
        one={words.one}
        placeholder={words.filter}
        rows={value?.rows ?? null}
        problem={problem}
        columns={props.columns}
        fields={fields}
        order="name"
        params={props.params}
        text={key => keyText(key, props.text?.(key) ?? null)}
        card={key => (
          <ThingCard title={<RowLink id={key.id}>{key.name}</RowLink>} aside={<KeyState of={key} />}>
            <span className="mono">{key.prefix}…</span>
            {props.line(key)}
            <Used of={key} />
          </ThingCard>
        )}
        empty={
          <Empty icon={<IconKey aria-hidden />} title={words.emptyTitle} hint={props.emptyHint}>
            <Button variant="light" onClick={() => edit.open(NEW)}>{texts.list.first(words.one)}</Button>
          </Empty>
        }
        tools={props.tools}
        add={{ title: words.new, run: () => edit.open(NEW) }}
        csv={props.csv}
        remove={ids => props.remove(ids).then(again)}
      />
      {edit.isNew && props.sheet({ of: null, close: edit.close, made, saved })}
      {edited && <Keyed key={`${edited.id} ${edited.revision}`}>{props.sheet({ of: edited, close: edit.close, made, saved })}</Keyed>}
      {secret && (
        <SecretModal title={words.title} hint={words.once} label={words.key} text={secret} close={() => setSecret(null)}>
          {props.below?.(secret)}
        </SecretModal>
      )}
    </>
  );
}

// Made anew when the key it is about is another, or was changed.
const Keyed = ({ children }: { children: ReactNode }) => children;

export const RotateButton = ({ run }: { run: () => void }) => (
  <Button variant="default" leftSection={<IconRotate size={16} aria-hidden />} onClick={run}>
    {words.rotate}
  </Button>
);
