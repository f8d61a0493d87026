// SPDX-License-Identifier: BSD-2-Clause
// The logical view (layer 3): subnets with the hosts' network cards in them, and what answers there.

import { addressKey } from '../../state/address';
import type { Interface, Service } from '../../state/entities';
import type { HostView } from '../../state/selectors';
import { describeHost, describeService } from '../../services/catalogue';
import { idsOf } from './lists';
import { graphTexts } from '../../texts/graph';
import type { GraphContainer, GraphNode, Truth } from '../model';
import { isLinkLocal, isPublic } from './address';
import { Bindings } from './bindings';
import { Dependencies } from './dependencies';
import { EdgeStore } from './edges';
import { cardsOf, sameCards, type Card } from './faces';
import { changeOf, Filter, isThere, linesOf, quietAfter } from './filters';
import { groupEdges } from './groups';
import { contained, hostingEdges, hostingForm, hostingOf, providerTitle } from './hosting';
import type { Look, ViewBuilder } from './input';
import { Left, type Reason } from './left';
import { NodeStore } from './nodes';
import { routeEdges, sameHostEdges } from './paths';
import { containersOf, planSubnets, type Place, type Plan } from './subnets';

// Where a card is drawn: its addresses in one container.
export interface Spot {
  node: string;
  container: string;
  card: Card;
  faces: Interface[];
}

export interface Resident {
  view: HostView;
  cards: readonly Card[];
  hosting: string; // what runs it and what runs on it, alike when it is the same
  inside: readonly Service[]; // services that run in containers
  quiet: boolean;
  quietAfter: number;
  reason: Reason | null; // why it is left out
  spots: readonly Spot[];
  left: ReadonlyMap<Reason, number>;
}

const none: ReadonlyMap<Reason, number> = new Map();

export class LogicalView implements ViewBuilder {
  readonly nodes = new NodeStore();
  readonly edges = new EdgeStore();
  readonly left = new Left();
  private readonly residents = new Map<string, Resident>();
  private readonly dependencies = new Dependencies(this.edges);
  private readonly bindings = new Bindings();
  private plan: Plan | null = null;
  private filter!: Filter;
  private versions = '';
  private containers: readonly GraphContainer[] = [];

  update(look: Look): readonly GraphContainer[] {
    if (look.all) this.filter = new Filter(look.options);
    const { renewed, moved } = this.renew(look);
    const replanned = this.replan(look, moved);
    const everyone = look.all || replanned;
    for (const one of everyone ? this.residents.values() : renewed) this.settle(look, one);
    this.containers = this.fill(look);
    this.drawEdges(look, everyone ? 'all' : moved);
    return this.containers;
  }

  // Those whose rows have changed, and of these whose place has.
  private renew(look: Look) {
    const renewed: Resident[] = [];
    const moved = new Set<string>();
    const rebound = this.bindings.update(look.tables);
    for (const view of look.hosts) {
      const old = this.residents.get(view.id);
      const same = old !== undefined && old.view === view;
      const after = same ? old.quietAfter : quietAfter(view.host);
      const quiet = look.now > after;
      if (same && old.quiet === quiet && !look.all && !(rebound && this.bindings.concern(view))) continue;
      const inside = contained(view);
      const one: Resident = { view, cards: same ? old.cards : cardsOf(look.tables, view), hosting: hostingForm(view, inside), inside, quiet, quietAfter: after, reason: this.filter.host(view, quiet), spots: old?.spots ?? [], left: old?.left ?? none };
      this.residents.set(view.id, one);
      renewed.push(one);
      if (!old || !isWhere(old, one)) moved.add(view.id);
    }
    if (this.residents.size > look.hosts.length) {
      const here = new Set(look.hosts.map(view => view.id));
      for (const id of this.residents.keys()) if (!here.has(id)) this.leave(id, moved);
    }
    return { renewed, moved };
  }

  private leave(id: string, moved: Set<string>) {
    const one = this.residents.get(id)!;
    for (const [reason, count] of one.left) this.left.add(reason, -count);
    this.residents.delete(id);
    this.nodes.put(id, []);
    moved.add(id);
  }

