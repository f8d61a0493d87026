// SPDX-License-Identifier: BSD-2-Clause
// The search over everything that is known: words, addresses, MACs, vendors, services, ports.

import { Modal } from '@mantine/core';
import { IconSearch, IconServer } from '@tabler/icons-react';
import { useDeferredValue, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { countText } from '../format';
import { useViews } from '../live';
import { go, linkTo } from '../navigate';
import { hostPath } from '../route';
import { compareText } from '../state/address';
import { instanceName, matches, portText, type HostView, type ServiceView } from '../state/selectors';
import { texts } from '../texts';
import { HostIcon } from './HostIcon';
import css from './Search.module.css';

const words = texts.search;
const HOSTS_MAX = 8;
const SERVICES_MAX = 5;

interface Hit {
  id: string;
  to: string;
  icon: ReactNode;
  title: string;
  about: string;
}

// A match at the start of the name or address is what was meant; then one in the name; then the others.
const rank = (title: string, query: string) => {
  const at = title.toLowerCase().indexOf(query);
  return at === 0 ? 0 : at > 0 ? 1 : 2;
};

function best<V>(rows: V[], max: number, title: (row: V) => string, query: string): V[] {
  return rows.sort((a, b) => rank(title(a), query) - rank(title(b), query) || compareText(title(a), title(b))).slice(0, max);
}

const hostHit = (view: HostView): Hit => ({
  id: `host-${view.id}`,
  to: hostPath(view.id),
  icon: <HostIcon view={view} />,
  title: view.title || texts.hosts.unnamed,
  about: [view.named ? view.addresses[0] : null, view.macs[0], view.vendor].filter(Boolean).join(' · '),
});

const serviceHit = (view: ServiceView): Hit => ({
  id: `service-${view.id}`,
  to: hostPath(view.service.host_id),
  icon: <IconServer size={18} stroke={1.6} aria-hidden />,
  title: view.label,
  about: [portText(view.service), view.service.name && instanceName(view.service.name), view.host?.title ?? view.service.ip].filter(Boolean).join(' · '),
});

export default function Search({ close, takeEarly }: { close: () => void; takeEarly: () => string }) {
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const list = useId();
  const box = useRef<HTMLDivElement>(null);
  const views = useViews('host', 'interface', 'service');
  const query = useDeferredValue(typed.trim().toLowerCase());
  const hostRows = useMemo(() => (query ? views.allHosts().filter(view => matches(view.text, query)) : []), [views, query, views.allHosts()]);
  const serviceRows = useMemo(() => (query ? views.allServices().filter(view => matches(view.text, query)) : []), [views, query, views.allServices()]);
  const groups = [
    { title: words.hosts, hits: best([...hostRows], HOSTS_MAX, view => view.title, query).map(hostHit), all: hostRows.length, to: `/hosts?q=${encodeURIComponent(query)}&scope=all` },
    { title: words.services, hits: best([...serviceRows], SERVICES_MAX, view => view.label, query).map(serviceHit), all: serviceRows.length, to: `/services?q=${encodeURIComponent(query)}` },
  ].filter(group => group.hits.length);
  const hits = groups.flatMap(group => group.hits);
  const at = Math.min(active, hits.length - 1);

  useEffect(() => setActive(0), [query]);
  useEffect(() => {
    // Its result is a promise in newer browsers, and would be taken for the effect's cleaning up.
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at, query]);

  const open = (to: string) => {
    close();
    go(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) {
      event.preventDefault();
      setActive((at + step + hits.length) % hits.length);
    }
    if (event.key === 'Enter' && hits[at]) open(hits[at].to);
  };

  return (
    <Modal opened onClose={close} withCloseButton={false} padding={0} size="lg" yOffset="10vh" radius="lg" title={null} aria-label={words.label} transitionProps={{ duration: 0 }} overlayProps={{ backgroundOpacity: 0.32 }} classNames={{ content: css.content }}>
      <div className={css.field}>
        <IconSearch size={19} stroke={1.8} aria-hidden />
        <input
          data-autofocus
          autoFocus
          role="combobox"
          aria-expanded={hits.length > 0}
          aria-controls={list}
          aria-activedescendant={hits[at]?.id}
          aria-label={words.label}
          placeholder={words.hint}
          value={typed}
          spellCheck={false}
          autoComplete="off"
          onFocus={() => setTyped(text => text + takeEarly())}
          onChange={event => setTyped(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className={css.results} ref={box} role="listbox" id={list} aria-label={words.label}>
        {groups.map(group => (
          <div key={group.title} role="group" aria-label={group.title}>
            <div className={css.group} aria-hidden="true">
              <span>{group.title}</span>
            </div>
            {group.hits.map(hit => (
              <a key={hit.id} id={hit.id} role="option" aria-selected={hits[at] === hit} tabIndex={-1} className={css.hit} {...linkTo(hit.to)} onClickCapture={close} onMouseMove={() => setActive(hits.indexOf(hit))}>
                <span className={css.icon}>{hit.icon}</span>
                <span className={css.title}>{hit.title}</span>
                <span className={css.about}>{hit.about}</span>
              </a>
            ))}
            {group.all > group.hits.length && (
              <a className={css.all} tabIndex={-1} {...linkTo(group.to)} onClickCapture={close}>
                {words.all(group.title)} ({countText(group.all)})
              </a>
            )}
          </div>
        ))}
        {!hits.length && <p className={css.nothing}>{query ? words.nothing(typed.trim()) : words.start}</p>}
      </div>
      <div className={css.keys} aria-hidden="true">
        <span><kbd>↑</kbd><kbd>↓</kbd> {words.keys.move}</span>
        <span><kbd>↵</kbd> {words.keys.open}</span>
        <span><kbd>esc</kbd> {words.keys.close}</span>
      </div>
    </Modal>
  );
}
