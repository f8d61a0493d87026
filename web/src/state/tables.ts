// SPDX-License-Identifier: BSD-2-Clause
// The network as this browser knows it: a table for each entity, and indexes that changes keep true.
// Rows are never changed in place, so a row that is the same object has not changed.

import type { Change } from '../feed/messages';
import { entityNames, type Entities, type EntityName, type Flow, type Interface, type Service } from './entities';
import { RowIndex } from './index';

type Row = { id: string };

const RECENT_MAX = 4096;

const nothing: ReadonlyMap<string, Row> = new Map();
type TableOf<E extends EntityName> = Map<string, Entities[E]>;

type Maps = { readonly [E in EntityName]: TableOf<E> };

export interface Tables extends Maps {}

export class Tables {
  readonly interfacesByHost = new RowIndex<Interface>(row => [row.host_id]);
  readonly interfacesByMac = new RowIndex<Interface>(row => [row.mac]);
  readonly interfacesByVia = new RowIndex<Interface>(row => [row.via]);
  readonly servicesByHost = new RowIndex<Service>(row => [row.host_id]);
  readonly servicesByEndpoint = new RowIndex<Service>(row => [endpoint(row.ip, row.proto, row.port)]);
  readonly flowsByHost = new RowIndex<Flow>(row => [row.client_host_id, row.server_host_id]);

  // Changes of each entity so far; a view looks again when those it shows have moved.
  readonly versions = Object.fromEntries(entityNames.map(name => [name, 0])) as Record<EntityName, number>;

  // The rows of the last changes of each entity, by version.
  private readonly recent = Object.fromEntries(entityNames.map(name => [name, []])) as unknown as Record<EntityName, string[]>;

  // Whom a change of this row concerns: hosts whose shown row must be made again.
  readonly staleHosts = new Set<string>();

  constructor() {
    Object.assign(this, Object.fromEntries(entityNames.map(name => [name, new Map()])));
  }

  // By name, for what all entities have alike.
  rows(entity: string): ReadonlyMap<string, Row> {
    return isEntity(entity) ? this[entity] : nothing;
  }

  version(entity: string): number {
    return isEntity(entity) ? this.versions[entity] : 0;
  }

  // Which rows came, changed or went since that version; null when that is longer ago than is remembered.
  changedSince(entity: EntityName, version: number): ReadonlySet<string> | null {
    const now = this.versions[entity];
    if (version < 0 || version > now || now - version > RECENT_MAX) return null;
    const ids = new Set<string>();
    for (let at = version; at < now; at++) ids.add(this.recent[entity][at % RECENT_MAX]!);
    return ids;
  }

  private note(entity: EntityName, id: string) {
    this.recent[entity][this.versions[entity]++ % RECENT_MAX] = id;
  }

  put(entity: EntityName, row: Row) {
    const table = this[entity] as Map<string, Row>;
    const old = table.get(row.id);
    if (old) this.unindex(entity, old);
    table.set(row.id, row);
    this.note(entity, row.id);
    if (entity === 'host') this.staleHosts.add(row.id);
    if (entity === 'interface') this.indexInterface(row as Interface);
    if (entity === 'service') {
      const service = row as Service;
      this.servicesByHost.add(service);
      this.servicesByEndpoint.add(service);
      this.staleHosts.add(service.host_id);
    }
    if (entity === 'flow') this.flowsByHost.add(row as Flow);
  }

  remove(entity: EntityName, id: string) {
    const table = this[entity] as Map<string, Row>;
    const old = table.get(id);
    if (!old) return;
    this.unindex(entity, old);
    table.delete(id);
    this.note(entity, id);
    if (entity === 'host') this.staleHosts.add(id);
  }

  // true when the change made a row that was not there.
  apply(change: Change): boolean {
    if (change.entity === 'seen') this.applySeen(change.set);
    if (!isEntity(change.entity)) return false;
    if (change.op === 'delete') {
      this.remove(change.entity, change.id);
      return false;
    }
    const old = (this[change.entity] as Map<string, Row>).get(change.id);
    // An update of a row that is not here can't make a whole row; the next snapshot brings it.
    if (change.op === 'update' && !old) return false;
    this.put(change.entity, { ...(change.op === 'update' ? old : null), ...change.set, id: change.id });
    return !old;
  }

  // Rows that were seen again: when, and what they counted by then.
  private applySeen(seen: Change['set']) {
    for (const entity of seenEntities) {
      for (const [id, ...values] of (seen?.[entity] ?? []) as [string, ...(number | null)[]][]) {
        const old = (this[entity] as Map<string, Row>).get(id);
        if (!old) continue;
        const moved: Record<string, unknown> = { ...old };
        seenColumns[entity].forEach((column, i) => (moved[column] = values[i]));
        this.put(entity, moved as Row);
      }
    }
  }

  private indexInterface(row: Interface) {
    this.interfacesByHost.add(row);
    this.interfacesByMac.add(row);
    this.interfacesByVia.add(row);
    this.staleHosts.add(row.host_id);
    if (row.via !== null) this.markOwners(row.via);
  }

  private unindex(entity: EntityName, row: Row) {
    if (entity === 'interface') {
      const face = row as Interface;
      this.interfacesByHost.remove(face);
      this.interfacesByMac.remove(face);
      this.interfacesByVia.remove(face);
      this.staleHosts.add(face.host_id);
      if (face.via !== null) this.markOwners(face.via);
    }
    if (entity === 'service') {
      const service = row as Service;
      this.servicesByHost.remove(service);
      this.servicesByEndpoint.remove(service);
      this.staleHosts.add(service.host_id);
    }
    if (entity === 'flow') this.flowsByHost.remove(row as Flow);
  }

  private markOwners(mac: string) {
    for (const id of this.interfacesByMac.get(mac)) this.staleHosts.add(this.interface.get(id)!.host_id);
  }
}

// What an entry `seen` tells of each row, after its id (docs/live.md).
const seenColumns = {
  host: ['last_seen', 'present_until'],
  interface: ['last_seen', 'packets', 'bytes', 'packets_in', 'bytes_in'],
  service: ['last_seen', 'clients'],
  flow: ['last_seen', 'connections', 'packets', 'bytes', 'packets_back', 'bytes_back', 'rtt_us'],
  neighbor: ['last_seen'],
  link: ['last_seen'],
} as const;
const seenEntities = ['host', 'interface', 'service', 'flow', 'neighbor', 'link'] as const;

export const endpoint = (ip: string | null, proto: string | null, port: number | null) => `${ip} ${proto} ${port}`;

export const isEntity = (name: string): name is EntityName => (entityNames as readonly string[]).includes(name);
