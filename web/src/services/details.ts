// SPDX-License-Identifier: BSD-2-Clause
// All that defs/services/ says of each service, for the page that lists them. Larger than catalogue.ts: load it lazily.

import all from 'virtual:service-details';

// What a web server answers to GET of a page. Texts are found in any case; all that are given have to be there.
export interface Page {
  port: number;
  path: string;
  status?: string; // "401" or "200-299"; 200-399 when it is not given
  title?: string;
  header?: string; // "server: nginx"
  body?: string;
}

export interface Rule {
  any?: Rule[];
  all?: Rule[];
  port?: string; // "53/udp"
  mdns?: string; // "_ipp._tcp"
  http?: Page;
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
