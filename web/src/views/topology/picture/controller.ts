// SPDX-License-Identifier: BSD-2-Clause
// Between the page and the drawing board: what is chosen, pointed at and focused, flying to a thing, moving it. Where
// it comes from (pointer, keys) is of pointer.ts and keys.ts.

import type { Box, Point } from '../../../topology/model';
import type { Palette } from '../../../topology/paint/palette';
import { anchorAt, gripAt, hitAt, type Grip, type Hit } from '../../../topology/scene/hit';
import type { Around } from '../../../topology/scene/scene';
import { Board } from './board';
import { describe, hitOf, spoken } from './describe';
import { hold, relativeTo, resized, type Held } from './moves';
import type { PictureProps } from './props';
import { areaOf, centred, fitted, kept, noInsets, pannedBy, toPicture, toScreen, zoomedAt, type Size, type Viewport } from './viewport';
import { texts } from '../../../texts/picture';

const HOVER_DIM_MS = 220; // pointed at for so long, all else is dimmed
const READ_ZOOM = 1; // a node that is flown to can be read
const TELL_EVERY_MS = 250;
const WAIT_FOR_PLACE_MS = 1500; // until what was moved is believed to stay where it was

export interface Hovered {
  hit: Hit;
  at: Point; // of the element
}

export interface Outlets {
  hover(hovered: Hovered | null): void;
  focus(text: string | null): void; // what has the focus, in words
  say(text: string): void;
  drawn(first: boolean, edgesLeft: number): void;
  looked(view: Viewport): void;
  cursor(name: string): void;
}

export class Controller {
  readonly board: Board;
  focused: string | null = null;
  private props: PictureProps;
  private hoverTimer = 0;
  private tellTimer = 0;
  private touched = false; // someone looked somewhere; before, the whole picture stays in sight
  private fittedFor: string | null = null;
  private following: string | null = null; // flown to, and not looked away from since: when it moves, the view goes along
  private held: { thing: Held; from: Point } | null = null;
  private sizing: { id: string; box: Box; grip: Grip; from: Point } | null = null;
  private waiting = 0;
  private lastAround: { key: string; around: Around } | null = null;

  constructor(lower: HTMLCanvasElement, upper: HTMLCanvasElement, palette: Palette, props: PictureProps, private readonly outlets: Outlets) {
    this.props = props;
    this.board = new Board(lower, upper, palette, {
      drawn: outlets.drawn,
      looked: view => {
        outlets.looked(view);
        this.tell();
      },
    });
  }

  dispose() {
    this.board.dispose();
    for (const timer of [this.hoverTimer, this.tellTimer, this.waiting]) clearTimeout(timer);
  }

  get scene() {
    return this.board.scene;
  }

  get options(): PictureProps {
    return this.props;
  }

  update(props: PictureProps) {
    const old = this.props;
    this.props = props;
    const { board } = this;
    const moved = board.scene.update(props.graph, props.placement, props.options, props.manual, performance.now());
    if (moved && this.waiting) this.putDown();
    if (moved || old.options !== props.options || old.manual !== props.manual) board.redraw();
    else if (old.graph !== props.graph) board.changed();
    if (this.focused && !board.scene.boxOf(this.focused)) this.focusOn(null);
    this.refreshOver();
    this.settle(moved);
  }

  resize(size: Size, dpr: number) {
    if (size.width === this.board.size.width && size.height === this.board.size.height && dpr === this.lastDpr) return;
    this.lastDpr = dpr;
    this.board.size = size;
    this.settle(true);
    this.board.resize(size, dpr);
  }
  private lastDpr = 0;

