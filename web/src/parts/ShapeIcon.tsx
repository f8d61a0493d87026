// SPDX-License-Identifier: BSD-2-Clause
// An icon of the catalogue, by its name: outlines are stroked, brands' logos filled.

import { memo } from 'react';

import { iconShape } from '../topology/icons';

export const ShapeIcon = memo(function ShapeIcon({ name, size = 18, stroke = 1.6 }: { name: string; size?: number; stroke?: number }) {
  const shape = iconShape(name);
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false" {...(shape.filled ? { fill: 'currentColor' } : { fill: 'none', stroke: 'currentColor', strokeWidth: stroke, strokeLinecap: 'round' as const, strokeLinejoin: 'round' as const })}>
      {shape.paths.map(path => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
});
