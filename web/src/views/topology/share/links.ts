// SPDX-License-Identifier: BSD-2-Clause
// A share's addresses, and sites as people type them. Pure.

import { escapeXml } from '../../../topology/paint/xml';

export const linkOf = (origin: string, id: string) => `${origin.replace(/\/+$/, '')}/share/${encodeURIComponent(id)}`;

export function embedOf(origin: string, id: string, name: string): string {
  return `<iframe src="${escapeXml(`${origin.replace(/\/+$/, '')}/embed/${encodeURIComponent(id)}`)}" title="${escapeXml(name)}" width="100%" height="600" style="border: 0" loading="lazy" referrerpolicy="origin" allow="fullscreen"></iframe>`;
}

// "https://Wiki.example.com/page" is wiki.example.com; a port and a leading *. stay.
export function domainOf(typed: string): string {
  const text = typed.trim().toLowerCase();
  const found = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#\s]+)/.exec(text);
  return found ? found[1]!.replace(/^.*@/, '').replace(/\.$/, '') : text;
}

export const domainsOf = (typed: readonly string[]) => [...new Set(typed.map(domainOf).filter(Boolean))];
