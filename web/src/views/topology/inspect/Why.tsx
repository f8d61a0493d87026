// SPDX-License-Identifier: BSD-2-Clause
// The evidence for what is shown, when it is asked for: each fact with its protocol, its time and how sure it is.

import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useEffect, useState } from 'react';

import { hosts, type Evidence } from '../../../api';
import { errorText } from '../../../errors';
import { factText } from '../../../evidence';
import { linkTo } from '../../../navigate';
import { Ago } from '../../../parts/Ago';
import { Certainty, Source } from '../../../parts/Chips';
import { hostPath } from '../../../route';
import { texts } from '../../../texts';
import css from './inspect.module.css';

const words = texts.topology.inspect;
const SHOWN_MAX = 12;

// wanted: only what says something of it; without, all.
export function Why({ hostId, wanted }: { hostId: string; rows?: readonly string[]; wanted?: (fact: Evidence['fact']) => boolean }) {
  const [open, setOpen] = useState(false);
  const [rows, setRows] = useState<readonly Evidence[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (!open) return;
    let given = false;
    hosts.evidence(hostId).then(
      answer => !given && setRows(answer),
      (error: unknown) => !given && setProblem(errorText(error)),
    );
    return () => {
      given = true;
    };
  }, [open, hostId]);
  const fitting = rows && wanted ? rows.filter(row => wanted(row.fact)) : rows;
  const shown = fitting && [...fitting].sort((a, b) => b.fact.last - a.fact.last).slice(0, SHOWN_MAX);
  return (
    <section className={css.part} aria-label={words.why}>
      <UnstyledButton className={css.whyHead} aria-expanded={open} onClick={() => setOpen(!open)}>
        <IconChevronRight size={15} aria-hidden />
        <h4>{words.why}</h4>
        <span className={css.hint}>{words.whyHint}</span>
      </UnstyledButton>
      {open && problem && <p role="alert" className={css.hint}>{problem}</p>}
      {open && shown && (
        <>
          {shown.length === 0 && <p className={css.hint}>{words.whyNone}</p>}
          <ul className={css.evidence}>
            {shown.map(({ id, fact }) => (
              <li key={id}>
                <span>{factText(fact)}</span>
                <span className={css.hint}>
                  <Source source={fact.source} /> · <Certainty confidence={fact.confidence} /> · <Ago at={fact.last} />
                </span>
              </li>
            ))}
          </ul>
          {fitting!.length > shown.length && (
            <a className="link" {...linkTo(hostPath(hostId))}>
              {words.all}
            </a>
          )}
        </>
      )}
    </section>
  );
}
