// SPDX-License-Identifier: BSD-2-Clause
// A link as its form has it, and what is sent of it. Pure.

import type { ShareDraft } from '../../../api/shares';
import { domainsOf } from './links';

export interface Values {
  name: string;
  is_enabled: boolean;
  expires_at: number | null;
  ask: boolean;
  password: string;
  allowed_domains: string[];
  show_inspect_panel: boolean;
  show_zoom_controls: boolean;
  show_export_button: boolean;
}

// A password that is asked for already stays when none is typed.
export function draftOf(values: Values, had: boolean): Omit<ShareDraft, 'topology_id'> {
  const { name, is_enabled, expires_at, ask, password, allowed_domains, show_inspect_panel, show_zoom_controls, show_export_button } = values;
  const domains = domainsOf(allowed_domains);
  const changes = ask ? (password ? { password } : {}) : had ? { password: null } : {};
  return { name: name.trim(), is_enabled, expires_at, ...changes, allowed_domains: domains.length ? domains : null, options: { show_inspect_panel, show_zoom_controls, show_export_button } };
}
