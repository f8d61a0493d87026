// SPDX-License-Identifier: BSD-2-Clause
// The frame of a view: its title, what it counts, its tools, and the rest.

import { useEffect, type ReactNode } from 'react';

import { texts } from '../texts';
import css from './Page.module.css';

interface Props {
  title: string;
  note?: ReactNode;
  tools?: ReactNode;
  fill?: boolean; // the content scrolls by itself
  children: ReactNode;
}

export function Page({ title, note, tools, fill, children }: Props) {
  useTitle(title);
  return (
    <div className={fill ? `${css.page} ${css.fill}` : css.page}>
      <header className={css.header}>
        <h1 className={css.title}>{title}</h1>
        {note && (
          <p className={css.note} role="status">
            {note}
          </p>
        )}
        {tools && <div className={css.tools}>{tools}</div>}
      </header>
      {children}
    </div>
  );
}

export function useTitle(title: string) {
  useEffect(() => {
    document.title = texts.title(title);
  }, [title]);
}
