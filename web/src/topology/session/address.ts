// SPDX-License-Identifier: BSD-2-Clause
// What the address says of the picture on show, so that a link shows the same to whoever opens it. Pure.

import type { ViewKind } from '../model';

export const viewKinds = ['logical', 'physical', 'applications', 'workloads'] as const satisfies readonly ViewKind[];
export const panels = ['inspect', 'options', 'legend', 'outline', 'changes'] as const;
export type PanelName = (typeof panels)[number];

export interface Spot {
  x: number;
  y: number;
  zoom: number;
}

export interface Address {
  view: ViewKind | null; // null: as the saved topology has it
  topology: string | null;
  selected: string | null;
  panel: PanelName | null;
  at: number | null; // seconds; null: now
  since: number | null; // compared with
  spot: Spot | null;
}

const oneOf = <T extends string>(values: readonly T[], text: string | null): T | null => values.find(each => each === text) ?? null;

function seconds(text: string | null): number | null {
  const value = text === null || text === '' ? NaN : Number(text);
  return Number.isFinite(value) && value > 0 ? value : null;
}

function spotOf(text: string | null): Spot | null {
  const [x, y, zoom, ...rest] = (text ?? '').split(',').map(Number);
  if (rest.length || x === undefined || y === undefined || zoom === undefined) return null;
  return [x, y, zoom].every(Number.isFinite) && zoom > 0 && zoom <= 8 ? { x, y, zoom } : null;
}

export function readAddress(params: URLSearchParams): Address {
  const at = seconds(params.get('at'));
  const since = seconds(params.get('since'));
  return {
    view: oneOf(viewKinds, params.get('view')),
    topology: params.get('topology'),
    selected: params.get('selected'),
    panel: oneOf(panels, params.get('panel')),
    at,
    since: since !== null && (at === null || since < at) ? since : null,
    spot: spotOf(params.get('place')),
  };
}

export const spotText = (spot: Spot) => `${Math.round(spot.x)},${Math.round(spot.y)},${Number(spot.zoom.toPrecision(3))}`;
