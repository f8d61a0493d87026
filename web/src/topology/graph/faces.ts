// SPDX-License-Identifier: BSD-2-Clause
// A host's network cards, from its interface rows: one for each MAC and VLAN in which it speaks itself, with all of its
// addresses there, and one for what is only seen behind a router.

import { addressKey, vlanText } from '../../state/address';
import type { Interface } from '../../state/entities';
import type { HostView } from '../../state/selectors';
import type { Tables } from '../../state/tables';

export interface Card {
  key: string; // of its host
  mac: string | null;
  vlan: string;
  behind: boolean; // a router
  faces: readonly Interface[]; // by address
  subnets: readonly string[]; // of its addresses, each once
}

const key = (face: Interface) => (face.ip ? addressKey(face.ip) : '9');
const before = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export function cardsOf(tables: Tables, view: HostView): Card[] {
  const rows = [...tables.interfacesByHost.get(view.id)].map(id => tables.interface.get(id)!);
  const own = new Set(rows.filter(face => face.via === null).map(face => face.ip));
  const byKey = new Map<string, Interface[]>();
  for (const face of rows) {
    // An address that is also seen on its own link is there; behind a router it is only passed on.
    if (face.via !== null && own.has(face.ip)) continue;
    const at = face.via === null ? `${face.mac?.replaceAll(':', '') ?? ''}|${vlanText(face.vlan)}` : '|';
    const list = byKey.get(at);
    if (list) list.push(face);
    else byKey.set(at, [face]);
  }
  const cards = [...byKey].map(([at, list]) => cardOf(at, list));
  return cards.length > 1 ? cards.sort((a, b) => before(key(a.faces[0]!), key(b.faces[0]!)) || before(a.key, b.key)) : cards;
}

function cardOf(at: string, list: Interface[]): Card {
  const faces = list.length > 1 ? list.sort((a, b) => before(key(a), key(b)) || before(a.id, b.id)) : list;
  const { mac, vlan, via } = faces[0]!;
  const subnets = new Set<string>();
  for (const face of faces) if (face.subnet_id !== null) subnets.add(face.subnet_id);
  return { key: at, mac: via === null ? mac : null, vlan: via === null ? vlanText(vlan) : '', behind: via !== null, faces, subnets: [...subnets] };
}

// Whether nothing about where the host is has changed; counters and times do not matter.
export function sameCards(a: readonly Card[], b: readonly Card[]): boolean {
  if (a.length !== b.length) return false;
  return a.every((card, i) => {
    const other = b[i]!;
    return card.key === other.key && card.faces.length === other.faces.length && card.faces.every((face, n) => sameFace(face, other.faces[n]!));
  });
}

const sameFace = (a: Interface, b: Interface) => a === b || (a.id === b.id && a.ip === b.ip && a.subnet_id === b.subnet_id && a.via === b.via && a.name === b.name && vlanText(a.vlan) === vlanText(b.vlan));
