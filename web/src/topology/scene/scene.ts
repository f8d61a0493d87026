// SPDX-License-Identifier: BSD-2-Clause
// A graph at its places, ready to be looked at: what is in an area, what is linked with what, which container stands
// for a node from far away. It follows a live graph cheaply: places are indexed again only when they moved.

import type { Box, Graph, GraphContainer, GraphNode, Manual, Placement } from '../model';
import { nothingManual } from '../model';
import { defaults, type Options } from '../options';
import { anchors, type Anchored } from '../layout/anchors';
import { facingSides, route, type Route } from '../layout/route';
import { Edges, type Line, type Picked } from './edges';
import { Grid } from './grid';

const CELL = 600; // of the grid, about two cards

const emptyGraph: Graph = { view: 'logical', containers: new Map(), nodes: new Map(), edges: new Map(), structure: '', left: [] };
const emptyPlacement: Placement = { nodes: new Map(), containers: new Map(), bounds: { x: 0, y: 0, width: 0, height: 0 } };

export interface Around {
  nodes: ReadonlySet<string>; // things that stay bright, containers among them
  edges: ReadonlySet<string>;
}

export class Scene {
  graph = emptyGraph;
  placement = emptyPlacement;
  options: Options = defaults;
  manual: Manual = nothingManual;
  readonly edges = new Edges();
  // When each thing that came before our eyes did (ms of the clock given), while that is news.
  readonly appeared = new Map<string, number>();
  private nodeIds: string[] = [];
  private nodeGrid = new Grid([], CELL);
  private units = new Map<string, string>(); // container → the one that stands for it from far away
  private topUnits: string[] = [];
  private unitOfThing = (id: string): string | null => this.unitOf(id);
  private holds = new Set<string>(); // containers that hold nodes themselves
  private children = new Map<string, string[]>();
  private anchored: { version: number; sides: unknown; all: Map<string, Anchored> } | null = null;
  private lastLine: { id: string; node: string | null; structure: string } | null = null;
  hasLoose = false; // nodes without a container

  // true when places moved.
  update(graph: Graph, placement: Placement, options: Options = defaults, manual: Manual = nothingManual, now = 0): boolean {
    const moved = placement !== this.placement;
    if (graph !== this.graph) this.notice(graph, now);
    const grown = graph.structure !== this.graph.structure || graph.view !== this.graph.view;
    this.graph = graph;
    this.placement = placement;
    this.options = options;
    this.manual = manual;
    if (moved) {
      this.nodeIds = [...placement.nodes.keys()];
      this.nodeGrid = new Grid([...placement.nodes.values()], CELL);
    }
    if (moved || grown) {
      this.findUnits();
      this.hasLoose = [...graph.nodes.values()].some(node => node.container === null);
    }
    this.edges.update(graph, placement, moved, now);
    return moved;
  }

  // Nodes that meet the area, with their boxes.
  nodesIn(area: Box): { node: GraphNode; box: Box }[] {
    const found: { node: GraphNode; box: Box }[] = [];
    for (const i of this.nodeGrid.in(area)) {
      const node = this.graph.nodes.get(this.nodeIds[i]!);
      if (node) found.push({ node, box: this.nodeGrid.boxes[i]! });
    }
    return found;
  }

  // Parents before their children.
  containersIn(area: Box): { container: GraphContainer; box: Box }[] {
    const found: { container: GraphContainer; box: Box }[] = [];
    const [right, bottom] = [area.x + area.width, area.y + area.height];
    for (const [id, container] of this.graph.containers) {
      const box = this.placement.containers.get(id);
      if (box && box.x < right && box.y < bottom && box.x + box.width > area.x && box.y + box.height > area.y) found.push({ container, box });
    }
    return found;
  }

  boxOf = (id: string): Box | undefined => this.placement.nodes.get(id) ?? this.placement.containers.get(id);

  // From far away a container is one summary: the outermost one that holds nodes itself.
  isUnit = (containerId: string) => this.units.get(containerId) === containerId;
  isWithinUnit = (containerId: string) => (this.units.get(containerId) ?? containerId) !== containerId;
  isEmpty = (containerId: string) => !this.holds.has(containerId);
  unitIds = (): readonly string[] => this.topUnits;

  unitOf(id: string): string | null {
    const container = this.graph.containers.has(id) ? id : (this.graph.nodes.get(id)?.container ?? null);
    return container === null ? null : (this.units.get(container) ?? container);
  }

  childrenOf = (containerId: string): readonly string[] => this.children.get(containerId) ?? [];

  // What the left zone of a container takes.
  zoneOf = (containerId: string): Box | undefined => this.placement.zones?.get(containerId);

  // The way of a line, found when it is first asked for.
  wayOf(line: Line): Route {
    const anchored = line.bundle ? null : this.anchorsOf(line.id);
    if (!line.way || line.anchored !== anchored) {
      const [a, b] = facingSides(line.from, line.to);
      line.way = route(line.from, line.to, line.edge.style, anchored?.from ?? { side: a, at: 0.5 }, anchored?.to ?? { side: b, at: 0.5 }, anchored?.lane);
      line.anchored = anchored;
    }
    return line.way;
  }

