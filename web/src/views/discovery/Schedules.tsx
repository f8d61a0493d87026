// SPDX-License-Identifier: BSD-2-Clause
// Discoveries: those that run again and again, and those that wait to be asked.

import { Button } from '@mantine/core';
import { IconCalendarTime, IconPlayerPlay } from '@tabler/icons-react';
import { useMemo } from 'react';

import { discovery, type Discovery } from '../../api';
import { cronText } from '../../cron';
import { momentText, timeText } from '../../format';
import { useLoaded, useNetworkId, useRows } from '../../live';
import { useRights } from '../../me';
import { Ago } from '../../parts/Ago';
import { Chip } from '../../parts/Chips';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import { ListPage } from '../../parts/ListPage';
import { Dash, NEW, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { wordField } from '../fields';
import { byNumber } from '../list';
import { EditDiscovery } from './EditDiscovery';
import { kindText, start, useSensorName } from './parts';

const words = texts.discovery.schedules;

const cronOf = (row: Discovery) => (row.run_type.type === 'Scheduled' ? row.run_type.cron : '');
const nextOf = (row: Discovery) => (row.run_type.type === 'Scheduled' && row.run_type.enabled ? (row.run_type.next_run ?? null) : null);
const lastOf = (row: Discovery) => row.run_type.last_run ?? null;

function whenText(row: Discovery): string {
  if (row.run_type.type !== 'Scheduled') return words.byHand;
  return cronText(row.run_type.cron) ?? row.run_type.cron;
}

const When = ({ row }: { row: Discovery }) => {
  const zone = row.run_type.type === 'Scheduled' ? row.run_type.timezone : '';
  return <span title={[cronOf(row), zone].filter(Boolean).join(', ')}>{whenText(row)}</span>;
};

function State({ row }: { row: Discovery }) {
  if (row.run_type.type !== 'Scheduled') return <Dash />;
  if (!row.run_type.enabled) return <Chip tone="warn" title={row.disabled_reason ? words.disabled(row.disabled_reason) : undefined}>{words.off}</Chip>;
  return row.failures > 0 ? <Chip tone="bad" title={words.failures(row.failures)}>{words.on}</Chip> : <Chip tone="live">{words.on}</Chip>;
}

const RunButton = ({ row }: { row: Discovery }) => (
  <Button size="compact-sm" variant="default" leftSection={<IconPlayerPlay size={13} aria-hidden />} onClick={() => void start(row.id, row.name)}>
    {words.run}
  </Button>
);

export default function Schedules({ params }: { params: URLSearchParams }) {
  const rights = useRights();
  const edit = useEdit(params);
  const loaded = useLoaded();
  const network = useNetworkId();
  const rows = useRows<Discovery>('discovery');
  const sensorName = useSensorName();
  const columns = useMemo(
    (): Column<Discovery>[] => [
      { id: 'name', title: words.name, min: 10, grow: 2, compare: (a, b) => compareText(a.name, b.name), cell: row => <RowLink id={row.id}>{row.name}</RowLink> },
      { id: 'kind', title: words.kind, min: 7, grow: 0.8, compare: (a, b) => compareText(a.discovery_type.type, b.discovery_type.type), cell: row => kindText(row.discovery_type) },
      { id: 'sensor', title: words.sensor, min: 7, grow: 1, compare: (a, b) => compareText(sensorName(a.sensor_id), sensorName(b.sensor_id)), cell: row => sensorName(row.sensor_id) },
      { id: 'when', title: words.when, min: 9, grow: 1.6, compare: (a, b) => compareText(whenText(a), whenText(b)), cell: row => <When row={row} /> },
      { id: 'state', title: words.state, min: 3.5, grow: 0.4, compare: (a, b) => Number(nextOf(b) !== null) - Number(nextOf(a) !== null), cell: row => <State row={row} /> },
      { id: 'next', title: words.next, min: 7.5, grow: 0.7, end: true, compare: byNumber(row => nextOf(row) ?? Infinity), cell: row => { const at = nextOf(row); return at === null ? <Dash /> : <span title={timeText(at)}>{momentText(at)}</span>; } },
      { id: 'last', title: words.last, min: 5.5, grow: 0.6, end: true, descending: true, compare: byNumber(row => lastOf(row) ?? 0), cell: row => { const at = lastOf(row); return at === null ? <span className="dim">{texts.never}</span> : <Ago at={at} />; } },
      ...(rights.edit ? [{ id: 'run', title: words.run, min: 6.5, grow: 0.4, end: true, compare: () => 0, cell: (row: Discovery) => <RunButton row={row} /> }] : []),
    ],
    [sensorName, rights.edit],
  );
  const fields = useMemo(() => [wordField<Discovery>('kind', words.kind, row => row.discovery_type.type, type => texts.discovery.type[type] ?? type), wordField<Discovery>('sensor', words.sensor, row => sensorName(row.sensor_id)), wordField<Discovery>('when', words.when, whenText)], [sensorName]);
  const edited = rows.find(row => row.id === edit.id);
  return (
    <>
      <ListPage
        title={words.title}
        one={words.one}
        many={words.many}
        placeholder={words.filter}
        rows={loaded ? rows : null}
        columns={columns}
        fields={fields}
        order="name"
        params={params}
        text={row => `\n${[row.name, kindText(row.discovery_type), sensorName(row.sensor_id), whenText(row)].join('\n')}\n`.toLowerCase()}
        card={row => (
          <ThingCard title={<RowLink id={row.id}>{row.name}</RowLink>} aside={rights.edit ? <RunButton row={row} /> : <State row={row} />}>
            <span>{kindText(row.discovery_type)}</span>
            <When row={row} />
            <State row={row} />
          </ThingCard>
        )}
        empty={<Empty icon={<IconCalendarTime aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>{rights.edit && <Button variant="light" onClick={() => edit.open(NEW)}>{words.new}</Button>}</Empty>}
        add={rights.edit ? { title: words.new, run: () => edit.open(NEW) } : undefined}
        csv={discovery.csv(network)}
        remove={rights.edit ? ids => discovery.remove(ids) : undefined}
      />
      {loaded && edit.isNew && <EditDiscovery of={null} close={edit.close} />}
      {edited && <EditDiscovery key={edited.id} of={edited} close={edit.close} />}
    </>
  );
}
