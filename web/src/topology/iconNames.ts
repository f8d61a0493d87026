// SPDX-License-Identifier: BSD-2-Clause
// Icons that a picture may show beside those that defs/services/ names. The build takes these and no others along
// (web/definitions.ts).

export const iconNames = [
  // Devices.
  'router', 'switch-2', 'access-point', 'wall', 'network', 'server', 'server-2', 'server-cog', 'database', 'device-desktop', 'device-laptop', 'device-mobile', 'device-tablet',
  'device-tv', 'device-speaker', 'device-watch', 'device-gamepad-2', 'device-nintendo', 'device-unknown', 'printer', 'camera', 'device-cctv', 'phone', 'cpu', 'bulb', 'home', 'home-cog',
  'temperature', 'plug', 'plug-connected', 'battery-charging', 'vacuum-cleaner', 'robot', 'car', 'cast', 'bell-ringing', 'solar-panel', 'radar-2',
  // Places.
  'cloud', 'world', 'cloud-network', 'sitemap', 'hierarchy-2', 'topology-star-3', 'building', 'wifi', 'shield', 'shield-lock', 'lock', 'settings', 'users', 'user', 'versions', 'point',
  // What runs in others.
  'box', 'box-multiple', 'container', 'stack-2', 'cube', 'apps', 'app-window',
  // What happens between them.
  'route', 'arrows-exchange', 'circuit-switch-open', 'link', 'tag', 'tags', 'folder', 'category', 'help', 'circle-dashed', 'crown', 'binary-tree', 'outlet', 'clock', 'alert-triangle', 'eye-off',
] as const;

// Brands that a maker's name tells, of simple-icons.
export const logoNames = ['raspberrypi', 'apple', 'docker', 'proxmox', 'vmware', 'playstation'] as const;
