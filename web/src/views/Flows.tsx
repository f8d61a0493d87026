// SPDX-License-Identifier: BSD-2-Clause
// Who talks to whom. `?host=ID` shows one host's.

import { IconArrowsExchange } from '@tabler/icons-react';
import { useMemo } from 'react';

import { bytesText, compactText, countText, delayText, timeText } from '../format';
import { useLoaded, useViews } from '../live';
import { linkTo } from '../navigate';
import { Ago } from '../parts/Ago';
import { Chip, Traffic, Vlan } from '../parts/Chips';
import type { Column } from '../parts/DataTable';
import { Empty, Lead } from '../parts/Empty';
import type { Field } from '../parts/list/filter';
import { ListPage } from '../parts/ListPage';
import { hostPath } from '../route';
import { compareText, vlanText } from '../state/address';
import type { FlowView } from '../state/selectors';
import { texts } from '../texts';
import { ageField, vlanField, wordField } from './fields';
import { byNumber } from './list';
import css from './Rows.module.css';

const words = texts.flows;

// One end of a flow: its name and the address it spoke with, beside or below each other.
export function End({ id, title, ip, row, stack }: { id: string | null; title: string; ip: string; row?: boolean; stack?: boolean }) {
  const content = (
    <>
      <span className={title === ip ? 'mono' : undefined}>{title}</span>
      {ip && title !== ip && <span className={`${stack ? css.below : css.sub} mono`}>{ip}</span>}
    </>
  );
  if (id === null) return <span>{content}</span>;
  return (
    <a className={css.link} {...(row ? { 'data-row': '' } : {})} {...linkTo(hostPath(id))}>
      {content}
    </a>
  );
}

const portOf = ({ flow }: FlowView) => (flow.port ? `${flow.port}/${flow.proto}` : flow.proto);
const total = (view: FlowView) => view.flow.bytes + view.flow.bytes_back;

const columns: Column<FlowView>[] = [
  { id: 'client', title: words.client, min: 12, grow: 2, compare: (a, b) => compareText(a.clientTitle, b.clientTitle), cell: view => <End row stack id={view.flow.client_host_id} title={view.clientTitle} ip={view.flow.client} />, text: view => view.clientTitle },
  { id: 'server', title: words.server, min: 12, grow: 2, compare: (a, b) => compareText(a.serverTitle, b.serverTitle), cell: view => <End stack id={view.flow.server_host_id} title={view.serverTitle} ip={view.flow.server} />, text: view => view.serverTitle },
  { id: 'service', title: words.service, min: 6, grow: 1, compare: (a, b) => compareText(a.label || '~', b.label || '~'), cell: view => <Label view={view} />, text: view => view.label },
  { id: 'app', title: words.app, min: 5.5, grow: 0.5, off: true, compare: (a, b) => compareText(a.flow.app ?? '~', b.flow.app ?? '~'), cell: view => <App view={view} />, text: view => view.flow.app ?? '' },
  { id: 'port', title: words.port, min: 5.5, grow: 0.4, compare: (a, b) => a.flow.port - b.flow.port || compareText(a.flow.proto, b.flow.proto), cell: view => <Port view={view} />, text: view => portOf(view) },
  { id: 'vlan', title: words.vlan, min: 3.5, grow: 0.4, compare: (a, b) => compareText(vlanText(a.flow.vlan), vlanText(b.flow.vlan)), cell: view => <Vlan vlan={vlanText(view.flow.vlan)} />, text: view => vlanText(view.flow.vlan) },
  { id: 'connections', title: words.connections, min: 6, grow: 0.4, end: true, descending: true, compare: byNumber(view => view.flow.connections), cell: view => countText(view.flow.connections), text: view => String(view.flow.connections) },
  { id: 'packets', title: words.packets, min: 5, grow: 0.4, end: true, off: true, descending: true, compare: byNumber(view => view.flow.packets + view.flow.packets_back), cell: view => compactText(view.flow.packets + view.flow.packets_back), text: view => String(view.flow.packets + view.flow.packets_back) },
  { id: 'sent', title: words.sent, min: 5, grow: 0.4, end: true, off: true, descending: true, compare: byNumber(view => view.flow.bytes), cell: view => bytesText(view.flow.bytes), text: view => String(view.flow.bytes) },
  { id: 'received', title: words.received, min: 5, grow: 0.4, end: true, off: true, descending: true, compare: byNumber(view => view.flow.bytes_back), cell: view => bytesText(view.flow.bytes_back), text: view => String(view.flow.bytes_back) },
  { id: 'bytes', title: words.total, min: 5, grow: 0.5, end: true, descending: true, compare: byNumber(total), cell: view => <Traffic sent={view.flow.bytes} received={view.flow.bytes_back} />, text: view => String(total(view)) },
  { id: 'rtt', title: words.rtt, min: 5.2, grow: 0.4, end: true, compare: byNumber(view => view.flow.rtt_us ?? Infinity), cell: view => (view.flow.rtt_us === null ? <span className="dim">–</span> : <span title={words.rttHint}>{delayText(view.flow.rtt_us)}</span>), text: view => (view.flow.rtt_us === null ? '' : delayText(view.flow.rtt_us)) },
  { id: 'first', title: words.first, min: 5.2, grow: 0.5, end: true, off: true, descending: true, compare: byNumber(view => view.flow.first_seen), cell: view => <Ago at={view.flow.first_seen} />, text: view => timeText(view.flow.first_seen) },
  { id: 'last', title: words.last, min: 5.2, grow: 0.5, end: true, descending: true, compare: byNumber(view => view.flow.last_seen), cell: view => <Ago at={view.flow.last_seen} />, text: view => timeText(view.flow.last_seen) },
];

