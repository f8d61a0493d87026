// SPDX-License-Identifier: BSD-2-Clause
// A newcomer walks through everything that the dashboard is for, once on a wide screen and once on a phone's: makes an
// account, sees a home's network come in, puts it in order, draws it, takes the drawing along, shows it to others.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { homeFrames } from './home.mjs';
import { button, choose, field, heading, overflow, send, sheet, tell } from './page.mjs';
import { sleep } from './stack.mjs';
import { equal, good, step } from './tap.mjs';

const owner = { email: 'owner@example.org', password: 'Correct-horse-1' };
const folder = resolve(new URL('../..', import.meta.url).pathname, process.env.BUILD ?? 'build', 'screenshots');
const PATIENT = { timeout: 20_000 };

const wide = { name: 'wide', viewport: { width: 1440, height: 900 } };
const narrow = { name: 'narrow', viewport: { width: 390, height: 844 }, hasTouch: true };

const menuItem = (page, name) => page.getByRole('menuitem', { name });

// What differs between a wide screen and a phone: where the menu and the tools are.
class Walk {
  constructor(page, size) {
    Object.assign(this, { page, size, narrow: size.name === 'narrow' });
  }

  async to(title) {
    const { page } = this;
    const link = page.getByRole('link', { name: title, exact: true });
    if (this.narrow && !(await link.first().isVisible())) await page.getByRole('navigation', { name: 'Main' }).getByRole('button', { name: 'More' }).click();
    await link.first().click();
    await heading(page, title);
    good((await overflow(page)) <= 0, `${title} hangs over the edge`);
  }

  async tool(name) {
    const bar = this.page.getByRole('toolbar', { name: 'Tools of the topology' });
    if (!this.narrow) return button(bar, name).click();
    await button(bar, 'More').click();
    await this.page.getByRole('menu', { name: 'More' }).getByRole(/Undo|Redo/.test(name) ? 'menuitem' : 'menuitemcheckbox', { name }).click();
  }

  async view(name) {
    if (!this.narrow) await this.page.getByRole('radiogroup', { name: 'View' }).getByText(name, { exact: true }).click();
    else {
      await this.page.getByRole('button', { name: /^View: / }).click();
      await this.page.getByRole('menuitemradio', { name }).click();
    }
    await this.page.getByRole('application', { name: new RegExp(`^${name}: `) }).waitFor();
  }

  // How many containers, things and connections the picture has, as it says itself.
  async counts() {
    await this.page.locator('[data-testid=picture][data-ready=true]').waitFor();
    const text = await this.page.getByText(/^\d+ containers?, \d+ things?, \d+ connections?\.$/).textContent();
    return text.match(/\d+/g).map(Number);
  }

  async find(text) {
    const box = this.page.getByRole('combobox', { name: 'Find in the picture' });
    if (!(await box.isVisible())) await button(this.page.getByRole('toolbar'), 'Find in the picture').click();
    await box.fill(text);
    await this.page.getByRole('option').first().waitFor();
    await box.press('Enter');
  }
}

