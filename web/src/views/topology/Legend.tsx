// SPDX-License-Identifier: BSD-2-Clause
// What each mark of the picture means, drawn as in the picture. What occurs in it comes first.

import { useMemo, type ReactNode } from 'react';

import { categories } from '../../services/catalogue';
import { texts } from '../../texts';
import { edgeKinds, type EdgeKind, type Graph, type GraphContainer, type GraphNode, type Truth } from '../../topology/model';
import type { Options } from '../../topology/options';
import { useGraphNow } from '../../topology/session/useTopology';
import type { Desk } from './desk';
import css from './Legend.module.css';
import { Mark } from './marks/Mark';
import { changed, containerSample, edgeSample, nodeSample, sampleLine, type Sample } from './marks/samples';
import { Sign } from './Sign';

const words = texts.topology.legend;

interface Entry {
  key: string;
  here: boolean;
  mark: ReactNode;
  text: string;
  hint?: string | undefined;
}

export default function Legend({ desk }: { desk: Desk }) {
  const graph = useGraphNow(desk.session.stage, 5000);
  const { options } = desk.session;
  const occurs = useMemo(() => occursIn(graph), [graph]);
  const groups = useMemo(() => groupsOf(occurs, options, desk.session.address.since !== null), [occurs, options, desk.session.address.since]);
  const section = (here: boolean) => (
    <>
      {groups.map(group => {
        const entries = group.entries.filter(entry => entry.here === here);
        if (!entries.length) return null;
        return (
          <div key={group.title} role="group" className={css.group} aria-label={`${group.title}, ${here ? words.here : words.others}`}>
            <h4>{group.title}</h4>
            <ul data-wide={group.wide || undefined}>
              {entries.map(entry => (
                <li key={entry.key} title={entry.hint}>
                  {entry.mark}
                  <span>
                    {entry.text}
                    {entry.hint && <small>{entry.hint}</small>}
                  </span>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </>
  );
  return (
    <div className={css.legend}>
      <h3>{words.here}</h3>
      {section(true)}
      {occurs.categories.length > 0 && (
        <section className={css.group} aria-label={words.categories}>
          <h4>{words.categories}</h4>
          <ul className={css.categories}>
            {occurs.categories.map(id => {
              const category = categories.get(id);
              return (
                <li key={id}>
                  <span className={css.light} style={{ color: category?.light }}>
                    <Sign name={category?.icon ?? 'point'} size={16} />
                  </span>
                  <span className={css.dark} style={{ color: category?.dark }}>
                    <Sign name={category?.icon ?? 'point'} size={16} />
                  </span>
                  {category?.title ?? id}
                </li>
              );
            })}
          </ul>
        </section>
      )}
      <h3>{words.others}</h3>
      {section(false)}
    </div>
  );
}

interface Occurs {
  containers: ReadonlySet<GraphContainer['kind']>;
  nodes: ReadonlySet<GraphNode['kind']>;
  edges: ReadonlySet<EdgeKind>;
  truths: ReadonlySet<Truth>;
  categories: readonly string[];
  zone: boolean;
  lines: boolean;
  badge: boolean;
  quiet: boolean;
  measured: boolean;
  live: boolean;
}

function occursIn(graph: Graph): Occurs {
  const nodes = [...graph.nodes.values()];
  const edges = [...graph.edges.values()];
  const counts = new Map<string, number>();
  for (const node of nodes) for (const { category } of node.lines) counts.set(category, (counts.get(category) ?? 0) + 1);
  return {
    containers: new Set([...graph.containers.values()].map(each => each.kind)),
    nodes: new Set(nodes.map(each => each.kind)),
    edges: new Set(edges.map(each => each.kind)),
    truths: new Set(edges.map(each => each.truth)),
    categories: [...counts].sort((a, b) => b[1] - a[1]).map(([id]) => id),
    zone: nodes.some(each => each.zone === 'left'),
    lines: counts.size > 0,
    badge: nodes.some(each => each.badge),
    quiet: nodes.some(each => each.quiet),
    measured: edges.some(each => each.weight > 0),
    live: edges.some(each => each.live),
  };
}

const containerKinds: [GraphContainer['kind'], string, string, string][] = [
  ['subnet', 'Office', '10.0.0.0/24', 'sitemap'],
  ['vlan', 'VLAN 20', '', 'tags'],
  ['internet', 'Internet', '', 'world'],
  ['remote', 'Remote', '', 'cloud-network'],
  ['bridge', 'docker0', '172.17.0.0/16', 'box-multiple'],
  ['host', 'hypervisor-1', '', 'server'],
  ['switch', 'switch-1', '', 'switch-2'],
  ['application', 'Shop', '', 'apps'],
  ['network', 'Berlin', '', 'network'],
  ['unplaced', '–', '', 'help'],
];
const nodeKinds: [GraphNode['kind'], Partial<GraphNode>][] = [
  ['host', {}],
  ['face', { title: 'router', subtitle: '10.0.20.1', icon: 'router', category: 'NetworkCore' }],
  ['service', { title: 'PostgreSQL', subtitle: '5432/tcp', icon: 'database', category: 'Database' }],
  ['switch', { title: 'switch-1', subtitle: '', icon: 'switch-2', category: 'NetworkCore' }],
  ['port', { title: 'ge-0/0/4', subtitle: '', icon: 'plug-connected', category: 'NetworkCore' }],
  ['machine', { title: 'vm-web', subtitle: '10.0.0.30', icon: 'box', category: 'Virtualization' }],
  ['workload', { title: 'redis', subtitle: '', icon: 'container', category: 'Database' }],
];
const truths: Truth[] = ['measured', 'announced', 'inferred', 'noted'];
const WIDE = 60;
const SMALL = 0.8;

function groupsOf(occurs: Occurs, options: Options, compared: boolean): { title: string; wide?: boolean; entries: Entry[] }[] {
  const entry = (key: string, here: boolean, sample: Sample, text: string, hint?: string, scale = 1): Entry => ({ key, here, text, hint, mark: <Mark sample={sample} scale={scale} options={options} /> });
  return [
    {
      title: words.groups.places!,
      wide: true,
      entries: containerKinds.map(([kind, title, subtitle, icon]) => entry(kind, occurs.containers.has(kind), containerSample({ kind, title, subtitle, icon }), words.container[kind]!, undefined, SMALL)),
    },
    {
      title: words.groups.things!,
      wide: true,
      entries: [
        ...nodeKinds.map(([kind, changes]) => entry(kind, occurs.nodes.has(kind), nodeSample({ kind, ...changes }, options), words.node[kind]!, undefined, SMALL)),
        entry('line', occurs.lines, nodeSample({ lines: [sampleLine()] }, options), words.line, undefined, SMALL),
        entry('badge', occurs.badge, nodeSample({ badge: 'VLAN 20' }, options), words.badge, undefined, SMALL),
        entry('quiet', occurs.quiet, nodeSample({ quiet: true, title: 'printer', icon: 'printer', category: 'Printer' }, options), words.quiet, undefined, SMALL),
      ],
    },
    {
      title: words.groups.lines!,
      entries: [
        ...edgeKinds.map(kind => entry(kind, occurs.edges.has(kind), edgeSample(kind, {}, WIDE), texts.topology.edges[kind]!, texts.topology.edgeHint[kind])),
        entry('width', occurs.measured, edgeSample('dependency', { weight: 1 }, WIDE), words.width),
        entry('live', occurs.live, edgeSample('dependency', { live: true, weight: 0.5 }, WIDE), words.live),
      ],
    },
    {
      title: words.groups.truth!,
      entries: truths.map(truth => entry(truth, occurs.truths.has(truth), edgeSample('dependency', { truth, directed: false }, WIDE), texts.topology.truth[truth]!, texts.topology.truthHint[truth])),
    },
    {
      title: words.groups.state!,
      wide: true,
      entries: (['added', 'removed', 'changed'] as const).map(change => entry(change, compared, changed(change, options), words[change], undefined, SMALL)),
    },
  ];
}
