// SPDX-License-Identifier: BSD-2-Clause
// What a switch's administrator looks for, in a real browser against the real collector and sensor: who is a neighbour, which bridge is the root of
// which tree and what has changed, which VLANs there are, who takes over an address, what a device tells of itself; all of it while one looks.
import { arp, dhcpRequest, lldp, spanningTree, arpAnswer } from './frames.mjs';
import { live, overflow, rowOf, tell, VISIBLE } from './page.mjs';
import { sleep } from './stack.mjs';
import { equal, good, step } from './tap.mjs';

const owner = { email: 'owner@example.org', password: 'Correct-horse-1', name: 'Olga Owner' };
const core = { mac: '00:1b:21:00:00:01', ip: '10.44.0.1', name: 'core', vlan: 99 };
const edge = { mac: '00:1b:21:00:00:02', ip: '10.44.0.2', name: 'edge', vlan: 99 };
const server = { mac: '00:11:32:00:00:10', ip: '10.44.10.10', name: 'files', vlan: 10 };
const desk = { mac: '00:80:77:00:00:20', ip: '10.44.10.20', name: 'desk', vlan: 10 };
const stranger = { ...server, mac: '02:13:37:00:00:66' };
const bridge = (of, priority) => ({ priority, mac: of.mac });

await tell(async (stack, chromium) => {
  const page = await chromium.openPage();
  const region = name => page.getByRole('region', { name, exact: true });
  const tab = name => page.getByRole('tab', { name, exact: true }).click();
  await page.request.post(`${stack.url}/api/setup`, { data: { token: await stack.setupToken(), ...owner }, headers: { Origin: stack.url } });
  await page.goto(`${stack.url}/layer2`);

  await step('with nothing heard, each part says why that may be', async () => {
    await page.getByRole('heading', { name: 'No switch has spoken yet' }).waitFor(VISIBLE);
    await tab('Spanning tree');
    await page.getByRole('heading', { name: 'No spanning tree is heard' }).waitFor();
    await tab('Neighbours');
    stack.startSensor();
    await live(page);
    const connected = async () => (await (await page.request.get(`${stack.url}/api/sensors`)).json()).data[0]?.connected;
    for (let tries = 0; !(await connected()); tries++) {
      good(tries < 100, 'the sensor does not connect');
      await sleep(200);
    }
  });

  await step('a neighbour shows while one looks, with its port and what it is', async () => {
    stack.play([arp(core), arp(edge), dhcpRequest(core), lldp(core, 'Gi0/24', { description: 'to the probe', system: 'Core switch' })]);
    const row = rowOf(page, 'Gi0/24');
    await row.filter({ hasText: 'core' }).filter({ hasText: 'LLDP' }).filter({ hasText: 'switch' }).waitFor(VISIBLE);
    good((await row.textContent()).includes('10.44.0.1'), 'where it is managed is not told');
  });

  await step('the spanning trees: one for all, and one for a VLAN with a root of its own', async () => {
    await tab('Spanning tree');
    stack.play([
      spanningTree(core, { root: bridge(core, 32768), bridge: bridge(core, 32768), number: 24 }), spanningTree(edge, { root: bridge(core, 32768), bridge: bridge(edge, 32768), number: 2, cost: 20000 }),
      spanningTree(core, { root: bridge(edge, 4096), bridge: bridge(core, 32768), number: 24, cost: 4, tree: 10, vlan: 10 }),
    ]);
    const all = region('One tree for all VLANs');
    await all.filter({ hasText: 'core is the root' }).filter({ hasText: 'The root was chosen by chance' }).filter({ hasText: '128.24' }).waitFor(VISIBLE);
    await all.filter({ hasText: 'leads through its port 128.2, cost 20000' }).waitFor(VISIBLE);
    const ten = region('VLAN 10');
    await ten.filter({ hasText: 'priority 4096' }).waitFor(VISIBLE);
    equal(await ten.getByText('The root was chosen by chance').count(), 0, 'a root with a priority of its own was not chosen by chance');
  });

  await step('another root is seen at once', async () => {
    stack.play([spanningTree(edge, { root: bridge(edge, 8192), bridge: bridge(edge, 8192), number: 2 })]);
    await region('One tree for all VLANs').filter({ hasText: 'Bridges name different roots' }).filter({ hasText: 'priority 8192' }).waitFor(VISIBLE);
  });

  await step('the VLANs, and who is in them', async () => {
    stack.play([arp(server), arp(desk), dhcpRequest(desk)]);
    await tab('VLANs');
    const ten = page.getByRole('row').filter({ has: page.getByRole('cell', { name: '10', exact: true }) });
    await ten.getByRole('link', { name: /^[23]$/ }).waitFor(VISIBLE); // the switch speaks in it too
    await ten.filter({ hasText: 'test port' }).waitFor({ timeout: 30_000 });
    await ten.getByRole('link', { name: /^[23]$/ }).click();
    await rowOf(page, server.ip).waitFor(VISIBLE);
    await rowOf(page, desk.name).waitFor(VISIBLE);
  });

  await step('who takes an address over is told with both, and what to do', async () => {
    await page.getByRole('link', { name: 'Conflicts' }).click();
    await page.getByRole('heading', { name: 'Nobody claims what is another’s' }).waitFor(VISIBLE);
    for (let times = 0; times < 6; times++) {
      stack.play([arp(server), arpAnswer(stranger, desk), arp(stranger)]);
      await sleep(300);
    }
    const item = page.getByTestId('conflict').filter({ hasText: server.ip }).first();
    await item.waitFor({ timeout: 30_000 });
    for (const text of [server.mac, stranger.mac, 'What to do', 'VLAN 10', 'heard by test port']) await item.filter({ hasText: text }).waitFor(VISIBLE);
  });

  await step('what a device tells of itself, with the way to its evidence', async () => {
    await page.goto(`${stack.url}/hosts`);
    await rowOf(page, desk.name).getByRole('link').first().click();
    await region('What it tells of itself').filter({ hasText: 'DHCP vendor class' }).filter({ hasText: 'test-client' }).waitFor(VISIBLE);
    await tab('Traits');
    const manners = region('How it is told by its manners');
    await manners.filter({ hasText: 'DHCP vendor class' }).filter({ hasText: 'announced' }).filter({ hasText: 'test port' }).waitFor(VISIBLE);
    await manners.getByRole('link', { name: 'Evidence of DHCP vendor class' }).first().click();
    await page.locator('tr[data-marked]').filter({ hasText: 'test-client' }).first().waitFor(VISIBLE);
  });

  await step("each loss has words, and a sensor says whether it may send and what its port has sent", async () => {
    await page.goto(`${stack.url}/sensors`);
    const card = page.getByRole('article', { name: 'test port' });
    await card.getByRole('group', { name: 'Silence' }).filter({ hasText: 'Sent by the port' }).waitFor(VISIBLE);
    await card.getByText(/kinds of loss are counted/).click();
    const names = await card.locator('details dt').allTextContents();
    good(names.length > 20, `${names.length} kinds of loss`);
    equal(names.filter(name => /_/.test(name)), [], 'kinds of loss without words');
  });

  await step('nothing hangs over the edge on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of ['/layer2', '/layer2?tab=trees', '/layer2?tab=vlans', '/conflicts', '/sensors']) {
      await page.goto(stack.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor(VISIBLE);
      good((await overflow(page)) <= 0, `${path} hangs over`);
    }
  });

  await step('no error in the console, no request to elsewhere, nothing against the content security policy', () => {
    equal([chromium.problems, chromium.foreign, chromium.violations], [[], [], []], 'what went wrong');
  });
});
