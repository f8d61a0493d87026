// SPDX-License-Identifier: BSD-2-Clause
// The applications view: services that are used, or that people put into groups, and who uses them.

import type { Flow, Service } from '../../state/entities';
import type { HostView } from '../../state/selectors';
import { endpoint } from '../../state/tables';
import { categories, describeHost, describeService } from '../../services/catalogue';
import { graphTexts } from '../../texts/graph';
import type { GraphContainer, GraphNode } from '../model';
import { isPublic } from './address';
import { Dependencies } from './dependencies';
import { EdgeStore } from './edges';
import { changeOf, Filter, isThere, portOf, serviceTitle, truthOf } from './filters';
import { grouped, groupEdges } from './groups';
import { Hosts, type Known } from './hosts';
import type { Look, ViewBuilder } from './input';
import { Left, type Reason } from './left';
import { idsOf } from './lists';
import { NodeStore } from './nodes';

const words = graphTexts.applications;
const CLIENTS = 'clients';

interface Parts {
  shown: boolean;
  services: Map<string, string>; // node of each
  home: string | null; // the host's own container, in which it is a client too
  left: Map<Reason, number>;
}

export class ApplicationsView implements ViewBuilder {
  readonly nodes = new NodeStore();
  readonly edges = new EdgeStore();
  readonly left = new Left();
  private readonly hosts = new Hosts();
  private readonly parts = new Map<string, Parts>();
  private readonly dependencies = new Dependencies(this.edges);
  private readonly clients = new Map<string, Known>();
  private filter!: Filter;
  private groups = new Map<string, string[]>();
  private groupVersions = '';

  update(look: Look): readonly GraphContainer[] {
    if (look.all) this.filter = new Filter(look.options);
    const versions = `${look.tables.versions.group} ${look.tables.versions.binding}`;
    const regrouped = look.all || versions !== this.groupVersions;
    if (regrouped) this.groups = grouped(look);
    this.groupVersions = versions;
    const { changed, gone } = this.hosts.update(look, this.filter);
    const moved = new Set(gone);
    for (const id of gone) this.leave(id);
    const everyone = look.all || regrouped;
    for (const one of everyone ? this.hosts.known.values() : changed) if (this.settle(look, one)) moved.add(one.view.id);
    for (const [reason, count] of this.hosts.reasons()) this.left.set(reason, count);
    this.drawEdges(look, look.all ? 'all' : moved, regrouped);
    this.settleClients(look);
    this.nodes.commit();
    return this.containers(look, everyone);
  }

  private leave(id: string) {
    for (const [reason, count] of this.parts.get(id)?.left ?? []) this.left.add(reason, -count);
    this.parts.delete(id);
    this.nodes.put(id, []);
  }

  // True when its nodes are others than before.
  private settle(look: Look, one: Known): boolean {
    const { view } = one;
    const old = this.parts.get(view.id);
    for (const [reason, count] of old?.left ?? []) this.left.add(reason, -count);
    const parts: Parts = { shown: !one.reason, services: new Map(), home: null, left: new Map() };
    this.nodes.put(view.id, one.reason ? [] : this.serviceNodes(look, one, parts));
    for (const [reason, count] of parts.left) this.left.add(reason, count);
    this.parts.set(view.id, parts);
    return !old || old.shown !== parts.shown || old.home !== parts.home || old.services.size !== parts.services.size || [...parts.services].some(([id, node]) => old.services.get(id) !== node);
  }

  private serviceNodes(look: Look, one: Known, parts: Parts): GraphNode[] {
    const { view } = one;
    const byForm = new Map<string, Service[]>();
    const leave = (reason: Reason) => void parts.left.set(reason, (parts.left.get(reason) ?? 0) + 1);
    for (const service of view.services) {
      if (!isThere(service)) continue;
      const described = describeService(service);
      const reason = this.filter.service(service, described) ?? (service.clients > 0 || this.groups.has(service.id) || service.origin === 'manual' ? null : 'unused');
      if (reason) {
        leave(reason);
        continue;
      }
      const form = `${portOf(service)} ${described.title}`;
      byForm.set(form, [...(byForm.get(form) ?? []), service]);
    }
    return [...byForm.values()].map(services => {
      services.sort((a, b) => (a.id < b.id ? -1 : 1));
      const node = this.serviceNode(look, one, services);
      for (const service of services) parts.services.set(service.id, node.id);
      if (node.container === `host:${view.id}`) parts.home = node.container;
      return node;
    });
  }

