// SPDX-License-Identifier: BSD-2-Clause
// All hosts, the newest on top.

import { Button, SegmentedControl } from '@mantine/core';
import { IconCloud, IconDownload, IconEar, IconPlugConnectedX, IconPlus, IconSearchOff } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';

import { hosts as api } from '../api';
import { useLoaded, useNetworkId, useViews } from '../live';
import { useRights } from '../me';
import { linkTo, setParams } from '../navigate';
import { Ago } from '../parts/Ago';
import { Chip, Mac, ServiceChips, Traffic, Vlan } from '../parts/Chips';
import { DataTable, readSort, type Column } from '../parts/DataTable';
import { Empty, Loading } from '../parts/Empty';
import { Flash } from '../parts/Flash';
import { BulkBar, RemoveButton } from '../parts/Bulk';
import { useNarrow } from '../parts/media';
import { NEW, useEdit } from '../parts/Manage';
import { Page } from '../parts/Page';
import { TagChips, TagMenu } from '../parts/Tags';
import { ColumnMenu, Filter, readColumns, VlanFilter } from '../parts/Toolbar';
import { hostPath } from '../route';
import { compareText } from '../state/address';
import { matches, type HostView } from '../state/selectors';
import { tagIds } from '../tags';
import { sourceText, texts } from '../texts';
import { HostIcon } from './HostIcon';
import { NewHost } from './NewHost';
import css from './Hosts.module.css';
import { byNumber, byString, readList, UNTAGGED, vlansOf } from './list';

type Scope = 'local' | 'remote' | 'all';

const words = texts.hosts;
const VLANS_MAX = 2;

function Name({ view }: { view: HostView }) {
  const hint = view.host.name_source ? texts.host.named(sourceText(view.host.name_source)) : undefined;
  return (
    <span className={css.name}>
      <HostIcon view={view} />
      <a data-row {...linkTo(hostPath(view.id))} title={hint} className={view.named ? css.named : `${css.named} mono`}>
        <Flash value={view.title}>{view.title || words.unnamed}</Flash>
      </a>
    </span>
  );
}

function Addresses({ view, max = 1 }: { view: HostView; max?: number }) {
  const more = view.addresses.length - max;
  return (
    <Flash value={view.addresses.join()} className="mono">
      <span title={view.addresses.join('\n')}>
        {view.addresses.slice(0, max).join('  ') || <span className="dim">–</span>}
        {more > 0 && <span className={css.more}>{texts.table.more(more)}</span>}
      </span>
    </Flash>
  );
}

function Vendor({ view }: { view: HostView }) {
  if (view.vendor) return <Flash value={view.vendor}>{view.vendor}</Flash>;
  if (view.randomMac) return <span className="dim" title={words.randomMacHint}>{words.randomMac}</span>;
  return <span className="dim">–</span>;
}

const columns: Column<HostView>[] = [
  { id: 'name', title: words.name, min: 9, grow: 2.2, compare: (a, b) => Number(b.named) - Number(a.named) || compareText(a.title, b.title), cell: view => <Name view={view} /> },
  { id: 'ip', title: words.addresses, min: 9, grow: 1.5, compare: byString(view => view.addressKey), cell: view => <Addresses view={view} /> },
  { id: 'mac', title: words.mac, min: 8.4, grow: 0.5, compare: byString(view => view.macs[0] ?? '~'), cell: view => <Macs view={view} /> },
  { id: 'vendor', title: words.vendor, min: 6.5, grow: 1.6, compare: (a, b) => compareText(a.vendor ?? '~', b.vendor ?? '~'), cell: view => <Vendor view={view} /> },
  { id: 'vlan', title: words.vlan, min: 3.6, grow: 0.4, compare: (a, b) => compareText(a.vlans[0] ?? '', b.vlans[0] ?? ''), cell: view => <Vlans view={view} /> },
  { id: 'services', title: words.services, min: 7.5, grow: 2.2, descending: true, compare: byNumber(view => view.services.length), cell: view => <Flash value={view.services.length}><ServiceChips services={view.services} /></Flash> },
  { id: 'tags', title: texts.things.tagsTitle, min: 7, grow: 1, off: true, descending: true, compare: byNumber(view => tagIds(view.host.tags).length), cell: view => <TagChips of={view.host.tags} /> },
  { id: 'traffic', title: words.traffic, min: 4.2, grow: 0.5, end: true, descending: true, compare: byNumber(view => view.sent + view.received), cell: view => <Traffic sent={view.sent} received={view.received} /> },
  { id: 'first', title: words.first, min: 4.8, grow: 0.5, end: true, descending: true, compare: byNumber(view => view.host.first_seen), cell: view => <Ago at={view.host.first_seen} /> },
  { id: 'last', title: words.last, min: 4.8, grow: 0.5, end: true, descending: true, compare: byNumber(view => view.host.last_seen), cell: view => <Ago at={view.host.last_seen} /> },
];

