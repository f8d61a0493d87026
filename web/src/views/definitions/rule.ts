// SPDX-License-Identifier: BSD-2-Clause
// How a service is recognised, in words. Pure.

import type { Page, Rule } from '../../services/details';
import { texts } from '../../texts';

const words = texts.definitions;

export function ruleText(rule: Rule | undefined): string {
  const parts = rule ? partsOf(rule) : [];
  return parts.length ? parts.join(' ') : words.byHand;
}

function partsOf(rule: Rule): string[] {
  if (rule.any) return [words.any(rule.any.map(each => partsOf(each).join(' ')).filter(Boolean))];
  if (rule.all) return [words.all(rule.all.map(each => (each.any && each.any.length > 1 ? words.either(partsOf(each).join(' ')) : partsOf(each).join(' '))).filter(Boolean))];
  if (rule.port) return [words.port(rule.port)];
  if (rule.http) return [pageText(rule.http)];
  return rule.mdns ? [words.mdns(rule.mdns)] : [];
}

function pageText({ port, path, status, title, header, body }: Page): string {
  const signs = [title && words.pageTitle(title), header && words.pageHeader(header.replace(/:$/, '')), body && words.pageBody(body), status && words.pageStatus(status)];
  return words.page(path, port, words.all(signs.filter((each): each is string => Boolean(each))));
}
