// SPDX-License-Identifier: BSD-2-Clause
// Words of the traffic page and of charts over time.

import { countText, plural } from '../format';

type Names = Record<string, string>;

export const chart = {
  time: 'Time',
  asTable: 'As a table',
  asChart: 'As a chart',
  keys: 'The arrow keys go from time to time.',
};

export const traffic = {
  title: 'Traffic',
  note: (total: string, connections: number) => `${total} in ${plural(connections, 'connection')}`,
  span: 'Time',
  spans: { '900': '15 min', '3600': '1 h', '21600': '6 h', '86400': '1 day', '604800': '7 days', '2592000': '30 days', '7776000': '90 days' } as Names,
  host: 'Host',
  anyHost: 'Any host',
  subnet: 'Subnet',
  anySubnet: 'Any subnet',
  service: 'Port',
  anyService: 'Any port',
  serviceBad: 'A port such as 443 or 53/udp',
  noFilter: (title: string) => `Without ${title}`,
  failed: (why: string) => `The traffic can not be read: ${why}`,
  again: 'Try again',
  kept: (when: string) => `Traffic is known since ${when}.`,

  time: 'Over time',
  timeHint: 'Bytes a second, both directions together.',
  all: 'All',
  chart: (total: string, span: string) => `Traffic of the last ${span}, ${total} in all`,

  top: 'Who talks most',
  by: 'Listed by',
  bys: { host: 'Hosts', edge: 'Conversations', service: 'Services', subnet: 'Subnets' } as Names,
  what: { host: 'Host', edge: 'Conversation', service: 'Service', subnet: 'Subnet' } as Names,
  total: 'Bytes',
  share: 'Share',
  sent: 'Sent',
  received: 'Received',
  connections: 'Connections',
  packets: 'Packets',
  elsewhere: 'Elsewhere',
  elsewhereHint: 'Addresses that are in no known subnet.',
  onlyThis: (name: string) => `Only what concerns ${name}`,
  showMore: (count: number) => `Show ${countText(count)} more`,
  fewer: 'Show fewer',
  look: 'Look at',
  flowsOf: (name: string) => `Flows of ${name}`,
  listed: (shown: number, all: number) => (shown === all ? '' : `The first ${countText(shown)} of ${countText(all)}.`),

  who: 'Who talks to whom',
  whoHint: 'From those who ask, at the side, to those who answer, above.',
  whoBy: 'Put together by',
  whoBys: { subnet: 'Subnet', host: 'Host' } as Names,
  asks: 'Asks',
  answers: 'Answers',
  others: 'Others',
  cell: (from: string, to: string, bytes: string) => `${from} to ${to}: ${bytes}`,
  part: (edges: number, percent: string) => `Of the ${plural(edges, 'busiest conversation')}, which are ${percent} of all bytes.`,

  emptyTitle: 'No traffic in this time',
  emptyHint: 'A sensor counts what passes it, minute by minute. Choose a longer time, or see whether a sensor is connected.',
  emptyFiltered: 'Nothing of what you chose was seen in this time. Choose a longer time, or less to choose by.',
  seeSensors: 'See the sensors',
};
