// SPDX-License-Identifier: BSD-2-Clause
// Which subnets are one container. An IPv6 prefix is on the same link as an IPv4 subnet when cards have addresses in
// both: most of those that tell decide. A card with addresses in several IPv4 subnets tells nothing of a prefix.
// Docker's bridges on one host are one container when the person wants it so. VLANs hold several containers.

import { addressKey } from '../../state/address';
import type { Subnet } from '../../state/entities';
import type { HostView } from '../../state/selectors';
import { idsOf } from './lists';
import { graphTexts } from '../../texts/graph';
import type { GraphContainer } from '../model';
import { isEverywhere, isV6 } from './address';
import type { Card } from './faces';
import type { Filter } from './filters';
import type { Look } from './input';
import { emptySummary } from './nodes';

export type Place = Omit<GraphContainer, 'summary' | 'leftTitle' | 'text' | 'parent'> & { vlan: string; subnets: readonly Subnet[] };

export interface Plan {
  places: ReadonlyMap<string, Place>; // by container
  bySubnet: ReadonlyMap<string, string>; // container of a subnet; '' when it is hidden
  internet: string;
  remote: string;
  form: string; // alike when every subnet is in the same container, and these are of the same kind
}

export interface Resident {
  view: HostView;
  cards: readonly Card[];
}

const ranks: Record<string, number> = { Internet: 0, Remote: 0, Gateway: 1, Dmz: 1, VpnTunnel: 1, Storage: 3, Management: 3, DockerBridge: 3, MacVlan: 3, IpVlan: 3 };
const icons: Record<string, string> = {
  Internet: 'world', Remote: 'cloud-network', Gateway: 'router', Dmz: 'shield', VpnTunnel: 'lock', WiFi: 'wifi', IoT: 'cpu', Guest: 'users', Storage: 'database', Management: 'settings',
  DockerBridge: 'container', MacVlan: 'container', IpVlan: 'container',
};

const rankOf = (type: string) => ranks[type] ?? 2;

const cidrKey = (subnet: Subnet) => `${addressKey(subnet.cidr.slice(0, subnet.cidr.indexOf('/')))} ${subnet.id}`;
const byCidr = (a: Subnet, b: Subnet) => (cidrKey(a) < cidrKey(b) ? -1 : 1);

export function planSubnets(look: Look, filter: Filter, residents: Iterable<Resident>): Plan {
  const rows = [...look.tables.subnet.values()].sort(byCidr);
  const votes = new Votes(look, residents);
  const groups = joinRows(rows, votes);
  if (look.options.group_docker_bridges_by_host) joinBridges(groups, votes);
  const places = new Map<string, Place>();
  const bySubnet = new Map<string, string>();
  for (const group of groups) {
    const place = placeOf(group, votes, look);
    const hidden = (subnet: Subnet) => filter.subnet(subnet.tags);
    if (!group.rows.every(hidden)) places.set(place.id, place);
    for (const subnet of group.rows) bySubnet.set(subnet.id, hidden(subnet) ? '' : place.id);
  }
  const elsewhere = (type: string) => rows.find(row => row.subnet_type === type && isEverywhere(row.cidr));
  const special = (type: 'Internet' | 'Remote') => {
    const row = elsewhere(type);
    const id = row?.id ?? `kind:${type.toLowerCase()}`;
    if (!row) places.set(id, { id, kind: type === 'Internet' ? 'internet' : 'remote', title: type === 'Internet' ? graphTexts.internet : graphTexts.remote, subtitle: '', icon: icons[type]!, rank: 0, firstSeen: 0, hostId: null, vlan: '', subnets: [] });
    return row ? bySubnet.get(row.id)! : id;
  };
  const [internet, remote] = [special('Internet'), special('Remote')];
  return { places, bySubnet, internet, remote, form: JSON.stringify([[...bySubnet].sort(), internet, remote, [...places.values()].map(each => [each.id, each.kind, each.vlan, each.rank]).sort()]) };
}

