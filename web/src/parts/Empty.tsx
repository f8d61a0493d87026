// SPDX-License-Identifier: BSD-2-Clause
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

import { linkTo } from '../navigate';
import { texts } from '../texts';
import css from './Empty.module.css';

// Says what is not here yet, and what to do about it.
export function Empty({ icon, title, hint, children }: { icon?: ReactNode; title: string; hint?: ReactNode; children?: ReactNode }) {
  return (
    <div className={css.empty}>
      {icon && <div className={css.icon}>{icon}</div>}
      <h2 className={css.title}>{title}</h2>
      {hint && <p className={css.hint}>{hint}</p>}
      {children}
    </div>
  );
}

// Where one goes from here.
export const Lead = ({ to, children }: { to: string; children: ReactNode }) => (
  <Button variant="light" component="a" {...linkTo(to)}>
    {children}
  </Button>
);

// While the first snapshot is on its way. Appears only after a moment, so that a quick one does not flicker.
export const Loading = () => (
  <p className={css.loading} role="status">
    {texts.connection.first}
  </p>
);
