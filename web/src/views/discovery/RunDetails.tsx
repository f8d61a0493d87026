// SPDX-License-Identifier: BSD-2-Clause
// One run: when, by whom, what it found or why it ended.

import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';

import type { Session } from '../../api';
import { sentence } from '../../errors';
import { spanText, timeText } from '../../format';
import { useClock } from '../../parts/clock';
import { texts } from '../../texts';
import { Counts } from './Counts';
import { isOver, kindText, notesOf, PhaseChip, resultRows, useCause, useSensorName } from './parts';
import css from './Sessions.module.css';

const words = texts.discovery.runs;

// How long it took, or has taken so far.
export function Took({ session }: { session: Session }) {
  const text = useClock(now => {
    const end = session.finished_at ?? (isOver(session.phase) ? session.updated_at : now);
    return session.started_at === null ? '–' : spanText(Math.max(0, end - session.started_at));
  });
  return <span className="figures">{text}</span>;
}

export function RunDetails({ session, close }: { session: Session; close: () => void }) {
  const sensorName = useSensorName();
  const cause = useCause();
  const row = (title: string, content: ReactNode) => (
    <div key={title}>
      <dt>{title}</dt>
      <dd>{content}</dd>
    </div>
  );
  const results = resultRows(session.results);
  const notes = notesOf(session.results);
  // One that ended early, and whose sensor said no more.
  const far = isOver(session.phase) && !results.length ? resultRows(session.detail) : [];
  const prefixes = session.discovery_type.type === 'Network' ? (session.discovery_type.prefixes ?? []) : [];
  return (
    <Drawer opened onClose={close} position="right" size="min(30rem, 100vw)" title={<strong>{session.name}</strong>} transitionProps={{ duration: 0 }} overlayProps={{ backgroundOpacity: 0.25 }} closeButtonProps={{ 'aria-label': texts.close }}>
      <div className={css.details}>
        {session.error && <p className={css.error}>{sentence(session.error)}</p>}
        {!isOver(session.phase) && <Counts session={session} />}
        <dl>
          {row(words.outcome, <PhaseChip phase={session.phase} />)}
          {!isOver(session.phase) && row(texts.discovery.phase.Scanning!, `${session.progress} %`)}
          {row(texts.discovery.schedules.kind, kindText(session.discovery_type))}
          {row(texts.discovery.schedules.sensor, sensorName(session.sensor_id))}
          {row(words.asked, `${cause(session)}, ${timeText(session.created_at)}`)}
          {session.started_at !== null && row(words.started, timeText(session.started_at))}
          {row(words.took, <Took session={session} />)}
          {prefixes.length > 0 && row(words.scope, <span className="mono">{prefixes.join(', ')}</span>)}
        </dl>
        {results.length > 0 && (
          <>
            <h3>{words.results}</h3>
            <dl>{results.map(([title, value]) => row(title, value))}</dl>
          </>
        )}
        {far.length > 0 && (
          <>
            <h3>{words.far}</h3>
            <dl>{far.map(([title, value]) => row(title, value))}</dl>
          </>
        )}
        {notes.length > 0 && (
          <>
            <h3>{words.notes}</h3>
            <ul className={css.notes}>{notes.map(note => <li key={note}>{sentence(note)}</li>)}</ul>
          </>
        )}
      </div>
    </Drawer>
  );
}
