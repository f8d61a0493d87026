// SPDX-License-Identifier: BSD-2-Clause
// What keys of sensors and of people have alike.

import { Checkbox, TextInput } from '@mantine/core';

import { dayText } from '../../format';
import { Ago } from '../../parts/Ago';
import { Chip, type Tone } from '../../parts/Chips';
import { DayField } from '../../parts/Fields';
import type { Form } from '../../parts/form';
import type { Column } from '../../parts/DataTable';
import { RowLink } from '../../parts/Manage';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { byNumber } from '../list';

const words = texts.people.keys;

export interface AnyKey {
  id: string;
  name: string;
  prefix: string;
  is_enabled: boolean;
  expires_at: number | null;
  last_used: number | null;
  revision: number;
  created_at: number;
}

const hasEnded = (key: AnyKey) => key.expires_at !== null && key.expires_at * 1000 < Date.now();

export const stateOf = (key: AnyKey): 'on' | 'off' | 'expired' => (hasEnded(key) ? 'expired' : key.is_enabled ? 'on' : 'off');

const tones: Record<string, Tone> = { on: 'live', off: 'warn', expired: 'bad' };

export const KeyState = ({ of }: { of: AnyKey }) => <Chip tone={tones[stateOf(of)]!}>{words[stateOf(of)]}</Chip>;

export const Used = ({ of }: { of: AnyKey }) => (of.last_used === null ? <span className="dim">{texts.never}</span> : <Ago at={of.last_used} />);

export function keyColumns<K extends AnyKey>(middle: Column<K>[]): Column<K>[] {
  return [
    { id: 'name', title: words.name, min: 9, grow: 2, compare: (a, b) => compareText(a.name, b.name), cell: key => <RowLink id={key.id}>{key.name}</RowLink>, text: key => key.name },
    { id: 'key', title: words.key, min: 7, grow: 0.8, compare: (a, b) => compareText(a.prefix, b.prefix), cell: key => <span className="mono dim">{key.prefix}…</span>, text: key => key.prefix },
    ...middle,
    { id: 'state', title: words.state, min: 5, grow: 0.6, compare: (a, b) => Number(a.is_enabled) - Number(b.is_enabled), cell: key => <KeyState of={key} />, text: key => words[stateOf(key)] },
    { id: 'expires', title: words.expires, min: 6.5, grow: 0.7, compare: byNumber(key => key.expires_at ?? Infinity), cell: key => (key.expires_at === null ? <span className="dim">{texts.never}</span> : dayText(key.expires_at)) },
    { id: 'used', title: words.lastUsed, min: 5.5, grow: 0.6, end: true, descending: true, compare: byNumber(key => key.last_used ?? 0), cell: key => <Used of={key} /> },
    { id: 'made', title: words.made, min: 5.5, grow: 0.6, end: true, descending: true, compare: byNumber(key => key.created_at), cell: key => <Ago at={key.created_at} /> },
  ];
}

export const keyText = (key: AnyKey, ...more: (string | null)[]) => `\n${[key.name, key.prefix, ...more].filter(Boolean).join('\n')}\n`.toLowerCase();

export interface KeyValues {
  name: string;
  is_enabled: boolean;
  expires_at: number | null;
}

export const keyValues = (of: AnyKey | null): KeyValues => ({ name: of?.name ?? '', is_enabled: of?.is_enabled ?? true, expires_at: of?.expires_at ?? null });

export const NameField = <V extends KeyValues>({ form }: { form: Form<V> }) => <TextInput data-autofocus label={words.name} description={words.nameHint} {...form.text('name')} />;

// Until when it is good; and for one that is there, whether it is at all.
export function LifeFields<V extends KeyValues>({ form, isNew }: { form: Form<V>; isNew: boolean }) {
  const { values, errors } = form;
  return (
    <>
      {!isNew && <Checkbox label={words.enabled} description={words.enabledHint} checked={values.is_enabled} onChange={event => form.set('is_enabled', event.currentTarget.checked as V['is_enabled'])} />}
      <DayField label={words.expires} description={words.expiresHint} value={values.expires_at} change={day => form.set('expires_at', day as V['expires_at'])} error={errors.expires_at} />
    </>
  );
}
