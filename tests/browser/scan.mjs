// SPDX-License-Identifier: BSD-2-Clause
// A network scan in a real browser: credentials are kept, a scan is described, run, watched, stopped, and looked up; first with a sensor
// that only says it scans, so that what is seen of it is certain, then with a real one and real servers. `scan` starts this where there
// is no way out. With SCREENSHOTS a picture of each is made there.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { button, choose, eachWidth, field, heading, rowOf, send, sheet, tell } from './page.mjs';
import { Sensor } from './sensor.mjs';
import { sleep } from './stack.mjs';
import { equal, good, step } from './tap.mjs';

const owner = { email: 'owner@example.org', password: 'Correct-horse-1', name: 'Olga Owner' };
const folder = process.env.SCREENSHOTS;
const report = { hostname: 'probe', interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:01', subnet_type: 'Lan', addresses: [{ ip: '10.77.20.3', prefix: 24 }] }] };
const hello = { name: 'test port', software: 'netvisor-sensor', hostname: 'probe', capabilities: { discoveries: 'SelfReport,Network' }, interfaces: [] };
const { SCAN_NET: net, SCAN_WEB: web, SCAN_SWITCH: agent, SCAN_COMMUNITY: SECRET } = process.env;
const STOP_MS = 2000; // beside other tests; what it takes by itself is in its note

await tell(async (stack, chromium) => {
  const page = await chromium.openPage();
  const ask = async (path, options = {}) => (await (await page.request.fetch(stack.url + path, { headers: { Origin: stack.url }, ...options })).json()).data;
  const go = async (path, title) => {
    await page.goto(stack.url + path);
    await heading(page, title);
  };
  const picture = name => async size => {
    mkdirSync(folder, { recursive: true });
    await sleep(200);
    await page.screenshot({ path: join(folder, `scan-${name}-${size}.png`), animations: 'disabled' });
  };
  const look = name => eachWidth(page, name, 900, folder && picture(name));
  const running = page.getByRole('listitem', { name: 'Office' });
  let sensor;

  await step('a sensor that can scan', async () => {
    await ask('/api/setup', { method: 'POST', data: { token: await stack.setupToken(), ...owner } });
    sensor = await Sensor.connect(stack.port, readFileSync(join(stack.folder, 'collector', 'sensor.key'), 'utf8').trim(), hello);
    sensor.result(await sensor.command(), report);
    await go('/sensors', 'Sensors');
    await page.getByRole('article', { name: 'test port' }).getByText('Connected', { exact: true }).waitFor();
  });

  await step('SNMP credentials: what is missing is told beside its field; then they are there, without their secrets', async () => {
    await go('/credentials', 'SNMP credentials');
    await button(page, 'New credential').click();
    await field(page, 'Name').fill('Switches');
    await button(sheet(page), 'Save').click();
    await sheet(page).getByText('This is needed.').waitFor();
    await field(page, 'Community').fill(SECRET);
    await send(page);
    await rowOf(page, 'Switches').filter({ hasText: 'all that is scanned' }).waitFor();
    await button(page, 'New credential').click();
    await field(page, 'Name').fill('Core');
    await sheet(page).getByText('3', { exact: true }).click();
    await field(page, 'User').fill('ops');
    await field(page, 'Password of the signature').fill('short');
    await field(page, 'Password of the encryption').fill('private-Zr7q');
    await field(page, 'Only for').fill('10.77.20.0/24');
    await button(sheet(page), 'Save').click();
    await sheet(page).getByText('at least eight characters').waitFor();
    await field(page, 'Password of the signature').fill('signature-Zr7q');
    await look('credential');
    await send(page);
    await rowOf(page, 'Core').filter({ hasText: 'SHA-256, AES' }).filter({ hasText: '10.77.20.0/24' }).waitFor();
    await look('credentials');
    await rowOf(page, 'Core').getByRole('link', { name: 'Core' }).click();
    equal(await field(page, 'Password of the signature').inputValue(), '', 'a secret that is there');
    await field(page, 'Name').fill('Core switches');
    await send(page);
    await rowOf(page, 'Core switches').waitFor();
    good(!(await page.content()).includes('Zr7q'), 'a secret is in the page');
  });

  await step('a scan is described: how long it takes is told, what is wrong stands beside its field', async () => {
    await go('/sessions', 'Sessions');
    await button(page, 'Discover now').click();
    await field(page, 'Name').fill('Office');
    await sheet(page).getByText('Network scan', { exact: true }).click();
    await field(page, 'Ports').fill('80-22');
    await choose(page, 'Depth', 'Full');
    await button(sheet(page), 'Create and run').click();
    await sheet(page).getByText('These are no ports').waitFor();
    await field(page, 'Ports').fill('1-1000');
    await sheet(page).getByText('1,000 ports: a host takes about 10 s, 50 hosts about 50 s.').waitFor();
    await field(page, 'To one host').fill('200');
    await sheet(page).getByText('a host takes about 5 s').waitFor();
    await choose(page, 'SNMP credentials', 'Some');
    await choose(page, 'Which', 'Core switches');
    await page.keyboard.press('Tab'); // the list closes
    await sheet(page).getByText('More', { exact: true }).click();
    await field(page, 'Never ask').fill('10.77.20.1');
    await look('form');
    await send(page, 'Create and run');
  });

  await step('it runs: the sensor is asked with all of it, and how far it is is told in words and numbers', async () => {
    const command = await sensor.command();
    const { type, depth, ports, host_rate, excludes, prefixes, snmp } = command.arguments;
    equal({ type, depth, ports, host_rate, excludes, prefixes }, { type: 'Network', depth: 'full', ports: '1-1000', host_rate: 200, excludes: ['10.77.20.1'], prefixes: ['10.77.20.0/24'] }, 'the command');
    equal(snmp.map(each => [each.name, each.user, each.auth_password, each.privacy_password]), [['Core switches', 'ops', 'signature-Zr7q', 'private-Zr7q']], 'its credentials');
    sensor.progress(command, 7, { step: 'alive', asked: 120, up: 9, open: 0, rate: 498 });
    for (const text of ['Looks who is there', '120 addresses asked', '9 there', '498 a second', '7 %']) await running.getByText(text, { exact: true }).waitFor();
    sensor.progress(command, 41, { step: 'ports', asked: 254, up: 12, open: 30, saved: 7, rate: 1000, remaining_s: 95, identified: 4, to_identify: 30 });
    for (const text of ['Asks which ports are open', '30 ports open', '7 probes saved by what traffic has shown', '4 of 30 identified', 'about 1 min left', '41 %']) await running.getByText(text, { exact: true }).waitFor();
    await look('running');
  });

  await step('it is stopped by one click: the sensor hears of it at once, and what it had found is there', async () => {
    const start = Date.now();
    await running.getByRole('button', { name: 'Cancel' }).click();
    const command = await sensor.command();
    const took = Date.now() - start;
    equal(command.command, 'cancel', 'the command');
    good(took < STOP_MS, `it took ${took} ms`);
    sensor.result({ id: command.arguments.session_id }, { hosts_up: 12, open: 30, saved: 7 }, 'cancelled');
    await running.waitFor({ state: 'detached' });
    await rowOf(page, 'Office').filter({ hasText: 'cancelled' }).filter({ hasText: '12 hosts, 30 ports' }).waitFor();
    return `${took} ms`;
  });

  await step('it runs again, to its end: its results are in the history, with what is worth knowing', async () => {
    await go('/schedules', 'Scheduled');
    await rowOf(page, 'Office').getByRole('button', { name: 'Run now' }).click();
    const command = await sensor.command();
    sensor.result(command, { hosts_asked: 253, hosts_up: 14, open: 41, closed: 12_000, filtered: 950, saved: 11, probes_sent: 13_500, identified: 40, middleboxes: 1, seconds: 61.53, engine: 'uring', notes: ['10.77.20.9 opens every port: a box on the way answers for it, so its ports are not told.'] });
    await go('/runs', 'Past runs');
    await rowOf(page, 'Office').filter({ hasText: 'complete' }).filter({ hasText: '14 hosts, 41 ports' }).getByRole('link').click();
    const details = sheet(page);
    for (const text of ['Probes saved by what traffic has shown', '12,000', '61.5', '10.77.20.0/24', 'Worth knowing']) await details.getByText(text, { exact: true }).waitFor();
    await details.getByText('opens every port:').waitFor();
    await look('run');
  });

  await step('what a scan can not begin with is told', async () => {
    await ask(`/api/discovery/${(await ask('/api/discovery?search=Office'))[0].id}`, { method: 'PUT', data: { discovery_type: { type: 'Network', targets: ['10.77.20.9'] } } });
    await page.keyboard.press('Escape');
    await go('/schedules', 'Scheduled');
    await rowOf(page, 'Office').getByRole('button', { name: 'Run now' }).click();
    sensor.result(await sensor.command(), undefined, 'The address 10.77.20.9 is not in a subnet that this sensor’s port is in. Start the sensor with --scan-allow 10.77.20.9, then start the discovery again.');
    await go('/runs', 'Past runs');
    await rowOf(page, 'Office').filter({ hasText: 'failed' }).getByRole('link').click();
    await sheet(page).getByText('--scan-allow').waitFor();
  });

  await step('a real sensor in the network, and something that its traffic shows', async () => {
    sensor.close();
    const { key } = await ask('/api/sensors', { method: 'POST', data: { name: 'scanner' } });
    stack.startScanner('eth0', key);
    await go('/sensors', 'Sensors');
    await page.getByRole('article', { name: 'scanner' }).getByText('Connected', { exact: true }).waitFor({ timeout: 20_000 });
    await go('/services', 'Services');
    await rowOf(page, web).filter({ hasText: '80' }).waitFor({ timeout: 20_000 });
  });

  await step('it scans: its steps are told, and what it finds is there, also by SNMP with the credential that was kept', async () => {
    await go('/sessions', 'Sessions');
    await button(page, 'Discover now').click();
    await field(page, 'Name').fill('Attic');
    await choose(page, 'Sensor', 'scanner');
    await sheet(page).getByText('Network scan', { exact: true }).click();
    await field(page, 'Other targets').fill(net);
    await field(page, 'Ports').fill('22,80,443,1000-2300');
    await choose(page, 'SNMP credentials', 'Some');
    await choose(page, 'Which', /^Switches$/);
    await page.keyboard.press('Tab'); // the list closes
    await field(page, 'Packets a second, at most').fill('20000');
    await field(page, 'To one host').fill('2000');
    await send(page, 'Create and run');
    const attic = page.getByRole('listitem', { name: 'Attic' });
    await attic.getByText(/Looks who is there|Asks which ports|Finds out what/).waitFor();
    await look('real-running');
    await attic.waitFor({ state: 'detached', timeout: 60_000 });
    const run = (await ask('/api/sessions?search=Attic'))[0];
    equal([run.phase, run.error], ['Complete', null], 'the run');
    const { hosts_asked, hosts_up, open, saved, snmp_devices } = run.results;
    good(hosts_asked > 200 && hosts_up >= 2 && open >= 1 && saved >= 1 && snmp_devices === 1, JSON.stringify(run.results));
    const services = await ask('/api/services?limit=0');
    const of = (ip, port) => services.find(each => each.ip === ip && each.port === port);
    equal([of(web, 80)?.state, of(web, 2222)?.state, of(web, 2222)?.source, of(web, 2222)?.name], ['open', 'open', 'probe', 'http'], 'a web server where none is expected');
    const hosts = await ask('/api/hosts?limit=0&children=true');
    equal(hosts.find(each => each.interfaces.some(face => (face.ip_address ?? face.ip) === agent))?.name, 'agent11', "the switch's name, which SNMP tells");
    await go('/runs', 'Past runs');
    await rowOf(page, 'Attic').filter({ hasText: 'complete' }).getByRole('link').click();
    await sheet(page).getByText('Probes saved by what traffic has shown', { exact: true }).waitFor();
    await look('real-run');
    await page.keyboard.press('Escape');
    return `${hosts_up} hosts, ${open} ports, ${saved} saved, ${run.results.seconds} s`;
  });

  await step('why the web server is known: the probe says so', async () => {
    const service = (await ask('/api/services?limit=0')).find(each => each.ip === web && each.port === 2222);
    await page.goto(`${stack.url}/hosts/${service.host_id}?tab=evidence`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText(/probe/i).first().waitFor();
    await look('real-evidence');
  });

  await step('a slow scan is stopped: the sensor says at once what it had come to', async () => {
    const found = (await ask('/api/discovery?search=Attic'))[0];
    await ask(`/api/discovery/${found.id}`, { method: 'PUT', data: { discovery_type: { ...found.discovery_type, rate: 50, ports: 'all' } } });
    await go('/schedules', 'Scheduled');
    await rowOf(page, 'Attic').getByRole('button', { name: 'Run now' }).click();
    await go('/sessions', 'Sessions');
    const attic = page.getByRole('listitem', { name: 'Attic' });
    await attic.getByText(/addresses asked/).waitFor({ timeout: 20_000 });
    await attic.getByRole('button', { name: 'Cancel' }).click();
    await attic.waitFor({ state: 'detached' });
    const start = Date.now();
    let run;
    do run = (await ask('/api/sessions?search=Attic'))[0];
    while (!run.results && Date.now() - start < STOP_MS);
    equal(run.phase, 'Cancelled', 'the run');
    good(run.results?.probes_sent > 0, `what it had come to: ${JSON.stringify(run.results)}`);
    return `${Date.now() - start} ms`;
  });

  await step('and nothing was wrong on the way', async () => {
    equal([chromium.problems, chromium.foreign, chromium.violations], [[], [], []], 'problems, foreign requests, violations');
  });
});
