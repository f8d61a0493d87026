// SPDX-License-Identifier: BSD-2-Clause
// Several networks in one picture: each in a container of its own. Ids of rows are unique over all networks; ids that
// are made of words ("vlan:10") get their network's in front.

import type { Graph, GraphContainer, GraphEdge, GraphNode, Summary } from '../model';
import { leftTogether } from './left';
import { emptySummary } from './nodes';

export interface NamedGraph {
  id: string; // the network's
  name: string;
  graph: Graph;
}

// What was made of a graph, as long as that is the same.
const joined = new WeakMap<Graph, { id: string; name: string; part: Part }>();

interface Part {
  containers: GraphContainer[];
  nodes: [string, GraphNode][];
  edges: [string, GraphEdge][];
}

const things = new WeakMap<object, object>();

// The same object for the same thing of the same network.
function once<T extends object>(thing: T, make: () => T): T {
  let made = things.get(thing) as T | undefined;
  if (!made) things.set(thing, (made = make()));
  return made;
}

const named = <T extends { id: string }>(thing: T): [string, T] => [thing.id, thing];

export function joinGraphs(graphs: readonly NamedGraph[]): Graph {
  const parts = graphs.map(partOf);
  return {
    view: graphs[0]?.graph.view ?? 'logical',
    containers: new Map(parts.flatMap(part => part.containers).map(each => [each.id, each])),
    nodes: new Map(parts.flatMap(part => part.nodes)),
    edges: new Map(parts.flatMap(part => part.edges)),
    structure: graphs.map(({ id, graph }) => `${id} ${graph.structure}`).join('\n'),
    left: leftTogether(graphs.map(({ graph }) => graph.left)),
  };
}

function partOf({ id, name, graph }: NamedGraph): Part {
  const old = joined.get(graph);
  if (old && old.id === id && old.name === name) return old.part;
  const own = (of: string) => `${id}/${of}`;
  const outer: GraphContainer = {
    id: `network:${id}`, kind: 'network', parent: null, title: name, subtitle: '', icon: 'topology-star-3', rank: 0, leftTitle: '', firstSeen: 0, hostId: null, summary: summaryOf(graph), text: name.toLowerCase(),
  };
  const part: Part = {
    containers: [outer, ...[...graph.containers.values()].map(each => once(each, () => ({ ...each, id: own(each.id), parent: each.parent === null ? outer.id : own(each.parent) })))],
    nodes: [...graph.nodes.values()].map(each => named(once(each, () => ({ ...each, id: own(each.id), container: each.container === null ? outer.id : own(each.container) })))),
    edges: [...graph.edges.values()].map(each => named(once(each, () => ({ ...each, id: own(each.id), source: own(each.source), target: own(each.target) })))),
  };
  joined.set(graph, { id, name, part });
  return part;
}

function summaryOf(graph: Graph): Summary {
  const hosts = new Set<string>();
  const categories = new Map<string, number>();
  let [services, quiet] = [0, 0];
  for (const node of graph.nodes.values()) if (node.hostId !== null) hosts.add(node.hostId);
  for (const { parent, summary } of graph.containers.values()) {
    if (parent !== null) continue;
    services += summary.services;
    quiet += summary.quiet;
    for (const { category, count } of summary.categories) categories.set(category, (categories.get(category) ?? 0) + count);
  }
  const most = [...categories].map(([category, count]) => ({ category, count })).sort((a, b) => b.count - a.count || (a.category < b.category ? -1 : 1));
  return { ...emptySummary, hosts: hosts.size, services, quiet, categories: most.slice(0, 6) };
}
