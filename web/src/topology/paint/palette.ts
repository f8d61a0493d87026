// SPDX-License-Identifier: BSD-2-Clause
// The colours of a picture: those of the page (styles.css) as plain values, since neither a canvas nor an SVG in a
// file knows CSS variables. paint.test.ts holds the two against each other.

export interface Palette {
  dark: boolean;
  page: string;
  card: string;
  sunken: string;
  line: string;
  lineSoft: string;
  ink: string;
  ink2: string;
  ink3: string;
  accent: string;
  accentSoft: string;
  live: string;
  liveSoft: string;
  warn: string;
  warnSoft: string;
  bad: string;
  badSoft: string;
  flash: string;
}

export const lightPalette: Palette = {
  dark: false,
  page: '#f4f7f7',
  card: '#ffffff',
  sunken: '#eef3f3',
  line: '#dfe7e7',
  lineSoft: '#e9efef',
  ink: '#14262a',
  ink2: '#4a5d61',
  ink3: '#596a6d',
  accent: '#00717b',
  accentSoft: '#dff2f4',
  live: '#187a55',
  liveSoft: '#d9f7e7',
  warn: '#8f5f00',
  warnSoft: '#fff0d2',
  bad: '#b23232',
  badSoft: '#ffe4e1',
  flash: '#b6f2d2',
};

export const darkPalette: Palette = {
  dark: true,
  page: '#0c1719',
  card: '#111f22',
  sunken: '#0e1a1c',
  line: '#22353a',
  lineSoft: '#1a2a2e',
  ink: '#e4eded',
  ink2: '#a9b9bb',
  ink3: '#86989b',
  accent: '#4fc3ce',
  accentSoft: '#123439',
  live: '#54d79a',
  liveSoft: '#0f3526',
  warn: '#f4b858',
  warnSoft: '#3a2b0c',
  bad: '#f7928b',
  badSoft: '#3f1b1b',
  flash: '#17583c',
};

const variables = Object.entries(lightPalette).flatMap(([name, value]) => (typeof value === 'string' ? [[name, `--${name.replace(/[A-Z0-9]/, found => `-${found.toLowerCase()}`)}`] as const] : []));

// What the page has now; what it lacks is the light palette's.
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const dark = element.ownerDocument.documentElement.dataset.mantineColorScheme === 'dark';
  const base = dark ? darkPalette : lightPalette;
  const read = Object.fromEntries(variables.flatMap(([name, variable]) => [[name, style.getPropertyValue(variable).trim()] as const]).filter(([, value]) => value));
  return { ...base, ...read, dark };
}

// A colour that is partly seen, as a colour of its own: "#rrggbb" and a share.
export function mix(over: string, under: string, share: number): string {
  const [a, b] = [channels(over), channels(under)];
  if (!a || !b) return over;
  return `#${a.map((value, i) => Math.round(value * share + b[i]! * (1 - share)).toString(16).padStart(2, '0')).join('')}`;
}

function channels(color: string): number[] | null {
  const hex = /^#([0-9a-f]{6})$/i.exec(color)?.[1] ?? /^#([0-9a-f]{3})$/i.exec(color)?.[1]?.replace(/./g, '$&$&');
  return hex ? [0, 2, 4].map(at => parseInt(hex.slice(at, at + 2), 16)) : null;
}
