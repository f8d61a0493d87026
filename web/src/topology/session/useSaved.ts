// SPDX-License-Identifier: BSD-2-Clause
// Which saved topology is on show, and the editing of it. Without one there is a draft, which lives in this browser until
// something is placed by hand.

import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';

import { ApiError, topologies, type TopologyEntry } from '../../api';
import { errorText } from '../../errors';
import { useLoaded, useRows } from '../../live';
import { useRights } from '../../me';
import { setParams } from '../../navigate';
import { NETWORK } from '../../route';
import { say } from '../../parts/overlay';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { readOptions, type Options } from '../options';
import { Editor } from './editor';
import { keepOptions, keptOptions } from './kept';
import type { Saved } from './saved';

const words = texts.topology.saved;

export const AUTOMATIC = 'automatic'; // ?topology=automatic: none, though there are some

export interface Editing {
  editor: Editor | null; // null until it is read
  list: readonly TopologyEntry[];
  saved: Saved | null;
  mine: Partial<Options>; // of this person, over what is saved
  setOptions(changes: Partial<Options>): void;
  forgetMine(): void;
}

const draftOf = (network_id: string): Saved => ({
  id: '', network_id, name: '', options: keptOptions(network_id), nodes: {}, edges: {}, parent_id: null, is_locked: false, locked_at: null, locked_by: null,
  last_refreshed: null, tags: [], revision: 0, created_at: 0, updated_at: 0,
});

const lastKey = (network: string) => `netvisor.topology.last.${network}`;

function lastOf(network: string): string | null {
  try {
    return localStorage.getItem(lastKey(network));
  } catch {
    return null;
  }
}

function rememberLast(network: string, id: string) {
  try {
    localStorage.setItem(lastKey(network), id);
  } catch {
    // Then the newest is shown next time.
  }
}

export function freeName(wanted: string, list: readonly { name: string }[]): string {
  const taken = new Set(list.map(each => each.name.toLowerCase()));
  for (let i = 1; ; i++) {
    const name = i === 1 ? wanted : `${wanted} ${i}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}

// What one comes back to: what one looked at last, else what was made last.
function usual(network: string, list: readonly TopologyEntry[]): string {
  const last = lastOf(network);
  if (last === AUTOMATIC || list.some(each => each.id === last)) return last!;
  return [...list].sort((a, b) => (b.last_refreshed ?? 0) - (a.last_refreshed ?? 0))[0]?.id ?? AUTOMATIC;
}

export function useSaved(network: string | null, wanted: string | null, view: Options['view'] | null): Editing {
  const loaded = useLoaded();
  const rights = useRights();
  const rows = useRows<TopologyEntry>('topology');
  const list = useMemo(() => [...rows].sort((a, b) => compareText(a.name, b.name)), [rows]);
  const [editor, setEditor] = useState<Editor | null>(null);
  const [mine, setMine] = useState<Partial<Options>>({});
  const current = useRef({ editor, list, view, network });
  current.current = { editor, list, view, network };
  const { subscribe, tell } = useMemo(makeSignal, []);
  const saved = useSyncExternalStore(subscribe, () => editor?.saved() ?? null);

  const open = useCallback(
    (start: Saved) => {
      // What it sent before another was opened, or the page left, may be answered later: that moves nobody.
      const onShow = () => current.current.editor === opened;
      const opened: Editor = new Editor(
        start,
        {
          read: topologies.get,
          step: topologies.step,
          create: options => topologies.create({ network_id: start.network_id, name: freeName(words.first, current.current.list), options: { ...readOptions(options), view: current.current.view ?? readOptions(options).view } }),
          now: () => Math.floor(Date.now() / 1000),
        },
        {
          changed() {
            const now = opened.saved();
            if (!now.id && onShow()) keepOptions(now.network_id, now.options);
            tell();
          },
          refused: error => say(words.refused(errorText(error)), { tone: 'bad' }),
          made(made) {
            say(words.made(made.name));
            if (onShow()) setParams({ topology: made.id });
          },
          lost() {
            if (!onShow()) return;
            say(words.lost, { tone: 'bad' });
            setEditor(null);
            setParams({ topology: null });
          },
        },
      );
      setEditor(opened);
      setMine(start.id ? keptOptions(start.id) : {});
    },
    [tell],
  );

  useEffect(() => () => void (current.current = { ...current.current, editor: null }), []);

  useEffect(() => {
    if (!network || !loaded) return;
    const old = current.current.editor?.saved();
    if (old && old.network_id !== network) setEditor(null);
    const here = old && old.network_id === network ? old : null;
    if (here && (wanted === null || here.id === wanted || (!here.id && wanted === AUTOMATIC))) return;
    const id = wanted ?? usual(network, current.current.list);
    if (id === AUTOMATIC) return open(draftOf(network));
    let given = false;
    topologies.get(id).then(
      read => {
        if (given) return;
        // A link to one of another network leads there; when that is on show, it is read again.
        if (read.network_id !== network) setParams({ [NETWORK]: read.network_id });
        else open(read);
      },
      (error: unknown) => {
        if (given) return;
        say(error instanceof ApiError && error.status === 404 ? words.missing : errorText(error), { tone: 'bad' });
        rememberLast(network, AUTOMATIC);
        open(draftOf(network));
        setParams({ topology: null });
      },
    );
    return () => {
      given = true;
    };
  }, [network, wanted, loaded, editor === null]);

  // Chosen in the menu, it is what one comes back to.
  useEffect(() => {
    if (network && wanted) rememberLast(network, wanted);
  }, [network, wanted]);

  // The feed tells of what others do.
  const entry = saved?.id ? rows.find(each => each.id === saved.id) : undefined;
  const revision = entry?.revision ?? 0;
  useEffect(() => {
    if (revision) editor?.moved(revision);
  }, [editor, revision]);

  const mayKeep = rights.edit && !saved?.is_locked;
  const setOptions = (changes: Partial<Options>) => {
    if (!editor || !saved) return;
    const names = Object.keys(changes) as (keyof Options)[];
    if (!saved.id || mayKeep) {
      editor.do({ kind: 'options', options: changes });
      keepMine(Object.fromEntries(Object.entries(mine).filter(([name]) => !names.includes(name as keyof Options))));
    } else keepMine({ ...mine, ...changes });
  };
  const keepMine = (options: Partial<Options>) => {
    if (saved?.id) keepOptions(saved.id, options);
    setMine(options);
  };
  return { editor, list, saved, mine, setOptions, forgetMine: () => keepMine({}) };
}

function makeSignal() {
  const listeners = new Set<() => void>();
  return {
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell: () => listeners.forEach(listener => listener()),
  };
}
