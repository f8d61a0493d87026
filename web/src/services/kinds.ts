// SPDX-License-Identifier: BSD-2-Clause
// What a service is, as far as is known: what a person said, else the image that it runs from, what it announces, else what its port is
// registered for, which is a guess and says so (`how`). From defs/services/.

import all from 'virtual:services';

import type { Service } from '../state/entities';
import { imageNames, readContainer } from './containers';

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
  how: 'named' | 'announced' | 'port';
}

export const categories: ReadonlyMap<string, Category> = new Map(all.categories.map(each => [each.id, each]));

export const kinds: readonly ServiceKind[] = all.services.map(([id, name, category, icon, generic]) => ({ id, name, category, icon, generic: generic === 1 }));

// How many TCP ports the definitions name: a light scan asks them.
export const portsNamed: number = all.ports;

const byName = new Map<string, ServiceKind>();
const byPort = new Map<string, ServiceKind>();
const byType = new Map<string, ServiceKind>();

all.services.forEach(([id, name, , , , ports, types], i) => {
  const kind = kinds[i]!;
  byName.set(id, kind);
  byName.set(name.toLowerCase(), kind);
  for (const port of ports.split(' ').filter(Boolean)) byPort.set(port, kind);
  for (const type of types.split(' ').filter(Boolean)) byType.set(type, kind);
});

// By its id or its name.
export const kindNamed = (name: string): ServiceKind | undefined => byName.get(name.toLowerCase());

// What a port is registered for, or nearly always used for.
export const kindOfPort = (port: number, proto: string): ServiceKind | undefined => byPort.get(`${port}/${proto}`);

// The type in an mDNS name: "_ipp._tcp" of "Hall._ipp._tcp.local".
const announcedType = /(?:^|\.)(_[^.]+\._(?:tcp|udp))(?:\.|$)/i;

export const mdnsType = (name: string | null): string | null => (name && announcedType.exec(name)?.[1]?.toLowerCase()) || null;

const known = new WeakMap<Service, Described>();
const ofPort = new Map<string, Described>(); // most are told by their port alone

export function describeService(service: Service): Described {
  let described = known.get(service);
  if (!described) {
    described = describe(service);
    known.set(service, described);
  }
  return described;
}

function describe(service: Service): Described {
  const { service_definition, name } = service;
  const { image } = (service.virtualization !== null && readContainer(service.virtualization)) || { image: null };
  if (service_definition === null && name === null && image === null && !service.definition) return describePort(service.port, service.proto);
  const byPerson = service.name_source === 'manual';
  const kind = kindNamed(service_definition ?? '') ?? (byPerson ? kindNamed(name ?? '') : undefined);
  const title = byPerson && name ? name : null;
  if (kind) return { title: title ?? kind.name, category: kind.category, icon: kind.icon, definition: kind, how: 'named' };
  if (service_definition) return { title: title ?? service_definition, category: 'Custom', icon: categories.get('Custom')!.icon, definition: null, how: 'named' };
  const ofImage = image === null ? undefined : imageNames(image).map(kindNamed).find(Boolean);
  if (ofImage) return { title: title ?? ofImage.name, category: ofImage.category, icon: ofImage.icon, definition: ofImage, how: 'announced' };
  if (image !== null && service.source === 'docker') return { title: name!, category: 'Virtualization', icon: 'container', definition: null, how: 'announced' };
  // Its pages tell it; or the protocol that it was found to speak.
  const told = (service.definition ? kindNamed(service.definition) : undefined) ?? (service.source === 'probe' && name && !byPerson ? kindNamed(name) : undefined);
  if (told) return { title: title ?? told.name, category: told.category, icon: told.icon, definition: told, how: 'announced' };
  if (name === null) return describePort(service.port, service.proto);
  const type = mdnsType(name);
  const announced = type ? byType.get(type) : undefined;
  if (announced) return { title: announced.name, category: announced.category, icon: announced.icon, definition: announced, how: 'announced' };
  const guess = describePort(service.port, service.proto);
  const unclaimed = guess.definition === null;
  return {
    title: type ? type.slice(1, type.indexOf('.')) : name,
    category: unclaimed ? 'Unknown' : guess.category,
    icon: unclaimed ? categories.get('Unknown')!.icon : guess.icon,
    definition: guess.definition,
    how: byPerson ? 'named' : 'announced',
  };
}

function describePort(port: number | null, proto: string | null): Described {
  const key = port === null ? '' : `${port}/${proto}`;
  let described = ofPort.get(key);
  if (!described) {
    const kind = byPort.get(key);
    const open = categories.get(key ? 'OpenPorts' : 'Unknown')!;
    described = { title: kind?.name ?? (key || byName.get('unknown')!.name), category: kind?.category ?? open.id, icon: kind?.icon ?? open.icon, definition: kind ?? null, how: 'port' };
    ofPort.set(key, described);
  }
  return described;
}
