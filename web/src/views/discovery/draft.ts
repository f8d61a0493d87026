// SPDX-License-Identifier: BSD-2-Clause
// A discovery as its form holds it, and back. Pure.

import type { Discovery, DiscoveryType, Naming } from '../../api';
import { planOf, type Plan } from '../../cron';

export interface Draft extends Plan {
  name: string;
  sensor_id: string;
  kind: DiscoveryType['type'];
  when: 'Scheduled' | 'AdHoc';
  timezone: string;
  enabled: boolean;
  host_naming_fallback: Naming;
  subnet_ids: string[]; // none: those the sensor has a port in
  targets: string; // one a line
  ports: string;
  depth: 'light' | 'full';
  rate: string;
  probe_raw_socket_ports: boolean;
}

const RATE_DEFAULT = '1000';
const DAILY = '0 3 * * *';

const lines = (text: string) => text.split(/[\s,]+/).filter(Boolean);

export function draftOf(of: Discovery | null, sensorId: string, now: boolean): Draft {
  const type = of?.discovery_type;
  const run = of?.run_type;
  const network = type?.type === 'Network' ? type : null;
  const scheduled = run?.type === 'Scheduled' ? run : null;
  return {
    ...planOf(scheduled?.cron ?? DAILY),
    name: of?.name ?? '',
    sensor_id: of?.sensor_id ?? sensorId,
    kind: type?.type ?? 'SelfReport',
    when: run?.type ?? (now ? 'AdHoc' : 'Scheduled'),
    timezone: scheduled?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC',
    enabled: scheduled?.enabled ?? true,
    host_naming_fallback: type && type.type !== 'SelfReport' ? type.host_naming_fallback : 'BestService',
    subnet_ids: network?.subnet_ids ?? [],
    targets: network?.targets?.join('\n') ?? '',
    ports: network?.ports ?? '',
    depth: network?.depth ?? 'light',
    rate: String(network?.rate ?? RATE_DEFAULT),
    probe_raw_socket_ports: network?.probe_raw_socket_ports ?? false,
  };
}

export function typeOf(draft: Draft): DiscoveryType {
  const { host_naming_fallback } = draft;
  switch (draft.kind) {
    case 'SelfReport':
      return { type: 'SelfReport' };
    case 'Docker':
      return { type: 'Docker', host_naming_fallback };
    case 'Network':
      return {
        type: 'Network',
        subnet_ids: draft.subnet_ids.length ? draft.subnet_ids : null,
        targets: lines(draft.targets),
        ports: draft.ports.trim() || null,
        depth: draft.depth,
        rate: Number(draft.rate) || Number(RATE_DEFAULT),
        host_naming_fallback,
        probe_raw_socket_ports: draft.probe_raw_socket_ports,
      };
  }
}
