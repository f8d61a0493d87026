// SPDX-License-Identifier: BSD-2-Clause
// Signing in, and the first set-up with the token that the collector printed.

import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';

import { account, ApiError, type Config, type Me } from '../api';
import { linkTo } from '../navigate';
import { NewPassword, passwordGood } from '../parts/Password';
import { texts } from '../texts';
import { Door } from './Door';
import css from './Sign.module.css';

const words = texts.sign;

export function useSubmit(run: () => Promise<Me>, done: (me: Me) => void, wrong: string) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    run()
      .then(done)
      .catch((error: unknown) => {
        setBusy(false);
        setProblem(problemText(error, wrong));
      });
  };
  return { busy, problem, submit };
}

function problemText(error: unknown, wrong: string): string {
  if (!(error instanceof ApiError) || error.status === 0) return words.away;
  if (error.status === 401 && wrong) return wrong;
  if (error.status === 429) return error.message ? words.failed(error.message) : words.tooMany;
  return words.failed(error.message);
}

export function Problem({ children }: { children: string | null }) {
  return (
    <p role="alert" className={css.problem}>
      {children}
    </p>
  );
}

// Buttons of the providers that one may sign in with; the collector leads there and back.
export function Providers({ config, invite, title }: { config: Config; invite?: string; title: (name: string) => string }) {
  if (!config.oidc_providers.length) return null;
  const back = invite ? '/' : location.pathname + location.search;
  return (
    <>
      {!config.disable_password_login && <p className={css.or}>{words.or}</p>}
      {config.oidc_providers.map(provider => (
        <Button key={provider.slug} component="a" href={account.signInWith(provider.slug, back.startsWith('/sign-in') ? '/' : back, invite)} variant="default" size="md" fullWidth>
          {title(provider.name)}
        </Button>
      ))}
    </>
  );
}

export function SignIn({ config, done, away }: { config: Config | null; done: (me: Me) => void; away: boolean }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { busy, problem, submit } = useSubmit(() => account.signIn(email.trim(), password), done, words.wrong);
  const refused = new URLSearchParams(location.search).get('error');
  if (!config && !away) return <Door title={texts.product} hint={texts.connection.connecting}>{null}</Door>;
  return (
    <Door title={words.inTitle} hint={config?.disable_password_login ? words.onlyProvider : words.inHint}>
      <form className={css.form} onSubmit={submit}>
        {refused && (
          <p role="alert" className={css.note}>
            {refused}
          </p>
        )}
        {!config?.disable_password_login && (
          <>
            <TextInput label={words.email} type="email" name="email" autoComplete="username" required withAsterisk={false} size="md" value={email} onChange={event => setEmail(event.currentTarget.value)} />
            <PasswordInput label={words.password} name="password" autoComplete="current-password" required withAsterisk={false} size="md" value={password} onChange={event => setPassword(event.currentTarget.value)} />
            <Problem>{away ? words.away : problem}</Problem>
            <Button type="submit" size="md" loading={busy} disabled={!config} fullWidth>
              {words.in}
            </Button>
          </>
        )}
        {config && <Providers config={config} title={words.with} />}
      </form>
      {config && !config.disable_registration && !config.disable_password_login && (
        <p className={css.other}>
          {words.noAccount}{' '}
          <a className="link" {...linkTo('/register')}>
            {words.toRegister}
          </a>
        </p>
      )}
    </Door>
  );
}

export function SetUp({ done }: { done: (me: Me) => void }) {
  const [token, setToken] = useState(() => new URLSearchParams(location.search).get('token') ?? '');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { busy, problem, submit } = useSubmit(() => account.setup(token.trim(), email.trim(), password), done, '');
  return (
    <Door title={words.upTitle} hint={words.upHint}>
      <form className={css.form} onSubmit={submit}>
        <TextInput label={words.token} description={words.tokenHint} name="token" autoComplete="off" spellCheck={false} required withAsterisk={false} size="md" value={token} onChange={event => setToken(event.currentTarget.value)} classNames={{ input: 'mono' }} />
        <TextInput label={words.email} type="email" name="email" autoComplete="username" required withAsterisk={false} size="md" value={email} onChange={event => setEmail(event.currentTarget.value)} />
        <NewPassword name="password" size="md" value={password} change={setPassword} />
        <Problem>{problem}</Problem>
        <Button type="submit" size="md" loading={busy} disabled={!passwordGood(password)} fullWidth>
          {words.up}
        </Button>
      </form>
    </Door>
  );
}
