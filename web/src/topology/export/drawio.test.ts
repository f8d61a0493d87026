// SPDX-License-Identifier: BSD-2-Clause
import { describe, expect, it } from 'vitest';

import { toDrawio } from './drawio';
import { plainText, shorten } from '../paint/xml';
import { readXml, type Element } from './testing/readXml';
import { container, edge, graphOf, hostile, hostileGraph, node, placementOf } from './testing/sample';
import type { Placement } from '../model';

interface Cell {
  id: string;
  value: string;
  style: Record<string, string>;
  parent: string;
  box: { x: number; y: number; width: number; height: number } | null;
  source: string | undefined;
  target: string | undefined;
}

// Reads by the rules of the documented format; throws at what breaks them.
function read(pieces: string[]): { page: Element; cells: Map<string, Cell> } {
  const file = readXml(pieces.join(''));
  expect(file.name).toBe('mxfile');
  const [page] = file.children;
  expect([page!.name, page!.children[0]!.name, page!.children[0]!.children[0]!.name]).toEqual(['diagram', 'mxGraphModel', 'root']);
  const [first, layer, ...rest] = page!.children[0]!.children[0]!.children;
  expect([first!.attributes, layer!.attributes]).toEqual([{ id: '0' }, { id: '1', parent: '0' }]);
  const cells = new Map<string, Cell>();
  for (const { name, attributes, children } of rest) {
    expect(name).toBe('mxCell');
    expect((attributes.vertex === '1') !== (attributes.edge === '1')).toBe(true);
    expect(cells.has(attributes.id!)).toBe(false);
    // Who holds and who is joined comes before.
    for (const other of [attributes.parent, attributes.source, attributes.target]) if (other !== undefined && other !== '1') expect(cells.has(other)).toBe(true);
    expect(attributes.style).toMatch(/^(?:[A-Za-z]+=[A-Za-z0-9#. ]+;)+$/);
    const style = Object.fromEntries(attributes.style!.split(';').filter(Boolean).map(entry => entry.split('=') as [string, string]));
    expect(style.html).toBe('0');
    expect(children.map(child => [child.name, child.attributes.as])).toEqual([['mxGeometry', 'geometry']]);
    const { x, y, width, height, relative } = children[0]!.attributes;
    expect(relative === '1').toBe(attributes.edge === '1');
    const box = attributes.vertex ? { x: Number(x), y: Number(y), width: Number(width), height: Number(height) } : null;
    if (box) for (const figure of Object.values(box)) expect(Number.isFinite(figure)).toBe(true);
    cells.set(attributes.id!, { id: attributes.id!, value: attributes.value!, style, parent: attributes.parent!, box, source: attributes.source, target: attributes.target });
  }
  return { page: page!, cells };
}

const boxes: Placement = {
  containers: new Map([['a', { x: 100, y: 100, width: 400, height: 300 }], ['b', { x: 300, y: 150, width: 150, height: 200 }]]),
  nodes: new Map([['1', { x: 120, y: 160, width: 100, height: 60 }], ['2', { x: 120, y: 260, width: 100, height: 60 }], ['3', { x: 320, y: 200, width: 100, height: 60 }], ['4', { x: 600, y: 0, width: 100, height: 60 }]]),
  bounds: { x: 100, y: 0, width: 600, height: 400 },
};

describe('a draw.io file', () => {
  const graph = graphOf(
    [container('a', 'Office'), container('b', 'Rack', { parent: 'a', subtitle: '' }), container('nowhere', 'not placed')],
    [node('1', 'gateway', { zone: 'left' }), node('2', 'nas', { quiet: true }), node('3', 'disk', { container: 'b' }), node('4', 'cloud', { container: null })],
    [edge('x', '1', '2', { label: '443/tcp', color: '#ff0000', weight: 1 }), edge('y', '3', 'a', { truth: 'inferred', directed: false, style: 'Straight' }), edge('gone', '3', 'nobody')],
  );
  const { page, cells } = read(toDrawio(graph, boxes, 'My network'));
  const by = (value: string) => [...cells.values()].find(cell => cell.value.startsWith(value))!;

  it('has containers as parents, and places within them', () => {
    expect(page.attributes.name).toBe('My network');
    expect(by('Office')).toMatchObject({ value: 'Office  10.0.0.0/24', parent: '1', box: { x: 20, y: 120, width: 400, height: 300 } });
    expect(by('Office').style.container).toBe('1');
    expect(by('Rack')).toMatchObject({ parent: by('Office').id, box: { x: 200, y: 50, width: 150, height: 200 } });
    expect(by('disk')).toMatchObject({ parent: by('Rack').id, box: { x: 20, y: 50, width: 100, height: 60 } });
    expect(by('cloud')).toMatchObject({ parent: '1', box: { x: 520, y: 20, width: 100, height: 60 } });
    expect(by('not placed')).toBeUndefined();
  });

  it('has the left zone as a frame of its own around its nodes', () => {
    const zone = by('Infrastructure');
    expect(zone).toMatchObject({ parent: by('Office').id, box: { x: 10, y: 30, width: 120, height: 100 } });
    expect(by('gateway')).toMatchObject({ parent: zone.id, value: 'gateway\n10.0.0.1\ngateway  443/tcp', box: { x: 10, y: 30, width: 100, height: 60 } });
    expect(by('nas')).toMatchObject({ parent: by('Office').id, style: { opacity: '60' } });
  });

  it('has edges that are fastened, with their marks', () => {
    const edges = [...cells.values()].filter(cell => cell.source);
    expect(edges).toHaveLength(2);
    expect(edges[0]).toMatchObject({ value: '443/tcp', source: by('gateway').id, target: by('nas').id, style: { strokeColor: '#FF0000', endArrow: 'block', strokeWidth: '5', edgeStyle: 'orthogonalEdgeStyle' } });
    expect(edges[1]).toMatchObject({ source: by('disk').id, target: by('Office').id, style: { endArrow: 'none', dashed: '1' } });
    expect(edges[1]!.style.edgeStyle).toBeUndefined();
  });

  it('is whole, whatever things are called', () => {
    const everything = hostileGraph();
    const found = read(toDrawio(everything, placementOf(everything), hostile.join('')));
    const values = [...found.cells.values()].flatMap(cell => cell.value.split('\n'));
    for (const name of hostile) expect(values).toContain(shorten(plainText(name).trim(), 200));
    expect([...found.cells.values()].filter(cell => cell.source)).toHaveLength(hostile.length);
  });
});
