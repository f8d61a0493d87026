// SPDX-License-Identifier: BSD-2-Clause
// Which hosts were taken together, by whom or by which rule; what is proposed; and undoing it.

import { Button, SegmentedControl } from '@mantine/core';
import { IconGitMerge } from '@tabler/icons-react';

import { identity, type Consolidation } from '../../api';
import { errorText, sentence } from '../../errors';
import { useNetworkId, useViews } from '../../live';
import { useRights } from '../../me';
import { linkTo, setParams } from '../../navigate';
import { Ago } from '../../parts/Ago';
import { Chip, type Tone } from '../../parts/Chips';
import type { Column } from '../../parts/DataTable';
import { Empty, Lead } from '../../parts/Empty';
import type { Field } from '../../parts/list/filter';
import { ListPage } from '../../parts/ListPage';
import { Dash, ThingCard } from '../../parts/Manage';
import { confirm, say } from '../../parts/overlay';
import { changed, useRemote } from '../../remote';
import { hostPath } from '../../route';
import { compareText } from '../../state/address';
import { texts } from '../../texts';
import { wordField } from '../fields';
import { byNumber } from '../list';
import { undo } from '../Consolidate';
import css from '../Rows.module.css';

const words = texts.history.consolidations;
const tones: Record<Consolidation['state'], Tone> = { proposed: 'warn', done: 'live', undone: 'plain', rejected: 'plain' };

const whenOf = (row: Consolidation) => row.undone_at ?? row.decided_at ?? row.created_at;
const nameOf = (row: Consolidation) => row.host_name ?? texts.hosts.unnamed;
const otherOf = (row: Consolidation) => row.other_name ?? texts.hosts.unnamed;

// A host that is there is a link to it.
function HostName({ id, name }: { id: string; name: string }) {
  const views = useViews('host', 'interface');
  const view = views.host(id);
  if (!view) return <span>{name}</span>;
  return (
    <a data-row className={css.link} {...linkTo(hostPath(id))}>
      {view.title || name}
    </a>
  );
}

const refused = (error: unknown) => say(errorText(error), { tone: 'bad' });

function Actions({ row }: { row: Consolidation }) {
  const rights = useRights();
  if (!rights.edit) return null;
  const decide = (work: Promise<unknown>, done: string) =>
    void work.then(() => {
      changed('consolidations', 'decisions');
      say(done);
    }, refused);
  const takeBack = async () => {
    if (await confirm({ title: words.undoTitle, text: words.undoText(nameOf(row), otherOf(row)), act: words.undo })) void undo(row);
  };
  if (row.state === 'proposed') {
    return (
      <span className={css.buttons}>
        <Button size="compact-sm" onClick={() => decide(identity.accept(row.id), words.accepted)}>
          {words.accept}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => decide(identity.reject(row.id), words.rejected)}>
          {words.reject}
        </Button>
      </span>
    );
  }
  if (row.state !== 'done') return null;
  return (
    <Button size="compact-sm" variant="default" onClick={() => void takeBack()}>
      {words.undo}
    </Button>
  );
}

const State = ({ row }: { row: Consolidation }) => <Chip tone={tones[row.state]}>{words.states[row.state] ?? row.state}</Chip>;

const columns: Column<Consolidation>[] = [
  { id: 'host', title: words.host, min: 8, grow: 1.4, compare: (a, b) => compareText(nameOf(a), nameOf(b)), cell: row => <HostName id={row.host_id} name={nameOf(row)} /> },
  { id: 'other', title: words.other, min: 8, grow: 1.4, compare: (a, b) => compareText(otherOf(a), otherOf(b)), cell: row => <HostName id={row.other_host_id} name={otherOf(row)} /> },
  { id: 'why', title: words.why, min: 10, grow: 2.4, compare: (a, b) => compareText(a.reason, b.reason), cell: row => <span title={row.reason}>{sentence(row.reason)}</span> },
  { id: 'score', title: words.certainty, min: 5, grow: 0.4, end: true, descending: true, compare: byNumber(row => row.score ?? 100), cell: row => (row.score === null ? <Dash /> : `${row.score} %`) },
  { id: 'origin', title: words.originTitle, min: 6, grow: 0.6, compare: (a, b) => compareText(a.origin, b.origin), cell: row => words.origin[row.origin] ?? row.origin },
  { id: 'state', title: words.state, min: 5, grow: 0.5, compare: (a, b) => compareText(a.state, b.state), cell: row => <State row={row} /> },
  { id: 'when', title: words.when, min: 5.5, grow: 0.5, end: true, descending: true, compare: byNumber(whenOf), cell: row => <Ago at={whenOf(row)} /> },
  { id: 'do', title: texts.host.actions, min: 14, grow: 0.4, end: true, compare: () => 0, cell: row => <Actions row={row} /> },
];

const searchText = (row: Consolidation) => `\n${[row.host_name, row.other_name, row.reason, words.states[row.state]].filter(Boolean).join('\n')}\n`.toLowerCase();

const fields: Field<Consolidation>[] = [wordField('state', words.state, row => row.state, state => words.states[state] ?? state), wordField('origin', words.originTitle, row => row.origin, origin => words.origin[origin] ?? origin)];

export default function Consolidations({ params }: { params: URLSearchParams }) {
  const network = useNetworkId();
  const { value, problem } = useRemote(`consolidations ${network ?? ''}`, () => identity.list(network));
  const show = Object.keys(words.filters).find(each => each === params.get('state')) ?? 'all';
  return (
    <ListPage
      title={words.title}
      one={words.one}
      placeholder={words.filter}
      rows={value?.rows ?? null}
      fields={fields}
      cardRem={8}
      choosable
      problem={problem}
      columns={columns}
      order="-when"
      params={params}
      text={searchText}
      card={row => (
        <ThingCard title={<HostName id={row.host_id} name={nameOf(row)} />} aside={<State row={row} />}>
          <span>{`${words.other}: ${otherOf(row)}`}</span>
          <span>{sentence(row.reason)}</span>
          <Actions row={row} />
        </ThingCard>
      )}
      empty={<Empty icon={<IconGitMerge aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>
          <Lead to="/hosts">{texts.nav.hosts}</Lead>
        </Empty>}
      tools={<SegmentedControl aria-label={words.show} value={show} onChange={each => setParams({ state: each === 'all' ? null : each })} data={Object.entries(words.filters).map(([value, label]) => ({ value, label }))} />}
    />
  );
}