  private serviceNode(look: Look, { view, quiet }: Known, services: readonly Service[]): GraphNode {
    const [first] = services as [Service];
    const described = describeService(first);
    const port = look.options.hide_ports ? '' : portOf(first);
    const inHost = look.options.group_applications_by === 'host' && !view.remote;
    const ids = services.map(service => service.id);
    const host = view.title || graphTexts.unnamed;
    const node: GraphNode = {
      id: first.id,
      kind: 'service',
      container: this.containerOf(look, view, services),
      hostId: view.id,
      rowIds: ids,
      title: serviceTitle(described),
      subtitle: (inHost ? [port] : [host, port]).filter(text => text && text !== described.title).join(' · '),
      icon: described.icon,
      category: described.category,
      zone: 'main',
      lines: [],
      order: `${String(first.port ?? 0).padStart(5, '0')} ${described.title} ${view.addressKey}`,
      firstSeen: Math.min(...services.map(service => service.first_seen)),
      lastSeen: Math.max(...services.map(service => service.last_seen)),
      quiet,
      remote: view.remote,
      truth: truthOf(first),
      text: `\n${[described.title, first.name, port, host, ...view.addresses].filter(Boolean).join('\n').toLowerCase()}\n`,
    };
    const change = changeOf(look, null, ids);
    if (change) node.change = change;
    return node;
  }

  private containerOf(look: Look, view: HostView, services: readonly Service[]): string {
    const by = look.options.group_applications_by;
    if (by === 'category') return `category:${describeService(services[0]!).category}`;
    const named = (ids: readonly string[], title: (id: string) => string | undefined) => ids.filter(id => title(id) !== undefined).sort((a, b) => (title(a)! < title(b)! ? -1 : title(a)! > title(b)! ? 1 : a < b ? -1 : 1))[0] ?? '';
    if (by === 'group') return `group:${named(services.flatMap(service => this.groups.get(service.id) ?? []), id => look.tables.group.get(id)?.name)}`;
    if (by === 'tag') {
      const tag = (id: string) => look.tags.get(id);
      return `tag:${named(services.flatMap(service => idsOf(service.tags)), tag) || named(idsOf(view.host.tags), tag)}`;
    }
    if (!view.remote) return `host:${view.id}`;
    return view.addresses.some(isPublic) ? 'kind:internet' : 'kind:remote';
  }

  private drawEdges(look: Look, moved: ReadonlySet<string> | 'all', regrouped: boolean) {
    const shown = (kind: string) => !look.options.hide_edge_types.some(hidden => hidden === kind);
    if (moved === 'all' || moved.size || regrouped) {
      const edges = groupEdges(look, service => this.parts.get(service.host_id)?.services.get(service.id));
      this.edges.putAll('group', edges.filter(edge => shown(edge.kind)));
    }
    this.dependencies.update(look, shown('dependency'), moved, flow => {
      const [from, to] = [this.clientOf(flow), this.serverOf(look, flow)];
      return from && to ? [from, to] : null;
    });
  }

  private clientOf({ client_host_id: id, server_host_id: other }: Flow): string | null {
    if (!this.hosts.shown(id) || id === other) return null;
    return this.parts.get(id!)?.home ?? `client:${id}`;
  }

  private serverOf({ tables }: Look, flow: Flow): string | undefined {
    const services = flow.server_host_id === null ? undefined : this.parts.get(flow.server_host_id)?.services;
    if (!services?.size) return undefined;
    for (const id of tables.servicesByEndpoint.get(endpoint(flow.server, flow.proto, flow.port))) {
      const node = services.get(id);
      if (node) return node;
    }
    return undefined;
  }

