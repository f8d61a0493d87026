// SPDX-License-Identifier: BSD-2-Clause
// The time on show: now, or as of a time; and what became of the network since another.

import { useEffect, useState } from 'react';

import { history } from '../../api';
import type { Change } from '../model';
import { goneOf, readDifference, readPast, type Became, type Gone, type Past } from './past';
import { stillSource, type Source } from './sources';

export interface Time {
  oldest: number | null; // how far back the log reaches; null until it is known
  reading: number | null; // share that is read
  problem: unknown;
  sources: readonly Source[] | null; // what to draw instead of the present
  became: Became | null;
  changes: ReadonlyMap<string, Change> | null;
  gone: Gone | null;
  left: number; // rows of the past that were too many
}

const nothing: Time = { oldest: null, reading: null, problem: null, sources: null, became: null, changes: null, gone: null, left: 0 };

const KEPT = 3; // times that were read
const kept = new Map<string, Past>();

async function pastOf(network: string, at: number, progress: (share: number) => void, given: () => boolean): Promise<Past | null> {
  const key = `${network} ${at}`;
  const known = kept.get(key) ?? (await readPast(history, network, at, progress, given));
  if (!known) return null;
  kept.delete(key);
  kept.set(key, known);
  for (const old of kept.keys()) if (kept.size > KEPT) kept.delete(old);
  return known;
}

async function read(networks: readonly string[], at: number | null, since: number | null, look: number, progress: (share: number) => void, given: () => boolean): Promise<Partial<Time> | null> {
  const sources: Source[] = [];
  let left = 0;
  if (at !== null) {
    for (const [i, network] of networks.entries()) {
      const past = await pastOf(network, at, share => progress((i + share) / networks.length), given);
      if (!past) return null;
      left += past.left;
      sources.push(stillSource(network, past.tables));
    }
  }
  // Changes are of the network on show; those beside it are as they were.
  const became = since === null ? null : await readDifference(history, networks[0]!, since, at ?? look, given);
  if (given()) return null;
  return { sources: at === null ? null : sources, became, changes: became?.changes ?? null, gone: became && goneOf(became.items), left };
}

// look: the moment that "now" was last looked at when it is compared with another.
export function usePast(networks: readonly string[], at: number | null, since: number | null, look: number, open: boolean): Time {
  const [time, setTime] = useState<Time>(nothing);
  const network = networks[0] ?? null;
  const asked = open || at !== null || since !== null;

  useEffect(() => {
    if (!network || !asked) return;
    let given = false;
    history.asOf(network, Math.floor(Date.now() / 1000), 'network', 0, 1).then(
      answer => !given && setTime(old => ({ ...old, oldest: answer.oldest_at })),
      () => {},
    );
    return () => {
      given = true;
    };
  }, [network, asked]);

  useEffect(() => {
    const back = (old: Time): Time => ({ ...nothing, oldest: old.oldest });
    if (!network || (at === null && since === null)) {
      setTime(old => (old.sources || old.became || old.problem || old.reading !== null ? back(old) : old));
      return;
    }
    let stopped = false;
    const given = () => stopped;
    setTime(old => ({ ...old, reading: 0, problem: null }));
    read(networks, at, since, look, share => !stopped && setTime(old => ({ ...old, reading: share })), given).then(
      found => found && !stopped && setTime(old => ({ ...back(old), ...found })),
      (problem: unknown) => !stopped && setTime(old => ({ ...back(old), problem })),
    );
    return () => {
      stopped = true;
    };
  }, [networks.join(), at, since, look]);

  return time;
}
