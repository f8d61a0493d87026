// SPDX-License-Identifier: BSD-2-Clause
// A line of the picture: what it stands for, how that is known, since when, and why.

import { Button, UnstyledButton } from '@mantine/core';
import { IconArrowRight, IconArrowsLeftRight, IconExternalLink } from '@tabler/icons-react';
import { Fragment, useState } from 'react';

import { bytesText, countText, delayText } from '../../../format';
import { linkTo } from '../../../navigate';
import { Ago } from '../../../parts/Ago';
import { Chip } from '../../../parts/Chips';
import { texts } from '../../../texts';
import type { Graph, GraphEdge } from '../../../topology/model';
import { bytesOf, endOf, flowsOf } from '../../../topology/session/about';
import { keyIn } from '../../../topology/session/saved';
import type { Desk } from '../desk';
import { EdgeMark } from '../marks/EdgeMark';
import { Sign } from '../Sign';
import css from './inspect.module.css';
import type { Inspected } from './Inspector';
import { Fact, Facts, FlyButton, Head, Part, TruthChip } from './parts';
import { Why } from './Why';

const words = texts.topology.inspect;
const FLOWS_MAX = 10;
const EDGES_MAX = 40;

export function InspectEdge({ desk, graph, views, edge }: Inspected & { edge: GraphEdge }) {
  const group = edge.groupId ? views.tables.group.get(edge.groupId) : undefined;
  const { session } = desk;
  const key = keyIn(session.options.view, edge.id);
  const host = graph.nodes.get(edge.target)?.hostId ?? graph.nodes.get(edge.source)?.hostId ?? graph.containers.get(edge.source)?.hostId ?? null;
  return (
    <>
      <Head icon={edge.kind === 'dependency' ? 'arrows-exchange' : edge.kind === 'link' ? 'plug-connected' : 'link'} title={edge.label || texts.topology.edge[edge.kind]!} about={texts.topology.edgeHint[edge.kind]} change={edge.change} />
      <Ends desk={desk} graph={graph} edge={edge} />
      <div className={css.buttons}>
        {group && session.readOnly !== 'past' && (
          <Button size="compact-sm" component="a" {...linkTo(`/groups?edit=${encodeURIComponent(group.id)}`)} leftSection={<IconExternalLink size={14} aria-hidden />}>
            {group.name}
          </Button>
        )}
        <FlyButton desk={desk} id={edge.id} />
        {session.readOnly === null && key in (session.saved?.edges ?? {}) && (
          <Button size="compact-sm" variant="default" onClick={() => session.editor?.do({ kind: 'place', nodes: {}, edges: { [key]: null } })}>
            {words.forget}
          </Button>
        )}
      </div>
      <Facts>
        <Fact name={texts.topology.legend.groups.lines!}>
          <span className={css.mark}>
            {texts.topology.edge[edge.kind]} <EdgeMark kind={edge.kind} truth={edge.truth} />
          </span>
        </Fact>
        <Fact name={words.known}>
          <TruthChip truth={edge.truth} /> <span className="dim">{texts.topology.truthHint[edge.truth]}</span>
        </Fact>
        {edge.bytes > 0 && <Fact name={words.volume}>{bytesText(edge.bytes)}</Fact>}
        {edge.count > 1 && <Fact name={words.stands}>{edge.kind === 'dependency' ? words.flows(edge.count) : words.links(edge.count)}</Fact>}
        {edge.lastSeen > 0 && (
          <Fact name={words.last}>
            <Ago at={edge.lastSeen} />
            {edge.live && <Chip tone="live">{texts.topology.time.live}</Chip>}
          </Fact>
        )}
      </Facts>
      {edge.kind === 'dependency' && <Flows graph={graph} views={views} edge={edge} desk={desk} />}
      {edge.kind === 'link' && <Neighbors graph={graph} views={views} edge={edge} desk={desk} />}
      {host && session.readOnly !== 'past' && edge.kind !== 'dependency' && !group && <Why hostId={host} {...(edge.kind === 'link' ? { wanted: fact => fact.fact === 'neighbor' || fact.fact === 'link' } : edge.kind === 'route' ? { wanted: fact => fact.fact === 'route' || fact.fact === 'address' } : {})} />}
    </>
  );
}

function Ends({ desk, graph, edge }: { desk: Desk; graph: Graph; edge: GraphEdge }) {
  const end = (id: string) => {
    const thing = graph.nodes.get(id) ?? graph.containers.get(id);
    return (
      <UnstyledButton className={css.end} onClick={() => desk.show(id)}>
        {thing && <Sign name={thing.icon} size={16} />}
        <span className={css.lineTitle}>{endOf(graph, id)?.title ?? id}</span>
        {thing?.subtitle && <span className="dim figures">{thing.subtitle}</span>}
      </UnstyledButton>
    );
  };
  return (
    <div className={css.ends}>
      {end(edge.source)}
      {edge.directed ? <IconArrowRight size={16} aria-hidden /> : <IconArrowsLeftRight size={16} aria-hidden />}
      {end(edge.target)}
    </div>
  );
}

