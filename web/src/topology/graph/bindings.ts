// SPDX-License-Identifier: BSD-2-Clause
// On which interfaces a service without an address of its own is: those that a person bound it to.

import type { HostView } from '../../state/selectors';
import type { Tables } from '../../state/tables';

const nowhere: readonly string[] = [];

export class Bindings {
  private byService = new Map<string, string[]>();
  private version = -1;
  private tables: Tables | null = null;

  // True when they have changed.
  update(tables: Tables): boolean {
    if (tables === this.tables && tables.versions.binding === this.version) return false;
    [this.tables, this.version] = [tables, tables.versions.binding];
    this.byService.clear();
    for (const { service_id, interface_id } of tables.binding.values()) {
      if (interface_id === null || tables.service.get(service_id)?.ip !== null) continue;
      const list = this.byService.get(service_id);
      if (list) list.push(interface_id);
      else this.byService.set(service_id, [interface_id]);
    }
    return true;
  }

  interfacesOf(service: string): readonly string[] {
    return this.byService.get(service) ?? nowhere;
  }

  // Whether a host's services are placed by bindings.
  concern(view: HostView): boolean {
    return view.services.some(service => service.ip === null);
  }
}
