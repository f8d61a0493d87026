// SPDX-License-Identifier: BSD-2-Clause
// The alerts of the network on show: the collector's come by the feed, what else waits for a person is looked at now and then.

import { useEffect, useMemo, useState } from 'react';

import { identity, type Consolidation } from '../api';
import { useLoaded, useNetworkId, useViews } from '../live';
import { changed, useRemote } from '../remote';
import { alertsOf, type Alert } from './alerts';

const FIRST_MS = 2500; // what comes by REST may wait until the page is there
const AGAIN_MS = 60_000;

const nothing = { rows: [] as Consolidation[], total: 0 };

export interface Alerts {
  alerts: readonly Alert[];
  problem: unknown;
  sensors: number;
}

export function useAlerts(): Alerts {
  const network = useNetworkId();
  const loaded = useLoaded();
  const [later, setLater] = useState(false);
  const { tables } = useViews('alert', 'sensor');
  const { alert: alertVersion, sensor: sensorVersion } = tables.versions;
  useEffect(() => {
    const timer = setTimeout(() => setLater(true), FIRST_MS);
    const again = setInterval(() => document.hidden || changed('consolidations'), AGAIN_MS);
    return () => {
      clearTimeout(timer);
      clearInterval(again);
    };
  }, []);
  const ready = later && network !== null;
  const proposals = useRemote(ready ? `consolidations ${network}` : 'consolidations none', () => (ready ? identity.list(network) : Promise.resolve(nothing)));
  return useMemo(() => {
    const alerts = loaded ? alertsOf({ alerts: tables.alert.values(), sensors: tables.sensor.values(), proposals: proposals.value?.rows ?? [] }) : [];
    return { alerts, problem: proposals.problem, sensors: tables.sensor.size };
  }, [loaded, tables, alertVersion, sensorVersion, proposals]);
}