function Macs({ view }: { view: HostView }) {
  const [mac, ...rest] = view.macs;
  if (!mac) return <span className="dim">–</span>;
  return (
    <span title={view.macs.join('\n')}>
      <Mac mac={mac} />
      {rest.length > 0 && <span className={css.more}>{texts.table.more(rest.length)}</span>}
    </span>
  );
}

function Vlans({ view }: { view: HostView }) {
  if (!view.vlans.length) return <Vlan vlan="" />;
  return <span className={css.vlans} title={view.vlans.join(', ')}>{view.vlans.slice(0, VLANS_MAX).map(vlan => <Vlan key={vlan} vlan={vlan} />)}{view.vlans.length > VLANS_MAX && <span className={css.more}>{texts.table.more(view.vlans.length - VLANS_MAX)}</span>}</span>;
}

function Card({ view }: { view: HostView }) {
  return (
    <div className={css.card}>
      <div className={css.cardTop}>
        <Name view={view} />
        <span className="dim"><Ago at={view.host.last_seen} /></span>
      </div>
      <div className={css.cardLine}>
        {view.named && <Addresses view={view} max={1} />}
        {view.vlans.map(vlan => <Chip key={vlan}>{`${words.vlan} ${vlan}`}</Chip>)}
        <span className={css.cardVendor}>{view.vendor ?? (view.randomMac ? words.randomMac : view.macs[0])}</span>
        <span className={css.cardTraffic}><Traffic sent={view.sent} received={view.received} /></span>
      </div>
      {view.services.length > 0 && <ServiceChips services={view.services} />}
      <TagChips of={view.host.tags} />
    </div>
  );
}

const inVlans = (view: HostView, vlans: readonly string[]) => !vlans.length || (view.vlans.length ? view.vlans : [UNTAGGED]).some(vlan => vlans.includes(vlan));

