// SPDX-License-Identifier: BSD-2-Clause
// Stands for topology/icons.ts until that is there.
export const iconShape = (_name: string): { paths: readonly string[]; filled: boolean } => ({ paths: ['M4 6a2 2 0 0 1 2 -2h12a2 2 0 0 1 2 2v12a2 2 0 0 1 -2 2h-12a2 2 0 0 1 -2 -2z'], filled: false });
