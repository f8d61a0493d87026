// SPDX-License-Identifier: BSD-2-Clause
// What is offered on the network, and by whom.

import { Button } from '@mantine/core';
import { IconDownload, IconPencil, IconSearchOff, IconServer } from '@tabler/icons-react';
import { useDeferredValue, useMemo, useState } from 'react';

import { services as api } from '../api';
import { countText } from '../format';
import { useLoaded, useNetworkId, useViews } from '../live';
import { useRights } from '../me';
import { linkTo, setParams } from '../navigate';
import { Ago } from '../parts/Ago';
import { BulkBar, RemoveButton } from '../parts/Bulk';
import { Certainty, Chip, Source, Vlan } from '../parts/Chips';
import { DataTable, readSort, type Column } from '../parts/DataTable';
import { Empty, Loading } from '../parts/Empty';
import { Flash } from '../parts/Flash';
import { useEdit } from '../parts/Manage';
import { useNarrow } from '../parts/media';
import { Page } from '../parts/Page';
import { TagChips, TagMenu } from '../parts/Tags';
import { ColumnMenu, Filter, readColumns, VlanFilter } from '../parts/Toolbar';
import { hostPath } from '../route';
import { compareText, vlanText } from '../state/address';
import { instanceName, matches, portText, type ServiceView } from '../state/selectors';
import { tagIds } from '../tags';
import { sourceText, texts } from '../texts';
import { EditService } from './EditService';
import { byNumber, byString, readList, vlanName, vlansOf } from './list';
import css from './Rows.module.css';

const words = texts.services;

export function ServiceName({ view }: { view: ServiceView }) {
  const { name } = view.service;
  if (name) {
    const instance = instanceName(name);
    return (
      <span title={name}>
        <span className={css.strong}>{view.label}</span>
        {instance !== view.label && <span className={css.sub}>{instance}</span>}
      </span>
    );
  }
  return <span className={css.guess} title={words.registered}>{view.label}</span>;
}

function HostLink({ view }: { view: ServiceView }) {
  return (
    <a data-row className={css.link} {...linkTo(hostPath(view.service.host_id))}>
      {view.host?.title || view.service.ip}
    </a>
  );
}

const State = ({ view }: { view: ServiceView }) => (
  <Flash value={view.service.state}>
    <Chip tone={view.service.state === 'open' ? 'live' : 'plain'}>{texts.state[view.service.state] ?? view.service.state}</Chip>
  </Flash>
);

const Port = ({ view }: { view: ServiceView }) => <span className="mono">{portText(view.service)}</span>;

const columns: Column<ServiceView>[] = [
  { id: 'service', title: words.service, min: 8, grow: 2, compare: (a, b) => compareText(a.label, b.label), cell: view => <ServiceName view={view} /> },
  { id: 'port', title: words.port, min: 5, grow: 0.4, descending: false, compare: (a, b) => (a.service.port ?? 0) - (b.service.port ?? 0) || compareText(a.service.proto ?? '', b.service.proto ?? ''), cell: view => <Port view={view} /> },
  { id: 'host', title: words.host, min: 8.5, grow: 2, compare: (a, b) => compareText(a.host?.title ?? a.service.ip ?? '', b.host?.title ?? b.service.ip ?? ''), cell: view => <HostLink view={view} /> },
  { id: 'ip', title: words.address, min: 8.5, grow: 1.4, compare: byString(view => view.addressKey), cell: view => <span className="mono">{view.service.ip}</span> },
  { id: 'vlan', title: words.vlan, min: 3, grow: 0.4, compare: (a, b) => compareText(vlanText(a.service.vlan), vlanText(b.service.vlan)), cell: view => <Vlan vlan={vlanText(view.service.vlan)} /> },
  { id: 'state', title: words.state, min: 3.8, grow: 0.4, compare: (a, b) => compareText(a.service.state, b.service.state), cell: view => <State view={view} /> },
  { id: 'source', title: words.source, min: 7.2, grow: 1, compare: (a, b) => compareText(sourceText(a.service.source), sourceText(b.service.source)), cell: view => <Source source={view.service.source} /> },
  { id: 'confidence', title: texts.host.confidence, min: 6.6, grow: 0.6, compare: (a, b) => compareText(a.service.confidence, b.service.confidence), cell: view => <Certainty confidence={view.service.confidence} /> },
  { id: 'tags', title: texts.things.tagsTitle, min: 7, grow: 1, off: true, descending: true, compare: byNumber(view => tagIds(view.service.tags).length), cell: view => <TagChips of={view.service.tags} /> },
  { id: 'clients', title: words.clients, min: 3.6, grow: 0.4, end: true, descending: true, compare: byNumber(view => view.service.clients), cell: view => <Flash value={view.service.clients}>{countText(view.service.clients)}</Flash> },
  { id: 'first', title: words.first, min: 5.2, grow: 0.5, end: true, off: true, descending: true, compare: byNumber(view => view.service.first_seen), cell: view => <Ago at={view.service.first_seen} /> },
  { id: 'last', title: words.last, min: 4.8, grow: 0.5, end: true, descending: true, compare: byNumber(view => view.service.last_seen), cell: view => <Ago at={view.service.last_seen} /> },
];

