// SPDX-License-Identifier: BSD-2-Clause
// Counters of what a sensor missed, and their words (texts/losses.ts).

import { texts } from './texts';

export interface LossText {
  title: string;
  means: string;
  mend: string;
}

export const isLoss = (counter: string) => counter in texts.losses;

export function lossText(counter: string): LossText {
  return texts.losses[counter] ?? { title: counter.replaceAll('_', ' '), means: '', mend: '' };
}
