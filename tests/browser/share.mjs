// SPDX-License-Identifier: BSD-2-Clause
// A picture is taken away and shown to others, in a real browser, against the real collector: files in every form, paper, a
// link with a password, a frame on another site; and strangers see what they may, for as long as they may.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

import { arp, conversation, dhcpRequest } from './frames.mjs';
import { button, field, overflow, rowOf, sheet, SOON_MS, tell } from './page.mjs';
import { equal, good, step } from './tap.mjs';

const owner = { email: 'owner@example.org', password: 'Correct-horse-1', name: 'Olga Owner' };
const nas = { mac: '00:11:32:01:02:03', ip: '10.77.20.10', vlan: 20, name: 'attic-nas' };
const laptop = { mac: '3c:07:54:0a:0b:0c', ip: '10.77.20.11', vlan: 20, name: 'green-laptop' };
const secret = { mac: '00:80:77:11:22:33', ip: '10.77.20.12', vlan: 20, name: 'hidden-printer' };
const PASSWORD = 'Only-for-auditors-7';

const drawn = page => page.locator('[data-testid=picture][data-ready=true]').waitFor({ timeout: 20_000 });

await tell(async (stack, chromium) => {
  const page = await chromium.openPage({ acceptDownloads: true });
  const origin = { Origin: stack.url };
  const ask = async (path, options = {}) => (await page.request.fetch(stack.url + path, { headers: origin, ...options })).json();
  const put = (path, data) => ask(path, { method: 'PUT', data });
  let topology;
  let share;

  await step('a network with a saved picture, and a host that is hidden', async () => {
    const made = await page.request.post(`${stack.url}/api/setup`, { headers: origin, data: { token: await stack.setupToken(), ...owner } });
    equal(made.status(), 200, 'the set-up');
    stack.startSensor();
    await page.goto(`${stack.url}/sensors`);
    await page.getByRole('article', { name: 'test port' }).getByText('Connected', { exact: true }).waitFor({ timeout: 20_000 });
    stack.play([nas, laptop, secret].flatMap(host => [arp(host), dhcpRequest(host)]).concat(conversation(laptop, nas, 8443), conversation(laptop, secret, 631)));
    await page.goto(`${stack.url}/hosts`);
    for (const host of [nas, laptop, secret]) await rowOf(page, host.name).waitFor();
    const hosts = (await ask('/api/hosts?limit=0')).data;
    const hidden = hosts.find(host => host.name === secret.name);
    equal((await put(`/api/hosts/${hidden.id}`, { hidden: true })).success, true, 'hiding');
    topology = (await ask('/api/topology', { method: 'POST', data: { network_id: hidden.network_id, name: 'Attic </svg> "plan"' } })).data;
  });

  await step('the picture as a file, in every form', async () => {
    await page.goto(`${stack.url}/topology?topology=${topology.id}`);
    await drawn(page);
    const begins = { PNG: '\x89PNG', SVG: '<svg xmlns', PDF: '%PDF-1.7', 'draw.io': '<?xml', Mermaid: 'flowchart TB', 'CSV of things': '"name"', 'CSV of connections': '"from"', JSON: '{' };
    for (const [name, beginning] of Object.entries(begins)) {
      await button(page, 'Export').click();
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: new RegExp(`^${name}`) }).click()]);
      good(/^netvisor-attic-svg-plan-logical-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d/.test(file.suggestedFilename()), `it is called ${file.suggestedFilename()}`);
      const bytes = readFileSync(await file.path());
      equal(bytes.subarray(0, beginning.length).toString('latin1'), beginning, name);
      // Who talks with whom is known a little later.
      if (!['PNG', 'PDF', 'CSV of connections'].includes(name)) good(bytes.toString().includes(laptop.name), `${name} does not have the laptop`);
      if (name === 'SVG') good(await page.evaluate(text => new DOMParser().parseFromString(text, 'image/svg+xml').documentElement.localName === 'svg', bytes.toString()), 'the SVG can not be read');
    }
  });

  await step('on paper it is the whole picture alone, on one landscape page', async () => {
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    await page.emulateMedia({ media: 'print' });
    good((await page.locator('.netvisor-print svg text').allTextContents()).some(text => text.startsWith('green')), 'the laptop is not on the page');
    equal(await page.locator('#root').isVisible(), false, 'the page around it');
    const paper = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    equal(paper.match(/\/Type \/Page\b(?!s)/g).length, 1, 'pages');
    const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(paper);
    good(Number(width) > Number(height), 'it is not landscape');
    await page.emulateMedia({ media: 'screen' });
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    equal(await page.locator('.netvisor-print').count(), 0, 'what is left of it');
  });

  await step('a link with a password, made where the picture is', async () => {
    await button(page, 'Share').click();
    await sheet(page).getByText('Nobody has a link yet').waitFor();
    await button(page, 'New link').click();
    await field(page, 'Name').fill('For the auditors');
    await page.getByLabel('Ask for a password').check();
    await button(page, 'Make the link').click();
    await sheet(page).getByText('Type a password, or do not ask for one.').waitFor();
    await field(page, 'Password').fill(PASSWORD);
    await button(page, 'Make the link').click();
    await sheet(page).getByText('For the auditors').waitFor();
    share = (await ask(`/api/shares?topology_id=${topology.id}`)).data[0];
    equal([share.name, share.has_password, share.is_enabled], ['For the auditors', true, true], 'the share');
  });

  const stranger = await chromium.openPage();
  await step('a stranger is asked for the password, and a wrong one does not open it', async () => {
    await stranger.goto(`${stack.url}/share/${share.id}`);
    await stranger.getByRole('heading', { name: 'This picture is protected' }).waitFor();
    await field(stranger, 'Password').fill('Something-else-1');
    await button(stranger, 'Open').click();
    await stranger.getByText('This password is not right.').waitFor();
    await field(stranger, 'Password').fill(PASSWORD);
    await button(stranger, 'Open').click();
    await drawn(stranger);
    await stranger.getByRole('heading', { name: 'For the auditors' }).waitFor();
    equal(await stranger.context().cookies(), [], 'cookies');
    await stranger.reload();
    await drawn(stranger);
  });

  await step('what a stranger gets has the laptop, and nothing of the hidden host or of people', async () => {
    const answers = [];
    stranger.on('response', response => response.url().includes('/topology') && answers.push(response.text().catch(() => '')));
    await stranger.reload();
    await drawn(stranger);
    const told = (await Promise.all(answers)).join('');
    good(told.includes(laptop.name) && told.includes(nas.ip), 'the picture is not whole');
    for (const word of [secret.name, secret.ip, secret.mac, owner.email, 'Olga', 'argon2', 'nvs_', 'test port']) good(!told.includes(word), `it tells of ${word}`);
  });

  await step('it looks again after half a minute, and is not refused', async () => {
    await stranger.clock.install();
    await stranger.reload();
    await drawn(stranger);
    const again = stranger.waitForResponse(response => response.url().includes('/topology'), { timeout: SOON_MS });
    await stranger.clock.fastForward(40_000);
    good([200, 304].includes((await again).status()), 'it was refused');
  });

  await step('on a phone it fits', async () => {
    const phone = await chromium.openPage({ viewport: { width: 390, height: 800 } });
    await phone.goto(`${stack.url}/share/${share.id}`);
    await field(phone, 'Password').fill(PASSWORD);
    await button(phone, 'Open').click();
    await drawn(phone);
    equal(await overflow(phone), 0, 'pixels beyond the edge');
    await phone.context().close();
  });

  await step('it stands in a frame on the site that it names, and on no other', async () => {
    const site = createServer((_, response) => response.setHeader('Content-Type', 'text/html').end(`<!doctype html><title>wiki</title><iframe width="800" height="500" src="${stack.url}/embed/${share.id}"></iframe>`));
    await new Promise(done => site.listen(0, '127.0.0.1', done));
    const { port } = site.address();
    const context = await chromium.browser.newContext();
    const wiki = await context.newPage();
    try {
      await put(`/api/shares/${share.id}`, { password: null, allowed_domains: [`localhost:${port}`] });
      await wiki.goto(`http://localhost:${port}/`);
      await wiki.frameLocator('iframe').locator('[data-testid=picture][data-ready=true]').waitFor({ timeout: 20_000 });
      await wiki.goto(`http://127.0.0.1:${port}/`);
      equal(await wiki.frames()[1].locator('[data-testid=picture]').count(), 0, 'pictures on another site');
    } finally {
      await context.close();
      site.close();
    }
  });

  await step('switched off, it has ended for everybody', async () => {
    await page.goto(`${stack.url}/topology?topology=${topology.id}`);
    await drawn(page);
    await button(page, 'Share').click();
    await button(page, 'What to do with For the auditors').click();
    await page.getByRole('menuitem', { name: 'Switch off' }).click();
    await sheet(page).getByText('off', { exact: true }).waitFor();
    await stranger.goto(`${stack.url}/share/${share.id}`);
    await stranger.getByRole('heading', { name: 'This link has ended' }).waitFor();
  });

  await step('nothing went wrong that nobody saw', async () => {
    // That a link has ended is a 404.
    const problems = chromium.problems.filter(text => !/404 \(Not Found\)/.test(text));
    equal([problems, chromium.foreign, chromium.violations], [[], [], []], 'problems, foreign requests, violations');
  });
});
