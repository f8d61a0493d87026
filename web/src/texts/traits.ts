// SPDX-License-Identifier: BSD-2-Clause
// Traits (docs/facts.md, "Trait keys") as people call them, and under which heading they stand. `traits.test.ts` compares them with that page.

export const traitGroups = {
  identity: 'What it is',
  announced: 'What it announces',
  link: 'Its place on the wire',
  software: 'What runs on it',
  called: 'What it is called by those who use it',
  manners: 'How it is told by its manners',
  settings: 'How it is set up in the network',
  door: 'Whom it lets in, and how',
  certificate: 'Certificates and encryption',
  other: 'Other',
} as const;

export type TraitGroup = keyof typeof traitGroups;

const identity = {
  'snmp.model': 'Model', 'snmp.maker': 'Maker', 'snmp.serial': 'Serial number', 'snmp.firmware': 'Firmware', 'snmp.description': 'What it says of itself', 'snmp.location': 'Where it is',
  'snmp.contact': 'Who looks after it', 'snmp.object_id': 'SNMP object id', 'snmp.engine': 'SNMP engine', 'ubiquiti.model': 'Model', 'ubiquiti.firmware': 'Firmware',
  'bacnet.device': 'BACnet device', 'bacnet.name': 'BACnet name', 'bacnet.model': 'Model', 'bacnet.vendor': 'Maker', 'bacnet.vendor_id': 'BACnet maker number', 'bacnet.firmware': 'Firmware',
  'mac.vendor': 'Maker of its network card', 'mac.random': 'Made-up MAC', 'afp.machine': 'AFP machine', 'smb.guid': 'Number it gave itself (SMB)', 'nbns.name': 'NetBIOS name', 'pptp.hostname': 'PPTP host name',
  'pptp.vendor': 'PPTP maker', 'ldap.vendor': 'Directory’s maker', 'nmap.os': 'System, as Nmap says', 'http.favicon': 'Icon (mmh3)', 'http.favicon_sha256': 'Icon (SHA-256)', 'ipmi.version': 'IPMI version',
  'profinet.station': 'PROFINET station', 'profinet.role': 'PROFINET role', 'profinet.device_id': 'PROFINET device number',
  'lldp.model': 'Model', 'lldp.maker': 'Maker', 'lldp.serial': 'Serial number',
  'lldp.asset': 'Asset number', 'lldp.hardware': 'Hardware version', 'lldp.firmware': 'Firmware', 'lldp.software': 'Software', 'lldp.class': 'Kind of end device', 'lldp.location': 'Where it is', 'lldp.elin': 'Emergency number', 'cdp.location': 'Where it is',
};

// By beacons, and by what plants’ controllers answer.
const plant = {
  'mndp.platform': 'Maker', 'mndp.board': 'Model', 'mndp.version': 'RouterOS version', 'mndp.software_id': 'RouterOS licence', 'mndp.interface': 'Port it speaks through',
  'ubiquiti.essid': 'Wireless network', 'kasa.model': 'Model', 'kasa.type': 'Kind', 'kasa.firmware': 'Firmware', 'kasa.hardware': 'Hardware version',
  'tuya.id': 'Tuya device', 'tuya.product': 'Tuya product key', 'tuya.version': 'Tuya protocol', 'dropbox.id': 'Dropbox machine', 'dropbox.version': 'Dropbox LAN protocol', 'dropbox.name': 'Dropbox name',
  'netbios.os': 'Windows version, as it says', 'netbios.type': 'What it is in the neighborhood', 'netbios.comment': 'Comment',
  'bacnet.network': 'BACnet network behind it', 'bacnet.software': 'Software', 'bacnet.location': 'Place', 'bacnet.description': 'Description',
  'enip.vendor_id': 'EtherNet/IP maker number', 'enip.device_type': 'EtherNet/IP kind', 'enip.product_code': 'EtherNet/IP product number', 'enip.revision': 'Revision', 'enip.serial': 'Serial number', 'enip.product': 'Product',
  'modbus.vendor': 'Maker', 'modbus.product_code': 'Product code', 'modbus.revision': 'Revision', 'modbus.url': 'Maker’s page', 'modbus.product': 'Product', 'modbus.model': 'Model', 'modbus.application': 'Application',
  's7.order_number': 'Order number', 's7.firmware': 'Firmware', 's7.name': 'Station', 's7.module': 'Module', 's7.plant': 'Plant', 's7.serial': 'Serial number', 's7.type': 'Module type',
};

