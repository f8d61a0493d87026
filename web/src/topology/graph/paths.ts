// SPDX-License-Identifier: BSD-2-Clause
// Lines that follow from where cards are: between the cards of one host, and from routers to what is behind them.

import { vlanText } from '../../state/address';
import type { Interface } from '../../state/entities';
import type { Tables } from '../../state/tables';
import { graphTexts } from '../../texts/graph';
import type { GraphEdge } from '../model';
import { plainEdge } from './edges';
import type { Card } from './faces';

interface Spot {
  node: string;
  container: string;
  card: Card;
  faces: readonly Interface[];
}

interface Resident {
  spots: readonly Spot[];
}

// From a host's first card to each of its others. That they are one is seen when they share a MAC; else it follows
// from what the host says of itself, or a person has said so.
export function sameHostEdges(residents: Iterable<Resident>): GraphEdge[] {
  const edges: GraphEdge[] = [];
  for (const { spots } of residents) {
    if (spots.length < 2) continue;
    const [first, ...others] = spots as [Spot, ...Spot[]];
    for (const other of others) edges.push(plainEdge('same-host', first.node, other.node, first.card.mac !== null && first.card.mac === other.card.mac ? 'measured' : 'inferred'));
  }
  return edges;
}

// Whose packets came by a router's card: one line from the card to each container that it leads to.
export function routeEdges(tables: Tables, residents: ReadonlyMap<string, Resident>): GraphEdge[] {
  const hosts = new Map<string, { source: string; target: string; hosts: Set<string> }>();
  for (const [host, { spots }] of residents) {
    for (const { card, container, faces } of spots) {
      if (!card.behind) continue;
      for (const face of faces) {
        const source = face.via && cardNode(tables, residents, face.via, vlanText(face.vlan));
        if (!source) continue;
        const key = `${source}>${container}`;
        const edge = hosts.get(key) ?? { source, target: container, hosts: new Set() };
        edge.hosts.add(host);
        hosts.set(key, edge);
      }
    }
  }
  return [...hosts.values()].map(({ source, target, hosts: { size } }) => plainEdge('route', source, target, 'measured', { directed: true, label: graphTexts.reached(size), count: size }));
}

// The node of the card with this MAC, in this VLAN if there is one.
function cardNode(tables: Tables, residents: ReadonlyMap<string, Resident>, mac: string, vlan: string): string | undefined {
  let found: string | undefined;
  for (const id of tables.interfacesByMac.get(mac)) {
    for (const spot of residents.get(tables.interface.get(id)!.host_id)?.spots ?? []) {
      if (spot.card.mac !== mac) continue;
      if (spot.card.vlan === vlan) return spot.node;
      if (found === undefined || spot.node < found) found = spot.node;
    }
  }
  return found;
}
