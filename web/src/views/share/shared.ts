// SPDX-License-Identifier: BSD-2-Clause
// A shared topology as tables, so that it goes the same way as one's own: a row that has not changed stays the same object,
// and with it all that is made of it. Pure.

import type { Shared, ShareOptions } from '../../api/shares';
import { isEntity, type Tables } from '../../state/tables';

type Row = { id: string };

export interface ShareAddress {
  id: string;
  embed: boolean;
}

// /share/ID and /embed/ID: shown before anyone is asked to sign in.
export function shareIn(path: string): ShareAddress | null {
  const found = /^\/(share|embed)\/([0-9a-f-]{8,64})\/?$/i.exec(path);
  return found && { id: found[2]!, embed: found[1]!.toLowerCase() === 'embed' };
}

export const shareOptions = (kept: Partial<ShareOptions> | null | undefined): ShareOptions => ({
  show_inspect_panel: kept?.show_inspect_panel ?? true,
  show_zoom_controls: kept?.show_zoom_controls ?? true,
  show_export_button: kept?.show_export_button ?? true,
});

// Takes over what is new or another, and lets go of what is no more. True when anything was.
export function takeOver(tables: Tables, shared: Shared): boolean {
  let moved = false;
  const network = { id: shared.network.id, name: shared.network.name, description: null, tags: [], retention_days: null, revision: 1 };
  const all: Record<string, readonly Row[] | undefined> = { ...shared.entities, network: [network] };
  const shown = ['network', 'subnet', 'host', 'interface', 'service', 'binding', 'group', 'neighbor', 'link', 'flow'] as const;
  for (const entity of shown) {
    if (!isEntity(entity)) continue;
    const table = tables.rows(entity) as ReadonlyMap<string, Row>;
    const rows = all[entity] ?? [];
    const kept = new Set<string>();
    for (const row of rows) {
      kept.add(row.id);
      const old = table.get(row.id);
      if (old && JSON.stringify(old) === JSON.stringify(row)) continue;
      tables.put(entity, row);
      moved = true;
    }
    for (const id of [...table.keys()]) {
      if (kept.has(id)) continue;
      tables.remove(entity, id);
      moved = true;
    }
  }
  return moved;
}
