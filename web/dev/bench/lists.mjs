// SPDX-License-Identifier: BSD-2-Clause
// How the dashboard's lists bear many rows: a made-up network of 10,000 hosts and 30,000 flows in headless Chromium.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const hosts = Number(process.env.HOSTS ?? 10_000);
const here = new URL('..', import.meta.url).pathname;
const say = (what, value) => console.log(`${what.padEnd(62)} ${value}`);
const ms = value => `${Math.round(value)} ms`;

const mock = spawn(process.execPath, [join(here, 'mock.mjs'), '--port', '0', '--hosts', String(hosts), '--rate', '20'], { stdio: ['ignore', 'pipe', 'inherit'] });
const url = await new Promise(done => mock.stdout.on('data', chunk => done(String(chunk).trim())));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run'] });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const client = await page.context().newCDPSession(page);
  const start = Date.now();
  await page.goto(`${url}/hosts?scope=all`);
  await page.getByRole('cell').first().waitFor();
  say(`${hosts} hosts, ${hosts * 3} flows: from the request to the first rows`, ms(Date.now() - start));
  say('rows in the page, of them all', `${await page.getByRole('row').count()}, ${await page.getByRole('table').getAttribute('aria-rowcount')}`);

  // Each measure is from the act to the frame that shows it.
  const timed = run => page.evaluate(async body => {
    const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const before = performance.now();
    await new Function('frame', `return (async () => { ${body} })()`)(frame);
    return performance.now() - before;
  }, run);
  const list = "document.querySelector('[data-testid=list]')";
  const scroll = await page.evaluate(async () => {
    const element = document.querySelector('[data-testid=list]');
    const times = [];
    for (let i = 0; i < 60; i++) {
      const before = performance.now();
      element.scrollTop += 700;
      await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
      times.push(performance.now() - before);
    }
    return times.sort((a, b) => a - b);
  });
  say('a screenful of scrolling: median, p95', `${ms(scroll[30])}, ${ms(scroll[57])}`);
  say('to the last row', ms(await timed(`${list}.scrollTop = 1e9; await frame(); await frame();`)));
  say('sorting by name', ms(await timed("[...document.querySelectorAll('[role=columnheader] button')][0].click(); await frame();")));
  const typing = Date.now();
  await page.getByLabel('Filter').fill('printer');
  await page.waitForFunction(() => /of/.test(document.querySelector('h1 + [role=status]')?.textContent ?? ''));
  say('filtering by a word', ms(Date.now() - typing));
  await page.getByLabel('Filter').fill('');
  await page.waitForTimeout(500);

  const before = (await client.send('Performance.enable'), await client.send('Performance.getMetrics')).metrics;
  await page.waitForTimeout(5000);
  const after = (await client.send('Performance.getMetrics')).metrics;
  const metric = (metrics, name) => metrics.find(each => each.name === name).value;
  say('busy with 20 changes a second (of one core)', `${(((metric(after, 'TaskDuration') - metric(before, 'TaskDuration')) / 5) * 100).toFixed(0)} %`);
  say('memory of the page (JavaScript heap)', `${(metric(after, 'JSHeapUsedSize') / 1e6).toFixed(0)} MB`);
} finally {
  await browser.close();
  mock.kill();
}
