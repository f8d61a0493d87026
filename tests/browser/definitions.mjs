// SPDX-License-Identifier: BSD-2-Clause
// What everything is, and why: services and devices as the collector concludes them, down to the evidence; then a definition of one's own,
// tried against the network before it is saved, that names what was there already, takes a built-in one's place, and goes again.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import { button, field, live, overflow, rowOf, send, sheet, tell } from './page.mjs';
import { Sensor } from './sensor.mjs';
import { sleep } from './stack.mjs';
import { equal, good, step } from './tap.mjs';

const axe = readFileSync(createRequire(new URL('../../web/package.json', import.meta.url)).resolve('axe-core/axe.min.js'), 'utf8');
const owner = { email: 'owner@example.org', password: 'Correct-horse-1', name: 'Olga Owner' };
const SETTLED_MS = 300; // colours have come in
const till = ['02:00:00:00:00:20', '10.77.0.20'];
const board = ['02:00:00:00:00:21', '10.77.0.21'];
const shed = ['02:00:00:00:00:22', '10.77.0.22'];

// What a sensor would say: names, open ports, and what web servers and SSH answered.
function facts() {
  const now = Date.now() / 1000;
  const seen = { first: now, last: now, count: 1, vlan: [] };
  const all = [];
  const say = (fact, source, confidence = 'measured') => all.push({ ...fact, source, confidence, ...seen });
  const host = (name, [mac, ip]) => (say({ fact: 'address', mac, ip }, 'arp', 'announced'), say({ fact: 'name', name, kind: 'hostname', mac, ip }, 'dhcp', 'announced'));
  const open = ([, ip], port) => say({ fact: 'service', ip, port, proto: 'tcp', state: 'open', clients: 1 }, 'tcp');
  const spoke = ([, ip], port, name, traits) => {
    say({ fact: 'service', ip, port, proto: 'tcp', state: 'open', name }, 'probe');
    for (const [key, value] of Object.entries(traits)) say({ fact: 'trait', key, value, ip, port }, 'probe', 'announced');
  };
  host('till-box', till);
  spoke(till, 7777, 'http', { 'http.title': 'Till of the shop', 'http.server': 'tilld/2.1' });
  host('board', board);
  spoke(board, 9555, 'http', { 'http.title': 'Grafana', 'http.status': '200 /login', 'http.server': 'nginx/1.24.0' });
  open(board, 22);
  host('shed', shed);
  spoke(shed, 7777, 'http', { 'http.title': 'Garden', 'http.server': 'tilld/2.1' });
  say({ fact: 'neighbor', mac: shed[0], chassis: shed[0], port: 'ge-0/0/1', system_name: 'shed', system_description: 'Juniper Networks, Inc. ex2300-24t Ethernet Switch, kernel JUNOS 20.4R3', capabilities: ['bridge', 'router'] }, 'lldp', 'announced');
  return all;
}

