// SPDX-License-Identifier: BSD-2-Clause
// Mouse, pen, fingers and wheel. Dragging the ground moves the view, dragging a thing moves the thing; two fingers and
// the wheel zoom about where they are. On a touch screen a thing is moved only when it is chosen already, so that one can look around.

import type { Point } from '../../../topology/model';
import type { Hit } from '../../../topology/scene/hit';
import type { Controller } from './controller';

const SLIP = 4; // pixels that a click may move
const WHEEL_ZOOM = 0.0016; // of a pixel of the wheel, as an exponent of e
const PINCH_ZOOM = 0.01;
const GESTURE_MS = 180; // wheel events closer than this are one gesture
const WHEEL_STEP_LEAST = 50; // a mouse wheel's step; a touchpad's are smaller
const DOUBLE_ZOOM = 2;

type Act =
  | { does: 'look'; last: Point }
  | { does: 'press'; hit: Hit | null; from: Point; grip: ReturnType<Controller['grip']>; anchor: ReturnType<Controller['anchor']>; mayMove: boolean }
  | { does: 'drag' }
  | { does: 'pinch'; middle: Point; span: number };

export function listenToPointer(element: HTMLElement, controller: Controller, cursor: (name: string) => void): () => void {
  const fingers = new Map<number, Point>();
  let act: Act | null = null;
  let space = false;
  let hoverFrame = 0;
  let hoverAt: Point | null = null;
  let wheel = { kind: 'zoom', at: 0 };

  const at = (event: { clientX: number; clientY: number }): Point => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const span = (): { middle: Point; span: number } => {
    const [a, b] = [...fingers.values()] as [Point, Point];
    return { middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, span: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)) };
  };

  function hover() {
    hoverFrame = 0;
    if (!hoverAt || act) return;
    const grip = controller.grip(hoverAt);
    const anchor = controller.anchor(hoverAt);
    const hit = anchor ? null : controller.hit(hoverAt);
    controller.hover(hit, hoverAt, grip?.id ?? null);
    cursor(space ? 'grab' : anchor ? 'pointer' : grip && hit?.kind !== 'node' && hit?.kind !== 'line' ? `${grip.grip}-resize` : hit ? 'pointer' : 'grab');
  }

  function down(event: PointerEvent) {
    if (event.button !== 0 && event.button !== 1) return;
    const point = at(event);
    fingers.set(event.pointerId, point);
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    controller.hover(null, point);
    if (fingers.size === 2) {
      if (act?.does === 'drag') controller.cancelDrag();
      act = { does: 'pinch', ...span() };
      return;
    }
    if (space || event.button === 1) {
      act = { does: 'look', last: point };
      cursor('grabbing');
      return;
    }
    const hit = controller.hit(point);
    const onThing = hit?.kind === 'node' || hit?.kind === 'line';
    const touch = event.pointerType === 'touch';
    const chosen = hit !== null && (hit.id === controller.options.selected || hit.nodeId === controller.options.selected);
    act = { does: 'press', hit, from: point, grip: onThing || touch ? null : controller.grip(point), anchor: controller.anchor(point), mayMove: !touch || chosen };
  }

  function move(event: PointerEvent) {
    const point = at(event);
    if (!fingers.has(event.pointerId)) {
      if (event.pointerType === 'touch') return;
      hoverAt = point;
      if (!hoverFrame) hoverFrame = requestAnimationFrame(hover);
      return;
    }
    fingers.set(event.pointerId, point);
    if (act?.does === 'pinch' && fingers.size >= 2) {
      const next = span();
      controller.zoomAt(next.middle, next.span / act.span);
      controller.panBy(next.middle.x - act.middle.x, next.middle.y - act.middle.y);
      act = { does: 'pinch', ...next };
    } else if (act?.does === 'press') {
      if (Math.hypot(point.x - act.from.x, point.y - act.from.y) < SLIP) return;
      const { grip, hit, from, mayMove } = act;
      if (grip && controller.takeGrip(grip, from)) act = { does: 'drag' };
      else if (mayMove && controller.canMove(hit) && controller.take(hit, from)) act = { does: 'drag' };
      else act = { does: 'look', last: from };
      cursor(grip && act.does === 'drag' ? `${grip.grip}-resize` : 'grabbing');
      move(event);
    } else if (act?.does === 'look') {
      controller.panBy(point.x - act.last.x, point.y - act.last.y);
      act.last = point;
    } else if (act?.does === 'drag') controller.drag(point);
  }

  function up(event: PointerEvent) {
    if (!fingers.delete(event.pointerId)) return;
    const point = at(event);
    const done = act;
    act = null;
    if (done?.does === 'pinch' && fingers.size === 1) act = { does: 'look', last: [...fingers.values()][0]! };
    else if (done?.does === 'drag') controller.drop(point);
    else if (done?.does === 'press') {
      if (done.anchor) controller.setAnchor(done.anchor.end, done.anchor.side);
      else controller.select(done.hit);
    }
    cursor('grab');
  }

  function cancel(event: PointerEvent) {
    fingers.delete(event.pointerId);
    if (act?.does === 'drag') controller.cancelDrag();
    act = null;
  }

  function onWheel(event: WheelEvent) {
    event.preventDefault();
    const point = at(event);
    const now = event.timeStamp;
    const pixels = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    const [dx, dy] = [event.deltaX * pixels, event.deltaY * pixels];
    // A touchpad's two fingers move the view, a wheel zooms. Which it is, the first event of a gesture says.
    if (now - wheel.at > GESTURE_MS) wheel.kind = event.ctrlKey || event.metaKey ? 'pinch' : event.deltaMode !== 0 || (dx === 0 && Math.abs(dy) >= WHEEL_STEP_LEAST) ? 'zoom' : 'look';
    wheel.at = now;
    controller.hover(null, point);
    if (wheel.kind === 'look') controller.panBy(event.shiftKey ? -dy : -dx, event.shiftKey ? 0 : -dy);
    else controller.zoomAt(point, Math.exp(-dy * (wheel.kind === 'pinch' && Math.abs(dy) < WHEEL_STEP_LEAST ? PINCH_ZOOM : WHEEL_ZOOM)));
  }

  function double(event: MouseEvent) {
    const point = at(event);
    const hit = controller.hit(point);
    if (hit) controller.open(hit);
    else controller.board.flyTo(zoomed(point));
  }
  const zoomed = (point: Point) => {
    const there = controller.at(point);
    const { view } = controller.board;
    const zoom = view.zoom * DOUBLE_ZOOM;
    return { zoom, x: there.x - (there.x - view.x) / DOUBLE_ZOOM, y: there.y - (there.y - view.y) / DOUBLE_ZOOM };
  };

  const leave = () => {
    hoverAt = null;
    controller.hover(null, { x: 0, y: 0 });
  };
  const onSpace = (event: KeyboardEvent) => {
    if (event.key !== ' ') return;
    space = event.type === 'keydown';
    if (event.target === element) event.preventDefault();
    cursor('grab');
  };

  const off = new AbortController();
  const { signal } = off;
  element.addEventListener('pointerdown', down, { signal });
  element.addEventListener('pointermove', move, { signal });
  element.addEventListener('pointerup', up, { signal });
  element.addEventListener('pointercancel', cancel, { signal });
  element.addEventListener('pointerleave', leave, { signal });
  element.addEventListener('dblclick', double, { signal });
  element.addEventListener('wheel', onWheel, { signal, passive: false });
  element.addEventListener('keydown', onSpace, { signal });
  element.addEventListener('keyup', onSpace, { signal });
  element.addEventListener('blur', () => (space = false), { signal });
  return () => {
    off.abort();
    cancelAnimationFrame(hoverFrame);
  };
}
