// SPDX-License-Identifier: BSD-2-Clause
// Who is plugged in where: two switches are asked by SNMP, what they tell goes to the real collector, and a browser shows it.
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { rowOf, tell } from './page.mjs';
import { Sensor } from './sensor.mjs';
import { equal, good, step } from './tap.mjs';

const top = new URL('../..', import.meta.url).pathname;
const ask = join(top, process.env.BUILD ?? 'build', 'tests/ask/snmp_ask');
const owner = { email: 'owner@example.org', password: 'Correct-horse-1', name: 'Olga Owner' };
const hosts = { 'attic-nas': ['00:11:32:01:02:03', '10.77.0.10'], laptop: ['3c:07:54:0a:0b:0c', '10.77.0.11'], printer: ['00:80:77:11:22:33', '10.77.0.12'], 'desk-pc': ['3c:07:54:0a:0b:0d', '10.77.0.13'] };
const drawn = page => page.locator('[data-testid=picture][data-ready=true]').waitFor({ timeout: 20_000 });

// What the switches tell, as facts: the addresses that they have in the story instead of loopback's.
async function told(folder) {
  const agents = spawn('python3', [join(top, 'tests/browser/plugged.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ports = await new Promise(done => agents.stdout.once('data', chunk => done(String(chunk).trim().split(' '))));
  const credentials = join(folder, 'credentials');
  writeFileSync(credentials, 'v2c public\n', { mode: 0o600 });
  try {
    return ports.flatMap((port, i) => execFileSync(ask, [credentials, '2000', '20', `127.0.0.1@${port}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim().split('\n').map(line => JSON.parse(line.replaceAll('127.0.0.1', `10.77.0.${2 + i}`))));
  } finally {
    agents.stdin.end();
  }
}

await tell(async (stack, chromium) => {
  const page = await chromium.openPage();
  const picture = async name => process.env.SHOTS && page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true });

  await step('switches tell who is at their ports', async () => {
    const made = await page.request.post(`${stack.url}/api/setup`, { headers: { Origin: stack.url }, data: { token: await stack.setupToken(), ...owner } });
    equal(made.status(), 200, 'the set-up');
    const key = readFileSync(join(stack.folder, 'collector', 'sensor.key'), 'utf8').trim();
    const sensor = await Sensor.connect(stack.port, key, { name: 'office', software: 'test', capabilities: {}, interfaces: [] });
    const now = Date.now() / 1000;
    const seen = { first: now, last: now, count: 1, vlan: [] };
    const facts = Object.entries(hosts).flatMap(([name, [mac, ip]]) => [{ fact: 'address', mac, ip, source: 'arp', confidence: 'announced', ...seen }, { fact: 'name', name, kind: 'hostname', mac, ip, source: 'dhcp', confidence: 'announced', ...seen }]).concat(await told(stack.folder));
    good(facts.filter(each => each.fact === 'link').length > 6, 'the switches told of no links');
    for (let i = 0; i < facts.length; i += 40) sensor.say({ type: 'facts', batch: i / 40 + 1, facts: facts.slice(i, i + 40) });
    await page.goto(`${stack.url}/hosts`);
    for (const name of ['core', 'desk', ...Object.keys(hosts)]) await rowOf(page, name).first().waitFor();
    sensor.close();
  });

  const open = async name => {
    const { data } = await (await page.request.get(`${stack.url}/api/hosts?limit=0`)).json();
    await page.goto(`${stack.url}/hosts/${data.find(each => each.name === name).id}`);
    await page.getByRole('heading', { name, level: 1 }).waitFor();
  };

  await step('a host says which port of which switch it is plugged into', async () => {
    await open('attic-nas');
    const into = page.getByRole('region', { name: 'Plugged into' });
    await into.getByRole('row').filter({ hasText: 'Gi0/1' }).filter({ hasText: 'core' }).filter({ hasText: '1 Gbit/s' }).filter({ hasText: 'Seen there' }).waitFor();
    equal(await into.getByRole('row').count(), 2, 'its ports, with the head');
    good((await page.locator('dl').first().textContent()).includes('Plugged intocore port Gi0/1'), 'it is not at a glance');
    await picture('host');
  });

  await step('one behind the other switch is at that one; two at one port share it', async () => {
    await open('desk-pc');
    await page.getByRole('region', { name: 'Plugged into' }).getByRole('row').filter({ hasText: 'desk' }).filter({ hasText: 'g3' }).filter({ hasText: '100 Mbit/s' }).waitFor();
    await open('printer');
    await page.getByRole('region', { name: 'Plugged into' }).getByRole('row').filter({ hasText: 'Gi0/2' }).filter({ hasText: 'attic' }).filter({ hasText: 'with 1 other' }).waitFor();
  });

  await step('a switch says who is at its ports, known or not, and where the other switch is', async () => {
    await open('desk');
    const ports = page.getByRole('region', { name: 'Who is at its ports' });
    await ports.getByRole('row').filter({ hasText: 'g1' }).filter({ hasText: 'core port Gi0/8' }).filter({ hasText: 'Switch' }).waitFor();
    await ports.getByRole('row').filter({ hasText: 'g3' }).filter({ hasText: 'desk-pc' }).waitFor();
    await ports.getByRole('row').filter({ hasText: 'g4' }).filter({ hasText: '00:0a:0a:0a:0a:0a' }).waitFor();
    equal(await ports.getByRole('row').count(), 4, 'rows, with the head');
    await picture('switch');
  });

  await step('the physical view draws the cables', async () => {
    await page.goto(`${stack.url}/topology?view=physical`);
    await drawn(page);
    await picture('physical');
    await page.keyboard.press('Escape');
    const words = await page.evaluate(() => document.querySelector('[data-testid=picture]').textContent);
    for (const text of ['core', 'desk', 'Gi0/1', 'Gi0/8', 'g3', 'attic-nas', 'desk-pc', '00:0a:0a:0a:0a:0a']) good(words.includes(text) || words === '', `${text} is not in the picture`);
  });
});
