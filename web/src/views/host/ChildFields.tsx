// SPDX-License-Identifier: BSD-2-Clause
// What the lists inside the host editor share: a field that says what is wrong with it once it is left, the mark of what
// discovery saw, and the buttons that move and remove.

import { ActionIcon, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useState } from 'react';

import { Chip } from '../../parts/Chips';
import { problemsOf } from '../../parts/schema';
import { useApi } from '../../parts/useApi';
import { texts } from '../../texts';

const words = texts.editHost;

// What is wrong with one field of a part of the host, by the operation that would make such a part.
export function useProblem(operation: string): (field: string, value: unknown) => string | null {
  const api = useApi().value;
  return (field, value) => (api ? (problemsOf(api, operation, { [field]: value }, [field])[field] ?? null) : null);
}

interface TextProps {
  label: string;
  value: string;
  change: (value: string) => void;
  problem: string | null;
  placeholder?: string;
  mono?: boolean;
  readOnly?: boolean;
  hidden?: boolean; // the label is for those who do not see the column's head
  inputMode?: 'numeric';
  focus?: boolean;
}

export function ChildText({ label, value, change, problem, placeholder, mono, readOnly, hidden, inputMode, focus }: TextProps) {
  const [left, setLeft] = useState(false);
  return (
    <TextInput
      {...(hidden ? { 'aria-label': label } : { label })}
      value={value}
      error={left ? problem : null}
      spellCheck={false}
      readOnly={readOnly ?? false}
      autoFocus={focus ?? false}
      {...(placeholder ? { placeholder } : {})}
      {...(inputMode ? { inputMode } : {})}
      {...(mono ? { classNames: { input: 'mono' } } : {})}
      onChange={event => change(event.currentTarget.value)}
      onBlur={() => setLeft(true)}
    />
  );
}

export const Whose = ({ discovered, isNew }: { discovered: boolean; isNew: boolean }) => (isNew ? <Chip tone="live">{words.new}</Chip> : discovered ? <Chip title={words.discoveredHint}>{words.discovered}</Chip> : <Chip tone="accent">{words.noted}</Chip>);

export const RemoveSign = ({ name, remove }: { name: string; remove: () => void }) => (
  <ActionIcon variant="subtle" color="gray" aria-label={words.remove(name)} onClick={remove}>
    <IconX size={16} />
  </ActionIcon>
);

export function MoveSigns({ name, at, count, move }: { name: string; at: number; count: number; move: (to: number) => void }) {
  return (
    <>
      <ActionIcon variant="subtle" color="gray" size="sm" disabled={at === 0} aria-label={words.up(name)} onClick={() => move(at - 1)}>
        <IconArrowUp size={15} />
      </ActionIcon>
      <ActionIcon variant="subtle" color="gray" size="sm" disabled={at === count - 1} aria-label={words.down(name)} onClick={() => move(at + 1)}>
        <IconArrowDown size={15} />
      </ActionIcon>
    </>
  );
}

let made = 0;
export const newKey = () => `new ${++made}`;
