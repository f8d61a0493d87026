// SPDX-License-Identifier: BSD-2-Clause
// What deserves attention, from what is known: sensors, losses, conflicts, discoveries, proposals, devices, services. Pure.

import type { Conflict, Consolidation } from '../api';
import { countText, spanText } from '../format';
import { isLoss, lossText } from '../losses';
import { hostPath } from '../route';
import { readLosses } from '../sensor';
import type { Discovery, Host, Sensor, Service, Session } from '../state/entities';
import { serviceLabel } from '../state/selectors';
import type { Tables } from '../state/tables';
import { texts } from '../texts';

export type Severity = 'bad' | 'warn' | 'note';
export type Check = keyof typeof texts.alerts.checks;

export interface Alert {
  id: string;
  check: Check;
  severity: Severity;
  since: number | null;
  title: string;
  why: string;
  lines: { text: string; to?: string }[]; // what it is in detail
  more: number; // lines that are left out
  act: { title: string; to: string };
}

export interface Known {
  tables: Tables;
  now: number;
  conflicts: readonly Conflict[];
  proposals: readonly Consolidation[];
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const SILENT_S = 15 * MINUTE;
const NEW_S = DAY;
const FIRST_S = HOUR; // of a network's life, in which everything is new
const STEADY_S = 12 * HOUR; // who was there so long without a break is always there
const GONE_S = 30 * MINUTE;
const FORGOTTEN_S = 7 * DAY; // who was not seen for so long has left
const SINGLE_MAX = 5; // more of one kind are put together
const alone = (count: number) => (count === SINGLE_MAX + 1 ? count : SINGLE_MAX); // "1 more" would say less than itself
// What is lost for good and mends only by what a person does; the others are repeated by who sent them.
const grave = /^(outbox_|collector_refused|port_missed|capture_dropped|flows_refused|ring_full_|records_malformed|facts_refused|frame_copies_unreadable)/;
const LINES_MAX = 6;

const words = texts.alerts;
const over = ['Complete', 'Failed', 'Cancelled'];

export function alertsOf(known: Known): Alert[] {
  const { tables, now } = known;
  const seen = latest(tables.host.values());
  const list = [
    ...sensorAlerts([...tables.sensor.values()], seen, now),
    ...lossAlerts(tables.sensor.values()),
    ...known.conflicts.map(each => conflictAlert(each, tables, now)),
    ...discoveryAlerts(tables.discovery.values(), [...tables.session.values()]),
    ...proposalAlerts(known.proposals),
    ...newAlerts(tables, now),
    ...goneAlerts(tables, seen),
    ...serviceAlerts(tables, seen),
  ];
  const rank: Record<Severity, number> = { bad: 0, warn: 1, note: 2 };
  return list.sort((a, b) => rank[a.severity] - rank[b.severity] || (b.since ?? 0) - (a.since ?? 0) || (a.id < b.id ? -1 : 1));
}

export const urgent = (alerts: readonly Alert[]) => alerts.filter(alert => alert.severity !== 'note');

// The network's own now: while no sensor is connected nobody is gone, there is only nobody who looks.
function latest(hosts: Iterable<Host>): number {
  let at = 0;
  for (const host of hosts) at = Math.max(at, host.last_seen);
  return at;
}

const plain = { lines: [] as Alert['lines'], more: 0 };

function sensorAlerts(sensors: readonly Sensor[], seen: number, now: number): Alert[] {
  const list = sensors
    .filter(sensor => !sensor.connected)
    .map((sensor): Alert => {
      const text = sensor.last_seen === null ? words.sensorNever : words.sensorAway;
      return { ...plain, id: `sensor ${sensor.id}`, check: 'sensors', severity: sensor.last_seen === null ? 'note' : 'bad', since: sensor.last_seen, title: text.title(sensor.name), why: text.why, act: { title: text.act, to: '/sensors' } };
    });
  const there = sensors.filter(sensor => sensor.connected);
  if (there.length && seen > 0 && now - seen > SILENT_S) {
    const title = there.length === 1 ? words.silent.titleOne(there[0]!.name) : words.silent.title;
    list.push({ ...plain, id: 'silent', check: 'sensors', severity: 'bad', since: seen, title, why: words.silent.why, act: { title: words.silent.act, to: '/sensors' } });
  }
  return list;
}

function lossAlerts(sensors: Iterable<Sensor>): Alert[] {
  return [...sensors].flatMap((sensor): Alert[] => {
    const { lost } = readLosses(sensor.losses, sensor.counters, isLoss);
    if (!lost.length) return [];
    const sum = lost.reduce((all, [, count]) => all + count, 0);
    return [{
      id: `loss ${sensor.id}`, check: 'losses', severity: lost.some(([name]) => grave.test(name)) ? 'warn' : 'note', since: null, title: words.loss.title(sensor.name, countText(sum)), why: words.loss.why,
      lines: lost.slice(0, LINES_MAX).map(([name, count]) => ({ text: words.loss.line(lossText(name).title, count) })), more: Math.max(0, lost.length - LINES_MAX),
      act: { title: words.loss.act, to: '/sensors' },
    }];
  });
}

const hostName = (tables: Tables, id: string): string => {
  const host = tables.host.get(id);
  if (host?.name) return host.name;
  for (const face of tables.interfacesByHost.get(id)) {
    const row = tables.interface.get(face);
    if (row?.ip ?? row?.mac) return (row!.ip ?? row!.mac)!;
  }
  return texts.hosts.unnamed;
};

function conflictAlert(conflict: Conflict, tables: Tables, now: number): Alert {
  const hosts = conflict.hosts.filter(each => tables.host.has(each.id));
  const name = (host: Conflict['hosts'][number]) => host.name || hostName(tables, host.id);
  const [first] = hosts;
  return {
    id: `conflict ${conflict.id}`, check: 'conflicts', severity: now - conflict.last_seen < DAY ? 'bad' : 'warn', since: conflict.first_seen, title: words.conflict.title(conflict.ip ?? conflict.mac ?? texts.unknown, conflict.claims), why: words.conflict.why,
    lines: hosts.slice(0, LINES_MAX).map(host => ({ text: name(host), to: hostPath(host.id) })), more: Math.max(0, hosts.length - LINES_MAX),
    act: first ? { title: words.conflict.act(name(first)), to: hostPath(first.id) } : { title: words.conflict.actNone, to: '/hosts' },
  };
}

function discoveryAlerts(discoveries: Iterable<Discovery>, sessions: readonly Session[]): Alert[] {
  const lastRun = new Map<string, Session>();
  for (const session of sessions) {
    if (!session.discovery_id || !over.includes(session.phase)) continue;
    if ((lastRun.get(session.discovery_id)?.created_at ?? 0) < session.created_at) lastRun.set(session.discovery_id, session);
  }
  return [...discoveries].flatMap((discovery): Alert[] => {
    const run = lastRun.get(discovery.id);
    const since = run?.finished_at ?? run?.updated_at ?? null;
    if (discovery.disabled_reason) {
      return [{ ...plain, id: `disabled ${discovery.id}`, check: 'discoveries', severity: 'bad', since, title: words.disabled.title(discovery.name), why: words.disabled.why(discovery.disabled_reason), act: { title: words.disabled.act, to: `/schedules?edit=${discovery.id}` } }];
    }
    if (discovery.failures === 0 && run?.phase !== 'Failed') return [];
    const why = run?.error ? words.runFailed.why(run.error) : words.failing.why;
    return [{ ...plain, id: `failing ${discovery.id}`, check: 'discoveries', severity: 'warn', since, title: words.failing.title(discovery.name, discovery.failures), why, act: { title: words.failing.act, to: `/runs?q=${encodeURIComponent(discovery.name)}` } }];
  });
}

function proposalAlerts(all: readonly Consolidation[]): Alert[] {
  const open = all.filter(each => each.state === 'proposed');
  if (!open.length) return [];
  return [{
    id: 'proposals', check: 'proposals', severity: 'warn', since: Math.max(...open.map(each => each.created_at)), title: words.proposals.title(open.length), why: words.proposals.why,
    lines: open.slice(0, LINES_MAX).map(each => ({ text: words.proposals.line(each.host_name ?? texts.hosts.unnamed, each.other_name ?? texts.hosts.unnamed), to: hostPath(each.host_id) })), more: Math.max(0, open.length - LINES_MAX),
    act: { title: words.proposals.act, to: '/consolidations?state=proposed' },
  }];
}

// Far hosts come and go; a made-up MAC is a phone that was here before under another one.
function isLocalDevice(tables: Tables, host: Host): boolean {
  if (host.hidden || host.origin === 'manual') return false;
  for (const id of tables.interfacesByHost.get(host.id)) {
    const face = tables.interface.get(id);
    if (face && face.mac !== null && !face.random_mac) return true;
  }
  return false;
}

const vendorOf = (tables: Tables, host: Host): string | null => {
  if (host.vendor) return host.vendor;
  for (const id of tables.interfacesByHost.get(host.id)) if (tables.interface.get(id)?.vendor) return tables.interface.get(id)!.vendor;
  return null;
};

function newAlerts(tables: Tables, now: number): Alert[] {
  let born = Infinity;
  for (const host of tables.host.values()) born = Math.min(born, host.first_seen);
  const fresh = [...tables.host.values()].filter(host => host.first_seen > now - NEW_S && host.first_seen > born + FIRST_S && isLocalDevice(tables, host)).sort((a, b) => b.first_seen - a.first_seen);
  const [first] = fresh;
  if (!first) return [];
  const line = (host: Host) => words.newDevices.line(hostName(tables, host.id), vendorOf(tables, host));
  const one = fresh.length === 1;
  return [{
    id: 'new', check: 'devices', severity: 'note', since: first.first_seen, title: one ? words.newDevices.titleOne(line(first)) : words.newDevices.title(fresh.length), why: one ? words.newDevices.why : words.newDevices.whyMany,
    lines: one ? [] : fresh.slice(0, LINES_MAX).map(host => ({ text: line(host), to: hostPath(host.id) })), more: one ? 0 : Math.max(0, fresh.length - LINES_MAX),
    act: one ? { title: words.newDevices.actOne, to: hostPath(first.id) } : { title: words.newDevices.act, to: '/hosts?sort=-first' },
  }];
}

function isRouter(tables: Tables, id: string): boolean {
  for (const each of tables.interfacesByHost.get(id)) {
    const mac = tables.interface.get(each)?.mac;
    if (mac && tables.interfacesByVia.get(mac).size > 1) return true;
  }
  return false;
}

function goneAlerts(tables: Tables, seen: number): Alert[] {
  const gone = [...tables.host.values()]
    .filter(host => {
      const away = seen - host.last_seen;
      return away > GONE_S && away < FORGOTTEN_S && host.last_seen - host.present_since >= STEADY_S && isLocalDevice(tables, host);
    })
    .sort((a, b) => Number(isRouter(tables, b.id)) - Number(isRouter(tables, a.id)) || b.last_seen - a.last_seen);
  const single = gone.slice(0, alone(gone.length)).map((host): Alert => {
    const router = isRouter(tables, host.id);
    const span = spanText(host.last_seen - host.present_since);
    return { ...plain, id: `gone ${host.id}`, check: 'devices', severity: router ? 'bad' : 'warn', since: host.last_seen, title: words.gone.title(hostName(tables, host.id)), why: router ? words.gone.whyRouter(span) : words.gone.why(span), act: { title: words.gone.act, to: `${hostPath(host.id)}?tab=presence` } };
  });
  return [...single, ...together('gone', 'devices', gone.slice(alone(gone.length)), host => ({ text: hostName(tables, host.id), to: hostPath(host.id) }), host => host.last_seen, words.gone, '/hosts?sort=-last')];
}

function serviceAlerts(tables: Tables, seen: number): Alert[] {
  const stopped = [...tables.service.values()]
    .filter(service => {
      if (service.state !== 'closed' || service.clients < 1 || seen - service.last_seen > FORGOTTEN_S) return false;
      const host = tables.host.get(service.host_id);
      // Of a host that is gone its services need no word of their own.
      return Boolean(host && !host.hidden && seen - host.last_seen <= GONE_S);
    })
    .sort((a, b) => b.clients - a.clients);
  const single = stopped.slice(0, alone(stopped.length)).map((service): Alert => ({
    ...plain, id: `stopped ${service.id}`, check: 'services', severity: 'warn', since: service.last_seen, title: words.stopped.title(serviceText(service), hostName(tables, service.host_id)), why: words.stopped.why(service.clients),
    act: { title: words.stopped.act, to: hostPath(service.host_id) },
  }));
  return [...single, ...together('stopped', 'services', stopped.slice(alone(stopped.length)), service => ({ text: `${serviceText(service)}, ${hostName(tables, service.host_id)}`, to: hostPath(service.host_id) }), service => service.last_seen, words.stopped, '/services?q=closed')];
}

const serviceText = (service: Service) => {
  const label = serviceLabel(service);
  return service.port === null || label.includes(String(service.port)) ? label : `${label} (${service.port}/${service.proto})`;
};

function together<T>(id: string, check: Check, rest: readonly T[], line: (each: T) => Alert['lines'][number], since: (each: T) => number, text: { titleMany: (count: number) => string; whyMany: string; actMany: string }, to: string): Alert[] {
  if (!rest.length) return [];
  return [{ id, check, severity: 'warn', since: Math.max(...rest.map(since)), title: text.titleMany(rest.length), why: text.whyMany, lines: rest.slice(0, LINES_MAX).map(line), more: Math.max(0, rest.length - LINES_MAX), act: { title: text.actMany, to } }];
}
