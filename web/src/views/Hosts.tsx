// SPDX-License-Identifier: BSD-2-Clause
// All hosts, the newest on top.

import { Button, SegmentedControl } from '@mantine/core';
import { IconCloud, IconEar, IconPlugConnectedX } from '@tabler/icons-react';
import { useMemo } from 'react';

import { hosts as api } from '../api';
import { bytesText, timeText } from '../format';
import { useLoaded, useNetworkId, useRows, useViews } from '../live';
import { useRights } from '../me';
import { linkTo, setParams } from '../navigate';
import { Ago } from '../parts/Ago';
import { Mac, ServiceChips, serviceTitles, Traffic, Vlan } from '../parts/Chips';
import type { Column } from '../parts/DataTable';
import { Empty } from '../parts/Empty';
import { Flash } from '../parts/Flash';
import type { Field } from '../parts/list/filter';
import { ListPage } from '../parts/ListPage';
import { NEW, useEdit } from '../parts/Manage';
import { useNarrow } from '../parts/media';
import { TagChips, TagMenu } from '../parts/Tags';
import { describeHost, deviceKinds, deviceOf, kindTitle, makerOf, systemText, type ClaimName } from '../services/catalogue';
import { compareAddresses, compareText } from '../state/address';
import type { Subnet } from '../state/entities';
import type { HostView, Views } from '../state/selectors';
import { tagIds } from '../tags';
import { texts } from '../texts';
import { Consolidate } from './Consolidate';
import { ageField, categoryField, useTagField, vlanField, wordField } from './fields';
import { HostBulk } from './HostBulk';
import { HostCard, HostName, Kind, kindIn } from './HostCard';
import css from './Hosts.module.css';
import { byNumber, byString } from './list';
import { NewHost } from './NewHost';

type Scope = 'local' | 'remote' | 'all';

const words = texts.hosts;
const VLANS_MAX = 2;

function Addresses({ view }: { view: HostView }) {
  const more = view.addresses.length - 1;
  if (more < 0) return <span className="dim">–</span>;
  return (
    <Flash value={view.addresses.join()} className="mono">
      <span title={more ? view.addresses.join('\n') : undefined}>
        {view.addresses[0]}
        {more > 0 && <span className={css.more}>{texts.table.more(more)}</span>}
      </span>
    </Flash>
  );
}

function Vendor({ view }: { view: HostView }) {
  const maker = makerOf(view);
  if (maker) return maker === view.vendor || !view.vendor ? maker : <span title={words.card(view.vendor)}>{maker}</span>;
  return <span className="dim" title={view.randomMac ? words.randomMacHint : undefined}>{view.randomMac ? words.randomMac : '–'}</span>;
}

function Macs({ view }: { view: HostView }) {
  const [mac, ...rest] = view.macs;
  if (!mac) return <span className="dim">–</span>;
  return (
    <span title={rest.length ? view.macs.join('\n') : undefined}>
      <Mac mac={mac} />
      {rest.length > 0 && <span className={css.more}>{texts.table.more(rest.length)}</span>}
    </span>
  );
}

function Vlans({ view }: { view: HostView }) {
  if (view.vlans.length < 2) return <Vlan vlan={view.vlans[0] ?? ''} />;
  return <span className={css.vlans} title={view.vlans.join(', ')}>{view.vlans.slice(0, VLANS_MAX).map(vlan => <Vlan key={vlan} vlan={vlan} />)}{view.vlans.length > VLANS_MAX && <span className={css.more}>{texts.table.more(view.vlans.length - VLANS_MAX)}</span>}</span>;
}

const systemOf = (view: HostView) => systemText(deviceOf(view.host));
const placeOf = (view: HostView) => deviceKinds.get(deviceOf(view.host).kind?.value ?? '')?.order ?? deviceKinds.size;
const byClaim = (name: ClaimName) => (a: HostView, b: HostView) => compareText(deviceOf(a.host)[name]?.value ?? '~', deviceOf(b.host)[name]?.value ?? '~');

