// SPDX-License-Identifier: BSD-2-Clause
// One host: what it is now and why, what has happened to it, when it was there, and what it sent.

import { Tabs } from '@mantine/core';
import { IconArrowLeft, IconMoodEmpty } from '@tabler/icons-react';

import { useLoaded, useViews } from '../live';
import { linkTo, setParams } from '../navigate';
import { Chip } from '../parts/Chips';
import { Empty } from '../parts/Empty';
import { Flash } from '../parts/Flash';
import { Page, useTitle } from '../parts/Page';
import { TagChips } from '../parts/Tags';
import { TimelineSection } from '../parts/TimelineSection';
import type { HostView, Views } from '../state/selectors';
import { texts } from '../texts';
import { Consolidate } from './Consolidate';
import { EditHost } from './host/EditHost';
import css from './Host.module.css';
import { HostActions } from './HostActions';
import { Decisions } from './HostDecisions';
import { useEvidence } from './hostEvidence';
import { EvidenceSection } from './HostEvidence';
import { DevicePorts, PluggedInto, Plugs, plugsOf } from './HostPlugs';
import { HostIcon } from './HostIcon';
import { Flows, Names, Summary } from './HostOverview';
import { Faces, Services, Virtual } from './HostParts';
import { Containers } from './host/Containers';
import { Dependencies } from './host/Dependencies';
import { TraitsGlance, TraitsTab } from './host/Traits';
import { ConclusionsSection, DeviceLine, WhyDialog } from './host/Why';
import { Presence } from './HostPresence';
import { HostTraffic } from './HostTraffic';

const words = texts.host;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const tabs = ['overview', 'services', 'dependencies', 'interfaces', 'traits', 'timeline', 'presence', 'traffic', 'evidence'] as const;

export default function Host({ id, params }: { id: string; params: URLSearchParams }) {
  const views = useViews('host', 'interface', 'service', 'flow', 'sensor', 'subnet', 'link');
  const loaded = useLoaded();
  const view = views.host(id);
  if (view) return <Known view={view} views={views} params={params} />;
  return (
    <Page title={texts.hosts.title}>
      {loaded && (
        <>
          <Empty icon={<IconMoodEmpty aria-hidden />} title={words.missing} hint={words.missingHint}>
            <a className="link" {...linkTo('/hosts')}>
              {texts.missing.home}
            </a>
          </Empty>
          {uuid.test(id) && <TimelineSection path="hosts" id={id} version={null} />}
        </>
      )}
    </Page>
  );
}

function Known({ view, views, params }: { view: HostView; views: Views; params: URLSearchParams }) {
  useTitle(view.title);
  const tab = tabs.find(each => each === params.get('tab')) ?? 'overview';
  const { description } = view.host;
  const why = params.get('why');
  const close = () => setParams({ edit: null, part: null });
  return (
    <div className={css.page}>
      <header className={css.header}>
        <a className={css.back} {...linkTo('/hosts')}>
          <IconArrowLeft size={15} aria-hidden /> {words.back}
        </a>
        <div className={css.headline}>
          <HostIcon view={view} size={24} />
          <h1 className={view.named ? css.title : `${css.title} mono`}>
            <Flash value={view.title}>{view.title || texts.hosts.unnamed}</Flash>
          </h1>
          {view.router && <Chip tone="accent" title={texts.hosts.routerHint}>{texts.hosts.router}</Chip>}
          {view.remote && <Chip title={texts.hosts.remoteHint}>{texts.hosts.remote}</Chip>}
          {view.randomMac && <Chip title={texts.hosts.randomMacHint}>{texts.hosts.randomMac}</Chip>}
          {view.host.hidden && <Chip tone="warn" title={words.hiddenHint}>{words.hidden}</Chip>}
          <TagChips of={view.host.tags} />
          <HostActions view={view} />
        </div>
        <DeviceLine view={view} />
        {description && <p className={css.description}>{description}</p>}
      </header>
      <Summary view={view} plugged={plugsOf(view, views).length ? <PluggedInto view={view} views={views} /> : null} />
      <Tabs value={tab} onChange={value => setParams({ tab: value === 'overview' ? null : value }, 'push')} keepMounted={false} classNames={{ list: css.tabs }}>
        <Tabs.List aria-label={words.tabs}>
          {tabs.map(each => (
            <Tabs.Tab key={each} value={each}>
              {words.tab[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview">
          <Overview view={view} views={views} />
        </Tabs.Panel>
        <Tabs.Panel value="services">
          <Services view={view} whole />
          <Containers view={view} views={views} whole />
        </Tabs.Panel>
        <Tabs.Panel value="dependencies">
          <Dependencies view={view} views={views} />
        </Tabs.Panel>
        <Tabs.Panel value="interfaces">
          <div className={css.column}>
            <Faces view={view} views={views} whole />
            <Plugs view={view} views={views} />
            <DevicePorts view={view} views={views} whole />
          </div>
        </Tabs.Panel>
        <Tabs.Panel value="traits">
          <Told view={view} views={views} params={params} />
        </Tabs.Panel>
        <Tabs.Panel value="timeline">
          <TimelineSection path="hosts" id={view.id} version={aboutOf(view)} />
        </Tabs.Panel>
        <Tabs.Panel value="presence">
          <Presence id={view.id} />
        </Tabs.Panel>
        <Tabs.Panel value="traffic">
          <HostTraffic id={view.id} params={params} />
        </Tabs.Panel>
        <Tabs.Panel value="evidence">
          <Why view={view} views={views} params={params} />
        </Tabs.Panel>
      </Tabs>
      {why && <WhyDialog key={why} view={view} of={why} />}
      {params.get('edit') === 'host' && <EditHost view={view} part={params.get('part')} close={close} />}
      {params.get('edit') === 'consolidate' && <Consolidate view={view} views={views} close={close} />}
    </div>
  );
}

// What an entry of the timeline could be about; its counters are not.
const aboutOf = (view: HostView) => [view.host.name, view.host.description, view.host.hidden, ...view.addresses, ...view.macs, ...view.services.map(service => `${service.id} ${service.state}`)].join();

function Overview({ view, views }: { view: HostView; views: Views }) {
  const evidence = useEvidence(view);
  const flows = views.flowsOf(view.id);
  return (
    <div className={css.grid}>
      <div className={css.column}>
        <Faces view={view} views={views} />
        <DevicePorts view={view} views={views} />
        <Plugs view={view} views={views} />
        <Services view={view} />
        <Containers view={view} views={views} />
        <Virtual view={view} views={views} />
        <Names evidence={evidence.rows} view={view} />
        <TraitsGlance rows={evidence.rows} />
      </div>
      <div className={css.column}>
        <Flows title={words.asServer} hint={words.asServerHint} hostId={view.id} flows={flows.filter(flow => flow.flow.server_host_id === view.id)} />
        <Flows title={words.asClient} hint={words.asClientHint} hostId={view.id} flows={flows.filter(flow => flow.flow.client_host_id === view.id)} />
      </div>
    </div>
  );
}

function Told({ view, views, params }: { view: HostView; views: Views; params: URLSearchParams }) {
  return <TraitsTab {...useEvidence(view)} sensors={views.tables.sensor} search={params.get('trait') ?? ''} />;
}

function Why({ view, views, params }: { view: HostView; views: Views; params: URLSearchParams }) {
  const evidence = useEvidence(view);
  return (
    <div className={css.column}>
      <ConclusionsSection view={view} />
      <Decisions id={view.id} />
      <EvidenceSection {...evidence} sensors={views.tables.sensor} kind={params.get('evidence')} marked={params.get('row')} />
    </div>
  );
}
