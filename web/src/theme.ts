// SPDX-License-Identifier: BSD-2-Clause
// NetVisor's own look: petrol for what one can act on, mint for what is alive, amber and coral for what needs someone.

import { createTheme, type MantineColorsTuple } from '@mantine/core';

const petrol: MantineColorsTuple = ['#eef9fb', '#d5f1f5', '#b1e6ec', '#83d4dd', '#50bdc9', '#25a4b1', '#008b96', '#00717b', '#005860', '#004046'];
const gray: MantineColorsTuple = ['#f8fbfb', '#f1f5f6', '#e5ebeb', '#d8e0e0', '#bcc6c7', '#8f9b9c', '#677476', '#475657', '#2b383a', '#152223'];
const dark: MantineColorsTuple = ['#e2e9eb', '#bfcacc', '#9eaaad', '#748386', '#465659', '#304043', '#1b2b2e', '#101e21', '#091517', '#040d0f'];
const mint: MantineColorsTuple = ['#eefdf4', '#d3f9e3', '#b3f2cf', '#91ebbb', '#72e1aa', '#54d79a', '#37b880', '#228f61', '#166845', '#124830'];
const amber: MantineColorsTuple = ['#fff9ef', '#ffefd5', '#ffdead', '#ffcd83', '#fcbe62', '#f4af41', '#d9951d', '#ab7306', '#835600', '#624000'];
const coral: MantineColorsTuple = ['#fff4f3', '#ffe4e1', '#fdc9c4', '#fba8a0', '#f7857d', '#ef6661', '#da4b48', '#bd3838', '#992b2b', '#732221'];

export const theme = createTheme({
  colors: { petrol, gray, dark, mint, amber, coral },
  primaryColor: 'petrol',
  primaryShade: 7,
  autoContrast: true,
  fontFamily: "'Geist Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'Geist Mono Variable', ui-monospace, monospace",
  headings: { fontFamily: "'Geist Variable', system-ui, sans-serif", fontWeight: '600' },
  defaultRadius: 'md',
  radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '20px' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: {
    // Locking the page's scrolling would put a <style> into it; the page does not scroll, only its views do.
    Modal: { defaultProps: { lockScroll: false } },
    Checkbox: { defaultProps: { radius: 'xs' } },
    Drawer: { defaultProps: { lockScroll: false } },
  },
});
