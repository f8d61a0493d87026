// SPDX-License-Identifier: BSD-2-Clause
// What is offered on the network, and by whom.

import { Button } from '@mantine/core';
import { IconPencil, IconServer } from '@tabler/icons-react';
import { useMemo } from 'react';

import { services as api } from '../api';
import { countText, timeText } from '../format';
import { useLoaded, useNetworkId, useViews } from '../live';
import { useRights } from '../me';
import { linkTo } from '../navigate';
import { Ago } from '../parts/Ago';
import { Certainty, Chip, Source, Vlan } from '../parts/Chips';
import type { Column } from '../parts/DataTable';
import { Empty, Lead } from '../parts/Empty';
import { Flash } from '../parts/Flash';
import type { Field } from '../parts/list/filter';
import { ListPage } from '../parts/ListPage';
import { useEdit } from '../parts/Manage';
import { Sure, sureText } from '../parts/Sure';
import { ShapeIcon } from '../parts/ShapeIcon';
import { TagChips, TagMenu } from '../parts/Tags';
import { hostPath } from '../route';
import { categories, certainties, describeService, kindNamed, type CertaintyName } from '../services/catalogue';
import { compareText, vlanText } from '../state/address';
import { instanceName, portText, type ServiceView } from '../state/selectors';
import { tagIds } from '../tags';
import { sourceText, texts } from '../texts';
import { EditService } from './EditService';
import { ageField, categoryField, useTagField, vlanField, wordField } from './fields';
import { AddToGroup } from './HostBulk';
import { byNumber, byString } from './list';
import css from './Rows.module.css';

const words = texts.services;

const kindOf = (view: ServiceView) => describeService(view.service);

// Its kind, by a sign and a word; an announced name beside it; a guess by its port is marked as one.
function ServiceName({ view }: { view: ServiceView }) {
  const { title, icon, how } = kindOf(view);
  const instance = view.service.name ? instanceName(view.service.name) : '';
  return (
    <span className={css.service} title={how === 'port' ? words.registered : (view.service.name ?? undefined)}>
      <span className={css.sign}><ShapeIcon name={icon} size={16} /></span>
      <span className={how === 'port' ? css.guess : css.strong}>{title}</span>
      {instance && instance !== title && <span className={css.sub}>{instance}</span>}
    </span>
  );
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

// How sure it is that it is that; and why, on its host's page.
const sureness = (view: ServiceView) => (kindOf(view).certainty ? certainties.indexOf(kindOf(view).certainty!) : -1);

function How({ view }: { view: ServiceView }) {
  const { certainty, title } = kindOf(view);
  if (!certainty) return <span className="dim">–</span>;
  return (
    <span className={css.how}>
      <Sure certainty={certainty} />
      <a className="link" aria-label={texts.reasons.whyOf(title)} {...linkTo(`${hostPath(view.service.host_id)}?why=${encodeURIComponent(view.id)}`)}>
        {texts.reasons.why}
      </a>
    </span>
  );
}

const Port = ({ view }: { view: ServiceView }) => <span className="mono">{portText(view.service)}</span>;

const columns: Column<ServiceView>[] = [
  { id: 'service', title: words.service, min: 8, grow: 2, compare: (a, b) => compareText(kindOf(a).title, kindOf(b).title), cell: view => <ServiceName view={view} />, text: view => kindOf(view).title },
  { id: 'certainty', title: words.certainty, min: 7, grow: 0.6, descending: true, compare: byNumber(sureness), cell: view => <How view={view} />, text: view => (kindOf(view).certainty ? sureText(kindOf(view).certainty!) : '') },
  { id: 'category', title: texts.fields.category, min: 6, grow: 0.8, off: true, compare: (a, b) => compareText(kindOf(a).category, kindOf(b).category), cell: view => categories.get(kindOf(view).category)?.title ?? '', text: view => categories.get(kindOf(view).category)?.title ?? '' },
  { id: 'port', title: words.port, min: 5, grow: 0.4, descending: false, compare: (a, b) => (a.service.port ?? 0) - (b.service.port ?? 0) || compareText(a.service.proto ?? '', b.service.proto ?? ''), cell: view => <Port view={view} />, text: view => portText(view.service) },
  { id: 'host', title: words.host, min: 8.5, grow: 2, compare: (a, b) => compareText(a.host?.title ?? a.service.ip ?? '', b.host?.title ?? b.service.ip ?? ''), cell: view => <HostLink view={view} />, text: view => view.host?.title ?? '' },
  { id: 'ip', title: words.address, min: 8.5, grow: 1.4, compare: byString(view => view.addressKey), cell: view => <span className="mono">{view.service.ip}</span>, text: view => view.service.ip ?? '' },
  { id: 'vlan', title: words.vlan, min: 3, grow: 0.4, compare: (a, b) => compareText(vlanText(a.service.vlan), vlanText(b.service.vlan)), cell: view => <Vlan vlan={vlanText(view.service.vlan)} />, text: view => vlanText(view.service.vlan) },
  { id: 'state', title: words.state, min: 3.8, grow: 0.4, compare: (a, b) => compareText(a.service.state, b.service.state), cell: view => <State view={view} />, text: view => texts.state[view.service.state] ?? view.service.state },
  { id: 'source', title: words.source, min: 7.2, grow: 1, compare: (a, b) => compareText(sourceText(a.service.source), sourceText(b.service.source)), cell: view => <Source source={view.service.source} />, text: view => sourceText(view.service.source) },
  { id: 'confidence', title: words.shown, min: 6.6, grow: 0.6, off: true, compare: (a, b) => compareText(a.service.confidence, b.service.confidence), cell: view => <Certainty confidence={view.service.confidence} />, text: view => view.service.confidence },
  { id: 'tags', title: texts.things.tagsTitle, min: 7, grow: 1, off: true, descending: true, compare: byNumber(view => tagIds(view.service.tags).length), cell: view => <TagChips of={view.service.tags} /> },
  { id: 'clients', title: words.clients, min: 3.6, grow: 0.4, end: true, descending: true, compare: byNumber(view => view.service.clients), cell: view => countText(view.service.clients), text: view => String(view.service.clients) },
  { id: 'first', title: words.first, min: 5.2, grow: 0.5, end: true, off: true, descending: true, compare: byNumber(view => view.service.first_seen), cell: view => <Ago at={view.service.first_seen} />, text: view => timeText(view.service.first_seen) },
  { id: 'last', title: words.last, min: 4.8, grow: 0.5, end: true, descending: true, compare: byNumber(view => view.service.last_seen), cell: view => <Ago at={view.service.last_seen} />, text: view => timeText(view.service.last_seen) },
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
        {kindOf(view).certainty && <Sure certainty={kindOf(view).certainty!} />}
      </div>
      <TagChips of={view.service.tags} />
    </div>
  );
}

