// SPDX-License-Identifier: BSD-2-Clause
// TAP for the browser's story: a step that throws fails and the story goes on.
let count = 0;
let failures = 0;

export async function step(name, run) {
  const start = Date.now();
  try {
    const note = await run();
    console.log(`ok ${++count} - ${name}${note ? ` (${note})` : ''}`);
  } catch (error) {
    failures++;
    console.log(`not ok ${++count} - ${name} (after ${Date.now() - start} ms)`);
    for (const line of String(error?.stack ?? error).split('\n').slice(0, 25)) console.log(`# ${line.slice(0, 300)}`);
  }
}

export function equal(is, should, what = '') {
  const [a, b] = [JSON.stringify(is), JSON.stringify(should)];
  if (a !== b) throw new Error(`${what} is ${a}, should be ${b}`);
}

export function good(condition, what) {
  if (!condition) throw new Error(what);
}

export function skipAll(why) {
  console.log(`1..0 # SKIP ${why}`);
}

// The plan; the exit status.
export function end() {
  console.log(`1..${count}`);
  return failures ? 1 : 0;
}
