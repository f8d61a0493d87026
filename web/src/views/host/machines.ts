// SPDX-License-Identifier: BSD-2-Clause
// Which hosts are the machines of a host's services, as a draft, and what has to be said of which host. Pure.

import type { Host } from '../../state/entities';
import type { Virtualization } from '../../api/things';
import { machineType, readVirtualization } from './virtualization';

export interface Machine {
  host_id: string;
  service_id: string;
  vm_name: string;
  vm_id: string;
}

export function machinesOf(hosts: Iterable<Host>, serviceIds: ReadonlySet<string>): Machine[] {
  const found: Machine[] = [];
  for (const host of hosts) {
    const of = readVirtualization(host.virtualization);
    if (of?.service_id && serviceIds.has(of.service_id)) found.push({ host_id: host.id, service_id: of.service_id, vm_name: of.vm_name ?? '', vm_id: of.vm_id ?? '' });
  }
  return found;
}

export interface Said {
  host_id: string;
  virtualization: Virtualization | null;
}

const text = (value: string) => value.trim() || null;

export function changesOf(before: readonly Machine[], after: readonly Machine[], definitionOf: (serviceId: string) => string | null): Said[] {
  const said: Said[] = [];
  const old = new Map(before.map(machine => [machine.host_id, machine]));
  for (const machine of after) {
    if (JSON.stringify(old.get(machine.host_id)) === JSON.stringify(machine)) continue;
    said.push({ host_id: machine.host_id, virtualization: { type: machineType(definitionOf(machine.service_id)), service_id: machine.service_id, vm_name: text(machine.vm_name), vm_id: text(machine.vm_id) } });
  }
  for (const { host_id } of before) if (!after.some(machine => machine.host_id === host_id)) said.push({ host_id, virtualization: null });
  return said;
}
