// SPDX-License-Identifier: BSD-2-Clause
// When a host was there: a column a day, and the times themselves.

import { history } from '../api';
import { errorText } from '../errors';
import { spanText, timeText } from '../format';
import { Grid, None, Section } from '../parts/Section';
import { useRemote } from '../remote';
import { texts } from '../texts';
import css from './HostPresence.module.css';

const words = texts.history.presence;
const INTERVALS_MAX = 50;
const percent = (share: number) => Math.round(share * 100);

export function Presence({ id }: { id: string }) {
  const { value, problem } = useRemote(`presence ${id}`, () => history.presence(id));
  const shown = [...(value?.intervals ?? [])].reverse().slice(0, INTERVALS_MAX);
  const now = Date.now() / 1000;
  return (
    <Section wide title={words.title} hint={words.hint}>
      {problem && <None>{errorText(problem)}</None>}
      {value && (
        <>
          <p className={css.sum}>
            {words.share(percent(value.share))} · {value.present && value.present_since !== null ? `${words.since} ${timeText(value.present_since)}` : words.notNow}
          </p>
          <div className={css.days} role="img" aria-label={words.share(percent(value.share))}>
            {value.days.map(day => (
              <span key={day.day} title={words.day(day.day, percent(day.share))} data-none={day.share === 0 || undefined}>
                <span style={{ height: `${Math.max(day.share > 0 ? 6 : 0, percent(day.share))}%` }} />
              </span>
            ))}
          </div>
          {value.days.length > 0 && (
            <p className={css.ends} aria-hidden="true">
              <span>{value.days[0]!.day}</span>
              <span>{value.days[value.days.length - 1]!.day}</span>
            </p>
          )}
          {shown.length === 0 ? (
            <None>{words.none}</None>
          ) : (
            <Grid
              label={words.intervals}
              head={[words.from, words.until, words.took]}
              rows={shown.map(each => ({
                id: String(each.since),
                cells: [timeText(each.since), each.until === null ? words.now : timeText(each.until), <span key="took" className="figures">{spanText(Math.max(0, (each.until ?? now) - each.since))}</span>],
              }))}
            />
          )}
        </>
      )}
    </Section>
  );
}
