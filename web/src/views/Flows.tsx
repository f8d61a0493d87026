// SPDX-License-Identifier: BSD-2-Clause
// Who talks to whom. `?host=ID` shows one host's.

import { Button } from '@mantine/core';
import { IconArrowsExchange, IconSearchOff } from '@tabler/icons-react';
import { useDeferredValue, useMemo } from 'react';

import { bytesText, compactText, countText, delayText } from '../format';
import { useLoaded, useViews } from '../live';
import { linkTo, setParams } from '../navigate';
import { Ago } from '../parts/Ago';
import { Chip, Traffic, Vlan } from '../parts/Chips';
import { DataTable, readSort, type Column } from '../parts/DataTable';
import { Empty, Loading } from '../parts/Empty';
import { Flash } from '../parts/Flash';
import { Page } from '../parts/Page';
import { ColumnMenu, Filter, readColumns, VlanFilter } from '../parts/Toolbar';
import { hostPath } from '../route';
import { compareText, vlanText } from '../state/address';
import { matches, type FlowView } from '../state/selectors';
import { texts } from '../texts';
import { byNumber, readList, vlanName, vlansOf } from './list';
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

const total = (view: FlowView) => view.flow.bytes + view.flow.bytes_back;

export const flowColumns: Column<FlowView>[] = [
  { id: 'client', title: words.client, min: 12, grow: 2, compare: (a, b) => compareText(a.clientTitle, b.clientTitle), cell: view => <End row stack id={view.flow.client_host_id} title={view.clientTitle} ip={view.flow.client} /> },
  { id: 'server', title: words.server, min: 12, grow: 2, compare: (a, b) => compareText(a.serverTitle, b.serverTitle), cell: view => <End stack id={view.flow.server_host_id} title={view.serverTitle} ip={view.flow.server} /> },
  { id: 'service', title: words.service, min: 6, grow: 1, compare: (a, b) => compareText(a.label || '~', b.label || '~'), cell: view => (view.label ? <Chip tone="accent">{view.label}</Chip> : <span className="dim">–</span>) },
  { id: 'port', title: words.port, min: 5.5, grow: 0.4, compare: (a, b) => a.flow.port - b.flow.port || compareText(a.flow.proto, b.flow.proto), cell: view => <Port view={view} /> },
  { id: 'vlan', title: words.vlan, min: 3.5, grow: 0.4, compare: (a, b) => compareText(vlanText(a.flow.vlan), vlanText(b.flow.vlan)), cell: view => <Vlan vlan={vlanText(view.flow.vlan)} /> },
  { id: 'connections', title: words.connections, min: 6, grow: 0.4, end: true, descending: true, compare: byNumber(view => view.flow.connections), cell: view => <Flash value={view.flow.connections}>{countText(view.flow.connections)}</Flash> },
  { id: 'packets', title: words.packets, min: 5, grow: 0.4, end: true, off: true, descending: true, compare: byNumber(view => view.flow.packets + view.flow.packets_back), cell: view => compactText(view.flow.packets + view.flow.packets_back) },
  { id: 'sent', title: words.sent, min: 5, grow: 0.4, end: true, off: true, descending: true, compare: byNumber(view => view.flow.bytes), cell: view => bytesText(view.flow.bytes) },
  { id: 'received', title: words.received, min: 5, grow: 0.4, end: true, off: true, descending: true, compare: byNumber(view => view.flow.bytes_back), cell: view => bytesText(view.flow.bytes_back) },
  { id: 'bytes', title: words.total, min: 5, grow: 0.5, end: true, descending: true, compare: byNumber(total), cell: view => <Traffic sent={view.flow.bytes} received={view.flow.bytes_back} /> },
  { id: 'rtt', title: words.rtt, min: 5.2, grow: 0.4, end: true, compare: byNumber(view => view.flow.rtt_us ?? Infinity), cell: view => (view.flow.rtt_us === null ? <span className="dim">–</span> : <span title={words.rttHint}>{delayText(view.flow.rtt_us)}</span>) },
  { id: 'first', title: words.first, min: 5.2, grow: 0.5, end: true, off: true, descending: true, compare: byNumber(view => view.flow.first_seen), cell: view => <Ago at={view.flow.first_seen} /> },
  { id: 'last', title: words.last, min: 5.2, grow: 0.5, end: true, descending: true, compare: byNumber(view => view.flow.last_seen), cell: view => <Ago at={view.flow.last_seen} /> },
];

function Port({ view }: { view: FlowView }) {
  return <span className="mono">{view.flow.port ? `${view.flow.port}/${view.flow.proto}` : view.flow.proto}</span>;
}

export function FlowCard({ view }: { view: FlowView }) {
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
        {view.label && <Chip tone="accent">{view.label}</Chip>}
        {view.flow.vlan.length > 0 && <Chip>{`${words.vlan} ${vlanText(view.flow.vlan)}`}</Chip>}
      </div>
    </div>
  );
}

export default function Flows({ params }: { params: URLSearchParams }) {
  const views = useViews('flow', 'service', 'host', 'interface');
  const loaded = useLoaded();
  const hostId = params.get('host');
  const all = views.allFlows();
  const query = useDeferredValue(params.get('q') ?? '');
  const vlanParam = params.get('vlan');
  const vlans = useMemo(() => readList(vlanParam), [vlanParam]);
  const ofHost = (view: FlowView) => hostId === null || view.flow.client_host_id === hostId || view.flow.server_host_id === hostId;
  const rows = useMemo(() => all.filter(view => ofHost(view) && (!vlans.length || vlans.includes(vlanName(view.flow.vlan))) && matches(view.text, query)), [all, vlans, query, hostId]);
  const known = useMemo(() => vlansOf(all.map(view => view.flow)), [all]);
  const shown = useMemo(() => readColumns(params.get('cols'), flowColumns), [params]);
  const sort = useMemo(() => readSort(params.get('sort'), flowColumns, '-bytes'), [params]);
  return (
    <Page
      fill
      title={words.title}
      note={
        loaded && (
          <>
            {texts.table.shown(rows.length, all.length, 'flow')}
            {hostId !== null && (
              <>
                {' '}
                {words.of(views.host(hostId)?.title ?? texts.unknown)} ·{' '}
                <a className="link" {...linkTo('/flows')}>{words.allOf}</a>
              </>
            )}
          </>
        )
      }
      tools={
        <>
          <Filter value={params.get('q') ?? ''} placeholder={words.filter} />
          <VlanFilter chosen={vlans} known={known} />
          <ColumnMenu columns={flowColumns} shown={shown} sort={sort} />
        </>
      }
    >
      <DataTable
        label={words.title}
        rows={rows}
        columns={flowColumns}
        shown={shown}
        sort={sort}
        card={view => <FlowCard view={view} />}
        empty={
          !loaded ? (
            <Loading />
          ) : all.length ? (
            <Empty icon={<IconSearchOff aria-hidden />} title={texts.table.nothing} hint={texts.table.nothingHint}>
              <Button variant="light" onClick={() => setParams({ q: null, vlan: null, host: null })}>{texts.table.clearFilters}</Button>
            </Empty>
          ) : (
            <Empty icon={<IconArrowsExchange aria-hidden />} title={words.emptyTitle} hint={words.emptyHint} />
          )
        }
      />
    </Page>
  );
}
