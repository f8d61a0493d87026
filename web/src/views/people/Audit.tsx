// SPDX-License-Identifier: BSD-2-Clause
// Who signed in, and who changed rights, keys and what belongs to the organization.

import { Button } from '@mantine/core';
import { IconReportSearch } from '@tabler/icons-react';
import { useDeferredValue, useEffect, useState } from 'react';

import { audit, type AuditEntry } from '../../api';
import { changesText } from '../../changes';
import { timeText } from '../../format';
import { setParams } from '../../navigate';
import { Ago } from '../../parts/Ago';
import { Empty, Loading } from '../../parts/Empty';
import { Choice } from '../../parts/Fields';
import { Page } from '../../parts/Page';
import { Grid, Section } from '../../parts/Section';
import { Filter } from '../../parts/Toolbar';
import { asApiError } from '../../remote';
import { errorText } from '../../errors';
import { useNameOf } from '../../names';
import { texts } from '../../texts';
import css from './Audit.module.css';

const words = texts.people.audit;
const PAGE = 100;

// What was made, changed or deleted is told with what it was.
function actionText({ action, entity }: AuditEntry): string {
  const made = words.made[action];
  return made ? `${made} ${words.entity[entity ?? ''] ?? (entity ?? '').replaceAll('_', ' ')}` : (words.action[action] ?? action.replaceAll('_', ' '));
}

const ALL = 'all';

const Details = ({ text }: { text: string }) => (text ? <span className={css.details}>{text}</span> : <span className="dim">–</span>);

export default function Audit({ params }: { params: URLSearchParams }) {
  const entity = params.get('about');
  const search = useDeferredValue(params.get('q'));
  const [rows, setRows] = useState<AuditEntry[] | null>(null);
  const [total, setTotal] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const nameOf = useNameOf();
  const read = (offset: number) =>
    audit.list({ limit: PAGE, offset, entity, search }).then(
      page => {
        setRows(old => [...(offset ? (old ?? []) : []), ...page.rows]);
        setTotal(page.total);
        setProblem(null);
      },
      (error: unknown) => setProblem(errorText(asApiError(error))),
    );
  useEffect(() => {
    setRows(null);
    void read(0);
  }, [entity, search]);
  return (
    <Page
      title={words.title}
      note={rows && rows.length > 0 && words.shown(rows.length, total)}
      tools={
        <>
          <Filter value={params.get('q') ?? ''} placeholder={words.filter} />
          <div className={css.choice}>
            <Choice label={words.about} options={[{ value: ALL, label: words.all }, ...Object.entries(words.abouts).map(([value, label]) => ({ value, label }))]} value={entity ?? ALL} change={value => setParams({ about: value === ALL ? null : value })} />
          </div>
        </>
      }
    >
      {problem && <Empty title={texts.table.unread(words.title)} hint={problem} />}
      {!problem && !rows && <Loading />}
      {rows?.length === 0 && <Empty icon={<IconReportSearch aria-hidden />} title={entity || search ? texts.table.nothing : words.emptyTitle} hint={words.emptyHint} />}
      {rows && rows.length > 0 && (
        <Section title={words.title}>
          <Grid
            label={words.title}
            head={[words.who, words.what, words.details, words.from, words.at]}
            rows={rows.map(row => ({
              id: row.id,
              cells: [
                <strong key="who" className={css.who}>{row.actor_name || (row.actor ? texts.unknown : words.nobody)}</strong>,
                actionText(row),
                <Details key="details" text={changesText(row.before, row.after, nameOf)} />,
                row.address && <span className="mono">{row.address}</span>,
                <span key="at" title={timeText(row.at)}><Ago at={row.at} /></span>,
              ],
            }))}
          />
        </Section>
      )}
      {rows && rows.length < total && (
        <Button variant="default" className={css.more} onClick={() => void read(rows.length)}>
          {words.more}
        </Button>
      )}
    </Page>
  );
}
