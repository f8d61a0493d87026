// SPDX-License-Identifier: BSD-2-Clause
// Who is there: nobody yet (set-up), someone who has to sign in, or someone who sees the network.

import { useCallback, useEffect, useState } from 'react';

import { api, ApiError, type User } from './api';
import { feed, store, whenRefused } from './live';
import { Shell } from './Shell';
import { SetUp, SignIn } from './views/Sign';

type Who = { is: 'unknown'; away: boolean } | { is: 'new' } | { is: 'out' } | { is: 'in'; user: User };

const RETRY_MS = 2000;

async function ask(): Promise<Who> {
  try {
    if (await api.setupNeeded()) return { is: 'new' };
    return { is: 'in', user: await api.me() };
  } catch (error) {
    return error instanceof ApiError && error.status === 401 ? { is: 'out' } : { is: 'unknown', away: true };
  }
}

export function App() {
  const [who, setWho] = useState<Who>({ is: 'unknown', away: false });

  useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout>;
    const look = () =>
      void ask().then(answer => {
        if (!current) return;
        setWho(answer);
        if (answer.is === 'unknown') timer = setTimeout(look, RETRY_MS);
      });
    look();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, []);

  const signedIn = who.is === 'in';
  useEffect(() => {
    if (!signedIn) return;
    whenRefused(() => void ask().then(answer => answer.is !== 'unknown' && answer.is !== 'in' && setWho(answer)));
    feed.start();
    return () => {
      feed.stop();
      store.clear();
    };
  }, [signedIn]);

  const enter = useCallback((user: User) => setWho({ is: 'in', user }), []);
  const leave = useCallback(() => void api.signOut().catch(() => {}).then(() => setWho({ is: 'out' })), []);

  if (who.is === 'in') return <Shell user={who.user} signOut={leave} />;
  if (who.is === 'new') return <SetUp done={enter} />;
  return <SignIn done={enter} ready={who.is === 'out'} away={who.is === 'unknown' && who.away} />;
}
