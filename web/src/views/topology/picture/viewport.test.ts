// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import { relativeTo, resized } from './moves';
import { areaOf, between, fitted, kept, pannedBy, toPicture, toScreen, zoomedAt, ZOOM_MAX } from './viewport';

const size = { width: 1000, height: 800 };
const view = { x: 50, y: -20, zoom: 0.5 };

test('a point of the screen is a point of the picture and back', () => {
  const at = toPicture(view, size, { x: 123, y: 456 });
  expect(toScreen(view, size, at)).toEqual({ x: 123, y: 456 });
  expect(areaOf(view, size)).toEqual({ x: -950, y: -820, width: 2000, height: 1600 });
});

test('zooming keeps what is under the pointer there, and ends at the most', () => {
  const at = { x: 700, y: 100 };
  const there = toPicture(view, size, at);
  const next = zoomedAt(view, size, at, 3);
  expect(toPicture(next, size, at).x).toBeCloseTo(there.x);
  expect(toPicture(next, size, at).y).toBeCloseTo(there.y);
  expect(zoomedAt(view, size, at, 1e9).zoom).toBe(ZOOM_MAX);
});

test('fitting keeps clear of what covers the picture', () => {
  const fit = fitted({ x: 0, y: 0, width: 4000, height: 100 }, size, { top: 0, right: 300, bottom: 0, left: 0 });
  const right = toScreen(fit, size, { x: 4000, y: 0 }).x;
  expect(right).toBeLessThanOrEqual(700);
  expect(toScreen(fit, size, { x: 0, y: 0 }).x).toBeGreaterThanOrEqual(0);
});

test('flying begins and ends where it says, and a part of the picture stays in sight', () => {
  const to = { x: 900, y: 300, zoom: 2 };
  expect(between(view, to, 0)).toMatchObject({ x: 50, y: -20, zoom: 0.5 });
  const end = between(view, to, 1);
  expect([end.x, end.y, end.zoom].map(Math.round)).toEqual([900, 300, 2]);
  const bounds = { x: 0, y: 0, width: 100, height: 100 };
  expect(kept(pannedBy(view, 1e6, 0), bounds, size).x).toBe(0 - (500 - 60) / 0.5);
});

test('a container keeps its other side when one is moved, and a least size', () => {
  const box = { x: 100, y: 100, width: 400, height: 300 };
  expect(resized(box, 'se', 50, -20)).toEqual({ x: 100, y: 100, width: 450, height: 280 });
  expect(resized(box, 'nw', 50, 20)).toEqual({ x: 150, y: 120, width: 350, height: 280 });
  expect(resized(box, 'w', 9999, 0)).toMatchObject({ width: 160, x: 340 });
});

test('a place is kept relative to what it is in', () => {
  const scene = { parentOf: (id: string) => (id === 'a' ? 'c' : null), placement: { containers: new Map([['c', { x: 40, y: 60, width: 1, height: 1 }]]) } };
  expect(relativeTo(scene as never, 'a', { x: 100.4, y: 100 })).toEqual({ x: 60, y: 40 });
  expect(relativeTo(scene as never, 'c', { x: 7, y: 8 })).toEqual({ x: 7, y: 8 });
});