await tell(async (stack, chromium) => {
  mkdirSync(folder, { recursive: true });
  const at = async (page, path, options = {}) => {
    const answer = await page.request.fetch(stack.url + path, { headers: { Origin: stack.url }, ...options });
    return (await answer.json()).data;
  };

  await step('the first account: a weak password is refused in words, a good one with the token is taken', async () => {
    const page = await chromium.openPage(wide);
    await page.goto(stack.url);
    await heading(page, 'Set up NetVisor');
    await field(page, 'Setup token').fill(await stack.setupToken());
    await field(page, 'E-mail address').fill(owner.email);
    await field(page, 'Password').fill('short');
    await page.getByText('at least 12 characters: not yet').or(page.getByText(/at least 12 characters/)).first().waitFor();
    good(await button(page, 'Create owner').isDisabled(), 'a weak password can be sent');
    await field(page, 'Password').fill(owner.password);
    await button(page, 'Create owner').click();
    await heading(page, 'Welcome to NetVisor');
    await button(page, 'Begin').click();
    await page.getByText('Step 2 of 5').waitFor();
    await button(page, 'Skip').click();
    await heading(page, 'Topology');
    await page.close();
  });

  await step('a sensor connects and the network comes in by itself', async () => {
    const page = await chromium.openPage(wide);
    await page.request.post(`${stack.url}/api/auth/login`, { headers: { Origin: stack.url }, data: owner });
    stack.startSensor();
    await page.goto(`${stack.url}/sensors`);
    await page.getByText('Connected', { exact: true }).first().waitFor(PATIENT);
    stack.play(homeFrames());
    for (let [before, calm] = [0, 0]; calm < 4; await sleep(500)) {
      const now = (await at(page, '/api/hosts?limit=0')).length;
      calm = now === before && now > 20 ? calm + 1 : 0;
      before = now;
    }
    await page.close();
  });

  for (const size of [wide, narrow]) {
    const page = await chromium.openPage(size);
    const walk = new Walk(page, size);
    const called = name => `${name} ${size.name}`;
    // One that fails does not take those after it along.
    const walks = (what, run) =>
      step(`${size.name}: ${what}`, async () => {
        try {
          await run();
        } catch (error) {
          await page.screenshot({ path: join(folder, `walk-failed-${size.name}-${what.slice(0, 24).replace(/\W+/g, '-')}.png`) });
          await page.goto(stack.url);
          throw error;
        }
      });

    await walks('sign in: a wrong password is refused, the right one leads to the picture', async () => {
      await page.goto(stack.url);
      await field(page, 'E-mail address').fill(owner.email);
      await field(page, 'Password').fill('Wrong-horse-1');
      await button(page, 'Sign in').click();
      await page.getByRole('alert').filter({ hasText: /wrong|not right|password/i }).waitFor();
      await field(page, 'Password').fill(owner.password);
      await button(page, 'Sign in').click();
      await heading(page, 'Topology');
      await walk.counts();
    });

    await walks('every page is reached by the menu', async () => {
      for (const title of ['Traffic', 'Alerts', 'Sessions', 'Scheduled', 'Past runs', 'Hosts', 'Services', 'Flows', 'Subnets', 'Groups', 'Tags', 'Definitions', 'Networks', 'Sensors', 'API keys', 'Users', 'What changed', 'Consolidations', 'Audit log', 'Topology']) await walk.to(title);
    });

    await walks('Sensors: the command that installs one more', async () => {
      await walk.to('Sensors');
      await page.getByRole('button', { name: /Add (a )?sensor/ }).first().click();
      await field(sheet(page), 'Name').fill(called('cellar'));
      await sheet(page).getByRole('button', { name: /Create|Add|Make/ }).last().click();
      await sheet(page).getByText(/netvisor-sensor/).first().waitFor();
      await send(page, 'Done');
    });

    await walks('Discover: a run now, its progress and what came of it; a schedule', async () => {
      await walk.to('Sensors');
      await page.getByRole('article', { name: 'test port' }).getByRole('button', { name: 'Self-report now' }).click();
      await walk.to('Sessions');
      await page.getByRole('region', { name: 'Finished lately' }).last().getByText('complete').first().waitFor(PATIENT);
      await walk.to('Scheduled');
      await button(page, 'New discovery').click();
      await field(page, 'Name').fill(called('Weekly report'));
      await choose(page, 'How often', 'Every week');
      await send(page, 'Create');
      await page.getByText(called('Weekly report')).first().waitFor();
      await walk.to('Past runs');
      await page.getByText('complete').first().waitFor();
    });

    await walks('Networks: another one, and back', async () => {
      await walk.to('Networks');
      await button(page, 'New network').click();
      await field(page, 'Name').fill(called('Cabin'));
      await send(page);
      await page.getByText(called('Cabin')).first().waitFor();
    });

    await walks('Hosts: filtered, opened, renamed', async () => {
      await walk.to('Hosts');
      await page.getByRole('textbox', { name: 'Filter' }).fill('printer');
      await page.getByRole('link', { name: /printer/ }).first().click();
      await page.getByRole('heading', { level: 1, name: /printer/ }).waitFor();
      await button(page, 'Edit').click();
      await field(page, 'Name').fill(called('printer'));
      await send(page);
      await page.getByRole('heading', { level: 1, name: called('printer') }).waitFor();
    });

    await walks('Services: found by what they are', async () => {
      await walk.to('Services');
      await page.getByRole('textbox', { name: 'Filter' }).fill('postgres');
      await page.getByText('PostgreSQL').first().waitFor();
    });

    await walks('Subnets: one for what is elsewhere', async () => {
      await walk.to('Subnets');
      await button(page, 'New subnet').click();
      await field(page, 'Range').fill(walk.narrow ? '10.20.20.0/24' : '10.20.10.0/24');
      await field(page, 'Name').fill(walk.narrow ? 'Home' : 'Servers');
      await send(page);
      await page.getByText(walk.narrow ? 'Home' : 'Servers', { exact: true }).first().waitFor();
    });

    await walks('Groups: a path of services, drawn as lines', async () => {
      await walk.to('Topology');
      const [, , before] = await walk.counts();
      await walk.to('Groups');
      await button(page, 'New group').first().click();
      await field(page, 'Name').fill(called('Photos'));
      for (const service of [/proxy: /, /photos: /, /db-main: /]) await choose(page, 'Add a service', service);
      await send(page);
      await page.getByText(called('Photos')).first().waitFor();
      await walk.to('Topology');
      await page.waitForFunction(least => Number(/(\d+) connections/.exec(document.body.innerText)?.[1] ?? 0) >= least, before + 1).catch(() => {});
      const [, , after] = await walk.counts();
      good(after > before, `${after} connections, before the group ${before}`);
    });

    await walks('API keys: made, shown once, taken away', async () => {
      await walk.to('API keys');
      await page.getByRole('button', { name: /New key/ }).first().click();
      await field(sheet(page), 'Name').fill(called('script'));
      await button(sheet(page), 'Make the key').click();
      await page.getByText(/nvs_/).first().waitFor();
      await send(page, 'Done');
      await page.getByText(called('script')).first().waitFor();
    });

    await walks('Topology: four views of one network', async () => {
      await walk.to('Topology');
      for (const view of ['Physical', 'Applications', 'Workloads', 'Logical']) await walk.view(view);
    });

    await walks('Topology: options hide kinds of lines and categories, and say what is hidden', async () => {
      const [, , before] = await walk.counts();
      await walk.tool('Options');
      const options = page.getByRole('complementary', { name: 'Options' });
      await options.locator('label').filter({ hasText: /^Dependencies$/ }).click();
      await page.getByRole('checkbox', { name: /^Web / }).first().click();
      await field(options, 'Title').fill('Important');
      await button(options, 'Close').click();
      const [, , after] = await walk.counts();
      good(after < before, `${after} connections with dependencies hidden, before ${before}`);
      await page.getByText(/services hidden by their category/).waitFor();
      await walk.tool('Options');
      await button(page.getByRole('complementary', { name: 'Options' }), 'Reset options').click();
      await button(page.getByRole('complementary', { name: 'Options' }), 'Close').click();
    });

    await walks('Topology: search flies to a host and tells of it', async () => {
      await walk.find('attic-nas');
      await page.getByRole('complementary').getByText('10.20.10.10').first().waitFor();
    });

    await walks('Topology: a host is moved, the first move makes a saved topology, undo takes it back', async () => {
      const picture = page.getByTestId('picture');
      await picture.focus();
      await page.keyboard.press('Alt+ArrowRight');
      await page.keyboard.press('Alt+ArrowDown');
      const moved = async () => Object.keys((await at(page, `/api/topology/${(await at(page, '/api/topology'))[0]?.id}`))?.nodes ?? {}).length;
      for (let tries = 0; !(await at(page, '/api/topology'))[0] || (await moved()) === 0; tries++) {
        good(tries < 50, 'nothing is saved');
        await sleep(100);
      }
      await walk.tool('Undo');
      if (!walk.narrow) await walk.tool('Undo').catch(() => {});
    });

    await walks('Topology: locked, it can not be changed; unlocked, it can', async () => {
      await page.getByRole('button', { name: /^Saved topologies: / }).click();
      await menuItem(page, /^Lock/).click();
      await page.getByRole('button', { name: /^Saved topologies: / }).click();
      await menuItem(page, /^Unlock/).click();
    });

    await walks('Topology: taken along as PNG, with the time in its name, and as SVG, PDF, Mermaid and draw.io', async () => {
      for (const [name, ends] of [['PNG', /\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.png$/], ['SVG', /\.svg$/], ['PDF', /\.pdf$/], ['Mermaid', /\.mmd$/], ['draw.io', /\.drawio$/]]) {
        await button(page.getByRole('toolbar', { name: 'Tools of the topology' }), 'Export').click();
        const [download] = await Promise.all([page.waitForEvent('download', PATIENT), menuItem(page, new RegExp(`^${name}`)).click()]);
        good(ends.test(download.suggestedFilename()), download.suggestedFilename());
      }
    });

    await walks('Topology: as it was before, and live again', async () => {
      await walk.tool('Time');
      const time = page.getByRole('region', { name: 'Time' });
      await button(time, 'Earlier').click();
      await page.getByText(/as it was|read-only|nothing can be changed/i).first().waitFor(PATIENT);
      await button(time, 'Live').click();
      await button(time, 'Close').click();
      await walk.counts();
    });

    await walks('from anywhere: a word leads to a host', async () => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('db-main');
      await page.getByRole('option', { name: /db-main/ }).first().waitFor();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: 'db-main' }).waitFor();
    });

    await walks('sign out', async () => {
      await button(page, 'Account').click();
      await menuItem(page, 'Sign out').first().click();
      await heading(page, 'Sign in');
      await page.close();
    });
  }

  await step('no error in the console, no request to elsewhere, nothing against the content security policy', () => {
    equal([chromium.problems, chromium.foreign, chromium.violations], [[], [], []], 'what went wrong');
  });
});
