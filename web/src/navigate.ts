// SPDX-License-Identifier: BSD-2-Clause
// The browser's history as something React can watch.

import { useMemo, useSyncExternalStore, type MouseEvent } from 'react';
import { inNetwork, readRoute, withParams, type Route } from './route';

const listeners = new Set<() => void>();
const tell = () => listeners.forEach(listener => listener());
addEventListener('popstate', tell);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function go(address: string, how: 'push' | 'replace' = 'push') {
  const to = inNetwork(address, location.search);
  if (to === location.pathname + location.search) return;
  if (how === 'push') history.pushState(null, '', to);
  else history.replaceState(null, '', to);
  tell();
}

export function useRoute(): Route {
  const address = useSyncExternalStore(subscribe, () => location.pathname + location.search);
  return useMemo(() => {
    const [path = '/', query = ''] = address.split('?');
    return readRoute(path, query);
  }, [address]);
}

// Parameters of the view on show. Typing replaces the history entry instead of adding one a letter.
export function setParams(changes: Record<string, string | null>, how: 'push' | 'replace' = 'replace') {
  go(withParams(location.pathname, location.search, changes), how);
}

// The same view with other parameters, as the address of a link.
export const withThese = (changes: Record<string, string | null>) => withParams(location.pathname, location.search, changes);

// Props of a link that stays in the page, and remains a link for every other use (new tab, copy).
export function linkTo(address: string) {
  const to = inNetwork(address, location.search);
  return {
    href: to,
    onClick(event: MouseEvent) {
      if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      go(to);
    },
  };
}
