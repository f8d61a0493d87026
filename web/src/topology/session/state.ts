// SPDX-License-Identifier: BSD-2-Clause
// How a saved topology stands to the network: fresh; stale, when there is something new since it was arranged; in conflict,
// when things that a person placed are no longer there; locked. Pure.

import type { Graph, GraphContainer, GraphNode, ViewKind } from '../model';
import type { Options } from '../options';
import { bareKey, idIn, type Saved } from './saved';

export interface Standing {
  is: 'none' | 'fresh' | 'stale' | 'conflict' | 'locked';
  fresh: readonly (GraphNode | GraphContainer)[]; // new since it was arranged
  gone: readonly string[]; // keys of nodes and edges that were placed and are no longer there
}

// Whether any table has a row of this id.
export type Known = (rowId: string) => boolean;

const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

// A placed thing that is not in the picture may only be hidden by an option: it is gone when the row that its id names is.
function isGone(graph: Graph, view: ViewKind, key: string, known: Known): boolean {
  const id = idIn(view, key);
  if (id !== null && (graph.nodes.has(id) || graph.containers.has(id) || graph.edges.has(id))) return false;
  const rows = bareKey(key).match(uuids) ?? [];
  return rows.some(row => !known(row.toLowerCase()));
}

export function goneOf(saved: Pick<Saved, 'nodes' | 'edges'>, graph: Graph, known: Known): string[] {
  return [...Object.keys(saved.nodes), ...Object.keys(saved.edges)].filter(key => isGone(graph, graph.view, key, known));
}

function freshOf(graph: Graph, arrangedAt: number): (GraphNode | GraphContainer)[] {
  const fresh: (GraphNode | GraphContainer)[] = [];
  for (const container of graph.containers.values()) if (container.firstSeen > arrangedAt) fresh.push(container);
  for (const node of graph.nodes.values()) if (node.firstSeen > arrangedAt) fresh.push(node);
  return fresh;
}

const nothing: Standing = { is: 'none', fresh: [], gone: [] };

export function standingOf(saved: Saved, options: Options, graph: Graph, known: Known): Standing {
  if (!saved.id) return nothing;
  const gone = goneOf(saved, graph, known);
  const fresh = options.auto_rebuild ? [] : freshOf(graph, arrangedAt(saved, options));
  return { is: saved.is_locked ? 'locked' : gone.length ? 'conflict' : fresh.length ? 'stale' : 'fresh', fresh, gone };
}

// What came later is put after what was there.
export function arrangedAt(saved: Saved, options: Options): number {
  if (options.auto_rebuild) return Number.POSITIVE_INFINITY;
  return saved.last_refreshed ?? saved.created_at;
}
