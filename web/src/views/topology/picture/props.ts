// SPDX-License-Identifier: BSD-2-Clause
// What a picture is given and what it tells.

import type { Ref } from 'react';

import type { Box, Graph, Manual, Placement, Point, Side } from '../../../topology/model';
import type { Options } from '../../../topology/options';
import type { Hit } from '../../../topology/scene/hit';
import type { Insets, Viewport } from './viewport';

export type { Hit };

export interface PictureHandle {
  fit(): void;
  flyTo(id: string): void;
  zoomBy(factor: number): void;
  focus(): void;
  viewport(): Viewport;
  neighbours(id: string): ReadonlySet<string>;
}

export interface PictureProps {
  graph: Graph;
  placement: Placement;
  manual: Manual;
  options: Options;
  readOnly?: boolean;
  selected: string | null;
  onSelect(id: string | null, hit: Hit | null): void;
  onOpen?(id: string, hit: Hit): void;
  marked?: ReadonlySet<string>;
  compare?: boolean;
  label?: string;
  // Once, when it is let go. A node's place is relative to its container's corner, a container's to its parent's.
  onMoveNode?(id: string, to: Point): void;
  onResizeContainer?(id: string, box: Box): void;
  onAnchorEdge?(id: string, end: 'source_handle' | 'target_handle', side: Side): void;
  onViewport?(view: Viewport): void;
  initialViewport?: Viewport | null;
  fitKey?: string;
  insets?: Insets;
  ref?: Ref<PictureHandle>;
}
