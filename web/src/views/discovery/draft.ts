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
  subnet_ids: string[]; // none: those of the port that the sensor watches
  targets: string; // one a line
  excludes: string; // likewise
  ports: string;
  depth: 'light' | 'full';
  rate: string;
  host_rate: string;
  engine: 'uring' | 'xdp';
  skip_alive: boolean;
  identify: boolean;
  snmp: 'all' | 'none' | 'some';
  snmp_credential_ids: string[];
  probe_raw_socket_ports: boolean;
  probe_industrial_ports: boolean;
}

const RATE_DEFAULT = '1000';
const HOST_RATE_DEFAULT = '100';
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
    excludes: network?.excludes?.join('\n') ?? '',
    ports: network?.ports ?? '',
    depth: network?.depth ?? 'light',
    rate: String(network?.rate ?? RATE_DEFAULT),
    host_rate: String(network?.host_rate ?? HOST_RATE_DEFAULT),
    engine: network?.engine ?? 'uring',
    skip_alive: network?.skip_alive ?? false,
    identify: network?.identify ?? true,
    snmp: network?.snmp_credential_ids ? (network.snmp_credential_ids.length ? 'some' : 'none') : 'all',
    snmp_credential_ids: network?.snmp_credential_ids ?? [],
    probe_raw_socket_ports: network?.probe_raw_socket_ports ?? false,
    probe_industrial_ports: network?.probe_industrial_ports ?? false,
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
        excludes: lines(draft.excludes),
        ports: draft.ports.replaceAll(/\s+/g, '') || null,
        depth: draft.depth,
        rate: Number(draft.rate) || Number(RATE_DEFAULT),
        host_rate: Number(draft.host_rate) || Number(HOST_RATE_DEFAULT),
        engine: draft.engine,
        skip_alive: draft.skip_alive,
        identify: draft.identify,
        snmp_credential_ids: draft.snmp === 'all' ? null : draft.snmp === 'none' ? [] : draft.snmp_credential_ids,
        host_naming_fallback,
        probe_raw_socket_ports: draft.probe_raw_socket_ports,
        probe_industrial_ports: draft.probe_industrial_ports,
      };
  }
}
