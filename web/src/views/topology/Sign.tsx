// SPDX-License-Identifier: BSD-2-Clause
// An icon of the picture (icons.ts) beside words.

import { iconShape } from '../../topology/icons';

export function Sign({ name, size = 18, className }: { name: string; size?: number; className?: string | undefined }) {
  const { paths, filled } = iconShape(name);
  return (
    <svg className={className} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" {...(filled ? { fill: 'currentColor' } : { fill: 'none', stroke: 'currentColor', strokeWidth: 1.7, strokeLinecap: 'round', strokeLinejoin: 'round' })}>
      {paths.map((path, i) => (
        <path key={i} d={path} />
      ))}
    </svg>
  );
}