  // A node for each host that uses something and has no container of its own here.
  private settleClients(look: Look) {
    const now = new Set<string>();
    for (const source of this.dependencies.sources()) if (source.startsWith('client:')) now.add(source);
    for (const id of now) {
      const one = this.hosts.shown(id.slice('client:'.length))!;
      if (this.clients.get(id) === one && !look.all) continue;
      this.clients.set(id, one);
      this.nodes.put(id, [this.clientNode(look, id, one)]);
    }
    if (this.clients.size > now.size) {
      for (const id of [...this.clients.keys()].filter(each => !now.has(each))) {
        this.clients.delete(id);
        this.nodes.put(id, []);
      }
    }
  }

  private clientNode(look: Look, id: string, { view, quiet }: Known): GraphNode {
    const kind = describeHost(view);
    const [address] = view.addresses;
    const node: GraphNode = {
      id, kind: 'host', container: CLIENTS, hostId: view.id, rowIds: [], title: view.title || graphTexts.unnamed, subtitle: address && address !== view.title ? address : (view.vendor ?? ''), icon: kind.icon, category: kind.category, zone: 'main', lines: [], order: view.addressKey,
      firstSeen: view.host.first_seen, lastSeen: view.host.last_seen, quiet, remote: view.remote, truth: truthOf(view.host), text: view.text,
    };
    const change = changeOf(look, view.id, []);
    if (change) node.change = change;
    return node;
  }

  // Of thousands only those are made again that hold something else, or whose host has changed.
  private containers(look: Look, everyone: boolean): GraphContainer[] {
    const before = this.made;
    this.made = new Map();
    for (const id of this.nodes.containers()) {
      const view = id.startsWith('host:') ? this.hosts.known.get(id.slice('host:'.length))!.view : null;
      const summary = this.nodes.summary([id]);
      const old = before.get(id);
      const same = old && !everyone && old.view === view && old.container.summary === summary;
      this.made.set(id, same ? old : { container: this.container(look, id, view, summary), view });
    }
    return [...this.made.values()].map(each => each.container);
  }
  private made = new Map<string, { container: GraphContainer; view: HostView | null }>();

  private container(look: Look, id: string, view: HostView | null, summary: GraphContainer['summary']): GraphContainer {
    const [kind, of = ''] = id.split(/:(.*)/s) as [string, string?];
    const container: GraphContainer = { id, kind: 'application', parent: null, ...this.named(look, kind, of), subtitle: '', leftTitle: '', firstSeen: 0, hostId: null, summary, text: '' };
    if (view) {
      const [address] = view.addresses;
      container.kind = 'host';
      container.hostId = of;
      container.subtitle = address && address !== container.title ? address : '';
      container.firstSeen = view.host.first_seen;
    }
    if (kind === 'kind') container.kind = of === 'internet' ? 'internet' : 'remote';
    container.text = `${container.title}\n${container.subtitle}`.toLowerCase();
    return container;
  }

  private named(look: Look, kind: string, of: string): { title: string; icon: string; rank: number } {
    if (kind === CLIENTS) return { title: words.clients, icon: 'users', rank: 0 };
    if (kind === 'kind') return of === 'internet' ? { title: graphTexts.internet, icon: 'world', rank: 3 } : { title: graphTexts.remote, icon: 'cloud-network', rank: 3 };
    if (kind === 'category') return { title: categories.get(of)?.title ?? of, icon: categories.get(of)?.icon ?? 'apps', rank: 1 };
    if (kind === 'tag') return { title: look.tags.get(of) ?? words.noTag, icon: 'tag', rank: of ? 1 : 2 };
    if (kind === 'group') return { title: look.tables.group.get(of)?.name ?? words.noGroup, icon: 'apps', rank: of ? 1 : 2 };
    const view = this.hosts.known.get(of)!.view;
    return { title: view.title || graphTexts.unnamed, icon: describeHost(view).icon, rank: 1 };
  }
}
