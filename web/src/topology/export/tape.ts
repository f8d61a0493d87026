// SPDX-License-Identifier: BSD-2-Clause
// Remembers what is drawn, to be drawn again bit by bit: to draw a picture is quick, to write it down may be long.

import type { Painter } from '../paint/painter';
import { inSlices, type Work } from './work';

type Mark = (painter: Painter) => void;

export class Tape implements Painter {
  private marks: Mark[] = [];

  rect: Painter['rect'] = (...mark) => void this.marks.push(painter => painter.rect(...mark));
  circle: Painter['circle'] = (...mark) => void this.marks.push(painter => painter.circle(...mark));
  path: Painter['path'] = (...mark) => void this.marks.push(painter => painter.path(...mark));
  text: Painter['text'] = (...mark) => void this.marks.push(painter => painter.text(...mark));
  icon: Painter['icon'] = (...mark) => void this.marks.push(painter => painter.icon(...mark));
  enter: NonNullable<Painter['enter']> = (...thing) => void this.marks.push(painter => painter.enter?.(...thing));
  leave: NonNullable<Painter['leave']> = () => void this.marks.push(painter => painter.leave?.());

  get length() {
    return this.marks.length;
  }

  play(painter: Painter) {
    for (const mark of this.marks) mark(painter);
  }

  playInSlices(painter: Painter, work: Work, from: number, to: number, settle?: () => void): Promise<void> {
    const { marks } = this;
    return inSlices(marks.length, i => marks[i]!(painter), work, from, to, settle);
  }
}
