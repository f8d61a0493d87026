// SPDX-License-Identifier: BSD-2-Clause
// What a link leads to, looked at again every half minute for as long as somebody sees it.

import { useCallback, useEffect, useRef, useState } from 'react';

import { ApiError } from '../../api';
import { publicShare, type Shared, type ShareLook } from '../../api/shares';
import { Views } from '../../state/selectors';
import { Tables } from '../../state/tables';
import { takeOver } from './shared';

const EVERY_MS = 30_000;
const RETRY_MS = 5000;
const JITTER = 0.2; // so that a page on many screens does not ask in step

export interface Open {
  is: 'open';
  shared: Shared;
  views: Views;
  version: number; // another one: rows have changed
  readAt: number; // seconds, when it was last known to be so
  away: boolean;
}

export type State =
  | { is: 'looking' }
  | { is: 'ended' }
  | { is: 'away' }
  | { is: 'failed'; why: string }
  | { is: 'locked'; look: ShareLook; again: boolean } // again: the password was right before
  | Open;

// The token is kept for this tab, so that a reload does not ask again. In a frame of another site there may be no store.
const tokens = {
  of(id: string): string | null {
    try {
      return sessionStorage.getItem(`netvisor share ${id}`);
    } catch {
      return null;
    }
  },
  keep(id: string, token: string | null) {
    try {
      if (token === null) sessionStorage.removeItem(`netvisor share ${id}`);
      else sessionStorage.setItem(`netvisor share ${id}`, token);
    } catch {
      // Then it lives as long as the page.
    }
  },
};

export function useShared(id: string): { state: State; unlock: (password: string) => Promise<void> } {
  const [state, setState] = useState<State>({ is: 'looking' });
  const token = useRef(tokens.of(id));
  const tables = useRef<{ tables: Tables; views: Views; etag: string | null; shared: Shared | null; version: number } | null>(null);
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let look: ShareLook | null = null;
    let asking = false;
    let due = false; // it would have been asked, had somebody seen the page

    const once = async (): Promise<number | null> => {
      const seconds = () => Date.now() / 1000;
      try {
        look ??= await publicShare.look(id);
        if (look.requires_password && !token.current) {
          if (current) setState({ is: 'locked', look, again: false });
          return null;
        }
        const known = (tables.current ??= (() => {
          const fresh = new Tables();
          return { tables: fresh, views: new Views(fresh), etag: null, shared: null, version: 0 };
        })());
        const read = await publicShare.read(id, token.current, known.etag);
        if (!current) return null;
        if (read !== 'same') {
          if (takeOver(known.tables, read.shared) || known.shared?.topology.revision !== read.shared.topology.revision || known.version === 0) known.version++;
          known.shared = read.shared;
          known.etag = read.etag;
        }
        setState({ is: 'open', shared: known.shared!, views: known.views, version: known.version, readAt: seconds(), away: false });
        return EVERY_MS;
      } catch (error) {
        if (!current) return null;
        const status = error instanceof ApiError ? error.status : -1;
        if (status === 404 || status === 403 || status === 410) {
          tables.current = null;
          setState({ is: 'ended' });
          return null;
        }
        if (status === 401 && look) {
          const had = token.current !== null && tables.current !== null && tables.current.version > 0;
          token.current = null;
          tokens.keep(id, null);
          tables.current = null;
          setState({ is: 'locked', look: { ...look, requires_password: true }, again: had });
          return null;
        }
        if (status >= 400 && status < 500 && status !== 429) setState({ is: 'failed', why: error instanceof Error ? error.message : String(error) });
        // 503: just now it shows as many pictures as it can.
        else if (status !== 503) setState(old => (old.is === 'open' ? { ...old, away: true } : { is: 'away' }));
        return RETRY_MS;
      }
    };
    // Hidden pages do not ask; they do at once when they are seen again.
    const run = () => {
      timer = undefined;
      due = document.hidden;
      if (due || asking) return;
      asking = true;
      void once().then(wait => {
        asking = false;
        if (current && wait !== null) timer = setTimeout(run, wait * (1 + JITTER * Math.random()));
      });
    };
    const seen = () => {
      if (due) run();
    };
    document.addEventListener('visibilitychange', seen);
    run();
    return () => {
      current = false;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [id, turn]);

  const unlock = useCallback(
    async (password: string) => {
      const answer = await publicShare.verify(id, password);
      token.current = answer.token ?? '';
      tokens.keep(id, answer.token ?? null);
      setTurn(old => old + 1);
    },
    [id],
  );
  return { state, unlock };
}
