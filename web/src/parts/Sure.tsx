// SPDX-License-Identifier: BSD-2-Clause
// How sure a conclusion is: a guess, likely, sure, certain.

import { texts } from '../texts';
import { Chip, type Tone } from './Chips';

const tones: Record<string, Tone> = { low: 'warn', medium: 'plain', high: 'accent', certain: 'live' };

export const sureText = (certainty: string) => texts.rules.certainty[certainty]?.[0] ?? certainty;

export function Sure({ certainty }: { certainty: string }) {
  return (
    <Chip tone={tones[certainty] ?? 'plain'} title={texts.rules.certainty[certainty]?.[1]}>
      {sureText(certainty)}
    </Chip>
  );
}
