// SPDX-License-Identifier: BSD-2-Clause
// The rooms that a stage puts together, as they are in the browser.

import { GraphBuilder, joinGraphs } from '../graph';
import { Layouter } from '../layout/layouter';
import type { Making } from './stage';

export const making: Making = {
  builder: () => new GraphBuilder(),
  join: joinGraphs,
  layouter: changed => new Layouter(changed),
  now: () => Math.floor(Date.now() / 1000),
};
