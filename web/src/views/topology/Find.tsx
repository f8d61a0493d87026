// SPDX-License-Identifier: BSD-2-Clause
// Search in the picture: hits are marked in it while one types, and the chosen one is flown to.

import { ActionIcon } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useDeferredValue, useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';

import { useNarrow } from '../../parts/media';
import { texts } from '../../texts';
import { findIn, type Found } from '../../topology/session/find';
import { useGraphNow } from '../../topology/session/useTopology';
import type { Desk } from './desk';
import css from './Find.module.css';
import { Sign } from './Sign';

const words = texts.topology.find;
const HITS_MAX = 40;
const GRAPH_MS = 2000;

export function Find({ desk }: { desk: Desk }) {
  const narrow = useNarrow();
  const [open, setOpen] = useState(false);
  if (!narrow) return <Field desk={desk} done={() => {}} />;
  return (
    <>
      <ActionIcon variant="default" size={36} aria-label={texts.topology.tools.search} onClick={() => setOpen(true)}>
        <IconSearch size={17} stroke={1.8} aria-hidden />
      </ActionIcon>
      {open && (
        <div className={css.over}>
          <Field desk={desk} done={() => setOpen(false)} focus />
        </div>
      )}
    </>
  );
}

function Field({ desk, done, focus = false }: { desk: Desk; done: () => void; focus?: boolean }) {
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const [open, setOpen] = useState(false);
  const query = useDeferredValue(typed.trim());
  const list = useId();
  const box = useRef<HTMLDivElement>(null);
  const graph = useGraphNow(desk.session.stage, GRAPH_MS);
  const { hits, all } = useMemo(() => findIn(graph, query, HITS_MAX), [graph, query]);
  const at = Math.min(active, hits.length - 1);
  const shown = open && query !== '';

  const ids = hits.map(hit => hit.id).join();
  useEffect(() => {
    desk.setMarked(shown && hits.length ? new Set(hits.map(hit => hit.id)) : null);
  }, [shown, ids]);
  useEffect(() => () => desk.setMarked(null), []);
  useEffect(() => setActive(0), [query]);
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  useEffect(() => {
    if (focus) desk.find.current?.focus();
  }, [focus]);

  const leave = () => {
    setOpen(false);
    done();
  };
  const go = (hit: Found) => {
    desk.show(hit.id);
    leave();
    desk.picture.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) {
      event.preventDefault();
      setOpen(true);
      setActive((at + step + hits.length) % hits.length);
    }
    if (event.key === 'Enter' && hits[at]) go(hits[at]);
    if (event.key === 'Escape') {
      event.stopPropagation();
      if (typed) setTyped('');
      else {
        event.currentTarget instanceof HTMLElement && event.currentTarget.blur();
        leave();
      }
    }
  };

  return (
    <div className={css.find} ref={box} onBlur={event => !event.currentTarget.contains(event.relatedTarget) && leave()}>
      <IconSearch className={css.icon} size={16} stroke={1.8} aria-hidden />
      <input
        ref={desk.find}
        className={css.input}
        role="combobox"
        aria-expanded={shown}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={shown && hits[at] ? `${list}-${at}` : undefined}
        aria-label={texts.topology.tools.search}
        aria-keyshortcuts="F"
        placeholder={words.hint}
        value={typed}
        spellCheck={false}
        autoComplete="off"
        onFocus={() => setOpen(true)}
        onChange={event => {
          setTyped(event.currentTarget.value);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
      />
      {(typed || focus) && (
        <ActionIcon
          className={css.clear}
          variant="subtle"
          color="gray"
          size="sm"
          aria-label={texts.clear}
          onClick={() => {
            if (typed) setTyped('');
            else leave();
          }}
        >
          <IconX size={14} />
        </ActionIcon>
      )}
      {shown && (
        <div className={css.results}>
          <div role="listbox" id={list} aria-label={words.results} className={css.list}>
            {hits.map((hit, i) => (
              <button key={`${hit.id} ${hit.line ?? ''}`} type="button" id={`${list}-${i}`} role="option" aria-selected={i === at} tabIndex={-1} className={css.hit} onMouseMove={() => setActive(i)} onClick={() => go(hit)}>
                <Sign name={hit.icon} />
                <span className={css.title}>{hit.title}</span>
                <span className={css.about}>{hit.about}</span>
              </button>
            ))}
          </div>
          <p className={css.note} role="status">
            {hits.length ? words.all(hits.length, all) : <>{words.none(query)} {words.noneHint}</>}
          </p>
        </div>
      )}
    </div>
  );
}
