// SPDX-License-Identifier: BSD-2-Clause
// Compression by the browser itself (zlib's form, RFC 1950).

export async function deflate(content: readonly (string | Uint8Array<ArrayBuffer>)[]): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([...content]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
