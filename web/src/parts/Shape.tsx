// SPDX-License-Identifier: BSD-2-Clause
// An icon of the catalogue (topology/icons.ts) beside text: Tabler's lines or a brand's logo, in the text's colour.

import { iconShape } from '../topology/icons';

export function Shape({ name, size = 18 }: { name: string; size?: number }) {
  const { paths, filled } = iconShape(name);
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" {...(filled ? { fill: 'currentColor' } : { fill: 'none', stroke: 'currentColor', strokeWidth: 1.7, strokeLinecap: 'round', strokeLinejoin: 'round' })}>
      {paths.map((path, i) => (
        <path key={i} d={path} />
      ))}
    </svg>
  );
}
