// SPDX-License-Identifier: BSD-2-Clause
// Whose rows a picture is made of: the network on show, and others that were chosen beside it, each with a feed and a
// state of its own; or a network as it was.

import { createFeed } from '../../feed/feed';
import { browser } from '../../feed/socket';
import { Views } from '../../state/selectors';
import { createStore, type Frames, type Store } from '../../state/store';
import type { Tables } from '../../state/tables';

export interface Source {
  network: string;
  views(): Views;
  loaded(): boolean;
  subscribe(listener: () => void): () => void;
}

export const NETWORKS_MAX = 8; // in one picture
const HIDDEN_FRAME_MS = 500;

export const sourceOf = (network: string, store: Store): Source => ({ network, views: store.views, loaded: () => store.loaded() && store.networkId() === network, subscribe: store.subscribe });

export function stillSource(network: string, tables: Tables): Source {
  const views = new Views(tables);
  return { network, views: () => views, loaded: () => true, subscribe: () => () => {} };
}

const frames: Frames = {
  now: () => performance.timeOrigin + performance.now(),
  request(run) {
    if (document.hidden) setTimeout(run, HIDDEN_FRAME_MS);
    else requestAnimationFrame(run);
  },
  later: (ms, run) => void setTimeout(run, ms),
};

// The networks beside the one on show. What is no longer wanted is let go.
export class Beside {
  private readonly open = new Map<string, { source: Source; stop: () => void }>();

  want(wanted: readonly string[]): Source[] {
    for (const [id, { stop }] of this.open) {
      if (wanted.includes(id)) continue;
      stop();
      this.open.delete(id);
    }
    return wanted.map(id => {
      const known = this.open.get(id);
      if (known) return known.source;
      // Refused: the page's own feed is too, and sees to it.
      const store = createStore(frames, () => {});
      const feed = createFeed(browser, store);
      feed.watch(id);
      feed.start();
      const source = sourceOf(id, store);
      this.open.set(id, { source, stop: () => feed.stop() });
      return source;
    });
  }

  close() {
    this.want([]);
  }
}
