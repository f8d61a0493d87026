// SPDX-License-Identifier: BSD-2-Clause
// A picture that several look at: two people who edit it see each other's moves, one who may only look can't move anything,
// and two networks stand in one picture.
import { field, heading, tell } from './page.mjs';
import { sleep } from './stack.mjs';
import { equal, good, step } from './tap.mjs';

const owner = { email: 'owner@example.org', password: 'Correct-horse-1', name: 'Olga Owner' };
const viewer = { email: 'viewer@example.org', password: 'Correct-horse-2', name: 'Vera Viewer' };

await tell(async (stack, chromium) => {
  const pages = [];
  const open = async account => {
    const page = await chromium.openPage();
    pages.push(page);
    equal((await page.request.post(`${stack.url}/api/auth/login`, { headers: { Origin: stack.url }, data: { email: account.email, password: account.password } })).status(), 200, 'signing in');
    await page.goto(`${stack.url}/topology`);
    await heading(page, 'Topology');
    return page;
  };
  const page = await chromium.openPage();
  const ask = async (path, data, method = data ? 'POST' : 'GET') => {
    const answer = await page.request.fetch(stack.url + path, { headers: { Origin: stack.url }, method, data });
    const { data: got, error } = await answer.json();
    good(answer.ok(), `${path}: ${error}`);
    return got;
  };
  const drawn = on => on.locator('[data-testid=picture][data-ready=true]').waitFor();
  const choose = async (on, name) => {
    await on.getByRole('combobox', { name: 'Find in the picture' }).fill(name);
    await on.getByRole('option', { name: new RegExp(name) }).first().waitFor();
    await on.keyboard.press('Enter');
    await on.getByRole('complementary').getByText(name).first().waitFor();
    await on.getByTestId('picture').focus();
  };
  const places = async () => (await ask(`/api/topology/${(await ask('/api/topology'))[0].id}`)).nodes;
  const until = async (what, check) => {
    for (let tries = 0; !(await check()); tries++) {
      good(tries < 80, what);
      await sleep(100);
    }
  };
  let networks;

  await step('two networks with a host each, a saved picture, and one who may only look', async () => {
    await ask('/api/setup', { token: await stack.setupToken(), ...owner });
    const first = (await ask('/api/networks'))[0];
    const second = await ask('/api/networks', { name: 'Cabin', description: null, tags: [] });
    networks = [first, second];
    for (const [network, name, ip] of [[first, 'town-nas', '10.1.0.5'], [second, 'cabin-router', '10.2.0.1']]) {
      await ask('/api/subnets', { network_id: network.id, cidr: ip.replace(/\d+$/, '0/24'), name: `${name} net`, description: null, subnet_type: 'Lan', tags: [] });
      await ask('/api/hosts', { network_id: network.id, name, description: null, hidden: false, tags: [], interfaces: [{ ip_address: ip, mac_address: null }] });
    }
    await ask('/api/topology', { network_id: first.id, name: 'Town' });
    const invite = await ask('/api/invites', { permissions: 'viewer', network_ids: [first.id] });
    await ask('/api/auth/register', { invite: invite.token, ...viewer });
    await ask('/api/auth/login', { email: owner.email, password: owner.password });
  });

  await step('what one moves is where it is for the other, and the other can move it on', async () => {
    const [one, other] = [await open(owner), await open(owner)];
    for (const each of [one, other]) await drawn(each);
    await choose(one, 'town-nas');
    await one.keyboard.press('Alt+ArrowRight');
    await until('nothing was saved', async () => Object.keys(await places()).length > 0);
    const before = JSON.stringify(await places());
    await choose(other, 'town-nas');
    await other.keyboard.press('Alt+ArrowDown');
    await until('the second move was not saved', async () => JSON.stringify(await places()) !== before);
    const [place] = Object.values(await places());
    const [was] = Object.values(JSON.parse(before));
    good(place.x === was.x && place.y > was.y, `moved from ${JSON.stringify(was)} to ${JSON.stringify(place)}: not on from where the first had put it`);
  });

  await step('a subnet is made larger by its corner', async () => {
    const page = pages[0];
    const { x, y, width, height } = await page.getByTestId('picture').boundingBox();
    const cursorAt = async point => {
      await page.mouse.move(point.x, point.y);
      return page.evaluate(() => getComputedStyle(document.querySelector('[data-testid=picture]')).cursor);
    };
    const find = async (cursor, points) => {
      for (const point of points) if ((await cursorAt(point)) === cursor) return point;
      throw new Error(`${cursor} is nowhere`);
    };
    // Down from the middle, where the host is, to the subnet's lower edge, and along it to the corner.
    const steps = (from, to) => Array.from({ length: Math.floor((to - from) / 3) }, (_, i) => from + 3 * i);
    const edge = await find('s-resize', steps(y + height / 2, y + height).map(down => ({ x: x + width / 2, y: down })));
    const at = await find('se-resize', steps(edge.x, x + width).map(right => ({ x: right, y: edge.y })));
    await page.mouse.down();
    await page.mouse.move(at.x + 60, at.y + 40, { steps: 6 });
    await page.mouse.up();
    await until('no size is saved', async () => Object.values(await places()).some(place => place.width > 0 && place.height > 0));
  });

  await step('one who may only look is told so, and moves nothing', async () => {
    const looker = await open(viewer);
    await drawn(looker);
    const before = JSON.stringify(await places());
    await choose(looker, 'town-nas');
    await looker.keyboard.press('Alt+ArrowRight');
    await sleep(700);
    equal(JSON.stringify(await places()), before, 'the places');
    equal(await looker.getByRole('button', { name: 'Undo', exact: true }).isDisabled(), true, 'nothing to undo');
    await looker.getByRole('button', { name: 'Options', exact: true }).click();
    await looker.getByText('Your role may look, not arrange.').first().waitFor();
  });

  await step('two networks in one picture', async () => {
    const both = await open(owner);
    await drawn(both);
    await both.getByRole('button', { name: 'Options', exact: true }).click();
    const options = both.getByRole('complementary', { name: 'Options' });
    await field(options, 'Networks in the picture').click();
    await both.getByRole('option', { name: 'Cabin' }).click();
    await both.keyboard.press('Escape');
    await both.getByRole('region', { name: 'What is in the picture' }).getByText(/^Cabin, /).waitFor();
    await choose(both, 'cabin-router');
    equal((await ask('/api/topology'))[0].options.network_ids, [networks[1].id], 'the saved option');
  });

  await step('no error in the console, no request to elsewhere, nothing against the content security policy', () => {
    equal([chromium.problems, chromium.foreign, chromium.violations], [[], [], []], 'what went wrong');
  });
});
