// SPDX-License-Identifier: BSD-2-Clause
// The screen, as views need to know it: too narrow for a table, and how large a rem is.

import { useSyncExternalStore } from 'react';

const narrow = matchMedia('(max-width: 800px)');

export function useNarrow(): boolean {
  return useSyncExternalStore(
    listener => {
      narrow.addEventListener('change', listener);
      return () => narrow.removeEventListener('change', listener);
    },
    () => narrow.matches,
  );
}

export function useRootFont(): number {
  return useSyncExternalStore(
    listener => {
      addEventListener('resize', listener);
      return () => removeEventListener('resize', listener);
    },
    () => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16,
  );
}
