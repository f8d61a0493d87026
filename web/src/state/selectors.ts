// SPDX-License-Identifier: BSD-2-Clause
// Rows as people see them: a host with its faces, services and traffic; a service with its host; a flow with
// both ends' names. Made again only for what has changed, so that an unchanged row stays the same object.

import { addressKey, compareAddresses, compareText, vlanText } from './address';
import type { Flow, Host, Interface, Service } from './entities';
import { endpoint, type Tables } from './tables';

export interface HostView {
  id: string;
  host: Host;
  title: string; // its name, else its first address, else its MAC
  named: boolean;
  addresses: string[];
  macs: string[];
  vlans: string[];
  vendor: string | null;
  randomMac: boolean;
  services: Service[];
  sent: number; // bytes
  received: number;
  packets: number;
  remote: boolean; // only seen behind a hop
  router: boolean; // other hosts' packets come through it
  addressKey: string;
  text: string; // what a search looks in
}

export interface ServiceView {
  id: string;
  service: Service;
  host: HostView | undefined;
  label: string;
  addressKey: string;
  text: string;
}

export interface FlowView {
  id: string;
  flow: Flow;
  client: HostView | undefined;
  server: HostView | undefined;
  clientTitle: string;
  serverTitle: string;
  label: string;
  text: string;
}

const wellKnown: Record<string, string> = {
  'tcp 21': 'ftp', 'tcp 22': 'ssh', 'tcp 23': 'telnet', 'tcp 25': 'smtp', 'tcp 53': 'dns', 'udp 53': 'dns', 'udp 67': 'dhcp',
  'udp 69': 'tftp', 'tcp 80': 'http', 'tcp 88': 'kerberos', 'tcp 110': 'pop3', 'udp 123': 'ntp', 'udp 137': 'netbios-ns',
  'tcp 139': 'netbios-ssn', 'tcp 143': 'imap', 'udp 161': 'snmp', 'udp 162': 'snmp-trap', 'tcp 179': 'bgp', 'tcp 389': 'ldap',
  'tcp 443': 'https', 'udp 443': 'quic', 'tcp 445': 'smb', 'udp 514': 'syslog', 'tcp 515': 'lpd', 'udp 546': 'dhcpv6',
  'udp 547': 'dhcpv6', 'tcp 587': 'submission', 'tcp 631': 'ipp', 'tcp 636': 'ldaps', 'tcp 853': 'dns-tls', 'tcp 993': 'imaps',
  'tcp 995': 'pop3s', 'tcp 1433': 'mssql', 'tcp 1883': 'mqtt', 'udp 1900': 'ssdp', 'tcp 2049': 'nfs', 'tcp 3306': 'mysql',
  'tcp 3389': 'rdp', 'udp 3702': 'ws-discovery', 'udp 4500': 'ipsec-nat', 'tcp 5060': 'sip', 'udp 5060': 'sip',
  'tcp 5432': 'postgresql', 'udp 5353': 'mdns', 'udp 5355': 'llmnr', 'tcp 5900': 'vnc', 'tcp 6379': 'redis', 'tcp 8080': 'http-alt',
  'tcp 8443': 'https-alt', 'tcp 8883': 'mqtts', 'tcp 9100': 'jetdirect', 'udp 51820': 'wireguard',
};

// What a port is registered for. Not proof of what answers there, so it is shown as such.
export const portName = (proto: string | null, port: number | null): string | null => wellKnown[`${proto} ${port}`] ?? null;

const instance = /^(?:(.*)\.)?_([^.]+)\._(?:tcp|udp)(?:\..*)?$/i;
const unescaped = (name: string) => name.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number(code))).replace(/\\(.)/g, '$1');

// An mDNS name ("Living room._ipp._tcp.local") as its words; any other name as it is.
export const instanceName = (name: string) => unescaped(instance.exec(name)?.[1] ?? name);

// Where a service answers; nowhere, for one that a person only noted.
export const portText = (service: Pick<Service, 'port' | 'proto'>): string => (service.port === null ? '' : `${service.port}/${service.proto}`);

