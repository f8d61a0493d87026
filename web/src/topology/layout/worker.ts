// SPDX-License-Identifier: BSD-2-Clause
// The door to elk: its script runs in a worker of its own, is loaded when first asked for, and goes when nobody has asked
// for a while, as it is large. Who no longer wants an answer ends it.

import type { ELK, ElkNode } from 'elkjs/lib/elk-api';

const idle_ms = 15_000;
const most_ms = 20_000; // then the first arrangement is good enough

let elk: ELK | null = null;
let asked = 0;
let leaving: ReturnType<typeof setTimeout> | undefined;

function end(): void {
  elk?.terminateWorker();
  elk = null;
}

export async function askElk(question: ElkNode, signal: AbortSignal): Promise<ElkNode> {
  clearTimeout(leaving);
  const [{ default: Elk }, { default: workerUrl }] = await Promise.all([import('elkjs/lib/elk-api'), import('elkjs/lib/elk-worker.min.js?url')]);
  signal.throwIfAborted();
  const mine = (elk ??= new Elk({ workerUrl }));
  asked++;
  let done = false;
  const enough = AbortSignal.timeout(most_ms);
  try {
    return await Promise.race([
      mine.layout(question),
      new Promise<never>((_, refuse) => {
        for (const each of [signal, enough])
          each.addEventListener('abort', () => {
            // It can't be told to stop.
            if (elk === mine && !done) end();
            refuse(new Error('no longer wanted'));
          });
      }),
    ]);
  } finally {
    done = true;
    asked--;
    if (!asked) leaving = setTimeout(end, idle_ms);
  }
}
