// SPDX-License-Identifier: BSD-2-Clause
// Schedules in words, the past in words, what a form makes of a refusal, rights, and the addresses of views.
import { expect, test } from 'vitest';

import { ApiError, fieldOf, withQuery } from './api/request';
import type { Entry } from './api/history';
import { browserText } from './browser';
import { changesText } from './changes';
import { cronOf, cronText, planOf } from './cron';
import { errorText } from './errors';
import { rightsOf, rolesToGive, rolesUpTo } from './me';
import { splitError } from './parts/form';
import { inNetwork, inviteOf, readRoute } from './route';
import { commands } from './sensorCommand';
import { actorText, byDay, entryText, saysSomething } from './timeline';
import { addressOf, exampleOf, subjects, type Document } from './openapi';
import { draftOf, typeOf } from './views/discovery/draft';

test('schedules in words', () => {
  const words = {
    '* * * * *': 'every minute',
    '*/15 * * * *': 'every 15 minutes',
    '0 * * * *': 'every hour',
    '20 * * * *': 'every hour at 20 minutes past',
    '0 */6 * * *': 'every 6 hours',
    '0 3 * * *': 'every day at 03:00',
    '@daily': 'every day at 00:00',
    '0 0 0 * * 0': 'every Sunday at 00:00',
    '30 4 * * 1': 'every Monday at 04:30',
    '0 8,17 * * 1-5': 'from Monday to Friday at 08:00 and 17:00',
    '0 0 1 * *': 'on the 1st at 00:00',
    '5 6 1,15 * *': 'on the 1st and 15th at 06:05',
    '0 12 * jan,JUL *': 'in January and July at 12:00',
    '0 0 22 * FRI': 'on the 22nd or every Friday at 00:00',
    '*/15 8-17 * * 1-5': 'minutes 0, 15, 30 and 45 of hours 8, 9, 10, 11, 12, 13, 14, 15, 16 and 17, from Monday to Friday',
    '0 0 * * 7': 'every Sunday at 00:00',
  };
  for (const [cron, text] of Object.entries(words)) expect(cronText(cron), cron).toBe(text);
});

test('what is no schedule has no words', () => {
  for (const cron of ['', '* * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 8', '5-1 * * * *', '*/0 * * * *', 'a * * * *', '1/2/3 * * * *', '* * * * * * *']) expect(cronText(cron), cron).toBe(null);
});

test('a schedule that the form can offer comes back as it was, any other as an expression', () => {
  for (const cron of ['0 * * * *', '0 3 * * *', '30 4 * * 1', '15 22 1 * *', '*/5 * * * *', '0 3 * * 1-5', '0 3 * 2 *']) expect(cronOf(planOf(cron))).toBe(cron);
  expect(planOf('0 0 3 * * *').often).toBe('day');
  expect(planOf('5 0 3 * * *').often).toBe('cron');
});

test('a discovery goes through its form unchanged', () => {
  const type = { type: 'Network' as const, subnet_ids: null, targets: ['10.0.0.0/24', '10.0.1.7'], ports: '22,80', depth: 'full' as const, rate: 50, host_naming_fallback: 'Ip' as const, probe_raw_socket_ports: true };
  const row = { id: 'd', sensor_id: 's', name: 'n', discovery_type: type, run_type: { type: 'AdHoc' as const }, failures: 0, disabled_reason: null, revision: 1 };
  // What it did not say yet is as the collector has it without a word.
  expect(typeOf(draftOf(row, '', false))).toEqual({ ...type, excludes: [], host_rate: 100, engine: 'uring', skip_alive: false, identify: true, snmp_credential_ids: null, probe_industrial_ports: false });
  expect(draftOf(row, '', false).when).toBe('AdHoc');
  expect(typeOf(draftOf(null, 's', true))).toEqual({ type: 'SelfReport' });
});

const entry = (set: Partial<Entry>): Entry => ({ seq: 1, at: 0, entity: 'host', id: 'h', label: 'nas', op: 'update', kind: 'changed', before: null, after: null, actor: { type: 'sensor', id: null, name: null }, evidence: null, ...set });

