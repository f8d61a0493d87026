// SPDX-License-Identifier: BSD-2-Clause
// What one picture of a made-up network costs: until it answers, while one looks around, in memory, and how long a change
// takes to be seen. For the product's page and for the yardstick alike.
import { spawn } from 'node:child_process';
import { at, busy, frames, memory, open, pan, zoom } from './browser.mjs';

const MARK = /^t(\d{13})$/;
const SETTLE_MS = 4000; // after opening, so that an arrangement in the background is over
const MARKS = 100;
const MARK_EVERY_MS = 137;

export const subjects = {
  product: { folder: 'web', path: '/topology', ready: '[data-testid=picture][data-ready]', answers: page => page.evaluate(() => location.search.includes('selected=')) },
  xyflow: { folder: 'stage', path: '/xyflow.html', ready: 'body[data-ready]', answers: page => page.evaluate(() => document.body.dataset.answered === 'true') },
};

export async function serve(subject, { hosts, services, flows, rate }, build) {
  const mock = spawn(process.execPath, [new URL('../mock.mjs', import.meta.url).pathname, '--port', '0', '--hosts', String(hosts), '--services', String(services), '--flows', String(flows), '--rate', String(rate), '--serve', subject.folder], { env: { ...process.env, NETVISOR_BUILD: build }, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise(done => mock.stdout.on('data', chunk => done(String(chunk).trim())));
  return { url, stop: () => mock.kill() };
}

const sleep = ms => new Promise(done => setTimeout(done, ms));

async function within(limit, what, run) {
  let timer;
  const late = new Promise((_, fail) => (timer = setTimeout(() => fail(new Error(`${what}: over ${limit / 1000} s`)), limit)));
  try {
    return await Promise.race([run(), late]);
  } finally {
    clearTimeout(timer);
  }
}

// From the request until a click on the whole picture is answered.
async function openPicture(tab, url, subject) {
  const start = performance.now();
  await tab.page.goto(url + subject.path, { timeout: 0, waitUntil: 'commit' });
  await tab.page.waitForSelector(subject.ready, { timeout: 0, state: 'attached' });
  const drawn = performance.now() - start;
  const { width, height } = tab.page.viewportSize();
  for (let i = 0; ; i++) {
    const [x, y] = [width * (0.6 + 0.07 * (i % 5)) - 100, height * (0.5 + 0.05 * (Math.floor(i / 5) % 8)) - 60];
    await tab.client.send('Input.dispatchMouseEvent', { type: 'mousePressed', x, y, button: 'left', clickCount: 1 });
    await tab.client.send('Input.dispatchMouseEvent', { type: 'mouseReleased', x, y, button: 'left', clickCount: 1 });
    await tab.page.evaluate(() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))));
    if (await subject.answers(tab.page)) return { open: performance.now() - start, drawn };
  }
}

export async function measure(browser, name, size, build, limit) {
  const subject = subjects[name];
  const { url, stop } = await serve(subject, { ...size, rate: 0 }, build);
  const result = {};
  const tab = await open(browser);
  const middle = { x: 860, y: 480 };
  try {
    Object.assign(result, await within(limit, 'open', () => openPicture(tab, url, subject)));
    await tab.page.keyboard.press('Escape');
    await sleep(SETTLE_MS);
    const before = busy(tab);
    result.pan = await within(limit, 'pan', () => frames(tab.page, () => pan(tab.client, middle)));
    result.panBusy = (busy(tab) - before) / result.pan.length;
    const then = busy(tab);
    result.zoom = await within(limit, 'zoom', () => frames(tab.page, () => zoom(tab.client, middle)));
    result.zoomBusy = (busy(tab) - then) / result.zoom.length;
    result.memory = await within(limit, 'memory', () => memory(tab));
  } catch (error) {
    result.problem = error.message;
  } finally {
    await within(10_000, 'close', tab.close).catch(() => {});
    stop();
  }
  return result;
}

// Sees when a text that is a mark gets on the screen: written on a canvas, or put into the page.
function watch() {
  window.seen = new Map();
  const note = text => {
    if (!/^t\d{13}$/.test(text) || window.seen.has(text)) return;
    window.seen.set(text, 0);
    requestAnimationFrame(() => window.seen.set(text, Date.now()));
  };
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    note(text);
    return fillText.call(this, text, ...rest);
  };
  new MutationObserver(changes => {
    for (const { target, addedNodes } of changes) for (const node of [target, ...addedNodes]) if (node.nodeType === 3 || node.tagName === 'STRONG') note(node.textContent);
  }).observe(document, { subtree: true, childList: true, characterData: true });
}

// A host in sight is renamed to the time, again and again, while much else changes.
export async function liveness(browser, name, size, build, limit) {
  const subject = subjects[name];
  const { url, stop } = await serve(subject, size, build);
  const tab = await open(browser);
  try {
    const { data: host } = await (await fetch(`${url}/mock/host`)).json();
    await tab.page.addInitScript(watch);
    return await within(limit, 'live', async () => {
      await tab.page.goto(`${url}${subject.path}?selected=${host}`, { timeout: 0, waitUntil: 'commit' });
      await tab.page.waitForSelector(subject.ready, { timeout: 0, state: 'attached' });
      await sleep(SETTLE_MS);
      const marks = [];
      const before = busy(tab);
      const begun = performance.now();
      const times = await frames(tab.page, async () => {
        for (let i = 0; i < MARKS; i++) {
          marks.push((await (await fetch(`${url}/mock/rename?host=${host}`, { method: 'POST' })).json()).data);
          await sleep(MARK_EVERY_MS);
        }
      });
      const share = (busy(tab) - before) / (performance.now() - begun);
      const seen = new Map(await tab.page.evaluate(() => [...window.seen]));
      const delays = marks.flatMap(mark => (seen.get(mark) ? [seen.get(mark) - Number(MARK.exec(mark)[1])] : [])).sort((a, b) => a - b);
      return { delays, missed: marks.length - delays.length, frames: times, share };
    });
  } catch (error) {
    return { problem: error.message };
  } finally {
    await within(10_000, 'close', tab.close).catch(() => {});
    stop();
  }
}

export const middle = sorted => at(sorted, 0.5);
