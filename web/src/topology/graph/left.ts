// SPDX-License-Identifier: BSD-2-Clause
// What a picture leaves out, by reason, so that it can be said.

import { graphTexts } from '../../texts/graph';

export type Reason = keyof typeof graphTexts.left;

export class Left {
  private counts = new Map<Reason, number>();

  clear() {
    this.counts.clear();
  }

  add(reason: Reason, count = 1) {
    this.set(reason, (this.counts.get(reason) ?? 0) + count);
  }

  set(reason: Reason, count: number) {
    if (count) this.counts.set(reason, count);
    else this.counts.delete(reason);
  }

  list(): { what: string; count: number }[] {
    return [...this.counts].map(([reason, count]) => ({ what: graphTexts.left[reason], count })).sort((a, b) => (a.what < b.what ? -1 : 1));
  }
}
