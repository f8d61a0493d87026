// SPDX-License-Identifier: BSD-2-Clause
// The house around the views: where one can go, what is alive, and the search.

import { ActionIcon, UnstyledButton } from '@mantine/core';
import { IconFlag, IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand, IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

import { useKept } from './kept';
import { feed } from './live';
import { linkTo, useRoute } from './navigate';
import { useOwnDefinitions } from './own';
import { AccountMenu } from './parts/AccountMenu';
import { Boundary } from './parts/Boundary';
import { Empty } from './parts/Empty';
import { Link, LiveNote } from './parts/Live';
import { Logo } from './parts/Logo';
import { useWide } from './parts/media';
import { Nav } from './parts/Nav';
import { NetworkMenu } from './parts/NetworkMenu';
import { Page } from './parts/Page';
import { NETWORK, type Route } from './route';
import { views } from './sections';
import css from './Shell.module.css';
import { texts } from './texts';
import { useTour } from './tour';

const Host = lazy(() => import('./views/Host'));
const loadSearch = () => import('./views/Search');
const Search = lazy(loadSearch);
const SEARCH_LOAD_MS = 500;

const words = texts.nav;

export function Shell() {
  useOwnDefinitions();
  const route = useRoute();
  const [searching, setSearching] = useState(false);
  const takeEarly = useSearchKeys(searching, setSearching);
  const network = route.params.get(NETWORK);
  useEffect(() => feed.watch(network), [network]);
  // There before it is asked for, so that what is typed right after the key is not lost.
  useEffect(() => {
    const timer = setTimeout(() => void loadSearch(), SEARCH_LOAD_MS);
    return () => clearTimeout(timer);
  }, []);
  const short = useShort();
  return (
    <div className={css.shell} data-rail={short.is ? 'short' : undefined}>
      <a className={css.skip} href="#content">
        {texts.skip}
      </a>
      <header className={css.rail}>
        <a className={css.brand} {...linkTo('/topology')} aria-label={texts.product}>
          <Logo />
          <span>{texts.product}</span>
        </a>
        <UnstyledButton className={css.search} onClick={() => setSearching(true)} title={texts.search.open} aria-keyshortcuts="/ Control+K">
          <IconSearch size={17} stroke={1.8} aria-hidden />
          <span>{words.search}</span>
          <kbd aria-hidden>{words.searchKey}</kbd>
        </UnstyledButton>
        <NetworkMenu />
        <Nav current={route.view === 'host' ? 'hosts' : route.view} short={short.is} />
        {route.view !== 'welcome' && <Resume />}
        <div className={css.foot}>
          <Link />
          <div className={css.footButtons}>
            <AccountMenu />
            <FoldButton short={short.is} toggle={short.toggle} />
          </div>
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

// Who left the first steps in the middle finds the way back.
function Resume() {
  const { step } = useTour();
  if (!step) return null;
  return (
    <a className={css.resume} {...linkTo(`/welcome?step=${step}`)} title={texts.tour.resume}>
      <IconFlag size={17} stroke={1.8} aria-hidden />
      <span>{texts.tour.resume}</span>
    </a>
  );
}

// The rail is folded where there is little room, until one has said how one wants it.
function useShort() {
  const wide = useWide();
  const [chosen, choose] = useKept('menu.rail');
  const is = chosen === null ? !wide : chosen === 'short';
  return { is, toggle: () => choose(is ? 'long' : 'short') };
}

function FoldButton({ short, toggle }: { short: boolean; toggle: () => void }) {
  const Sign = short ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  const title = short ? words.unfold : words.fold;
  return (
    <ActionIcon variant="transparent" className={`${css.account} ${css.fold}`} size={36} aria-label={title} title={title} aria-expanded={!short} onClick={toggle}>
      <Sign size={20} stroke={1.6} />
    </ActionIcon>
  );
}

function View({ route }: { route: Route }) {
  if (route.view === 'host') return <Host key={route.id} id={route.id!} params={route.params} />;
  if (route.view === 'missing') {
    return (
      <Page title={texts.missing.title}>
        <Empty title={texts.missing.title} hint={texts.missing.hint}>
          <a className="link" {...linkTo('/topology')}>
            {texts.missing.home}
          </a>
        </Empty>
      </Page>
    );
  }
  const Chosen = views[route.view];
  return <Chosen params={route.params} />;
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
