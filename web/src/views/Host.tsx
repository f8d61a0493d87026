// SPDX-License-Identifier: BSD-2-Clause
// One host: its faces, names, services and flows, all live, and the evidence for them.

import { IconArrowLeft, IconMoodEmpty } from '@tabler/icons-react';
import { useEffect, useRef, useState, type ReactNode } from 'react';

import { api, ApiError, type Evidence } from '../api';
import { knownNames } from '../evidence';
import { bytesText, countText } from '../format';
import { useLoaded, useViews } from '../live';
import { linkTo } from '../navigate';
import { Ago } from '../parts/Ago';
import { Certainty, Chip, Mac, Source, Traffic, Vlan } from '../parts/Chips';
import { Empty } from '../parts/Empty';
import { Flash } from '../parts/Flash';
import { Page, useTitle } from '../parts/Page';
import { Grid, None, Section } from '../parts/Section';
import { vlanText } from '../state/address';
import { instanceName, portName, portText, serviceLabel, type FlowView, type HostView, type Views } from '../state/selectors';
import { sourceText, texts } from '../texts';
import { End } from './Flows';
import css from './Host.module.css';
import { HostIcon } from './HostIcon';
import { EvidenceSection } from './HostEvidence';

const words = texts.host;
const FLOWS_MAX = 8;
const EVIDENCE_PAUSE_MS = 1500;

export default function Host({ id, params }: { id: string; params: URLSearchParams }) {
  const views = useViews('host', 'interface', 'service', 'flow', 'sensor');
  const loaded = useLoaded();
  const view = views.host(id);
  if (view) return <Known view={view} views={views} params={params} />;
  return (
    <Page title={texts.hosts.title}>
      {loaded && (
        <Empty icon={<IconMoodEmpty aria-hidden />} title={words.missing} hint={words.missingHint}>
          <a className="link" {...linkTo('/hosts')}>
            {texts.missing.home}
          </a>
        </Empty>
      )}
    </Page>
  );
}

function Known({ view, views, params }: { view: HostView; views: Views; params: URLSearchParams }) {
  useTitle(view.title);
  const evidence = useEvidence(view);
  const flows = views.flowsOf(view.id);
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
        </div>
      </header>
      <Summary view={view} />
      <div className={css.grid}>
        <Faces view={view} views={views} />
        <div className={css.column}>
          <Names evidence={evidence.rows} view={view} />
          <Services view={view} />
        </div>
        <div className={css.column}>
          <Flows title={words.asServer} hint={words.asServerHint} hostId={view.id} flows={flows.filter(flow => flow.flow.server_host_id === view.id)} />
          <Flows title={words.asClient} hint={words.asClientHint} hostId={view.id} flows={flows.filter(flow => flow.flow.client_host_id === view.id)} />
        </div>
        <EvidenceSection {...evidence} sensors={views.tables.sensor} kind={params.get('evidence')} />
      </div>
    </div>
  );
}

function Summary({ view }: { view: HostView }) {
  const item = (title: string, content: ReactNode) => (
    <div>
      <dt>{title}</dt>
      <dd>{content}</dd>
    </div>
  );
  const list = (values: string[], className = '') => (values.length ? <span className={className} title={values.join('\n')}>{values[0]}{values.length > 1 && <span className="dim"> {texts.table.more(values.length - 1)}</span>}</span> : <span className="dim">–</span>);
  return (
    <dl className={css.summary}>
      {item(words.ip, list(view.addresses, 'mono'))}
      {item(words.mac, list(view.macs, 'mono'))}
      {item(words.vendor, view.vendor ?? <span className="dim">{texts.unknown}</span>)}
      {item(words.vlan, view.vlans.length ? view.vlans.join(', ') : <span className="dim">{texts.table.untagged}</span>)}
      {item(words.traffic, <Traffic sent={view.sent} received={view.received} />)}
      {item(words.first, <Ago at={view.host.first_seen} />)}
      {item(words.last, <Ago at={view.host.last_seen} />)}
    </dl>
  );
}

function Faces({ view, views }: { view: HostView; views: Views }) {
  const faces = [...views.tables.interfacesByHost.get(view.id)].map(id => views.tables.interface.get(id)!);
  faces.sort((a, b) => (a.ip === null ? 1 : 0) - (b.ip === null ? 1 : 0) || b.bytes + b.bytes_in - a.bytes - a.bytes_in);
  return (
    <Section wide title={words.faces} hint={words.facesHint}>
      <Grid
        label={words.faces}
        head={[words.ip, words.mac, words.vlan, texts.hosts.vendor, words.via, words.sent, words.received, words.first, words.last]}
        rows={faces.map(face => ({
          id: face.id,
          cells: [
            <Flash key="ip" value={face.ip ?? ''} className="mono">{face.ip ?? <span className="dim">–</span>}</Flash>,
            face.mac ? <Mac mac={face.mac} /> : null,
            face.vlan.length ? <Vlan key="vlan" vlan={vlanText(face.vlan)} /> : null,
            face.vendor ?? (face.random_mac ? texts.hosts.randomMac : null),
            face.via ? <Via mac={face.via} views={views} /> : null,
            <span key="out" className="figures">{bytesText(face.bytes)}</span>,
            <span key="in" className="figures">{bytesText(face.bytes_in)}</span>,
            <Ago key="first" at={face.first_seen} />,
            <Ago key="last" at={face.last_seen} />,
          ],
        }))}
      />
    </Section>
  );
}

