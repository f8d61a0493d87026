// SPDX-License-Identifier: BSD-2-Clause
// By what people are told: webhooks, brokers of MQTT, mail; and whether that works. Nobody reads a secret.

import { Button } from '@mantine/core';
import { IconBellRinging } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';

import { alertChannels, type AlertChannel } from '../../api';
import { countText, momentText } from '../../format';
import { useNetworkId } from '../../live';
import { useRights } from '../../me';
import { Ago } from '../../parts/Ago';
import { Chip } from '../../parts/Chips';
import type { Column } from '../../parts/DataTable';
import { Empty } from '../../parts/Empty';
import type { Field } from '../../parts/list/filter';
import { ListPage } from '../../parts/ListPage';
import { Dash, NEW, RowLink, ThingCard, useEdit } from '../../parts/Manage';
import { changed, useRemote } from '../../remote';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { wordField } from '../fields';
import { byNumber } from '../list';
import { EditChannel } from './EditChannel';

const words = texts.channels;
const AGAIN_MS = 10_000;

const kindText = (of: AlertChannel) => words.kinds[of.kind] ?? of.kind;
const toText = (of: AlertChannel) => (of.kind === 'Webhook' ? (of.url_shown ?? '') : of.kind === 'Email' ? of.to_addresses.join(', ') : [of.host, of.topic].filter(Boolean).join('/'));
const stateOf = (of: AlertChannel) => (!of.enabled ? 'off' : of.failures > 0 ? 'failing' : of.last_told_at ? 'well' : 'fresh');
const stateText = (of: AlertChannel) => (stateOf(of) === 'failing' ? words.failing(of.failures) : (words[stateOf(of) as 'off' | 'well' | 'fresh'] ?? ''));

function State({ of }: { of: AlertChannel }) {
  const state = stateOf(of);
  const why = [of.last_error, state === 'failing' && of.not_before !== null && words.retry(momentText(of.not_before))].filter(Boolean).join('. ');
  return (
    <Chip tone={state === 'failing' ? 'bad' : of.last_error ? 'warn' : state === 'well' ? 'live' : 'plain'} title={why || undefined}>
      {stateText(of)}
    </Chip>
  );
}

const Waiting = ({ of }: { of: AlertChannel }) => (
  <>
    {of.waiting ? countText(of.waiting) : <Dash />}
    {of.dropped > 0 && <Chip tone="bad">{words.dropped(of.dropped)}</Chip>}
  </>
);

const columns: Column<AlertChannel>[] = [
  { id: 'name', title: words.name, min: 9, grow: 1.4, compare: (a, b) => compareText(a.name, b.name), cell: of => <RowLink id={of.id}>{of.name}</RowLink>, text: of => of.name },
  { id: 'kind', title: words.kind, min: 5, grow: 0.5, compare: (a, b) => compareText(kindText(a), kindText(b)), cell: of => kindText(of), text: kindText },
  { id: 'to', title: words.to, min: 10, grow: 1.8, compare: (a, b) => compareText(toText(a), toText(b)), cell: of => <span className="mono">{toText(of)}</span>, text: toText },
  { id: 'severity', title: words.severity, min: 7, grow: 0.7, compare: (a, b) => compareText(a.min_severity, b.min_severity), cell: of => words.severities[of.min_severity], text: of => words.severities[of.min_severity] ?? '' },
  { id: 'waiting', title: words.waiting, min: 4, grow: 0.5, end: true, descending: true, compare: byNumber(of => of.waiting), cell: of => <Waiting of={of} />, text: of => String(of.waiting) },
  { id: 'told', title: words.told, min: 5.5, grow: 0.5, end: true, descending: true, compare: byNumber(of => of.last_told_at ?? 0), cell: of => (of.last_told_at === null ? <Dash /> : <Ago at={of.last_told_at} />) },
  { id: 'state', title: words.state, min: 6, grow: 0.6, compare: (a, b) => compareText(stateText(a), stateText(b)), cell: of => <State of={of} />, text: stateText },
];
const fields: Field<AlertChannel>[] = [wordField('kind', words.kind, of => of.kind, kind => words.kinds[kind] ?? kind)];

export default function Channels({ params }: { params: URLSearchParams }) {
  const rights = useRights();
  const edit = useEdit(params);
  const network = useNetworkId();
  const { value, problem } = useRemote(`channels ${network}`, () => alertChannels.list(network));
  const rows = useMemo(() => value?.rows ?? null, [value]);
  const edited = rows?.find(of => of.id === edit.id);
  // How they are changes without a person; while a form is open nothing is to move below it.
  useEffect(() => {
    const timer = setInterval(() => document.hidden || edit.id !== null || changed('channels'), AGAIN_MS);
    return () => clearInterval(timer);
  }, [edit.id]);
  return (
    <>
      <ListPage
        title={words.title}
        one={words.one}
        placeholder={words.filter}
        rows={rows}
        problem={problem}
        columns={columns}
        fields={fields}
        order="name"
        params={params}
        text={of => `\n${[of.name, kindText(of), toText(of)].filter(Boolean).join('\n')}\n`.toLowerCase()}
        card={of => (
          <ThingCard title={<RowLink id={of.id}>{of.name}</RowLink>} aside={<State of={of} />}>
            <span>{kindText(of)}</span>
            <span className="mono">{toText(of)}</span>
          </ThingCard>
        )}
        empty={
          <Empty icon={<IconBellRinging aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>
            {rights.manage && <Button variant="light" onClick={() => edit.open(NEW)}>{texts.list.first(words.one)}</Button>}
          </Empty>
        }
        add={rights.manage ? { title: words.new, run: () => edit.open(NEW) } : undefined}
        csv={alertChannels.csv(network)}
        remove={rights.manage ? ids => alertChannels.remove(ids).then(() => changed('channels')) : undefined}
      />
      {(edit.isNew || edited) && <EditChannel key={edited ? `${edited.id} ${edited.revision}` : NEW} of={edited ?? null} close={edit.close} />}
    </>
  );
}
