// SPDX-License-Identifier: BSD-2-Clause
import { describe, expect, it } from 'vitest';

import { mermaidText, toMermaid } from './mermaid';
import { plainText, shorten } from '../paint/xml';
import { container, edge, graphOf, hostile, hostileGraph, node } from './testing/sample';

interface Read {
  subgraphs: { id: string; label: string; parent: string | null }[];
  nodes: { id: string; label: string; parent: string | null }[];
  edges: { from: string; to: string; link: string; label: string | null }[];
}

// Takes just the statements that we may write, with labels of just the letters that mean nothing to Mermaid; throws else.
function read(text: string): Read {
  const lines = text.split('\n');
  expect(lines.shift()).toBe('flowchart TB');
  expect(lines.shift()).toMatch(/^%% [\p{L}\p{N} .,:/()-]*$/u);
  expect(lines.pop()).toBe('');
  const label = String.raw`"((?:[\p{L}\p{M}\p{N} .,:/()_-]|#\d+;|<br/>)+)"`;
  const found: Read = { subgraphs: [], nodes: [], edges: [] };
  const open: string[] = [];
  for (const line of lines) {
    // What Mermaid looks for in whole lines, whatever quotes there are (flow.jison, preprocess.ts).
    expect(line).not.toMatch(/direction\s+(TB|BT|RL|LR)|style|classDef|%%|\{|\}|`/);
    const parent = open[open.length - 1] ?? null;
    const subgraph = new RegExp(`^ +subgraph (c\\d+z?)\\[${label}\\]$`, 'u').exec(line);
    const vertex = new RegExp(`^ +(n\\d+)\\[${label}\\]$`, 'u').exec(line);
    const link = new RegExp(`^  ([nc]\\d+) (-->|---|-\\.->|-\\.-|==>|===)(?:\\|${label}\\|)? ([nc]\\d+)$`, 'u').exec(line);
    if (subgraph) {
      found.subgraphs.push({ id: subgraph[1]!, label: subgraph[2]!, parent });
      open.push(subgraph[1]!);
    } else if (vertex) found.nodes.push({ id: vertex[1]!, label: vertex[2]!, parent });
    else if (link) found.edges.push({ from: link[1]!, link: link[2]!, label: link[3] ?? null, to: link[4]! });
    else if (/^ +end$/.test(line) && open.pop()) continue;
    else throw new Error(`not a statement: ${line.slice(0, 100)}`);
  }
  expect(open).toEqual([]);
  const ids = [...found.subgraphs, ...found.nodes].map(each => each.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const each of found.edges) expect(ids).toEqual(expect.arrayContaining([each.from, each.to]));
  return found;
}

const shown = (label: string) => label.replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))).replaceAll('\u200c', '');
const expected = (name: string) => shorten(plainText(name), 120).trim().replace(/ {2,}/g, ' ');

describe('a Mermaid flowchart', () => {
  it('nests what is in what, with the left zone as a part of its own', () => {
    const graph = graphOf(
      [container('a', 'Office'), container('b', 'Rack', { parent: 'a', subtitle: '' })],
      [node('1', 'gateway', { zone: 'left' }), node('2', 'nas'), node('3', 'cloud', { container: null }), node('4', 'disk', { container: 'b', lines: [] })],
      [edge('x', '1', '2', { label: '443/tcp' }), edge('y', '2', '3', { truth: 'announced', directed: false }), edge('z', '3', 'b', { weight: 1 })],
    );
    const found = read(toMermaid(graph, 'My network').text);
    expect(found.subgraphs).toEqual([
      { id: 'c0', label: 'Office #183; 10.0.0.0/24', parent: null },
      { id: 'c1', label: 'Rack', parent: 'c0' },
      { id: 'c0z', label: 'Infrastructure', parent: 'c0' },
    ]);
    expect(found.nodes).toEqual([
      { id: 'n2', label: 'disk<br/>10.0.0.1', parent: 'c1' },
      { id: 'n3', label: 'gateway<br/>10.0.0.1<br/>gateway 443/tcp', parent: 'c0z' },
      { id: 'n4', label: 'nas<br/>10.0.0.1<br/>nas 443/tcp', parent: 'c0' },
      { id: 'n5', label: 'cloud<br/>10.0.0.1<br/>cloud 443/tcp', parent: null },
    ]);
    expect(found.edges).toEqual([
      { from: 'n3', link: '-->', label: '443/tcp', to: 'n4' },
      { from: 'n4', link: '-.-', label: null, to: 'n5' },
      { from: 'n5', link: '==>', label: null, to: 'c1' },
    ]);
  });

  it('is whole, whatever things are called', () => {
    const result = toMermaid(hostileGraph(), hostile.join(' '));
    const found = read(result.text);
    expect(found.nodes).toHaveLength(2 * hostile.length);
    expect(found.edges).toHaveLength(hostile.length);
    const titles = found.nodes.map(each => shown(each.label.split('<br/>')[0]!));
    for (const name of hostile) if (expected(name)) expect(titles).toContain(expected(name));
  });

  it('gives each name back', () => {
    for (const name of hostile) expect(shown(mermaidText(name))).toBe(expected(name));
  });

  it('leaves readable what is readable', () => {
    for (const name of ['10.0.0.1', 'fe80::1:2', 'web-1.example.com', 'my_host', 'Files (old), 3/4', 'Ünïcödé 日本語']) expect(mermaidText(name)).toBe(name);
  });

  it('writes by number what Markdown would take for its own', () => {
    expect(mermaidText('1. first')).toBe('1#46; first');
    expect(mermaidText('2) second')).toBe('2#41; second');
    expect(mermaidText('- item')).toBe('#45; item');
    expect(mermaidText('_em_')).toBe('#95;em#95;');
    expect(mermaidText('http://www.example.com')).toBe('http#58;//www#46;example.com');
    expect(mermaidText('fa:fa-ban')).toBe('fa#8204;:fa-ban');
    expect(mermaidText('$$x$$')).toBe('#36;#8204;#36;x#36;#8204;#36;');
    expect(mermaidText('---')).toBe('#45;#45;#45;');
  });

  it('leaves out an edge between a container and what is in it, and says so', () => {
    const graph = graphOf([container('a', 'A')], [node('1', 'x')], [edge('e', 'a', '1'), edge('f', '1', 'a'), edge('g', '1', 'nobody'), edge('h', '1', '1')]);
    const result = toMermaid(graph, '');
    expect(read(result.text).edges).toHaveLength(1);
    expect(result.left).toBe(3);
  });

  it('says when it is more than Mermaid draws by itself', () => {
    const two = [node('1', 'a'), node('2', 'b')];
    const edges = Array.from({ length: 501 }, (_, i) => edge(`e${i}`, '1', '2'));
    expect(toMermaid(graphOf([], two, edges), '').large).toBe(true);
    expect(toMermaid(graphOf([], two, edges.slice(1)), '').large).toBe(false);
  });

  it('bounds the lines of a node', () => {
    const lines = Array.from({ length: 100 }, (_, i) => ({ id: `${i}`, title: `service ${i}`, detail: '', icon: '', category: '', truth: 'measured' as const }));
    const label = read(toMermaid(graphOf([], [node('1', 'a', { lines })], []), '').text).nodes[0]!.label.split('<br/>');
    expect(label).toHaveLength(12);
    expect(shown(label[11]!)).toBe('and 91 more');
  });
});
