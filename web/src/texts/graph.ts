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

  left: {
    hidden: 'hosts that are marked as left out of pictures',
    hostTag: 'hosts hidden by their tag',
    serviceTag: 'services hidden by their tag',
    serviceCategory: 'services hidden by their category',
    subnetTag: 'interfaces in subnets hidden by their tag',
    quiet: 'quiet hosts',
    remote: 'hosts on the Internet or in other networks',
    emptySubnets: 'subnets without a host',
    unlinked: 'hosts that were not seen on a segment of their own',
    bare: 'hosts that run on no other and run none',
    unused: 'services that nobody uses',
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
