// SPDX-License-Identifier: BSD-2-Clause
// The path data of SVG (SVG 2, 9.3) as plain steps: everything absolute, arcs and quadratic curves as cubic ones. A closed
// part ends with a line to its beginning.

import type { PathStep } from './painter';

const counts: Record<string, number> = { M: 2, L: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, T: 2, A: 7, Z: 0 };

export function readPath(data: string): PathStep[] {
  const steps: PathStep[] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  let last = { command: '', x: 0, y: 0 }; // the control point that a smooth curve mirrors
  for (const [, letter, text] of data.matchAll(/([a-df-z])([^a-df-z]*)/gi)) {
    const command = letter!.toUpperCase();
    const relative = letter !== command;
    const count = counts[command];
    if (count === undefined) return steps;
    const values = numbers(text!, command === 'A');
    for (let i = 0; i === 0 || (count > 0 && i < values.length); i += count || 1) {
      const v = values.slice(i, i + count);
      if (v.length < count) break;
      const [dx, dy] = relative ? [x, y] : [0, 0];
      const curve = (x1: number, y1: number, x2: number, y2: number, toX: number, toY: number) => {
        steps.push(['C', x1, y1, x2, y2, toX, toY]);
        [x, y] = [toX, toY];
      };
      let control = { command: '', x: 0, y: 0 };
      if (command === 'M' && i === 0) {
        [x, y] = [v[0]! + dx, v[1]! + dy];
        [startX, startY] = [x, y];
        steps.push(['M', x, y]);
      } else if (command === 'M' || command === 'L' || command === 'H' || command === 'V') {
        const before = [x, y] as const;
        x = command === 'V' ? before[0] : v[0]! + dx;
        y = command === 'H' ? before[1] : command === 'V' ? v[0]! + dy : v[1]! + dy;
        steps.push(['L', x, y]);
      } else if (command === 'C') {
        control = { command: 'C', x: v[2]! + dx, y: v[3]! + dy };
        curve(v[0]! + dx, v[1]! + dy, control.x, control.y, v[4]! + dx, v[5]! + dy);
      } else if (command === 'S') {
        const [x1, y1] = last.command === 'C' ? [2 * x - last.x, 2 * y - last.y] : [x, y];
        control = { command: 'C', x: v[0]! + dx, y: v[1]! + dy };
        curve(x1, y1, control.x, control.y, v[2]! + dx, v[3]! + dy);
      } else if (command === 'Q' || command === 'T') {
        const [qx, qy] = command === 'Q' ? [v[0]! + dx, v[1]! + dy] : last.command === 'Q' ? [2 * x - last.x, 2 * y - last.y] : [x, y];
        const [toX, toY] = command === 'Q' ? [v[2]! + dx, v[3]! + dy] : [v[0]! + dx, v[1]! + dy];
        control = { command: 'Q', x: qx, y: qy };
        curve(x + (2 / 3) * (qx - x), y + (2 / 3) * (qy - y), toX + (2 / 3) * (qx - toX), toY + (2 / 3) * (qy - toY), toX, toY);
      } else if (command === 'A') {
        const [toX, toY] = [v[5]! + dx, v[6]! + dy];
        for (const part of arc(x, y, v[0]!, v[1]!, v[2]!, v[3]! !== 0, v[4]! !== 0, toX, toY)) steps.push(part);
        [x, y] = [toX, toY];
      } else {
        if (x !== startX || y !== startY) steps.push(['L', startX, startY]);
        [x, y] = [startX, startY];
      }
      last = control;
    }
  }
  return steps;
}

// The flags of an arc are one figure each and may touch what follows: "a2 2 0 012 2".
function numbers(text: string, isArc: boolean): number[] {
  const out: number[] = [];
  const number = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/iy;
  let at = 0;
  while (at < text.length) {
    if (/[\s,]/.test(text[at]!)) {
      at++;
      continue;
    }
    if (isArc && (out.length % 7 === 3 || out.length % 7 === 4)) {
      out.push(text[at++] === '1' ? 1 : 0);
      continue;
    }
    number.lastIndex = at;
    const found = number.exec(text);
    if (!found) break;
    out.push(Number(found[0]));
    at = number.lastIndex;
  }
  return out;
}

// An elliptical arc by its ends (SVG 2, appendix B.2), in parts of a quarter at most.
function arc(x1: number, y1: number, rx: number, ry: number, degrees: number, large: boolean, sweep: boolean, x2: number, y2: number): PathStep[] {
  [rx, ry] = [Math.abs(rx), Math.abs(ry)];
  if ((x1 === x2 && y1 === y2) || !rx || !ry) return x1 === x2 && y1 === y2 ? [] : [['L', x2, y2]];
  const turn = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const [mx, my] = [(x1 - x2) / 2, (y1 - y2) / 2];
  const [px, py] = [cos * mx + sin * my, cos * my - sin * mx];
  const grow = Math.sqrt(Math.max(1, (px / rx) ** 2 + (py / ry) ** 2));
  rx *= grow;
  ry *= grow;
  const under = (rx * ry) ** 2 - (rx * py) ** 2 - (ry * px) ** 2;
  const factor = (large === sweep ? -1 : 1) * Math.sqrt(Math.max(0, under) / ((rx * py) ** 2 + (ry * px) ** 2));
  const [cx, cy] = [(factor * rx * py) / ry, (-factor * ry * px) / rx];
  const from = Math.atan2((py - cy) / ry, (px - cx) / rx);
  let span = Math.atan2((-py - cy) / ry, (-px - cx) / rx) - from;
  if (sweep && span < 0) span += 2 * Math.PI;
  if (!sweep && span > 0) span -= 2 * Math.PI;
  const parts = Math.max(1, Math.ceil(Math.abs(span) / (Math.PI / 2) - 1e-9));
  const step = span / parts;
  const reach = (4 / 3) * Math.tan(step / 4);
  const [ox, oy] = [cos * cx - sin * cy + (x1 + x2) / 2, sin * cx + cos * cy + (y1 + y2) / 2];
  const at = (u: number, v: number): [number, number] => [cos * rx * u - sin * ry * v + ox, sin * rx * u + cos * ry * v + oy];
  return Array.from({ length: parts }, (_, i): PathStep => {
    const [a, b] = [from + i * step, from + (i + 1) * step];
    const first = at(Math.cos(a) - reach * Math.sin(a), Math.sin(a) + reach * Math.cos(a));
    const second = at(Math.cos(b) + reach * Math.sin(b), Math.sin(b) - reach * Math.cos(b));
    const end = i === parts - 1 ? ([x2, y2] as const) : at(Math.cos(b), Math.sin(b));
    return ['C', ...first, ...second, ...end];
  });
}
