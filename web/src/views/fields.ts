// SPDX-License-Identifier: BSD-2-Clause
// Fields that several lists filter and group by: tags, VLANs, age, origin.

import { useMemo } from 'react';

import type { Field } from '../parts/list/filter';
import { categories } from '../services/catalogue';
import { compareText } from '../state/address';
import { tagIds, useTags } from '../tags';
import { texts } from '../texts';
import { ageOf, UNTAGGED } from './list';

const words = texts.fields;

export function useTagField<V>(tagsOf: (row: V) => unknown): Field<V> {
  const { tags } = useTags();
  return useMemo(() => {
    const known = new Map(tags.map(tag => [tag.id, tag]));
    return { id: 'tag', title: words.tag, keys: row => tagIds(tagsOf(row)).filter(id => known.has(id)), label: id => known.get(id)?.name ?? words.goneTag, color: id => known.get(id)?.color, none: words.untagged };
    // What reads a row's tags is the same for the life of a page.
  }, [tags]);
}

export const vlanField = <V>(vlansOf: (row: V) => readonly string[]): Field<V> => ({
  id: 'vlan',
  title: texts.table.vlan,
  keys: row => {
    const vlans = vlansOf(row);
    return vlans.length ? vlans : [UNTAGGED];
  },
  label: vlan => (vlan === UNTAGGED ? texts.table.untagged : `${texts.table.vlan} ${vlan}`),
  order: (a, b) => Number(a === UNTAGGED) - Number(b === UNTAGGED) || compareText(a, b),
});

const ages = ['new', 'known', 'quiet'];

export const ageField = <V>(rowOf: (row: V) => { first_seen: number; last_seen: number }): Field<V> => ({
  id: 'age',
  title: words.age,
  keys: row => [ageOf(rowOf(row), Date.now() / 1000)],
  label: age => words.ages[age] ?? age,
  order: (a, b) => ages.indexOf(a) - ages.indexOf(b),
});

const place = new Map([...categories.keys()].map((id, i) => [id, i]));

export const categoryField = <V>(read: (row: V) => string): Field<V> => ({
  id: 'category',
  title: words.category,
  keys: row => [read(row)],
  label: id => categories.get(id)?.title ?? id,
  order: (a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0),
});

// A field whose values are a word of a row.
export const wordField = <V>(id: string, title: string, read: (row: V) => string | null | undefined, label?: (key: string) => string, none?: string): Field<V> => ({
  id,
  title,
  keys: row => {
    const value = read(row);
    return value ? [value] : [];
  },
  ...(label ? { label } : {}),
  ...(none ? { none } : {}),
});
