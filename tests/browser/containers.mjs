// SPDX-License-Identifier: BSD-2-Clause
// A machine's containers in a real browser: asked for once, they are on the host's page, in its pictures and among the services; asked again, what is gone
// says so. The sensor only says what an engine would. With SCREENSHOTS a picture of each is made there.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { button, eachWidth, heading, tell } from './page.mjs';
import { Sensor } from './sensor.mjs';
import { sleep } from './stack.mjs';
import { equal, good, step } from './tap.mjs';

const owner = { email: 'owner@example.org', password: 'Correct-horse-1', name: 'Olga Owner' };
const folder = process.env.SCREENSHOTS;
const self = { hostname: 'dock-1', has_docker_socket: true, has_xdp: true, gateways: [{ ip: '10.77.20.1' }], dns_servers: ['10.77.20.2'], interfaces: [{ name: 'eth0', mac: '02:00:00:00:00:07', subnet_type: 'Lan', addresses: [{ ip: '10.77.20.7', prefix: 24 }] }] };
const hello = { name: 'dock-1', software: 'netvisor-sensor', hostname: 'dock-1', capabilities: { discoveries: 'SelfReport,Docker' }, interfaces: [] };
const network = (name, prefix, more = {}) => ({ engine: 0, name, driver: 'bridge', subnet_type: 'DockerBridge', prefixes: [{ prefix }], ...more });
let count = 0;
const container = (name, image, ip, more = {}) => ({
  engine: 0, id: `${++count}`.padStart(64, 'c0ffee'), name, image, state: 'running', network_mode: 'bridge', ports: [], networks: ip ? [{ name: ip.startsWith('10.77.20') ? 'lan' : 'shop_default', ip, mac: `02:42:00:00:00:0${count % 10}` }] : [], ...more,
});
const all = [
  container('shop-web-1', 'nginx:1.25', '172.18.0.2', { compose_project: 'shop', compose_service: 'web', health: 'healthy', image_version: '1.25.3', ports: [{ port: 80, proto: 'tcp', host_port: 8080, host_ip: '0.0.0.0' }, { port: 80, proto: 'tcp', host_port: 8080, host_ip: '::' }], labels: { owner: 'web-team' } }),
  container('shop-db-1', 'postgres:16', '172.18.0.3', { compose_project: 'shop', compose_service: 'db', ports: [{ port: 5432, proto: 'tcp' }] }),
  container('grafana', 'grafana/grafana:11.1', '172.18.0.4', { health: 'unhealthy', ports: [{ port: 3000, proto: 'tcp', host_port: 3000, host_ip: '10.77.20.7' }] }),
  container('home-assistant', 'ghcr.io/home-assistant/home-assistant:stable', '10.77.20.40', { network_mode: 'lan', ports: [{ port: 8123, proto: 'tcp' }] }),
  container('ours', 'registry.example:5000/team/ours:7', null, { network_mode: 'host', ports: [{ port: 9100, proto: 'tcp' }] }),
  container('backup', 'restic/restic', null, { state: 'exited' }),
];
const report = containers => ({
  machine: { hostname: 'dock-1', macs: ['02:00:00:00:00:07'] }, engines: [{ type: 'Docker', name: 'Docker', url: 'unix:///var/run/docker.sock', version: '24.0.7' }], containers, images: 9, left_out: 0, problems: [],
  networks: [network('shop_default', '172.18.0.0/16'), network('lan', '10.77.20.0/24', { driver: 'macvlan', subnet_type: 'MacVlan', parent: 'eth0' })],
});

