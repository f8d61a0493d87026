// SPDX-License-Identifier: BSD-2-Clause
// Every run that has ended. The feed has those of the last days; older ones are asked for.

import { Button } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useMemo, useState } from 'react';

import { discovery, type Session } from '../../api';
import { errorText } from '../../errors';
import { useLoaded, useNetworkId, useRows } from '../../live';
import { Ago } from '../../parts/Ago';
import type { Column } from '../../parts/DataTable';
import { Empty, Lead } from '../../parts/Empty';
import { ListPage } from '../../parts/ListPage';
import { Dash, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { say } from '../../parts/overlay';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { wordField } from '../fields';
import { byNumber } from '../list';
import { foundText, isOver, kindText, PhaseChip, useCause, useSensorName } from './parts';
import { RunDetails, Took } from './RunDetails';

const words = texts.discovery.runs;
const schedule = texts.discovery.schedules;
const OLDER = 200;

const startOf = (session: Session) => session.started_at ?? session.created_at;
const spanOf = (session: Session) => (session.finished_at ?? session.updated_at) - startOf(session);

export default function Runs({ params }: { params: URLSearchParams }) {
  const edit = useEdit(params);
  const loaded = useLoaded();
  const network = useNetworkId();
  const live = useRows<Session>('session');
  const [older, setOlder] = useState<{ network: string | null; rows: Session[] }>({ network: null, rows: [] });
  const sensorName = useSensorName();
  const cause = useCause();
  const rows = useMemo(() => {
    const known = new Map((older.network === network ? older.rows : []).map(session => [session.id, session]));
    for (const session of live) known.set(session.id, session);
    return [...known.values()].filter(session => isOver(session.phase));
  }, [live, older, network]);
  const more = () =>
    discovery.older({ network_id: network, limit: OLDER, offset: rows.length }).then(
      page => {
        const fresh = page.rows.filter(session => !rows.some(row => row.id === session.id));
        if (!fresh.some(session => isOver(session.phase))) say(words.noOlder);
        setOlder(old => ({ network, rows: [...(old.network === network ? old.rows : []), ...fresh] }));
      },
      (error: unknown) => say(errorText(error), { tone: 'bad' }),
    );
  const columns = useMemo(
    (): Column<Session>[] => [
      { id: 'name', title: schedule.name, min: 10, grow: 2, compare: (a, b) => compareText(a.name, b.name), cell: session => <RowLink id={session.id}>{session.name}</RowLink> },
      { id: 'kind', title: schedule.kind, min: 7, grow: 0.8, compare: (a, b) => compareText(a.discovery_type.type, b.discovery_type.type), cell: session => kindText(session.discovery_type) },
      { id: 'sensor', title: schedule.sensor, min: 7, grow: 1, compare: (a, b) => compareText(sensorName(a.sensor_id), sensorName(b.sensor_id)), cell: session => sensorName(session.sensor_id) },
      { id: 'outcome', title: words.outcome, min: 6, grow: 0.6, compare: (a, b) => compareText(a.phase, b.phase), cell: session => <PhaseChip phase={session.phase} /> },
      { id: 'error', title: words.error, min: 8, grow: 2, compare: (a, b) => compareText(a.error ?? '', b.error ?? ''), cell: session => session.error ? <span title={session.error}>{session.error}</span> : <span className="dim">–</span> },
      { id: 'found', title: words.found, min: 8, grow: 0.9, compare: byNumber(session => Number(session.results?.open ?? -1)), cell: session => foundText(session.results) || <Dash />, text: session => foundText(session.results) },
      { id: 'asked', title: words.asked, min: 6, grow: 0.8, compare: (a, b) => compareText(cause(a), cause(b)), cell: session => cause(session) },
      { id: 'took', title: words.took, min: 4, grow: 0.4, end: true, descending: true, compare: byNumber(spanOf), cell: session => <Took session={session} /> },
      { id: 'started', title: words.started, min: 5.5, grow: 0.6, end: true, descending: true, compare: byNumber(startOf), cell: session => <Ago at={startOf(session)} /> },
    ],
    [sensorName, cause],
  );
  const fields = useMemo(() => [wordField<Session>('kind', schedule.kind, session => session.discovery_type.type, type => texts.discovery.type[type] ?? type), wordField<Session>('sensor', schedule.sensor, session => sensorName(session.sensor_id)), wordField<Session>('outcome', words.outcome, session => session.phase, phase => texts.discovery.phase[phase as Session['phase']] ?? phase)], [sensorName]);
  const shown = rows.find(session => session.id === edit.id);
  return (
    <>
      <ListPage
        title={words.title}
        one={words.one}
        placeholder={words.filter}
        rows={loaded ? rows : null}
        columns={columns}
        fields={fields}
        choosable
        order="-started"
        params={params}
        text={session => `\n${[session.name, kindText(session.discovery_type), sensorName(session.sensor_id), texts.discovery.phase[session.phase], session.error].join('\n')}\n`.toLowerCase()}
        card={session => (
          <ThingCard title={<RowLink id={session.id}>{session.name}</RowLink>} aside={<PhaseChip phase={session.phase} />}>
            <span>{kindText(session.discovery_type)}</span>
            <span>{sensorName(session.sensor_id)}</span>
            {foundText(session.results) && <span>{foundText(session.results)}</span>}
            <Ago at={startOf(session)} />
          </ThingCard>
        )}
        empty={
          <Empty icon={<IconListCheck aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>
            <Lead to="/sessions">{texts.discovery.sessions.title}</Lead>
          </Empty>
        }
        tools={
          <Button variant="default" onClick={() => void more()}>
            {words.older}
          </Button>
        }
      />
      {shown && <RunDetails session={shown} close={edit.close} />}
    </>
  );
}
