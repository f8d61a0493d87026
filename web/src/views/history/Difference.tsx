// SPDX-License-Identifier: BSD-2-Clause
// What is new, gone or changed between two times.

import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';

import { ApiError, history, type Difference as Answer, type DifferenceItem } from '../../api';
import { changesText } from '../../changes';
import { errorText } from '../../errors';
import { timeText } from '../../format';
import { Chip, type Tone } from '../../parts/Chips';
import { Loading } from '../../parts/Empty';
import { Grid, None, Section } from '../../parts/Section';
import { useNameOf } from '../../names';
import { texts } from '../../texts';
import css from './Changes.module.css';

const words = texts.history.changes;
const PAGE = 200;
const tones: Record<DifferenceItem['change'], Tone> = { added: 'live', removed: 'bad', changed: 'accent' };

// Before what is kept, the collector says since when it knows something.
export function problemText(error: unknown): string {
  const oldest = error instanceof ApiError && error.status === 410 ? (error.data as { oldest_at?: number } | null)?.oldest_at : undefined;
  return oldest === undefined ? words.failed(errorText(error)) : words.tooOld(timeText(oldest));
}

export function Difference({ network, from, to, entity }: { network: string; from: number; to: number; entity: string | null }) {
  const [known, setKnown] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const nameOf = useNameOf();
  const read = (offset: number) =>
    history.difference(network, from, to, entity, offset, PAGE).then(
      answer => setKnown(old => (offset && old ? { ...answer, items: [...old.items, ...answer.items] } : answer)),
      (error: unknown) => setProblem(problemText(error)),
    );
  useEffect(() => void read(0), []);
  if (problem) return <Section title={words.difference}><None>{problem}</None></Section>;
  if (!known) return <Loading />;
  return (
    <Section title={words.difference} hint={`${timeText(known.from)} → ${timeText(known.to)}`}>
      {known.total === 0 ? (
        <None>{words.same}</None>
      ) : (
        <>
          <p className={css.sums}>
            {Object.entries(known.counts).map(([name, sums]) => {
              const text = words.sums(sums.added, sums.removed, sums.changed);
              return text && <span key={name}><strong>{texts.history.entity[name] ?? name}</strong> {text}</span>;
            })}
          </p>
          <Grid
            label={words.difference}
            head={[words.thing, words.how, words.entity, words.details]}
            rows={known.items.map(item => ({
              id: `${item.entity} ${item.id}`,
              cells: [
                <span key="label" className={css.strong}>{item.label}</span>,
                <Chip key="change" tone={tones[item.change]}>{words.change[item.change] ?? item.change}</Chip>,
                texts.history.one[item.entity] ?? item.entity,
                item.change === 'changed' ? <span key="details" className={css.wide}>{changesText(item.before, item.after, nameOf)}</span> : null,
              ],
            }))}
          />
          {known.items.length < known.total && (
            <p className={css.more}>
              <Button size="compact-sm" variant="default" onClick={() => void read(known.items.length)}>
                {words.more}
              </Button>
            </p>
          )}
        </>
      )}
    </Section>
  );
}
