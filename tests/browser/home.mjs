// SPDX-License-Identifier: BSD-2-Clause
// A home with a laboratory in it, as the frames that pass a mirror port of its switch: four VLANs, a router, a switch and
// two access points, servers, what people carry about, and things. What the walks and the screenshots look at.
import { announcement, arp, conversation, dhcpRequest, lldp, lookUp, routed, spanningTree } from './frames.mjs';

const hosts = [];
const add = (vlan, last, mac, name) => {
  const host = { vlan, ip: `10.20.${vlan}.${last}`, mac, name };
  hosts.push(host);
  return host;
};

// The router has a face in each VLAN.
const routerMac = '00:08:a2:0d:11:01';
const gateway = Object.fromEntries([10, 20, 30, 99].map(vlan => [vlan, { vlan, ip: `10.20.${vlan}.1`, mac: routerMac, name: 'gateway' }]));

const pve = add(10, 5, '3c:ec:ef:20:00:05', 'pve-1');
const docker = add(10, 6, 'bc:24:11:20:00:06', 'docker-1');
const nas = add(10, 10, '00:11:32:20:00:10', 'attic-nas');
const pihole = add(10, 11, 'b8:27:eb:20:00:11', 'pihole');
const assistant = add(10, 12, 'bc:24:11:20:00:12', 'homeassistant');
const grafana = add(10, 13, 'bc:24:11:20:00:13', 'grafana');
const database = add(10, 14, 'bc:24:11:20:00:14', 'db-main');
const photos = add(10, 15, 'bc:24:11:20:00:15', 'photos');
const proxy = add(10, 16, 'bc:24:11:20:00:16', 'proxy');
const media = add(10, 17, 'bc:24:11:20:00:17', 'media');

const anna = add(20, 21, '3c:07:54:20:00:21', 'anna-laptop');
const ben = add(20, 22, 'd8:bb:c1:20:00:22', 'ben-desktop');
const phone = add(20, 23, 'd2:5f:91:20:00:23', 'anna-phone');
const tablet = add(20, 24, '3c:07:54:20:00:24', 'kitchen-tablet');
const printer = add(20, 30, '00:80:77:20:00:30', 'hall-printer');
const television = add(20, 31, '64:95:6c:20:00:31', 'living-room-tv');

const hue = add(30, 40, '00:17:88:20:00:40', 'hue-bridge');
const thermostat = add(30, 41, '44:61:32:20:00:41', 'thermostat');
const cameras = [50, 51, 52].map((last, i) => add(30, last, `44:19:b6:20:00:${last}`, `camera-${['door', 'garden', 'garage'][i]}`));
const speaker = add(30, 44, '48:a6:b8:20:00:44', 'kitchen-speaker');
const vacuum = add(30, 45, 'b0:4a:39:20:00:45', 'vacuum');

const coreSwitch = add(99, 2, '74:ac:b9:20:00:02', 'core-switch');
const upstairs = add(99, 3, 'f0:9f:c2:20:00:03', 'ap-upstairs');
const downstairs = add(99, 4, 'f0:9f:c2:20:00:04', 'ap-downstairs');

const abroad = [['203.0.113.20', 'updates.example.com'], ['198.51.100.7', 'backup.example.net'], ['203.0.113.99', 'time.example.org']];

export const home = { gateway, pve, docker, nas, pihole, assistant, grafana, database, photos, proxy, media, anna, ben, phone, tablet, printer, television, hue, thermostat, cameras, coreSwitch };

// The names that a person gives the ranges.
export const subnets = [
  { cidr: '10.20.10.0/24', name: 'Servers', subnet_type: 'Lan' },
  { cidr: '10.20.20.0/24', name: 'Home', subnet_type: 'WiFi' },
  { cidr: '10.20.30.0/24', name: 'Things', subnet_type: 'IoT' },
  { cidr: '10.20.99.0/24', name: 'Management', subnet_type: 'Management' },
];

