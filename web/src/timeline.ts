// SPDX-License-Identifier: BSD-2-Clause
// An entry of the change log as a sentence: what happened, and whose doing it was. Pure.

import type { Entry } from './api/history';
import { changesText, type NameOf } from './changes';
import { longDayText } from './format';
import { claimText, kindNamed, readDevice, systemText } from './services/catalogue';
import { sourceText, texts } from './texts';

const words = texts.history;

const str = (value: unknown) => (typeof value === 'string' ? value : '');

function fallback(entry: Entry, nameOf?: NameOf): string {
  const what = changesText(entry.before, entry.after, nameOf);
  if (entry.op === 'insert') return words.kind.created(`${words.one[entry.entity] ?? entry.entity} ${entry.label}`);
  if (entry.op === 'delete') return words.kind.deleted(`${words.one[entry.entity] ?? entry.entity} ${entry.label}`);
  // Of a host's timeline, an interface or a service says which it is.
  const whose = entry.entity === 'interface' || entry.entity === 'service' ? `${entry.label}, ` : '';
  return entry.kind === 'edited' ? words.kind.edited(whose + what) : words.kind.changed(whose + what);
}

const recognizedDevice = (value: unknown): string => {
  const device = readDevice(value);
  return [device.kind && claimText('kind', device.kind), [device.vendor?.value, device.model?.value].filter(Boolean).join(' '), systemText(device)].filter(Boolean).join(', ');
};

// Where only the certainty has changed, that is what is told.
const recognizedService = (before: Record<string, unknown>, after: Record<string, unknown>): string => {
  if (!('definition' in after)) return changesText(before, after);
  return after.definition ? (kindNamed(str(after.definition))?.name ?? str(after.definition)) : '';
};

export function entryText(entry: Entry, nameOf?: NameOf): string {
  const { kind, label } = entry;
  const [before, after] = [entry.before ?? {}, entry.after ?? {}];
  switch (kind) {
    case 'renamed':
      return words.kind.renamed(str(before.name), str(after.name));
    case 'merged':
      return words.kind.merged(label);
    case 'address_added':
      return words.kind.address_added(str(after.ip) || str(after.mac) || label);
    case 'address_removed':
      return words.kind.address_removed(str(before.ip) || str(before.mac) || label);
    case 'address_changed':
      return words.kind.address_changed(str(before.ip) || str(before.mac) || words.nothing, str(after.ip) || str(after.mac) || words.nothing);
    case 'service_opened':
    case 'service_closed':
    case 'service_removed':
      return words.kind[kind](label);
    case 'recognized':
      return entry.entity === 'host' ? words.kind.recognized('', recognizedDevice(after.device)) : words.kind.recognized(label, recognizedService(before, after));
    case 'moved':
      return words.kind.moved(`${words.one[entry.entity] ?? entry.entity} ${label}`);
    case 'appeared':
    case 'gone':
    case 'back_after_absence':
    case 'connected':
    case 'disconnected':
      return words.kind[kind]();
    default:
      if (typeof after.hidden === 'boolean' && entry.op === 'update' && Object.keys(after).length === 1) return words.kind.hidden(after.hidden);
      return fallback(entry, nameOf);
  }
}

// Whose doing: a person by name; a sensor's sightings and what the collector concludes are the usual case.
export function actorText(entry: Entry): string {
  if (entry.actor.type === 'person') return words.by(entry.actor.name || words.someone);
  if (entry.kind === 'renamed' && str(entry.after?.name_source)) return words.by(sourceText(str(entry.after?.name_source)));
  return entry.actor.type === 'sensor' && entry.actor.name ? words.bySensor(entry.actor.name) : '';
}

// Some entries change only what people do not look at.
export const saysSomething = (entry: Entry, nameOf?: NameOf) => entry.op !== 'update' || !['edited', 'changed'].includes(entry.kind) || changesText(entry.before, entry.after, nameOf) !== '';

export interface Day {
  day: string;
  entries: Entry[];
}

// By day in the viewer's zone, in the order of the entries; `zone` is for tests.
export function byDay(entries: readonly Entry[], now: number, zone?: string): Day[] {
  const dayOf = (seconds: number) => longDayText(seconds, zone);
  const [today, yesterday] = [dayOf(now), dayOf(now - 86_400)];
  const days: Day[] = [];
  for (const entry of entries) {
    const text = dayOf(entry.at);
    const day = text === today ? words.timeline.today : text === yesterday ? words.timeline.yesterday : text;
    if (days[days.length - 1]?.day !== day) days.push({ day, entries: [] });
    days[days.length - 1]!.entries.push(entry);
  }
  return days;
}
