// SPDX-License-Identifier: BSD-2-Clause
import { useEffect, useId, useRef, type ReactNode } from 'react';

import css from './Section.module.css';

// A titled card on a page.
export function Section({ title, hint, aside, wide, children }: { title: string; hint?: string; aside?: ReactNode; wide?: boolean; children: ReactNode }) {
  const id = useId();
  return (
    <section className={wide ? `${css.section} ${css.wide}` : css.section} aria-labelledby={id}>
      <header className={css.header}>
        <h2 id={id} className={css.title}>
          {title}
        </h2>
        {hint && <p className={css.hint}>{hint}</p>}
        {aside && <div className={css.aside}>{aside}</div>}
      </header>
      {children}
    </section>
  );
}

// A small table; on a narrow screen each row becomes a block whose cells say their column's name. A cell of null is empty.
// marked: ids of rows that a link led to; the first comes into sight.
export function Grid({ label, head, rows, marked }: { label: string; head: string[]; rows: { id: string; cells: ReactNode[] }[]; marked?: readonly string[] | undefined }) {
  const first = marked && rows.find(row => marked.includes(row.id))?.id;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (first !== undefined) box.current?.querySelector('tr[data-marked]')?.scrollIntoView({ block: 'center' });
  }, [first]);
  return (
    <div ref={box} className={css.scroll} tabIndex={0} role="group" aria-label={label}>
      <table className={css.table} role="table">
        <thead role="rowgroup">
          <tr role="row">
            {head.map(title => (
              <th key={title} scope="col" role="columnheader">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map(row => (
            <tr key={row.id} role="row" data-marked={marked?.includes(row.id) || undefined} aria-current={marked?.includes(row.id) || undefined}>
              {row.cells.map((cell, i) => (
                <td key={i} role="cell" data-label={head[i]} data-empty={cell === null || undefined}>
                  {cell ?? <span className="dim">–</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export const None = ({ children }: { children: ReactNode }) => <p className={css.none}>{children}</p>;