let clientPort = 41000;
// A conversation as often as said, through the router when the VLANs differ.
function talk(client, server, port, times = 1) {
  return Array.from({ length: times }, () => (client.vlan === server.vlan ? conversation(client, server, port, ++clientPort) : routed(client, gateway[client.vlan], server, port, ++clientPort))).flat();
}

function outside(client, [ip], port) {
  return conversation(client, { ip, mac: routerMac, vlan: client.vlan }, port, ++clientPort);
}

// The core switch is the root of one tree, by chance, and of those of two VLANs; of a third it is the switch upstairs.
function bridges() {
  const [core, up] = [{ priority: 32768, mac: coreSwitch.mac }, { priority: 32768, mac: upstairs.mac }];
  const [first, second] = [{ ...core, priority: 4096 }, { ...up, priority: 8192 }];
  return [
    spanningTree(coreSwitch, { root: core, bridge: core, number: 24 }),
    spanningTree(upstairs, { root: core, bridge: up, number: 2, cost: 20000 }),
    ...[10, 20].map(tree => spanningTree(coreSwitch, { root: first, bridge: first, number: 24, tree, vlan: tree, change: tree === 20 })),
    spanningTree(coreSwitch, { root: second, bridge: core, number: 24, cost: 4, tree: 30, vlan: 30 }),
  ];
}

export function homeFrames() {
  const people = [anna, ben, phone, tablet];
  return [
    ...Object.values(gateway).map(arp),
    ...hosts.flatMap(host => [arp(host), dhcpRequest(host)]),
    lldp(gateway[99], 'igb1', { description: 'trunk', system: 'pfSense router', capabilities: 16 }),
    lldp(coreSwitch, 'Port 24', { description: 'mirror', system: 'UniFi Switch 24' }),
    lldp(upstairs, 'eth0', { description: 'uplink', system: 'UniFi access point', capabilities: 12 }),
    lldp(downstairs, 'eth0', { description: 'uplink', system: 'UniFi access point', capabilities: 12 }),
    ...bridges(),
    announcement(printer, 'Hall printer', '_ipp._tcp', 631),
    announcement(nas, 'Attic', '_smb._tcp', 445),
    announcement(assistant, 'Home', '_home-assistant._tcp', 8123),
    announcement(hue, 'Hue Bridge', '_hue._tcp', 443),
    announcement(television, 'Living room', '_googlecast._tcp', 8009),
    announcement(speaker, 'Kitchen', '_sonos._tcp', 1443),
    ...[...people, printer, ...cameras].flatMap(client => abroad.slice(0, 2).flatMap(([ip, name]) => lookUp({ ...client }, { ...pihole, mac: client.vlan === 10 ? pihole.mac : routerMac, vlan: client.vlan }, name, ip))),
    ...people.flatMap(client => [...talk(client, proxy, 443, 4), ...outside(client, abroad[0], 443)]),
    ...talk(anna, nas, 445, 6), ...talk(ben, nas, 445, 3), ...talk(anna, printer, 631, 2), ...talk(ben, pve, 8006, 2), ...talk(ben, docker, 22), ...talk(ben, coreSwitch, 443), ...talk(ben, docker, 9443),
    ...talk(television, media, 8096, 5), ...talk(tablet, assistant, 8123, 3), ...talk(phone, assistant, 8123, 2),
    ...talk(proxy, photos, 2283, 5), ...talk(proxy, grafana, 3000, 2), ...talk(proxy, assistant, 8123, 2), ...talk(proxy, media, 8096, 2),
    ...talk(photos, database, 5432, 6), ...talk(grafana, database, 5432, 2), ...talk(photos, nas, 2049, 4), ...talk(media, nas, 2049, 3), ...talk(pve, nas, 2049, 2), ...talk(docker, nas, 2049),
    ...talk(assistant, hue, 443, 3), ...talk(assistant, thermostat, 443), ...cameras.flatMap(camera => talk(assistant, camera, 554, 2)), ...talk(vacuum, assistant, 1883), ...talk(thermostat, assistant, 1883),
    ...outside(nas, abroad[1], 22), ...outside(pve, abroad[0], 443), ...outside(gateway[10], abroad[2], 443),
  ];
}
