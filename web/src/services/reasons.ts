// SPDX-License-Identifier: BSD-2-Clause
// The tree of reasons of a conclusion, as the collector keeps it (docs/definitions.md, "Reasons"). Pure.

export interface Reason {
  is: string; // "all", "any", "together", "not", or a kind of sign
  want?: unknown; // the rule's own value
  met: boolean;
  port?: string; // "80/tcp"
  found?: string;
  evidence?: string[];
  of?: Reason[];
}

const DEPTH_MAX = 12;

const texts = (value: unknown) => (Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []);

// Read with suspicion.
export function readReason(value: unknown, depth = 0): Reason | null {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return null;
  const of = value as Record<string, unknown>;
  if (typeof of.is !== 'string') return null;
  const reason: Reason = { is: of.is, want: of.want, met: of.met === true, evidence: texts(of.evidence) };
  if (typeof of.port === 'string') reason.port = of.port;
  if (typeof of.found === 'string' && of.found) reason.found = of.found;
  if (Array.isArray(of.of)) reason.of = of.of.map(each => readReason(each, depth + 1)).filter(each => each !== null);
  return reason;
}

// A group of one thing says no more than that thing does.
export function plainest(reason: Reason): Reason {
  const of = reason.of?.map(plainest);
  if (of?.length === 1 && reason.is !== 'not') return of[0]!;
  return of ? { ...reason, of } : reason;
}

// All evidence below, each once.
export const evidenceOf = (reason: Reason): string[] => [...new Set([...(reason.evidence ?? []), ...(reason.of ?? []).flatMap(evidenceOf)])];

// Nothing but an open port speaks for it.
export const byPortAlone = (reason: Reason): boolean => (reason.of?.length ? reason.of.filter(each => each.met && each.is !== 'not').every(byPortAlone) : reason.is === 'port');

// How much of it is met, of how much: near misses.
export function tally(reason: Reason): { met: number; all: number } {
  if (!reason.of?.length) return { met: reason.met ? 1 : 0, all: 1 };
  if (reason.is === 'any') return reason.of.map(tally).reduce((best, each) => (each.met / each.all > best.met / best.all ? each : best));
  return reason.of.map(tally).reduce((sum, each) => ({ met: sum.met + each.met, all: sum.all + each.all }));
}
