// SPDX-License-Identifier: BSD-2-Clause
// The physical view (layer 2): switches with those of their ports that were heard, sensors that heard them, the spanning
// tree, and the segments with the hosts that speak in them. A port that says its name is announced. That a whole
// segment hangs on it is inferred, and said only where nothing else can be: no cable is drawn that nobody told of.

import { addressKey, vlanText } from '../../state/address';
import type { Sensor } from '../../state/entities';
import { describeHost } from '../../services/catalogue';
import { graphTexts } from '../../texts/graph';
import type { GraphContainer, GraphEdge, GraphNode } from '../model';
import { isLinkLocal } from './address';
import { EdgeStore, plainEdge } from './edges';
import { cardsOf, type Card } from './faces';
import { changeOf, Filter, isThere, linesOf, truthOf } from './filters';
import { Hosts, type Known } from './hosts';
import type { Look, ViewBuilder } from './input';
import { Left, type Reason } from './left';
import { plugged, type Plug } from '../../state/plugged';
import { NodeStore } from './nodes';
import { isNamed, macOfBridge, shortPort, switchesOf, type Port, type Switch } from './switches';
import { parentsFirst } from './workloads';

const words = graphTexts.physical;

const switchId = (key: string) => `switch:${key}`;
const segmentId = (vlan: string) => `segment:${vlan}`;
const rootId = (bridge: string) => `bridge:${bridge}`;

export class PhysicalView implements ViewBuilder {
  readonly nodes = new NodeStore();
  readonly edges = new EdgeStore();
  readonly left = new Left();
  private readonly hosts = new Hosts();
  private readonly cards = new Map<string, { left: Map<Reason, number>; first: string | null; byMac: Map<string, string> }>();
  private filter!: Filter;
  private switches: readonly Switch[] = [];
  private byDevice = new Map<string, Switch>(); // by host, chassis and MAC
  private byPort = new Map<string, string>();
  private others: ReturnType<typeof switchesOf>['others'] = [];
  private asSwitch = new Set<string>(); // hosts that are drawn as switches
  private versions = '';

  update(look: Look): readonly GraphContainer[] {
    if (look.all) this.filter = new Filter(look.options);
    const versions = `${look.tables.versions.neighbor} ${look.tables.versions.sensor} ${look.tables.versions.link}`;
    const retold = look.all || versions !== this.versions;
    this.versions = versions;
    const reswitched = retold && this.readSwitches(look);
    const { changed, gone } = this.hosts.update(look, this.filter);
    for (const id of gone) this.leave(id);
    for (const one of look.all || reswitched ? this.hosts.known.values() : changed) this.settle(look, one);
    for (const [reason, count] of this.hosts.reasons()) this.left.set(reason, count);
    if (retold || changed.length || gone.length) this.drawSwitches(look);
    this.nodes.commit();
    const containers = this.containers(look);
    this.edges.putAll('link', look.options.hide_edge_types.includes('link') ? [] : this.links(look, containers));
    return containers;
  }

  // True when other hosts than before are switches, or sensors.
  private readSwitches({ tables }: Look): boolean {
    const found = switchesOf(tables.neighbor.values());
    [this.switches, this.others] = [found.switches, found.others];
    this.byDevice = new Map(found.switches.flatMap(each => [each.key, each.hostId, ...each.rows.flatMap(row => [row.chassis, row.mac])].flatMap(name => (name ? [[name, each] as const] : []))));
    this.byPort = new Map(found.switches.flatMap(each => each.ports.filter(isNamed).map(port => [`${each.key} ${shortPort(port.name)}`, port.id] as const)));
    const hosts = new Set(found.switches.flatMap(each => each.hostId ?? []));
    const sensors = new Set([...tables.sensor.values()].flatMap(each => each.host_id ?? []));
    const same = (a: ReadonlySet<string>, b: ReadonlySet<string>) => a.size === b.size && [...a].every(id => b.has(id));
    const changed = !same(hosts, this.asSwitch) || !same(sensors, this.asSensor);
    [this.asSwitch, this.asSensor] = [hosts, sensors];
    return changed;
  }
  private asSensor = new Set<string>();

