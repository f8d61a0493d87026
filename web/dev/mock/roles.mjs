// SPDX-License-Identifier: BSD-2-Clause
// What there is in networks: machines with their names, makers and services, and the kinds of subnets they live in.

// [definition or null, port, protocol, how often, mDNS name]
const ssh = [null, 22, 'tcp', 0.9];
const web = [null, 443, 'tcp', 0.9];
const node = ['Prometheus Node Exporter', 9100, 'tcp', 0.6];

export const roles = {
  router: { names: ['gw', 'router', 'edge'], makers: [['f0:9f:c2', 'Ubiquiti Inc'], ['4c:5e:0c', 'Routerboard.com'], ['00:1b:0d', 'Cisco Systems, Inc']], services: [['DNS', 53, 'udp', 1], ['DHCP', 67, 'udp', 0.9], [null, 443, 'tcp', 0.9], ssh, [null, 123, 'udp', 0.7], ['SNMP', 161, 'udp', 0.6]] },
  switch: { names: ['sw', 'switch', 'core-sw'], makers: [['00:1b:0d', 'Cisco Systems, Inc'], ['74:83:c2', 'Ubiquiti Inc'], ['b8:d4:e7', 'Aruba, a Hewlett Packard Enterprise Company']], services: [ssh, ['SNMP', 161, 'udp', 0.9], web] },
  ap: { names: ['ap', 'wifi'], makers: [['74:83:c2', 'Ubiquiti Inc'], ['b8:d4:e7', 'Aruba, a Hewlett Packard Enterprise Company']], services: [ssh, ['Unifi Access Point', 80, 'tcp', 0.4]] },
  dns: { names: ['dns', 'resolver', 'pihole'], makers: [['b8:27:eb', 'Raspberry Pi Foundation'], ['00:0c:29', 'VMware, Inc.']], services: [['Pi-Hole', 80, 'tcp', 0.7], ['Unbound', 53, 'udp', 1], ssh, node] },
  proxy: { names: ['proxy', 'traefik', 'ingress'], makers: [['00:0c:29', 'VMware, Inc.']], services: [['Traefik', 443, 'tcp', 0.8], ['Nginx Proxy Manager', 81, 'tcp', 0.5], ssh, node] },
  directory: { names: ['dc', 'ad'], makers: [['00:0c:29', 'VMware, Inc.'], ['00:15:5d', 'Microsoft Corporation']], services: [['Active Directory', 389, 'tcp', 1], [null, 88, 'tcp', 1], [null, 445, 'tcp', 1], ['DNS', 53, 'udp', 0.9], [null, 3389, 'tcp', 0.8], [null, 135, 'tcp', 0.9]] },
  database: { names: ['db', 'pg', 'mysql', 'redis'], makers: [['00:0c:29', 'VMware, Inc.']], services: [['PostgreSQL', 5432, 'tcp', 0.6], ['MySQL', 3306, 'tcp', 0.3], ['Redis', 6379, 'tcp', 0.4], ssh, node] },
  app: { names: ['app', 'web', 'api', 'worker', 'build', 'git'], makers: [['00:0c:29', 'VMware, Inc.'], ['52:54:00', 'QEMU virtual NIC']], services: [web, [null, 80, 'tcp', 0.7], ['GitLab', 8080, 'tcp', 0.15], ['Jenkins', 8081, 'tcp', 0.15], ['Nextcloud', 8443, 'tcp', 0.15], ['RabbitMQ', 5672, 'tcp', 0.2], ssh, node] },
  monitor: { names: ['grafana', 'metrics', 'logs'], makers: [['00:0c:29', 'VMware, Inc.']], services: [['Grafana', 3000, 'tcp', 1], ['Prometheus', 9090, 'tcp', 0.9], ['Loki', 3100, 'tcp', 0.6], ['Uptime Kuma', 3001, 'tcp', 0.4], ssh, node] },
  home: { names: ['media', 'plex', 'homeassistant'], makers: [['94:c6:91', 'EliteGroup Computer Systems'], ['b8:27:eb', 'Raspberry Pi Foundation']], services: [['Plex Media Server', 32400, 'tcp', 0.6], ['Jellyfin', 8096, 'tcp', 0.5], ['Home Assistant', 8123, 'tcp', 0.6], ['MQTT', 1883, 'tcp', 0.5], ssh] },
  nas: { names: ['nas', 'backup', 'store'], makers: [['00:11:32', 'Synology Incorporated'], ['24:5e:be', 'QNAP Systems, Inc.']], services: [['SMB', 445, 'tcp', 1], ['NFS', 2049, 'tcp', 0.8], ['Synology DSM', 5001, 'tcp', 0.6], ['Syncthing', 22000, 'tcp', 0.3], ssh, [null, 5353, 'udp', 0.6, 'Files._smb._tcp.local']] },
  hypervisor: { names: ['pve', 'esx', 'node'], makers: [['ac:1f:6b', 'Super Micro Computer, Inc.'], ['d0:94:66', 'Dell Inc.']], services: [['Proxmox VE', 8006, 'tcp', 1], ssh, node, [null, 111, 'tcp', 0.5]] },
  docker: { names: ['docker', 'swarm', 'compose'], makers: [['00:0c:29', 'VMware, Inc.'], ['52:54:00', 'QEMU virtual NIC']], services: [['Docker', 2375, 'tcp', 1], ['Portainer', 9443, 'tcp', 0.6], ssh, node] },
  desk: { names: ['desk', 'ws', 'pc', 'anna-pc', 'ben-pc', 'mac'], makers: [['3c:07:54', 'Apple, Inc.'], ['d0:94:66', 'Dell Inc.'], ['00:1b:78', 'Hewlett Packard'], ['8c:16:45', 'LCFC(HeFei) Electronics Technology']], services: [[null, 445, 'tcp', 0.5], [null, 3389, 'tcp', 0.3], [null, 135, 'tcp', 0.35], ['SSH', 22, 'tcp', 0.15], [null, 5353, 'udp', 0.3, null]] },
  phone: { names: ['iphone', 'pixel', 'galaxy', 'tablet'], makers: [['', null]], services: [[null, 5353, 'udp', 0.2, null], [null, 62078, 'tcp', 0.3]] },
  voice: { names: ['phone', 'voip'], makers: [['00:04:f2', 'Polycom'], ['80:5e:c0', 'YEALINK(XIAMEN) NETWORK TECHNOLOGY CO.,LTD.']], services: [['SIP', 5060, 'udp', 0.9], [null, 80, 'tcp', 0.8], [null, 443, 'tcp', 0.4]] },
  printer: { names: ['printer', 'mfp', 'label'], makers: [['00:80:77', 'Brother industries, LTD.'], ['00:1b:78', 'Hewlett Packard'], ['00:26:ab', 'Seiko Epson Corporation']], services: [['JetDirect', 9100, 'tcp', 0.9], [null, 631, 'tcp', 0.9, 'Office printer._ipp._tcp.local'], [null, 80, 'tcp', 0.8], [null, 515, 'tcp', 0.6]] },
  camera: { names: ['cam', 'camera', 'nvr'], makers: [['44:19:b6', 'Hangzhou Hikvision Digital Technology Co.,Ltd.'], ['ac:cc:8e', 'Axis Communications AB']], services: [['RTSP', 554, 'tcp', 1], [null, 80, 'tcp', 0.8], [null, 8000, 'tcp', 0.4]] },
  thing: { names: ['sensor', 'bulb', 'plug', 'thermostat', 'hue-bridge', 'shelly'], makers: [['00:17:88', 'Philips Lighting BV'], ['24:0a:c4', 'Espressif Inc.'], ['a4:77:33', 'Google, Inc.']], services: [[null, 80, 'tcp', 0.6], [null, 5353, 'udp', 0.4, 'Light._hap._tcp.local'], ['ESPHome', 6053, 'tcp', 0.2]] },
  tv: { names: ['tv', 'speaker', 'roku'], makers: [['5c:aa:fd', 'Sonos, Inc.'], ['d8:31:34', 'Roku, Inc'], ['a4:77:33', 'Google, Inc.']], services: [['Sonos', 1400, 'tcp', 0.4], ['Google Cast', 8009, 'tcp', 0.4], [null, 7000, 'tcp', 0.3, 'TV._airplay._tcp.local']] },
};

