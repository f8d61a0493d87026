// SPDX-License-Identifier: BSD-2-Clause
// How long a new host takes from its first frame to its row in the browser, on the demo lab: scripts/run --lab as a person
// starts it, a real browser on the list of hosts, and COUNT hosts that announce themselves in one of the lab's
// namespaces (tests/bench/announce.c), INTERVAL_MS apart, while the lab's own hosts talk.
//
// The row's time is taken in the page, by an observer of its document: the clock is the machine's, the same that announce
// prints. A host whose row does not come within WAIT_MS counts as lost.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const { chromium } = createRequire(new URL('../../web/', import.meta.url))('playwright-core');
const top = new URL('../..', import.meta.url).pathname;
const build = resolve(top, process.env.BUILD ?? 'build');
const COUNT = Number(process.env.COUNT ?? 200);
const INTERVAL_MS = Number(process.env.INTERVAL_MS ?? 100);
const WAIT_MS = 5000;
const START_MS = 120_000;
const port = Number(process.env.PORT ?? 60078);
const lab = `nvlat${process.pid.toString(36)}`;
const data = mkdtempSync(join(tmpdir(), 'netvisor-latency-'));
const environment = { ...process.env, LAB: lab, PORT: String(port), DATA_DIR: data };
const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const url = `http://localhost:${port}`;

function startRun() {
  const run = spawn('scripts/run', ['--lab'], { cwd: top, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { text: '' };
  const ended = new Promise(done => run.on('exit', done));
  const ready = new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`it did not start:\n${said.text}`)), START_MS);
    const take = chunk => {
      said.text += chunk;
      const token = /setup token (\S+)/.exec(said.text);
      if (token && /dashboard:/.test(said.text)) {
        clearTimeout(timer);
        done(token[1]);
      }
    };
    run.stdout.on('data', take);
    run.stderr.on('data', take);
    run.on('exit', () => fail(new Error(`it ended:\n${said.text}`)));
  });
  ready.catch(() => {});
  return { run, ready, ended };
}

// The list of hosts, showing only the made-up ones, newest first.
async function openHosts(browser, token) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(url);
  await page.locator('input[name=token]').fill(token);
  await page.locator('input[name=email]').fill('bench@example.org');
  await page.locator('input[name=password]').fill('Correct-Horse-Battery-9');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=Live', { timeout: 20_000 });
  await page.goto(`${url}/hosts?q=${encodeURIComponent('198.1')}`);
  await page.waitForSelector('text=Live', { timeout: 20_000 });
  await page.evaluate(() => {
    window.seen = {};
    const look = () => {
      for (const [address] of document.body.innerText.matchAll(/198\.1[89]\.\d+\.\d+/g)) window.seen[address] ??= Date.now();
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
  });
  return page;
}

function announce() {
  const words = ['exec', process.env.LAB_HOST ?? 'web', join(build, 'tests/bench/announce'), process.env.LAB_PORT ?? 'eth0', String(COUNT), String(INTERVAL_MS)];
  return new Promise((done, fail) => {
    const child = spawn(join(top, 'scripts/lab'), words, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', chunk => (text += chunk));
    child.on('exit', status => (status ? fail(new Error(`announce ended with ${status}`)) : done(text.trim().split('\n'))));
  });
}

const percentile = (sorted, p) => sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)];

function report(lines, seen) {
  const waits = [];
  for (const line of lines) {
    const [at, , address] = line.split(' ');
    if (seen[address]) waits.push(seen[address] - Number(at) * 1000);
  }
  waits.sort((a, b) => a - b);
  console.log(`new host's first frame to its row in the browser, demo lab, ${lines.length} hosts ${INTERVAL_MS} ms apart:`);
  if (waits.length)
    console.log(`  p50 ${percentile(waits, 50).toFixed(0)} ms   p99 ${percentile(waits, 99).toFixed(0)} ms   most ${waits.at(-1).toFixed(0)} ms`);
  console.log(`  rows that did not come within ${WAIT_MS / 1000} s: ${lines.length - waits.length}`);
  return waits.length === lines.length;
}

let browser;
const { run, ready, ended } = startRun();
let well = false;
try {
  const token = await ready;
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  const page = await openHosts(browser, token);
  await new Promise(done => setTimeout(done, 3000)); // the lab's first words are over
  const lines = await announce();
  await new Promise(done => setTimeout(done, WAIT_MS));
  well = report(lines, await page.evaluate(() => window.seen));
} finally {
  await browser?.close();
  run.kill('SIGTERM');
  await ended;
  spawnSync(join(top, 'scripts/lab'), ['down'], { env: environment });
  rmSync(data, { recursive: true, force: true });
}
process.exit(well ? 0 : 1);
