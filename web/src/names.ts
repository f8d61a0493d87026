// SPDX-License-Identifier: BSD-2-Clause
// What ids stand for, as far as this page knows: tags, hosts, subnets, sensors, networks.

import { useMemo } from 'react';

import type { NameOf } from './changes';
import { useRows, useViews } from './live';
import { useNetworks } from './networks';
import type { Subnet } from './state/entities';
import { useTags } from './tags';

export function useNameOf(): NameOf {
  const views = useViews('host', 'sensor');
  const subnets = useRows<Subnet>('subnet');
  const networks = useNetworks();
  const { tags } = useTags();
  return useMemo(() => {
    const named = new Map([...tags, ...subnets, ...networks].map(each => [each.id, each.name]));
    return (id: string) => named.get(id) ?? views.host(id)?.title ?? views.tables.sensor.get(id)?.name;
  }, [tags, subnets, networks, views]);
}