  private anchorsOf(id: string): Anchored | null {
    const known = this.anchored;
    if (known?.version !== this.edges.version || known.sides !== this.manual.edges) {
      this.anchored = { version: this.edges.version, sides: this.manual.edges, all: anchors({ nodes: this.graph.nodes, edges: this.mostImportant() }, this.boxOf, this.manual) };
    }
    return this.anchored!.all.get(id) ?? null;
  }

  // Lines are spread along a side among those that are likely to be drawn; of the rest each has the middle.
  private mostImportant(): Graph['edges'] {
    const { lines } = this.edges;
    const chosen = new Map(lines.slice(0, SPREAD_MOST).map(({ id, edge }) => [id, edge]));
    for (const id of Object.keys(this.manual.edges)) {
      const line = this.edges.get(id);
      if (line) chosen.set(id, line.edge);
    }
    return chosen;
  }

  linesIn(area: Box, far: boolean, most: number): Picked {
    if (far) return this.edges.bundlesIn(area, most, this.unitOfThing, this.boxOf);
    return this.options.bundle_dependencies ? this.edges.calmIn(area, most, this.unitOfThing, this.boxOf) : this.edges.in(area, most);
  }

  // The thing, what it is linked with, and the edges between. Of a container: of all that is in it.
  around(id: string): Around {
    const nodes = new Set<string>();
    const edges = new Set<string>();
    const line = this.edges.get(id);
    if (line) {
      edges.add(id);
      for (const end of line.bundle ? [this.unitOf(line.edge.source), this.unitOf(line.edge.target)] : [line.edge.source, line.edge.target]) if (end) nodes.add(end);
      line.bundle?.forEach(edge => edges.add(edge));
    } else {
      const own = this.graph.containers.has(id) ? this.within(id) : [id];
      for (const one of own) {
        nodes.add(one);
        for (const edgeId of this.edges.at(one)) {
          edges.add(edgeId);
          const { source, target } = this.edges.get(edgeId)!.edge;
          nodes.add(source).add(target);
        }
      }
    }
    for (const one of [...nodes]) for (let up = this.parentOf(one); up; up = this.parentOf(up)) nodes.add(up);
    return { nodes, edges };
  }

  parentOf = (id: string): string | null => {
    const node = this.graph.nodes.get(id);
    return node ? node.container : (this.graph.containers.get(id)?.parent ?? null);
  };

  // The node that a service line is on. The last answer is kept: it is asked for again at each change.
  nodeOfLine(lineId: string): string | null {
    const { graph, lastLine: last } = this;
    if (last?.id === lineId && (last.node === null ? last.structure === graph.structure : graph.nodes.get(last.node)?.lines.some(line => line.id === lineId))) return last.node;
    let found: string | null = null;
    for (const node of graph.nodes.values()) {
      if (!node.lines.some(line => line.id === lineId)) continue;
      found = node.id;
      break;
    }
    this.lastLine = { id: lineId, node: found, structure: graph.structure };
    return found;
  }

  // All that is in a container, itself included.
  within(containerId: string): string[] {
    const found: string[] = [];
    const inside = new Set([containerId]);
    for (const [id, container] of this.graph.containers) if (container.parent && inside.has(container.parent)) inside.add(id);
    found.push(...inside);
    for (const [id, node] of this.graph.nodes) if (node.container && inside.has(node.container)) found.push(id);
    return found;
  }

  private notice(graph: Graph, now: number) {
    for (const [id, at] of this.appeared) if (now - at > NEWS_MS) this.appeared.delete(id);
    if (!this.graph.nodes.size || graph.view !== this.graph.view || graph.structure === this.graph.structure) return;
    let fresh = 0;
    const found: string[] = [];
    for (const id of graph.nodes.keys()) if (!this.graph.nodes.has(id) && ++fresh <= NEWS_MOST) found.push(id);
    // More at once is not news but another picture: options, a filter.
    if (fresh <= NEWS_MOST) for (const id of found) this.appeared.set(id, now);
  }

  private findUnits() {
    const { containers } = this.graph;
    const holds = (this.holds = new Set<string>());
    for (const node of this.graph.nodes.values()) if (node.container) holds.add(node.container);
    const before = this.units;
    this.units = new Map();
    this.children = new Map();
    for (const [id, { parent }] of containers) {
      if (parent) this.children.set(parent, [...(this.children.get(parent) ?? []), id]);
    }
    for (const [id, { parent }] of containers) {
      const above = parent === null ? undefined : this.units.get(parent);
      if (above) this.units.set(id, above);
      else if (holds.has(id) || !this.children.has(id)) this.units.set(id, id);
    }
    this.topUnits = [...containers.keys()].filter(this.isUnit);
    if (before.size !== this.units.size || [...before].some(([id, unit]) => this.units.get(id) !== unit)) this.unitOfThing = id => this.unitOf(id);
  }
}

export const NEWS_MS = 6000;
const SPREAD_MOST = 3000;
const NEWS_MOST = 40;
