// SPDX-License-Identifier: BSD-2-Clause
// Neighbours: each device that says who it is, with its ports, what it is, and what else it tells of the link.

import { Button } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';

import type { BridgeTrait } from '../../api';
import { linkTo } from '../../navigate';
import { Ago } from '../../parts/Ago';
import { Chip } from '../../parts/Chips';
import { Empty, Lead } from '../../parts/Empty';
import { Grid, None, Section } from '../../parts/Section';
import { Filter } from '../../parts/Toolbar';
import { vlanText } from '../../state/address';
import type { Neighbor } from '../../state/entities';
import { sourceText, texts } from '../../texts';
import { idsOf } from '../../topology/graph/lists';
import { shortPort, type switchesOf } from '../../topology/graph/switches';
import { traitTitle, traitValue } from '../../traits';
import { End } from '../Flows';
import hostCss from '../Host.module.css';
import type { Layer2Data } from './data';
import css from './Layer2.module.css';

const words = texts.layer2.neighbors;
const FIRST = 200;

type Said = ReturnType<typeof switchesOf>;

interface Row {
  id: string;
  rows: Neighbor[]; // of one port: by LLDP, CDP and others
  title: string;
  text: string;
}

const listed = (values: (string | null)[]) => [...new Set(values.filter((value): value is string => Boolean(value)))];
const first = (rows: readonly Neighbor[], get: (row: Neighbor) => string | null) => rows.map(get).find(Boolean) ?? '';

// One row for each port of each device, whichever protocols tell of it.
function rowsOf(said: Said): Row[] {
  const ports = said.others.flatMap(rows => {
    const byPort = new Map<string, Neighbor[]>();
    for (const row of rows) {
      const key = shortPort(row.port ?? '');
      byPort.set(key, [...(byPort.get(key) ?? []), row]);
    }
    return [...byPort.values()];
  });
  const of = [...said.switches.flatMap(each => [...each.ports.map(port => port.rows), ...each.rows.filter(row => !each.ports.some(port => port.rows.includes(row))).map(row => [row])]), ...ports];
  return of
    .map(rows => {
      const title = first(rows, row => row.system_name) || first(rows, row => row.chassis) || first(rows, row => row.mac) || words.unnamed;
      const text = [title, ...rows.flatMap(row => [row.port, row.port_description, row.system_description, row.platform, row.mac, row.chassis, row.vtp_domain, sourceText(row.source), ...idsOf(row.management)])].join('\n').toLowerCase();
      return { id: rows[0]!.id, rows, title, text };
    })
    .sort((a, b) => a.title.localeCompare(b.title, 'en', { numeric: true }) || (a.rows[0]!.port ?? '').localeCompare(b.rows[0]!.port ?? '', 'en', { numeric: true }));
}

export function Neighbors({ data, said, search }: { data: Layer2Data; said: Said; search: string }) {
  const [most, setMost] = useState(FIRST);
  const all = rowsOf(said);
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = all.filter(row => wanted.every(word => row.text.includes(word)));
  if (!all.length) {
    return (
      <div className={css.empty}>
        <Empty icon={<IconPlugConnected aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>
          <Lead to="/sensors">{texts.hosts.seeSensors}</Lead>
        </Empty>
      </div>
    );
  }
  return (
    <div className={css.parts}>
      <div className={css.top}>
        <Filter value={search} placeholder={texts.layer2.filter} />
        <a className="link" {...linkTo('/topology?view=physical')}>
          {words.plugged}
        </a>
      </div>
      <Section wide title={texts.layer2.tab.neighbors} hint={words.hint}>
        {rows.length === 0 && <None>{texts.layer2.noMatch}</None>}
        {rows.length > 0 && (
          <Grid
            label={texts.layer2.tab.neighbors}
            head={[words.device, words.port, words.by, words.roles, words.management, words.vlan, words.domain, words.sensor, words.last]}
            rows={rows.slice(0, most).map(row => ({ id: row.id, cells: cellsOf(row, data) }))}
          />
        )}
        {rows.length > most && (
          <p className={hostCss.all}>
            <Button size="compact-sm" variant="subtle" onClick={() => setMost(most + FIRST)}>
              {texts.layer2.more(rows.length - most)}
            </Button>
          </p>
        )}
      </Section>
    </div>
  );
}

function cellsOf({ rows, title }: Row, { views, beside }: Layer2Data): ReactNode[] {
  const hostId = rows.map(row => row.host_id).find(id => id !== null && views.host(id)) ?? null;
  const macs = listed(rows.map(row => row.mac));
  const roles = listed(rows.flatMap(row => idsOf(row.capabilities))).map(role => texts.layer2.role[role.toLowerCase()] ?? role);
  const management = listed(rows.flatMap(row => idsOf(row.management)));
  const sensors = listed(rows.map(row => (row.sensor_id && views.tables.sensor.get(row.sensor_id)?.name) || null));
  const domains = listed(rows.map(row => row.vtp_domain));
  const about = listed([first(rows, row => row.platform), first(rows, row => row.system_description)]).join(' · ') || macs[0];
  const traits = beside.traits.filter(trait => trait.mac !== null && macs.includes(trait.mac) && trait.source !== 'stp');
  return [
    <span key="device">
      {hostId === null ? <span className={hostCss.strong}>{title}</span> : <End id={hostId} title={title} ip="" />}
      <span className={`${hostCss.where} ${css.about}`} title={about}>{about}</span>
      <Details traits={traits} />
    </span>,
    <span key="port">
      <span className={hostCss.strong}>{first(rows, row => row.port) || <span className="dim">{words.whole}</span>}</span>
      <span className={hostCss.where}>{first(rows, row => row.port_description)}</span>
    </span>,
    listed(rows.map(row => sourceText(row.source))).join(', '),
    roles.length ? <span key="roles" className={css.chips}>{roles.map(role => <Chip key={role}>{role}</Chip>)}</span> : null,
    management.length ? <span key="management" className={`mono ${css.stack}`}>{management.slice(0, 3).map(ip => <span key={ip}>{ip}</span>)}{management.length > 3 && <span className="dim" title={management.join('\n')}>{texts.table.more(management.length - 3)}</span>}</span> : null,
    vlanCell(rows),
    domains.join(', ') || null,
    sensors.join(', ') || null,
    <Ago key="last" at={Math.max(...rows.map(row => row.last_seen))} />,
  ];
}

function vlanCell(rows: readonly Neighbor[]): ReactNode {
  const natives = [...new Set(rows.flatMap(row => row.native_vlan ?? []))];
  const heard = listed(rows.map(row => vlanText(row.vlan)));
  if (!natives.length && !heard.length) return null;
  return (
    <span key="vlan" className={css.stack}>
      {natives.map(vlan => <span key={vlan} title={words.nativeHint}>{words.native(vlan)}</span>)}
      {heard.map(vlan => <span key={vlan} className="dim">{words.heardIn(vlan)}</span>)}
    </span>
  );
}

// What else it says of itself and the link: inventory, power, voice VLAN, aggregation.
function Details({ traits }: { traits: BridgeTrait[] }) {
  const each = [...new Map(traits.map(trait => [`${trait.key} ${trait.value}`, trait])).values()];
  if (!each.length) return null;
  return (
    <details className={css.details}>
      <summary>{words.traits(each.length)}</summary>
      <dl>
        {each.map(trait => (
          <div key={`${trait.key} ${trait.value}`}>
            <dt title={trait.key}>{traitTitle(trait.key)}</dt>
            <dd>{traitValue(trait.key, trait.value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