  // True when a subnet is in another container than before, or looks otherwise.
  private replan(look: Look, moved: ReadonlySet<string>): boolean {
    const versions = String(look.tables.versions.subnet);
    if (this.plan && !look.all && !moved.size && versions === this.versions) return false;
    const shown = [...this.residents.values()].filter(one => one.reason === null);
    const plan = planSubnets(look, this.filter, shown);
    const changed = !this.plan || plan.form !== this.plan.form;
    this.plan = plan;
    this.versions = versions;
    return changed;
  }

  // The host's nodes.
  private settle(look: Look, one: Resident) {
    const left = new Map<Reason, number>();
    const leave = (reason: Reason) => void left.set(reason, (left.get(reason) ?? 0) + 1);
    if (one.reason) leave(one.reason);
    one.spots = one.reason ? [] : this.spotsOf(one, look, leave);
    this.nodes.put(one.view.id, this.nodesOf(look, one, leave));
    for (const [why, count] of one.left) this.left.add(why, -count);
    for (const [why, count] of left) this.left.add(why, count);
    one.left = left;
  }

  private spotsOf({ view, cards }: Resident, look: Look, leave: (reason: Reason) => void): Spot[] {
    const plan = this.plan!;
    const spots: Spot[] = [];
    for (const card of cards.length ? cards : [noCard]) {
      const byContainer = new Map<string, Interface[]>();
      const put = (container: string, face?: Interface) => {
        const list = byContainer.get(container) ?? [];
        byContainer.set(container, list);
        if (face) list.push(face);
      };
      const loose: Interface[] = [];
      for (const face of card.faces) {
        const container = face.subnet_id === null ? undefined : plan.bySubnet.get(face.subnet_id);
        if (container === undefined) loose.push(face);
        else put(container, face);
      }
      // An address that no subnet holds is where its card's other addresses are. So is what has none and was only heard in
      // another VLAN, such as what a switch says of itself.
      const [home] = byContainer.keys();
      const same = home === undefined && card.mac !== null && loose.every(face => face.ip === null || isLinkLocal(face.ip)) ? spots.find(spot => spot.card.mac === card.mac) : undefined;
      if (same) {
        same.faces.push(...loose);
        continue;
      }
      for (const face of loose) put(home ?? this.elsewhere(view, card, face), face);
      if (!card.faces.length) put('unplaced:');
      for (const [container, faces] of byContainer) {
        if (container === '') leave('subnetTag');
        else if (look.options.hide_remote && (container === plan.internet || container === plan.remote)) leave('remote');
        else spots.push({ node: idOf(view, card, container, container === byContainer.keys().next().value), container, card, faces });
      }
    }
    return spots;
  }

  private elsewhere(view: HostView, card: Card, face: Interface): string {
    if (!card.behind && !view.remote) return `unplaced:${card.vlan}`;
    return face.ip !== null && isPublic(face.ip) ? this.plan!.internet : this.plan!.remote;
  }

  private nodesOf(look: Look, one: Resident, leave: (reason: Reason) => void): GraphNode[] {
    const { view, spots } = one;
    if (!spots.length) return [];
    const services = this.servicesBySpot(view, spots);
    const kind = describeHost(view);
    const tags = idsOf(view.host.tags).flatMap(id => look.tags.get(id)?.toLowerCase() ?? []);
    const text = tags.length ? `${view.text}${tags.join('\n')}\n` : view.text;
    return spots.map((spot, i): GraphNode => {
      const place = this.plan!.places.get(spot.container);
      const { lines, twins, categories } = linesOf(services[i]!, this.filter, look, leave);
      const ips = spot.faces.flatMap(face => face.ip ?? []);
      const faceIds = spot.faces.map(face => face.id);
      const inside = containerAt(look, spot);
      const node: GraphNode = {
        id: spot.node,
        kind: spots.length > 1 ? 'face' : 'host',
        container: spot.container,
        hostId: view.id,
        rowIds: [...faceIds, ...twins],
        title: inside?.name || view.title || graphTexts.unnamed,
        subtitle: inside ? (ips[0] ?? '') : subtitleOf(view, spot, ips),
        icon: inside?.icon ?? kind.icon,
        category: inside?.category ?? kind.category,
        zone: this.isInfrastructure(look, view, place, categories) ? 'left' : 'main',
        lines,
        order: ips[0] ? (ips[0] === view.addresses[0] ? view.addressKey : addressKey(ips[0])) : `9${view.title.toLowerCase()}`,
        firstSeen: spot.faces.length ? Math.min(...spot.faces.map(face => face.first_seen)) : view.host.first_seen,
        lastSeen: spot.faces.length ? Math.max(...spot.faces.map(face => face.last_seen)) : view.host.last_seen,
        quiet: one.quiet,
        remote: view.remote,
        truth: faceTruth(view, spot.faces),
        text,
      };
      const badge = inside ? (look.options.hide_vm_title_on_docker_container ? undefined : graphTexts.on(view.title)) : badgeOf(look, view, spot, place);
      if (badge) node.badge = badge;
      const change = changeOf(look, view.id, faceIds, lines);
      if (change) node.change = change;
      return node;
    });
  }

