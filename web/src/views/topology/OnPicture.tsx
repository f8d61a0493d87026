// SPDX-License-Identifier: BSD-2-Clause
// What lies on the picture: nearer and farther, why nothing can be changed, what is left out, how far the past is read.

import { ActionIcon, Button, Loader } from '@mantine/core';
import { IconEyeOff, IconFocusCentered, IconHistory, IconLock, IconMaximize, IconMinimize, IconMinus, IconPlus, IconUser } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { ApiError } from '../../api';
import { errorText } from '../../errors';
import { momentText, timeText } from '../../format';
import { setParams } from '../../navigate';
import { texts } from '../../texts';
import { useGraphNow } from '../../topology/session/useTopology';
import type { Desk } from './desk';
import css from './OnPicture.module.css';
import { unhide } from './unhide';

const words = texts.topology;
const STEP = 1.4;

export function OnPicture({ desk }: { desk: Desk }) {
  return (
    <>
      <div className={css.notes}>
        <TimeNote desk={desk} />
        <Mine desk={desk} />
      </div>
      <LeftNote desk={desk} />
      <Zoom desk={desk} />
    </>
  );
}

function Zoom({ desk }: { desk: Desk }) {
  const { picture, full } = desk;
  const tool = (label: string, icon: ReactNode, act: () => void, key?: string) => (
    <ActionIcon variant="subtle" color="gray" size={34} radius={0} aria-label={label} title={label} onClick={act} {...(key ? { 'aria-keyshortcuts': key } : {})}>
      {icon}
    </ActionIcon>
  );
  return (
    <div className={css.zoom} role="group" aria-label={words.view[desk.session.options.view]}>
      {tool(words.tools.closer, <IconPlus size={17} stroke={1.8} aria-hidden />, () => picture.current?.zoomBy(STEP), '+')}
      {tool(words.tools.farther, <IconMinus size={17} stroke={1.8} aria-hidden />, () => picture.current?.zoomBy(1 / STEP), '-')}
      {tool(words.tools.fit, <IconFocusCentered size={17} stroke={1.8} aria-hidden />, () => picture.current?.fit(), '0')}
      {tool(full ? words.tools.notFull : words.tools.full, full ? <IconMinimize size={17} stroke={1.8} aria-hidden /> : <IconMaximize size={17} stroke={1.8} aria-hidden />, () => desk.setFull(!full))}
    </div>
  );
}

function Note({ icon, tone, children }: { icon: ReactNode; tone?: 'past' | 'bad'; children: ReactNode }) {
  return (
    <div className={css.note} data-tone={tone}>
      {icon}
      {children}
    </div>
  );
}

// Time travel says so where nobody misses it.
function TimeNote({ desk }: { desk: Desk }) {
  const { session } = desk;
  const { address, time, look } = session;
  const back = (
    <Button size="compact-xs" variant="white" onClick={() => setParams({ at: null, since: null }, 'push')}>
      {words.time.back}
    </Button>
  );
  if (address.at === null && address.since === null) return null;
  if (time.problem) return <Note tone="bad" icon={<IconHistory size={16} aria-hidden />}><span role="alert">{pastProblem(time.problem)}</span>{back}</Note>;
  if (time.reading !== null) {
    return (
      <Note tone="past" icon={<Loader size={14} color="currentColor" aria-hidden />}>
        <span role="status">{words.time.reading(Math.floor(time.reading * 100))}</span>
        {back}
      </Note>
    );
  }
  const what = address.since !== null ? words.time.comparing(momentText(address.since), address.at === null ? momentText(look) : momentText(address.at)) : words.time.asOf(timeText(address.at!));
  return (
    <Note tone="past" icon={<IconHistory size={16} aria-hidden />}>
      <span role="status">
        <strong>{what}.</strong> {address.since === null ? words.readOnly.past : words.readOnly.compare}
        {time.left > 0 && ` ${words.time.left(time.left)}`}
      </span>
      {address.since !== null && address.at === null && (
        <Button size="compact-xs" variant="white" onClick={session.lookAgain}>
          {words.time.again}
        </Button>
      )}
      {back}
    </Note>
  );
}

function pastProblem(error: unknown): string {
  const oldest = error instanceof ApiError && error.status === 410 ? (error.data as { oldest_at?: number } | null)?.oldest_at : undefined;
  return oldest === undefined ? words.time.failed(errorText(error)) : words.time.tooOld(timeText(oldest));
}

// Options of one's own over what is saved.
function Mine({ desk }: { desk: Desk }) {
  const { session } = desk;
  if (!Object.keys(session.mine).length) return null;
  return (
    <Note icon={session.saved?.is_locked ? <IconLock size={15} aria-hidden /> : <IconUser size={15} aria-hidden />}>
      <span>{words.readOnly.mine}</span>
      <Button size="compact-xs" variant="subtle" onClick={session.forgetMine}>
        {words.readOnly.mineForget}
      </Button>
    </Note>
  );
}

function LeftNote({ desk }: { desk: Desk }) {
  const { session } = desk;
  const { left } = useGraphNow(session.stage, 2000);
  const clear = unhide(session.options);
  if (!left.length) return null;
  return (
    <div className={css.left}>
      <IconEyeOff size={14} aria-hidden />
      <span>{words.left.some(left.map(each => words.left.what(each.what, each.count)).join(', '))}</span>
      {clear && (
        <Button size="compact-xs" variant="subtle" onClick={() => session.setOptions(clear)}>
          {words.left.clear}
        </Button>
      )}
    </div>
  );
}