  private leave(id: string) {
    for (const [reason, count] of this.cards.get(id)?.left ?? []) this.left.add(reason, -count);
    this.cards.delete(id);
    this.nodes.put(id, []);
  }

  // A host's cards, each in the segment that it speaks in.
  private settle(look: Look, one: Known) {
    const { view } = one;
    for (const [reason, count] of this.cards.get(view.id)?.left ?? []) this.left.add(reason, -count);
    const left = new Map<Reason, number>();
    const leave = (reason: Reason) => void left.set(reason, (left.get(reason) ?? 0) + 1);
    const out = one.reason !== null || this.asSwitch.has(view.id);
    const cards = out ? [] : cardsOf(look.tables, view).filter(card => !card.behind && (card.mac !== null || this.asSensor.has(view.id)));
    if (!out && !cards.length) leave('unlinked');
    const nodes = cards.map((card, i) => this.hostNode(look, one, card, i === 0, cards.length > 1, leave));
    this.nodes.put(view.id, nodes);
    for (const [reason, count] of left) this.left.add(reason, count);
    this.cards.set(view.id, { left, first: nodes[0]?.id ?? null, byMac: new Map(cards.flatMap((card, i) => (card.mac ? [[card.mac, nodes[i]!.id] as const] : []))) });
  }

  private hostNode(look: Look, { view, quiet }: Known, card: Card, first: boolean, several: boolean, leave: (reason: Reason) => void): GraphNode {
    const kind = describeHost(view);
    const ips = card.faces.flatMap(face => face.ip ?? []);
    const services = view.services.filter(service => isThere(service) && (service.ip === null ? first : ips.includes(service.ip)));
    const { lines, twins } = linesOf(services, this.filter, look, leave);
    const faceIds = card.faces.map(face => face.id);
    const title = view.title || graphTexts.unnamed;
    const node: GraphNode = {
      id: `${view.id}|${card.key}`, kind: several ? 'face' : 'host', container: segmentId(card.vlan), hostId: view.id, rowIds: [...faceIds, ...twins], title, subtitle: [card.mac ?? '', view.vendor ?? ''].find(text => text && text !== title) ?? '', icon: kind.icon, category: kind.category, zone: 'main',
      lines, order: ips.length ? addressKey(ips.find(ip => !isLinkLocal(ip)) ?? ips[0]!) : `9${card.mac}`,
      firstSeen: Math.min(...card.faces.map(face => face.first_seen)), lastSeen: Math.max(...card.faces.map(face => face.last_seen)), quiet, remote: false, truth: truthOf(card.faces[0]!), text: view.text,
    };
    if (this.asSensor.has(view.id)) node.badge = words.sensor;
    else if (view.router) node.badge = graphTexts.router;
    const change = changeOf(look, view.id, faceIds, lines);
    if (change) node.change = change;
    return node;
  }