function Card({ view }: { view: ServiceView }) {
  return (
    <div className={css.card}>
      <div className={css.top}>
        <ServiceName view={view} />
        <Port view={view} />
      </div>
      <div className={css.lineEnd}>
        <HostLink view={view} />
        {view.service.vlan.length > 0 && <Chip>{`${words.vlan} ${vlanText(view.service.vlan)}`}</Chip>}
        <State view={view} />
      </div>
      <TagChips of={view.service.tags} />
    </div>
  );
}

export default function Services({ params }: { params: URLSearchParams }) {
  const views = useViews('service', 'host', 'interface');
  const loaded = useLoaded();
  const rights = useRights();
  const network = useNetworkId();
  const narrow = useNarrow();
  const edit = useEdit(params);
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const all = views.allServices();
  const query = useDeferredValue(params.get('q') ?? '');
  const vlanParam = params.get('vlan');
  const vlans = useMemo(() => readList(vlanParam), [vlanParam]);
  const rows = useMemo(() => all.filter(view => (!vlans.length || vlans.includes(vlanName(view.service.vlan))) && matches(view.text, query)), [all, vlans, query]);
  const known = useMemo(() => vlansOf(all.map(view => view.service)), [all]);
  const shown = useMemo(() => readColumns(params.get('cols'), columns), [params]);
  const sort = useMemo(() => readSort(params.get('sort'), columns, 'port'), [params]);
  const chosen = useMemo(() => rows.filter(view => ids.has(view.id)), [rows, ids]);
  const edited = edit.id === null ? undefined : views.tables.service.get(edit.id);
  const clear = () => setIds(new Set());
  return (
    <Page
      fill
      title={words.title}
      note={loaded && texts.table.shown(rows.length, all.length, 'service')}
      tools={
        <>
          <Filter value={params.get('q') ?? ''} placeholder={words.filter} />
          <VlanFilter chosen={vlans} known={known} />
          {all.length > 0 && !narrow && (
            <Button variant="default" className={css.tool} component="a" href={api.csv(network)} download leftSection={<IconDownload size={16} aria-hidden />} title={texts.table.csvHint}>
              {texts.table.csv}
            </Button>
          )}
          <ColumnMenu columns={columns} shown={shown} sort={sort} />
        </>
      }
    >
      {chosen.length > 0 && (
        <BulkBar count={chosen.length} clear={clear}>
          {chosen.length === 1 && (
            <Button size="compact-sm" variant="default" leftSection={<IconPencil size={14} aria-hidden />} onClick={() => edit.open(chosen[0]!.id)}>
              {texts.edit}
            </Button>
          )}
          <TagMenu entity="Service" ids={chosen.map(view => view.id)} tagged={tag => chosen.filter(view => tagIds(view.service.tags).includes(tag)).length} />
          <RemoveButton ids={chosen.map(view => view.id)} one={words.one} many={words.many} remove={api.remove} done={clear} />
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
        empty={
          !loaded ? (
            <Loading />
          ) : all.length ? (
            <Empty icon={<IconSearchOff aria-hidden />} title={texts.table.nothing} hint={texts.table.nothingHint}>
              <Button variant="light" onClick={() => setParams({ q: null, vlan: null })}>{texts.table.clearFilters}</Button>
            </Empty>
          ) : (
            <Empty icon={<IconServer aria-hidden />} title={words.emptyTitle} hint={words.emptyHint} />
          )
        }
      />
      {edited && <EditService key={edited.id} service={edited} close={edit.close} />}
    </Page>
  );
}