const announced = {
  'mdns.type': 'mDNS service type', 'mdns.txt': 'mDNS text', 'ssdp.server': 'UPnP server', 'ssdp.usn': 'UPnP device', 'ssdp.location': 'UPnP description', 'ssdp.user_agent': 'Program that searches by UPnP',
  'wsd.types': 'WS-Discovery types', 'wsd.addresses': 'WS-Discovery addresses', 'wsd.scopes': 'WS-Discovery scopes', 'coap.resources': 'CoAP resources', 'igmp.group': 'Listens to the group',
};

// What bridges, routers and their neighbours say of the link.
const link = {
  'lldp.vlan': 'Name of a VLAN', 'vtp.vlan': 'Name of a VLAN (VTP)', 'edp.vlan': 'Name of a VLAN (EDP)', 'vtp.domain': 'VTP domain', 'vtp.updater': 'Who changed the VLANs last (VTP)', 'lldp.policy': 'What it tells telephones', 'cdp.voice_vlan': 'VLAN for telephones',
  'lldp.power': 'Power over Ethernet', 'lldp.watts': 'Power it asks for or gives', 'lldp.speed': 'Speed of the link', 'lldp.frame_max': 'Largest frame', 'cdp.duplex': 'Duplex', 'edp.version': 'EDP version', 'dtp.status': 'Whether it wants a trunk', 'dtp.encapsulation': 'How its trunk tags',
  'lacp.system': 'Aggregates links as', 'lacp.partner': 'Aggregates links with', 'lacp.port': 'Port in the aggregate', 'udld.hears': 'Hears on this link', 'stp.version': 'Spanning tree', 'stp.region': 'Region of its tree', 'stp.topology_change': 'Tells of a change in the tree',
  'eapol.role': 'Role in 802.1X', 'eapol.identity': 'Signs in at (802.1X)', 'eapol.method': 'Signs in by (802.1X)', 'vrrp.group': 'Virtual router (VRRP)', 'hsrp.group': 'Virtual router (HSRP)', 'glbp.group': 'Virtual router (GLBP)', 'carp.group': 'Virtual address (CARP)',
  'ospf.area': 'OSPF area', 'ospf.router_id': 'OSPF router id', 'eigrp.as': 'EIGRP system', 'eigrp.release': 'EIGRP release', 'igmp.querier': 'Asks who listens (IGMP)', 'mld.querier': 'Asks who listens (MLD)', 'mld.group': 'Listens to the group',
  'nd.mtu': 'MTU it announces', 'nd.portal': 'Sign-in page it announces', 'nd.preference': 'How much it wants to be the router', 'nd.search': 'Domains it announces', 'nd.dhcpv6': 'Sends to DHCPv6 for',
};

const software = {
  'banner': 'First words', 'ssh.banner': 'SSH program', 'http.server': 'Web server', 'http.title': 'Page title', 'http.user_agent': 'Browser or program', 'http.status': 'Page and status', 'http.header': 'Page and header',
  'http.body': 'Page and text', 'mysql.version': 'MySQL version', 'postgresql.version': 'PostgreSQL version', 'mongodb.version': 'MongoDB version', 'mssql.version': 'SQL Server version', 'mssql.instance': 'SQL Server instance',
  'oracle.version': 'Oracle version', 'redis.version': 'Redis version', 'memcached.version': 'memcached version', 'zookeeper.version': 'ZooKeeper version', 'amqp.product': 'AMQP product', 'amqp.version': 'AMQP version',
  'mqtt.broker': 'MQTT broker', 'rtsp.server': 'RTSP server', 'sip.server': 'SIP server', 'sip.user_agent': 'SIP user agent', 'stun.software': 'STUN server', 'plex.version': 'Plex version', 'dns.version': 'Name server',
  'nmap.product': 'Product, as Nmap says', 'tftp.error': 'How it refuses a file', 'ldap.naming_context': 'Directory’s root', 'quic.versions': 'QUIC versions', 'quic.version': 'QUIC version',
};

