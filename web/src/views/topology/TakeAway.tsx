// SPDX-License-Identifier: BSD-2-Clause
// Taking the picture along, and showing it to others.

import { ActionIcon, Tooltip } from '@mantine/core';
import { IconWorldShare } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';

import { useNetworkId } from '../../live';
import { useNetworks } from '../../networks';
import { useNarrow } from '../../parts/media';
import { texts } from '../../texts';
import { useGraphNow } from '../../topology/session/useTopology';
import type { Desk } from './desk';

const ExportMenu = lazy(() => import('./export/ExportMenu'));
const ShareDialog = lazy(() => import('./share/ShareDialog'));

export function TakeAway({ desk }: { desk: Desk }) {
  return (
    <>
      <Suspense fallback={null}>
        <Export desk={desk} />
      </Suspense>
      <Share desk={desk} />
    </>
  );
}

function Export({ desk }: { desk: Desk }) {
  const { stage, saved } = desk.session;
  const networkId = useNetworkId();
  const network = useNetworks().find(each => each.id === networkId);
  const narrow = useNarrow();
  // Looked at now and then: a menu need not follow every packet.
  useGraphNow(stage, 1500);
  const { graph, placement, manual, options } = stage.state();
  return <ExportMenu quiet={!narrow} graph={graph} placement={placement} manual={manual} options={options} name={saved?.name || network?.name || texts.topology.title} />;
}

// Only what is saved can be shown to others: a link leads to it, not to what somebody happens to look at.
function Share({ desk }: { desk: Desk }) {
  const [open, setOpen] = useState(false);
  const narrow = useNarrow();
  const saved = desk.session.saved?.id ? desk.session.saved : null;
  const look = narrow ? { variant: 'default', size: 36 } : { variant: 'subtle', color: 'gray', size: 34 };
  return (
    <>
      <Tooltip label={saved ? texts.share.open : texts.share.saveFirst}>
        <ActionIcon {...look} aria-label={texts.share.open} data-disabled={!saved || undefined} aria-disabled={!saved || undefined} onClick={() => saved && setOpen(true)}>
          <IconWorldShare size={18} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {open && saved && (
        <Suspense fallback={null}>
          <ShareDialog topology={saved} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
