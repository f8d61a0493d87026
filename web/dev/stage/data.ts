// SPDX-License-Identifier: BSD-2-Clause
// The mock's network as a graph at its places, without the dashboard around it.
import { createFeed } from '../../src/feed/feed';
import { browser } from '../../src/feed/socket';
import { createStore } from '../../src/state/store';
import { GraphBuilder } from '../../src/topology/graph';
import { Layouter } from '../../src/topology/layout/layouter';
import { nothingManual, type Graph, type Manual, type Placement } from '../../src/topology/model';
import { defaults, type Options } from '../../src/topology/options';

export const store = createStore({ now: () => performance.timeOrigin + performance.now(), request: run => void requestAnimationFrame(run), later: (ms, run) => void setTimeout(run, ms) }, () => {});
const feed = createFeed(browser, store);
const builder = new GraphBuilder();
const layouter = new Layouter(() => again());
let listener = () => {};
const again = () => listener();

export function follow(run: () => void) {
  listener = run;
  store.subscribe(() => store.loaded() && run());
  feed.watch(null);
  feed.start();
}

export function look(options: Options = defaults, manual: Manual = nothingManual): { graph: Graph; placement: Placement } {
  const graph = builder.update({ views: store.views(), options, networkName: 'Network', now: Date.now() / 1000 });
  return { graph, placement: layouter.place(graph, manual, options, 0) };
}
