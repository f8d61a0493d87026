// SPDX-License-Identifier: BSD-2-Clause
// Schedules as people say them: "every day at 03:00" from `0 3 * * *`, and back from what a form offers. Pure. The
// collector decides what it takes; this explains it.

import { texts } from './texts';

const words = texts.discovery.cron;

interface Field {
  any: boolean;
  step: number | null; // of "every n"
  values: number[];
}

export interface Cron {
  second: Field;
  minute: Field;
  hour: Field;
  day: Field;
  month: Field;
  weekday: Field;
}

const shorthands: Record<string, string> = {
  '@yearly': '0 0 1 1 *', '@annually': '0 0 1 1 *', '@monthly': '0 0 1 * *', '@weekly': '0 0 * * 0', '@daily': '0 0 * * *', '@midnight': '0 0 * * *', '@hourly': '0 * * * *',
};
const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function readNumber(text: string, names: string[], first: number): number {
  const named = names.indexOf(text.toLowerCase());
  return named >= 0 ? named + first : /^\d+$/.test(text) ? Number(text) : NaN;
}

function readField(text: string, min: number, max: number, names: string[] = []): Field | null {
  const values = new Set<number>();
  for (const piece of text.split(',')) {
    const [range = '', stepText, ...rest] = piece.split('/');
    const step = stepText === undefined ? 1 : Number(stepText);
    if (rest.length || !Number.isInteger(step) || step < 1) return null;
    const [fromText = '', toText] = range === '*' || range === '?' ? [String(min), String(max)] : range.split('-');
    const from = readNumber(fromText, names, min);
    const to = toText === undefined ? (stepText === undefined ? from : max) : readNumber(toText, names, min);
    if (!(from >= min && to <= max && from <= to)) return null;
    for (let value = from; value <= to; value += step) values.add(value);
  }
  const every = /^\*\/(\d+)$/.exec(text);
  return { any: text === '*' || text === '?', step: every ? Number(every[1]) : null, values: [...values].sort((a, b) => a - b) };
}

export function readCron(text: string): Cron | null {
  const parts = (shorthands[text.trim().toLowerCase()] ?? text).trim().split(/\s+/);
  if (parts.length === 5) parts.unshift('0');
  if (parts.length !== 6) return null;
  const [second, minute, hour, day, month, weekday] = [
    readField(parts[0]!, 0, 59), readField(parts[1]!, 0, 59), readField(parts[2]!, 0, 23), readField(parts[3]!, 1, 31), readField(parts[4]!, 1, 12, monthNames), readField(parts[5]!, 0, 7, dayNames),
  ];
  if (!second || !minute || !hour || !day || !month || !weekday) return null;
  // 7 is Sunday too.
  weekday.values = [...new Set(weekday.values.map(value => value % 7))].sort((a, b) => a - b);
  return { second, minute, hour, day, month, weekday };
}

const two = (value: number) => String(value).padStart(2, '0');
const CLOCK_MAX = 6; // times of day that are still read one by one

function timeWords({ second, minute, hour }: Cron): string {
  if (second.values.length > 1) return second.step ? words.everySeconds(second.step) : words.seconds;
  const tail = second.values[0] ? `:${two(second.values[0])}` : '';
  if (minute.any && hour.any) return words.everyMinute;
  if (minute.step && hour.any) return words.everyMinutes(minute.step);
  if (minute.values.length === 1 && hour.any) return minute.values[0] === 0 ? words.everyHour : words.everyHourAt(minute.values[0]!);
  if (minute.values.length === 1 && hour.step && minute.values[0] === 0) return words.everyHours(hour.step);
  if (minute.values.length * hour.values.length <= CLOCK_MAX) return words.at(hour.values.flatMap(h => minute.values.map(m => `${two(h)}:${two(m)}${tail}`)));
  return words.minutesOf(minute.any ? words.anyMinute : words.minutes(minute.values), hour.any ? words.anyHour : words.hours(hour.values));
}

function dayWords({ day, month, weekday }: Cron): string {
  const months = month.any ? '' : ` ${words.inMonths(month.values.map(value => words.month[value - 1]!))}`;
  const onWeekdays = weekday.any ? '' : weekday.values.join() === '1,2,3,4,5' ? words.workdays : words.onDays(weekday.values.map(value => words.weekday[value]!));
  const onDays = day.any ? '' : words.onThe(day.values);
  // As cron has it: either of the two, when both are given.
  return (onDays && onWeekdays ? words.or(onDays, onWeekdays) : onDays || onWeekdays) + months;
}

// null: this is no schedule.
export function cronText(text: string): string | null {
  const cron = readCron(text);
  if (!cron) return null;
  const [time, days] = [timeWords(cron), dayWords(cron).trim()];
  const clock = time.startsWith(words.at(['']).trim());
  return clock ? (days ? `${days} ${time}` : `${words.everyDay} ${time}`) : days ? `${time}, ${days}` : time;
}

export type Often = 'hour' | 'day' | 'week' | 'month' | 'cron';

export interface Plan {
  often: Often;
  time: string; // HH:MM
  weekday: string; // 0 to 6, Sunday first
  cron: string; // when often is cron
}

export function planOf(text: string): Plan {
  const cron = readCron(text);
  const plain: Plan = { often: 'cron', time: '03:00', weekday: '1', cron: text };
  if (!cron || cron.second.values.join() !== '0' || cron.minute.values.length !== 1 || !cron.month.any) return plain;
  const minute = cron.minute.values[0]!;
  if (cron.hour.any && cron.day.any && cron.weekday.any && minute === 0) return { ...plain, often: 'hour' };
  if (cron.hour.values.length !== 1) return plain;
  const time = `${two(cron.hour.values[0]!)}:${two(minute)}`;
  if (cron.day.any && cron.weekday.any) return { ...plain, often: 'day', time };
  if (cron.day.any && cron.weekday.values.length === 1) return { ...plain, often: 'week', time, weekday: String(cron.weekday.values[0]) };
  if (cron.day.values.join() === '1' && cron.weekday.any) return { ...plain, often: 'month', time };
  return plain;
}

export function cronOf(plan: Plan): string {
  const [hour, minute] = (/^\d\d?:\d\d$/.test(plan.time) ? plan.time : '00:00').split(':').map(Number);
  switch (plan.often) {
    case 'hour':
      return '0 * * * *';
    case 'day':
      return `${minute} ${hour} * * *`;
    case 'week':
      return `${minute} ${hour} * * ${plan.weekday}`;
    case 'month':
      return `${minute} ${hour} 1 * *`;
    case 'cron':
      return plan.cron.trim();
  }
}
