// SPDX-License-Identifier: BSD-2-Clause
// Shows briefly that a value has changed. Nothing moves; who prefers less motion sees a plain, short tint.

import { useEffect, useRef, type ReactNode } from 'react';

const FLASH_MS = 1600;

export function Flash({ value, children, className }: { value: string | number; children: ReactNode; className?: string | undefined }) {
  const element = useRef<HTMLSpanElement>(null);
  const before = useRef(value);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const tint = 'color-mix(in srgb, var(--flash) 85%, transparent)';
    element.current?.animate(
      [
        { backgroundColor: tint, boxShadow: `0 0 0 3px ${tint}` },
        { backgroundColor: 'transparent', boxShadow: '0 0 0 3px transparent' },
      ],
      { duration: FLASH_MS, easing: still ? 'steps(1, end)' : 'ease-out' },
    );
  }, [value]);
  return (
    <span ref={element} className={className} style={{ borderRadius: 4 }}>
      {children}
    </span>
  );
}
