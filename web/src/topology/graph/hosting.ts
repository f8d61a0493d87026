// SPDX-License-Identifier: BSD-2-Clause
// What runs on what, as container engines tell or people note it: a host's `virtualization` {type, vm_name, vm_id, service_id} names the service
// that runs the machine, a service's {type, container_name, container_id, service_id} the one that runs the container.

import type { Service } from '../../state/entities';
import type { HostView } from '../../state/selectors';
import type { Tables } from '../../state/tables';
import type { GraphEdge, Truth } from '../model';
import { plainEdge } from './edges';

export interface Hosting {
  type: string;
  name: string | null; // of the machine or container
  key: string | null; // its id, by which parts of one container are known
  serviceId: string | null; // what runs it
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : typeof value === 'number' ? String(value) : null);

// Read with suspicion: it is whatever a person or a program has sent.
export function hostingOf(value: unknown): Hosting | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const of = value as Record<string, unknown>;
  const type = text(of.type) ?? '';
  const name = text(of.vm_name) ?? text(of.container_name);
  return { type, name, key: text(of.container_id) ?? text(of.vm_id) ?? name, serviceId: text(of.service_id) };
}

// Who runs it: a host's id.
export function providerOf(tables: Tables, hosting: Hosting): string | null {
  return hosting.serviceId === null ? null : (tables.service.get(hosting.serviceId)?.host_id ?? null);
}

// Null: it is no virtual machine. '': of whom is not known.
export function providerTitle(tables: Tables, virtualization: unknown): string | null {
  const hosting = hostingOf(virtualization);
  if (!hosting) return null;
  const id = providerOf(tables, hosting);
  const host = id === null ? undefined : tables.host.get(id);
  return host?.name ?? hosting.type;
}

const nothing: readonly Service[] = [];

// Services that run in containers.
export function contained(view: HostView): readonly Service[] {
  let found: Service[] | null = null;
  for (const service of view.services) if (service.virtualization !== null) (found ??= []).push(service);
  return found ?? nothing;
}

// Alike when nothing about it has changed.
export function hostingForm(view: HostView, inside = contained(view)): string {
  const own = view.host.virtualization === null ? '' : JSON.stringify(view.host.virtualization);
  return inside.length ? own + inside.map(service => `${service.id} ${service.ip} ${JSON.stringify(service.virtualization)}`).join() : own;
}

interface Resident {
  view: HostView;
  inside: readonly Service[];
}

// nodeOf: where a host is in this picture, at this address if one is given.
export function hostingEdges(tables: Tables, residents: Iterable<Resident>, nodeOf: (host: string, ip: string | null) => string | undefined): GraphEdge[] {
  const edges = new Map<string, GraphEdge>();
  const add = (kind: 'virtualization' | 'container', provider: string | null, target: string | undefined, label: string, truth: Truth = 'noted') => {
    const source = provider === null ? undefined : nodeOf(provider, null);
    if (source === undefined || target === undefined || source === target) return;
    const edge = plainEdge(kind, source, target, truth, { directed: true, label });
    const old = edges.get(edge.id);
    if (old) old.count++;
    else edges.set(edge.id, edge);
  };
  for (const { view, inside } of residents) {
    const machine = hostingOf(view.host.virtualization);
    if (machine) add('virtualization', providerOf(tables, machine), nodeOf(view.id, null), machine.type);
    for (const service of inside) {
      const container = hostingOf(service.virtualization);
      if (container) add('container', providerOf(tables, container), nodeOf(view.id, service.ip), container.type, service.source === 'docker' ? 'announced' : 'noted');
    }
  }
  return [...edges.values()];
}
