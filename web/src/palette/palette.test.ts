// SPDX-License-Identifier: BSD-2-Clause
import { expect, test } from 'vitest';

import type { HostView, ServiceView, Views } from '../state/selectors';
import { find } from './find';
import { Best, ELSEWHERE, EXACT, holds, isLoose, LOOSE, needles, score, START, WITHIN, WORD } from './rank';

test('what begins with it comes before what has it within', () => {
  expect(['nas', 'nas-2', 'attic-nas', 'dynasty', 'laptop'].map(title => score(title, 'nas'))).toEqual([EXACT, START, WORD, WITHIN, 0]);
  expect(score('run “self-report of office” now', 'run office')).toBe(WITHIN);
});

test('a few letters in their order find a command, not everything', () => {
  expect(score('new host', 'nwh')).toBe(LOOSE);
  expect(isLoose('consolidations', 'csl')).toBe(true);
  expect(isLoose('appearance: dark', 'ppr')).toBe(false); // its first letter begins no word
  expect(isLoose('hosts', 'zz')).toBe(false);
});

test('a port is found whole', () => {
  const text = '\nnas\n:443\n443/tcp\n10.0.44.3\n';
  expect([':443', ':44', '443/tcp', '43/tcp', 'nas :443', '10.0.44'].map(query => holds(text, needles(query)))).toEqual([true, false, true, false, true, true]);
});

test('the best few of many, counted all the same', () => {
  const best = new Best<number>(3);
  [5, 1, 4, 2, 9, 3].forEach(points => best.add(points, points, String(points)));
  expect(best.rows.map(each => each.row)).toEqual([9, 5, 4]);
  expect(best.all).toBe(6);
});

const host = (title: string, more = '') => ({ id: title, title, text: `\n${title.toLowerCase()}\n${more}\n` }) as HostView;
const service = (label: string) => ({ id: label, label, text: `\n${label}\n` }) as ServiceView;
const views = (hosts: HostView[], services: ServiceView[] = []) => ({ allHosts: () => hosts, allServices: () => services }) as unknown as Views;
const turns = () => ({ now: () => performance.now(), rest: () => new Promise<void>(done => setTimeout(done)) });

test('hosts and services by any of their words, the name first', async () => {
  const found = await find(views([host('printer', 'synology'), host('Synology'), host('tv')], [service('ssh'), service('synology-drive')]), 'synology', turns(), () => true);
  expect(found!.hosts.rows.map(each => [each.row.title, each.score])).toEqual([['Synology', EXACT], ['printer', ELSEWHERE]]);
  expect(found!.services.rows.map(each => each.row.label)).toEqual(['synology-drive']);
});

test('when no word fits, loose letters do', async () => {
  const found = await find(views([host('workstation-anna'), host('tv')]), 'wrkanna', turns(), () => true);
  expect(found!.hosts.rows.map(each => each.row.title)).toEqual(['workstation-anna']);
});

test('10,000 hosts and 50,000 services: others get their turn, and who typed on is not answered', async () => {
  const many = views(Array.from({ length: 10_000 }, (_, i) => host(`host-${i}`, '10.0.0.1\nacme')), Array.from({ length: 50_000 }, (_, i) => service(`service ${i}`)));
  let rests = 0;
  let clock = 0;
  const slow = { now: () => (clock += 5), rest: async () => void rests++ };
  const found = await find(many, 'acme', slow, () => true);
  expect([found!.hosts.all, found!.hosts.rows.length]).toEqual([10_000, 8]);
  expect(rests).toBeGreaterThan(5);
  expect(await find(many, 'acme', slow, () => false)).toBe(null);
  const start = performance.now();
  await find(many, 'host-99', turns(), () => true);
  expect(performance.now() - start).toBeLessThan(1000);
});
