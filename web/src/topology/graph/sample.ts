// SPDX-License-Identifier: BSD-2-Clause
// Made-up networks for tests: short words for rows, and a large network by numbers.

import { kindOfPort } from '../../services/catalogue';
import type { Entities, EntityName } from '../../state/entities';
import { Views } from '../../state/selectors';
import { Tables } from '../../state/tables';
import type { Graph } from '../model';
import { defaults, type Options } from '../options';
import { GraphBuilder } from './builder';
import type { GraphInput } from './input';

export type Row = [entity: EntityName, row: { id: string }];

const noted = { description: null, tags: [], revision: 1, origin: 'discovery' };

const make = <E extends EntityName>(entity: E, row: object): Row => [entity, row as Entities[E]];

export const host = (id: string, set: Partial<Entities['host']> = {}): Row =>
  make('host', { ...noted, id, name: id, name_source: 'dhcp', vendor: null, first_seen: 1, last_seen: 1000, present_since: 1, present_until: null, hidden: false, virtualization: null, device: null, ...set });

let faces = 0;
export const face = (host_id: string, ip: string | null, set: Partial<Entities['interface']> = {}): Row =>
  make('interface', { ...noted, id: `${host_id}:${ip ?? ++faces}${set.via ? '@' + set.via : ''}${set.vlan?.join('.') ?? ''}`, host_id, mac: `02:00:00:00:00:${host_id}`, ip, vlan: [], via: null, vendor: null, random_mac: false, container_of: null, packets: 1, bytes: 10, packets_in: 1, bytes_in: 10, first_seen: 1, last_seen: 1000, subnet_id: null, name: null, ...set });

// The protocol of its port has been heard there.
export const service = (host_id: string, port: number | null, set: Partial<Entities['service']> = {}): Row =>
  make('service', { ...noted, id: `${host_id}/${port}${set.ip ?? ''}`, host_id, ip: null, port, proto: port === null ? null : 'tcp', vlan: [], state: 'open', name: null, source: 'tcp', confidence: 'measured', clients: 1, first_seen: 1, last_seen: 1000, service_definition: null, name_source: null, virtualization: null, definition: kindOfPort(port ?? 0, 'tcp')?.id ?? null, certainty: 'certain', ...set });

export const flow = (client: [string | null, string], server: [string | null, string], port: number, set: Partial<Entities['flow']> = {}): Row =>
  make('flow', { id: `${client[1]}>${server[1]}:${port}`, client_host_id: client[0], client: client[1], server_host_id: server[0], server: server[1], port, proto: 'tcp', vlan: [], connections: 1, packets: 4, bytes: 500, packets_back: 4, bytes_back: 500, rtt_us: null, first_seen: 1, last_seen: 1000, ...set });

export const subnet = (id: string, cidr: string, set: Partial<Entities['subnet']> = {}): Row => make('subnet', { ...noted, id, cidr, name: id, subnet_type: 'Lan', created_at: 1, ...set });

export const binding = (id: string, service_id: string, interface_id: string | null = null): Row => make('binding', { ...noted, id, service_id, port_id: null, interface_id });

export const group = (id: string, binding_ids: string[], set: Partial<Entities['group']> = {}): Row => make('group', { ...noted, id, name: id, group_type: 'RequestPath', binding_ids, color: 'Blue', edge_style: 'Bezier', created_at: 1, ...set });

export const sensor = (id: string, set: object = {}): Row => make('sensor', { ...noted, id, name: id, hostname: null, software: null, connected: true, last_seen: 1000, capabilities: {}, interfaces: [], counters: {}, losses: {}, ...set });

export const neighbor = (id: string, source: string, set: Partial<Entities['neighbor']> = {}): Row =>
  make('neighbor', { id, source, host_id: null, sensor_id: 'probe', mac: null, chassis: null, port: null, port_description: null, system_name: null, system_description: null, platform: null, capabilities: [], management: [], native_vlan: null, vlan: [], root: null, bridge: null, cost: null, first_seen: 1, last_seen: 1000, ...set });

