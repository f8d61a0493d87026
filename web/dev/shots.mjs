// SPDX-License-Identifier: BSD-2-Clause
// Photographs of the dashboard, to look at while working on it.
//
//   node dev/shots.mjs [--url http://127.0.0.1:60080] [--out /tmp/shots] [--email E --password P] [--wait SECONDS] [NAME…]
import { mkdirSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: 'string', default: 'http://127.0.0.1:60080' }, out: { type: 'string', default: '/tmp/shots' }, email: { type: 'string' }, password: { type: 'string' }, wait: { type: 'string', default: '0' } },
});
mkdirSync(options.out, { recursive: true });
const wide = { width: 1440, height: 900 };
const phone = { width: 360, height: 740 };
const firstHost = page => page.locator('[data-testid=list] a[data-row]').first().click();
const plan = [
  ['hosts', wide, 'light', '/hosts?sort=ip'],
  ['hosts-dark', wide, 'dark', '/hosts?sort=ip'],
  ['hosts-phone', phone, 'light', '/hosts?sort=ip'],
  ['host', wide, 'light', '/hosts?sort=name', firstHost, true],
  ['host-dark', wide, 'dark', '/hosts?sort=name', firstHost],
  ['host-phone', phone, 'light', '/hosts?sort=name', firstHost, true],
  ['services', wide, 'light', '/services'],
  ['services-phone', phone, 'dark', '/services'],
  ['flows', wide, 'light', '/flows'],
  ['flows-phone', phone, 'light', '/flows'],
  ['sensors', wide, 'light', '/sensors', null, true],
  ['sensors-phone', phone, 'dark', '/sensors', null, true],
  ...['subnets', 'groups', 'tags', 'networks', 'keys', 'users', 'sessions', 'schedules', 'runs', 'changes', 'consolidations', 'audit', 'account', 'api-docs'].flatMap(page => [
    [page, wide, 'light', `/${page}`],
    [`${page}-dark`, wide, 'dark', `/${page}`],
    [`${page}-phone`, phone, 'light', `/${page}`],
  ]),
  ['timeline', wide, 'light', '/hosts?sort=name', async page => { await firstHost(page); await page.getByRole('tab', { name: 'Timeline' }).click(); }],
  ['subnet-new', wide, 'dark', '/subnets?edit=new'],
  ['search', wide, 'light', '/hosts', async page => { await page.keyboard.press('/'); await page.keyboard.type('pi'); }],
  ['menu', wide, 'dark', '/hosts', page => page.getByRole('button', { name: 'Account' }).click()],
  ['hosts-4k', { width: 3840, height: 2160 }, 'light', '/hosts'],
  ['hosts-middle', { width: 1024, height: 768 }, 'light', '/hosts'],
];

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
for (const [name, viewport, colorScheme, path, act, fullPage] of plan) {
  if (positionals.length && !positionals.includes(name)) continue;
  const context = await browser.newContext({ viewport, colorScheme });
  const page = await context.newPage();
  page.on('console', message => message.type() === 'error' && console.log(`${name}: ${message.text()}`));
  page.on('pageerror', error => console.log(`${name}: ${error.message}`));
  if (options.email) await context.request.post(`${options.url}/api/auth/login`, { data: { email: options.email, password: options.password }, headers: { Origin: options.url } });
  await page.goto(options.url + path);
  await page.waitForSelector('main h1');
  await page.waitForTimeout(900 + 1000 * Number(options.wait));
  if (act) {
    await act(page);
    await page.waitForTimeout(700);
  }
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (overflow > 0) console.log(`${name}: ${overflow} px wider than the screen`);
  if (fullPage) {
    const height = await page.evaluate(() => { const view = document.querySelector('main > div:last-child'); return view.scrollHeight + innerHeight - view.clientHeight; });
    await page.setViewportSize({ width: viewport.width, height: Math.max(viewport.height, height) });
  }
  // Hiding the caret would put a style into the page, which its content security policy refuses.
  await page.screenshot({ path: `${options.out}/${name}.png`, caret: 'initial' });
  await context.close();
}
await browser.close();
