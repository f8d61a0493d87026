// SPDX-License-Identifier: BSD-2-Clause
// Finding in a picture: by words, addresses, MACs, services and ranges; and by a row that a thing stands for. Pure.

import { matches } from '../../state/selectors';
import type { Graph, GraphContainer, GraphNode } from '../model';

export interface Found {
  id: string; // to fly to
  line: string | null; // the service in it that was meant
  kind: 'node' | 'container';
  title: string;
  about: string;
  icon: string;
}

// The whole begins with it, a word in it does, it is somewhere in it, or only in what is not shown of it.
function rank(title: string, about: string, query: string): number {
  const small = title.toLowerCase();
  if (small === query || about.toLowerCase() === query) return 0;
  if (small.startsWith(query)) return 1;
  if (about.toLowerCase().startsWith(query)) return 2;
  return small.includes(query) ? 3 : 4;
}

const compare = new Intl.Collator('en', { numeric: true }).compare;

function nodeFound(graph: Graph, node: GraphNode, query: string): Found {
  const inTitle = node.title.toLowerCase().includes(query) || node.subtitle.toLowerCase().includes(query);
  const line = inTitle ? undefined : node.lines.find(each => `${each.title} ${each.detail}`.toLowerCase().includes(query));
  const where = node.container ? graph.containers.get(node.container)?.title : undefined;
  return {
    id: node.id,
    line: line?.id ?? null,
    kind: 'node',
    title: line ? `${line.title} ${line.detail}`.trim() : node.title,
    about: [line ? node.title : node.subtitle, where].filter(Boolean).join(' · '),
    icon: line?.icon ?? node.icon,
  };
}

const containerFound = (container: GraphContainer): Found => ({ id: container.id, line: null, kind: 'container', title: container.title, about: container.subtitle, icon: container.icon });

export function findIn(graph: Graph, typed: string, most: number): { hits: Found[]; all: number } {
  const query = typed.trim().toLowerCase();
  if (!query) return { hits: [], all: 0 };
  const found: { rank: number; hit: () => Found; title: string }[] = [];
  for (const container of graph.containers.values()) {
    if (matches(container.text, query)) found.push({ rank: rank(container.title, container.subtitle, query) - 0.5, title: container.title, hit: () => containerFound(container) });
  }
  for (const node of graph.nodes.values()) {
    if (matches(node.text, query)) found.push({ rank: rank(node.title, node.subtitle, query), title: node.title, hit: () => nodeFound(graph, node, query) });
  }
  found.sort((a, b) => a.rank - b.rank || compare(a.title, b.title));
  return { hits: found.slice(0, most).map(each => each.hit()), all: found.length };
}

// What stands for a row (a host, an interface, a service, a subnet) in this picture; null when nothing does.
export function idOfRow(graph: Graph, row: string): string | null {
  if (graph.nodes.has(row) || graph.containers.has(row) || graph.edges.has(row)) return row;
  let host: string | null = null;
  for (const node of graph.nodes.values()) {
    if (node.rowIds.includes(row) || node.lines.some(line => line.id === row)) return node.id;
    if (host === null && node.hostId === row) host = node.id;
  }
  if (host !== null) return host;
  // Of several networks in one picture, ids begin with the network's.
  for (const container of graph.containers.values()) if (container.hostId === row || container.id.endsWith(`/${row}`)) return container.id;
  for (const edge of graph.edges.values()) if (edge.groupId === row) return edge.id;
  return null;
}