  // Switches' ports, sensors that are no known host, and devices that say who they are but are no known host.
  private drawSwitches(look: Look) {
    const owners = new Set<string>();
    const put = (owner: string, nodes: GraphNode[]) => {
      owners.add(owner);
      this.nodes.put(owner, nodes);
    };
    for (const each of this.switches) put(switchId(each.key), each.ports.map(port => this.portNode(look, each, port)));
    for (const sensor of look.tables.sensor.values()) if (this.heard(sensor.id) && !this.nodeOfSensor(look, sensor.id, true)) put(`sensor:${sensor.id}`, [sensorNode(sensor)]);
    for (const rows of this.others) {
      const [row] = rows;
      if (rows.some(each => this.hosts.known.has(each.host_id ?? ''))) continue;
      const title = rows.map(each => each.system_name ?? '').find(Boolean) ?? row!.mac ?? row!.chassis ?? '';
      const id = `neighbor:${row!.chassis ?? row!.mac ?? row!.id}`;
      put(id, [{ ...plainNode(id, segmentId(vlanText(row!.vlan)), title, [row!.platform, row!.port_description ?? row!.port].filter(Boolean).join(' · ')), icon: 'device-unknown', truth: 'announced', rowIds: rows.map(each => each.id), firstSeen: row!.first_seen, lastSeen: row!.last_seen }]);
    }
    for (const plug of plugged(look.tables).plugs) if (!this.nodeOfEnd(plug) && this.portOf(plug.device.key, plug.port)) put(strangerId(plug), [strangerNode(plug)]);
    for (const owner of [...this.nodes.ownersAll()]) if (/^(switch|sensor|neighbor):/.test(owner) && !owners.has(owner)) this.nodes.put(owner, []);
  }

  private portNode(look: Look, of: Switch, port: Port): GraphNode {
    const native = port.rows.map(row => row.native_vlan).find(vlan => vlan !== null);
    const id = port.id;
    const title = port.name || port.description;
    const node: GraphNode = {
      ...plainNode(id, switchId(of.key), title, port.description !== title ? port.description : ''), kind: 'port', hostId: of.hostId, icon: 'plug-connected', category: 'NetworkCore', rowIds: port.rows.map(row => row.id), truth: 'announced',
      firstSeen: Math.min(...port.rows.map(row => row.first_seen)), lastSeen: Math.max(...port.rows.map(row => row.last_seen)),
      text: `\n${[title, port.description, of.title, of.mac].filter(Boolean).join('\n').toLowerCase()}\n`,
    };
    if (native) node.badge = graphTexts.vlan(String(native));
    const change = changeOf(look, null, node.rowIds);
    if (change) node.change = change;
    return node;
  }

  // A device's port, as LLDP, the device itself or a person would write it.
  private portOf(device: string, name: string): string | null {
    const of = this.byDevice.get(device);
    return (of && this.byPort.get(`${of.key} ${shortPort(name)}`)) ?? null;
  }

  // The card of who is plugged in there; a switch's is the switch.
  private nodeOfEnd(plug: Plug): string | null {
    const cards = plug.hostId === null ? undefined : this.cards.get(plug.hostId);
    if (cards) return (plug.mac && cards.byMac.get(plug.mac)) || cards.first;
    return this.switchOf(plug.hostId ?? plug.mac ?? plug.key);
  }

  private switchOf(device: string): string | null {
    const of = this.byDevice.get(device);
    return of ? switchId(of.key) : null;
  }

  private heard(sensor: string): boolean {
    return this.switches.some(each => each.ports.some(port => port.sensors.includes(sensor)));
  }

  // Its host's first card; a node of its own when its host is not in the picture.
  private nodeOfSensor({ tables }: Look, id: string, hostOnly = false): string | null {
    const host = tables.sensor.get(id)?.host_id;
    const known = (host && this.cards.get(host)?.first) || null;
    return known ?? (hostOnly || !tables.sensor.has(id) ? null : `sensor:${id}`);
  }

