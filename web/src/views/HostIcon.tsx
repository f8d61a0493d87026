// SPDX-License-Identifier: BSD-2-Clause
// What kind of device a host is, as far as it shows.

import { memo } from 'react';

import { ShapeIcon } from '../parts/ShapeIcon';
import { categories, describeHost, deviceOf, kindTitle } from '../services/catalogue';
import type { HostView } from '../state/selectors';
import { texts } from '../texts';
import css from './HostIcon.module.css';

interface Props {
  view: HostView | undefined;
  size?: number;
}

export function HostIcon({ view, size = 18 }: Props) {
  const kind = view ? describeHost(view) : null;
  const device = view && deviceOf(view.host).kind;
  const hint = device ? kindTitle(device.value) : view?.router ? texts.hosts.routerHint : view?.remote ? texts.hosts.remoteHint : kind && kind.category !== 'Unknown' ? categories.get(kind.category)?.title : undefined;
  return <Sign icon={kind?.icon ?? 'device-unknown'} category={kind?.category ?? 'Unknown'} hint={hint} size={size} />;
}

// Drawn again only when the host has become another kind of thing.
const Sign = memo(function Sign({ icon, category, hint, size }: { icon: string; category: string; hint: string | undefined; size: number }) {
  const of = categories.get(category);
  const style = of && category !== 'Unknown' ? ({ '--light': of.light, '--dark': of.dark } as React.CSSProperties) : undefined;
  return (
    <span className={css.icon} title={hint} style={style} data-colored={style ? '' : undefined}>
      <ShapeIcon name={icon} size={size} />
    </span>
  );
});
