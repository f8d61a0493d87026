// SPDX-License-Identifier: BSD-2-Clause
// A host while somebody edits it: its draft from what the API has, and the body that says only what was changed. What is
// new has no id yet and is known by a key, by which services name ports and interfaces before they exist. Pure.

import type { HostBody, Virtualization } from '../../api/things';

export interface Face {
  key: string;
  id: string | null;
  discovered: boolean;
  ip_address: string;
  mac_address: string;
  name: string;
  subnet_id: string | null;
  about: string; // what discovery says beside it
}

export interface Port {
  key: string;
  id: string | null;
  discovered: boolean;
  number: string;
  protocol: string;
}

// By the keys of a port and an interface of the draft.
export interface Bound {
  port: string | null;
  face: string | null;
  discovered: boolean;
}

export interface Service {
  key: string;
  id: string | null;
  discovered: boolean;
  service_definition: string | null;
  name: string;
  bindings: Bound[];
  virtualization: Virtualization | null;
  seen: string; // where discovery saw it
}

export interface Draft {
  name: string;
  description: string;
  hidden: boolean;
  tags: string[];
  virtualization: Virtualization | null;
  interfaces: Face[];
  ports: Port[];
  services: Service[];
}

const discovered = (origin: string | undefined) => origin === 'discovery';

export function draftOf(host: HostBody): Draft {
  return {
    name: host.name ?? '',
    description: host.description ?? '',
    hidden: host.hidden,
    tags: host.tags,
    virtualization: host.virtualization,
    interfaces: host.interfaces.map(face => ({
      key: face.id, id: face.id, discovered: discovered(face.origin), ip_address: face.ip_address ?? '', mac_address: face.mac_address ?? '', name: face.name ?? '', subnet_id: face.subnet_id,
      about: [face.vendor, face.vlan.length ? `VLAN ${face.vlan.join('.')}` : ''].filter(Boolean).join(' · '),
    })),
    ports: host.ports.map(port => ({ key: port.id, id: port.id, discovered: discovered(port.origin), number: String(port.number), protocol: port.protocol })),
    services: host.services.map(service => ({
      key: service.id, id: service.id, discovered: discovered(service.origin), service_definition: service.service_definition, name: service.name ?? '', virtualization: service.virtualization,
      bindings: service.bindings.map(binding => ({ port: binding.port_id, face: binding.interface_id, discovered: discovered(binding.origin) })),
      seen: service.port === null ? '' : [`${service.port}/${service.proto}`, service.ip].filter(Boolean).join('  '),
    })),
  };
}

const text = (value: string) => value.trim() || null;
type Item = Record<string, unknown>;

const identity = (of: { key: string; id: string | null }) => (of.id === null ? { key: of.key } : { id: of.id });

const faceBody = (face: Face, position: number): Item => ({ ...identity(face), ip_address: text(face.ip_address), mac_address: text(face.mac_address.toLowerCase().replaceAll('-', ':')), name: text(face.name), subnet_id: face.subnet_id, position });
const portBody = (port: Port): Item => ({ ...identity(port), number: Number(port.number), protocol: port.protocol });

// A port or interface that exists is named by its id, a new one by its key.
const named = (what: 'port' | 'interface', key: string | null, known: ReadonlySet<string>) => (key === null ? { [`${what}_id`]: null } : known.has(key) ? { [`${what}_id`]: key } : { [`${what}_key`]: key });

function serviceBody(service: Service, position: number, known: ReadonlySet<string>): Item {
  return {
    ...(service.id === null ? {} : { id: service.id }),
    name: text(service.name),
    service_definition: service.service_definition,
    virtualization: service.virtualization,
    bindings: service.bindings.map(bound => ({ ...named('port', bound.port, known), ...named('interface', bound.face, known) })),
    position,
  };
}

function bodies(draft: Draft) {
  const known = new Set([...draft.interfaces, ...draft.ports].filter(each => each.id !== null).map(each => each.key));
  return {
    name: text(draft.name),
    description: text(draft.description),
    hidden: draft.hidden,
    tags: draft.tags,
    virtualization: draft.virtualization,
    interfaces: draft.interfaces.map(faceBody),
    ports: draft.ports.map(portBody),
    services: draft.services.map((service, i) => serviceBody(service, i, known)),
  };
}

export type Body = Partial<ReturnType<typeof bodies>>;

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

// Of a list: what is new, what is another than it was, and what is no more. The others are left as they are.
function changesOf(before: readonly Item[], after: readonly Item[]): Item[] {
  const old = new Map(before.map(item => [item.id, item]));
  const kept = new Set(after.map(item => item.id));
  return [...after.filter(item => item.id === undefined || !same(item, old.get(item.id))), ...before.filter(item => !kept.has(item.id)).map(({ id }) => ({ id, deleted: true }))];
}

// Only what is not as it was.
export function bodyOf(before: Draft, draft: Draft): Body {
  const [old, next] = [bodies(before), bodies(draft)];
  const body: Body = {};
  for (const name of ['name', 'description', 'hidden', 'tags', 'virtualization'] as const) if (!same(next[name], old[name])) Object.assign(body, { [name]: next[name] });
  for (const name of ['interfaces', 'ports', 'services'] as const) {
    const changes = changesOf(old[name], next[name]);
    if (changes.length) body[name] = changes;
  }
  return body;
}

// Without an interface or a port, nothing can be bound to it.
export const withoutFace = (draft: Draft, key: string): Partial<Draft> => ({
  interfaces: draft.interfaces.filter(face => face.key !== key),
  services: draft.services.map(service => ({ ...service, bindings: service.bindings.filter(bound => bound.face !== key || bound.port !== null).map(bound => (bound.face === key ? { ...bound, face: null } : bound)) })),
});

export const withoutPort = (draft: Draft, key: string): Partial<Draft> => ({
  ports: draft.ports.filter(port => port.key !== key),
  services: draft.services.map(service => ({ ...service, bindings: service.bindings.filter(bound => bound.port !== key) })),
});

// Whose a port is: the service that a person gave it to before the one that discovery saw there.
export function ownerOf(draft: Draft, port: string): { service: Service; discovered: boolean } | null {
  const all = draft.services.flatMap(service => service.bindings.filter(bound => bound.port === port).map(bound => ({ service, discovered: bound.discovered })));
  return all.find(each => !each.discovered) ?? all[0] ?? null;
}

// What was seen to answer on a port still does when a person says that it belongs to another service.
export function transfer(draft: Draft, port: string, to: string | null): Service[] {
  let face: string | null = null;
  for (const service of draft.services) for (const bound of service.bindings) if (bound.port === port && bound.face !== null) face = bound.face;
  return draft.services.map(service => {
    const bindings = service.bindings.filter(bound => bound.port !== port || bound.discovered);
    if (service.key === to && !bindings.some(bound => bound.port === port)) bindings.push({ port, face, discovered: false });
    return bindings.length === service.bindings.length && bindings.every((bound, i) => bound === service.bindings[i]) ? service : { ...service, bindings };
  });
}

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}
