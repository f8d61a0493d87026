// SPDX-License-Identifier: BSD-2-Clause
// Chromium for the benchmarks: real wheel and pointer input, the lengths of frames, the memory of the tab.
import { readdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const STEP_MS = 16; // between two inputs of a gesture

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--enable-precise-memory-info'] });

// A page of its own process, and what is measured at it.
export async function open(browser, viewport = { width: 1440, height: 900 }) {
  const before = children('renderer');
  const context = await browser.newContext({ viewport });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  return { page, client, close: () => context.close(), pids: () => children('renderer').filter(pid => !before.includes(pid)) };
}

const processes = () => readdirSync('/proc').filter(name => /^\d+$/.test(name));
const read = path => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

// Processes of a kind that come from this one.
function children(kind) {
  const parents = new Map(processes().map(pid => [pid, /^PPid:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1]]));
  const ours = pid => {
    for (let up = pid; up && up !== '0' && up !== '1'; up = parents.get(up)) if (up === String(process.pid)) return true;
    return false;
  };
  return [...parents.keys()].filter(pid => read(`/proc/${pid}/cmdline`).includes(`--type=${kind}`) && ours(pid));
}

// MB: of the JavaScript heap after collecting, and of the process as a whole.
export async function memory({ client, pids }) {
  await client.send('HeapProfiler.collectGarbage');
  await client.send('Performance.enable');
  const { metrics } = await client.send('Performance.getMetrics');
  const heap = metrics.find(each => each.name === 'JSHeapUsedSize').value / 1e6;
  const of = field => Math.max(0, ...pids().map(pid => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) * 1.024e-3));
  return { heap, rss: of('Rss'), pss: of('Pss') };
}

const sleep = ms => new Promise(done => setTimeout(done, ms));

// The lengths of frames while something is done, in ms, shortest first.
export async function frames(page, act) {
  await page.evaluate(() => {
    window.frameTimes = [];
    let last = performance.now();
    const tick = now => {
      window.frameTimes.push(now - last);
      last = now;
      window.frameLoop = requestAnimationFrame(tick);
    };
    window.frameLoop = requestAnimationFrame(now => ((last = now), (window.frameLoop = requestAnimationFrame(tick))));
  });
  await act();
  const times = await page.evaluate(() => (cancelAnimationFrame(window.frameLoop), window.frameTimes));
  return times.slice(1).sort((a, b) => a - b);
}

export const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

// Drags the ground: a long way, there and back, as a hand does.
export async function pan(client, { x, y }, steps = 90) {
  await client.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x, y });
  await client.send('Input.dispatchMouseEvent', { type: 'mousePressed', x, y, button: 'middle', buttons: 4, clickCount: 1 });
  const sent = [];
  for (let i = 1; i <= steps; i++) {
    const turn = (i / steps) * Math.PI * 2;
    sent.push(client.send('Input.dispatchMouseEvent', { type: 'mouseMoved', x: x + 260 * Math.sin(turn), y: y + 160 * (1 - Math.cos(turn)), button: 'middle', buttons: 4 }));
    await sleep(STEP_MS);
  }
  await Promise.all(sent);
  await client.send('Input.dispatchMouseEvent', { type: 'mouseReleased', x, y, button: 'middle', buttons: 0, clickCount: 1 });
}

// Turns the wheel, in and out again.
export async function zoom(client, { x, y }, steps = 90, delta = 60) {
  const sent = [];
  for (let i = 0; i < steps; i++) {
    sent.push(client.send('Input.dispatchMouseEvent', { type: 'mouseWheel', x, y, deltaX: 0, deltaY: i < steps / 2 ? -delta : delta }));
    await sleep(STEP_MS);
  }
  await Promise.all(sent);
}

// Milliseconds of processor time that the tab and the process that shows it have used so far.
export function busy({ pids }) {
  const all = [...pids(), ...children('gpu-process')];
  return all.reduce((sum, pid) => {
    const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ') ?? [];
    return sum + (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * 10;
  }, 0);
}
