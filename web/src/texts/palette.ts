// SPDX-License-Identifier: BSD-2-Clause
// Words of the search and of what can be done from it.

import { countText } from '../format';

export const search = {
  label: 'Search the network',
  open: 'Search, or do something',
  hint: 'A host, a service, an address, a page, something to do…',
  hosts: 'Hosts',
  services: 'Services',
  nothing: (words: string) => `Nothing is called “${words}”.`,
  nothingHint: 'Try a part of a name, an address, a MAC, a vendor, or a port as :443.',
  keys: { move: 'to choose', open: 'to open', topology: 'to show in the topology', close: 'to close', escape: 'esc' },
  all: (view: string, count: number) => `All matches in ${view} (${countText(count)})`,
  inTopology: (name: string) => `Show ${name} in the topology`,
};

export const palette = {
  recent: 'Lately',
  group: { pages: 'Pages', actions: 'Do', subnets: 'Subnets', groups: 'Groups', topologies: 'Topologies', sensors: 'Sensors', tags: 'Tags', networks: 'Networks' },
  new: { host: 'Add a host', subnet: 'New subnet', group: 'New group', discovery: 'New discovery', tag: 'New tag', network: 'New network' },
  run: (name: string) => `Run “${name}” now`,
  csv: (page: string) => `Save ${page.toLowerCase()} as CSV`,
  scheme: (name: string) => `Appearance: ${name.toLowerCase()}`,
  switchTo: 'Look at this network',
  tagged: 'Hosts with this tag',
  // Other words that people type for these.
  also: { account: 'password profile settings', new: 'create add new', csv: 'export download spreadsheet', scheme: 'theme dark light mode colour', run: 'discover scan start discovery', signOut: 'log out logout leave' },
};
