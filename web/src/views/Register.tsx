// SPDX-License-Identifier: BSD-2-Clause
// A new account: with an invite into the organization that invites, without one with an organization of its own.

import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';

import { account, invites, type Config, type InviteOffer, type Me } from '../api';
import { errorText } from '../errors';
import { linkTo } from '../navigate';
import { NewPassword, passwordGood } from '../parts/Password';
import { useRemote } from '../remote';
import { texts } from '../texts';
import { Door } from './Door';
import css from './Sign.module.css';
import { Problem, Providers, useSubmit } from './Sign';

const words = texts.sign;

const ToSignIn = () => (
  <p className={css.other}>
    {words.haveAccount}{' '}
    <a className="link" {...linkTo('/')}>
      {words.back}
    </a>
  </p>
);

export function Invited({ invite, config, done }: { invite: string; config: Config; done: (me: Me) => void }) {
  const { value, problem } = useRemote(`invite ${invite}`, () => invites.check(invite));
  if (problem && (problem.status <= 0 || problem.status >= 429)) return <Door title={texts.product} hint={errorText(problem)}>{null}</Door>;
  if (problem) {
    return (
      <Door title={words.inviteOver} hint={words.inviteOverHint}>
        <ToSignIn />
      </Door>
    );
  }
  if (!value) return <Door title={texts.product} hint={words.inviteLooking}>{null}</Door>;
  return <Register config={config} done={done} invite={invite} offer={value} />;
}

export function Register({ config, done, invite, offer }: { config: Config; done: (me: Me) => void; invite?: string; offer?: InviteOffer }) {
  const [name, setName] = useState('');
  const [email, setEmail] = useState(offer?.send_to ?? '');
  const [organization, setOrganization] = useState('');
  const [password, setPassword] = useState('');
  const own = { ...(name.trim() ? { name: name.trim() } : {}), ...(organization.trim() ? { organization: organization.trim() } : {}) };
  const { busy, problem, submit } = useSubmit(() => account.register({ email: email.trim(), password, ...own, ...(invite ? { invite } : {}) }), done, '');
  if (!offer && config.disable_registration) {
    return (
      <Door title={words.closed} hint={words.closedHint}>
        <ToSignIn />
      </Door>
    );
  }
  const role = offer ? (texts.people.role[offer.permissions] ?? offer.permissions).toLowerCase() : '';
  return (
    <Door title={offer ? words.inviteTitle(offer.organization_name) : words.registerTitle} hint={offer ? words.inviteHint(role) : words.registerHint}>
      <form className={css.form} onSubmit={submit}>
        {!config.disable_password_login && (
          <>
            <TextInput label={words.name} name="name" autoComplete="name" size="md" maxLength={100} value={name} onChange={event => setName(event.currentTarget.value)} />
            <TextInput label={words.email} type="email" name="email" autoComplete="username" required withAsterisk={false} size="md" value={email} readOnly={Boolean(offer?.send_to)} {...(offer?.send_to ? { description: words.sentTo } : {})} onChange={event => setEmail(event.currentTarget.value)} />
            {!offer && <TextInput label={words.organization} description={words.organizationHint} name="organization" autoComplete="organization" size="md" maxLength={100} value={organization} onChange={event => setOrganization(event.currentTarget.value)} />}
            <NewPassword name="password" size="md" value={password} change={setPassword} />
            <Problem>{problem}</Problem>
            <Button type="submit" size="md" loading={busy} disabled={!passwordGood(password)} fullWidth>
              {words.register}
            </Button>
          </>
        )}
        <Providers config={config} title={words.registerWith} {...(invite ? { invite } : {})} />
      </form>
      <ToSignIn />
    </Door>
  );
}