await tell(async (stack, chromium) => {
  const page = await chromium.openPage({ reducedMotion: 'reduce' });
  const headers = { Origin: stack.url };
  const shot = async name => process.env.SHOTS && page.screenshot({ path: join(process.env.SHOTS, `${name}.png`), caret: 'initial' });
  const go = async (path, title) => {
    await page.evaluate(to => (history.pushState(null, '', to), dispatchEvent(new PopStateEvent('popstate'))), path);
    if (title) await page.getByRole('heading', { name: title, level: 1 }).waitFor();
  };
  const hostId = async name => (await (await page.request.get(`${stack.url}/api/hosts?limit=0`)).json()).data.find(host => host.name === name)?.id;
  const row = (...texts) => texts.reduce((rows, text) => rows.filter({ hasText: text }), page.getByRole('row')).first();
  // Nothing for axe-core, nothing over the edge: as it stands, wide and light, narrow and dark; with SHOTS in all four.
  const all = [[1440, 900, 'light'], [390, 844, 'dark'], [1440, 900, 'dark'], [390, 844, 'light']];
  const clean = async name => {
    const found = [];
    for (const [width, height, colorScheme] of process.env.SHOTS ? all : all.slice(0, 2)) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await sleep(SETTLED_MS);
      await shot(`${name}-${width}-${colorScheme}`);
      const over = await overflow(page);
      const { violations } = await page.evaluate(`${axe}; axe.run(document.querySelector('[role=dialog]') ?? document, { resultTypes: ['violations'] })`);
      if (over > 0) found.push(`${width}: over the edge by ${over} px`);
      found.push(...violations.map(each => `${width} ${colorScheme} ${each.id}: ${each.nodes.slice(0, 2).map(node => node.html.slice(0, 160)).join(' | ')}`));
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    equal(found, [], name);
  };

  await step('services are concluded on whatever port they are, and a guess says that it is one', async () => {
    const made = await page.request.post(`${stack.url}/api/setup`, { headers, data: { token: await stack.setupToken(), ...owner } });
    equal(made.status(), 200, 'the set-up');
    const key = readFileSync(join(stack.folder, 'collector', 'sensor.key'), 'utf8').trim();
    const sensor = await Sensor.connect(stack.port, key, { name: 'office', software: 'test', capabilities: {}, interfaces: [] });
    const said = facts();
    for (let i = 0; i < said.length; i += 20) sensor.say({ type: 'facts', batch: i / 20 + 1, facts: said.slice(i, i + 20) });
    await page.goto(`${stack.url}/services`);
    await live(page);
    await row('Grafana', '9555/tcp', 'sure').waitFor();
    await row('SSH', '22/tcp', 'guess').waitFor();
    await shot('services');
    sensor.close();
  });

  await step('a switch is one, with its maker and system, and hosts are grouped by kind', async () => {
    await go('/hosts?group=kind', 'Hosts');
    await row('shed', 'Switch', 'Juniper').waitFor();
    await go(`/hosts/${await hostId('shed')}?why=device`, 'shed');
    const why = sheet(page);
    await why.getByText('What this device is').waitFor();
    await why.getByText('JUNOS', { exact: false }).first().waitFor();
    await clean('why-device');
    await why.getByRole('button', { name: 'Close' }).click();
  });

  await step('why: the tree of reasons leads to the evidence', async () => {
    await go(`/hosts/${await hostId('board')}`, 'board');
    await page.getByRole('link', { name: 'Why Grafana?' }).click();
    const why = sheet(page);
    await why.getByText('Grafana', { exact: true }).first().waitFor();
    await why.getByText('nginx').first().waitFor();
    await clean('why-service');
    await why.getByRole('link', { name: /evidence/i }).first().click();
    await page.locator('tr[aria-current=true]').filter({ hasText: 'Grafana' }).first().waitFor();
    await page.getByRole('region', { name: 'Conclusions' }).locator('summary').filter({ hasText: 'Grafana' }).click();
    await clean('evidence');
  });

  await step('a definition is written, and what is wrong with it is said in words', async () => {
    await go('/definitions', 'Definitions');
    await button(page, 'New').click();
    await field(sheet(page), 'Service').fill('Shop till');
    await field(sheet(page), 'What it is').fill('Takes the money of the shop.');
    await sheet(page).getByText('match.any[0].http.title: is needed').waitFor();
    good(await button(sheet(page), 'Save').isDisabled(), 'a wrong one can be saved');
    await clean('new');
    await field(sheet(page), 'Title').fill('Till of');
    await sheet(page).getByText('is needed').waitFor({ state: 'detached' });
    await sheet(page).getByText('JSON', { exact: true }).click();
    const text = await field(sheet(page), 'The definition as JSON').inputValue();
    equal(JSON.parse(text).match, { any: [{ http: { title: 'Till of' } }] }, 'the rule');
    await field(sheet(page), 'The definition as JSON').fill(text.replace('"Till of"', '"/(/"'));
    await button(sheet(page), 'Save').click();
    await sheet(page).getByRole('alert').filter({ hasText: 'can’t be used' }).or(sheet(page).getByRole('alert').filter({ hasText: "can't be used" })).waitFor();
    await field(sheet(page), 'The definition as JSON').fill(text.replace('"Till of"'));
    await sheet(page).getByText('This is no JSON object', { exact: false }).waitFor();
    await clean('json');
    await field(sheet(page), 'The definition as JSON').fill(text);
  });

  await step('it is tried against the network: what would match and why, and what nearly would', async () => {
    await button(sheet(page), 'Test against my network').click();
    await sheet(page).getByText('One host of', { exact: false }).waitFor();
    const found = sheet(page).locator('details').filter({ hasText: 'till-box' });
    await found.locator('summary').click();
    await found.getByText('Till of the shop').waitFor();
    const text = await field(sheet(page), 'The definition as JSON').inputValue();
    const both = { ...JSON.parse(text), match: { together: [{ http: { header: 'server: tilld' } }, { http: { title: 'Till of' } }] } };
    await field(sheet(page), 'The definition as JSON').fill(JSON.stringify(both, null, 2));
    await button(sheet(page), 'Test against my network').click();
    await sheet(page).getByRole('heading', { name: 'Near misses' }).waitFor();
    const near = sheet(page).locator('details').filter({ hasText: 'shed' });
    await near.getByText('1 of 2 signs').waitFor();
    await near.locator('summary').click();
    await near.getByLabel('not found').first().waitFor();
    await clean('trial');
  });

  await step('saved, it names what was seen before, at once and without a scan', async () => {
    await send(page, 'Save');
    await go('/definitions?q=till', 'Definitions');
    await row('Shop till', 'your own').waitFor();
    await go('/services', 'Services');
    await row('Shop till', '7777/tcp', 'till-box').waitFor();
    equal(await page.getByRole('row').filter({ hasText: 'Shop till' }).count(), 1, 'services of that name');
  });

  await step('a built-in one is made one’s own, takes its place, and comes back', async () => {
    await go('/definitions?edit=built-in:grafana', 'Definitions');
    await sheet(page).getByText('What tells it').waitFor();
    await clean('built-in');
    await button(sheet(page), 'Make one of your own of it').click();
    await sheet(page).getByText('Takes the place of Grafana', { exact: false }).waitFor();
    await field(sheet(page), 'Service').fill('Our graphs');
    await send(page, 'Save');
    await go('/definitions?q=grafana', 'Definitions');
    await row('Grafana', 'replaced').waitFor();
    await go('/services', 'Services');
    await row('Our graphs', '9555/tcp').waitFor();
    await go('/definitions?q=grafana&edit=own:grafana', 'Definitions');
    await button(sheet(page), 'Delete').click();
    await page.getByRole('dialog').last().getByRole('button', { name: 'Delete', exact: true }).click();
    await row('Our graphs').waitFor({ state: 'detached' });
    await row('Grafana', 'NetVisor').waitFor();
    await go('/services', 'Services');
    await row('Grafana', '9555/tcp').waitFor();
  });

  await step('a viewer looks, and changes nothing', async () => {
    await go('/users', 'Users');
    await page.getByText('Invites', { exact: true }).click();
    await button(page, 'Invite').click();
    await send(page, 'Make the link').catch(() => {});
    const invite = await page.getByTestId('copyable').textContent();
    const other = await chromium.openPage();
    await other.goto(invite.replace(/^https?:\/\/[^/]+/, stack.url));
    for (const [name, value] of [['Your name', 'Vera'], ['E-mail address', 'viewer@example.org'], ['Password', 'Correct-horse-2']]) await field(other, name).fill(value);
    await button(other, 'Create account').click();
    await live(other);
    await other.goto(`${stack.url}/definitions?edit=own:shop-till`);
    await sheet(other).getByText('Definitions are made by administrators').waitFor();
    equal([await button(sheet(other), 'Save').count(), await button(sheet(other), 'Test against my network').count(), await button(other, 'New').count()], [0, 0, 0], 'buttons');
  });

  await step('no error in the console, no request to elsewhere, nothing against the content security policy', () => {
    equal([chromium.problems, chromium.foreign, chromium.violations], [[], [], []], 'what went wrong');
  });
});
