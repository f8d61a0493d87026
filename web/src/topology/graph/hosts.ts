// SPDX-License-Identifier: BSD-2-Clause
// Which hosts have changed since the last look, and which of them the options leave out.

import type { HostView } from '../../state/selectors';
import { quietAfter, type Filter } from './filters';
import type { Look } from './input';
import type { Reason } from './left';

export interface Known {
  view: HostView;
  quiet: boolean;
  quietAfter: number;
  reason: Reason | null; // why it is left out
}

const ofHosts: readonly Reason[] = ['hidden', 'hostTag', 'remote', 'quiet'];

export class Hosts {
  readonly known = new Map<string, Known>();

  update(look: Look, filter: Filter): { changed: Known[]; gone: string[] } {
    const changed: Known[] = [];
    const gone: string[] = [];
    for (const view of look.hosts) {
      const old = this.known.get(view.id);
      const after = old && old.view === view ? old.quietAfter : quietAfter(view.host);
      const quiet = look.now > after;
      if (old && old.view === view && old.quiet === quiet && !look.all) continue;
      const one = { view, quiet, quietAfter: after, reason: filter.host(view, quiet) };
      this.known.set(view.id, one);
      changed.push(one);
    }
    if (this.known.size > look.hosts.length) {
      const here = new Set(look.hosts.map(view => view.id));
      for (const id of this.known.keys()) if (!here.has(id)) gone.push(id);
      for (const id of gone) this.known.delete(id);
    }
    return { changed, gone };
  }

  // One that is shown.
  shown(id: string | null): Known | undefined {
    const one = id === null ? undefined : this.known.get(id);
    return one && !one.reason ? one : undefined;
  }

  reasons(): Map<Reason, number> {
    const counts = new Map<Reason, number>(ofHosts.map(reason => [reason, 0]));
    for (const { reason } of this.known.values()) if (reason) counts.set(reason, counts.get(reason)! + 1);
    return counts;
  }
}
