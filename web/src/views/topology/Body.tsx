// SPDX-License-Identifier: BSD-2-Clause
// The picture itself: the only part of the page that is rendered again when rows move.

import { useEffect, useMemo, useRef } from 'react';

import { go, setParams } from '../../navigate';
import { useNarrow } from '../../parts/media';
import { hostPath } from '../../route';
import { texts } from '../../texts';
import { spotText } from '../../topology/session/address';
import { idOfRow } from '../../topology/session/find';
import { useDrawn } from '../../topology/session/useTopology';
import type { Desk } from './desk';
import { Nothing } from './Nothing';
import Picture from './picture/Picture';

const words = texts.topology;
// What lies on the picture.
const insets = { top: 24, right: 24, bottom: 24, left: 64 };
const narrowInsets = { top: 12, right: 12, bottom: 52, left: 12 };

export function Body({ desk, marked }: { desk: Desk; marked: ReadonlySet<string> | null }) {
  const { session, picture } = desk;
  const { stage, address, saved } = session;
  const { graph, placement, manual, options, ready } = useDrawn(stage);
  const narrow = useNarrow();
  const spot = useRef(address.spot);
  const flown = useRef<string | null>(null);

  // What the address names may be a row: then what stands for it is meant.
  const selected = useMemo(() => (address.selected ? (idOfRow(graph, address.selected) ?? address.selected) : null), [graph.structure, graph.view, address.selected]);
  useEffect(() => {
    // Only what the address brought along is flown to by itself.
    if (!ready || flown.current !== null || !graph.nodes.size) return;
    flown.current = selected ?? '';
    if (selected && !spot.current) picture.current?.flyTo(selected);
  }, [ready, selected, graph]);

  if (ready && !graph.nodes.size && !graph.containers.size) return <Nothing desk={desk} graph={graph} />;
  if (!ready || !saved) return <p className="hidden" role="status">{texts.connection.first}</p>;
  return (
    <Picture
      ref={picture}
      graph={graph}
      placement={placement}
      manual={manual}
      options={options}
      readOnly={session.readOnly !== null}
      selected={selected}
      onSelect={desk.select}
      onOpen={(id, hit) => {
        const node = graph.nodes.get(hit.nodeId ?? id);
        if (node?.hostId) go(hostPath(node.hostId));
        else desk.show(id);
      }}
      {...(marked ? { marked } : {})}
      compare={address.since !== null}
      label={words.label(words.view[options.view]!, graph.nodes.size, graph.containers.size)}
      onMoveNode={session.move}
      onResizeContainer={session.resize}
      onAnchorEdge={session.anchor}
      onViewport={view => keepSpot(spotText(view))}
      initialViewport={spot.current}
      insets={narrow ? narrowInsets : insets}
      fitKey={`${options.view} ${session.network} ${ageOf(session.editor!)}`}
    />
  );
}

// One that becomes a saved topology under one's hands is the same picture still.
const ages = new WeakMap<object, number>();
let age = 0;
function ageOf(editor: object): number {
  if (!ages.has(editor)) ages.set(editor, ++age);
  return ages.get(editor)!;
}

const SPOT_MS = 500;
let waiting: ReturnType<typeof setTimeout> | null = null;

// Browsers allow the address to be replaced a few times a second only.
function keepSpot(text: string) {
  if (waiting) clearTimeout(waiting);
  const path = location.pathname;
  waiting = setTimeout(() => {
    waiting = null;
    if (location.pathname === path) setParams({ place: text });
  }, SPOT_MS);
}
