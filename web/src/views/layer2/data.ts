// SPDX-License-Identifier: BSD-2-Clause
// What the page shows: rows of the feed, and beside them what bridges say in other protocols, read again as long as one looks.

import { useEffect, useMemo } from 'react';

import { layer2, type Layer2 } from '../../api';
import { treesOf, type Tree } from '../../layer2/trees';
import { useNetworkId, useViews } from '../../live';
import { changed, useRemote } from '../../remote';
import type { Views } from '../../state/selectors';

const AGAIN_MS = 20_000;
const SOON_MS = 1500; // after a neighbour has said something else
const nothing: Layer2 = { traits: [], vlans: [] };

export interface Layer2Data {
  views: Views;
  beside: Layer2;
  trees: Tree[];
  problem: unknown;
}

export function useLayer2(): Layer2Data {
  const network = useNetworkId();
  const views = useViews('neighbor', 'interface', 'host', 'sensor', 'subnet');
  const { tables } = views;
  const version = tables.versions.neighbor;
  const { value, problem } = useRemote(network === null ? 'layer2 none' : `layer2 ${network}`, () => (network === null ? Promise.resolve(nothing) : layer2(network)));
  useEffect(() => {
    const timer = setInterval(() => document.hidden || changed('layer2'), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  const size = tables.neighbor.size;
  useEffect(() => {
    const timer = setTimeout(() => changed('layer2'), SOON_MS);
    return () => clearTimeout(timer);
  }, [size]);
  const beside = value ?? nothing;
  const trees = useMemo(() => treesOf(tables.neighbor.values(), beside.traits), [tables, version, beside]);
  return { views, beside, trees, problem };
}

// The host whose MAC it is.
export function hostOfMac(views: Views, mac: string, hostId: string | null = null) {
  const known = hostId === null ? undefined : views.host(hostId);
  if (known) return known;
  for (const id of views.tables.interfacesByMac.get(mac)) {
    const host = views.host(views.tables.interface.get(id)!.host_id);
    if (host) return host;
  }
  return undefined;
}
