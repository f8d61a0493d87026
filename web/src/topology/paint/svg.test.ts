// SPDX-License-Identifier: BSD-2-Clause
import { describe, expect, it } from 'vitest';

import { all, readXml } from '../export/testing/readXml';
import { hostile } from '../export/testing/sample';
import type { TextStyle } from './painter';
import { arrowHeads, SvgPainter } from './svg';
import { plainText, shorten } from './xml';

const box = { x: -10, y: 0, width: 200, height: 100 };
const how = {
  title: 'My "network"',
  background: '#ffffff',
  cut: (text: string, style: TextStyle) => text.slice(0, Math.floor(style.width! / style.size)),
  shape: (name: string) => ({ paths: ['M0 0L24 24', `M1 1"${name}`], filled: name.startsWith('logo:') }),
};
const style: TextStyle = { size: 12, color: '#123456' };

describe('an SVG', () => {
  it('is one whole document of the box and its margin', () => {
    const root = readXml(new SvgPainter(box, { ...how, margin: 5 }).document());
    expect(root.name).toBe('svg');
    expect(root.attributes).toMatchObject({ xmlns: 'http://www.w3.org/2000/svg', width: '210', height: '110', viewBox: '-15 -5 210 110' });
    expect(root.children[0]).toMatchObject({ name: 'title', text: 'My "network"' });
    expect(root.children.find(each => each.name === 'rect')!.attributes).toMatchObject({ x: '-15', fill: '#ffffff' });
  });

  it('has no background where none is asked for', () => {
    expect(all(readXml(new SvgPainter(box, { ...how, background: null }).document())).some(each => each.name === 'rect')).toBe(false);
  });

  it('holds strangers’ names as text and as nothing else', () => {
    const painter = new SvgPainter(box, how);
    for (const name of hostile) {
      painter.enter(name, name);
      painter.text(name, 1, 2, style);
      painter.icon(name, 0, 0, 16, name);
      painter.leave();
    }
    const document = painter.document();
    const elements = all(readXml(document));
    expect(new Set(elements.map(each => each.name))).toEqual(new Set(['svg', 'title', 'defs', 'symbol', 'g', 'path', 'rect', 'text', 'use']));
    expect(elements.filter(each => each.name === 'text').map(each => each.text)).toEqual(hostile.filter(Boolean).map(plainText));
    expect(elements.filter(each => each.attributes['data-id'] !== undefined).map(each => each.children[0]!.text)).toEqual(hostile.map(plainText));
  });

  it('refers to nothing outside and runs nothing', () => {
    const painter = new SvgPainter(box, how);
    hostile.forEach((name, i) => painter.icon(name, i, i, 16, '#000'));
    for (const element of all(readXml(painter.document()))) {
      for (const [name, value] of Object.entries(element.attributes)) {
        expect(name).not.toMatch(/^on|^style$/i);
        if (name === 'href') expect(value).toMatch(/^#i\d+$/);
      }
    }
  });

  it('holds no mark that turns the direction of writing, and keeps letters from right to left', () => {
    const painter = new SvgPainter(box, how);
    painter.text('\u202eabc שלום\u2066', 0, 0, style);
    expect(all(readXml(painter.document())).find(each => each.name === 'text')!.text).toBe('abc שלום');
  });

  it('has each icon once', () => {
    const painter = new SvgPainter(box, how);
    for (let i = 0; i < 9; i++) painter.icon(i % 2 ? 'router' : 'logo:grafana', 0, 0, 20, '#abc');
    const elements = all(readXml(painter.document()));
    expect(elements.filter(each => each.name === 'symbol').map(each => each.attributes.id)).toEqual(['i0', 'i1']);
    expect(elements.filter(each => each.name === 'use').map(each => each.attributes.href)).toEqual(['#i0', '#i1', '#i0', '#i1', '#i0', '#i1', '#i0', '#i1', '#i0']);
    expect(elements.find(each => each.name === 'symbol')!.children[0]!.attributes.fill).toBe('currentColor');
  });

  it('cuts what is too long, and leaves out what is nothing then', () => {
    const painter = new SvgPainter(box, how);
    painter.text('abcdefgh', 0, 0, { ...style, width: 36 });
    painter.text('abcdefgh', 0, 0, { ...style, width: 6 });
    expect(all(readXml(painter.document())).filter(each => each.name === 'text').map(each => each.text)).toEqual(['abc']);
  });

  it('holds text to its width, in case the font is missing', () => {
    const painter = new SvgPainter(box, { ...how, measure: text => text.length * 11 });
    painter.text('abc', 0, 0, { ...style, width: 36 });
    painter.text('ab', 0, 0, style);
    painter.text('abcd', 0, 0, style);
    expect(all(readXml(painter.document())).filter(each => each.name === 'text').map(each => each.attributes.textLength)).toEqual(['33', undefined, '44']);
  });

  it('draws a line around a box within it', () => {
    const painter = new SvgPainter(box, { ...how, background: null });
    painter.rect(10, 10, 20, 20, 6, '#fff', { color: '#000', width: 2, dash: [3, 1.234], alpha: 0.5 });
    expect(all(readXml(painter.document())).find(each => each.name === 'rect')!.attributes).toEqual({ x: '11', y: '11', width: '18', height: '18', rx: '5', fill: '#fff', stroke: '#000', 'stroke-width': '2', 'stroke-dasharray': '3 1.23', 'stroke-opacity': '0.5' });
  });

  it('draws a path with its heads', () => {
    const painter = new SvgPainter(box, how);
    painter.path([['M', 0, 0], ['L', 10, 0]], { color: '#000', width: 1 }, { at: 'both', size: 4 });
    painter.path([], { color: '#000', width: 1 });
    const paths = all(readXml(painter.document())).filter(each => each.name === 'path').map(each => each.attributes.d);
    expect(paths).toEqual(['M0 0L10 0', 'M10 0L6.35 1.63L6.35 -1.63Z', 'M0 0L3.65 -1.63L3.65 1.63Z']);
  });

  it('has a head where a curve comes from, and none at a point', () => {
    const [tip, left, right] = arrowHeads([['M', 0, 0], ['C', 0, 10, 10, 5, 10, 10]], { at: 'end', size: 5 })[0]!;
    expect(tip).toEqual(['M', 10, 10]);
    expect(left![2]).toBeCloseTo(right![2]!); // it points down, as the curve does
    expect((left![1] as number) + (right![1] as number)).toBeCloseTo(20);
    expect(arrowHeads([['M', 3, 3], ['L', 3, 3]], { at: 'end', size: 5 })).toEqual([]);
  });

  it('ends what was left open', () => {
    const painter = new SvgPainter(box, how);
    painter.leave();
    painter.enter('a', 'a');
    painter.enter('b', 'b');
    expect(readXml(painter.document()).name).toBe('svg');
  });

  it('comes in pieces that make the same document', () => {
    const painter = new SvgPainter(box, how);
    for (let i = 0; i < 9000; i++) painter.circle(i, i, 3, '#000');
    expect(painter.pieces().length).toBeGreaterThan(2);
    expect(all(readXml(painter.pieces().join(''))).filter(each => each.name === 'circle')).toHaveLength(9000);
  });
});

describe('shortening', () => {
  it('keeps whole letters', () => {
    expect(shorten('👍👍👍👍', 3)).toBe('👍👍…');
    expect(shorten('abc', 3)).toBe('abc');
    expect(shorten('abcd', 3)).toBe('ab…');
    expect(shorten('👍👍', 3)).toBe('👍👍');
  });
});
