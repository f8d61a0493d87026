// SPDX-License-Identifier: BSD-2-Clause
// A network is put in order, in a real browser, against the real collector and sensor: people are invited and may what
// they may, keys are made, subnets, groups and tags too; a host is renamed, taken together with another and apart again;
// a sensor is asked for a report; and all of it is there to be looked up.
import { arp, conversation, dhcpRequest } from './frames.mjs';
import { button, choose, field, heading, live, overflow, rowOf, send, sheet, SOON_MS, tell } from './page.mjs';
import { sleep } from './stack.mjs';
import { equal, good, step } from './tap.mjs';

const owner = { email: 'owner@example.org', password: 'Correct-horse-1', name: 'Olga Owner' };
const viewer = { email: 'viewer@example.org', password: 'Correct-horse-2', name: 'Vera Viewer' };
const nas = { mac: '00:11:32:01:02:03', ip: '10.77.20.10', vlan: 20, name: 'attic-nas' };
const laptop = { mac: '3c:07:54:0a:0b:0c', ip: '10.77.20.11', vlan: 20, name: 'green-laptop' };
const printer = { mac: '00:80:77:11:22:33', ip: '10.77.30.5', vlan: 30, name: 'hall-printer' };

const note = (page, text) => page.getByRole('status').filter({ hasText: text }).waitFor();

