// SPDX-License-Identifier: BSD-2-Clause
// Where one can go, in the order of the menu; and what each page shows.

import { IconActivityHeartbeat, IconAffiliate, IconArrowsExchange, IconArrowsSplit2, IconBell, IconBellCog, IconBellRinging, IconBinaryTree, IconBook2, IconCalendarTime, IconChartAreaLine, IconDeviceDesktop, IconGitMerge, IconHistory, IconKey, IconListCheck, IconLock, IconNetwork, IconRadar2, IconReportSearch, IconServer, IconSitemap, IconTags, IconTopologyStar3, IconTransfer, IconUsers, type Icon } from '@tabler/icons-react';
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';

import type { Rights } from './me';
import type { PageName } from './route';
import { texts } from './texts';

export interface Item {
  page: PageName;
  title: string;
  icon: Icon;
  entity?: string; // whose rows are counted beside it
  for?: keyof Rights; // not offered to others
}

export interface NavSection {
  id: string;
  title: string;
  items: Item[];
}

const words = texts.nav;

export const sections: NavSection[] = [
  {
    id: 'see',
    title: words.see,
    items: [
      { page: 'topology', title: words.topology, icon: IconTopologyStar3 },
      { page: 'traffic', title: words.traffic, icon: IconChartAreaLine },
      { page: 'layer2', title: words.layer2, icon: IconSitemap },
      { page: 'alerts', title: words.alerts, icon: IconBell },
      { page: 'conflicts', title: words.conflicts, icon: IconArrowsSplit2 },
    ],
  },
  {
    id: 'discover',
    title: words.discover,
    items: [
      { page: 'sessions', title: words.sessions, icon: IconRadar2 },
      { page: 'schedules', title: words.schedules, icon: IconCalendarTime, entity: 'discovery' },
      { page: 'runs', title: words.runs, icon: IconListCheck },
    ],
  },
  {
    id: 'manage',
    title: words.manage,
    items: [
      { page: 'hosts', title: words.hosts, icon: IconDeviceDesktop, entity: 'host' },
      { page: 'services', title: words.services, icon: IconServer, entity: 'service' },
      { page: 'flows', title: words.flows, icon: IconArrowsExchange, entity: 'flow' },
      { page: 'subnets', title: words.subnets, icon: IconBinaryTree, entity: 'subnet' },
      { page: 'groups', title: words.groups, icon: IconAffiliate, entity: 'group' },
      { page: 'tags', title: words.tags, icon: IconTags },
      { page: 'definitions', title: words.definitions, icon: IconBook2 },
      { page: 'networks', title: words.networks, icon: IconNetwork },
      { page: 'exchange', title: words.exchange, icon: IconTransfer },
      { page: 'sensors', title: words.sensors, icon: IconActivityHeartbeat, entity: 'sensor' },
      { page: 'keys', title: words.keys, icon: IconKey },
      { page: 'rules', title: words.rules, icon: IconBellCog },
      { page: 'channels', title: words.channels, icon: IconBellRinging, for: 'edit' },
      { page: 'credentials', title: words.credentials, icon: IconLock, for: 'edit' },
      { page: 'users', title: words.users, icon: IconUsers },
    ],
  },
  {
    id: 'history',
    title: words.history,
    items: [
      { page: 'changes', title: words.changes, icon: IconHistory },
      { page: 'consolidations', title: words.consolidations, icon: IconGitMerge },
      { page: 'audit', title: words.audit, icon: IconReportSearch, for: 'manage' },
    ],
  },
];

// On a phone: these at the foot, all others behind "more".
export const mainPages: PageName[] = ['topology', 'hosts', 'services', 'alerts'];

type View = ComponentType<{ params: URLSearchParams }>;

export const views: Record<PageName, LazyExoticComponent<View>> = {
  topology: lazy(() => import('./views/topology/TopologyPage')),
  traffic: lazy(() => import('./views/traffic/TrafficPage')),
  layer2: lazy(() => import('./views/layer2/Layer2Page')),
  conflicts: lazy(() => import('./views/conflicts/ConflictsPage')),
  alerts: lazy(() => import('./views/alerts/AlertsPage')),
  rules: lazy(() => import('./views/alerts/Rules')),
  channels: lazy(() => import('./views/alerts/Channels')),
  definitions: lazy(() => import('./views/definitions/DefinitionsPage')),
  hosts: lazy(() => import('./views/Hosts')),
  services: lazy(() => import('./views/Services')),
  flows: lazy(() => import('./views/Flows')),
  subnets: lazy(() => import('./views/things/Subnets')),
  groups: lazy(() => import('./views/things/Groups')),
  tags: lazy(() => import('./views/things/Tags')),
  networks: lazy(() => import('./views/things/Networks')),
  sensors: lazy(() => import('./views/Sensors')),
  keys: lazy(() => import('./views/people/Keys')),
  credentials: lazy(() => import('./views/discovery/Credentials')),
  users: lazy(() => import('./views/people/Users')),
  sessions: lazy(() => import('./views/discovery/Sessions')),
  schedules: lazy(() => import('./views/discovery/Schedules')),
  runs: lazy(() => import('./views/discovery/Runs')),
  changes: lazy(() => import('./views/history/Changes')),
  consolidations: lazy(() => import('./views/history/Consolidations')),
  exchange: lazy(() => import('./views/exchange/ExchangePage')),
  audit: lazy(() => import('./views/people/Audit')),
  account: lazy(() => import('./views/people/Account')),
  welcome: lazy(() => import('./views/welcome/WelcomePage')),
  'api-docs': lazy(() => import('./views/apidocs/ApiPage')),
};
