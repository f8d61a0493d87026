// SPDX-License-Identifier: BSD-2-Clause
// Conflicts as people see them. The sensors that saw one are told together. Pure.

import type { Claimant, Conflict } from './api';
import type { AlertRow } from './state/entities';
import { readDetail } from './alerts/alerts';
import { vlanText } from './state/address';
import { texts } from './texts';

export const conflictKinds = ['address', 'answer', 'dhcp', 'router', 'root'] as const;

export interface ConflictView {
  id: string;
  what: string;
  about: string; // the address or MAC
  claimants: Claimant[];
  title: string;
  means: string;
  act: readonly string[];
  newcomer: string;
  vlan: string;
  sources: string[];
  sensors: string[]; // ids
  count: number;
  first: number;
  last: number;
  alert: AlertRow | null; // the collector's about it
}

// What sensors say again while it goes on, and some minutes.
export const OF_LATE_S = 900;
export const isOfLate = (view: ConflictView, now: number) => now - view.last < OF_LATE_S;

const add = (list: string[], value: string | null) => void (value !== null && !list.includes(value) && list.push(value));

export function conflictsOf(rows: readonly Conflict[], alerts: Iterable<AlertRow>): ConflictView[] {
  const found = new Map<string, ConflictView>();
  const about = [...alerts].filter(row => row.kind === 'address_conflict' || row.kind === 'impostor').map(row => ({ row, detail: readDetail(row.detail) }));
  for (const row of rows) {
    const what = row.what || 'address';
    const of = row.ip ?? row.mac ?? '';
    const key = `${what} ${of} ${vlanText(row.vlan)} ${row.claims.join(' ')}`;
    const known = found.get(key);
    if (known) {
      add(known.sources, row.source);
      add(known.sensors, row.sensor_id);
      known.count += row.count;
      known.first = Math.min(known.first, row.first_seen);
      known.last = Math.max(known.last, row.last_seen);
      continue;
    }
    const claimants = row.claimants?.length ? row.claimants : row.claims.map(claim => ({ claim, host_id: null, name: null, vendor: null, holds: false, first_seen: null, last_seen: null }));
    const kind = texts.conflicts.kinds[what] ?? texts.conflicts.kinds.address!;
    const alert = about.find(({ detail }) => [row.ip, row.mac].some(each => each !== null && (detail.text('address') === each || (detail.text('case') === what && (detail.text('ip') === each || detail.text('mac') === each)))));
    found.set(key, {
      id: row.id, what, about: of, claimants, means: kind.means, act: kind.act, newcomer: kind.newcomer, vlan: vlanText(row.vlan), sources: row.source ? [row.source] : [], sensors: row.sensor_id ? [row.sensor_id] : [],
      count: row.count, first: row.first_seen, last: row.last_seen, alert: alert?.row ?? null,
      // As it was claimed: a name may be the address’s, and go with it from one to the other.
      title: kind.title(of, claimants.map(each => each.claim)),
    });
  }
  return [...found.values()].sort((a, b) => b.last - a.last || (a.id < b.id ? -1 : 1));
}

// By its name where it has one that is not what it is claimed with.
export const nameOf = (claimant: Claimant): string => claimant.name || claimant.claim;
