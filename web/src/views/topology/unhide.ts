// SPDX-License-Identifier: BSD-2-Clause
// What to change of the options so that nothing is left out; null when they hide nothing. Pure.

import { defaults, type Options } from '../../topology/options';

export function unhide(options: Options): Partial<Options> | null {
  const { tag_filter } = options;
  const changes: Partial<Options> = {};
  for (const name of ['hide_services', 'hide_quiet', 'hide_remote'] as const) if (options[name]) changes[name] = false;
  if (options.hide_service_categories.some(each => !defaults.hide_service_categories.includes(each))) changes.hide_service_categories = defaults.hide_service_categories;
  if (tag_filter.hidden_host_tag_ids.length + tag_filter.hidden_service_tag_ids.length + tag_filter.hidden_subnet_tag_ids.length) changes.tag_filter = defaults.tag_filter;
  return Object.keys(changes).length ? changes : null;
}