interface Group {
  rows: Subnet[]; // IPv4 first
  host?: HostView; // whose bridges these are
}

// What cards tell of subnets, counted once.
class Votes {
  readonly shared = new Map<string, Map<string, number>>(); // prefix → subnet → cards in both
  readonly vlans = new Map<string, Map<string, number>>(); // subnet → VLAN → cards
  private readonly bridgeOwners = new Map<string, { view: HostView; named: boolean }>();

  constructor(look: Look, residents: Iterable<Resident>) {
    const { subnet } = look.tables;
    for (const { view, cards } of residents) {
      for (const card of cards) {
        if (card.behind) continue;
        const rows = card.subnets.flatMap(id => subnet.get(id) ?? []);
        for (const row of rows) {
          count(this.vlans, row.id, card.vlan);
          if (row.subnet_type === 'DockerBridge') this.bridge(row, view, card);
        }
        if (rows.length > 1) this.share(rows.filter(row => !isEverywhere(row.cidr)));
      }
    }
  }

  private share(rows: Subnet[]) {
    const v4 = rows.filter(row => !isV6(row.cidr));
    const v6 = rows.filter(row => isV6(row.cidr));
    if (v4.length > 1) return;
    for (const prefix of v6) for (const other of v4.length ? v4 : v6) if (other !== prefix) count(this.shared, prefix.id, other.id);
  }

  // The machine whose bridge it is has the card that is called so; else the first address.
  private bridge(row: Subnet, view: HostView, card: Card) {
    const faces = card.faces.filter(face => face.subnet_id === row.id);
    const named = faces.some(face => /^(docker|br-|podman)/.test(face.name ?? ''));
    const first = faces.some(face => /\.1$|::1$/.test(face.ip ?? ''));
    const other = this.bridgeOwners.get(row.id);
    const better = !other || (named !== other.named ? named : view.id < other.view.id);
    if ((named || first) && better) this.bridgeOwners.set(row.id, { view, named });
  }

  owner(subnet: Subnet): HostView | undefined {
    return this.bridgeOwners.get(subnet.id)?.view;
  }

  // The VLAN of more than half of the cards; '' for none.
  vlan(rows: readonly Subnet[]): string {
    const all = new Map<string, number>();
    let cards = 0;
    for (const row of rows) {
      for (const [vlan, n] of this.vlans.get(row.id) ?? []) {
        all.set(vlan, (all.get(vlan) ?? 0) + n);
        cards += n;
      }
    }
    for (const [vlan, n] of all) if (n * 2 > cards) return vlan;
    return '';
  }
}

function count(counts: Map<string, Map<string, number>>, a: string, b: string) {
  let of = counts.get(a);
  if (!of) counts.set(a, (of = new Map()));
  of.set(b, (of.get(b) ?? 0) + 1);
}

function joinRows(rows: readonly Subnet[], votes: Votes): Group[] {
  const groups = new Map<string, Group>();
  const byId = new Map(rows.map(row => [row.id, row]));
  for (const row of rows) if (!isV6(row.cidr) || isEverywhere(row.cidr)) groups.set(row.id, { rows: [row] });
  // rows are in order, so that equal counts are decided alike.
  const most = (row: Subnet, v6: boolean): Subnet | undefined => {
    let best: [Subnet, number] | undefined;
    for (const [id, n] of [...(votes.shared.get(row.id) ?? [])].sort((a, b) => byCidr(byId.get(a[0])!, byId.get(b[0])!))) {
      if (isV6(byId.get(id)!.cidr) === v6 && (!best || n > best[1])) best = [byId.get(id)!, n];
    }
    return best?.[0];
  };
  const prefixes = rows.filter(row => isV6(row.cidr) && !isEverywhere(row.cidr));
  const alone: Subnet[] = [];
  for (const prefix of prefixes) {
    const mate = most(prefix, false);
    if (mate) groups.get(mate.id)!.rows.push(prefix);
    else alone.push(prefix);
  }
  const homes = new Map<string, Group>();
  for (const group of groups.values()) for (const row of group.rows) homes.set(row.id, group);
  for (const prefix of alone) {
    const mate = most(prefix, true);
    const home = mate && homes.get(mate.id);
    if (home) home.rows.push(prefix);
    const group = home ?? { rows: [prefix] };
    if (!home) groups.set(prefix.id, group);
    homes.set(prefix.id, group);
  }
  return [...groups.values()];
}