  // At first, and when another picture is shown, all of it is in sight; later one stays where one looks.
  private settle(moved: boolean) {
    const { board, props } = this;
    const key = props.fitKey ?? props.graph.view;
    if (!board.size.width || !(board.scene.placement.nodes.size + board.scene.placement.containers.size)) return;
    if (this.fittedFor === null && props.initialViewport) {
      this.touched = true;
      board.look(props.initialViewport);
    } else if (this.fittedFor !== key || (moved && !this.touched)) {
      if (this.fittedFor !== key && this.following === null) this.touched = false;
      board.look(this.whole());
    }
    const first = this.fittedFor === null;
    this.fittedFor = key;
    if (this.following !== null && (first || moved)) {
      const to = this.viewOf(this.following);
      if (to) board.look(to);
    }
  }

  // --- looking

  private whole(): Viewport {
    return fitted(this.scene.placement.bounds, this.board.size, this.props.insets ?? noInsets);
  }

  look(view: Viewport) {
    this.touched = true;
    this.following = null;
    this.board.look(kept(view, this.scene.placement.bounds, this.board.size));
  }

  panBy(dx: number, dy: number) {
    this.look(pannedBy(this.board.view, dx, dy));
  }

  zoomAt(at: Point, factor: number) {
    this.look(zoomedAt(this.board.view, this.board.size, at, factor));
  }

  zoomBy(factor: number) {
    this.touched = true;
    this.following = null;
    const { size, aim } = this.board;
    const to = zoomedAt(aim, size, { x: size.width / 2, y: size.height / 2 }, factor);
    this.board.flyTo(to);
    this.outlets.say(texts.zoomed(Math.round(to.zoom * 100)));
  }

  fit() {
    this.touched = false;
    this.following = null;
    this.board.flyTo(this.whole());
  }

  flyTo(id: string) {
    this.touched = true;
    this.following = id;
    // Before the first look there is nowhere to fly from: then it begins there.
    const to = this.fittedFor === null ? null : this.viewOf(id);
    if (to) this.board.flyTo(to);
  }

  // Where one looks to see a thing well.
  private viewOf(id: string): Viewport | null {
    const { scene, board } = this;
    const insets = this.props.insets ?? noInsets;
    const line = scene.edges.get(id);
    const box = line ? union(line.from, line.to) : (scene.boxOf(id) ?? scene.boxOf(scene.nodeOfLine(id) ?? ''));
    if (!box) return null;
    if (line || scene.graph.containers.has(id)) return fitted(box, board.size, insets, READ_ZOOM);
    return centred({ x: box.x + box.width / 2, y: box.y + box.height / 2 }, Math.max(READ_ZOOM, Math.min(board.view.zoom, 1.6)), insets);
  }

  private tell() {
    if (this.tellTimer) return;
    this.tellTimer = window.setTimeout(() => {
      this.tellTimer = 0;
      if (this.touched) this.props.onViewport?.(this.board.view);
    }, TELL_EVERY_MS);
  }

  at(point: Point): Point {
    return toPicture(this.board.view, this.board.size, point);
  }

  screen(point: Point): Point {
    return toScreen(this.board.view, this.board.size, point);
  }

  hit(point: Point): Hit | null {
    return hitAt(this.scene, this.at(point), this.board.sight());
  }

  grip(point: Point): { id: string; grip: Grip } | null {
    const { readOnly, options, onResizeContainer } = this.props;
    if (readOnly || options.hide_resize_handles || !onResizeContainer || this.board.sight().level === 'far') return null;
    return gripAt(this.scene, this.at(point), this.board.sight());
  }

  anchor(point: Point) {
    const { anchors } = this.board.over;
    return anchors === null ? null : anchorAt(this.scene, anchors, this.at(point), this.board.view.zoom);
  }

  // --- choosing, pointing, focusing

  select(hit: Hit | null) {
    this.props.onSelect(hit?.id ?? null, hit);
    if (!hit) this.outlets.say(texts.cleared);
  }

  open(hit: Hit) {
    if (hit.kind === 'container' || !this.props.onOpen) this.flyTo(hit.id);
    this.props.onOpen?.(hit.id, hit);
  }

