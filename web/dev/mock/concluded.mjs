// SPDX-License-Identifier: BSD-2-Clause
// What a collector would have concluded of the made-up network: services by their definitions, devices by their roles; and why.
import { readdirSync, readFileSync } from 'node:fs';

import { chance, pick } from './random.mjs';

const folder = new URL('../../../defs/services/', import.meta.url);
export const definitions = readdirSync(folder)
  .filter(name => !['schema.json', 'categories.json'].includes(name))
  .map(name => ({ id: name.replace(/\.json$/, ''), ...JSON.parse(readFileSync(new URL(name, folder), 'utf8')) }));

const byName = new Map(definitions.flatMap(each => [[each.id, each], [each.name.toLowerCase(), each]]));
const byPort = new Map();
for (const each of definitions.filter(each => each.is_generic)) for (const rule of each.match?.any ?? [each.match ?? {}]) if (rule.port && !byPort.has(rule.port)) byPort.set(rule.port, each);
const byType = new Map();
for (const each of definitions) for (const rule of each.match?.any ?? [each.match ?? {}]) if (typeof rule.mdns === 'string') byType.set(rule.mdns, each);

export function conclude(name, port, proto, mdns) {
  const type = mdns ? /(_[^.]+\._(?:tcp|udp))/.exec(mdns)?.[1] : null;
  const found = (name && byName.get(name.toLowerCase())) ?? (type && byType.get(type));
  if (found) return { definition: found.id, certainty: type ? 'high' : found.is_generic ? 'certain' : pick(['high', 'high', 'medium', 'low']) };
  const guess = byPort.get(`${port}/${proto}`);
  return guess ? { definition: guess.id, certainty: chance(0.6) ? 'certain' : 'low' } : { definition: null, certainty: null };
}

const kinds = { router: 'router', switch: 'switch', ap: 'access-point', dns: 'server', proxy: 'server', directory: 'server', database: 'server', app: 'vm', monitor: 'server', home: null, nas: 'nas', hypervisor: 'hypervisor', docker: 'container-host', desk: 'desktop', phone: 'phone', voice: 'voip-phone', printer: 'printer', camera: 'camera', thing: 'iot', tv: 'tv' };
const systems = { router: ['RouterOS', '7.14'], switch: ['IOS XE', '17.9'], nas: ['DSM', '7.2'], hypervisor: ['Proxmox VE', '8.1'], docker: ['Debian', '12'], desk: ['Windows', null], phone: ['iOS', '17'], app: ['Linux', null] };
const models = { router: 'RB5009', nas: 'DS923+', printer: 'HL-L2375DW', camera: 'DS-2CD2143', tv: 'Bravia XR' };

export function deviceOf(role, maker) {
  const claim = (value, certainty, source) => (value ? { value, certainty, source } : null);
  const kind = chance(0.85) ? kinds[role] : null;
  const [os, version] = (chance(0.6) && systems[role]) || [null, null];
  if (!kind && !os && !maker) return null;
  return { kind: claim(kind, pick(['medium', 'high', 'certain']), pick(['mdns', 'lldp', 'http', 'dhcp'])), vendor: claim(maker?.replace(/,? (Inc\.?|Incorporated|Ltd\.?|LTD\.|AB|BV|Corporation|Co\.,Ltd\.|Foundation).*$/, ''), 'medium', 'vendor'), model: claim(chance(0.6) && models[role], 'high', 'ssdp'), os: claim(os, 'high', 'snmp'), os_version: claim(version, 'high', 'snmp') };
}

// The answer to GET /api/hosts/{id}/conclusions, from the rows.
export function conclusions(host, services, evidence) {
  const ids = evidence.map(each => each.id);
  const leaf = (is, want, met, more = {}) => ({ is, want, met, ...more });
  const reasonsOf = service => {
    const port = service.port === null ? undefined : `${service.port}/${service.proto}`;
    const rule = byName.get(service.definition)?.match;
    const signs = rule?.any ?? [rule ?? { port }];
    return {
      is: 'any', met: true,
      of: signs.slice(0, 4).map((sign, i) => {
        const [[is, want]] = Object.entries(sign);
        const met = service.certainty === 'low' ? is === 'port' : i === 0 || is === 'port';
        return leaf(is, want, met, met ? { port, found: is === 'port' ? undefined : typeof want === 'string' ? want : Object.values(want).join(' '), evidence: ids.slice(i, i + 2) } : {});
      }),
    };
  };
  const device = host.device && Object.fromEntries(Object.entries(host.device).filter(([, claim]) => claim).map(([name, claim]) => [name, { ...claim, reasons: { is: 'any', met: true, of: [leaf('trait', { key: 'mdns.txt', value: 'model' }, true, { found: `model=${claim.value}`, evidence: ids.slice(0, 1) }), leaf('hostname', claim.value, true, { found: host.name ?? claim.value, evidence: ids.slice(1, 2) })] } }]));
  const told = services.filter(service => service.definition).map(service => ({ service_id: service.id, service_ids: [service.id], definition: service.definition, certainty: service.certainty, ports: service.port === null ? [] : [`${service.port}/${service.proto}`], reasons: reasonsOf(service) }));
  const web = told.find(each => each.ports[0]?.startsWith('443') || each.ports[0]?.startsWith('80'));
  return { concluded_at: Date.now() / 1000 - 40, services: web ? [...told, { ...web, definition: 'nginx', certainty: 'high', reasons: leaf('http', { header: 'server: nginx' }, true, { port: web.ports[0], found: 'server: nginx/1.24.0', evidence: ids.slice(0, 1) }) }] : told, device };
}
