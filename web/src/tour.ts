// SPDX-License-Identifier: BSD-2-Clause
// Where each person is in the first steps, kept in this browser: a step, or done. Nobody who has not begun is asked.

import { useKept } from './kept';
import { useMe } from './me';

export const steps = ['welcome', 'network', 'sensor', 'listening', 'discovery'] as const;
export type Step = (typeof steps)[number];
const DONE = 'done';

const tourKey = (userId: string) => `tour.${userId}`;

export const readStep = (text: string | null): Step | null => steps.find(each => each === text) ?? null;

export function useTour() {
  const me = useMe();
  const [kept, keep] = useKept(tourKey(me.id));
  return {
    step: readStep(kept), // null: not begun, or over
    go: (step: Step) => keep(step),
    end: () => keep(DONE),
  };
}
