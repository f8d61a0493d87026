// SPDX-License-Identifier: BSD-2-Clause
// What a host is, as the collector concluded: its kind, maker, model and system, each with how sure that is. From `host.device`, and
// defs/devices/kinds.json. Pure.

import all from 'virtual:services';

export const certainties = ['low', 'medium', 'high', 'certain'] as const;
export type CertaintyName = (typeof certainties)[number];

export const isCertainty = (value: unknown): value is CertaintyName => certainties.includes(value as CertaintyName);

export interface Claim {
  value: string;
  certainty: CertaintyName;
  source: string;
}

export const claimNames = ['kind', 'vendor', 'model', 'os', 'os_version'] as const;
export type ClaimName = (typeof claimNames)[number];
export type Device = Record<ClaimName, Claim | null>;

export interface DeviceKind {
  id: string;
  title: string;
  icon: string;
  order: number;
}

export const deviceKinds: ReadonlyMap<string, DeviceKind> = new Map(all.devices.map(([id, title, icon], order) => [id, { id, title, icon, order }]));

const nothing: Device = { kind: null, vendor: null, model: null, os: null, os_version: null };

function readClaim(value: unknown): Claim | null {
  if (typeof value !== 'object' || value === null) return null;
  const of = value as Record<string, unknown>;
  if (typeof of.value !== 'string' || !of.value) return null;
  return { value: of.value, certainty: isCertainty(of.certainty) ? of.certainty : 'low', source: typeof of.source === 'string' ? of.source : '' };
}

const known = new WeakMap<object, Device>();

// What is known of a host; nothing of what is not there.
export function deviceOf(host: { device?: unknown }): Device {
  let device = known.get(host);
  if (!device) {
    device = readDevice(host.device);
    known.set(host, device);
  }
  return device;
}

// Read with suspicion.
export function readDevice(value: unknown): Device {
  if (typeof value !== 'object' || value === null) return nothing;
  const of = value as Record<string, unknown>;
  return Object.fromEntries(claimNames.map(name => [name, readClaim(of[name])])) as Device;
}

export const kindTitle = (id: string) => deviceKinds.get(id)?.title ?? id;

// "RouterOS 7.14": a version without its system says nothing.
export const systemText = (device: Device): string => (device.os ? [device.os.value, device.os_version?.value].filter(Boolean).join(' ') : '');

// What a claim says to a person.
export const claimText = (name: ClaimName, claim: Claim) => (name === 'kind' ? kindTitle(claim.value) : claim.value);
