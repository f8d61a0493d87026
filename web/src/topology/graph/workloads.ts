// SPDX-License-Identifier: BSD-2-Clause
// The workloads view: machines that run others, and the virtual machines and containers in them, as container engines tell or people noted it. A
// virtual machine that only its network card's maker tells of is shown too, as inferred, on a host that is not known.

import type { Service } from '../../state/entities';
import { describeHost, isVirtual } from '../../services/catalogue';
import { graphTexts } from '../../texts/graph';
import type { GraphContainer, GraphNode, Truth } from '../model';
import { EdgeStore } from './edges';
import { changeOf, Filter, isThere, linesOf } from './filters';
import { groupEdges } from './groups';
import { Hosts, type Known } from './hosts';
import { hostingForm, hostingOf, providerOf, type Hosting } from './hosting';
import type { Look, ViewBuilder } from './input';
import { Left, type Reason } from './left';
import { NodeStore } from './nodes';

const UNKNOWN = 'unplaced:';

interface Machine {
  one: Known;
  provider: string | null; // a host
  hosting: Hosting | null; // null: by its maker alone
}

interface Container {
  one: Known; // whose service it is
  provider: string;
  hosting: Hosting;
  services: Service[];
}

export class WorkloadsView implements ViewBuilder {
  readonly nodes = new NodeStore();
  readonly edges = new EdgeStore();
  readonly left = new Left();
  private readonly hosts = new Hosts();
  private readonly forms = new Map<string, string>();
  private filter!: Filter;
  private list: readonly GraphContainer[] = [];
  private nodeOfService = new Map<string, string>();
  private versions = '';

  // Few of many hosts are of interest here: everything is made again when one of those has changed.
  update(look: Look): readonly GraphContainer[] {
    if (look.all) this.filter = new Filter(look.options);
    const { changed, gone } = this.hosts.update(look, this.filter);
    let concerned = look.all;
    for (const id of gone) concerned = this.forms.delete(id) || concerned;
    for (const one of changed) concerned = this.note(one) || concerned;
    const versions = `${look.tables.versions.group} ${look.tables.versions.binding}`;
    if (concerned) this.make(look);
    if (concerned || versions !== this.versions) this.drawEdges(look);
    this.versions = versions;
    for (const [reason, count] of this.hosts.reasons()) this.left.set(reason, count);
    this.left.set('bare', [...this.hosts.known.values()].filter(one => !one.reason && !this.involved.has(one.view.id)).length);
    return this.list;
  }
  private involved = new Set<string>();

  // True when it is, or was, of interest.
  private note({ view }: Known): boolean {
    const form = hostingForm(view) || (isVirtual(view) ? 'virtual' : '');
    const was = this.forms.get(view.id);
    if (form) this.forms.set(view.id, form);
    else this.forms.delete(view.id);
    return Boolean(form) || was !== undefined || this.involved.has(view.id);
  }

  private make(look: Look) {
    const machines: Machine[] = [];
    const containers = new Map<string, Container>();
    this.nodeOfService = new Map();
    for (const id of this.forms.keys()) {
      const one = this.hosts.shown(id);
      if (one) this.sort(look, one, machines, containers);
    }
    const providers = this.providersOf(machines, containers.values());
    this.involved = new Set([...providers.keys(), ...machines.map(machine => machine.one.view.id)]);
    const inside = new Set<string>();
    const owners = new Set<string>();
    const put = (owner: string, node: GraphNode) => {
      owners.add(owner);
      inside.add(node.container!);
      this.nodes.put(owner, [node]);
    };
    this.left.set('serviceTag', 0);
    this.left.set('serviceCategory', 0);
    const leave = (reason: Reason) => this.left.add(reason);
    for (const machine of machines) if (!providers.has(machine.one.view.id)) put(`machine:${machine.one.view.id}`, this.machineNode(look, machine, leave));
    for (const [id, container] of containers) put(id, this.containerNode(look, id, container, leave));
    for (const owner of [...this.nodes.ownersAll()]) if (!owners.has(owner)) this.nodes.put(owner, []);
    this.nodes.commit();
    this.list = this.containersOf(look, machines, providers, inside);
  }

  private sort(look: Look, one: Known, machines: Machine[], containers: Map<string, Container>) {
    const { view } = one;
    const hosting = hostingOf(view.host.virtualization);
    if (hosting || isVirtual(view)) {
      const provider = hosting && providerOf(look.tables, hosting);
      machines.push({ one, hosting, provider: provider !== null && provider !== view.id && this.hosts.shown(provider) ? provider : null });
    }
    for (const service of view.services) {
      const of = isThere(service) ? hostingOf(service.virtualization) : null;
      if (!of) continue;
      // What runs a container that does not say is the host that it answers on.
      const provider = providerOf(look.tables, of) ?? view.id;
      const id = `workload:${provider}:${of.key ?? service.id}`;
      const known = containers.get(id);
      if (known) known.services.push(service);
      else if (this.hosts.shown(provider)) containers.set(id, { one, provider, hosting: of, services: [service] });
    }
  }

  // Hosts that run something, with what they run it by.
  private providersOf(machines: readonly Machine[], containers: Iterable<Container>): Map<string, Set<string>> {
    const providers = new Map<string, Set<string>>();
    const add = (id: string, type: string) => providers.set(id, (providers.get(id) ?? new Set()).add(type));
    for (const { provider, hosting } of machines) if (provider !== null) add(provider, hosting?.type ?? '');
    for (const { provider, hosting } of containers) add(provider, hosting.type);
    return providers;
  }

