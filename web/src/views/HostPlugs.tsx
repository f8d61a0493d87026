// SPDX-License-Identifier: BSD-2-Clause
// Which port of which switch a host is plugged into; and of a switch, who is at each of its ports. As its devices tell by SNMP.

import type { ReactNode } from 'react';

import { countText } from '../format';
import { linkTo, withThese } from '../navigate';
import { Ago } from '../parts/Ago';
import { Chip, Mac, Vlan } from '../parts/Chips';
import { Grid, Section } from '../parts/Section';
import { plugged, type Plug } from '../state/plugged';
import type { HostView, Views } from '../state/selectors';
import { texts } from '../texts';
import { End } from './Flows';
import css from './Host.module.css';

const words = texts.plugs;
const GLANCE = 8;

interface Props {
  view: HostView;
  views: Views;
  whole?: boolean;
}

const isOf = (plug: Plug, view: HostView) => (plug.hostId === null ? plug.mac !== null && view.macs.includes(plug.mac) : plug.hostId === view.id);
export const plugsOf = (view: HostView, views: Views): Plug[] => plugged(views.tables).plugs.filter(plug => isOf(plug, view)).sort((a, b) => b.lastSeen - a.lastSeen);

const speed = (bits: number | null) => (bits ? <span key="speed" className="figures">{words.speedText(bits)}</span> : null);
const vlans = (plug: Plug): ReactNode => (plug.vlans.length ? <span key="vlan" style={{ display: 'inline-flex', gap: 4 }}>{plug.vlans.map(vlan => <Vlan key={vlan} vlan={vlan} />)}</span> : null);

function Device({ views, hostId, title }: { views: Views; hostId: string | null; title: string }) {
  const view = hostId === null ? undefined : views.host(hostId);
  return view ? <End id={view.id} title={view.title} ip="" /> : <span>{title}</span>;
}

const how = (plug: Plug) => (
  <Chip key="how" tone={plug.how === 'shared' ? 'warn' : 'plain'} title={words.howHint[plug.how]}>
    {plug.how === 'shared' ? words.shared(plug.others) : words.how[plug.how]}
  </Chip>
);

// In the line below a host's name.
export function PluggedInto({ view, views }: Props) {
  const [plug, ...more] = plugsOf(view, views);
  if (!plug) return null;
  return (
    <span title={words.howHint[plug.how]}>
      <Device views={views} hostId={plug.device.hostId} title={plug.device.title} /> <span className={css.strong}>{words.port(plug.port)}</span>
      {more.length > 0 && <span className="dim"> {texts.table.more(more.length)}</span>}
    </span>
  );
}

export function Plugs({ view, views }: Props) {
  const plugs = plugsOf(view, views);
  if (!plugs.length) return null;
  return (
    <Section title={words.title} hint={words.hint}>
      <Grid
        label={words.title}
        head={[words.device, words.portHead, texts.host.vlan, words.speed, words.known, texts.host.last]}
        rows={plugs.map(plug => ({
          id: plug.key + plug.port,
          cells: [<Device key="device" views={views} hostId={plug.device.hostId} title={plug.device.title} />, <Port key="port" name={plug.port} description={plug.portDescription} />, vlans(plug), speed(plug.speed), how(plug), <Ago key="last" at={plug.lastSeen} />],
        }))}
      />
    </Section>
  );
}

const Port = ({ name, description }: { name: string; description: string }) => (
  <span>
    <span className={css.strong}>{name}</span>
    {description && <span className={css.where}>{description}</span>}
  </span>
);

interface Row {
  port: string;
  description: string;
  who: ReactNode;
  detail: ReactNode[]; // VLAN, speed, how
  lastSeen: number;
}

// All that is known of a device's ports, in their order.
function rowsOf(view: HostView, views: Views): Row[] {
  const { plugs, trunks, many } = plugged(views.tables);
  const device = (key: string) => views.host(key) ?? [...views.tables.link.values()].find(row => row.chassis === key || row.mac === key);
  const keys = new Set([view.id, ...[...views.tables.link.values()].filter(row => row.host_id === view.id).flatMap(row => row.chassis ?? [])]);
  const rows: Row[] = plugs.filter(plug => plug.device.hostId === view.id).map(plug => ({ port: plug.port, description: plug.portDescription, who: <Who plug={plug} views={views} />, detail: [vlans(plug), speed(plug.speed), how(plug)], lastSeen: plug.lastSeen }));
  for (const trunk of trunks) {
    const mine = trunk.ends.findIndex(([key]) => keys.has(key));
    if (mine < 0) continue;
    const [other, port] = trunk.ends[1 - mine]!;
    const found = device(other);
    const title = found && 'title' in found ? <End id={found.id} title={found.title} ip="" /> : <span>{(found && 'system_name' in found && found.system_name) || other}</span>;
    rows.push({ port: trunk.ends[mine]![1], description: '', who: <span>{title} {port && <span className="dim">{words.port(port)}</span>}</span>, detail: [null, null, <Chip key="how" title={words.trunkHint}>{words.trunk}</Chip>], lastSeen: trunk.lastSeen });
  }
  for (const { device: key, port, stations } of many) if (keys.has(key)) rows.push({ port, description: '', who: <span className="dim">{words.many(countText(stations))}</span>, detail: [null, null, null], lastSeen: 0 });
  return rows.sort((a, b) => a.port.localeCompare(b.port, 'en', { numeric: true }));
}

function Who({ plug, views }: { plug: Plug; views: Views }) {
  const view = plug.hostId === null ? undefined : views.host(plug.hostId);
  if (view) return <End id={view.id} title={view.title} ip="" stack />;
  return (
    <span>
      {plug.title === plug.mac && plug.mac ? <Mac mac={plug.mac} /> : <span className={css.strong}>{plug.title}</span>}
      {plug.platform && <span className={css.where}>{plug.platform}</span>}
    </span>
  );
}

export function DevicePorts({ view, views, whole = false }: Props) {
  const rows = rowsOf(view, views);
  if (!rows.length) return null;
  const shown = whole ? rows : rows.slice(0, GLANCE);
  return (
    <Section wide title={words.ports} hint={words.portsHint}>
      <Grid
        label={words.ports}
        head={[words.portHead, words.who, texts.host.vlan, words.speed, words.known, texts.host.last]}
        rows={shown.map((row, i) => ({ id: `${row.port} ${i}`, cells: [<Port key="port" name={row.port} description={row.description} />, row.who, ...row.detail, row.lastSeen ? <Ago key="last" at={row.lastSeen} /> : null] }))}
      />
      {shown.length < rows.length && (
        <p className={css.all}>
          <a className="link" {...linkTo(withThese({ tab: 'interfaces' }))}>
            {words.all(rows.length)}
          </a>
        </p>
      )}
    </Section>
  );
}
