// SPDX-License-Identifier: BSD-2-Clause
// The real thing, small: a collector with its private PostgreSQL, a sensor on one end of a veth, and the other end in
// a network namespace without a way out, where frames are played. All of it ends with the test, however that ends.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { pcap } from './frames.mjs';

const top = new URL('../..', import.meta.url).pathname;
const build = resolve(top, process.env.BUILD ?? 'build');
const tag = process.pid.toString(36);
const watched = `nvw${tag}`;
const played = `nvp${tag}`;
const namespace = `nv-browser-${tag}`;
const user = 'nobody';
const START_MS = 60_000;

const ip = (...words) => execFileSync('ip', words, { stdio: ['ignore', 'pipe', 'pipe'] });
const quietly = run => {
  try {
    run();
  } catch {
    // It was not there.
  }
};
export const sleep = ms => new Promise(done => setTimeout(done, ms));

// A program whose standard error and output are kept for the day it fails.
function start(program, words, log) {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.said = '';
  const keep = chunk => (child.said = (child.said + chunk).slice(-200_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.ended = new Promise(done => child.on('exit', done).on('error', done));
  child.logName = log;
  return child;
}

async function waitFor(child, pattern) {
  for (let waited = 0; waited < START_MS; waited += 50) {
    const found = pattern.exec(child.said);
    if (found) return found;
    if (child.exitCode !== null) break;
    await sleep(50);
  }
  throw new Error(`${child.logName} did not say ${pattern}:\n${child.said}`);
}

async function stop(child, signal = 'SIGTERM') {
  if (!child || child.exitCode !== null) return;
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await child.ended;
  clearTimeout(timer);
}

export class Stack {
  folder = mkdtempSync(join(tmpdir(), 'netvisor-browser-'));
  port = 0;
  sensor = null;
  collector = null;
  played = 0;

  async startCollector() {
    const data = join(this.folder, 'collector');
    const bin = join(this.folder, 'bin');
    if (!this.port) {
      // Where the unprivileged user may read, whatever the rights of the checkout's folders.
      execFileSync('chmod', ['755', this.folder]);
      mkdirSync(data);
      mkdirSync(bin);
      const [uid, gid] = ['-u', '-g'].map(flag => Number(execFileSync('id', [flag, user], { encoding: 'utf8' })));
      chownSync(data, uid, gid);
      cpSync(join(build, 'netvisor-collector'), join(bin, 'netvisor-collector'));
      cpSync(join(build, 'web'), join(bin, 'web'), { recursive: true });
    }
    const words = ['--user', user, '--data-dir', data, '--server-port', String(this.port), '--bind-address', '127.0.0.1', '--sensor-key-file', join(data, 'sensor.key'), '--web-dir', join(bin, 'web'), '--rate-limit', '0', '--rate-limit-anonymous', '0'];
    this.collector = start(join(bin, 'netvisor-collector'), words, 'the collector');
    const [, url] = await waitFor(this.collector, /dashboard: (http:\/\/[^\s]+)/);
    this.port = Number(new URL(url).port);
    this.url = `http://127.0.0.1:${this.port}`;
    return this;
  }

  async setupToken() {
    return (await waitFor(this.collector, /setup token: (\S+)/))[1];
  }

  makePort() {
    ip('netns', 'add', namespace);
    ip('link', 'add', watched, 'type', 'veth', 'peer', 'name', played, 'netns', namespace);
    // The kernel's own announcements would be frames that the test did not play.
    for (const [words, port] of [[[], watched], [['netns', 'exec', namespace], played]]) {
      const sysctl = ['sysctl', '-qw', `net.ipv6.conf.${port}.disable_ipv6=1`];
      if (words.length) ip(...words, ...sysctl);
      else execFileSync(sysctl[0], sysctl.slice(1));
    }
    ip('link', 'set', watched, 'up');
    ip('-n', namespace, 'link', 'set', played, 'up');
  }

  startSensor() {
    const words = ['--interface', watched, '--span', '--server-target', `ws://127.0.0.1:${this.port}`, '--api-key-file', join(this.folder, 'collector', 'sensor.key'), '--data-dir', join(this.folder, 'sensor'), '--name', 'test port', '--measure-seconds', '1'];
    mkdirSync(join(this.folder, 'sensor'), { recursive: true });
    this.sensor = start(join(build, 'netvisor-sensor'), words, 'the sensor');
  }

  // A sensor that may ask the network of a port, where the test runs in that network itself.
  startScanner(port, key) {
    const words = ['--interface', port, '--server-target', `ws://127.0.0.1:${this.port}`, '--data-dir', join(this.folder, 'scanner'), '--name', 'scanner'];
    mkdirSync(join(this.folder, 'scanner'), { recursive: true });
    writeFileSync(join(this.folder, 'scanner.key'), key, { mode: 0o600 });
    this.sensor = start(join(build, 'netvisor-sensor'), [...words, '--api-key-file', join(this.folder, 'scanner.key')], 'the sensor');
  }

  stopCollector = signal => stop(this.collector, signal);
  stopSensor = () => stop(this.sensor);

  // Play frames on the port; the time, in milliseconds since the epoch, just before the first.
  play(frames) {
    const file = join(this.folder, `${++this.played}.pcap`);
    writeFileSync(file, pcap(frames));
    const start = Date.now();
    ip('netns', 'exec', namespace, 'tcpreplay', '--quiet', '--topspeed', `--intf1=${played}`, file);
    return start;
  }

  logs() {
    return [this.collector, this.sensor].map(child => (child ? `--- ${child.logName}\n${child.said.slice(-4000)}` : '')).join('\n');
  }

  async end() {
    await stop(this.sensor);
    await stop(this.collector);
    quietly(() => ip('link', 'del', watched));
    quietly(() => ip('netns', 'del', namespace));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

