// SPDX-License-Identifier: BSD-2-Clause
// Words of the alerts: what happened, why it matters, what to do.

import { countText, plural } from '../format';

const list = (names: readonly string[]) => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`);

export const alerts = {
  title: 'Alerts',
  note: (urgent: number, others: number) => [urgent && `${plural(urgent, 'thing')} to see to`, others && `${countText(others)} good to know`].filter(Boolean).join(', '),
  severity: { bad: 'See to it now', warn: 'Look at it', note: 'Good to know' },
  resting: 'Taken note of, or resting',
  over: 'Over by now',
  badge: (count: number) => `${plural(count, 'alert')}`,
  more: (count: number) => `and ${countText(count)} more`,
  quietTitle: 'All quiet',
  quietHint: 'Nothing needs your attention. The collector looks by itself, also while nobody has this page open.',
  lookedAt: 'What is looked at',
  noSensorTitle: 'Nobody watches yet',
  noSensorHint: 'Alerts are made from what sensors see. Add one, and the collector looks after the network by itself.',
  failed: (why: string) => `A part of the alerts can not be read: ${why}`,
  rules: 'Rules',
  channels: 'Channels',
  rulesHint: 'What makes an alert, and about which devices',
  channelsHint: 'Who is told: by webhook, MQTT or e-mail',
  acknowledge: 'Take note',
  acknowledgeHint: 'You know of it. It stays in the list until it is over, and is not counted any more.',
  acknowledged: (at: string) => `Taken note of ${at}`,
  snooze: 'Let it rest',
  snoozed: (until: string) => `Rests until ${until}`,
  snoozeFor: { '3600': 'For an hour', '28800': 'For eight hours', '86400': 'For a day', '604800': 'For a week' } as Record<string, string>,
  reopen: 'Take that back',
  resolve: 'It is over',
  ended: (at: string) => `Over ${at}`,
  times: (count: number) => `came ${countText(count)} times`,
  done: { acknowledge: 'Note is taken.', snooze: 'It rests.', reopen: 'It is open again.', resolve: 'It is over.' } as Record<string, string>,
  moreActions: (title: string) => `What else can be done with “${title}”`,
  kinds: {
    new_device: 'New devices',
    device_gone: 'Devices that are gone',
    address_conflict: 'Addresses that several claim',
    impostor: 'Somebody who pretends to be another',
    service_opened: 'New open services',
    service_gone: 'Services that do not answer',
    certificate_expiring: 'Certificates that run out',
    sensor_loss: 'Sensors that lose something',
    sensor_silent: 'Sensors that are silent',
    discovery_failed: 'Discoveries that fail',
  },
  ruleOff: 'off',

  sensorAway: {
    title: (name: string) => `${name} is not connected`,
    why: 'What passes there is not seen until it is back. It keeps what it still sees, and tells it then.',
  },
  sensorNever: {
    title: (name: string) => `${name} has never connected`,
    why: 'A key was made for it, and it has not been used yet.',
    act: 'How to start it',
  },
  silent: {
    title: 'The sensors hear nothing',
    titleOne: (name: string) => `${name} hears nothing`,
    why: 'It is connected, and no device was seen for a while. The mirror port may be off, or its cable unplugged.',
    act: 'See the sensor',
  },
  loss: {
    title: (name: string, count: number) => `${name} has lost something: ${countText(count)}`,
    why: 'What was lost is not in the picture. Below stands what it was; the sensor’s page says what mends it.',
    line: (title: string, count: number) => `${title}: ${countText(count)} in all`,
    act: 'What mends it',
  },
  conflict: {
    title: (what: string, claims: readonly string[]) => (claims.length ? `${what} is claimed by ${list(claims)}` : `${what} is claimed by several devices`),
    why: 'Two devices with one address take each other’s traffic: connections break, now here, now there. Give one of them another address.',
    act: 'See who they are',
    actNone: 'See the hosts',
  },
  impostor: {
    title: (what: string, claims: readonly string[], gateway: boolean) => `Somebody pretends to be ${what}${gateway ? ', the router' : ''}${claims.length ? `: ${list(claims)}` : ''}`,
    why: (owner: string | null) => `The address belonged to ${owner ?? 'one device'} for long. Whoever takes it over gets the traffic that is meant for it. If the device was replaced, take note of it; if not, find the other one.`,
    dhcp: (host: string) => `${host} answers for DHCP beside another server`,
    dhcpWhy: 'Whoever gives out addresses also names the router and the name server: it can have all traffic go through itself. Often it is a home router that was connected the wrong way round.',
    router: (host: string) => `${host} announces itself as a router`,
    routerWhy: 'Devices that believe it send their IPv6 traffic through it. If it is none of yours, unplug it.',
    answer: (who: string, what: string, gateway: boolean) => `${who} takes ${what}${gateway ? ', the router’s address,' : ''} over by answers that nobody asked for`,
    answerWhy: (owner: string) => `It belongs to ${owner}. Whoever does so reads, and may change, what others send there. If it is no test of yours, find that device and unplug it.`,
    root: (host: string) => `${host} became the root of the spanning tree`,
    rootWhy: (was: string) => `The root decides which way frames take in the whole network. It was ${was} before. If a switch was added, replaced or set up anew, take note of it; if not, find that bridge and unplug it.`,
    someone: 'another device',
    bridge: 'another bridge',
  },
  certificate: {
    title: (where: string, day: string, over: boolean) => `The certificate of ${where} ${over ? 'ran out' : 'runs out'} on ${day}`,
    why: 'After that day browsers and programs refuse to connect. Renew it, and see why that did not happen by itself.',
  },
  disabled: {
    title: (name: string) => `“${name}” was switched off`,
    why: (reason: string) => `The collector gave up after failures: ${reason}`,
    act: 'Mend its schedule',
  },
  failing: {
    title: (name: string, times: number) => (times > 1 ? `“${name}” failed ${countText(times)} times in a row` : `“${name}” failed last time`),
    why: 'After some failures it is switched off by itself. Its last run says what went wrong.',
  },
  runFailed: {
    why: (reason: string) => `It ended with: ${reason}`,
  },
  proposals: {
    title: (count: number) => (count === 1 ? 'Two hosts may be one device' : `${countText(count)} pairs of hosts may each be one device`),
    line: (one: string, other: string) => `${one} and ${other}`,
    why: 'The collector is not sure enough to take them together by itself. You may know.',
    act: 'Decide',
  },
  newDevice: {
    title: (name: string, vendor: string | null) => `A new device: ${vendor ? `${name}, ${vendor}` : name}`,
    why: 'It was never seen here before. Do you know it?',
  },
  gone: {
    title: (name: string) => `${name} is gone`,
    why: (span: string) => `It was there without a break for ${span}, and is not heard any more.`,
    whyRouter: (span: string) => `Others went through it, it was there without a break for ${span}, and is not heard any more.`,
    act: 'See when it was there',
  },
  opened: {
    title: (service: string, host: string) => `A new open service: ${service} on ${host}`,
    why: 'It was not open before. What is open can be reached, and attacked. If you did not start it, see what runs there.',
  },
  stopped: {
    title: (service: string, host: string) => `${service} on ${host} does not answer`,
    why: (clients: number) => `It served ${plural(clients, 'client')}; now its port is closed.`,
    act: 'See the host',
  },
};
