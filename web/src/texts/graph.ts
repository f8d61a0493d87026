// SPDX-License-Identifier: BSD-2-Clause
// Words in the picture of the network that are not names of things. Counts stand before them: "12 quiet hosts".

export const graphTexts = {
  vlan: (vlan: string) => `VLAN ${vlan}`,
  more: (count: number) => `+${count}`,
  guess: (name: string) => `${name}?`,
  router: 'router',
  vm: 'VM',
  on: (name: string) => `on ${name}`,
  unnamed: 'Unnamed host',
  unplaced: 'In no known subnet',
  internet: 'Internet',
  remote: 'Remote',
  bridges: (host: string) => `Containers on ${host}`,
  reached: (count: number) => (count === 1 ? '1 host' : `${count} hosts`),
  usage: (first: string, more: number) => (more ? `${first} +${more}` : first),

  // Of one, and of several.
  left: {
    hidden: ['host that is marked as left out of pictures', 'hosts that are marked as left out of pictures'],
    hostTag: ['host hidden by its tag', 'hosts hidden by their tag'],
    serviceTag: ['service hidden by its tag', 'services hidden by their tag'],
    serviceCategory: ['service hidden by its category', 'services hidden by their category'],
    subnetTag: ['interface in a subnet hidden by its tag', 'interfaces in subnets hidden by their tag'],
    quiet: ['quiet host', 'quiet hosts'],
    remote: ['host on the Internet or in another network', 'hosts on the Internet or in other networks'],
    emptySubnets: ['subnet without a host', 'subnets without a host'],
    unlinked: ['host that was not seen on a segment of its own', 'hosts that were not seen on a segment of their own'],
    bare: ['host that runs on no other and runs none', 'hosts that run on no other and run none'],
    unused: ['service that nobody uses', 'services that nobody uses'],
  },

  physical: {
    root: 'root bridge',
    unknownSwitch: 'A switch',
    cost: (cost: number) => `cost ${cost} to the root`,
    sensor: 'sensor',
    speaks: 'speaks here',
    untagged: 'Without a VLAN tag',
  },

  applications: {
    clients: 'Clients',
    noTag: 'Without a tag',
    noGroup: 'In no group',
  },

  workloads: {
    unknown: 'Runs on a host that is not known',
    container: 'container',
  },
};
