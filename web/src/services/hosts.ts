// SPDX-License-Identifier: BSD-2-Clause
// What kind of device a host is, as far as it shows: by what a person noted, how its packets go, what it announces, who
// made its card, what it calls itself, what it answers on, in this order. Without any of that it is just a device.

import type { HostView } from '../state/selectors';
import { describeService, mdnsType } from './kinds';

export interface HostKind {
  icon: string;
  category: string;
}

const kind = (icon: string, category: string): HostKind => ({ icon, category });

const router = kind('router', 'NetworkCore');
const printer = kind('printer', 'Printer');
const tv = kind('device-tv', 'Media');
const speaker = kind('device-speaker', 'Media');
const storage = kind('server-2', 'Storage');
const camera = kind('device-cctv', 'IoT');
const thing = kind('cpu', 'IoT');
const phone = kind('device-mobile', 'Mobile');
const machine = kind('box-multiple', 'Virtualization');

// Types that only devices of one kind announce; the first that fits counts.
const announced: [RegExp, HostKind][] = [
  [/^_(pdl-datastream|printer|ipps?|uscans?)\._tcp$/, printer],
  [/^_(sonos|spotify-connect)\._tcp$/, speaker],
  [/^_(androidtvremote2?|amzn-wplay|webostv|viziocast)\._tcp$/, tv],
  [/^_axis-(video|nvr)\._tcp$/, camera],
  [/^_hue\._tcp$/, kind('bulb', 'IoT')],
  [/^_googlecast\._tcp$/, kind('cast', 'Media')],
  [/^_(esphomelib|shelly|wled|miio)\._(tcp|udp)$/, thing],
  [/^_home-assistant\._tcp$/, kind('home-cog', 'HomeAutomation')],
  [/^_(hap|matter)\._(tcp|udp)$/, kind('home', 'HomeAutomation')],
  [/^_(adisk|qdiscover)\._tcp$/, storage],
  [/^_meshcop\._udp$/, kind('access-point', 'HomeAutomation')],
  [/^_apple-mobdev2\._tcp$/, phone],
];

// Makers of one kind of device. Those that make many (Apple, Samsung, Amazon, TP-Link) tell nothing.
const makers: [RegExp, HostKind][] = [
  [/\b(vmware|virtualbox|xensource|parallels|proxmox|pcs systemtechnik|nutanix)\b/, machine],
  [/\b(brother|lexmark|kyocera|xerox|ricoh|seiko epson|konica|oki electric|zebra technologies)\b/, printer],
  [/\b(hikvision|dahua|axis communications|reolink|amcrest|foscam|vivotek|arlo|wyze|mobotix)\b/, camera],
  [/\b(synology|qnap|asustor|buffalo)\b/, storage],
  [/\b(sonos|bose|denon|bang & olufsen|libratone)\b/, speaker],
  [/\b(roku|vizio|hisense|skyworth)\b/, tv],
  [/\b(yealink|snom|polycom|grandstream|gigaset|mitel|aastra)\b/, kind('phone', 'Telephony')],
  [/\b(fairphone|oneplus|motorola mobility|hmd global|vivo mobile|oppo mobile)\b/, phone],
  [/\b(philips lighting|signify|lifx|nanoleaf)\b/, kind('bulb', 'IoT')],
  [/\b(ecobee|nest labs|netatmo|tado)\b/, kind('temperature', 'IoT')],
  [/\b(espressif|tuya|shelly|allterco|itead|sonoff|meross)\b/, thing],
  [/\b(irobot|roborock|ecovacs)\b/, kind('vacuum-cleaner', 'IoT')],
  [/\b(american power conversion|cyberpower)\b/, kind('battery-charging', 'Monitoring')],
  [/\bnintendo\b/, kind('device-nintendo', 'Media')],
  [/\bsony interactive\b/, kind('device-gamepad-2', 'Media')],
  [/\b(ubiquiti|cisco|juniper|arista|routerboard|mikrotik|aruba|ruckus|meraki|extreme networks|fortinet|palo alto|sonicwall|zyxel)\b/, kind('network', 'NetworkCore')],
  [/\braspberry\b/, kind('logo:raspberrypi', 'Unknown')],
];

// What people's devices call themselves when nobody has renamed them.
const names: [RegExp, HostKind][] = [
  [/\b(iphone|pixel-?\d|galaxy-(a|s|z|note)\d*|oneplus|android-[0-9a-f]+)/, phone],
  [/\bipad\b/, kind('device-tablet', 'Mobile')],
  [/\b(macbook|thinkpad|laptop)\b/, kind('device-laptop', 'Workstation')],
];

// Categories of services for which machines stand in racks.
const served = new Set(['Web', 'Database', 'Development', 'Storage', 'Backup', 'Virtualization', 'Email', 'Monitoring', 'MessageQueue', 'ReverseProxy', 'IdentityAndAccess', 'Office', 'Messaging', 'Publishing', 'ProjectManagement', 'DNS']);

const known = new WeakMap<HostView, HostKind>();

export function describeHost(view: HostView): HostKind {
  let described = known.get(view);
  if (!described) {
    described = describe(view);
    known.set(view, described);
  }
  return described;
}

// Made by software: no such network card was ever sold.
export const isVirtualByMaker = (view: HostView): boolean => view.vendor !== null && find(makers, view.vendor.toLowerCase()) === machine;

const find = (table: [RegExp, HostKind][], text: string) => table.find(([pattern]) => pattern.test(text))?.[1];

function describe(view: HostView): HostKind {
  const virtualization = view.host.virtualization as { type?: unknown } | null;
  if (virtualization && typeof virtualization === 'object') return machine;
  if (view.router) return router;
  for (const service of view.services) {
    const type = service.confidence === 'announced' ? mdnsType(service.name) : null;
    const found = type && find(announced, type);
    if (found) return found;
  }
  const category = mainCategory(view);
  if (view.remote) return kind('cloud', category);
  const byMaker = view.vendor ? find(makers, view.vendor.toLowerCase()) : undefined;
  if (byMaker) return byMaker.category === 'Unknown' ? kind(byMaker.icon, category) : byMaker;
  const byName = view.host.name ? find(names, view.host.name.toLowerCase()) : undefined;
  if (byName) return byName;
  return kind(view.randomMac || !served.has(category) ? 'device-desktop' : 'server', category);
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