function Flows({ desk, graph, views, edge }: Inspected & { edge: GraphEdge }) {
  const [all, setAll] = useState(false);
  const flows = flowsOf(graph, edge, views);
  const shown = all ? flows.slice(0, 500) : flows.slice(0, FLOWS_MAX);
  if (!flows.length) return null;
  return (
    <Part title={words.flows(flows.length)} aside={desk.session.readOnly === 'past' ? undefined : <a className="link" {...linkTo(`/flows?q=${encodeURIComponent(flows[0]!.flow.server)}`)}>{words.all}</a>}>
      <ul className={css.flows}>
        {shown.map(({ id, flow, label, clientTitle, serverTitle }) => (
          <li key={id}>
            <span className={css.flowHead}>
              <strong>{label || `${flow.port}/${flow.proto}`}</strong>
              <span className="dim figures">{label ? `${flow.port}/${flow.proto}` : ''}</span>
              <span className={css.bytes}>{bytesText(bytesOf(flow))}</span>
            </span>
            <span className={css.hint}>
              {clientTitle} → {serverTitle}
            </span>
            <span className={css.hint}>
              {bytesText(flow.bytes)} ↑ {bytesText(flow.bytes_back)} ↓ · {countText(flow.connections)}×{flow.rtt_us !== null && ` · ${delayText(flow.rtt_us)}`} · <Ago at={flow.last_seen} />
            </span>
          </li>
        ))}
      </ul>
      {shown.length < flows.length && !all && (
        <UnstyledButton className="link" onClick={() => setAll(true)}>
          {words.moreFlows(flows.length - shown.length)}
        </UnstyledButton>
      )}
    </Part>
  );
}

// What the two devices said of themselves on layer 2.
function Neighbors({ graph, views, edge }: Inspected & { edge: GraphEdge }) {
  const hosts = new Set([edge.source, edge.target].flatMap(id => graph.nodes.get(id)?.hostId ?? graph.containers.get(id)?.hostId ?? []));
  const ports = new Set([edge.source, edge.target].flatMap(id => (graph.nodes.get(id)?.kind === 'port' ? graph.nodes.get(id)!.rowIds : [])));
  const said = [...views.tables.neighbor.values()].filter(row => (ports.size ? ports.has(row.id) : row.host_id !== null && hosts.has(row.host_id)));
  if (!said.length) return null;
  return (
    <Part title={words.whyHint}>
      <ul className={css.flows}>
        {said.slice(0, FLOWS_MAX).map(row => (
          <li key={row.id}>
            <span className={css.flowHead}>
              <strong>{row.system_name ?? row.chassis ?? row.mac}</strong>
              <span className="dim">{row.source.toUpperCase()}</span>
            </span>
            <span className={css.hint}>{[row.port_description ?? row.port, row.platform ?? row.system_description].filter(Boolean).join(' · ')}</span>
            <span className={css.hint}>
              <Ago at={row.last_seen} />
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

export function InspectBundle({ desk, graph, edges }: { desk: Desk; graph: Graph; edges: readonly GraphEdge[] }) {
  const sorted = [...edges].sort((a, b) => b.bytes - a.bytes || b.count - a.count);
  const bytes = edges.reduce((sum, edge) => sum + edge.bytes, 0);
  return (
    <>
      <Head icon="arrows-exchange" title={words.bundle(edges.length)} about={bytes > 0 ? bytesText(bytes) : undefined} />
      <Part title={words.stands}>
        <ul className={css.list}>
          {sorted.slice(0, EDGES_MAX).map(edge => (
            <li key={edge.id}>
              <UnstyledButton className={css.thing} onClick={() => desk.show(edge.id)}>
                <EdgeMark kind={edge.kind} truth={edge.truth} />
                <span className={css.lineTitle}>
                  {[edge.source, edge.target].map((id, i) => (
                    <Fragment key={id}>
                      {i > 0 && ' → '}
                      {endOf(graph, id)?.title ?? id}
                    </Fragment>
                  ))}
                </span>
                {edge.bytes > 0 && <span className={css.bytes}>{bytesText(edge.bytes)}</span>}
              </UnstyledButton>
            </li>
          ))}
        </ul>
        {sorted.length > EDGES_MAX && <p className={css.hint}>{words.moreFlows(sorted.length - EDGES_MAX)}</p>}
      </Part>
    </>
  );
}
