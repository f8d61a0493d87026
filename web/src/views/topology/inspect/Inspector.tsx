// SPDX-License-Identifier: BSD-2-Clause
// What is chosen in the picture: a host or part of one, a place, or a line.

import { useMemo } from 'react';

import { texts } from '../../../texts';
import type { Graph } from '../../../topology/model';
import { bundleOf } from '../../../topology/session/about';
import { idOfRow } from '../../../topology/session/find';
import { useGraphNow } from '../../../topology/session/useTopology';
import type { Views } from '../../../state/selectors';
import type { Desk } from '../desk';
import { InspectContainer } from './InspectContainer';
import { InspectBundle, InspectEdge } from './InspectEdge';
import { InspectNode } from './InspectNode';
import { Said } from './parts';

const words = texts.topology.inspect;
const EVERY_MS = 700;

export interface Inspected {
  desk: Desk;
  graph: Graph;
  views: Views; // of the network that it is in
}

export default function Inspector({ desk }: { desk: Desk }) {
  const { stage, address } = desk.session;
  const graph = useGraphNow(stage, EVERY_MS);
  const { selected } = address;
  const id = useMemo(() => (selected ? (idOfRow(graph, selected) ?? selected) : null), [graph, selected]);
  if (!id) return <Said title={words.nothing} hint={words.nothingHint} />;

  const node = graph.nodes.get(id);
  const container = graph.containers.get(id);
  const edge = graph.edges.get(id);
  const first = stage.sources()[0]?.views();
  if (!first) return null;
  const viewsOf = (hostId: string | null): Views => stage.sources().find(source => hostId !== null && source.views().host(hostId))?.views() ?? first;

  if (node) return <InspectNode key={id} desk={desk} graph={graph} views={viewsOf(node.hostId)} node={node} line={desk.hit?.kind === 'line' ? desk.hit.id : null} />;
  if (container) return <InspectContainer key={id} desk={desk} graph={graph} views={viewsOf(container.hostId ?? hostIn(graph, id))} container={container} />;
  if (edge) return <InspectEdge key={id} desk={desk} graph={graph} views={viewsOf(graph.nodes.get(edge.source)?.hostId ?? hostIn(graph, edge.source))} edge={edge} />;
  if (id.startsWith('bundle:')) {
    const edges = desk.hit?.bundle?.flatMap(each => graph.edges.get(each) ?? []) ?? bundleOf(graph, id);
    if (edges.length) return <InspectBundle desk={desk} graph={graph} edges={edges} />;
  }
  return stage.state().ready ? <Said title={words.gone} hint={words.goneHint} /> : null;
}

function hostIn(graph: Graph, container: string): string | null {
  for (const node of graph.nodes.values()) if (node.container === container && node.hostId) return node.hostId;
  return null;
}
