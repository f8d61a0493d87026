// SPDX-License-Identifier: BSD-2-Clause
// Who signed in, and who changed rights, keys and what belongs to the organization.

import { Button } from '@mantine/core';
import { IconReportSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';

import { audit, type AuditEntry } from '../../api';
import { changesText } from '../../changes';
import { timeText } from '../../format';
import { setParams } from '../../navigate';
import { Ago } from '../../parts/Ago';
import { Empty, Loading } from '../../parts/Empty';
import { Choice } from '../../parts/Fields';
import { Page } from '../../parts/Page';
import { Grid, Section } from '../../parts/Section';
import { asApiError } from '../../remote';
import { errorText } from '../../errors';
import { texts } from '../../texts';
import css from './Audit.module.css';

const words = texts.people.audit;
const PAGE = 100;

const actionText = (action: string) => words.action[action] ?? action.replaceAll('_', ' ');
const ALL = 'all';

export default function Audit({ params }: { params: URLSearchParams }) {
  const action = params.get('action');
  const [rows, setRows] = useState<AuditEntry[] | null>(null);
  const [total, setTotal] = useState(0);
  const [problem, setProblem] = useState<string | null>(null);
  const read = (offset: number) =>
    audit.list({ limit: PAGE, offset, action }).then(
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
  }, [action]);
  return (
    <Page
      title={words.title}
      note={rows && rows.length > 0 && words.shown(rows.length, total)}
      tools={<div className={css.choice}><Choice label={words.what} options={[{ value: ALL, label: words.all }, ...Object.keys(words.action).map(each => ({ value: each, label: actionText(each) }))]} value={action ?? ALL} change={value => setParams({ action: value === ALL ? null : value })} searchable /></div>}
    >
      {problem && <Empty title={texts.table.unread(words.title)} hint={problem} />}
      {!problem && !rows && <Loading />}
      {rows?.length === 0 && <Empty icon={<IconReportSearch aria-hidden />} title={action ? texts.table.nothing : words.emptyTitle} hint={words.emptyHint} />}
      {rows && rows.length > 0 && (
        <Section title={words.title}>
          <Grid
            label={words.title}
            head={[words.who, words.what, words.details, words.from, words.at]}
            rows={rows.map(row => ({
              id: row.id,
              cells: [
                <strong key="who" className={css.who}>{row.actor_name || (row.actor ? texts.unknown : words.nobody)}</strong>,
                actionText(row.action),
                changesText(row.before, row.after) || null,
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
