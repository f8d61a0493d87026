// SPDX-License-Identifier: BSD-2-Clause
// A group's members are services' bindings; people know them as "host: service".

import { useMemo } from 'react';

import { useRows, useViews } from '../../live';
import type { Binding, Group } from '../../state/entities';
import { serviceLabel } from '../../state/selectors';
import { texts } from '../../texts';

export const memberIds = (group: Group): string[] => (Array.isArray(group.binding_ids) ? group.binding_ids.filter((id): id is string => typeof id === 'string') : []);

export interface Members {
  title: (bindingId: string) => string;
  options: { value: string; label: string }[];
}

export function useMembers(): Members {
  const views = useViews('host', 'service');
  const bindings = useRows<Binding>('binding');
  const version = `${views.tables.versions.host} ${views.tables.versions.service}`;
  return useMemo(() => {
    const titles = new Map<string, string>();
    for (const binding of bindings) {
      const service = views.tables.service.get(binding.service_id);
      const host = service && views.host(service.host_id);
      if (!service || !host) continue;
      const face = binding.interface_id ? views.tables.interface.get(binding.interface_id) : undefined;
      const at = face?.ip && face.ip !== host.addresses[0] ? ` (${face.ip})` : '';
      titles.set(binding.id, `${host.title || texts.hosts.unnamed}: ${serviceLabel(service)}${service.port ? ` ${service.port}/${service.proto}` : ''}${at}`);
    }
    return {
      title: id => titles.get(id) ?? texts.things.groups.gone,
      options: [...titles].map(([value, label]) => ({ value, label })).sort((a, b) => (a.label < b.label ? -1 : 1)),
    };
  }, [bindings, views, version]);
}
