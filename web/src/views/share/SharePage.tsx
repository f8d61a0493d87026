// SPDX-License-Identifier: BSD-2-Clause
// What somebody sees who has a link: the picture, a question for its password, or that it has ended. Nobody is signed in here.

import { Button, Loader, PasswordInput } from '@mantine/core';
import { IconCloudOff, IconLinkOff, IconLock } from '@tabler/icons-react';
import { useState, type FormEvent, type ReactNode } from 'react';

import { ApiError } from '../../api';
import { errorText } from '../../errors';
import { Empty } from '../../parts/Empty';
import { Logo } from '../../parts/Logo';
import { Overlays } from '../../parts/Overlays';
import { useTitle } from '../../parts/Page';
import { texts } from '../../texts';
import type { ShareAddress } from './shared';
import { SharedPicture } from './SharedPicture';
import css from './SharePage.module.css';
import { useShared } from './useShared';

const words = texts.share.page;

export function SharePage({ address }: { address: ShareAddress }) {
  const { state, unlock } = useShared(address.id);
  useTitle(state.is === 'open' ? state.shared.share.name : state.is === 'locked' ? state.look.name : texts.share.open);
  if (state.is === 'open') {
    return (
      <>
        <SharedPicture open={state} embed={address.embed} />
        <Overlays />
      </>
    );
  }
  if (state.is === 'locked') return <Locked name={state.look.name} again={state.again} unlock={unlock} embed={address.embed} />;
  return (
    <Middle embed={address.embed}>
      {state.is === 'looking' && (
        <p className={css.looking} role="status">
          <Loader size={16} aria-hidden /> {words.looking}
        </p>
      )}
      {state.is === 'ended' && <Empty icon={<IconLinkOff aria-hidden />} title={words.ended} hint={address.embed ? words.noEmbedHint : words.endedHint} />}
      {state.is === 'away' && <Empty icon={<IconCloudOff aria-hidden />} title={words.away} hint={words.awayHint} />}
      {state.is === 'failed' && <Empty icon={<IconCloudOff aria-hidden />} title={words.failed} hint={state.why} />}
    </Middle>
  );
}

export default SharePage;

function Middle({ embed, heading = false, children }: { embed: boolean; heading?: boolean; children: ReactNode }) {
  return (
    <main className={css.middle}>
      {!heading && <h1 className="hidden">{texts.product}</h1>}
      {!embed && (
        <div className={css.brand}>
          <Logo size={28} />
          <span>{texts.product}</span>
        </div>
      )}
      {children}
    </main>
  );
}

function Locked({ name, again, unlock, embed }: { name: string; again: boolean; unlock: (password: string) => Promise<void>; embed: boolean }) {
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(again ? words.again : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (busy || !password) return;
    setBusy(true);
    setProblem(null);
    unlock(password).catch((error: unknown) => {
      setBusy(false);
      setProblem(error instanceof ApiError && error.status === 401 ? words.wrong : errorText(error));
    });
  };
  return (
    <Middle embed={embed} heading>
      <form className={css.card} onSubmit={submit}>
        <span className={css.lock}>
          <IconLock size={22} aria-hidden />
        </span>
        <h1 className={css.heading}>{words.locked}</h1>
        <p className={css.hint}>{words.lockedHint(name)}</p>
        <PasswordInput autoFocus={!embed} label={words.password} name="password" autoComplete="current-password" size="md" maxLength={256} value={password} onChange={event => setPassword(event.currentTarget.value)} />
        <p role="alert" className={css.problem}>
          {problem}
        </p>
        <Button type="submit" size="md" fullWidth loading={busy} disabled={!password}>
          {words.openIt}
        </Button>
      </form>
    </Middle>
  );
}
