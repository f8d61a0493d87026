// SPDX-License-Identifier: BSD-2-Clause
// The arrangement of the top level: at once by our own means, then, where who uses whom matters most, elk's. What elk said is
// kept for as long as the browser's tab lives, so that the same picture opens as it was.

import type { ElkNode } from 'elkjs/lib/elk-api';

import type { Graph, Point } from '../model';
import { bands, type Ranked } from './bands';
import { type Block, blocks, loose } from './blocks';
import { allowance, questions, understand } from './elk';
import { type Link, linksOf } from './links';
import { type Packed, screen, type Sized } from './shelf';

export type Ask = (question: ElkNode, signal: AbortSignal) => Promise<ElkNode>;

const patience_ms = 150; // the feed may be bringing more
const mostKept = 12;

// By what was asked, briefly: the answers' places.
type Answer = [id: string, x: number, y: number][];
const answers = new Map<string, Answer[]>();
const shelfName = 'netvisor.layout.';

function hash(text: string): string {
  let [a, b] = [0x811c9dc5, 0x1b873593];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 16777619);
    b = Math.imul(b ^ text.charCodeAt(i), 0x5bd1e995) ^ (b >>> 15);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}

function recall(key: string): Answer[] | null {
  const known = answers.get(key);
  if (known) return known;
  try {
    return JSON.parse(sessionStorage.getItem(shelfName + key) ?? 'null') as Answer[] | null;
  } catch {
    return null;
  }
}

function keep(key: string, places: Answer[]): void {
  answers.set(key, places);
  if (answers.size > mostKept) answers.delete(answers.keys().next().value!);
  try {
    const old = Object.keys(sessionStorage).filter(each => each.startsWith(shelfName));
    if (old.length >= mostKept) for (const each of old) sessionStorage.removeItem(each);
    sessionStorage.setItem(shelfName + key, JSON.stringify(places));
  } catch {
    // No storage, or it is full: then it is asked again.
  }
}

// Layers from above, for a view whose boxes are all of one rank: the root has the lowest rank or the most links.
function layers(boxes: readonly Ranked[], links: readonly Link[]): Ranked[] {
  const others = new Map<string, string[]>();
  for (const { a, b } of links) {
    others.set(a, [...(others.get(a) ?? []), b]);
    others.set(b, [...(others.get(b) ?? []), a]);
  }
  const depth = new Map<string, number>();
  const degree = (box: Ranked) => others.get(box.id)?.length ?? 0;
  const roots = [...boxes].sort((a, b) => a.rank - b.rank || degree(b) - degree(a) || (a.id < b.id ? -1 : 1));
  for (const root of roots) {
    if (depth.has(root.id)) continue;
    depth.set(root.id, 0);
    const queue = [root.id];
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      for (const other of others.get(id) ?? []) {
        if (depth.has(other)) continue;
        depth.set(other, depth.get(id)! + 1);
        queue.push(other);
      }
    }
  }
  const deepest = Math.max(0, ...depth.values());
  return boxes.map(box => ({ ...box, rank: degree(box) ? depth.get(box.id)! : deepest + 1 }));
}

export class Places {
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private running: AbortController | null = null;

  constructor(private readonly ask: Ask) {}

  // Where `items` want to be; `better` is called once if elk knows better.
  find(graph: Graph, items: readonly Sized[], better: (wishes: Map<string, Point>) => void): Map<string, Point> {
    this.cancel();
    const here = new Set(items.map(item => item.id));
    const between = linksOf(graph).filter(link => here.has(link.a) && here.has(link.b));
    const found = blocks(items, id => graph.nodes.has(id), between);
    const blockOf = new Map<string, string>();
    for (const block of found) for (const id of block.members.keys()) blockOf.set(id, block.id);
    const links = between.filter(link => blockOf.get(link.a) !== blockOf.get(link.b));
    let ranked: Ranked[] = found.map(block => ({ id: block.id, width: block.width, height: block.height, rank: graph.containers.get(block.id)?.rank ?? (block.id === loose ? 9 : 2) }));
    if (graph.view === 'physical') ranked = layers(ranked, links);

    const own = bands(ranked, links);
    const asked = questions(graph.view, ranked, links);
    if (!asked.length) return spread(found, own);
    const room = (packed: Packed) => Math.max(packed.width, packed.height * screen);
    // Of elk's answers the one that fits a screen best, if it is not much larger than our own.
    const judge = (given: Answer[]): Packed => {
      const theirs = given.map(places => understand(graph.view, places, ranked, links)).sort((one, other) => room(one) - room(other))[0]!;
      return room(theirs) <= room(own) * allowance[graph.view] ? theirs : own;
    };
    const key = hash(JSON.stringify(asked));
    const known = recall(key);
    if (known) return spread(found, judge(known));
    this.waiting = setTimeout(() => {
      const running = (this.running = new AbortController());
      Promise.all(asked.map(each => this.ask(each, running.signal))).then(
        given => {
          if (running.signal.aborted) return;
          const places = given.map(answer => (answer.children ?? []).map((child): Answer[number] => [child.id, Math.round(child.x ?? 0), Math.round(child.y ?? 0)]));
          keep(key, places);
          const best = judge(places);
          if (best !== own) better(spread(found, best));
        },
        // Without elk the picture is as it is.
        () => {},
      );
    }, patience_ms);
    return spread(found, own);
  }

  cancel(): void {
    clearTimeout(this.waiting);
    this.running?.abort();
    this.running = null;
  }
}

// From blocks to what is in them.
function spread(found: readonly Block[], packed: Packed): Map<string, Point> {
  const wishes = new Map<string, Point>();
  for (const block of found) {
    const at = packed.at.get(block.id);
    if (at) for (const [id, inner] of block.members) wishes.set(id, { x: at.x + inner.x, y: at.y + inner.y });
  }
  return wishes;
}
