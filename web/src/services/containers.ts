// SPDX-License-Identifier: BSD-2-Clause
// What a service's `virtualization` says of the container that it runs in, as a sensor's report of an engine or a person put it there. Pure.

export interface ContainerPort {
  port: number;
  proto: string;
  hostPort: number | null; // where it is published
  hostIp: string | null; // null: on every address
}

export interface Container {
  type: string;
  key: string; // of one container, whichever of its services says so
  name: string;
  id: string | null;
  image: string | null;
  version: string | null;
  state: string | null; // null: nobody says
  health: string | null;
  project: string | null; // of compose
  engine: string | null; // the service that runs it
  ports: ContainerPort[];
  networks: string[];
  labels: [string, string][];
}

const text = (value: unknown) => (typeof value === 'string' && value ? value : null);
const port = (value: unknown) => (typeof value === 'number' && value > 0 && value < 65536 ? value : null);
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function readPort(value: unknown): ContainerPort | null {
  if (typeof value !== 'object' || value === null) return null;
  const of = value as Record<string, unknown>;
  const number = port(of.port);
  return number === null ? null : { port: number, proto: text(of.proto) ?? 'tcp', hostPort: port(of.host_port), hostIp: text(of.host_ip) };
}

// Null: it is in none. Read with suspicion.
export function readContainer(value: unknown): Container | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const of = value as Record<string, unknown>;
  const name = text(of.container_name) ?? text(of.container_id);
  if (name === null) return null;
  const labels = typeof of.labels === 'object' && of.labels !== null ? Object.entries(of.labels) : [];
  return {
    type: text(of.type) ?? 'Container',
    key: `${text(of.service_id) ?? ''} ${text(of.container_id) ?? name}`,
    name,
    id: text(of.container_id),
    image: text(of.image),
    version: text(of.image_version),
    state: text(of.state),
    health: text(of.health),
    project: text(of.compose_project),
    engine: text(of.service_id),
    ports: list(of.ports).map(readPort).filter(each => each !== null),
    networks: list(of.networks).map(text).filter(each => each !== null),
    labels: labels.filter((each): each is [string, string] => typeof each[1] === 'string'),
  };
}

export const runs = (container: Container) => container.state === null || container.state === 'running' || container.state === 'paused' || container.state === 'restarting';

const outside = (each: ContainerPort) => `${each.hostIp && each.hostIp !== '0.0.0.0' && each.hostIp !== '::' ? `${each.hostIp.includes(':') ? `[${each.hostIp}]` : each.hostIp}:` : ''}${each.hostPort}`;

// "8080 → 80/tcp"; one that is published for IPv4 and IPv6 is said once. What is not published comes after.
export function portTexts(container: Container): string[] {
  const published = container.ports.filter(each => each.hostPort !== null).map(each => `${outside(each)} → ${each.port}/${each.proto}`);
  return [...new Set([...published, ...container.ports.filter(each => each.hostPort === null).map(each => `${each.port}/${each.proto}`)])];
}

// Images whose name is not that of what is in them.
const others: Record<string, string> = {
  'actual-server': 'actual-budget', adguardhome: 'adguard-home', bitwarden_rs: 'vaultwarden', 'eclipse-mosquitto': 'mosquitto', homeassistant: 'home-assistant', httpd: 'apache', mongo: 'mongodb', mssql: 'microsoft-sql-server',
  'node-exporter': 'prometheus-node-exporter', 'node-red-docker': 'node-red', pihole: 'pi-hole', plexinc: 'plex', pms: 'plex', postgres: 'postgresql', registry: 'docker-registry', 'unifi-network-application': 'unifi-controller', valkey: 'redis', 'wg-easy': 'wireguard',
  'zabbix-agent2': 'zabbix-agent',
};

// What an image may be of, the likeliest first: "ghcr.io/linuxserver/sonarr:4.0@sha256:…" is of sonarr.
export function imageNames(image: string): string[] {
  const path = image.replace(/@.*$/, '').replace(/:[^/:]*$/, '').toLowerCase().split('/').filter(Boolean);
  const last = path.at(-1);
  if (!last) return [];
  const bare = last.replace(/-(?:ce|ee|oss|server|app|alpine|docker)$/, '');
  const names = [others[last] ?? last, others[bare] ?? bare, ...(path.length > 1 ? [others[path.at(-2)!] ?? ''] : [])];
  return [...new Set(names.filter(Boolean))];
}
