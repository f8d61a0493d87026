// SPDX-License-Identifier: BSD-2-Clause
// A host in lists: its name, and its card.

import { linkTo } from '../navigate';
import { Ago } from '../parts/Ago';
import { Chip, ServiceChips, Traffic } from '../parts/Chips';
import { Flash } from '../parts/Flash';
import { TagChips } from '../parts/Tags';
import { sureText } from '../parts/Sure';
import { hostPath } from '../route';
import { deviceOf, kindTitle, makerOf } from '../services/catalogue';
import type { HostView } from '../state/selectors';
import { tagIds } from '../tags';
import { sourceText, texts } from '../texts';
import { HostIcon } from './HostIcon';
import css from './Hosts.module.css';

const words = texts.hosts;

export function HostName({ view }: { view: HostView }) {
  const hint = view.host.name_source ? texts.host.named(sourceText(view.host.name_source)) : undefined;
  return (
    <span className={css.name}>
      <HostIcon view={view} />
      <a data-row {...linkTo(hostPath(view.id))} title={hint} className={view.named ? css.named : `${css.named} mono`}>
        <Flash value={view.title}>{view.title || words.unnamed}</Flash>
      </a>
      {view.host.hidden && <Chip tone="warn">{texts.host.hidden}</Chip>}
    </span>
  );
}

// What kind of device it is, in words; a guess says so.
export function kindIn(view: HostView): string {
  const { kind } = deviceOf(view.host);
  if (!kind) return '';
  return kind.certainty === 'low' ? words.guess(kindTitle(kind.value)) : kindTitle(kind.value);
}

export function Kind({ view }: { view: HostView }) {
  const { kind } = deviceOf(view.host);
  if (!kind) return <span className="dim">–</span>;
  return <span title={`${sureText(kind.certainty)}, ${texts.reasons.source(sourceText(kind.source))}`}>{kindIn(view)}</span>;
}

export function HostCard({ view }: { view: HostView }) {
  const more = view.addresses.length - 1;
  return (
    <div className={css.card}>
      <div className={css.cardTop}>
        <HostName view={view} />
        <span className="dim"><Ago at={view.host.last_seen} /></span>
      </div>
      <div className={css.cardLine}>
        {view.named && view.addresses[0] && <span className="mono">{view.addresses[0]}{more > 0 && <span className={css.more}>{texts.table.more(more)}</span>}</span>}
        {view.vlans.slice(0, 2).map(vlan => <Chip key={vlan}>{`${words.vlan} ${vlan}`}</Chip>)}
        <span className={css.cardVendor}>{[kindIn(view), makerOf(view) ?? (view.randomMac ? words.randomMac : (view.macs[0] ?? ''))].filter(Boolean).join(' · ')}</span>
      </div>
      <div className={css.cardServices}>{view.services.length > 0 ? <ServiceChips services={view.services} /> : <span className="dim">{texts.fields.noService}</span>}</div>
      <div className={css.cardLine}>
        {tagIds(view.host.tags).length > 0 ? <TagChips of={view.host.tags} /> : <span className="dim">{words.firstSeen} <Ago at={view.host.first_seen} /></span>}
        <span className={css.cardTraffic}><Traffic sent={view.sent} received={view.received} /></span>
      </div>
    </div>
  );
}
