// SPDX-License-Identifier: BSD-2-Clause
// What can be done from anywhere: pages to go to, things to make, discoveries to run, networks, subnets, groups, topologies
// and tags to look at, and how the dashboard looks. Only what one's role may do is offered.

import { useMantineColorScheme } from '@mantine/core';
import { IconActivityHeartbeat, IconAffiliate, IconBinaryTree, IconCode, IconDownload, IconFlag, IconLogout, IconMoon, IconNetwork, IconPlayerPlay, IconPlus, IconSun, IconSunMoon, IconTag, IconTopologyStar3, IconUserCog, type Icon } from '@tabler/icons-react';
import { useMemo } from 'react';

import { groups, hosts, services, subnets } from '../api';
import { useNetworkId, useRows } from '../live';
import { useIdentity, useRights, type Rights } from '../me';
import { useNetworks } from '../networks';
import { NETWORK, withParams } from '../route';
import { sections } from '../sections';
import type { Discovery, Group, Sensor, Subnet, Topology } from '../state/entities';
import { useTags } from '../tags';
import { texts } from '../texts';
import { start } from '../views/discovery/parts';

export interface Command {
  id: string; // steady, so that it can be remembered
  group: 'pages' | 'actions' | 'subnets' | 'groups' | 'topologies' | 'sensors' | 'tags' | 'networks';
  title: string;
  about?: string;
  also?: string; // other words by which it is found
  icon: Icon;
  to?: string;
  run?: () => void;
}

const words = texts.palette;

function pageCommands(rights: Rights): Command[] {
  const listed = sections.flatMap(section => section.items.filter(item => !item.for || rights[item.for]).map((item): Command => ({ id: `page ${item.page}`, group: 'pages', title: item.title, about: section.title, icon: item.icon, to: `/${item.page}` })));
  return [
    ...listed,
    { id: 'page account', group: 'pages', title: texts.nav.mine, also: words.also.account, icon: IconUserCog, to: '/account' },
    { id: 'page api', group: 'pages', title: texts.nav.api, icon: IconCode, to: '/api-docs' },
  ];
}

const made: { page: string; right: keyof Rights; title: string }[] = [
  { page: 'sensors', right: 'manage', title: texts.addSensor.open },
  { page: 'hosts', right: 'edit', title: words.new.host },
  { page: 'subnets', right: 'edit', title: words.new.subnet },
  { page: 'groups', right: 'edit', title: words.new.group },
  { page: 'schedules', right: 'edit', title: words.new.discovery },
  { page: 'tags', right: 'manage', title: words.new.tag },
  { page: 'networks', right: 'manage', title: words.new.network },
];

function makeCommands(rights: Rights): Command[] {
  return made.filter(each => rights[each.right]).map(each => ({ id: `new ${each.page}`, group: 'actions', title: each.title, also: words.also.new, icon: IconPlus, to: `/${each.page}?edit=new` }));
}

function exportCommands(network: string | null): Command[] {
  const files = { hosts: hosts.csv(network), services: services.csv(network), subnets: subnets.csv(network), groups: groups.csv(network) };
  const save = (address: string) => {
    const link = document.createElement('a');
    link.href = address;
    link.download = '';
    link.click();
  };
  return Object.entries(files).map(([page, address]) => ({ id: `csv ${page}`, group: 'actions', title: words.csv(texts.nav[page as 'hosts']), also: words.also.csv, icon: IconDownload, run: () => save(address) }));
}

export function useCommands(): Command[] {
  const rights = useRights();
  const { me, signOut } = useIdentity();
  const network = useNetworkId();
  const networks = useNetworks();
  const { tags } = useTags();
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const discoveries = useRows<Discovery>('discovery');
  const subnetRows = useRows<Subnet>('subnet');
  const groupRows = useRows<Group>('group');
  const sensorRows = useRows<Sensor>('sensor');
  const topologies = useRows<Topology>('topology');
  return useMemo(() => {
    const q = encodeURIComponent;
    const scheme = (value: 'light' | 'dark' | 'auto', title: string, icon: Icon): Command => ({ id: `scheme ${value}`, group: 'actions', title: words.scheme(title), also: words.also.scheme, icon, run: () => setColorScheme(value) });
    const all: Command[] = [
      ...pageCommands(rights),
      ...makeCommands(rights),
      ...(rights.edit ? discoveries.map((each): Command => ({ id: `run ${each.id}`, group: 'actions', title: words.run(each.name), also: words.also.run, icon: IconPlayerPlay, run: () => void start(each.id, each.name) })) : []),
      ...exportCommands(network),
      ...[scheme('light', texts.nav.light, IconSun), scheme('dark', texts.nav.dark, IconMoon), scheme('auto', texts.nav.auto, IconSunMoon)].filter(each => each.id !== `scheme ${colorScheme}`),
      { id: 'tour', group: 'actions', title: texts.tour.again, icon: IconFlag, to: '/welcome' },
      { id: 'sign-out', group: 'actions', title: texts.nav.signOut, about: me.email, also: words.also.signOut, icon: IconLogout, run: () => signOut() },
      ...networks.filter(each => each.id !== network).map((each): Command => ({ id: `network ${each.id}`, group: 'networks', title: each.name, about: words.switchTo, icon: IconNetwork, to: withParams('/topology', '', { [NETWORK]: each.id }) })),
      ...subnetRows.map((each): Command => ({ id: `subnet ${each.id}`, group: 'subnets', title: each.name || each.cidr, about: each.cidr, also: each.cidr, icon: IconBinaryTree, to: `/topology?selected=${q(each.id)}` })),
      ...groupRows.map((each): Command => ({ id: `group ${each.id}`, group: 'groups', title: each.name, icon: IconAffiliate, to: `/groups?edit=${q(each.id)}` })),
      ...topologies.map((each): Command => ({ id: `topology ${each.id}`, group: 'topologies', title: each.name, icon: IconTopologyStar3, to: `/topology?topology=${q(each.id)}` })),
      ...sensorRows.map((each): Command => ({ id: `sensor ${each.id}`, group: 'sensors', title: each.name, ...(each.hostname ? { about: each.hostname, also: each.hostname } : {}), icon: IconActivityHeartbeat, to: '/sensors' })),
      ...tags.map((each): Command => ({ id: `tag ${each.id}`, group: 'tags', title: each.name, about: words.tagged, icon: IconTag, to: `/hosts?tag=${q(each.id)}` })),
    ];
    return all;
  }, [rights.edit, rights.manage, me, network, networks, tags, colorScheme, discoveries, subnetRows, groupRows, sensorRows, topologies]);
}
