// SPDX-License-Identifier: BSD-2-Clause
// All that defs/services/ says of each service, for the page that lists them. Larger than catalogue.ts: load it lazily.

import all from 'virtual:service-details';

export type Certainty = 'low' | 'medium' | 'high' | 'certain';

// What a web server answers to GET of a page; all that are given have to be there. A text is a part of what was found, in any case, or between two
// slashes a regular expression; so in all rules.
export interface Page {
  port?: number; // where it is asked for
  path?: string; // any page when it is not given
  status?: string; // "401" or "200-299"
  title?: string;
  header?: string; // "server: nginx"; "x-jenkins:" only has to be there
  body?: string;
  favicon?: string;
}

// One key says what kind of rule it is: defs/services/schema.json.
export interface Rule {
  any?: Rule[];
  all?: Rule[]; // of one host
  together?: Rule[]; // of one port
  not?: Rule;
  port?: string; // "53/udp"
  speaks?: string;
  http?: Page;
  tls?: { subject?: string; issuer?: string; san?: string; alpn?: string };
  banner?: string;
  mdns?: string | { type: string; txt: string };
  ssdp?: string;
  dhcp?: { class?: string; user_class?: string; params?: string };
  vendor?: string;
  hostname?: string;
  address?: string;
  gateway?: boolean;
  subnet?: string;
  container?: { image?: string; label?: string };
  snmp?: { object_id?: string; description?: string };
  application?: string;
  neighbor?: { capability?: string; description?: string; platform?: string; name?: string };
  trait?: { key: string; value: string };
  service?: string; // only of devices
}

// Evidence of one host, for a definition's tests: `at` is the open port that the rest is about.
export type Evidence = Record<string, string | string[]>[];

export interface Definition {
  id: string; // its file's name
  name: string;
  description: string;
  category: string;
  logo?: string;
  icon?: string;
  is_generic: boolean;
  certainty?: Certainty; // no more than this
  match?: Rule;
  tests?: { yes: Evidence[]; no: Evidence[] };
}

export const definitions: readonly Definition[] = all;
