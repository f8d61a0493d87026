// SPDX-License-Identifier: BSD-2-Clause
// Long work in short slices, so that the page stays alive: it can be watched and called off.

export interface Work {
  signal: AbortSignal;
  progress(share: number): void; // 0…1 of the whole
}

const SLICE_MS = 12;
const LOOK_EVERY = 64; // steps between two looks at the clock

// To the back of the browser's queue: whatever a person did meanwhile comes first.
const breath = () => new Promise<void>(done => setTimeout(done, 0));

// Runs step 0…count-1; the progress goes from one share to another. settle: at the end of each slice, for what was only
// begun by the steps.
export async function inSlices(count: number, step: (i: number) => void, work: Work, from = 0, to = 1, settle?: () => void): Promise<void> {
  let until = performance.now() + SLICE_MS;
  for (let i = 0; i < count; i++) {
    step(i);
    if (i % LOOK_EVERY || performance.now() < until) continue;
    settle?.();
    work.progress(from + ((to - from) * i) / count);
    await breath();
    work.signal.throwIfAborted();
    until = performance.now() + SLICE_MS;
  }
  settle?.();
  work.signal.throwIfAborted();
  work.progress(to);
}

export const wasCancelled = (error: unknown) => error instanceof DOMException && error.name === 'AbortError';
