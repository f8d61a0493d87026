// SPDX-License-Identifier: BSD-2-Clause
// The screen, as views need to know it: too narrow for a table, and how large a rem is.

import { useSyncExternalStore } from 'react';

function watch(query: string): () => boolean {
  const media = matchMedia(query);
  const subscribe = (listener: () => void) => {
    media.addEventListener('change', listener);
    return () => media.removeEventListener('change', listener);
  };
  return () => useSyncExternalStore(subscribe, () => media.matches);
}

// A phone.
export const useNarrow = watch('(max-width: 800px)');

// Room for the menu's words beside the page.
export const useWide = watch('(min-width: 1181px)');

export function useRootFont(): number {
  return useSyncExternalStore(
    listener => {
      addEventListener('resize', listener);
      return () => removeEventListener('resize', listener);
    },
    () => parseFloat(getComputedStyle(document.documentElement).fontSize) || 16,
  );
}