const columns: Column<HostView>[] = [
  { id: 'name', title: words.name, min: 9, grow: 2.2, compare: (a, b) => Number(b.named) - Number(a.named) || compareText(a.title, b.title), cell: view => <HostName view={view} />, text: view => view.title },
  { id: 'kind', title: words.kind, min: 7.5, grow: 1.2, compare: (a, b) => placeOf(a) - placeOf(b), cell: view => <Kind view={view} />, text: kindIn },
  { id: 'ip', title: words.addresses, min: 9, grow: 1.5, compare: byString(view => view.addressKey), cell: view => <Addresses view={view} />, text: view => view.addresses.join(' ') },
  { id: 'mac', title: words.mac, min: 8.4, grow: 0.5, off: true, compare: byString(view => view.macs[0] ?? '~'), cell: view => <Macs view={view} />, text: view => view.macs.join(' ') },
  { id: 'vendor', title: words.vendor, min: 6.5, grow: 1.6, compare: (a, b) => compareText(makerOf(a) ?? '~', makerOf(b) ?? '~'), cell: view => <Vendor view={view} />, text: view => makerOf(view) ?? '' },
  { id: 'model', title: words.model, min: 6, grow: 1, off: true, compare: byClaim('model'), cell: view => deviceOf(view.host).model?.value ?? <span className="dim">–</span>, text: view => deviceOf(view.host).model?.value ?? '' },
  { id: 'os', title: words.system, min: 6, grow: 1, off: true, compare: (a, b) => compareText(systemOf(a) || '~', systemOf(b) || '~'), cell: view => systemOf(view) || <span className="dim">–</span>, text: systemOf },
  { id: 'vlan', title: words.vlan, min: 3.6, grow: 0.4, compare: (a, b) => compareText(a.vlans[0] ?? '', b.vlans[0] ?? ''), cell: view => <Vlans view={view} />, text: view => view.vlans.join(' ') },
  { id: 'services', title: words.services, min: 7.5, grow: 2.2, descending: true, compare: byNumber(view => view.services.length), cell: view => <ServiceChips services={view.services} />, text: view => serviceTitles(view.services).join(', ') },
  { id: 'tags', title: texts.things.tagsTitle, min: 7, grow: 1, off: true, descending: true, compare: byNumber(view => tagIds(view.host.tags).length), cell: view => <TagChips of={view.host.tags} /> },
  { id: 'description', title: texts.things.description, min: 9, grow: 1.6, off: true, compare: (a, b) => compareText(a.host.description ?? '', b.host.description ?? ''), cell: view => view.host.description || <span className="dim">–</span>, text: view => view.host.description ?? '' },
  { id: 'traffic', title: words.traffic, min: 4.2, grow: 0.5, end: true, descending: true, compare: byNumber(view => view.sent + view.received), cell: view => <Traffic sent={view.sent} received={view.received} />, text: view => bytesText(view.sent + view.received) },
  { id: 'first', title: words.first, min: 4.8, grow: 0.5, end: true, descending: true, compare: byNumber(view => view.host.first_seen), cell: view => <Ago at={view.host.first_seen} />, text: view => timeText(view.host.first_seen) },
  { id: 'last', title: words.last, min: 4.8, grow: 0.5, end: true, descending: true, compare: byNumber(view => view.host.last_seen), cell: view => <Ago at={view.host.last_seen} />, text: view => timeText(view.host.last_seen) },
];

function useFields(views: Views): Field<HostView>[] {
  const tag = useTagField<HostView>(view => view.host.tags);
  const subnets = useRows<Subnet>('subnet');
  return useMemo(() => {
    const known = new Map(subnets.map(subnet => [subnet.id, subnet]));
    const networkOf = (id: string) => known.get(id)?.cidr.split('/')[0] ?? '~';
    return [
      {
        id: 'subnet',
        title: texts.fields.subnet,
        keys: view => [...new Set([...views.tables.interfacesByHost.get(view.id)].flatMap(id => views.tables.interface.get(id)?.subnet_id ?? []))],
        label: id => { const subnet = known.get(id); return subnet ? (subnet.name === subnet.cidr ? subnet.cidr : `${subnet.name}  ${subnet.cidr}`) : texts.unknown; },
        order: (a, b) => compareAddresses(networkOf(a), networkOf(b)),
        none: texts.fields.noSubnet,
      },
      vlanField(view => view.vlans),
      tag,
      { ...wordField<HostView>('kind', words.kind, view => deviceOf(view.host).kind?.value, kindTitle, words.noKind), order: (a, b) => (deviceKinds.get(a)?.order ?? 99) - (deviceKinds.get(b)?.order ?? 99) },
      wordField('model', words.model, view => deviceOf(view.host).model?.value, undefined, words.noModel),
      wordField('os', words.system, view => deviceOf(view.host).os?.value, undefined, words.noSystem),
      wordField('vendor', texts.fields.vendor, view => makerOf(view) ?? (view.randomMac ? words.randomMac : null), undefined, texts.fields.noVendor),
      { id: 'service', title: texts.fields.service, keys: view => serviceTitles(view.services), none: texts.fields.noService },
      categoryField(view => describeHost(view).category),
      ageField(view => view.host),
      wordField('origin', texts.fields.origin, view => view.host.origin, key => texts.things.originText[key] ?? key),
    ];
  }, [subnets, tag, views]);
}

