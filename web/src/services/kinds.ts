// SPDX-License-Identifier: BSD-2-Clause
// What a service is, as far as is known: what a person said, else what the collector concluded of the evidence, which says when it
// is a guess (`how`). Of what is not concluded (yet, or of a time before conclusions were kept) the port's registered protocol is one
// too; it is never a brand. From defs/services/, and people's own.

import all from 'virtual:services';

import type { Service } from '../state/entities';
import { imageNames, readContainer } from './containers';
import { isCertainty, type CertaintyName } from './device';

export interface Category {
  id: string;
  title: string;
  icon: string;
  light: string; // colour on a light ground
  dark: string;
}

export interface ServiceKind {
  id: string;
  name: string;
  category: string;
  icon: string;
  generic: boolean; // a protocol or kind of thing, not one maker's program
}

export interface Described {
  title: string;
  category: string;
  icon: string;
  definition: ServiceKind | null;
  how: 'named' | 'announced' | 'port'; // port: a guess, or nothing is known of it but its port
  certainty: CertaintyName | null; // of what was concluded
}

export const categories: ReadonlyMap<string, Category> = new Map(all.categories.map(each => [each.id, each]));

export const kinds: readonly ServiceKind[] = all.services.map(([id, name, category, icon, generic]) => ({ id, name, category, icon, generic: generic === 1 }));

// How many TCP ports the definitions name: a light scan asks them.
export const portsNamed: number = all.ports;

const byName = new Map<string, ServiceKind>();
const byPort = new Map<string, ServiceKind>();

all.services.forEach(([id, name, , , , ports], i) => {
  const kind = kinds[i]!;
  byName.set(id, kind);
  byName.set(name.toLowerCase(), kind);
  if (kind.generic) for (const port of ports.split(' ').filter(Boolean)) byPort.set(port, kind);
});

let own: ReadonlyMap<string, ServiceKind> = new Map();

// People's own definitions stand over those of the same id that came with the program. Returns the ids of those that are other than they
// were.
export function learnKinds(learnt: readonly ServiceKind[]): string[] {
  const next = new Map(learnt.flatMap(kind => [[kind.id, kind], [kind.name.toLowerCase(), kind]] as const));
  const ids = new Set([...own.values(), ...next.values()].map(kind => kind.id));
  const other = [...ids].filter(id => JSON.stringify(own.get(id)) !== JSON.stringify(next.get(id)));
  if (!other.length) return other;
  own = next;
  known = new WeakMap();
  return other;
}

// By its id or its name.
export const kindNamed = (name: string): ServiceKind | undefined => own.get(name.toLowerCase()) ?? byName.get(name.toLowerCase());

// All that there are, by id.
export const allKinds = (): ServiceKind[] => [...kinds.filter(kind => !own.has(kind.id)), ...new Set(own.values())];

// The protocol that a port is registered for: of a conversation of which no more is known.
export const kindOfPort = (port: number, proto: string): ServiceKind | undefined => byPort.get(`${port}/${proto}`);

// The type in an mDNS name: "_ipp._tcp" of "Hall._ipp._tcp.local".
const announcedType = /(?:^|\.)(_[^.]+\._(?:tcp|udp))(?:\.|$)/i;

export const mdnsType = (name: string | null): string | null => (name && announcedType.exec(name)?.[1]?.toLowerCase()) || null;

const UNCLAIMED = 'unclaimed-open-ports';

let known = new WeakMap<Service, Described>();
const ofPort = new Map<string, Described>(); // of many nothing else is known

export function describeService(service: Service): Described {
  let described = known.get(service);
  if (!described) {
    described = describe(service);
    known.set(service, described);
  }
  return described;
}

function describe(service: Service): Described {
  const { service_definition, name, definition } = service;
  const { image } = (service.virtualization !== null && readContainer(service.virtualization)) || { image: null };
  if (service_definition === null && name === null && image === null && !definition) return describePort(service.port, service.proto);
  const byPerson = service.name_source === 'manual';
  const title = byPerson && name ? name : null;
  const as = (kind: ServiceKind, how: Described['how'], certainty: CertaintyName | null = null): Described => ({ title: title ?? kind.name, category: kind.category, icon: kind.icon, definition: kind, how, certainty });
  const kind = kindNamed(service_definition ?? '') ?? (byPerson ? kindNamed(name ?? '') : undefined);
  if (kind) return as(kind, 'named');
  if (service_definition) return { title: title ?? service_definition, category: 'Custom', icon: categories.get('Custom')!.icon, definition: null, how: 'named', certainty: null };
  // One that this page has not heard of yet is called by its id.
  const certainty = isCertainty(service.certainty) ? service.certainty : 'high';
  const concluded = definition && definition !== UNCLAIMED ? (kindNamed(definition) ?? { id: definition, name: definition, category: 'Custom', icon: categories.get('Custom')!.icon, generic: false }) : undefined;
  if (concluded && certainty !== 'low') return as(concluded, 'announced', certainty);
  const ofImage = image === null ? undefined : imageNames(image).map(kindNamed).find(Boolean);
  if (ofImage) return as(ofImage, 'announced');
  if (image !== null && service.source === 'docker') return { title: name!, category: 'Virtualization', icon: 'container', definition: null, how: 'announced', certainty: null };
  if (concluded) return as(concluded, title ? 'named' : 'port', certainty);
  if (name === null) return describePort(service.port, service.proto);
  // What it calls itself, of which there is no definition.
  const type = mdnsType(name);
  const { icon } = categories.get('Unknown')!;
  return { title: type ? type.slice(1, type.indexOf('.')) : name, category: 'Unknown', icon, definition: null, how: byPerson ? 'named' : 'announced', certainty: null };
}

function describePort(port: number | null, proto: string | null): Described {
  const key = port === null ? '' : `${port}/${proto}`;
  let described = ofPort.get(key);
  if (!described) {
    const kind = byPort.get(key) ?? null;
    const open = categories.get(key ? 'OpenPorts' : 'Unknown')!;
    described = { title: kind?.name ?? (key || byName.get('unknown')!.name), category: kind?.category ?? open.id, icon: kind?.icon ?? open.icon, definition: kind, how: 'port', certainty: null };
    ofPort.set(key, described);
  }
  return described;
}
