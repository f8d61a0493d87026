// SPDX-License-Identifier: BSD-2-Clause
// The collector's rules for a password, shown while it is typed. The collector decides.

import { texts } from './texts';

export const PASSWORD_LENGTH_MIN = 12;

export function passwordRules(password: string): { text: string; met: boolean }[] {
  const { rule } = texts.sign;
  return [
    { text: rule.length(PASSWORD_LENGTH_MIN), met: [...password].length >= PASSWORD_LENGTH_MIN },
    { text: rule.upper, met: /[A-Z]/.test(password) },
    { text: rule.lower, met: /[a-z]/.test(password) },
    { text: rule.digit, met: /[0-9]/.test(password) },
    { text: rule.special, met: /[^A-Za-z0-9]/.test(password) },
  ];
}
