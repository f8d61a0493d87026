// SPDX-License-Identifier: BSD-2-Clause
// A network's rows of one kind as they were at a time.

import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';

import { history, type Bag } from '../../api';
import { fieldText, valueText } from '../../changes';
import { timeText } from '../../format';
import { Ago } from '../../parts/Ago';
import { Loading } from '../../parts/Empty';
import { Grid, None, Section } from '../../parts/Section';
import { texts } from '../../texts';
import css from './Changes.module.css';
import { problemText } from './Difference';

const words = texts.history.changes;
const PAGE = 500;

// The columns worth a look, in their order; of other kinds, whatever has a name.
const columns: Record<string, string[]> = {
  host: ['name', 'vendor', 'description', 'name_source', 'first_seen', 'last_seen'],
  interface: ['ip', 'mac', 'vlan', 'vendor', 'via', 'first_seen', 'last_seen'],
  service: ['name', 'ip', 'port', 'proto', 'state', 'source', 'first_seen', 'last_seen'],
  flow: ['client', 'server', 'port', 'proto', 'vlan', 'first_seen', 'last_seen'],
  subnet: ['name', 'cidr', 'subnet_type', 'description', 'origin'],
  group: ['name', 'group_type', 'description', 'color'],
  sensor: ['name', 'hostname', 'software'],
  network: ['name', 'description'],
};
const times = new Set(['first_seen', 'last_seen']);

function Cell({ name, value }: { name: string; value: unknown }) {
  if (times.has(name) && typeof value === 'number') return <Ago at={value} />;
  return <span className={['ip', 'mac', 'cidr', 'via', 'client', 'server'].includes(name) ? 'mono' : undefined}>{valueText(value)}</span>;
}

export function AsOf({ network, at, entity }: { network: string; at: number; entity: string }) {
  const [known, setKnown] = useState<{ at: number; total: number; rows: Bag[] } | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const read = (offset: number) =>
    history.asOf(network, at, entity, offset, PAGE).then(
      answer => {
        const { total = 0, rows = [] } = answer.entities[entity] ?? {};
        setKnown(old => ({ at: answer.at, total, rows: [...(offset ? (old?.rows ?? []) : []), ...rows] }));
      },
      (error: unknown) => setProblem(problemText(error)),
    );
  useEffect(() => void read(0), []);
  if (problem) return <Section title={words.asOf}><None>{problem}</None></Section>;
  if (!known) return <Loading />;
  const shown = columns[entity] ?? ['name'];
  return (
    <Section title={`${texts.history.entity[entity] ?? entity}`} hint={`${timeText(known.at)}, ${words.shown(known.rows.length, known.total)}`}>
      {known.rows.length === 0 ? (
        <None>{words.none}</None>
      ) : (
        <>
          <Grid
            label={words.asOf}
            head={shown.map(name => (name === 'first_seen' ? texts.hosts.first : name === 'last_seen' ? texts.hosts.last : fieldText(name)))}
            rows={known.rows.map(row => ({ id: String(row.id), cells: shown.map(name => (row[name] === null || row[name] === undefined ? null : <Cell key={name} name={name} value={row[name]} />)) }))}
          />
          {known.rows.length < known.total && (
            <p className={css.more}>
              <Button size="compact-sm" variant="default" onClick={() => void read(known.rows.length)}>
                {words.more}
              </Button>
            </p>
          )}
        </>
      )}
    </Section>
  );
}