export default function Hosts({ params }: { params: URLSearchParams }) {
  const views = useViews('host', 'interface', 'service', 'sensor');
  const loaded = useLoaded();
  const narrow = useNarrow();
  const rights = useRights();
  const network = useNetworkId();
  const edit = useEdit(params);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const everyHost = views.allHosts();
  const withHidden = params.get('hidden') !== null;
  const hidden = useMemo(() => everyHost.filter(view => view.host.hidden).length, [everyHost]);
  const all = useMemo(() => (withHidden ? everyHost : everyHost.filter(view => !view.host.hidden)), [everyHost, withHidden]);
  const query = useDeferredValue(params.get('q') ?? '');
  const scope = readScope(params.get('scope'));
  const vlanParam = params.get('vlan');
  const vlans = useMemo(() => readList(vlanParam), [vlanParam]);
  const found = useMemo(() => all.filter(view => inVlans(view, vlans) && matches(view.text, query)), [all, vlans, query]);
  const remote = useMemo(() => found.filter(view => view.remote).length, [found]);
  const rows = useMemo(() => (scope === 'all' ? found : found.filter(view => view.remote === (scope === 'remote'))), [found, scope]);
  const shown = useMemo(() => readColumns(params.get('cols'), columns), [params]);
  const sort = useMemo(() => readSort(params.get('sort'), columns, '-first'), [params]);
  const chosen = useMemo(() => rows.filter(view => ids.has(view.id)), [rows, ids]);
  const count = (name: string, value: number) => `${name}  ${value}`;
  const known = useMemo(() => vlansOf(views.tables.interface.values()), [views, all]);

  return (
    <Page
      fill
      title={words.title}
      note={loaded && texts.table.shown(rows.length, all.length, 'host')}
      tools={
        <>
          <Filter value={params.get('q') ?? ''} placeholder={words.filter} />
          {all.some(view => view.remote) && (
            <SegmentedControl
              aria-label={texts.scope.label}
              value={scope}
              onChange={value => setParams({ scope: value === 'local' ? null : value })}
              data={[
                { value: 'local', label: count(narrow ? texts.scope.localShort : texts.scope.local, found.length - remote) },
                { value: 'remote', label: count(narrow ? texts.scope.remoteShort : texts.scope.remote, remote) },
                { value: 'all', label: texts.scope.all },
              ]}
            />
          )}
          <VlanFilter chosen={vlans} known={known} />
          {hidden > 0 && (
            <Button variant="default" className={css.tool} aria-pressed={withHidden} data-on={withHidden || undefined} onClick={() => setParams({ hidden: withHidden ? null : 'shown' })}>
              {words.hidden(hidden)}
            </Button>
          )}
          {all.length > 0 && !narrow && (
            <Button variant="default" className={css.tool} component="a" href={api.csv(network)} download leftSection={<IconDownload size={16} aria-hidden />} title={texts.table.csvHint}>
              {texts.table.csv}
            </Button>
          )}
          {rights.edit && !narrow && (
            <Button className={css.tool} leftSection={<IconPlus size={16} aria-hidden />} onClick={() => edit.open(NEW)}>
              {words.add}
            </Button>
          )}
          <ColumnMenu columns={columns} shown={shown} sort={sort} />
        </>
      }
    >
      {chosen.length > 0 && (
        <BulkBar count={chosen.length} clear={() => setIds(new Set())}>
          <TagMenu entity="Host" ids={chosen.map(view => view.id)} tagged={tag => chosen.filter(view => tagIds(view.host.tags).includes(tag)).length} />
          <RemoveButton ids={chosen.map(view => view.id)} one={words.one} many={words.many} remove={api.remove} done={() => setIds(new Set())} />
        </BulkBar>
      )}
      <DataTable
        label={words.title}
        rows={rows}
        columns={columns}
        shown={shown}
        sort={sort}
        card={view => <Card view={view} />}
        choice={rights.edit && rows.length > 0 ? { ids, set: setIds } : undefined}
        empty={!loaded ? <Loading /> : <NoHosts all={all.length} found={found.length} connected={[...views.tables.sensor.values()].some(sensor => sensor.connected)} />}
      />
      {edit.isNew && network && <NewHost network={network} close={edit.close} />}
    </Page>
  );
}

function NoHosts({ all, found, connected }: { all: number; found: number; connected: boolean }) {
  if (found > 0) {
    return (
      <Empty icon={<IconCloud aria-hidden />} title={texts.table.nothing} hint={words.onlyRemote(found)}>
        <Button variant="light" onClick={() => setParams({ scope: 'all' })}>{words.showAll}</Button>
      </Empty>
    );
  }
  if (all > 0) {
    return (
      <Empty icon={<IconSearchOff aria-hidden />} title={texts.table.nothing} hint={texts.table.nothingHint}>
        <Button variant="light" onClick={() => setParams({ q: null, vlan: null, scope: null })}>{texts.table.clearFilters}</Button>
      </Empty>
    );
  }
  if (connected) return <Empty icon={<IconEar aria-hidden />} title={words.emptyTitle} hint={words.emptyHint} />;
  return (
    <Empty icon={<IconPlugConnectedX aria-hidden />} title={words.emptyNoSensor} hint={words.emptyNoSensorHint}>
      <Button variant="light" component="a" {...linkTo('/sensors')}>{words.seeSensors}</Button>
    </Empty>
  );
}

const readScope = (text: string | null): Scope => (text === 'remote' || text === 'all' ? text : 'local');
