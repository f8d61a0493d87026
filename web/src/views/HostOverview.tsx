// SPDX-License-Identifier: BSD-2-Clause
// What a host is now, at a glance, its names and its conversations, all live.

import type { ReactNode } from 'react';

import type { Evidence } from '../api';
import { knownNames } from '../evidence';
import { countText, momentText } from '../format';
import { linkTo } from '../navigate';
import { Ago } from '../parts/Ago';
import { Chip, Traffic } from '../parts/Chips';
import { useClock } from '../parts/clock';
import { Flash } from '../parts/Flash';
import { Grid, None, Section } from '../parts/Section';
import type { FlowView, HostView } from '../state/selectors';
import { sourceText, texts } from '../texts';
import { End } from './Flows';
import css from './Host.module.css';

const words = texts.host;
const FLOWS_MAX = 8;

export function Summary({ view, plugged }: { view: HostView; plugged: ReactNode }) {
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
      {item(words.card, view.vendor ?? <span className="dim">{texts.unknown}</span>)}
      {item(words.vlan, view.vlans.length ? view.vlans.join(', ') : <span className="dim">{texts.table.untagged}</span>)}
      {plugged && item(texts.plugs.title, plugged)}
      {item(words.traffic, <Traffic sent={view.sent} received={view.received} />)}
      {item(words.first, <Ago at={view.host.first_seen} />)}
      {item(words.last, <LastSeen view={view} />)}
    </dl>
  );
}

// Silence up to then means nothing: its lease, its announcements or its cadence say so.
function LastSeen({ view: { host } }: { view: HostView }) {
  const until = host.present_until ?? null;
  const believed = useClock(now => (until !== null && until > now ? momentText(until) : ''));
  return (
    <>
      <Ago at={host.last_seen} />
      {believed && <span className={css.where} title={words.believedHint}>{words.believed(believed)}</span>}
    </>
  );
}

export function Names({ evidence, view }: { evidence: readonly Evidence[] | null; view: HostView }) {
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

export function Flows({ title, hint, flows, hostId }: { title: string; hint: string; flows: FlowView[]; hostId: string }) {
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
                  {view.flow.app && view.flow.app !== view.label && <Chip tone="live" title={texts.flows.appHint}>{view.flow.app}</Chip>}
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
