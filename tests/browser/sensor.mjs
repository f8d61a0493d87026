// SPDX-License-Identifier: BSD-2-Clause
// A sensor that only says what a test wants it to say (docs/stream.md): just enough of RFC 6455 for short messages.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

export class Sensor {
  commands = [];
  #waiting = [];
  #welcomed = () => {};
  #data = Buffer.alloc(0);

  static async connect(port, key, hello) {
    const self = new Sensor();
    self.socket = connect(port, '127.0.0.1');
    self.socket.write(`GET /sensor HTTP/1.1\r\nHost: localhost:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: netvisor.sensor.1\r\nAuthorization: Bearer ${key}\r\n\r\n`);
    await new Promise((done, failed) => {
      let head = Buffer.alloc(0);
      const read = chunk => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        self.socket.off('data', read);
        if (!head.toString('latin1').startsWith('HTTP/1.1 101')) return failed(new Error(head.toString('latin1', 0, 60)));
        self.#take(head.subarray(end + 4));
        self.socket.on('data', more => self.#take(more));
        done();
      };
      self.socket.on('data', read).on('error', failed);
    });
    const welcome = new Promise(done => (self.#welcomed = done));
    self.say({ type: 'hello', version: 1, outbox: randomBytes(16).toString('hex'), ...hello });
    await welcome;
    return self;
  }

  say(message) {
    const text = Buffer.from(JSON.stringify(message));
    const mask = randomBytes(4);
    const head = Buffer.from(text.length < 126 ? [0x81, 0x80 | text.length] : [0x81, 0x80 | 126, text.length >> 8, text.length & 255]);
    this.socket.write(Buffer.concat([head, mask, text.map((byte, i) => byte ^ mask[i % 4])]));
  }

  #take(chunk) {
    this.#data = Buffer.concat([this.#data, chunk]);
    for (;;) {
      const data = this.#data;
      if (data.length < 2) return;
      const short = data[1] & 127;
      const skip = short === 126 ? 4 : 2;
      if (data.length < skip) return;
      const length = short === 126 ? data.readUInt16BE(2) : short;
      if (data.length < skip + length) return;
      this.#data = data.subarray(skip + length);
      if ((data[0] & 15) === 1) this.#heard(JSON.parse(data.toString('utf8', skip, skip + length)));
    }
  }

  #heard(message) {
    if (message.type === 'welcome') this.#welcomed();
    if (message.type !== 'command') return;
    const waiting = this.#waiting.shift();
    if (waiting) waiting(message);
    else this.commands.push(message);
  }

  // The next command.
  command(ms = 10_000) {
    if (this.commands.length) return Promise.resolve(this.commands.shift());
    return new Promise((done, failed) => {
      const timer = setTimeout(() => failed(new Error('no command came')), ms);
      this.#waiting.push(message => {
        clearTimeout(timer);
        done(message);
      });
    });
  }

  progress = (command, progress, detail) => this.say({ type: 'progress', id: command.id, phase: 'Scanning', progress, detail });
  result = (command, data, error) => this.say({ type: 'result', id: command.id, ok: !error, ...(error ? { error } : {}), data });
  close = () => this.socket.destroy();
}
