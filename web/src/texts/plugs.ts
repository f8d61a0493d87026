// SPDX-License-Identifier: BSD-2-Clause
// Words about what is plugged in where.

import { plural } from '../format';

export const plugs = {
  title: 'Plugged into',
  hint: 'As switches tell by SNMP.',
  device: 'Device',
  portHead: 'Port',
  port: (name: string) => `port ${name}`,
  speed: 'Speed',
  known: 'How it is known',
  how: { announced: 'It says so', measured: 'Seen there' },
  howHint: {
    announced: 'It tells the switch by LLDP or CDP that it is at this port.',
    measured: 'The switch has learned its MAC at this port, and no other.',
    shared: 'The switch has learned its MAC at this port, and others too: something that does not say so stands between, such as a small switch or an access point.',
  },
  shared: (others: number) => `with ${plural(others, 'other')}`,
  ports: 'Who is at its ports',
  portsHint: 'As it tells by SNMP.',
  who: 'Who is there',
  trunk: 'Switch',
  trunkHint: 'It leads to another switch: those behind it are at the ports of that one.',
  many: (count: string) => `${count} devices, through something that does not say what it is`,
  all: (count: number) => `All ${count} rows`,
  speedText: (bits: number) => (bits >= 1e9 ? `${bits / 1e9} Gbit/s` : bits >= 1e6 ? `${bits / 1e6} Mbit/s` : `${bits / 1e3} kbit/s`),
};