test('a timeline in sentences', () => {
  expect(entryText(entry({ kind: 'renamed', before: { name: null }, after: { name: 'nas' } }))).toBe('got the name nas');
  expect(entryText(entry({ kind: 'renamed', before: { name: 'nas' }, after: { name: 'attic' } }))).toBe('got the name attic, was nas');
  expect(entryText(entry({ kind: 'renamed', before: { name: 'nas' }, after: { name: null } }))).toBe('lost the name nas');
  expect(entryText(entry({ kind: 'service_opened', entity: 'service', label: '10.0.0.9:22/tcp' }))).toBe('service 10.0.0.9:22/tcp opened');
  expect(entryText(entry({ kind: 'address_changed', entity: 'interface', before: { ip: '10.0.0.1' }, after: { ip: '10.0.0.2' } }))).toBe('changed address from 10.0.0.1 to 10.0.0.2');
  expect(entryText(entry({ kind: 'edited', before: { hidden: false }, after: { hidden: true } }))).toBe('was hidden');
  expect(entryText(entry({ kind: 'edited', before: { description: null }, after: { description: 'up there' } }))).toBe('edited: description: nothing → up there');
  expect(entryText(entry({ kind: 'a kind of tomorrow', op: 'insert', entity: 'subnet', label: '10.0.0.0/24' }))).toBe('subnet 10.0.0.0/24 was created');
});

test('whose doing it was', () => {
  expect(actorText(entry({ actor: { type: 'person', id: 'p', name: 'Ada' } }))).toBe('by Ada');
  expect(actorText(entry({ actor: { type: 'person', id: 'p', name: null } }))).toBe('by somebody');
  expect(actorText(entry({ kind: 'renamed', after: { name: 'x', name_source: 'dhcp' } }))).toBe('by DHCP');
  expect(actorText(entry({ actor: { type: 'sensor', id: 's', name: 'office' } }))).toBe('seen by office');
  expect(actorText(entry({ actor: { type: 'system', id: null, name: null } }))).toBe('');
});

test('a timeline by day, in the zone of who looks', () => {
  const at = (iso: string) => Date.parse(iso) / 1000;
  const entries = ['2026-11-28T00:30:00Z', '2026-11-27T23:30:00Z', '2026-11-27T10:00:00Z', '2026-11-20T10:00:00Z'].map((iso, seq) => entry({ seq, at: at(iso) }));
  const count = (zone: string) => byDay(entries, at('2026-11-28T12:00:00Z'), zone).map(day => [day.day, day.entries.length]);
  expect(count('UTC').slice(0, 2)).toEqual([['Today', 1], ['Yesterday', 2]]);
  expect(count('Europe/Berlin').slice(0, 2)).toEqual([['Today', 2], ['Yesterday', 1]]);
});

test('two versions of a row in words, without what says nothing to people', () => {
  expect(changesText({ name: 'a', revision: 1, tags: [] }, { name: 'b', revision: 2, tags: ['x', 'y'] })).toBe('name: a → b; tags: nothing → x, y');
  const nobody = '00000000-0000-4000-8000-000000000001';
  expect(changesText(null, { subnet_type: 'Lan', id: '1', host_id: nobody, expires_at: null })).toBe('type: Lan');
  expect(changesText(null, { expires_at: '2026-12-05T13:39:30+00:00' })).toContain('2026');
  expect(changesText(null, { expires_at: '2026-12-05T13:39:30+00:00' })).not.toContain('T13');
  expect(changesText({ hidden: false }, { hidden: true })).toBe('hidden: no → yes');
  const nameOf = (id: string) => ({ t1: 'upstairs', s1: 'Attic' })[id];
  expect(changesText({ tags: [], subnet_id: null }, { tags: ['t1'], subnet_id: 's1' }, nameOf)).toBe('tags: nothing → upstairs; subnet: nothing → Attic');
  expect(saysSomething(entry({ kind: 'edited', before: { subnet_id: null }, after: { subnet_id: nobody } }), nameOf)).toBe(false);
});

test('a refusal stands beside its field, any other below the form', () => {
  const values = { name: '', cron: '' };
  expect(splitError(new ApiError(400, '"name" must be 1 to 100 bytes long', 'name'), values)).toEqual({ errors: { name: 'It must be 1 to 100 bytes long.' }, problem: null });
  expect(splitError(new ApiError(400, 'run_type.cron: there is no minute 61', 'run_type.cron'), values)).toEqual({ errors: { cron: 'There is no minute 61.' }, problem: null });
  expect(splitError(new ApiError(409, 'there is one already', null), values)).toEqual({ errors: {}, problem: 'There is one already.' });
  expect(splitError(new ApiError(400, '"else" is not known', 'else'), values).problem).toContain('not known');
  expect(fieldOf('"cidr" must be a prefix')).toBe('cidr');
  expect(fieldOf('run_type.timezone: no such zone')).toBe('run_type.timezone');
  expect(fieldOf('the body must be JSON')).toBe(null);
});

