// SPDX-License-Identifier: BSD-2-Clause
// Taking the picture along, and showing it to others.

import { ActionIcon, Tooltip } from '@mantine/core';
import { IconShare2 } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';

import { useRights } from '../../me';
import { useNarrow } from '../../parts/media';
import { confirm } from '../../parts/overlay';
import { texts } from '../../texts';
import { useGraphNow } from '../../topology/session/useTopology';
import css from './Bar.module.css';
import type { Desk } from './desk';

const ExportMenu = lazy(() => import('./export/ExportMenu'));
const ShareDialog = lazy(() => import('./share/ShareDialog'));

const words = texts.topology;
const LOOK_MS = 1500;

export function TakeAway({ desk }: { desk: Desk }) {
  return (
    <Suspense fallback={null}>
      <Export desk={desk} />
      <ShareButton desk={desk} />
    </Suspense>
  );
}

function Export({ desk }: { desk: Desk }) {
  const { stage } = desk.session;
  const narrow = useNarrow();
  // Looked at now and then: a menu need not follow every packet.
  useGraphNow(stage, LOOK_MS);
  const { graph, placement, manual, options } = stage.state();
  return <ExportMenu quiet={!narrow} graph={graph} placement={placement} manual={manual} options={options} name={desk.session.saved?.name || words.title} />;
}

// A link shows a saved topology: one that is not is saved first.
function ShareButton({ desk }: { desk: Desk }) {
  const { session } = desk;
  const { saved } = session;
  const rights = useRights();
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  if (!rights.edit || session.readOnly === 'past') return null;
  const start = async () => {
    if (!saved?.id) {
      if (!(await confirm({ title: words.share.first, text: words.share.firstText, act: words.share.save }))) return;
      await session.create(words.saved.first, null);
    }
    setOpen(true);
  };
  return (
    <>
      <Tooltip label={words.tools.share} openDelay={400}>
        <ActionIcon {...(narrow ? { variant: 'default', size: 36 } : { variant: 'subtle', color: 'gray', size: 34, className: css.tool! })} aria-label={words.tools.share} onClick={() => void start()}>
          <IconShare2 size={18} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {open && saved?.id && <ShareDialog topology={saved} close={() => setOpen(false)} />}
    </>
  );
}
