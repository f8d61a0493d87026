// SPDX-License-Identifier: BSD-2-Clause
// What a picture is drawn with. The same drawing goes to a canvas, an SVG and a PDF, so that what is exported is what
// was seen. Colours are CSS colours without variables; angles do not occur.

export interface Stroke {
  color: string;
  width: number;
  dash?: readonly number[];
  alpha?: number;
}

export interface TextStyle {
  size: number; // of the letters, in lengths of the picture
  color: string;
  weight?: 400 | 500 | 600;
  mono?: boolean;
  align?: 'left' | 'center' | 'right';
  width?: number; // cut with an ellipsis beyond
  alpha?: number;
}

// A path: M x y, L x y, C x1 y1 x2 y2 x y, flat.
export type PathStep = ['M', number, number] | ['L', number, number] | ['C', number, number, number, number, number, number];

export interface Painter {
  rect(x: number, y: number, width: number, height: number, radius: number, fill: string | null, stroke?: Stroke): void;
  circle(x: number, y: number, radius: number, fill: string | null, stroke?: Stroke): void;
  path(steps: readonly PathStep[], stroke: Stroke, arrow?: { at: 'end' | 'both'; size: number }): void;
  // x, y: where the letters stand on, at their left, middle or right.
  text(text: string, x: number, y: number, style: TextStyle): void;
  // An icon of icons.ts in the square of that corner and size.
  icon(name: string, x: number, y: number, size: number, color: string): void;
  // Everything until leave() belongs to this thing: an exported picture can be asked what it shows.
  enter?(id: string, title: string): void;
  leave?(): void;
}
