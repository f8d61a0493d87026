// SPDX-License-Identifier: BSD-2-Clause
// How long a scan asks one host, and many, at the rates it is given. Pure.

import { portsNamed } from '../../services/catalogue';
import type { Draft } from './draft';

export const PORTS_ALL = 65_535;

// How many ports "22,80,8000-8080" are; null when that is none of it.
export function portsIn(text: string): number | null {
  const ports = new Set<number>();
  for (const part of text.replaceAll(/\s+/g, '').split(',')) {
    const range = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    if (!range) return null;
    const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
    if (first < 1 || last < first || last > PORTS_ALL) return null;
    for (let port = first; port <= last; port++) ports.add(port);
  }
  return ports.size;
}

export function portsOf({ ports, depth }: Pick<Draft, 'ports' | 'depth'>): number | null {
  const text = ports.trim();
  if (text && text !== 'all') return portsIn(text);
  return text === 'all' || depth === 'full' ? PORTS_ALL : portsNamed;
}

export interface Effort {
  ports: number;
  one: number; // seconds for the ports of one host
  many: number; // and of fifty
}

export const MANY = 50;

// What answers not at all is asked again, which is not in it.
export function effortOf(draft: Pick<Draft, 'ports' | 'depth' | 'rate' | 'host_rate'>): Effort | null {
  const ports = portsOf(draft);
  const [rate, each] = [Number(draft.rate), Number(draft.host_rate)];
  if (ports === null || !(rate > 0) || !(each > 0)) return null;
  return { ports, one: ports / Math.min(rate, each), many: Math.max(ports / each, (ports * MANY) / rate) };
}
