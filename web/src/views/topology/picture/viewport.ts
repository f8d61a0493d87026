// SPDX-License-Identifier: BSD-2-Clause
// Where one looks: the picture's point in the middle of the element, and how large a length of the picture is on the
// screen. Pure: every movement is a new viewport.

import type { Box, Point } from '../../../topology/model';

export interface Viewport extends Point {
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

// Pixels of the element that panels cover.
export interface Insets {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export const noInsets: Insets = { top: 0, right: 0, bottom: 0, left: 0 };
const ZOOM_MIN = 0.005;
export const ZOOM_MAX = 4;
const FIT_MARGIN = 28; // pixels around what is fitted
const FIT_ZOOM_MAX = 1.25;

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
const clampZoom = (zoom: number, least = ZOOM_MIN) => clamp(zoom, least, ZOOM_MAX);

export const toScreen = (view: Viewport, size: Size, point: Point): Point => ({ x: (point.x - view.x) * view.zoom + size.width / 2, y: (point.y - view.y) * view.zoom + size.height / 2 });

export const toPicture = (view: Viewport, size: Size, point: Point): Point => ({ x: (point.x - size.width / 2) / view.zoom + view.x, y: (point.y - size.height / 2) / view.zoom + view.y });

export const areaOf = (view: Viewport, size: Size, margin = 0): Box => {
  const width = (size.width + margin * 2) / view.zoom;
  const height = (size.height + margin * 2) / view.zoom;
  return { x: view.x - width / 2, y: view.y - height / 2, width, height };
};

export const pannedBy = (view: Viewport, dx: number, dy: number): Viewport => ({ ...view, x: view.x - dx / view.zoom, y: view.y - dy / view.zoom });

// What is under the pointer stays there.
export function zoomedAt(view: Viewport, size: Size, at: Point, factor: number): Viewport {
  const zoom = clampZoom(view.zoom * factor);
  const fixed = toPicture(view, size, at);
  return { zoom, x: fixed.x - (at.x - size.width / 2) / zoom, y: fixed.y - (at.y - size.height / 2) / zoom };
}

export function fitted(box: Box, size: Size, insets: Insets = noInsets, zoomMax = FIT_ZOOM_MAX): Viewport {
  const width = Math.max(1, size.width - insets.left - insets.right - FIT_MARGIN * 2);
  const height = Math.max(1, size.height - insets.top - insets.bottom - FIT_MARGIN * 2);
  const zoom = clampZoom(Math.min(zoomMax, width / Math.max(1, box.width), height / Math.max(1, box.height)));
  return centred({ x: box.x + box.width / 2, y: box.y + box.height / 2 }, zoom, insets);
}

// That point in the middle of what no panel covers.
export const centred = (point: Point, zoom: number, insets: Insets = noInsets): Viewport => ({ zoom, x: point.x - (insets.left - insets.right) / 2 / zoom, y: point.y - (insets.top - insets.bottom) / 2 / zoom });

// Between two looks, at a share of the way. Zoom goes by ratio, and the middle moves so that the way feels straight.
export function between(from: Viewport, to: Viewport, share: number): Viewport {
  const eased = share < 0.5 ? 4 * share ** 3 : 1 - (-2 * share + 2) ** 3 / 2;
  const zoom = from.zoom * (to.zoom / from.zoom) ** eased;
  const moved = Math.abs(to.zoom / from.zoom - 1) < 1e-3 ? eased : (1 / from.zoom - 1 / zoom) / (1 / from.zoom - 1 / to.zoom);
  return { zoom, x: from.x + (to.x - from.x) * moved, y: from.y + (to.y - from.y) * moved };
}

// Kept so that a part of the picture is always in sight.
export function kept(view: Viewport, bounds: Box, size: Size): Viewport {
  const slackX = (size.width / 2 - 60) / view.zoom;
  const slackY = (size.height / 2 - 60) / view.zoom;
  const x = clamp(view.x, bounds.x - slackX, bounds.x + bounds.width + slackX);
  const y = clamp(view.y, bounds.y - slackY, bounds.y + bounds.height + slackY);
  return x === view.x && y === view.y ? view : { ...view, x, y };
}
