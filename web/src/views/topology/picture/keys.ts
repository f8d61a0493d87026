// SPDX-License-Identifier: BSD-2-Clause
// The picture by keyboard alone.

import { levelAt } from '../../../topology/scene/level';
import { nearestThing, nextThing, type Direction } from '../../../topology/scene/walk';
import { texts } from '../../../texts/picture';
import type { Controller } from './controller';
import { hitOf } from './describe';

const PAN = 80; // pixels
const ZOOM = 1.3;
const NUDGE = 10; // lengths
const directions: Record<string, Direction> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right' };
const steps: Record<Direction, [number, number]> = { up: [0, -1], down: [0, 1], left: [-1, 0], right: [1, 0] };

export function listenToKeys(element: HTMLElement, controller: Controller, say: (text: string) => void): () => void {
  const { board } = controller;

  function walk(direction: Direction) {
    const level = levelAt(board.aim.zoom);
    const from = controller.focused ?? controller.options.selected;
    const next = nextThing(board.scene, level, from, direction, board.aim);
    if (next === null) say(texts.nothingThere);
    else controller.focusOn(next);
  }

  function toContainer() {
    const from = controller.focused;
    const parent = from === null ? null : board.scene.parentOf(from);
    if (parent !== null) controller.focusOn(parent);
  }

  function intoContainer() {
    const from = controller.focused;
    if (from === null || !board.scene.graph.containers.has(from)) return;
    const box = board.scene.boxOf(from)!;
    const first = nearestThing(board.scene, 'near', { x: box.x, y: box.y });
    if (first !== null) controller.focusOn(first);
  }

  function act(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey) return false;
    const direction = directions[event.key];
    if (direction) {
      const [x, y] = steps[direction];
      if (event.altKey) controller.nudge(x * NUDGE, y * NUDGE);
      else if (event.shiftKey) controller.panBy(-x * PAN, -y * PAN);
      else walk(direction);
      return true;
    }
    if (event.altKey) return false;
    switch (event.key) {
      case 'Enter': {
        const id = controller.focused ?? controller.options.selected;
        const hit = id === null ? null : hitOf(board.scene, id);
        if (!hit) return false;
        if (hit.id === controller.options.selected) controller.open(hit);
        else controller.select(hit);
        return true;
      }
      case 'Escape':
        controller.cancelDrag();
        if (controller.options.selected !== null) controller.select(null);
        else if (controller.focused !== null) controller.focusOn(null);
        else return false;
        return true;
      case '+':
      case '=':
        controller.zoomBy(ZOOM);
        return true;
      case '-':
      case '_':
        controller.zoomBy(1 / ZOOM);
        return true;
      case '0':
        controller.fit();
        return true;
      case 'f':
      case 'F': {
        const id = controller.focused ?? controller.options.selected;
        if (id !== null) controller.flyTo(id);
        return id !== null;
      }
      case 'PageUp':
        toContainer();
        return true;
      case 'PageDown':
        intoContainer();
        return true;
      default:
        return false;
    }
  }

  const onKey = (event: KeyboardEvent) => {
    if (event.target !== element || !act(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  element.addEventListener('keydown', onKey);
  return () => element.removeEventListener('keydown', onKey);
}
