// SPDX-License-Identifier: BSD-2-Clause
// All that defs/services/ says of each service, for the page that lists them. Larger than catalogue.ts: load it lazily.

import all from 'virtual:service-details';

export interface Rule {
  any?: Rule[];
  all?: Rule[];
  port?: string; // "53/udp"
  mdns?: string; // "_ipp._tcp"
}

export interface Definition {
  id: string; // its file's name
  name: string;
  description: string;
  category: string;
  logo?: string;
  icon?: string;
  is_generic: boolean;
  match?: Rule;
}

export const definitions: readonly Definition[] = all;
