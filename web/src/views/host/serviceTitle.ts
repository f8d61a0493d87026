// SPDX-License-Identifier: BSD-2-Clause
// What a service of the draft is called, and its icon: by its name, by what it is, or by where it was seen.

import { categories, kindNamed, kindOfPort } from '../../services/catalogue';
import { instanceName } from '../../state/selectors';
import { texts } from '../../texts';
import type { Service } from './draft';

function kindOf(service: Service) {
  if (service.service_definition) return kindNamed(service.service_definition);
  const [, port, proto] = /^(\d+)\/(\w+)/.exec(service.seen) ?? [];
  return kindNamed(service.name) ?? (port && proto ? kindOfPort(Number(port), proto) : undefined);
}

export const serviceTitle = (service: Service): string => instanceName(service.name.trim()) || kindOf(service)?.name || service.service_definition || service.seen || texts.hosts.unnamed;

export const serviceIcon = (service: Service): string => kindOf(service)?.icon ?? categories.get('Unknown')?.icon ?? 'point';
