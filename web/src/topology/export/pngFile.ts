// SPDX-License-Identifier: BSD-2-Clause
// A PNG file (ISO/IEC 15948) of an opaque picture, row by row: a browser's own encoder holds the page for seconds when the
// picture is large. What compresses runs beside the page.

import type { Work } from './work';

const ROWS = 32; // at a time
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

const table = Uint32Array.from({ length: 256 }, (_, i) => {
  let value = i;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = table[(value ^ byte) & 255]! ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(data.length + 12);
  const view = new DataView(whole.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) whole[4 + i] = type.charCodeAt(i);
  whole.set(data, 8);
  view.setUint32(data.length + 8, crc(whole.subarray(4, data.length + 8)));
  return whole;
}

function header(width: number, height: number): Uint8Array {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([8, 2], 8); // eight bits, red green blue
  return data;
}

// pixels: `count` rows from row y on, four bytes a pixel; the fourth is not looked at.
export async function pngFile(width: number, height: number, pixels: (y: number, count: number) => Uint8ClampedArray, work: Work, from = 0, to = 1): Promise<Blob> {
  const stream = new CompressionStream('deflate');
  const parts: Uint8Array<ArrayBuffer>[] = [Uint8Array.from(SIGNATURE), chunk('IHDR', header(width, height))];
  const collected = (async () => {
    const reader = stream.readable.getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) parts.push(chunk('IDAT', piece.value));
  })();
  const writer = stream.writable.getWriter();
  try {
    for (let y = 0; y < height; y += ROWS) {
      const count = Math.min(ROWS, height - y);
      const data = pixels(y, count);
      const rows = new Uint8Array(count * (width * 3 + 1)); // each begins with its filter: none
      for (let row = 0, at = 0, pixel = 0; row < count; row++) {
        at++;
        for (let x = 0; x < width; x++, pixel += 4) {
          rows[at++] = data[pixel]!;
          rows[at++] = data[pixel + 1]!;
          rows[at++] = data[pixel + 2]!;
        }
      }
      await writer.write(rows);
      work.progress(from + ((to - from) * y) / height);
      await new Promise<void>(done => setTimeout(done, 0));
      work.signal.throwIfAborted();
    }
    await writer.close();
  } catch (error) {
    collected.catch(() => {});
    await writer.abort(error).catch(() => {});
    throw error;
  }
  await collected;
  return new Blob([...parts, chunk('IEND', new Uint8Array(0))], { type: 'image/png' });
}
