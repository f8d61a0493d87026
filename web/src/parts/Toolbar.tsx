// SPDX-License-Identifier: BSD-2-Clause
// The words that narrow a list. In the address bar.

import { ActionIcon, TextInput } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';

import { setParams } from '../navigate';
import { texts } from '../texts';
import css from './Toolbar.module.css';

export function Filter({ value, placeholder }: { value: string; placeholder: string }) {
  return (
    <TextInput
      className={css.filter}
      aria-label={texts.table.filter}
      placeholder={placeholder}
      value={value}
      onChange={event => setParams({ q: event.currentTarget.value })}
      onKeyDown={event => event.key === 'Escape' && setParams({ q: null })}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        value && (
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={texts.clear} onClick={() => setParams({ q: null })}>
            <IconX size={14} />
          </ActionIcon>
        )
      }
    />
  );
}
