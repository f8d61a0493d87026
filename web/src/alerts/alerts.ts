// SPDX-License-Identifier: BSD-2-Clause
// What deserves attention: the collector's alerts in words, and what else waits for a person. Pure.

import { alertKinds, type AlertKind, type Consolidation, type Severity } from '../api';
import { spanText } from '../format';
import { lossText } from '../losses';
import { hostPath } from '../route';
import { readCounters } from '../sensor';
import type { AlertRow, Sensor } from '../state/entities';
import { texts } from '../texts';

export type { Severity } from '../api';
export type Check = AlertKind | 'proposals' | 'new_sensor';

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
  row: AlertRow | null; // of the collector's: people may take note of it
}

export interface Known {
  alerts: Iterable<AlertRow>;
  sensors: Iterable<Sensor>;
  proposals: readonly Consolidation[];
}

const LINES_MAX = 6;
const words = texts.alerts;
// What happened once, and can be said to be over by a person.
const events: readonly string[] = ['new_device', 'service_opened', 'service_gone'];

export const isEvent = (alert: Alert) => alert.row !== null && events.includes(alert.row.kind);
export const isOpen = (alert: Alert) => alert.row === null || alert.row.state === 'open';
export const urgent = (alerts: readonly Alert[]) => alerts.filter(alert => alert.severity !== 'note' && isOpen(alert));

const rank: Record<Severity, number> = { bad: 0, warn: 1, note: 2 };

// Those that are over are at the end, in the order in which they ended.
export function alertsOf(known: Known): Alert[] {
  const list = [...[...known.alerts].map(alertOf), ...sensorAlerts(known.sensors), ...proposalAlerts(known.proposals)];
  const over = (alert: Alert) => alert.row?.resolved_at ?? null;
  return list.sort((a, b) => Number(over(a) !== null) - Number(over(b) !== null) || (over(b) ?? 0) - (over(a) ?? 0) || rank[a.severity] - rank[b.severity] || (b.since ?? 0) - (a.since ?? 0) || (a.id < b.id ? -1 : 1));
}

const isKind = (name: string): name is AlertKind => (alertKinds as readonly string[]).includes(name);
const isSeverity = (name: string): name is Severity => name in rank;

// What an alert is made of, read with suspicion: names come from strangers' devices.
export interface Detail {
  text: (key: string) => string | null;
  number: (key: string) => number | null;
  flag: (key: string) => boolean;
  texts: (key: string) => string[];
}

export function readDetail(value: unknown): Detail {
  const of = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const text = (key: string) => (typeof of[key] === 'string' && of[key] !== '' ? (of[key] as string) : null);
  return {
    text,
    number: key => (typeof of[key] === 'number' && Number.isFinite(of[key]) ? (of[key] as number) : null),
    flag: key => of[key] === true,
    texts: key => (Array.isArray(of[key]) ? (of[key] as unknown[]).filter((each): each is string => typeof each === 'string') : []),
  };
}

const nameOf = (detail: Detail) => detail.text('host') ?? detail.text('ip') ?? detail.text('mac') ?? texts.hosts.unnamed;

function serviceOf(detail: Detail): string {
  const place = `${detail.number('port') ?? '?'}/${detail.text('proto') ?? '?'}`;
  const name = detail.text('service');
  return name ? `${name} (${place})` : place;
}

// Title and why, by what kind it is. A kind that this page does not know yet is told in the collector's own words.
function said(row: AlertRow, detail: Detail): { title: string; why: string } {
  const host = nameOf(detail);
  switch (row.kind) {
    case 'new_device':
      return { title: words.newDevice.title(host, detail.text('vendor')), why: words.newDevice.why };
    case 'device_gone': {
      const span = spanText(detail.number('there_s') ?? 0);
      return { title: words.gone.title(host), why: detail.flag('router') ? words.gone.whyRouter(span) : words.gone.why(span) };
    }
    case 'address_conflict':
      return { title: words.conflict.title(detail.text('address') ?? texts.unknown, detail.texts('claims')), why: words.conflict.why };
    case 'impostor':
      return impostor(detail, host);
    case 'service_opened':
      return { title: words.opened.title(serviceOf(detail), host), why: words.opened.why };
    case 'service_gone':
      return { title: words.stopped.title(serviceOf(detail), host), why: words.stopped.why(detail.number('clients') ?? 0) };
    case 'certificate_expiring':
      return { title: words.certificate.title(`${host}:${detail.number('port') ?? '?'}`, detail.text('day') ?? '?', detail.flag('over')), why: words.certificate.why };
    case 'sensor_loss':
      return { title: words.loss.title(detail.text('sensor') ?? texts.unknown, detail.number('lost') ?? 0), why: words.loss.why };
    case 'sensor_silent':
      if (detail.text('case') === 'away') return { title: words.sensorAway.title(detail.text('sensor') ?? texts.unknown), why: words.sensorAway.why };
      return { title: detail.text('sensor') ? words.silent.titleOne(detail.text('sensor')!) : words.silent.title, why: words.silent.why };
    case 'discovery_failed':
      if (detail.text('off')) return { title: words.disabled.title(detail.text('discovery') ?? texts.unknown), why: words.disabled.why(detail.text('off')!) };
      return { title: words.failing.title(detail.text('discovery') ?? texts.unknown, detail.number('failures') ?? 1), why: detail.text('error') ? words.runFailed.why(detail.text('error')!) : words.failing.why };
    default:
      return { title: row.title, why: '' };
  }
}

