// SPDX-License-Identifier: BSD-2-Clause
// The yardstick: the same network at the same places, every node an element of the page, as xyflow draws it when one
// does nothing else.
import 'virtual:theme.css';
import '@fontsource-variable/geist/wght.css';
import '@fontsource-variable/geist-mono/wght.css';
import '../../src/styles.css';
import '@xyflow/react/dist/style.css';
import './stage.css';
import './xyflow.css';

import { Background, Handle, Position, ReactFlow, type Edge, type Node } from '@xyflow/react';
import { useMemo, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';

import type { GraphContainer, GraphNode } from '../../src/topology/model';
import { follow, look, store } from './data';

let version = 0;
const listeners = new Set<() => void>();
follow(() => (version++, listeners.forEach(listener => listener())));

function Host({ data }: { data: { node: GraphNode } }) {
  const { node } = data;
  return (
    <div className="host">
      <Handle type="target" position={Position.Top} />
      <strong>{node.title}</strong>
      <span>{node.subtitle}</span>
      {node.lines.slice(0, 6).map(line => (
        <p key={line.id}>
          {line.title} <code>{line.detail}</code>
        </p>
      ))}
      <Handle type="source" position={Position.Bottom} />
    </div>
  );
}

function Subnet({ data }: { data: { container: GraphContainer } }) {
  return (
    <div className="subnet">
      <Handle type="target" position={Position.Top} />
      {data.container.title} <code>{data.container.subtitle}</code>
      <Handle type="source" position={Position.Bottom} />
    </div>
  );
}

const answer = () => (document.body.dataset.answered = 'true');
const nodeTypes = { host: Host, subnet: Subnet };

function Stage() {
  const now = useSyncExternalStore(listener => (listeners.add(listener), () => listeners.delete(listener)), () => version);
  const { nodes, edges } = useMemo(() => {
    if (!store.loaded()) return { nodes: [], edges: [] };
    const { graph, placement } = look();
    const nodes: Node[] = [];
    for (const [id, box] of placement.containers) nodes.push({ id, type: 'subnet', position: box, width: box.width, height: box.height, data: { container: graph.containers.get(id)! }, zIndex: -1 });
    for (const [id, box] of placement.nodes) nodes.push({ id, type: 'host', position: box, width: box.width, height: box.height, data: { node: graph.nodes.get(id)! } });
    const edges: Edge[] = [...graph.edges.values()].map(({ id, source, target }) => ({ id, source, target, type: 'smoothstep' }));
    return { nodes, edges };
  }, [now]);
  if (!nodes.length) return null;
  return (
    <div className="stage">
      <ReactFlow onNodeClick={answer} onEdgeClick={answer} nodes={nodes} edges={edges} nodeTypes={nodeTypes} fitView minZoom={0.01} onInit={() => requestAnimationFrame(() => requestAnimationFrame(() => (document.body.dataset.ready = 'true')))}>
        <Background />
      </ReactFlow>
    </div>
  );
}

createRoot(document.getElementById('root')!).render(<Stage />);
