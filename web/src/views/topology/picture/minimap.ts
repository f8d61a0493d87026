// SPDX-License-Identifier: BSD-2-Clause
// The whole picture, small, with what is in sight as a frame. It is drawn when places or colours change; a movement
// only moves the frame.

import type { Box, Point } from '../../../topology/model';
import { containerColor } from '../../../topology/paint/drawContainer';
import { mix, type Palette } from '../../../topology/paint/palette';
import type { Scene } from '../../../topology/scene/scene';
import type { Controller } from './controller';
import { areaOf } from './viewport';

const WIDTH = 184;
const HEIGHT = 120;
const MARGIN = 6;
const NODES_MOST = 3000;
const REDRAW_MS = 300;

export class Minimap {
  private shift: Point = { x: 0, y: 0 };
  private scale = 1;
  private drawn: { placement: unknown; palette: Palette } | null = null;
  private timer = 0;
  private palette: Palette | null = null; // the last that was asked for

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly frame: HTMLElement,
    private readonly controller: Controller,
  ) {
    const dpr = Math.min(2, devicePixelRatio);
    canvas.width = WIDTH * dpr;
    canvas.height = HEIGHT * dpr;
  }

  dispose() {
    clearTimeout(this.timer);
  }

  // After a movement or a change.
  follow(palette: Palette) {
    const { scene } = this.controller;
    this.palette = palette;
    if (this.drawn?.placement !== scene.placement || this.drawn.palette !== palette) {
      if (!this.drawn) this.draw(palette);
      else if (!this.timer) this.timer = window.setTimeout(() => ((this.timer = 0), this.draw(this.palette ?? palette), this.place()), REDRAW_MS);
    }
    this.place();
  }

  private place() {
    const { board } = this.controller;
    const area = areaOf(board.view, board.size);
    const clip = (value: number, most: number) => Math.max(0, Math.min(most, value));
    const left = clip((area.x - this.shift.x) * this.scale, WIDTH);
    const top = clip((area.y - this.shift.y) * this.scale, HEIGHT);
    const right = clip((area.x + area.width - this.shift.x) * this.scale, WIDTH);
    const bottom = clip((area.y + area.height - this.shift.y) * this.scale, HEIGHT);
    const { style } = this.frame;
    style.transform = `translate(${left}px, ${top}px)`;
    style.width = `${Math.max(4, right - left)}px`;
    style.height = `${Math.max(4, bottom - top)}px`;
  }

  // The picture's point at a point of the map.
  at(point: Point): Point {
    return { x: point.x / this.scale + this.shift.x, y: point.y / this.scale + this.shift.y };
  }

  private draw(palette: Palette) {
    const { scene } = this.controller;
    this.drawn = { placement: scene.placement, palette };
    const { bounds } = scene.placement;
    this.scale = Math.min((WIDTH - 2 * MARGIN) / Math.max(1, bounds.width), (HEIGHT - 2 * MARGIN) / Math.max(1, bounds.height));
    this.shift = { x: bounds.x - (WIDTH / this.scale - bounds.width) / 2, y: bounds.y - (HEIGHT / this.scale - bounds.height) / 2 };
    const ctx = this.canvas.getContext('2d')!;
    const dpr = this.canvas.width / WIDTH;
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.canvas.width, this.canvas.height);
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0);
    drawMap(ctx, scene, palette, ({ x, y, width, height }) => [(x - this.shift.x) * this.scale, (y - this.shift.y) * this.scale, Math.max(1, width * this.scale), Math.max(1, height * this.scale)]);
  }
}

function drawMap(ctx: CanvasRenderingContext2D, scene: Scene, palette: Palette, place: (box: Box) => [number, number, number, number]) {
  for (const [id, box] of scene.placement.containers) {
    const container = scene.graph.containers.get(id);
    if (!container) continue;
    ctx.fillStyle = mix(containerColor(container, palette), palette.card, container.parent === null ? 0.22 : 0.34);
    ctx.fillRect(...place(box));
  }
  if (scene.placement.nodes.size > NODES_MOST) return;
  ctx.fillStyle = mix(palette.ink3, palette.card, 0.55);
  for (const box of scene.placement.nodes.values()) ctx.fillRect(...place(box));
}
