// SPDX-License-Identifier: BSD-2-Clause
// Groups that flows propose: a click makes one, or dismisses it for good.

import { Button } from '@mantine/core';
import { useState } from 'react';

import { dependencies, type GroupProposal } from '../../api';
import { errorText } from '../../errors';
import { countText } from '../../format';
import { useViews } from '../../live';
import { useRights } from '../../me';
import { Chip } from '../../parts/Chips';
import { say } from '../../parts/overlay';
import { Grid, Section } from '../../parts/Section';
import { changed, useRemote } from '../../remote';
import { describeService } from '../../services/catalogue';
import type { Views } from '../../state/selectors';
import { texts } from '../../texts';
import rows from '../Rows.module.css';
import css from './Proposals.module.css';

const words = texts.proposals;
const SHOWN = 6;

const act = (work: Promise<unknown>, done: (answer: unknown) => string) =>
  work.then(
    answer => {
      changed('proposals');
      say(done(answer));
    },
    (error: unknown) => say(errorText(error), { tone: 'bad' }),
  );

export function LookForGroups({ network }: { network: string }) {
  const [looking, setLooking] = useState(false);
  const look = () => {
    setLooking(true);
    void act(dependencies.find(network), answer => words.found((answer as { proposed: number }).proposed)).finally(() => setLooking(false));
  };
  return (
    <Button variant="default" h={36} loading={looking} onClick={look} title={words.hint}>
      {words.find}
    </Button>
  );
}

// Nothing when there is none.
export function Proposals({ network }: { network: string }) {
  const rights = useRights();
  const views = useViews('host', 'interface', 'service');
  const { value } = useRemote(`proposals ${network}`, () => dependencies.proposals(network));
  if (!value?.rows.length) return null;
  const decide = (proposal: GroupProposal) => (
    <span key="do" className={rows.buttons}>
      <Button size="compact-sm" onClick={() => void act(dependencies.accept(proposal.id), () => words.accepted)}>
        {words.accept}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => void act(dependencies.dismiss(proposal.id), () => words.dismissed)}>
        {words.dismiss}
      </Button>
    </span>
  );
  return (
    <div className={css.box}>
      <Section title={words.title} hint={words.hint}>
        <div className={css.rows}>
          <Grid
            label={words.title}
            head={[words.group, words.members, ...(rights.edit ? [words.decide] : [])]}
            rows={value.rows.map(proposal => ({
              id: proposal.id,
              cells: [
                <Chip key="type">{texts.things.groups.type[proposal.group_type] ?? proposal.group_type}</Chip>,
                <Members key="members" proposal={proposal} views={views} />,
                ...(rights.edit ? [decide(proposal)] : []),
              ],
            }))}
          />
        </div>
      </Section>
    </div>
  );
}

function Members({ proposal, views }: { proposal: GroupProposal; views: Views }) {
  const titles = proposal.members.map(member => {
    const service = views.tables.service.get(member.service_id);
    const host = member.host_id === null ? undefined : views.host(member.host_id);
    return words.on(service ? describeService(service).title : (member.name ?? words.gone), host?.title || member.host_name || words.gone);
  });
  const shown = titles.slice(0, SHOWN).join(proposal.group_type === 'RequestPath' ? ' → ' : ', ');
  return (
    <span className={css.members} title={titles.join('\n')}>
      {shown} {titles.length > SHOWN && <span className="dim">{words.more(titles.length - SHOWN)}</span>} <span className="dim figures">{`(${countText(proposal.connections)})`}</span>
      <span className={css.why}>{proposal.reason}</span>
    </span>
  );
}
