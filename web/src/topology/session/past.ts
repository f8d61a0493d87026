// SPDX-License-Identifier: BSD-2-Clause
// The network as it was: read by pages into tables of its own, so that the same picture is drawn of it; and what became
// of it between two times. Bounded; whoever waits is told how far it is.

import type { AsOf, Bag, Difference, DifferenceItem } from '../../api/history';
import { isEntity, Tables } from '../../state/tables';
import type { Row } from '../../feed/messages';
import type { Change } from '../model';

export interface PastSource {
  asOf(network: string, at: number, entity: string, offset: number, limit: number): Promise<AsOf>;
  difference(network: string, from: number, to: number, entity: string | null, offset: number, limit: number): Promise<Difference>;
}

const PAST_ROWS_MAX = 500_000;
const DIFFERENCE_MAX = 20_000;
const PAGE = 50_000; // the most that the API gives: each page costs the collector as much as all
const DIFFERENCE_PAGE = 5000;

const kinds = ['network', 'sensor', 'subnet', 'host', 'interface', 'service', 'group', 'binding', 'neighbor', 'link', 'flow'].filter(isEntity);

// What is counted is not history (docs/history.md): it is nothing then, not unknown.
const counted: Record<string, Bag> = {
  host: { present_until: null },
  interface: { packets: 0, bytes: 0, packets_in: 0, bytes_in: 0 },
  service: { clients: 0 },
  flow: { connections: 0, packets: 0, bytes: 0, packets_back: 0, bytes_back: 0, rtt_us: null },
};

function put(tables: Tables, entity: string, row: Bag) {
  if (isEntity(entity) && typeof row.id === 'string') tables.put(entity, { ...counted[entity], last_seen: row.first_seen ?? 0, ...row, id: row.id } as Row);
}

export interface Past {
  at: number;
  oldest: number | null;
  tables: Tables;
  left: number; // rows that were too many
}

export async function readPast(source: PastSource, network: string, at: number, progress: (share: number) => void, given: () => boolean): Promise<Past | null> {
  const tables = new Tables();
  let [rows, left] = [0, 0];
  let oldest: number | null = null;
  for (const [i, entity] of kinds.entries()) {
    for (let offset = 0; ; offset += PAGE) {
      const answer = await source.asOf(network, at, entity, offset, PAGE);
      if (given()) return null;
      oldest = answer.oldest_at;
      const page = answer.entities[entity] ?? { total: 0, rows: [] };
      for (const row of page.rows) put(tables, entity, row);
      rows += page.rows.length;
      const done = offset + page.rows.length;
      progress((i + Math.min(1, done / Math.max(1, page.total))) / kinds.length);
      if (done >= page.total || !page.rows.length) break;
      if (rows >= PAST_ROWS_MAX) {
        left += page.total - done;
        break;
      }
    }
  }
  return { at, oldest, tables, left };
}

export interface Became {
  from: number;
  to: number;
  items: DifferenceItem[];
  total: number;
  counts: Difference['counts'];
  changes: ReadonlyMap<string, Change>; // by row
}

export async function readDifference(source: PastSource, network: string, from: number, to: number, given: () => boolean): Promise<Became | null> {
  const items: DifferenceItem[] = [];
  for (;;) {
    const answer = await source.difference(network, from, to, null, items.length, DIFFERENCE_PAGE);
    if (given()) return null;
    items.push(...answer.items);
    if (items.length >= Math.min(answer.total, DIFFERENCE_MAX) || !answer.items.length) {
      return { from: answer.from, to: answer.to, items, total: answer.total, counts: answer.counts, changes: new Map(items.map(item => [item.id, item.change])) };
    }
  }
}

export type Gone = Readonly<Record<string, readonly Row[]>>;

// Rows that are no more, by kind, to be shown where they were beside what there is.
export function goneOf(items: readonly DifferenceItem[]): Gone {
  const gone: Record<string, Row[]> = {};
  for (const { entity, id, change, row } of items) {
    if (change === 'removed' && row && isEntity(entity)) (gone[entity] ??= []).push({ last_seen: row.first_seen ?? 0, ...counted[entity], ...row, id });
  }
  return gone;
}

// Where the slider's marks stand: days, or hours of a short past.
export function marksOf(oldest: number, now: number, most = 6): number[] {
  const steps = [3600, 3 * 3600, 6 * 3600, 12 * 3600, 86_400, 2 * 86_400, 7 * 86_400, 14 * 86_400, 30 * 86_400, 90 * 86_400, 365 * 86_400];
  const step = steps.find(each => (now - oldest) / each <= most) ?? 365 * 86_400;
  const zone = new Date(now * 1000).getTimezoneOffset() * 60;
  const first = Math.ceil((oldest - zone) / step) * step + zone;
  const marks: number[] = [];
  for (let at = first; at < now && marks.length <= most; at += step) marks.push(at);
  return marks;
}
