// SPDX-License-Identifier: BSD-2-Clause
// An item of a menu that is on or off. Mantine calls every item `menuitem`; this says what it is to those who listen.

import { Menu } from '@mantine/core';
import type { ComponentProps, ReactNode } from 'react';

type ButtonProps = ComponentProps<'button'>;
const CheckRoot = (props: ButtonProps) => <button {...props} role="menuitemcheckbox" />;
const RadioRoot = (props: ButtonProps) => <button {...props} role="menuitemradio" />;

interface Props {
  one?: boolean; // of several that exclude each other
  on: boolean;
  toggle: () => void;
  left?: ReactNode;
  right?: ReactNode;
  children: ReactNode;
}

export function MenuChoice({ one = false, on, toggle, left, right, children }: Props) {
  return (
    <Menu.Item component={one ? RadioRoot : CheckRoot} aria-checked={on} onClick={toggle} leftSection={left} rightSection={right}>
      {children}
    </Menu.Item>
  );
}
