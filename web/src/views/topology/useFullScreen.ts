// SPDX-License-Identifier: BSD-2-Clause
// The whole screen for the picture. The document goes full screen, not a part of it, so that menus are still above it.

import { useCallback, useEffect, useState } from 'react';

export function useFullScreen(): [boolean, (full: boolean) => void] {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const moved = () => document.fullscreenElement === null && setFull(false);
    document.addEventListener('fullscreenchange', moved);
    return () => {
      document.removeEventListener('fullscreenchange', moved);
      if (document.fullscreenElement) void document.exitFullscreen().catch(() => {});
    };
  }, []);
  const set = useCallback((wanted: boolean) => {
    setFull(wanted);
    // Where a browser refuses, the picture still fills its window.
    if (wanted) void document.documentElement.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) void document.exitFullscreen().catch(() => {});
  }, []);
  return [full, set];
}
