// SPDX-License-Identifier: BSD-2-Clause
// The networks that one may see. The feed brings one network at a time, so their list is read by REST.

import { useEffect, useMemo } from 'react';

import { networks as api, type Network } from './api';
import { useRows } from './live';
import { changed, useRemote } from './remote';

const none: Network[] = [];

export function useNetworks(): Network[] {
  const { value } = useRemote('networks', () => api.list());
  // A new name of the one on show comes by the feed.
  const live = useRows<{ id: string; name: string }>('network');
  const names = live.map(network => network.name).join();
  useEffect(() => {
    const known = value?.rows.find(network => network.id === live[0]?.id);
    if (known && live[0] && known.name !== live[0].name) changed('networks');
  }, [names]);
  return useMemo(() => value?.rows ?? none, [value]);
}

export const networkName = (networks: readonly Network[], id: string) => networks.find(network => network.id === id)?.name ?? '–';
