// SPDX-License-Identifier: BSD-2-Clause
// What kind of device a host is: by what a person noted, what the collector concluded, how its packets go, what it answers on, in this
// order. Without any of that it is just a device, and no more is said.

import type { HostView } from '../state/selectors';
import { deviceKinds, deviceOf } from './device';
import { describeService } from './kinds';

export interface HostKind {
  icon: string;
  category: string;
}

const kind = (icon: string, category: string): HostKind => ({ icon, category });

const router = kind('router', 'NetworkCore');
const machine = kind('box-multiple', 'Virtualization');

// The category of each kind of device, for its colour. Those that are not here are coloured by what they answer on.
const categoryOf: Record<string, string> = {
  'router': 'NetworkCore', 'switch': 'NetworkCore', 'modem': 'NetworkCore', 'access-point': 'NetworkAccess', 'firewall': 'NetworkSecurity', 'hypervisor': 'Virtualization', 'container-host': 'Virtualization', 'container': 'Virtualization', 'vm': 'Virtualization',
  'nas': 'Storage', 'desktop': 'Workstation', 'laptop': 'Workstation', 'computer': 'Workstation', 'tablet': 'Mobile', 'phone': 'Mobile', 'watch': 'Mobile', 'printer': 'Printer', 'scanner': 'Printer', '3d-printer': 'Printer', 'camera': 'IoT', 'nvr': 'IoT',
  'doorbell': 'IoT', 'tv': 'Media', 'media-player': 'Media', 'speaker': 'Media', 'receiver': 'Media', 'game-console': 'Media', 'projector': 'Media', 'voip-phone': 'Telephony', 'pbx': 'Telephony', 'ups': 'Monitoring', 'pdu': 'Monitoring', 'bmc': 'Monitoring',
  'plc': 'IoT', 'hmi': 'IoT', 'sensor': 'IoT', 'thermostat': 'IoT', 'light': 'IoT', 'plug': 'IoT', 'hub': 'HomeAutomation', 'appliance': 'IoT', 'vacuum': 'IoT', 'inverter': 'IoT', 'charger': 'IoT', 'iot': 'IoT',
};

// Categories of services for which machines stand in racks.
const served = new Set(['Web', 'Database', 'Development', 'Storage', 'Backup', 'Virtualization', 'Email', 'Monitoring', 'MessageQueue', 'ReverseProxy', 'IdentityAndAccess', 'Office', 'Messaging', 'Publishing', 'ProjectManagement', 'DNS']);

let known = new WeakMap<HostView, HostKind>();

// After the names of services have changed.
export const forgetHosts = () => (known = new WeakMap());

export function describeHost(view: HostView): HostKind {
  let described = known.get(view);
  if (!described) {
    described = describe(view);
    known.set(view, described);
  }
  return described;
}

// Made by software: a person noted so, or it was concluded.
export const isVirtual = (view: HostView): boolean => deviceOf(view.host).kind?.value === 'vm';

// Who made the device, or else its network card.
export const makerOf = (view: HostView): string | null => deviceOf(view.host).vendor?.value ?? view.vendor;

function describe(view: HostView): HostKind {
  const virtualization = view.host.virtualization as { type?: unknown } | null;
  if (virtualization && typeof virtualization === 'object') return machine;
  const concluded = deviceKinds.get(deviceOf(view.host).kind?.value ?? '');
  if (concluded) return kind(concluded.icon, categoryOf[concluded.id] ?? mainCategory(view));
  if (view.router) return router;
  const category = mainCategory(view);
  if (view.remote) return kind('cloud', category);
  return kind(served.has(category) ? 'server' : 'device-unknown', category);
}

// Of what it answers on: what is told by more than a port before what is not, then by port as the services are ordered.
function mainCategory(view: HostView): string {
  let guess = 'Unknown';
  for (const service of view.services) {
    if (service.state !== 'open') continue;
    const { category, how, definition } = describeService(service);
    if (category === 'Unknown' || category === 'OpenPorts') continue;
    if (how !== 'port' && !definition?.generic) return category;
    // Nearly everything has a web page and a command line: they tell less than anything else.
    if (guess === 'Unknown' || guess === 'Web' || guess === 'NetworkCore') guess = category;
  }
  return guess;
}
