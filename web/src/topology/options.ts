// SPDX-License-Identifier: BSD-2-Clause
// How a picture is drawn, as a saved topology keeps it (names as the reference has them). What an older or a stranger's
// object leaves out or has of the wrong type is the default.

import type { EdgeKind, ViewKind } from './model';

export interface Options {
  view: ViewKind;
  network_ids: string[]; // beside the one on show; [] for it alone
  group_docker_bridges_by_host: boolean;
  hide_vm_title_on_docker_container: boolean;
  hide_ports: boolean;
  hide_services: boolean;
  hide_quiet: boolean;
  hide_remote: boolean; // internet and remote containers
  left_zone_title: string;
  left_zone_service_categories: string[];
  show_gateway_in_left_zone: boolean;
  hide_service_categories: string[];
  hide_edge_types: EdgeKind[];
  tag_filter: { hidden_host_tag_ids: string[]; hidden_service_tag_ids: string[]; hidden_subnet_tag_ids: string[] };
  group_applications_by: 'host' | 'category' | 'tag' | 'group';
  no_fade_edges: boolean;
  bundle_dependencies: boolean; // those between two containers are one line, until one looks at an end
  hide_resize_handles: boolean;
  auto_rebuild: boolean;
}

export const defaults: Options = {
  view: 'logical',
  network_ids: [],
  group_docker_bridges_by_host: true,
  hide_vm_title_on_docker_container: false,
  hide_ports: false,
  hide_services: false,
  hide_quiet: false,
  hide_remote: false,
  left_zone_title: 'Infrastructure',
  left_zone_service_categories: ['DNS', 'ReverseProxy'],
  show_gateway_in_left_zone: true,
  hide_service_categories: ['OpenPorts'],
  hide_edge_types: ['virtualization'],
  tag_filter: { hidden_host_tag_ids: [], hidden_service_tag_ids: [], hidden_subnet_tag_ids: [] },
  group_applications_by: 'host',
  no_fade_edges: false,
  bundle_dependencies: true,
  hide_resize_handles: false,
  auto_rebuild: false,
};

const sameShape = (value: unknown, like: unknown): boolean => {
  if (Array.isArray(like)) return Array.isArray(value) && value.every(each => typeof each === 'string');
  if (like !== null && typeof like === 'object') return value !== null && typeof value === 'object' && Object.entries(like).every(([key, part]) => sameShape((value as Record<string, unknown>)[key], part));
  return typeof value === typeof like;
};

export function readOptions(kept: Record<string, unknown> | null | undefined): Options {
  const right = Object.entries(kept ?? {}).filter(([key, value]) => key in defaults && sameShape(value, defaults[key as keyof Options]));
  return { ...defaults, ...Object.fromEntries(right) };
}
