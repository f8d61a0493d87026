// SPDX-License-Identifier: BSD-2-Clause
// First the words, then what says them.
import 'virtual:theme.css';
import './mantine.css';
import '@fontsource-variable/geist/wght.css';
import '@fontsource-variable/geist-mono/wght.css';
import './styles.css';

import { speak } from './texts/language';

void speak(navigator.languages).then(language => {
  document.documentElement.lang = language;
  return import('./start');
});
