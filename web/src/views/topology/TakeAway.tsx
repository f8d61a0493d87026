// SPDX-License-Identifier: BSD-2-Clause
// Taking the picture along, and showing it to others.

import { lazy, Suspense } from 'react';

import { texts } from '../../texts';
import { useGraphNow } from '../../topology/session/useTopology';
import type { Desk } from './desk';

const ExportMenu = lazy(() => import('./export/ExportMenu'));

export function TakeAway({ desk }: { desk: Desk }) {
  return (
    <Suspense fallback={null}>
      <Export desk={desk} />
    </Suspense>
  );
}

function Export({ desk }: { desk: Desk }) {
  const { stage } = desk.session;
  // Looked at now and then: a menu need not follow every packet.
  useGraphNow(stage, 1500);
  const { graph, placement, manual, options } = stage.state();
  return <ExportMenu graph={graph} placement={placement} manual={manual} options={options} name={desk.session.saved?.name || texts.topology.title} />;
}