  // By the address it answers on; what has none, by its bindings; else everywhere but where its containers are.
  private servicesBySpot(view: HostView, spots: readonly Spot[]): Service[][] {
    const found: Service[][] = spots.map(() => []);
    for (const service of view.services) {
      if (!isThere(service)) continue;
      if (service.ip !== null) {
        found[Math.max(0, spotAt(spots, service.ip, service.vlan.join('.')))]!.push(service);
        continue;
      }
      const bound = this.bindings.interfacesOf(service.id);
      spots.forEach((spot, i) => {
        if (bound.length ? spot.faces.some(face => bound.includes(face.id)) : !isContainers(spot)) found[i]!.push(service);
      });
    }
    return found;
  }

  private isInfrastructure({ options }: Look, view: HostView, place: Place | undefined, categories: ReadonlySet<string>): boolean {
    if (place?.rank === 0) return false;
    return (options.show_gateway_in_left_zone && view.router) || options.left_zone_service_categories.some(category => categories.has(category));
  }

  private fill(look: Look): readonly GraphContainer[] {
    this.nodes.commit();
    const used = [...this.plan!.places.values()].filter(place => this.nodes.holds(place.id) || place.subnets.some(row => row.origin === 'manual'));
    this.left.set('emptySubnets', [...this.plan!.places.values()].filter(place => place.rank > 0 && !used.includes(place)).length);
    const unplaced = this.nodes.containers().filter(id => id.startsWith('unplaced:')).map(unplacedPlace);
    const made = containersOf([...used.filter(place => this.isShown(look, place)), ...unplaced], look.options.left_zone_title, look.tags);
    const children = new Map<string, string[]>();
    for (const { id, parent } of made) if (parent) children.set(parent, [...(children.get(parent) ?? []), id]);
    for (const container of made) container.summary = this.nodes.summary(children.get(container.id) ?? [container.id]);
    return made;
  }

  private isShown(look: Look, place: Place) {
    return !(look.options.hide_remote && place.rank === 0);
  }

  private drawEdges(look: Look, moved: ReadonlySet<string> | 'all') {
    const shown = (kind: string) => !look.options.hide_edge_types.some(hidden => hidden === kind);
    const { tables } = look;
    const still = `${tables.versions.group} ${tables.versions.binding}`;
    if (moved === 'all' || moved.size || still !== this.stillVersions) {
      this.stillVersions = still;
      this.edges.putAll('same-host', shown('same-host') ? sameHostEdges(this.residents.values()) : []);
      this.edges.putAll('route', shown('route') ? routeEdges(tables, this.residents) : []);
      this.edges.putAll('hosting', hostingEdges(tables, this.residents.values(), this.at).filter(edge => shown(edge.kind)));
      this.edges.putAll('group', groupEdges(look, this.ofService).filter(edge => shown(edge.kind)));
    }
    this.dependencies.update(look, shown('dependency'), moved, flow => {
      const from = flow.client_host_id === null ? undefined : this.at(flow.client_host_id, flow.client);
      const to = flow.server_host_id === null ? undefined : this.at(flow.server_host_id, flow.server);
      return from !== undefined && to !== undefined && flow.client_host_id !== flow.server_host_id ? [from, to] : null;
    });
  }
  private stillVersions = '';

