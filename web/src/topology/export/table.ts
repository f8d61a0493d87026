// SPDX-License-Identifier: BSD-2-Clause
// The graph as tables for a spreadsheet (CSV, RFC 4180) and as JSON for a program.

import type { Graph, Placement } from '../model';
import { plainText } from '../paint/xml';

// What a spreadsheet would take for a formula is kept a text, as in the collector's own CSV.
const cell = (value: string | number | null) => {
  const text = value === null ? '' : typeof value === 'number' ? String(value) : plainText(value);
  return `"${(typeof value === 'string' && /^[=+@\t\r-]/.test(text) ? `'${text}` : text).replace(/"/g, '""')}"`;
};
const table = (head: string[], rows: (string | number | null)[][]) => [head, ...rows].map(row => row.map(cell).join(',') + '\r\n').join('');
const time = (seconds: number) => new Date(seconds * 1000).toISOString();

export function thingsCsv(graph: Graph): string {
  const place = (id: string | null): string => {
    const container = id === null ? undefined : graph.containers.get(id);
    return container ? [place(container.parent), container.title].filter(Boolean).join(' / ') : '';
  };
  return table(
    ['name', 'detail', 'kind', 'place', 'zone', 'category', 'services', 'how_known', 'first_seen', 'last_seen', 'id'],
    [...graph.nodes.values()].map(node => [
      node.title, node.subtitle, node.kind, place(node.container), node.zone, node.category, node.lines.map(line => [line.title, line.detail].filter(Boolean).join(' ')).join('; '), node.truth, time(node.firstSeen), time(node.lastSeen), node.id,
    ]),
  );
}

export function edgesCsv(graph: Graph): string {
  const title = (id: string) => graph.nodes.get(id)?.title ?? graph.containers.get(id)?.title ?? '';
  return table(
    ['from', 'to', 'kind', 'label', 'directed', 'how_known', 'bytes', 'count', 'last_seen', 'from_id', 'to_id'],
    [...graph.edges.values()].map(edge => [title(edge.source), title(edge.target), edge.kind, edge.label, edge.directed ? 'yes' : 'no', edge.truth, edge.bytes, edge.count, time(edge.lastSeen), edge.source, edge.target]),
  );
}

// Everything but what only drawing needs; boxes are of the whole picture.
export function toJson(graph: Graph, placement: Placement, name: string, at: Date): string {
  const document = {
    format: 'netvisor-topology',
    version: 1,
    name,
    view: graph.view,
    made_at: at.toISOString(),
    containers: [...graph.containers.values()].map(({ text: _, leftTitle, ...container }) => ({ ...container, left_title: leftTitle, box: placement.containers.get(container.id) ?? null })),
    nodes: [...graph.nodes.values()].map(({ text: _, order: __, ...node }) => ({ ...node, box: placement.nodes.get(node.id) ?? null })),
    edges: [...graph.edges.values()],
    left_out: graph.left,
  };
  return JSON.stringify(document, null, 1) + '\n';
}
