// SPDX-License-Identifier: BSD-2-Clause
// Signing in, and the first set-up with the token that the collector printed.

import { Button, PasswordInput, TextInput } from '@mantine/core';
import { IconCheck, IconCircle } from '@tabler/icons-react';
import { useState, type FormEvent, type ReactNode } from 'react';

import { api, ApiError, type User } from '../api';
import { Logo } from '../parts/Logo';
import { useTitle } from '../parts/Page';
import { texts } from '../texts';
import { passwordRules } from './password';
import css from './Sign.module.css';

const words = texts.sign;

function Door({ title, hint, children }: { title: string; hint: string; children: ReactNode }) {
  useTitle(title);
  return (
    <main className={css.door}>
      <div className={css.scene} aria-hidden="true">
        <Scene />
      </div>
      <div className={css.panel}>
        <div className={css.brand}>
          <Logo size={34} />
          <span>{texts.product}</span>
        </div>
        <h1 className={css.title}>{title}</h1>
        <p className={css.hint}>{hint}</p>
        {children}
      </div>
    </main>
  );
}

// A quiet drawing of a network: nothing of it is data.
function Scene() {
  const nodes = [[120, 180], [300, 90], [460, 210], [230, 330], [420, 420], [600, 330], [650, 130], [120, 470], [320, 560], [560, 560], [720, 470]] as const;
  const links = [[0, 1], [1, 2], [0, 3], [3, 2], [3, 4], [2, 5], [2, 6], [4, 5], [3, 7], [7, 8], [4, 8], [4, 9], [5, 10], [9, 10]] as const;
  return (
    <svg viewBox="60 40 720 580" preserveAspectRatio="xMidYMid slice" fill="none">
      {links.map(([a, b]) => (
        <path key={`${a}-${b}`} d={`M${nodes[a]![0]} ${nodes[a]![1]}L${nodes[b]![0]} ${nodes[b]![1]}`} />
      ))}
      {nodes.map(([x, y], i) => (
        <circle key={i} cx={x} cy={y} r={i % 3 === 0 ? 9 : 6} data-live={i % 4 === 2 || undefined} />
      ))}
    </svg>
  );
}

function useSubmit(run: () => Promise<User>, done: (user: User) => void, wrong: string) {
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
  if (error.status === 429) return words.tooMany;
  return words.failed(error.message);
}

function Problem({ children }: { children: string | null }) {
  return (
    <p role="alert" className={css.problem}>
      {children}
    </p>
  );
}

export function SignIn({ done, ready, away }: { done: (user: User) => void; ready: boolean; away: boolean }) {
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const { busy, problem, submit } = useSubmit(() => api.signIn(email.trim(), password), done, words.wrong);
  if (!ready && !away) return <Door title={texts.product} hint={texts.connection.connecting}>{null}</Door>;
  return (
    <Door title={words.inTitle} hint={words.inHint}>
      <form className={css.form} onSubmit={submit}>
        <TextInput label={words.email} type="email" name="email" autoComplete="username" required withAsterisk={false} size="md" value={email} onChange={event => setEmail(event.currentTarget.value)} />
        <PasswordInput label={words.password} name="password" autoComplete="current-password" required withAsterisk={false} size="md" value={password} onChange={event => setPassword(event.currentTarget.value)} />
        <Problem>{away ? words.away : problem}</Problem>
        <Button type="submit" size="md" loading={busy} disabled={!ready} fullWidth>
          {words.in}
        </Button>
      </form>
    </Door>
  );
}

export function SetUp({ done }: { done: (user: User) => void }) {
  const [token, setToken] = useState(() => new URLSearchParams(location.search).get('token') ?? '');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const rules = passwordRules(password);
  const { busy, problem, submit } = useSubmit(() => api.setup(token.trim(), email.trim(), password), done, '');
  return (
    <Door title={words.upTitle} hint={words.upHint}>
      <form className={css.form} onSubmit={submit}>
        <TextInput label={words.token} description={words.tokenHint} name="token" autoComplete="off" spellCheck={false} required withAsterisk={false} size="md" value={token} onChange={event => setToken(event.currentTarget.value)} classNames={{ input: 'mono' }} />
        <TextInput label={words.email} type="email" name="email" autoComplete="username" required withAsterisk={false} size="md" value={email} onChange={event => setEmail(event.currentTarget.value)} />
        <PasswordInput label={words.password} name="password" autoComplete="new-password" required withAsterisk={false} size="md" value={password} onChange={event => setPassword(event.currentTarget.value)} aria-describedby="rules" />
        <ul className={css.rules} id="rules" aria-label={words.rules}>
          {rules.map(rule => (
            <li key={rule.text} data-met={rule.met || undefined}>
              {rule.met ? <IconCheck size={14} aria-hidden /> : <IconCircle size={14} aria-hidden />}
              {rule.text}
              <span className="hidden">: {rule.met ? words.met : words.unmet}</span>
            </li>
          ))}
        </ul>
        <Problem>{problem}</Problem>
        <Button type="submit" size="md" loading={busy} disabled={rules.some(rule => !rule.met)} fullWidth>
          {words.up}
        </Button>
      </form>
    </Door>
  );
}