// The hop in front of a routed address, as the host that it is.
function Via({ mac, views }: { mac: string; views: Views }) {
  for (const id of views.tables.interfacesByMac.get(mac)) {
    const hop = views.host(views.tables.interface.get(id)!.host_id);
    if (hop) return <End id={hop.id} title={hop.title} ip="" />;
  }
  return <Mac mac={mac} />;
}

function Names({ evidence, view }: { evidence: readonly Evidence[] | null; view: HostView }) {
  const names = knownNames((evidence ?? []).map(row => row.fact));
  if (!names.length && view.host.name) names.push({ name: view.host.name, kind: '', sources: view.host.name_source ? [view.host.name_source] : [], last: view.host.last_seen });
  return (
    <Section title={words.names}>
      {names.length === 0 ? (
        <None>{words.noNames}</None>
      ) : (
        <Grid
          label={words.names}
          head={[texts.hosts.name, words.protocol, texts.hosts.last]}
          rows={names.map(name => ({
            id: name.name,
            cells: [
              <span key="name" className={name.name === view.host.name ? css.strong : undefined}>{name.name} {name.kind && <span className="dim">{texts.evidence.nameKind[name.kind] ?? name.kind}</span>}</span>,
              name.sources.map(sourceText).join(', '),
              <Ago key="last" at={name.last} />,
            ],
          }))}
        />
      )}
    </Section>
  );
}

function Services({ view }: { view: HostView }) {
  return (
    <Section title={words.services}>
      {view.services.length === 0 ? (
        <None>{words.noServices}</None>
      ) : (
        <Grid
          label={words.services}
          head={[texts.services.port, texts.services.service, texts.services.state, texts.services.source, texts.services.clients, words.last]}
          rows={view.services.map(service => ({
            id: service.id,
            cells: [
              <span key="port" className="mono">
                {portText(service)}
                <span className={css.where}>{[service.ip, service.vlan.length ? `${words.vlan} ${vlanText(service.vlan)}` : ''].filter(Boolean).join(' · ')}</span>
              </span>,
              service.name ? <span title={service.name}><span className={css.strong}>{serviceLabel(service)}</span><span className={css.where}>{instanceName(service.name)}</span></span> : <span title={texts.services.registered}>{portName(service.proto, service.port) ?? '–'}</span>,
              <Flash key="state" value={service.state}><Chip tone={service.state === 'open' ? 'live' : 'plain'}>{texts.state[service.state] ?? service.state}</Chip></Flash>,
              <span key="source">
                <Source source={service.source} />
                <span className={css.where}>
                  <Certainty confidence={service.confidence} />
                </span>
              </span>,
              <Flash key="clients" value={service.clients} className="figures">{countText(service.clients)}</Flash>,
              <Ago key="last" at={service.last_seen} />,
            ],
          }))}
        />
      )}
    </Section>
  );
}

function Flows({ title, hint, flows, hostId }: { title: string; hint: string; flows: FlowView[]; hostId: string }) {
  const shown = flows.sort((a, b) => b.flow.bytes + b.flow.bytes_back - a.flow.bytes - a.flow.bytes_back).slice(0, FLOWS_MAX);
  const others = flows.length - shown.length;
  return (
    <Section title={title} hint={hint}>
      {flows.length === 0 ? (
        <None>{words.noFlows}</None>
      ) : (
        <>
          <Grid
            label={title}
            head={[title === words.asClient ? texts.flows.server : texts.flows.client, texts.flows.service, texts.flows.connections, texts.flows.total, words.last]}
            rows={shown.map(view => ({
              id: view.id,
              cells: [
                title === words.asClient ? <End key="end" stack id={view.flow.server_host_id} title={view.serverTitle} ip={view.flow.server} /> : <End key="end" stack id={view.flow.client_host_id} title={view.clientTitle} ip={view.flow.client} />,
                <span key="service">
                  <span className="mono">{view.flow.port ? `${view.flow.port}/${view.flow.proto}` : view.flow.proto}</span> <span className={`${css.label} dim`}>{view.label}</span>
                </span>,
                <Flash key="connections" value={view.flow.connections} className="figures">{countText(view.flow.connections)}</Flash>,
                <Traffic key="bytes" sent={view.flow.bytes} received={view.flow.bytes_back} />,
                <Ago key="last" at={view.flow.last_seen} />,
              ],
            }))}
          />
          {others > 0 && (
            <p className={css.all}>
              <a className="link" {...linkTo(`/flows?host=${encodeURIComponent(hostId)}`)}>
                {words.moreFlows(others)}
              </a>
            </p>
          )}
        </>
      )}
    </Section>
  );
}

export interface EvidenceState {
  rows: readonly Evidence[] | null;
  problem: string | null;
  again: () => void;
}

// Read when the page opens, and again a moment after what it explains has changed.
function useEvidence(view: HostView): EvidenceState {
  const [rows, setRows] = useState<readonly Evidence[] | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const first = useRef(true);
  const about = [view.title, ...view.addresses, ...view.macs, ...view.services.map(service => `${service.id} ${service.state}`)].join();
  useEffect(() => {
    let current = true;
    const read = () =>
      api.evidence(view.id).then(
        answer => {
          if (!current) return;
          setRows(answer);
          setProblem(null);
        },
        (error: unknown) => current && setProblem(error instanceof ApiError ? error.message : String(error)),
      );
    const timer = setTimeout(() => void read(), first.current ? 0 : EVIDENCE_PAUSE_MS);
    first.current = false;
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [view.id, about, attempt]);
  return { rows, problem, again: () => setAttempt(count => count + 1) };
}
