// SPDX-License-Identifier: BSD-2-Clause
// A graph as a real network would give it, in kinds and proportions.
import { kinds } from '../../src/services/catalogue';
import type { Graph, GraphContainer, GraphEdge, GraphNode, ServiceLine, Truth } from '../../src/topology/model';

let state = 7;
const random = () => ((state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) / 0x7fffffff);
const int = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
const pick = <T,>(list: readonly T[]): T => list[int(0, list.length - 1)]!;
const names = ['nas', 'printer-hall', 'pi-kitchen', 'workstation-anna', 'laptop-ben', 'camera-door', 'hue-bridge', 'media', 'build', 'db-main', 'web', 'mqtt', 'grafana', 'tv-living-room', 'phone-anna', 'sensor-roof', 'thermostat', 'backup'];
const icons = [['server', 'Storage'], ['device-desktop', 'Workstation'], ['printer', 'Printer'], ['device-mobile', 'Mobile'], ['router', 'NetworkCore'], ['camera', 'IoT']] as const;

export function made(hosts: number): Graph {
  const containers = new Map<string, GraphContainer>();
  const nodes = new Map<string, GraphNode>();
  const edges = new Map<string, GraphEdge>();
  const subnets = Math.max(2, Math.round(hosts / 60));
  const subnet = (id: string, more: Partial<GraphContainer>) =>
    containers.set(id, { id, kind: 'subnet', parent: null, title: id, subtitle: '', icon: 'network', rank: 2, leftTitle: 'Infrastructure', firstSeen: 1, hostId: null, summary: { hosts: 0, services: 0, quiet: 0, categories: [] }, text: '', ...more });
  subnet('internet', { kind: 'internet', title: 'Internet', icon: 'world', rank: 0 });
  const shares: number[] = [];
  for (let i = 0; i < subnets; i++) {
    subnet(`s${i}`, { title: pick(['Office', 'Servers', 'IoT', 'Guests', 'Cameras', 'Lab', 'Voice', 'Storage', 'Warehouse']) + (i > 8 ? ` ${i}` : ''), subtitle: `10.${i >> 8}.${i & 255}.0/24${i % 3 ? ` · VLAN ${i * 10}` : ''}`, rank: i === 0 ? 1 : i % 7 === 6 ? 3 : 2 });
    for (let k = int(1, 12) ** 2; k > 0; k--) shares.push(i);
  }
  const ids: string[] = [];
  for (let i = 0; i < hosts; i++) {
    const home = i < subnets ? `s${i}` : random() < 0.05 ? 'internet' : `s${pick(shares)}`;
    const [icon, category] = i < subnets ? (['router', 'NetworkCore'] as const) : pick(icons);
    const lines: ServiceLine[] = [];
    for (let k = Math.floor(random() ** 2 * 14); k > 0; k--) {
      const kind = pick(kinds);
      lines.push({ id: `l${i}-${k}`, title: kind.name, detail: `${int(20, 9999)}/tcp`, icon: kind.icon, category: kind.category, truth: 'measured' });
    }
    const id = `h${i}`;
    ids.push(id);
    nodes.set(id, {
      id, kind: 'host', container: home, hostId: id, rowIds: [], title: i < subnets ? `gateway-${i}` : random() < 0.2 ? `10.0.${int(0, 255)}.${int(1, 254)}` : `${pick(names)}-${i}`, subtitle: `10.0.${i >> 8}.${i & 255}`, ...(i < subnets ? { badge: 'router' } : {}),
      icon, category, zone: i < subnets || random() < 0.03 ? 'left' : 'main', lines, order: String(i).padStart(6, '0'), firstSeen: 1, lastSeen: 1, quiet: random() < 0.08, remote: home === 'internet', truth: random() < 0.9 ? 'measured' : pick<Truth>(['announced', 'inferred', 'noted']), text: '',
    });
    const container = containers.get(home)!;
    const counts = new Map(container.summary.categories.map(each => [each.category, each.count]));
    for (const line of lines) counts.set(line.category, (counts.get(line.category) ?? 0) + 1);
    containers.set(home, { ...container, summary: { hosts: container.summary.hosts + 1, services: container.summary.services + lines.length, quiet: 0, categories: [...counts].map(([category, count]) => ({ category, count })).sort((a, b) => b.count - a.count) } });
  }
  for (const [id, it] of containers) containers.set(id, { ...it, summary: { ...it.summary, categories: it.summary.categories.slice(0, 6) } });
  const edge = (source: string, target: string, more: Partial<GraphEdge>) => {
    const kind = more.kind ?? 'dependency';
    const id = `${kind}:${source}>${target}`;
    if (source !== target) edges.set(id, { id, kind, source, target, directed: kind !== 'same-host' && kind !== 'link', label: '', truth: 'measured', weight: 0, bytes: 0, count: 1, live: false, lastSeen: 1, color: null, style: kind === 'dependency' ? 'Bezier' : 'SmoothStep', groupId: null, ...more });
  };
  for (let i = 0; i < hosts * 2; i++) {
    const server = ids[Math.floor(random() ** 4 * ids.length)]!;
    edge(pick(ids), server, { weight: random() ** 3, live: random() < 0.15, bytes: 1e6 });
  }
  for (let i = 1; i < subnets; i++) edge(`h${i}`, 'h0', { kind: 'route' });
  if (hosts > 20) {
    edge('h5', 'h9', { kind: 'path', color: '#d1453b', label: 'Login', groupId: 'g', truth: 'noted' });
    edge('h9', 'h12', { kind: 'path', color: '#d1453b', label: '', groupId: 'g', truth: 'noted' });
    edge('h14', 'h2', { kind: 'same-host', truth: 'inferred' });
    edge('h15', 'h3', { kind: 'virtualization', truth: 'announced' });
  }
  return { view: 'logical', containers, nodes, edges, structure: String(hosts), left: [] };
}
