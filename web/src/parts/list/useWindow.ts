// SPDX-License-Identifier: BSD-2-Clause
// Which lines of a list are in sight. Tells only when they are others than before: scrolling by less than a line costs nothing.

import { useCallback, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';

import { lineAt } from './lines';

const AROUND_PX = 320; // drawn above and below what is in sight

export interface Window {
  first: number;
  end: number; // the line after the last
  width: number; // of the scroller's inside
  show: (line: number, head: number) => void; // scroll so that it is in sight, and draw it now
}

export function useWindow(scroller: RefObject<HTMLElement | null>, tops: Float64Array): Window {
  const [range, setRange] = useState({ first: 0, end: 0, width: 0 });
  const latest = useRef(tops);
  latest.current = tops;
  const look = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const of = latest.current;
    const count = of.length - 1;
    const first = count ? lineAt(of, element.scrollTop - AROUND_PX) : 0;
    const end = count ? Math.min(count, lineAt(of, element.scrollTop + element.clientHeight + AROUND_PX) + 1) : 0;
    const width = element.clientWidth;
    setRange(old => (old.first === first && old.end === end && old.width === width ? old : { first, end, width }));
  }, [scroller]);
  useLayoutEffect(look, [look, tops]);
  useLayoutEffect(() => {
    const element = scroller.current!;
    // Before the frame that shows the new place, so that no empty part is ever seen.
    const onScroll = () => flushSync(look);
    element.addEventListener('scroll', onScroll, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll);
      sizes.disconnect();
    };
  }, [scroller, look]);
  const show = useCallback(
    (line: number, head: number) => {
      const element = scroller.current;
      const of = latest.current;
      if (!element || line + 1 >= of.length) return;
      const [top, bottom] = [of[line]!, of[line + 1]!];
      if (top < element.scrollTop) element.scrollTop = top;
      else if (bottom > element.scrollTop + element.clientHeight - head) element.scrollTop = bottom - element.clientHeight + head;
      flushSync(look);
    },
    [scroller, look],
  );
  return { ...range, show };
}
