// SPDX-License-Identifier: BSD-2-Clause
// A CSS colour as shares of red, green and blue, and how much it covers. What can't be read is black.

export interface Color {
  rgb: readonly [number, number, number]; // 0…1
  alpha: number;
}

const known = new Map<string, Color>();

export function readColor(css: string): Color {
  let color = known.get(css);
  if (!color) known.set(css, (color = read(css.trim().toLowerCase())));
  return color;
}

function read(css: string): Color {
  const hex = /^#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/.exec(css)?.[1];
  if (hex) {
    const step = hex.length < 6 ? 1 : 2;
    const parts = Array.from({ length: hex.length / step }, (_, i) => parseInt(hex.slice(i * step, i * step + step).repeat(3 - step), 16) / 255);
    return { rgb: [parts[0]!, parts[1]!, parts[2]!], alpha: parts[3] ?? 1 };
  }
  const numbers = /^rgba?\(([^)]*)\)$/.exec(css)?.[1]?.split(/[\s,/]+/).filter(Boolean);
  if (numbers && numbers.length >= 3) {
    const parts = numbers.map((part, i) => bound((parseFloat(part) || 0) / (part.endsWith('%') ? 100 : i < 3 ? 255 : 1)));
    return { rgb: [parts[0]!, parts[1]!, parts[2]!], alpha: parts[3] ?? 1 };
  }
  return { rgb: css === 'white' ? [1, 1, 1] : [0, 0, 0], alpha: css === 'transparent' ? 0 : 1 };
}

const bound = (value: number) => Math.min(1, Math.max(0, value));