  hover(hit: Hit | null, at: Point, grip: string | null = null) {
    const { over } = this.board;
    const id = hit?.id ?? null;
    if (over.handles !== grip) {
      over.handles = grip;
      this.board.refresh();
    }
    if (id === over.hovered) return;
    over.hovered = id;
    clearTimeout(this.hoverTimer);
    this.refreshOver();
    this.outlets.hover(hit ? { hit, at } : null);
    if (hit) this.hoverTimer = window.setTimeout(() => this.refreshOver(true), HOVER_DIM_MS);
  }

  focusOn(id: string | null) {
    this.focused = id;
    this.board.over.focused = id;
    this.board.refresh();
    const hit = id === null ? null : hitOf(this.scene, id);
    const words = hit && describe(this.scene, hit, Date.now() / 1000);
    this.outlets.focus(words ? spoken(words) : null);
    if (id !== null) this.bringIntoSight(id);
  }

  private bringIntoSight(id: string) {
    const box = this.scene.boxOf(id);
    if (!box) return;
    const { size, aim } = this.board;
    const insets = this.props.insets ?? noInsets;
    const area = areaOf(aim, size);
    const margin = 40 / aim.zoom;
    const left = area.x + insets.left / aim.zoom + margin;
    const right = area.x + area.width - insets.right / aim.zoom - margin;
    const top = area.y + insets.top / aim.zoom + margin;
    const bottom = area.y + area.height - insets.bottom / aim.zoom - margin;
    const dx = box.x < left ? box.x - left : box.x + box.width > right ? Math.min(box.x - left, box.x + box.width - right) : 0;
    const dy = box.y < top ? box.y - top : box.y + box.height > bottom ? Math.min(box.y - top, box.y + box.height - bottom) : 0;
    if (!dx && !dy) return;
    this.touched = true;
    this.board.flyTo({ ...aim, x: aim.x + dx, y: aim.y + dy });
  }

  around(id: string): Around {
    const { graph, edges } = this.scene;
    const key = `${id} ${graph.structure} ${edges.version} ${edges.grown}`;
    if (this.lastAround?.key === key) return this.lastAround.around;
    const around = this.scene.around(this.scene.graph.nodes.has(id) || this.scene.graph.containers.has(id) || this.scene.edges.get(id) ? id : (this.scene.nodeOfLine(id) ?? id));
    this.lastAround = { key, around };
    return around;
  }

  private has(id: string): boolean {
    const { scene } = this;
    return scene.boxOf(id) !== undefined || scene.edges.get(id) !== undefined || scene.nodeOfLine(id) !== null;
  }

  private refreshOver(dwelt = false) {
    const { over, scene } = this.board;
    const { selected, marked, compare, options, readOnly, onAnchorEdge } = this.props;
    // What the picture does not have dims nothing.
    const looked = selected !== null && this.has(selected) ? selected : over.hovered;
    over.selected = selected;
    over.marked = marked?.size ? marked : null;
    over.lit = looked === null ? null : this.around(looked);
    const fades = !options.no_fade_edges;
    over.bright = over.marked ? { nodes: withAbove(scene.parentOf, over.marked), edges: new Set() } : looked !== null && looked === selected && fades ? over.lit : compare ? changedOf(scene.graph) : dwelt && fades ? over.lit : null;
    const chosenEdge = selected !== null && !readOnly && onAnchorEdge && !selected.startsWith('bundle:') && scene.graph.edges.has(selected);
    over.anchors = chosenEdge ? selected : null;
    this.board.refresh();
  }

  // --- moving by hand

  canMove(hit: Hit | null): hit is Hit {
    return hit !== null && hit.kind !== 'edge' && !this.props.readOnly && this.props.onMoveNode !== undefined;
  }

  take(hit: Hit, point: Point): boolean {
    const thing = hold(this.scene, hit.nodeId ?? hit.id);
    if (!thing) return false;
    this.putDown();
    this.held = { thing, from: this.at(point) };
    this.board.moving = { ids: thing.ids, scene: thing.scene };
    this.board.redraw();
    return true;
  }

