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
  traitKey: {
    'dhcp.vendor_class': 'DHCP vendor class', 'dhcp.params': 'DHCP options asked for', 'dhcp.client_id': 'DHCP client id', 'dhcp.user_class': 'DHCP user class',
    'dhcpv6.duid': 'DHCPv6 DUID', 'mdns.txt': 'mDNS text', 'mdns.type': 'mDNS service type', 'mac.random': 'Made-up MAC', 'mac.vendor': 'MAC vendor',
    'dns.version': 'Name server', 'dns.recursion': 'Looks for names elsewhere', 'ntp.stratum': 'Steps from a clock', 'ntp.reference': 'Follows the clock of', 'tftp.error': 'How it refuses a file',
    'nbns.name': 'NetBIOS name', 'snmp.engine': 'SNMP engine', 'snmp.community': 'Answers to the community', 'quic.versions': 'QUIC versions', 'ike.version': 'IKE version', 'ike.notify': 'How it refuses a tunnel',
    'ike.vendor': 'IKE vendor id', 'ipmi.version': 'IPMI version', 'mssql.instance': 'SQL Server instance', 'ssdp.server': 'UPnP server', 'ssdp.usn': 'UPnP device', 'ssdp.location': 'UPnP description',
    'stun.software': 'STUN server', 'wsd.types': 'WS-Discovery types', 'wsd.addresses': 'WS-Discovery addresses', 'wsd.scopes': 'WS-Discovery scopes', 'sip.server': 'SIP server', 'sip.user_agent': 'SIP user agent',
    'natpmp.external': 'Address outside', 'coap.resources': 'CoAP resources', 'plex.version': 'Plex version', 'ubiquiti.model': 'Model', 'ubiquiti.firmware': 'Firmware', 'bacnet.device': 'BACnet device',
    'bacnet.vendor_id': 'BACnet maker number', 'bacnet.name': 'BACnet name', 'bacnet.model': 'Model', 'bacnet.vendor': 'Maker', 'bacnet.firmware': 'Firmware',
    'tcp.syn': 'Form of its first TCP packets', 'http.user_agent': 'Browser or program', 'mysql.version': 'MySQL version', 'amqp.product': 'AMQP product', 'ldap.vendor': 'Directory’s maker', 'ldap.naming_context': 'Directory’s root', 'afp.machine': 'AFP machine', 'mqtt.broker': 'MQTT broker',
    'banner': 'First words', 'ssh.banner': 'SSH banner', 'http.server': 'Web server', 'http.title': 'Page title', 'http.status': 'Page and status', 'http.header': 'Page and header', 'http.body': 'Page and text',
    'http.favicon': 'Icon (mmh3)', 'http.favicon_sha256': 'Icon (SHA-256)', 'tls.subject': 'Certificate of', 'tls.san': 'Certificate also of', 'tls.issuer': 'Certificate by', 'tls.not_after': 'Certificate until',
    'tls.alpn': 'Protocols inside of TLS', 'tls.version': 'TLS version',
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