export const link = (id: string, set: Partial<Entities['link']> = {}): Row =>
  make('link', { id, source: 'snmp', host_id: null, sensor_id: 'probe', mac: null, chassis: null, port: null, port_description: null, system_name: null, peer_host_id: null, peer_mac: null, peer_chassis: null, peer_port: null, peer_port_description: null, peer_name: null, platform: null, capabilities: [], management: [], native_vlan: null, vlan: [], stations: 1, speed_bps: null, first_seen: 1, last_seen: 1000, ...set });

export function network(rows: readonly Row[]) {
  const tables = new Tables();
  for (const [entity, row] of rows) tables.put(entity, row);
  return { tables, views: new Views(tables) };
}

export const input = (views: Views, options: Partial<Options> = {}, more: Partial<GraphInput> = {}): GraphInput => ({ views, options: { ...defaults, hide_edge_types: [], ...options }, networkName: 'Home', now: 1000, ...more });

export const graphOf = (rows: readonly Row[], options: Partial<Options> = {}, more: Partial<GraphInput> = {}): Graph => new GraphBuilder().update(input(network(rows).views, options, more));

// The graph in few words: containers with their nodes' titles, and edges between titles.
export function words(graph: Graph) {
  const title = (id: string) => graph.nodes.get(id)?.title ?? graph.containers.get(id)?.title ?? '?';
  const containers = Object.fromEntries([...graph.containers.values()].map(container => [container.title, [...graph.nodes.values()].filter(node => node.container === container.id).map(node => node.title).sort()]));
  const edges = [...graph.edges.values()].map(edge => `${edge.kind} ${title(edge.source)} > ${title(edge.target)} ${edge.truth}`).sort();
  return { containers, edges };
}

// Numbers without surprise.
export function numbers(seed = 42) {
  let state = seed;
  const random = () => ((state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff);
  return { random, int: (from: number, to: number) => from + Math.floor(random() * (to - from + 1)) };
}

// hosts: of these a sixth far away; services and flows in all.
export function large(hosts: number, services: number, flows: number): Row[] {
  const { int, random } = numbers();
  const rows: Row[] = [subnet('internet', '0.0.0.0/0', { subnet_type: 'Internet', name: 'Internet' })];
  const subnets = Math.ceil(hosts / 200);
  for (let i = 0; i < subnets; i++) rows.push(subnet(`s${i}`, `10.${i}.0.0/24`), subnet(`p${i}`, `2001:db8:${i}::/64`));
  const ports = [22, 53, 80, 443, 445, 631, 1883, 3306, 5432, 6379, 8080, 9100, 32400, 30001, 30002];
  const ips: string[] = [];
  for (let i = 0; i < hosts; i++) {
    const id = `h${i}`;
    const s = i % subnets;
    const remote = i % 6 === 5;
    const ip = remote ? `93.${i >> 16}.${(i >> 8) & 255}.${i & 255}` : `10.${s}.${(i / subnets) >> 8}.${((i / subnets) | 0) & 255}`;
    ips.push(ip);
    const vlan = s % 3 ? [s] : [];
    rows.push(host(id, { name: random() < 0.7 ? `host-${i}` : null, vendor: i % 4 ? 'Raspberry Pi Trading Ltd' : null }));
    const mac = remote ? null : `02:00:00:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`;
    rows.push(face(id, ip, { mac, vlan, via: remote ? '02:00:00:00:00:00' : null, subnet_id: remote ? 'internet' : `s${s}` }));
    if (!remote && i % 2) rows.push(face(id, `2001:db8:${s}::${i.toString(16)}`, { mac, vlan, subnet_id: `p${s}` }));
  }
  for (let i = 0; i < services; i++) {
    const at = int(0, hosts - 1);
    const port = i < ports.length * hosts ? ports[i % ports.length]! : 1000 + i;
    rows.push(service(`h${at}`, port, { id: `v${i}`, ip: ips[at]!, name: i % 9 ? null : `Thing ${i}._http._tcp.local` }));
  }
  for (let i = 0; i < flows; i++) {
    const [a, b] = [int(0, hosts - 1), int(0, hosts - 1)];
    rows.push(flow([`h${a}`, ips[a]!], [`h${b}`, ips[b]!], ports[i % ports.length]!, { id: `f${i}`, bytes: int(1, 1e8), last_seen: int(900, 1000) }));
  }
  return rows;
}
