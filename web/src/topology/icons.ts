// SPDX-License-Identifier: BSD-2-Clause
// Icons as lines in a box of 24 × 24, for whatever draws: Tabler's outlines ("router"), which are stroked, and brands'
// logos ("logo:grafana"), which are filled.

import lines from 'virtual:icons';

export interface IconShape {
  paths: readonly string[];
  filled: boolean;
}

const fallback = 'point';
const shapes = new Map<string, IconShape>();

// All that there are.
export const allIcons = (): string[] => Object.keys(lines);

export const hasIcon = (name: string): boolean => Object.hasOwn(lines, name);

// The same object each time.
export function iconShape(name: string): IconShape {
  let shape = shapes.get(name);
  if (!shape) {
    const known = hasIcon(name) ? name : fallback;
    shape = { paths: lines[known]!, filled: known.startsWith('logo:') };
    shapes.set(name, shape);
  }
  return shape;
}
