// SPDX-License-Identifier: BSD-2-Clause
// Words of the page about conflicts: what several claim, who they are, what it means and what to do.

import { countText, plural } from '../format';

const list = (names: readonly string[]) => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`);

interface Kind {
  name: string;
  title: (about: string, claims: readonly string[]) => string;
  means: string;
  act: string[];
  newcomer: string; // what the last one of the claims is; none where they are alike
}

export const conflicts = {
  title: 'Conflicts',
  note: (now: number, all: number) => (now ? `${countText(now)} now, of ${countText(all)}` : `${plural(all, 'conflict')}, none goes on`),
  failed: (why: string) => `They can not be read: ${why}`,
  show: 'Kinds',
  all: 'All',
  span: 'Of the last',
  spans: { '1': 'Day', '7': 'Week', '30': '30 days', '365': 'Year' } as Record<string, string>,
  emptyTitle: 'Nobody claims what is another’s',
  emptyHint: 'Looked for are: an address that two devices use at the same time, answers that nobody asked for, a second DHCP server, a router that was not there before, and a spanning tree that gets another root. Virtual routers, clusters and proxies are none.',
  emptyFiltered: 'None of this kind, or in this time.',
  now: 'Now',
  over: 'Earlier',
  goesOn: 'goes on',
  who: 'Who',
  claim: 'Claims it as',
  maker: 'Maker',
  held: 'First seen with it',
  there: 'when it was first seen at all',
  last: 'Last seen',
  unknown: 'Not known otherwise',
  first: 'was there first',
  at: 'Plugged into',
  act: 'What to do',
  times: (count: number) => `${plural(count, 'frame')} showed it`,
  vlan: (vlan: string) => `VLAN ${vlan}`,
  by: (source: string, sensor: string) => (sensor ? `told by ${source}, heard by ${sensor}` : `told by ${source}`),
  from: 'First',
  noted: 'Note was taken of it',
  alert: 'Its alert',
  kinds: {
    address: {
      name: 'One address, several devices',
      title: (about, claims) => `${about} is used by ${claims.length ? list(claims) : 'several devices'}`,
      means: 'Two devices with one address take each other’s traffic: connections break, now here, now there.',
      act: [
        'See above which of them had it first, and which shall have it.',
        'Give the other one another address, or let it ask DHCP; take the address out of the range that DHCP gives away, if it is set by hand.',
        'If both are one device with two cards, consolidate the two hosts; if the address moves between them by design, take note of the alert.',
      ],
      newcomer: '',
    },
    answer: {
      name: 'An answer that nobody asked for',
      title: (about, claims) => `${about} was taken over${claims.length ? ` by ${claims[claims.length - 1]}` : ''}`,
      means: 'It answered for an address that was another’s, without being asked. Whoever believes it sends there what is meant for the owner: so does a cluster that moves an address, and so does somebody who wants to read along.',
      act: [
        'If the device was replaced, or a cluster has moved the address, take note of the alert.',
        'If not, find the port of the one that came to it, and unplug it; then let devices forget what they believe: ip neigh flush, or wait some minutes.',
        'Switches can refuse such answers: Dynamic ARP Inspection, with DHCP snooping.',
      ],
      newcomer: 'took it over',
    },
    dhcp: {
      name: 'A second DHCP server',
      title: (about, claims) => `${about || claims[claims.length - 1] || 'Somebody'} gives out addresses beside the server that was there`,
      means: 'Whoever gives out addresses also names the router and the name server: it can have all traffic go through itself. Often it is a home router that was connected the wrong way round.',
      act: ['If it is a second server of yours, take note of the alert.', 'If not, find its port and unplug it; devices that took an address from it need a new lease.', 'Switches can keep strangers from answering: DHCP snooping, with the servers’ ports trusted.'],
      newcomer: 'came beside',
    },
    router: {
      name: 'Another router',
      title: (about, claims) => `${about || claims[claims.length - 1] || 'Somebody'} announces itself as a router`,
      means: 'Devices that believe it send their IPv6 traffic through it, and may take their name server from it. A computer that shares its connection does this without meaning to.',
      act: ['If it is a router of yours, take note of the alert.', 'If not, find its port and unplug it, or switch off the sharing of its connection.', 'Switches can refuse such announcements: RA guard.'],
      newcomer: 'announces itself',
    },
    root: {
      name: 'Another root of the spanning tree',
      title: (about, claims) => `The spanning tree has another root: ${claims[claims.length - 1] ?? about}`,
      means: 'All traffic between switches goes by the tree, whose root has just become another bridge. Links were blocked and opened anew for it; a small switch at the edge may now carry what the core should.',
      act: ['If you changed a switch or its priority, take note of the alert.', 'If not, see on the page Layer 2 where the new root speaks; give the one that shall be root a lower priority.', 'Ports that lead to no switch of yours: BPDU guard. Those behind which no root belongs: root guard.'],
      newcomer: 'is root now',
    },
  } as Record<string, Kind>,
};
