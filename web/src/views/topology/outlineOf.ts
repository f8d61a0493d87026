// SPDX-License-Identifier: BSD-2-Clause
// A graph as the rows of a tree: containers with what is in them, in the picture's order. Pure.

import type { Graph, GraphContainer, GraphNode } from '../../topology/model';

export interface OutlineRow {
  id: string;
  level: number;
  title: string;
  subtitle: string;
  icon: string;
  open: boolean | null; // null: a leaf
  count: number; // nodes in it, at any depth
  place: number; // among its sisters, from 1
  of: number;
}

const { compare } = new Intl.Collator('en', { numeric: true });

function childrenOf(graph: Graph) {
  const containers = new Map<string | null, GraphContainer[]>();
  const nodes = new Map<string | null, GraphNode[]>();
  const put = <T>(map: Map<string | null, T[]>, key: string | null, value: T) => {
    const list = map.get(key);
    if (list) list.push(value);
    else map.set(key, [value]);
  };
  for (const container of graph.containers.values()) put(containers, container.parent !== null && graph.containers.has(container.parent) ? container.parent : null, container);
  for (const node of graph.nodes.values()) put(nodes, node.container !== null && graph.containers.has(node.container) ? node.container : null, node);
  for (const list of containers.values()) list.sort((a, b) => a.rank - b.rank || compare(a.title, b.title));
  for (const list of nodes.values()) list.sort((a, b) => (a.zone === b.zone ? (a.order < b.order ? -1 : a.order > b.order ? 1 : 0) : a.zone === 'left' ? -1 : 1));
  return { containers, nodes };
}

// wanted: what is asked for; a container is shown with what is wanted in it, or whole when it is wanted itself.
export function outlineOf(graph: Graph, folded: ReadonlySet<string>, wanted: (thing: { text: string }) => boolean): OutlineRow[] {
  const { containers, nodes } = childrenOf(graph);
  const rows: OutlineRow[] = [];

  function inside(parent: string | null, level: number, all: boolean): number {
    let count = 0;
    const groups = containers.get(parent) ?? [];
    const leaves = (nodes.get(parent) ?? []).filter(node => all || wanted(node));
    const mine: number[] = []; // rows of this level
    for (const group of groups) {
      const whole = all || wanted(group);
      const at = rows.length;
      const row: OutlineRow = { id: group.id, level, title: group.title, subtitle: group.subtitle, icon: group.icon, open: !folded.has(group.id), count: 0, place: 0, of: 0 };
      rows.push(row);
      row.count = inside(group.id, level + 1, whole);
      if (!row.count && !whole) rows.length = at;
      else {
        if (!row.open) rows.length = at + 1;
        mine.push(at);
        count += row.count;
      }
    }
    for (const node of leaves) {
      mine.push(rows.length);
      rows.push({ id: node.id, level, title: node.title, subtitle: node.subtitle, icon: node.icon, open: null, count: 1, place: 0, of: 0 });
    }
    mine.forEach((at, i) => {
      rows[at]!.place = i + 1;
      rows[at]!.of = mine.length;
    });
    return count + leaves.length;
  }

  inside(null, 1, false);
  return rows;
}
