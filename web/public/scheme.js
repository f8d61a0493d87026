// SPDX-License-Identifier: BSD-2-Clause
// The chosen appearance before the first paint, so that a dark page never flashes white. A file, not an inline
// script: the content security policy allows none.
(function () {
  var chosen;
  try {
    chosen = localStorage.getItem('mantine-color-scheme-value');
  } catch (e) {
    chosen = null;
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
  document.documentElement.style.background = dark ? '#0c1719' : '#f4f7f7';
})();