const App = ({ view }: { view: FlowView }) => (view.flow.app ? <Chip tone="live" title={words.appHint}>{view.flow.app}</Chip> : <span className="dim">–</span>);

// What serves there; and what was heard, when that is another.
function Label({ view }: { view: FlowView }) {
  const { app } = view.flow;
  if (app && app === view.label) return <App view={view} />;
  if (!app && !view.label) return <span className="dim">–</span>;
  return (
    <span className={css.chips}>
      {view.label && <Chip tone="accent">{view.label}</Chip>}
      {app && <App view={view} />}
    </span>
  );
}

const Port = ({ view }: { view: FlowView }) => <span className="mono">{portOf(view)}</span>;

function FlowCard({ view }: { view: FlowView }) {
  return (
    <div className={css.card}>
      <div className={css.top}>
        <End row id={view.flow.client_host_id} title={view.clientTitle} ip={view.flow.client} />
        <span className="dim"><Ago at={view.flow.last_seen} /></span>
      </div>
      <div className={css.top}>
        <span>
          <span className="dim" aria-hidden>→ </span>
          <End id={view.flow.server_host_id} title={view.serverTitle} ip={view.flow.server} />
        </span>
        <Traffic sent={view.flow.bytes} received={view.flow.bytes_back} />
      </div>
      <div className={css.lineEnd}>
        <Port view={view} />
        {(view.label || view.flow.app) && <Label view={view} />}
        {view.flow.vlan.length > 0 && <Chip>{`${words.vlan} ${vlanText(view.flow.vlan)}`}</Chip>}
      </div>
    </div>
  );
}

const fields: Field<FlowView>[] = [
  wordField('client', words.client, view => view.clientTitle),
  wordField('server', words.server, view => view.serverTitle),
  wordField('service', words.service, view => view.label || null),
  wordField('app', words.app, view => view.flow.app || null),
  wordField('port', words.port, portOf),
  wordField('proto', words.proto, view => view.flow.proto),
  vlanField(view => (view.flow.vlan.length ? [vlanText(view.flow.vlan)] : [])),
  ageField(view => view.flow),
];

export default function Flows({ params }: { params: URLSearchParams }) {
  const views = useViews('flow', 'service', 'host', 'interface');
  const loaded = useLoaded();
  const hostId = params.get('host');
  const all = views.allFlows();
  const rows = useMemo(() => (hostId === null ? all : all.filter(view => view.flow.client_host_id === hostId || view.flow.server_host_id === hostId)), [all, hostId]);
  return (
    <ListPage
      title={words.title}
      one={words.one}
      placeholder={words.filter}
      rows={loaded ? rows : null}
      columns={columns}
      fields={fields}
      order="-bytes"
      params={params}
      text={view => view.text}
      card={view => <FlowCard view={view} />}
      cardRem={6.75}
      choosable
      note={(shown, of) => (
        <>
          {texts.table.shown(shown, of, words.one)}
          {hostId !== null && (
            <>
              {' '}
              {words.of(views.host(hostId)?.title ?? texts.unknown)} ·{' '}
              <a className="link" {...linkTo('/flows')}>{words.allOf}</a>
            </>
          )}
        </>
      )}
      empty={<Empty icon={<IconArrowsExchange aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>
          <Lead to="/sensors">{texts.hosts.seeSensors}</Lead>
        </Empty>}
    />
  );
}