// What more there may be on a machine that serves, when many services are asked for.
export const extras = [['Grafana', 3000], ['Prometheus', 9090], ['PostgreSQL', 5432], ['Redis', 6379], ['MySQL', 3306], ['MongoDB', 27017], ['Elasticsearch', 9200], ['RabbitMQ', 5672], ['Kafka', 9092], ['Vault', 8200], ['Jenkins', 8080], ['Gitea', 3001], ['Sonarr', 8989], ['Radarr', 7878], ['Prowlarr', 9696], ['Jellyfin', 8096], ['Immich', 2283], ['Nextcloud', 8443], ['Vaultwarden', 8000], ['Paperless-NGX', 8010], ['Home Assistant', 8123], ['Netdata', 19999], ['Prometheus Node Exporter', 9100], ['SSH', 22], [null, 80], [null, 443], [null, 111], [null, 8080], [null, 8443], ['MinIO', 9001], ['Portainer', 9443]];

// Kinds of subnets: VLAN, share of a site's hosts, who lives there.
export const kinds = [
  { type: 'Management', name: 'Management', vlan: 99, share: 2, roles: [['switch', 4], ['ap', 5], ['hypervisor', 3]] },
  { type: 'Lan', name: 'Servers', vlan: 10, share: 12, roles: [['app', 12], ['database', 4], ['monitor', 2], ['docker', 3], ['directory', 1], ['dns', 1], ['proxy', 2], ['home', 2]] },
  { type: 'Storage', name: 'Storage', vlan: 15, share: 2, roles: [['nas', 6], ['hypervisor', 1]] },
  { type: 'Lan', name: 'Office', vlan: 20, share: 30, roles: [['desk', 26], ['printer', 2], ['tv', 1]] },
  { type: 'Lan', name: 'Engineering', vlan: 25, share: 14, roles: [['desk', 14], ['app', 2], ['docker', 1], ['printer', 0.5]] },
  { type: 'Lan', name: 'Voice', vlan: 40, share: 10, roles: [['voice', 20]] },
  { type: 'IoT', name: 'IoT', vlan: 30, share: 12, roles: [['thing', 14], ['tv', 3], ['home', 0.4]] },
  { type: 'IoT', name: 'Cameras', vlan: 35, share: 6, roles: [['camera', 14]] },
  { type: 'WiFi', name: 'Wi-Fi', vlan: 50, share: 14, roles: [['phone', 10], ['desk', 8]] },
  { type: 'Guest', name: 'Guests', vlan: 60, share: 8, roles: [['phone', 14], ['desk', 2]] },
  { type: 'Dmz', name: 'DMZ', vlan: 5, share: 1.5, roles: [['proxy', 3], ['app', 4], ['dns', 1]] },
];

export const sites = ['Berlin', 'Lyon', 'Porto', 'Graz', 'Leeds', 'Oslo', 'Turin', 'Ghent', 'Malmö', 'Brno', 'Basel', 'Cork', 'Gdańsk', 'Split', 'Tartu', 'Varna'];

export const outside = ['cdn.example.net', 'time.example.org', 'mail.example.com', 'api.example.com', 'updates.example.org', 'registry.example.net', 'video.example.com', 'backup.example.org'];
