// SPDX-License-Identifier: BSD-2-Clause
// Words about what people make and name in a network: networks, subnets, groups, tags.

import { countText, plural } from '../format';

type Names = Record<string, string>;

export const things = {
  name: 'Name',
  description: 'Description',
  tagsTitle: 'Tags',
  created: 'Made',
  origin: 'Made by',
  originText: { discovery: 'discovery', manual: 'a person', system: 'NetVisor' } as Names,
  saved: (name: string) => `${name} is saved.`,
  made: (name: string) => `${name} is made.`,
  color: {
    Pink: 'Pink', Rose: 'Rose', Red: 'Red', Orange: 'Orange', Yellow: 'Yellow', Green: 'Green', Emerald: 'Emerald', Teal: 'Teal', Cyan: 'Cyan', Blue: 'Blue', Indigo: 'Indigo', Purple: 'Purple', Gray: 'Grey',
  } as Names,
  colorTitle: 'Colour',
  hostsCount: (count: number) => plural(count, 'host'),

  networks: {
    title: 'Networks',
    filter: 'Name, description…',
    new: 'New network',
    edit: 'Edit network',
    hint: 'Each network has sensors, hosts, subnets and groups of its own.',
    current: 'on show',
    look: 'Look at it',
    one: 'network',
    emptyTitle: 'No network',
    emptyHint: 'An owner or administrator can make one, or let you see one.',
  },

  subnets: {
    title: 'Subnets',
    filter: 'Name, range, type…',
    new: 'New subnet',
    edit: 'Edit subnet',
    one: 'subnet',
    cidr: 'Range',
    cidrHint: 'Such as 192.168.1.0/24 or 2001:db8::/64.',
    nameHint: 'Empty: its range.',
    elsewhere: 'For what is elsewhere',
    elsewhereHint: 'It has no range of its own (0.0.0.0/0), and holds services on the Internet or hosts far away.',
    typeTitle: 'Type',
    type: {
      Internet: 'Internet', Remote: 'Remote', Gateway: 'Gateway', VpnTunnel: 'VPN tunnel', Dmz: 'DMZ', Lan: 'LAN', WiFi: 'Wi-Fi', IoT: 'IoT', Guest: 'Guests', DockerBridge: 'Docker bridge',
      MacVlan: 'MACVLAN', IpVlan: 'IPVLAN', Management: 'Management', Storage: 'Storage', Unknown: 'Unknown', None: 'None',
    } as Names,
    interfaces: 'Interfaces',
    hosts: 'Hosts',
    used: 'Addresses in use',
    usedText: (used: number, room: number) => `${countText(used)} of ${countText(room)}`,
    usedHint: (used: number, room: number) => `${plural(used, 'address', 'addresses')} seen, of ${countText(room)} that it has room for`,
    elsewhereType: 'Services on the Internet, or hosts on networks far away.',
    emptyTitle: 'No subnet yet',
    emptyHint: 'Subnets come by themselves when a sensor reports the networks it is in. You can also write one down.',
  },

  groups: {
    title: 'Groups',
    filter: 'Name, description, member…',
    new: 'New group',
    edit: 'Edit group',
    one: 'group',
    typeTitle: 'Type',
    type: { RequestPath: 'Path', HubAndSpoke: 'Hub and spokes' } as Names,
    typeHint: { RequestPath: 'From the first service to the last, in this order.', HubAndSpoke: 'The first service is the hub of all others.' } as Names,
    preview: 'As it is drawn',
    members: 'Services',
    membersCount: (count: number) => plural(count, 'service'),
    add: 'Add a service',
    addHint: 'Host, service or port',
    up: (name: string) => `${name}: up`,
    down: (name: string) => `${name}: down`,
    remove: (name: string) => `${name}: remove`,
    hub: 'hub',
    gone: 'a service that is not here',
    lines: 'Lines',
    style: { SmoothStep: 'Rounded steps', Straight: 'Straight', Step: 'Steps', Bezier: 'Curved', SimpleBezier: 'Gently curved' } as Names,
    emptyTitle: 'No group yet',
    emptyHint: 'A group says how services belong together: a web site with its database, or the way a request takes.',
  },

  tags: {
    title: 'Tags',
    one: 'Tag',
    small: 'tag',
    filter: 'Name, description…',
    new: 'New tag',
    edit: 'Edit tag',
    hint: 'Tags belong to the organization: the same in all of its networks.',
    choose: 'Choose tags',
    none: 'No tag yet: make one',
    give: 'Give to the chosen',
    takeAway: 'Take from the chosen',
    given: (name: string, count: number) => `${plural(count, 'row')} now ${count === 1 ? 'has' : 'have'} the tag ${name}.`,
    taken: (name: string) => `The tag ${name} is taken away.`,
    used: 'Used in this network',
    usedBy: (count: number) => plural(count, 'time'),
    usedAs: (what: string, count: number) => plural(count, what),
    emptyTitle: 'No tag yet',
    emptyHint: 'A tag marks hosts, services, subnets and groups that belong together, such as “production” or “to be replaced”.',
  },

  services: {
    edit: 'Edit service',
    nameHint: 'Empty: what it announces itself as. A name that you give is never overwritten.',
  },

  sensors: {
    edit: 'Edit sensor',
    removed: (name: string) => `${name} is deleted.`,
    removeTitle: (name: string) => `Delete the sensor ${name}?`,
    removeText: 'Its keys end with it. What it has seen stays.',
  },
};
