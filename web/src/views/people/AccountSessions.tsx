// SPDX-License-Identifier: BSD-2-Clause
// Where one is signed in, and how to end what one does not know.

import { Button } from '@mantine/core';

import { account } from '../../api';
import { browserText } from '../../browser';
import { errorText } from '../../errors';
import { useIdentity } from '../../me';
import { Ago } from '../../parts/Ago';
import { Chip } from '../../parts/Chips';
import { confirm, say } from '../../parts/overlay';
import { Grid, None, Section } from '../../parts/Section';
import { changed, useRemote } from '../../remote';
import { texts } from '../../texts';
import css from './Account.module.css';

const words = texts.people.account;
const remote = 'sign-ins';

export function Sessions() {
  const { signOut } = useIdentity();
  const { value, problem } = useRemote(remote, account.sessions);
  const end = (id: string) =>
    account.endSession(id).then(
      () => changed(remote),
      (error: unknown) => say(errorText(error), { tone: 'bad' }),
    );
  const everywhere = async () => {
    if (await confirm({ title: `${words.everywhere}?`, text: words.everywhereText, act: words.everywhere })) signOut(true);
  };
  return (
    <Section
      wide
      title={words.sessions}
      hint={words.sessionsHint}
      aside={
        <Button size="compact-sm" variant="default" onClick={() => void everywhere()}>
          {words.everywhere}
        </Button>
      }
    >
      {problem && <None>{errorText(problem)}</None>}
      {value && (
        <Grid
          label={words.sessions}
          head={[words.browser, words.address, words.begun, words.used, texts.host.actions]}
          rows={value.map(session => ({
            id: session.id,
            cells: [
              <span key="agent" className={css.agent} title={session.user_agent ?? undefined}>
                {browserText(session.user_agent)} {session.current && <Chip tone="live">{words.here}</Chip>}
              </span>,
              session.address && <span className="mono">{session.address}</span>,
              <Ago key="begun" at={session.created_at} />,
              session.last_used === null ? null : <Ago key="used" at={session.last_used} />,
              session.current ? null : (
                <Button key="end" size="compact-xs" variant="default" onClick={() => void end(session.id)}>
                  {words.end}
                </Button>
              ),
            ],
          }))}
        />
      )}
    </Section>
  );
}
