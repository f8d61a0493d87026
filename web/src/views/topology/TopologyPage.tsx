// SPDX-License-Identifier: BSD-2-Clause
// The topology: the network as a picture that one can look into, arrange, search, and turn back in time.

import { useCallback, useMemo, useRef, useState } from 'react';

import { setParams } from '../../navigate';
import { useTitle } from '../../parts/Page';
import { texts } from '../../texts';
import { idOfRow } from '../../topology/session/find';
import { useTopology } from '../../topology/session/useTopology';
import { Bar } from './Bar';
import { Body } from './Body';
import { Keys } from './Keys';
import { OnPicture } from './OnPicture';
import type { Desk } from './desk';
import type { Hit, PictureHandle } from './picture/Picture';
import { SidePanel } from './SidePanel';
import { TimeBar } from './TimeBar';
import css from './TopologyPage.module.css';
import { useFullScreen } from './useFullScreen';
import { useKeys } from './useKeys';

const words = texts.topology;

export default function TopologyPage({ params }: { params: URLSearchParams }) {
  useTitle(words.title);
  const session = useTopology(params);
  const { stage, address } = session;
  const picture = useRef<PictureHandle>(null);
  const find = useRef<HTMLInputElement>(null);
  const [marked, setMarked] = useState<ReadonlySet<string> | null>(null);
  const [hit, setHit] = useState<Hit | null>(null);
  const [help, setHelp] = useState(false);
  const [full, setFull] = useFullScreen();
  const timeOpen = params.has('time') || address.at !== null || address.since !== null;

  const select = useCallback(
    (id: string | null, what: Hit | null = null) => {
      setHit(what);
      const { panel } = address;
      setParams({ selected: id, panel: id ? 'inspect' : panel === 'inspect' ? null : panel });
    },
    [address],
  );
  const show = useCallback(
    (id: string) => {
      const there = idOfRow(stage.state().graph, id);
      select(there ?? id);
      // When the panel beside it has taken its room.
      if (there) requestAnimationFrame(() => requestAnimationFrame(() => picture.current?.flyTo(there)));
      return there !== null;
    },
    [stage, select],
  );
  const panel = useCallback((name: Desk['session']['address']['panel']) => setParams({ panel: name === address.panel ? null : name }), [address.panel]);
  const toggleTime = useCallback(() => setParams(timeOpen ? { time: null, at: null, since: null } : { time: '1' }), [timeOpen]);

  const desk = useMemo((): Desk => ({ session, picture, find, hit, select, show, panel, timeOpen, toggleTime, setMarked, help: () => setHelp(true), full, setFull }), [session, hit, select, show, panel, timeOpen, toggleTime, full, setFull]);
  useKeys(desk);

  return (
    <div className={css.page} data-full={full || undefined} data-testid="topology">
      <h1 className="hidden">{words.title}</h1>
      <Bar desk={desk} />
      <div className={css.body}>
        <div className={css.stage}>
          <Body desk={desk} marked={marked} />
          <OnPicture desk={desk} />
        </div>
        <SidePanel desk={desk} />
      </div>
      {timeOpen && <TimeBar desk={desk} />}
      {help && <Keys close={() => setHelp(false)} />}
    </div>
  );
}
