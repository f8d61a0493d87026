// SPDX-License-Identifier: BSD-2-Clause
// The house around the views: where one can go, what is alive, and the search.

import { ActionIcon, Menu, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import { IconActivityHeartbeat, IconArrowsExchange, IconCheck, IconDeviceDesktop, IconLogout, IconMoon, IconSearch, IconServer, IconSun, IconSunMoon, IconUserCircle, type Icon } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

import type { User } from './api';
import { compactText } from './format';
import { useLoaded, useViews } from './live';
import { linkTo, useRoute } from './navigate';
import { Boundary } from './parts/Boundary';
import { Empty } from './parts/Empty';
import { Link, LiveNote } from './parts/Live';
import { Logo } from './parts/Logo';
import { MenuChoice } from './parts/MenuChoice';
import { Page } from './parts/Page';
import type { Route } from './route';
import css from './Shell.module.css';
import { texts } from './texts';

const Hosts = lazy(() => import('./views/Hosts'));
const Host = lazy(() => import('./views/Host'));
const Services = lazy(() => import('./views/Services'));
const Flows = lazy(() => import('./views/Flows'));
const Sensors = lazy(() => import('./views/Sensors'));
const loadSearch = () => import('./views/Search');
const Search = lazy(loadSearch);
const SEARCH_LOAD_MS = 500;

const words = texts.nav;

export function Shell({ user, signOut }: { user: User; signOut: () => void }) {
  const route = useRoute();
  const [searching, setSearching] = useState(false);
  const takeEarly = useSearchKeys(searching, setSearching);
  // There before it is asked for, so that what is typed right after the key is not lost.
  useEffect(() => {
    const timer = setTimeout(() => void loadSearch(), SEARCH_LOAD_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={css.shell}>
      <a className={css.skip} href="#content">
        {texts.skip}
      </a>
      <header className={css.rail}>
        <a className={css.brand} {...linkTo('/hosts')} aria-label={texts.product}>
          <Logo />
          <span>{texts.product}</span>
        </a>
        <UnstyledButton className={css.search} onClick={() => setSearching(true)} aria-label={words.search} aria-keyshortcuts="/ Control+K">
          <IconSearch size={17} stroke={1.8} aria-hidden />
          <span>{words.search}</span>
          <kbd aria-hidden>/</kbd>
        </UnstyledButton>
        <Nav route={route} />
        <div className={css.foot}>
          <Link />
          <Account user={user} signOut={signOut} />
        </div>
      </header>
      <main id="content" className={css.main} tabIndex={-1}>
        <LiveNote />
        <div className={css.view}>
          <Boundary key={route.view}>
            <Suspense fallback={null}>
              <View route={route} />
            </Suspense>
          </Boundary>
        </div>
      </main>
      {searching && (
        <Boundary>
          <Suspense fallback={null}>
            <Search close={() => setSearching(false)} takeEarly={takeEarly} />
          </Suspense>
        </Boundary>
      )}
    </div>
  );
}

function View({ route }: { route: Route }) {
  switch (route.view) {
    case 'hosts':
      return <Hosts params={route.params} />;
    case 'host':
      return <Host key={route.id} id={route.id!} params={route.params} />;
    case 'services':
      return <Services params={route.params} />;
    case 'flows':
      return <Flows params={route.params} />;
    case 'sensors':
      return <Sensors />;
    case 'missing':
      return (
        <Page title={texts.missing.title}>
          <Empty title={texts.missing.title} hint={texts.missing.hint}>
            <a className="link" {...linkTo('/hosts')}>
              {texts.missing.home}
            </a>
          </Empty>
        </Page>
      );
  }
}

function Nav({ route }: { route: Route }) {
  const { tables } = useViews('host', 'service', 'flow', 'sensor');
  const loaded = useLoaded();
  const away = [...tables.sensor.values()].some(sensor => !sensor.connected);
  const item = (path: string, title: string, Sign: Icon, count: number, current: boolean, alarm = false) => (
    <li>
      <a className={css.item} {...linkTo(path)} aria-current={current ? 'page' : undefined}>
        <Sign size={20} stroke={1.7} aria-hidden />
        <span>{title}</span>
        {loaded && (
          <small data-alarm={alarm || undefined} aria-hidden="true">
            {compactText(count)}
          </small>
        )}
      </a>
    </li>
  );
  return (
    <nav aria-label={words.label} className={css.nav}>
      <ul>
        {item('/hosts', words.hosts, IconDeviceDesktop, tables.host.size, route.view === 'hosts' || route.view === 'host')}
        {item('/services', words.services, IconServer, tables.service.size, route.view === 'services')}
        {item('/flows', words.flows, IconArrowsExchange, tables.flow.size, route.view === 'flows')}
        {item('/sensors', words.sensors, IconActivityHeartbeat, tables.sensor.size, route.view === 'sensors', away)}
      </ul>
    </nav>
  );
}

function Account({ user, signOut }: { user: User; signOut: () => void }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const scheme = (value: 'light' | 'dark' | 'auto', title: string, Sign: Icon) => (
    <MenuChoice one on={colorScheme === value} toggle={() => setColorScheme(value)} left={<Sign size={16} aria-hidden />} right={colorScheme === value && <IconCheck size={14} aria-hidden />}>
      {title}
    </MenuChoice>
  );
  return (
    <Menu position="top-end" shadow="md" width={230}>
      <Menu.Target>
        <ActionIcon variant="transparent" className={css.account} size={36} aria-label={words.account}>
          <IconUserCircle size={22} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{user.email}</Menu.Label>
        <Menu.Divider />
        <Menu.Label>{words.scheme}</Menu.Label>
        {scheme('light', words.light, IconSun)}
        {scheme('dark', words.dark, IconMoon)}
        {scheme('auto', words.auto, IconSunMoon)}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut}>
          {words.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

// `/` as in many tools, Ctrl+K or ⌘K as in others; not while something is being typed. What is typed before the
// search's field is there is kept for it: whoever takes it gets it once.
function useSearchKeys(searching: boolean, setSearching: (open: boolean) => void) {
  const early = useRef('');
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
      const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
      const command = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey);
      if (searching && !typing && plain && event.key.length === 1) early.current += event.key;
      else if (!searching && ((event.key === '/' && !typing && plain) || command)) {
        early.current = '';
        flushSync(() => setSearching(true));
      } else if (!command) return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [searching, setSearching]);
  return useCallback(() => {
    const text = early.current;
    early.current = '';
    return text;
  }, []);
}
