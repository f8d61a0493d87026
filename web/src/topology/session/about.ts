// SPDX-License-Identifier: BSD-2-Clause
// What things of a picture stand for in the rows: an edge its flows, a container its addresses, a host its groups and
// whom it talks with. Pure.

import type { Flow, Group, Service } from '../../state/entities';
import type { FlowView, HostView, Views } from '../../state/selectors';
import type { Tables } from '../../state/tables';
import type { Graph, GraphEdge, GraphNode } from '../model';

export const bytesOf = (flow: Pick<Flow, 'bytes' | 'bytes_back'>) => flow.bytes + flow.bytes_back;

// One end of an edge: whose flows count, and by which addresses or services if not by all.
export interface End {
  id: string;
  title: string;
  nodes: readonly GraphNode[]; // the node itself, or all in a container
}

export function endOf(graph: Graph, id: string): End | null {
  const node = graph.nodes.get(id);
  if (node) return { id, title: node.title, nodes: [node] };
  const container = graph.containers.get(id);
  if (!container) return null;
  const inside = (of: string | null): boolean => {
    for (let at = of; at !== null; at = graph.containers.get(at)?.parent ?? null) if (at === id) return true;
    return false;
  };
  return { id, title: container.title, nodes: [...graph.nodes.values()].filter(each => inside(each.container)) };
}

type Side = (hostId: string | null, address: string, port: number | null, proto: string) => boolean;

function sideOf(end: End, tables: Tables): { hosts: ReadonlySet<string>; has: Side } {
  const hosts = new Set(end.nodes.flatMap(node => node.hostId ?? []));
  // Of a face only its own addresses count, of a service only its port.
  const [only] = end.nodes;
  if (end.nodes.length !== 1 || !only) return { hosts, has: hostId => hostId !== null && hosts.has(hostId) };
  const services = only.kind === 'service' ? only.rowIds.flatMap(id => tables.service.get(id) ?? []) : [];
  const addresses = new Set(only.kind === 'face' ? only.rowIds.flatMap(id => tables.interface.get(id)?.ip ?? []) : []);
  return {
    hosts,
    has: (hostId, address, port, proto) =>
      hostId !== null && hosts.has(hostId) && (!addresses.size || addresses.has(address)) && (!services.length || port === null || services.some(service => service.port === port && service.proto === proto && (service.ip === null || service.ip === address))),
  };
}

// The flows that an edge of dependency stands for, busiest first.
export function flowsOf(graph: Graph, edge: Pick<GraphEdge, 'source' | 'target'>, views: Views): FlowView[] {
  const [source, target] = [endOf(graph, edge.source), endOf(graph, edge.target)];
  if (!source || !target) return [];
  const [from, to] = [sideOf(source, views.tables), sideOf(target, views.tables)];
  const [few] = [from, to].sort((a, b) => a.hosts.size - b.hosts.size);
  const flows = new Map<string, FlowView>();
  for (const host of few!.hosts) {
    for (const view of views.flowsOf(host)) {
      const { client_host_id, client, server_host_id, server, port, proto } = view.flow;
      if (from.has(client_host_id, client, null, proto) && to.has(server_host_id, server, port, proto)) flows.set(view.id, view);
    }
  }
  return [...flows.values()].sort((a, b) => bytesOf(b.flow) - bytesOf(a.flow));
}

export interface Neighbour {
  id: string;
  title: string;
  bytes: number;
  view: HostView | undefined;
}

// Whom it talks with most, by bytes in both directions.
export function neighboursOf(views: Views, hostId: string, most: number): { list: Neighbour[]; all: number } {
  const found = new Map<string, Neighbour>();
  for (const { flow, client, server, clientTitle, serverTitle } of views.flowsOf(hostId)) {
    const out = flow.client_host_id === hostId;
    const [id, title, view] = out ? [flow.server_host_id ?? flow.server, serverTitle, server] : [flow.client_host_id ?? flow.client, clientTitle, client];
    if (id === hostId) continue;
    const old = found.get(id);
    if (old) old.bytes += bytesOf(flow);
    else found.set(id, { id, title: view?.title || title, bytes: bytesOf(flow), view });
  }
  return { list: [...found.values()].sort((a, b) => b.bytes - a.bytes).slice(0, most), all: found.size };
}

const ids = (value: unknown): string[] => (Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : []);

export function groupsOf(tables: Tables, services: readonly Service[]): Group[] {
  const mine = new Set(services.map(service => service.id));
  return [...tables.group.values()].filter(group => ids(group.binding_ids).some(id => mine.has(tables.binding.get(id)?.service_id ?? '')));
}

// How many addresses of a range are in use, of how many; null for one that nobody counts (IPv6, everything).
export function usedOf(cidr: string, addresses: Iterable<string>): { used: number; size: number } | null {
  const [network, length] = cidr.split('/');
  const bits = Number(length);
  if (!network || network.includes(':') || !Number.isInteger(bits) || bits < 8 || bits > 32) return null;
  const number = (ip: string) => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const whole = 2 ** (32 - bits);
  const first = Math.floor(number(network) / whole);
  const used = new Set([...addresses].filter(ip => !ip.includes(':') && Math.floor(number(ip) / whole) === first)).size;
  return { used, size: bits >= 31 ? whole : whole - 2 };
}

// Edges between two containers that are drawn as one from far away: "bundle:a>b".
export function bundleOf(graph: Graph, id: string): GraphEdge[] {
  const [a, b] = id.replace(/^bundle:/, '').split('>');
  const [from, to] = [endOf(graph, a ?? ''), endOf(graph, b ?? '')].map(end => new Set(end ? [end.id, ...end.nodes.map(node => node.id)] : []));
  return [...graph.edges.values()].filter(edge => (from!.has(edge.source) && to!.has(edge.target)) || (from!.has(edge.target) && to!.has(edge.source)));
}
