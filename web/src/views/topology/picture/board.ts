// SPDX-License-Identifier: BSD-2-Clause
// The drawing board: two canvases, what is looked at, and the loop that draws. It draws when something changed, at most
// once a frame; a movement sideways copies what is there and draws the rest; what moves by itself is on the upper canvas.

import { CanvasPainter, type Transform } from '../../../topology/paint/canvas';
import { drawPicture, type View } from '../../../topology/paint/draw';
import { drawMotion } from '../../../topology/paint/drawEdges';
import { drawBright, drawLit, drawRings, drawVeil, type Over } from '../../../topology/paint/drawOver';
import type { Palette } from '../../../topology/paint/palette';
import { container as measure } from '../../../topology/measures';
import type { Box, Graph } from '../../../topology/model';
import type { Picked } from '../../../topology/scene/edges';
import { levelAt } from '../../../topology/scene/level';
import { containersAlike, edgesAlike, looksAlike } from '../../../topology/scene/looks';
import { type Around, Scene } from '../../../topology/scene/scene';
import { areaOf, between, type Size, type Viewport } from './viewport';

const EDGES_MOST = 500;
const EDGES_MOST_FAR = 60;
const EDGES_MOST_COARSE = 160;
const PIXELS_MOST = 9e6;
const MOTION_EVERY_MS = 33;
const VEIL_MS = 130;
const APPEAR_MS = 140;
const FLY_MS = 420;
const REST_MS = 140; // after the last movement, all detail is drawn
const EDGES_EVERY_MS = 180; // lines change their looks all the time; they are drawn again together
const PATCHES_MOST = 16; // things drawn again one by one; more: the whole
const PATCH_MARGIN = 5; // pixels
const SLOW_FRAME_MS = 26; // slower while moving: less is drawn

const nothing: Over = { bright: null, veil: 0, lit: null, selected: null, hovered: null, focused: null, marked: null, anchors: null, handles: null };

export interface BoardEvents {
  drawn(first: boolean, edgesLeft: number): void;
  looked(view: Viewport): void; // every movement, within the frame
}

export class Board {
  readonly scene = new Scene();
  view: Viewport = { x: 0, y: 0, zoom: 1 };
  size: Size = { width: 0, height: 0 };
  over: Over = { ...nothing };
  // Drawn on the upper canvas instead of the lower, while it is dragged.
  moving: { ids: ReadonlySet<string>; scene: Scene } | null = null;
  outline: Box | null = null; // of what is being made larger
  motionAllowed = true;

  private readonly base: CanvasRenderingContext2D;
  private readonly top: CanvasRenderingContext2D;
  private readonly basePainter: CanvasPainter;
  private readonly topPainter: CanvasPainter;
  private dpr = 1;
  private frame = 0;
  private baseDirty = true;
  private topDirty = true;
  private shown: { transform: Transform; level: string; edgesLeft: number } | null = null;
  private fly: { from: Viewport; to: Viewport; start: number } | null = null;
  private appearFrom = 0;
  private veilAt = 0; // how much of the veil is there
  private lastBright: Around | null = null;
  private movedAt = 0;
  private coarse = false;
  private lastFrame = 0;
  private slow = 0;
  private restTimer = 0;
  private motionTimer = 0;
  private hadMotion = false;
  private topEmpty = true;
  private first = true;
  private drawnGraph: Graph | null = null;
  private patches: Box[] = [];
  private edgesTimer = 0;
  private picks: { key: string; picked: Picked } | null = null;
  private disposed = false;

  constructor(
    private readonly lower: HTMLCanvasElement,
    private readonly upper: HTMLCanvasElement,
    private palette: Palette,
    private readonly events: BoardEvents,
  ) {
    this.base = lower.getContext('2d', { alpha: false })!;
    this.top = upper.getContext('2d')!;
    this.basePainter = new CanvasPainter(this.base);
    this.topPainter = new CanvasPainter(this.top);
  }

  dispose() {
    this.disposed = true;
    cancelAnimationFrame(this.frame);
    clearTimeout(this.restTimer);
    clearTimeout(this.motionTimer);
    clearTimeout(this.edgesTimer);
  }