const searchText = (view: ServiceView) => `${view.text}${kindOf(view).title.toLowerCase()}\n`;

function useFields(): Field<ServiceView>[] {
  const tag = useTagField<ServiceView>(view => view.service.tags);
  return useMemo(
    () => [
      wordField('service', words.service, view => kindOf(view).title),
      categoryField(view => kindOf(view).category),
      wordField('definition', words.definition, view => kindOf(view).definition?.id, id => kindNamed(id)?.name ?? id),
      wordField('port', words.port, view => portText(view.service) || null),
      wordField('host', words.host, view => view.host?.title || view.service.ip),
      vlanField(view => (view.service.vlan.length ? [vlanText(view.service.vlan)] : [])),
      tag,
      wordField('state', words.state, view => view.service.state, key => texts.state[key] ?? key),
      wordField('source', words.source, view => view.service.source, sourceText),
      { id: 'certainty', title: words.certainty, keys: view => [kindOf(view).certainty ?? 'none'], label: key => (key === 'none' ? words.notConcluded : sureText(key)), order: (a, b) => certainties.indexOf(b as CertaintyName) - certainties.indexOf(a as CertaintyName) },
      wordField('confidence', words.shown, view => view.service.confidence, key => texts.confidence[key]?.[0] ?? key),
      ageField(view => view.service),
    ],
    [tag],
  );
}

export default function Services({ params }: { params: URLSearchParams }) {
  const views = useViews('service', 'host', 'interface');
  const loaded = useLoaded();
  const rights = useRights();
  const network = useNetworkId();
  const edit = useEdit(params);
  const fields = useFields();
  const all = views.allServices();
  const edited = edit.id === null ? undefined : views.tables.service.get(edit.id);
  return (
    <>
      <ListPage
        title={words.title}
        one={words.one}
        many={words.many}
        placeholder={words.filter}
        rows={loaded ? all : null}
        columns={columns}
        fields={fields}
        order="port"
        params={params}
        text={searchText}
        card={view => <Card view={view} />}
        cardRem={5.75}
        csv={api.csv(network)}
        remove={rights.edit ? api.remove : undefined}
        choosable
        {...(rights.edit
          ? {
              bulk: (ids: string[], done: () => void) => (
                <>
                  {ids.length === 1 && (
                    <Button size="compact-sm" variant="default" leftSection={<IconPencil size={14} aria-hidden />} onClick={() => edit.open(ids[0]!)}>
                      {texts.edit}
                    </Button>
                  )}
                  <TagMenu entity="Service" ids={ids} tagged={tag => ids.filter(id => tagIds(views.tables.service.get(id)?.tags).includes(tag)).length} />
                  <AddToGroup services={ids} done={done} />
                </>
              ),
            }
          : {})}
        empty={<Empty icon={<IconServer aria-hidden />} title={words.emptyTitle} hint={words.emptyHint}>
          <Lead to="/sensors">{texts.hosts.seeSensors}</Lead>
        </Empty>}
      />
      {edited && <EditService key={edited.id} service={edited} close={edit.close} />}
    </>
  );
}