  takeGrip(grip: { id: string; grip: Grip }, point: Point): boolean {
    const box = this.scene.placement.containers.get(grip.id);
    if (!box) return false;
    this.sizing = { ...grip, box, from: this.at(point) };
    return true;
  }

  drag(point: Point) {
    const at = this.at(point);
    if (this.held) this.held.thing.shiftTo(at.x - this.held.from.x, at.y - this.held.from.y);
    if (this.sizing) this.board.outline = resized(this.sizing.box, this.sizing.grip, at.x - this.sizing.from.x, at.y - this.sizing.from.y);
    this.board.refresh();
  }

  drop(point: Point) {
    const at = this.at(point);
    const { held, sizing } = this;
    // Locked while it was dragged.
    if (this.props.readOnly) return this.cancelDrag();
    this.held = null;
    this.sizing = null;
    if (held) this.move(held.thing, held.thing.boxAt(at.x - held.from.x, at.y - held.from.y));
    if (sizing) {
      this.board.outline = null;
      const box = resized(sizing.box, sizing.grip, at.x - sizing.from.x, at.y - sizing.from.y);
      this.props.onResizeContainer?.(sizing.id, { ...relativeTo(this.scene, sizing.id, box), width: Math.round(box.width), height: Math.round(box.height) });
      this.board.refresh();
    }
  }

  cancelDrag() {
    this.held = null;
    this.sizing = null;
    this.board.outline = null;
    this.board.refresh();
    this.putDown();
  }

  private move(thing: Held, box: Box) {
    const title = this.scene.graph.nodes.get(thing.id)?.title ?? this.scene.graph.containers.get(thing.id)?.title ?? '';
    // It stays drawn where it was let go until its new place has come.
    clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.putDown(), WAIT_FOR_PLACE_MS);
    this.props.onMoveNode?.(thing.id, relativeTo(this.scene, thing.id, box));
    this.outlets.say(texts.moved(title));
  }

  private putDown() {
    clearTimeout(this.waiting);
    this.waiting = 0;
    if (!this.board.moving) return;
    this.board.moving = null;
    this.board.redraw();
  }

  // By keys: the chosen or focused thing, by so many lengths.
  nudge(dx: number, dy: number) {
    const id = this.props.selected ?? this.focused;
    const hit = id === null ? null : hitOf(this.scene, id);
    const box = hit && this.scene.boxOf(hit.nodeId ?? hit.id);
    if (!box || !this.canMove(hit)) return;
    this.props.onMoveNode?.(hit.nodeId ?? hit.id, relativeTo(this.scene, hit.nodeId ?? hit.id, { x: box.x + dx, y: box.y + dy }));
  }

  setAnchor(end: 'source_handle' | 'target_handle', side: 'Top' | 'Right' | 'Bottom' | 'Left') {
    const { anchors } = this.board.over;
    if (anchors !== null) this.props.onAnchorEdge?.(anchors, end, side);
  }
}

const union = (a: Box, b: Box): Box => {
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return { x, y, width: Math.max(a.x + a.width, b.x + b.width) - x, height: Math.max(a.y + a.height, b.y + b.height) - y };
};

function withAbove(parentOf: (id: string) => string | null, ids: ReadonlySet<string>): Set<string> {
  const found = new Set(ids);
  for (const id of ids) for (let up = parentOf(id); up && !found.has(up); up = parentOf(up)) found.add(up);
  return found;
}

function changedOf(graph: PictureProps['graph']): Around {
  const nodes = new Set<string>();
  const edges = new Set<string>();
  for (const [id, node] of graph.nodes) {
    if (!node.change && !node.lines.some(line => line.change)) continue;
    nodes.add(id);
    if (node.container) nodes.add(node.container);
  }
  for (const [id, container] of graph.containers) if (container.change) nodes.add(id);
  for (const [id, edge] of graph.edges) {
    if (!edge.change) continue;
    edges.add(id);
    nodes.add(edge.source).add(edge.target);
  }
  return { nodes, edges };
}
