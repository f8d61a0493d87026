// SPDX-License-Identifier: BSD-2-Clause
// A button of the list's tools: with its words, or on a phone as a sign.

import { ActionIcon, Button } from '@mantine/core';
import type { IconFilter } from '@tabler/icons-react';
import { forwardRef } from 'react';

import { useNarrow } from '../media';
import css from './Menus.module.css';

interface Props {
  Sign: typeof IconFilter;
  on: boolean;
  opened: boolean;
  open: () => void;
  children: string;
}

export const MenuButton = forwardRef<HTMLButtonElement, Props>(function MenuButton({ Sign, on, opened, open, children }, ref) {
  const narrow = useNarrow();
  const props = { ref, variant: 'default', className: css.button, 'data-on': on || undefined, 'aria-haspopup': 'dialog', 'aria-expanded': opened, onClick: open } as const;
  if (narrow) {
    return (
      <ActionIcon {...props} size={36} aria-label={children}>
        <Sign size={17} aria-hidden />
      </ActionIcon>
    );
  }
  return (
    <Button {...props} leftSection={<Sign size={16} aria-hidden />}>
      {children}
    </Button>
  );
});
