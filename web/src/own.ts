// SPDX-License-Identifier: BSD-2-Clause
// People's own definitions, and those of the collector's directory: read once, and when one has changed, so that services are called by them everywhere.

import { useEffect } from 'react';

import { definitions, type DefinitionRow } from './api';
import { store } from './live';
import { changed, useRemote } from './remote';
import { categories, forgetHosts, learnKinds, type ServiceKind } from './services/catalogue';

export const iconOf = (row: Pick<DefinitionRow, 'logo' | 'icon' | 'category'>): string => (row.logo ? `logo:${row.logo}` : (row.icon ?? categories.get(row.category ?? '')?.icon ?? 'server'));

const kindOf = (row: DefinitionRow): ServiceKind[] =>
  row.fault === null && row.name ? [{ id: row.id, name: row.name, category: categories.has(row.category ?? '') ? row.category! : 'Custom', icon: iconOf(row), generic: row.is_generic === true }] : [];

export function useOwnDefinitions() {
  const { value } = useRemote('definitions own', definitions.added);
  useEffect(() => {
    if (!value) return;
    const other = new Set(learnKinds(value.flatMap(kindOf)));
    if (!other.size) return;
    forgetHosts();
    store.again('service', [...store.tables().service.values()].filter(row => [row.definition, row.service_definition].some(id => id !== null && other.has(id))).map(row => row.id));
  }, [value]);
}

// Those of this page, and of all others that look at them.
export const definitionsChanged = () => changed('definitions', 'progress');