  resize(size: Size, dpr: number) {
    this.dpr = Math.min(dpr, Math.sqrt(PIXELS_MOST / Math.max(1, size.width * size.height)));
    this.size = size;
    for (const canvas of [this.lower, this.upper]) {
      canvas.width = Math.max(1, Math.round(size.width * this.dpr));
      canvas.height = Math.max(1, Math.round(size.height * this.dpr));
    }
    this.redraw();
    // A resized canvas is empty: not even for a frame.
    this.now();
  }

  setPalette(palette: Palette) {
    this.palette = palette;
    this.redraw();
  }

  redraw() {
    this.baseDirty = true;
    this.shown = null;
    this.refresh();
  }

  // The same things at the same places, perhaps other words on them: only what looks different is drawn again.
  changed() {
    const { scene, drawnGraph } = this;
    if (!drawnGraph || !this.shown || drawnGraph.view !== scene.graph.view) return this.redraw();
    const { area, level, picked } = this.sight();
    const patches: Box[] = [];
    for (const { container, box } of scene.containersIn(area)) {
      const old = drawnGraph.containers.get(container.id);
      if (!old || !containersAlike(old, container)) patches.push(box);
    }
    if (level !== 'far' || scene.hasLoose) {
      for (const { node, box } of scene.nodesIn(area)) {
        const old = drawnGraph.nodes.get(node.id);
        if (!old || !looksAlike(old, node)) patches.push(box);
      }
    }
    this.drawnGraph = scene.graph;
    if (patches.length > PATCHES_MOST) return this.redraw();
    if (patches.length) {
      this.patches.push(...patches);
      this.ask();
    }
    if (!this.edgesTimer && picked?.lines.some(line => !line.drawn || !edgesAlike(line.drawn, line.edge))) {
      this.edgesTimer = window.setTimeout(() => {
        this.edgesTimer = 0;
        this.redraw();
      }, EDGES_EVERY_MS);
    }
    if (scene.appeared.size || this.over.lit) this.refresh();
  }

  // The upper canvas alone.
  refresh() {
    this.topDirty = true;
    this.ask();
  }

  look(view: Viewport) {
    this.fly = null;
    this.lookAt(view);
  }

  flyTo(to: Viewport) {
    const near = Math.abs(to.zoom / this.view.zoom - 1) < 1e-3 && Math.hypot(to.x - this.view.x, to.y - this.view.y) * to.zoom < 2;
    if (!this.motionAllowed || near || document.hidden) return this.look(to);
    this.fly = { from: this.view, to, start: performance.now() };
    this.ask();
  }

  get aim(): Viewport {
    return this.fly?.to ?? this.view;
  }

  // As drawing and hit testing see it.
  sight(): View {
    const level = levelAt(this.view.zoom);
    const area = areaOf(this.view, this.size, 8);
    const edgesMost = level === 'far' ? EDGES_MOST_FAR : this.coarse ? EDGES_MOST_COARSE : EDGES_MOST;
    return {
      palette: this.palette, options: this.scene.options, zoom: this.view.zoom, level, area, coarse: this.coarse, edgesMost, picked: this.pick(area, level === 'far', edgesMost),
      appear: 1, moving: this.moving?.ids ?? null, now: performance.now(),
    };
  }

  // The lines in sight: the same for all that is done in a frame.
  private pick(area: Box, far: boolean, most: number): Picked {
    const { version, grown } = this.scene.edges;
    const key = `${area.x} ${area.y} ${area.width} ${area.height} ${far} ${most} ${version} ${grown} ${this.scene.options.bundle_dependencies}`;
    if (this.picks?.key !== key) this.picks = { key, picked: this.scene.linesIn(area, far, most) };
    return this.picks.picked;
  }

  private lookAt(view: Viewport) {
    if (view.x === this.view.x && view.y === this.view.y && view.zoom === this.view.zoom) return;
    if (levelAt(view.zoom) !== levelAt(this.view.zoom)) this.appearFrom = this.motionAllowed ? performance.now() : 0;
    this.view = view;
    this.movedAt = performance.now();
    this.baseDirty = true;
    this.topDirty = true;
    clearTimeout(this.restTimer);
    this.restTimer = window.setTimeout(this.rest, REST_MS);
    this.ask();
  }

