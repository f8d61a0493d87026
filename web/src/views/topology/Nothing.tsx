// SPDX-License-Identifier: BSD-2-Clause
// Why there is nothing to see, and what to do about it.

import { Button } from '@mantine/core';
import { IconActivityHeartbeat, IconEyeOff, IconHistory, IconRadar2, IconTopologyStar3 } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { useViews } from '../../live';
import { useRights } from '../../me';
import { linkTo } from '../../navigate';
import { Empty } from '../../parts/Empty';
import { texts } from '../../texts';
import type { Graph } from '../../topology/model';
import type { Desk } from './desk';
import css from './Nothing.module.css';
import { unhide } from './unhide';

const words = texts.topology.empty;

export function Nothing({ desk, graph }: { desk: Desk; graph: Graph }) {
  const { session } = desk;
  const { sensor, host } = useViews('sensor', 'host').tables;
  const rights = useRights();
  const sensors = [...sensor.values()];
  const clear = unhide(session.options);
  const link = (to: string, text: string) => (
    <Button component="a" {...linkTo(to)}>
      {text}
    </Button>
  );
  const say = (icon: ReactNode, title: string, hint: string, act?: ReactNode) => (
    <div className={css.nothing}>
      <Empty icon={icon} title={title} hint={hint}>
        {act}
      </Empty>
    </div>
  );
  if (session.address.at !== null) return say(<IconHistory aria-hidden />, words.pastTitle, words.pastHint);
  if (host.size > 0 && clear && graph.left.length > 0) {
    return say(<IconEyeOff aria-hidden />, words.hiddenTitle, words.hiddenHint, <Button onClick={() => session.setOptions(clear)}>{words.hiddenAct}</Button>);
  }
  if (host.size === 0) {
    if (!sensors.length) return say(<IconActivityHeartbeat aria-hidden />, words.sensorTitle, rights.manage ? words.sensorHint : words.sensorView, rights.manage && link('/sensors?add=1', words.sensorAct));
    if (!sensors.some(each => each.connected)) return say(<IconActivityHeartbeat aria-hidden />, words.awayTitle, words.awayHint, link('/sensors', words.quietAct));
    return say(<IconRadar2 aria-hidden />, words.quietTitle, words.quietHint, link('/sensors', words.quietAct));
  }
  const view = session.options.view;
  return say(<IconTopologyStar3 aria-hidden />, words.viewTitle[view]!, words.viewHint[view]!, view !== 'logical' && <Button onClick={() => session.setView('logical')}>{words.viewAct}</Button>);
}
