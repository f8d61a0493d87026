// SPDX-License-Identifier: BSD-2-Clause
// A sample of the picture, drawn by the picture's own drawing on a small canvas.

import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';

import { defaults, type Options } from '../../../topology/options';
import { CanvasPainter } from '../../../topology/paint/canvas';
import { drawPicture, exportView, type View } from '../../../topology/paint/draw';
import { darkPalette, lightPalette } from '../../../topology/paint/palette';
import { Scene } from '../../../topology/scene/scene';
import type { Sample } from './samples';

export function Mark({ sample, scale = 1, options = defaults, view = {} }: { sample: Sample; scale?: number; options?: Options; view?: Partial<View> }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useComputedColorScheme('light') === 'dark';
  const width = Math.round(sample.width * scale);
  const height = Math.round(sample.height * scale);
  useEffect(() => {
    const ctx = canvas.current?.getContext('2d');
    if (!ctx) return;
    const dots = devicePixelRatio || 1;
    ctx.canvas.width = width * dots;
    ctx.canvas.height = height * dots;
    ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
    const scene = new Scene();
    scene.update(sample.graph, sample.placement, options);
    drawPicture(new CanvasPainter(ctx, { scale: scale * dots, x: 0, y: 0 }), scene, { ...exportView(scene, dark ? darkPalette : lightPalette), zoom: scale, ...view });
  }, [sample, dark, width, height, options]);
  return <canvas ref={canvas} width={width} height={height} style={{ width, height, flex: 'none', display: 'block' }} aria-hidden="true" />;
}
