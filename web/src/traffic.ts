// SPDX-License-Identifier: BSD-2-Clause
// Traffic as lines over time, and as a matrix of who talks to whom. Pure.

import type { Sums, Traffic, TrafficTop } from './api/history';

export const bytesOf = (sums: Pick<Sums, 'bytes' | 'bytes_back'>) => sums.bytes + sums.bytes_back;

export interface Timeline {
  times: number[]; // the beginning of each step, without gaps
  out: number[]; // bytes a second, from those who asked
  back: number[];
}

// The series with a place for each step; where nothing was told there was nothing.
export function timelineOf(traffic: Pick<Traffic, 'from' | 'to' | 'step_s' | 'series'>): Timeline {
  const times = stepsOf(traffic);
  const out = times.map(() => 0);
  const back = times.map(() => 0);
  const spans = lengths(times, traffic);
  for (const point of traffic.series) {
    const at = placeOf(point.at, traffic, times.length);
    out[at]! += point.bytes / spans[at]!;
    back[at]! += point.bytes_back / spans[at]!;
  }
  return { times, out, back };
}

// One of the list's own series on the same steps.
export function lineOf(top: Pick<TrafficTop, 'series'>, traffic: Pick<Traffic, 'from' | 'to' | 'step_s'>): number[] {
  const times = stepsOf(traffic);
  const spans = lengths(times, traffic);
  const line = times.map(() => 0);
  for (const [at, bytes] of top.series ?? []) {
    const place = placeOf(at, traffic, times.length);
    line[place]! += bytes / spans[place]!;
  }
  return line;
}

const stepsOf = ({ from, to, step_s }: Pick<Traffic, 'from' | 'to' | 'step_s'>) => Array.from({ length: Math.max(1, Math.ceil((to - from) / step_s)) }, (_, i) => from + i * step_s);

// The step that is not over yet counts the seconds that it has had, and not too few: its rate would be a guess.
const lengths = (times: readonly number[], { to, step_s }: Pick<Traffic, 'to' | 'step_s'>) => times.map(at => Math.max(step_s / 4, Math.min(step_s, to - at)));

const placeOf = (at: number, { from, step_s }: Pick<Traffic, 'from' | 'step_s'>, count: number) => Math.max(0, Math.min(count - 1, Math.floor((at - from) / step_s)));

export interface Matrix {
  places: string[]; // keys, those with most traffic first
  bytes: Map<string, Map<string, number>>; // from the client's place to the server's, both directions
  sums: Map<string, number>;
  most: number;
}

// Conversations by where their ends are; what is beyond the first `count` places is put together under `rest`.
export function matrixOf(edges: readonly TrafficTop[], place: (edge: TrafficTop, end: 'client' | 'server') => string, count: number, rest: string): Matrix {
  const sums = new Map<string, number>();
  const add = (key: string, bytes: number) => sums.set(key, (sums.get(key) ?? 0) + bytes);
  for (const edge of edges) {
    const [client, server] = [place(edge, 'client'), place(edge, 'server')];
    add(client, bytesOf(edge));
    if (server !== client) add(server, bytesOf(edge));
  }
  const order = [...sums.keys()].sort((a, b) => sums.get(b)! - sums.get(a)!);
  const kept = new Set(order.length > count ? order.slice(0, count - 1) : order);
  const bytes = new Map<string, Map<string, number>>();
  let most = 0;
  for (const edge of edges) {
    const [client, server] = [place(edge, 'client'), place(edge, 'server')].map(key => (kept.has(key) ? key : rest)) as [string, string];
    const row = bytes.get(client) ?? new Map<string, number>();
    row.set(server, (row.get(server) ?? 0) + bytesOf(edge));
    bytes.set(client, row);
    most = Math.max(most, row.get(server)!);
  }
  return { places: [...kept, ...(kept.size < order.length ? [rest] : [])], bytes, sums, most };
}

export interface Pair {
  key: string;
  client: string;
  server: string;
  bytes: number;
}

// The same as a list, the largest first.
export function pairsOf(matrix: Matrix): Pair[] {
  const list: Pair[] = [];
  for (const [client, row] of matrix.bytes) for (const [server, bytes] of row) list.push({ key: `${client} ${server}`, client, server, bytes });
  return list.sort((a, b) => b.bytes - a.bytes);
}

// A subnet's range as numbers, to find addresses in it. IPv4 and IPv6.
export interface Range {
  id: string;
  bits: string;
}

const groups = (ip: string): number[] => {
  if (!ip.includes(':')) return ip.split('.').map(Number);
  const [head = '', tail] = ip.split('::');
  const words = (text: string) => (text ? text.split(':') : []);
  const right = words(tail ?? '');
  const middle = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - words(head).length - right.length)).fill('0');
  return [...words(head), ...middle, ...right].flatMap(word => [parseInt(word, 16) >> 8, parseInt(word, 16) & 255]);
};

const bitsOf = (ip: string) => (ip.includes(':') ? '6' : '4') + groups(ip).map(group => group.toString(2).padStart(8, '0')).join('');

export function rangesOf(subnets: readonly { id: string; cidr: string }[]): Range[] {
  return subnets
    .map(({ id, cidr }) => {
      const [ip = '', length] = cidr.split('/');
      return { id, bits: bitsOf(ip).slice(0, 1 + Number(length ?? 128)) };
    })
    .filter(range => range.bits.length > 1)
    .sort((a, b) => b.bits.length - a.bits.length);
}

// The smallest subnet that an address is in; null: none of these.
export function subnetOf(ip: string, ranges: readonly Range[]): string | null {
  const bits = bitsOf(ip);
  return ranges.find(range => bits.startsWith(range.bits))?.id ?? null;
}
