// SPDX-License-Identifier: BSD-2-Clause
// A person's first hour with the dashboard, in a real browser, against the real collector and sensor: set up, see hosts
// appear, find one, ask why it is known, lose and regain the collector, on a phone, in the dark, by keyboard.
import { arp, conversation, dhcpRequest } from './frames.mjs';
import { field, live, overflow, rowOf, SOON_MS, tell } from './page.mjs';
import { sleep } from './stack.mjs';
import { equal, good, step } from './tap.mjs';

const owner = { email: 'owner@example.org', password: 'Correct-horse-1' };
const gateway = { mac: '02:aa:00:00:00:01', ip: '10.77.20.1', vlan: 20 };
const nas = { mac: '00:11:32:01:02:03', ip: '10.77.20.10', vlan: 20, name: 'attic-nas' };
const laptop = { mac: '3c:07:54:0a:0b:0c', ip: '10.77.20.11', vlan: 20, name: 'green-laptop' };
const printer = { mac: '00:80:77:11:22:33', ip: '10.77.30.5', vlan: 30, name: 'hall-printer' };
const late = { mac: '00:17:88:44:55:66', ip: '10.77.30.9', vlan: 30, name: 'late-lamp' };

const APPEARS_MS = 1000;

await tell(async (stack, chromium) => {
  const { problems, foreign, violations } = chromium;
  const page = await chromium.openPage();

  await step('the first visit asks for the setup token', async () => {
    const answer = await page.goto(stack.url);
    const policy = answer.headers()['content-security-policy'] ?? '';
    for (const what of ['script-src', 'style-src']) good(new RegExp(`${what} 'self'(;|$)`).test(policy), `${what} is not bound to the origin's files: ${policy}`);
    await page.getByRole('heading', { name: 'Set up NetVisor' }).waitFor();
  });

  await step('the password rules are told while one types, and hold the button', async () => {
    const button = page.getByRole('button', { name: 'Create owner' });
    await field(page, 'Setup token').fill('not-the-token');
    await field(page, 'E-mail address').fill(owner.email);
    await field(page, 'Password').fill('short');
    equal(await page.getByTestId('rules').locator('[data-met]').count(), 1, 'rules met');
    good(await button.isDisabled(), 'a weak password can be sent');
    await field(page, 'Password').fill(owner.password);
    equal(await page.getByTestId('rules').locator('[data-met]').count(), 5, 'rules met');
    good(await button.isEnabled(), 'a good password can not be sent');
  });

  await step('a wrong token is refused in words', async () => {
    await page.getByRole('button', { name: 'Create owner' }).click();
    await page.getByRole('alert').filter({ hasText: 'setup token is wrong' }).waitFor();
  });

  await step('the right token makes the owner, who then sees an empty network and what to do', async () => {
    await field(page, 'Setup token').fill(await stack.setupToken());
    await field(page, 'Password').fill(owner.password);
    await page.getByRole('button', { name: 'Create owner' }).click();
    await page.getByRole('heading', { name: 'Welcome to NetVisor', level: 1 }).waitFor();
    await live(page);
    await page.getByRole('button', { name: 'Skip' }).click();
    await page.waitForURL(/\/topology/);
    await page.getByRole('link', { name: /Hosts/ }).first().click();
    await page.getByRole('heading', { name: 'No sensor is connected' }).waitFor();
  });

  await step('a sensor that connects is seen at once, with what its port can do', async () => {
    stack.startSensor();
    // Its own machine, of which it tells at once, may be the first host already.
    await page.getByRole('heading', { name: 'No sensor is connected' }).waitFor({ state: 'detached', timeout: 20_000 });
    await page.getByRole('link', { name: /Sensors/ }).click();
    const card = page.getByRole('article', { name: 'test port' });
    await card.getByText('Connected', { exact: true }).waitFor();
    await card.getByText('Mirror port').waitFor();
    await card.getByText('Promiscuous').waitFor();
    equal(await card.locator('dt', { hasText: 'VLAN tags' }).locator('xpath=../dd').textContent(), 'visible', 'VLAN tags');
  });

  await step('a host appears within a second of its first frame, lit as new', async () => {
    await page.getByRole('link', { name: /Hosts/ }).first().click();
    await page.getByRole('heading', { name: 'Hosts', level: 1 }).waitFor();
    await page.evaluate(ip => {
      window.seenAt = new Promise(done => {
        const look = () => {
          const row = [...document.querySelectorAll('[role=row]')].find(each => each.textContent.includes(ip));
          if (row) done({ at: Date.now(), news: row.hasAttribute('data-news') });
          else requestAnimationFrame(look);
        };
        look();
      });
    }, nas.ip);
    const sent = stack.play([arp(nas)]);
    const seen = await Promise.race([page.evaluate(() => window.seenAt), sleep(SOON_MS)]);
    good(seen, 'it did not appear');
    good(seen.at - sent < APPEARS_MS, `it took ${seen.at - sent} ms`);
    good(seen.news, 'it is not lit');
    return `${seen.at - sent} ms`;
  });

  await step('it gets its name, vendor and VLAN while one looks', async () => {
    stack.play([dhcpRequest(nas)]);
    const row = rowOf(page, nas.name);
    await row.waitFor();
    good((await row.textContent()).includes('Synology'), 'its vendor is not shown');
    good((await row.textContent()).includes('20'), 'its VLAN is not shown');
  });

  await step('conversations become services and flows', async () => {
    stack.play([arp(gateway), arp(laptop), dhcpRequest(laptop), ...conversation(laptop, nas, 8443), ...conversation(laptop, nas, 22), arp(printer), dhcpRequest(printer), ...conversation(gateway, nas, 445)]);
    await rowOf(page, laptop.name).waitFor();
    await rowOf(page, nas.name).filter({ hasText: 'ssh' }).waitFor();
    await page.getByRole('link', { name: /Services/ }).click();
    await rowOf(page, '8443/tcp').filter({ hasText: nas.name }).waitFor();
    await page.getByRole('link', { name: /Flows/ }).click();
    await rowOf(page, '8443/tcp').filter({ hasText: laptop.name }).filter({ hasText: nas.name }).waitFor();
  });

  await step('the search finds a host by name, address, MAC, vendor and port', async () => {
    for (const words of [nas.name, nas.ip, nas.mac, 'synology', ':8443', '8443/tcp']) {
      await page.keyboard.press('Control+k');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('combobox').fill(words);
      await dialog.getByRole('option').filter({ hasText: nas.name }).first().waitFor();
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    }
  });

  await step('the search opens by / and its result by Enter', async () => {
    await page.keyboard.press('/');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type(nas.name);
    await page.getByRole('option', { selected: true }).filter({ hasText: nas.name }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: nas.name, level: 1 }).waitFor();
    good(/\/hosts\/[0-9a-f-]{36}$/.test(page.url()), `the address is ${page.url()}`);
  });

  await step("the host's page tells interfaces, services and flows of both directions", async () => {
    const region = name => page.getByRole('region', { name, exact: true }).last();
    await region('Interfaces').filter({ hasText: nas.mac }).filter({ hasText: nas.ip }).waitFor();
    for (const port of ['8443/tcp', '22/tcp', '445/tcp']) await region('Services').filter({ hasText: port }).waitFor();
    await region('As server').filter({ hasText: laptop.name }).waitFor();
    await page.getByRole('region', { name: 'As client' }).filter({ hasText: 'No conversation seen' }).waitFor();
  });

  await step('and why: protocol, certainty, VLAN, sensor and time of each fact', async () => {
    await page.getByRole('tab', { name: 'Evidence' }).click();
    const evidence = page.getByRole('table').last();
    const belongs = evidence.getByRole('row').filter({ hasText: `${nas.ip} belongs to ${nas.mac}` }).filter({ hasText: 'ARP' });
    await belongs.first().waitFor();
    const text = await belongs.first().textContent();
    for (const part of ['announced', '20', 'test port']) good(text.includes(part), `"${part}" is not in: ${text}`);
    equal(await belongs.first().locator('time[datetime]').count(), 2, 'times');
    await evidence.getByRole('row').filter({ hasText: `“${nas.name}”` }).filter({ hasText: 'DHCP' }).first().waitFor();
    await page.getByRole('button', { name: /^Names/ }).click();
    await belongs.first().waitFor({ state: 'detached' });
    good(page.url().includes('evidence=name'), `the address is ${page.url()}`);
  });

  await step("the host's page survives a reload", async () => {
    await page.reload();
    await page.getByRole('heading', { name: nas.name, level: 1 }).waitFor();
  });

  await step('filter and order are in the address, and survive a reload', async () => {
    await page.getByRole('link', { name: /Hosts/ }).first().click();
    await field(page, 'Filter').fill('laptop');
    await rowOf(page, nas.name).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Last seen' }).click();
    const url = new URL(page.url());
    equal([url.searchParams.get('q'), url.searchParams.get('sort')], ['laptop', '-last'], 'parameters');
    await page.reload();
    await rowOf(page, laptop.name).waitFor();
    equal(await page.getByRole('columnheader', { name: 'Last seen' }).getAttribute('aria-sort'), 'descending', 'order');
    equal(await rowOf(page, nas.name).count(), 0, 'filtered rows');
  });

  await step('a VLAN can be chosen, and a column', async () => {
    await page.goto(`${stack.url}/hosts`);
    await rowOf(page, nas.name).waitFor();
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'VLAN' }).click();
    await page.getByRole('checkbox', { name: 'VLAN 30' }).check();
    await rowOf(page, nas.name).waitFor({ state: 'detached' });
    await rowOf(page, printer.name).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('list', { name: 'Filters' }).getByText('VLAN 30').waitFor();
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'MAC' }).check();
    await page.getByRole('columnheader', { name: 'MAC' }).waitFor();
    await page.keyboard.press('Escape');
    good(page.url().includes('vlan=30') && page.url().includes('cols='), `the address is ${page.url()}`);
  });

  await step('in groups, as cards, and back as one likes it', async () => {
    await page.goto(`${stack.url}/hosts?group=vlan`);
    const group = page.getByRole('button', { name: /VLAN 20/, expanded: true });
    await group.waitFor();
    await group.click();
    await rowOf(page, nas.name).waitFor({ state: 'detached' });
    await rowOf(page, printer.name).waitFor();
    await page.goto(`${stack.url}/hosts`);
    await page.getByLabel('Shown as').getByText('Cards', { exact: true }).click({ force: true });
    await page.getByRole('listitem').filter({ hasText: nas.name }).first().waitFor();
    good(page.url().includes('view=cards'), `the address is ${page.url()}`);
    await page.goto(`${stack.url}/hosts`);
    await page.getByRole('listitem').filter({ hasText: nas.name }).first().waitFor();
    await page.getByLabel('Shown as').getByText('Table', { exact: true }).click({ force: true });
    await rowOf(page, nas.name).waitFor();
  });

  await step('what does not match says so, and how to see all again', async () => {
    await page.goto(`${stack.url}/hosts?q=nothing-like-this`);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await rowOf(page, nas.name).waitFor();
  });

  await step('by keyboard alone: down the rows, into a host, and back', async () => {
    await page.getByTestId('list').focus();
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.activeElement?.matches('a[data-row]'));
    const first = await page.evaluate(() => document.activeElement.textContent);
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(before => document.activeElement?.matches('a[data-row]') && document.activeElement.textContent !== before, first);
    const name = await page.evaluate(() => document.activeElement.textContent);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'Hosts', level: 1 }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Hosts', level: 1 }).waitFor();
    await page.keyboard.press('Tab');
    equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to content', 'the first stop');
  });

  await step('everything that can be pressed or typed into has a name', async () => {
    for (const path of ['/hosts', '/services', '/flows', '/sensors', '/hosts/none']) {
      await page.goto(stack.url + path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const nameless = await page.evaluate(() =>
        [...document.querySelectorAll('a, button, input, [role=button], [tabindex="0"]')]
          .filter(each => !(each.getAttribute('aria-label') || each.getAttribute('aria-labelledby') || each.textContent.trim() || each.labels?.length))
          .map(each => each.outerHTML.slice(0, 120)),
      );
      equal(nameless, [], path);
    }
  });

  await step('the sensor says everything again when asked', async () => {
    await page.goto(`${stack.url}/sensors`);
    await page.getByRole('button', { name: 'Say everything again' }).click();
    await page.getByText('Asked. What it knows').waitFor();
  });

  await step('while the collector is away the page says so, keeps what it has, and catches up by itself', async () => {
    await page.goto(`${stack.url}/hosts`);
    await rowOf(page, nas.name).waitFor();
    await page.evaluate(() => (window.samePage = true));
    chromium.collectorAway = true;
    await stack.stopCollector();
    await page.getByTestId('connection').filter({ hasText: 'Reconnecting' }).waitFor();
    await page.getByText('The collector does not answer').waitFor();
    equal(await rowOf(page, nas.name).count(), 1, 'rows kept');
    stack.play([arp(late), dhcpRequest(late)]);
    await stack.startCollector();
    const back = Date.now();
    await page.getByTestId('connection').filter({ hasText: 'Live' }).waitFor({ timeout: 25_000 });
    const took = Date.now() - back;
    chromium.collectorAway = false;
    await rowOf(page, late.name).waitFor({ timeout: 40_000 });
    good(await page.evaluate(() => window.samePage), 'the page was loaded again');
    return `live ${took} ms after the collector was back`;
  });

  await step('on a phone of 360 px nothing is wider than the screen', async () => {
    const context = page.context();
    const phone = await context.newPage();
    await phone.setViewportSize({ width: 360, height: 740 });
    const host = `/hosts/${(await page.locator('a[data-row]', { hasText: nas.name }).getAttribute('href')).split('/').pop()}`;
    for (const path of ['/hosts', '/services', '/flows', '/sensors', host]) {
      await phone.goto(stack.url + path);
      await phone.getByRole('heading', { level: 1 }).first().waitFor();
      await sleep(300);
      const wide = await overflow(phone);
      good(wide <= 0, `${path} is ${wide} px wider`);
    }
    await phone.goto(`${stack.url}/hosts`);
    await phone.getByRole('listitem').filter({ hasText: nas.name }).waitFor();
    await phone.close();
  });

  await step('light and dark: as the system says, until one chooses', async () => {
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await paper();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.waitForFunction(before => getComputedStyle(document.body).backgroundColor !== before, light);
    const dark = await paper();
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitemradio', { name: 'Light' }).click();
    await page.waitForFunction(before => getComputedStyle(document.body).backgroundColor === before, light);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    equal(await paper(), light, 'the colour after a reload');
    good(light !== dark, 'dark is as light');
  });

  await step('signing out ends it; a wrong password is refused in words; the right one leads back to the same page', async () => {
    await page.goto(`${stack.url}/flows`);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await field(page, 'E-mail address').fill(owner.email);
    await field(page, 'Password').fill('Wrong-horse-12');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').filter({ hasText: 'is not right' }).waitFor();
    await field(page, 'Password').fill(owner.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Flows', level: 1 }).waitFor();
    await live(page);
  });

  await step('who is not signed in sees nothing', async () => {
    const stranger = await chromium.openPage();
    for (const path of ['/api/auth/me', '/api/hosts/00000000-0000-4000-8000-000000000000/evidence', '/metrics']) {
      equal((await stranger.request.get(stack.url + path)).status(), 401, path);
    }
    await stranger.goto(`${stack.url}/hosts`);
    await stranger.getByRole('heading', { name: 'Sign in' }).waitFor();
    await stranger.context().close();
  });

  await step('nothing in the page asked for what the content security policy forbids, and that would be seen', async () => {
    equal(violations, [], 'violations');
    await page.evaluate(() => document.head.append(Object.assign(document.createElement('style'), { textContent: 'body { color: red }' })));
    for (let waited = 0; waited < SOON_MS && !violations.length; waited += 50) await sleep(50);
    good(violations.length === 1, 'an inline style was not refused');
    problems.splice(0, Infinity, ...problems.filter(text => !/Content Security Policy/.test(text)));
  });
  await step('no error in the console', () => equal(problems, [], 'what it says'));
  await step('no request left the origin', () => equal(foreign, [], 'what left'));
});
