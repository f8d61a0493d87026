// SPDX-License-Identifier: BSD-2-Clause
// The organization's tags. Rows carry their tags' ids; what a tag is called is read by REST.

import { useMemo } from 'react';

import { tags as api, type Tag } from './api';
import { useRemote } from './remote';
import { compareText } from './state/address';

const none: Tag[] = [];

export function useTags(): { tags: Tag[]; problem: unknown; loaded: boolean } {
  const { value, problem } = useRemote('tags', api.list);
  const tags = useMemo(() => (value ? [...value.rows].sort((a, b) => compareText(a.name, b.name)) : none), [value]);
  return { tags, problem, loaded: value !== null };
}

// What a row's JSON column holds, read with suspicion.
export const tagIds = (value: unknown): string[] => (Array.isArray(value) ? value.filter((id): id is string => typeof id === 'string') : []);