function joinBridges(groups: Group[], votes: Votes) {
  const byHost = new Map<string, Group>();
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i]!;
    const [row] = group.rows;
    const host = row!.subnet_type === 'DockerBridge' ? votes.owner(row!) : undefined;
    if (!host) continue;
    const other = byHost.get(host.id);
    if (other) {
      other.rows.push(...group.rows);
      groups.splice(i--, 1);
    } else {
      group.host = host;
      byHost.set(host.id, group);
    }
  }
}

function placeOf({ rows, host }: Group, votes: Votes, look: Look): Place {
  const row = rows[0]!;
  const type = row.subnet_type;
  const vlan = votes.vlan(rows);
  const everywhere = isEverywhere(row.cidr);
  const title = host ? graphTexts.bridges(host.title || graphTexts.unnamed) : row.name || row.cidr;
  const cidrs = everywhere ? [] : rows.map(each => each.cidr).filter(cidr => cidr !== title);
  const place: Place = {
    id: host ? `bridges:${host.id}` : row.id,
    kind: everywhere ? (type === 'Internet' ? 'internet' : 'remote') : type === 'DockerBridge' ? 'bridge' : 'subnet',
    title,
    subtitle: [cidrs.join(', '), vlan && graphTexts.vlan(vlan)].filter(Boolean).join(' · '),
    icon: icons[type] ?? 'sitemap',
    rank: everywhere ? 0 : rankOf(type),
    firstSeen: Math.min(...rows.map(each => each.created_at)),
    hostId: host?.id ?? null,
    vlan,
    subnets: rows,
  };
  const changes = look.compare ? rows.map(each => look.compare!.get(each.id)) : [];
  if (changes.length && changes[0] && changes.every(each => each === changes[0])) place.change = changes[0];
  else if (changes.some(Boolean)) place.change = 'changed';
  return place;
}

// Containers of those places that are in use, in their VLANs; parents first.
export function containersOf(places: readonly Place[], leftTitle: string, tags: ReadonlyMap<string, string>): GraphContainer[] {
  const byVlan = new Map<string, Place[]>();
  for (const place of places) if (place.vlan) byVlan.set(place.vlan, [...(byVlan.get(place.vlan) ?? []), place]);
  const outer = [...byVlan].filter(([, list]) => list.length > 1).map(([vlan, list]): GraphContainer => {
    const title = graphTexts.vlan(vlan);
    return { id: `vlan:${vlan}`, kind: 'vlan', parent: null, title, subtitle: '', icon: 'tags', rank: Math.min(...list.map(each => each.rank)), leftTitle: '', firstSeen: Math.min(...list.map(each => each.firstSeen)), hostId: null, summary: emptySummary, text: title.toLowerCase() };
  });
  const inner = places.map(({ vlan, subnets, ...place }): GraphContainer => {
    const words = [place.title, place.subtitle, ...subnets.flatMap(row => [row.name, row.cidr, row.description ?? '', ...idsOf(row.tags).map(id => tags.get(id) ?? '')])];
    return { ...place, parent: (byVlan.get(vlan)?.length ?? 0) > 1 ? `vlan:${vlan}` : null, leftTitle, summary: emptySummary, text: [...new Set(words)].join('\n').toLowerCase() };
  });
  const byId = (a: GraphContainer, b: GraphContainer) => (a.id < b.id ? -1 : 1);
  return [...outer.sort(byId), ...inner.sort(byId)];
}