// What a service is: what it announces itself as, else what its port is registered for.
export function serviceLabel(service: Service): string {
  const announced = service.name ? (instance.exec(service.name)?.[2]?.toLowerCase() ?? service.name) : null;
  return announced ?? portName(service.proto, service.port) ?? (service.service_definition ?? (service.port === null ? '' : `${service.proto}/${service.port}`));
}

const unique = (values: readonly string[]) => [...new Set(values)];

export function hostView(tables: Tables, host: Host): HostView {
  const faces = [...tables.interfacesByHost.get(host.id)].map(id => tables.interface.get(id)!);
  const services = [...tables.servicesByHost.get(host.id)].map(id => tables.service.get(id)!);
  services.sort((a, b) => (a.port ?? 0) - (b.port ?? 0) || (`${a.proto} ${a.id}` < `${b.proto} ${b.id}` ? -1 : 1));
  // Its own come first: those of its containers are no address of the machine.
  const [own, inside] = [faces.filter(face => !face.container_of), faces.filter(face => face.container_of)];
  const addresses = unique([own, inside].flatMap(some => some.flatMap(face => face.ip ?? []).sort(compareAddresses)));
  const macs = unique([own, inside].flatMap(some => some.flatMap(face => face.mac ?? []).sort()));
  const vendor = host.vendor ?? own.find(face => face.vendor)?.vendor ?? null;
  const view: HostView = {
    id: host.id,
    host,
    title: host.name || addresses[0] || macs[0] || '',
    named: Boolean(host.name),
    addresses,
    macs,
    vlans: homeVlans(own),
    vendor,
    randomMac: own.some(face => face.random_mac),
    services,
    ...traffic(faces),
    remote: own.length > 0 && own.every(face => face.mac === null && face.via !== null),
    // One address behind a MAC may be its own, of which no neighbour discovery was seen; several are other hosts'.
    router: macs.some(mac => tables.interfacesByVia.get(mac).size > 1),
    addressKey: addresses[0] ? addressKey(addresses[0]) : '9' + (macs[0] ?? ''),
    text: '',
  };
  const words = services.flatMap(service => [serviceLabel(service), service.name && instanceName(service.name), portText(service), service.port === null ? null : `:${service.port}`]);
  view.text = searchText([host.name, ...addresses, ...macs, vendor, ...view.vlans.map(vlan => `vlan ${vlan}`), ...words]);
  return view;
}

// Where it lives: the VLANs in which it speaks itself. Behind a hop it is only passed on.
function homeVlans(faces: readonly Interface[]): string[] {
  const own = faces.filter(face => face.via === null);
  return unique((own.length ? own : faces).map(face => vlanText(face.vlan)).filter(Boolean)).sort(compareText);
}

function traffic(faces: readonly Interface[]) {
  let [sent, received, packets] = [0, 0, 0];
  for (const face of faces) {
    sent += face.bytes;
    received += face.bytes_in;
    packets += face.packets + face.packets_in;
  }
  return { sent, received, packets };
}

// The shown rows, kept from one look to the next.
export class Views {
  private readonly hosts = new Map<string, HostView>();
  private hostArray: HostView[] = [];
  private readonly services = new Map<string, ServiceView>();
  private serviceArray: ServiceView[] = [];
  private serviceVersion = '';
  private readonly flows = new Map<string, FlowView>();
  private flowArray: FlowView[] = [];
  private flowVersion = '';
  private hostVersion = 0;

  constructor(readonly tables: Tables) {}

  host(id: string | null): HostView | undefined {
    this.refreshHosts();
    return id === null ? undefined : this.hosts.get(id);
  }

  allHosts(): HostView[] {
    this.refreshHosts();
    return this.hostArray;
  }

  allServices(): ServiceView[] {
    this.refreshHosts();
    const version = `${this.hostVersion} ${this.tables.versions.service}`;
    if (version !== this.serviceVersion) {
      this.serviceVersion = version;
      this.serviceArray = refresh(this.services, this.tables.service, row => this.serviceView(row));
    }
    return this.serviceArray;
  }

