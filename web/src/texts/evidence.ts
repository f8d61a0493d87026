// SPDX-License-Identifier: BSD-2-Clause
// What a fact shows, in words.

export const evidence = {
  address: (ip: string, mac: string) => `${ip} belongs to ${mac}`,
  host: (who: string, packets: string, bytes: string, via?: string) => `${who} took part in ${packets} packets, ${bytes}${via ? `, through ${via}` : ''}`,
  name: (name: string, kind: string, who: string) => `${who || 'It'} is called “${name}”${kind ? ` (${kind})` : ''}`,
  nameKind: { hostname: 'host name', fqdn: 'full name', netbios: 'NetBIOS name', workgroup: 'workgroup', instance: 'service instance' } as Record<string, string>,
  // asked: it was spoken to, and answered in the protocol of that name.
  service: (port: string, ip: string, state: string, name?: string, asked?: boolean) =>
    `${port} on ${ip} is ${state || 'there'}${name ? (asked ? `, it answers as ${name}` : `, announced as “${name}”`) : asked ? ', it answers when it is asked' : ''}`,
  flow: (client: string, server: string, port: string, connections: string) => `${client} talks to ${server} on ${port}, ${connections} connections`,
  trait: (key: string, value: string, port?: number) => `${key}${port ? ` of port ${port}` : ''}: ${value}`,
  neighbor: (system: string, port: string, about: string) => `It is ${system}${port ? `, port ${port}` : ''}${about ? `: ${about}` : ''}`,
  link: (peer: string, device: string, port: string, vlan: string) => `${peer || 'Something'} is at port ${port} of ${device}${vlan ? `, VLAN ${vlan}` : ''}`,
  many: (count: string, device: string, port: string) => `${count} devices are at port ${port} of ${device}`,
  route: (router: string, prefix: string, dns: string[]) => `${router} routes${prefix ? ` ${prefix}` : ''}${dns.length ? `, names ${dns.join(', ')} for DNS` : ''}`,
  // case: what kind of conflict it is (docs/facts.md).
  conflict: (kind: string, what: string, claims: string[]) => {
    const list = claims.join(' and ');
    if (kind === 'answer') return `${what} was taken over by an answer that nobody asked for: ${list}`;
    if (kind === 'dhcp') return `More than one server answers for DHCP: ${list || what}`;
    if (kind === 'router') return `Another router than before announces itself: ${list || what}`;
    if (kind === 'root') return `The spanning tree has another root: ${list || what}`;
    return `${what} is claimed by ${list}`;
  },
  kind: {
    address: 'Addresses', host: 'Traffic', name: 'Names', service: 'Services', flow: 'Flows', trait: 'Traits', neighbor: 'Neighbours', link: 'Plugged in', route: 'Routes',
    conflict: 'Conflicts', loss: 'Losses',
  } as Record<string, string>,
};
