// SPDX-License-Identifier: BSD-2-Clause
// axe-core over every page, light and dark, wide and narrow: how many rules are broken, and where.
//
//   node dev/axe.mjs [--url http://127.0.0.1:60080] [--email E --password P] [--width 1440,390] [PATH…]
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { url: { type: 'string', default: 'http://127.0.0.1:60080' }, email: { type: 'string' }, password: { type: 'string' }, width: { type: 'string', default: '1440,390' }, scheme: { type: 'string', default: 'light,dark' } },
});
const every = ['topology', 'traffic', 'alerts', 'sessions', 'schedules', 'runs', 'hosts', 'services', 'flows', 'subnets', 'groups', 'tags', 'definitions', 'networks', 'sensors', 'keys', 'users', 'changes', 'consolidations', 'audit', 'account', 'api-docs', 'welcome', 'nowhere'];
const paths = positionals.length ? positionals : every.map(page => `/${page}`);
const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
let broken = 0;
for (const width of options.width.split(',').map(Number)) {
  for (const colorScheme of options.scheme.split(',')) {
    // axe is evaluated in the page; the page's own policy would refuse its script.
    const context = await browser.newContext({ viewport: { width, height: width < 800 ? 844 : 900 }, colorScheme, bypassCSP: true });
    if (options.email) await context.request.post(`${options.url}/api/auth/login`, { data: { email: options.email, password: options.password }, headers: { Origin: options.url } });
    const page = await context.newPage();
    for (const path of paths) {
      await page.goto(options.url + path);
      await page.waitForSelector('main');
      await page.waitForTimeout(900);
      await page.evaluate(source);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      for (const { id, impact, help, nodes } of violations) {
        broken++;
        console.log(`${path} ${width} ${colorScheme}: ${id} (${impact}): ${help}`);
        for (const node of nodes.slice(0, 3)) console.log(`    ${node.target.join(' ')}\n    ${node.html.slice(0, 160)}\n    ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''}`);
      }
    }
    await context.close();
  }
}
await browser.close();
console.log(broken ? `${broken} violations` : `no violation on ${paths.length} pages`);
process.exit(broken ? 1 : 0);
