// SPDX-License-Identifier: BSD-2-Clause
// The page's session: address, saved topology, time and rows together become what is on show, and what one may do with it.

import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';

import { topologies, type Network } from '../../api';
import { errorText } from '../../errors';
import { store, useNetworkId } from '../../live';
import { useRights } from '../../me';
import { setParams } from '../../navigate';
import { useNetworks } from '../../networks';
import { say } from '../../parts/overlay';
import { useTags } from '../../tags';
import { texts } from '../../texts';
import { nothingManual, type Box, type Graph, type Point, type Side, type ViewKind } from '../model';
import { readOptions, type Options } from '../options';
import { readAddress, type Address } from './address';
import { making } from './making';
import { keyIn, manualOf, type Saved } from './saved';
import { Beside, NETWORKS_MAX, sourceOf, type Source } from './sources';
import { Stage, type Drawn } from './stage';
import { arrangedAt } from './state';
import { usePast, type Time } from './usePast';
import { AUTOMATIC, freeName, useSaved, type Editing } from './useSaved';

const words = texts.topology;

export type ReadOnly = 'past' | 'viewer' | 'locked' | null;

export interface Session extends Editing {
  address: Address;
  stage: Stage;
  network: string | null;
  networks: readonly Network[];
  options: Options;
  readOnly: ReadOnly; // why nothing can be placed
  time: Time;
  look: number; // when "now" was looked at for a comparison
  lookAgain(): void;
  setView(view: ViewKind): void;
  move(id: string, to: Point): void;
  resize(id: string, box: Box): void;
  anchor(id: string, end: 'source_handle' | 'target_handle', side: Side): void;
  choose(id: string | null): void;
  create(name: string, copy: Saved | null): Promise<void>;
  remove(saved: Saved): Promise<void>;
}

const round = (value: number) => Math.round(value * 10) / 10;

export function useTopology(params: URLSearchParams): Session {
  const address = useMemo(() => readAddress(params), [params]);
  const network = useNetworkId();
  const networks = useNetworks();
  const rights = useRights();
  const { tags } = useTags();
  const editing = useSaved(network, address.topology, address.view);
  const { editor, saved, mine } = editing;

  const options = useSteady(useMemo((): Options => {
    const kept = { ...readOptions(saved?.options), ...mine };
    return { ...kept, view: address.view ?? kept.view };
  }, [saved?.options, mine, address.view]));
  const manual = useMemo(() => (saved ? manualOf(saved, options.view) : nothingManual), [saved?.nodes, saved?.edges, options.view]);

  // Networks that are gone or not mine to see are left out.
  const others = options.network_ids.filter(id => id !== network && networks.some(each => each.id === id)).slice(0, NETWORKS_MAX - 1).join();
  const beside = useRef<Beside>(null);
  const [look, setLook] = useState(() => Math.floor(Date.now() / 1000));
  const shownNetworks = useMemo(() => [...(network ? [network] : []), ...others.split(',').filter(Boolean)], [network, others]);
  const time = usePast(shownNetworks, address.at, address.since, look, address.panel === 'changes' || params.has('time'));

  const live = useMemo((): Source[] => {
    if (!network) return [];
    beside.current ??= new Beside();
    return [sourceOf(network, store), ...beside.current.want(address.at === null ? others.split(',').filter(Boolean) : [])];
  }, [network, others, address.at === null]);
  useEffect(() => () => beside.current?.close(), []);

  const [stage] = useState(() => new Stage(making, options, manual));
  useEffect(() => () => stage.dispose(), [stage]);
  const nameOf = useMemo(() => new Map(networks.map(each => [each.id, each.name])), [networks]);
  const arranged = !saved?.id ? 0 : arrangedAt(saved, options);
  // While the past is read, what was on show stays.
  const sources = address.at === null ? live : time.sources;
  useEffect(() => {
    if (!sources || !saved) return;
    stage.show(sources, { options, manual, arrangedAt: arranged, at: time.sources ? address.at : null, compare: time.changes, gone: time.gone, networkName: id => nameOf.get(id) ?? '', tags });
  }, [stage, sources, options, manual, arranged, time.changes, nameOf, tags, saved === null]);

  const readOnly: ReadOnly = address.at !== null || address.since !== null ? 'past' : !rights.edit ? 'viewer' : saved?.is_locked ? 'locked' : null;
  const kept = (id: string) => keyIn(options.view, id);

  return {
    ...editing,
    address, stage, network, networks, options, readOnly, time, look,
    lookAgain: () => setLook(Math.floor(Date.now() / 1000)),
    setView: view => setParams({ view: view === readOptions(saved?.options).view ? null : view, selected: null, place: null }, 'push'),
    move: (id, to) => editor?.do({ kind: 'place', nodes: { [kept(id)]: { x: round(to.x), y: round(to.y) } }, edges: {} }),
    resize: (id, box) => editor?.do({ kind: 'place', nodes: { [kept(id)]: { x: round(box.x), y: round(box.y), width: round(box.width), height: round(box.height) } }, edges: {} }),
    anchor: (id, end, side) => editor?.do({ kind: 'place', nodes: {}, edges: { [kept(id)]: { [end]: side } } }),
    choose: id => setParams({ topology: id ?? AUTOMATIC, view: null, place: null }, 'push'),
    async create(name, copy) {
      if (!network) return;
      await telling(async () => {
        const made = await topologies.create({ network_id: network, name: freeName(name, editing.list), options: { ...(copy ? copy.options : options), view: options.view }, ...(copy ? { parent_id: copy.id } : {}) });
        setParams({ topology: made.id, view: null, place: null }, 'push');
      });
    },
    remove: which =>
      telling(async () => {
        await topologies.remove([which.id]);
        say(words.saved.removed(which.name));
        if (which.id === saved?.id) setParams({ topology: AUTOMATIC, view: null });
      }),
  };
}

async function telling(run: () => Promise<void>) {
  try {
    await run();
  } catch (error) {
    say(errorText(error), { tone: 'bad' });
  }
}

// The same object as long as it says the same.
function useSteady<T>(value: T): T {
  const kept = useRef(value);
  if (kept.current !== value && JSON.stringify(kept.current) !== JSON.stringify(value)) kept.current = value;
  return kept.current;
}

export const useDrawn = (stage: Stage): Drawn => useSyncExternalStore(stage.subscribe, stage.state);

// For what is beside the picture: the graph, looked at now and then.
export function useGraphNow(stage: Stage, every_ms = 1000): Graph {
  const [graph, setGraph] = useState(() => stage.state().graph);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let last = 0;
    let shown = stage.state().graph;
    const take = () => {
      if (timer) clearTimeout(timer);
      timer = null;
      last = Date.now();
      shown = stage.state().graph;
      setGraph(shown);
    };
    const moved = () => {
      // Another view, or the first rows, are not waited for.
      const wait = Math.max(0, last + every_ms - Date.now());
      if (wait === 0 || !shown.nodes.size || shown.view !== stage.state().graph.view) take();
      else timer ??= setTimeout(take, wait);
    };
    take();
    const leave = stage.subscribe(moved);
    return () => {
      leave();
      if (timer) clearTimeout(timer);
    };
  }, [stage, every_ms]);
  return graph;
}
