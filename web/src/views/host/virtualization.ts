// SPDX-License-Identifier: BSD-2-Clause
// Which services run machines or containers, and which hosts run on them. Pure.

import type { Host } from '../../state/entities';
import { texts } from '../../texts';
import type { Virtualization } from '../../api/things';

const machines = new Set(['proxmox-ve', 'vmware-esxi', 'vmware-vcenter', 'libvirt']);
const containers = new Set(['docker', 'podman', 'docker-swarm', 'kubernetes', 'kubernetes-node', 'nomad', 'openshift', 'rancher']);

export const runsMachines = (definition: string | null) => definition !== null && machines.has(definition);
export const runsContainers = (definition: string | null) => definition !== null && containers.has(definition);

export const machineType = (definition: string | null) => (definition === 'proxmox-ve' ? 'Proxmox' : 'VirtualMachine');
export const containerType = (definition: string | null) => (definition === 'docker' ? 'Docker' : definition === 'podman' ? 'Podman' : 'Container');

// What a row's JSON column holds, read with suspicion.
export function readVirtualization(value: unknown): Virtualization | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const { type } = value as { type?: unknown };
  return typeof type === 'string' ? (value as Virtualization) : null;
}

export const runsOn = (host: Host, serviceId: string) => readVirtualization(host.virtualization)?.service_id === serviceId;

export const virtualizationText = (of: Virtualization) => [texts.editHost.types[of.type] ?? of.type, of.vm_name ?? of.container_name, of.vm_id ?? of.container_id].filter(Boolean).join(' · ');
