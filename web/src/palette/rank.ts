// SPDX-License-Identifier: BSD-2-Clause
// How well something fits what was typed. Pure, and quick: it is asked of tens of thousands of rows at each letter.

export const EXACT = 100;
export const START = 80;
export const WORD = 60;
export const WITHIN = 40;
export const ELSEWHERE = 20; // not in its title: in its address, its vendor, its other names
export const LOOSE = 8; // all letters in their order

const isLetter = (code: number) => (code >= 48 && code <= 57) || (code >= 97 && code <= 122) || code > 127;

// title and query in small letters; 0: it does not fit.
export function score(title: string, query: string): number {
  if (title === query) return EXACT;
  const at = title.indexOf(query);
  if (at === 0) return START;
  if (at > 0) {
    for (let i = at; i !== -1; i = title.indexOf(query, i + 1)) if (!isLetter(title.charCodeAt(i - 1))) return WORD;
    return WITHIN;
  }
  const words = query.split(' ');
  if (words.length > 1 && words.every(word => title.includes(word))) return WITHIN;
  return query.length > 1 && isLoose(title, query) ? LOOSE : 0;
}

// The first letter begins a word, and the others follow in their order without a gap of more than a word: "nwh" is "new
// host". Spaces in what was typed do not count.
export function isLoose(title: string, query: string): boolean {
  let from = 0;
  let first = true;
  for (const letter of query) {
    if (letter === ' ') continue;
    let at = title.indexOf(letter, from);
    if (first) while (at > 0 && isLetter(title.charCodeAt(at - 1))) at = title.indexOf(letter, at + 1);
    if (at === -1 || (!first && at - from > GAP)) return false;
    from = at + 1;
    first = false;
  }
  return !first;
}

const GAP = 14;

// What a row's text must hold: `:443` and `443/tcp` are a line of their own, any other word may be anywhere (state/selectors.ts).
export const needles = (query: string): string[] =>
  query
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map(word => (/^(:\d+|\d+\/(tcp|udp))$/.test(word) ? `\n${word}\n` : word));

export function holds(text: string, all: readonly string[]): boolean {
  for (const each of all) if (!text.includes(each)) return false;
  return true;
}

// The best few of many, in their order; those of equal score by their title.
export class Best<V> {
  readonly rows: { row: V; score: number; title: string }[] = [];
  all = 0;

  constructor(private readonly most: number) {}

  add(row: V, points: number, title: string) {
    this.all++;
    const { rows } = this;
    const last = rows[rows.length - 1];
    if (rows.length >= this.most && last && !before(points, title, last)) return;
    let at = rows.length;
    while (at > 0 && before(points, title, rows[at - 1]!)) at--;
    rows.splice(at, 0, { row, score: points, title });
    if (rows.length > this.most) rows.pop();
  }
}

const before = (points: number, title: string, other: { score: number; title: string }) => points > other.score || (points === other.score && (title.length < other.title.length || (title.length === other.title.length && title < other.title)));
