// SPDX-License-Identifier: BSD-2-Clause
// Every page of the dashboard, on a whole home's network: nothing for axe-core to find in light or dark, wide or narrow,
// nothing that hangs over the edge, and a screenshot of each in SCREENSHOTS (build/screenshots).
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

import { home, homeFrames, subnets } from './home.mjs';
import { overflow, tell } from './page.mjs';
import { sleep } from './stack.mjs';
import { equal, good, step } from './tap.mjs';

const top = new URL('../..', import.meta.url).pathname;
const folder = resolve(top, process.env.SCREENSHOTS ?? join(process.env.BUILD ?? 'build', 'screenshots'));
const axe = readFileSync(createRequire(new URL('../../web/package.json', import.meta.url)).resolve('axe-core/axe.min.js'), 'utf8');

const owner = { email: 'owner@example.org', password: 'Correct-horse-1', name: 'Olga Owner' };
const sizes = [{ name: 'wide', width: 1440, height: 900 }, { name: 'narrow', width: 390, height: 844 }];
const schemes = ['light', 'dark'];
const ARRANGED_MS = 1500; // the worker has answered
const SETTLED_MS = 350; // what comes in has come in

// NAME: the file's; ID of the host is put where the path says so.
const pages = [
  ['topology', '/topology'], ['topology-physical', '/topology?view=physical'], ['topology-applications', '/topology?view=applications'], ['topology-workloads', '/topology?view=workloads'],
  ['traffic', '/traffic'], ['layer2', '/layer2'], ['layer2-trees', '/layer2?tab=trees'], ['layer2-vlans', '/layer2?tab=vlans'], ['alerts', '/alerts'], ['conflicts', '/conflicts'], ['alert-rules', '/rules'], ['alert-channels', '/channels'],
  ['sessions', '/sessions'], ['schedules', '/schedules'], ['runs', '/runs'],
  ['hosts', '/hosts'], ['host', '/hosts/ID'], ['dependencies', '/hosts/ID?tab=dependencies'], ['traits', '/hosts/ID?tab=traits'], ['services', '/services'], ['flows', '/flows'], ['subnets', '/subnets'], ['groups', '/groups'], ['tags', '/tags'],
  ['definitions', '/definitions'], ['networks', '/networks'], ['sensors', '/sensors'], ['keys', '/keys'], ['credentials', '/credentials'], ['users', '/users'],
  ['changes', '/changes'], ['consolidations', '/consolidations'], ['audit', '/audit'], ['exchange', '/exchange'], ['account', '/account'], ['api', '/api-docs'],
];

// What a person would do on the first evening: names for the ranges, a group, tags, what runs where.
async function putInOrder(ask, find) {
  const network = (await ask('/api/networks'))[0].id;
  const known = await ask('/api/subnets?limit=0');
  for (const subnet of subnets) {
    const there = known.find(each => each.cidr === subnet.cidr);
    await ask(there ? `/api/subnets/${there.id}` : '/api/subnets', { method: there ? 'PUT' : 'POST', data: { network_id: network, ...subnet } });
  }
  const services = await ask('/api/services?limit=0');
  const on = async (host, port) => {
    const { id } = await find(host.name);
    return services.find(each => each.host_id === id && each.port === port)?.bindings?.[0]?.id;
  };
  const group = async (name, group_type, color, ends) => {
    const binding_ids = (await Promise.all(ends.map(([host, port]) => on(host, port)))).filter(Boolean);
    await ask('/api/groups', { method: 'POST', data: { network_id: network, name, description: null, group_type, color, edge_style: 'Bezier', binding_ids, tags: [] } });
  };
  await group('Photos', 'RequestPath', 'Purple', [[home.proxy, 443], [home.photos, 2283], [home.database, 5432]]);
  await group('Home automation', 'HubAndSpoke', 'Orange', [[home.assistant, 8123], [home.hue, 443], [home.cameras[0], 554], [home.cameras[1], 554]]);
  await ask('/api/group-proposals/find', { method: 'POST', data: { network_id: network } });
  for (const [name, more] of [['Switches', { version: 'V2c', community: 'not-public' }], ['Core', { version: 'V3', username: 'ops', auth_protocol: 'SHA-256', auth_password: 'not-shown-1', privacy_protocol: 'AES', privacy_password: 'not-shown-2', targets: ['192.168.1.0/24'] }]])
    await ask('/api/snmp-credentials', { method: 'POST', data: { network_id: network, name, ...more } });
  for (const [name, color, hosts] of [['family', 'Teal', [home.anna, home.ben, home.phone]], ['critical', 'Red', [home.database, home.nas]]]) {
    const tag = await ask('/api/tags', { method: 'POST', data: { name, color, description: null } });
    const entity_ids = await Promise.all(hosts.map(async host => (await find(host.name)).id));
    await ask('/api/tags/assign/bulk-add', { method: 'POST', data: { entity_type: 'Host', entity_ids, tag_id: tag.id } });
  }
}

