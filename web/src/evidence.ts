// SPDX-License-Identifier: BSD-2-Clause
// What a fact shows, in a sentence. Pure.

import type { Fact } from '@gen/facts';

import { bytesText, countText } from './format';
import { portName } from './state/selectors';
import { texts } from './texts';
import { traitTitle } from './traits';

const words = texts.evidence;

export function factText(fact: Fact): string {
  switch (fact.fact) {
    case 'address':
      return words.address(fact.ip ?? '', fact.mac ?? '');
    case 'host':
      return words.host(fact.ip ?? fact.mac ?? '', countText((fact.packets ?? 0) + (fact.packets_in ?? 0)), bytesText((fact.bytes ?? 0) + (fact.bytes_in ?? 0)), fact.via);
    case 'name':
      return words.name(fact.name ?? '', words.nameKind[fact.kind ?? ''] ?? fact.kind ?? '', fact.ip ?? fact.mac ?? '');
    case 'service':
      return words.service(portText(fact.proto, fact.port), fact.ip ?? '', texts.state[fact.state ?? ''] ?? fact.state ?? '', fact.name, fact.source === 'probe' && fact.confidence === 'measured');
    case 'flow':
      return words.flow(fact.client ?? '', fact.server ?? '', portText(fact.proto, fact.port), countText(fact.connections ?? 0));
    case 'trait':
      return words.trait(traitTitle(fact.key ?? ''), fact.value ?? '', fact.port);
    case 'neighbor':
      return words.neighbor(fact.system_name ?? fact.chassis ?? fact.mac ?? '', fact.port_description ?? fact.port ?? '', fact.system_description ?? fact.platform ?? '');
    case 'link': {
      const [device, port] = [fact.system_name ?? fact.chassis ?? fact.mac ?? '', fact.port ?? ''];
      const peer = fact.peer_name ?? fact.peer_chassis ?? fact.peer_mac;
      return peer === undefined ? words.many(countText(fact.stations ?? 0), device, port) : words.link(peer, device, port, (fact.vlan ?? []).join('.'));
    }
    case 'route':
      return words.route(fact.ip ?? fact.mac ?? '', fact.prefix ?? '', fact.dns ?? []);
    case 'conflict':
      return words.conflict(fact.what ?? 'address', fact.ip ?? fact.mac ?? '', fact.claims ?? []);
    case 'loss':
      return `${fact.counter ?? ''}: ${countText(fact.value ?? 0)}`;
  }
}

function portText(proto: string | undefined, port: number | undefined): string {
  const name = portName(proto ?? '', port ?? 0);
  return `${port ?? ''}/${proto ?? ''}${name ? ` (${name})` : ''}`;
}

export interface KnownName {
  name: string;
  kind: string;
  sources: string[];
  last: number;
}

// The names in the evidence, each once with all who say so, the latest said first.
export function knownNames(facts: readonly Fact[]): KnownName[] {
  const names = new Map<string, KnownName>();
  for (const fact of facts) {
    if (fact.fact !== 'name' || !fact.name) continue;
    const known = names.get(fact.name);
    if (!known) names.set(fact.name, { name: fact.name, kind: fact.kind ?? '', sources: [fact.source], last: fact.last });
    else {
      if (!known.sources.includes(fact.source)) known.sources.push(fact.source);
      known.last = Math.max(known.last, fact.last);
    }
  }
  return [...names.values()].sort((a, b) => b.last - a.last);
}
