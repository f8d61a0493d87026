// SPDX-License-Identifier: BSD-2-Clause
// The door of this folder.

export { GraphBuilder } from './builder';
export { joinGraphs, type NamedGraph } from './join';
export type { Ghosts, GraphInput } from './input';
