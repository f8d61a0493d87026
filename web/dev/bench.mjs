// SPDX-License-Identifier: BSD-2-Clause
// What the dashboard costs, against what it has to reach, and against a plain xyflow rendering of all nodes: sizes, then the
// topology of 500 and of 10,000 hosts, then the lists. Run by `make bench-web`.
//
//   node dev/bench.mjs [--only sizes,500,10000,live,lists] [--no-yardstick]
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { at, launch } from './bench/browser.mjs';
import { liveness, measure, serve, subjects } from './bench/pictures.mjs';

const { values: options } = parseArgs({ options: { only: { type: 'string', default: 'sizes,500,10000,live,lists' }, 'no-yardstick': { type: 'boolean', default: false } } });
const only = options.only.split(',');
const yardstick = !options['no-yardstick'];
const build = resolve(process.env.NETVISOR_BUILD ?? new URL('../../build', import.meta.url).pathname);
const LIMIT_MS = 60_000;
const YARDSTICK_LIMIT_MS = 150_000;
const sizes = { 500: { hosts: 500, services: 2500, flows: 1500 }, 10000: { hosts: 10_000, services: 50_000, flows: 30_000 } };

const number = (value, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : '–');
const row = (what, ours, bound, theirs = '', ratio = '') => console.log(`${what.padEnd(44)} ${String(ours).padStart(16)} ${String(bound).padStart(12)} ${String(theirs).padStart(18)} ${String(ratio).padStart(8)}`);
const compare = (what, bound, unit, digits, ours, theirs) => {
  const text = value => (Number.isFinite(value) ? `${number(value, digits)} ${unit}` : '–');
  row(what, text(ours), bound, theirs === undefined ? '' : text(theirs), Number.isFinite(theirs / ours) ? `${number(theirs / ours, 1)}×` : '');
};

// What the browser asks for before the first page is there.
async function firstLoad() {
  const folder = join(build, 'web');
  const size = name => statSync(join(folder, `${name}.br`)).size / 1000;
  const { url, stop } = await serve(subjects.product, { hosts: 40, services: 0, flows: 100, rate: 0 }, build);
  const browser = await launch();
  const page = await browser.newPage();
  const load = async path => {
    const scripts = new Set();
    const note = request => /\.js$/.test(new URL(request.url()).pathname) && scripts.add(new URL(request.url()).pathname.slice(1));
    page.on('request', note);
    await page.goto(url + path, { waitUntil: 'networkidle' });
    page.off('request', note);
    return [...scripts].reduce((sum, name) => sum + (existsSync(join(folder, `${name}.br`)) ? size(name) : 0), 0);
  };
  row('JavaScript of the first load (/hosts), Brotli', `${number(await load('/hosts'), 1)} kB`, '< 400 kB');
  row('the same for /topology', `${number(await load('/topology'), 1)} kB`, '< 400 kB');
  const all = readdirSync(folder, { recursive: true }).filter(name => name.endsWith('.js.br'));
  row('all JavaScript there is, Brotli', `${number(all.reduce((sum, name) => sum + statSync(join(folder, name)).size / 1000, 0), 1)} kB`, '');
  await browser.close();
  stop();
}

async function picture(hosts, bounds) {
  const browser = await launch();
  const ours = await measure(browser, 'product', sizes[hosts], build, LIMIT_MS);
  await browser.close();
  let theirs = {};
  if (yardstick) {
    const other = await launch();
    theirs = await measure(other, 'xyflow', sizes[hosts], build, YARDSTICK_LIMIT_MS);
    await other.close();
  }
  const title = `${hosts.toLocaleString('en')} hosts: `;
  const pair = read => [ours, theirs].map(result => { try { return read(result); } catch { return NaN; } });
  const line = (what, bound, unit, digits, read) => { const [mine, other] = pair(read); compare(title + what, bound, unit, digits, mine, yardstick ? other : undefined); };
  line('open until it answers a click', bounds.open, 'ms', 0, result => result.open ?? NaN);
  for (const act of ['pan', 'zoom']) {
    line(`${act}, median frame`, bounds.frame, 'ms', 1, result => at(result[act], 0.5));
    line(`${act}, p95 frame`, '', 'ms', 1, result => at(result[act], 0.95));
    line(`${act}, processor for a frame`, '', 'ms', 1, result => result[`${act}Busy`]);
  }
  line('memory of the tab (PSS)', bounds.memory, 'MB', 0, result => result.memory.pss);
  line('memory of the tab (RSS)', '', 'MB', 0, result => result.memory.rss);
  line('JavaScript heap', '', 'MB', 0, result => result.memory.heap);
  for (const [name, { problem }] of [['NetVisor', ours], ['xyflow', theirs]]) if (problem) console.log(`  ${name} gave up: ${problem}`);
}

async function live(hosts) {
  const browser = await launch();
  const result = await liveness(browser, 'product', { ...sizes[hosts], rate: 100 }, build, LIMIT_MS);
  await browser.close();
  const title = `${hosts.toLocaleString('en')} hosts, 100 changes/s: `;
  if (result.problem) return console.log(`${title}${result.problem}`);
  row(`${title}change → pixels, p50`, `${number(at(result.delays, 0.5))} ms`, '');
  row(`${title}change → pixels, p99`, `${number(at(result.delays, 0.99))} ms`, '< 250 ms');
  row(`${title}overtaken by the next`, result.missed, "");
  row(`${title}longest frame`, `${number(result.frames.at(-1))} ms`, '< 100 ms');
  row(`${title}of one processor`, `${number(result.share * 100)} %`, '');
}

row('', 'NetVisor', 'to reach', yardstick ? 'xyflow' : '', yardstick ? 'ratio' : '');
if (only.includes('sizes')) await firstLoad();
if (only.includes('500')) await picture(500, { open: '< 1500 ms', frame: '< 17 ms', memory: '' });
if (only.includes('10000')) await picture(10_000, { open: '< 4000 ms', frame: '< 33 ms', memory: '< 500 MB' });
if (only.includes('live')) for (const hosts of [500, 10_000]) await live(hosts);
if (only.includes('lists')) await import('./bench/lists.mjs');
