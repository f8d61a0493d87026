// SPDX-License-Identifier: BSD-2-Clause
// Lists of ids in rows' JSON columns, read with suspicion.

export const idsOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : []);
