// SPDX-License-Identifier: BSD-2-Clause
// Rows that are no more, shown beside those that are: tables of their own that follow the real ones, with the ghosts
// in them. Only while two times are compared.

import { entityNames } from '../../state/entities';
import { Views } from '../../state/selectors';
import { Tables } from '../../state/tables';
import type { Ghosts, GraphInput } from './input';

export class Overlay {
  private of: Tables | null = null;
  private ghosts: Ghosts | undefined;
  private made: Views | null = null;
  private versions = new Map<string, number>();

  views({ views, ghosts }: GraphInput): Views {
    if (!ghosts || !Object.values(ghosts).some(rows => rows?.length)) {
      this.made = this.of = null;
      return views;
    }
    if (!this.made || this.of !== views.tables || this.ghosts !== ghosts) {
      this.made = new Views(new Tables());
      this.versions.clear();
      [this.of, this.ghosts] = [views.tables, ghosts];
    }
    for (const entity of entityNames) this.follow(entity, views.tables, this.made.tables);
    return this.made;
  }

  private follow(entity: (typeof entityNames)[number], from: Tables, to: Tables) {
    const version = from.versions[entity];
    if (this.versions.get(entity) === version) return;
    this.versions.set(entity, version);
    const ghosts = new Map((this.ghosts?.[entity] ?? []).map((row: { id: string }) => [row.id, row]));
    const now = from.rows(entity);
    for (const row of now.values()) if (to.rows(entity).get(row.id) !== row) to.put(entity, row);
    for (const [id, row] of ghosts) if (!now.has(id) && to.rows(entity).get(id) !== row) to.put(entity, row);
    if (to.rows(entity).size > now.size) for (const id of [...to.rows(entity).keys()]) if (!now.has(id) && !ghosts.has(id)) to.remove(entity, id);
  }
}
