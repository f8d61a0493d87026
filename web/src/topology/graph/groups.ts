// SPDX-License-Identifier: BSD-2-Clause
// What people say belongs together: a path through services, or a hub and its spokes.

import type { Service } from '../../state/entities';
import type { EdgeStyle, GraphEdge } from '../model';
import { plainEdge } from './edges';
import type { Look } from './input';
import { idsOf } from './lists';

const styles = new Set<string>(['SmoothStep', 'Straight', 'Step', 'Bezier', 'SimpleBezier']);

// nodeOf: where a service is in this picture, on this interface if one is given.
export function groupEdges({ tables, compare }: Look, nodeOf: (service: Service, face: string | null) => string | undefined): GraphEdge[] {
  const edges: GraphEdge[] = [];
  const nodeOfMember = (id: string) => {
    const binding = tables.binding.get(id);
    const service = binding && tables.service.get(binding.service_id);
    return service && nodeOf(service, binding.interface_id);
  };
  for (const group of tables.group.values()) {
    const ids = idsOf(group.binding_ids);
    const nodes = ids.map(nodeOfMember);
    const hub = group.group_type === 'HubAndSpoke';
    for (let i = 1; i < ids.length; i++) {
      const from = hub ? 0 : i - 1;
      const [source, target] = [nodes[from], nodes[i]];
      if (source === undefined || target === undefined || source === target) continue;
      const change = compare?.get(group.id);
      edges.push(plainEdge(hub ? 'hub' : 'path', source, target, 'noted', {
        id: `group:${group.id}:${ids[from]}>${ids[i]}`,
        directed: true,
        label: group.name,
        color: group.color,
        style: styles.has(group.edge_style) ? (group.edge_style as EdgeStyle) : 'SmoothStep',
        groupId: group.id,
        ...(change ? { change } : {}),
      }));
    }
  }
  return edges;
}

// Services that a group names.
export function grouped({ tables }: Look): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const group of tables.group.values()) {
    for (const id of idsOf(group.binding_ids)) {
      const service = tables.binding.get(id)?.service_id;
      if (!service) continue;
      const groups = found.get(service);
      if (groups) groups.push(group.id);
      else found.set(service, [group.id]);
    }
  }
  return found;
}
