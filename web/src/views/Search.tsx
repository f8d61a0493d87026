// SPDX-License-Identifier: BSD-2-Clause
// The search over everything that is known, and what can be done from anywhere: type, choose, Enter.

import { Modal } from '@mantine/core';
import { IconSearch, IconServer, IconTopologyStar3 } from '@tabler/icons-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { useKeptList } from '../kept';
import { store } from '../live';
import { go, linkTo } from '../navigate';
import { useCommands, type Command } from '../palette/commands';
import { find, type Found } from '../palette/find';
import { score } from '../palette/rank';
import { hostPath } from '../route';
import { instanceName, portText, type HostView, type ServiceView } from '../state/selectors';
import { texts } from '../texts';
import { HostIcon } from './HostIcon';
import css from './Search.module.css';

const words = texts.search;
const COMMANDS_MAX = 6; // of one group, once something is typed
const RECENT_MAX = 6;
const KEPT_MAX = 24; // of all networks

interface Hit {
  id: string;
  icon: ReactNode;
  title: string;
  about: string;
  to?: string | undefined;
  run?: (() => void) | undefined;
  topology?: string; // what Shift+Enter flies to
}

interface Group {
  title: string;
  hits: Hit[];
  best: number;
  more?: { to: string; count: number };
}

const commandHit = (command: Command): Hit => ({ id: command.id, icon: <command.icon size={18} stroke={1.6} aria-hidden />, title: command.title, about: command.about ?? '', to: command.to, run: command.run });

const hostHit = (view: HostView): Hit => ({
  id: `host ${view.id}`,
  to: hostPath(view.id),
  topology: view.id,
  icon: <HostIcon view={view} />,
  title: view.title || texts.hosts.unnamed,
  about: [view.named ? view.addresses[0] : null, view.macs[0], view.vendor].filter(Boolean).join(' · '),
});

const serviceHit = (view: ServiceView): Hit => ({
  id: `service ${view.id}`,
  to: hostPath(view.service.host_id),
  topology: view.id,
  icon: <IconServer size={18} stroke={1.6} aria-hidden />,
  title: view.label,
  about: [portText(view.service), view.service.name && instanceName(view.service.name), view.host?.title ?? view.service.ip].filter(Boolean).join(' · '),
});

const turns = { now: () => performance.now(), rest: () => new Promise<void>(done => setTimeout(done)) };

// What fits, a moment after it was typed; until then what fitted before.
function useFound(query: string): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  useEffect(() => {
    let current = true;
    if (query) void find(store.views(), query, turns, () => current).then(answer => answer && setFound(answer));
    else setFound(null);
    return () => {
      current = false;
    };
  }, [query]);
  return found;
}

// Without words: what was chosen lately, then all pages and what can be done.
function firstGroups(commands: readonly Command[], recent: readonly string[]): Group[] {
  const lately = recent.flatMap((id): Hit[] => {
    const command = commands.find(each => each.id === id);
    if (command) return [commandHit(command)];
    const [kind, key = ''] = id.split(' ');
    const views = store.views();
    const host = kind === 'host' ? views.host(key) : undefined;
    if (host) return [hostHit(host)];
    const service = kind === 'service' ? views.tables.service.get(key) : undefined;
    const view = service && views.allServices().find(each => each.id === key);
    return view ? [serviceHit(view)] : [];
  });
  const of = (group: Command['group']) => commands.filter(command => command.group === group && !recent.includes(command.id)).map(commandHit);
  return [
    { title: texts.palette.recent, hits: lately.slice(0, RECENT_MAX), best: 0 },
    { title: texts.palette.group.actions, hits: of('actions'), best: 0 },
    { title: texts.palette.group.pages, hits: of('pages'), best: 0 },
    { title: texts.palette.group.networks, hits: of('networks'), best: 0 },
  ];
}

