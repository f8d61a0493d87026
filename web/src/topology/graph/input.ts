// SPDX-License-Identifier: BSD-2-Clause
// What a graph is made of, and what a view of it hands back.

import type { Entities, EntityName } from '../../state/entities';
import type { HostView, Views } from '../../state/selectors';
import type { Tables } from '../../state/tables';
import type { Change, GraphContainer } from '../model';
import type { Options } from '../options';
import type { EdgeStore } from './edges';
import type { Left } from './left';
import type { NodeStore } from './nodes';

// Rows that are no more, to be shown as such beside those that are.
export type Ghosts = { readonly [E in EntityName]?: readonly Entities[E][] };

export interface GraphInput {
  views: Views;
  options: Options;
  tags?: readonly { id: string; name: string }[];
  networkName: string;
  now: number; // seconds: what was not heard of for long before it is quiet
  compare?: ReadonlyMap<string, Change>; // by row
  ghosts?: Ghosts;
}

// One look at the network: what a view builds on.
export interface Look {
  views: Views;
  tables: Tables;
  hosts: readonly HostView[];
  options: Options;
  tags: ReadonlyMap<string, string>;
  now: number;
  compare: ReadonlyMap<string, Change> | undefined;
  all: boolean; // options, tags or what is compared with are others: nothing of before counts
}

// One of the four views. It keeps what it made, and makes again what a change concerns.
export interface ViewBuilder {
  nodes: NodeStore;
  edges: EdgeStore;
  left: Left;
  // Containers, parents first; nodes and edges are put into the stores.
  update(look: Look): readonly GraphContainer[];
}

// A host is quiet when it was not heard of for so long.
export const QUIET_SECONDS = 15 * 60;
