// SPDX-License-Identifier: BSD-2-Clause
// Makes graphs of tables: give it what there is whenever something may have changed, and it gives the graph, in which
// all that is as it was is the same object as before. When nothing has changed it is the same graph.

import type { Graph, GraphContainer, ViewKind } from '../model';
import type { Options } from '../options';
import { entityNames } from '../../state/entities';
import { Overlay } from './ghosts';
import type { GraphInput, Look, ViewBuilder } from './input';
import { ApplicationsView } from './applications';
import { LogicalView } from './logical';
import { PhysicalView } from './physical';
import { WorkloadsView } from './workloads';
import { alike, hash, keep } from './same';

const makers: Record<ViewKind, () => ViewBuilder> = {
  logical: () => new LogicalView(),
  physical: () => new PhysicalView(),
  applications: () => new ApplicationsView(),
  workloads: () => new WorkloadsView(),
};

export class GraphBuilder {
  private view: ViewBuilder | null = null;
  private kind: ViewKind | null = null;
  private overlay = new Overlay();
  private last: { input: GraphInput; options: Options; look: Look; versions: string } | null = null;
  private containers: ReadonlyMap<string, GraphContainer> = new Map();
  private containersForm = '0.0';
  private graph: Graph | null = null;

  update(input: GraphInput): Graph {
    const views = this.overlay.views(input);
    const { tables } = views;
    const options = this.last && alike(this.last.options, input.options) ? this.last.options : input.options;
    const last = this.last;
    const afresh = !last || options !== last.options || options.view !== this.kind || tables !== last.look.tables || input.tags !== last.input.tags || input.compare !== last.input.compare;
    const versions = entityNames.map(name => tables.versions[name]).join(' ');
    // Without a change, only that someone has become quiet can make another picture.
    if (this.graph && !afresh && versions === last.versions && Math.floor(input.now) === Math.floor(last.look.now)) return this.graph;
    if (!this.view || options.view !== this.kind || tables !== last?.look.tables) this.view = makers[options.view]();
    this.kind = options.view;
    const tags = afresh || !last ? new Map(input.tags?.map(tag => [tag.id, tag.name])) : last.look.tags;
    const look: Look = { views, tables, hosts: views.allHosts(), options, tags, now: input.now, compare: input.compare, all: afresh };
    this.last = { input, options, look, versions };
    return this.collect(this.view, look);
  }

  private collect(view: ViewBuilder, look: Look): Graph {
    const list = view.update(look);
    const nodes = view.nodes.commit();
    const edges = view.edges.commit();
    const containers = this.keepContainers(list);
    const structure = `${look.options.view} ${view.nodes.structure()} ${this.containersForm}`;
    const left = keep(this.graph?.left, view.left.list());
    const old = this.graph;
    const graph: Graph = { view: look.options.view, containers, nodes, edges, structure, left };
    const same = old && old.view === graph.view && old.containers === containers && old.nodes === nodes && old.edges === edges && old.structure === structure && old.left === left;
    return same ? old : (this.graph = graph);
  }

  private keepContainers(list: readonly GraphContainer[]): ReadonlyMap<string, GraphContainer> {
    const old = this.containers;
    let same = list.length === old.size;
    const made = new Map<string, GraphContainer>();
    for (const container of list) {
      const kept = keep(old.get(container.id), container);
      same &&= kept === old.get(container.id);
      made.set(container.id, kept);
    }
    if (same) return old;
    this.containersForm = formOf(list);
    return (this.containers = made);
  }
}

function formOf(containers: readonly GraphContainer[]): string {
  let sum = 0;
  for (const { id, parent } of containers) sum += hash(`${id}\n${parent}`, 0x811c9dc5);
  return `${containers.length}.${sum.toString(36)}`;
}