await tell(async (stack, chromium) => {
  const page = await chromium.openPage({ reducedMotion: 'reduce' });
  const ask = async (path, options = {}) => {
    const answer = await page.request.fetch(stack.url + path, { headers: { Origin: stack.url }, ...options });
    const { data, error } = await answer.json();
    good(answer.ok(), `${path}: ${error}`);
    return data;
  };
  const find = async name => (await ask(`/api/hosts?limit=0&search=${name}`)).find(host => host.name === name);
  // What is wrong with the page as it stands.
  const faults = async () => {
    const over = await overflow(page);
    const { violations } = await page.evaluate(`${axe}; axe.run(document, { resultTypes: ['violations'] })`);
    return [...(over > 0 ? [`it hangs over the edge by ${over} px`] : []), ...violations.map(each => `${each.id}: ${each.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')}`)];
  };
  const eachLook = async name => {
    const found = [];
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await sleep(SETTLED_MS);
        await page.screenshot({ path: join(folder, `${name}-${size.name}-${colorScheme}.png`), animations: 'disabled' });
        found.push(...(await faults()).map(fault => `${size.name}, ${colorScheme}: ${fault}`));
      }
    }
    equal(found, [], name);
  };
  mkdirSync(folder, { recursive: true });

  await step('set-up', async () => {
    await page.goto(stack.url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await eachLook('set-up');
  });

  await step("a home's network is seen and put in order", async () => {
    await ask('/api/setup', { method: 'POST', data: { token: await stack.setupToken(), ...owner } });
    stack.startSensor();
    for (let tries = 0; !(await ask('/api/sensors'))[0]?.connected; tries++) {
      good(tries < 100, 'the sensor does not connect');
      await sleep(200);
    }
    stack.play(homeFrames());
    for (let tries = 0; (await ask('/api/services?limit=1000')).length < 25; tries++) {
      good(tries < 100, 'the services do not come');
      await sleep(200);
    }
    stack.play(homeFrames());
    // What is one host has become one.
    for (let [before, calm] = [0, 0]; calm < 8; await sleep(500)) {
      const now = (await ask('/api/hosts?limit=0')).length;
      calm = now === before ? calm + 1 : 0;
      before = now;
    }
    await putInOrder(ask, find);
  });

  const id = (await find(home.nas.name))?.id;
  await page.goto(`${stack.url}/hosts`);
  const only = process.argv.slice(2); // names of pages, when not all are wanted
  for (const [name, path] of pages.filter(([each]) => !only.length || only.includes(each))) {
    await step(name, async () => {
      // As a link within the dashboard leads there.
      await page.evaluate(to => (history.pushState(null, '', to), dispatchEvent(new PopStateEvent('popstate'))), path.replace('ID', id));
      if (name.startsWith('topology')) {
        await page.locator('[data-testid=picture][data-ready=true]').waitFor();
        await sleep(ARRANGED_MS);
      } else await page.getByRole('heading', { level: 1 }).waitFor();
      await eachLook(name);
    });
  }

  await step('signed out', async () => {
    await ask('/api/auth/logout', { method: 'POST' });
    await page.goto(`${stack.url}/sign-in`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await eachLook('sign-in');
  });

  await step('no error in the console, no request to elsewhere, nothing against the content security policy', () => {
    equal([chromium.problems, chromium.foreign, chromium.violations], [[], [], []], 'what went wrong');
  });
});
