// SPDX-License-Identifier: BSD-2-Clause
// The graph as a Mermaid flowchart. Every name is between quotes and whatever in it could mean something to Mermaid or to
// the Markdown that it reads labels with is written as the number of its letter (#60; is <).

import { nodesByContainer } from './tree';
import { plainText, shorten } from '../paint/xml';
import type { Graph, GraphContainer, GraphEdge, GraphNode } from '../model';
import { texts } from '../../texts';

const LETTERS_MAX = 120; // of one line of a label
const LINES_MAX = 12;

// What Mermaid draws unless the page that shows it was told otherwise.
export const MERMAID_EDGES = 500;
export const MERMAID_LETTERS = 50_000;

export interface MermaidText {
  text: string;
  left: number; // edges that Mermaid can't draw: between a container and what is in it
  large: boolean; // beyond what Mermaid draws by itself
}

const APART = '\u200c'; // of no width: between signs that would mean something together

const code = (letter: string) => `#${letter.codePointAt(0)};`;

// Letters, figures and these few signs stand for themselves.
const special = /[^\p{L}\p{M}\p{N} .,:/()_-]|[\ufb02\ufb01]/gu;

export function mermaidText(text: string): string {
  return shorten(plainText(text), LETTERS_MAX)
    .trim()
    .replace(/ {2,}/g, ' ')
    .replace(/fa[a-z]?(?=:fa-)|\$(?=\$)/gi, letters => letters + APART) // icons of fonts, formulas: looked for in what is read in the end
    .replace(special, code)
    .replace(/(?<![\p{L}\p{N}])[_-]|[_-](?![\p{L}\p{N}])/gu, code) // emphasis, bullets, rules
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, (_, number: string, sign: string) => number + code(sign)) // numbered lists
    .replace(/:(?=\/)/g, code) // addresses that would become links
    .replace(/(?<=www)\./gi, code)
    .replace(/directio(n)(?=\s)/g, (_, letter: string) => `directio${code(letter)}`) // "direction LR" is a statement wherever it stands
    .replace(/st(y)le/g, (_, letter: string) => `st${code(letter)}le`) // lines of styles lose a semicolon
    .replace(/class(D)ef/g, (_, letter: string) => `class${code(letter)}ef`);
}

const label = (lines: readonly string[]) => {
  const shown = lines.map(mermaidText).filter(Boolean);
  const kept = shown.length > LINES_MAX ? [...shown.slice(0, LINES_MAX - 1), mermaidText(texts.export.moreLines(shown.length - LINES_MAX + 1))] : shown;
  return `"${kept.join('<br/>') || code('?')}"`;
};

export function toMermaid(graph: Graph, title: string): MermaidText {
  const ids = new Map<string, string>();
  const out = [`flowchart TB`, `%% ${shorten(plainText(title), LETTERS_MAX).replace(/[^\p{L}\p{N} .,:/()-]/gu, ' ')}`];
  const tree = nodesByContainer(graph);

  const writeNode = (node: GraphNode, indent: string) => {
    const id = `n${ids.size}`;
    ids.set(node.id, id);
    const service = node.lines.map(line => [line.title, line.detail].filter(Boolean).join(' '));
    out.push(`${indent}${id}[${label([node.title, node.subtitle, ...service])}]`);
  };
  const writeContainer = (container: GraphContainer, indent: string) => {
    const id = `c${ids.size}`;
    ids.set(container.id, id);
    const { left, main } = tree.nodes(container.id);
    out.push(`${indent}subgraph ${id}[${label([[container.title, container.subtitle].filter(Boolean).join(' · ')])}]`);
    for (const child of tree.containers(container.id)) writeContainer(child, indent + '  ');
    if (left.length) {
      out.push(`${indent}  subgraph ${id}z[${label([container.leftTitle || texts.export.leftZone])}]`);
      for (const node of left) writeNode(node, indent + '    ');
      out.push(`${indent}  end`);
    }
    for (const node of main) writeNode(node, indent + '  ');
    out.push(`${indent}end`);
  };

  for (const container of tree.containers(null)) writeContainer(container, '  ');
  const alone = tree.nodes(null);
  for (const node of [...alone.left, ...alone.main]) writeNode(node, '  ');

  let left = 0;
  let edges = 0;
  for (const edge of graph.edges.values()) {
    const [from, to] = [ids.get(edge.source), ids.get(edge.target)];
    if (!from || !to || tree.within(edge.source, edge.target) || tree.within(edge.target, edge.source)) {
      left++;
      continue;
    }
    out.push(`  ${from} ${link(edge)}${edge.label.trim() ? `|${label([edge.label])}|` : ''} ${to}`);
    edges++;
  }
  const text = out.join('\n') + '\n';
  return { text, left, large: edges > MERMAID_EDGES || text.length > MERMAID_LETTERS };
}

// Solid is measured or noted, dotted announced or inferred, thick what is busy.
function link(edge: GraphEdge): string {
  const dotted = edge.truth === 'announced' || edge.truth === 'inferred';
  if (dotted) return edge.directed ? '-.->' : '-.-';
  if (edge.weight > 0.66) return edge.directed ? '==>' : '===';
  return edge.directed ? '-->' : '---';
}
