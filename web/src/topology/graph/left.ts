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
    return said(this.counts);
  }
}

const said = (counts: ReadonlyMap<Reason, number>) =>
  [...counts].map(([reason, count]) => ({ what: graphTexts.left[reason][count === 1 ? 0 : 1]!, count })).sort((a, b) => (a.what < b.what ? -1 : 1));

const reasons = new Map<string, Reason>(Object.entries(graphTexts.left).flatMap(([reason, forms]) => forms.map((form): [string, Reason] => [form, reason as Reason])));

// What several pictures leave out together.
export function leftTogether(lists: readonly (readonly { what: string; count: number }[])[]): { what: string; count: number }[] {
  const left = new Left();
  for (const { what, count } of lists.flat()) {
    const reason = reasons.get(what);
    if (reason) left.add(reason, count);
  }
  return left.list();
}