const called = { 'tls.sni': 'Clients ask it for', 'http.host': 'Clients call it' };

const manners = {
  'tcp.syn': 'Form of its first TCP packets', 'tls.ja4': 'How it begins TLS (JA4)', 'dhcp.params': 'DHCP options it asks for', 'dhcp.vendor_class': 'DHCP vendor class', 'dhcp.client_id': 'DHCP client id',
  'dhcp.user_class': 'DHCP user class', 'dhcpv6.duid': 'DHCPv6 identity (DUID)', 'dhcpv6.options': 'DHCPv6 options it asks for', 'dhcpv6.vendor_class': 'DHCPv6 vendor class', 'tcp.middlebox': 'Answers for others',
};

const settings = {
  'dhcp.circuit': 'Port where it is, as the relay names it', 'dhcp.remote': 'Relay that passed it on', 'dhcp.relay': 'Asks the DHCP server', 'dhcp.domain': 'Domain it gives out', 'dhcp.ntp': 'Clock it gives out', 'dhcp.boot_server': 'Boot server it names',
  'dhcp.boot_file': 'Boot file it names', 'dhcp.proxy': 'Proxy it names (WPAD)', 'dhcp.portal': 'Sign-in page it names', 'dhcp.architecture': 'Starts from the network as', 'dhcp.uuid': 'Machine id it starts with', 'dhcpv6.interface': 'Port where it is, as the relay names it',
  'dhcpv6.remote': 'Relay that passed it on', 'dhcpv6.relay': 'Asks the DHCPv6 server', 'dhcpv6.prefix': 'Prefix it was given', 'dhcpv6.user_class': 'DHCPv6 user class',
  'ntp.stratum': 'Steps from a clock', 'ntp.reference': 'Follows the clock of', 'natpmp.external': 'Address outside',
};

const door = {
  'smb.version': 'SMB version', 'smb.signing': 'SMB signing', 'rdp.security': 'Remote desktop lets in by', 'postgresql.tls': 'PostgreSQL by TLS', 'socks.open': 'Open proxy (SOCKS)', 'mqtt.connect': 'MQTT lets in',
  'dns.recursion': 'Looks for names elsewhere', 'snmp.community': 'Answers to the community', 'snmp.version': 'SNMP version', 'ldap.version': 'LDAP version', 'ike.version': 'IKE version', 'ike.notify': 'How it refuses a tunnel',
  'ike.vendor': 'IKE vendor id',
};

const certificate = {
  'tls.subject': 'Certificate of', 'tls.san': 'Certificate also of', 'tls.issuer': 'Certificate by', 'tls.not_after': 'Certificate until', 'tls.fingerprint': 'Fingerprint (SHA-256)', 'tls.version': 'TLS version',
  'tls.alpn': 'Protocols inside of TLS',
};

export const traitsByGroup: Record<TraitGroup, Record<string, string>> = { identity: { ...identity, ...plant }, announced, link, software, called, manners, settings, door, certificate, other: {} };

