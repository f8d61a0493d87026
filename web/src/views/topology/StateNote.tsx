// SPDX-License-Identifier: BSD-2-Clause
// How the saved topology stands to the network, in a word; what that means and what one can do about it when asked.

import { Button, Popover, Switch, UnstyledButton } from '@mantine/core';
import { IconLock, IconRefresh, IconReplace } from '@tabler/icons-react';
import { useMemo, useState } from 'react';

import { people } from '../../api';
import { timeText } from '../../format';
import { useMe, useRights } from '../../me';
import { Ago } from '../../parts/Ago';
import { confirm, say } from '../../parts/overlay';
import { useRemote } from '../../remote';
import { entityNames } from '../../state/entities';
import { texts } from '../../texts';
import type { Session } from '../../topology/session/useTopology';
import { useGraphNow } from '../../topology/session/useTopology';
import { standingOf, type Standing } from '../../topology/session/state';
import type { Desk } from './desk';
import { Review } from './Review';
import css from './StateNote.module.css';

const words = texts.topology.state;
const SHOWN_MAX = 6;

function useStanding({ stage, saved, options, readOnly }: Session): Standing | null {
  const graph = useGraphNow(stage, 3000);
  return useMemo(() => {
    if (!saved?.id || readOnly === 'past' || !stage.state().ready) return null;
    const all = stage.sources().map(source => source.views().tables);
    return standingOf(saved, options, graph, id => all.some(tables => entityNames.some(name => tables.rows(name).has(id))));
  }, [graph, saved, options, readOnly, stage]);
}

export function StateNote({ desk }: { desk: Desk }) {
  const { session } = desk;
  const standing = useStanding(session);
  const [open, setOpen] = useState(false);
  const [review, setReview] = useState(false);
  if (!standing || standing.is === 'none') return null;
  const { is, fresh, gone } = standing;
  const text = is === 'locked' ? words.locked : is === 'conflict' ? words.conflict(gone.length) : is === 'stale' ? words.stale(fresh.length) : words.fresh;
  return (
    <>
      <Popover opened={open} onChange={setOpen} position="bottom-start" shadow="md" width={340} withinPortal trapFocus returnFocus>
        <Popover.Target>
          <UnstyledButton className={css.chip} data-is={is} onClick={() => setOpen(!open)} aria-label={`${words.title}: ${text}`} data-testid="standing">
            {is === 'locked' ? <IconLock size={13} aria-hidden /> : <span className={css.dot} aria-hidden />}
            <span>{text}</span>
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown aria-label={words.title}>
          <About desk={desk} standing={standing} close={() => setOpen(false)} review={() => setReview(true)} />
        </Popover.Dropdown>
      </Popover>
      {review && <Review desk={desk} gone={gone} close={() => setReview(false)} />}
    </>
  );
}

function About({ desk, standing, close, review }: { desk: Desk; standing: Standing; close: () => void; review: () => void }) {
  const { session } = desk;
  const rights = useRights();
  const { editor } = session;
  const saved = session.saved!;
  const { is, fresh, gone } = standing;
  const placed = Object.keys(saved.nodes).length + Object.keys(saved.edges).length;
  const may = rights.edit && !saved.is_locked;
  const rebuild = async () => {
    close();
    if (placed && !(await confirm({ title: words.rebuildTitle, text: words.rebuildText(placed), act: words.rebuild }))) return;
    editor?.do({ kind: 'rebuild' });
    say(words.rebuilt, { action: { title: texts.topology.tools.undo, run: () => editor?.undo() } });
  };
  return (
    <div className={css.about}>
      {is === 'locked' && <LockedBy saved={saved} />}
      {is === 'fresh' && <p>{words.freshHint}</p>}
      {is === 'conflict' && <p>{words.conflictText(gone.length)}</p>}
      {fresh.length > 0 && (
        <>
          <p>{words.staleText(fresh.length)}</p>
          <ul className={css.fresh} aria-label={words.new}>
            {fresh.slice(0, SHOWN_MAX).map(thing => (
              <li key={thing.id}>
                <UnstyledButton className={css.thing} onClick={() => desk.show(thing.id)}>
                  <span>{thing.title}</span>
                  <span className="dim">{thing.subtitle}</span>
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </>
      )}
      {saved.last_refreshed !== null && (
        <p className={css.when}>
          {words.arranged} <Ago at={saved.last_refreshed} />
        </p>
      )}
      {may && (
        <>
          <div className={css.buttons}>
            {gone.length > 0 && (
              <Button
                size="compact-sm"
                onClick={() => {
                  close();
                  review();
                }}
              >
                {words.review}
              </Button>
            )}
            {fresh.length > 0 && (
              <Button
                size="compact-sm"
                variant={gone.length ? 'default' : 'filled'}
                leftSection={<IconRefresh size={14} aria-hidden />}
                title={words.refreshHint}
                onClick={() => {
                  close();
                  editor?.do({ kind: 'refresh' });
                }}
              >
                {words.refresh}
              </Button>
            )}
            <Button size="compact-sm" variant="default" leftSection={<IconReplace size={14} aria-hidden />} title={words.rebuildHint} onClick={() => void rebuild()}>
              {words.rebuild}
            </Button>
          </div>
          <Switch size="xs" label={words.auto} description={words.autoHint} checked={session.options.auto_rebuild} onChange={event => session.setOptions({ auto_rebuild: event.currentTarget.checked })} />
        </>
      )}
    </div>
  );
}

function LockedBy({ saved }: { saved: { locked_by: string | null; locked_at: number | null } }) {
  const me = useMe();
  const rights = useRights();
  // Only who manages people may ask for their names.
  const users = useRemote(rights.manage ? 'users' : 'users nobody', async () => (rights.manage ? people.list() : { rows: [], total: 0 })).value;
  const user = users?.rows.find(each => each.id === saved.locked_by);
  const who = saved.locked_by === me.id ? words.you : user ? user.name || user.email : words.somebody;
  return <p>{words.lockedText(who, saved.locked_at === null ? '' : timeText(saved.locked_at))}</p>;
}
