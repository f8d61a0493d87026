// SPDX-License-Identifier: BSD-2-Clause
// What a picture of the network is made of. The rooms of this folder meet here and nowhere else:
//
//   tables ─► graph/ (what there is) ─► layout/ (where it is) ─► scene/ (what is in sight) ─► paint/ (marks) ─► canvas, SVG, PDF
//
// A graph says nothing of places, a placement nothing of meaning. All lengths are of the picture: one is a pixel at zoom 1.

export type ViewKind = 'logical' | 'physical' | 'applications' | 'workloads';

// How something is known. noted: a person said so.
export type Truth = 'measured' | 'announced' | 'inferred' | 'noted';

// Against another time, when one is compared with. None: as it was.
export type Change = 'added' | 'removed' | 'changed';

// In the order in which they are told of.
export const edgeKinds = [
  'dependency', // flows say that one uses the other
  'same-host', // two faces of one host
  'link', // layer 2: who is plugged in where
  'virtualization', // hypervisor and its virtual machine
  'container', // host and what runs in a container on it
  'path', // of a group: one step of a path
  'hub', // of a group: a spoke
  'route', // packets to other networks go through it
] as const;
export type EdgeKind = (typeof edgeKinds)[number];

// Something that a service answers on, as one line of a node. Several bindings of one service are one line.
export interface ServiceLine {
  id: string; // of the service
  title: string; // "Grafana"
  detail: string; // "3000/tcp"; may be hidden by option
  icon: string; // of icons.ts
  category: string; // of defs/services/categories.json
  truth: Truth;
  change?: Change;
}

export interface GraphNode {
  id: string; // steady for as long as the thing is: a saved place is kept by it
  kind: 'host' | 'face' | 'service' | 'switch' | 'port' | 'machine' | 'workload';
  container: string | null;
  hostId: string | null; // whose page it leads to
  rowIds: readonly string[]; // rows that it stands for (interfaces, a service): what a search or a deleted row finds it by
  title: string;
  subtitle: string; // address, vendor
  badge?: string; // one word, such as "VLAN 20" or "router"
  icon: string;
  category: string; // colours it
  zone: 'left' | 'main'; // of its container
  lines: readonly ServiceLine[];
  order: string; // among its container's nodes, compared as text: by address, else by name
  firstSeen: number; // seconds: what came after the picture was arranged is put after what was there
  lastSeen: number;
  quiet: boolean; // not heard of lately
  remote: boolean;
  truth: Truth;
  text: string; // what a search looks in; small letters
  change?: Change;
}

export interface GraphContainer {
  id: string; // the subnet's, or "kind:what"
  kind: 'subnet' | 'vlan' | 'internet' | 'remote' | 'bridge' | 'host' | 'switch' | 'application' | 'network' | 'unplaced';
  parent: string | null;
  title: string;
  subtitle: string; // CIDRs, VLAN
  icon: string;
  rank: number; // layers from above: 0 internet and remote, 1 gateways and DMZ, 2 LANs, 3 storage, management, bridges
  leftTitle: string; // of its left zone
  firstSeen: number;
  hostId: string | null; // when it is a host
  summary: Summary; // what it is from far away
  text: string;
  change?: Change;
}

export interface Summary {
  hosts: number;
  services: number;
  quiet: number;
  categories: readonly { category: string; count: number }[]; // most first, at most six
}

export interface GraphEdge {
  id: string; // steady, and the same whoever looks first: "dependency:a>b"
  kind: EdgeKind;
  source: string; // a node's or a container's id
  target: string;
  directed: boolean;
  label: string;
  truth: Truth;
  weight: number; // 0…1, share of the busiest in this picture on a logarithmic scale; 0 when not measured
  bytes: number; // both ways
  count: number; // flows, links, that it stands for
  live: boolean; // traffic within the last seconds
  lastSeen: number;
  color: string | null; // a group's; else by kind
  style: EdgeStyle;
  groupId: string | null;
  change?: Change;
}

export type EdgeStyle = 'SmoothStep' | 'Straight' | 'Step' | 'Bezier' | 'SimpleBezier';

export interface Graph {
  view: ViewKind;
  // Parents before their children.
  containers: ReadonlyMap<string, GraphContainer>;
  nodes: ReadonlyMap<string, GraphNode>;
  edges: ReadonlyMap<string, GraphEdge>;
  // Alike when nothing came, went or moved to another container: places need not be found again.
  structure: string;
  // Left out by an option or by a bound, and why; shown to the person.
  left: readonly { what: string; count: number }[];
}

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

export type Side = 'Top' | 'Right' | 'Bottom' | 'Left';

// Where everything is. Boxes of the whole picture, not relative to a parent.
export interface Placement {
  nodes: ReadonlyMap<string, Box>;
  containers: ReadonlyMap<string, Box>;
  // Left zones, by the container's id: title and nodes.
  zones?: ReadonlyMap<string, Box>;
  bounds: Box;
}

// What a person placed; kept in a saved topology. A node's x and y are relative to its container's corner, so that it
// moves with it.
export interface Manual {
  nodes: Readonly<Record<string, { x?: number; y?: number; width?: number; height?: number }>>;
  edges: Readonly<Record<string, { source_handle?: Side; target_handle?: Side }>>;
}

export const nothingManual: Manual = { nodes: {}, edges: {} };

export const noGraph = (view: ViewKind): Graph => ({ view, containers: new Map(), nodes: new Map(), edges: new Map(), structure: '', left: [] });

export const noPlacement: Placement = { nodes: new Map(), containers: new Map(), bounds: { x: 0, y: 0, width: 0, height: 0 } };
