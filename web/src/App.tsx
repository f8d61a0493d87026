// SPDX-License-Identifier: BSD-2-Clause
// Who is there: nobody yet (set-up), someone who has to sign in or register, or someone who sees the network.

import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';

import { account, ApiError, type Config, type Me } from './api';
import { feed, store, whenRefused } from './live';
import { IdentityContext } from './me';
import { go, useRoute } from './navigate';
import { Overlays } from './parts/Overlays';
import { forgetAll } from './remote';
import { inviteOf, NETWORK } from './route';
import { Shell } from './Shell';
import { Invited, Register } from './views/Register';
import { shareIn } from './views/share/shared';
import { SetUp, SignIn } from './views/Sign';

const SharePage = lazy(() => import('./views/share/SharePage'));

type Who = { is: 'unknown'; away: boolean } | { is: 'new' } | { is: 'out'; config: Config } | { is: 'in'; me: Me };

const RETRY_MS = 2000;

async function ask(): Promise<Who> {
  try {
    return { is: 'in', me: await account.me() };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) return { is: 'unknown', away: true };
  }
  try {
    const config = await account.config();
    return config.needs_setup ? { is: 'new' } : { is: 'out', config };
  } catch {
    return { is: 'unknown', away: true };
  }
}

// A link that was shared leads past the door.
export function App() {
  const [share] = useState(() => shareIn(location.pathname));
  if (!share) return <Dashboard />;
  return (
    <Suspense fallback={null}>
      <SharePage address={share} />
    </Suspense>
  );
}

function Dashboard() {
  const [who, setWho] = useState<Who>({ is: 'unknown', away: false });
  const route = useRoute();

  const look = useCallback(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout>;
    const once = () =>
      void ask().then(answer => {
        if (!current) return;
        setWho(answer);
        if (answer.is === 'unknown') timer = setTimeout(once, RETRY_MS);
      });
    once();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, []);
  useEffect(look, [look]);

  const signedIn = who.is === 'in';
  useEffect(() => {
    if (!signedIn) return;
    whenRefused(() => void ask().then(answer => answer.is !== 'unknown' && answer.is !== 'in' && setWho(answer)));
    feed.watch(new URLSearchParams(location.search).get(NETWORK));
    feed.start();
    return () => {
      feed.stop();
      store.clear();
      forgetAll();
    };
  }, [signedIn]);

  const enter = useCallback((me: Me) => {
    if (/^\/(register|sign-in|invite)(\/|$)/.test(location.pathname)) go('/topology', 'replace');
    setWho({ is: 'in', me });
  }, []);
  // Whose account has a network of its own that nobody has seen yet.
  const begin = useCallback((me: Me) => {
    go('/welcome', 'replace');
    setWho({ is: 'in', me });
  }, []);
  const leave = useCallback(
    (everywhere = false) =>
      void (everywhere ? account.signOutEverywhere() : account.signOut())
        .catch(() => {})
        .then(() => look()),
    [look],
  );
  const me = who.is === 'in' ? who.me : null;
  const identity = useMemo(() => me && { me, setMe: (changed: Me) => setWho({ is: 'in', me: changed }), signOut: leave }, [me, leave]);

  if (identity) {
    return (
      <IdentityContext.Provider value={identity}>
        <Shell />
        <Overlays />
      </IdentityContext.Provider>
    );
  }
  if (who.is === 'new') return <SetUp done={begin} />;
  if (who.is !== 'out') return <SignIn config={null} done={enter} away={who.is === 'unknown' && who.away} />;
  const invite = inviteOf(location.pathname, location.hash);
  if (invite) return <Invited key={invite} invite={invite} config={who.config} done={enter} />;
  if (route.path === '/register') return <Register config={who.config} done={begin} />;
  return <SignIn config={who.config} done={enter} away={false} />;
}
