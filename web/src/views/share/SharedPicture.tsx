// SPDX-License-Identifier: BSD-2-Clause
// A shared picture with what its link allows beside it: details, zoom, export.

import { ActionIcon } from '@mantine/core';
import { IconFocusCentered, IconMinus, IconPlus, IconTopologyStar3 } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react';

import { Ago } from '../../parts/Ago';
import { Empty } from '../../parts/Empty';
import { Logo } from '../../parts/Logo';
import { texts } from '../../texts';
import { readOptions } from '../../topology/options';
import { making } from '../../topology/session/making';
import { manualOf } from '../../topology/session/saved';
import { Picture, type Hit, type PictureHandle } from '../topology/picture/Picture';
import { Details } from './Details';
import { shareOptions } from './shared';
import css from './SharePage.module.css';
import type { Open } from './useShared';

const ExportMenu = lazy(() => import('../topology/export/ExportMenu'));
const words = texts.share.page;
const STEP = 1.4;

// The same way from rows to places as on the page of who is signed in.
function usePlaced({ shared, views, version }: Open) {
  const { topology, network } = shared;
  const [arranged, setArranged] = useState(0);
  const [rooms] = useState(() => ({ builder: making.builder(), layouter: making.layouter(() => setArranged(old => old + 1)), openedAt: shared.at }));
  useEffect(() => () => rooms.layouter.dispose(), [rooms]);
  const options = useMemo(() => readOptions(topology.options), [topology.revision]);
  const manual = useMemo(() => manualOf(topology, options.view), [topology.revision, options]);
  const tags = useMemo(() => shared.tags.map(tag => ({ ...tag, description: null, revision: 1 })), [JSON.stringify(shared.tags)]);
  const graph = useMemo(() => rooms.builder.update({ views, options, tags, networkName: network.name, now: shared.at }), [version, options, tags, shared.at]);
  const placement = useMemo(() => rooms.layouter.place(graph, manual, options, topology.last_refreshed ?? rooms.openedAt), [graph, manual, options, arranged]);
  return { graph, placement, options, manual };
}

export function SharedPicture({ open, embed }: { open: Open; embed: boolean }) {
  const placed = usePlaced(open);
  const { share, network } = open.shared;
  const allowed = shareOptions(share.options);
  const picture = useRef<PictureHandle>(null);
  const [chosen, setChosen] = useState<{ id: string; hit: Hit | null } | null>(null);
  const nothing = placed.graph.nodes.size === 0 && placed.graph.containers.size === 0;
  const tools = allowed.show_export_button && (
    <Suspense fallback={null}>
      <ExportMenu {...placed} name={share.name} />
    </Suspense>
  );
  const time = (
    <span className={css.time} role="status" data-away={open.away || undefined}>
      {open.away ? words.stale : words.asOf} <Ago at={open.readAt} />
    </span>
  );
  return (
    <main className={css.page} data-embed={embed || undefined} data-testid="shared">
      {!embed && (
        <header className={css.header}>
          <Logo size={26} />
          <h1 className={css.name}>{share.name}</h1>
          {network.name !== share.name && <span className={css.network}>{network.name}</span>}
          {time}
          <span className={css.tools}>{tools}</span>
        </header>
      )}
      <div className={css.picture}>
        {nothing ? (
          <div className={css.nothing}>
            <Empty icon={<IconTopologyStar3 aria-hidden />} title={words.empty} hint={words.emptyHint} />
          </div>
        ) : (
          <Picture ref={picture} {...placed} readOnly selected={chosen?.id ?? null} onSelect={(id, hit) => setChosen(id === null ? null : { id, hit })} label={share.name} />
        )}
        {embed && (
          <div className={css.caption}>
            <h1 className={css.name}>{share.name}</h1>
            {time}
          </div>
        )}
        {embed && <div className={css.corner}>{tools}</div>}
        {allowed.show_zoom_controls && !nothing && (
          <div className={css.zoom} role="group" aria-label={words.zoomLabel}>
            <ActionIcon variant="subtle" color="gray" size={34} radius={0} aria-label={words.closer} title={words.closer} onClick={() => picture.current?.zoomBy(STEP)}>
              <IconPlus size={17} aria-hidden />
            </ActionIcon>
            <ActionIcon variant="subtle" color="gray" size={34} radius={0} aria-label={words.farther} title={words.farther} onClick={() => picture.current?.zoomBy(1 / STEP)}>
              <IconMinus size={17} aria-hidden />
            </ActionIcon>
            <ActionIcon variant="subtle" color="gray" size={34} radius={0} aria-label={words.fit} title={words.fit} onClick={() => picture.current?.fit()}>
              <IconFocusCentered size={17} aria-hidden />
            </ActionIcon>
          </div>
        )}
        {allowed.show_inspect_panel && chosen && <Details graph={placed.graph} id={chosen.hit?.nodeId ?? chosen.id} close={() => setChosen(null)} choose={id => setChosen({ id, hit: null })} />}
      </div>
    </main>
  );
}