  // Movement is over: what was left out while moving is drawn.
  private rest = () => {
    this.slow = 0;
    if (this.coarse || (this.shown && this.shown.edgesLeft > 0)) {
      this.coarse = false;
      this.redraw();
    }
  };

  private ask() {
    if (!this.frame && !this.disposed) this.frame = requestAnimationFrame(this.step);
  }

  private step = (at: number) => {
    this.frame = 0;
    const now = performance.now();
    if (this.fly) {
      const { from, to, start } = this.fly;
      const share = Math.min(1, (now - start) / FLY_MS);
      if (share >= 1) this.fly = null;
      this.lookAt(share >= 1 ? to : between(from, to, share));
    }
    // A frame that follows another closely is part of a movement: its length says whether we keep up.
    const since = at - this.lastFrame;
    this.lastFrame = at;
    if (now - this.movedAt < 60 && since < 200) {
      this.slow = this.slow * 0.7 + since * 0.3;
      if (this.slow > SLOW_FRAME_MS) this.coarse = true;
    }
    this.now();
    if (this.fly) this.ask();
  };

  // Draws what is to be drawn, at once.
  now() {
    if (!this.size.width || !this.size.height) return;
    const now = performance.now();
    const scale = this.view.zoom * this.dpr;
    const transform: Transform = { scale, x: Math.round((this.size.width / 2) * this.dpr - this.view.x * scale), y: Math.round((this.size.height / 2) * this.dpr - this.view.y * scale) };
    const view = this.sight();
    if (this.baseDirty) this.drawBase(view, transform, now);
    this.drawPatches(view, transform);
    if (this.topDirty || this.hadMotion) this.drawTop(view, transform, now);
  }

  private drawBase(view: View, transform: Transform, now: number) {
    const { base, shown } = this;
    this.baseDirty = false;
    const appear = Math.min(1, (now - this.appearFrom) / APPEAR_MS);
    const whole = { ...view, appear };
    const [dx, dy] = shown ? [transform.x - shown.transform.x, transform.y - shown.transform.y] : [0, 0];
    const [width, height] = [this.lower.width, this.lower.height];
    if (shown && appear >= 1 && shown.transform.scale === transform.scale && shown.level === view.level && Math.abs(dx) < width * 0.7 && Math.abs(dy) < height * 0.7) {
      if (dx || dy) {
        base.globalCompositeOperation = 'copy';
        base.drawImage(this.lower, dx, dy);
        base.globalCompositeOperation = 'source-over';
        if (dx) this.drawPart(whole, transform, dx > 0 ? 0 : width + dx, 0, Math.abs(dx), height);
        if (dy) this.drawPart(whole, transform, 0, dy > 0 ? 0 : height + dy, width, Math.abs(dy));
      }
      this.shown = { ...shown, transform };
    } else {
      base.fillStyle = this.palette.page;
      base.fillRect(0, 0, width, height);
      this.basePainter.place(transform);
      const { edgesLeft } = drawPicture(this.basePainter, this.scene, whole);
      this.shown = { transform, level: view.level, edgesLeft };
      this.drawnGraph = this.scene.graph;
      this.patches = [];
      clearTimeout(this.edgesTimer);
      this.edgesTimer = 0;
      this.events.drawn(this.first, edgesLeft);
      this.first = false;
      if (appear < 1) {
        this.baseDirty = true;
        this.shown = null;
        this.ask();
      }
    }
    this.events.looked(this.view);
  }

  private drawPatches(view: View, transform: Transform) {
    const { patches } = this;
    if (!patches.length) return;
    this.patches = [];
    const margin = PATCH_MARGIN * this.dpr;
    for (const box of patches) {
      const left = Math.max(0, Math.floor(box.x * transform.scale + transform.x - margin));
      const top = Math.max(0, Math.floor(box.y * transform.scale + transform.y - margin));
      const right = Math.min(this.lower.width, Math.ceil((box.x + box.width) * transform.scale + transform.x + margin));
      const bottom = Math.min(this.lower.height, Math.ceil((box.y + box.height) * transform.scale + transform.y + margin));
      if (right > left && bottom > top) this.drawPart(view, transform, left, top, right - left, bottom - top);
    }
  }