// What is concluded of it and its services, beside what they say of themselves.
const searchText = (view: HostView) => {
  const more = [...serviceTitles(view.services), kindIn(view), makerOf(view), deviceOf(view.host).model?.value, systemOf(view)].filter(Boolean);
  return more.length ? `${view.text}${more.join('\n').toLowerCase()}\n` : view.text;
};

const readScope = (text: string | null): Scope => (text === 'remote' || text === 'all' ? text : 'local');

export default function Hosts({ params }: { params: URLSearchParams }) {
  const views = useViews('host', 'interface', 'service', 'sensor');
  const loaded = useLoaded();
  const narrow = useNarrow();
  const rights = useRights();
  const network = useNetworkId();
  const edit = useEdit(params);
  const fields = useFields(views);
  const every = views.allHosts();
  const withHidden = params.get('hidden') !== null;
  const hidden = useMemo(() => every.filter(view => view.host.hidden).length, [every]);
  const all = useMemo(() => (withHidden ? every : every.filter(view => !view.host.hidden)), [every, withHidden]);
  const remote = useMemo(() => all.filter(view => view.remote).length, [all]);
  const scope = readScope(params.get('scope'));
  const rows = useMemo(() => (scope === 'all' ? all : all.filter(view => view.remote === (scope === 'remote'))), [all, scope]);
  const pair = params.get('edit') === 'consolidate' ? (params.get('with') ?? '').split(',').map(id => views.host(id)).filter(view => view !== undefined) : [];
  const count = (name: string, value: number) => `${name}  ${value}`;
  return (
    <>
      <ListPage
        title={words.title}
        one={words.one}
        many={words.many}
        placeholder={words.filter}
        rows={loaded ? rows : null}
        columns={columns}
        fields={fields}
        order="-first"
        params={params}
        text={searchText}
        card={view => <HostCard view={view} />}
        cardRem={8}
        tools={
          <>
            {remote > 0 && (
              <SegmentedControl
                aria-label={texts.scope.label}
                value={scope}
                onChange={value => setParams({ scope: value === 'local' ? null : value })}
                data={[
                  { value: 'local', label: count(narrow ? texts.scope.localShort : texts.scope.local, all.length - remote) },
                  { value: 'remote', label: count(narrow ? texts.scope.remoteShort : texts.scope.remote, remote) },
                  { value: 'all', label: texts.scope.all },
                ]}
              />
            )}
            {hidden > 0 && (
              <Button variant="default" className={css.tool} aria-pressed={withHidden} data-on={withHidden || undefined} onClick={() => setParams({ hidden: withHidden ? null : 'shown' })}>
                {words.hidden(hidden)}
              </Button>
            )}
          </>
        }
        csv={api.csv(network)}
        add={rights.edit ? { title: words.add, run: () => edit.open(NEW) } : undefined}
        remove={rights.edit ? api.remove : undefined}
        choosable
        {...(rights.edit ? { bulk: (ids: string[], done: () => void) => <><TagMenu entity="Host" ids={ids} tagged={tag => ids.filter(id => tagIds(views.host(id)?.host.tags).includes(tag)).length} /><HostBulk ids={ids} views={views} done={done} /></> } : {})}
        empty={<NoHosts connected={[...views.tables.sensor.values()].some(sensor => sensor.connected)} />}
        {...(all.length > 0 ? { nothing: <OnlyElsewhere count={all.length} remote={scope === 'local'} /> } : {})}
      />
      {edit.isNew && network && <NewHost network={network} close={edit.close} />}
      {pair[0] && <Consolidate view={pair[0]} others={pair.slice(1).map(view => view.id)} views={views} close={() => setParams({ edit: null, with: null })} />}
    </>
  );
}

function OnlyElsewhere({ count, remote }: { count: number; remote: boolean }) {
  return (
    <Empty icon={<IconCloud aria-hidden />} title={texts.table.nothing} hint={remote ? words.onlyRemote(count) : words.onlyLocal(count)}>
      <Button variant="light" onClick={() => setParams({ scope: 'all' })}>{words.showAll}</Button>
    </Empty>
  );
}

function NoHosts({ connected }: { connected: boolean }) {
  if (connected) return <Empty icon={<IconEar aria-hidden />} title={words.emptyTitle} hint={words.emptyHint} />;
  return (
    <Empty icon={<IconPlugConnectedX aria-hidden />} title={words.emptyNoSensor} hint={words.emptyNoSensorHint}>
      <Button variant="light" component="a" {...linkTo('/sensors')}>{words.seeSensors}</Button>
    </Empty>
  );
}
