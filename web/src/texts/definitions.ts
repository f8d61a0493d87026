// SPDX-License-Identifier: BSD-2-Clause
// Words of the catalogue of services.

import { countText } from '../format';

export const definitions = {
  title: 'Definitions',
  one: 'definition',
  filter: 'Service, category, port…',
  name: 'Service',
  category: 'Category',
  description: 'What it is',
  how: 'Recognised by',
  here: 'On this network',
  hereHint: (name: string) => `See where ${name} is on this network`,
  count: (count: number) => (count ? countText(count) : 'none'),
  kind: 'Kind',
  kinds: { product: 'One program', generic: 'A protocol, or a kind of thing' } as Record<string, string>,
  used: 'Use',
  uses: { here: 'On this network', not: 'Not seen here' } as Record<string, string>,
  port: (port: string) => `port ${port}`,
  mdns: (type: string) => `its announcement ${type}`,
  page: (path: string, port: number, signs: string) => `the web page ${path} on port ${port} with ${signs}`,
  pageTitle: (title: string) => `“${title}” in its title`,
  pageHeader: (header: string) => `the header “${header}”`,
  pageBody: (body: string) => `“${body}” in it`,
  pageStatus: (status: string) => `status ${status}`,
  any: (rules: readonly string[]) => (rules.length < 2 ? rules.join('') : `${rules.slice(0, -1).join(', ')} or ${rules[rules.length - 1]}`),
  all: (rules: readonly string[]) => rules.join(' and '),
  either: (rules: string) => `either ${rules}`,
  byHand: 'a person who says so',
  emptyTitle: 'The catalogue is empty',
  emptyHint: 'This build of the dashboard has no definitions of services in it.',
};