function groupsFor(query: string, commands: readonly Command[], found: Found | null): Group[] {
  const groups = new Map<Command['group'], { hit: Hit; score: number }[]>();
  for (const command of commands) {
    const also = command.also ? score(command.also.toLowerCase(), query) / 4 : 0;
    const points = Math.max(score(command.title.toLowerCase(), query), also > 2 ? also : 0);
    if (!points) continue;
    const list = groups.get(command.group) ?? [];
    list.push({ hit: commandHit(command), score: points });
    groups.set(command.group, list);
  }
  const list = [...groups].map(([name, hits]): Group => {
    hits.sort((a, b) => b.score - a.score);
    return { title: texts.palette.group[name], hits: hits.slice(0, COMMANDS_MAX).map(each => each.hit), best: hits[0]!.score };
  });
  if (found) {
    const q = encodeURIComponent(found.query);
    const { hosts, services } = found;
    list.push(
      { title: words.hosts, hits: hosts.rows.map(each => hostHit(each.row)), best: (hosts.rows[0]?.score ?? 0) + 0.5, more: { to: `/hosts?q=${q}&scope=all`, count: hosts.all } },
      { title: words.services, hits: services.rows.map(each => serviceHit(each.row)), best: services.rows[0]?.score ?? 0, more: { to: `/services?q=${q}`, count: services.all } },
    );
  }
  return list.sort((a, b) => b.best - a.best);
}

export default function Search({ close, takeEarly }: { close: () => void; takeEarly: () => string }) {
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const list = useId();
  const box = useRef<HTMLDivElement>(null);
  const commands = useCommands();
  const [recent, remember] = useKeptList('palette.recent', KEPT_MAX);
  const query = typed.trim().toLowerCase();
  const found = useFound(query);
  const groups = useMemo(() => (query ? groupsFor(query, commands, found) : firstGroups(commands, recent)).filter(group => group.hits.length), [query, commands, found, recent]);
  const hits = groups.flatMap(group => group.hits);
  const at = Math.min(active, hits.length - 1);
  const domId = (hit: Hit) => `${list}-${hit.id.replaceAll(' ', '-')}`;

  useEffect(() => setActive(0), [query]);
  useEffect(() => {
    // Its result is a promise in newer browsers, and would be taken for the effect's cleaning up.
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at, query]);

  const choose = (hit: Hit, inTopology = false) => {
    close();
    remember(hit.id);
    if (inTopology && hit.topology) go(`/topology?selected=${encodeURIComponent(hit.topology)}`);
    else if (hit.run) hit.run();
    else if (hit.to) go(hit.to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 }[event.key];
    if (step && hits.length) {
      event.preventDefault();
      setActive(Math.abs(step) === 1 ? (at + step + hits.length) % hits.length : Math.max(0, Math.min(hits.length - 1, at + step)));
    }
    if (event.key === 'Enter' && hits[at]) {
      event.preventDefault();
      choose(hits[at], event.shiftKey);
    }
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
          aria-activedescendant={hits[at] && domId(hits[at])}
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
              {group.more && group.more.count > group.hits.length && (
                <a className={css.all} tabIndex={-1} {...linkTo(group.more.to)} onClickCapture={close}>
                  {words.all(group.title, group.more.count)}
                </a>
              )}
            </div>
            {group.hits.map(hit => (
              <div key={hit.id} id={domId(hit)} role="option" aria-selected={hits[at] === hit} className={css.hit} onClick={event => choose(hit, event.shiftKey)} onMouseMove={() => setActive(hits.indexOf(hit))}>
                <span className={css.icon}>{hit.icon}</span>
                <span className={css.title}>{hit.title}</span>
                <span className={css.about}>{hit.about}</span>
                {hit.topology && (
                  <span
                    className={css.fly}
                    title={words.inTopology(hit.title)}
                    onClick={event => {
                      event.stopPropagation();
                      choose(hit, true);
                    }}
                  >
                    <IconTopologyStar3 size={17} stroke={1.6} aria-hidden />
                  </span>
                )}
              </div>
            ))}
          </div>
        ))}
      </div>
      {!hits.length && (!query || found?.query === query) && (
        <p className={css.nothing} role="status">
          {words.nothing(typed.trim())} {words.nothingHint}
        </p>
      )}
      <div className={css.keys} aria-hidden="true">
        <span><kbd>↑</kbd><kbd>↓</kbd> {words.keys.move}</span>
        <span><kbd>↵</kbd> {words.keys.open}</span>
        {hits[at]?.topology && <span><kbd>⇧</kbd><kbd>↵</kbd> {words.keys.topology}</span>}
        <span><kbd>{words.keys.escape}</kbd> {words.keys.close}</span>
      </div>
    </Modal>
  );
}
