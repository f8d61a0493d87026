// SPDX-License-Identifier: BSD-2-Clause
// What bridges say beside the feed, and which sensor sees which VLAN.

import { get, withQuery } from './request';

export interface BridgeTrait {
  key: string;
  value: string;
  source: string;
  mac: string | null;
  ip: string | null;
  vlan: number[];
  sensor_id: string | null;
  host_id: string | null;
  first_seen: number;
  last_seen: number;
  count: number;
}

export interface Layer2 {
  traits: BridgeTrait[];
  vlans: { vlan: number[]; sensor_id: string }[];
}

export const layer2 = (network_id: string | null) => get<Layer2>(withQuery('/api/layer2', { network_id }));
