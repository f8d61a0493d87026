// SPDX-License-Identifier: BSD-2-Clause
// Words of the alerts: what happened, why it matters, what to do.

import { countText, plural } from '../format';

const list = (names: readonly string[]) => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`);

export const alerts = {
  title: 'Alerts',
  note: (urgent: number, others: number) => [urgent && `${plural(urgent, 'thing')} to see to`, others && `${countText(others)} good to know`].filter(Boolean).join(', '),
  severity: { bad: 'See to it now', warn: 'Look at it', note: 'Good to know' },
  badge: (count: number) => `${plural(count, 'alert')}`,
  since: 'since',
  why: 'Why it matters',
  more: (count: number) => `and ${countText(count)} more`,
  quietTitle: 'All quiet',
  quietHint: 'Nothing needs your attention. This page looks by itself; you need not.',
  lookedAt: 'What is looked at',
  checks: {
    sensors: 'Sensors are connected and hear something',
    losses: 'Nothing was lost on the way',
    conflicts: 'No two devices claim one address',
    discoveries: 'Discoveries run as planned',
    devices: 'Devices that are always there are there',
    services: 'Services that were used answer',
    proposals: 'Nothing waits for your decision',
  },
  noSensorTitle: 'Nobody watches yet',
  noSensorHint: 'Alerts are made from what sensors see. Add one, and this page looks after the network by itself.',
  failed: (why: string) => `A part of the alerts can not be read: ${why}`,

  sensorAway: {
    title: (name: string) => `${name} is not connected`,
    why: 'What passes there is not seen until it is back. It keeps what it still sees, and tells it then.',
    act: 'See the sensor',
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
    title: (name: string, count: string) => `${name} has lost something: ${count} in all`,
    why: 'What was lost is not in the picture. Below stands what it was; the sensor’s page says what mends it.',
    line: (title: string, count: number) => `${title}: ${countText(count)}`,
    act: 'What mends it',
  },
  conflict: {
    title: (what: string, claims: readonly string[]) => (claims.length ? `${what} is claimed by ${list(claims)}` : `${what} is claimed by several devices`),
    why: 'Two devices with one address take each other’s traffic: connections break, now here, now there. Or somebody pretends to be another.',
    seen: (count: number) => `seen ${plural(count, 'time')}`,
    act: (name: string) => `See ${name}`,
    actNone: 'See the hosts',
  },
  disabled: {
    title: (name: string) => `“${name}” was switched off`,
    why: (reason: string) => `The collector gave up after failures: ${reason}`,
    act: 'Mend its schedule',
  },
  failing: {
    title: (name: string, times: number) => (times > 1 ? `“${name}” failed ${countText(times)} times in a row` : `“${name}” failed last time`),
    why: 'After some failures it is switched off by itself. Its last run says what went wrong.',
    act: 'See its runs',
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
  newDevices: {
    title: (count: number) => (count === 1 ? 'A new device' : `${countText(count)} new devices`),
    titleOne: (name: string) => `A new device: ${name}`,
    why: 'First seen in the last day. Do you know it?',
    whyMany: 'First seen in the last day. Do you know them?',
    line: (name: string, vendor: string | null) => (vendor ? `${name}, ${vendor}` : name),
    act: 'See new hosts',
    actOne: 'See the host',
  },
  gone: {
    title: (name: string) => `${name} is gone`,
    titleMany: (count: number) => `${plural(count, 'more device')} ${count === 1 ? 'is' : 'are'} gone`,
    why: (span: string) => `It was there without a break for ${span}, and is not heard any more.`,
    whyMany: 'They were there without a break for long, and are not heard any more.',
    whyRouter: (span: string) => `Others went through it, it was there without a break for ${span}, and is not heard any more.`,
    act: 'See when it was there',
    actMany: 'See the hosts',
  },
  stopped: {
    title: (service: string, host: string) => `${service} on ${host} does not answer`,
    titleMany: (count: number) => `${plural(count, 'more service')} ${count === 1 ? 'does' : 'do'} not answer`,
    why: (clients: number) => `It served ${plural(clients, 'client')}; now its port is closed.`,
    whyMany: 'They served clients; now their ports are closed.',
    act: 'See the host',
    actMany: 'See closed services',
  },
};