await tell(async (stack, chromium) => {
  const page = await chromium.openPage();
  const ask = async (path, options = {}) => (await (await page.request.fetch(stack.url + path, { headers: { Origin: stack.url }, ...options })).json()).data;
  const go = async (path, title) => {
    await page.goto(stack.url + path);
    await heading(page, title);
  };
  const picture = name => async size => {
    mkdirSync(folder, { recursive: true });
    await sleep(1500);
    await page.screenshot({ path: join(folder, `containers-${name}-${size}.png`), animations: 'disabled' });
    if (name.startsWith('host')) await section.screenshot({ path: join(folder, `containers-${name}-section-${size}.png`), animations: 'disabled' });
  };
  const look = name => eachWidth(page, name, 1000, folder && picture(name));
  const section = page.getByRole('region', { name: 'Containers', exact: true });
  const line = name => section.getByRole('row').filter({ hasText: name });
  let sensor, host;
  const discover = async containers => {
    const [docker] = (await ask('/api/discovery')).filter(each => each.discovery_type.type === 'Docker');
    await ask('/api/discovery/start-session', { method: 'POST', data: { discovery_id: docker.id } });
    sensor.result(await sensor.command(), report(containers));
  };

  await step('a sensor on a machine that runs containers', async () => {
    await ask('/api/setup', { method: 'POST', data: { token: await stack.setupToken(), ...owner } });
    sensor = await Sensor.connect(stack.port, readFileSync(join(stack.folder, 'collector', 'sensor.key'), 'utf8').trim(), hello);
    sensor.result(await sensor.command(), self);
    await go('/sensors', 'Sensors');
    const card = page.getByRole('article', { name: 'dock-1' });
    await card.getByText('Runs containers').waitFor();
    await card.getByText('10.77.20.1', { exact: true }).waitFor();
  });

  await step('its containers are asked for, and the run says what it came to', async () => {
    await discover(all);
    await go('/runs', 'Past runs');
    await page.getByRole('row').filter({ hasText: 'Containers of dock-1' }).filter({ hasText: 'Complete' }).first().waitFor();
    [host] = (await ask('/api/hosts?limit=0')).filter(each => each.name === 'dock-1');
    good(host, 'the machine is a host, although nothing was heard of it yet');
  });

  await step('they are on the host’s page, with what they are and where they are reached', async () => {
    await go(`/hosts/${host.id}`, 'dock-1');
    await line('shop-web-1').filter({ hasText: 'nginx:1.25' }).filter({ hasText: 'running' }).filter({ hasText: '8080 → 80/tcp' }).filter({ hasText: 'shop_default' }).waitFor();
    await line('grafana').filter({ hasText: 'unhealthy' }).filter({ hasText: '10.77.20.7:3000 → 3000/tcp' }).waitFor();
    await line('backup').filter({ hasText: 'ended' }).waitFor();
    await line('home-assistant').filter({ hasText: '10.77.20.40' }).waitFor();
    equal(await section.getByRole('row').count(), 7, 'rows, with their head');
    await look('host');
  });

  await step('among the services each is called by what it is', async () => {
    await go('/services', 'Services');
    for (const name of ['nginx', 'PostgreSQL', 'Grafana', 'Home Assistant']) await page.getByRole('row').filter({ hasText: name }).first().waitFor();
    await look('services');
  });

  await step('the picture of workloads has them in their machine, and the logical one in their network', async () => {
    await page.goto(`${stack.url}/topology?view=workloads`);
    await sleep(500);
    await look('workloads');
    await page.goto(`${stack.url}/topology`);
    await sleep(500);
    await look('logical');
  });

  await step('one that is gone says so, and what it had is nobody’s', async () => {
    await go(`/hosts/${host.id}`, 'dock-1');
    await line('grafana').waitFor();
    await discover(all.filter(each => each.name !== 'grafana'));
    await line('grafana').filter({ hasText: 'gone' }).waitFor();
    const faces = (await ask(`/api/hosts/${host.id}`)).interfaces.map(face => face.ip_address);
    good(!faces.includes('172.18.0.4') && faces.includes('172.18.0.3'), 'its address is gone');
    await look('host-gone');
  });

  await step('a person may still say more of one', async () => {
    await button(page, 'Edit services').first().click();
    await page.getByRole('dialog').getByText('shop-web-1').first().waitFor();
  });
});
