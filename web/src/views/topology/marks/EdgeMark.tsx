// SPDX-License-Identifier: BSD-2-Clause
import { useMemo } from 'react';

import type { EdgeKind, Truth } from '../../../topology/model';
import { Mark } from './Mark';
import { edgeSample } from './samples';

// The line that a kind of edge is drawn as.
export function EdgeMark({ kind, truth, width = 48 }: { kind: EdgeKind; truth?: Truth; width?: number }) {
  const sample = useMemo(() => edgeSample(kind, truth ? { truth } : {}, width), [kind, truth, width]);
  return <Mark sample={sample} />;
}