test('errors say what to do', () => {
  expect(errorText(new ApiError(0, 'no answer'))).toContain('Is it running?');
  expect(errorText(new ApiError(412, 'x'))).toContain('Somebody else');
  expect(errorText(new ApiError(403, 'only an owner may do this'))).toBe('Only an owner may do this.');
  expect(errorText(new ApiError(404, 'no such host'))).toMatch(/^No such host\. It may have been deleted/);
  expect(errorText(new ApiError(503, 'the database does not answer'))).toMatch(/^The database does not answer\. Try again/);
});

test('roles: what each is offered, and may give', () => {
  expect(['owner', 'admin', 'member', 'viewer'].map(role => Object.values(rightsOf(role as 'owner')))).toEqual([[true, true, true], [true, true, false], [true, false, false], [false, false, false]]);
  expect(rolesToGive('admin')).toEqual(['member', 'viewer']);
  expect(rolesToGive('member')).toEqual([]);
  expect(rolesUpTo('member')).toEqual(['member', 'viewer']);
});

test('addresses keep the network, and an invite is found in them', () => {
  expect(inNetwork('/tags?q=x', '?network=n1&sort=name')).toBe('/tags?network=n1&q=x');
  expect(inNetwork('/hosts?network=n2', '?network=n1')).toBe('/hosts?network=n2');
  expect(inNetwork('/hosts', '')).toBe('/hosts');
  expect([inviteOf('/invite/abc', ''), inviteOf('/register', '#invite=a%2Bb'), inviteOf('/register', '')]).toEqual(['abc', 'a+b', null]);
  expect([readRoute('/schedules', '').view, readRoute('/hosts/x', '').id, readRoute('/hosts/x/y', '').view]).toEqual(['schedules', 'x', 'missing']);
  expect(withQuery('/api/x', { a: 1, b: null, c: '', d: 'e f', g: false })).toBe('/api/x?a=1&d=e%20f&g=false');
});

test('commands hold names and keys as they are, whatever is in them', () => {
  const made = commands(new URL('http://10.0.0.5:60072'), 'nvs_key', `it's 100 % "new" $HOME`);
  expect(made.plain).toContain(`--name 'it'\\''s 100 % "new" $HOME'`);
  expect(made.systemd).toContain('--name "it\'s 100 %% \\"new\\" $$HOME"');
  expect(made.podman).toContain('ws://10.0.0.5:60072');
  expect(made.plain).toContain('--allow-plain');
  expect(commands(new URL('https://netvisor.example.org'), 'k', 'n').plain).not.toContain('--allow-plain');
});

test('browsers by name', () => {
  expect(browserText('Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0')).toBe('Firefox, Linux');
  expect(browserText('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1')).toBe('Safari, iOS');
  expect(browserText('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 Chrome/120.0 Safari/537 Edg/120.0')).toBe('Edge, Windows');
  expect([browserText('curl/8.0'), browserText('something'), browserText(null)]).toEqual(['curl', 'something', 'unknown']);
});

test('the API document as operations, with an example of a body', () => {
  const document: Document = {
    info: { title: 'x', version: '1' },
    paths: {
      '/api/hosts/{id}': { put: { operationId: 'put_hosts_id', tags: ['hosts'], parameters: [{ name: 'id', in: 'path', required: true }, { name: 'q', in: 'query' }], requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Host' } } } } } },
      '/api/groups': { get: { tags: ['groups'] } },
    },
    components: { schemas: { Host: { type: 'object', properties: { name: { type: ['string', 'null'] }, hidden: { type: 'boolean' }, tags: { type: 'array' }, port: { type: 'integer', minimum: 1 }, kind: { enum: ['a', 'b'] } } } } },
  };
  const found = subjects(document);
  expect(found.map(subject => subject.name)).toEqual(['groups', 'hosts']);
  const put = found[1]!.operations[0]!;
  expect(exampleOf(document, put.body)).toEqual({ name: '', hidden: false, tags: [], port: 1, kind: 'a' });
  expect([addressOf(put, {}), addressOf(put, { id: 'a/b', q: 'x y' })]).toEqual([null, '/api/hosts/a%2Fb?q=x%20y']);
});