  private containers(look: Look): GraphContainer[] {
    const all = new Map<string, GraphContainer>();
    const add = (id: string, kind: GraphContainer['kind'], more: Partial<GraphContainer>) => {
      const container: GraphContainer = { id, kind, parent: null, title: '', subtitle: '', icon: 'switch-2', rank: 1, leftTitle: '', firstSeen: 0, hostId: null, summary: this.nodes.summary([]), text: '', ...more };
      container.text = `${container.title}\n${container.subtitle}`.toLowerCase();
      all.set(id, container);
    };
    for (const each of this.switches) add(switchId(each.key), 'switch', this.switchFace(look, each));
    for (const root of this.unseenRoots()) add(rootId(root), 'switch', { title: this.hostOfMac(look, macOfBridge(root))?.title || macOfBridge(root), subtitle: words.root, hostId: this.hostOfMac(look, macOfBridge(root))?.id ?? null, icon: 'crown', rank: 0 });
    for (const id of this.nodes.containers()) {
      if (!id.startsWith('segment:')) continue;
      const vlan = id.slice('segment:'.length);
      add(id, 'vlan', { title: vlan ? graphTexts.vlan(vlan) : words.untagged, icon: vlan ? 'tags' : 'network', rank: 2 });
    }
    return parentsFirst(all, ids => this.nodes.summary(ids));
  }

  private switchFace(look: Look, of: Switch): Partial<GraphContainer> {
    const view = of.hostId === null ? undefined : this.hosts.known.get(of.hostId)?.view;
    const title = view?.host.name || of.title || view?.title || of.mac || words.unknownSwitch;
    const isRoot = of.bridge !== null && of.root === of.bridge;
    const tree = isRoot ? words.root : of.cost !== null ? words.cost(of.cost) : '';
    const icon = isRoot ? 'crown' : of.capabilities.includes('wlan-ap') ? 'access-point' : of.capabilities.includes('router') && !of.capabilities.includes('bridge') ? 'router' : 'switch-2';
    const change = changeOf(look, null, of.rows.map(row => row.id));
    return { title, subtitle: [of.platform, of.mac && of.mac !== title ? of.mac : '', tree].filter(Boolean).join(' · '), icon, rank: isRoot ? 0 : 1, hostId: of.hostId, firstSeen: Math.min(...of.rows.map(row => row.first_seen)), ...(change ? { change } : {}) };
  }

  // Bridges that others name as the root, and that were not heard themselves.
  private unseenRoots(): string[] {
    const heard = new Set(this.switches.flatMap(each => each.bridge ?? []));
    return [...new Set(this.switches.flatMap(each => each.root ?? []))].filter(root => !heard.has(root)).sort();
  }

  private hostOfMac({ tables }: Look, mac: string) {
    for (const id of tables.interfacesByMac.get(mac)) return this.hosts.shown(tables.interface.get(id)!.host_id)?.view;
    return undefined;
  }

  private links(look: Look, containers: readonly GraphContainer[]): GraphEdge[] {
    const edges: GraphEdge[] = [];
    const has = new Set(containers.map(each => each.id));
    for (const of of this.switches) {
      for (const port of of.ports) for (const sensor of port.sensors) this.heardLink(look, port, sensor, edges);
      const root = of.root === null || of.root === of.bridge ? null : (this.switches.find(each => each.bridge === of.root) ?? null);
      const target = root ? switchId(root.key) : of.root !== null && of.root !== of.bridge ? rootId(of.root) : null;
      // The way to the root may lead over others: which, nobody says.
      if (target) edges.push(plainEdge('link', switchId(of.key), target, 'inferred', { id: `link:root:${of.key}`, directed: true, label: of.cost === null ? '' : words.cost(of.cost) }));
    }
    this.plugs(look, edges);
    // Of those that tell by which ports, a line for the whole says nothing more.
    const telling = new Set(plugged(look.tables).plugs.flatMap(plug => this.byDevice.get(plug.device.key)?.key ?? []));
    for (const of of this.switches) if (!telling.has(of.key)) this.speaksIn(look, of, has, edges);
    // One sensor, one port heard: whatever it hears of hosts has come by it, in every VLAN.
    const ports = this.switches.flatMap(each => each.ports.filter(port => port.sensors.length));
    const sensors = [...look.tables.sensor.values()];
    const segments = containers.filter(each => each.id.startsWith('segment:') && has.has(each.id));
    if (ports.length === 1 && sensors.length === 1 && !isMirror(sensors[0]!)) for (const { id } of segments) edges.push(plainEdge('link', ports[0]!.id, id, 'inferred'));
    return edges;
  }

