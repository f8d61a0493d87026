// SPDX-License-Identifier: BSD-2-Clause
// The rows of the live feed; the types are made from defs/entities.h.

export type { Alert as AlertRow, Binding, Discovery, EntityMap as Entities, EntityName, Flow, Group, Host, Interface, Link, Neighbor, Network, Sensor, Service, Session, Subnet, Topology } from '@gen/entities';
export { ENTITY_NAMES as entityNames } from '@gen/entities';
