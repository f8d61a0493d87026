// SPDX-License-Identifier: BSD-2-Clause
// Every counter that the sensor's C has is known here: a loss with what it means and what mends it, any other with a name.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { isLoss, lossText } from './losses';
import { texts } from './texts';

const top = '..';
const sources = ['sensor', 'sensor/probe', 'sensor/scan'].flatMap(folder => readdirSync(join(top, folder)).filter(name => name.endsWith('.c')).map(name => readFileSync(join(top, folder, name), 'utf8'))).join('\n');
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(match => match[1]!);

const packetPath = [...readFileSync(join(top, 'defs/counters.h'), 'utf8').matchAll(/X\(\w+,\s*"(\w+)",[\s\\]*(LOSS|SEEN)\)/g)].map(([, name, kind]) => ({ name: name!, loss: kind === 'LOSS' }));
const lost = [...found(sources, /observe_loss\([^,]+,\s*"(\w+)"/g), ...found(sources, /lose\(o, "", "(\w+)"/g), ...found(sources, /counter, \(struct text\)\{\.bytes = "(\w+)"/g)];
const status = found(sources, /\badd\(&?list, "(\w+)"/g);
const decoders = found(readFileSync(join(top, 'sensor/decode/decode.c'), 'utf8'), /\{"(\w+)", DECODE_/g);

test('what the sensor counts is found in its source', () => {
  expect(packetPath.length).toBeGreaterThan(25);
  expect(lost).toEqual(expect.arrayContaining(['flows_forgotten', 'records_malformed', 'port_missed', 'capture_dropped', 'outbox_full']));
  expect(status).toEqual(expect.arrayContaining(['uptime_seconds', 'facts_evicted', 'outbox_dropped']));
  expect(decoders).toEqual(expect.arrayContaining(['arp', 'lldp', 'syn']));
});

test('each loss says what it means and what mends it', () => {
  const families = ['malformed_', 'truncated_', 'facts_over_limit_'].flatMap(prefix => [...decoders, 'heard'].map(decoder => prefix + decoder));
  const names = [...packetPath.filter(({ loss }) => loss).map(each => each.name), ...lost, ...families];
  expect(names.filter(name => !isLoss(name)), 'missing in texts/losses.ts').toEqual([]);
  for (const name of names.filter(isLoss)) {
    const { title, means, mend } = lossText(name);
    expect([title, means, mend].every(Boolean), name).toBe(true);
    expect(title, name).not.toContain('_');
  }
});

test('each decoder has a name that people know', () => {
  expect(decoders.filter(decoder => !(texts.decoderNames[decoder] ?? texts.source[decoder])), 'missing in texts.ts, source, or texts/losses.ts, decoderNames').toEqual([]);
});

test('each counter that is no loss has a name', () => {
  const names = [...packetPath.filter(({ loss }) => !loss).map(each => each.name), ...status.filter(each => !isLoss(each))];
  expect(names.filter(name => !texts.sensors.counter[name]), 'missing in texts/sensors.ts, counter').toEqual([]);
});

test('a counter of tomorrow is shown by its own name', () => {
  expect(isLoss('quite_new')).toBe(false);
  expect(lossText('quite_new')).toEqual({ title: 'quite new', means: '', mend: '' });
  expect(isLoss('malformed_')).toBe(false);
  expect(lossText('malformed_lldp').title).toBe('LLDP: not understood');
  expect(lossText('facts_over_limit_heard').title).toBe('Too many different values of one service');
});
