// SPDX-License-Identifier: BSD-2-Clause
// What makes an alert, about whom, and when nobody is told. Everybody sees it; those who manage change it.

import { Button } from '@mantine/core';
import { IconBellCog } from '@tabler/icons-react';
import { useMemo } from 'react';

import { alertRules, type AlertRule } from '../../api';
import { useNetworkId } from '../../live';
import { useRights } from '../../me';
import { Chip, type Tone } from '../../parts/Chips';
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
import { EditRule } from './EditRule';

const words = texts.alertRules;
const kinds = texts.alerts.kinds;

export const severityTone: Record<string, Tone> = { bad: 'bad', warn: 'warn', note: 'plain' };
const weight: Record<string, number> = { bad: 2, warn: 1, note: 0 };

const scopeText = (rule: AlertRule) => {
  const parts = [rule.tags, rule.subnet_ids, rule.host_kinds].filter(list => list.length).length;
  return parts ? words.scoped(parts) : words.everything;
};
const quietText = (rule: AlertRule) => (rule.quiet_from && rule.quiet_to ? words.quietText(rule.quiet_from, rule.quiet_to) : '');
const toldText = (rule: AlertRule) => (rule.channel_ids ? words.someChannels(rule.channel_ids.length) : words.allChannels);
const limitText = (rule: AlertRule) => (rule.threshold === null ? '' : (words.limits[rule.kind]?.(rule.threshold) ?? String(rule.threshold)));
const stateText = (rule: AlertRule) => (rule.enabled ? words.on : words.off);

const Weight = ({ of }: { of: AlertRule }) => <Chip tone={severityTone[of.severity] ?? 'plain'}>{words.severities[of.severity]}</Chip>;
const State = ({ of }: { of: AlertRule }) => <Chip tone={of.enabled ? 'live' : 'plain'}>{stateText(of)}</Chip>;

const columns: Column<AlertRule>[] = [
  { id: 'name', title: words.name, min: 11, grow: 1.8, compare: (a, b) => compareText(a.name, b.name), cell: of => <RowLink id={of.id}>{of.name}</RowLink>, text: of => of.name },
  { id: 'kind', title: words.kind, min: 9, grow: 1.2, compare: (a, b) => compareText(kinds[a.kind], kinds[b.kind]), cell: of => kinds[of.kind], text: of => kinds[of.kind] },
  { id: 'severity', title: words.severity, min: 7, grow: 0.6, descending: true, compare: byNumber(of => weight[of.severity] ?? 0), cell: of => <Weight of={of} />, text: of => words.severities[of.severity] ?? '' },
  { id: 'threshold', title: words.limit, min: 6, grow: 0.5, end: true, compare: byNumber(of => of.threshold ?? -1), cell: of => (of.threshold === null ? <Dash /> : <span title={words.threshold[of.kind]}>{limitText(of)}</span>), text: limitText },
  { id: 'scope', title: words.scope, min: 7, grow: 0.9, compare: (a, b) => compareText(scopeText(a), scopeText(b)), cell: of => scopeText(of), text: scopeText },
  { id: 'quiet', title: words.quiet, min: 6, grow: 0.6, compare: (a, b) => compareText(quietText(a), quietText(b)), cell: of => quietText(of) || <Dash />, text: quietText },
  { id: 'tells', title: words.tells, min: 6, grow: 0.7, compare: (a, b) => compareText(toldText(a), toldText(b)), cell: of => toldText(of), text: toldText },
  { id: 'state', title: words.state, min: 3.5, grow: 0.3, compare: (a, b) => Number(a.enabled) - Number(b.enabled), cell: of => <State of={of} />, text: stateText },
];
const fields: Field<AlertRule>[] = [wordField('severity', words.severity, of => of.severity, severity => words.severities[severity] ?? severity), wordField('state', words.state, of => stateText(of), state => state)];

export default function Rules({ params }: { params: URLSearchParams }) {
  const rights = useRights();
  const edit = useEdit(params);
  const network = useNetworkId();
  const { value, problem } = useRemote(`alert rules ${network}`, () => alertRules.list(network));
  const rows = useMemo(() => value?.rows ?? null, [value]);
  const edited = rows?.find(of => of.id === edit.id);
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
        order="kind"
        params={params}
        text={of => `\n${[of.name, kinds[of.kind], words.severities[of.severity], toldText(of)].filter(Boolean).join('\n')}\n`.toLowerCase()}
        card={of => (
          <ThingCard title={<RowLink id={of.id}>{of.name}</RowLink>} aside={<State of={of} />}>
            <Weight of={of} />
            <span>{scopeText(of)}</span>
            <span>{toldText(of)}</span>
          </ThingCard>
        )}
        empty={
          <Empty icon={<IconBellCog aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>
            {rights.manage && <Button variant="light" onClick={() => edit.open(NEW)}>{texts.list.first(words.one)}</Button>}
          </Empty>
        }
        add={rights.manage ? { title: words.new, run: () => edit.open(NEW) } : undefined}
        csv={alertRules.csv(network)}
        remove={rights.manage ? ids => alertRules.remove(ids).then(() => changed('alert rules')) : undefined}
      />
      {(edit.isNew || edited) && <EditRule key={edited ? `${edited.id} ${edited.revision}` : NEW} of={edited ?? null} close={edit.close} />}
    </>
  );
}
