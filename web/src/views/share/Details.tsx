// SPDX-License-Identifier: BSD-2-Clause
// What a picture knows of a thing in it, in words: nothing that is not in the picture's own data.

import { CloseButton } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';

import { bytesText, countText, timeText } from '../../format';
import { texts } from '../../texts';
import { iconShape } from '../../topology/icons';
import type { Graph, GraphContainer, GraphEdge, GraphNode } from '../../topology/model';
import css from './Details.module.css';

const words = texts.share.page;
const MOST = 40; // of a list

export function Details({ graph, id, close, choose }: { graph: Graph; id: string; close: () => void; choose: (id: string) => void }) {
  const node = graph.nodes.get(id);
  const container = graph.containers.get(id);
  const edge = graph.edges.get(id);
  const thing = node ?? container;
  if (!thing && !edge) return null;
  return (
    <aside className={css.panel} aria-label={words.details}>
      <header className={css.header}>
        {thing && <Sign name={thing.icon} />}
        <div className={css.titles}>
          <h2 className={css.title}>{thing?.title ?? `${titleOf(graph, edge!.source)} ${edge!.directed ? '→' : '–'} ${titleOf(graph, edge!.target)}`}</h2>
          {(thing?.subtitle || edge?.label) && <p className={css.subtitle}>{thing?.subtitle || edge?.label}</p>}
        </div>
        <CloseButton aria-label={words.close} onClick={close} />
      </header>
      {node && <OfNode node={node} />}
      {container && <OfContainer container={container} />}
      {edge && <OfEdge graph={graph} edge={edge} choose={choose} />}
      {thing && <Neighbours graph={graph} id={thing.id} choose={choose} />}
    </aside>
  );
}

function Sign({ name }: { name: string }) {
  const { paths, filled } = iconShape(name);
  return (
    <svg className={css.icon} width={22} height={22} viewBox="0 0 24 24" aria-hidden="true" {...(filled ? { fill: 'currentColor' } : { fill: 'none', stroke: 'currentColor', strokeWidth: 1.8, strokeLinecap: 'round', strokeLinejoin: 'round' })}>
      {paths.map((path, i) => (
        <path key={i} d={path} />
      ))}
    </svg>
  );
}

function Facts({ rows }: { rows: [string, ReactNode][] }) {
  return (
    <dl className={css.facts}>
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

// What somebody noted was never seen.
const seen = (name: string, at: number): [string, ReactNode][] => (at > 0 ? [[name, timeText(at)]] : []);

function OfNode({ node }: { node: GraphNode }) {
  return (
    <>
      <Facts
        rows={[
          [words.known, words.truth[node.truth] ?? node.truth],
          ...seen(words.firstSeen, node.firstSeen),
          ...seen(words.lastSeen, node.lastSeen),
        ]}
      />
      {node.lines.length > 0 && (
        <section>
          <h3 className={css.heading}>{words.services}</h3>
          <ul className={css.list}>
            {node.lines.slice(0, MOST).map(line => (
              <li key={line.id} className={css.row}>
                <Sign name={line.icon} />
                <span className={css.grow}>{line.title}</span>
                <span className={css.quiet}>{line.detail}</span>
              </li>
            ))}
          </ul>
          <More count={node.lines.length - MOST} />
        </section>
      )}
    </>
  );
}

const OfContainer = ({ container }: { container: GraphContainer }) => (
  <Facts
    rows={[
      [words.hosts, countText(container.summary.hosts)],
      [words.services, countText(container.summary.services)],
    ]}
  />
);

function OfEdge({ graph, edge, choose }: { graph: Graph; edge: GraphEdge; choose: (id: string) => void }) {
  const end = (id: string) => <Way id={id} title={titleOf(graph, id)} choose={choose} />;
  return (
    <Facts
      rows={[
        [words.from, end(edge.source)],
        [words.to, end(edge.target)],
        [words.known, words.truth[edge.truth] ?? edge.truth],
        ...(edge.bytes > 0 ? ([[words.traffic, bytesText(edge.bytes)]] as [string, ReactNode][]) : []),
        ...seen(words.lastSeen, edge.lastSeen),
      ]}
    />
  );
}

const titleOf = (graph: Graph, id: string) => graph.nodes.get(id)?.title ?? graph.containers.get(id)?.title ?? '';

function Neighbours({ graph, id, choose }: { graph: Graph; id: string; choose: (id: string) => void }) {
  const edges = useMemo(() => [...graph.edges.values()].filter(edge => edge.source === id || edge.target === id), [graph, id]);
  if (!edges.length) return null;
  return (
    <section>
      <h3 className={css.heading}>{words.connections}</h3>
      <ul className={css.list}>
        {edges.slice(0, MOST).map(edge => {
          const other = edge.source === id ? edge.target : edge.source;
          return (
            <li key={edge.id} className={css.row}>
              <span aria-hidden="true" className={css.quiet}>
                {!edge.directed ? '–' : edge.source === id ? '→' : '←'}
              </span>
              <span className={css.grow}>
                <Way id={other} title={titleOf(graph, other)} choose={choose} />
              </span>
              <span className={css.quiet}>{edge.label || (edge.bytes > 0 ? bytesText(edge.bytes) : '')}</span>
            </li>
          );
        })}
      </ul>
      <More count={edges.length - MOST} />
    </section>
  );
}

const Way = ({ id, title, choose }: { id: string; title: string; choose: (id: string) => void }) => (
  <button type="button" className={css.way} onClick={() => choose(id)}>
    {title || texts.unknown}
  </button>
);

const More = ({ count }: { count: number }) => (count > 0 ? <p className={css.quiet}>{words.more(count)}</p> : null);
