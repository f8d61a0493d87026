// SPDX-License-Identifier: BSD-2-Clause
import { IconCloud, IconDeviceDesktop, IconRouter } from '@tabler/icons-react';

import type { HostView } from '../state/selectors';
import { texts } from '../texts';
import css from './HostIcon.module.css';

// What kind of place a host has in the network, as far as traffic tells.
export function HostIcon({ view, size = 18 }: { view: HostView | undefined; size?: number }) {
  const kind = view?.router ? 'router' : view?.remote ? 'remote' : 'host';
  const Sign = { router: IconRouter, remote: IconCloud, host: IconDeviceDesktop }[kind];
  const hint = { router: texts.hosts.routerHint, remote: texts.hosts.remoteHint, host: undefined }[kind];
  return (
    <span className={css.icon} title={hint} data-kind={kind}>
      <Sign size={size} stroke={1.6} aria-hidden />
    </span>
  );
}
