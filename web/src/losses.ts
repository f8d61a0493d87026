// SPDX-License-Identifier: BSD-2-Clause
// Counters of what a sensor missed, and their words (texts/losses.ts).

import { sourceText, texts } from './texts';

export interface LossText {
  title: string;
  means: string;
  mend: string;
}

// The family of a counter that there is one of for each protocol, and which that is.
function familyOf(counter: string): [string, string] | null {
  const prefix = Object.keys(texts.lossFamilies).find(each => counter.startsWith(each) && counter.length > each.length);
  return prefix && !(counter in texts.losses) ? [prefix, counter.slice(prefix.length)] : null;
}

export const isLoss = (counter: string) => counter in texts.losses || familyOf(counter) !== null;

export function lossText(counter: string): LossText {
  const family = familyOf(counter);
  if (family) return texts.lossFamilies[family[0]]!(texts.decoderNames[family[1]] ?? sourceText(family[1]));
  return texts.losses[counter] ?? { title: counter.replaceAll('_', ' '), means: '', mend: '' };
}
