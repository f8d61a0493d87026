// SPDX-License-Identifier: BSD-2-Clause
// The picture of the network, to look at and to arrange.

import { useImperativeHandle, useRef } from 'react';

import type { PictureProps } from './props';

export type { Hit, PictureHandle, PictureProps } from './props';
export type { Insets, Viewport } from './viewport';

export function Picture({ ref }: PictureProps) {
  const element = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => ({
    fit() {},
    flyTo() {},
    zoomBy() {},
    focus: () => element.current?.focus(),
    viewport: () => ({ x: 0, y: 0, zoom: 1 }),
    neighbours: () => new Set<string>(),
  }));
  return <div ref={element} data-testid="picture" />;
}

export default Picture;
