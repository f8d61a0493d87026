// SPDX-License-Identifier: BSD-2-Clause
// Figures and times as people read them: in the viewer's language and zone. Pure.

const fixed = [0, 1, 2].map(digits => new Intl.NumberFormat(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false }));
const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${fixed[digits]!.format(value)} ${units[unit]}`;
}

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });

export const countText = (value: number) => whole.format(value);

export const compactText = (value: number) => (value < 10_000 ? whole.format(value) : compact.format(value));

// "1 host", "3 hosts"
export const plural = (count: number, one: string, many = one + 's') => `${countText(count)} ${count === 1 ? one : many}`;

export function agoText(seconds: number): string {
  if (seconds < 5) return 'now';
  if (seconds < 60) return `${Math.floor(seconds)} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 86_400 * 60) return plural(Math.floor(seconds / 86_400), 'day') + ' ago';
  return plural(Math.floor(seconds / 86_400 / 30.44), 'month') + ' ago';
}

export function spanText(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return plural(Math.floor(seconds / 86_400), 'day');
}

// Making a formatter is what costs, so each is made once.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatted(seconds: number, name: string, options: Intl.DateTimeFormatOptions, zone: string | undefined): string {
  const key = `${name} ${zone ?? ''}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(undefined, zone ? { ...options, timeZone: zone } : options);
    formats.set(key, format);
  }
  return format.format(seconds * 1000);
}

// In the viewer's zone and language; `zone` is for tests.
export const timeText = (seconds: number, zone?: string) =>
  formatted(seconds, 'time', { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' }, zone);

export function delayText(microseconds: number): string {
  if (microseconds < 1000) return `${Math.round(microseconds)} µs`;
  if (microseconds < 100_000) return `${fixed[1]!.format(microseconds / 1000)} ms`;
  if (microseconds < 10_000_000) return `${Math.round(microseconds / 1000)} ms`;
  return `${Math.round(microseconds / 1_000_000)} s`;
}

// A day in the viewer's zone.
export const dayText = (seconds: number, zone?: string) => formatted(seconds, 'day', { year: 'numeric', month: 'short', day: 'numeric' }, zone);

// A moment without its seconds, for lists.
export const momentText = (seconds: number, zone?: string) => formatted(seconds, 'moment', { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' }, zone);

// A rate in bytes a second.
export const rateText = (bytes: number) => `${bytesText(bytes)}/s`;

// A mark of a time axis whose marks are `step` seconds apart.
export function axisTimeText(seconds: number, step: number, zone?: string): string {
  const at = new Date(seconds * 1000);
  const form: Intl.DateTimeFormatOptions = step >= 86_400 ? { month: 'short', day: 'numeric' } : { hour: '2-digit', minute: '2-digit' };
  const inZone = zone ? { timeZone: zone } : {};
  const text = at.toLocaleString(undefined, { ...form, ...inZone });
  // Where a day begins, its name says so.
  const midnight = step < 86_400 && at.toLocaleString('en-GB', { hour: '2-digit', minute: '2-digit', ...inZone }) === '00:00';
  return midnight ? at.toLocaleDateString(undefined, { month: 'short', day: 'numeric', ...inZone }) : text;
}

const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 0 });
const finePercent = new Intl.NumberFormat(undefined, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });

// Of a part between 0 and 1.
export const percentText = (part: number) => (part > 0 && part < 0.001 ? '<0.1%' : (part < 0.1 ? finePercent : percent).format(part));

// So many milliseconds.
export const msText = (ms: number) => `${whole.format(ms)} ms`;

// A day with its name, and a time of day.
export const longDayText = (seconds: number, zone?: string) => new Date(seconds * 1000).toLocaleDateString(undefined, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric', ...(zone ? { timeZone: zone } : {}) });
export const clockText = (seconds: number) => new Date(seconds * 1000).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
