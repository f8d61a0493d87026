// SPDX-License-Identifier: BSD-2-Clause
import react from '@vitejs/plugin-react';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const out = resolve(process.env.NETVISOR_BUILD ?? '../build');
const collector = process.env.NETVISOR_COLLECTOR ?? 'http://localhost:60072';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@gen': resolve(out, 'gen') } },
  build: {
    outDir: resolve(out, 'web'),
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
  server: {
    proxy: { '/api': collector, '/live': { target: collector, ws: true } },
  },
  test: {
    include: ['src/**/*.test.ts'],
    environment: 'node',
  },
});
