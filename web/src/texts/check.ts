// SPDX-License-Identifier: BSD-2-Clause
// What is wrong with a value, for people who type it.

import { countText, plural } from '../format';

export const check = {
  needed: 'It is needed.',
  choice: 'Choose one of those that are offered.',
  form: 'It has not the right form.',
  id: 'It is no id.',
  ip: 'An IPv4 or IPv6 address, such as 192.168.1.10 or 2001:db8::10.',
  cidr: 'A range of addresses, such as 192.168.1.0/24 or 2001:db8::/64.',
  email: 'An e-mail address, such as anna@example.org.',
  cron: 'This is no cron expression. One has five fields, such as 0 3 * * *.',
  zone: 'This is no time zone. One is called such as Europe/Berlin.',
  item: (value: string, problem: string) => `${value}: ${problem}`,
  mac: 'A MAC address, such as 00:11:22:33:44:55.',
  long: (most: number) => `Too long: at most ${plural(most, 'letter')}.`,
  longBytes: (most: number) => `Too long: at most ${plural(most, 'letter')}, and those beyond a to z count as two or more.`,
  short: (least: number) => `Too short: at least ${plural(least, 'letter')}.`,
  few: (least: number) => `At least ${countText(least)}.`,
  many: (most: number) => `At most ${countText(most)}.`,
  number: (whole: boolean, least: number | undefined, most: number | undefined) => {
    const kind = whole ? 'A whole number' : 'A number';
    if (least !== undefined && most !== undefined) return `${kind} from ${countText(least)} to ${countText(most)}.`;
    return least !== undefined ? `${kind}, at least ${countText(least)}.` : most !== undefined ? `${kind}, at most ${countText(most)}.` : `${kind}.`;
  },
};
