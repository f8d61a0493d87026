// SPDX-License-Identifier: BSD-2-Clause
// The panel beside the picture; on a phone below it. One thing at a time, each read when it is first wanted.

import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { lazy, Suspense, useId, type ComponentType } from 'react';

import { Boundary } from '../../parts/Boundary';
import { texts } from '../../texts';
import type { PanelName } from '../../topology/session/address';
import type { Desk } from './desk';
import css from './TopologyPage.module.css';

const words = texts.topology;

const bodies: Record<PanelName, ComponentType<{ desk: Desk }>> = {
  inspect: lazy(() => import('./inspect/Inspector')),
  options: lazy(() => import('./OptionsPanel')),
  legend: lazy(() => import('./Legend')),
  outline: lazy(() => import('./Outline')),
  changes: lazy(() => import('./ChangesPanel')),
};

export function SidePanel({ desk }: { desk: Desk }) {
  const title = useId();
  const { panel, selected } = desk.session.address;
  if (!panel) return null;
  const Content = bodies[panel];
  const close = () => (panel === 'inspect' && selected ? desk.select(null) : desk.panel(panel));
  return (
    <aside className={css.panel} aria-labelledby={title} data-testid={`panel-${panel}`}>
      <header className={css.panelHead}>
        <h2 id={title}>{words.tools[panel]}</h2>
        <ActionIcon variant="subtle" color="gray" size={30} aria-label={words.close} onClick={close}>
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </header>
      <div className={css.panelBody} tabIndex={0}>
        <Boundary key={panel}>
          <Suspense fallback={null}>
            <Content desk={desk} />
          </Suspense>
        </Boundary>
      </div>
    </aside>
  );
}
