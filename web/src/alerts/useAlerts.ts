// SPDX-License-Identifier: BSD-2-Clause
// The alerts of the network on show, looked at again a few times a minute: the menu counts them on every page, and
// walking through ten thousand hosts at each change would cost more than the news is worth.

import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';

import { identity, type Consolidation } from '../api';
import { store, useLoaded, useNetworkId } from '../live';
import { useClock } from '../parts/clock';
import { changed, useRemote } from '../remote';
import { alertsOf, type Alert } from './alerts';

const LOOK_S = 15;
const FIRST_MS = 2500; // what comes by REST may wait until the page is there
const AGAIN_MS = 60_000;

const nothing = { rows: [] as Consolidation[], total: 0 };

export interface Alerts {
  alerts: readonly Alert[];
  problem: unknown;
  sensors: number;
}

// What moves rarely is seen at once.
const versions = () => {
  const { versions: now } = store.tables();
  return `${now.sensor} ${now.discovery} ${now.session}`;
};

export function useAlerts(): Alerts {
  const network = useNetworkId();
  const loaded = useLoaded();
  const [later, setLater] = useState(false);
  const turn = useClock(now => Math.floor(now / LOOK_S));
  const moved = useSyncExternalStore(store.subscribe, versions);
  useEffect(() => {
    const timer = setTimeout(() => setLater(true), FIRST_MS);
    const again = setInterval(() => document.hidden || changed('conflicts', 'consolidations'), AGAIN_MS);
    return () => {
      clearTimeout(timer);
      clearInterval(again);
    };
  }, []);
  const ready = later && network !== null;
  const conflicts = useRemote(ready ? `conflicts ${network}` : 'conflicts none', () => (ready ? identity.conflicts(network) : Promise.resolve([])));
  const proposals = useRemote(ready ? `consolidations ${network}` : 'consolidations none', () => (ready ? identity.list(network) : Promise.resolve(nothing)));
  return useMemo(() => {
    const tables = store.tables();
    const alerts = loaded ? alertsOf({ tables, now: Date.now() / 1000, conflicts: conflicts.value ?? [], proposals: proposals.value?.rows ?? [] }) : [];
    return { alerts, problem: conflicts.problem ?? proposals.problem, sensors: tables.sensor.size };
  }, [loaded, network, turn, moved, conflicts, proposals]);
}