  allFlows(): FlowView[] {
    this.refreshHosts();
    const version = `${this.hostVersion} ${this.tables.versions.flow} ${this.tables.versions.service}`;
    if (version !== this.flowVersion) {
      this.flowVersion = version;
      this.flowArray = refresh(this.flows, this.tables.flow, row => this.flowView(row));
    }
    return this.flowArray;
  }

  flowsOf(hostId: string): FlowView[] {
    this.refreshHosts();
    return [...this.tables.flowsByHost.get(hostId)].map(id => this.flowView(this.tables.flow.get(id)!));
  }

  private refreshHosts() {
    const { tables } = this;
    if (!tables.staleHosts.size) return;
    for (const id of tables.staleHosts) {
      const host = tables.host.get(id);
      if (host) this.hosts.set(id, hostView(tables, host));
      else this.hosts.delete(id);
    }
    tables.staleHosts.clear();
    this.hostArray = [...this.hosts.values()];
    this.hostVersion++;
  }

  private serviceView(service: Service): ServiceView {
    const host = this.hosts.get(service.host_id);
    const old = this.services.get(service.id);
    if (old && old.service === service && old.host === host) return old;
    const label = serviceLabel(service);
    const words = [label, service.name && instanceName(service.name), service.ip, portText(service), service.port === null ? null : `:${service.port}`, service.state, service.source, vlanText(service.vlan), host?.title, host?.vendor];
    const view = { id: service.id, service, host, label, addressKey: service.ip ? addressKey(service.ip) : '', text: searchText(words) };
    this.services.set(service.id, view);
    return view;
  }

  private flowView(flow: Flow): FlowView {
    const client = flow.client_host_id === null ? undefined : this.hosts.get(flow.client_host_id);
    const server = flow.server_host_id === null ? undefined : this.hosts.get(flow.server_host_id);
    const label = this.flowLabel(flow);
    const old = this.flows.get(flow.id);
    if (old && old.flow === flow && old.client?.title === client?.title && old.server?.title === server?.title && old.label === label) return old;
    const clientTitle = client?.named ? client.title : flow.client;
    const serverTitle = server?.named ? server.title : flow.server;
    const words = [clientTitle, flow.client, serverTitle, flow.server, `${flow.port}/${flow.proto}`, `:${flow.port}`, label, flow.app ?? '', vlanText(flow.vlan) && `vlan ${vlanText(flow.vlan)}`];
    const view = { id: flow.id, flow, client, server, clientTitle, serverTitle, label, text: searchText(words) };
    this.flows.set(flow.id, view);
    return view;
  }

  private flowLabel(flow: Flow): string {
    for (const id of this.tables.servicesByEndpoint.get(endpoint(flow.server, flow.proto, flow.port))) {
      return serviceLabel(this.tables.service.get(id)!);
    }
    // What was heard stands over what a port is registered for.
    return flow.app || (portName(flow.proto, flow.port) ?? '');
  }
}

function refresh<R, V>(views: Map<string, V>, rows: Map<string, R>, make: (row: R) => V): V[] {
  const list: V[] = [];
  for (const row of rows.values()) list.push(make(row));
  if (views.size > rows.size) for (const id of views.keys()) if (!rows.has(id)) views.delete(id);
  return list;
}

// One thing a line, so that a search can ask for a whole one.
const searchText = (words: readonly (string | null | undefined)[]) => `\n${words.filter(Boolean).join('\n').toLowerCase()}\n`;

// All words must be found. `:443` and `443/tcp` find that port, not a part of an address or of another port.
export function matches(text: string, query: string): boolean {
  for (const word of query.toLowerCase().split(/\s+/)) {
    const whole = /^(:\d+|\d+\/(tcp|udp))$/.test(word);
    if (word && !text.includes(whole ? `\n${word}\n` : word)) return false;
  }
  return true;
}
