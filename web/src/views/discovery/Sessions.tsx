// SPDX-License-Identifier: BSD-2-Clause
// What runs now and waits to run, with its progress; and what has just ended.

import { Button, Progress } from '@mantine/core';
import { IconPlayerPlay, IconRadar2, IconX } from '@tabler/icons-react';

import type { Session } from '../../api';
import { useLoaded, useRows } from '../../live';
import { useRights } from '../../me';
import { linkTo } from '../../navigate';
import { Ago } from '../../parts/Ago';
import { Empty, Lead } from '../../parts/Empty';
import { Dash, NEW, RowLink, useEdit } from '../../parts/Manage';
import { Page } from '../../parts/Page';
import { Grid, None, Section } from '../../parts/Section';
import { texts } from '../../texts';
import { Counts } from './Counts';
import { EditDiscovery } from './EditDiscovery';
import { cancel, foundText, isOver, kindText, PhaseChip, useCause, useSensorName } from './parts';
import { RunDetails, Took } from './RunDetails';
import css from './Sessions.module.css';

const words = texts.discovery.sessions;
const LATELY_MAX = 10;

export default function Sessions({ params }: { params: URLSearchParams }) {
  const rights = useRights();
  const loaded = useLoaded();
  const edit = useEdit(params);
  const sessions = useRows<Session>('session');
  const active = sessions.filter(session => !isOver(session.phase)).sort((a, b) => a.created_at - b.created_at);
  const running = active.filter(session => session.phase !== 'Pending');
  const queue = active.filter(session => session.phase === 'Pending');
  const lately = sessions.filter(session => isOver(session.phase)).sort((a, b) => (b.finished_at ?? b.updated_at) - (a.finished_at ?? a.updated_at));
  const shown = sessions.find(session => session.id === edit.id);
  const sensorName = useSensorName();
  const cause = useCause();
  return (
    <Page
      title={words.title}
      tools={
        rights.edit && (
          <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => edit.open(NEW)}>
            {words.now}
          </Button>
        )
      }
    >
      {loaded && sessions.length === 0 ? (
        <Empty icon={<IconRadar2 aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>
          <Lead to="/schedules">{words.toSchedules}</Lead>
        </Empty>
      ) : (
        <>
          <Section title={words.running} hint={words.runningHint}>
            {running.length === 0 ? <None>{words.none}</None> : <ul className={css.active}>{running.map(session => <Active key={session.id} session={session} sensor={sensorName(session.sensor_id)} cause={cause(session)} mayCancel={rights.edit} />)}</ul>}
          </Section>
          {queue.length > 0 && (
            <Section title={words.queue} hint={words.queueHint}>
              <ol className={css.active}>{queue.map((session, i) => <Active key={session.id} session={session} place={i + 1} sensor={sensorName(session.sensor_id)} cause={cause(session)} mayCancel={rights.edit} />)}</ol>
            </Section>
          )}
          {lately.length > 0 && (
            <Section title={words.lately} aside={<a className="link" {...linkTo('/runs')}>{words.allRuns}</a>}>
              <Grid
                label={words.lately}
                head={[texts.discovery.schedules.name, texts.discovery.schedules.kind, texts.discovery.schedules.sensor, texts.discovery.runs.outcome, texts.discovery.runs.found, texts.discovery.runs.asked, texts.discovery.runs.took, texts.discovery.runs.started]}
                rows={lately.slice(0, LATELY_MAX).map(session => ({
                  id: session.id,
                  cells: [
                    <RowLink key="name" id={session.id}>{session.name}</RowLink>,
                    kindText(session.discovery_type),
                    sensorName(session.sensor_id),
                    <PhaseChip key="phase" phase={session.phase} />,
                    foundText(session.results) || <Dash key="found" />,
                    cause(session),
                    <Took key="took" session={session} />,
                    <Ago key="at" at={session.started_at ?? session.created_at} />,
                  ],
                }))}
              />
            </Section>
          )}
        </>
      )}
      {loaded && edit.isNew && <EditDiscovery of={null} close={edit.close} now />}
      {shown && <RunDetails session={shown} close={edit.close} />}
    </Page>
  );
}

// place: in the queue; a run that has begun has none.
function Active({ session, sensor, cause, mayCancel, place }: { session: Session; sensor: string; cause: string; mayCancel: boolean; place?: number }) {
  return (
    <li className={css.session} aria-label={session.name}>
      <div className={css.top}>
        {place !== undefined && <span className={css.place}>{place}</span>}
        <RowLink id={session.id}>{session.name}</RowLink>
        <PhaseChip phase={session.phase} />
        <span className="figures dim">{place === undefined ? words.progress(session.progress) : words.waits}</span>
        {mayCancel && (
          <Button className={css.cancel} size="compact-sm" variant="default" title={words.cancelHint} leftSection={<IconX size={14} aria-hidden />} onClick={() => void cancel(session)}>
            {words.cancel}
          </Button>
        )}
      </div>
      {place === undefined && <Progress value={session.progress} aria-label={session.name} animated size="sm" transitionDuration={300} />}
      <Counts session={session} />
      <p className={css.about}>
        <span>{kindText(session.discovery_type)}</span>
        <span>{sensor}</span>
        <span>{cause}</span>
        <Ago at={session.started_at ?? session.created_at} />
        {place === undefined && (
          <span>
            {words.runningFor} <Took session={session} />
          </span>
        )}
      </p>
    </li>
  );
}
