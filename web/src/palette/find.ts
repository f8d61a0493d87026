// SPDX-License-Identifier: BSD-2-Clause
// Hosts and services that fit what was typed, looked through in slices, so that a letter is never waited for.

import type { HostView, ServiceView, Views } from '../state/selectors';
import { Best, ELSEWHERE, holds, isLoose, LOOSE, needles, score } from './rank';

const HOSTS_MAX = 8;
const SERVICES_MAX = 5;
const LOOSE_MIN = 3; // letters
const SLICE = 2000; // rows between two looks at the clock
const BUDGET_MS = 7;

export interface Found {
  query: string;
  hosts: Best<HostView>;
  services: Best<ServiceView>;
}

export interface Turns {
  now: () => number;
  rest: () => Promise<void>; // let others have their turn
}

export async function find(views: Views, query: string, turns: Turns, current: () => boolean): Promise<Found | null> {
  const words = needles(query);
  let start = turns.now();
  let looked = 0;
  const isTurn = () => ++looked % SLICE === 0;
  // false: nobody waits for this any more.
  const mayGoOn = async () => {
    if (turns.now() - start > BUDGET_MS) {
      await turns.rest();
      start = turns.now();
    }
    return current();
  };
  const scan = async <V extends { text: string }>(rows: readonly V[], titleOf: (row: V) => string, most: number): Promise<Best<V> | null> => {
    const best = new Best<V>(most);
    for (const row of rows) {
      if (holds(row.text, words)) {
        const title = titleOf(row);
        best.add(row, Math.max(score(title, query), ELSEWHERE), title);
      }
      if (isTurn() && !(await mayGoOn())) return null;
    }
    if (best.all > 0 || query.length < LOOSE_MIN) return best;
    for (const row of rows) {
      const title = titleOf(row);
      if (isLoose(title, query)) best.add(row, LOOSE, title);
      if (isTurn() && !(await mayGoOn())) return null;
    }
    best.all = best.rows.length; // the list pages know nothing of loose letters
    return best;
  };
  const hosts = await scan(views.allHosts(), view => view.title.toLowerCase(), HOSTS_MAX);
  const services = hosts && (await scan(views.allServices(), view => view.label.toLowerCase(), SERVICES_MAX));
  return hosts && services && current() ? { query, hosts, services } : null;
}
