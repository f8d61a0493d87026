// SPDX-License-Identifier: BSD-2-Clause
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { makeContainer, makeGraph, makeNode } from '../layout/sample';
import type { Box, Placement } from '../model';
import { defaults } from '../options';
import { LETTER_MIN, levelAt } from '../scene/level';
import { Scene } from '../scene/scene';
import { drawPicture, exportView } from './draw';
import { edgeMark } from './marks';
import type { Painter, TextStyle } from './painter';
import { darkPalette, lightPalette, mix, type Palette } from './palette';
import { cutText, textWidth } from './text';

// Keeps what is written.
class Notes implements Painter {
  readonly texts: { text: string; x: number; y: number; style: TextStyle }[] = [];
  readonly icons: string[] = [];
  readonly rects: Box[] = [];
  rect(x: number, y: number, width: number, height: number) {
    this.rects.push({ x, y, width, height });
  }
  circle() {}
  path() {}
  text(text: string, x: number, y: number, style: TextStyle) {
    const shown = style.width === undefined ? text : cutText(text, style.size, style.width, style);
    if (shown) this.texts.push({ text: shown, x, y, style });
  }
  icon(name: string) {
    this.icons.push(name);
  }
}

const services = Array.from({ length: 9 }, (_, i) => ({ id: `l${i}`, title: `Service ${i}`, detail: `${i}/tcp`, icon: 'point', category: 'Web', truth: 'measured' as const }));

function picture() {
  const summary = { hosts: 2, services: 9, quiet: 0, categories: [{ category: 'Web', count: 7 }, { category: 'Database', count: 2 }] };
  const graph = makeGraph([makeContainer('c', { title: 'A subnet with quite a long name', summary })], [makeNode('a', 'c', { title: 'a-host-with-a-name-that-is-very-long.example.org', subtitle: '10.0.0.1', lines: services }), makeNode('b', 'c')]);
  const placement: Placement = { containers: new Map([['c', { x: 0, y: 0, width: 500, height: 300 }]]), nodes: new Map([['a', { x: 18, y: 62, width: 216, height: 180 }], ['b', { x: 250, y: 62, width: 216, height: 48 }]]), bounds: { x: 0, y: 0, width: 500, height: 300 } };
  const scene = new Scene();
  scene.update(graph, placement, defaults);
  return scene;
}

const drawn = (zoom: number) => {
  const notes = new Notes();
  const scene = picture();
  drawPicture(notes, scene, { ...exportView(scene, lightPalette), zoom, level: levelAt(zoom), edgesMost: 100 });
  return notes;
};

const extent = ({ text, x, y, style }: Notes['texts'][number]): Box => {
  const width = textWidth(text, style.size, style);
  return { x: style.align === 'right' ? x - width : style.align === 'center' ? x - width / 2 : x, y: y - style.size * 0.75, width, height: style.size * 0.75 };
};

describe('letters', () => {
  for (const zoom of [0.03, 0.08, 0.15, 0.27, 0.3, 0.45, 0.6, 0.74, 0.75, 1, 2]) {
    test(`at ${zoom} are never under ${LETTER_MIN} pixels, never over each other, and stay in their box`, () => {
      const { texts } = drawn(zoom);
      const boxes = texts.map(extent);
      for (const { text, style } of texts) expect(style.size * zoom, text).toBeGreaterThanOrEqual(LETTER_MIN - 1e-6);
      boxes.forEach((a, i) => {
        expect(a.x + a.width).toBeLessThanOrEqual(500 + 1e-6);
        boxes.slice(i + 1).forEach((b, k) => {
          const over = a.x < b.x + b.width - 0.5 / zoom && b.x < a.x + a.width - 0.5 / zoom && a.y < b.y + b.height - 0.5 / zoom && b.y < a.y + a.height - 0.5 / zoom;
          expect(over, `${texts[i]!.text} | ${texts[i + 1 + k]!.text}`).toBe(false);
        });
      });
    });
  }

  test('far a container is its summary, near its hosts are cards with their services', () => {
    expect(drawn(0.25).texts.map(each => each.text).join(' ')).not.toContain('10.0.0.1');
    const near = drawn(1).texts.map(each => each.text);
    expect(near).toContain('Service 4');
    expect(near).toContain('4/tcp');
    expect(near).not.toContain('Service 5');
    expect(near).toContain('4 more');
  });
});

test('text is cut with an ellipsis, or left out when nothing of it would be left', () => {
  expect(cutText('short', 10, 100)).toBe('short');
  expect(cutText('a rather long text', 10, 60)).toMatch(/^a rat.*…$/);
  expect(textWidth(cutText('a rather long text', 10, 60), 10)).toBeLessThanOrEqual(60);
  expect(cutText('abc', 10, 8)).toBe('');
});

test('the palettes are those of the page', () => {
  const css = readFileSync(new URL('../../styles.css', import.meta.url), 'utf8');
  const [light, dark] = [css.slice(0, css.indexOf("[data-mantine-color-scheme='dark']")), css.slice(css.indexOf("[data-mantine-color-scheme='dark']"))];
  const check = (palette: Palette, text: string) => {
    for (const [name, value] of Object.entries(palette)) {
      if (typeof value !== 'string') continue;
      const variable = `--${name.replace(/[A-Z0-9]/, found => `-${found.toLowerCase()}`)}`;
      const said = [...text.matchAll(new RegExp(`${variable}: (#[0-9a-f]{6});`, 'g'))].pop()?.[1];
      expect(`${variable} ${said}`).toBe(`${variable} ${value}`);
    }
  };
  check(lightPalette, light);
  check(darkPalette, dark);
});

test('how an edge is known, and how much flows, is told by its line', () => {
  const edge = { kind: 'dependency' as const, weight: 0, color: null, truth: 'measured' as const, live: false, directed: true };
  expect(edgeMark(edge, lightPalette)).toMatchObject({ dash: undefined, dot: false, arrow: true, color: lightPalette.accent });
  expect(edgeMark({ ...edge, truth: 'announced' }, lightPalette).dash![0]).toBeGreaterThan(5);
  expect(edgeMark({ ...edge, truth: 'inferred' }, lightPalette).dash![0]).toBeLessThan(2);
  expect(edgeMark({ ...edge, truth: 'noted' }, lightPalette).dot).toBe(true);
  expect(edgeMark({ ...edge, weight: 1 }, lightPalette).width).toBeGreaterThan(edgeMark(edge, lightPalette).width + 2);
  expect(edgeMark({ ...edge, color: 'Blue' }, lightPalette).color).toBe('#2563eb');
  expect(mix('#ffffff', '#000000', 0.5)).toBe('#808080');
});
