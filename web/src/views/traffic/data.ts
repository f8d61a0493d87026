// SPDX-License-Identifier: BSD-2-Clause
// What the traffic page reads: the list that is chosen, and the busiest conversations for who talks to whom. Read again
// each minute while somebody looks.

import { useEffect, useMemo } from 'react';

import { history, type Traffic, type TrafficBy } from '../../api';
import { useNetworkId, useRows } from '../../live';
import { changed, useRemote, type Remote } from '../../remote';
import type { Subnet } from '../../state/entities';
import { rangesOf, subnetOf } from '../../traffic';

const AGAIN_MS = 60_000;
const LISTED = 50;
const CONVERSATIONS = 200; // the most that the API lists

export const spans = ['900', '3600', '21600', '86400', '604800', '2592000', '7776000'] as const;
export const lists = ['host', 'edge', 'service', 'subnet'] as const;
export type ListBy = (typeof lists)[number];

export interface Asked {
  span: string;
  by: ListBy;
  host: string | null;
  subnet: string | null;
  service: string | null; // as people write it: 443/tcp, or 443
}

export const readAsked = (params: URLSearchParams): Asked => ({
  span: spans.find(each => each === params.get('span')) ?? '3600',
  by: lists.find(each => each === params.get('by')) ?? 'host',
  host: params.get('host'),
  subnet: params.get('subnet'),
  service: params.get('service'),
});

// "443/tcp", ":443", "443" as what the API takes; null: it is nothing of this kind.
export function readService(text: string | null): { port: number; proto: string | null } | null {
  const found = /^:?(\d{1,5})(?:\/([a-z0-9]+))?$/i.exec(text?.trim() ?? '');
  return found && Number(found[1]) <= 65535 ? { port: Number(found[1]), proto: found[2]?.toLowerCase() ?? null } : null;
}

const since = (span: string) => Math.floor(Date.now() / 1000) - Number(span);

export function useTraffic(asked: Asked): { list: Remote<Traffic>; edges: Remote<Traffic> } {
  const network = useNetworkId();
  const service = readService(asked.service);
  const key = `${network} ${asked.span} ${asked.host} ${asked.subnet} ${service?.port}/${service?.proto}`;
  const read = (by: TrafficBy, limit: number) => (network === null ? new Promise<Traffic>(() => {}) : history.traffic({ network_id: network, host_id: asked.host, subnet_id: asked.subnet, port: service?.port ?? null, proto: service?.proto ?? null, from: since(asked.span), by, limit }));
  const list = useRemote(`traffic-page ${key} ${asked.by}`, () => read(asked.by, LISTED));
  const edges = useRemote(`traffic-page ${key} edges`, () => read('edge', CONVERSATIONS));
  useEffect(() => {
    const timer = setInterval(() => document.hidden || changed('traffic-page'), AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  return { list, edges };
}

// Names of subnets, and which one an address is in.
export function useSubnets(): { name: (id: string) => string | undefined; of: (ip: string) => string | null } {
  const subnets = useRows<Subnet>('subnet');
  return useMemo(() => {
    const named = new Map(subnets.map(subnet => [subnet.id, subnet.name || subnet.cidr]));
    const ranges = rangesOf(subnets);
    const known = new Map<string, string | null>();
    const of = (ip: string) => {
      if (!known.has(ip)) known.set(ip, subnetOf(ip, ranges));
      return known.get(ip)!;
    };
    return { name: (id: string) => named.get(id), of };
  }, [subnets]);
}