  // What switches tell of their ports. With others at the same port something stands between.
  private plugs({ tables }: Look, edges: GraphEdge[]) {
    const { plugs, trunks } = plugged(tables);
    for (const plug of plugs) {
      const port = this.portOf(plug.device.key, plug.port);
      const end = this.nodeOfEnd(plug) ?? (this.nodes.of(strangerId(plug)).length ? strangerId(plug) : null);
      if (port && end) edges.push(plainEdge('link', port, end, plug.how === 'shared' ? 'inferred' : plug.how, { label: plug.port, lastSeen: plug.lastSeen }));
    }
    for (const trunk of trunks) {
      const [a, b] = trunk.ends.map(([device, port]) => this.portOf(device, port) ?? this.switchOf(device));
      if (a && b && a !== b) edges.push(plainEdge('link', a, b, trunk.truth, { label: trunk.ends.map(([, port]) => port).filter(Boolean).join(' – '), lastSeen: trunk.lastSeen }));
    }
  }

  // A switch or router that was seen to speak in a segment is on it, by whichever port.
  private speaksIn({ tables }: Look, of: Switch, containers: ReadonlySet<string>, edges: GraphEdge[]) {
    const view = of.hostId === null ? undefined : this.hosts.known.get(of.hostId)?.view;
    const vlans = view ? cardsOf(tables, view).filter(card => !card.behind && card.mac !== null).map(card => card.vlan) : [];
    for (const vlan of new Set(vlans)) if (containers.has(segmentId(vlan))) edges.push(plainEdge('link', switchId(of.key), segmentId(vlan), 'measured', { label: words.speaks }));
  }

  private heardLink(look: Look, port: Port, sensorId: string, edges: GraphEdge[]) {
    const sensor = look.tables.sensor.get(sensorId);
    const target = this.nodeOfSensor(look, sensorId);
    if (!sensor || !target) return;
    const lastSeen = Math.max(...port.rows.map(row => row.last_seen));
    // On a mirror port a sensor hears ports that it is not plugged into.
    edges.push(plainEdge('link', port.id, target, isMirror(sensor) ? 'inferred' : 'announced', { label: port.name, lastSeen }));
  }
}

const strangerId = (plug: Plug) => `neighbor:${plug.key}`;

const isMirror = (sensor: Sensor): boolean => Array.isArray(sensor.interfaces) && sensor.interfaces.some(each => (each as { span?: unknown } | null)?.span === true);

const plainNode = (id: string, container: string, title: string, subtitle: string): GraphNode => ({
  id, kind: 'host', container, hostId: null, rowIds: [], title, subtitle, icon: 'device-unknown', category: 'Unknown', zone: 'main', lines: [], order: title.toLowerCase(), firstSeen: 0, lastSeen: 0, quiet: false, remote: false, truth: 'measured', text: `\n${title}\n${subtitle}\n`.toLowerCase(),
});

// Someone at a port that nobody has seen otherwise.
const strangerNode = (plug: Plug): GraphNode => ({
  ...plainNode(strangerId(plug), segmentId(plug.vlans[0] ?? ''), plug.title, [plug.platform, plug.title === plug.mac ? '' : (plug.mac ?? '')].filter(Boolean).join(' · ')),
  icon: 'device-unknown', truth: plug.how === 'announced' ? 'announced' : 'measured', rowIds: plug.rows.map(row => row.id), firstSeen: plug.firstSeen, lastSeen: plug.lastSeen,
});

const sensorNode = (sensor: Sensor): GraphNode => ({ ...plainNode(`sensor:${sensor.id}`, segmentId(''), sensor.name, sensor.hostname ?? ''), icon: 'radar-2', category: 'NetVisor', badge: words.sensor, lastSeen: sensor.last_seen ?? 0, rowIds: [sensor.id] });
