// SPDX-License-Identifier: BSD-2-Clause
// Accounts at OIDC providers that lead in here: link one, or unlink it.

import { Button } from '@mantine/core';

import { account } from '../../api';
import { errorText } from '../../errors';
import { dayText } from '../../format';
import { useIdentity } from '../../me';
import { confirm, say } from '../../parts/overlay';
import { Section } from '../../parts/Section';
import { useRemote } from '../../remote';
import { texts } from '../../texts';
import css from './Account.module.css';

const words = texts.people.account;
const refused = (error: unknown) => say(errorText(error), { tone: 'bad' });

export function Providers() {
  const { me, setMe } = useIdentity();
  const { value: config } = useRemote('config', account.config);
  if (!config?.oidc_providers.length) return null;
  const link = (slug: string) => account.link(slug, '/account').then(({ url }) => location.assign(url), refused);
  const unlink = async (slug: string, name: string) => {
    if (await confirm({ title: `${words.unlink} ${name}?`, text: words.unlinkText(name), act: words.unlink })) account.unlink(slug).then(setMe, refused);
  };
  return (
    <Section title={words.providers} hint={words.providersHint}>
      <ul className={css.list}>
        {config.oidc_providers.map(provider => {
          const linked = me.oidc.find(each => each.slug === provider.slug);
          return (
            <li key={provider.slug}>
              <span>
                {provider.name} <span className="dim">{linked ? `${words.linked}, ${dayText(linked.linked_at)}` : words.notLinked}</span>
              </span>
              <Button size="compact-sm" variant="default" onClick={() => void (linked ? unlink(provider.slug, provider.name) : link(provider.slug))}>
                {linked ? words.unlink : words.link}
              </Button>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
