// SPDX-License-Identifier: BSD-2-Clause
// What the lists of managed things share: which one is being edited, the link to it in its row, and its card.

import type { ReactNode } from 'react';

import { linkTo, setParams, withThese } from '../navigate';
import css from './Manage.module.css';

export const NEW = 'new';

// ?edit=ID or ?edit=new: the form beside the list.
export function useEdit(params: URLSearchParams) {
  const id = params.get('edit');
  return { id, isNew: id === NEW, open: (what: string) => setParams({ edit: what }, 'push'), close: () => setParams({ edit: null }) };
}

export function RowLink({ id, children }: { id: string; children: ReactNode }) {
  return (
    <a data-row className={css.link} {...linkTo(withThese({ edit: id }))}>
      {children}
    </a>
  );
}

// A row on a narrow screen: its name and what stands beside it, then a line of what else matters.
export function ThingCard({ title, aside, children }: { title: ReactNode; aside?: ReactNode; children?: ReactNode }) {
  return (
    <div className={css.card}>
      <div className={css.top}>
        <span>{title}</span>
        {aside}
      </div>
      {children && <div className={css.below}>{children}</div>}
    </div>
  );
}

export const Dash = () => <span className="dim">–</span>;
