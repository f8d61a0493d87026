// SPDX-License-Identifier: BSD-2-Clause
// The words in and around the picture of the network.

import { compactText, plural } from '../format';

export const texts = {
  label: 'Picture of the network',
  role: 'picture',
  nothingFocused: 'Nothing has the focus; an arrow key starts in the middle.',
  describe:
    'Arrow keys walk from one thing to the next, Enter chooses it and, once more, opens it, Escape lets go. Plus, minus and zero zoom, F flies to what has the focus, Alt with an arrow moves it, Shift with an arrow moves the view.',
  minimap: 'Where you are in the picture',
  outline: 'What is in the picture',
  sums: (containers: number, nodes: number, edges: number) => `${plural(containers, 'container')}, ${plural(nodes, 'thing')}, ${plural(edges, 'connection')}.`,

  more: (count: number) => `${count} more`,
  hosts: (count: number) => plural(count, 'host'),
  shortHosts: (count: number) => compactText(count),
  services: (count: number) => plural(count, 'service'),
  quiet: (count: number) => `${compactText(count)} quiet`,
  edgesLeft: (count: number) => `${plural(count, 'line')} more: the busiest are drawn`,
  within: (hosts: number, services: number) => `${plural(hosts, 'host')} · ${plural(services, 'service')}`,

  kinds: {
    host: 'host', face: 'interface', service: 'service', switch: 'switch', port: 'port', machine: 'virtual machine', workload: 'container',
  },
  containers: {
    subnet: 'subnet', vlan: 'VLAN', internet: 'internet', remote: 'remote network', bridge: 'container network', host: 'host', switch: 'switch',
    application: 'application', network: 'network', unplaced: 'without a place',
  },
  edges: {
    'same-host': 'same host', virtualization: 'runs on', container: 'container of', path: 'path', hub: 'hub and spoke', dependency: 'uses', link: 'link', route: 'route',
  },
  truths: { measured: 'measured', announced: 'announced', inferred: 'inferred', noted: 'noted by a person' },
  changes: { added: 'new', removed: 'gone', changed: 'changed' },
  isQuiet: 'not heard of lately',
  live: 'traffic now',
  between: (from: string, to: string) => `${from} → ${to}`,
  stands: (count: number) => `stands for ${plural(count, 'connection')}`,
  linked: (count: number) => `linked with ${count}`,
  inside: (title: string) => `in ${title}`,
  chosen: 'chosen',
  cleared: 'Nothing is chosen.',
  moved: (title: string) => `${title} was moved.`,
  nothingThere: 'Nothing in that direction.',
  zoomed: (percent: number) => `${percent} %`,
  anchor: (end: string, side: string) => `Anchor at ${end}: ${side}`,
  sides: { Top: 'top', Right: 'right', Bottom: 'bottom', Left: 'left' },
};
