// SPDX-License-Identifier: BSD-2-Clause
// The picture as a draw.io file: containers hold their nodes, things stand where they stood, edges stay fastened. The format
// is mxGraphModel's; labels are plain text (html=0), so a name is never read as a page.

import { nodesByContainer } from './tree';
import { groupColor, kindColor } from '../paint/marks';
import { lightPalette } from '../paint/palette';
import { escapeXml, plainText, shorten } from '../paint/xml';
import { texts } from '../../texts';
import type { Box, EdgeStyle, Graph, GraphContainer, GraphEdge, GraphNode, Placement, Truth } from '../model';

const LETTERS_MAX = 200; // of one line
const LINES_MAX = 40;

const figure = (value: number) => String(Math.round(value * 10) / 10);

// Lines of a label: &#10; is a line's end inside an attribute (XML 1.0, 3.3.3).
const label = (lines: readonly string[]) =>
  lines
    .map(line => escapeXml(shorten(plainText(line).trim(), LETTERS_MAX)))
    .filter(Boolean)
    .slice(0, LINES_MAX)
    .join('&#10;');

const geometry = (box: Box, corner: { x: number; y: number }) =>
  `<mxGeometry x="${figure(box.x - corner.x)}" y="${figure(box.y - corner.y)}" width="${figure(box.width)}" height="${figure(box.height)}" as="geometry"/>`;

const CONTAINER = 'rounded=1;arcSize=3;absoluteArcSize=0;html=0;whiteSpace=wrap;container=1;collapsible=0;recursiveResize=0;verticalAlign=top;align=left;spacingLeft=12;spacingTop=6;fontSize=14;fontStyle=1;fillColor=#F4F7F7;strokeColor=#B9C7C9;fontColor=#14262A;';
const ZONE = 'rounded=0;html=0;whiteSpace=wrap;container=1;collapsible=0;verticalAlign=top;align=left;spacingLeft=8;fontSize=11;fillColor=none;strokeColor=#B9C7C9;dashed=1;fontColor=#4A5D61;';
const NODE = 'rounded=1;arcSize=8;html=0;whiteSpace=wrap;overflow=hidden;verticalAlign=top;align=left;spacing=8;fontSize=12;fillColor=#FFFFFF;strokeColor=#8FA3A6;fontColor=#14262A;';

const DASHES: Record<Truth, string> = { measured: '', noted: '', announced: 'dashed=1;dashPattern=8 5;', inferred: 'dashed=1;dashPattern=1 4;' };
const SHAPES: Record<EdgeStyle, string> = {
  SmoothStep: 'edgeStyle=orthogonalEdgeStyle;rounded=1;',
  Step: 'edgeStyle=orthogonalEdgeStyle;rounded=0;',
  Straight: '',
  Bezier: 'curved=1;',
  SimpleBezier: 'curved=1;',
};

// A colour as draw.io takes it; nothing else of a stranger gets into a style.
const hex = (color: string | null) => (color && /^#[0-9a-f]{6}$/i.test(color) ? color.toUpperCase() : null);

function edgeStyle(edge: GraphEdge): string {
  const color = (edge.color !== null && hex(groupColor(edge.color, lightPalette))) || hex(kindColor(edge.kind, lightPalette)) || '#66787B';
  const ends = `endArrow=${edge.directed ? 'block' : 'none'};endFill=1;startArrow=none;`;
  return `${SHAPES[edge.style] ?? ''}${DASHES[edge.truth]}${ends}html=0;fontSize=11;strokeWidth=${figure(1 + 4 * Math.min(1, Math.max(0, edge.weight)))};strokeColor=${color};fontColor=#4A5D61;`;
}

export function toDrawio(graph: Graph, placement: Placement, title: string): string[] {
  const ids = new Map<string, string>();
  const tree = nodesByContainer(graph);
  const out: string[] = [];
  const origin = { x: placement.bounds.x - 20, y: placement.bounds.y - 20 };

  const cell = (of: string, value: string, style: string, parent: string, box: Box, corner: { x: number; y: number }) => {
    const id = `t${ids.size + 2}`;
    ids.set(of, id);
    out.push(`<mxCell id="${id}" value="${value}" style="${style}" vertex="1" parent="${parent}">${geometry(box, corner)}</mxCell>`);
    return id;
  };
  const writeNode = (node: GraphNode, parent: string, corner: { x: number; y: number }) => {
    const box = placement.nodes.get(node.id);
    if (!box) return;
    const services = node.lines.map(line => [line.title, line.detail].filter(Boolean).join('  '));
    cell(node.id, label([node.title, node.subtitle, ...services]), NODE + (node.quiet ? 'opacity=60;' : ''), parent, box, corner);
  };
  const writeContainer = (container: GraphContainer, parent: string, corner: { x: number; y: number }) => {
    const box = placement.containers.get(container.id);
    if (!box) return;
    const id = cell(container.id, label([[container.title, container.subtitle].filter(Boolean).join('  ')]), CONTAINER, parent, box, corner);
    for (const child of tree.containers(container.id)) writeContainer(child, id, box);
    const { left, main } = tree.nodes(container.id);
    const zone = left.length && placement.zones?.get(container.id) || around(left.map(node => placement.nodes.get(node.id)).filter(each => each !== undefined));
    if (zone) {
      const inner = cell(`left zone of ${container.id}`, label([container.leftTitle || texts.export.leftZone]), ZONE, id, zone, box);
      for (const node of left) writeNode(node, inner, zone);
    }
    for (const node of main) writeNode(node, id, box);
  };

  for (const container of tree.containers(null)) writeContainer(container, '1', origin);
  for (const node of tree.nodes(null).main) writeNode(node, '1', origin);
  let edges = 0;
  for (const edge of graph.edges.values()) {
    const [source, target] = [ids.get(edge.source), ids.get(edge.target)];
    if (!source || !target) continue;
    out.push(`<mxCell id="e${edges++}" value="${label([edge.label])}" style="${edgeStyle(edge)}" edge="1" parent="1" source="${source}" target="${target}"><mxGeometry relative="1" as="geometry"/></mxCell>`);
  }
  const [width, height] = [Math.ceil(placement.bounds.width + 40), Math.ceil(placement.bounds.height + 40)];
  const head =
    `<?xml version="1.0" encoding="UTF-8"?>\n<mxfile host="NetVisor" type="device"><diagram id="picture" name="${escapeXml(shorten(plainText(title), LETTERS_MAX)) || 'NetVisor'}">` +
    `<mxGraphModel dx="800" dy="600" grid="1" gridSize="10" guides="1" tooltips="1" connect="1" arrows="1" fold="1" page="1" pageScale="1" pageWidth="${width}" pageHeight="${height}" math="0" shadow="0"><root><mxCell id="0"/><mxCell id="1" parent="0"/>`;
  return [head, ...out, '</root></mxGraphModel></diagram></mxfile>\n'];
}

const PADDING = 10;
const TITLE = 20;

// A frame around boxes, with room for its title above.
function around(boxes: readonly Box[]): Box | null {
  if (!boxes.length) return null;
  const left = Math.min(...boxes.map(box => box.x)) - PADDING;
  const top = Math.min(...boxes.map(box => box.y)) - PADDING - TITLE;
  const right = Math.max(...boxes.map(box => box.x + box.width)) + PADDING;
  const bottom = Math.max(...boxes.map(box => box.y + box.height)) + PADDING;
  return { x: left, y: top, width: right - left, height: bottom - top };
}