  // A strip that came into sight. A little more than it is drawn, so that nothing is cut differently at its edge.
  private drawPart(view: View, transform: Transform, x: number, y: number, width: number, height: number) {
    const { base } = this;
    base.save();
    base.beginPath();
    base.rect(x, y, width, height);
    base.clip();
    base.fillStyle = this.palette.page;
    base.fillRect(x, y, width, height);
    this.basePainter.place(transform, { left: x, top: y, right: x + width, bottom: y + height });
    const slack = 8 * this.dpr;
    drawPicture(this.basePainter, this.scene, { ...view, area: { x: (x - slack - transform.x) / transform.scale, y: (y - slack - transform.y) / transform.scale, width: (width + 2 * slack) / transform.scale, height: (height + 2 * slack) / transform.scale } });
    base.restore();
  }

  private drawTop(view: View, transform: Transform, now: number) {
    const { top, over, scene } = this;
    this.topDirty = false;
    const [width, height] = [this.upper.width, this.upper.height];
    if (!this.topEmpty) top.clearRect(0, 0, width, height);
    this.topEmpty = false;
    this.topPainter.place(transform);
    this.moveVeil(now);
    const bright = over.bright ?? this.lastBright;
    if (this.veilAt > 0) drawVeil(top, view, this.veilAt, width, height);
    const lines = drawLit(this.topPainter, scene, view, over);
    const motion = this.motionAllowed && now - this.movedAt > 60 && drawMotion(top, scene, view, this.veilAt > 0 && over.lit ? lines : null, transform, now / 1000);
    this.topPainter.place(transform);
    if (this.veilAt === 0 && (motion || lines.length)) this.clearThings(view, transform);
    if (this.veilAt > 0 && bright) drawBright(this.topPainter, scene, view, bright, lines);
    drawRings(this.topPainter, scene, view, over);
    if (this.moving) drawPicture(this.topPainter, this.moving.scene, { ...view, moving: null, edgesMost: EDGES_MOST });
    if (this.outline) this.topPainter.rect(this.outline.x, this.outline.y, this.outline.width, this.outline.height, 16, null, { color: this.palette.accent, width: 2 / view.zoom, dash: [6 / view.zoom, 4 / view.zoom] });
    const veilMoves = over.bright ? this.veilAt < 1 : this.veilAt > 0;
    this.hadMotion = motion || veilMoves || scene.appeared.size > 0;
    if (veilMoves) this.ask();
    else if (this.hadMotion) {
      clearTimeout(this.motionTimer);
      this.motionTimer = window.setTimeout(() => this.refresh(), MOTION_EVERY_MS);
    }
  }

  private veilTime = 0;
  private moveVeil(now: number) {
    const { over } = this;
    const target = over.bright ? 1 : 0;
    if (over.bright) this.lastBright = over.bright;
    if (this.veilAt === target) {
      this.veilTime = now;
      if (target === 0) this.lastBright = null;
      return;
    }
    const share = this.motionAllowed ? Math.min(0.5, Math.max(0.12, (now - this.veilTime) / VEIL_MS)) : 1;
    this.veilTime = now;
    this.veilAt = target ? Math.min(1, this.veilAt + share) : Math.max(0, this.veilAt - share);
  }

  // Lines pass below things.
  private clearThings(view: View, transform: Transform) {
    const clear = ({ x, y, width, height }: Box) => {
      const [left, upper] = [Math.round(x * transform.scale + transform.x), Math.round(y * transform.scale + transform.y)];
      this.top.clearRect(left, upper, Math.round((x + width) * transform.scale + transform.x) - left, Math.round((y + height) * transform.scale + transform.y) - upper);
    };
    if (view.level === 'far') for (const { container, box } of this.scene.containersIn(view.area)) this.scene.isUnit(container.id) && clear(box);
    else {
      for (const { box } of this.scene.containersIn(view.area)) clear({ ...box, height: measure.header });
      for (const { box } of this.scene.nodesIn(view.area)) clear(box);
    }
  }
}
