// SPDX-License-Identifier: BSD-2-Clause
// How a service is recognised, in words. Pure.

import { kindNamed } from '../../services/catalogue';
import type { Page, Rule } from '../../services/details';
import { texts } from '../../texts';
import { groupOf, traitTitle } from '../../traits';

const words = texts.definitions;

export function ruleText(rule: Rule | undefined): string {
  const parts = rule ? partsOf(rule) : [];
  return parts.length ? parts.join(' ') : words.byHand;
}

export type RuleKind = keyof Rule;

export const groups = ['any', 'all', 'together'] as const;
export type GroupKind = (typeof groups)[number];
export const isGroup = (kind: string): kind is GroupKind => (groups as readonly string[]).includes(kind);

export const kindOf = (rule: Rule): RuleKind | undefined => Object.keys(rule)[0] as RuleKind | undefined;

// One sign, by its kind and what is wanted of it.
export const signText = (kind: string, want: unknown): string => (want === undefined || want === null ? kind : partsOf({ [kind]: want }).join(' ') || `${kind} ${typeof want === 'string' ? want : JSON.stringify(want)}`);

function partsOf(rule: Rule): string[] {
  if (rule.any) return [words.any(rule.any.map(each => partsOf(each).join(' ')).filter(Boolean))];
  if (rule.all ?? rule.together) return [words.all((rule.all ?? rule.together)!.map(each => (each.any && each.any.length > 1 ? words.either(partsOf(each).join(' ')) : partsOf(each).join(' '))).filter(Boolean))];
  if (rule.not) return [words.not(partsOf(rule.not).join(' '))];
  if (rule.port) return [words.port(rule.port)];
  if (rule.speaks) return [words.speaks(rule.speaks)];
  if (rule.http) return [pageText(rule.http)];
  if (rule.gateway !== undefined) return [rule.gateway ? words.gateway : words.noGateway];
  if (rule.mdns) return [typeof rule.mdns === 'string' ? words.mdns(rule.mdns) : words.mdnsText(rule.mdns.type, rule.mdns.txt)];
  if (rule.service) return [words.sign(words.signs.service as string, kindNamed(rule.service)?.name ?? rule.service)];
  if (rule.trait) return [words.sign(traitText(rule.trait.key), rule.trait.value)];
  return Object.entries(rule).flatMap(([kind, value]) => signs(kind, value as string | Record<string, string>));
}

// As evidence names it, in the middle of a sentence; others by their key.
function traitText(key: string): string {
  const title = groupOf(key) === 'other' ? undefined : traitTitle(key);
  return title ? words.trait(title) : `${words.signs.trait as string} ${key}`;
}

function signs(kind: string, value: string | Record<string, string>): string[] {
  const of = words.signs[kind];
  if (!of) return [];
  return [words.all(typeof value === 'string' ? [words.sign(of as string, value)] : Object.entries(value).map(([key, text]) => words.sign((of as Record<string, string>)[key] ?? key, text)))];
}

function pageText({ path, status, title, header, body, favicon }: Page): string {
  const signs = [title && words.pageTitle(title), header && words.pageHeader(header.replace(/:$/, '')), body && words.pageBody(body), favicon && words.pageIcon(favicon), status && words.pageStatus(status)];
  const text = words.all(signs.filter((each): each is string => Boolean(each)));
  return path ? words.page(path, text) : words.anyPage(text);
}