export const traits = {
  title: 'Traits',
  hint: 'What was heard of it that tells what it is: each with who said so.',
  glance: 'What it tells of itself',
  none: 'Nothing was heard yet that tells what it is.',
  failed: (why: string) => `They can not be read: ${why}`,
  what: 'What',
  value: 'Value',
  by: 'Said by',
  evidence: (count: number) => (count === 1 ? 'Evidence' : `Evidence (${count})`),
  evidenceOf: (what: string) => `Evidence of ${what}`,
  more: (count: number) => `Show ${count} more`,
  all: (count: number) => `All ${count} traits`,
  filter: 'Words in traits',
  noMatch: 'No trait has these words.',
  // Values in words: what the bytes say, and nothing beyond.
  random: 'Yes: its device made it up, and may change it',
  syn: (ttl: string, mss: string, window: string, scale: string, options: string) => `TTL ${ttl}, ${mss === '-' ? 'no MSS' : `MSS ${mss}`}, window ${window.replace('mss*', 'MSS × ')}${scale === '-' ? '' : `, scale ${scale}`}; options ${options || 'none'}`,
  option: (number: string, name: string | undefined) => (name ? `${name} (${number})` : number),
  yes: 'yes',
  no: 'no',
  group: (address: string, name: string | undefined) => (name ? `${address}: ${name}` : address),
};

// RFC 2132 and its successors, as the IANA's register of BOOTP and DHCP parameters names them.
export const dhcpOptions: Record<string, string> = {
  1: 'subnet mask', 2: 'time offset', 3: 'router', 4: 'time server', 5: 'IEN 116 names', 6: 'DNS server', 7: 'log server', 9: 'LPR server', 12: 'host name', 13: 'boot file size', 15: 'domain name', 17: 'root path', 23: 'default TTL', 26: 'MTU', 28: 'broadcast',
  31: 'router discovery', 33: 'static route', 40: 'NIS domain', 41: 'NIS servers', 42: 'NTP servers', 43: 'vendor options', 44: 'NetBIOS names', 46: 'NetBIOS node type', 47: 'NetBIOS scope', 50: 'address asked for', 51: 'lease time',
  54: 'server', 57: 'largest message', 58: 'renewal time', 59: 'rebinding time', 60: 'vendor class', 61: 'client id', 66: 'TFTP server', 67: 'boot file', 69: 'SMTP server', 77: 'user class', 80: 'rapid commit', 81: 'full name',
  93: 'architecture', 95: 'LDAP', 97: 'machine id', 100: 'time zone', 101: 'time zone name', 108: 'IPv6 only', 114: 'captive portal', 119: 'domain search', 120: 'SIP servers', 121: 'classless routes', 125: 'vendor options', 150: 'TFTP servers', 162: 'encrypted DNS',
  249: 'classless routes (Microsoft)', 252: 'proxy (WPAD)',
};

// IANA's registers of IPv4 and IPv6 multicast addresses.
export const multicastGroups: Record<string, string> = {
  '224.0.0.1': 'all hosts', '224.0.0.2': 'all routers', '224.0.0.4': 'DVMRP routers', '224.0.0.5': 'OSPF routers', '224.0.0.6': 'OSPF designated routers', '224.0.0.9': 'RIP routers', '224.0.0.10': 'EIGRP routers', '224.0.0.13': 'PIM routers',
  '224.0.0.18': 'VRRP', '224.0.0.22': 'IGMPv3 routers', '224.0.0.102': 'HSRPv2 and GLBP', '224.0.0.251': 'mDNS', '224.0.0.252': 'LLMNR', '224.0.1.1': 'NTP', '224.0.1.60': 'HP device discovery', '224.0.1.129': 'precision time', '224.0.1.187': 'CoAP',
  '239.255.255.250': 'SSDP', '239.255.255.253': 'service location', 'ff02::1': 'all nodes', 'ff02::2': 'all routers', 'ff02::5': 'OSPF routers', 'ff02::6': 'OSPF designated routers', 'ff02::9': 'RIP routers', 'ff02::a': 'EIGRP routers',
  'ff02::c': 'SSDP', 'ff02::d': 'PIM routers', 'ff02::12': 'VRRP', 'ff02::16': 'MLDv2 routers', 'ff02::66': 'HSRPv6', 'ff02::fb': 'mDNS', 'ff02::1:2': 'DHCPv6 servers and relays', 'ff02::1:3': 'LLMNR', 'ff05::c': 'SSDP', 'ff05::fb': 'mDNS',
};
