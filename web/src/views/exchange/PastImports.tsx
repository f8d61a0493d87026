// SPDX-License-Identifier: BSD-2-Clause
// What was imported, how far it is, and taking it back.

import { Button } from '@mantine/core';

import { imports, type Import } from '../../api';
import { errorText } from '../../errors';
import { countText } from '../../format';
import { useRights } from '../../me';
import { Ago } from '../../parts/Ago';
import { Chip, type Tone } from '../../parts/Chips';
import { confirm, say } from '../../parts/overlay';
import { Grid, None, Section } from '../../parts/Section';
import { changed, useRemote } from '../../remote';
import { texts } from '../../texts';

const words = texts.exchange;
const tones: Record<Import['state'], Tone> = { running: 'accent', done: 'live', failed: 'bad', undone: 'plain' };

async function undo(row: Import) {
  if (!(await confirm({ title: words.undoTitle, text: words.undoText(row.name), act: words.undo, danger: true }))) return;
  try {
    await imports.undo(row.id);
    say(words.undone);
  } catch (error) {
    say(errorText(error), { tone: 'bad' });
  }
  changed('imports');
}

export function PastImports({ network }: { network: string }) {
  const rights = useRights();
  const { value } = useRemote(`imports ${network}`, () => imports.list(network));
  if (!value) return null;
  return (
    <Section wide title={words.past} hint={words.pastHint}>
      {value.rows.length === 0 ? (
        <None>{words.nothing}</None>
      ) : (
        <Grid
          label={words.past}
          head={[words.name, words.format, words.what, words.state, words.when, ...(rights.edit ? [texts.host.actions] : [])]}
          rows={value.rows.map(row => ({
            id: row.id,
            cells: [
              row.name,
              words.formats[row.format] ?? row.format,
              words.held(row.hosts, row.services),
              <span key="state">
                <Chip tone={tones[row.state]} title={row.error ?? undefined}>
                  {words.states[row.state] ?? row.state}
                </Chip>
                {row.state === 'running' && <span className="dim"> {words.under(countText(row.facts_done), countText(row.facts))}</span>}
              </span>,
              <Ago key="at" at={row.created_at} />,
              ...(rights.edit
                ? [
                    row.state === 'done' || row.state === 'failed' ? (
                      <Button key="undo" size="compact-sm" variant="default" onClick={() => void undo(row)}>
                        {words.undo}
                      </Button>
                    ) : null,
                  ]
                : []),
            ],
          }))}
        />
      )}
    </Section>
  );
}
