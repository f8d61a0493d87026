// SPDX-License-Identifier: BSD-2-Clause
import { convertCssVariables, DEFAULT_THEME, defaultCssVariablesResolver, mergeMantineTheme } from '@mantine/core';
import react from '@vitejs/plugin-react';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

import { serviceDefinitions } from './definitions';
import { theme } from './src/theme';

const out = resolve(process.env.NETVISOR_BUILD ?? '../build');
const collector = process.env.NETVISOR_COLLECTOR ?? 'http://localhost:60072';

// Mantine would write the theme's variables into a <style> of the page, which the content security policy forbids. The
// theme does not change while the page lives, so they are made here, once, and served as a file like all other styles.
function themeVariables(): Plugin {
  const name = 'virtual:theme.css';
  const merged = defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme));
  const scheme = { variables: {}, light: { '--mantine-color-scheme': 'light' }, dark: { '--mantine-color-scheme': 'dark' } };
  const css = convertCssVariables(merged, ':root') + convertCssVariables(scheme, ':root');
  return {
    name: 'theme-variables',
    resolveId: id => (id === name ? `\0${name}` : null),
    load: id => (id === `\0${name}` ? css : null),
  };
}

export default defineConfig({
  plugins: [react(), themeVariables(), serviceDefinitions()],
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
