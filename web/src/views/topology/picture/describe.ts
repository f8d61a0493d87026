// SPDX-License-Identifier: BSD-2-Clause
// A thing of the picture in words: for who points at it and for who hears it. Pure.

import { categories } from '../../../services/catalogue';
import type { GraphEdge } from '../../../topology/model';
import type { Hit } from '../../../topology/scene/hit';
import type { Scene } from '../../../topology/scene/scene';
import { agoText, bytesText } from '../../../format';
import { texts } from '../../../texts/picture';

export interface Words {
  title: string;
  subtitle: string;
  facts: string[];
}

const titleOf = (scene: Scene, id: string) => scene.graph.nodes.get(id)?.title ?? scene.graph.containers.get(id)?.title ?? '';

export function hitOf(scene: Scene, id: string): Hit | null {
  const { graph } = scene;
  if (graph.nodes.has(id)) return { kind: 'node', id };
  if (graph.containers.has(id)) return { kind: 'container', id };
  const line = scene.edges.get(id);
  if (line) return { kind: 'edge', id, ...(line.bundle ? { bundle: line.bundle } : {}) };
  const nodeId = scene.nodeOfLine(id);
  return nodeId === null ? null : { kind: 'line', id, nodeId };
}

export function describe(scene: Scene, hit: Hit, seconds: number): Words | null {
  const { graph } = scene;
  if (hit.kind === 'edge') return describeEdge(scene, hit, seconds);
  if (hit.kind === 'container') {
    const it = graph.containers.get(hit.id);
    if (!it) return null;
    const { summary } = it;
    const facts = [texts.within(summary.hosts, summary.services)];
    if (summary.quiet) facts.push(texts.quiet(summary.quiet));
    for (const { category, count } of summary.categories.slice(0, 4)) facts.push(`${categories.get(category)?.title ?? category} ${count}`);
    if (it.change) facts.push(texts.changes[it.change]);
    return { title: it.title, subtitle: [texts.containers[it.kind], it.subtitle !== it.title && it.subtitle].filter(Boolean).join(' · '), facts };
  }
  const node = graph.nodes.get(hit.nodeId ?? hit.id);
  if (!node) return null;
  const line = hit.kind === 'line' ? node.lines.find(each => each.id === hit.id) : undefined;
  if (line) {
    return {
      title: line.title,
      subtitle: [categories.get(line.category)?.title ?? line.category, line.detail].filter(Boolean).join(' · '),
      facts: [node.title, texts.truths[line.truth], ...(line.change ? [texts.changes[line.change]] : [])],
    };
  }
  const facts: string[] = [];
  if (node.badge) facts.push(node.badge);
  if (node.lines.length && node.kind !== 'service') facts.push(texts.services(node.lines.length));
  const links = scene.edges.at(node.id).length;
  if (links) facts.push(texts.linked(links));
  if (node.container) facts.push(texts.inside(titleOf(scene, node.container)));
  if (node.quiet) facts.push(texts.isQuiet);
  if (node.lastSeen > 0 && seconds > node.lastSeen) facts.push(agoText(seconds - node.lastSeen));
  if (node.change) facts.push(texts.changes[node.change]);
  return { title: node.title, subtitle: [texts.kinds[node.kind], node.subtitle].filter(Boolean).join(' · '), facts };
}

function describeEdge(scene: Scene, hit: Hit, seconds: number): Words | null {
  const edge: GraphEdge | undefined = scene.edges.get(hit.id)?.edge;
  if (!edge) return null;
  const facts = [texts.truths[edge.truth]];
  if (edge.bytes > 0) facts.push(bytesText(edge.bytes));
  if (hit.bundle && hit.bundle.length > 1) facts.push(texts.stands(hit.bundle.length));
  else if (edge.count > 1) facts.push(texts.stands(edge.count));
  facts.push(edge.live ? texts.live : edge.lastSeen > 0 && seconds > edge.lastSeen ? agoText(seconds - edge.lastSeen) : '');
  if (edge.change) facts.push(texts.changes[edge.change]);
  return { title: texts.between(titleOf(scene, edge.source), titleOf(scene, edge.target)), subtitle: [texts.edges[edge.kind], edge.label].filter(Boolean).join(' · '), facts: facts.filter(Boolean) };
}

export const spoken = (words: Words) => [words.title, words.subtitle, ...words.facts].filter(Boolean).join(', ');