function impostor(detail: Detail, host: string) {
  const which = detail.text('case');
  if (which === 'dhcp') return { title: words.impostor.dhcp(host), why: words.impostor.dhcpWhy };
  if (which === 'router') return { title: words.impostor.router(host), why: words.impostor.routerWhy };
  if (which === 'answer')
    return {
      title: words.impostor.answer(detail.text('by') ?? detail.text('mac') ?? texts.unknown, detail.text('address') ?? texts.unknown, detail.flag('gateway')),
      why: words.impostor.answerWhy(detail.text('host') || detail.text('owner') || words.impostor.someone),
    };
  if (which === 'root') return { title: words.impostor.root(host), why: words.impostor.rootWhy(detail.texts('was')[0] ?? words.impostor.bridge) };
  return { title: words.impostor.title(detail.text('address') ?? texts.unknown, detail.texts('claims'), detail.flag('gateway')), why: words.impostor.why(detail.text('owner')) };
}

function actOf(row: AlertRow, detail: Detail): Alert['act'] {
  if (row.kind === 'discovery_failed') return { title: words.disabled.act, to: detail.text('discovery_id') ? `/schedules?edit=${encodeURIComponent(detail.text('discovery_id')!)}` : '/schedules' };
  if (row.kind.startsWith('sensor_')) return { title: row.kind === 'sensor_loss' ? words.loss.act : words.silent.act, to: '/sensors' };
  if (row.kind === 'address_conflict' || row.kind === 'impostor') return { title: words.conflict.act, to: '/conflicts' };
  if (!row.host_id) return { title: words.conflict.actNone, to: '/hosts' };
  return row.kind === 'device_gone' ? { title: words.gone.act, to: `${hostPath(row.host_id)}?tab=presence` } : { title: words.stopped.act, to: hostPath(row.host_id) };
}

function linesOf(row: AlertRow, value: unknown): { lines: Alert['lines']; more: number } {
  if (row.kind !== 'sensor_loss') return { lines: [], more: 0 };
  const counters = [...readCounters((value as Record<string, unknown> | null)?.counters)].sort((a, b) => b[1] - a[1]);
  return { lines: counters.slice(0, LINES_MAX).map(([name, count]) => ({ text: words.loss.line(lossText(name).title, count) })), more: Math.max(0, counters.length - LINES_MAX) };
}

function alertOf(row: AlertRow): Alert {
  const detail = readDetail(row.detail);
  return { id: row.id, check: isKind(row.kind) ? row.kind : 'proposals', severity: isSeverity(row.severity) ? row.severity : 'warn', since: row.opened_at, ...said(row, detail), ...linesOf(row, row.detail), act: actOf(row, detail), row };
}

function sensorAlerts(sensors: Iterable<Sensor>): Alert[] {
  return [...sensors]
    .filter(sensor => !sensor.connected && sensor.last_seen === null)
    .map(sensor => ({ id: `sensor ${sensor.id}`, check: 'new_sensor', severity: 'note', since: null, title: words.sensorNever.title(sensor.name), why: words.sensorNever.why, lines: [], more: 0, act: { title: words.sensorNever.act, to: '/sensors' }, row: null }));
}

function proposalAlerts(all: readonly Consolidation[]): Alert[] {
  const open = all.filter(each => each.state === 'proposed');
  if (!open.length) return [];
  return [{
    id: 'proposals', check: 'proposals', severity: 'warn', since: Math.max(...open.map(each => each.created_at)), title: words.proposals.title(open.length), why: words.proposals.why, row: null,
    lines: open.slice(0, LINES_MAX).map(each => ({ text: words.proposals.line(each.host_name ?? texts.hosts.unnamed, each.other_name ?? texts.hosts.unnamed), to: hostPath(each.host_id) })), more: Math.max(0, open.length - LINES_MAX),
    act: { title: words.proposals.act, to: '/consolidations?state=proposed' },
  }];
}
