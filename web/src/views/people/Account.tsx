// SPDX-License-Identifier: BSD-2-Clause
// One's own account: name, address, password, where one is signed in, and other ways in.

import { Button, PasswordInput, TextInput } from '@mantine/core';

import { account, people } from '../../api';
import { useIdentity, useRights } from '../../me';
import { linkTo } from '../../navigate';
import { useForm } from '../../parts/form';
import { say } from '../../parts/overlay';
import { Page } from '../../parts/Page';
import { NewPassword, passwordGood } from '../../parts/Password';
import { Section } from '../../parts/Section';
import { texts } from '../../texts';
import css from './Account.module.css';
import { Providers } from './AccountProviders';
import { Sessions } from './AccountSessions';

const words = texts.people.account;

export default function Account() {
  const rights = useRights();
  return (
    <Page title={words.title}>
      <div className={css.grid}>
        <div className={css.column}>
          <About />
          <Email />
          {rights.own && <Organization />}
        </div>
        <div className={css.column}>
          <Password />
          <Providers />
          <Section title={words.keys} hint={words.keysHint}>
            <p className={css.body}>
              <a className="link" {...linkTo('/keys?show=mine')}>
                {words.toKeys}
              </a>
            </p>
          </Section>
        </div>
        <Sessions />
      </div>
    </Page>
  );
}

function Problem({ form }: { form: { problem: string | null } }) {
  return (
    <p role="alert" className={css.problem}>
      {form.problem}
    </p>
  );
}

function About() {
  const { me, setMe } = useIdentity();
  const form = useForm(
    { name: me.name },
    values => account.update({ name: values.name.trim() }),
    changed => {
      setMe(changed);
      say(texts.saved);
    },
    { against: { operation: 'post /api/auth/update', body: values => ({ name: values.name.trim() }) } },
  );
  return (
    <Section title={words.about} hint={`${texts.people.role[me.permissions]}, ${me.organization_name}`}>
      <form className={css.form} onSubmit={form.submit}>
        <TextInput label={texts.people.name} autoComplete="name" {...form.text('name')} />
        <Problem form={form} />
        <Button type="submit" variant="default" loading={form.busy} disabled={form.values.name === me.name}>
          {texts.save}
        </Button>
      </form>
    </Section>
  );
}

function Email() {
  const { me, setMe } = useIdentity();
  const form = useForm(
    { email: me.email, current_password: '' },
    values => account.update({ email: values.email.trim(), ...(me.has_password ? { current_password: values.current_password } : {}) }),
    changed => {
      setMe(changed);
      form.reset({ email: changed.email, current_password: '' });
      say(texts.saved);
    },
    { against: { operation: 'post /api/auth/update', body: values => ({ email: values.email.trim() }) } },
  );
  return (
    <Section title={words.email}>
      <form className={css.form} onSubmit={form.submit}>
        <TextInput label={words.email} type="email" autoComplete="username" {...form.text('email')} />
        {me.has_password && <PasswordInput label={words.current} autoComplete="current-password" {...form.text('current_password')} />}
        <Problem form={form} />
        <Button type="submit" variant="default" loading={form.busy} disabled={form.values.email.trim() === me.email || (me.has_password && !form.values.current_password)}>
          {words.changeEmail}
        </Button>
      </form>
    </Section>
  );
}

function Password() {
  const { me, setMe } = useIdentity();
  const form = useForm(
    { password: '', current_password: '' },
    values => account.update({ password: values.password, ...(me.has_password ? { current_password: values.current_password } : {}) }),
    changed => {
      setMe(changed);
      form.reset({ password: '', current_password: '' });
      say(words.passwordChanged);
    },
  );
  return (
    <Section title={texts.sign.password} {...(me.has_password ? {} : { hint: words.noPassword })}>
      <form className={css.form} onSubmit={form.submit}>
        {me.has_password && <PasswordInput label={words.current} autoComplete="current-password" {...form.text('current_password')} />}
        <NewPassword label={words.newPassword} value={form.values.password} change={value => form.set('password', value)} error={form.errors.password} />
        <Problem form={form} />
        <Button type="submit" variant="default" loading={form.busy} disabled={!passwordGood(form.values.password) || (me.has_password && !form.values.current_password)}>
          {words.changePassword}
        </Button>
      </form>
    </Section>
  );
}

function Organization() {
  const { me, setMe } = useIdentity();
  const form = useForm(
    { name: me.organization_name },
    values => people.rename(me.organization_id, values.name.trim()),
    (_, values) => {
      setMe({ ...me, organization_name: values.name.trim() });
      say(texts.saved);
    },
    { against: { operation: 'put /api/organizations/{id}', body: values => ({ name: values.name.trim() }) } },
  );
  return (
    <Section title={words.organization}>
      <form className={css.form} onSubmit={form.submit}>
        <TextInput label={words.rename} {...form.text('name')} />
        <Problem form={form} />
        <Button type="submit" variant="default" loading={form.busy} disabled={form.values.name === me.organization_name}>
          {texts.save}
        </Button>
      </form>
    </Section>
  );
}
