// SPDX-License-Identifier: BSD-2-Clause
// The rows of the live feed; the types are made from defs/entities.h.

export type { Binding, EntityMap as Entities, EntityName, Flow, Group, Host, Interface, Network, Sensor, Service, Subnet } from '@gen/entities';
export { ENTITY_NAMES as entityNames } from '@gen/entities';
