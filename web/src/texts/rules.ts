// SPDX-License-Identifier: BSD-2-Clause
// Words of what tells a service or a device: the rules of definitions, and what was found of them.

export const rules = {
  // What a form offers.
  kinds: {
    any: 'Any of these', all: 'All of these', together: 'All of these, at one port', not: 'Not this',
    port: 'Open port', speaks: 'Protocol that it speaks', http: 'Web page', tls: 'Certificate', banner: 'First words', mdns: 'mDNS announcement', ssdp: 'UPnP announcement', dhcp: 'DHCP client', vendor: 'Maker of its network card',
    hostname: 'Name', address: 'Address', gateway: 'Gateway', subnet: 'Type of subnet', container: 'Container', snmp: 'SNMP', application: 'Service that it uses', neighbor: 'LLDP or CDP', trait: 'Any trait', service: 'Service on it',
  } as Record<string, string>,
  fields: {
    port: 'Port', path: 'Path', status: 'Status', title: 'Title', header: 'Header', body: 'Text', favicon: 'Icon’s hash', subject: 'Name', issuer: 'Issuer', san: 'Other names', alpn: 'Protocol inside', type: 'Type', txt: 'TXT line', class: 'Vendor class',
    user_class: 'User class', params: 'Options asked for', image: 'Image', label: 'Label', object_id: 'Object id', description: 'Description', capability: 'Capability', platform: 'Platform', name: 'Name', key: 'Trait', value: 'Text',
  } as Record<string, string>,
  examples: {
    'port': '8080/tcp', 'speaks': 'http', 'http.port': '8080', 'http.path': '/', 'http.status': '200-399', 'http.title': 'Grafana', 'http.header': 'server: nginx', 'http.body': 'text of the page', 'http.favicon': '-1234567890', 'tls.subject': 'device.local',
    'tls.issuer': 'Example CA', 'tls.san': 'device.local', 'tls.alpn': 'h2', 'banner': '220 ProFTPD', 'mdns': '_ipp._tcp', 'mdns.type': '_ipp._tcp', 'mdns.txt': 'ty=LaserJet', 'ssdp': 'MiniDLNA', 'dhcp.class': 'MSFT 5.0', 'dhcp.user_class': 'iPXE', 'dhcp.params': '1,3,6,15',
    'vendor': 'Sonos', 'hostname': 'printer', 'address': '192.168.1.0/24', 'subnet': 'DockerBridge', 'container.image': 'grafana/grafana', 'container.label': 'com.example=web', 'snmp.object_id': '1.3.6.1.4.1.9', 'snmp.description': 'RouterOS',
    'application': 'postgresql', 'neighbor.capability': 'router', 'neighbor.description': 'JUNOS', 'neighbor.platform': 'cisco', 'neighbor.name': 'switch', 'trait.key': 'http.server', 'trait.value': 'nginx',
  } as Record<string, string>,

  // How sure a conclusion is.
  certainty: {
    low: ['guess', 'Only a usual port or a maker speaks for it'],
    medium: ['likely', 'Something points to it that others could have too'],
    high: ['sure', 'It shows itself: a page, a certificate, an announcement'],
    certain: ['certain', 'It said so itself, in its own protocol'],
  } as Record<string, [string, string]>,
};

export const reasons = {
  title: 'Conclusions',
  hint: 'What NetVisor makes of the evidence, and why. Each line leads to the evidence it rests on.',
  why: 'Why?',
  whyOf: (what: string) => `Why ${what}?`,
  none: 'Nothing has been concluded of this host yet.',
  noneOf: 'Nothing more is written down of this: a person said so, or it is about to be concluded.',
  leftOut: 'This host has more reasons than are kept, and these are among those that are left out.',
  failed: (why: string) => `The reasons could not be read: ${why}`,
  guess: 'A guess by its port alone: what answers there has not said what it is.',
  open: (port: string) => `port ${port} is open`,
  met: 'found',
  notMet: 'not found',
  evidence: 'evidence',
  evidenceOf: (count: number) => `See the ${count === 1 ? 'evidence' : `${count} pieces of evidence`}`,
  asWell: 'Also',
  device: 'What this device is',
  deviceWhat: 'this device',
  kindUnknown: 'Kind not known',
  claims: { kind: 'Kind', vendor: 'Maker', model: 'Model', os: 'System', os_version: 'Version' } as Record<string, string>,
  whole: 'the host as a whole',
  at: (ports: string) => `on ${ports}`,
  concluded: 'Concluded',
  source: (source: string) => `by ${source}`,
};
