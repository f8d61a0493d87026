// SPDX-License-Identifier: BSD-2-Clause
// What has happened to something, in words, by day, with whose doing it was.

import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

import { history, type Timeline } from '../api';
import { errorText, sentence } from '../errors';
import { clockText, dayText, timeText } from '../format';
import { useNameOf } from '../names';
import { texts } from '../texts';
import { actorText, byDay, entryText, saysSomething } from '../timeline';
import { None, Section } from './Section';
import css from './TimelineSection.module.css';

const words = texts.history.timeline;
const PAUSE_MS = 1200;

// path: the plural under /api; version: says when to look again, such as the row that it is about.
export function TimelineSection({ path, id, version }: { path: string; id: string; version: unknown }) {
  const [known, setKnown] = useState<Timeline | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const nameOf = useNameOf();
  const first = useRef(true);
  useEffect(() => {
    let current = true;
    const read = () =>
      history.timeline(path, id, null).then(
        answer => {
          if (!current) return;
          setKnown(answer);
          setProblem(null);
        },
        (error: unknown) => current && setProblem(errorText(error)),
      );
    const timer = setTimeout(() => void read(), first.current ? 0 : PAUSE_MS);
    first.current = false;
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [path, id, version]);
  const older = () =>
    history.timeline(path, id, known!.next).then(
      page => setKnown(old => old && { ...old, entries: [...old.entries, ...page.entries], next: page.next }),
      (error: unknown) => setProblem(errorText(error)),
    );
  return (
    <Section wide title={words.title} hint={words.hint}>
      {problem && <None>{words.failed(problem)}</None>}
      {known && known.entries.length === 0 && <None>{words.none}</None>}
      {known && known.entries.length > 0 && (
        <div className={css.days} data-testid="timeline">
          {byDay(known.entries.filter(entry => saysSomething(entry, nameOf)), Date.now() / 1000).map(day => (
            <section key={day.day} className={css.day} aria-label={day.day}>
              <h3>{day.day}</h3>
              <ol>
                {day.entries.map(entry => (
                  <li key={entry.seq} data-kind={entry.kind}>
                    <time dateTime={new Date(entry.at * 1000).toISOString()} title={timeText(entry.at)}>
                      {clockText(entry.at)}
                    </time>
                    <span>
                      {sentence(entryText(entry, nameOf)).replace(/\.$/, '')} <span className="dim">{actorText(entry)}</span>
                    </span>
                  </li>
                ))}
              </ol>
            </section>
          ))}
        </div>
      )}
      {known && (
        <p className={css.foot}>
          {known.next !== null ? (
            <Button size="compact-sm" variant="default" onClick={() => void older()}>
              {words.older}
            </Button>
          ) : (
            known.oldest_at !== null && words.reaches(dayText(known.oldest_at))
          )}
        </p>
      )}
    </Section>
  );
}
