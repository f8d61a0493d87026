// SPDX-License-Identifier: BSD-2-Clause
// What keys of sensors and of people have alike.

import { Checkbox } from '@mantine/core';

import { dayText } from '../../format';
import { Ago } from '../../parts/Ago';
import { Chip } from '../../parts/Chips';
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
  created_at: number;
}

const hasEnded = (key: AnyKey) => key.expires_at !== null && key.expires_at * 1000 < Date.now();

export function KeyState({ of }: { of: AnyKey }) {
  if (hasEnded(of)) return <Chip tone="bad">{words.expired}</Chip>;
  return of.is_enabled ? <Chip tone="live">{words.on}</Chip> : <Chip tone="warn">{words.off}</Chip>;
}

export const Used = ({ of }: { of: AnyKey }) => (of.last_used === null ? <span className="dim">{texts.never}</span> : <Ago at={of.last_used} />);

export function keyColumns<K extends AnyKey>(middle: Column<K>[]): Column<K>[] {
  return [
    { id: 'name', title: words.name, min: 9, grow: 2, compare: (a, b) => compareText(a.name, b.name), cell: key => <RowLink id={key.id}>{key.name}</RowLink> },
    { id: 'key', title: words.key, min: 7, grow: 0.8, compare: (a, b) => compareText(a.prefix, b.prefix), cell: key => <span className="mono dim">{key.prefix}…</span> },
    ...middle,
    { id: 'state', title: words.state, min: 5, grow: 0.6, compare: (a, b) => Number(a.is_enabled) - Number(b.is_enabled), cell: key => <KeyState of={key} /> },
    { id: 'expires', title: words.expires, min: 6.5, grow: 0.7, compare: byNumber(key => key.expires_at ?? Infinity), cell: key => (key.expires_at === null ? <span className="dim">{texts.never}</span> : dayText(key.expires_at)) },
    { id: 'used', title: words.lastUsed, min: 5.5, grow: 0.6, end: true, descending: true, compare: byNumber(key => key.last_used ?? 0), cell: key => <Used of={key} /> },
    { id: 'made', title: words.made, min: 5.5, grow: 0.6, end: true, descending: true, compare: byNumber(key => key.created_at), cell: key => <Ago at={key.created_at} /> },
  ];
}

export const keyText = (key: AnyKey, ...more: (string | null)[]) => `\n${[key.name, key.prefix, ...more].filter(Boolean).join('\n')}\n`.toLowerCase();

export function EnabledField({ value, change }: { value: boolean; change: (value: boolean) => void }) {
  return <Checkbox label={words.enabled} description={words.enabledHint} checked={value} onChange={event => change(event.currentTarget.checked)} />;
}