  private machineNode(look: Look, { one, provider, hosting }: Machine, leave: (reason: Reason) => void): GraphNode {
    const { view, quiet } = one;
    const kind = describeHost(view);
    const services = view.services.filter(service => isThere(service) && !hostingOf(service.virtualization));
    const { lines, twins } = linesOf(services, this.filter, look, leave);
    const [address] = view.addresses;
    const title = view.title || hosting?.name || graphTexts.unnamed;
    const id = `machine:${view.id}`;
    for (const service of services) this.nodeOfService.set(service.id, id);
    const node: GraphNode = {
      id, kind: 'machine', container: provider === null ? UNKNOWN : `host:${provider}`, hostId: view.id, rowIds: twins, title, subtitle: address && address !== title ? address : (view.vendor ?? ''), icon: kind.icon, category: kind.category, zone: 'main', lines, order: title.toLowerCase(),
      firstSeen: view.host.first_seen, lastSeen: view.host.last_seen, quiet, remote: view.remote, truth: hosting ? 'noted' : 'inferred', text: hosting?.name ? `${view.text}${hosting.name.toLowerCase()}\n` : view.text,
    };
    const badge = look.options.hide_vm_title_on_docker_container ? '' : hosting ? hosting.type || graphTexts.vm : graphTexts.vm;
    if (badge) node.badge = badge;
    const change = changeOf(look, view.id, [], lines);
    if (change) node.change = change;
    return node;
  }

  private containerNode(look: Look, id: string, { one, provider, hosting, services }: Container, leave: (reason: Reason) => void): GraphNode {
    const { lines, twins } = linesOf(services.sort((a, b) => (a.id < b.id ? -1 : 1)), this.filter, look, leave);
    const [line] = lines;
    for (const service of services) this.nodeOfService.set(service.id, id);
    const title = hosting.name ?? line?.title ?? graphTexts.workloads.container;
    const truth: Truth = services.every(service => service.source !== 'docker') ? 'noted' : 'announced';
    const node: GraphNode = {
      id, kind: 'workload', container: `host:${provider}`, hostId: one.view.id, rowIds: [...services.map(service => service.id), ...twins], title, subtitle: lines.length === 1 ? [line!.title, line!.detail].filter(text => text && text !== title).join(' · ') : hosting.type, icon: lines.length === 1 ? line!.icon : 'container', category: line?.category ?? 'Virtualization', zone: 'main',
      lines: lines.length > 1 ? lines : [], order: title.toLowerCase(), firstSeen: Math.min(...services.map(service => service.first_seen)), lastSeen: Math.max(...services.map(service => service.last_seen)), quiet: one.quiet, remote: one.view.remote, truth,
      text: `\n${[title, hosting.type, hosting.key, ...lines.map(each => each.title), one.view.title].filter(Boolean).join('\n').toLowerCase()}\n`,
    };
    const change = changeOf(look, null, services.map(service => service.id));
    if (change) node.change = change;
    return node;
  }

  // A machine that runs others is a container, in that of what runs it; parents first.
  private containersOf(look: Look, machines: readonly Machine[], providers: ReadonlyMap<string, ReadonlySet<string>>, inside: ReadonlySet<string>): GraphContainer[] {
    const runBy = new Map(machines.map(machine => [machine.one.view.id, machine]));
    const parentOf = (id: string): string | null => {
      const machine = runBy.get(id);
      if (!machine) return null;
      // Two that are said to run each other are both at the top.
      const seen = new Set([id]);
      for (let at = machine.provider; at !== null; at = runBy.get(at)?.provider ?? null) {
        if (seen.has(at)) return null;
        seen.add(at);
      }
      return machine.provider === null ? UNKNOWN : `host:${machine.provider}`;
    };
    const all = new Map<string, GraphContainer>();
    for (const [id, types] of providers) {
      const { view } = this.hosts.shown(id)!;
      const change = look.compare?.get(id);
      const [address] = view.addresses;
      const title = view.title || graphTexts.unnamed;
      const subtitle = [address === title ? '' : address, ...[...types].sort()].filter(Boolean).join(' · ');
      all.set(`host:${id}`, { id: `host:${id}`, kind: 'host', parent: parentOf(id), title, subtitle, icon: describeHost(view).icon, rank: 1, leftTitle: '', firstSeen: view.host.first_seen, hostId: id, summary: this.nodes.summary([]), text: view.text, ...(change ? { change } : {}) });
    }
    if (inside.has(UNKNOWN) || [...all.values()].some(each => each.parent === UNKNOWN)) {
      const title = graphTexts.workloads.unknown;
      all.set(UNKNOWN, { id: UNKNOWN, kind: 'unplaced', parent: null, title, subtitle: '', icon: 'help', rank: 2, leftTitle: '', firstSeen: 0, hostId: null, summary: this.nodes.summary([]), text: title.toLowerCase() });
    }
    return parentsFirst(all, ids => this.nodes.summary(ids));
  }

  private drawEdges(look: Look) {
    const shown = (kind: string) => !look.options.hide_edge_types.some(hidden => hidden === kind);
    this.edges.putAll('group', groupEdges(look, service => this.nodeOfService.get(service.id)).filter(edge => shown(edge.kind)));
  }
}

// In this order, each with the summary of all that is in it.
export function parentsFirst(all: ReadonlyMap<string, GraphContainer>, summary: (ids: string[]) => GraphContainer['summary']): GraphContainer[] {
  const children = new Map<string | null, GraphContainer[]>();
  for (const each of all.values()) children.set(each.parent, [...(children.get(each.parent) ?? []), each]);
  const list: GraphContainer[] = [];
  const walk = (parent: string | null): string[] =>
    (children.get(parent) ?? []).sort((a, b) => (a.id < b.id ? -1 : 1)).flatMap(each => {
      list.push(each);
      const ids = [each.id, ...walk(each.id)];
      each.summary = summary(ids);
      return ids;
    });
  walk(null);
  return list;
}
