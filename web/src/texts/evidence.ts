// SPDX-License-Identifier: BSD-2-Clause
// What a fact shows, in words.

export const evidence = {
  address: (ip: string, mac: string) => `${ip} belongs to ${mac}`,
  host: (who: string, packets: string, bytes: string, via?: string) => `${who} took part in ${packets} packets, ${bytes}${via ? `, through ${via}` : ''}`,
  name: (name: string, kind: string, who: string) => `${who || 'It'} is called “${name}”${kind ? ` (${kind})` : ''}`,
  nameKind: { hostname: 'host name', fqdn: 'full name', netbios: 'NetBIOS name', workgroup: 'workgroup', instance: 'service instance' } as Record<string, string>,
  service: (port: string, ip: string, state: string, name?: string) => `${port} on ${ip} is ${state || 'there'}${name ? `, announced as “${name}”` : ''}`,
  flow: (client: string, server: string, port: string, connections: string) => `${client} talks to ${server} on ${port}, ${connections} connections`,
  trait: (key: string, value: string) => `${key}: ${value}`,
  traitKey: {
    'dhcp.vendor_class': 'DHCP vendor class', 'dhcp.params': 'DHCP options asked for', 'dhcp.client_id': 'DHCP client id', 'dhcp.user_class': 'DHCP user class',
    'dhcpv6.duid': 'DHCPv6 DUID', 'mdns.txt': 'mDNS text', 'mdns.type': 'mDNS service type', 'mac.random': 'Made-up MAC', 'mac.vendor': 'MAC vendor',
    'snmp.description': 'What it says of itself', 'snmp.contact': 'Who looks after it', 'snmp.location': 'Where it is', 'snmp.object_id': 'SNMP object id',
    'snmp.version': 'SNMP version', 'snmp.model': 'Model', 'snmp.serial': 'Serial number', 'snmp.maker': 'Maker', 'snmp.firmware': 'Firmware',
  } as Record<string, string>,
  neighbor: (system: string, port: string, about: string) => `It is ${system}${port ? `, port ${port}` : ''}${about ? `: ${about}` : ''}`,
  link: (peer: string, device: string, port: string, vlan: string) => `${peer || 'Something'} is at port ${port} of ${device}${vlan ? `, VLAN ${vlan}` : ''}`,
  many: (count: string, device: string, port: string) => `${count} devices are at port ${port} of ${device}`,
  route: (router: string, prefix: string, dns: string[]) => `${router} routes${prefix ? ` ${prefix}` : ''}${dns.length ? `, names ${dns.join(', ')} for DNS` : ''}`,
  conflict: (what: string, claims: string[]) => `${what} is claimed by ${claims.join(' and ')}`,
  kind: {
    address: 'Addresses', host: 'Traffic', name: 'Names', service: 'Services', flow: 'Flows', trait: 'Traits', neighbor: 'Neighbours', link: 'Plugged in', route: 'Routes',
    conflict: 'Conflicts', loss: 'Losses',
  } as Record<string, string>,
};
