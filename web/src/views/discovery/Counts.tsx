// SPDX-License-Identifier: BSD-2-Clause
// How far a run is, in what its sensor counts: which step, how many were asked and are there, what is open, how long still.

import type { Session } from '../../api';
import { spanText } from '../../format';
import { texts } from '../../texts';
import css from './Sessions.module.css';

const words = texts.discovery.sessions;

const numberOf = (detail: Session['detail'], name: string): number | null => {
  const value = detail?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

export function stepText(detail: Session['detail']): string | null {
  const step = detail?.step;
  return typeof step === 'string' && step ? (words.step[step] ?? step.replaceAll('_', ' ')) : null;
}

export function countsOf(detail: Session['detail']): string[] {
  const said = (name: string, text: (count: number) => string, zero = false) => {
    const count = numberOf(detail, name);
    return count === null || (!zero && count === 0) ? [] : [text(count)];
  };
  const toIdentify = numberOf(detail, 'to_identify');
  return [
    ...said('asked', words.asked),
    ...said('up', words.up, true),
    ...said('open', words.open, true),
    ...(toIdentify ? said('identified', count => words.identified(count, toIdentify), true) : []),
    ...said('saved', words.saved),
    ...said('rate', words.rate),
    ...said('remaining_s', left => words.left(spanText(left))),
  ];
}

export function Counts({ session }: { session: Session }) {
  const step = stepText(session.detail);
  const counts = countsOf(session.detail);
  if (!step && !counts.length) return null;
  return (
    <p className={css.counts}>
      {step && <strong>{step}</strong>}
      {counts.map(text => (
        <span key={text} className="figures">
          {text}
        </span>
      ))}
    </p>
  );
}
