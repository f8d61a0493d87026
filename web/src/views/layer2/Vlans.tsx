// SPDX-License-Identifier: BSD-2-Clause
// The VLANs: what each is called, who is in it, which sensors see it, and where its tree has its root.

import { IconTags } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { bytesText, countText } from '../../format';
import type { VlanRow } from '../../layer2/vlans';
import { linkTo } from '../../navigate';
import { Ago } from '../../parts/Ago';
import { Chip } from '../../parts/Chips';
import { Empty, Lead } from '../../parts/Empty';
import { Flash } from '../../parts/Flash';
import { Grid, Section } from '../../parts/Section';
import { sourceText, texts } from '../../texts';
import hostCss from '../Host.module.css';
import { UNTAGGED } from '../list';
import { hostOfMac, type Layer2Data } from './data';
import css from './Layer2.module.css';

const words = texts.layer2.vlans;

export function Vlans({ data, rows }: { data: Layer2Data; rows: readonly VlanRow[] }) {
  if (!rows.some(row => row.id !== '')) {
    return (
      <div className={css.empty}>
        <Empty icon={<IconTags aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>
          <Lead to="/sensors">{texts.hosts.seeSensors}</Lead>
        </Empty>
      </div>
    );
  }
  return (
    <Section wide title={texts.layer2.tab.vlans}>
      <Grid
        label={texts.layer2.tab.vlans}
        head={[words.vlan, words.name, words.hosts, words.addresses, words.subnets, words.ports, words.root, words.seenBy, words.sent, words.first, words.last]}
        rows={rows.map(row => ({ id: row.id || UNTAGGED, cells: cellsOf(row, data) }))}
      />
    </Section>
  );
}

function cellsOf(row: VlanRow, { views }: Layer2Data): ReactNode[] {
  const tags = row.id.split('.');
  const subnets = [...row.subnets].flatMap(id => views.tables.subnet.get(id) ?? []);
  const sensors = row.sensors.map(id => views.tables.sensor.get(id)?.name ?? null).filter(Boolean);
  const all = sensors.length > 1 && sensors.length === views.tables.sensor.size;
  return [
    <span key="vlan" className={hostCss.strong}>
      {row.id === '' ? <span className="dim">{words.untagged}</span> : row.id}
      {tags.length > 1 && <span className={hostCss.where}>{words.nested(tags)}</span>}
    </span>,
    row.names.length || row.voice ? (
      <span key="name" className={css.stack}>
        {row.names.map(({ name, sources }) => <span key={name} title={words.named(sources.map(sourceText).join(', '))}>{name}</span>)}
        {row.voice > 0 && <span><Chip title={words.voiceHint(row.voice)}>{words.voice}</Chip></span>}
      </span>
    ) : null,
    row.hosts.size ? <a key="hosts" className="link" {...linkTo(`/hosts?scope=all&vlan=${encodeURIComponent(row.id || UNTAGGED)}`)}><Flash value={row.hosts.size}>{countText(row.hosts.size)}</Flash></a> : <span key="hosts" className="dim" title={row.bytes ? words.passingHint : undefined}>{row.bytes ? words.passing : words.silent}</span>,
    row.addresses ? <Flash key="addresses" value={row.addresses} className="figures">{countText(row.addresses)}</Flash> : null,
    subnets.length ? <span key="subnets" className={css.stack}>{subnets.slice(0, 4).map(subnet => <a key={subnet.id} className="link" {...linkTo(`/hosts?scope=all&subnet=${encodeURIComponent(subnet.id)}`)}>{subnet.name && subnet.name !== subnet.cidr ? `${subnet.name} (${subnet.cidr})` : subnet.cidr}</a>)}</span> : null,
    row.native ? words.portsText(row.native) : null,
    row.trees.length ? <span key="root" className={css.stack}>{row.trees.flatMap(tree => tree.roots.slice(0, 1)).map(root => <span key={root.bridge.text}>{hostOfMac(views, root.bridge.mac, root.hostId)?.title ?? root.bridge.mac}</span>)}</span> : null,
    all ? words.allSensors : sensors.join(', ') || null,
    row.bytes ? <span key="bytes" className="figures">{bytesText(row.bytes)}</span> : null,
    row.firstSeen === null ? null : <Ago key="first" at={row.firstSeen} />,
    row.lastSeen === null ? null : <Ago key="last" at={row.lastSeen} />,
  ];
}
