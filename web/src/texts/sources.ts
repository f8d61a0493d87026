// SPDX-License-Identifier: BSD-2-Clause
// Where a fact comes from, as people call it.

export const source: Record<string, string> = {
  snmp: 'SNMP', arp: 'ARP', nd: 'IPv6 neighbour discovery', mld: 'MLD', dhcp: 'DHCP', dhcpv6: 'DHCPv6', mdns: 'mDNS', llmnr: 'LLMNR', nbns: 'NetBIOS',
  ssdp: 'SSDP', wsd: 'WS-Discovery', lldp: 'LLDP', cdp: 'CDP', stp: 'spanning tree', dns: 'DNS', tls: 'TLS', quic: 'QUIC', http: 'HTTP',
  ssh: 'SSH', tcp: 'TCP handshake', udp: 'UDP', ip: 'IP traffic', icmp: 'ICMP', ethernet: 'Ethernet', sensor: 'the sensor', probe: 'a probe', import: 'an import', docker: 'the container engine',
  user: 'a person', manual: 'a person', oui: 'the IEEE register', vendor: 'the IEEE register', concluded: 'a conclusion', service: 'its services', hostname: 'its name', container: 'the container engine', neighbor: 'LLDP or CDP',
  ntp: 'NTP', sip: 'SIP', vrrp: 'VRRP', hsrp: 'HSRP', carp: 'CARP', glbp: 'GLBP', igmp: 'IGMP', ospf: 'OSPF', eigrp: 'EIGRP', pim: 'PIM', rip: 'RIP', vtp: 'VTP', dtp: 'DTP', udld: 'UDLD', lacp: 'LACP', fdp: 'FDP', edp: 'EDP',
  eapol: '802.1X', profinet: 'PROFINET', bacnet: 'BACnet', enip: 'EtherNet/IP', mndp: 'MNDP', ubiquiti: 'Ubiquiti discovery', kasa: 'TP-Link Kasa', tuya: 'Tuya', dropbox: 'Dropbox LAN sync', pppoe: 'PPPoE', mpls: 'MPLS', gre: 'GRE', erspan: 'ERSPAN', vxlan: 'VXLAN', geneve: 'Geneve', ipip: 'IP in IP',
};
