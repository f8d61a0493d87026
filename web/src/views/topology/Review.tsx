// SPDX-License-Identifier: BSD-2-Clause
// Things that somebody placed and that are no longer there: whether their places are to be forgotten.

import { Button, Checkbox, Modal } from '@mantine/core';
import { useState } from 'react';

import { texts } from '../../texts';
import { bareKey, viewOfKey, type Saved } from '../../topology/session/saved';
import type { Desk } from './desk';
import css from './Review.module.css';

const words = texts.topology.state;

function describe(saved: Saved, key: string): { what: string; where: string } {
  const size = saved.nodes[key]?.width !== undefined;
  return { what: key in saved.edges ? words.edge : size ? words.container : words.node, where: words.inView(texts.topology.view[viewOfKey(key)]!) };
}

// What an id says to people: the MAC in it, not whose row it was.
const macIn = /(?:^|[|>])((?:[0-9a-f]{2}:?){5}[0-9a-f]{2})(?=$|[|>])/gi;
const saidBy = (key: string): string[] => [...bareKey(key).matchAll(macIn)].map(found => found[1]!.replace(/:/g, '').replace(/(..)(?!$)/g, '$1:'));

export function Review({ desk, gone, close }: { desk: Desk; gone: readonly string[]; close: () => void }) {
  const { editor, saved } = desk.session;
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(gone));
  if (!saved) return null;
  const toggle = (key: string) => setChosen(old => new Set(old.has(key) ? [...old].filter(each => each !== key) : [...old, key]));
  const forget = () => {
    const nodes = Object.fromEntries([...chosen].filter(key => key in saved.nodes).map(key => [key, null]));
    const edges = Object.fromEntries([...chosen].filter(key => key in saved.edges).map(key => [key, null]));
    editor?.do({ kind: 'place', whole: true, nodes, edges });
    close();
  };
  return (
    <Modal opened onClose={close} title={<strong>{words.reviewTitle}</strong>} radius="lg" size="md" centered transitionProps={{ duration: 0 }} overlayProps={{ backgroundOpacity: 0.32 }} closeButtonProps={{ 'aria-label': texts.close }}>
      <p className={css.text}>{words.reviewText}</p>
      <ul className={css.list}>
        {gone.map(key => {
          const { what, where } = describe(saved, key);
          return (
            <li key={key}>
              <Checkbox size="sm" checked={chosen.has(key)} onChange={() => toggle(key)} label={what} description={[where, ...saidBy(key)].join(' · ')} />
            </li>
          );
        })}
      </ul>
      <div className={css.buttons}>
        <Button variant="default" onClick={close}>
          {words.keep}
        </Button>
        <Button disabled={!chosen.size} onClick={forget}>
          {words.forget}
        </Button>
      </div>
    </Modal>
  );
}
