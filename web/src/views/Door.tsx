// SPDX-License-Identifier: BSD-2-Clause
// The page of who is not signed in yet.

import type { ReactNode } from 'react';

import { Logo } from '../parts/Logo';
import { useTitle } from '../parts/Page';
import { texts } from '../texts';
import css from './Sign.module.css';

export function Door({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  useTitle(title);
  return (
    <main className={css.door}>
      <div className={css.scene} aria-hidden="true">
        <Scene />
      </div>
      <div className={css.panel}>
        <div className={css.brand}>
          <Logo size={34} />
          <span>{texts.product}</span>
        </div>
        <h1 className={css.title}>{title}</h1>
        <p className={css.hint}>{hint}</p>
        {children}
      </div>
    </main>
  );
}

// A quiet drawing of a network: nothing of it is data.
function Scene() {
  const nodes = [[120, 180], [300, 90], [460, 210], [230, 330], [420, 420], [600, 330], [650, 130], [120, 470], [320, 560], [560, 560], [720, 470]] as const;
  const links = [[0, 1], [1, 2], [0, 3], [3, 2], [3, 4], [2, 5], [2, 6], [4, 5], [3, 7], [7, 8], [4, 8], [4, 9], [5, 10], [9, 10]] as const;
  return (
    <svg viewBox="60 40 720 580" preserveAspectRatio="xMidYMid slice" fill="none">
      {links.map(([a, b]) => (
        <path key={`${a}-${b}`} d={`M${nodes[a]![0]} ${nodes[a]![1]}L${nodes[b]![0]} ${nodes[b]![1]}`} />
      ))}
      {nodes.map(([x, y], i) => (
        <circle key={i} cx={x} cy={y} r={i % 3 === 0 ? 9 : 6} data-live={i % 4 === 2 || undefined} />
      ))}
    </svg>
  );
}