  // The node of a host at an address; else its first.
  private readonly at = (host: string, ip: string | null): string | undefined => {
    const spots = this.residents.get(host)?.spots;
    if (!spots?.length) return undefined;
    // What is said of the machine is said where it is itself, not of its containers.
    return spots[Math.max(0, spots.length === 1 ? 0 : ip === null ? spots.findIndex(spot => !isContainers(spot)) : spotAt(spots, ip, null))]!.node;
  };

  private readonly ofService = (service: Service, face: string | null): string | undefined => {
    const spot = face === null ? undefined : this.residents.get(service.host_id)?.spots.find(each => each.faces.some(row => row.id === face));
    return spot?.node ?? this.at(service.host_id, service.ip);
  };
}

// Whether it is shown where it was, with the same things in and around it.
const isWhere = (a: Resident, b: Resident) => a.reason === b.reason && a.view.router === b.view.router && a.view.remote === b.view.remote && a.hosting === b.hosting && sameCards(a.cards, b.cards);

const noCard: Card = { key: '', mac: null, vlan: '', behind: false, faces: [], subnets: [] };

// By the card; its second container, which few have, is said.
const idOf = (view: HostView, card: Card, container: string, first: boolean) => (first ? `${view.id}|${card.key}` : `${view.id}|${card.key}|${container}`);

// −1: nowhere. The same address may be in two VLANs.
function spotAt(spots: readonly Spot[], ip: string, vlan: string | null): number {
  let found = -1;
  for (let i = 0; i < spots.length; i++) {
    if (!spots[i]!.faces.some(face => face.ip === ip)) continue;
    if (vlan === null || spots[i]!.card.vlan === vlan) return i;
    if (found < 0) found = i;
  }
  return found;
}

function subtitleOf(view: HostView, { card }: Spot, ips: readonly string[]): string {
  const [first, ...more] = ips.filter((ip, i) => i === 0 || !isLinkLocal(ip));
  const other = view.vendor ?? card.mac ?? '';
  if (!first) return card.mac && card.mac !== view.title ? card.mac : (view.vendor ?? '');
  const shown = first === view.title ? other : first;
  return more.length ? `${shown} ${graphTexts.more(more.length)}`.trim() : shown;
}

const isContainers = (spot: Spot) => spot.faces.length > 0 && spot.faces.every(face => face.container_of);

// What is shown where a container's address is: the container, on its host.
function containerAt({ tables }: Look, spot: Spot): { name: string; icon: string; category: string } | null {
  const service = isContainers(spot) ? tables.service.get(spot.faces[0]!.container_of!) : undefined;
  const name = service && hostingOf(service.virtualization)?.name;
  if (!service || !name) return null;
  const { icon, category } = describeService(service);
  return { name, icon, category };
}

function badgeOf({ options, tables }: Look, view: HostView, { card }: Spot, place: Place | undefined): string | undefined {
  if (view.router) return graphTexts.router;
  const inBridge = place?.kind === 'bridge' && options.hide_vm_title_on_docker_container;
  const provider = inBridge ? null : providerTitle(tables, view.host.virtualization);
  if (provider !== null) return provider ? graphTexts.on(provider) : graphTexts.vm;
  return card.vlan && place && card.vlan !== place.vlan ? graphTexts.vlan(card.vlan) : undefined;
}

function faceTruth(view: HostView, faces: readonly Interface[]): Truth {
  if (!faces.length) return view.host.origin === 'manual' ? 'noted' : 'announced';
  if (faces.every(face => face.origin === 'manual')) return 'noted';
  return faces.some(face => face.packets + face.packets_in > 0) ? 'measured' : 'announced';
}

const unplacedPlace = (id: string): Place => {
  const vlan = id.slice('unplaced:'.length);
  return { id, kind: 'unplaced', title: graphTexts.unplaced, subtitle: vlan && graphTexts.vlan(vlan), icon: 'help', rank: 2, firstSeen: 0, hostId: null, vlan, subnets: [] };
};
