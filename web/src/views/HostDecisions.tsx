// SPDX-License-Identifier: BSD-2-Clause
// Why a host is what it is: what was taken together, by which rule, and what a person said.

import { identity } from '../api';
import { sentence } from '../errors';
import { Ago } from '../parts/Ago';
import { Chip } from '../parts/Chips';
import { Grid, Section } from '../parts/Section';
import { useRemote } from '../remote';
import { texts } from '../texts';

const words = texts.history.decisions;

export function Decisions({ id }: { id: string }) {
  const { value } = useRemote(`decisions ${id}`, () => identity.decisions(id));
  if (!value?.length) return null;
  return (
    <Section wide title={words.title} hint={words.hint}>
      <Grid
        label={words.title}
        head={[words.why, words.what, words.certainty, words.when]}
        rows={value.map(decision => ({
          id: decision.id,
          cells: [
            sentence(decision.reason),
            <Chip key="kind" tone={decision.state === 'proposed' ? 'warn' : 'plain'}>{words.kind[decision.kind] ?? decision.kind}</Chip>,
            decision.score === null ? null : <span key="score" className="figures">{`${decision.score} %`}</span>,
            <Ago key="at" at={decision.at} />,
          ],
        }))}
      />
    </Section>
  );
}
