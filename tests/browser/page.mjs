// SPDX-License-Identifier: BSD-2-Clause
// Headless Chromium whose pages tell of everything that should not be: errors in the console, requests that leave the
// origin, and what the content security policy refused.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

import { sleep, Stack } from './stack.mjs';
import { end, good, skipAll } from './tap.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const SOON_MS = 8000;
const LAID_OUT_MS = 2000;
export const VISIBLE = { timeout: SOON_MS };

export class Chromium {
  problems = []; // of the console and of pages
  foreign = []; // requests that left the origin
  violations = []; // of the content security policy
  collectorAway = false;

  // origin: a function that tells where the collector is now.
  static async launch(origin) {
    if (!existsSync(executablePath)) {
      skipAll(`Chromium is not at ${executablePath}`);
      process.exit(0);
    }
    const { chromium } = createRequire(new URL('../../web/package.json', import.meta.url))('playwright-core');
    const self = new Chromium();
    self.origin = origin;
    self.browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
    return self;
  }

  async openPage(options = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    context.setDefaultTimeout(SOON_MS);
    await context.exposeFunction('violated', text => this.violations.push(text));
    await context.addInitScript(() => addEventListener('securitypolicyviolation', event => window.violated(`${event.effectiveDirective} at ${event.sourceFile}:${event.lineNumber}: ${event.blockedURI} ${event.sample}`)));
    const page = await context.newPage();
    page.on('console', message => {
      if (message.type() !== 'error') return;
      // What the collector refuses, as the stories provoke it, is told by the browser too; it is no fault of the page.
      if (/401 \(Unauthorized\)|403 \(Forbidden\)|400 \(Bad Request\)|412 \(Precondition Failed\)/.test(message.text())) return;
      if (this.collectorAway && /ERR_|WebSocket connection|503 \(Service Unavailable\)/.test(message.text())) return;
      this.problems.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', error => this.problems.push(String(error)));
    page.on('request', request => {
      if (new URL(request.url()).host !== new URL(this.origin()).host) this.foreign.push(request.url());
    });
    return page;
  }

  close = () => this.browser.close();
}

export const rowOf = (page, text) => page.getByRole('row').filter({ hasText: text });
export const live = page => page.getByTestId('connection').filter({ hasText: 'Live' }).waitFor(VISIBLE);
export const field = (within, name) => within.getByLabel(name, { exact: true });
export const button = (within, name) => within.getByRole('button', { name, exact: true });
export const sheet = page => page.getByRole('dialog');
export const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();

// How many pixels of the page hang over its right edge; 0 or less: none. Some parts follow a new width a few frames later (what watches its
// size lays itself out again), so more than none is only told when it stays.
export async function overflow(page) {
  const end = Date.now() + LAID_OUT_MS;
  for (;;) {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (over <= 0 || Date.now() > end) return over;
    await sleep(50);
  }
}

// Look at what is on show, wide and narrow: nothing hangs over the edge. picture(size) takes one where pictures are wanted. The page is as wide as it was
// afterwards, also when that fails: the next step begins as this one did.
export async function eachWidth(page, name, height, picture) {
  const before = page.viewportSize();
  try {
    for (const [size, width] of [['wide', 1440], ['narrow', 390]]) {
      await page.setViewportSize({ width, height });
      await picture?.(size);
      good((await overflow(page)) <= 0, `${name} hangs over the edge, ${size}`);
    }
  } finally {
    await page.setViewportSize(before);
  }
}

// Choose from a field with a list.
export async function choose(page, label, option) {
  await page.getByRole('textbox', { name: label, exact: true }).click();
  await page.getByRole('option', { name: option }).first().click();
}

// Send the form on show; it leaves.
export async function send(page, name = 'Save') {
  await button(sheet(page), name).click();
  await sheet(page).waitFor({ state: 'detached' });
}

// The whole of a story: a collector, a port to play frames on, a browser; and nothing left of them, however it ends.
export async function tell(story) {
  const stack = new Stack();
  const abandon = why => {
    if (why instanceof Error) console.log(`not ok - ${why.stack}`.replace(/\n/g, '\n# '));
    void stack.end().then(() => process.exit(1));
  };
  for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP', 'uncaughtException', 'unhandledRejection']) process.on(event, abandon);
  let status = 1;
  let chromium;
  try {
    chromium = await Chromium.launch(() => stack.url);
    await stack.startCollector();
    stack.makePort();
    await story(stack, chromium);
    status = end();
  } catch (error) {
    console.log(`not ok - the story could not be told: ${error?.stack ?? error}`.replace(/\n/g, '\n# '));
  } finally {
    if (status) console.log(stack.logs().replace(/^/gm, '# '));
    await chromium?.close();
    await stack.end();
  }
  process.exit(status);
}
