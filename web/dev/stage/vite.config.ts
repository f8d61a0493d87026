// SPDX-License-Identifier: BSD-2-Clause
// Builds the stage and the benchmark's yardstick aside of the product.
import { resolve } from 'node:path';
import { mergeConfig, type UserConfig } from 'vite';

import product from '../../vite.config';

const out = resolve(process.env.NETVISOR_BUILD ?? '../build');

const stage: UserConfig = { root: resolve(__dirname), build: { outDir: resolve(out, 'stage'), minify: process.env.PLAIN ? false : 'esbuild', rollupOptions: { input: Object.fromEntries(['index', 'live', 'xyflow'].map(name => [name, resolve(__dirname, `${name}.html`)])) } } };

export default mergeConfig(product as UserConfig, stage);
