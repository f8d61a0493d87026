// SPDX-License-Identifier: BSD-2-Clause
// The rows of the live feed; the types are made from defs/entities.h.

export type { EntityMap as Entities, EntityName, Flow, Host, Interface, Network, Sensor, Service } from '@gen/entities';
export { ENTITY_NAMES as entityNames } from '@gen/entities';