await tell(async (stack, chromium) => {
  const page = await chromium.openPage();
  const origin = { Origin: stack.url };
  const go = async (path, title) => {
    await page.goto(stack.url + path);
    if (title) await heading(page, title);
  };
  const ask = async (path, options = {}) => (await page.request.fetch(stack.url + path, { headers: origin, ...options })).json();
  const rows = async path => (await ask(path)).data;
  const hostNamed = async name => (await rows('/api/hosts?limit=0')).find(host => host.name === name);

  await step('an owner with a name, and hosts to put in order', async () => {
    const made = await page.request.post(`${stack.url}/api/setup`, { headers: origin, data: { token: await stack.setupToken(), ...owner } });
    equal(made.status(), 200, 'the set-up');
    stack.startSensor();
    await go('/sensors', 'Sensors');
    await page.getByRole('article', { name: 'test port' }).getByText('Connected', { exact: true }).waitFor({ timeout: 20_000 });
    stack.play([arp(nas), dhcpRequest(nas), arp(laptop), dhcpRequest(laptop), arp(printer), dhcpRequest(printer), ...conversation(laptop, nas, 8443), ...conversation(laptop, nas, 22), ...conversation(laptop, printer, 631)]);
    await page.getByRole('link', { name: /Hosts/ }).first().click();
    for (const host of [nas, laptop, printer]) await rowOf(page, host.name).waitFor();
  });

  await step('the sensor has reported its machine at first contact, and does so again when asked', async () => {
    await go('/sensors', 'Sensors');
    await button(page, 'Self-report now').click();
    await note(page, 'is started');
    await page.getByRole('link', { name: /Sessions/ }).click();
    const lately = page.getByRole('region', { name: 'Finished lately' }).last();
    await lately.getByRole('row').filter({ hasText: 'by Olga Owner' }).filter({ hasText: 'complete' }).waitFor({ timeout: 15_000 });
    await lately.getByRole('row').filter({ hasText: 'first contact' }).getByRole('link').click();
    await sheet(page).getByText('What it found').waitFor();
    await page.keyboard.press('Escape');
  });

  await step('a schedule is told in words before it is made, and what is no schedule is refused', async () => {
    await go('/schedules', 'Scheduled');
    await button(page, 'New discovery').click();
    await field(page, 'Name').fill('Weekly report');
    await choose(page, 'How often', 'Every week');
    await field(page, 'At').fill('04:30');
    await choose(page, 'Time zone', 'UTC');
    await page.getByText('Runs every Monday at 04:30, UTC.').waitFor();
    await choose(page, 'How often', 'By a cron expression');
    await field(page, 'Cron expression').fill('61 * * * *');
    await button(sheet(page), 'Create').click();
    await page.getByText('This is no cron expression').waitFor();
    await field(page, 'Cron expression').fill('*/15 8-17 * * 1-5');
    await send(page, 'Create');
    await rowOf(page, 'Weekly report').filter({ hasText: 'from Monday to Friday' }).waitFor();
  });

  await step('a subnet: what the API refuses stands beside its field; then it is made, and is there as CSV', async () => {
    await go('/subnets', 'Subnets');
    await button(page, 'New subnet').click();
    await field(page, 'Range').fill('10.77.20.0/99');
    await button(sheet(page), 'Save').click();
    equal(await page.getByRole('textbox', { name: 'Range' }).getAttribute('aria-invalid'), 'true', 'the field');
    await field(page, 'Range').fill('10.77.20.0/24');
    await field(page, 'Name').fill('Attic');
    await choose(page, 'Type', 'Storage');
    await send(page);
    await rowOf(page, 'Attic').filter({ hasText: 'Storage' }).waitFor();
    const csv = await page.request.get(stack.url + (await page.getByRole('link', { name: 'CSV' }).getAttribute('href')));
    good((await csv.text()).includes('10.77.20.0/24'), 'it is not in the CSV');
  });

  await step('a tag, given to several hosts at once', async () => {
    await go('/tags', 'Tags');
    await button(page, 'New tag').click();
    await field(page, 'Name').fill('upstairs');
    await page.getByRole('radio', { name: 'Orange' }).check();
    await send(page);
    await rowOf(page, 'upstairs').waitFor();
    await go('/hosts?cols=name,ip,tags', 'Hosts');
    for (const host of [nas, laptop]) await rowOf(page, host.name).getByRole('checkbox').check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Tag' }).click();
    await page.getByRole('menuitem', { name: 'upstairs' }).click();
    await note(page, '2 rows now have the tag upstairs');
    for (const host of [nas, laptop]) await rowOf(page, host.name).filter({ hasText: 'upstairs' }).waitFor();
    await page.getByRole('link', { name: 'Tags' }).click();
    await rowOf(page, 'upstairs').filter({ hasText: '2 times' }).waitFor();
  });

  await step('a group of services, in their order', async () => {
    await go('/groups', 'Groups');
    await button(page, 'New group').click();
    await field(page, 'Name').fill('Printing');
    for (const service of ['hall-printer: ipp', 'attic-nas: ssh']) await choose(page, 'Add a service', service);
    await page.getByRole('button', { name: /attic-nas: ssh.*: up/ }).click();
    await send(page);
    await rowOf(page, 'Printing').filter({ hasText: /attic-nas: ssh.*→ hall-printer: ipp/ }).waitFor();
  });

  await step("a person's name for a host stands over what the host calls itself", async () => {
    const { id } = await hostNamed(nas.name);
    await go(`/hosts/${id}`, nas.name);
    await button(page, 'Edit').click();
    await field(page, 'Name').fill('Attic storage');
    await field(page, 'Description').fill('Under the roof, behind the boxes.');
    await send(page);
    await heading(page, 'Attic storage');
    stack.play([dhcpRequest({ ...nas, name: 'other-nas' })]);
    // The new name is known as evidence, and the host keeps the one that it was given.
    await page.getByRole('tab', { name: 'Evidence' }).click();
    await page.getByRole('table').last().getByRole('row').filter({ hasText: '“other-nas”' }).first().waitFor({ timeout: 15_000 });
    await heading(page, 'Attic storage');
    await page.getByText('Under the roof').waitFor();
  });

  await step('its timeline tells who renamed it, and what was seen of it', async () => {
    await page.getByRole('tab', { name: 'Timeline' }).click();
    const timeline = page.getByTestId('timeline');
    await timeline.getByRole('listitem').filter({ hasText: 'Attic storage' }).filter({ hasText: 'by Olga Owner' }).first().waitFor();
    await timeline.getByRole('listitem').filter({ hasText: /22\/tcp opened/ }).waitFor();
    for (const tab of ['Presence', 'Traffic']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByRole('heading', { name: tab, level: 2 }).waitFor();
      await page.getByRole('tabpanel').getByRole('img').waitFor();
    }
  });

  await step('a service gets a name and a tag', async () => {
    await go('/services?cols=service,port,host,tags', 'Services');
    await rowOf(page, '8443/tcp').getByRole('checkbox').check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Edit' }).click();
    await field(page, 'Name').fill('photo album');
    await choose(page, 'Tags', 'upstairs');
    await page.keyboard.press('Escape');
    await send(page);
    await rowOf(page, '8443/tcp').filter({ hasText: 'photo album' }).filter({ hasText: 'upstairs' }).waitFor();
  });

  await step('two who edit the same do not overwrite each other', async () => {
    const host = await hostNamed('Attic storage');
    await go(`/hosts/${host.id}`, 'Attic storage');
    await button(page, 'Edit').click();
    await field(page, 'Name').fill('Mine');
    // Between opening the form and sending it, somebody else has been there.
    const somebodyElse = async route => {
      await ask(`/api/hosts/${host.id}`, { method: 'PUT', data: { description: 'Moved to the cellar.' } });
      await route.continue();
    };
    await page.route(`**/api/hosts/${host.id}`, somebodyElse, { times: 1 });
    await button(sheet(page), 'Save').click();
    await page.getByText('Somebody else has changed this meanwhile').waitFor();
    await button(sheet(page), 'See what it is now').click();
    await page.waitForFunction(() => [...document.querySelectorAll('input')].some(each => each.value === 'Attic storage'));
    equal(await field(page, 'Name').inputValue(), 'Attic storage', 'the name');
    equal(await field(page, 'Description').inputValue(), 'Moved to the cellar.', 'the description');
    await button(sheet(page), 'Cancel').click();
  });

  await step('an interface, a port and a service of a host are noted in one go, and bound to each other', async () => {
    const host = await hostNamed('Attic storage');
    await go(`/hosts/${host.id}?edit=host&part=interfaces`, null);
    await button(page, 'Add an interface').click();
    await field(sheet(page), 'Address').last().fill('10.77.20.300');
    await button(sheet(page), 'Save').click();
    await page.getByText('An IPv4 or IPv6 address').waitFor();
    await field(sheet(page), 'Address').last().fill('10.77.20.77');
    await sheet(page).getByRole('tab', { name: /^Ports/ }).click();
    await button(page, 'Add a port').click();
    await field(sheet(page), 'Port').fill('3000');
    await sheet(page).getByRole('tab', { name: /^Services/ }).click();
    await field(sheet(page), 'Add a service').fill('grafana');
    await page.getByRole('option', { name: 'Grafana' }).first().click();
    await button(page, 'Add a place').click();
    await choose(page, 'Port', '3000/tcp');
    await choose(page, 'Interfaces', '10.77.20.77');
    await send(page);
    const { data } = await ask(`/api/hosts/${host.id}`);
    const face = data.interfaces.find(each => each.ip_address === '10.77.20.77');
    const port = data.ports.find(each => each.number === 3000);
    const service = data.services.find(each => each.service_definition === 'grafana');
    equal([service?.bindings.map(each => [each.port_id, each.interface_id]), data.interfaces.length >= 2], [[[port.id, face.id]], true], 'what is kept');
    await page.getByRole('region', { name: 'Services' }).getByText('Grafana').first().waitFor();
  });

  await step('two hosts are taken together after a look at what would move, and apart again', async () => {
    const { id } = await hostNamed('Attic storage');
    await go(`/hosts/${id}`, 'Attic storage');
    await button(page, 'Actions').click();
    await page.getByRole('menuitem', { name: 'Consolidate' }).click();
    await choose(page, 'The other host', printer.name);
    await page.getByTestId('preview').getByText(printer.ip).first().waitFor();
    await send(page, 'Consolidate');
    const faces = page.getByRole('region', { name: 'Interfaces' }).last();
    await faces.getByText(printer.ip).first().waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await note(page, 'they are two hosts again');
    for (let waited = 0; (await faces.getByText(printer.ip).count()) > 0; waited += 50) {
      good(waited < SOON_MS, 'its interfaces did not go back');
      await sleep(50);
    }
    await page.getByRole('link', { name: 'Consolidations' }).click();
    await rowOf(page, printer.name).filter({ hasText: 'undone' }).filter({ hasText: 'by a person' }).waitFor();
  });

  let invite;
  await step('someone is invited as viewer by a link', async () => {
    await go('/users', 'Users');
    await page.getByText('Invites', { exact: true }).click();
    await button(page, 'Invite').click();
    await send(page, 'Make the link').catch(() => {});
    invite = await page.getByTestId('copyable').textContent();
    good(invite.includes('invite='), `the link is ${invite}`);
    await button(page, 'Done').click();
    await rowOf(page, 'whoever has the link').waitFor();
  });

  await step('who follows it has an account, sees the network, and is offered nothing that changes it', async () => {
    const guest = await chromium.openPage();
    await guest.goto(invite.replace(/^https?:\/\/[^/]+/, stack.url));
    await heading(guest, 'Join My organization');
    await field(guest, 'Your name').fill(viewer.name);
    await field(guest, 'E-mail address').fill(viewer.email);
    await field(guest, 'Password').fill(viewer.password);
    await button(guest, 'Create account').click();
    await live(guest);
    await guest.goto(`${stack.url}/hosts`);
    await heading(guest, 'Hosts');
    await rowOf(guest, 'Attic storage').getByRole('link').click();
    await heading(guest, 'Attic storage');
    equal(await button(guest, 'Edit').count(), 0, 'buttons to edit');
    await guest.goto(`${stack.url}/subnets`);
    await rowOf(guest, 'Attic').first().waitFor();
    equal([await button(guest, 'New subnet').count(), await guest.getByRole('checkbox').count()], [0, 0], 'ways to change subnets');
    const [subnet] = await rows('/api/subnets');
    const refused = await guest.request.put(`${stack.url}/api/subnets/${subnet.id}`, { headers: origin, data: { name: 'Mine' } });
    equal(refused.status(), 403, 'the answer to a change');
    equal((await guest.request.get(`${stack.url}/api/audit`)).status(), 403, 'the answer to a look at the audit log');
    await guest.context().close();
  });

  await step('the owner makes the viewer a member', async () => {
    await go('/users', 'Users');
    await rowOf(page, viewer.email).getByRole('link').click();
    await choose(page, 'Role', 'Member');
    await send(page);
    await rowOf(page, viewer.email).filter({ hasText: 'Member' }).waitFor();
  });

  await step('a key of one’s own is shown once, works, and stops when it is disabled', async () => {
    await go('/keys?show=mine', 'API keys');
    await button(page, 'New key').click();
    await field(page, 'Name').fill('nightly script');
    await send(page, 'Make the key').catch(() => {});
    const key = await page.getByTestId('copyable').textContent();
    await button(page, 'Done').click();
    good(!(await page.content()).includes(key), 'the key is still in the page');
    const use = async () => (await fetch(`${stack.url}/api/hosts`, { headers: { Authorization: `Bearer ${key}` } })).status;
    equal(await use(), 200, 'its first use');
    await rowOf(page, 'nightly script').getByRole('link').click();
    await page.getByRole('checkbox', { name: 'Enabled' }).uncheck();
    await send(page);
    await rowOf(page, 'nightly script').filter({ hasText: 'disabled' }).waitFor();
    equal(await use(), 401, 'its use when disabled');
  });

  await step('a new sensor comes with commands that hold its key', async () => {
    await go('/sensors', 'Sensors');
    await button(page, 'Add a sensor').click();
    await field(page, 'Name').fill('cellar');
    await button(page, 'Make its key').click();
    const shown = page.getByTestId('copyable');
    await shown.first().waitFor();
    const key = await shown.first().textContent();
    good(/^nvs_/.test(key), `the key is ${key}`);
    for (const [way, words] of [['As a service', 'systemctl enable --now netvisor-sensor'], ['By hand', 'sudo netvisor-sensor --interface'], ['In a container', 'podman run']]) {
      await page.getByText(way, { exact: true }).click();
      const text = await shown.last().textContent();
      good(text.includes(words) && text.includes(key) && text.includes(stack.url.replace('http', 'ws')), `${way}: ${text}`);
    }
    await button(page, 'Done').click();
    await page.getByRole('article', { name: 'cellar' }).waitFor();
    await page.getByRole('link', { name: 'API keys' }).click();
    await rowOf(page, 'cellar').filter({ hasText: 'enabled' }).waitFor();
  });

  await step('what changed is told, and what there was before it', async () => {
    await go('/changes?entity=subnet', 'What changed');
    await rowOf(page, 'Attic').filter({ hasText: 'new' }).waitFor();
    await go('/changes?mode=as-of&entity=host', 'What changed');
    await page.getByText('There was nothing of this kind then').waitFor();
    await go(`/changes?mode=as-of&from=${Math.floor(Date.now() / 1000)}`, 'What changed');
    await rowOf(page, 'Attic storage').waitFor();
  });

  await step('the audit log names who did what', async () => {
    await go('/audit', 'Audit log');
    await rowOf(page, viewer.email).filter({ hasText: 'registered' }).waitFor();
    for (const what of ['made a key of a person', 'made an invite', 'made a tag', 'changed a user']) await rowOf(page, owner.email).filter({ hasText: what }).first().waitFor();
    await choose(page, 'About', 'Invites');
    await rowOf(page, 'registered').waitFor({ state: 'detached' });
    await rowOf(page, 'made an invite').waitFor();
  });

  await step('a pasted ARP table is looked at, imported and taken back', async () => {
    await go('/exchange', 'Import and export');
    await field(page, 'or paste a table').fill(`${nas.ip} dev eth0 lladdr ${nas.mac} STALE\n10.77.20.99 dev eth0 lladdr 00:80:77:aa:bb:cc REACHABLE\n224.0.0.1 dev eth0 lladdr 01:00:5e:00:00:01 PERMANENT\n`);
    await button(page, 'See what it would do').click();
    await page.getByText('2 hosts, of which 1 is new').waitFor();
    await page.getByText('1 row is left out').waitFor();
    await rowOf(page, '10.77.20.99').filter({ hasText: 'new' }).waitFor();
    await rowOf(page, nas.ip).getByRole('link').waitFor();
    await button(page, 'Import it').click();
    await note(page, 'Imported: 2 rows.');
    await rowOf(page, 'A pasted table').filter({ hasText: 'Done' }).waitFor();
    good((await rows('/api/hosts?limit=0&ip=10.77.20.99')).length === 1, 'the host is there');
    await rowOf(page, 'A pasted table').getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
    await rowOf(page, 'A pasted table').filter({ hasText: 'Taken back' }).waitFor();
    equal(await rows('/api/hosts?limit=0&ip=10.77.20.99'), [], 'hosts that came of it');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download: NetBox' }).click()]);
    equal(file.suggestedFilename(), 'netbox.json', 'the file that is exported');
  });

  await step('what a host depends on is told, and how that is known', async () => {
    const { id } = await hostNamed(laptop.name);
    await go(`/hosts/${id}?tab=dependencies`);
    await rowOf(page.getByRole('region', { name: 'Uses' }), '631/tcp').filter({ hasText: 'measured' }).waitFor();
    await page.getByText('Nobody was seen using it.').waitFor();
  });

  await step('a second network is another view, which the address and every link keep', async () => {
    await go('/networks', 'Networks');
    await button(page, 'New network').click();
    await field(page, 'Name').fill('Summer house');
    await send(page);
    await rowOf(page, 'Summer house').getByRole('link', { name: 'Look at it' }).click();
    await heading(page, 'Hosts');
    await page.getByRole('heading', { name: 'No sensor is connected' }).waitFor();
    good(page.url().includes('network='), `the address is ${page.url()}`);
    await page.getByRole('link', { name: /Subnets/ }).click();
    await page.reload();
    await button(page, 'Network: Summer house').click();
    equal(await rowOf(page, 'Attic').count(), 0, 'subnets of the other network');
    await page.getByRole('menuitemradio', { name: 'My network' }).click();
    await rowOf(page, 'Attic').first().waitFor();
  });

  await step('the API page tries an operation', async () => {
    await go('/api-docs?q=dashboard', 'API');
    await page.getByRole('button', { name: /api\/dashboard\/summary/ }).click();
    await button(page, 'Send').click();
    await page.getByRole('region', { name: 'Answer' }).getByText('"success": true').waitFor();
  });

  const paths = ['subnets', 'groups', 'tags', 'networks', 'sensors', 'keys', 'rules', 'channels', 'credentials', 'users', 'sessions', 'schedules', 'runs', 'changes', 'consolidations', 'audit', 'exchange', 'account', 'api-docs'];
  await step('on a phone of 360 px nothing is wider than the screen, forms neither; and all of it has a name', async () => {
    const phone = await page.context().newPage();
    await phone.setViewportSize({ width: 360, height: 740 });
    const { id } = await hostNamed('Attic storage');
    const forms = ['subnets?edit=new', 'groups?edit=new', 'schedules?edit=new', 'users?show=invites&edit=new', `hosts/${id}?edit=consolidate`, `hosts/${id}?tab=timeline`, `hosts/${id}?tab=traffic`];
    for (const path of [...paths, ...forms]) {
      await phone.goto(`${stack.url}/${path}`);
      await phone.getByRole('heading', { level: 1, includeHidden: true }).first().waitFor({ state: 'attached' });
      await sleep(150);
      const wide = await overflow(phone);
      good(wide <= 0, `${path} is ${wide} px wider`);
      const nameless = await phone.evaluate(() =>
        [...document.querySelectorAll('a, button, input:not([type=hidden]), textarea, [role=button]')]
          .filter(each => !(each.getAttribute('aria-label') || each.getAttribute('aria-labelledby') || each.textContent.trim() || each.labels?.length || each.closest('[aria-hidden=true]')))
          .map(each => each.outerHTML.slice(0, 160)),
      );
      equal(nameless, [], path);
    }
    await phone.getByRole('button', { name: 'More' }).click({ trial: false });
    await phone.getByRole('dialog').getByRole('link', { name: 'Users' }).click();
    await heading(phone, 'Users');
    await phone.close();
  });

  await step('in the dark the forms are dark too', async () => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await go('/tags?edit=new', null);
    await sheet(page).waitFor();
    const light = await page.evaluate(() => [document.body, document.querySelector('[role=dialog]')].map(each => getComputedStyle(each).backgroundColor).filter(color => Math.max(...color.match(/\d+/g).slice(0, 3).map(Number)) > 90));
    equal(light, [], 'what is light');
  });

  await step('signing out everywhere ends this session too', async () => {
    await go('/account', 'My account');
    await button(page, 'Sign out everywhere').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere' }).click();
    await heading(page, 'Sign in');
    equal((await page.request.get(`${stack.url}/api/auth/me`)).status(), 401, 'the old session');
  });

  await step('nothing asked for what the content security policy forbids', () => equal(chromium.violations, [], 'violations'));
  await step('no error in the console', () => equal(chromium.problems, [], 'what it says'));
  await step('no request left the origin', () => equal(chromium.foreign, [], 'what left'));
});
